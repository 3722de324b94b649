using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace PSImageGen.Core.OpenApi;

/// <summary>
/// What a value may be, read from a schema of an OpenAPI document (3.0 or 3.1): references are followed, <c>allOf</c> is put together,
/// <c>const</c> is a list of one, <c>nullable</c> is a type, <c>anyOf</c> and <c>oneOf</c> are choices. It stands by itself and can be kept as JSON.
/// </summary>
public sealed record ApiSchema
{
    // More than any vendor offers to choose from.
    private const int MostVariants = 1000;

    /// <summary>What fits everything.</summary>
    public static ApiSchema Anything { get; } = new();

    /// <summary>The name under which the document keeps it; null where it is written in place.</summary>
    public string? Name { get; init; }

    /// <summary><c>string</c>, <c>integer</c>, <c>number</c>, <c>boolean</c>, <c>array</c>, <c>object</c>, <c>null</c>; empty for any.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>The only values; empty for any.</summary>
    public IReadOnlyList<JsonNode?> Values { get; init; } = [];

    /// <summary>What counts where the field is left out.</summary>
    public JsonNode? Default { get; init; }

    /// <summary>A value that the document shows.</summary>
    public JsonNode? Example { get; init; }

    /// <summary><c>uri</c>, <c>binary</c>, <c>date-time</c>, …</summary>
    public string? Format { get; init; }

    /// <summary>The document's words.</summary>
    public string? Description { get; init; }

    /// <summary>The least number.</summary>
    public decimal? Minimum { get; init; }

    /// <summary>The greatest number.</summary>
    public decimal? Maximum { get; init; }

    /// <summary>Whether the least number itself is too small.</summary>
    public bool AboveMinimum { get; init; }

    /// <summary>Whether the greatest number itself is too great.</summary>
    public bool BelowMaximum { get; init; }

    /// <summary>The step of numbers.</summary>
    public decimal? MultipleOf { get; init; }

    /// <summary>The fewest characters.</summary>
    public int? MinLength { get; init; }

    /// <summary>The most characters.</summary>
    public int? MaxLength { get; init; }

    /// <summary>What texts must look like, a regular expression.</summary>
    public string? Pattern { get; init; }

    /// <summary>The fewest items.</summary>
    public int? MinItems { get; init; }

    /// <summary>The most items.</summary>
    public int? MaxItems { get; init; }

    /// <summary>What each item of a list may be.</summary>
    public ApiSchema? Items { get; init; }

    /// <summary>The fields of an object, in the document's order.</summary>
    public IReadOnlyDictionary<string, ApiSchema> Properties { get; init; } = new Dictionary<string, ApiSchema>();

    /// <summary>Those of them that must be there.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>Whether an object may have fields that are not listed: said so in the document, or none are listed.</summary>
    public bool Open { get; init; }

    /// <summary>One of these must fit as well; empty where there is no choice.</summary>
    public IReadOnlyList<ApiSchema> Choices { get; init; } = [];

    /// <summary>This and one of its choices as one.</summary>
    [JsonIgnore]
    public IEnumerable<ApiSchema> Variants => Choices.Count == 0 ? [this] : Choices.SelectMany(c => ApiSchemaMerge.Both(this with { Choices = [] }, c).Variants).Take(MostVariants);

    /// <summary>Whether a value of this type fits, be it as one choice.</summary>
    public bool Takes(string type) => Choices.Count == 0 ? Types.Count == 0 || Types.Contains(type) : Variants.Any(v => v.Takes(type));

    /// <summary>Whether null fits.</summary>
    [JsonIgnore]
    public bool IsNullable => Types.Count == 0 && Choices.Count == 0 ? Values.Any(v => v is null) : Takes("null");

    /// <summary>The words that are allowed, in the document's order and without null; empty where any other value fits as well.</summary>
    [JsonIgnore]
    public IReadOnlyList<JsonNode> AllowedValues
    {
        get
        {
            if (Values.Count > 0)
                return [.. Values.OfType<JsonNode>()];
            ApiSchema[] parts = [.. Choices.Where(c => !c.IsOnlyNull)];
            return parts.Length > 0 && parts.All(p => p.AllowedValues.Count > 0) ? [.. parts.SelectMany(p => p.AllowedValues)] : [];
        }
    }

    /// <summary>The values the document names, even where others fit as well.</summary>
    [JsonIgnore]
    public IReadOnlyList<JsonNode> KnownValues => AllowedValues is { Count: > 0 } allowed ? allowed : [.. Choices.SelectMany(c => c.KnownValues)];

    /// <summary>The kind in a few words: <c>string</c>, <c>array&lt;string&gt;</c>, <c>integer | null</c>.</summary>
    [JsonIgnore]
    public string TypeText => Choices.Count > 0 && Types.Count != 1
        ? string.Join(" | ", Choices.SelectMany(c => c.TypeText.Split(" | ")).Distinct())
        : string.Join(" | ", Types.Select(TypeWord).DefaultIfEmpty(Properties.Count > 0 ? Name ?? "object" : Values.Count > 0 ? "string" : Name ?? "any").Distinct());

    private bool IsOnlyNull => Types is ["null"] || (Values.Count > 0 && Values.All(v => v is null));

    private string TypeWord(string type) => type switch
    {
        "array" => $"array<{Items?.TypeText ?? "any"}>",
        "object" => Name ?? "object",
        _ => type,
    };
}
