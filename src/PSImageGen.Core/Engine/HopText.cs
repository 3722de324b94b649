using System.Globalization;
using PSImageGen.Core.Planning;

namespace PSImageGen.Core.Engine;

/// <summary>What is said when the next provider is asked: why, and what changes.</summary>
internal static class HopText
{
    /// <summary>The announcement. Nobody is asked: the question before the call named this provider and its price.</summary>
    public static string Of(Candidate from, Candidate to, ImageError reason)
    {
        string words = (reason.VendorMessage ?? reason.Message).TrimEnd('.', ' ');
        string news = reason.MayHaveBeenCharged
            ? $"{from.Quote.Provider} may have taken the order, and billed it ({words})."
            : $"{from.Quote.Provider} did not take the order ({words}).";
        List<string> changes = [$"model {to.Quote.Model} in place of {from.Quote.Model}"];
        if (Size(to.Quote) != Size(from.Quote))
            changes.Add($"{Size(to.Quote)} in place of {Size(from.Quote)}");
        if (to.Quote.Quality != from.Quote.Quality)
            changes.Add($"quality {to.Quote.Quality ?? "as it comes"} in place of {from.Quote.Quality ?? "as it comes"}");
        changes.Add($"{Price(to.Quote)} in place of {Price(from.Quote)}");
        string notes = string.Concat(to.Quote.Notes.Except(from.Quote.Notes).Select(n => $" {char.ToUpperInvariant(n[0])}{n[1..]}."));
        return $"{news} {to.Quote.Provider} is asked now, as agreed: {string.Join(", ", changes)}.{notes}";
    }

    private static string Size(Quote quote) => quote.Size ?? quote.AspectRatio ?? "a size of the model's choice";

    private static string Price(Quote quote) =>
        quote.IsFree ? "free"
        : quote.AmountMax is { } most ? string.Create(CultureInfo.InvariantCulture, $"at most {most:0.####} {quote.Currency}")
        : "an unknown price";
}
