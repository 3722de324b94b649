using System.Text.Json.Nodes;

namespace PSImageGen.Core.Providers.Described;

/// <summary>How a vendor wants its key.</summary>
/// <param name="Header">The header that carries it.</param>
/// <param name="Prefix">What stands before it there.</param>
internal sealed record KeyWay(string Header, string Prefix)
{
    /// <summary>The way a document tells; null where it tells none.</summary>
    /// <exception cref="AIImageException"><c>Unsupported</c>: none of its ways can be gone here.</exception>
    public static KeyWay? Of(string vendor, JsonObject root)
    {
        JsonObject schemes = (root["components"] as JsonObject)?["securitySchemes"] as JsonObject ?? [];
        // Those that are asked for everywhere go first.
        string[] wanted = [.. (root["security"] as JsonArray ?? []).OfType<JsonObject>().SelectMany(s => s).Select(s => s.Key)];
        JsonObject[] all = [.. schemes.OrderBy(s => wanted.Contains(s.Key, StringComparer.Ordinal) ? 0 : 1).Select(s => s.Value).OfType<JsonObject>()];
        if (all.Length == 0)
            return null;
        return all.Select(Read).FirstOrDefault(way => way is not null) ?? throw Errors.KeyWayUnsupported(vendor);
    }

    private static KeyWay? Read(JsonObject scheme) => (Text(scheme, "type"), Text(scheme, "scheme")?.ToLowerInvariant(), Text(scheme, "in")) switch
    {
        ("http", "bearer", _) or ("oauth2" or "openIdConnect", _, _) => new KeyWay("Authorization", "Bearer "),
        ("apiKey", _, "header") when Text(scheme, "name") is { Length: > 0 } name && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') => new KeyWay(name, PrefixOf(scheme, name)),
        _ => null,
    };

    // Under the usual header a document often says in words what goes before the key.
    private static string PrefixOf(JsonObject scheme, string name) =>
        !string.Equals(name, "Authorization", StringComparison.OrdinalIgnoreCase) ? string.Empty
        : Text(scheme, "description") is { } words && words.Contains("Key ", StringComparison.Ordinal) && !words.Contains("Bearer", StringComparison.OrdinalIgnoreCase) ? "Key " : "Bearer ";

    private static string? Text(JsonObject from, string name) => from[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
