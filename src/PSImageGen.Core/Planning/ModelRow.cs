using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace PSImageGen.Core.Planning;

/// <summary>One provider's catalogue: data, read from the <c>catalogue.json</c> beside its translation.</summary>
public sealed record CatalogueFile
{
    /// <summary>Where the facts were read.</summary>
    public required string Source { get; init; }

    /// <summary>When, as <c>yyyy-MM-dd</c>.</summary>
    public required string Date { get; init; }

    /// <summary>The models, the default of each operation first.</summary>
    public required IReadOnlyList<ModelRow> Models { get; init; }
}

/// <summary>What is known of one model.</summary>
public sealed record ModelRow
{
    /// <summary>The vendor's id.</summary>
    public required string Id { get; init; }

    /// <summary>Other ids of the same model, such as dated snapshots.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>What it can do.</summary>
    public IReadOnlyList<ImageOperation> Operations { get; init; } = [];

    /// <summary>Why it cannot be used any more; null while it can.</summary>
    public string? Retired { get; init; }

    /// <summary>What it is good for, in a few words.</summary>
    public string? BestFor { get; init; }

    /// <summary>The longest prompt in characters; null when the vendor states none.</summary>
    public int? MaxPrompt { get; init; }

    /// <summary>How many pictures one call can make.</summary>
    public int MaxPerCall { get; init; } = 1;

    /// <summary>How many reference images it takes.</summary>
    public int MaxReferences { get; init; }

    /// <summary>File formats of input images; empty when the vendor states none.</summary>
    public IReadOnlyList<string> InputFormats { get; init; } = [];

    /// <summary>The largest input image in bytes.</summary>
    public long? MaxInputBytes { get; init; }

    /// <summary>Which sizes it makes; null when its size cannot be chosen.</summary>
    public SizeRule? Sizes { get; init; }

    /// <summary>The words it knows for quality.</summary>
    public IReadOnlyList<string> Qualities { get; init; } = [];

    /// <summary>The quality to ask for when the user asks for none; null to leave it to the model.</summary>
    public string? DefaultQuality { get; init; }

    /// <summary>The file formats it makes.</summary>
    public IReadOnlyList<ImageFormat> Formats { get; init; } = [];

    /// <summary>The format to ask for when the user asks for none; null to leave it to the model.</summary>
    public ImageFormat? DefaultFormat { get; init; }

    /// <summary>The backgrounds it makes.</summary>
    public IReadOnlyList<ImageBackground> Backgrounds { get; init; } = [];

    /// <summary>Whether a seed can be given.</summary>
    public bool Seed { get; init; }

    /// <summary>Whether it takes a negative prompt of its own; elsewhere it becomes part of the prompt.</summary>
    public bool NegativePrompt { get; init; }

    /// <summary>What the vendor calls the things asked for, where that differs from model to model; read by its translation.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>();

    /// <summary>Fields of the vendor that <c>-ProviderOption</c> may set.</summary>
    public IReadOnlyDictionary<string, OptionRule> Options { get; init; } = new Dictionary<string, OptionRule>();

    /// <summary>What a picture costs; null when it is not known.</summary>
    public PriceRule? Price { get; init; }

    /// <summary>How long a job usually takes, in seconds.</summary>
    public double? TypicalSeconds { get; init; }

    /// <summary>Where the facts were read; by default the file's.</summary>
    public string? Source { get; init; }

    /// <summary>When; by default the file's.</summary>
    public string? Date { get; init; }

    /// <summary>Whether a name means this model.</summary>
    public bool IsNamed(string name) =>
        string.Equals(Id, name, StringComparison.OrdinalIgnoreCase) || Aliases.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>A model of which nothing is known but its name: everything is passed on, nothing is promised.</summary>
    public static ModelRow Uncharted(string id, ModelRow like)
    {
        ArgumentNullException.ThrowIfNull(like);
        return like with { Id = id, Aliases = [], Price = null, BestFor = null, Source = null, Date = null };
    }
}

/// <summary>What values an option of a vendor may have.</summary>
public sealed record OptionRule
{
    /// <summary><c>string</c>, <c>integer</c>, <c>number</c> or <c>boolean</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The words allowed; empty for any.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>The least number.</summary>
    public decimal? Min { get; init; }

    /// <summary>The greatest number.</summary>
    public decimal? Max { get; init; }

    /// <summary>Whether a value fits.</summary>
    public bool Accepts(JsonNode? value)
    {
        if (value is not JsonValue v)
            return false;
        switch (Type)
        {
            case "boolean":
                return v.TryGetValue(out bool _);
            case "string":
                return Spell(v) is JsonValue text && text.TryGetValue(out string? word) && (Values.Count == 0 || Values.Contains(word, StringComparer.Ordinal));
            default:
                return v.GetValueKind() == System.Text.Json.JsonValueKind.Number
                    && decimal.TryParse(v.ToJsonString(), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out decimal number)
                    && (Type != "integer" || decimal.Truncate(number) == number)
                    && number >= (Min ?? decimal.MinValue) && number <= (Max ?? decimal.MaxValue);
        }
    }

    /// <summary>The value as the vendor spells it: where numbers are words to it (<c>"2"</c>), a number becomes its word.</summary>
    public JsonNode? Spell(JsonNode? value) =>
        Type == "string" && Values.Count > 0 && value?.GetValueKind() == System.Text.Json.JsonValueKind.Number ? value.ToJsonString() : value?.DeepClone();

    /// <inheritdoc/>
    public override string ToString()
    {
        if (Values.Count > 0)
            return "one of " + string.Join(", ", Values);
        string kind = Type switch { "integer" => "a whole number", "number" => "a number", "boolean" => "true or false", _ => "text" };
        return Min is null && Max is null ? kind : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{kind} from {Min} to {Max}");
    }
}

/// <summary>What a picture costs.</summary>
public sealed record PriceRule
{
    /// <summary>The same for every picture.</summary>
    public decimal? PerImage { get; init; }

    /// <summary>By class of size (<c>2K</c>).</summary>
    public IReadOnlyDictionary<string, decimal>? ByResolution { get; init; }

    /// <summary>By quality, then by size (<c>*</c> for any other).</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, decimal>>? Table { get; init; }

    /// <summary>For the first megapixel of a picture.</summary>
    public decimal? FirstMegapixel { get; init; }

    /// <summary>For each further megapixel that comes out.</summary>
    public decimal? NextMegapixel { get; init; }

    /// <summary>For each megapixel of a reference image.</summary>
    public decimal? InputMegapixel { get; init; }

    /// <summary>US dollars for a million tokens: what the vendor's own count is booked with afterwards.</summary>
    public TokenRates? Tokens { get; init; }

    /// <summary>Whether the tokens of a picture can be worked out before the call; see the vendor's translation.</summary>
    public bool TokenFormula { get; init; }

    /// <summary><c>USD</c> or <c>credits</c>.</summary>
    public string Currency { get; init; } = "USD";
}

/// <summary>Rates for a million tokens.</summary>
public sealed record TokenRates
{
    /// <summary>Text that goes in.</summary>
    public decimal TextIn { get; init; }

    /// <summary>Pictures that go in.</summary>
    public decimal ImageIn { get; init; }

    /// <summary>Pictures that come out.</summary>
    public decimal ImageOut { get; init; }
}

/// <summary>Reads catalogue files.</summary>
internal static class CatalogueJson
{
    /// <summary>Comments are welcome; a name nobody knows is a mistake.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        AllowTrailingCommas = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter() },
    };
}
