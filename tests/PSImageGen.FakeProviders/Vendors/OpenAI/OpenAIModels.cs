namespace PSImageGen.FakeProviders.Vendors.OpenAI;

/// <summary>How a model takes <c>input_fidelity</c>.</summary>
internal enum Fidelity
{
    Both,
    LowOnly,
    Refused,
}

/// <summary>A live model and its rules.</summary>
internal sealed record OpenAIModel(string Id, bool AnySize, bool ExtraQualities, Fidelity Fidelity, bool EditsOnly = false)
{
    private const int SmallestPixels = 655_360;
    private const int LargestPixels = 8_294_400;
    private const int LongestSide = 3840;

    private static readonly string[] FixedSizes = ["1024x1024", "1536x1024", "1024x1536"];

    public static IReadOnlyList<OpenAIModel> Live { get; } =
    [
        new("gpt-image-2", AnySize: true, ExtraQualities: false, Fidelity.Refused),
        new("gpt-image-2-2026-04-21", AnySize: true, ExtraQualities: false, Fidelity.Refused),
        new("gpt-image-2.5-flare", AnySize: true, ExtraQualities: true, Fidelity.Refused),
        new("gpt-image-2.5-flare-2026-09-08", AnySize: true, ExtraQualities: true, Fidelity.Refused),
        new("gpt-image-2.5-sunburst", AnySize: true, ExtraQualities: true, Fidelity.Refused),
        new("gpt-image-2.5-sunburst-2026-09-08", AnySize: true, ExtraQualities: true, Fidelity.Refused),
        new("gpt-image-1.5", AnySize: false, ExtraQualities: false, Fidelity.Both),
        new("gpt-image-1", AnySize: false, ExtraQualities: false, Fidelity.Both),
        new("gpt-image-1-mini", AnySize: false, ExtraQualities: false, Fidelity.LowOnly),
        new("chatgpt-image-latest", AnySize: false, ExtraQualities: false, Fidelity.Both, EditsOnly: true),
    ];

    public IReadOnlyList<string> Qualities => ExtraQualities ? ["auto", "low", "medium", "high", "xhigh", "max"] : ["auto", "low", "medium", "high"];

    /// <summary>The size in pixels, or what is wrong with it.</summary>
    public (int Width, int Height) Size(string size, bool fixedOnly)
    {
        if (size == "auto")
            return (1024, 1024);
        if (!AnySize || fixedOnly)
        {
            return FixedSizes.Contains(size)
                ? Parse(size)!.Value
                : throw OpenAIErrors.InvalidValue("size", $"Invalid value: '{size}'. Supported values are: '1024x1024', '1024x1536', '1536x1024', and 'auto'.");
        }

        if (Parse(size) is not (int width, int height))
            throw OpenAIErrors.InvalidValue("size", $"Invalid value: '{size}'. Expected WIDTHxHEIGHT or 'auto'.");
        string? fault = (width, height) switch
        {
            _ when width % 16 != 0 || height % 16 != 0 => "both sides must be divisible by 16",
            _ when width > 3 * height || height > 3 * width => "the ratio must be between 1:3 and 3:1",
            _ when int.Max(width, height) > LongestSide => $"the longest side must not exceed {LongestSide}",
            _ when width * height is < SmallestPixels or > LargestPixels => $"there must be {SmallestPixels} to {LargestPixels} pixels",
            _ => null,
        };
        return fault is null ? (width, height) : throw OpenAIErrors.InvalidValue("size", $"Invalid value: '{size}': {fault}.");
    }

    /// <summary>Output tokens of one picture.</summary>
    public int OutputTokens(int width, int height, string quality)
    {
        if (!AnySize)
        {
            int column = width == height ? 0 : height > width ? 1 : 2;
            return quality switch { "low" => LowTokens[column], "high" => HighTokens[column], _ => MediumTokens[column] };
        }

        // The factors of xhigh and max are nobody's knowledge; these only have to be larger than that of high.
        int factor = quality switch { "low" => 16, "high" => 96, "xhigh" => 144, "max" => 192, _ => 48 };
        int longSide = int.Max(width, height), shortSide = int.Min(width, height);
        long scaled = ((2L * factor * shortSide) + longSide) / (2L * longSide);
        long product = factor * scaled * (2_000_000L + ((long)width * height));
        return (int)((product + 3_999_999) / 4_000_000);
    }

    private static readonly int[] LowTokens = [272, 408, 400];
    private static readonly int[] MediumTokens = [1056, 1584, 1568];
    private static readonly int[] HighTokens = [4160, 6240, 6208];

    private static (int Width, int Height)? Parse(string size)
    {
        string[] sides = size.Split('x');
        return sides.Length == 2 && Side(sides[0]) is int width && Side(sides[1]) is int height ? (width, height) : null;
    }

    private static int? Side(string text) => text.Length is > 0 and <= 5 && text[0] != '0' && text.All(char.IsAsciiDigit) ? int.Parse(text, null) : null;
}
