using System.Globalization;

namespace PSImageGen.Module.Tests.Harness;

/// <summary>Whether a started process would hear an interrupt at all.</summary>
internal static class Signals
{
    /// <summary>True where interrupts are ignored, as in a shell's background job: what is started inherits that.</summary>
    public static bool AreIgnored { get; } = OperatingSystem.IsLinux() && File.Exists("/proc/self/status")
        && File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } line
        && (ulong.Parse(line.AsSpan(7).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 0b10) != 0;
}
