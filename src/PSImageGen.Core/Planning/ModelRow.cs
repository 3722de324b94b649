using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using PSImageGen.Core.Requests;

namespace PSImageGen.Core.Planning;

/// <summary>What is known of one model.</summary>
public sealed record ModelRow
{
    /// <summary>The vendor's id.</summary>
    public required string Id { get; init; }

    /// <summary>Other ids of the same model, such as dated snapshots.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>What it can do.</summary>
    public IReadOnlyList<ImageOperation> Operations { get; init; } = [];

    /// <summary>What it can be made to do in a roundabout way, by operation or <c>References</c>, each with the words that say so before paying.</summary>
    public IReadOnlyDictionary<string, string> Emulates { get; init; } = new Dictionary<string, string>();

    /// <summary>What it could do, by operation or <c>References</c>, if its server had something it lacks: the words that name it.</summary>
    public IReadOnlyDictionary<string, string> Needs { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether its answer is the picture itself; null where all models of the provider are alike.</summary>
    public bool? Synchronous { get; init; }

    /// <summary>Why it cannot be used, or not any more; null while it can.</summary>
    public string? Retired { get; init; }

    /// <summary>What it is good for, in a few words.</summary>
    public string? BestFor { get; init; }

    /// <summary>The use cases for which this model is the first choice, whoever has it.</summary>
    public IReadOnlyList<ImageUseCase> FirstFor { get; init; } = [];

    /// <summary>The use cases for which it is the best of its provider.</summary>
    public IReadOnlyList<ImageUseCase> AlsoFor { get; init; } = [];

    /// <summary>Classes of size (<c>1K</c>) for which it is used only when it is named.</summary>
    public IReadOnlyList<string> OnlyNamedFor { get; init; } = [];

    /// <summary>The longest prompt in characters; null when the vendor states none.</summary>
    public int? MaxPrompt { get; init; }

    /// <summary>Whether it takes a prompt where the operation leaves that open.</summary>
    public PromptUse Prompt { get; init; } = PromptUse.Optional;

    /// <summary>The words sent for an operation: <c>{prompt}</c> stands for the user's, <c>{degree}</c> for how much may change. By default the user's alone.</summary>
    public IReadOnlyDictionary<ImageOperation, string> Prompts { get; init; } = new Dictionary<ImageOperation, string>();

    /// <summary>How many pictures one call can make.</summary>
    public int MaxPerCall { get; init; } = 1;

    /// <summary>How many reference images it takes.</summary>
    public int MaxReferences { get; init; }

    /// <summary>How many pictures it takes in all, the one that is worked on and the style among them, the mask not counted; null when the vendor states none.</summary>
    public int? MaxInputs { get; init; }

    /// <summary>Whether it makes nothing from words alone: a reference image must go in where no other picture does.</summary>
    public bool NeedsImage { get; init; }

    /// <summary>Whether it fetches pictures behind links itself; null where all models of the provider are alike.</summary>
    public bool? Links { get; init; }

    /// <summary>Whether its references hold an identity, as <c>Strict</c> asks; elsewhere they only inspire.</summary>
    public bool Identity { get; init; }

    /// <summary>How much references weigh, by consistency mode, where it can be set.</summary>
    public IReadOnlyDictionary<ConsistencyMode, double> Weights { get; init; } = new Dictionary<ConsistencyMode, double>();

    /// <summary>Whether it can be told how much may change.</summary>
    public bool Strength { get; init; }

    /// <summary>How it wants to be shown what may change.</summary>
    public MaskKind Mask { get; init; } = MaskKind.White;

    /// <summary>Where a picture is continued by giving it with empty borders and a mask: both sides become multiples of this. Null where margins are given as such.</summary>
    public int? Canvas { get; init; }

    /// <summary>The most pixels it adds on one side; null when the vendor states none.</summary>
    public int? MaxMargin { get; init; }

    /// <summary>How many times larger it can make a picture; empty for any.</summary>
    public IReadOnlyList<int> Scales { get; init; } = [];

    /// <summary>About how many pixels its enlarged pictures have, where it cannot be told how many times larger; null where it can.</summary>
    public long? EnlargesTo { get; init; }

    /// <summary>The pixels an input image may have; null when the vendor states nothing.</summary>
    public InputRule? Input { get; init; }

    /// <summary>File formats of input images; empty when the vendor states none.</summary>
    public IReadOnlyList<string> InputFormats { get; init; } = [];

    /// <summary>The largest input image in bytes.</summary>
    public long? MaxInputBytes { get; init; }

    /// <summary>The largest mask in bytes; null when masks are like other pictures.</summary>
    public long? MaxMaskBytes { get; init; }

    /// <summary>The most bytes of all input images together; null when the vendor states nothing.</summary>
    public long? MaxTotalBytes { get; init; }

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

    /// <summary>The least seed that is one; below it the vendor chooses.</summary>
    public long MinSeed { get; init; }

    /// <summary>The greatest seed.</summary>
    public long MaxSeed { get; init; } = long.MaxValue;

    /// <summary>Whether it takes a negative prompt of its own; elsewhere it becomes part of the prompt.</summary>
    public bool NegativePrompt { get; init; }

    /// <summary>What the vendor calls the things asked for, where that differs from model to model; read by its translation.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>();

    /// <summary>Fields of the vendor that <c>-ProviderOption</c> may set.</summary>
    public IReadOnlyDictionary<string, OptionRule> Options { get; init; } = new Dictionary<string, OptionRule>();

    /// <summary>Those of the file's own <see cref="CatalogueFile.Options"/> that it has too.</summary>
    public IReadOnlyList<string> Shares { get; init; } = [];

    /// <summary>The option that asks for partial pictures, at every vendor that sends them.</summary>
    public const string PartialsOption = "partial_images";

    /// <summary>How many partial pictures it sends at most on the way to a picture.</summary>
    [JsonIgnore]
    public int MaxPartials => Options.TryGetValue(PartialsOption, out OptionRule? rule) ? (int)(rule.Max ?? 0) : 0;

    /// <summary>What a picture costs; null when it is not known.</summary>
    public PriceRule? Price { get; init; }

    /// <summary>How many tasks of this model an account may have under way at once, where that is less than of all together.</summary>
    public int? ActiveTasks { get; init; }

    /// <summary>Where the facts were read; by default the file's.</summary>
    public string? Source { get; init; }

    /// <summary>When; by default the file's.</summary>
    public string? Date { get; init; }

    /// <summary>Where nothing is known of it but its name: the model as which it is asked. Null for a model of the catalogue.</summary>
    [JsonIgnore]
    public string? AskedLike { get; init; }

    /// <summary>The models of the catalogue whose names look like it, where it is not among them.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Similar { get; init; } = [];

    /// <summary>Whether it makes pictures just so many times larger.</summary>
    public bool Enlarges(int scale) => EnlargesTo is null && (Scales.Count == 0 || Scales.Contains(scale));

    /// <summary>Whether it is used for a request only when it is named.</summary>
    public bool IsOnlyNamedFor(ImageRequest request) => request?.Resolution is { } k && OnlyNamedFor.Contains($"{k}K");

    /// <summary>Whether it can do an operation, be it in a roundabout way.</summary>
    public bool Can(ImageOperation operation) => Operations.Contains(operation) || Emulates.ContainsKey(operation.ToString());

    /// <summary>Whether it can be told how much may change, by a number or in words.</summary>
    public bool TakesDegree(ImageOperation operation) =>
        Strength || (Prompts.TryGetValue(operation, out string? words) && words.Contains("{degree}", StringComparison.Ordinal));

    /// <summary>Whether a name means this model.</summary>
    public bool IsNamed(string name) =>
        string.Equals(Id, name, StringComparison.OrdinalIgnoreCase) || Aliases.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>A model that is like another one in all that does not make that one itself.</summary>
    public static ModelRow Uncharted(string id, ModelRow like)
    {
        ArgumentNullException.ThrowIfNull(like);
        return like with
        {
            Id = id,
            Aliases = [],
            Retired = null,
            Price = null,
            BestFor = null,
            FirstFor = [],
            AlsoFor = [],
            Source = null,
            Date = null,
        };
    }
}

/// <summary>Whether a model takes a prompt where the operation leaves that open.</summary>
public enum PromptUse
{
    /// <summary>With or without.</summary>
    Optional,
    /// <summary>Not without.</summary>
    Required,
    /// <summary>It has no field for one.</summary>
    None,
}

/// <summary>How a model is shown which part may change.</summary>
public enum MaskKind
{
    /// <summary>White may change, black stays: as users give it.</summary>
    White,
    /// <summary>Transparent may change, opaque stays.</summary>
    Alpha,
}

/// <summary>The pixels of an input image.</summary>
public sealed record InputRule
{
    /// <summary>The shortest side.</summary>
    public int MinSide { get; init; } = 1;

