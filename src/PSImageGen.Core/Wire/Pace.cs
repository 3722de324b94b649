using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using PSImageGen.Core.Providers;

namespace PSImageGen.Core.Wire;

/// <summary>So many orders in so much time.</summary>
/// <param name="Count">How many.</param>
/// <param name="Per">In what time.</param>
public sealed record OrderRate(int Count, TimeSpan Per);

/// <summary>
/// The pace of the orders of one account at one vendor, shared by everything in this process that orders there: a refusal of one makes
/// the others wait too, what the vendor states is not exceeded, and what its headers tell is heeded.
/// </summary>
public sealed class Pace
{
    private static readonly ConcurrentDictionary<string, Pace> Accounts = new();

    private readonly object _lock = new();
    private readonly Queue<DateTimeOffset> _sent = new();
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _places = new();
    private DateTimeOffset _until;

    /// <summary>The pace of an account.</summary>
    public static Pace Of(Endpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        // The key itself is kept nowhere.
        byte[] key = SHA256.HashData(Encoding.UTF8.GetBytes(endpoint.Credential?.Reveal() ?? string.Empty));
        return Accounts.GetOrAdd($"{endpoint.Profile.Id}\n{endpoint.BaseUrl}\n{Convert.ToHexString(key)}", _ => new Pace());
    }

    /// <summary>Waits until one more order may be sent. A wait that would go beyond the deadline is not begun: the vendor's own answer says more.</summary>
    /// <param name="rate">What the vendor states; null when nothing.</param>
    /// <param name="clock">Measures the wait.</param>
    /// <param name="deadline">When the run ends.</param>
    /// <param name="onWait">Told how long each wait is.</param>
    /// <param name="cancel">Ends the wait.</param>
    public async Task WaitAsync(OrderRate? rate, TimeProvider clock, DateTimeOffset deadline, Action<TimeSpan>? onWait, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(clock);
        while (true)
        {
            TimeSpan wait;
            lock (_lock)
            {
                DateTimeOffset now = clock.GetUtcNow();
                wait = _until - now;
                if (rate is not null)
                {
                    while (_sent.TryPeek(out DateTimeOffset oldest) && oldest + rate.Per <= now)
                        _sent.Dequeue();
                    if (_sent.Count >= rate.Count && _sent.Peek() + rate.Per - now is var left && left > wait)
                        wait = left;
                }

                if (wait <= TimeSpan.Zero || now + wait >= deadline)
                {
                    if (rate is not null)
                        _sent.Enqueue(now);
                    return;
                }
            }

            onWait?.Invoke(wait);
            await Task.Delay(wait, clock, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Nobody is to order before then.</summary>
    public void Hold(DateTimeOffset until)
    {
        lock (_lock)
        {
            if (until > _until)
                _until = until;
        }
    }

    /// <summary>Heeds what the headers of an answer tell of the limit: with nothing remaining nobody orders before it is reset.</summary>
    public void Learn(VendorAnswer answer, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(answer);
        foreach ((string remaining, string reset) in RateHeaders.Names)
        {
            if (answer.Header(remaining)?.Trim() == "0" && RateHeaders.Reset(answer.Header(reset), now) is { } wait)
                Hold(now + wait);
        }
    }

    /// <summary>Takes a place among the tasks that may be under way at once; it is given back on disposal.</summary>
    /// <param name="of">What the ceiling is of: a model, or "" for the account.</param>
    /// <param name="ceiling">How many places there are; null for no ceiling.</param>
    /// <param name="cancel">Ends the wait.</param>
    public async Task<IDisposable?> EnterAsync(string of, int? ceiling, CancellationToken cancel)
    {
        if (ceiling is not { } most)
            return null;
        SemaphoreSlim places = _places.GetOrAdd(of, _ => new SemaphoreSlim(most));
        await places.WaitAsync(cancel).ConfigureAwait(false);
        return new Place(places);
    }

    private sealed class Place(SemaphoreSlim places) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
                places.Release();
        }
    }
}
