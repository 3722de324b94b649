using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace PSImageGen;

/// <summary>
/// Lets work run on other threads while everything that touches the pipeline happens on the pipeline's own thread. Work is started
/// for one record and goes on while the next record is handled; at most a few run at once, and nothing is read ahead.
/// </summary>
internal sealed class Pump : IDisposable
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(500);

    private readonly BlockingCollection<(Action Action, bool Ends)> _posts = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly int _limit;
    private readonly Action _tick;
    private int _running;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Makes a pump.</summary>
    /// <param name="limit">How many works may run at once.</param>
    /// <param name="tick">Called on the pipeline thread about twice a second while it waits.</param>
    public Pump(int limit, Action tick)
    {
        _limit = limit;
        _tick = tick;
    }

    /// <summary>The user stops. From any thread; does not block.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>Has something done on the pipeline thread. From any thread.</summary>
    public void Post(Action action) => _posts.Add((action, false));

    /// <summary>Waits until one more work may be started. Pipeline thread only.</summary>
    public void WaitForSlot() => DrainWhile(() => _running >= _limit);

    /// <summary>Starts a work; its end and its failure come back to the pipeline thread.</summary>
    public void Start(Func<CancellationToken, Task> work)
    {
        _running++;
        _ = Task.Run(async () =>
        {
            Action end = () => { };
            try
            {
                await work(_stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                // Stopping is no error.
            }
            catch (Exception e)
            {
                end = ExceptionDispatchInfo.Capture(e).Throw;
            }

            _posts.Add((end, true));
        });
    }

    /// <summary>Waits until every work has ended. Pipeline thread only.</summary>
    public void Complete() => DrainWhile(() => _running > 0);

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        // Late posts of work that goes on by itself fall into a queue nobody reads; it must still be there to take them.
    }

    // After the first failure the works are told to stop, their posts are skipped but counted, and the failure is rethrown as it was
    // once they have ended. A failure may be the pipeline saying that it wants no more (Select-Object -First).
    private void DrainWhile(Func<bool> waiting)
    {
        while (waiting() || (_failure is not null && _running > 0))
        {
            if (_posts.TryTake(out (Action Action, bool Ends) post, TickEvery))
                Take(post);
            else
                Do(_tick);
        }

        while (_posts.TryTake(out (Action Action, bool Ends) ready))
            Take(ready);
        _failure?.Throw();
    }

    private void Take((Action Action, bool Ends) post)
    {
        if (post.Ends)
            _running--;
        Do(post.Action);
    }

    private void Do(Action action)
    {
        if (_failure is not null)
            return;
        try
        {
            action();
        }
        catch (Exception e)
        {
            _failure = ExceptionDispatchInfo.Capture(e);
            _stop.Cancel();
        }
    }
}
