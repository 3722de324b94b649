namespace PSImageGen.Core.Planning;

/// <summary>Calls that belong together and are asked for with one question, before it is known what the later ones will look like in full.</summary>
/// <param name="Deed">What will be done, in words: <c>Make a character sheet of Mira: portrait, happy, profile</c>.</param>
/// <param name="Parts">At least one.</param>
public sealed record CallSeries(string Deed, IReadOnlyList<SeriesPart> Parts)
{
    /// <summary>Whether no call costs anything.</summary>
    public bool IsFree => Parts.All(p => p.Plan.IsFree);

    /// <summary>How many calls are to be expected.</summary>
    public int Expected => Parts.Sum(p => p.Expected);

    /// <summary>How many there may be at most.</summary>
    public int Most => Parts.Sum(p => p.Most);

    /// <summary>What to expect of all calls together, in each currency; null where a price is not known.</summary>
    public IReadOnlyList<PriceLimit>? Usual => Sum(p => p.Plan.Candidates[0].Quote is { Amount: { } amount } quote ? [new PriceLimit(amount * p.Expected, quote.Currency)] : null);

    /// <summary>The highest price of all calls together, in each currency; null where one is not known.</summary>
    public IReadOnlyList<PriceLimit>? Highest => Sum(p => p.Plan.Highest?.Select(h => h with { Amount = h.Amount * p.Most }));

    private PriceLimit[]? Sum(Func<SeriesPart, IEnumerable<PriceLimit>?> priceOf)
    {
        IEnumerable<PriceLimit>?[] prices = [.. Parts.Where(p => !p.Plan.IsFree).Select(priceOf)];
        return prices.Any(p => p is null) ? null : [.. prices.SelectMany(p => p!).GroupBy(p => p.Currency).Select(g => new PriceLimit(g.Sum(p => p.Amount), g.Key))];
    }
}

/// <summary>Calls of one kind.</summary>
/// <param name="Plan">One of them: what each is like, and the most each may cost.</param>
/// <param name="Expected">How many are to be expected.</param>
/// <param name="Most">How many there may be at most.</param>
public sealed record SeriesPart(Plan Plan, int Expected, int Most);
