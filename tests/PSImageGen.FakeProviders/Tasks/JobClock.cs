namespace PSImageGen.FakeProviders.Tasks;

/// <summary>How far a job is.</summary>
internal enum JobPhase
{
    Queued,
    Running,
    Over,
}

/// <summary>The pace of a vendor's jobs, besides the time they take.</summary>
internal sealed class JobPace
{
    /// <summary>When above 0, a job is over at this poll, however long it takes; an event of a stream counts as a poll.</summary>
    public int PollsUntilDone { get; set; }

    /// <summary>How many of those polls find it queued.</summary>
    public int QueuedPolls { get; set; } = 1;

    /// <summary>The part of the time that is spent queued.</summary>
    public double QueuedShare { get; set; } = 0.3;
}

/// <summary>When one job starts and ends. Not safe for several threads at once.</summary>
internal sealed class JobClock(double seconds, JobPace pace)
{
    private int _polls;

    public DateTimeOffset Created { get; } = DateTimeOffset.UtcNow;

    public DateTimeOffset? Started { get; private set; }

    public DateTimeOffset? Ended { get; private set; }

    /// <summary>Stays queued for ever.</summary>
    public bool NeverEnds { get; set; }

    /// <summary>When it will end, if time decides.</summary>
    public DateTimeOffset? EndsAt => NeverEnds || pace.PollsUntilDone > 0 ? null : Created.AddSeconds(seconds);

    public DateTimeOffset? StartsAt => NeverEnds || pace.PollsUntilDone > 0 ? null : Created.AddSeconds(seconds * pace.QueuedShare);

    /// <summary>How long to wait before looking again.</summary>
    public TimeSpan Tick => pace.PollsUntilDone > 0 ? TimeSpan.FromMilliseconds(20) : TimeSpan.FromSeconds(double.Clamp(seconds / 20, 0.01, 0.25));

    /// <summary>From 0 to 1, once it runs.</summary>
    public double Progress
    {
        get
        {
            if (Ended is not null || Started is null)
                return Ended is null ? 0 : 1;
            double done = pace.PollsUntilDone > 0
                ? (_polls - pace.QueuedPolls) / (double)int.Max(1, pace.PollsUntilDone - pace.QueuedPolls)
                : (DateTimeOffset.UtcNow - Started.Value) / (EndsAt!.Value - Started.Value);
            return double.Clamp(done, 0, 0.99);
        }
    }

    public JobPhase Poll()
    {
        _polls++;
        return Look();
    }

    /// <summary>The phase, without counting.</summary>
    public JobPhase Look()
    {
        if (Ended is not null)
            return JobPhase.Over;
        if (NeverEnds)
            return JobPhase.Queued;
        DateTimeOffset now = DateTimeOffset.UtcNow;
        if (pace.PollsUntilDone > 0)
        {
            if (_polls > pace.QueuedPolls || _polls >= pace.PollsUntilDone)
                Started ??= now;
            if (_polls >= pace.PollsUntilDone)
                Ended = now;
        }
        else
        {
            if (now >= StartsAt)
                Started ??= StartsAt;
            if (now >= EndsAt)
                Ended = EndsAt;
        }

        return Ended is not null ? JobPhase.Over : Started is not null ? JobPhase.Running : JobPhase.Queued;
    }

    /// <summary>Ends it before its time.</summary>
    public void End(DateTimeOffset? at = null) => Ended ??= at ?? DateTimeOffset.UtcNow;

    /// <summary>Ends it before its time as if it had run.</summary>
    public void Finish()
    {
        Started ??= Created;
        End();
    }
}
