using PSImageGen.Core.Planning;

namespace PSImageGen.Core.Gate;

/// <summary>
/// A ceiling in US dollars over all calls of one pipeline. It is a check on estimates before each call, not a cap on the vendor's bill.
/// </summary>
public sealed class Budget
{
    private readonly object _lock = new();
    private readonly decimal? _maxCost;
    private readonly bool _allowUnknown;
    private decimal _reserved;

    /// <summary>Sets the ceiling.</summary>
    /// <param name="maxCost">In US dollars; null for none.</param>
    /// <param name="allowUnknown">Whether calls whose price is not known in dollars may pass.</param>
    public Budget(decimal? maxCost = null, bool allowUnknown = false)
    {
        _maxCost = maxCost;
        _allowUnknown = allowUnknown;
    }

    /// <summary>Whether a plan fits into what is left.</summary>
    /// <exception cref="AIImageException"><c>BudgetExceeded</c>, saying how much is left.</exception>
    public void Check(Plan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (_maxCost is not { } most)
            return;
        lock (_lock)
        {
            if (!_allowUnknown && plan.Candidates.FirstOrDefault(c => Dollars(c.Quote) is null) is { } unknown)
                throw Errors.BudgetUnknown(unknown.Quote);
            if (_reserved + Whole(plan) > most)
                throw Errors.BudgetExceeded(plan.Candidates.MaxBy(c => Dollars(c.Quote) ?? 0)!.Quote, Whole(plan), most, Math.Max(0, most - _reserved));
        }
    }

    /// <summary>Sets the highest price of a plan aside.</summary>
    public void Reserve(Plan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        lock (_lock)
            _reserved += Whole(plan);
    }

    /// <summary>Gives back what was set aside for a plan that certainly cost nothing.</summary>
    public void Release(Plan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        lock (_lock)
            _reserved -= Whole(plan);
    }

    private static decimal Whole(Plan plan) => plan.Together(plan.Candidates.Select(c => Dollars(c.Quote) ?? 0));

    private static decimal? Dollars(Quote quote) => quote.IsFree ? 0 : quote.Currency == "USD" ? quote.AmountMax ?? quote.Amount : null;
}
