namespace Harness.Tests.Measurement;

/// <summary>A clock that moves only when told to, and fires its timers as it passes them.</summary>
sealed class SteppedClock : TimeProvider
{
    readonly List<Timer> timers = [];
    TimeSpan now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => now.Ticks;

    public void Advance(double seconds)
    {
        now += TimeSpan.FromSeconds(seconds);
        foreach (Timer timer in timers.Where(timer => timer.Due <= now).ToArray())
        {
            timers.Remove(timer);
            timer.Fire();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Timer timer = new(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    sealed class Timer(SteppedClock clock, Action fire) : ITimer
    {
        public TimeSpan Due { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock.timers.Remove(this);
            Due = clock.now + dueTime;
            if (dueTime != Timeout.InfiniteTimeSpan)
                clock.timers.Add(this);
            return true;
        }

        public void Dispose() => clock.timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
