using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PSImageGen.Core.OpenApi;

/// <summary>One operation of an OpenAPI document. What it takes is read when it is first asked for.</summary>
public sealed partial class ApiEndpoint
{
    private readonly ApiSchemaReader _schemas;
    private readonly JsonObject _item;
    private readonly JsonObject _operation;

    internal ApiEndpoint(ApiDocument document, ApiSchemaReader schemas, string method, string path, JsonObject item, JsonObject operation)
    {
        Document = document;
        _schemas = schemas;
        Method = method;
        Path = path;
        _item = item;
        _operation = operation;
    }

    /// <summary>The document.</summary>
    public ApiDocument Document { get; }

    /// <summary><c>POST</c>, <c>GET</c>, …</summary>
    public string Method { get; }

    /// <summary>The path as written there, <c>/v1/generation/x</c>.</summary>
    public string Path { get; }

    /// <summary>Method and path.</summary>
    public string Name => $"{Method} {Path}";

    /// <summary>The path without a version before it: endpoints with the same key are the same.</summary>
    public string Key => KeyOf(Path);

    /// <summary>What it does, in the document's words.</summary>
    public string? Summary => Text("summary") ?? Text("description");

    /// <summary>The vendor's words for what it belongs to.</summary>
    public IReadOnlyList<string> Tags => [.. (_operation["tags"] as JsonArray ?? []).Select(t => t is JsonValue v && v.TryGetValue(out string? tag) ? tag : string.Empty).Where(t => t.Length > 0)];

    /// <summary>The address that its own part of the document names, or the document's; null when neither does.</summary>
    public string? Server => ServerIn(_operation) ?? ServerIn(_item) ?? (Document.Servers.Count > 0 ? Document.Servers[0] : null);

    /// <summary>The media types it takes: JSON first, then a form, then others; empty when it takes no body.</summary>
    public IReadOnlyList<string> MediaTypes => field ??=
        [.. (Content(_schemas.Resolve(_operation["requestBody"])) ?? []).Select(c => c.Key).OrderBy(t => t.StartsWith("application/json", StringComparison.Ordinal) ? 0 : t == "multipart/form-data" ? 1 : 2)];

    /// <summary>What its body may be, in the first of its media types; null when it takes none.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>: the document cannot be understood there.</exception>
    public ApiSchema? Body => field ??= MediaTypes.Count > 0 ? BodyAs(MediaTypes[0]) : null;

    /// <summary>The name of the body's schema; null where it is written in place.</summary>
    public string? BodyName => Body?.Name;

    /// <summary>The fields of its body, the required first.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>: the document cannot be understood there.</exception>
    public IReadOnlyList<ApiField> Fields => field ??= Body is { } body ? ApiField.Of(body) : [];

    /// <summary>The names of the query parameters it must have.</summary>
    public IReadOnlyList<string> RequiredQuery => [.. Parameters("query").Where(p => (bool?)(p["required"] as JsonValue) == true).Select(p => (string)p["name"]!)];

    /// <summary>The statuses of its refusals: <c>400</c>, <c>402</c>, <c>5XX</c>, <c>default</c>.</summary>
    public IReadOnlyList<string> ErrorCodes => [.. Responses.Select(r => r.Key).Where(c => c.StartsWith('4') || c.StartsWith('5') || c == "default")];

    /// <summary>Whether it may answer with a stream of events.</summary>
    public bool Streams => Succeeding.Any(r => Content(r)?.ContainsKey("text/event-stream") == true) || Key.Split('/').Any(s => s is "sse" or "stream");

    /// <summary>Whether it answers with a picture itself.</summary>
    public bool AnswersWithPicture => Succeeding.Any(r => Content(r)?.Any(c => c.Key.StartsWith("image/", StringComparison.Ordinal)) == true);

    /// <summary>What it answers when all is well; null when the document does not say.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>: the document cannot be understood there.</exception>
    public ApiSchema? Answer => Succeeding.Select(r => Content(r)).Select(c => (c?.FirstOrDefault(t => t.Key.Contains("json", StringComparison.Ordinal)).Value ?? c?.FirstOrDefault().Value) as JsonObject)
        .Where(m => m?["schema"] is not null).Select(m => _schemas.Read(m!["schema"])).FirstOrDefault();

    private JsonObject Responses => _operation["responses"] as JsonObject ?? [];

    private IEnumerable<JsonObject> Succeeding => Responses.Where(r => r.Key.StartsWith('2')).Select(r => _schemas.Resolve(r.Value)).OfType<JsonObject>();

    /// <summary>What its body may be in a media type.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>: the document cannot be understood there.</exception>
    public ApiSchema? BodyAs(string mediaType) =>
        (Content(_schemas.Resolve(_operation["requestBody"]))?[mediaType] as JsonObject)?["schema"] is { } schema ? _schemas.Read(schema) : null;

    /// <summary>
    /// Its path below a base URL: what base and path have in common where they meet (<c>…/api/v1</c> and <c>/v1/generation</c>) counts once.
    /// </summary>
    public string Below(Uri baseUrl)
    {
        ArgumentNullException.ThrowIfNull(baseUrl);
        string[] path = Path.Split('/', StringSplitOptions.RemoveEmptyEntries), above = baseUrl.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (int common = Math.Min(path.Length, above.Length); common > 0; common--)
        {
            if (above.AsSpan(above.Length - common).SequenceEqual(path.AsSpan(0, common)))
                return string.Join('/', path[common..]);
        }

        return string.Join('/', path);
    }

    /// <summary>Takes <c>POST /x</c> apart; the method is null where it is left out.</summary>
    internal static (string? Method, string Path) Split(string endpoint)
    {
        string[] parts = endpoint.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return parts is [var method, var path] ? (method.ToUpperInvariant(), Rooted(path)) : (null, Rooted(parts is [var only] ? only : string.Empty));
        static string Rooted(string path) => "/" + path.TrimStart('/').TrimEnd('/');
    }

    /// <summary>A path without the version before it, names of its places aside.</summary>
    internal static string KeyOf(string path) => Place().Replace(WithoutVersion(path), "{}");

    /// <summary>A path without the version before it.</summary>
    internal static string WithoutVersion(string path) => Version().Replace(path, "/").TrimEnd('/');

    private IEnumerable<JsonObject> Parameters(string place) =>
        (_item["parameters"] as JsonArray ?? []).Concat(_operation["parameters"] as JsonArray ?? []).Select(p => _schemas.Resolve(p)).OfType<JsonObject>()
            .Where(p => p["in"] is JsonValue v && v.TryGetValue(out string? where) && where == place && p["name"] is JsonValue n && n.TryGetValue(out string? _));

    private static JsonObject? Content(JsonObject? of) => of?["content"] as JsonObject;

    private static string? ServerIn(JsonObject part) =>
        (part["servers"] as JsonArray)?.OfType<JsonObject>().Select(s => s["url"] is JsonValue v && v.TryGetValue(out string? url) ? Wire.PlainText.Clean(url, 500).TrimEnd('/') : null).FirstOrDefault();

    private string? Text(string name) => _operation[name] is JsonValue v && v.TryGetValue(out string? text) ? Wire.PlainText.Clean(text, 300) : null;

    [GeneratedRegex(@"\A/v\d+[a-z0-9]*(?=/|\z)/?", RegexOptions.CultureInvariant)]
    private static partial Regex Version();

    [GeneratedRegex(@"\{[^/]*?\}", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
