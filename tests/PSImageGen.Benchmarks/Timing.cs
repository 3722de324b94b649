using System.Diagnostics;

namespace PSImageGen.Benchmarks;

/// <summary>Times of repeated work.</summary>
internal static class Timing
{
    /// <summary>Milliseconds of each repetition in ascending order, after one that does not count.</summary>
    public static double[] Repeat(int times, Action work)
    {
        work();
        double[] milliseconds = new double[times];
        for (int i = 0; i < times; i++)
        {
            long start = Stopwatch.GetTimestamp();
            work();
            milliseconds[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(milliseconds);
        return milliseconds;
    }

    /// <summary>The value below which a share of the sorted values lies.</summary>
    public static double At(this double[] sorted, double share) => sorted[(int)Math.Round((sorted.Length - 1) * share)];
}
