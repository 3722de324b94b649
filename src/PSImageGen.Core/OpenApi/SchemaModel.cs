using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Requests;

namespace PSImageGen.Core.OpenApi;

/// <summary>
/// A model as an OpenAPI document describes it: a row of the catalogue like any other, so that requests are fitted, checked and written as for
/// models that are known here. A parameter goes into the field of its name and meaning; every other field is an option with the rules
/// of the document; what is in neither is never sent.
/// </summary>
/// <param name="Row">The row. Its <c>fields</c> have the path of the order below the base URL as <see cref="PathKey"/>.</param>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Unstated">The limits the document says nothing of, and what is done instead; for those who want to know.</param>
public sealed record SchemaModel(ModelRow Row, ApiEndpoint Endpoint, IReadOnlyList<string> Unstated)
{
    /// <summary>The key of a row's fields that holds the path of its order.</summary>
    public const string PathKey = "path";

    // Where a document states no limit, what nearly every vendor takes.
    private const int CarefulReferences = 4;
    private const int CarefulSide = 2048;
    private const double CarefulRatio = 3;

    /// <summary>The models of an endpoint: one, or one for each value of its field for the model.</summary>
    /// <param name="endpoint">The endpoint, as described.</param>
    /// <param name="id">What the model is called where the body does not say.</param>
    /// <param name="path">Where it is ordered, below the base URL.</param>
    /// <param name="known">What is known of a model beside the document; null for nothing.</param>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>: the document cannot be understood there.</exception>
    public static IReadOnlyList<SchemaModel> Of(ApiEndpoint endpoint, string id, string path, Func<string, ModelRow?>? known = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        FieldMeaning meaning = new(endpoint.Fields);
        string[] ids = [.. meaning["model"]?.Schema.KnownValues.Select(v => v.ToString()).DefaultIfEmpty(meaning["model"]!.Default?.ToString() ?? id) ?? [id]];
        return [.. ids.Distinct().Select(one => Make(endpoint, meaning, one, path, known?.Invoke(one)))];
    }

    private static SchemaModel Make(ApiEndpoint endpoint, FieldMeaning meaning, string id, string path, ModelRow? known)
    {
        List<string> unstated = [];
        Dictionary<string, string> fields = new() { [PathKey] = path };
        void Use(string key)
        {
            if (meaning[key] is { } field)
                fields[key] = field.Name;
        }

        Use("model");
        Use("prompt");
        Use("negativePrompt");
        Use("seed");
        Use("count");
        int most = 1;
        if (meaning["count"] is { } count && Greatest(count) is { } many)
            most = (int)Math.Clamp(many, 1, ImageRequest.MaxCount);
        else if (meaning["count"] is not null)
            unstated.Add($"how many pictures one call makes: {most} is asked for at a time");
        SizeRule? sizes = SizesOf(meaning, fields, unstated);
        string[] qualities = Words(meaning, "quality", fields);
        ImageFormat[] formats = FormatsOf(meaning, fields);
        ImageBackground[] backgrounds = BackgroundsOf(meaning, fields);
        (int references, bool needsImage) = PicturesOf(meaning, fields, unstated);
        ImageOperation[] operations = OperationsOf(endpoint, meaning, fields, id);
        if (meaning["prompt"] is { Schema.MaxLength: null } && !meaning["prompt"]!.Schema.Variants.Any(v => v.MaxLength is not null))
            unstated.Add("the longest prompt: it is sent as it is");
        bool edits = operations.Contains(ImageOperation.Img2Img);
        Dictionary<string, string> emulates = [];
        if (edits && fields.ContainsKey("prompt"))
        {
            emulates[nameof(ImageOperation.Vary)] = "made as an edit that asks for another version";
            if (references > 1)
                emulates[nameof(ImageOperation.Style)] = "made as an edit that shows both pictures";
        }

        ModelRow row = new()
        {
            Id = id,
            Operations = operations,
            Emulates = known is { Emulates.Count: > 0 } && edits ? known.Emulates : emulates,
            Prompts = known is { Prompts.Count: > 0 } && edits ? known.Prompts : new Dictionary<ImageOperation, string>
            {
                [ImageOperation.Vary] = "A {degree} different version of this picture. {prompt}",
                [ImageOperation.Style] = "Redraw the first picture, {degree} in the style of the second one. Keep what it shows. {prompt}",
            },
            BestFor = known?.BestFor,
            FirstFor = known?.FirstFor ?? [],
            AlsoFor = known?.AlsoFor ?? [],
            OnlyNamedFor = known?.OnlyNamedFor ?? [],
            Prompt = meaning["prompt"] is not { } prompt ? PromptUse.None : prompt.Required ? PromptUse.Required : PromptUse.Optional,
            MaxPrompt = meaning["prompt"]?.Schema.Variants.Select(v => v.MaxLength).FirstOrDefault(l => l is not null),
            MaxPerCall = most,
            MaxReferences = references,
            MaxInputs = references > 0 ? references : null,
            NeedsImage = needsImage && operations.Contains(ImageOperation.Generate),
            Identity = known?.Identity ?? references > 0,
            InputFormats = known?.InputFormats ?? [],
            Strength = fields.ContainsKey("strength") || fields.ContainsKey("keep"),
            Scales = [.. meaning["scale"]?.AllowedValues.Select(v => decimal.TryParse(v.ToString(), CultureInfo.InvariantCulture, out decimal n) ? (int)n : 0).Where(n => n > 0) ?? []],
            Sizes = sizes,
            Qualities = qualities,
            Formats = formats,
            Backgrounds = backgrounds,
            Seed = meaning["seed"] is not null,
            MinSeed = (long)Math.Clamp(Least(meaning["seed"]) ?? 0, 0, long.MaxValue),
            MaxSeed = (long)Math.Clamp(Greatest(meaning["seed"]) ?? int.MaxValue, 0, long.MaxValue),
            NegativePrompt = meaning["negativePrompt"] is not null,
            Fields = fields,
            Options = OptionsOf(meaning, fields),
            Price = known?.Price,
            Source = known?.Price is null ? endpoint.Document.Name : known.Source,
            Date = known?.Price is null ? null : known.Date,
        };
        return new SchemaModel(row, endpoint, unstated);
    }

