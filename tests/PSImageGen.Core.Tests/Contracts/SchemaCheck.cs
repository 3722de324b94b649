using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PSImageGen.Core.Tests.Contracts;

/// <summary>
/// Checks values against the schemas of an OpenAPI document (3.0 or 3.1), as far as vendors' documents go; a keyword it does not know
/// is an error of its own. Stricter than JSON Schema in one thing: where a document lists an object's fields, there are no others.
/// </summary>
internal sealed class SchemaCheck(JsonObject document)
{
    // What says nothing of whether a value is right. Of formats only the type counts: pictures stand for themselves.
    private static readonly HashSet<string> Notes = ["description", "title", "example", "examples", "default", "format", "deprecated", "discriminator", "readOnly", "writeOnly"];

    private static readonly HashSet<string> Keywords =
    [
        "$ref", "type", "nullable", "enum", "const", "allOf", "anyOf", "oneOf", "not", "properties", "required", "additionalProperties", "items", "minItems", "maxItems",
        "minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    ];

    /// <summary>What is wrong with a value; empty when nothing is.</summary>
    public IReadOnlyList<Violation> Check(JsonNode? value, JsonNode schema, string at = "")
    {
        List<Violation> found = [];
        Visit(value, schema.AsObject(), at, found);
        if (value is JsonObject members)
            CheckNames(members, schema.AsObject(), at, found);
        return found;
    }

    /// <summary>The schema a reference means, or the schema itself.</summary>
    public JsonObject Resolve(JsonNode schema) =>
        (string?)schema["$ref"] is { } reference ? Resolve(reference.Split('/').Skip(1).Aggregate((JsonNode)document, (node, name) => node[name.Replace("~1", "/", StringComparison.Ordinal)]!)) : schema.AsObject();

    private void Visit(JsonNode? value, JsonObject schema, string at, List<Violation> found)
    {
        if (schema.Select(p => p.Key).FirstOrDefault(k => !Keywords.Contains(k) && !Notes.Contains(k) && !k.StartsWith("x-", StringComparison.Ordinal)) is { } strange)
            throw new NotSupportedException($"The check does not know the keyword {strange} of the document.");
        if (schema.ContainsKey("$ref"))
            Visit(value, Resolve(schema), at, found);
        if (value is null && (bool?)schema["nullable"] == true)
            return;
        void Wrong(string rule) => found.Add(new Violation(at, rule, value?.ToString() ?? "null"));

        string[] types = schema["type"] switch { JsonArray list => [.. list.Select(t => (string)t!)], { } one => [(string)one!], _ => [] };
        if (types.Length > 0 && !types.Any(t => IsOfType(value, t)))
        {
            Wrong("type");
            return;
        }

        if (schema["enum"] is JsonArray words && !words.Any(w => JsonNode.DeepEquals(w, value)))
            Wrong("enum");
        if (schema.TryGetPropertyValue("const", out JsonNode? constant) && !JsonNode.DeepEquals(constant, value))
            Wrong("const");
        foreach (JsonNode? part in schema["allOf"] as JsonArray ?? [])
            Visit(value, part!.AsObject(), at, found);
        CheckChoice(value, schema, at, found);
        if (schema["not"] is { } never && Check(value, never).Count == 0)
            Wrong("not");

        if (value is JsonValue v && v.GetValueKind() == JsonValueKind.Number)
            CheckNumber(decimal.Parse(v.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture), schema, Wrong);
        else if (value is JsonValue text && text.GetValueKind() == JsonValueKind.String)
            CheckText((string)text!, schema, Wrong);
        else if (value is JsonArray items)
            CheckItems(items, schema, at, found, Wrong);
        else if (value is JsonObject members)
            CheckMembers(members, schema, at, found);
    }

    private void CheckChoice(JsonNode? value, JsonObject schema, string at, List<Violation> found)
    {
        foreach (string keyword in new[] { "anyOf", "oneOf" })
        {
            if (schema[keyword] is not JsonArray choices)
                continue;
            IReadOnlyList<Violation>[] tries = [.. choices.Select(c => Check(value, c!, at))];
            int fits = tries.Count(t => t.Count == 0);
            // The nearest tells most: of the right type, then with the fewest mistakes.
            if (fits == 0)
                found.AddRange(tries.OrderBy(t => t.Any(v => v.At == at && v.Rule == "type")).ThenBy(t => t.Count).First());
            else if (fits > 1 && keyword == "oneOf")
                found.Add(new Violation(at, "oneOf", $"{fits} that fit"));
        }
    }

    private static void CheckNumber(decimal number, JsonObject schema, Action<string> wrong)
    {
        if (number < (decimal?)schema["minimum"])
            wrong("minimum");
        if (number > (decimal?)schema["maximum"])
            wrong("maximum");
        if (number <= (decimal?)schema["exclusiveMinimum"])
            wrong("exclusiveMinimum");
        if (number >= (decimal?)schema["exclusiveMaximum"])
            wrong("exclusiveMaximum");
        if ((decimal?)schema["multipleOf"] is { } step && number % step != 0)
            wrong("multipleOf");
    }

    private static void CheckText(string text, JsonObject schema, Action<string> wrong)
    {
        int length = text.EnumerateRunes().Count();
        if (length < (int?)schema["minLength"])
            wrong("minLength");
        if (length > (int?)schema["maxLength"])
            wrong("maxLength");
        if ((string?)schema["pattern"] is { } pattern && !Regex.IsMatch(text, pattern))
            wrong("pattern");
    }

    private void CheckItems(JsonArray items, JsonObject schema, string at, List<Violation> found, Action<string> wrong)
    {
        if (items.Count < (int?)schema["minItems"])
            wrong("minItems");
        if (items.Count > (int?)schema["maxItems"])
            wrong("maxItems");
        for (int i = 0; schema["items"] is { } item && i < items.Count; i++)
            found.AddRange(Check(items[i], item, $"{at}[{i}]"));
    }

    private void CheckMembers(JsonObject members, JsonObject schema, string at, List<Violation> found)
    {
        foreach (string name in (schema["required"] as JsonArray ?? []).Select(n => (string)n!).Where(n => !members.ContainsKey(n)))
            found.Add(new Violation(Inside(at, name), "required", "nothing"));
        JsonObject properties = schema["properties"] as JsonObject ?? [];
        foreach ((string name, JsonNode? value) in members)
        {
            if (properties[name] is { } property)
                found.AddRange(Check(value, property, Inside(at, name)));
            else if (schema["additionalProperties"] is JsonObject others)
                found.AddRange(Check(value, others, Inside(at, name)));
        }
    }

    private void CheckNames(JsonObject members, JsonObject schema, string at, List<Violation> found)
    {
        // The parts of a whole are all of it together; each choice was looked at by itself.
        JsonObject[] parts = [.. Parts(schema)];
        HashSet<string> known = [.. parts.SelectMany(p => p["properties"] as JsonObject ?? []).Select(p => p.Key)];
        bool closed = parts.Any(p => p["additionalProperties"] is JsonValue b && !(bool)b);
        bool open = parts.Any(p => p["additionalProperties"] is JsonObject || (p["additionalProperties"] is JsonValue b && (bool)b));
        if (closed || (!open && known.Count > 0))
            found.AddRange(members.Where(m => !known.Contains(m.Key)).Select(m => new Violation(Inside(at, m.Key), "unknown", m.Value?.ToJsonString() ?? "null")));
    }

    private IEnumerable<JsonObject> Parts(JsonObject schema)
    {
        JsonObject real = Resolve(schema);
        return new[] { real }.Concat((real["allOf"] as JsonArray ?? []).SelectMany(p => Parts(p!.AsObject())));
    }

    private static bool IsOfType(JsonNode? value, string type) => (type, value?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        ("null", JsonValueKind.Null) or ("string", JsonValueKind.String) or ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("number", JsonValueKind.Number) => true,
        ("integer", JsonValueKind.Number) => decimal.TryParse(value!.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) && decimal.Truncate(number) == number,
        _ => false,
    };

    private static string Inside(string at, string name) => at.Length > 0 ? $"{at}.{name}" : name;
}
