using PSImageGen.FakeProviders.Images;
using PSImageGen.FakeProviders.Inputs;

namespace PSImageGen.FakeProviders.Vendors.Stability;

/// <summary>An endpoint below <c>/v2beta/stable-image/</c>.</summary>
internal sealed record StabilityEndpoint(string Path, decimal Credits, params IReadOnlyList<InputField> Fields)
{
    private const string Large = "sd3.5-large", Turbo = "sd3.5-large-turbo", Medium = "sd3.5-medium", Flash = "sd3.5-flash";

    private static readonly InputField Prompt = InputField.Prompt;
    private static readonly InputField Negative = InputField.Text("negative_prompt");
    private static readonly InputField Seed = new("seed", InputType.Integer) { Least = 0, Most = 4_294_967_294 };
    private static readonly InputField Output = InputField.Choice("output_format", "png", "jpeg", "webp");
    private static readonly InputField Ratio = InputField.Choice("aspect_ratio", "1:1", "21:9", "16:9", "3:2", "5:4", "4:5", "2:3", "9:16", "9:21");
    private static readonly InputField Strength = InputField.Number("strength", 0, 1);
    private static readonly InputField Image = InputField.Image("image", required: true);
    private static readonly InputField Mask = InputField.Image("mask");
    private static readonly InputField Preset = new("style_preset", InputType.Text)
    {
        Choices =
        [
            "3d-model", "analog-film", "anime", "cinematic", "comic-book", "digital-art", "enhance", "fantasy-art", "isometric", "line-art", "low-poly",
            "modeling-compound", "neon-punk", "origami", "photographic", "pixel-art", "tile-texture",
        ],
    };

    private static readonly PixelRule A = new() { ShortSide = 64, Least = 4096, Most = 9_437_184 };
    private static readonly PixelRule AR = A with { Ratio = 2.5 };

    /// <summary>All endpoints of the fact sheet.</summary>
    public static IReadOnlyList<StabilityEndpoint> All { get; } =
    [
        new("generate/ultra", 8, Prompt, Negative, Seed, Output, Ratio, Preset, InputField.Image("image"), Strength) { Pixels = new() { ShortSide = 64, LongSide = 16_384, Least = 4096 } },
        new("generate/core", 3, Prompt, Negative, Seed, Output, Ratio, Preset) { Megapixels = 1.5 },
        new("generate/sd3", 6.5m, Prompt, Negative, Seed, Output, Ratio, Preset, InputField.Choice("mode", "text-to-image", "image-to-image"),
            InputField.Choice("model", Large, Turbo, Medium, Flash, "sd3-large", "sd3-large-turbo", "sd3-medium"), InputField.Image("image"), Strength, InputField.Number("cfg_scale", 1, 10)),
        new("edit/erase", 5, Image, Mask, InputField.Integer("grow_mask", 0, 20), Seed, Output) { Pixels = A, Shape = OutputShape.Input },
        new("edit/inpaint", 5, Image, Prompt, Mask, InputField.Integer("grow_mask", 0, 100), Preset, Negative, Seed, Output) { Pixels = A, Shape = OutputShape.Input },
        new("edit/outpaint", 4, Image, Margin("left"), Margin("right"), Margin("up"), Margin("down"), InputField.Number("creativity", 0, 1), InputField.Text("prompt"), Preset, Seed, Output)
            { Pixels = AR, Shape = OutputShape.Wider },
        new("edit/search-and-replace", 5, Image, Prompt, Needed("search_prompt"), InputField.Integer("grow_mask", 0, 20), Preset, Negative, Seed, Output) { Pixels = AR, Shape = OutputShape.Input },
        new("edit/search-and-recolor", 5, Image, Prompt, Needed("select_prompt"), InputField.Integer("grow_mask", 0, 20), Preset, Negative, Seed, Output) { Pixels = A, Shape = OutputShape.Input },
        new("edit/remove-background", 5, Image, InputField.Choice("output_format", "png", "webp"))
            { Pixels = new() { ShortSide = 64, Least = 4096, Most = 4_194_304 }, Shape = OutputShape.Input },
        new("edit/replace-background-and-relight", 8, InputField.Image("subject_image", required: true), InputField.Text("background_prompt"), InputField.Image("background_reference"),
            InputField.Text("foreground_prompt"), Negative, InputField.Number("preserve_original_subject", 0, 1), InputField.Number("original_background_depth", 0, 1),
            InputField.Choice("keep_original_background", "false", "true"), new("light_source_direction", InputType.Text) { Choices = ["left", "right", "above", "below"] },
            InputField.Image("light_reference"), InputField.Number("light_source_strength", 0, 1), Seed, Output)
            { Pixels = AR, Shape = OutputShape.Input, IsAsync = true },
        new("control/sketch", 5, Prompt, Image, InputField.Number("control_strength", 0, 1), Preset, Negative, Seed, Output) { Pixels = AR, Shape = OutputShape.Input },
        new("control/structure", 5, Prompt, Image, InputField.Number("control_strength", 0, 1), Preset, Negative, Seed, Output) { Pixels = AR, Shape = OutputShape.Input },
        new("control/style", 5, Prompt, Image, InputField.Number("fidelity", 0, 1), Ratio, Preset, Negative, Seed, Output) { Pixels = AR },
        new("control/style-transfer", 8, InputField.Image("init_image", required: true), InputField.Image("style_image", required: true), InputField.Text("prompt"),
            InputField.Number("style_strength", 0, 1), InputField.Number("composition_fidelity", 0, 1), InputField.Number("change_strength", 0.1, 1), Negative, Seed, Output)
            { Pixels = new() { ShortSide = 64, LongSide = 16_383, Ratio = 2.5 }, Shape = OutputShape.MegapixelLikeInput },
        new("upscale/fast", 2, Image, Output) { Pixels = new() { ShortSide = 32, LongSide = 1536, Least = 1024, Most = 1_048_576 }, Shape = OutputShape.FourTimes },
        new("upscale/conservative", 40, Image, Prompt, InputField.Number("creativity", 0.2, 0.5), Negative, Seed, Output) { Pixels = AR, Shape = OutputShape.MegapixelLikeInput, Megapixels = 4 },
        new("upscale/creative", 60, Image, Prompt, InputField.Number("creativity", 0.1, 0.5), Preset, Negative, Seed, Output)
            { Pixels = new() { Least = 4096, Most = 1_048_576 }, Shape = OutputShape.MegapixelLikeInput, Megapixels = 4, IsAsync = true },
    ];

