using PSImageGen.FakeProviders.Faults;

namespace PSImageGen.FakeProviders.Vendors;

/// <summary>How far a task is.</summary>
internal enum TaskPhase
{
    Queued,
    Running,
    Succeeded,
    Failed,
    Canceled,
}

/// <summary>A task that is done after a while, unless a fault has changed its course.</summary>
internal class TimedTask(string id, string prompt, int images, double seconds)
{
    private const double ShareOfQueue = 0.3;

    private readonly Lock _gate = new();
    private (TaskPhase Phase, string? Word)? _end;
    private string? _nextWord;
    private bool _neverReady;
    private int _polls;

    public string Id { get; } = id;

    public string Prompt { get; } = prompt;

    /// <summary>Pictures asked for and charged.</summary>
    public int Images { get; } = images;

    /// <summary>Pictures that are not delivered.</summary>
    public int Missing { get; private set; }

    public DateTimeOffset Started { get; } = DateTimeOffset.UtcNow;

    /// <summary>What a fault says about why the task failed.</summary>
    public string? FailureCode { get; private set; }

    public bool HasForeignLinks { get; private set; }

    public bool HasFailed
    {
        get
        {
            lock (_gate)
                return _end?.Phase is TaskPhase.Failed or TaskPhase.Canceled;
        }
    }

    /// <summary>Whether it has ended; asking changes nothing.</summary>
    public bool IsOver(int pollsUntilReady)
    {
        lock (_gate)
            return Phase(pollsUntilReady) is TaskPhase.Succeeded or TaskPhase.Failed or TaskPhase.Canceled;
    }

    /// <summary>How far it is, and the word for that when a fault has chosen one, as a poll sees it.</summary>
    public (TaskPhase Phase, string? Word) Poll(int pollsUntilReady)
    {
        lock (_gate)
        {
            _polls++;
            return Look(pollsUntilReady);
        }
    }

    /// <summary>The same as a stream sees it, which goes by time alone.</summary>
    public (TaskPhase Phase, string? Word) Watch()
    {
        lock (_gate)
        {
            (TaskPhase Phase, string? Word) seen = Look(pollsUntilReady: 0);
            if (seen.Phase == TaskPhase.Succeeded)
                _end ??= seen;
            return seen;
        }
    }

    /// <summary>Lets a fault change the task itself.</summary>
    /// <param name="fault">The fault, if any.</param>
    /// <param name="endOf">Which end a word of <see cref="FaultKind.PollStatus"/> is; null when it is none.</param>
    /// <param name="refusal">The code of a refusal by content policy.</param>
    public void Apply(Fault? fault, Func<string, TaskPhase?> endOf, string refusal)
    {
        lock (_gate)
        {
            switch (fault?.Kind)
            {
                case FaultKind.Refuse:
                    (_end, FailureCode) = ((TaskPhase.Failed, null), fault.Code ?? refusal);
                    break;
                case FaultKind.PollStatus when endOf(fault.TaskStatus!) is TaskPhase end:
                    (_end, FailureCode) = ((end, fault.TaskStatus), fault.Code);
                    break;
                case FaultKind.PollStatus:
                    _nextWord = fault.TaskStatus;
                    break;
                case FaultKind.FewerImages:
                    Missing = 1;
                    break;
                case FaultKind.NeverReady:
                    _neverReady = true;
                    break;
                case FaultKind.ForeignLink:
                    HasForeignLinks = true;
                    break;
            }
        }
    }

    private (TaskPhase Phase, string? Word) Look(int pollsUntilReady)
    {
        if (_end is { } end)
            return end;
        if (_nextWord is not { } word)
            return (Phase(pollsUntilReady), null);
        _nextWord = null;
        return (TaskPhase.Running, word);
    }

    private TaskPhase Phase(int pollsUntilReady)
    {
        if (_end is { } end)
            return end.Phase;
        double done = pollsUntilReady > 0 ? (double)_polls / pollsUntilReady
            : seconds <= 0 ? 1
            : (DateTimeOffset.UtcNow - Started).TotalSeconds / seconds;
        return done >= 1 && !_neverReady ? TaskPhase.Succeeded : done < ShareOfQueue ? TaskPhase.Queued : TaskPhase.Running;
    }
}
