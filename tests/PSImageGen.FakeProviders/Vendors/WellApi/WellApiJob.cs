using System.Globalization;
using System.Text.Json;
using PSImageGen.FakeProviders.Images;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.WellApi;

/// <summary>A request in order: what is to be made.</summary>
internal sealed record WellApiJob(string Model, string Prompt, int Count, int Width, int Height, string Quality, string Format, string Background)
{
    private const int SmallestPixels = 655_360;
    private const int LargestPixels = 8_294_400;
    private const int LongestSide = 3840;
    private const int MostImages = 16;
    private const int LargestImages = 50 * 1024 * 1024;
    private const int LargestMask = 4 * 1024 * 1024;

    private static readonly string[] Shared = ["model", "prompt", "n", "size", "quality", "format"];

    /// <summary>Pictures that came with it.</summary>
    public int Inputs { get; init; }

    /// <summary>Reads the JSON of <c>/images/generations</c>.</summary>
    public static WellApiJob Generation(JsonElement root, int longestPrompt, WellApiErrors errors)
    {
        var values = new Dictionary<string, object>();
        foreach (JsonProperty property in root.EnumerateObject())
        {
            if (!Shared.Contains(property.Name))
                throw errors.Unknown(property.Name);
            values[property.Name] = property.Value.ValueKind switch
            {
                JsonValueKind.String => property.Value.GetString()!,
                JsonValueKind.Number when property.Name == "n" && property.Value.TryGetInt32(out int number) => number,
                _ => throw errors.Invalid(property.Name, $"Invalid type for '{property.Name}'."),
            };
        }

        if (values.GetValueOrDefault("n") is string)
            throw errors.Invalid("n", "Invalid type for 'n': expected an integer.");
        if (!values.ContainsKey("model"))
            throw errors.Invalid("model", "you must provide a model parameter");
        return Read(values, longestPrompt, errors);
    }

