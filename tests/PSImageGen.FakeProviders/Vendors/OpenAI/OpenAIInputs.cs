using System.Text.Json;
using PSImageGen.FakeProviders.Images;
using PSImageGen.FakeProviders.Log;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.OpenAI;

/// <summary>Reads the two forms of <c>/images/edits</c> and looks at the pictures in them.</summary>
internal static class OpenAIInputs
{
    private const int MostImages = 16;
    private const int LargestImage = 50 * 1024 * 1024;
    private const int LargestMask = 4 * 1024 * 1024;
    private const int LongestUrl = 20_971_520;

    public static async Task<OpenAIJob> ReadMultipartAsync(Exchange exchange)
    {
        IReadOnlyList<FormPart> parts = await MultipartForm.ReadAsync(exchange) ?? throw OpenAIErrors.BadRequest("Could not parse multipart form.");
        var fields = new Dictionary<string, JsonElement>();
        var files = new List<RequestFile>();
        foreach (FormPart part in parts)
        {
            if (part.FileName is not null || part.Name is "image" or "image[]" or "mask")
                files.Add(new RequestFile(part.Name, part.FileName, part.ContentType, part.Bytes));
            else if (!fields.TryAdd(part.Name, JsonSerializer.SerializeToElement(part.Text)))
                throw OpenAIErrors.BadRequest($"Duplicate parameter: '{part.Name}'.", "duplicate_parameter");
        }

        RequestFile[] images = [.. files.Where(file => file.Field is "image" or "image[]")];
        RequestFile[] masks = [.. files.Where(file => file.Field == "mask")];
        if (files.FirstOrDefault(file => file.Field is not ("image" or "image[]" or "mask")) is { } unknown)
            throw OpenAIErrors.Unknown(unknown.Field);
        if (images.Length == 0)
            throw OpenAIErrors.Missing("image");
        if (images.Length > 1 && images.Any(image => image.Field == "image"))
            throw OpenAIErrors.BadRequest("Duplicate parameter: 'image'. Use 'image[]' for several.", "duplicate_parameter");
        if (images.Length > MostImages || masks.Length > 1)
            throw OpenAIErrors.InvalidValue(masks.Length > 1 ? "mask" : "image", "Too many files.");

        ImageFacts[] inputs = [.. images.Select(image => ReadFile(image, "image"))];
        if (masks.Length == 1)
            CheckMask(ReadFile(masks[0], "mask"), masks[0].Length, inputs[0]);
        return OpenAIJob.Edit(new OpenAIFields(fields, areText: true), isJson: false, inputs);
    }

    public static OpenAIJob ReadJson(Exchange exchange, JsonElement root)
    {
        var fields = root.EnumerateObject().ToDictionary(property => property.Name, property => property.Value);
        if (!fields.TryGetValue("images", out JsonElement images) || images.ValueKind != JsonValueKind.Array || images.GetArrayLength() == 0)
            throw OpenAIErrors.Missing("images");
        if (images.GetArrayLength() > MostImages)
            throw OpenAIErrors.InvalidValue("images", $"Invalid 'images': array too long. Expected at most {MostImages}.");

        (ImageFacts Facts, int Length)[] inputs = [.. images.EnumerateArray().Select((image, i) => ReadReference(exchange, image, $"images[{i}]", null))];
        if (fields.TryGetValue("mask", out JsonElement mask) && mask.ValueKind != JsonValueKind.Null)
        {
            (ImageFacts facts, int length) = ReadReference(exchange, mask, "mask", inputs[0].Facts);
            CheckMask(facts, length, inputs[0].Facts);
        }

        return OpenAIJob.Edit(new OpenAIFields(fields, areText: false), isJson: true, [.. inputs.Select(input => input.Facts)]);
    }

