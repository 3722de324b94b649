using System.Globalization;
using PSImageGen.FakeProviders.Images;
using PSImageGen.FakeProviders.Inputs;

namespace PSImageGen.FakeProviders.Vendors.Replicate;

/// <summary>All models and their inputs.</summary>
internal static class ReplicateModels
{
    private const double Megapixel = 1024 * 1024;

    private static readonly InputField Quality = InputField.Integer("output_quality", 0, 100, 80);
    private static readonly InputField NoChecker = InputField.Flag("disable_safety_checker");
    private static readonly InputField Upsampling = InputField.Flag("prompt_upsampling");
    private static readonly InputField WebpJpgPng = InputField.Choice("output_format", "webp", "jpg", "png");
    private static readonly InputField JpgPng = InputField.Choice("output_format", "jpg", "png");
    private static readonly InputField PngJpg = InputField.Choice("output_format", "png", "jpg");
    private static readonly InputField Outputs = InputField.Integer("num_outputs", 1, 4, 1);
    private static readonly InputField Megapixels = InputField.Choice("megapixels", "1", "0.25");
    private static readonly InputField NegativePrompt = InputField.Text("negative_prompt");
    private static readonly InputField FreePrompt = InputField.Text("prompt");

    private static readonly string[] OpenRatios = ["1:1", "16:9", "21:9", "3:2", "2:3", "4:5", "5:4", "3:4", "4:3", "9:16", "9:21"];
    private static readonly string[] ProRatios = ["1:1", "16:9", "3:2", "2:3", "4:5", "5:4", "9:16", "3:4", "4:3"];
    private static readonly string[] NanoRatios = ["match_input_image", "1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"];
    private static readonly string[] SeedreamRatios = ["match_input_image", "1:1", "4:3", "3:4", "16:9", "9:16", "3:2", "2:3", "21:9"];

    private static readonly InputField OpenRatio = InputField.Choice("aspect_ratio", OpenRatios);

    private static readonly InputField[] Kontext =
    [
        InputField.Prompt,
        InputField.Seed,
        InputField.Image("input_image"),
        InputField.Choice("aspect_ratio", ["match_input_image", .. OpenRatios, "2:1", "1:2"]),
        PngJpg,
        InputField.Integer("safety_tolerance", 0, 6, 2),
        Upsampling,
    ];

    private static readonly InputField[] Flux2 =
    [
        InputField.Prompt,
        InputField.Seed,
        InputField.Choice("aspect_ratio", ["1:1", "match_input_image", "custom", .. ProRatios.Skip(1)]),
        InputField.Choice("resolution", "1 MP", "match_input_image", "0.5 MP", "2 MP", "4 MP"),
        .. CustomSize(2048),
        InputField.Integer("safety_tolerance", 1, 5, 2),
        WebpJpgPng,
        Quality,
    ];

    private static readonly InputField[] Dev =
    [
        InputField.Prompt,
        InputField.Seed,
        OpenRatio,
        Outputs,
        Megapixels,
        InputField.Flag("go_fast", byDefault: true),
        WebpJpgPng,
        Quality,
        NoChecker,
    ];

    private static readonly InputField[] Redux =
        [InputField.Image("redux_image", required: true), InputField.Seed, OpenRatio, Outputs, Megapixels, WebpJpgPng, Quality, NoChecker];

    private static readonly InputField[] Pulid =
    [
        InputField.Image("main_face_image", required: true),
        FreePrompt,
        NegativePrompt,
        InputField.Integer("width", 256, 1536, 896),
        InputField.Integer("height", 256, 1536, 1152),
        InputField.Integer("num_steps", 1, 20, 20),
        InputField.Integer("start_step", 0, 10, 0),
        InputField.Number("guidance_scale", 1, 10, 4),
        InputField.Number("id_weight", 0, 3, 1),
        InputField.Number("true_cfg", 1, 10, 1),
        InputField.Integer("max_sequence_length", 128, 512, 128),
        InputField.Seed,
        Outputs,
        InputField.Choice("output_format", "webp", "png", "jpg"),
        Quality,
    ];

