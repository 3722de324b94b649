using System.Text.Json.Nodes;
using PSImageGen.Core.OpenApi;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Requests;

namespace PSImageGen.Core.Providers.Described;

/// <summary>
/// Makes rows of a catalogue of what an order takes: the fields whose names and kinds vendors have in common carry the parameters of the
/// commands, all others are options. Where the document states no limit, the least that is sensible counts.
/// </summary>
internal sealed class RowReading
{
    private static readonly string[] Prompts = ["prompt", "text_prompt", "textPrompt", "positive_prompt", "positivePrompt", "text", "description", "query", "caption"];
    private static readonly string[] Negatives = ["negative_prompt", "negativePrompt", "negative", "avoid", "exclude"];
    private static readonly string[] Models = ["model", "model_id", "modelId", "model_name", "modelName", "engine", "engine_id", "checkpoint"];
    private static readonly string[] Counts = ["n", "num_images", "numImages", "number_of_images", "numberOfImages", "image_count", "num_outputs", "numOutputs", "samples", "batch_size", "batchSize", "copies", "count", "quantity"];
    private static readonly string[] Ratios = ["aspect_ratio", "aspectRatio", "ratio", "aspect"];
    private static readonly string[] Sizes = ["size", "image_size", "imageSize", "dimensions", "resolution", "image_resolution"];
    private static readonly string[] Formats = ["output_format", "outputFormat", "image_format", "imageFormat", "format", "file_format", "response_image_format"];
    private static readonly string[] Sources = ["image", "image_url", "imageUrl", "input_image", "inputImage", "init_image", "initImage", "source_image", "source_image_url", "image_file", "images", "image_urls", "imageUrls", "input_images", "image_input"];
    private static readonly string[] References = ["reference_images", "referenceImages", "reference_image_urls", "reference_image", "references", "guides", .. Sources];
    private static readonly string[] Masks = ["mask", "mask_image", "maskImage", "mask_url", "maskUrl", "mask_image_url"];
    private static readonly string[] Scales = ["scale", "upscale_factor", "upscaleFactor", "scale_factor", "scaleFactor", "factor"];

    private readonly IReadOnlyList<Slot> _slots;
    private readonly Dictionary<string, string> _fields = [];
    private readonly HashSet<Slot> _used = [];
    private readonly bool _form;

    private RowReading(IReadOnlyList<Slot> slots, bool form)
    {
        _slots = slots;
        _form = form;
    }

    /// <summary>The rows for an order, one for each model that a field of it names; empty where it takes no words and no picture.</summary>
    /// <param name="path">The path of the order below the base URL.</param>
    /// <param name="body">What it takes.</param>
    /// <param name="form">Whether it is sent as a form.</param>
    /// <param name="like">What all rows have in common, such as the price.</param>
    public static IReadOnlyList<ModelRow> Of(string path, ApiSchema body, bool form, ModelRow like)
    {
        RowReading reading = new(Slot.Of(body), form);
        return reading.Rows(path, like);
    }

    /// <summary>Whether an order takes words.</summary>
    public static bool TakesWords(ApiSchema body) => new RowReading(Slot.Of(body), form: false).Prompt() is not null;

    private List<ModelRow> Rows(string path, ModelRow like)
    {
        Slot? prompt = Use("prompt", Prompt());
        Slot? source = _slots.FirstOrDefault(s => IsPicture(s) && Is(s, Sources)), mask = _slots.FirstOrDefault(s => IsPicture(s) && Is(s, Masks)), references = _slots.FirstOrDefault(s => IsPicture(s) && s.IsList && Is(s, References));
        if (prompt is null && source is null)
            return [];
        ModelRow row = like with { Id = path, NegativePrompt = Use("negativePrompt", Find(Negatives, s => s.IsFreeText)) is not null, MaxPrompt = prompt?.Plain.MaxLength };
        row = WithPictures(row, prompt, source, mask, references);
        row = WithSizes(row);
        row = WithRest(row);
        Slot? scale = row.Operations.Contains(ImageOperation.Upscale) ? Use("scale", Find(Scales, s => s.IsNumber)) : null;
        if (row.Operations.Contains(ImageOperation.Upscale) && scale is null)
            row = row with { Operations = [.. row.Operations.Where(o => o != ImageOperation.Upscale)] };
        if (row.Operations.Count == 0)
            return [];

        Slot? model = Find(Models, s => s.Schema.Takes("string"));
        string[] names = model is null ? [] : model.Choices.Count > 0 ? [.. model.Choices] : model.Schema.Default is { } usual ? [usual.ToString()] : [];
        if (names.Length > 0)
            _used.Add(model!);
        row = row with { Options = Options(names.Length == 0 ? model : null) };
        foreach (Slot constant in _slots.Where(s => s.Required && !_used.Contains(s) && Constant(s) is not null))
            _fields["+" + constant.Path] = Constant(constant)!.ToJsonString();
        Dictionary<string, string> Fields(string? name) => new(_fields) { ["path"] = path, [name is null ? "path" : "=" + model!.Path] = name ?? path };
        // The model that counts where none is named goes first.
        return names.Length == 0
            ? [row with { Fields = Fields(null) }]
            : [.. names.OrderBy(n => n != model!.Schema.Default?.ToString()).Select(n => row with { Id = n, Fields = Fields(n) })];
    }

