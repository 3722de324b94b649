using PSImageGen.Core.Planning;
using PSImageGen.Core.Tasks;

namespace PSImageGen.Core.Gate;

/// <summary>
/// Ceilings in US dollars: over all calls of one pipeline, and over all calls of a day and of a project, whatever process makes them. They
/// are a check on estimates before each call, not a cap on the vendor's bill; once a call has ended its real cost counts, where it is told.
/// </summary>
public sealed class Budget
{
    private readonly object _lock = new();
    private readonly decimal? _maxCost;
    private readonly bool _allowUnknown;
    private decimal _reserved;

    /// <summary>Sets the ceiling of the pipeline.</summary>
    /// <param name="maxCost">In US dollars; null for that of <see cref="Limits"/>.</param>
    /// <param name="allowUnknown">Whether calls whose price is not known in dollars may pass.</param>
    public Budget(decimal? maxCost = null, bool allowUnknown = false)
    {
        _maxCost = maxCost;
        _allowUnknown = allowUnknown;
    }

    /// <summary>The ceilings that are stored.</summary>
    public BudgetLimits Limits { get; init; } = new();

    /// <summary>Where they are counted; null where nothing outlives the pipeline.</summary>
    public Bookings? Bookings { get; init; }

    /// <summary>Tells the day.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Whether a plan fits into what is left.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="recordPath">The record of its run; null where it has none yet.</param>
    /// <exception cref="AIImageException"><c>BudgetExceeded</c>, saying how much is left of which.</exception>
    public void Check(Plan plan, string? recordPath = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        Check(Demand.Of(plan), recordPath);
    }

    /// <summary>Whether all calls of a series fit into what is left.</summary>
    /// <inheritdoc cref="Check(Plan, string?)"/>
    public void Check(CallSeries series, string? recordPath = null)
    {
        ArgumentNullException.ThrowIfNull(series);
        (Demand One, int Most)[] parts = [.. series.Parts.Select(p => (Demand.Of(p.Plan), p.Most))];
        Check(new Demand([.. parts.SelectMany(p => p.One.Quotes)], parts.Sum(p => p.One.Dollars * p.Most), series.IsFree), recordPath);
    }

    /// <summary>Sets the highest price of a plan aside.</summary>
    /// <exception cref="AIImageException"><c>BudgetExceeded</c>: others were faster; <c>ArtifactWriteFailed</c>: it cannot be written down.</exception>
    public Reservation Reserve(Plan plan, string? recordPath = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        Demand demand = Demand.Of(plan);
        decimal most = demand.Dollars;
        lock (_lock)
        {
            CheckPipeline(demand);
            if (!IsKept(demand, recordPath))
            {
                _reserved += most;
                return new Reservation(this, most, null, null);
            }

            (string project, DateOnly day) = (ProjectOf(recordPath!), Today);
            using (Bookings!.Hold())
            {
                CheckLimits(demand, project, day);
                Bookings.Reserve(day, recordPath!, project, most);
            }

            _reserved += most;
            return new Reservation(this, most, recordPath, (day, project));
        }
    }

    /// <summary>Puts another amount in place of what was set aside in the pipeline.</summary>
    internal void Replace(decimal reserved, decimal real)
    {
        lock (_lock)
            _reserved += real - reserved;
    }

    private DateOnly Today => DateOnly.FromDateTime(Clock.GetLocalNow().DateTime);

    private void Check(Demand demand, string? recordPath)
    {
        lock (_lock)
            CheckPipeline(demand);
        if (IsKept(demand, recordPath))
            CheckLimits(demand, ProjectOf(recordPath!), Today);
    }

    private bool IsKept(Demand demand, string? recordPath) => Bookings is not null && recordPath is not null && !demand.IsFree;

    private string ProjectOf(string recordPath) => Limits.Project ?? RunFolder.OfRecord(recordPath)!.OutputDirectory;

