using PSImageGen.Core.Tests.Support;

namespace PSImageGen.Core.Tests.Languages;

/// <summary>Users read the language of their session, and English where there is no other.</summary>
public sealed class WordsTests
{
    [Theory]
    [InlineData("zh-CN", "花钱生成图片")]
    [InlineData("zh-SG", "花钱生成图片")]
    [InlineData("zh-Hans", "花钱生成图片")]
    [InlineData("zh-TW", "Spend money on pictures")]
    [InlineData("en-GB", "Spend money on pictures")]
    [InlineData("de-DE", "Spend money on pictures")]
    [InlineData("", "Spend money on pictures")]
    public void The_culture_of_the_session_decides(string culture, string expected)
    {
        using Language language = new(culture);

        Assert.Equal(expected, Words.Of("Spend money on pictures"));
    }

    [Fact]
    public void What_has_no_entry_stays_English()
    {
        using Language language = new("zh-CN");

        Assert.Equal("Nobody ever wrote this.", Words.Of("Nobody ever wrote this."));
    }

    [Fact]
    public void Values_are_written_the_same_everywhere()
    {
        using Language language = new("de-DE");
        decimal price = 0.04m;
        string brace = "{x}";

        Assert.Equal("0.0400 USD, {x}, {0}", Words.Of($"{price:0.0000} USD, {brace}, {{0}}"));
    }

    [Fact]
    public async Task Work_in_the_background_speaks_the_language_of_who_began_it()
    {
        using Language language = new("zh-CN");

        Assert.Equal("花钱生成图片", await Task.Run(() => Words.Of("Spend money on pictures")));
    }
}
