using System.Text.Json.Nodes;

namespace PSImageGen.Core.Requests;

/// <summary>What is wanted. Immutable, and checked once when it is made; what a model can do of it is the Planner's question.</summary>
public sealed class ImageRequest
{
    /// <summary>The most pictures one request may ask for.</summary>
    public const int MaxCount = 100;

    private static readonly Dictionary<string, int> Resolutions =
        new(StringComparer.OrdinalIgnoreCase) { ["1K"] = 1, ["2K"] = 2, ["4K"] = 4 };

    private readonly JsonObject? _options;

    /// <summary>Checks a draft.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c> or <c>InvalidImage</c>, naming the remedy.</exception>
    public ImageRequest(ImageOperation operation, RequestDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        Operation = operation;
        Prompt = string.IsNullOrWhiteSpace(draft.Prompt) ? throw Errors.PromptMissing() : draft.Prompt;
        NegativePrompt = NullIfBlank(draft.NegativePrompt);
        Style = NullIfBlank(draft.Style);
        Count = draft.Count ?? 1;
        if (Count is < 1 or > MaxCount)
            throw Errors.CountOutOfRange(Count);

        if (draft.Size is not null)
            Size = ImageSize.TryParse(draft.Size, out ImageSize size) ? size : throw Errors.SizeUnreadable(draft.Size);
        if (draft.AspectRatio is not null)
            AspectRatio = Requests.AspectRatio.TryParse(draft.AspectRatio, out AspectRatio ratio) ? ratio : throw Errors.RatioUnreadable(draft.AspectRatio);
        if (draft.Resolution is not null)
            Resolution = Resolutions.TryGetValue(draft.Resolution, out int k) ? k : throw Errors.ResolutionUnreadable(draft.Resolution);
        if (Size is not null && (AspectRatio is not null || Resolution is not null))
            throw Errors.SizeGivenTwice();

        Quality = NullIfBlank(draft.Quality);
        Format = draft.Format;
        Background = draft.Background;
        if (Background == ImageBackground.Transparent && Format == ImageFormat.Jpeg)
            throw Errors.TransparentJpeg();
        Seed = draft.Seed;
        if (Seed < 0)
            throw Errors.SeedNegative(Seed.Value);
        ReferenceImages = draft.ReferenceImages?.Select(InputImage.From).ToArray() ?? [];
        ConsistencyMode = draft.ConsistencyMode ?? PSImageGen.ConsistencyMode.Balanced;
        _options = draft.ProviderOptions is { Count: > 0 } options ? (JsonObject)options.DeepClone() : null;
    }

    /// <summary>What is done.</summary>
    public ImageOperation Operation { get; }

    /// <summary>What the picture shows.</summary>
    public string Prompt { get; }

    /// <summary>What it must not show.</summary>
    public string? NegativePrompt { get; }

    /// <summary>The look, in words.</summary>
    public string? Style { get; }

    /// <summary>The exact size insisted on.</summary>
    public ImageSize? Size { get; }

    /// <summary>The class of size in thousands of pixels: 1, 2 or 4.</summary>
    public int? Resolution { get; }

    /// <summary>The ratio of width to height.</summary>
    public AspectRatio? AspectRatio { get; }

    /// <summary>How many pictures.</summary>
    public int Count { get; }

    /// <summary>The vendor's word for quality.</summary>
    public string? Quality { get; }

    /// <summary>The file format.</summary>
    public ImageFormat? Format { get; }

    /// <summary>The background.</summary>
    public ImageBackground? Background { get; }

    /// <summary>The seed of the first picture.</summary>
    public long? Seed { get; }

    /// <summary>Pictures to follow.</summary>
    public IReadOnlyList<InputImage> ReferenceImages { get; }

    /// <summary>How closely to follow them.</summary>
    public ConsistencyMode ConsistencyMode { get; }

    /// <summary>Fields for the vendor (a copy), or null.</summary>
    public JsonObject? ProviderOptions => (JsonObject?)_options?.DeepClone();

    /// <summary>The request as it is kept in the record: what was given, nothing else, no secrets.</summary>
    public JsonObject ToJson()
    {
        JsonObject json = new() { ["operation"] = Operation.ToString(), ["prompt"] = Prompt, ["count"] = Count };
        void Add(string name, JsonNode? value)
        {
            if (value is not null)
                json[name] = value;
        }

        Add("negative_prompt", NegativePrompt);
        Add("style", Style);
        Add("size", Size?.ToString());
        Add("resolution", Resolution is { } k ? $"{k}K" : null);
        Add("aspect_ratio", AspectRatio?.ToString());
        Add("quality", Quality);
        Add("format", Format?.ToString().ToLowerInvariant());
        Add("background", Background?.ToString().ToLowerInvariant());
        Add("seed", Seed);
        if (ReferenceImages.Count > 0)
        {
            Add("reference_images", new JsonArray([.. ReferenceImages.Select(i => (JsonNode?)i.ToString())]));
            Add("consistency_mode", ConsistencyMode.ToString());
        }

        Add("provider_options", ProviderOptions);
        return json;
    }

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