    private static ImageFacts ReadFile(RequestFile file, string param)
    {
        string? byName = Path.GetExtension(file.FileName)?.ToLowerInvariant() switch
        {
            ".png" => "png",
            ".jpg" or ".jpeg" => "jpeg",
            ".webp" => "webp",
            _ => null,
        };
        if (byName is null)
            throw OpenAIErrors.BadFile(param, $"Invalid image file: the file name '{file.FileName}' does not end in png, jpg, jpeg or webp.");
        if (file.ContentType != "image/" + byName)
            throw OpenAIErrors.BadFile(param, $"Invalid image file: the part says '{file.ContentType}', which does not go with '{file.FileName}'.");
        if (file.Length >= LargestImage)
            throw OpenAIErrors.BadFile(param, "Invalid image file: it must be less than 50 MB.");
        if (ImageProbe.Read(file.Bytes) is not { } facts || facts.Format != byName)
            throw OpenAIErrors.BadFile(param, "Invalid image file or mode: please check your image file.");
        return facts;
    }

    private static (ImageFacts Facts, int Length) ReadReference(Exchange exchange, JsonElement reference, string param, ImageFacts? assumed)
    {
        if (reference.ValueKind != JsonValueKind.Object || reference.EnumerateObject().Count() != 1)
            throw OpenAIErrors.InvalidValue(param, $"Invalid '{param}': expected exactly one of 'image_url' or 'file_id'.");
        JsonProperty only = reference.EnumerateObject().Single();
        if (only.Name is not ("image_url" or "file_id"))
            throw OpenAIErrors.Unknown($"{param}.{only.Name}");
        if (only.Value.ValueKind != JsonValueKind.String)
            throw OpenAIErrors.InvalidType($"{param}.{only.Name}", "a string");

        string value = only.Value.GetString()!;
        if (value.Length > LongestUrl)
            throw OpenAIErrors.InvalidValue(param, $"Invalid '{param}': string too long. Expected at most {LongestUrl} characters.");
        if (value.StartsWith("data:", StringComparison.Ordinal) && only.Name == "image_url")
            return ReadDataUrl(exchange, value, param);

        // Nothing is fetched from outside: a picture behind a link is taken to be of ordinary size, a mask to fit.
        bool isFine = only.Name == "file_id"
            ? value.StartsWith("file-", StringComparison.Ordinal)
            : Uri.TryCreate(value, UriKind.Absolute, out Uri? url) && url.Scheme == Uri.UriSchemeHttps;
        return isFine
            ? (assumed is null ? new ImageFacts("png", 1024, 1024, HasAlpha: true) : assumed with { Format = "png", HasAlpha = true }, 0)
            : throw OpenAIErrors.InvalidValue(param, $"Invalid '{param}.{only.Name}'.");
    }

    private static (ImageFacts Facts, int Length) ReadDataUrl(Exchange exchange, string value, string param)
    {
        int comma = value.IndexOf(',', StringComparison.Ordinal);
        string head = comma < 0 ? "" : value[5..comma];
        if (head is not ("image/png;base64" or "image/jpeg;base64" or "image/webp;base64"))
            throw OpenAIErrors.InvalidValue(param, $"Invalid '{param}.image_url': expected a base64-encoded data URL of an image.");
        byte[] bytes = new byte[(value.Length - comma) * 3 / 4];
        if (!Convert.TryFromBase64Chars(value.AsSpan(comma + 1), bytes, out int length))
            throw OpenAIErrors.InvalidValue(param, $"Invalid '{param}.image_url': the base64 is broken.");

        bytes = bytes[..length];
        string type = head[..head.IndexOf(';', StringComparison.Ordinal)];
        exchange.Record.AddFile(new RequestFile(param, null, type, bytes));
        ImageFacts? facts = ImageProbe.Read(bytes);
        return facts is not null && "image/" + facts.Format == type
            ? (facts, length)
            : throw OpenAIErrors.BadFile(param, "Invalid image file or mode: please check your image file.");
    }

    private static void CheckMask(ImageFacts mask, int length, ImageFacts first)
    {
        if (mask.Format != "png" || length >= LargestMask)
            throw OpenAIErrors.BadFile("mask", "Invalid mask: it must be a PNG of less than 4 MB.");
        if (!mask.HasAlpha)
            throw OpenAIErrors.BadFile("mask", "Invalid mask image format - mask image missing alpha channel.");
        if ((mask.Width, mask.Height) != (first.Width, first.Height))
            throw OpenAIErrors.InvalidValue("mask", $"Invalid mask: its size {mask.Width}x{mask.Height} is not that of the image, {first.Width}x{first.Height}.");
    }
}
