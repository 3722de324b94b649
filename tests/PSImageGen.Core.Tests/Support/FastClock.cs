namespace PSImageGen.Core.Tests.Support;

/// <summary>A clock that runs a hundred times as fast as the real one, and can be made to jump ahead.</summary>
internal sealed class FastClock : TimeProvider
{
    private const double Speed = 100;

    private readonly Lock _lock = new();
    private readonly HashSet<Alarm> _alarms = [];
    private readonly long _start = System.GetTimestamp();
    private readonly DateTimeOffset _epoch = DateTimeOffset.UtcNow;
    private TimeSpan _jumped;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    private TimeSpan Now
    {
        get
        {
            lock (_lock)
                return (System.GetElapsedTime(_start) * Speed) + _jumped;
        }
    }

    public override DateTimeOffset GetUtcNow() => _epoch + Now;

    public override long GetTimestamp() => Now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Alarm alarm = new(this, callback, state);
        lock (_lock)
            _alarms.Add(alarm);
        alarm.Change(dueTime, period);
        return alarm;
    }

    /// <summary>As if so much time had gone: what is due by then happens now.</summary>
    public void Jump(TimeSpan time)
    {
        Alarm[] alarms;
        lock (_lock)
        {
            _jumped += time;
            alarms = [.. _alarms];
        }

        foreach (Alarm alarm in alarms)
            alarm.Set();
    }

    private sealed class Alarm : ITimer
    {
        private readonly FastClock _clock;
        private readonly Timer _timer;
        private TimeSpan? _due;

        public Alarm(FastClock clock, TimerCallback callback, object? state)
        {
            _clock = clock;
            _timer = new Timer(_ =>
            {
                lock (_clock._lock)
                    _due = null;
                callback(state);
            });
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (period != Timeout.InfiniteTimeSpan && period != TimeSpan.Zero)
                throw new NotSupportedException("Nothing here rings twice.");
            lock (_clock._lock)
                _due = dueTime == Timeout.InfiniteTimeSpan ? null : _clock.Now + dueTime;
            Set();
            return true;
        }

        public void Set()
        {
            lock (_clock._lock)
            {
                TimeSpan wait = _due is { } due ? (due - _clock.Now) / Speed : Timeout.InfiniteTimeSpan;
                _timer.Change(_due is null ? wait : wait < TimeSpan.Zero ? TimeSpan.Zero : wait, Timeout.InfiniteTimeSpan);
            }
        }

        public void Dispose()
        {
            lock (_clock._lock)
                _clock._alarms.Remove(this);
            _timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
