namespace PSImageGen.Core.Providers.Described;

/// <summary>What the user says of a vendor that is registered; what is left out is looked for in its document.</summary>
public sealed record VendorWords
{
    /// <summary>The id to type.</summary>
    public required string Name { get; init; }

    /// <summary>Where calls go; null for the first address of the document.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>The endpoints that make pictures, as <c>POST /images</c>; empty to look for them.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];

    /// <summary>Where a task is asked for, as <c>GET /jobs/{id}</c>.</summary>
    public string? Poll { get; init; }

    /// <summary>Where the result of an ended task is asked for, where its state does not tell.</summary>
    public string? Result { get; init; }

    /// <summary>Where answers hold the id of a task.</summary>
    public IReadOnlyList<string> IdFields { get; init; } = [];

    /// <summary>Where answers hold the state of a task.</summary>
    public IReadOnlyList<string> StatusFields { get; init; } = [];

    /// <summary>Where answers hold the pictures.</summary>
    public IReadOnlyList<string> OutputFields { get; init; } = [];

    /// <summary>Where answers hold the words of a failure.</summary>
    public IReadOnlyList<string> ErrorFields { get; init; } = [];

    /// <summary>States that mean the pictures are there.</summary>
    public IReadOnlyList<string> DoneWords { get; init; } = [];

    /// <summary>States that mean it failed.</summary>
    public IReadOnlyList<string> FailedWords { get; init; } = [];

    /// <summary>The variable that holds the key; null for the usual one, where the vendor wants a key.</summary>
    public string? CredentialName { get; init; }

    /// <summary>Whether a key was given, whatever the document says.</summary>
    public bool HasKey { get; init; }

    /// <summary>The header that carries the key.</summary>
    public string? KeyHeader { get; init; }

    /// <summary>What stands before the key in that header.</summary>
    public string? KeyPrefix { get; init; }

    /// <summary>Where to get a key.</summary>
    public Uri? KeyPage { get; init; }

    /// <summary>What a picture costs; null where it is not known.</summary>
    public decimal? Price { get; init; }

    /// <summary><c>USD</c> or <c>credits</c>.</summary>
    public string Currency { get; init; } = "USD";
}
