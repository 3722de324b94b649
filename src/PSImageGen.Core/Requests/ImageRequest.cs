using System.Text.Json.Nodes;

namespace PSImageGen.Core.Requests;

/// <summary>What is wanted. Immutable, and checked once when it is made; what a model can do of it is the Planner's question.</summary>
public sealed class ImageRequest
{
    /// <summary>The most pictures one request may ask for.</summary>
    public const int MaxCount = 100;

    /// <summary>The most pixels a picture may be continued by on one side.</summary>
    public const int MaxMargin = 4096;

    private static readonly Dictionary<string, int> Resolutions =
        new(StringComparer.OrdinalIgnoreCase) { ["1K"] = 1, ["2K"] = 2, ["4K"] = 4 };

    private readonly JsonObject? _options;
    private readonly RequestDraft _draft;

    /// <summary>Checks a draft.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c> or <c>InvalidImage</c>, naming the remedy.</exception>
    public ImageRequest(ImageOperation operation, RequestDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        _draft = draft;
        Operation = operation;
        Prompt = !string.IsNullOrWhiteSpace(draft.Prompt) ? draft.Prompt
            : operation == ImageOperation.Generate ? throw Errors.PromptMissing(operation) : string.Empty;
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
        ExactSize = draft.ExactSize;
        if (ExactSize && Size is null && AspectRatio is null && Resolution is null && draft.Image is null)
            throw Errors.ExactSizeOfNothing();

        Quality = NullIfBlank(draft.Quality);
        Format = draft.Format;
        DefaultQuality = NullIfBlank(draft.DefaultQuality);
        DefaultFormat = draft.DefaultFormat;
        Background = draft.Background;
        if (Background == ImageBackground.Transparent && Format == ImageFormat.Jpeg)
            throw Errors.TransparentJpeg();
        Seed = draft.Seed;
        if (Seed < 0)
            throw Errors.SeedNegative(Seed.Value);
        ReferenceImages = [.. draft.ReferenceImages?.Select(i => InputImage.From(i)) ?? [], .. draft.ExpectedReference is { } yet ? new[] { InputImage.Expected(yet) } : []];
        OptionalReferences = Math.Clamp(draft.OptionalReferences, 0, ReferenceImages.Count);
        Image = draft.Image is null ? null : InputImage.From(draft.Image);
        Mask = draft.Mask is null ? null : InputImage.From(draft.Mask);
        StyleImage = draft.StyleImage is null ? null : InputImage.From(draft.StyleImage);
        ParentRunId = NullIfBlank(draft.ParentRunId);
        Strength = draft.Strength;
        if (Strength is < 0 or > 1 or double.NaN)
            throw Errors.StrengthOutOfRange(operation, Strength.Value);
        Scale = draft.Scale ?? (operation == ImageOperation.Upscale ? 2 : null);
        Margins = new Margins(Side("Left", draft.Left), Side("Right", draft.Right), Side("Up", draft.Up), Side("Down", draft.Down));
        CheckInputs();
        ConsistencyMode = draft.ConsistencyMode ?? PSImageGen.ConsistencyMode.Balanced;
        _options = draft.ProviderOptions is { Count: > 0 } options ? (JsonObject)options.DeepClone() : null;
        SavePartials = draft.SavePartials;
    }

    /// <summary>What is done.</summary>
    public ImageOperation Operation { get; }

    /// <summary>What the picture shows.</summary>
    public string Prompt { get; }

    /// <summary>What it must not show.</summary>
    public string? NegativePrompt { get; }

    /// <summary>The look, in words.</summary>
    public string? Style { get; }

    /// <summary>The pixels wished for.</summary>
    public ImageSize? Size { get; }

    /// <summary>Whether the size or shape is insisted on; where none is given, that of the picture that goes in.</summary>
    public bool ExactSize { get; }

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

    /// <summary>The quality where none is given and the model has it.</summary>
    public string? DefaultQuality { get; }

    /// <summary>The file format where none is given and the model makes it.</summary>
    public ImageFormat? DefaultFormat { get; }

    /// <summary>The background.</summary>
    public ImageBackground? Background { get; }

    /// <summary>The seed of the first picture.</summary>
    public long? Seed { get; }

    /// <summary>The picture that is worked on; null only when one is made from words alone.</summary>
    public InputImage? Image { get; }

    /// <summary>Which part of it is made anew: white means change, black means keep.</summary>
    public InputImage? Mask { get; }

    /// <summary>The picture whose look is taken over.</summary>
    public InputImage? StyleImage { get; }

    /// <summary>How much may change, 0 to 1; null to leave it to the operation.</summary>
    public double? Strength { get; }

