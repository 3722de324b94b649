using PSImageGen.Core.Planning;

namespace PSImageGen.Core.Engine;

/// <summary>What is said when the next provider is asked: why, and what changes.</summary>
internal static class HopText
{
    /// <summary>The announcement. Nobody is asked: the question before the call named this provider and its price.</summary>
    public static string Of(Candidate from, Candidate to, ImageError reason)
    {
        string words = (reason.VendorMessage ?? reason.Message).TrimEnd('.', '。', ' ');
        string news = reason.MayHaveBeenCharged
            ? Words.Of($"{from.Quote.Provider} may have taken the order, and billed it ({words}).")
            : Words.Of($"{from.Quote.Provider} did not take the order ({words}).");
        List<string> changes = [Words.Of($"model {to.Quote.Model} in place of {from.Quote.Model}")];
        if (Size(to.Quote) != Size(from.Quote))
            changes.Add(Words.Of($"{Size(to.Quote)} in place of {Size(from.Quote)}"));
        if (to.Quote.Quality != from.Quote.Quality)
            changes.Add(Words.Of($"quality {Quality(to.Quote)} in place of {Quality(from.Quote)}"));
        changes.Add(Words.Of($"{Price(to.Quote)} in place of {Price(from.Quote)}"));
        return Words.Sentences(
            [news, Words.Of($"{to.Quote.Provider} is asked now, as agreed: {Words.List(changes)}."), .. to.Quote.Notes.Except(from.Quote.Notes).Select(Words.Sentence)]);
    }

    private static string Size(Quote quote) => quote.Size ?? quote.AspectRatio ?? Words.Of("a size of the model's choice");

    private static string Quality(Quote quote) => quote.Quality ?? Words.Of("as it comes");

    private static string Price(Quote quote) =>
        quote.IsFree ? Words.Of("free")
        : quote.AmountMax is { } most ? Words.Of($"at most {most:0.####} {quote.Currency}")
        : Words.Of("an unknown price");
}
