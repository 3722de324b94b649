using PSImageGen.Core.Wire;

namespace PSImageGen.Benchmarks;

/// <summary>How late the end of a job is seen, and how many questions that takes, over jobs of simulated length.</summary>
internal static class Polling
{
    public static string Jobs()
    {
        (double From, double To)[] lengths = [(3, 15), (15, 60), (60, 300)];
        return string.Join("; ", lengths.Select(l => Describe(l.From, l.To)));
    }

    private static string Describe(double from, double to)
    {
        Random random = new(1);
        (double Late, int Questions, double Share)[] jobs = [.. Enumerable.Range(0, 2000).Select(_ =>
        {
            double length = from + (random.NextDouble() * (to - from));
            (double late, int questions) = Follow(length);
            return (late, questions, late / length);
        })];
        return $"jobs of {from:0} to {to:0} s seen {jobs.Average(j => j.Late):0.0} s late ({jobs.Average(j => j.Share):0 %}) with {jobs.Average(j => j.Questions):0.0} questions";
    }

    private static (double Late, int Questions) Follow(double length)
    {
        HandClock clock = new();
        PollSchedule schedule = new(clock, new Resend(clock));
        for (int questions = 1; ; questions++)
        {
            clock.Now += schedule.AfterAnswer();
            if (clock.Now.TotalSeconds >= length)
                return (clock.Now.TotalSeconds - length, questions);
        }
    }

    private sealed class HandClock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