    /// <summary>The longest side.</summary>
    public int MaxSide { get; init; } = int.MaxValue;

    /// <summary>The fewest pixels.</summary>
    public long MinPixels { get; init; }

    /// <summary>The most pixels.</summary>
    public long MaxPixels { get; init; } = long.MaxValue;

    /// <summary>The greatest ratio of long to short side.</summary>
    public double MaxRatio { get; init; } = double.MaxValue;

    /// <summary>Whether a picture of this size may go in.</summary>
    public bool Allows(int width, int height)
    {
        int shorter = Math.Min(width, height), longer = Math.Max(width, height);
        long pixels = (long)width * height;
        return shorter >= MinSide && longer <= MaxSide && pixels >= MinPixels && pixels <= MaxPixels && (double)longer / shorter <= MaxRatio + 1e-9;
    }

    /// <summary>The rule in words, to follow "It takes pictures of".</summary>
    public override string ToString()
    {
        List<string> parts = [];
        if (MinSide > 1)
            parts.Add(Words.Of($"at least {MinSide} pixels a side"));
        if (MaxSide < int.MaxValue)
            parts.Add(Words.Of($"at most {MaxSide} pixels a side"));
        if (MinPixels > 0)
            parts.Add(Words.Of($"at least {MinPixels} pixels in all"));
        if (MaxPixels < long.MaxValue)
            parts.Add(Words.Of($"at most {MaxPixels} pixels in all"));
        if (MaxRatio < double.MaxValue)
            parts.Add(Words.Of($"no longer than {MaxRatio:0.##}:1"));
        return Words.List(parts);
    }
}

/// <summary>What values an option of a vendor may have.</summary>
public sealed record OptionRule
{
    /// <summary><c>string</c>, <c>integer</c>, <c>number</c>, <c>boolean</c>, <c>array</c> or <c>object</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The words allowed; empty for any.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>The least number.</summary>
    public decimal? Min { get; init; }