    /// <summary>How many times as wide and high it becomes: 2 or 4.</summary>
    public int? Scale { get; }

    /// <summary>By how much it is continued on each side; empty where a size or ratio says it.</summary>
    public Margins Margins { get; }

    /// <summary>Pictures to follow.</summary>
    public IReadOnlyList<InputImage> ReferenceImages { get; }

    /// <summary>How many of the last of them may stay behind where a model takes fewer.</summary>
    public int OptionalReferences { get; }

    /// <summary>The run that made the first picture that goes in, where it came as a result.</summary>
    public string? ParentRunId { get; }

    /// <summary>All that goes in, in the order in which it is sent: source, mask, style, references.</summary>
    public IEnumerable<RequestInput> Inputs =>
        new (ImageRole Role, InputImage? Image)[] { (ImageRole.Source, Image), (ImageRole.Mask, Mask), (ImageRole.Style, StyleImage) }
            .Where(i => i.Image is not null).Select(i => new RequestInput(i.Role, i.Image!))
            .Concat(ReferenceImages.Select(i => new RequestInput(ImageRole.Reference, i)));

    /// <summary>How closely to follow them.</summary>
    public ConsistencyMode ConsistencyMode { get; }

    /// <summary>Fields for the vendor (a copy), or null.</summary>
    public JsonObject? ProviderOptions => (JsonObject?)_options?.DeepClone();

    /// <summary>Whether pictures on the way to the finished one are kept.</summary>
    public bool SavePartials { get; }

    /// <summary>The same with other words.</summary>
    public ImageRequest WithPrompt(string prompt) => new(Operation, _draft with { Prompt = prompt });

    /// <summary>The request as it is kept in the record: what was given, nothing else, no secrets.</summary>
    public JsonObject ToJson()
    {
        JsonObject json = new() { ["operation"] = Operation.ToString(), ["prompt"] = Prompt.Length > 0 ? Prompt : null, ["count"] = Count };
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
        Add("exact_size", ExactSize ? true : null);
        Add("quality", Quality);
        Add("format", Format?.ToString().ToLowerInvariant());
        Add("default_quality", DefaultQuality);
        Add("default_format", DefaultFormat?.ToString().ToLowerInvariant());
        Add("background", Background?.ToString().ToLowerInvariant());
        Add("seed", Seed);
        Add("image", Image?.ToString());
        Add("mask", Mask?.ToString());
        Add("style_image", StyleImage?.ToString());
        Add(Operation == ImageOperation.Vary ? "variance" : "strength", Strength);
        Add("scale", Scale);
        if (!Margins.IsEmpty)
            Add("margins", new JsonObject { ["left"] = Margins.Left, ["right"] = Margins.Right, ["up"] = Margins.Up, ["down"] = Margins.Down });
        if (ReferenceImages.Count > 0)
        {
            Add("reference_images", new JsonArray([.. ReferenceImages.Select(i => (JsonNode?)i.ToString())]));
            Add("optional_references", OptionalReferences > 0 ? OptionalReferences : null);
            Add("consistency_mode", ConsistencyMode.ToString());
        }

        Add("provider_options", ProviderOptions);
        Add("save_partials", SavePartials ? true : null);
        return json;
    }

    private void CheckInputs()
    {
        if (Operation != ImageOperation.Generate && Image is null)
            throw Errors.ImageMissing(Operation);
        if (Operation == ImageOperation.Inpaint != Mask is not null)
            throw Mask is null ? Errors.MaskMissing() : Errors.MaskUnused(Operation);
        if (Operation == ImageOperation.Style && StyleImage is null)
            throw Errors.StyleImageMissing();
        // Both must lie on each other point by point, and finding that out at the vendor may cost money.
        if (Mask?.Info is { } mask && Image?.Info is { } image && (mask.Width, mask.Height) != (image.Width, image.Height))
            throw Errors.MaskOfOtherSize(Mask, Image);
        if (Scale is not (null or 2 or 4))
            throw Errors.ScaleUnknown(Scale.Value);
        if (Operation == ImageOperation.Outpaint)
            CheckExtent();
    }

    private void CheckExtent()
    {
        bool target = Size is not null || AspectRatio is not null;
        if (Margins.IsEmpty == !target)
            throw target ? Errors.ExtentGivenTwice() : Errors.ExtentMissing();
        if (Resolution is not null)
            throw Errors.ExtentByResolution();
    }

    private static int Side(string name, int? pixels) =>
        pixels is null or (>= 0 and <= MaxMargin) ? pixels ?? 0 : throw Errors.MarginOutOfRange(name, pixels.Value);

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