    public static IReadOnlyList<ReplicateModel> All { get; } =
    [
        new(
            "black-forest-labs/flux-1.1-pro",
            [
                InputField.Prompt,
                InputField.Seed,
                InputField.Image("image_prompt"),
                InputField.Choice("aspect_ratio", ["1:1", "custom", .. ProRatios.Skip(1)]),
                .. CustomSize(1440),
                InputField.Integer("safety_tolerance", 1, 6, 2),
                Upsampling,
                WebpJpgPng,
                Quality,
            ],
            0.04m) { Size = BySide, Rules = CheckCustom },
        new(
            "black-forest-labs/flux-1.1-pro-ultra",
            [
                InputField.Prompt,
                InputField.Seed,
                InputField.Image("image_prompt"),
                InputField.Number("image_prompt_strength", 0, 1, 0.1),
                OpenRatio,
                InputField.Flag("raw"),
                InputField.Integer("safety_tolerance", 1, 6, 2),
                JpgPng,
            ],
            0.06m) { Size = input => ByRatio(input, 4 * Megapixel) },
        new("black-forest-labs/flux-2-pro", [.. Flux2, InputField.Images("input_images", 8)], 0.03m) { Size = BySide, Rules = CheckCustom },
        new("black-forest-labs/flux-2-max", [.. Flux2, InputField.Images("input_images", 8)], 0.07m) { Size = BySide, Rules = CheckCustom },
        new(
            "black-forest-labs/flux-2-flex",
            [
                .. Flux2,
                InputField.Images("input_images", 10),
                InputField.Integer("steps", 1, 50, 30),
                InputField.Number("guidance", 1.5, 10, 4.5),
                InputField.Flag("prompt_upsampling", byDefault: true),
            ],
            0.06m) { Size = BySide, Rules = CheckCustom },
        new(
            "black-forest-labs/flux-dev",
            [
                .. Dev,
                InputField.Image("image"),
                InputField.Number("prompt_strength", 0, 1, 0.8),
                InputField.Integer("num_inference_steps", 1, 50, 28),
                InputField.Number("guidance", 0, 10, 3),
            ],
            0.025m) { Size = BySide, IsList = true },
        new("black-forest-labs/flux-schnell", [.. Dev, InputField.Integer("num_inference_steps", 1, 4, 4)], 0.003m) { Size = BySide, IsList = true },
        new("black-forest-labs/flux-kontext-pro", Kontext, 0.04m) { Size = BySide, Rules = CheckTolerance },
        new("black-forest-labs/flux-kontext-max", Kontext, 0.08m) { Size = BySide, Rules = CheckTolerance },
        new(
            "black-forest-labs/flux-fill-pro",
            [
                InputField.Prompt,
                InputField.Image("image", required: true),
                InputField.Image("mask"),
                InputField.Choice(
                    "outpaint",
                    "None",
                    "Zoom out 1.5x",
                    "Zoom out 2x",
                    "Make square",
                    "Left outpaint",
                    "Right outpaint",
                    "Top outpaint",
                    "Bottom outpaint"),
                InputField.Seed,
                InputField.Integer("steps", 15, 50, 50),
                InputField.Number("guidance", 1.5, 100, 60),
                InputField.Integer("safety_tolerance", 1, 6, 2),
                Upsampling,
                JpgPng,
            ],
            0.05m) { Size = ByOutpaint, Rules = CheckMask },
        new(
            "black-forest-labs/flux-fill-dev",
            [
                InputField.Prompt,
                InputField.Image("image", required: true),
                InputField.Image("mask"),
                InputField.Seed,
                Outputs,
                InputField.Integer("num_inference_steps", 1, 50, 28),
                InputField.Number("guidance", 0, 100, 30),
                InputField.Choice("megapixels", "1", "0.25", "match_input"),
                InputField.Text("lora_weights"),
                InputField.Number("lora_scale"),
                WebpJpgPng,
                Quality,
                NoChecker,
            ],
            0.04m) { Size = input => Sizes.Scale(input.Images("image")[0], 1), IsList = true, Rules = CheckMask },
        new(
            "black-forest-labs/flux-redux-dev",
            [.. Redux, InputField.Integer("num_inference_steps", 1, 50, 28), InputField.Number("guidance", 0, 10, 3)],
            0.025m) { Size = BySide, IsList = true },
        new("black-forest-labs/flux-redux-schnell", [.. Redux, InputField.Integer("num_inference_steps", 1, 4, 4)], 0.003m) { Size = BySide, IsList = true },
        new(
            "google/nano-banana-pro",
            [
                InputField.Prompt,
                InputField.Images("image_input", 14),
                InputField.Choice("resolution", "2K", "1K", "4K"),
                InputField.Choice("aspect_ratio", NanoRatios),
                JpgPng,
                InputField.Choice("safety_filter_level", "block_only_high", "block_low_and_above", "block_medium_and_above"),
                InputField.Flag("allow_fallback_model"),
            ],
            0.15m) { Size = BySide },
        new(
            "google/nano-banana-2",
            [
                InputField.Prompt,
                InputField.Images("image_input", 14),
                InputField.Choice("resolution", "1K", "2K", "4K"),
                InputField.Choice("aspect_ratio", [.. NanoRatios, "1:4", "1:8", "4:1", "8:1"]),
                InputField.Flag("google_search"),
                InputField.Flag("image_search"),
                JpgPng,
            ],
            0.067m) { Size = BySide },
        new(
            "google/nano-banana",
            [InputField.Prompt, InputField.Images("image_input"), InputField.Choice("aspect_ratio", NanoRatios), JpgPng],
            0.039m) { Size = BySide },
        new(
            "bytedance/seedream-5-lite",
            [
                InputField.Prompt,
                InputField.Images("image_input", 14),
                InputField.Choice("size", "2K", "3K"),
                InputField.Choice("aspect_ratio", SeedreamRatios),
                .. Sequence(),
                InputField.Choice("output_format", "png", "jpeg"),
            ],
            0.035m) { Size = BySide, IsList = true },

        // The sheet names this one without its fields: taken from its younger sister, with the sizes it has elsewhere.
        new(
            "bytedance/seedream-4.5",
            [
                InputField.Prompt,
                InputField.Seed,
                InputField.Images("image_input", 14),
                InputField.Choice("size", "2K", "4K"),
                InputField.Choice("aspect_ratio", SeedreamRatios),
                .. Sequence(),
            ],
            0.04m) { Size = BySide, IsList = true, Format = "jpg" },
        new("recraft-ai/recraft-crisp-upscale", [InputField.Image("image", required: true)], 0.006m)
        {
            Size = input => Sizes.Scale(input.Images("image")[0], 2),
            Format = "webp",
        },
        Community("bytedance/flux-pulid", Pulid, 0.02m, "8baa7ef2255075b46f4d91cd238c21d31181b3e6a864463f967960bb0112525b") with { Size = BySide, IsList = true },
        Community("zsxkib/flux-pulid", Pulid, 0.02m, "32235af21106089aad447a5afda017a7766f46ee09350243774091f115336d7f") with { Size = BySide, IsList = true },
        Community(
            "zsxkib/instant-id",
            [
                InputField.Image("image", required: true),
                InputField.Image("pose_image"),
                FreePrompt,
                NegativePrompt,
                InputField.Text("sdxl_weights"),
                InputField.Number("ip_adapter_scale", 0, 1.5, 0.8),
                InputField.Number("controlnet_conditioning_scale", 0, 1.5, 0.8),
                InputField.Integer("num_inference_steps", 1, 500, 30),
                InputField.Number("guidance_scale", 1, 50, 7.5),
                InputField.Flag("enable_lcm"),
                InputField.Seed,
                WebpJpgPng,
                Quality,
            ],
            0.03m) with { Size = _ => (1024, 1024), IsList = true },
        Community(
            "lucataco/ip-adapter-faceid",
            [
                InputField.Image("face_image", required: true),
                FreePrompt,
                NegativePrompt,
                InputField.Integer("width", 256, 1536, 1024),
                InputField.Integer("height", 256, 1536, 1024),
                Outputs,
                InputField.Integer("num_inference_steps", 1, 200, 30),
                InputField.Seed,
                InputField.Flag("agree_to_research_only"),
            ],
            0.02m,
            "fb81ef963e74776af72e6f380949013533d46dd5c6228a9e586c57db6303d7cd") with
        {
            Size = BySide,
            IsList = true,
            Rules = input =>
            {
                if (!input.Flag("agree_to_research_only"))
                    input.Add("agree_to_research_only", "You must agree to use this model for research only", "value_error");
            },
        },
        Community(
            "nightmareai/real-esrgan",
            [InputField.Image("image", required: true), InputField.Number("scale", 0, 10, 4), InputField.Flag("face_enhance")],
            0.002m) with { Size = input => Sizes.Scale(input.Images("image")[0], input.Number("scale")!.Value) },
        Community(
            "philz1337x/clarity-upscaler",
            [
                InputField.Image("image", required: true),
                InputField.Number("scale_factor", 1, 16, 2),
                InputField.Number("creativity", 0, 1, 0.35),
                InputField.Number("resemblance", 0, 3, 0.6),
                InputField.Number("dynamic", 1, 50, 6),
                InputField.Integer("num_inference_steps", 1, 100, 18),
                InputField.Integer("seed", byDefault: 1337),
                FreePrompt,
                NegativePrompt,
                InputField.Text("sd_model"),
                InputField.Text("scheduler"),
                InputField.Integer("tiling_width"),
                InputField.Integer("tiling_height"),
                InputField.Number("sharpen", 0, 10, 0),
                InputField.Flag("downscaling"),
                InputField.Text("handfix"),
                InputField.Flag("pattern"),
                InputField.Image("mask"),
                InputField.Choice("output_format", "png", "jpg", "webp"),
            ],
            0.02m,
            "dfad41707589d68ecdccd1dfa600d55a208f9310748e44bfe35b4a6291453d5e") with
        {
            Size = input => Sizes.Scale(input.Images("image")[0], input.Number("scale_factor")!.Value),
            IsList = true,
        },
    ];

