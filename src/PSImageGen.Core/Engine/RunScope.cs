using PSImageGen.Core.Artifacts;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Tasks;

namespace PSImageGen.Core.Engine;

/// <summary>One run while it is carried out: its record, its deadline, and who listens.</summary>
internal sealed class RunScope : IDisposable
{
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenSource _ending;
    private readonly System.Collections.Concurrent.ConcurrentDictionary<int, ImageError> _unwritten = new();

    public RunScope(RunEntry entry, IRunObserver observer, TimeProvider clock, TimeSpan timeout, CancellationToken stop)
    {
        _clock = clock;
        Entry = entry;
        Observer = observer;
        Timeout = timeout;
        Stop = stop;
        _deadline = new CancellationTokenSource(System.Threading.Timeout.InfiniteTimeSpan, clock);
        _ending = CancellationTokenSource.CreateLinkedTokenSource(_deadline.Token, stop);
    }

    /// <summary>The record.</summary>
    public RunEntry Entry { get; }

    /// <summary>Who listens.</summary>
    public IRunObserver Observer { get; }

    /// <summary>The longest wait.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>When it ends; far away until the clock runs.</summary>
    public DateTimeOffset DeadlineAt { get; private set; } = DateTimeOffset.MaxValue;

    /// <summary>The user wants to stop: nothing new is sent; a paid answer in flight is still read.</summary>
    public CancellationToken Stop { get; }

    /// <summary>The wait ends: even a paid answer is given up.</summary>
    public CancellationToken Deadline => _deadline.Token;

    /// <summary>Either of them: for every wait that can be taken up again.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <summary>The run's id.</summary>
    public string RunId => Entry.Record.RunId;

    /// <summary>A task as it is on disk.</summary>
    public TaskRecord Task(int index) => Entry.Record.Tasks[index];

    /// <summary>Lets the clock of the longest wait run, once the run may send something: waiting for others does not count.</summary>
    public void Begin()
    {
        lock (_deadline)
        {
            if (DeadlineAt != DateTimeOffset.MaxValue)
                return;
            DeadlineAt = _clock.GetUtcNow() + Timeout;
            _deadline.CancelAfter(Timeout);
        }
    }

    /// <summary>Opens a file for bytes that are about to arrive.</summary>
    public Stream OpenPart(string path) => PartFile.Open(path, Entry.Folder.Rescued(path));

    /// <summary>Pictures just announced, with the time their links die where only the vendor's documents tell it.</summary>
    public IReadOnlyList<Picture> Dated(IReadOnlyList<Picture> pictures, ProviderProfile profile) =>
        [.. pictures.Select(p => p.Url is null || p.ExpiresAt is not null ? p : p with { ExpiresAt = _clock.GetUtcNow() + profile.LinkLifetime })];

    /// <summary>Ends a task without (all) its pictures; the error is kept in memory even when the disk cannot take it.</summary>
    public void Fail(int index, ImageTaskStatus? status, ImageError error)
    {
        TaskRecord task = Task(index);
        error = error with { MayHaveBeenCharged = error.MayHaveBeenCharged && !Entry.Record.Quote.IsFree, RunId = RunId, TaskId = error.TaskId ?? task.TaskId, RecordPath = Entry.Folder.RecordPath };
        try
        {
            Entry.UpdateTask(index, t => t with { Status = status ?? t.Status, Error = error });
        }
        catch (AIImageException)
        {
            _unwritten[index] = error;
        }
    }

    /// <summary>Says how a task stands that ended before its time: by a stop, the deadline, or an error on this side.</summary>
    public void Interrupt(int index, ProviderProfile profile, ImageError? error = null)
    {
        TaskRecord task = Task(index);
        if (error is not null && task.Status == ImageTaskStatus.Planned)
            Fail(index, ImageTaskStatus.Failed, error);
        else if (error is not null)
            Fail(index, task.Status == ImageTaskStatus.Submitting ? ImageTaskStatus.Unknown : null, VendorErrors.KeptOnRecord(error, profile, task, RunId));
        else if (task.Status == ImageTaskStatus.Planned && Stop.IsCancellationRequested)
            Entry.UpdateTask(index, t => t with { Status = ImageTaskStatus.Canceled });
        else if (task.Status == ImageTaskStatus.Planned)
            Fail(index, ImageTaskStatus.Canceled, VendorErrors.NotSentInTime(profile, Timeout, RunId));
        else if (task.IsOpen && !Stop.IsCancellationRequested)
            Fail(index, null, VendorErrors.TimedOut(profile, task, Timeout, RunId));
    }

    /// <summary>Why a task has not brought its pictures; null when it has.</summary>
    public ImageError? ErrorOf(int index) => _unwritten.GetValueOrDefault(index) ?? Task(index).Error;

    /// <summary>Tells how a task stands; with better words than the vendor's own, where there are any.</summary>
    public void Report(int index, double? percent = null, string? word = null)
    {
        TaskRecord task = Task(index);
        Observer.Progress(new RunProgress(RunId, task.Provider, task.Status, word ?? task.VendorStatus, percent));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ending.Dispose();
        _deadline.Dispose();
    }
}
