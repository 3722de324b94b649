using System.Text.Json.Nodes;

namespace PSImageGen.Core.OpenApi;

/// <summary>A request as a form to fill in: every required field, and every field that has a default. It fits its own schema.</summary>
internal static class RequestTemplate
{
    private const int MaxDepth = 8;

    /// <summary>The template of a body; null when no value that fits could be thought of.</summary>
    public static JsonNode? Of(ApiSchema body) => Value(body, "body", 0) is { } value ? value : null;

    private static JsonNode? Value(ApiSchema schema, string name, int depth) =>
        schema.Variants.Where(v => !v.Types.SequenceEqual(["null"])).SelectMany(v => Candidates(v, name, depth)).FirstOrDefault(c => SchemaCheck.Fault(schema, c) is null)?.DeepClone();

    private static IEnumerable<JsonNode?> Candidates(ApiSchema schema, string name, int depth)
    {
        if (schema.Default is not null)
            yield return schema.Default;
        foreach (JsonNode? value in schema.Values.Where(v => v is not null))
            yield return value;
        foreach (string type in schema.Types.Count > 0 ? schema.Types : ["string", "object"])
        {
            foreach (JsonNode? value in type switch
            {
                "string" => Texts(schema, name),
                "integer" or "number" => Numbers(schema),
                "boolean" => [JsonValue.Create(false)],
                "array" => [new JsonArray(), List(schema, name, depth)],
                "object" when depth < MaxDepth => [Object(schema, depth)],
                _ => [],
            })
            {
                yield return value;
            }
        }

        if (schema.Example is not null)
            yield return schema.Example;
    }

    private static IEnumerable<JsonNode?> Texts(ApiSchema schema, string name)
    {
        string text = schema.Format is "uri" or "url" ? $"https://example.com/{name}.png"
            : name.Contains("prompt", StringComparison.OrdinalIgnoreCase) ? "Describe what to generate"
            : $"<{name}>";
        yield return text;
        if (schema.MaxLength is { } most && text.Length > most)
            yield return text[..most];
        if (schema.MinLength is { } least and < 1000 && text.Length < least)
            yield return text.PadRight(least, '.');
    }

    private static IEnumerable<JsonNode?> Numbers(ApiSchema schema)
    {
        yield return 1;
        decimal step = schema.MultipleOf ?? 1;
        if (schema.Minimum is { } least)
        {
            yield return JsonValue.Create(Math.Ceiling(least / step) * step);
            yield return JsonValue.Create((Math.Floor(least / step) + 1) * step);
            if (schema.Maximum is { } most)
                yield return JsonValue.Create((least + most) / 2);
        }

        if (schema.Maximum is { } top)
        {
            yield return JsonValue.Create(Math.Floor(top / step) * step);
            yield return JsonValue.Create((Math.Ceiling(top / step) - 1) * step);
        }

        yield return JsonValue.Create(step);
    }

    private static JsonArray? List(ApiSchema schema, string name, int depth)
    {
        if (schema.MinItems is not (> 0 and <= 100) || depth >= MaxDepth)
            return null;
        JsonArray list = [];
        for (int i = 0; i < schema.MinItems; i++)
            list.Add(Value(schema.Items ?? ApiSchema.Anything, name, depth + 1));
        return list;
    }

    private static JsonObject Object(ApiSchema schema, int depth)
    {
        JsonObject made = [];
        foreach (string name in schema.Required)
            made[name] = Value(schema.Properties.GetValueOrDefault(name) ?? ApiSchema.Anything, name, depth + 1);
        foreach ((string name, ApiSchema property) in schema.Properties.Where(p => p.Value.Default is not null && !made.ContainsKey(p.Key) && SchemaCheck.Fault(p.Value, p.Value.Default) is null))
            made[name] = property.Default!.DeepClone();
        return made;
    }
}
