using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PSImageGen.Core.OpenApi;

/// <summary>
/// Reads the schemas of one document. References lead to places in the same document alone; one that leads back to where it is being
/// read means anything there. Nothing is fetched.
/// </summary>
internal sealed class ApiSchemaReader
{
    private const int MaxDepth = 32;
    private const int MaxSchemas = 50_000;
    private const int MaxText = 2000;

    private readonly JsonObject _root;
    private readonly string _document;
    private readonly HashSet<string> _open = [];
    private int _read;

    /// <summary>Reads schemas of a document.</summary>
    /// <param name="root">The document.</param>
    /// <param name="document">Its name, for messages.</param>
    public ApiSchemaReader(JsonObject root, string document)
    {
        _root = root;
        _document = document;
    }

    /// <summary>Reads one schema with all it refers to.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>: a reference that leads nowhere, elsewhere or round in a circle; too deep, too large.</exception>
    public ApiSchema Read(JsonNode? schema)
    {
        _open.Clear();
        _read = 0;
        return Read(schema, 0);
    }

    /// <summary>The object that a reference means, or the object itself: for what is no schema.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>.</exception>
    public JsonObject? Resolve(JsonNode? node)
    {
        HashSet<string> seen = [];
        while (node is JsonObject o && Text(o, "$ref") is { } reference)
            node = seen.Add(reference) ? Target(reference) : throw Errors.DocumentCircle(_document, reference);
        return node as JsonObject;
    }

    private ApiSchema Read(JsonNode? node, int depth)
    {
        if (depth > MaxDepth || ++_read > MaxSchemas)
            throw Errors.DocumentTooDeep(_document);
        // true: anything; false stands where a field is forbidden, which no template fills.
        if (node is not JsonObject schema)
            return ApiSchema.Anything with { Open = true };
        ApiSchema own = ReadOwn(schema, depth);
        if (Text(schema, "$ref") is not { } reference)
            return own;
        // Back where it is being read: a tree is all right, a name for itself is not.
        if (!_open.Add(reference))
            return Text(Target(reference) as JsonObject, "$ref") is null ? ApiSchema.Anything with { Name = NameOf(reference), Open = true } : throw Errors.DocumentCircle(_document, reference);
        ApiSchema target = Read(Target(reference), depth + 1);
        _open.Remove(reference);
        return ApiSchemaMerge.Both(target with { Name = NameOf(reference) }, own);
    }

    private ApiSchema ReadOwn(JsonObject schema, int depth)
    {
        Dictionary<string, ApiSchema> properties = [];
        foreach ((string name, JsonNode? property) in schema["properties"] as JsonObject ?? [])
        {
            ApiSchema read = Read(property, depth + 1);
            // What only the vendor sets is no field of a request.
            if (property is not JsonObject p || !Flag(p, "readOnly"))
                properties[name] = read;
        }

        List<string> types = schema["type"] switch { JsonArray list => [.. list.Select(TextOf).OfType<string>()], { } one when TextOf(one) is { } type => [type], _ => [] };
        if (types.Count == 0 && properties.Count > 0)
            types.Add("object");
        else if (types.Count == 0 && schema["items"] is not null)
            types.Add("array");
        if (types.Count > 0 && Flag(schema, "nullable") && !types.Contains("null"))
            types.Add("null");
        JsonNode?[] values = schema.TryGetPropertyValue("const", out JsonNode? constant) ? [constant] : schema["enum"] is JsonArray words ? [.. words] : [];
        ApiSchema own = new()
        {
            Types = types,
            Values = [.. values.Select(v => v?.DeepClone())],
            Default = schema["default"]?.DeepClone(),
            Example = (schema["example"] ?? (schema["examples"] as JsonArray)?.FirstOrDefault())?.DeepClone(),
            Format = Text(schema, "format") ?? (Text(schema, "contentEncoding") is "binary" ? "binary" : null),
            Description = Text(schema, "description") is { } words2 ? Wire.PlainText.Clean(words2, MaxText) : null,
            Minimum = Bound(schema, "minimum", "exclusiveMinimum", out bool above),
            AboveMinimum = above,
            Maximum = Bound(schema, "maximum", "exclusiveMaximum", out bool below),
            BelowMaximum = below,
            MultipleOf = Number(schema, "multipleOf") is > 0 and { } step ? step : null,
            MinLength = Count(schema, "minLength"),
            MaxLength = Count(schema, "maxLength"),
            Pattern = Text(schema, "pattern"),
            MinItems = Count(schema, "minItems"),
            MaxItems = Count(schema, "maxItems"),
            Items = schema["items"] is { } items ? Read(items, depth + 1) : null,
            Properties = properties,
            Required = [.. (schema["required"] as JsonArray ?? []).Select(TextOf).OfType<string>().Where(n => !IsReadOnly(schema, n)).Distinct()],
            Open = schema["additionalProperties"] is JsonObject || Flag(schema, "additionalProperties") || properties.Count == 0,
        };
        foreach (JsonNode? part in schema["allOf"] as JsonArray ?? [])
            own = ApiSchemaMerge.Both(Read(part, depth + 1), own);
        foreach (string keyword in new[] { "anyOf", "oneOf" })
        {
            if (schema[keyword] is JsonArray { Count: > 0 } choices)
                own = ApiSchemaMerge.Both(own, new ApiSchema { Choices = [.. choices.Select(c => Read(c, depth + 1))], Open = own.Open });
        }

        return own;
    }

    private JsonNode? Target(string reference)
    {
        if (!reference.StartsWith('#'))
            throw Errors.DocumentElsewhere(_document, reference);
        JsonNode? at = _root;
        foreach (string part in reference[1..].Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            string name = Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            at = at switch
            {
                JsonObject o => o[name],
                JsonArray list when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int i) && i < list.Count => list[i],
                _ => null,
            };
        }

        return at ?? throw Errors.DocumentNoTarget(_document, reference);
    }

    private static string NameOf(string reference) => reference[(reference.LastIndexOf('/') + 1)..];

    private static bool IsReadOnly(JsonObject schema, string property) => (schema["properties"] as JsonObject)?[property] is JsonObject p && Flag(p, "readOnly");

    // 3.0 has a flag beside the bound, 3.1 a bound of its own.
    private static decimal? Bound(JsonObject schema, string name, string exclusive, out bool without)
    {
        without = Flag(schema, exclusive) || Number(schema, exclusive) is not null;
        return Number(schema, exclusive) ?? Number(schema, name);
    }

    private static int? Count(JsonObject schema, string name) => Number(schema, name) is >= 0 and <= int.MaxValue and { } n ? (int)n : null;

    private static decimal? Number(JsonObject schema, string name) =>
        schema[name] is JsonValue v && v.GetValueKind() == JsonValueKind.Number && decimal.TryParse(v.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) ? number : null;

    private static bool Flag(JsonObject schema, string name) => schema[name] is JsonValue v && v.GetValueKind() == JsonValueKind.True;

    private static string? Text(JsonObject? schema, string name) => TextOf(schema?[name]);

    private static string? TextOf(JsonNode? node) => node is JsonValue v && v.TryGetValue(out string? text) ? text : null;
}