    private static SizeRule? SizesOf(FieldMeaning meaning, Dictionary<string, string> fields, List<string> unstated)
    {
        if (meaning["size"] is { } size && Texts(size).Where(t => ImageSize.TryParse(t, out ImageSize s) && s.ToString() == t).ToArray() is { Length: > 0 } list)
        {
            fields["size"] = size.Name;
            return new SizeRule { List = list, Default = list.Contains(size.Default?.ToString()) ? size.Default!.ToString() : list[0] };
        }

        string[] shapes = meaning["aspectRatio"] is { } ratio ? [.. Texts(ratio).Where(t => AspectRatio.TryParse(t, out _))] : [];
        string[] classes = meaning["resolution"] is { } resolution ? [.. Texts(resolution).Where(IsClass)] : [];
        bool anyShape = meaning["aspectRatio"] is { AllowedValues.Count: 0 };
        if (shapes.Length > 0 || anyShape)
            fields["aspectRatio"] = meaning["aspectRatio"]!.Name;
        if (classes.Length > 0)
            fields["resolution"] = meaning["resolution"]!.Name;
        if (shapes.Length > 0 || classes.Length > 0)
            return new SizeRule { Resolutions = classes, Ratios = shapes.Length > 0 ? shapes : anyShape ? [] : ["1:1"], MatchInput = string.Empty };
        if (anyShape)
        {
            unstated.Add($"which shapes there are: up to {CarefulRatio}:1 are asked for");
            return new SizeRule { RatioOnly = CarefulRatio, MatchInput = string.Empty };
        }

        if (meaning["width"] is { } width && meaning["height"] is { } height)
        {
            (fields["width"], fields["height"]) = (width.Name, height.Name);
            if (Greatest(width) is null)
                unstated.Add($"the largest size: up to {CarefulSide} pixels a side are asked for");
            return new SizeRule
            {
                MultipleOf = (int)Math.Max(1, width.Schema.Variants.Select(v => v.MultipleOf).FirstOrDefault(m => m is not null) ?? 1),
                MinSide = (int)Math.Clamp(Math.Max(Least(width) ?? 1, Least(height) ?? 1), 1, int.MaxValue),
                MaxSide = (int)Math.Clamp(Math.Min(Greatest(width) ?? CarefulSide, Greatest(height) ?? CarefulSide), 1, int.MaxValue),
            };
        }

        if (meaning["size"] is not { AllowedValues.Count: 0 } free || (free.Default is { } usual && !ImageSize.TryParse(usual.ToString(), out _)))
            return null;
        fields["size"] = free.Name;
        unstated.Add($"which sizes there are: up to {CarefulSide} pixels a side are asked for");
        return new SizeRule { MultipleOf = 1, MaxSide = CarefulSide, Default = free.Default?.ToString() };
    }

    // 1K, 2K, 4K.
    private static bool IsClass(string text) => text.Length is 2 or 3 && text[^1] is 'K' or 'k' && text[..^1].All(char.IsAsciiDigit);

    private static string[] Words(FieldMeaning meaning, string key, Dictionary<string, string> fields)
    {
        string[] words = meaning[key] is { } field ? Texts(field) : [];
        if (words.Length > 0)
            fields[key] = meaning[key]!.Name;
        return words;
    }

    private static ImageFormat[] FormatsOf(FieldMeaning meaning, Dictionary<string, string> fields)
    {
        string[] words = meaning["format"] is { } field ? Texts(field) : [];
        ImageFormat[] formats = [.. words.Select(w => w switch { "png" => ImageFormat.Png, "jpeg" or "jpg" => ImageFormat.Jpeg, "webp" => ImageFormat.Webp, _ => (ImageFormat?)null }).OfType<ImageFormat>().Distinct()];
        if (formats.Length == 0)
            return [];
        fields["format"] = meaning["format"]!.Name;
        if (!words.Contains("jpeg") && words.Contains("jpg"))
            fields["jpeg"] = "jpg";
        return formats;
    }

