namespace PSImageGen.Core.Wire;

/// <summary>How long to wait for what. The total wait is the run's own.</summary>
public sealed record TransportLimits
{
    /// <summary>For a connection.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>For an answer to begin, where it is not the picture itself.</summary>
    public TimeSpan Headers { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Between two pieces of an answer.</summary>
    public TimeSpan BetweenBytes { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Between two signs of life of an event stream; comments count.</summary>
    public TimeSpan BetweenEvents { get; init; } = TimeSpan.FromSeconds(120);
}
