using System.Diagnostics;

namespace PSImageGen.Core.Tests.Support;

/// <summary>A Chromium on this machine, without a window.</summary>
internal static class Browser
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"];

    private static readonly string? Program = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(folder => Names.Select(n => Path.Combine(folder, OperatingSystem.IsWindows() ? n + ".exe" : n))).FirstOrDefault(File.Exists);

    /// <summary>Why there is none; null when there is one.</summary>
    public static string? Missing => Program is null ? $"No Chromium was found on PATH ({string.Join(", ", Names)})." : null;

    /// <summary>Opens a page, lets its scripts run, and gives what became of it, and what the browser had to complain about.</summary>
    public static async Task<(string Page, string Complaints)> OpenAsync(string url)
    {
        DirectoryInfo profile = Directory.CreateTempSubdirectory("psimagegen-browser-");
        try
        {
            ProcessStartInfo start = new(Program!, ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-background-networking", $"--user-data-dir={profile.FullName}",
                "--enable-logging=stderr", "--virtual-time-budget=1000", "--timeout=30000", "--dump-dom", url])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string page = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (page, string.Join('\n', (await errors).Split('\n').Where(l => l.Contains(":CONSOLE", StringComparison.Ordinal))));
        }
        finally
        {
            try
            {
                profile.Delete(recursive: true);
            }
            catch (IOException)
            {
                // The browser may still be putting things away.
            }
        }
    }
}

/// <summary>A test in a browser; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Browser.Missing;
}