    private ModelRow WithPictures(ModelRow row, Slot? prompt, Slot? source, Slot? mask, Slot? references)
    {
        List<ImageOperation> operations = [];
        bool enlarges = prompt is not { Required: true } && source is not null && System.Text.RegularExpressions.Regex.IsMatch(row.Id, "upscal|enlarge|super.?res", System.Text.RegularExpressions.RegexOptions.IgnoreCase);
        if (enlarges)
            operations.Add(ImageOperation.Upscale);
        else if (prompt is not null && source is not { Required: true } && mask is not { Required: true })
            operations.Add(ImageOperation.Generate);
        foreach ((string key, Slot? slot) in new[] { ("image", source), ("mask", mask), ("references", references) })
        {
            if (slot is null)
                continue;
            Use(key, slot);
            // In a form a list repeats its name.
            _fields[key] = slot.IsList && !_form ? slot.Path + "[]" : slot.Path;
            if (slot.IsBase64)
                _fields["bare"] = "base64";
        }

        if (source is not null && !enlarges && prompt is not null)
            operations.AddRange(mask is null ? [ImageOperation.Img2Img] : mask.Required ? [ImageOperation.Inpaint] : [ImageOperation.Img2Img, ImageOperation.Inpaint]);
        int most = references is null ? 0 : references.Plain.MaxItems ?? 1;
        return row with
        {
            Operations = operations,
            Prompt = prompt is null ? PromptUse.None : prompt.Required ? PromptUse.Required : PromptUse.Optional,
            MaxReferences = operations.Contains(ImageOperation.Generate) ? most : 0,
            MaxInputs = references is null ? null : most,
            Links = source is null ? null : !_form && !source.IsFile && !source.IsBase64,
        };
    }

    private ModelRow WithSizes(ModelRow row)
    {
        SizeRule rule = new();
        bool any = false;
        if (Find(["width"], s => s.IsNumber) is { } width && Find(["height"], s => s.IsNumber) is { } height)
        {
            _ = (Use("width", width), Use("height", height));
            (ApiSchema w, ApiSchema h) = (width.Plain, height.Plain);
            // Multiples of 64 are right for every model there is.
            int step = (int)Math.Clamp(Math.Max(w.MultipleOf ?? 0, h.MultipleOf ?? 0) is > 0 and { } told ? told : 64, 1, 1024);
            rule = rule with
            {
                MultipleOf = step,
                MinSide = (int)Math.Clamp(Math.Max(w.Minimum ?? 1, h.Minimum ?? 1), 1, 1 << 15),
                MaxSide = (int)Math.Clamp(Math.Min(w.Maximum ?? int.MaxValue, h.Maximum ?? int.MaxValue), 1, int.MaxValue),
                Default = width.Schema.Default is { } x && height.Schema.Default is { } y && ImageSize.TryParse($"{x}x{y}", out ImageSize usual) ? usual.ToString() : null,
            };
            any = true;
        }
        else
        {
            // "size" may list pixels (1024x1024) or classes (2K); anything else is an option in words of the vendor's own.
            if (Find(Sizes, s => s.Choices.Count > 0 && s.Choices.All(c => ImageSize.TryParse(c, out ImageSize size) && size.ToString() == c || c == "auto")) is { } list && list.Choices.Any(c => c != "auto"))
            {
                string[] sizes = [.. list.Choices.Where(c => c != "auto")];
                Use("size", list);
                rule = rule with { List = sizes, Default = list.Schema.Default?.ToString() is { } usual && sizes.Contains(usual) ? usual : null };
                any = true;
            }
            else if (Find(Sizes, s => s.Choices.Count > 0 && s.Choices.All(c => c.Length == 2 && char.IsAsciiDigit(c[0]) && c[1] == 'K')) is { } classes)
            {
                Use("resolution", classes);
                rule = rule with { Resolutions = classes.Choices, Default = classes.Schema.Default?.ToString() is { } usual && classes.Choices.Contains(usual) ? usual : null };
                any = true;
            }

            if (rule.List.Count == 0 && Find(Ratios, s => s.Choices.Any(IsRatio)) is { } shapes)
            {
                Use("aspectRatio", shapes);
                rule = rule with { Ratios = [.. shapes.Choices.Where(IsRatio)] };
                any = true;
            }
        }

        return any ? row with { Sizes = rule } : row;
    }

