using System.Globalization;
using PSImageGen.FakeProviders.Images;
using PSImageGen.FakeProviders.Inputs;

namespace PSImageGen.FakeProviders.Vendors.Fal;

/// <summary>All endpoints and their inputs.</summary>
internal static class FalEndpoints
{
    private const double Megapixel = 1024 * 1024;
    private const string Megapixels = "megapixels";

    private static readonly string[] Presets = ["square_hd", "square", "portrait_4_3", "portrait_16_9", "landscape_4_3", "landscape_16_9"];
    private static readonly string[] Ratios = ["21:9", "16:9", "4:3", "3:2", "1:1", "2:3", "3:4", "9:16", "9:21"];
    private static readonly string[] NanoRatios = ["auto", "21:9", "16:9", "3:2", "4:3", "5:4", "1:1", "4:5", "3:4", "2:3", "9:16"];

    private static readonly InputField OptionalPrompt = InputField.Text("prompt", "");
    private static readonly InputField NegativePrompt = InputField.Text("negative_prompt", "");
    private static readonly InputField Url = InputField.Image("image_url", required: true);
    private static readonly InputField Mask = InputField.Image("mask_url", required: true);
    private static readonly InputField Count = InputField.Integer("num_images", 1, 4, 1);
    private static readonly InputField Sync = InputField.Flag("sync_mode");
    private static readonly InputField JpegPng = InputField.Choice("output_format", "jpeg", "png");
    private static readonly InputField PngJpeg = InputField.Choice("output_format", "png", "jpeg");
    private static readonly InputField Enhance = InputField.Flag("enhance_prompt");
    private static readonly InputField Tolerance = InputField.Choice("safety_tolerance", "2", "1", "3", "4", "5", "6");
    private static readonly InputField Acceleration = InputField.Choice("acceleration", "none", "regular", "high");
    private static readonly InputField Size = InputField.Size("image_size", ["landscape_4_3", .. Presets.Where(each => each != "landscape_4_3")]);
    private static readonly InputField Checker = InputField.Flag("enable_safety_checker", byDefault: true);

    /// <summary>What every FLUX endpoint takes.</summary>
    private static readonly InputField[] Common = [InputField.Seed, Sync, Checker, JpegPng];

    private static readonly InputField[] Dev = [InputField.Prompt, Size, .. Steps(28, 3.5), Count, Acceleration, .. Common];
    private static readonly InputField[] Redux = [Url, Size, .. Steps(28, 3.5), Count, .. Common];

    private static readonly InputField[] Kontext =
    [
        InputField.Prompt,
        new InputField("aspect_ratio", InputType.Text) { Choices = Ratios },
        Guidance(3.5),
        Count,
        Tolerance,
        Enhance,
        .. Common,
    ];

    private static readonly InputField[] Nano = [InputField.Prompt, Count, Sync, InputField.Choice("output_format", "png", "jpeg", "webp")];

    private static readonly InputField[] NanoPro =
    [
        .. Nano,
        InputField.Choice("safety_tolerance", "4", "1", "2", "3", "5", "6"),
        InputField.Flag("enable_web_search"),
        InputField.Flag("limit_generations", byDefault: true),
        InputField.Text("system_prompt"),
        InputField.Seed,
    ];

    private static readonly InputField[] Nano2 =
        [.. NanoPro, InputField.Choice("resolution", "1K", "0.5K", "2K", "4K"), InputField.Choice("thinking_level", "minimal", "high")];

    private static readonly string[] WideRatios = ["4:1", "1:4", "8:1", "1:8"];
    private static readonly InputField Resolution = InputField.Choice("resolution", "1K", "2K", "4K");

    private static readonly InputField[] Lite =
        [InputField.Prompt, InputField.Size("image_size", ["auto_2K", "auto_3K", "auto_4K", .. Presets]), .. Several(), Sync, Checker];

    private static readonly InputField[] Seedream45 =
        [InputField.Prompt, InputField.Size("image_size", ["auto_2K", "auto_4K", .. Presets]), .. Several(), InputField.Seed, Sync, Checker];

