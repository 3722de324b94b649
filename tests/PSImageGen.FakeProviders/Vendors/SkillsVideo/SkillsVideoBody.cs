using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Images;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.SkillsVideo;

/// <summary>A submitted body, JSON or multipart, once it has been held against its model's fields.</summary>
internal sealed class SkillsVideoBody
{
    private static readonly string[] Fallback = ["1:1", "match_input_image", "custom"];

    private readonly Dictionary<string, JsonNode> _values = [];
    private readonly SkillsVideoModel _model;
    private readonly IReadOnlyList<SkillsVideoField> _fields;
    private readonly SkillsVideoErrors _errors;

    private SkillsVideoBody(SkillsVideoModel model, bool lenient, SkillsVideoErrors errors)
    {
        (_model, _errors) = (model, errors);
        _fields = lenient && !model.FieldsAreKnown ? [.. model.Fields, .. SkillsVideoModel.Guessed] : model.Fields;
    }

    public string Prompt => Text("prompt") ?? "";

    public string Format => Text("output_format") ?? "png";

    /// <summary>Pictures to make: one model has two fields for it, and nobody says how they go together.</summary>
    public int Count => int.Max(Integer("n") ?? 1, Integer("num_images") ?? 1);

    /// <summary>The body as the vendor repeats it.</summary>
    public JsonObject Input { get; } = [];

    public static async Task<SkillsVideoBody> ReadAsync(Exchange exchange, SkillsVideoModel model, bool lenient, SkillsVideoErrors errors)
    {
        var body = new SkillsVideoBody(model, lenient, errors);
        if (MultipartForm.Is(exchange.Http.Request))
        {
            IReadOnlyList<FormPart> parts = await MultipartForm.ReadAsync(exchange) ?? throw errors.Unreadable();
            foreach (IGrouping<string, FormPart> field in parts.GroupBy(part => part.Name))
                body.AddParts(body.FieldOf(field.Key), [.. field]);
        }
        else
        {
            if (!exchange.Http.Request.HasJsonContentType() || await exchange.ReadJsonAsync() is not JsonElement root)
                throw errors.Unreadable();
            foreach (JsonProperty property in root.EnumerateObject())
                body.AddJson(body.FieldOf(property.Name), property.Value);
        }

        body.CheckTogether();
        return body;
    }

    public string? Text(string name) => _values.TryGetValue(name, out JsonNode? value) ? (string?)value : null;

    public int? Integer(string name) => _values.TryGetValue(name, out JsonNode? value) ? (int)value : null;

    public (int Width, int Height) Size()
    {
        string ratio = Text("aspect_ratio") ?? "1:1", resolution = Text("resolution") ?? _model.DefaultResolution;
        if (ratio == "custom")
            return (Integer("width")!.Value, Integer("height")!.Value);
        if (Text("image_size") is { } size && size != "default")
            return (int.Parse(size[..4], CultureInfo.InvariantCulture), int.Parse(size[5..], CultureInfo.InvariantCulture));
        int side = resolution switch
        {
            "0.5 MP" => 720,
            "2 MP" => 1440,
            "4 MP" => 2048,
            _ => PictureSize.Side(resolution),
        };
        return PictureSize.Of(PictureSize.Ratio(Fallback.Contains(ratio) ? "1:1" : ratio)!.Value, side);
    }

    private SkillsVideoField FieldOf(string name) =>
        _fields.FirstOrDefault(field => field.Name == name) ?? throw _errors.Invalid($"Unknown field '{name}' for {_model.Path}.");

