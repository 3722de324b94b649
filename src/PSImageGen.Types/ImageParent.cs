namespace PSImageGen;

/// <summary>A picture that another one was made from.</summary>
public sealed record ImageParent
{
    /// <summary>What it was for: <c>source</c>, <c>mask</c>, <c>style</c> or <c>reference</c>.</summary>
    public required string Role { get; init; }

    /// <summary>Where it lay on disk; null for a link.</summary>
    public string? Path { get; init; }

    /// <summary>The link; null for a file.</summary>
    public Uri? Url { get; init; }

    /// <summary>SHA-256 of the file, lower-case hexadecimal; null for a link.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The run that made it, where it came as a result.</summary>
    public string? RunId { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Path ?? Url?.ToString() ?? Role;
}