    /// <summary>What every picture that goes in must keep to.</summary>
    public PixelRule Pixels { get; init; } = new();

    public OutputShape Shape { get; init; }

    public double Megapixels { get; init; } = 1;

    public bool IsAsync { get; init; }

    /// <summary>The price of an order in credits.</summary>
    public decimal Cost(InputCheck input) => input.Text("model") switch
    {
        Turbo or "sd3-large-turbo" => 4,
        Medium or "sd3-medium" => 3.5m,
        Flash => 2.5m,
        _ => Credits,
    };

    /// <summary>The size of the picture that comes out.</summary>
    public (int Width, int Height) SizeOf(InputCheck input)
    {
        ImageFacts? first = input.AllImages.FirstOrDefault();
        double megapixel = Megapixels * 1024 * 1024;
        switch (Shape)
        {
            case OutputShape.Input:
                return (first!.Width, first.Height);
            case OutputShape.FourTimes:
                return (first!.Width * 4, first.Height * 4);
            case OutputShape.Wider:
                int Side(string name) => (int)(input.Integer(name) ?? 0);
                return (first!.Width + Side("left") + Side("right"), first.Height + Side("up") + Side("down"));
            case OutputShape.MegapixelLikeInput:
                return Sizes.FromRatio((double)first!.Width / first.Height, megapixel);
            default:
                // What the SD 3.5 endpoint changes keeps the shape of the picture that goes in.
                return first is not null && input.Text("mode") == "image-to-image"
                    ? Sizes.FromRatio((double)first.Width / first.Height, megapixel)
                    : Sizes.FromRatio(input.Text("aspect_ratio")!, megapixel);
        }
    }

    private static InputField Margin(string name) => InputField.Integer(name, 0, 2000);

    private static InputField Needed(string name) => InputField.Text(name) with { Required = true };
}

/// <summary>How large a picture comes out.</summary>
internal enum OutputShape
{
    Ratio,
    Input,
    Wider,
    FourTimes,
    MegapixelLikeInput,
}

/// <summary>The pixels that a picture may have.</summary>
internal sealed record PixelRule
{
    public int ShortSide { get; init; } = 1;

    public int LongSide { get; init; } = int.MaxValue;

    public long Least { get; init; }

    public long Most { get; init; } = long.MaxValue;

    public double Ratio { get; init; } = double.MaxValue;

    /// <summary>What is wrong with a picture; null when nothing is.</summary>
    public string? FaultOf(ImageFacts image)
    {
        int shorter = int.Min(image.Width, image.Height), longer = int.Max(image.Width, image.Height);
        return shorter < ShortSide ? $"each side must be at least {ShortSide} pixels"
            : longer > LongSide ? $"each side must be at most {LongSide} pixels"
            : image.Pixels < Least ? $"must have at least {Least} pixels"
            : image.Pixels > Most ? $"must have at most {Most} pixels"
            : (double)longer / shorter > Ratio ? $"aspect ratio must be between 1:{Ratio} and {Ratio}:1"
            : null;
    }
}
