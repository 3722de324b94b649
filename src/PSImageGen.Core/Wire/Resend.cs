using Polly;
using Polly.Retry;
using PSImageGen.Core.Providers;

namespace PSImageGen.Core.Wire;

/// <summary>What came of sending once.</summary>
/// <param name="Answer">The vendor's answer; null when none was seen.</param>
/// <param name="Failure">Why it is no success; null when it is.</param>
/// <param name="RetryAfter">How long the answer asks to wait in the usual ways.</param>
public sealed record Sending(VendorAnswer? Answer, VendorFailure? Failure, TimeSpan? RetryAfter = null)
{
    /// <summary>Whether the same may be sent again. For a paid call only the provider's classification says so.</summary>
    public bool SendAgain => Failure?.SendAgain ?? false;

    /// <summary>The shortest wait before that.</summary>
    public TimeSpan? Wait => Failure?.RetryAfter ?? RetryAfter;
}

/// <summary>Sends again what may be sent again: Polly waits, our table (DESIGN section 6) decides.</summary>
public sealed class Resend
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(16);

    private readonly TimeProvider _clock;
    private readonly TimeSpan _first;

    /// <summary>Sets the pace.</summary>
    /// <param name="clock">Measures the waits.</param>
    /// <param name="first">The first wait; each next is twice as long, at most 16 s.</param>
    public Resend(TimeProvider clock, TimeSpan? first = null)
    {
        _clock = clock;
        _first = first ?? TimeSpan.FromSeconds(1);
    }

    /// <summary>Sends until the result is final, 5 times at most.</summary>
    /// <param name="send">Sends once.</param>
    /// <param name="deadline">A wait that would go beyond it is not begun.</param>
    /// <param name="onWait">Told before each wait: what went wrong, and how long the wait is.</param>
    /// <param name="cancel">Ends the waits.</param>
    public async Task<Sending> RunAsync(Func<CancellationToken, ValueTask<Sending>> send, DateTimeOffset deadline, Action<Sending, TimeSpan>? onWait, CancellationToken cancel)
    {
        ResiliencePipeline<Sending> pipeline = new ResiliencePipelineBuilder<Sending> { TimeProvider = _clock }
            .AddRetry(new RetryStrategyOptions<Sending>
            {
                MaxRetryAttempts = 4,
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Result is { SendAgain: true } sending
                    && _clock.GetUtcNow() + (sending.Wait ?? TimeSpan.Zero) < deadline),
                DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(Delay(arguments.AttemptNumber, arguments.Outcome.Result!.Wait)),
                OnRetry = arguments =>
                {
                    onWait?.Invoke(arguments.Outcome.Result!, arguments.RetryDelay);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
        return await pipeline.ExecuteAsync(send, cancel).ConfigureAwait(false);
    }

    /// <summary>The wait after an attempt: doubled each time, bounded, jittered, never shorter than the vendor asks.</summary>
    public TimeSpan Delay(int attempt, TimeSpan? retryAfter)
    {
        TimeSpan wait = TimeSpan.FromTicks((long)Math.Min(Longest.Ticks, _first.Ticks * Math.Pow(2, Math.Min(attempt, 30))));
#pragma warning disable CA5394 // Jitter needs no secrecy.
        wait *= 0.75 + (Random.Shared.NextDouble() * 0.25);
#pragma warning restore CA5394
        return retryAfter > wait ? retryAfter.Value : wait;
    }
}
