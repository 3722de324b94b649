using System.Globalization;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Requests;

namespace PSImageGen.Consent;

/// <summary>The words of the one question before money is spent.</summary>
internal static class ConsentText
{
    /// <summary>The title of the question.</summary>
    public static string Title(Plan plan) => plan.IsFree ? "Make pictures" : "Spend money on pictures";

    /// <summary>What will be done, by whom, and what it costs: a line for each sentence and each provider.</summary>
    public static IEnumerable<string> Lines(Plan plan)
    {
        string prompt = plan.Request.Prompt.Length > 0 ? $": \"{Excerpt(plan.Request.Prompt)}\"" : string.Empty;
        yield return $"{Deed(plan.Candidates[0])}{prompt}.";
        if (plan.Candidates.Count == 1)
        {
            Quote quote = plan.Candidates[0].Quote;
            yield return $"{WhoAndWhat(plan.Candidates[0])}, {Price(quote)}{(quote.PriceDate is { } date && quote.Amount is not null ? $" (price of {date})" : string.Empty)}.";
        }
        else
        {
            yield return "Asked in turn until one takes it:";
            foreach ((Candidate candidate, int i) in plan.Candidates.Select((c, i) => (c, i)))
                yield return $"  {i + 1}. {WhoAndWhat(candidate)}, {Price(candidate.Quote)}.";
        }

        foreach (string note in Notes(plan.Candidates))
            yield return note;
        if (plan.Candidates.Count > 1)
            yield return AtMost(plan);
    }

    private static string WhoAndWhat(Candidate candidate)
    {
        Quote quote = candidate.Quote;
        string quality = quote.Quality is null ? string.Empty : $", quality {quote.Quality}";
        return $"{quote.Provider}{Elsewhere(candidate)} ({quote.Model}), {Size(quote)}{quality}";
    }

    // Each once, after the names of those it holds for where that is not everybody. Why a model was chosen matters of the first alone.
    private static IEnumerable<string> Notes(IReadOnlyList<Candidate> candidates) => candidates
        .SelectMany((c, i) => c.Quote.Notes.Where(n => i == 0 || n != c.Reason).Distinct().Select(n => (Name: c.Quote.Provider, Note: n)))
        .GroupBy(s => s.Note, s => s.Name)
        .GroupBy(n => n.Count() == candidates.Count ? string.Empty : string.Join(", ", n), n => n.Key)
        .SelectMany(g => g.Key.Length == 0 ? g.Select(Sentence) : [$"{g.Key}: {string.Join("; ", g)}."]);

    private static string Price(Quote quote)
    {
        if (quote.IsFree)
            return "free";
        if (quote.Amount is not { } amount)
            return "price not known";
        bool range = quote.AmountMax is { } most && most != amount;
        string sum = range ? $"about {Money(amount)} to {Sum(quote.AmountMax!.Value, quote.Currency)}" : $"about {Sum(amount, quote.Currency)}";
        return quote.Count == 1 ? sum
            : range ? $"{sum} in all"
            : $"{sum}, {Money(amount / quote.Count)} each";
    }

    // How high the bill may be, whoever makes it.
    private static string AtMost(Plan plan)
    {
        if (plan.IsFree)
            return "It is free whoever makes it.";
        string start = plan.FallbackOnUnknown
            ? "The next one is asked even if one gives no answer, so several may have to be paid"
            : "Only one of them is paid";
        string most = $"at most about {string.Join(plan.FallbackOnUnknown ? " and " : " or ", plan.HighestKnown.Select(h => Sum(h.Amount, h.Currency)))}{(plan.FallbackOnUnknown ? " in all" : string.Empty)}";
        string[] unknown = [.. plan.Candidates.Select(c => c.Quote).Where(q => !q.IsFree && q.AmountMax is null).Select(q => q.Provider).Distinct()];
        return unknown.Length == 0 ? $"{start}: {most}."
            : plan.HighestKnown.Count == 0 ? $"{start}: how much is not known."
            : $"{start}: {most}; what {Listed(unknown)} would take is not known.";
    }

    private static string Listed(string[] names) => names.Length == 1 ? names[0] : $"{string.Join(", ", names[..^1])} or {names[^1]}";

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
            ImageOperation.Outpaint => $"Continue {source} beyond its borders{times} (pixels: {candidate.Shape.Margins})",
            ImageOperation.Upscale => $"Enlarge {source} to {request.Scale} times its width and height",
            ImageOperation.Vary => $"Make {(request.Count == 1 ? "1 variation" : $"{request.Count} variations")} of {source}",
            ImageOperation.Style => $"Give {source} the look of {Named(request.StyleImage)}{times}",
            _ => $"Make {pictures}",
        };
    }

    private static string Named(InputImage? image) =>
        image is null ? "a picture" : $"\"{Core.Wire.PlainText.Clean(image.Path is { } path ? Path.GetFileName(path) : image.Url!.Host + image.Url.AbsolutePath, 60)}\"";

    // A rehearsal or a bill: the address tells, where it is not the vendor's own.
    private static string Elsewhere(Candidate candidate) =>
        candidate.BaseUrl == candidate.Provider.Profile.BaseUrl ? string.Empty : $" at {candidate.BaseUrl.Authority}";

    private static string Size(Quote quote) => (quote.Size, quote.AspectRatio) switch
    {
        ({ } size, _) when size.Contains('x', StringComparison.Ordinal) => $"{size} pixels",
        ({ } size, { } ratio) => $"{size} {ratio}",
        (null, { } ratio) => ratio,
        _ => "size chosen by the model",
    };

    private static string Sum(decimal amount, string currency) => $"{Money(amount)} {(amount == 1 && currency == "credits" ? "credit" : currency)}";

    private static string Money(decimal amount) => amount.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Sentence(string text) => string.Concat(text[..1].ToUpperInvariant(), text.AsSpan(1), ".");

    private static string Excerpt(string prompt) => Core.Wire.PlainText.Clean(prompt, 80);
}
