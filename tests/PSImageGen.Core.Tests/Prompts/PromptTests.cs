using PSImageGen.Core.Planning;
using PSImageGen.Core.Prompts;

namespace PSImageGen.Core.Tests.Prompts;

/// <summary>Prompts made of parts, and what is said of prompts.</summary>
public sealed class PromptTests
{
    private static readonly ModelRow Plain = new() { Id = "plain", MaxPrompt = 60 };
    private static readonly ModelRow Negating = new() { Id = "negating", NegativePrompt = true, AlsoFor = [ImageUseCase.TextInImage] };

    [Fact]
    public void The_subject_goes_first_and_punctuation_is_put_right()
    {
        Prompt prompt = PromptComposer.Compose(new PromptParts { Atmosphere = "quiet", Lighting = " low sun. ", Composition = "close-up,", Style = "", Subject = "a fox;" }, " people, ");

        Assert.Equal("a fox, close-up, low sun, quiet", prompt.Text);
        Assert.Equal("people", prompt.NegativePrompt);
        Assert.Equal("悬崖上的灯塔，水彩，清晨", PromptComposer.Compose(new PromptParts { Subject = "悬崖上的灯塔。", Style = "水彩", Lighting = "清晨" }).Text);
        Assert.Equal("Stop! Now, ink", PromptComposer.Compose(new PromptParts { Subject = "Stop! Now", Style = "ink" }).Text);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    [InlineData(" , ")]
    public void Without_a_subject_there_is_no_prompt(string? subject) =>
        Assert.Equal(ImageErrorId.InvalidRequest, Assert.Throws<AIImageException>(() => PromptComposer.Compose(new PromptParts { Subject = subject, Style = "ink" })).Error.Id);

    [Theory]
    [InlineData("fox", true)]
    [InlineData("a fox", true)]
    [InlineData("The sea!", true)]
    [InlineData("a red fox", false)]
    [InlineData("fox, watercolour", false)]
    [InlineData("猫", true)]
    [InlineData("一只猫", true)]
    [InlineData("雪地里的红狐狸", false)]
    [InlineData("猫 watercolour", false)]
    [InlineData("🦊", true)]
    public void A_word_alone_is_vague(string text, bool expected) => Assert.Equal(expected, PromptCheck.IsVague(text));

    [Theory]
    [InlineData("a fox in the grass", new PromptPart[0])]
    [InlineData("a watercolor of a fox", new[] { PromptPart.Style })]
    [InlineData("a fox, close-up, golden hour", new[] { PromptPart.Composition, PromptPart.Lighting })]
    [InlineData("a photograph of a fox from above under neon light, moody", new[] { PromptPart.Style, PromptPart.Composition, PromptPart.Lighting, PromptPart.Atmosphere })]
    // Words in words tell nothing: the fox is not lit, the boiler not painted in oil.
    [InlineData("a split boiler and a delighted flatfish", new PromptPart[0])]
    [InlineData("雪地里的狐狸，水墨画，俯视，黄昏，宁静", new[] { PromptPart.Style, PromptPart.Composition, PromptPart.Lighting, PromptPart.Atmosphere })]
    public void Words_tell_which_parts_there_are(string text, PromptPart[] expected)
    {
        PromptReport report = PromptCheck.Check(text);

        Assert.Equal([PromptPart.Subject, .. expected], report.Present);
        Assert.Equal(Enum.GetValues<PromptPart>().Except(report.Present), report.Missing);
    }

    [Fact]
    public void What_it_was_composed_of_counts_whatever_its_words() =>
        Assert.Equal([PromptPart.Composition, PromptPart.Atmosphere], PromptCheck.Check("x, y, z", parts: new PromptParts { Subject = "x", Style = "y", Lighting = "z" }).Missing);

    [Fact]
    public void Its_length_is_that_of_what_would_be_sent()
    {
        Assert.Equal(5, PromptCheck.Check("a 🦊 x").Length);
        Assert.Equal(5 + "\n\nAvoid: ".Length + 6, PromptCheck.Check("a fox", "people", model: Plain).Length);
        Assert.Equal(5, PromptCheck.Check("a fox", "people", model: Negating).Length);

        PromptReport tooLong = PromptCheck.Check(new string('x', 61), model: Plain);
        Assert.False(tooLong.Fits);
        Assert.Contains("61", tooLong.Advice[0], StringComparison.Ordinal);
        Assert.True(PromptCheck.Check(new string('x', 60), model: Plain).Fits);
        Assert.True(PromptCheck.Check(new string('x', 61), model: Negating).Fits);
    }

    [Theory]
    [InlineData("a shop with a sign that says OPEN", "quotation marks")]
    [InlineData("a shop with the sign \"OPEN\"", "plain is not known for legible words")]
    [InlineData("a letter, \"dear friend, I write to you from the shore of a wide sea\"", "keep to a few words")]
    [InlineData("a street, no people", "\"no people\"")]
    [InlineData("空旷的街道，没有行人", "\"没有行人\"")]
    public void It_advises(string text, string expected) =>
        Assert.Contains(PromptCheck.Check(text, model: Plain).Advice, a => a.Contains(expected, StringComparison.Ordinal));

    [Theory]
    [InlineData("a fox's den and the hunters' lodge", "quotation")]
    [InlineData("a fox's den and the hunters' lodge", "legible")]
    [InlineData("a northern notebook", "models tend to draw")]
    public void It_does_not_advise_for_nothing(string text, string unwanted) =>
        Assert.DoesNotContain(PromptCheck.Check(text, model: Plain).Advice, a => a.Contains(unwanted, StringComparison.Ordinal));

    [Fact]
    public void Advice_on_what_must_not_be_seen_depends_on_the_model()
    {
        Assert.Contains(PromptCheck.Check("a street, no people", model: Negating).Advice, a => a.Contains("-NegativePrompt", StringComparison.Ordinal));
        Assert.DoesNotContain(PromptCheck.Check("a street, no people", model: Plain).Advice, a => a.Contains("-NegativePrompt", StringComparison.Ordinal));
        Assert.Contains(PromptCheck.Check("a street", "people", model: Plain).Advice, a => a.Contains("Avoid: ", StringComparison.Ordinal));
        Assert.DoesNotContain(PromptCheck.Check("a street", "people", model: Negating).Advice, a => a.Contains("Avoid: ", StringComparison.Ordinal));
        Assert.DoesNotContain(PromptCheck.Check("a sign, \"OPEN\"", model: Negating).Advice, a => a.Contains("legible", StringComparison.Ordinal));
    }
}