    private static ReplicateModel Community(string name, IReadOnlyList<InputField> inputs, decimal price, string? version = null) =>
        new(name, inputs, price) { Version = version ?? ReplicateModel.MadeUpVersion(name), Size = BySide };

    private static InputField[] CustomSize(int most) =>
        [InputField.Integer("width", 256, most, multipleOf: 32), InputField.Integer("height", 256, most, multipleOf: 32)];

    private static InputField[] Sequence() =>
        [InputField.Integer("max_images", 1, 15, 1), InputField.Choice("sequential_image_generation", "disabled", "auto")];

    private static void CheckCustom(InputCheck input)
    {
        bool isCustom = input.Text("aspect_ratio") == "custom";
        foreach (string side in (string[])["width", "height"])
        {
            if (input.Has(side) != isCustom)
                input.Add(side, isCustom ? "is required when aspect_ratio is custom" : "is only allowed when aspect_ratio is custom", "value_error");
        }
    }

    private static void CheckTolerance(InputCheck input)
    {
        if (input.Has("input_image") && input.Integer("safety_tolerance") > 2)
            input.Add("safety_tolerance", "Must be less than or equal to 2 when an input image is given", "less_than_equal");
    }

    private static void CheckMask(InputCheck input)
    {
        if (input.Images("mask") is [ImageFacts mask] && input.Images("image")[0] is var image && (mask.Width, mask.Height) != (image.Width, image.Height))
            input.Add("mask", $"Mask is {mask.Width}x{mask.Height} but the image is {image.Width}x{image.Height}", "value_error");
    }

