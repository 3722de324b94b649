using System.Globalization;
using PSImageGen.Core.Tasks;

namespace PSImageGen.Core.Engine;

/// <summary>What became of the rows of a batch in one command. Not for several threads.</summary>
public sealed class BatchTally
{
    private readonly List<Spend> _spent = [];
    private readonly HashSet<string> _placed = new(StringComparer.Ordinal);
    private readonly string _id;
    private int _before;
    private int _resumed;
    private int _held;
    private int _started;
    private int _failed;

    /// <summary>Begins to count.</summary>
    /// <param name="id">The batch.</param>
    public BatchTally(string id)
    {
        _id = id;
    }

    /// <summary>A row has a run already.</summary>
    /// <param name="record">As it was found.</param>
    /// <param name="report">What became of it; null where it was left alone.</param>
    public void Found(RunRecord record, RunReport? report = null)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.Status == ImageTaskStatus.Succeeded)
            _before++;
        else if ((report?.Record ?? record).Status == ImageTaskStatus.Unknown)
            _held++;
        else
            _resumed++;
        if (report is { Error: not null, Record.Status: not ImageTaskStatus.Unknown } && record.Status != ImageTaskStatus.Succeeded)
            _failed++;
    }

    /// <summary>A row is being ordered, by the run of this record.</summary>
    public void Placed(string recordPath) => _placed.Add(recordPath);

    /// <summary>That run is over.</summary>
    public void Ended(string recordPath) => _placed.Remove(recordPath);

    /// <summary>A row was ordered.</summary>
    public void Started(RunReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        Ended(report.RecordPath);
        _started++;
        _spent.AddRange(Spend.Of(report.Record, report.RecordPath));
        if (report.Error is not null)
            _failed++;
    }

    /// <summary>A row brought an error before anything was sent for it; what is in other hands is left to them. What ends the command is no matter of a row.</summary>
    public void Failed(ImageError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        if (error is { Id: ImageErrorId.InvalidRequest, RunId: not null })
            _held++;
        else if (error.Id is not (ImageErrorId.ConsentRequired or ImageErrorId.BudgetExceeded))
            _failed++;
    }

    /// <summary>The tally in words.</summary>
    public string Describe()
    {
        string text = Words.Of($"Batch {_id}: delivered before {_before}, resumed {_resumed}, held {_held}, started {_started}, failed {_failed}. {Cost()}");
        // A command that is stopped leaves them to whoever goes on with the batch.
        return _placed.Count == 0 ? text
            : Words.Of($"{text} When it was stopped {_placed.Count} more were being ordered, which is not counted here: Get-AIImageTask shows them, and the same command goes on with them.");
    }

    private string Cost()
    {
        if (_spent.Count == 0)
            return Words.Of("This command spent nothing.");
        string sums = string.Join(" + ", _spent.Where(s => s.Amount is not null).GroupBy(s => s.Currency).Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Sum(s => s.Amount):0.####} {g.Key}")));
        bool unknown = _spent.Any(s => s.Amount is null), estimated = _spent.Any(s => s.Estimated);
        return (sums.Length > 0, unknown, estimated) switch
        {
            (false, _, _) => Words.Of("What this command spent is not known."),
            (true, true, _) => Words.Of($"This command spent about {sums}, and what is not known."),
            (true, false, true) => Words.Of($"This command spent about {sums}."),
            _ => Words.Of($"This command spent {sums}."),
        };
    }
}
