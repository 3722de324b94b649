using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PSImageGen.Core.Artifacts.Metadata;

/// <summary>
/// The text <c>parameters</c> that Stable Diffusion web UI writes into PNG files and many programs read: the prompt, a line with what must not be shown,
/// and a last line of names and values.
/// </summary>
internal static partial class Parameters
{
    private const string Negative = "Negative prompt: ";
    private const string Version = "Version: PSImageGen";
    private const int LongestLine = 10_000;

    /// <summary>The text for what is remembered; null where no prompt is.</summary>
    public static string? Of(JsonObject facts, ImageInfo info)
    {
        if (FactsJson.Text(facts["prompt"]) is not { } prompt)
            return null;
        string? negative = FactsJson.Text(facts["request"]?["negative_prompt"]);
        // Readers take a last line for values only when it has three of them.
        List<string> values = [];
        if (FactsJson.Whole(facts["seed"]) is { } seed)
            values.Add(string.Create(CultureInfo.InvariantCulture, $"Seed: {seed}"));
        values.Add(string.Create(CultureInfo.InvariantCulture, $"Size: {info.Width}x{info.Height}"));
        values.Add($"Model: {Quoted(FactsJson.Text(facts["model"]) ?? "unknown")}");
        values.Add($"Provider: {Quoted(FactsJson.Text(facts["provider"]) ?? "unknown")}");
        values.Add($"{Version}{PictureFacts.Software["PSImageGen".Length..]}");
        return $"{prompt}\n{(negative is null ? string.Empty : $"{Negative}{negative}\n")}{string.Join(", ", values)}";
    }

    /// <summary>Whether the place is free: what the provider wrote there stays.</summary>
    public static bool IsFree(PictureContainer container) =>
        !container.Texts.TryGetValue(PngContainer.ParametersKey, out string? there) || there.Contains(Version, StringComparison.Ordinal);

    /// <summary>What such a text says, in the names of the facts.</summary>
    public static JsonObject? Read(string text)
    {
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        Match[] values = lines[^1].Length <= LongestLine ? [.. ValuePattern().Matches(lines[^1]).Cast<Match>()] : [];
        string[] words = values.Length >= 3 ? lines[..^1] : lines;
        int negative = Array.FindIndex(words, l => l.StartsWith(Negative, StringComparison.Ordinal));
        string prompt = string.Join('\n', negative < 0 ? words : words[..negative]).Trim();
        if (prompt.Length == 0)
            return null;
        string? Value(string name) => values.Length < 3 ? null : values.FirstOrDefault(m => m.Groups["name"].Value == name)?.Groups["value"].Value.Trim(' ', '"') is { Length: > 0 } value ? value : null;
        JsonObject facts = new() { ["prompt"] = prompt };
        if (long.TryParse(Value("Seed"), NumberStyles.None, CultureInfo.InvariantCulture, out long seed))
            facts["seed"] = seed;
        if (Value("Model") is { } model)
            facts["model"] = model;
        if (Value("Version") is { } version)
            facts["software"] = version;
        JsonObject request = [];
        if (negative >= 0)
            request["negative_prompt"] = string.Join('\n', words[negative..])[Negative.Length..].Trim();
        if (Value("Size") is { } size)
            request["size"] = size;
        if (request.Count > 0)
            facts["request"] = request;
        return facts;
    }

    private static string Quoted(string value) => value.AsSpan().IndexOfAny(',', ':', '\n') >= 0 ? $"\"{value.ReplaceLineEndings(" ")}\"" : value;

    // As the web UI itself takes the line apart: name, colon, a quoted value or one without a comma.
    [GeneratedRegex("\\s*(?<name>[\\w \\-/]+):\\s*(?<value>\"(?:\\\\.|[^\\\\\"])+\"|[^,]*)(?:,|$)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ValuePattern();
}
