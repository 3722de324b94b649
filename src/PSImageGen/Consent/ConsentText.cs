using System.Globalization;
using System.Text;
using PSImageGen.Core.Planning;

namespace PSImageGen.Consent;

/// <summary>The words of the one question before money is spent.</summary>
internal static class ConsentText
{
    /// <summary>The title of the question.</summary>
    public static string Title(Plan plan) => plan.IsFree ? "Make pictures" : "Spend money on pictures";

    /// <summary>What will be done, by whom, and what it costs.</summary>
    public static string Describe(Plan plan)
    {
        Quote quote = plan.Candidates[0].Quote;
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{Verb(quote.Operation)} {quote.Count} {(quote.Count == 1 ? "picture" : "pictures")} with {quote.Provider}{Elsewhere(plan.Candidates[0])} (model {quote.Model}){Shape(quote)}");
        if (quote.Quality is { } quality)
            text.Append(CultureInfo.InvariantCulture, $", quality {quality}");
        text.Append(CultureInfo.InvariantCulture, $", for the prompt \"{Excerpt(plan.Request.Prompt)}\". {Sentence(Cost(quote))}");
        foreach (string note in quote.Notes)
            text.Append(CultureInfo.InvariantCulture, $" {Sentence(note)}");
        foreach (Candidate other in plan.Candidates.Skip(1))
            text.Append(CultureInfo.InvariantCulture, $" If that provider does not take it: {other.Quote.Provider}{Elsewhere(other)} (model {other.Quote.Model}){Shape(other.Quote)}. {Sentence(Cost(other.Quote))}");
        return text.ToString();
    }

    /// <summary>The cost in plain words.</summary>
    public static string Cost(Quote quote)
    {
        if (quote.IsFree)
            return "It is free";
        if (quote.Amount is not { } amount)
            return "The cost is not known";
        string text = quote.AmountMax is { } most && most != amount
            ? $"Estimated cost: {Money(amount)} to {Money(most)} {quote.Currency}"
            : $"Estimated cost: {Money(amount)} {quote.Currency}";
        if (quote.Count > 1)
            text += " for all of them";
        return quote.PriceDate is null ? text : $"{text} (price of {quote.PriceDate})";
    }

    private static string Verb(ImageOperation operation) => operation switch
    {
        ImageOperation.Generate => "Generate",
        ImageOperation.Img2Img => "Change",
        ImageOperation.Inpaint => "Repaint part of",
        ImageOperation.Outpaint => "Extend",
        ImageOperation.Upscale => "Enlarge",
        ImageOperation.Vary => "Make variations:",
        ImageOperation.Style => "Restyle",
        _ => operation.ToString(),
    };

    // A rehearsal or a bill: the address tells, where it is not the vendor's own.
    private static string Elsewhere(Candidate candidate) =>
        candidate.BaseUrl == candidate.Provider.Profile.BaseUrl ? string.Empty : $" at {candidate.BaseUrl.Authority}";

    private static string Shape(Quote quote) => (quote.Size, quote.AspectRatio) switch
    {
        ({ } size, { } ratio) => $", {size}{(size.Contains('x', StringComparison.Ordinal) ? " pixels" : string.Empty)} ({ratio})",
        ({ } size, null) => $", {size} pixels",
        (null, { } ratio) => $", {ratio}",
        _ => ", size chosen by the model",
    };

    private static string Money(decimal amount) => amount.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Sentence(string text) => string.Concat(text[..1].ToUpperInvariant(), text.AsSpan(1), ".");

    private static string Excerpt(string prompt) => Core.Wire.PlainText.Clean(prompt, 80);
}
