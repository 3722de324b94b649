using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tasks;

namespace PSImageGen.Core.Artifacts.Metadata;

/// <summary>Makes of the facts in a file what a user sees. Anybody may have written them: what is not as expected is not there, and nothing can move the cursor.</summary>
internal static class FactsText
{
    /// <summary>The facts by name.</summary>
    /// <param name="facts">What the file or the record says.</param>
    /// <param name="record">The record, where it is there: it knows where the pictures lie that went in.</param>
    public static ImageMetadata Of(JsonObject facts, RunRecord? record)
    {
        ImageOperation? operation = Enum.TryParse(FactsJson.Text(facts["operation"]), out ImageOperation done) && Enum.IsDefined(done) ? done : null;
        JsonNode? cost = facts["cost"] as JsonObject;
        ImageMetadata metadata = new()
        {
            Path = string.Empty,
            Format = string.Empty,
            Sha256 = string.Empty,
            Software = Word(facts["software"]),
            RunId = FactsJson.Text(facts["run_id"]) is { } id && RunOptions.IsId(id) ? id : null,
            Provider = Word(facts["provider"]),
            Model = Word(facts["model"]),
            Operation = operation,
            Prompt = Lines(facts["prompt"]),
            PromptSha256 = Word(facts["prompt_sha256"]) ?? PictureFacts.HashOf(FactsJson.Text(facts["prompt"])),
            Seed = FactsJson.Whole(facts["seed"]),
            Cost = FactsJson.Number(cost?["amount"]),
            Currency = Word(cost?["currency"]),
            CostIsEstimate = cost?["estimated"]?.GetValueKind() == JsonValueKind.True,
            CreatedAt = DateTimeOffset.TryParse(FactsJson.Text(facts["created"]), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset created) ? created : null,
            Parents = record is null
                ? [.. (facts["parents"] as JsonArray ?? []).OfType<JsonObject>().Take(100).Select(p => new ImageParent { Role = Word(p["role"]) ?? "source", Sha256 = Word(p["sha256"]) })]
                : [.. record.Parents.Select(p => p.Path is null || (p.Sha256 is not null && Engine.NewRun.HexHash(p.Path) == p.Sha256) ? p : p with { Path = null })],
        };
        return metadata with { Request = RequestOf(metadata, facts["request"] as JsonObject ?? []) };
    }

    private static OrderedDictionary RequestOf(ImageMetadata metadata, JsonObject request)
    {
        OrderedDictionary call = new(StringComparer.OrdinalIgnoreCase);
        void Set(string name, object? value)
        {
            if (value is not null)
                call[name] = value;
        }

        Set("Prompt", metadata.Prompt);
        Set("Provider", metadata.Provider);
        Set("Model", metadata.Model);
        Set("Seed", metadata.Seed);
        Set("NegativePrompt", Lines(request["negative_prompt"]));
        Set("Style", Word(request["style"]));
        Set("Size", Word(request["size"]));
        Set("Resolution", Word(request["resolution"]));
        Set("AspectRatio", Word(request["aspect_ratio"]));
        Set("ExactSize", request["exact_size"]?.GetValueKind() == JsonValueKind.True ? true : null);
        Set("Quality", Word(request["quality"]));
        Set("Format", Word(request["format"]));
        Set("Background", Word(request["background"]));
        Set("Strength", (double?)FactsJson.Number(request["strength"]));
        Set("Variance", (double?)FactsJson.Number(request["variance"]));
        Set("Scale", metadata.Operation == ImageOperation.Upscale ? (int?)Small(request["scale"]) : null);
        foreach (string side in new[] { "Left", "Right", "Up", "Down" })
            Set(side, Small(request["margins"] is JsonObject margins ? margins[side.ToLowerInvariant()] : null) is > 0 and { } pixels ? (int)pixels : null);
        Set("ProviderOption", (request["provider_options"] as JsonObject)?.Where(o => Plain(o.Value, 0) is not null).ToDictionary(o => o.Key, o => Plain(o.Value, 0)) is { Count: > 0 } options ? new Hashtable(options) : null);
        Set("Mode", metadata.Operation is ImageOperation.Img2Img or ImageOperation.Inpaint or ImageOperation.Outpaint ? metadata.Operation.ToString() : null);
        string? At(string role) => metadata.Parents.Where(p => p.Role == role).Select(p => p.Path ?? p.Url?.ToString()).FirstOrDefault(p => p is not null);
        Set("Image", At("source"));
        Set("Mask", At("mask"));
        Set("StyleImage", At("style"));
        string[] references = [.. metadata.Parents.Where(p => p.Role == "reference").Select(p => p.Path ?? p.Url?.ToString()).OfType<string>()];
        if (references.Length > 0)
        {
            Set("ReferenceImage", references);
            Set("ConsistencyMode", Word(request["consistency_mode"]));
        }

        return call;
    }

    private static long? Small(JsonNode? json) => FactsJson.Whole(json) is { } number and >= 0 and <= int.MaxValue ? number : null;

    private static object? Plain(JsonNode? json, int depth) => json switch
    {
        JsonObject table when depth < 8 => new Hashtable(table.Where(m => m.Value is not null).ToDictionary(m => m.Key, m => Plain(m.Value, depth + 1) ?? string.Empty)),
        JsonArray list when depth < 8 => list.Select(i => Plain(i, depth + 1)).ToArray(),
        JsonValue value => value.GetValueKind() switch
        {
            JsonValueKind.String => Lines(value),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => FactsJson.Whole(value) is { } whole ? whole : value.TryGetValue(out double number) ? number : null,
            _ => null,
        },
        _ => null,
    };

    private static string? Word(JsonNode? json) => FactsJson.Text(json) is { } text && Wire.PlainText.Clean(text, 400) is { Length: > 0 } word ? word : null;

    // A prompt keeps its lines, and the joiners that some scripts and emoji are made with.
    private static string? Lines(JsonNode? json)
    {
        if (FactsJson.Text(json) is not { } text)
            return null;
        StringBuilder lines = new(text.Length);
        foreach (char c in text)
        {
            if (c is '\n' or '\r' or '\t' or '\u200C' or '\u200D' || (!char.IsControl(c) && char.GetUnicodeCategory(c) != UnicodeCategory.Format))
                lines.Append(c);
        }

        return lines.Length > 0 ? lines.ToString() : null;
    }
}
