using System.Text.Json;
using System.Text.RegularExpressions;
using PSImageGen.FakeProviders.Images;
using PSImageGen.FakeProviders.Log;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.Bfl;

/// <summary>Checks a submitted body against its route and gathers every fault in it, as FastAPI does.</summary>
internal sealed partial class BflBody(BflRoute route, JsonElement root, RequestRecord record)
{
    private const int LargestBytes = 20 * 1024 * 1024;
    private const long LargestPixels = 20_000_000;
    private const long MostOutputPixels = 4_000_000;

    private readonly Dictionary<string, JsonElement> _values = [];
    private readonly Dictionary<string, ImageFacts> _images = [];
    private readonly List<(string? Field, string Message, string Type)> _faults = [];

    public IReadOnlyDictionary<string, ImageFacts> Images => _images;

    public string Prompt => Text("prompt") ?? "";

    public string Format => Text("output_format") ?? route.DefaultFormat;

    public string? Text(string name) => _values.TryGetValue(name, out JsonElement value) ? value.GetString() : null;

    public long? Integer(string name) => _values.TryGetValue(name, out JsonElement value) ? value.GetInt64() : null;

    /// <summary>Throws what the vendor answers when something is wrong.</summary>
    public void Check()
    {
        foreach (JsonProperty property in root.EnumerateObject())
        {
            if (route.Fields.FirstOrDefault(field => field.Name == property.Name) is { } known)
                CheckField(known, property.Value);
            else
                _faults.Add((property.Name, "Extra inputs are not permitted", "extra_forbidden"));
        }

        foreach (BflField field in route.Fields.Where(field => field.Required && !root.TryGetProperty(field.Name, out _)))
            _faults.Add((field.Name, "Field required", "missing"));
        if (_faults.Count == 0)
            CheckTogether();
        if (_faults.Count > 0)
            throw new RefusedException(BflErrors.Invalid(_faults));
    }

    private void CheckField(BflField field, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null && field.Nullable)
            return;
        (string Message, string Type)? fault = field.Type switch
        {
            BflType.Text or BflType.Base64 or BflType.Base64OrUrl or BflType.Format or BflType.Ratio or BflType.Link or BflType.Mode
                when value.ValueKind != JsonValueKind.String => ("Input should be a valid string", "string_type"),
            BflType.Integer when value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out _) => ("Input should be a valid integer", "int_type"),
            BflType.Number when value.ValueKind != JsonValueKind.Number => ("Input should be a valid number", "float_type"),
            BflType.Boolean when value.ValueKind is not (JsonValueKind.True or JsonValueKind.False) => ("Input should be a valid boolean", "bool_type"),
            BflType.Integer or BflType.Number => CheckNumber(field, value.GetDouble()),
            BflType.Format when value.GetString() is not ("jpeg" or "png" or "webp") => ("Input should be 'jpeg', 'png' or 'webp'", "enum"),
            BflType.Mode when value.GetString() is not ("high" or "fast") => ("Input should be 'high' or 'fast'", "literal_error"),
            BflType.Link when value.GetString()!.Length is 0 or > 2083 || !Uri.TryCreate(value.GetString(), UriKind.Absolute, out _) =>
                ("Input should be a valid URL", "url_parsing"),
            BflType.Ratio when BflSizes.Ratio(value.GetString()!) is null => ("Aspect ratio must be w:h between 21:9 and 9:21", "value_error"),
            BflType.Base64 or BflType.Base64OrUrl => CheckImage(field, value.GetString()!),
            _ => null,
        };
        if (fault is { } found)
            _faults.Add((field.Name, found.Message, found.Type));
        else
            _values[field.Name] = value;
    }

    private static (string Message, string Type)? CheckNumber(BflField field, double value)
    {
        if (value < field.Least)
            return ($"Input should be greater than or equal to {field.Least}", "greater_than_equal");
        if (value > field.Most)
            return ($"Input should be less than or equal to {field.Most}", "less_than_equal");
        return field.MultipleOf is int step && value % step != 0 ? ($"Input should be a multiple of {step}", "multiple_of") : null;
    }

    private (string Message, string Type)? CheckImage(BflField field, string value)
    {
        if (field.Type == BflType.Base64OrUrl && Web().IsMatch(value))
        {
            // Nothing is fetched from outside: a picture behind a link is taken to be of ordinary size.
            _images[field.Name] = new ImageFacts("jpeg", 1024, 1024, HasAlpha: false);
            return Uri.TryCreate(value, UriKind.Absolute, out _) ? null : ("Input should be a valid URL", "url_parsing");
        }

        byte[] bytes = new byte[value.Length];
        if (value.Length == 0 || !Convert.TryFromBase64String(value, bytes, out int length))
            return ("Invalid base64-encoded image", "value_error");
        if (length > LargestBytes)
            return ("Image is larger than 20 MB", "value_error");

        bytes = bytes[..length];
        record.AddFile(new RequestFile(field.Name, null, null, bytes));
        if (ImageProbe.Read(bytes) is not { } facts)
            return ("Could not decode the image", "value_error");
        if (facts.Pixels > LargestPixels)
            return ("Image is larger than 20 megapixels", "value_error");
        _images[field.Name] = facts;
        return null;
    }

    private void CheckTogether()
    {
        switch (route.Sizing)
        {
            case BflSizing.Flux2 when Integer("width") is long width && Integer("height") is long height && width * height > MostOutputPixels:
                _faults.Add((null, "Width times height must not exceed 4 megapixels", "value_error"));
                break;
            case BflSizing.Margins when new[] { "top", "bottom", "left", "right" }.All(side => Integer(side) is null or 0):
                _faults.Add((null, "At least one of top, bottom, left and right must be positive", "value_error"));
                break;
            case BflSizing.Canvas:
                CheckCanvas();
                break;
        }

        if (_images.TryGetValue("mask", out ImageFacts? mask) && _images.TryGetValue("image", out ImageFacts? image)
            && IsInline("mask") && IsInline("image") && (mask.Width, mask.Height) != (image.Width, image.Height))
        {
            _faults.Add(("mask", $"Mask is {mask.Width}x{mask.Height} but the image is {image.Width}x{image.Height}", "value_error"));
        }
    }

    private void CheckCanvas()
    {
        if (Integer("width") * Integer("height") > MostOutputPixels)
            _faults.Add((null, "Width times height must not exceed 4 megapixels", "value_error"));
        if (!IsInline("input_image") || (_values.TryGetValue("auto_crop", out JsonElement crop) && crop.ValueKind == JsonValueKind.True))
            return;
        ImageFacts image = _images["input_image"];
        if (Overhangs("reference_offset_x", image.Width, Integer("width")!.Value) || Overhangs("reference_offset_y", image.Height, Integer("height")!.Value))
            _faults.Add(("input_image", "The image reaches beyond the canvas", "value_error"));
    }

    private bool Overhangs(string offset, int image, long canvas) =>
        Integer(offset) is long from ? from < 0 || from + image > canvas : image > canvas;

    private bool IsInline(string field) => !Web().IsMatch(Text(field)!);

    [GeneratedRegex("^https?://", RegexOptions.IgnoreCase)]
    private static partial Regex Web();
}
