using System.Globalization;
using PSImageGen.Core;
using PSImageGen.Core.Planning;

namespace PSImageGen.Consent;

/// <summary>The words of the one question before several calls that belong together.</summary>
internal static class SeriesText
{
    /// <summary>What will be done, by whom, how many orders there may be, and what they cost together: a line for each.</summary>
    public static IReadOnlyList<string> Lines(CallSeries series)
    {
        List<string> lines = [series.Deed];
        foreach (var group in series.Parts.GroupBy(p => (p.Plan.Candidates[0].Quote.Model, Size: SizeOf(p.Plan.Candidates[0].Quote))))
        {
            (Candidate maker, int count) = (group.First().Plan.Candidates[0], group.Sum(p => p.Expected));
            lines.Add(maker.BaseUrl == maker.Provider.Profile.BaseUrl
                ? Words.Of($"{count} with {maker.Quote.Provider} (model {group.Key.Model}), {group.Key.Size}.")
                : Words.Of($"{count} with {maker.Quote.Provider} at {maker.BaseUrl.Authority} (model {group.Key.Model}), {group.Key.Size}."));
        }

        lines.Add(series.Most > series.Expected
            ? Words.Of($"At most {series.Most} orders: what comes out too different is made again.")
            : Words.Of($"Orders: {series.Most}."));
        lines.Add(Cost(series));
        // What one kind of call has to be told of is often part of what the other has.
        string[] notes = [.. series.Parts.SelectMany(p => p.Plan.Candidates[0].Quote.Notes).Distinct()];
        lines.AddRange(notes.Where(n => !notes.Any(other => other != n && other.Contains(n, StringComparison.Ordinal))).Select(Words.Sentence));
        return lines;
    }

    private static string Cost(CallSeries series)
    {
        if (series.IsFree)
            return Words.Of("It is free.");
        if (series.Highest is not { } most)
            return Words.Of("The cost is not known.");
        string highest = Sum(most);
        return series.Usual is { } usual && Sum(usual) is var expected && expected != highest
            ? Words.Of($"Estimated cost: {expected}, at most {highest} in all.")
            : Words.Of($"Estimated cost: {highest} in all.");
    }

    private static string Sum(IEnumerable<PriceLimit> amounts) =>
        string.Join(" + ", amounts.Select(a => string.Create(CultureInfo.InvariantCulture, $"{a.Amount:0.####} {a.Currency}")));

    private static string SizeOf(Quote quote) => (quote.Size, quote.AspectRatio) switch
    {
        ({ } size, { } ratio) => $"{size} ({ratio})",
        (null, null) => Words.Of("size chosen by the model"),
        (var size, var ratio) => size ?? ratio!,
    };
}
