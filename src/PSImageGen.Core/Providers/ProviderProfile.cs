namespace PSImageGen.Core.Providers;

/// <summary>Who a provider is. The facts and their sources are in the vendor's documentation, linked by <see cref="KeyPage"/>.</summary>
public sealed record ProviderProfile
{
    /// <summary>The id users type.</summary>
    public required string Id { get; init; }

    /// <summary>The vendor's name.</summary>
    public required string DisplayName { get; init; }

    /// <summary>The vendor's address, its version path included, without a slash at the end.</summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>The variable that replaces it.</summary>
    public string? BaseUrlVariable { get; init; }

    /// <summary>Whether it lives wherever that variable says and nowhere else, as a server of the user's own does: it is there when the variable is set.</summary>
    public bool NeedsBaseUrl { get; init; }

    /// <summary>Whether that variable may carry a user and a password (<c>http://user:password@host</c>), which are the key, sent as HTTP's basic scheme.</summary>
    public bool KeyInBaseUrl { get; init; }

    /// <summary>The variables that may hold the key, first found wins; empty where none is needed.</summary>
    public IReadOnlyList<string> CredentialNames { get; init; } = [];

    /// <summary>A file of the vendor's own that may hold the key after the variables: a path below the user's home folder, holding JSON with <c>api_key</c> or the bare key.</summary>
    public string? KeyFile { get; init; }

    /// <summary>The variable that says how many seconds to wait unless the user says otherwise.</summary>
    public string? TimeoutVariable { get; init; }

    /// <summary>The variable that may name the vendor's OpenAPI documents: paths or links, several with <c>;</c> between them.</summary>
    public string? DocumentVariable { get; init; }

    /// <summary>Where to get a key.</summary>
    public Uri? KeyPage { get; init; }

    /// <summary>Where the account is seen and filled; by default where its keys are.</summary>
    public Uri? AccountPage { get => field ?? KeyPage; init; }

    /// <summary>The vendor's own way to ask for a missing key; null for the usual one.</summary>
    public string? KeyRequest { get; init; }

    /// <summary>The header that carries the key.</summary>
    public string KeyHeader { get; init; } = "Authorization";

    /// <summary>What stands before the key in that header.</summary>
    public string KeyPrefix { get; init; } = "Bearer ";

    /// <summary>Whether a key that it does not know is answered by 403, which elsewhere means a known key that may not do this.</summary>
    public bool ForbidsUnknownKeys { get; init; }

    /// <summary>Hosts beside the base URL's that may see the key; <c>.example.com</c> means every host below it.</summary>
    public IReadOnlyList<string> KeyHosts { get; init; } = [];

    /// <summary>The document it was registered from: a path or an address. Null for one that is built in.</summary>
    public string? Origin { get; init; }

    /// <summary>Whether calls cost nothing.</summary>
    public bool Free { get; init; }

    /// <summary>Whether it is used only when named, as a rehearsal is.</summary>
    public bool OnlyWhenNamed { get; init; }

    /// <summary>Whether the answer to the order is the picture itself: there is no task to come back to.</summary>
    public bool Synchronous { get; init; }

    /// <summary>How long links to finished pictures live; null when the vendor states nothing.</summary>
    public TimeSpan? LinkLifetime { get; init; }

    /// <summary>How long the vendor keeps an uploaded picture; a short time where it states nothing.</summary>
    public TimeSpan UploadLifetime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether input images may be given as links, to be fetched by the vendor.</summary>
    public bool TakesLinks { get; init; }

    /// <summary>The shortest time the vendor allows between two questions about a task; null when it states nothing.</summary>
    public TimeSpan? PollInterval { get; init; }

    /// <summary>How many orders the vendor takes in how much time; null when it states nothing.</summary>
    public Wire.OrderRate? OrderRate { get; init; }

    /// <summary>How many tasks of an account the vendor lets be under way at once; null when it states nothing, or lets the others wait itself.</summary>
    public int? ActiveTasks { get; init; }

    /// <summary>How many times "not found" may answer the question after a fresh task before it is believed.</summary>
    public int NotFoundGrace { get; init; }

    /// <summary>Whether the same order always brings the same picture, so that each picture of an order needs a seed of its own.</summary>
    public bool Deterministic { get; init; }

    /// <summary>Where an order without a seed gets one here, so that it is on record: below this. Null where the vendor draws it.</summary>
    public long? SeedBelow { get; init; }

    /// <summary>Answers instead of the network, for a provider that lives in this process.</summary>
    public Func<HttpMessageHandler>? Handler { get; init; }
}
