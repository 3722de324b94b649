namespace PSImageGen.FakeProviders.Vendors.Bfl;

/// <summary>All submit routes and their fields.</summary>
internal static class BflRoutes
{
    private static readonly BflField Prompt = new("prompt", BflType.Text) { Required = true, Nullable = false };
    private static readonly BflField OptionalPrompt = new("prompt", BflType.Text);
    private static readonly BflField Upsampling = new("prompt_upsampling", BflType.Boolean) { Nullable = false };

    private static readonly BflField[] Shared =
    [
        new("seed", BflType.Integer),
        new("output_format", BflType.Format),
        new("webhook_url", BflType.Link),
        new("webhook_secret", BflType.Text),
    ];

    private static readonly BflField[] Flux1Size =
    [
        new("width", BflType.Integer, 256, 1440, 32) { Nullable = false },
        new("height", BflType.Integer, 256, 1440, 32) { Nullable = false },
    ];

    private static readonly BflField[] Flux2 =
    [
        Prompt,
        new("width", BflType.Integer, 64, null, 16),
        new("height", BflType.Integer, 64, null, 16),
        Tolerance(5),
        .. Shared,
    ];

    private static readonly BflField[] Flux2Pro = [.. Flux2, .. References(8), new("disable_pup", BflType.Boolean)];
    private static readonly BflField[] Klein = [.. Flux2, .. References(4)];

    private static readonly BflField[] Kontext = [Prompt, .. References(4), new("aspect_ratio", BflType.Ratio), Upsampling, Tolerance(6), .. Shared];

    private static readonly BflField[] Fill =
    [
        Image("image", BflType.Base64),
        OptionalPrompt,
        new("steps", BflType.Integer, 15, 50),
        new("guidance", BflType.Number, 1.5, 100),
        new("prompt_upsampling", BflType.Boolean),
        Tolerance(6),
        .. Shared,
    ];

    private static readonly BflField[] Tool = [Tolerance(5), .. Shared];

    public static IReadOnlyList<BflRoute> All { get; } =
    [
        new("flux-2-pro", BflSizing.Flux2, "jpeg", Flux2Pro, 0.03m, 0.015m, 0.015m),
        new("flux-2-pro-preview", BflSizing.Flux2, "jpeg", Flux2Pro, 0.03m, 0.015m, 0.015m),
        new("flux-2-max", BflSizing.Flux2, "jpeg", Flux2Pro, 0.07m, 0.03m, 0.03m),
        new(
            "flux-2-flex",
            BflSizing.Flux2,
            "jpeg",
            [
                .. Flux2,
                .. References(8),
                new("guidance", BflType.Number, 1.5, 10),
                new("steps", BflType.Integer, 1, 50),
                new("prompt_upsampling", BflType.Boolean),
                new("input_image_blob_path", BflType.Text),
            ],
            0.05m,
            0.05m,
            0.05m),
        new("flux-2-klein-9b", BflSizing.Flux2, "jpeg", Klein, 0.015m, 0.002m, 0.002m),
        new("flux-2-klein-9b-preview", BflSizing.Flux2, "jpeg", Klein, 0.015m, 0.002m, 0.002m),
        new("flux-2-klein-4b", BflSizing.Flux2, "jpeg", Klein, 0.014m, 0.001m, 0.001m),
        new("flux-pro-1.1", BflSizing.Flux1, "jpeg", [OptionalPrompt, Redux(), .. Flux1Size, Upsampling, Tolerance(6), .. Shared], 0.04m),
        new(
            "flux-dev",
            BflSizing.Flux1,
            "jpeg",
            [
                OptionalPrompt with { Nullable = false },
                Redux(),
                .. Flux1Size,
                new("steps", BflType.Integer, 1, 50),
                new("guidance", BflType.Number, 1.5, 5),
                Upsampling,
                Tolerance(6),
                .. Shared,
            ],
            0.025m),
        new(
            "flux-pro-1.1-ultra",
            BflSizing.UltraRatio,
            "jpeg",
            [
                OptionalPrompt,
                Redux(),
                new("image_prompt_strength", BflType.Number, 0, 1) { Nullable = false },
                new("aspect_ratio", BflType.Ratio) { Nullable = false },
                new("raw", BflType.Boolean) { Nullable = false },
                Upsampling,
                Tolerance(6),
                .. Shared,
            ],
            0.06m),
        new("flux-kontext-pro", BflSizing.KontextRatio, "png", Kontext, 0.04m),
        new("flux-kontext-max", BflSizing.KontextRatio, "png", Kontext, 0.08m) { MostActive = 6 },
        new("flux-pro-1.0-fill", BflSizing.AsInput, "jpeg", [.. Fill, new("mask", BflType.Base64)], 0.05m),
        new("flux-pro-1.0-expand", BflSizing.Margins, "jpeg", [.. Fill, Margin("top"), Margin("bottom"), Margin("left"), Margin("right")], 0.05m),
        new(
            "flux-tools/outpainting-v1",
            BflSizing.Canvas,
            "png",
            [
                Image("input_image", BflType.Base64OrUrl),
                new("width", BflType.Integer, 64) { Required = true, Nullable = false },
                new("height", BflType.Integer, 64) { Required = true, Nullable = false },
                new("reference_offset_x", BflType.Integer),
                new("reference_offset_y", BflType.Integer),
                new("auto_crop", BflType.Boolean),
                OptionalPrompt,
                new("mode", BflType.Mode),
                new("disable_pup", BflType.Boolean),
                .. Tool,
            ],
            0.05m),
        new(
            "flux-tools/erase-v1",
            BflSizing.AsInput,
            "png",
            [Image("image", BflType.Base64OrUrl), Image("mask", BflType.Base64OrUrl), new("dilate_pixels", BflType.Integer, 0, 25), .. Tool],
            0.05m),
        new("flux-tools/deblur-v1", BflSizing.AsInput, "png", [Image("image", BflType.Base64OrUrl), .. Tool], 0.05m),
        TryOn("flux-tools/vto-v2"),
        TryOn("flux-tools/vto-v1"),
    ];

    private static BflRoute TryOn(string path) =>
        new(path, BflSizing.AsInput, "jpeg", [Prompt, Image("person", BflType.Base64OrUrl), Image("garment", BflType.Base64OrUrl), .. Tool], 0.05m);

    private static BflField Tolerance(int most) => new("safety_tolerance", BflType.Integer, 0, most) { Nullable = false };

    private static BflField Redux() => new("image_prompt", BflType.Base64);

    private static BflField Margin(string side) => new(side, BflType.Integer, 0, 2048);

    private static BflField Image(string name, BflType type) => new(name, type) { Required = true, Nullable = false };

    private static IEnumerable<BflField> References(int most) =>
        Enumerable.Range(1, most).Select(i => new BflField(i == 1 ? "input_image" : $"input_image_{i}", BflType.Base64OrUrl));
}