    private void AddJson(SkillsVideoField field, JsonElement value)
    {
        switch (field.Type)
        {
            case SkillsVideoType.Integer:
                if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out int number))
                    throw _errors.Invalid($"'{field.Name}' must be an integer.");
                AddInteger(field, number);
                break;
            case SkillsVideoType.Images:
                if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(each => each.ValueKind != JsonValueKind.String))
                    throw _errors.Invalid($"'{field.Name}' must be an array of URLs.");
                AddImages(field, [.. value.EnumerateArray().Select(each => each.GetString()!)]);
                break;
            default:
                if (value.ValueKind != JsonValueKind.String)
                    throw _errors.Invalid($"'{field.Name}' must be a string.");
                AddText(field, value.GetString()!);
                break;
        }
    }

    private void AddParts(SkillsVideoField field, FormPart[] parts)
    {
        if (field.Type == SkillsVideoType.Images)
        {
            AddImages(field, [.. parts.Select(part => part.FileName is null ? part.Text : LinkTo(part))]);
            return;
        }

        if (parts.Length > 1)
            throw _errors.Invalid($"'{field.Name}' was given more than once.");
        if (parts[0].FileName is not null)
            throw _errors.Invalid($"'{field.Name}' must not be a file.");
        if (field.Type != SkillsVideoType.Integer)
            AddText(field, parts[0].Text);
        else if (int.TryParse(parts[0].Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number))
            AddInteger(field, number);
        else
            throw _errors.Invalid($"'{field.Name}' must be an integer.");
    }

    private void AddInteger(SkillsVideoField field, int number)
    {
        if (number < field.Least || number > field.Most)
            throw _errors.Invalid($"'{field.Name}' must be {field.Least} to {field.Most}.");
        if (field.MultipleOf is int step && number % step != 0)
            throw _errors.Invalid($"'{field.Name}' must be a multiple of {step}.");
        Add(field, JsonValue.Create(number));
    }

    private void AddText(SkillsVideoField field, string text)
    {
        bool isListed = field.Allowed?.Contains(text) == true;
        bool isFine = field.Type == SkillsVideoType.Ratio ? isListed || PictureSize.Ratio(text) is > 0.1 and < 10 : field.Allowed is null || isListed;
        if (!isFine)
            throw _errors.Invalid($"'{field.Name}' must not be '{text}'.");
        if (text.Length == 0)
            throw _errors.Invalid($"'{field.Name}' must not be empty.");
        Add(field, JsonValue.Create(text));
    }

    private void AddImages(SkillsVideoField field, IReadOnlyList<string> links)
    {
        if (links.Count > field.Most)
            throw _errors.Invalid($"'{field.Name}' takes {field.Most} images at most.");
        if (links.FirstOrDefault(link => !Uri.TryCreate(link, UriKind.Absolute, out Uri? url) || (url.Scheme is not ("http" or "https"))) is { } bad)
            throw _errors.Invalid($"'{field.Name}' must hold URLs, not '{bad[..int.Min(bad.Length, 40)]}'.");
        Add(field, new JsonArray([.. links.Select(link => (JsonNode?)link)]));
    }

    private void Add(SkillsVideoField field, JsonNode value)
    {
        _values[field.Name] = value;
        Input[field.Name] = value.DeepClone();
    }

    private string LinkTo(FormPart file)
    {
        string? format = file.Bytes.AsSpan().StartsWith("GIF8"u8) ? "gif" : ImageProbe.Read(file.Bytes)?.Format;
        return format is not null
            ? $"https://files.skills.video/{Guid.NewGuid():N}.{format}"
            : throw _errors.Invalid($"'{file.Name}' holds a file which is not a JPEG, PNG, GIF or WebP picture.");
    }

    private void CheckTogether()
    {
        if (_fields.FirstOrDefault(field => field.Required && !_values.ContainsKey(field.Name)) is { } missing)
            throw _errors.Invalid($"'{missing.Name}' is required.");
        if (_fields.Count == 0)
            throw _errors.Invalid($"Nobody has written down the fields of {_model.Path}.");
        bool isCustom = Text("aspect_ratio") == "custom", hasSides = Integer("width") is not null && Integer("height") is not null;
        if (isCustom && !hasSides)
            throw _errors.Invalid("'width' and 'height' are required with the aspect_ratio 'custom'.");
        if (!isCustom && (Integer("width") ?? Integer("height")) is not null)
            throw _errors.Invalid("'width' and 'height' are for the aspect_ratio 'custom' only.");
    }
}
