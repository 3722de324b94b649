using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Tests.Contracts;

/// <summary>A vendor's own OpenAPI document, asked whether it allows a message. What each is and where it comes from: documents/README.md.</summary>
internal sealed class ApiDocument
{
    private readonly JsonObject _root;
    private readonly SchemaCheck _schemas;

    private ApiDocument(JsonObject root)
    {
        _root = root;
        _schemas = new SchemaCheck(root);
    }

    public static ApiDocument Load(string name) =>
        new(JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Contracts", "documents", name + ".json")))!.AsObject());

    /// <summary>What is wrong with a message; empty when nothing is.</summary>
    /// <param name="method">GET, POST …</param>
    /// <param name="url">Where it goes.</param>
    /// <param name="body">What goes.</param>
    /// <param name="files">The pictures that the body names by their index.</param>
    public async Task<IReadOnlyList<Violation>> CheckAsync(HttpMethod method, Uri url, RequestBody body, IReadOnlyList<InputFile> files)
    {
        if (Operation(method, url) is not { } operation)
            return [new Violation(string.Empty, "path", $"{method} {url}")];
        if (body is RequestBody.None)
            return (bool?)operation["requestBody"]?["required"] == true ? [new Violation(string.Empty, "required", "no body")] : [];
        // What goes over the wire is what counts, so it is written for real.
        using HttpContent content = body.ToContent(files)!;
        string media = content.Headers.ContentType!.MediaType!;
        return operation["requestBody"]?["content"]?[media]?["schema"] is not { } schema ? [new Violation(string.Empty, "media", media)]
            : body is RequestBody.Multipart form ? CheckForm(form, schema)
            : _schemas.Check(JsonNode.Parse(await content.ReadAsStringAsync()), schema);
    }

    /// <summary>The path of a URL as the document counts paths.</summary>
    public string PathOf(Uri url)
    {
        string server = (string?)_root["servers"]?[0]?["url"] ?? string.Empty;
        string whole = server.StartsWith('/') ? url.AbsolutePath : url.GetLeftPart(UriPartial.Path);
        return whole.StartsWith(server, StringComparison.Ordinal) ? whole[server.TrimEnd('/').Length..] : whole;
    }

    private JsonObject? Operation(HttpMethod method, Uri url)
    {
        string path = PathOf(url);
        return _root["paths"]!.AsObject()
            .Where(p => Regex.IsMatch(path, $"^{Regex.Replace(Regex.Escape(p.Key), @"\\\{[^}]+}", "[^/]+")}$"))
            // A path that is written out goes before one with places to fill.
            .OrderBy(p => p.Key.Count(c => c == '{'))
            .Select(p => p.Value![method.Method.ToLowerInvariant()] as JsonObject).FirstOrDefault();
    }

    // A form's values are texts; each is read as what the document has in its place. A list repeats its name, with or without [] behind it.
    private IReadOnlyList<Violation> CheckForm(RequestBody.Multipart form, JsonNode schema)
    {
        JsonObject properties = _schemas.Resolve(schema)["properties"]!.AsObject(), whole = [];
        List<Violation> found = [];
        foreach (IGrouping<string, BodyPart> parts in form.Parts.Where(p => p.FileIndex is not null || p.Value is not null).GroupBy(p => p.Name))
        {
            bool list = parts.Key.EndsWith("[]", StringComparison.Ordinal);
            string name = list ? parts.Key[..^2] : parts.Key;
            JsonNode property = properties[name] ?? new JsonObject();
            found.AddRange(parts.Where(p => properties.ContainsKey(name) && (p.FileIndex is not null) != IsBinary(property)).Select(p => new Violation(name, "part", p.FileIndex is null ? "a text" : "a file")));
            if (!list && parts.Count() > 1)
                found.Add(new Violation(name, "part", $"{parts.Count()} of the same name"));
            JsonNode[] values = [.. parts.Select(p => Read(p.Value ?? "a picture", property))];
            whole[name] = list ? new JsonArray([.. values]) : values[0];
        }

        return [.. found, .. _schemas.Check(whole, schema)];
    }

    private JsonNode Read(string text, JsonNode schema)
    {
        try
        {
            return _schemas.Check(text, schema).Count > 0 && JsonNode.Parse(text) is JsonValue value ? value : text;
        }
        catch (JsonException)
        {
            return text;
        }
    }

    private bool IsBinary(JsonNode node)
    {
        JsonObject schema = _schemas.Resolve(node);
        return (string?)schema["format"] == "binary" || (schema["items"] is { } items && IsBinary(items)) || (schema["anyOf"] as JsonArray ?? []).Any(s => IsBinary(s!));
    }
}
