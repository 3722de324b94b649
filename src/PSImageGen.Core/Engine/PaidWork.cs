namespace PSImageGen.Core.Engine;

/// <summary>
/// Counts the orders whose answer is still being read. When the process is about to end by itself, it is held for a short while, so
/// that an answer already paid for reaches the disk.
/// </summary>
internal static class PaidWork
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);
    private static readonly object Lock = new();
    private static int _open;
    private static bool _hooked;

    /// <summary>An order is about to be sent. Dispose when its outcome is on disk.</summary>
    public static IDisposable Begin()
    {
        lock (Lock)
        {
            if (!_hooked)
            {
                _hooked = true;
                AppDomain.CurrentDomain.ProcessExit += (_, _) => WaitForAll();
            }

            _open++;
        }

        return new Work();
    }

    private static void WaitForAll()
    {
        long until = Environment.TickCount64 + (long)Grace.TotalMilliseconds;
        lock (Lock)
        {
            for (long left = until - Environment.TickCount64; _open > 0 && left > 0; left = until - Environment.TickCount64)
                Monitor.Wait(Lock, (int)left);
        }
    }

    private sealed class Work : IDisposable
    {
        private bool _done;

        public void Dispose()
        {
            lock (Lock)
            {
                if (_done)
                    return;
                _done = true;
                _open--;
                Monitor.PulseAll(Lock);
            }
        }
    }
}