    /// <summary>Reads the parts of <c>/images/edits</c>.</summary>
    public static WellApiJob Edit(IReadOnlyList<FormPart> parts, int longestPrompt, WellApiErrors errors)
    {
        string[] known = [.. Shared, "background", "moderation", "image", "mask"];
        if (parts.FirstOrDefault(part => !known.Contains(part.Name)) is { } unknown)
            throw errors.Unknown(unknown.Name);
        FormPart[] images = [.. parts.Where(part => part.Name == "image")], masks = [.. parts.Where(part => part.Name == "mask")];
        FormPart[] texts = [.. parts.Where(part => part.Name is not ("image" or "mask"))];
        if (texts.GroupBy(part => part.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw errors.Invalid(twice.Key, $"Duplicate parameter: '{twice.Key}'.");
        if (texts.FirstOrDefault(part => part.FileName is not null) is { } file)
            throw errors.Invalid(file.Name, $"'{file.Name}' must not be a file.");

        // A request without a picture is known to be met with 500 where 400 would be right.
        if (images.Length == 0)
            throw errors.Refused(500);
        if (images.Length > MostImages || images.Sum(image => image.Bytes.Length) > LargestImages)
            throw errors.Invalid("image", $"There may be {MostImages} images of 50 MB in total.");
        ImageFacts[] facts = [.. images.Select(image => Look(image, errors))];
        if (masks.Length > 0)
            CheckMask(masks, facts[0], errors);

        WellApiJob job = Read(texts.ToDictionary(part => part.Name, part => (object)part.Text), longestPrompt, errors);
        string background = Choice(texts, "background", "auto", ["opaque", "auto", "transparent"], errors);
        Choice(texts, "moderation", "auto", ["low", "auto"], errors);
        return job with { Inputs = images.Length, Background = background == "transparent" ? background : "opaque" };
    }

    private static WellApiJob Read(Dictionary<string, object> values, int longestPrompt, WellApiErrors errors)
    {
        string? Text(string name) => (string?)values.GetValueOrDefault(name);
        if (string.IsNullOrEmpty(Text("prompt")))
            throw errors.Invalid("prompt", "prompt is required");
        if (Text("prompt")!.Length > longestPrompt)
            throw errors.Invalid("prompt", $"prompt is too long: {longestPrompt} characters at most");
        int count = values.GetValueOrDefault("n") switch
        {
            null => 1,
            int number => number,
            string text when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) => number,
            _ => throw errors.Invalid("n", "Invalid type for 'n': expected an integer."),
        };
        if (count is < 1 or > 10)
            throw errors.Invalid("n", "n must be between 1 and 10");
        string quality = Text("quality") ?? "auto", format = Text("format") ?? "png";
        if (quality is not ("low" or "medium" or "high" or "auto"))
            throw errors.Invalid("quality", $"Invalid value: '{quality}'. Supported values are: 'low', 'medium', 'high', and 'auto'.");
        if (format is not ("png" or "jpeg" or "webp"))
            throw errors.Invalid("format", $"Invalid value: '{format}'. Supported values are: 'png', 'jpeg', and 'webp'.");
        (int width, int height) = Size(Text("size") ?? "auto", errors);
        return new WellApiJob(
            Text("model") ?? "gpt-image-2",
            Text("prompt")!,
            count,
            width,
            height,
            quality == "auto" ? "medium" : quality,
            format,
            "opaque");
    }

    private static (int Width, int Height) Size(string size, WellApiErrors errors)
    {
        if (size == "auto")
            return (1024, 1024);
        string[] sides = size.Split('x');
        int width = 0, height = 0;
        bool isSize = sides.Length == 2
            && int.TryParse(sides[0], NumberStyles.None, CultureInfo.InvariantCulture, out width)
            && int.TryParse(sides[1], NumberStyles.None, CultureInfo.InvariantCulture, out height);
        string? fault = !isSize ? "expected WIDTHxHEIGHT or 'auto'" : (width, height) switch
        {
            _ when width % 16 != 0 || height % 16 != 0 => "both sides must be divisible by 16",
            _ when int.Max(width, height) > LongestSide => $"the longest side must not exceed {LongestSide}",
            _ when width > 3 * height || height > 3 * width => "the ratio must be between 1:3 and 3:1",
            _ when width * height is < SmallestPixels or > LargestPixels => $"there must be {SmallestPixels} to {LargestPixels} pixels",
            _ => null,
        };
        return fault is null ? (width, height) : throw errors.Invalid("size", $"Invalid value: '{size}': {fault}.");
    }

    private static string Choice(FormPart[] parts, string name, string byDefault, string[] allowed, WellApiErrors errors)
    {
        string value = parts.FirstOrDefault(part => part.Name == name)?.Text ?? byDefault;
        return allowed.Contains(value) ? value : throw errors.Invalid(name, $"Invalid value: '{value}'.");
    }

    private static ImageFacts Look(FormPart part, WellApiErrors errors) =>
        part.FileName is not null && ImageProbe.Read(part.Bytes) is { } facts && part.ContentType == "image/" + facts.Format
            ? facts
            : throw errors.Invalid(part.Name, $"Invalid image file '{part.FileName}' of type '{part.ContentType}'.");

    private static void CheckMask(FormPart[] masks, ImageFacts first, WellApiErrors errors)
    {
        ImageFacts mask = Look(masks[0], errors);
        if (masks.Length > 1 || mask.Format != "png" || masks[0].Bytes.Length >= LargestMask)
            throw errors.Invalid("mask", "Invalid mask: it must be one PNG of less than 4 MB.");
        if (!mask.HasAlpha)
            throw errors.Invalid("mask", "Invalid mask image format - mask image missing alpha channel.");
        if ((mask.Width, mask.Height) != (first.Width, first.Height))
            throw errors.Invalid("mask", $"Invalid mask: its size {mask.Width}x{mask.Height} is not that of the image, {first.Width}x{first.Height}.");
    }
}
