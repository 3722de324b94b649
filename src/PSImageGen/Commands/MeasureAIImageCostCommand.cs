using System.Management.Automation;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Tasks;

namespace PSImageGen.Commands;

/// <summary>Tells what pictures would cost, or what was spent, and sends nothing.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "AIImageCost", DefaultParameterSetName = "Quote")]
[OutputType(typeof(Quote), typeof(CostSummary))]
public sealed class MeasureAIImageCostCommand : TextCommand
{
    private readonly List<Quote> _quotes = [];

    /// <summary>One sum for the whole pipeline instead of a quote for each input.</summary>
    [Parameter(ParameterSetName = "Quote")]
    public SwitchParameter Total { get; set; }

    /// <summary>What was spent, by the records of -OutputDirectory; -Provider and -Model choose among them.</summary>
    [Parameter(ParameterSetName = "Recorded", Mandatory = true)]
    public SwitchParameter Recorded { get; set; }

    /// <summary>The runs of all folders.</summary>
    [Parameter(ParameterSetName = "Recorded")]
    public SwitchParameter All { get; set; }

    /// <summary>By what the sums are told apart.</summary>
    [Parameter(ParameterSetName = "Recorded")]
    public CostGrouping GroupBy { get; set; } = CostGrouping.Provider;

    /// <summary>Only what was ordered then or later.</summary>
    [Parameter(ParameterSetName = "Recorded")]
    public DateTime Since { get; set; } = DateTime.MinValue;

    /// <summary>Only what was ordered before.</summary>
    [Parameter(ParameterSetName = "Recorded")]
    public DateTime Until { get; set; } = DateTime.MaxValue;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!Recorded)
            base.ProcessRecord();
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        try
        {
            if (Recorded)
                Spent();
            else if (Total)
                Sum();
        }
        catch (AIImageException e)
        {
            ThrowTerminatingError(ErrorRecords.Of(e, null));
        }
    }

    private protected override void Carry(ImageOrder order)
    {
        Candidate first = Planner.Plan(order.Request, order.Selection, NoWait, needCredential: false).Candidates[0];
        if (first.Reason is { } reason)
            WriteVerbose(reason);
        Quote quote = first.Quote;
        if (Total)
            _quotes.Add(quote);
        else
            WriteObject(quote);
    }

    private void Spent()
    {
        IReadOnlyList<Spend> spent = All
            ? new RunIndex(RunIndex.StateFolder()).Bookings.All()
            : Spending.In(this.ResolveFolder(OutputDirectory), e => WriteError(ErrorRecords.Of(e, null)));
        bool Is(string? wish, string name) => wish is null || string.Equals(wish, name, StringComparison.OrdinalIgnoreCase);
        DateTimeOffset Moment(DateTime time) => time == DateTime.MinValue ? DateTimeOffset.MinValue : time == DateTime.MaxValue ? DateTimeOffset.MaxValue : new DateTimeOffset(time);
        (DateTimeOffset since, DateTimeOffset until) = (Moment(Since), Moment(Until));
        WriteObject(Spending.Sum(spent.Where(s => s.At >= since && s.At < until && Is(Provider, s.Provider) && Is(Model, s.Model)), GroupBy), enumerateCollection: true);
    }

    private void Sum()
    {
        foreach (IGrouping<string, Quote> group in _quotes.GroupBy(q => q.Currency))
        {
            Quote[] known = [.. group.Where(q => q.Amount is not null)];
            WriteObject(new CostSummary
            {
                Currency = group.Key,
                Calls = group.Count(),
                Images = group.Sum(q => q.Count),
                Amount = known.Length > 0 ? known.Sum(q => q.Amount!.Value) : null,
                AmountMax = known.Length == group.Count() ? known.Sum(q => q.AmountMax ?? q.Amount!.Value) : null,
                UnknownCalls = group.Count() - known.Length,
                EstimatedCalls = known.Length,
                Providers = [.. group.Select(q => q.Provider).Distinct(StringComparer.Ordinal)],
            });
        }
    }
}
