using System.Globalization;
using System.Text.RegularExpressions;

namespace PSImageGen.Core.Tests.Languages;

/// <summary>Everything users read is there in Chinese too: <c>src/PSImageGen.Core/Strings.zh-Hans.resx</c>.</summary>
public sealed partial class TranslationTests
{
    [Fact]
    public void Every_text_has_its_Chinese()
    {
        HashSet<string> translated = [.. Translations.Entries.Select(e => e.Key)];

        Assert.True(translated.Count > 400, "The translations are not where they are looked for.");
        AssertNone(Translations.Texts().Where(t => !translated.Contains(t.Key)).Select(t => $"\"{t.Key}\" ({t.Value})"));
    }

    [Fact]
    public void No_entry_is_left_over()
    {
        IReadOnlyDictionary<string, string> texts = Translations.Texts();

        AssertNone(Translations.Entries.Where(e => !texts.ContainsKey(e.Key)).Select(e => e.Key));
    }

    [Fact]
    public void No_text_has_two_entries() =>
        AssertNone(Translations.Entries.GroupBy(e => e.Key, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1).Select(g => g.Key));

    [Fact]
    public void The_same_values_go_into_both() =>
        AssertNone(Translations.Entries.Where(e => !Translations.Slots(e.Key).SequenceEqual(Translations.Slots(e.Chinese))).Select(e => $"{e.Key} | {e.Chinese}"));

    [Fact]
    public void The_values_can_go_into_both()
    {
        object[] values = [.. Enumerable.Repeat<object>(1.5m, 10)];

        foreach ((string english, string chinese) in Translations.Entries.Where(e => Translations.Slots(e.Key).Any()))
        {
            Assert.NotEmpty(string.Format(CultureInfo.InvariantCulture, english, values));
            Assert.NotEmpty(string.Format(CultureInfo.InvariantCulture, chinese, values));
        }
    }

    [Fact]
    public void The_Chinese_is_punctuated_as_Chinese() =>
        AssertNone(Translations.Entries.Where(e => HalfWidth().IsMatch(e.Chinese)).Select(e => e.Chinese));

    [Fact]
    public void Only_texts_of_the_sources_are_looked_up() => AssertNone(Translations.Unreadable());

    [Fact]
    public void Texts_are_looked_up_each_time() => AssertNone(Translations.Frozen());

    [Fact]
    public void Nothing_goes_to_users_without_being_looked_up() => AssertNone(Translations.Bypasses());

    // All of them are told, not the first alone.
    private static void AssertNone(IEnumerable<string> found) => Assert.True(!found.Any(), string.Join("\n", found));

    // A comma, a full stop and their like beside a Chinese character.
    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}[,;!?]|\p{IsCJKUnifiedIdeographs}\.(\s|$)|\p{IsCJKUnifiedIdeographs}: ?\p{IsCJKUnifiedIdeographs}|[,;] ?\p{IsCJKUnifiedIdeographs}")]
    private static partial Regex HalfWidth();
}
