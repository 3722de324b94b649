using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.Core.Artifacts.Metadata;
using PSImageGen.Core.Providers;

namespace PSImageGen.Core.Planning;

/// <summary>What each part and key may hold.</summary>
/// <param name="Source">The place, for messages.</param>
/// <param name="Folder">The folder that relative paths begin in.</param>
/// <param name="Registry">The providers there are.</param>
internal sealed record PreferenceRules(string Source, string Folder, ProviderRegistry Registry)
{
    private const int Day = 86400;

    private static readonly string[] DefaultKeys = ["Provider", "Model", "Quality", "Format", "OutputDirectory", "ThrottleLimit", "TimeoutSec", "Metadata"];
    private static readonly string[] BudgetKeys = ["PerDay", "PerProject", "MaxCost"];

    private string AProvider => Words.Of($"one of the providers {Words.List(Registry.Providers.Select(p => p.Profile.Id))}");

    public PreferencePart PartOf(string name) =>
        Enum.GetValues<PreferencePart>().Cast<PreferencePart?>().FirstOrDefault(p => string.Equals(p.ToString(), name, StringComparison.OrdinalIgnoreCase))
        ?? throw Errors.PreferenceUnknown(Source, name, Enum.GetNames<PreferencePart>().Select(PreferenceLayer.Small));

    public IReadOnlyList<string> Providers(PreferencePart part, JsonNode node) =>
        node is JsonArray list
            ? [.. list.Select(item => ProviderNamed(Text(item)) ?? throw Wrong(PreferenceLayer.Small(part.ToString()), item, AProvider)).Distinct(StringComparer.Ordinal)]
            : throw Wrong(PreferenceLayer.Small(part.ToString()), node, Words.Of("a list of providers, such as [\"Demo\"]"));

    public JsonObject Table(PreferencePart part, JsonNode node) =>
        node as JsonObject ?? throw Wrong(PreferenceLayer.Small(part.ToString()), node, Words.Of($"a table of names and values, such as {Example(part)}"));

    private static string Example(PreferencePart part) => part switch
    {
        PreferencePart.Weights => """{ "Demo": 2 }""",
        PreferencePart.Budgets => """{ "perDay": 5 }""",
        _ => """{ "quality": "high" }""",
    };

    /// <summary>A key as it is spelt.</summary>
    public string KeyOf(PreferencePart part, string key)
    {
        string? known = part == PreferencePart.Weights
            ? ProviderNamed(key)
            : Keys(part).FirstOrDefault(k => string.Equals(k, key, StringComparison.OrdinalIgnoreCase));
        return known ?? throw Errors.PreferenceUnknown(Source, Path(part, key), part == PreferencePart.Weights ? Registry.Providers.Select(p => p.Profile.Id) : Keys(part).Select(PreferenceLayer.Small));
    }

    public object Value(PreferencePart part, string key, JsonNode node)
    {
        return (part, key) switch
        {
            (PreferencePart.Weights, _) => Checked(Number(node) is { } weight && weight >= 0 && double.IsFinite(weight) ? weight : null, Words.Of("a number from 0 up")),
            (PreferencePart.Budgets, _) => Checked(Amount(node), Words.Of("an amount of US dollars from 0 up")),
            (_, "Provider") => Checked(ProviderNamed(Text(node)), AProvider),
            (_, "Format") => Checked(WordOf<ImageFormat>(Text(node)), Words.Of("one of png, jpeg, webp")),
            (_, "Metadata") => Checked(WordOf<MetadataMode>(Text(node)), Words.Of("one of full, hashes, none")),
            (_, "OutputDirectory") => Checked(FolderAt(Text(node)), Words.Of("the path of a folder")),
            (_, "ThrottleLimit") => Checked(Whole(node, 64), Words.Of("a whole number from 1 to 64")),
            (_, "TimeoutSec") => Checked(Whole(node, Day), Words.Of($"a whole number of seconds from 1 to {Day}")),
            _ => Checked(string.IsNullOrWhiteSpace(Text(node)) ? null : Text(node)!.Trim(), Words.Of("a text")),
        };

        object Checked(object? value, string expects) => value ?? throw Wrong(Path(part, key), node, expects);
    }

    private static string[] Keys(PreferencePart part) => part == PreferencePart.Budgets ? BudgetKeys : DefaultKeys;

    private static string Path(PreferencePart part, string key) => $"{PreferenceLayer.Small(part.ToString())}.{(part == PreferencePart.Weights ? key : PreferenceLayer.Small(key))}";

    private static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    // Numbers have many types in a node; their text has one form.
    private static double? Number(JsonNode node) =>
        node.GetValueKind() == JsonValueKind.Number && double.TryParse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;

    private static decimal? Amount(JsonNode node) =>
        node.GetValueKind() == JsonValueKind.Number && decimal.TryParse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal amount) && amount >= 0 ? amount : null;

    private static int? Whole(JsonNode node, int most) => Number(node) is { } number && number >= 1 && number <= most && number == Math.Floor(number) ? (int)number : null;

    private static T? WordOf<T>(string? text)
        where T : struct, Enum =>
        Enum.GetValues<T>().Cast<T?>().FirstOrDefault(f => string.Equals(f.ToString(), text, StringComparison.OrdinalIgnoreCase));

    private string? ProviderNamed(string? text) => text is null ? null : Registry.Find(text.Trim())?.Profile.Id;

    private string? FolderAt(string? text)
    {
        try
        {
            return string.IsNullOrWhiteSpace(text) ? null : System.IO.Path.GetFullPath(text, Folder);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private AIImageException Wrong(string path, JsonNode? node, string expects) => Errors.PreferenceInvalid(Source, path, node?.ToJsonString() ?? "null", expects);
}
