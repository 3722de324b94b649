using System.Text.Json;
using System.Text.Json.Nodes;

namespace PSImageGen.Core.Artifacts.Metadata;

/// <summary>Writes what is remembered as JSON, and reads JSON that anybody may have put into a file.</summary>
internal static class FactsJson
{
    private static readonly JsonDocumentOptions Careful = new() { MaxDepth = 32 };
    private static readonly JsonSerializerOptions Compact = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One line, letters of all languages as they are.</summary>
    public static string ToLine(JsonObject facts) => facts.ToJsonString(Compact);

    /// <summary>The object that a text holds; null when it holds none.</summary>
    public static JsonObject? Parse(string text)
    {
        try
        {
            JsonObject? json = JsonNode.Parse(text, null, Careful) as JsonObject;
            // A name given twice shows only when it is looked at.
            _ = json?.Count;
            return json;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>A text; null where there is none.</summary>
    public static string? Text(JsonNode? json) => json is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <summary>A whole number; null where there is none.</summary>
    public static long? Whole(JsonNode? json) => json is JsonValue value && value.TryGetValue(out long number) ? number : null;

    /// <summary>A number; null where there is none.</summary>
    public static decimal? Number(JsonNode? json) => json is JsonValue value && value.TryGetValue(out decimal number) ? number : null;
}