    private void CheckPipeline(Demand demand)
    {
        if ((_maxCost ?? Limits.MaxCost) is { } most)
            CheckOne(demand, _maxCost is null ? Stored(Words.Of("the budget of a command"), nameof(BudgetLimits.MaxCost)) : ("-MaxCost", Words.Of("Raise -MaxCost.")), most, _reserved);
    }

    private void CheckLimits(Demand demand, string project, DateOnly day)
    {
        void Check()
        {
            if (Limits.PerDay is { } today)
                CheckOne(demand, Stored(Words.Of("the budget per day"), nameof(BudgetLimits.PerDay)), today, Bookings!.OfDay(day));
            if (Limits.PerProject is { } ever)
                CheckOne(demand, Stored(Words.Of($"the budget of the project '{project}'"), nameof(BudgetLimits.PerProject)), ever, Bookings!.OfProject(project));
        }

        try
        {
            Check();
        }
        catch (AIImageException)
        {
            // Before a no, what has become certain since is looked up.
            Bookings!.Recall();
            Check();
        }
    }

    private (string Name, string Remedy) Stored(string name, string key) => (name, Limits.OfProjectFile.Contains(key)
        ? Words.Of($"Raise it in '{Limits.ProjectFile}' (providerPreferences.image.budgets).")
        : Words.Of($"Raise it with Set-AIImagePreference -Budget @{{ {key} = <US dollars> }}."));

    private void CheckOne(Demand demand, (string Name, string Remedy) which, decimal most, decimal taken)
    {
        if (!_allowUnknown && demand.Quotes.FirstOrDefault(q => Demand.Of(q) is null) is { } unknown)
            throw Errors.BudgetUnknown(unknown, which.Name);
        if (taken + demand.Dollars > most)
            throw Errors.BudgetExceeded(demand.Quotes.MaxBy(q => Demand.Of(q) ?? 0)!, demand.Dollars, which, most, Math.Max(0, most - taken));
    }

    // What may have to be paid, in dollars where they are known.
    private sealed record Demand(IReadOnlyList<Quote> Quotes, decimal Dollars, bool IsFree)
    {
        public static Demand Of(Plan plan)
        {
            Quote[] quotes = [.. plan.Candidates.Select(c => c.Quote)];
            return new Demand(quotes, plan.Together(quotes.Select(q => Of(q) ?? 0)), plan.IsFree);
        }

        public static decimal? Of(Quote quote) => quote.IsFree ? 0 : quote.Currency == "USD" ? quote.AmountMax ?? quote.Amount : null;
    }
}

/// <summary>Money set aside for one approved call: given back where it certainly cost nothing, else replaced by what it cost.</summary>
public sealed class Reservation
{
    private readonly Budget _budget;
    private readonly string? _recordPath;
    private decimal _amount;

    internal Reservation(Budget budget, decimal amount, string? recordPath, (DateOnly Day, string Project)? account)
    {
        _budget = budget;
        _amount = amount;
        _recordPath = recordPath;
        Day = account?.Day;
        Project = account?.Project;
    }

    /// <summary>The day it is booked on; null where it is not.</summary>
    public DateOnly? Day { get; }

    /// <summary>The project it is booked for; null where it is not.</summary>
    public string? Project { get; }

    /// <summary>The run is on record from now on.</summary>
    internal void Begin()
    {
        if (Day is { } day)
            _budget.Bookings!.Begin(day, _recordPath!);
    }

    /// <summary>Gives it back: the call was certainly never sent.</summary>
    public void Release()
    {
        if (Day is { } day)
            _budget.Bookings!.Release(day, _recordPath!, _amount);
        Become(0);
    }

    /// <summary>Replaces it in the pipeline by what an ended run really cost. The run's owner does so on disk.</summary>
    internal void Settle(RunRecord record, string recordPath)
    {
        if (!record.Status.IsSettled())
            return;
        IReadOnlyList<Spend> spent = Spend.Of(record, recordPath);
        if (spent.All(s => s.Dollars is not null))
            Become(spent.Sum(s => s.Dollars!.Value));
    }

    private void Become(decimal amount)
    {
        _budget.Replace(_amount, amount);
        _amount = amount;
    }
}
