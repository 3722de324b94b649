using System.Management.Automation;
using PSImageGen.Core.Planning;

namespace PSImageGen.Commands;

/// <summary>Tells what pictures would cost, and sends nothing.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "AIImageCost")]
[OutputType(typeof(Quote), typeof(CostSummary))]
public sealed class MeasureAIImageCostCommand : TextCommand
{
    private readonly List<Quote> _quotes = [];

    /// <summary>One sum for the whole pipeline instead of a quote for each input.</summary>
    [Parameter]
    public SwitchParameter Total { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (!Total)
            return;
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
                Providers = [.. group.Select(q => q.Provider).Distinct(StringComparer.Ordinal)],
            });
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
}