    public static IReadOnlyList<FalEndpoint> All { get; } =
    [
        new("fal-ai/flux/dev", FalSizing.Size, Dev, 0.025m, Megapixels),
        new(
            "fal-ai/flux/schnell",
            FalSizing.Size,
            [InputField.Prompt, Size, InputField.Integer("num_inference_steps", 1, 12, 4), Guidance(3.5), Count, Acceleration, .. Common],
            0.003m,
            Megapixels),
        new(
            "fal-ai/flux/dev/image-to-image",
            FalSizing.Scale,
            [InputField.Prompt, Url, InputField.Number("strength", 0.01, 1, 0.95), .. Steps(40, 3.5), Count, Acceleration, .. Common],
            0.03m,
            Megapixels),
        new("fal-ai/flux/dev/redux", FalSizing.Size, Redux, 0.025m, Megapixels),
        new("fal-ai/flux/schnell/redux", FalSizing.Size, Redux, 0.003m, Megapixels),
        new(
            "fal-ai/flux-pro/v1.1/redux",
            FalSizing.Size,
            [Url, OptionalPrompt, Size, Count, .. Steps(28, 3.5), Enhance, Tolerance, .. Common],
            0.05m,
            Megapixels),
        new("fal-ai/flux-pro/v1.1-ultra/redux", FalSizing.Ratio, [Url, OptionalPrompt, .. Ultra(), .. Common], 0.05m),
        new("fal-ai/flux-pro/v1.1", FalSizing.Size, [InputField.Prompt, Size, Count, Enhance, Tolerance, .. Common], 0.04m, Megapixels),
        new("fal-ai/flux-pro/v1.1-ultra", FalSizing.Ratio, [InputField.Prompt, InputField.Image("image_url"), .. Ultra(), .. Common], 0.06m) { Factor = 4 },
        new("fal-ai/flux-pro/kontext", FalSizing.Ratio, [.. Kontext, Url], 0.04m),
        new("fal-ai/flux-pro/kontext/max", FalSizing.Ratio, [.. Kontext, Url], 0.08m),
        new("fal-ai/flux-pro/kontext/multi", FalSizing.Ratio, [.. Kontext, Urls()], 0.04m),
        new("fal-ai/flux-pro/kontext/max/multi", FalSizing.Ratio, [.. Kontext, Urls()], 0.08m),
        new("fal-ai/flux-2-pro", FalSizing.Size, [InputField.Prompt, Size, Tolerance5(), .. Common], 0.03m, Megapixels) { TellsSize = false },
        new(
            "fal-ai/flux-2-pro/edit",
            FalSizing.Size,
            [InputField.Prompt, Urls(), InputField.Size("image_size", ["auto", .. Presets]), Tolerance5(), .. Common],
            0.03m,
            Megapixels) { TellsSize = false },
        new(
            "fal-ai/flux-2-pro/outpaint",
            FalSizing.Margins,
            [Url, .. Margins(4096), InputField.Choice("mode", "high", "fast"), InputField.Flag("auto_crop"), .. Common],
            0.03m,
            Megapixels) { TellsSize = false },
        new("fal-ai/flux-pro/v1/fill", FalSizing.Scale, [InputField.Prompt, Url, Mask, Count, Tolerance, Enhance, .. Common], 0.05m, Megapixels),
        new("fal-ai/flux-pro/v1/erase", FalSizing.Scale, [Url, Mask, InputField.Integer("dilate_pixels", 0, 100, 10), .. Common], 0.05m, Megapixels),
        new(
            "fal-ai/flux-general/inpainting",
            FalSizing.Scale,
            [
                InputField.Prompt,
                Url,
                Mask,
                InputField.Number("strength", 0.01, 1, 0.85),
                .. Steps(28, 3.5),
                NegativePrompt,
                Size,
                Count,
                PngJpeg,
                new InputField("loras", InputType.List),
                new InputField("controlnets", InputType.List),
                new InputField("ip_adapters", InputType.List),
                InputField.Choice("scheduler", "euler", "dpmpp_2m"),
                InputField.Image("reference_image_url"),
                InputField.Number("reference_strength", -3, 3, 0.65),
                InputField.Number("real_cfg_scale", 0, 5, 3.5),
                InputField.Flag("use_real_cfg"),
                InputField.Seed,
                Sync,
                Checker,
            ],
            0.075m,
            Megapixels) { Format = "png" },
        new(
            "fal-ai/image-apps-v2/outpaint",
            FalSizing.Margins,
            [Url, .. Margins(700), InputField.Integer("zoom_out_percentage", 0, 90, 20), OptionalPrompt, Count, PngJpeg, Sync],
            0.04m) { IsFlux = false },
        new(
            "fal-ai/image-apps-v2/style-transfer",
            FalSizing.Scale,
            [Url, InputField.Text("target_style", "impressionist"), InputField.Image("style_reference_image_url"), Sync],
            0.04m) { IsFlux = false },
        new(
            "fal-ai/bria/expand",
            FalSizing.Scale,
            [
                Url,
                new InputField("canvas_size", InputType.Pair) { Required = true },
                InputField.Text("aspect_ratio"),
                new InputField("original_image_size", InputType.Pair),
                new InputField("original_image_location", InputType.Pair),
                OptionalPrompt,
                NegativePrompt,
                InputField.Seed,
                Sync,
            ],
            0.04m) { IsSingle = true, IsFlux = false, Format = "png" },
        new(
            "fal-ai/clarity-upscaler",
            FalSizing.Scale,
            [
                Url,
                InputField.Number("upscale_factor", 1, 4, 2),
                InputField.Number("creativity", 0, 1, 0.35),
                InputField.Number("resemblance", 0, 1, 0.6),
                .. Steps(18, 4),
                OptionalPrompt,
                NegativePrompt,
                InputField.Seed,
                Checker,
            ],
            0.03m,
            Megapixels) { IsSingle = true, IsFlux = false, Format = "png" },
        new(
            "fal-ai/esrgan",
            FalSizing.Scale,
            [
                Url,
                InputField.Number("scale", 1, 8, 2),
                InputField.Choice(
                    "model",
                    "RealESRGAN_x4plus",
                    "RealESRGAN_x2plus",
                    "RealESRGAN_x4plus_anime_6B",
                    "RealESRGAN_x4_v3",
                    "RealESRGAN_x4_wdn_v3",
                    "RealESRGAN_x4_anime_v3"),
                InputField.Flag("face"),
                InputField.Integer("tile", byDefault: 0),
                PngJpeg,
            ],
            0.00111m,
            "compute seconds") { IsSingle = true, IsFlux = false },
        new(
            "fal-ai/aura-sr",
            FalSizing.Scale,
            [Url, InputField.Integer("upscale_factor", 4, 4, 4), InputField.Choice("checkpoint", "v1", "v2"), InputField.Flag("overlapping_tiles")],
            0.00111m,
            "compute seconds") { IsSingle = true, IsFlux = false, Format = "png" },
        new(
            "fal-ai/seedvr/upscale/image",
            FalSizing.Scale,
            [
                Url,
                InputField.Choice("upscale_mode", "factor", "target"),
                InputField.Number("upscale_factor", 1, 10, 2),
                InputField.Choice("target_resolution", "1080p", "720p", "1440p", "2160p"),
                InputField.Choice("output_format", "jpg", "png", "webp"),
                InputField.Seed,
                Sync,
            ],
            0.001m,
            Megapixels) { IsSingle = true, IsFlux = false },
        new("fal-ai/recraft/upscale/crisp", FalSizing.Scale, [Url, Sync], 0.004m) { IsSingle = true, IsFlux = false, Factor = 2, Format = "png" },
        new(
            "fal-ai/flux-pulid",
            FalSizing.Size,
            [
                InputField.Prompt,
                InputField.Image("reference_image_url", required: true),
                InputField.Number("id_weight", 0, 3, 1),
                .. Steps(20, 4),
                InputField.Integer("start_step", 0, 50, 0),
                InputField.Number("true_cfg", 1, 10, 1),
                NegativePrompt,
                InputField.Choice("max_sequence_length", "128", "256", "512"),
                Size,
                .. Common,
            ],
            0.0333m,
            Megapixels),
        new(
            "fal-ai/ip-adapter-face-id",
            FalSizing.Size,
            [
                InputField.Prompt,
                InputField.Image("face_image_url"),
                InputField.Text("face_images_data_url"),
                InputField.Choice("model_type", "1_5-v1", "1_5-v1-plus", "1_5-v2-plus", "SDXL-v1", "SDXL-v2-plus", "1_5-auraface-v1"),
                InputField.Integer("width", 1, 4096, 512),
                InputField.Integer("height", 1, 4096, 512),
                InputField.Integer("num_samples", 1, 16, 4),
                .. Steps(50, 7.5),
                InputField.Integer("face_id_det_size", 1, 4096, 640),
                NegativePrompt,
                InputField.Seed,
            ],
            0.00111m,
            "compute seconds") { IsSingle = true, IsFlux = false, Format = "png" },
        new(
            "fal-ai/instant-character",
            FalSizing.Size,
            [InputField.Prompt, Url, InputField.Number("scale", 0, 2, 1), InputField.Size("image_size", Presets), Count, .. Steps(28, 3.5), .. Common],
            0.1m,
            Megapixels),
        new(
            "fal-ai/ideogram/character",
            FalSizing.Size,
            [
                InputField.Prompt,
                InputField.Images("reference_image_urls", required: true),
                InputField.Choice("rendering_speed", "BALANCED", "TURBO", "QUALITY"),
                InputField.Choice("style", "AUTO", "REALISTIC", "FICTION"),
                InputField.Size("image_size", Presets),
                Count,
                InputField.Seed,
                Sync,
            ],
            0.15m) { IsFlux = false, Format = "png" },
        new("fal-ai/nano-banana", FalSizing.Ratio, [.. Nano, Ratio("1:1")], 0.039m) { IsFlux = false, TellsSize = false, Format = "png" },
        new("fal-ai/nano-banana/edit", FalSizing.Ratio, [.. Nano, Ratio("auto"), Urls()], 0.039m) { IsFlux = false, TellsSize = false, Format = "png" },
        new("fal-ai/nano-banana-2", FalSizing.Ratio, [.. Nano2, Ratio("1:1", WideRatios)], 0.08m) { IsFlux = false, TellsSize = false, Format = "png" },
        new("fal-ai/nano-banana-2/edit", FalSizing.Ratio, [.. Nano2, Ratio("auto", WideRatios), Urls()], 0.08m)
        {
            IsFlux = false,
            TellsSize = false,
            Format = "png",
        },
        new("fal-ai/nano-banana-pro", FalSizing.Ratio, [.. NanoPro, Resolution, Ratio("1:1")], 0.15m) { IsFlux = false, TellsSize = false, Format = "png" },
        new("fal-ai/nano-banana-pro/edit", FalSizing.Ratio, [.. NanoPro, Resolution, Ratio("auto"), Urls()], 0.15m)
        {
            IsFlux = false,
            TellsSize = false,
            Format = "png",
        },
        new("bytedance/seedream/v5/lite/text-to-image", FalSizing.Size, Lite, 0.035m) { IsFlux = false, Format = "png", Pixels = LitePixels },
        new("bytedance/seedream/v5/lite/edit", FalSizing.Size, [.. Lite, Urls()], 0.035m) { IsFlux = false, Format = "png", Pixels = LitePixels },
        new(
            "bytedance/seedream/v5/pro/edit",
            FalSizing.Size,
            [InputField.Prompt, Urls(), InputField.Size("image_size", ["auto_1K", "auto_2K", .. Presets]), Count, JpegPng, Sync, Checker],
            0.0675m) { IsFlux = false, Pixels = (1024 * 1024, 2048 * 2048) },
        new("fal-ai/bytedance/seedream/v4.5/text-to-image", FalSizing.Size, Seedream45, 0.04m) { IsFlux = false, Format = "png" },
        new("fal-ai/bytedance/seedream/v4.5/edit", FalSizing.Size, [.. Seedream45, Urls()], 0.04m) { IsFlux = false, Format = "png" },
    ];