    /// <summary>The greatest number.</summary>
    public decimal? Max { get; init; }

    /// <summary>Whether the model does nothing without it.</summary>
    public bool Required { get; init; }

    /// <summary>Whether it is there only for pictures from words alone.</summary>
    public bool WordsOnly { get; init; }

    /// <summary>Where the vendor's document tells it: all that a value must be. The other rules are not looked at then.</summary>
    public OpenApi.ApiSchema? Schema { get; init; }

    /// <summary>The value that is sent where none is given; null to send nothing.</summary>
    public JsonNode? Default { get; init; }

    /// <summary>The key of <see cref="ModelRow.Fields"/> that writes the same field, where a parameter is there for it too; only one of the two may be given.</summary>
    public string? Sets { get; init; }

    /// <summary>Whether a value fits.</summary>
    public bool Accepts(JsonNode? value)
    {
        if (Schema is not null)
            return OpenApi.SchemaCheck.Fault(Schema, value) is null;
        if (value is not JsonValue v)
            return (Type == "array" && value is JsonArray) || (Type == "object" && value is JsonObject);
        switch (Type)
        {
            case "array" or "object":
                return false;
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
        if (Schema is not null)
            return OpenApi.SchemaCheck.Describe(Schema);
        if (Values.Count > 0)
            return Words.Of($"one of {Words.List(Values)}");
        string kind = Type switch { "integer" => Words.Of("a whole number"), "number" => Words.Of("a number"), "boolean" => Words.Of("true or false"), "array" => Words.Of("a list"), "object" => Words.Of("a hashtable"), _ => Words.Of("a text") };
        return Min is null && Max is null ? kind : Words.Of($"{kind} from {Min} to {Max}");
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

    /// <summary>For each picture that goes in.</summary>
    public decimal? InputImage { get; init; }

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

    /// <summary>How many tokens a picture that goes in was seen to count.</summary>
    public int PictureIn { get; init; }

    /// <summary>The same where what it shows must stay the same; null when that makes no difference.</summary>
    public int? PictureInStrict { get; init; }
}
