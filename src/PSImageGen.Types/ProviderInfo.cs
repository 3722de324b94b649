namespace PSImageGen;

/// <summary>A provider as this session sees it. Never carries a key.</summary>
public sealed record ProviderInfo
{
    /// <summary>The id to give to <c>-Provider</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>The vendor's name.</summary>
    public required string DisplayName { get; init; }

    /// <summary>Whether a call can be made: a credential is present or none is needed.</summary>
    public required bool Configured { get; init; }

    /// <summary>True where calls cost nothing.</summary>
    public required bool Free { get; init; }

    /// <summary>What it can do.</summary>
    public required IReadOnlyList<ImageOperation> Operations { get; init => field = Lists.Indexable(value); }

    /// <summary>The model used when none is named.</summary>
    public string? DefaultModel { get; init; }

    /// <summary>The variables that may hold its key, first found wins.</summary>
    public IReadOnlyList<string> CredentialNames { get; init => field = Lists.Indexable(value); } = [];

    /// <summary>Where the key was found, such as <c>environment: OPENAI_API_KEY</c>; null when none was.</summary>
    public string? CredentialSource { get; init; }

    /// <summary>Where calls go.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>The variable that replaces the base URL.</summary>
    public string? BaseUrlVariable { get; init; }

    /// <summary>The document it was registered from; null for one that is built in.</summary>
    public string? Origin { get; init; }

    /// <summary>Where to get a key.</summary>
    public Uri? KeyPage { get; init; }
}
