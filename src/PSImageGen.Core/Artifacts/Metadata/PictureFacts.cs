using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Tasks;

namespace PSImageGen.Core.Artifacts.Metadata;

/// <summary>
/// What a picture remembers: one JSON object, named like the fields of a record. Pictures are shown around, so no path of this computer
/// is in it, no link, and no option that might be a key.
/// </summary>
internal static class PictureFacts
{
    /// <summary>Who wrote it, for the fields that name a program.</summary>
    public static readonly string Software = $"PSImageGen {typeof(PictureFacts).Assembly.GetName().Version?.ToString(3)}";

    // What a request holds beside prompt, seed, count and the pictures that go in.
    private static readonly string[] Kept =
    [
        "negative_prompt", "style", "size", "resolution", "aspect_ratio", "exact_size", "quality", "format", "background",
        "strength", "variance", "scale", "margins", "consistency_mode",
    ];

    private static readonly string[] Suspicious = ["key", "token", "secret", "password", "auth", "webhook", "callback", "url", "user"];

    private const int LongestOption = 400;

    /// <summary>What is known of one picture of a run.</summary>
    /// <param name="record">The run.</param>
    /// <param name="task">The order that brings the picture.</param>
    /// <param name="item">Its place among that order's pictures.</param>
    /// <param name="picture">The picture as it was announced.</param>
    /// <param name="secrets">Keys that must not appear, wherever a user may have put them.</param>
    public static JsonObject Of(RunRecord record, int task, int item, Picture picture, IReadOnlyList<string>? secrets = null)
    {
        JsonObject facts = Of(record, task, item, picture);
        string text = FactsJson.ToLine(facts);
        string masked = (secrets ?? []).Where(s => s.Length > 0).Aggregate(text, (t, s) => t.Replace(s, "***", StringComparison.Ordinal));
        return masked == text ? facts : FactsJson.Parse(masked) ?? new JsonObject { ["schema"] = 1, ["software"] = Software };
    }

    private static JsonObject Of(RunRecord record, int task, int item, Picture picture)
    {
        TaskRecord order = record.Tasks[task];
        JsonObject facts = new() { ["schema"] = 1, ["software"] = Software };
        Add(facts, "prompt_sha256", HashOf(record.Prompt));
        if (record.Parents.Count > 0)
            facts["parents"] = new JsonArray([.. record.Parents.Select(ParentOf)]);
        if (record.Metadata == MetadataMode.Hashes)
            return facts;

        facts["run_id"] = record.RunId;
        facts["provider"] = order.Provider;
        Add(facts, "model", order.Model.Length > 0 ? order.Model : null);
        facts["operation"] = record.Operation.ToString();
        Add(facts, "prompt", record.Prompt);
        Add(facts, "seed", picture.Seed ?? (item == 0 ? order.Seed : null));
        if (record.Request is { } request && RequestOf(request) is { Count: > 0 } kept)
            facts["request"] = kept;
        if ((order.Cost ?? order.Estimate) is { } cost && order.Count > 0)
            facts["cost"] = new JsonObject { ["amount"] = Math.Round(cost.Amount / order.Count, 6), ["currency"] = cost.Currency, ["estimated"] = order.Cost is null };
        facts["created"] = (order.Submitted ?? record.Timestamps.Created).ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        return facts;
    }

    /// <summary>SHA-256 of a text in UTF-8, lower-case hexadecimal.</summary>
    public static string? HashOf(string? text) => text is null ? null : Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text))).ToLowerInvariant();

    /// <summary>What of a recorded request may be shown around.</summary>
    public static JsonObject RequestOf(JsonObject request)
    {
        JsonObject kept = [];
        foreach (string name in Kept)
            Add(kept, name, request[name]?.DeepClone());
        if (request["provider_options"] is JsonObject options && Harmless(options) is JsonObject { Count: > 0 } harmless)
            kept["provider_options"] = harmless;
        return kept;
    }

    private static JsonObject ParentOf(ImageParent parent)
    {
        JsonObject json = new() { ["role"] = parent.Role };
        Add(json, "sha256", parent.Sha256);
        return json;
    }

    // Options are free text to us: what looks like a link or is named like a key stays at home.
    private static JsonNode? Harmless(JsonNode? value) => value switch
    {
        JsonObject table => new JsonObject(table.Where(m => !Suspicious.Any(s => m.Key.Contains(s, StringComparison.OrdinalIgnoreCase)))
            .Select(m => KeyValuePair.Create(m.Key, Harmless(m.Value))).Where(m => m.Value is not null)),
        JsonArray list => new JsonArray([.. list.Select(Harmless).Where(i => i is not null)]),
        JsonValue text when text.GetValueKind() == JsonValueKind.String => text.GetValue<string>() is { Length: <= LongestOption } word && !word.Contains("://", StringComparison.Ordinal) ? text.DeepClone() : null,
        _ => value?.DeepClone(),
    };

    private static void Add(JsonObject json, string name, JsonNode? value)
    {
        if (value is not null)
            json[name] = value;
    }
}
