namespace PSImageGen.Module.Tests.Harness;

/// <summary>What a test needs beside PowerShell.</summary>
[Flags]
public enum Needs
{
    None = 0,

    /// <summary>A pseudo terminal, where a question can be asked and answered.</summary>
    Terminal = 1,

    /// <summary>Signals that one process sends to another.</summary>
    Signals = 2,

    Pester = 4,

    ScriptAnalyzer = 8,

    /// <summary>The /proc file system.</summary>
    Proc = 16,
}

/// <summary>A test in a real PowerShell; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PwshFactAttribute : FactAttribute
{
    public Needs Needs { get; set; }

    public override string? Skip
    {
        get => base.Skip ?? Reasons.Against(Needs);
        set => base.Skip = value;
    }
}

/// <summary>A test with data in a real PowerShell; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PwshTheoryAttribute : TheoryAttribute
{
    public Needs Needs { get; set; }

    public override string? Skip
    {
        get => base.Skip ?? Reasons.Against(Needs);
        set => base.Skip = value;
    }
}

internal static class Reasons
{
    /// <summary>Why a test cannot run here; null when it can.</summary>
    public static string? Against(Needs needs)
    {
        if (Pwsh.Missing is { } missing)
            return missing;
        if (needs.HasFlag(Needs.Terminal) && Terminal.Missing is { } terminal)
            return terminal;
        if (needs.HasFlag(Needs.Signals) && OperatingSystem.IsWindows())
            return "Windows has no signals that one process could send to another.";
        if (needs.HasFlag(Needs.Proc) && !Directory.Exists("/proc/self/fd"))
            return "There is no /proc file system to look at a process from outside.";
        if (needs.HasFlag(Needs.Pester) && !Pwsh.Found.Modules.Contains("Pester 5"))
            return "Pester 5 is not installed: Install-Module Pester -MinimumVersion 5.0 -MaximumVersion 5.99";
        if (needs.HasFlag(Needs.ScriptAnalyzer) && !Pwsh.Found.Modules.Contains("PSScriptAnalyzer 1"))
            return "PSScriptAnalyzer is not installed: Install-Module PSScriptAnalyzer";
        return null;
    }
}
