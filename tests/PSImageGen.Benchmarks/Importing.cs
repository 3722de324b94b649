using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace PSImageGen.Benchmarks;

/// <summary>Import of the built module, each time in a new process, timed inside it.</summary>
internal static class Importing
{
    private const int Times = 10;

    public static string FreshProcess()
    {
        string root = typeof(Importing).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;
        string module = Path.Combine(root, "output", "PSImageGen");
        try
        {
            double[] times = [.. Enumerable.Range(0, Times + 1).Select(_ => Import(module)).Skip(1).Order()];
            return $"{times.At(0.5):0} ms (median of {Times}; {times[0]:0} to {times[^1]:0} ms)";
        }
        catch (Win32Exception)
        {
            return "skipped: pwsh was not found";
        }
    }

    private static double Import(string module)
    {
        string script = $"$watch = [System.Diagnostics.Stopwatch]::StartNew(); Import-Module '{module.Replace("'", "''", StringComparison.Ordinal)}'; $watch.Elapsed.TotalMilliseconds.ToString([cultureinfo]::InvariantCulture)";
        using Process pwsh = Process.Start(new ProcessStartInfo("pwsh", ["-NoProfile", "-NonInteractive", "-Command", script]) { RedirectStandardOutput = true })!;
        string text = pwsh.StandardOutput.ReadToEnd();
        pwsh.WaitForExit();
        return double.Parse(text, CultureInfo.InvariantCulture);
    }
}
