using System.Globalization;

namespace PSImageGen.Core.Tasks;

/// <summary>What the ledger spent.</summary>
public static class Spending
{
    /// <summary>What the runs of a folder cost; records that cannot be read are told to the caller and left out.</summary>
    public static IReadOnlyList<Spend> In(string outputDirectory, Action<AIImageException> unreadable)
    {
        ArgumentNullException.ThrowIfNull(unreadable);
        List<Spend> spent = [];
        foreach (string path in Ledger.PathsIn(outputDirectory))
        {
            try
            {
                spent.AddRange(Spend.Of(Ledger.Read(path), path));
            }
            catch (AIImageException e)
            {
                unreadable(e);
            }
        }

        return spent;
    }

    /// <summary>The sums, by group and currency.</summary>
    public static IEnumerable<CostSummary> Sum(IEnumerable<Spend> spent, CostGrouping grouping) => spent
        .GroupBy(s => (Group: GroupOf(s, grouping), s.Currency))
        .OrderBy(g => g.Key.Group, StringComparer.OrdinalIgnoreCase).ThenBy(g => g.Key.Currency, StringComparer.OrdinalIgnoreCase)
        .Select(g =>
        {
            int unknown = g.Count(s => s.Amount is null);
            decimal? amount = unknown == g.Count() ? null : g.Sum(s => s.Amount);
            return new CostSummary
            {
                Group = g.Key.Group,
                Currency = g.Key.Currency,
                Calls = g.Count(),
                Images = g.Sum(s => s.Images),
                Amount = amount,
                AmountMax = unknown == 0 ? amount : null,
                UnknownCalls = unknown,
                EstimatedCalls = g.Count(s => s.Estimated),
                Providers = [.. g.Select(s => s.Provider).Distinct(StringComparer.Ordinal)],
            };
        });

    /// <summary>The words of a warning where a run cost more than a tenth more or less than was estimated: the catalogue's price may be out of date. Null where they agree, or nothing can be said.</summary>
    public static string? Surprise(RunRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        Quote quote = record.Quote;
        TaskRecord[] made = [.. record.Tasks.Where(t => t.Status == ImageTaskStatus.Succeeded)];
        if (record.Status != ImageTaskStatus.Succeeded || record.Delivered < record.Requested || made.Any(t => t.Cost is null or { Source: "estimate" })
            || RunStatus.CostOf(made) is not { } cost || cost.Currency != quote.Currency || quote.Amount is not { } amount || quote.IsFree)
            return null;
        // Of a range that the model chooses from, less is no surprise.
        decimal most = quote.AmountMax ?? amount;
        if (cost.Amount <= most * 1.1m && (most != amount || cost.Amount >= amount * 0.9m))
            return null;
        return quote.PriceDate is { } date
            ? Words.Of($"{quote.Provider} charged {cost} where {most:0.####} {quote.Currency} was estimated: the catalogue's price of {quote.Model} at {quote.Provider} ({date}) may be out of date.")
            : Words.Of($"{quote.Provider} charged {cost} where {most:0.####} {quote.Currency} was estimated: the catalogue's price of {quote.Model} at {quote.Provider} may be out of date.");
    }

    private static string GroupOf(Spend spend, CostGrouping grouping) => grouping switch
    {
        CostGrouping.Model => spend.Model,
        CostGrouping.Day => spend.At.ToLocalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        CostGrouping.Project => spend.Project,
        _ => spend.Provider,
    };
}