    private static (long Least, long Most) LitePixels => (2560 * 1440, 4096 * 4096);

    /// <summary>Checks what concerns several fields at once.</summary>
    public static void CheckTogether(FalEndpoint endpoint, InputCheck input)
    {
        if (endpoint.Pixels is var (least, most) && input.Size("image_size") is var (width, height)
            && ((long)width * height < least || (long)width * height > most))
        {
            input.Add("image_size", $"Total pixels should be from {least} to {most}", "value_error");
        }

        if (input.Images("mask_url") is [ImageFacts mask] && input.Images("image_url") is [ImageFacts image]
            && (mask.Width, mask.Height) != (image.Width, image.Height))
        {
            input.Add("mask_url", $"Mask is {mask.Width}x{mask.Height} but the image is {image.Width}x{image.Height}", "value_error");
        }

        if (endpoint.Id.EndsWith("/recraft/upscale/crisp", StringComparison.Ordinal) && input.Images("image_url") is [{ Format: not "png" }])
            input.Add("image_url", "The image must be a PNG", "unsupported_image_format");
        if (endpoint.Id.EndsWith("/ip-adapter-face-id", StringComparison.Ordinal) && !input.Has("face_image_url") && !input.Has("face_images_data_url"))
            input.Add("face_image_url", "One of face_image_url and face_images_data_url is required", "missing");
    }

