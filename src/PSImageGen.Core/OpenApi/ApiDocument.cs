using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PSImageGen.Core.OpenApi;

/// <summary>One OpenAPI document, 3.0 to 3.2, in JSON or YAML. It is data of somebody else: read, never followed anywhere.</summary>
public sealed class ApiDocument
{
    /// <summary>The largest document that is read, in bytes. The largest that vendors publish have about 12 MB.</summary>
    public const int MaxBytes = 16 << 20;

    private const int MaxDepth = 100;

    private static readonly string[] Methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

    private readonly ApiSchemaReader _schemas;

    private ApiDocument(JsonObject root, string name, string version)
    {
        Root = root;
        Name = name;
        Version = version;
        _schemas = new ApiSchemaReader(root, name);
        Title = (root["info"] as JsonObject)?["title"] is JsonValue title && title.TryGetValue(out string? text) ? Wire.PlainText.Clean(text, 200) : null;
        Servers = ServersOf(root);
        Endpoints = [.. (root["paths"] as JsonObject ?? []).SelectMany(p => EndpointsOf(p.Key, p.Value))];
    }

    /// <summary>Where it came from: a path or link, for messages.</summary>
    public string Name { get; }

    /// <summary>All of it, as it is written.</summary>
    internal JsonObject Root { get; }

    /// <summary>The version of OpenAPI it is written in.</summary>
    public string Version { get; }

    /// <summary>What it calls itself.</summary>
    public string? Title { get; }

    /// <summary>The addresses it names, absolute or as paths (<c>/api/v1</c>); nothing is sent there because of it.</summary>
    public IReadOnlyList<string> Servers { get; }

    /// <summary>All endpoints in its order.</summary>
    public IReadOnlyList<ApiEndpoint> Endpoints { get; }

    /// <summary>Reads a document.</summary>
    /// <param name="content">The bytes of the file.</param>
    /// <param name="name">Its path or link, for messages.</param>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>: no OpenAPI document of a known version, or one that nobody would write in good faith.</exception>
    public static ApiDocument Read(byte[] content, string name)
    {
        JsonObject root = ParseObject(content, name);
        // In YAML a version may be a number.
        if (root["openapi"] is not JsonValue said || said.ToString() is not { Length: > 0 } version)
            throw root["swagger"] is JsonValue old ? Errors.DocumentTooOld(name, old.ToString()) : Errors.NoApiDocument(name);
        return version.StartsWith("3.", StringComparison.Ordinal) ? new ApiDocument(root, name, version) : throw Errors.DocumentTooOld(name, version);
    }

    /// <summary>The object that a JSON or YAML file holds.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>.</exception>
    internal static JsonObject ParseObject(byte[] content, string name)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (content.Length > MaxBytes)
            throw Errors.DocumentTooLarge(name, MaxBytes);
        try
        {
            ReadOnlySpan<byte> bytes = content.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? content.AsSpan(3) : content;
            JsonNode? root = bytes.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..]
                ? JsonNode.Parse(bytes, null, new JsonDocumentOptions { MaxDepth = MaxDepth, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true })
                : YamlText.Read(bytes.ToArray(), MaxDepth);
            // What stands there twice shows itself when it is looked at; better now than later.
            Walk(root);
            return root as JsonObject ?? throw Errors.NoApiDocument(name);
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException)
        {
            throw Errors.DocumentUnreadable(name, e);
        }
    }

    private static void Walk(JsonNode? node)
    {
        if (node is JsonObject members)
        {
            foreach ((_, JsonNode? value) in members)
                Walk(value);
        }
        else if (node is JsonArray items)
        {
            foreach (JsonNode? item in items)
                Walk(item);
        }
    }

    private IEnumerable<ApiEndpoint> EndpointsOf(string path, JsonNode? node)
    {
        if (path.StartsWith("x-", StringComparison.Ordinal) || _schemas.Resolve(node) is not { } item)
            yield break;
        if (!path.StartsWith('/') || path.StartsWith("//", StringComparison.Ordinal) || path.Any(c => c is '\\' or '?' or '#' || char.IsControl(c)) || path.Split('/').Contains(".."))
            throw Errors.DocumentPathElsewhere(Name, path);
        foreach (string method in Methods)
        {
            if (item[method] is JsonObject operation)
                yield return new ApiEndpoint(this, _schemas, method.ToUpperInvariant(), path, item, operation);
        }
    }

    private static List<string> ServersOf(JsonObject root)
    {
        List<string> servers = [];
        foreach (JsonObject server in (root["servers"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (TextOf(server["url"]) is not { } url)
                continue;
            foreach ((string name, JsonNode? variable) in server["variables"] as JsonObject ?? [])
                url = url.Replace("{" + name + "}", TextOf((variable as JsonObject)?["default"]) ?? string.Empty, StringComparison.Ordinal);
            servers.Add(url.Length > 1 ? Wire.PlainText.Clean(url, 500).TrimEnd('/') : url);
        }

        return servers;
    }

    private static string? TextOf(JsonNode? node) => node is JsonValue v && v.TryGetValue(out string? text) ? text : null;
}
