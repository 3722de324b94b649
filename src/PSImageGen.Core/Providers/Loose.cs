using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PSImageGen.Core.Providers;

/// <summary>Reads JSON of vendors whose documents leave names or shapes open: the first of several names counts, and a wrong type is nothing.</summary>
internal static class Loose
{
    /// <summary>The property that comes first under one of these names and is not null.</summary>
    public static JsonNode? Node(JsonNode? from, params ReadOnlySpan<string> names)
    {
        if (from is not JsonObject o)
            return null;
        foreach (string name in names)
        {
            if (o[name] is { } value)
                return value;
        }

        return null;
    }

    /// <summary>The first non-empty text, or number as a text, under one of these names.</summary>
    public static string? Text(JsonNode? from, params ReadOnlySpan<string> names)
    {
        if (from is not JsonObject o)
            return null;
        foreach (string name in names)
        {
            if (o[name] is JsonValue value && value.GetValueKind() is JsonValueKind.String or JsonValueKind.Number && value.ToString() is { Length: > 0 } text)
                return text;
        }

        return null;
    }

    /// <summary>The first number under one of these names.</summary>
    public static decimal? Number(JsonNode? from, params ReadOnlySpan<string> names) =>
        Node(from, names) is JsonValue value && value.GetValueKind() == JsonValueKind.Number
        && decimal.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) ? number : null;

    /// <summary>The words of a failure: a text, or an object's message.</summary>
    public static string? Words(JsonNode? from, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            JsonNode? value = Node(from, name);
            if (Text(from, name) is { } text && value!.GetValueKind() == JsonValueKind.String)
                return text;
            if (Text(value, "message", "msg", "error_message", "code") is { } inner)
                return inner;
        }

        return null;
    }

    /// <summary>The texts of a list; null unless it is a list of nothing but texts, and not empty.</summary>
    public static IReadOnlyList<string>? Texts(JsonNode? list)
    {
        if (list is not JsonArray { Count: > 0 } items)
            return null;
        string[] texts = [.. items.Select(i => i is JsonValue v && v.TryGetValue(out string? text) ? text : string.Empty)];
        return texts.All(t => t.Length > 0) ? texts : null;
    }

    /// <summary>The pictures of a value: a list, one object with a link, or a link itself.</summary>
    public static IReadOnlyList<Picture> Pictures(JsonNode? value, int parts) => value switch
    {
        null => [],
        JsonArray list => [.. list.SelectMany(item => item is JsonArray ? [] : Pictures(item, parts))],
        JsonObject item => Picture.From(Node(item, "url", "image_url", "imageUrl"), parts) is { } picture ? [picture] : [],
        _ => Picture.From(value, parts) is { } picture ? [picture] : [],
    };
}
