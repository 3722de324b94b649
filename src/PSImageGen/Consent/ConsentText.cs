using System.Globalization;
using PSImageGen.Core;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Wire;

namespace PSImageGen.Consent;

/// <summary>The words of the one question before money is spent.</summary>
internal static class ConsentText
{
    /// <summary>The title of the question.</summary>
    public static string Title(Plan plan) => plan.IsFree ? Words.Of("Make pictures") : Words.Of("Spend money on pictures");

    /// <summary>What will be done, by whom, and what it costs: a line for each sentence and each provider.</summary>
    public static IEnumerable<string> Lines(Plan plan)
    {
        Candidate first = plan.Candidates[0];
        yield return plan.Request.Prompt.Length > 0 ? Words.Of($"{Deed(first)}: \"{Excerpt(plan.Request.Prompt)}\".") : Words.Of($"{Deed(first)}.");
        if (plan.Candidates.Count == 1)
        {
            yield return first.Quote is { PriceDate: { } date, Amount: not null }
                ? Words.Of($"{WhoAndWhat(first)}, {Price(first.Quote)} (price of {date}).")
                : Words.Of($"{WhoAndWhat(first)}, {Price(first.Quote)}.");
        }
        else
        {
            yield return Words.Of("Asked in turn until one takes it:");
            foreach ((Candidate candidate, int i) in plan.Candidates.Select((c, i) => (c, i)))
                yield return Words.Of($"  {i + 1}. {WhoAndWhat(candidate)}, {Price(candidate.Quote)}.");
        }

        foreach (string note in Notes(plan.Candidates))
            yield return note;
        if (plan.Candidates.Count > 1)
            yield return AtMost(plan);
    }

    private static string WhoAndWhat(Candidate candidate)
    {
        Quote quote = candidate.Quote;
        // A rehearsal or a bill: the address tells, where it is not the vendor's own.
        string who = candidate.BaseUrl == candidate.Provider.Profile.BaseUrl ? quote.Provider : Words.Of($"{quote.Provider} at {candidate.BaseUrl.Authority}");
        return quote.Quality is { } quality
            ? Words.Of($"{who} ({quote.Model}), {Size(quote)}, quality {quality}")
            : Words.Of($"{who} ({quote.Model}), {Size(quote)}");
    }

    // Each once, after the names of those it holds for where that is not everybody. Why a model was chosen matters of the first alone.
    private static IEnumerable<string> Notes(IReadOnlyList<Candidate> candidates) => candidates
        .SelectMany((c, i) => c.Quote.Notes.Where(n => i == 0 || n != c.Reason).Distinct().Select(n => (Name: c.Quote.Provider, Note: n)))
        .GroupBy(s => s.Note, s => s.Name)
        .GroupBy(n => n.Count() == candidates.Count ? string.Empty : Words.List(n), n => n.Key)
        .SelectMany(g => g.Key.Length == 0 ? g.Select(Words.Sentence) : [Words.Of($"{g.Key}: {string.Join(Words.Of("; "), g)}.")]);

    private static string Price(Quote quote)
    {
        if (quote.IsFree)
            return Words.Of("free");
        if (quote.Amount is not { } amount)
            return Words.Of("price not known");
        (bool one, string currency) = (quote.Count == 1, quote.Currency);
        if (quote.AmountMax is { } most && most != amount)
            return one ? Words.Of($"about {amount:0.####} to {Sum(most, currency)}") : Words.Of($"about {amount:0.####} to {Sum(most, currency)} in all");
        return one ? Words.Of($"about {Sum(amount, currency)}") : Words.Of($"about {Sum(amount, currency)}, {amount / quote.Count:0.####} each");
    }

    // How high the bill may be, whoever makes it.
    private static string AtMost(Plan plan)
    {
        if (plan.IsFree)
            return Words.Of("It is free whoever makes it.");
        string[] known = [.. plan.HighestKnown.Select(h => Sum(h.Amount, h.Currency))];
        string[] unknown = [.. plan.Candidates.Select(c => c.Quote).Where(q => !q.IsFree && q.AmountMax is null).Select(q => q.Provider).Distinct()];
        return (plan.FallbackOnUnknown, known.Length, unknown.Length) switch
        {
            (true, _, 0) => Words.Of($"The next one is asked even if one gives no answer, so several may have to be paid: at most about {Words.ListAnd(known)} in all."),
            (true, 0, _) => Words.Of("The next one is asked even if one gives no answer, so several may have to be paid: how much is not known."),
            (true, _, _) => Words.Of($"The next one is asked even if one gives no answer, so several may have to be paid: at most about {Words.ListAnd(known)} in all; what {Words.ListOr(unknown)} would take is not known."),
            (false, _, 0) => Words.Of($"Only one of them is paid: at most about {Words.ListOr(known)}."),
            (false, 0, _) => Words.Of("Only one of them is paid: how much is not known."),
            (false, _, _) => Words.Of($"Only one of them is paid: at most about {Words.ListOr(known)}; what {Words.ListOr(unknown)} would take is not known."),
        };
    }

    // What is done, and to what.
    private static string Deed(Candidate candidate)
    {
        ImageRequest request = candidate.Shape.Request;
        string source = Named(request.Image);
        int count = request.Count;
        return (request.Operation, count) switch
        {
            (ImageOperation.Img2Img, 1) => Words.Of($"Change {source}"),
            (ImageOperation.Img2Img, _) => Words.Of($"Change {source} {count} times"),
            (ImageOperation.Inpaint, 1) => Words.Of($"Repaint what is white in {Named(request.Mask)} of {source}"),
            (ImageOperation.Inpaint, _) => Words.Of($"Repaint what is white in {Named(request.Mask)} of {source} {count} times"),
            (ImageOperation.Outpaint, 1) => Words.Of($"Continue {source} beyond its borders (pixels: {candidate.Shape.Margins})"),
            (ImageOperation.Outpaint, _) => Words.Of($"Continue {source} beyond its borders {count} times (pixels: {candidate.Shape.Margins})"),
            (ImageOperation.Upscale, _) => Words.Of($"Enlarge {source} to {request.Scale} times its width and height"),
            (ImageOperation.Vary, 1) => Words.Of($"Make 1 variation of {source}"),
            (ImageOperation.Vary, _) => Words.Of($"Make {count} variations of {source}"),
            (ImageOperation.Style, 1) => Words.Of($"Give {source} the look of {Named(request.StyleImage)}"),
            (ImageOperation.Style, _) => Words.Of($"Give {source} the look of {Named(request.StyleImage)} {count} times"),
            (_, 1) => Words.Of("Generate 1 picture"),
            _ => Words.Of($"Generate {count} pictures"),
        };
    }

    private static string Named(InputImage? image) =>
        image is null ? Words.Of("a picture") : Words.Of($"\"{PlainText.Clean(image.Path is { } path ? Path.GetFileName(path) : image.Url!.Host + image.Url.AbsolutePath, 60)}\"");

    private static string Size(Quote quote) => (quote.Size, quote.AspectRatio) switch
    {
        ({ } size, _) when size.Contains('x', StringComparison.Ordinal) => Words.Of($"{size} pixels"),
        ({ } size, { } ratio) => $"{size} {ratio}",
        (null, { } ratio) => ratio,
        _ => Words.Of("size chosen by the model"),
    };

    private static string Sum(decimal amount, string currency) => currency switch
    {
        "credits" when amount == 1 => Words.Of("1 credit"),
        "credits" => Words.Of($"{amount:0.####} credits"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{amount:0.####} {currency}"),
    };

    private static string Excerpt(string prompt) => PlainText.Clean(prompt, 80);
}
