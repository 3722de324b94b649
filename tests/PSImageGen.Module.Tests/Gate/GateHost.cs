namespace PSImageGen.Module.Tests.Gate;

/// <summary>Where a call is made, and what comes of a question there.</summary>
public sealed record GateHost(string Name, Outcome WhenAsked)
{
    public static readonly IReadOnlyList<GateHost> OnTerminals =
    [
        new("terminal, y", Outcome.Made) { Answer = "y" },
        new("terminal, n", Outcome.Declined) { Answer = "n" },
        new("terminal, Enter", Outcome.Made) { Answer = "" },
        new("terminal, -NonInteractive", Outcome.ConsentRequired) { Answer = "y", Interactive = false },
    ];

    public static readonly IReadOnlyList<GateHost> Elsewhere =
    [
        new("redirected input that has ended", Outcome.ConsentRequired),
        new("redirected input with empty lines", Outcome.ConsentRequired) { Input = "\n" },
        new("redirected input that says y", Outcome.ConsentRequired) { Input = "y\n" },
        new("redirected input, -NonInteractive", Outcome.ConsentRequired) { Input = "\n", Interactive = false },
        new("ForEach-Object -Parallel", Outcome.ConsentRequired) { Input = "\n", Within = "Parallel" },
        new("Start-ThreadJob", Outcome.ConsentRequired) { Input = "\n", Within = "ThreadJob" },
    ];

    /// <summary>What the user types at the question.</summary>
    public string? Answer { get; init; }

    /// <summary>A line of the redirected input, repeated without end.</summary>
    public string? Input { get; init; }

    public bool Interactive { get; init; } = true;

    /// <summary>The kind of runspace beside the main one.</summary>
    public string Within { get; init; } = "Main";
}
