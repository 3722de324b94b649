namespace PSImageGen.FakeProviders.Vendors.SkillsVideo;

/// <summary>What a field holds.</summary>
internal enum SkillsVideoType
{
    Text,
    Integer,
    Images,
    Ratio,
}

/// <summary>A field of a model's body.</summary>
internal sealed record SkillsVideoField(string Name, SkillsVideoType Type)
{
    public bool Required { get; init; }

    /// <summary>The only texts that are taken; null takes any.</summary>
    public IReadOnlyList<string>? Allowed { get; init; }

    public int? Least { get; init; }

    /// <summary>The largest number, or the most pictures.</summary>
    public int? Most { get; init; }

    public int? MultipleOf { get; init; }
}

/// <summary>A model and the fields which the fact sheet knows of it.</summary>
/// <param name="Path">Provider and model, as in the path.</param>
/// <param name="Fields">The fields.</param>
/// <param name="DefaultResolution">The resolution when none is asked for.</param>
/// <param name="FieldsAreKnown">Whether the fact sheet lists them; false for models known by path alone.</param>
internal sealed record SkillsVideoModel(string Path, IReadOnlyList<SkillsVideoField> Fields, string DefaultResolution = "1K", bool FieldsAreKnown = true)
{
    private static readonly SkillsVideoField Prompt = new("prompt", SkillsVideoType.Text) { Required = true };
    private static readonly SkillsVideoField Pictures = new("image_urls", SkillsVideoType.Images);
    private static readonly SkillsVideoField Resolution = Choice("resolution", "1K", "2K", "4K");
    private static readonly SkillsVideoField Format = Choice("output_format", "jpeg", "png", "webp");
    private static readonly SkillsVideoField Number = Range("n", 1, 4);

    /// <summary>What models whose fields nobody has written down take besides the prompt, where the setting for that is on.</summary>
    public static IReadOnlyList<SkillsVideoField> Guessed { get; } =
        [Pictures, new("image_url", SkillsVideoType.Text), new("aspect_ratio", SkillsVideoType.Ratio), Resolution, Format, Number];

    public static IReadOnlyList<SkillsVideoModel> All { get; } =
    [
        new(
            "google/nano-banana-2",
            [
                Prompt,
                Resolution,
                Pictures with { Most = 14 },
                Choice("aspect_ratio", "1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"),
                Format,
                Number,
            ]),
        new("google/nano-banana-pro", [Prompt, Pictures, new("aspect_ratio", SkillsVideoType.Ratio), Resolution]),
        new(
            "openai/gpt-image-1.5",
            [
                Prompt,
                Pictures,
                Choice("image_size", "default", "1024x1024", "1536x1024", "1024x1536"),
                Choice("aspect_ratio", "1:1", "3:2", "2:3"),
                Choice("resolution", "1080p"),
                Choice("background", "auto", "transparent", "opaque"),
                Choice("quality", "default", "low", "medium", "high"),
                Range("num_images", 1, 10),
                Format,
                Number,
            ]),
        new(
            "black-forest-labs/kontext",
            [
                Prompt,
                Number,
                Choice("aspect_ratio", "1:1", "16:9", "3:2", "2:3", "4:5", "5:4", "9:16", "3:4", "4:3"),
                Resolution,
                Pictures with { Most = 4 },
            ],
            "2K"),
        new(
            "black-forest-labs/flux-2-pro",
            [
                Prompt,
                Number,
                new("seed", SkillsVideoType.Integer),
                Range("width", 256, 2048) with { MultipleOf = 32 },
                Range("height", 256, 2048) with { MultipleOf = 32 },
                Choice("resolution", "match_input_image", "0.5 MP", "1 MP", "2 MP", "4 MP"),
                new("aspect_ratio", SkillsVideoType.Ratio) { Allowed = ["match_input_image", "custom"] },
            ],
            "1 MP"),
        new(
            "bytedance/seedream-4.0",
            [Prompt, Resolution, Choice("aspect_ratio", "1:1", "4:3", "3:4", "16:9", "9:16", "3:2", "2:3", "21:9"), Number]),
        .. new[]
        {
            "google/nano-banana", "openai/gpt-image-1", "kling-ai/v3/image", "kling-ai/o3-image", "kling-ai/o1-image", "xai/grok-imagine-image",
            "bytedance/seedream-5-lite", "bytedance/seedream-4.5", "qwen/qwen-image-2-pro", "qwen/qwen-image-2", "qwen/qwen-image",
            "vidu/q2/text-to-image", "runwayml/gen4-image", "runwayml/gen4-image-turbo", "ideogram/ideogram", "z-image/z-image",
        }.Select(path => new SkillsVideoModel(path, [Prompt], FieldsAreKnown: false)),
        new("topaz/upscale/image", [], FieldsAreKnown: false),
    ];

    private static SkillsVideoField Choice(string name, params string[] allowed) => new(name, SkillsVideoType.Text) { Allowed = allowed };

    private static SkillsVideoField Range(string name, int least, int most) => new(name, SkillsVideoType.Integer) { Least = least, Most = most };
}
