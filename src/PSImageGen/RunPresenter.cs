using System.Management.Automation;
using PSImageGen.Core;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Tasks;

namespace PSImageGen;

/// <summary>
/// Brings what the Engine tells from any thread to the streams of a cmdlet: results and errors as they come, progress at most twice a
/// second, never in the first second, and always ended.
/// </summary>
internal sealed class RunPresenter : IRunObserver
{
    private const int ActivityId = 0x1A6E;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    private readonly PSCmdlet _cmdlet;
    private readonly string _activity;
    private readonly long _start = Environment.TickCount64;
    private readonly Dictionary<string, RunProgress> _runs = [];
    private readonly HashSet<(string Provider, string Model)> _surprises = [];
    private Pump? _pump;
    private int _done;
    private bool _shown;

    public RunPresenter(PSCmdlet cmdlet, string activity)
    {
        _cmdlet = cmdlet;
        _activity = activity;
    }

    /// <summary>Says through which pump to speak.</summary>
    public void Attach(Pump pump) => _pump = pump;

    /// <inheritdoc/>
    public void Progress(RunProgress progress) => _pump?.Post(() => _runs[progress.RunId] = progress);

    /// <inheritdoc/>
    public void Warn(string text) => _pump?.Post(() => _cmdlet.WriteWarning(text));

    /// <inheritdoc/>
    public void Verbose(string text) => _pump?.Post(() => _cmdlet.WriteVerbose(text));

    /// <summary>A run has ended, or need not be waited for.</summary>
    /// <param name="report">The run.</param>
    /// <param name="asTask">Whether it is given as a task.</param>
    /// <param name="news">Whether it ended just now.</param>
    public void Emit(RunReport report, bool asTask, bool news = true)
    {
        _runs.Remove(report.Record.RunId);
        _done++;
        if (asTask && (report.Error is null || report.Record.Tasks.Any(t => t.Handle is not null)))
            _cmdlet.WriteObject(report.ToTask());
        else if (report.HasImages)
            _cmdlet.WriteObject(report.ToResult());
        if (news && Spending.Surprise(report.Record) is { } surprise && _surprises.Add((report.Record.Provider, report.Record.Model)))
            _cmdlet.WriteWarning(surprise);
        if (report.Error is { } error)
            _cmdlet.WriteError(ErrorRecords.Of(new AIImageException(error), report.ToTask()));
    }

    /// <summary>Shows where things stand. Pipeline thread only.</summary>
    public void Tick()
    {
        if (Environment.TickCount64 - _start < Quiet.TotalMilliseconds || _runs.Count == 0)
            return;
        // Runs of one work are handed over together at its end.
        RunProgress[] open = [.. _runs.Values.Where(r => !r.Status.IsSettled())];
        int done = _done + _runs.Count - open.Length;
        RunProgress run = open.FirstOrDefault() ?? _runs.Values.First();
        TimeSpan elapsed = TimeSpan.FromMilliseconds(Environment.TickCount64 - _start);
        string state = _runs.Count == 1 && done == 0
            ? $"{run.Provider}: {run.Word ?? Word(run.Status)}"
            : Words.Of($"{done} done, {open.Length} under way ({Words.List(open.GroupBy(r => r.Status).Select(g => $"{g.Count()} {Word(g.Key)}"))})");
        _cmdlet.WriteProgress(new ProgressRecord(ActivityId, _activity, $"{state}, {elapsed:m\\:ss}")
        {
            PercentComplete = _runs.Count == 1 && done == 0 && run.Percent is { } percent ? (int)percent : -1,
        });
        _shown = true;
    }

    /// <summary>Ends the progress, if any was shown. Pipeline thread only.</summary>
    public void End()
    {
        if (!_shown)
            return;
        _shown = false;
        try
        {
            _cmdlet.WriteProgress(new ProgressRecord(ActivityId, _activity, Words.Of("done")) { RecordType = ProgressRecordType.Completed });
        }
        catch (PipelineStoppedException)
        {
            // After a stop nothing can be written; the host clears its own display.
        }
    }

    private static string Word(ImageTaskStatus status) => Words.OfData(status.ToString().ToLowerInvariant());
}
