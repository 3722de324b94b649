namespace PSImageGen.Core.Tasks;

/// <summary>What the orders of one run cost at one provider, as far as is known.</summary>
public sealed record Spend
{
    /// <summary>Who made it.</summary>
    public required string Provider { get; init; }

    /// <summary>With what.</summary>
    public required string Model { get; init; }

    /// <summary>When it was ordered.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The folder whose budget it counts for.</summary>
    public required string Project { get; init; }

    /// <summary>Pictures that arrived.</summary>
    public int Images { get; init; }

    /// <summary>The amount; null when it is not known.</summary>
    public decimal? Amount { get; init; }

    /// <summary><c>USD</c> or <c>credits</c>.</summary>
    public required string Currency { get; init; }

    /// <summary>Whether the amount is the price as shown, because the vendor did not tell all of it.</summary>
    public bool Estimated { get; init; }

    /// <summary>The amount in US dollars as budgets count it; where the vendor tells credits alone, the price as shown. Null when it is not known.</summary>
    public decimal? Dollars { get; init; }

    /// <summary>What a run has cost at each provider that may have taken an order: each order as the vendor told it, else its share of the price as shown. Empty when it certainly cost nothing.</summary>
    public static IReadOnlyList<Spend> Of(RunRecord record, string recordPath)
    {
        ArgumentNullException.ThrowIfNull(record);
        return !record.MayHaveCost() ? [] : [.. record.Tasks.Select((Task, Index) => (Task, Index)).Where(t => t.Task.MayHaveCost())
            .GroupBy(t => (t.Task.Provider, t.Task.Model))
            .Select(g => Of([.. g.Select(t => t.Task)]) with
            {
                At = record.Timestamps.Submitted ?? record.Timestamps.Created,
                Project = record.Project ?? RunFolder.OfRecord(recordPath)?.OutputDirectory ?? string.Empty,
                Images = record.Images.Count(i => g.Any(t => t.Index == i.Task)),
            })];
    }

    private static Spend Of(TaskRecord[] orders)
    {
        Cost? told = orders.All(t => t.Cost is not null) ? RunStatus.CostOf(orders) : null;
        // Of several orders some may be told and some not.
        Cost? shown = Sum(orders.Select(t => t.Cost ?? t.Estimate)) ?? Sum(orders.Select(t => t.Estimate));
        Cost? best = told ?? shown;
        return new Spend
        {
            Provider = orders[0].Provider,
            Model = orders[0].Model,
            At = default,
            Project = string.Empty,
            Amount = best?.Amount,
            Currency = best?.Currency ?? "USD",
            Estimated = best is not null && (told is null || told.Source == "estimate"),
            Dollars = best is { Currency: "USD" } ? best.Amount : Sum(orders.Select(t => t.Estimate)) is { Currency: "USD" } estimate ? estimate.Amount : null,
        };
    }

    // Null where one is not known, or their currencies differ.
    private static Cost? Sum(IEnumerable<Cost?> amounts)
    {
        Cost?[] all = [.. amounts];
        return all.All(c => c is not null && c.Currency == all[0]!.Currency) ? all[0]! with { Amount = all.Sum(c => c!.Amount) } : null;
    }
}
