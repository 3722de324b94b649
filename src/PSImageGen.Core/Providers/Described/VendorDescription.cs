using System.Text.Json;
using System.Text.Json.Serialization;
using PSImageGen.Core.Planning;

namespace PSImageGen.Core.Providers.Described;

/// <summary>
/// What of a vendor's API document is needed to order from it, read once when it is registered: data, without any secret. Paths are below
/// the base URL; a field is a path of property names in an answer (<c>job.state</c>, <c>result.images[].url</c>).
/// </summary>
public sealed record VendorDescription
{
    /// <summary>The id users type.</summary>
    public required string Name { get; init; }

    /// <summary>The vendor's own name for its API.</summary>
    public string? Title { get; init; }

    /// <summary>Where the document was read: a path or an address.</summary>
    public required string Document { get; init; }

    /// <summary>When, as <c>yyyy-MM-dd</c>.</summary>
    public required string Date { get; init; }

    /// <summary>Where calls go. The key goes to this host and to no other.</summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>The variables that may hold the key; empty where none is needed.</summary>
    public IReadOnlyList<string> CredentialNames { get; init; } = [];

    /// <summary>The header that carries the key.</summary>
    public string KeyHeader { get; init; } = "Authorization";

    /// <summary>What stands before the key in that header.</summary>
    public string KeyPrefix { get; init; } = "Bearer ";

    /// <summary>Where to get a key.</summary>
    public Uri? KeyPage { get; init; }

    /// <summary>The path to ask how a task stands, with <c>{id}</c> in it; null where the answer to an order is the picture.</summary>
    public string? Poll { get; init; }

    /// <summary>The path to ask what an ended task brought, with <c>{id}</c> in it; null where its state tells.</summary>
    public string? Result { get; init; }

    /// <summary>Where answers hold the id of a task; the usual names are tried after these.</summary>
    public IReadOnlyList<string> IdFields { get; init; } = [];

    /// <summary>Where answers hold the state of a task.</summary>
    public IReadOnlyList<string> StatusFields { get; init; } = [];

    /// <summary>Where answers hold the pictures.</summary>
    public IReadOnlyList<string> OutputFields { get; init; } = [];

    /// <summary>Where answers hold the words of a failure.</summary>
    public IReadOnlyList<string> ErrorFields { get; init; } = [];

    /// <summary>States that mean the pictures are there, beside the usual words.</summary>
    public IReadOnlyList<string> DoneWords { get; init; } = [];

    /// <summary>States that mean it failed, beside the usual words.</summary>
    public IReadOnlyList<string> FailedWords { get; init; } = [];

    /// <summary>Properties of answers that hold pictures as base64, beside the usual names.</summary>
    public IReadOnlyList<string> Base64Fields { get; init; } = [];

    /// <summary>The models: rows as in a catalogue, with the order's <c>path</c> among their fields.</summary>
    public required IReadOnlyList<ModelRow> Models { get; init; }

    /// <summary>How it is written to disk.</summary>
    internal static JsonSerializerOptions Json { get; } = new(CatalogueJson.Options)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