    private static ImageBackground[] BackgroundsOf(FieldMeaning meaning, Dictionary<string, string> fields)
    {
        string[] words = meaning["background"] is { } field ? Texts(field) : [];
        ImageBackground[] backgrounds = [.. Enum.GetValues<ImageBackground>().Where(b => b != ImageBackground.Auto && words.Contains(b.ToString().ToLowerInvariant()))];
        if (backgrounds.Length > 0)
            fields["background"] = meaning["background"]!.Name;
        return backgrounds;
    }

    private static (int References, bool NeedsImage) PicturesOf(FieldMeaning meaning, Dictionary<string, string> fields, List<string> unstated)
    {
        if (meaning["mask"] is { } mask)
            fields["mask"] = mask.Name;
        if (meaning["style"] is { } style)
            fields["style"] = style.Name;
        ApiField? one = meaning["image"], list = meaning["references"] is { } several && FieldMeaning.IsList(several) ? several : null;
        if (one is not null && FieldMeaning.IsList(one))
            list ??= one;
        if (list is not null)
        {
            string name = list.Name + "[]";
            fields["references"] = name;
            // A field of its own for the picture that is worked on goes before.
            fields["image"] = one is not null && !FieldMeaning.IsList(one) ? one.Name : name;
            fields.TryAdd("style", name);
            if (FieldMeaning.MostItems(list) is null)
                unstated.Add($"how many pictures go in: {CarefulReferences} at most are sent");
            return (FieldMeaning.MostItems(list) ?? CarefulReferences, list.Required || one?.Required == true);
        }

        if (one is null)
            return (0, false);
        string single = meaning.Numbered.Count > 0 ? one.Name + "#" : one.Name;
        fields["image"] = fields["references"] = single;
        if (meaning.Numbered.Count > 0)
            fields.TryAdd("style", single);
        return (1 + meaning.Numbered.Count, one.Required);
    }

    private static ImageOperation[] OperationsOf(ApiEndpoint endpoint, FieldMeaning meaning, Dictionary<string, string> fields, string id)
    {
        bool image = fields.ContainsKey("image"), prompt = fields.ContainsKey("prompt");
        bool upscales = image && (id + endpoint.Path).Contains("upscale", StringComparison.OrdinalIgnoreCase);
        List<ImageOperation> operations = [];
        if (upscales && meaning["scale"] is { } scale)
        {
            fields["scale"] = scale.Name;
            return [ImageOperation.Upscale];
        }

        // How large it becomes cannot be said.
        if (upscales)
            return [];
        bool masked = meaning["mask"] is { Required: true };
        if (prompt && !masked)
            operations.Add(ImageOperation.Generate);
        if (prompt && image && !masked)
            operations.Add(ImageOperation.Img2Img);
        if (prompt && image && fields.ContainsKey("mask"))
            operations.Add(ImageOperation.Inpaint);
        if (image && (meaning["strength"] ?? meaning["keep"]) is { } strength && (Greatest(strength) ?? 1) <= 1)
            fields[meaning["strength"] is not null ? "strength" : "keep"] = strength.Name;
        return [.. operations];
    }

    // Every field that no parameter fills, and those of size and look with the words that no parameter has.
    private static Dictionary<string, OptionRule> OptionsOf(FieldMeaning meaning, Dictionary<string, string> fields)
    {
        string[] shared = ["aspectRatio", "resolution", "size", "width", "height", "quality", "format", "background", "negativePrompt"];
        Dictionary<string, string> keys = [];
        foreach ((string key, string name) in fields.Where(f => f.Key is not (PathKey or "jpeg")))
            keys.TryAdd(name.TrimEnd('[', ']', '#'), key);
        Dictionary<string, OptionRule> options = [];
        // How the answer comes is not for users to choose.
        foreach (ApiField field in meaning.All.Where(f => f.Name != "stream" && !meaning.CountLike.Contains(f.Name) && !meaning.Numbered.Contains(f.Name)))
        {
            string? key = keys.GetValueOrDefault(field.Name);
            if (key is not null && !shared.Contains(key))
                continue;
            JsonNode? only = field.Schema.AllowedValues is [var single] ? single : null;
            options[field.Name] = new OptionRule
            {
                Type = "string",
                Schema = field.Schema,
                Sets = key,
                // Needed and known: it is sent without being asked for.
                Default = field.Required && key is null ? field.Default ?? only : null,
                Required = field.Required && key is null && field.Default is null && only is null,
            };
        }

        return options;
    }

    private static string[] Texts(ApiField field) => [.. field.Schema.KnownValues.Where(v => v.GetValueKind() == JsonValueKind.String).Select(v => v.ToString())];

    private static decimal? Least(ApiField? field) => field?.Schema.Variants.Select(v => v.Minimum).FirstOrDefault(m => m is not null);

    private static decimal? Greatest(ApiField? field) =>
        field?.Schema.AllowedValues is { Count: > 0 } values ? values.Max(v => decimal.TryParse(v.ToString(), CultureInfo.InvariantCulture, out decimal n) ? n : 1)
        : field?.Schema.Variants.Select(v => v.Maximum).FirstOrDefault(m => m is not null);
}