    /// <summary>The size of the picture that an input asks for.</summary>
    public static (int Width, int Height) SizeOf(FalEndpoint endpoint, InputCheck input)
    {
        ImageFacts? first = input.AllImages.FirstOrDefault();
        int Margin(string side) => (int)(input.Integer("expand_" + side) ?? 0);
        switch (endpoint.Sizing)
        {
            case FalSizing.Margins:
                // What zooming out does beside margins is not stated; this shows where it was not switched off.
                int percent = 100 + (int)(input.Integer("zoom_out_percentage") ?? 0);
                return ((first!.Width + Margin("left") + Margin("right")) * percent / 100, (first.Height + Margin("top") + Margin("bottom")) * percent / 100);
            case FalSizing.Scale:
                return Sizes.Scale(first, input.Number("upscale_factor") ?? input.Number("scale") ?? endpoint.Factor);
            case FalSizing.Ratio:
                string ratio = input.Text("aspect_ratio") ?? "auto";
                double pixels = Megapixel * endpoint.Factor * (input.Text("resolution") switch { "0.5K" => 0.25, "2K" => 4, "4K" => 16, _ => 1 });
                return ratio != "auto" ? Sizes.FromRatio(ratio, pixels) : Sizes.FromRatio(first is null ? 1 : (double)first.Width / first.Height, pixels);
        }

        if (input.Size("image_size") is { } size)
            return size;
        if (input.Integer("width") is long width && input.Integer("height") is long height)
            return ((int)width, (int)height);
        return (input.Text("image_size") ?? "landscape_4_3") switch
        {
            "square_hd" => (1024, 1024),
            "square" => (512, 512),
            "portrait_4_3" => (768, 1024),
            "portrait_16_9" => (576, 1024),
            "landscape_16_9" => (1024, 576),
            "auto" or "auto_1K" when first is not null => Sizes.FromRatio((double)first.Width / first.Height, Megapixel),
            var auto when auto.StartsWith("auto_", StringComparison.Ordinal) => Square(int.Parse(auto[5..^1], CultureInfo.InvariantCulture) * 1024),
            _ => (1024, 768),
        };
    }

