using System.Globalization;
using System.Text;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Requests;

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
        text.Append(CultureInfo.InvariantCulture, $"{Deed(plan.Candidates[0])} with {quote.Provider}{Elsewhere(plan.Candidates[0])} (model {quote.Model}){Shape(quote)}");
        if (quote.Quality is { } quality)
            text.Append(CultureInfo.InvariantCulture, $", quality {quality}");
        if (plan.Request.Prompt.Length > 0)
            text.Append(CultureInfo.InvariantCulture, $", for the prompt \"{Excerpt(plan.Request.Prompt)}\"");
        text.Append(CultureInfo.InvariantCulture, $". {Sentence(Cost(quote))}");
        foreach (string note in quote.Notes)
            text.Append(CultureInfo.InvariantCulture, $" {Sentence(note)}");
        if (plan.Candidates.Count > 1)
            text.Append(CultureInfo.InvariantCulture, $" If {quote.Provider} does not take it: {string.Join("; else ", plan.Candidates.Skip(1).Select(NextOne))}. {AtMost(plan)}");
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
            ? $"Estimated cost: {Money(amount)} to {Sum(most, quote.Currency)}"
            : $"Estimated cost: {Sum(amount, quote.Currency)}";
        if (quote.Count > 1)
            text += " for all of them";
        return quote.PriceDate is null ? text : $"{text} (price of {quote.PriceDate})";
    }

    private static string NextOne(Candidate candidate) =>
        $"{candidate.Quote.Provider}{Elsewhere(candidate)} (model {candidate.Quote.Model}){Shape(candidate.Quote)}, {Price(candidate.Quote)}";

    private static string Price(Quote quote) =>
        quote.IsFree ? "free"
        : quote.Amount is not { } amount ? "cost not known"
        : $"about {(quote.AmountMax is { } most && most != amount ? $"{Money(amount)} to {Sum(most, quote.Currency)}" : Sum(amount, quote.Currency))}";

    // How high the bill may be, whoever makes it.
    private static string AtMost(Plan plan)
    {
        string most = plan.Highest is { } highest
            ? $"at most about {string.Join(plan.FallbackOnUnknown ? " and " : " or ", highest.Select(h => Sum(h.Amount, h.Currency)))}"
            : "how much at most is not known";
        return plan.IsFree ? "It is free whoever makes it."
            : plan.FallbackOnUnknown ? $"The next one is asked even if one gives no answer, so several may have to be paid: {most} in all."
            : $"Only one of them is paid: {most}.";
    }

    // What is done, and to what.
    private static string Deed(Candidate candidate)
    {
        ImageRequest request = candidate.Shape.Request;
        string pictures = request.Count == 1 ? "1 picture" : $"{request.Count} pictures";
        string times = request.Count == 1 ? string.Empty : $" {request.Count} times";
        string source = Named(request.Image);
        return request.Operation switch
        {
            ImageOperation.Img2Img => $"Change {source}{times}",
            ImageOperation.Inpaint => $"Repaint what is white in {Named(request.Mask)} of {source}{times}",
            ImageOperation.Outpaint => $"Continue {source} by {candidate.Shape.Margins} (pixels){times}",
            ImageOperation.Upscale => $"Enlarge {source} to {request.Scale} times its width and height",
            ImageOperation.Vary => $"Make {(request.Count == 1 ? "1 variation" : $"{request.Count} variations")} of {source}",
            ImageOperation.Style => $"Give {source} the look of {Named(request.StyleImage)}{times}",
            _ => $"Generate {pictures}",
        };
    }

    private static string Named(InputImage? image) =>
        image is null ? "a picture" : $"\"{Core.Wire.PlainText.Clean(image.Path is { } path ? Path.GetFileName(path) : image.Url!.Host + image.Url.AbsolutePath, 60)}\"";

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

    private static string Sum(decimal amount, string currency) => $"{Money(amount)} {(amount == 1 && currency == "credits" ? "credit" : currency)}";

    private static string Money(decimal amount) => amount.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Sentence(string text) => string.Concat(text[..1].ToUpperInvariant(), text.AsSpan(1), ".");

    private static string Excerpt(string prompt) => Core.Wire.PlainText.Clean(prompt, 80);
}
