using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Providers.Described;

namespace PSImageGen.Core.OpenApi;

/// <summary>The endpoints of a vendor's documents that make pictures, as users see them.</summary>
public sealed class EndpointList
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // What lies beside pictures on platforms that make more than those.
    private static readonly string[] OtherKinds = ["video", "videos", "audio", "speech", "music", "tts", "chat", "upload", "uploads", "trainings", "cancel", "estimate", "pricing", "delete", "files"];
    private static readonly string[] Makers = ["generation", "generations", "predictions", "txt2img", "img2img", "images"];
    private static readonly string[] PictureFields = ["image", "images", "image_url", "image_urls", "init_image", "input_image", "mask"];

    private readonly ApiDocuments _documents;
    private readonly JsonNode? _navigation;
    private readonly ProviderRegistry? _registry;

    /// <summary>Lists the endpoints of some documents.</summary>
    /// <param name="documents">The documents.</param>
    /// <param name="navigation">The vendor's docs.json, whose groups tell which endpoints are for pictures; null for none.</param>
    /// <param name="registry">The providers whose endpoints are known here, for where no document tells any; null for none.</param>
    public EndpointList(ApiDocuments documents, JsonNode? navigation = null, ProviderRegistry? registry = null)
    {
        _documents = documents;
        _registry = registry;
        _navigation = navigation;
    }

    /// <summary>
    /// The endpoints for pictures: those of the group Images in docs.json, else those of the documents that look like it, else those that
    /// are known here of the vendor; each once, whatever its partners.
    /// </summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>: a document cannot be understood; <c>NotFound</c>: there are none.</exception>
    public IReadOnlyList<EndpointInfo> Images()
    {
        EndpointInfo[] found = [.. Found()];
        if (found.Length == 0)
            found = [.. Known()];
        return found.Length > 0 ? found : throw Errors.NoImageEndpoints(_documents.Name);
    }

    /// <summary>Those of docs.json or of the documents alone; maybe none.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>: a document cannot be understood.</exception>
    public IEnumerable<EndpointInfo> Found()
    {
        string[] pages = [.. ImagePages(_navigation).Distinct()];
        IEnumerable<EndpointInfo> found = pages.Length > 0
            ? pages.Select(page => _documents.Find(page) is { } endpoint ? Brief(endpoint) : OfName(page, "docs.json"))
            : ForPictures().Select(Brief);
        return found.DistinctBy(e => e.Endpoint);
    }

    /// <summary>All that is known of one endpoint.</summary>
    /// <exception cref="AIImageException"><c>NotFound</c>, with the nearest there are; <c>InvalidRequest</c>: the document cannot be understood there.</exception>
    public EndpointInfo Detail(string name)
    {
        if (_documents.Find(name) is not { } endpoint)
        {
            string key = ApiEndpoint.KeyOf(ApiEndpoint.Split(name).Path);
            throw Known().FirstOrDefault(e => new[] { e.Endpoint, e.Polling }.Any(n => n is not null && ApiEndpoint.KeyOf(ApiEndpoint.Split(n).Path) == key)) is { } listed
                ? Errors.EndpointUndescribed(name, listed.Source)
                : Errors.EndpointNotInDocument(_documents.Name, name, Similar(name));
        }

        // Where only one of the partners says what goes in, it holds for both.
        ApiEndpoint described = new[] { endpoint, _documents.PollingOf(endpoint), _documents.StreamOf(endpoint) }.FirstOrDefault(e => e?.Body is not null) ?? endpoint;
        return Brief(endpoint) with
        {
            Summary = endpoint.Summary,
            Server = endpoint.Server,
            MediaType = described.MediaTypes.Count > 0 ? described.MediaTypes[0] : null,
            Schema = described.BodyName,
            Fields = [.. described.Fields.Select(Field)],
            Statuses = StatusesOf(_documents.PollOf(endpoint)),
            QueueStatuses = StatusesOf(_documents.PollingOf(endpoint) ?? endpoint),
            ErrorCodes = endpoint.ErrorCodes,
            Template = described.Body is { } body ? RequestTemplate.Of(body)?.ToJsonString(Readable) : null,
        };
    }

    // Of the vendor whose document it is, or of any where there is none.
    private IEnumerable<EndpointInfo> Known()
    {
        string?[] hosts = [.. _documents.Documents.SelectMany(d => d.Servers).Select(s => Uri.TryCreate(s, UriKind.Absolute, out Uri? url) ? url.Host : null)];
        return (_registry?.Providers ?? []).Where(p => _documents.Documents.Count == 0 || hosts.Contains(p.Profile.BaseUrl.Host, StringComparer.OrdinalIgnoreCase)).SelectMany(p => p.Endpoints);
    }

    private IReadOnlyList<string> Similar(string name) =>
        [.. SimilarNames.To(ApiEndpoint.Split(name).Path, _documents.Endpoints.Select(e => e.Path), parts: true).Select(path => _documents.Endpoints.First(e => e.Path == path).Name)];

    /// <summary>An endpoint of which nothing but the name is known.</summary>
    internal static EndpointInfo OfName(string endpoint, string source) =>
        new() { Endpoint = endpoint, Model = ModelOf(ApiEndpoint.Split(endpoint).Path), Source = source };

    /// <summary>The model in a path: what follows <c>generation</c>, else all of it.</summary>
    internal static string ModelOf(string path)
    {
        string[] segments = [.. ApiEndpoint.WithoutVersion(path).Split('/', StringSplitOptions.RemoveEmptyEntries).Where(s => s is not ("sse" or "stream" or "api"))];
        int from = Array.FindIndex(segments, s => s is "generation");
        return string.Join('/', from >= 0 && from < segments.Length - 1 ? segments[(from + 1)..] : segments);
    }

    // Of a document in a style of its own: those that are taken when it is registered.
    private ApiEndpoint[] ForPictures() =>
        _documents.Endpoints.Where(IsForPictures).ToArray() is { Length: > 0 } usual ? usual : [.. _documents.Endpoints.Where(Discovery.IsForPictures)];

    private static bool IsForPictures(ApiEndpoint endpoint)
    {
        if (endpoint.Method != "POST" || endpoint.MediaTypes.Count == 0)
            return false;
        string[] segments = endpoint.Key.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (segments.Length == 0 || segments.Intersect(OtherKinds).Any())
            return false;
        if (segments.Intersect(Makers).Any() || endpoint.AnswersWithPicture)
            return endpoint.Body!.Variants.Any(v => v.Properties.Count > 0);
        string[] fields = [.. endpoint.Fields.Select(f => f.Name)];
        return fields.Contains("prompt") || (fields.Intersect(PictureFields).Any() && Speaks(endpoint, "image"));
    }

    private static bool Speaks(ApiEndpoint endpoint, string word) =>
        new[] { endpoint.Path, endpoint.Summary }.Concat(endpoint.Tags).Any(t => t?.Contains(word, StringComparison.OrdinalIgnoreCase) == true);

    private static IEnumerable<string> ImagePages(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject o when o["group"] is JsonValue group && group.TryGetValue(out string? name) && name == "Images" && o["pages"] is JsonArray pages:
                return Pages(pages);
            case JsonObject o:
                return o.SelectMany(m => ImagePages(m.Value));
            case JsonArray list:
                return list.SelectMany(ImagePages);
            default:
                return [];
        }
    }

    private static IEnumerable<string> Pages(JsonNode? node) => node switch
    {
        JsonArray list => list.SelectMany(Pages),
        JsonObject group => Pages(group["pages"]),
        JsonValue page when page.TryGetValue(out string? text) && text.StartsWith("POST /", StringComparison.OrdinalIgnoreCase) => [Wire.PlainText.Clean(text, 300)],
        _ => [],
    };

    private static EndpointField Field(ApiField field) => new()
    {
        Name = field.Name,
        Required = field.Required,
        Type = field.Type,
        Default = field.Default is { } usual ? (usual is JsonValue ? usual.ToString() : usual.ToJsonString()) : null,
        AllowedValues = [.. field.AllowedValues.Select(v => v.ToString())],
        Rule = field.AllowedValues.Count == 0 && IsBounded(field.Schema) ? SchemaCheck.Describe(field.Schema) : null,
        Description = field.Description,
    };

    private static bool IsBounded(ApiSchema schema) => schema.Variants.Any(v => v.Minimum is not null || v.Maximum is not null || v.MultipleOf is not null || v.MaxLength is not null || v.MaxItems is not null);

    private static IReadOnlyList<string> StatusesOf(ApiEndpoint? endpoint)
    {
        if (endpoint?.Answer is not { } answer)
            return [];
        // The answer's own state; some wrap it once.
        IEnumerable<ApiSchema> places = answer.Variants.Concat(answer.Variants.SelectMany(v => v.Properties).Where(p => p.Key is "data" or "result" or "task").SelectMany(p => p.Value.Variants));
        return [.. places.SelectMany(p => p.Properties).Where(p => p.Key is "status" or "state").SelectMany(p => p.Value.KnownValues).Select(v => v.ToString()).Distinct()];
    }

    private EndpointInfo Brief(ApiEndpoint endpoint)
    {
        ApiEndpoint? stream = _documents.StreamOf(endpoint), polling = _documents.PollingOf(endpoint);
        ApiEndpoint? poll = _documents.PollOf(endpoint);
        return new EndpointInfo
        {
            Endpoint = (stream ?? endpoint).Name,
            Model = ModelOf(endpoint.Path),
            Stream = stream?.Name,
            Polling = (polling == stream && poll is null ? null : polling)?.Name,
            Poll = poll is null ? null : poll.RequiredQuery is [var id] ? $"{poll.Name}?{id}={{{id}}}" : poll.Name,
            Summary = endpoint.Summary,
            Server = endpoint.Server,
            Source = endpoint.Document.Name,
        };
    }
}