    private static (int Width, int Height) Square(int side) => (side, side);

    private static InputField Guidance(double byDefault) => InputField.Number("guidance_scale", 1, 20, byDefault);

    private static InputField[] Steps(int steps, double guidance) => [InputField.Integer("num_inference_steps", 1, 50, steps), Guidance(guidance)];

    private static InputField[] Several() => [InputField.Integer("num_images", 1, 6, 1), InputField.Integer("max_images", 1, 6, 1)];

    private static InputField[] Ultra() =>
    [
        InputField.Choice("aspect_ratio", ["16:9", .. Ratios.Where(each => each != "16:9")]),
        InputField.Number("image_prompt_strength", 0, 1, 0.1),
        InputField.Flag("raw"),
        Count,
    ];

    private static InputField[] Margins(int most) =>
        [.. new[] { "top", "bottom", "left", "right" }.Select(side => InputField.Integer("expand_" + side, 0, most, 0))];

    private static InputField Ratio(string byDefault, params string[] further) =>
        InputField.Choice("aspect_ratio", [byDefault, .. NanoRatios.Where(each => each != byDefault), .. further]);

    private static InputField Tolerance5() => InputField.Choice("safety_tolerance", "2", "1", "3", "4", "5");

    private static InputField Urls() => InputField.Images("image_urls", required: true);
}
