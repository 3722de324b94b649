using PSImageGen.Core.Planning;

namespace PSImageGen.Core.Prompts;

/// <summary>Says what a prompt leaves open, and what a model would make of it.</summary>
public static class PromptCheck
{
    // More letters than this seldom come out right.
    private const int MaxLettering = 40;

    /// <summary>Whether a text says next to nothing.</summary>
    public static bool IsVague(string text) => PromptWords.IsVague(text);

    /// <summary>What to ask about a part that is missing.</summary>
    public static string Question(PromptPart part) => part switch
    {
        PromptPart.Subject => Words.Of("Subject: what is seen?"),
        PromptPart.Style => Words.Of("Style: how is it made? A photograph, a watercolour, a line drawing …"),
        PromptPart.Composition => Words.Of("Composition: from where is it seen? A close-up, from above, small in a wide landscape …"),
        PromptPart.Lighting => Words.Of("Lighting: what light? Low sun from the left, overcast, neon at night …"),
        _ => Words.Of("Atmosphere: what mood? Quiet, cheerful, menacing …"),
    };

    /// <summary>Looks at a prompt.</summary>
    /// <param name="text">The words.</param>
    /// <param name="negativePrompt">What the picture must not show.</param>
    /// <param name="parts">What it was composed of, where that is known; else the words tell.</param>
    /// <param name="provider">Who would make the picture; null where nobody can be asked.</param>
    /// <param name="model">With what; null where nobody can be asked.</param>
    public static PromptReport Check(string text, string? negativePrompt = null, PromptParts? parts = null, string? provider = null, ModelRow? model = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        ILookup<bool, PromptPart> found = Enum.GetValues<PromptPart>().ToLookup(p => !string.IsNullOrWhiteSpace(parts?[p]) || PromptWords.Tells(text, p));
        bool negative = !string.IsNullOrWhiteSpace(negativePrompt);
        string sent = negative && model?.NegativePrompt == false ? text + CallShape.Avoid + negativePrompt : text;
        PromptReport report = new()
        {
            Prompt = text,
            NegativePrompt = negative ? negativePrompt : null,
            IsVague = PromptWords.IsVague(text),
            Present = [.. found[true]],
            Missing = [.. found[false]],
            Length = sent.EnumerateRunes().Count(),
            MaxLength = model?.MaxPrompt,
            Provider = provider,
            Model = model?.Id,
            TakesNegativePrompt = model?.NegativePrompt,
        };
        return report with { Advice = [.. Advice(report, model)] };
    }

    private static IEnumerable<string> Advice(PromptReport report, ModelRow? model)
    {
        if (!report.Fits)
            yield return Words.Of($"It has {report.Length} characters; {report.Model} takes at most {report.MaxLength}. Leave out what matters least: it stands at the end.");
        if (model?.Prompt == PromptUse.None)
            yield return Words.Of($"{model.Id} takes no words: the prompt would not be used.");
        if (report.IsVague)
            yield return Words.Of("It says next to nothing: the picture will be what the model likes. Say what is special about it.");
        foreach (PromptPart part in report.Missing)
            yield return Question(part);

        string[] quoted = [.. PromptWords.Quoted(report.Prompt)];
        bool words = quoted.Length > 0 || PromptWords.AsksForWords(report.Prompt);
        if (words && quoted.Length == 0)
            yield return Words.Of("Put words that are to stand in the picture into quotation marks: a sign that says \"OPEN\".");
        if (quoted.Any(q => q.Length > MaxLettering))
            yield return Words.Of("Long texts in a picture seldom come out right: keep to a few words.");
        if (words && model is not null && !model.FirstFor.Concat(model.AlsoFor).Contains(ImageUseCase.TextInImage))
            yield return Words.Of($"{model.Id} is not known for legible words in pictures; -UseCase TextInImage chooses a model that is.");

        if (PromptWords.Denied(report.Prompt) is { } denied)
        {
            yield return report.TakesNegativePrompt == false
                ? Words.Of($"\"{denied}\": models tend to draw what is named. Say what is there instead.")
                : Words.Of($"\"{denied}\": models tend to draw what is named. Put what must not be seen into -NegativePrompt.");
        }

        if (report.NegativePrompt is not null && report.TakesNegativePrompt == false)
            yield return Words.Of($"{report.Model} has no field for a negative prompt: it is added to the prompt as \"Avoid: …\", which is heeded less.");
    }
}