    private ModelRow WithRest(ModelRow row)
    {
        // How many at once is not guessed: without a limit each picture is an order.
        if (Find(Counts, s => s.IsNumber && s.Plain.Maximum is >= 2) is { } count)
        {
            Use("count", count);
            row = row with { MaxPerCall = (int)Math.Min(count.Plain.Maximum!.Value, ImageRequest.MaxCount) };
        }

        if (Use("seed", Find(["seed"], s => s.IsNumber)) is { } seed)
            row = row with { Seed = true, MinSeed = (long)Math.Clamp(seed.Plain.Minimum ?? 0, 0, long.MaxValue), MaxSeed = (long)Math.Clamp(seed.Plain.Maximum ?? int.MaxValue, 1, long.MaxValue) };
        if (Find(Formats, s => s.Choices.Any(c => FormatOf(c) is not null)) is { } format)
        {
            Use("format", format);
            if (format.Choices.Contains("jpg") && !format.Choices.Contains("jpeg"))
                _fields["jpeg"] = "jpg";
            row = row with { Formats = [.. format.Choices.Select(FormatOf).OfType<ImageFormat>().Distinct()] };
        }

        if (Find(["quality"], s => s.Choices.Count > 0) is { } quality)
        {
            Use("quality", quality);
            row = row with { Qualities = quality.Choices };
        }

        if (Find(["background"], s => s.Choices.Contains("transparent")) is { } background)
        {
            Use("background", background);
            row = row with { Backgrounds = [.. Enum.GetValues<ImageBackground>().Where(b => b != ImageBackground.Auto && background.Choices.Contains(b.ToString().ToLowerInvariant()))] };
        }

        return row;
    }

    private Dictionary<string, OptionRule> Options(Slot? model) => _slots.Where(s => !_used.Contains(s) && !IsPicture(s)).ToDictionary(s => s.Path, s => new OptionRule
    {
        Type = s.Plain.Types.FirstOrDefault(t => t != "null") ?? "string",
        Values = s.Choices,
        Min = s.Plain.Minimum,
        Max = s.Plain.Maximum,
        Required = s.Required && (Constant(s) is null || s == model),
    });

    // A value that is sent where the document wants one and names it.
    private static JsonNode? Constant(Slot slot) => slot.Schema.Default ?? (slot.Schema.AllowedValues is [var only] ? only : null);

    private Slot? Prompt() => Find(Prompts, s => s.IsFreeText)
        ?? (_slots.Where(s => s.Required && s.IsFreeText).ToArray() is [var only] ? only : null);

    private Slot? Find(string[] names, Func<Slot, bool> suits) =>
        names.SelectMany(name => _slots.Where(s => s.Name == name && !_used.Contains(s))).FirstOrDefault(suits);

    private Slot? Use(string key, Slot? slot)
    {
        if (slot is null)
            return null;
        _used.Add(slot);
        _fields[key] = slot.Path;
        return slot;
    }

    private bool IsPicture(Slot slot) => (Is(slot, References) || Is(slot, Masks)) && (_form ? slot.IsFile || slot.Format == "uri" : slot.IsList ? slot.Plain.Items?.Takes("string") != false : slot.Schema.Takes("string"));

    private static bool Is(Slot slot, string[] names) => names.Contains(slot.Name, StringComparer.Ordinal);

    private static bool IsRatio(string text) => AspectRatio.TryParse(text, out AspectRatio ratio) && ratio.ToString() == text;

    private static ImageFormat? FormatOf(string word) => word.ToLowerInvariant() switch { "png" => ImageFormat.Png, "jpeg" or "jpg" => ImageFormat.Jpeg, "webp" => ImageFormat.Webp, _ => null };
}
