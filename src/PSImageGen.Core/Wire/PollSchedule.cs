namespace PSImageGen.Core.Wire;

/// <summary>
/// When to ask again: every 2 s at first, then every tenth of the time gone, so that on average a result is seen at most 1 s or 5 % of
/// the job late, with at most one question per 2 s.
/// </summary>
public sealed class PollSchedule
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _clock;
    private readonly Resend _backoff;
    private readonly TimeSpan _shortest;
    private readonly long _start;
    private int _errors;

    /// <summary>Begins to count.</summary>
    /// <param name="clock">Measures the time gone.</param>
    /// <param name="backoff">The pace after errors.</param>
    /// <param name="least">The shortest wait the vendor allows; null when it states nothing.</param>
    public PollSchedule(TimeProvider clock, Resend backoff, TimeSpan? least = null)
    {
        ArgumentNullException.ThrowIfNull(clock);
        _clock = clock;
        _backoff = backoff;
        _shortest = least > Shortest ? least.Value : Shortest;
        _start = clock.GetTimestamp();
    }

    /// <summary>Questions that failed in a row; they say nothing about the task.</summary>
    public int ErrorsInARow => _errors;

    /// <summary>The wait before the next question after an answer.</summary>
    public TimeSpan AfterAnswer(TimeSpan? hint = null)
    {
        _errors = 0;
        TimeSpan wait = _clock.GetElapsedTime(_start) / 10;
        wait = wait > Longest ? Longest : wait;
        wait = wait < _shortest ? _shortest : wait;
        return hint > wait ? hint.Value : wait;
    }

    /// <summary>The wait before the next question after one that failed.</summary>
    public TimeSpan AfterError(TimeSpan? retryAfter)
    {
        TimeSpan wait = _backoff.Delay(++_errors, retryAfter);
        return wait < _shortest ? _shortest : wait;
    }
}
