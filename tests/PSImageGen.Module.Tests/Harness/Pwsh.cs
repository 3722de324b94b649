using System.Diagnostics;
using System.Text.Json.Nodes;

namespace PSImageGen.Module.Tests.Harness;

/// <summary>The PowerShell of this machine, looked for once.</summary>
internal sealed record Pwsh(string Path, Version Version, IReadOnlySet<string> Modules)
{
    private static readonly Version Oldest = new(7, 4);

    private static readonly Lazy<(Pwsh? Found, string? Reason)> Search = new(Look);

    /// <summary>The one to use. Only for tests that were not skipped.</summary>
    public static Pwsh Found => Search.Value.Found ?? throw new InvalidOperationException(Search.Value.Reason);

    /// <summary>Why there is none; null when there is one.</summary>
    public static string? Missing => Search.Value.Reason;

    private static (Pwsh? Found, string? Reason) Look()
    {
        string name = OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh";
        string? path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => System.IO.Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        if (path is null)
            return (null, "PowerShell was not found: there is no 'pwsh' on PATH. Install PowerShell 7.4 or later to run this test.");

        try
        {
            ProcessStartInfo start = new(path, ["-NoProfile", "-NonInteractive", "-Command",
                "@{ Version = $PSVersionTable.PSVersion.ToString(); Modules = @(Get-Module -ListAvailable Pester, PSScriptAnalyzer, *ThreadJob | ForEach-Object { \"$($_.Name) $($_.Version.Major)\" }) } | ConvertTo-Json -Compress"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
            };
            Surroundings.Clean(start.Environment);
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            string text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            JsonNode answer = JsonNode.Parse(text)!;
            Version version = Version.Parse(((string)answer[nameof(Version)]!).Split('-')[0]);
            return version >= Oldest
                ? (new Pwsh(path, version, answer[nameof(Modules)]!.AsArray().Select(m => (string)m!).ToHashSet()), null)
                : (null, $"'{path}' is PowerShell {version}; the module needs {Oldest} or later.");
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or System.Text.Json.JsonException or InvalidOperationException)
        {
            return (null, $"'{path}' could not be used: {e.Message}");
        }
    }
}