    private static (int Width, int Height) BySide(InputCheck input)
    {
        if (input.Integer("width") is long width && input.Integer("height") is long height)
            return ((int)width, (int)height);
        string? size = input.Text("resolution") ?? input.Text("size") ?? input.Text("megapixels");
        double pixels = size switch
        {
            "4K" => 16,
            "3K" => 9,
            "2K" => 4,
            { } text when double.TryParse(text.Replace(" MP", "", StringComparison.Ordinal), CultureInfo.InvariantCulture, out double megapixels) => megapixels,
            _ => 1,
        };
        return ByRatio(input, pixels * Megapixel);
    }

    private static (int Width, int Height) ByRatio(InputCheck input, double pixels)
    {
        string ratio = input.Text("aspect_ratio") ?? "1:1";
        ImageFacts? first = input.AllImages.FirstOrDefault();
        if (first is not null && (ratio == "match_input_image" || input.Has("image")))
            return Sizes.FromRatio((double)first.Width / first.Height, pixels);
        return Sizes.FromRatio(ratio.Contains(':', StringComparison.Ordinal) ? ratio : "1:1", pixels);
    }

    private static (int Width, int Height) ByOutpaint(InputCheck input)
    {
        ImageFacts image = input.Images("image")[0];
        int longSide = int.Max(image.Width, image.Height);
        return input.Text("outpaint") switch
        {
            "Zoom out 1.5x" => Sizes.Scale(image, 1.5),
            "Zoom out 2x" => Sizes.Scale(image, 2),
            "Make square" => (longSide, longSide),
            "Left outpaint" or "Right outpaint" => (image.Width * 3 / 2, image.Height),
            "Top outpaint" or "Bottom outpaint" => (image.Width, image.Height * 3 / 2),
            _ => (image.Width, image.Height),
        };
    }
}
