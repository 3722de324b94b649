using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Images;
using PSImageGen.FakeProviders.Log;

namespace PSImageGen.FakeProviders.Inputs;

/// <summary>Checks an input against its fields and gathers every fault in it.</summary>
internal sealed class InputCheck
{
    private const int LongestSide = 4096;

    private readonly IReadOnlyList<InputField> _fields;
    private readonly RequestRecord _record;
    private readonly Func<string, InputImage> _find;
    private readonly Dictionary<string, JsonElement> _values = [];
    private readonly Dictionary<string, List<ImageFacts>> _images = [];

    public InputCheck(IReadOnlyList<InputField> fields, JsonElement root, RequestRecord record, Func<string, InputImage> find)
    {
        (_fields, _record, _find) = (fields, record, find);
        foreach (JsonProperty property in root.EnumerateObject())
        {
            if (fields.FirstOrDefault(field => field.Name == property.Name) is not { } known)
                Add(property.Name, "Extra inputs are not permitted", "extra_forbidden");
            else if (Check(known, property.Value))
                _values[known.Name] = property.Value;
        }

        foreach (InputField field in fields.Where(field => field.Required && !root.TryGetProperty(field.Name, out _)))
            Add(field.Name, "Field required", "missing");
    }

    public List<InputFault> Faults { get; } = [];

    public string Prompt => Text("prompt") ?? "";

    /// <summary>All pictures, in the order of the fields.</summary>
    public IEnumerable<ImageFacts> AllImages => _fields.SelectMany(each => Images(each.Name));

    public IReadOnlyList<ImageFacts> Images(string name) => _images.GetValueOrDefault(name) ?? [];

    public bool Has(string name) => _values.ContainsKey(name);

    public string? Text(string name) =>
        _values.TryGetValue(name, out JsonElement value) ? value.ValueKind == JsonValueKind.String ? value.GetString() : null : Default(name) as string;

    public long? Integer(string name) => _values.TryGetValue(name, out JsonElement value) ? value.GetInt64() : Default(name) as int?;

    public double? Number(string name) => _values.TryGetValue(name, out JsonElement value) ? value.GetDouble() : Default(name) as double?;

    public bool Flag(string name) => _values.TryGetValue(name, out JsonElement value) ? value.GetBoolean() : Default(name) is true;

    /// <summary>Width and height, where a size was given as an object.</summary>
    public (int Width, int Height)? Size(string name) =>
        _values.TryGetValue(name, out JsonElement value) && value.ValueKind == JsonValueKind.Object
            ? (value.GetProperty("width").GetInt32(), value.GetProperty("height").GetInt32())
            : null;

    public void Add(string? field, string message, string type, JsonObject? context = null) => Faults.Add(new InputFault(field, message, type, context));

    private object? Default(string name) => _fields.FirstOrDefault(field => field.Name == name)?.Default;

    private bool Check(InputField field, JsonElement value)
    {
        int before = Faults.Count;
        switch (field.Type)
        {
            case InputType.Text when value.ValueKind != JsonValueKind.String:
                Add(field.Name, "Input should be a valid string", "string_type");
                break;
            case InputType.Text:
                CheckChoice(field, value.GetString()!);
                break;
            case InputType.Integer when value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out _):
                Add(field.Name, "Input should be a valid integer", "int_type");
                break;
            case InputType.Number when value.ValueKind != JsonValueKind.Number:
                Add(field.Name, "Input should be a valid number", "float_type");
                break;
            case InputType.Integer or InputType.Number:
                CheckRange(field, value.GetDouble());
                break;
            case InputType.Boolean when value.ValueKind is not (JsonValueKind.True or JsonValueKind.False):
                Add(field.Name, "Input should be a valid boolean", "bool_type");
                break;
            case InputType.Image:
                CheckImage(field, value);
                break;
            case InputType.Images or InputType.List or InputType.Pair when value.ValueKind != JsonValueKind.Array:
                Add(field.Name, "Input should be a valid list", "list_type");
                break;
            case InputType.Images:
                CheckImages(field, value);
                break;
            case InputType.Pair when value.GetArrayLength() != 2 || value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.Number):
                Add(field.Name, "Input should be two numbers", "list_type");
                break;
            case InputType.Size when value.ValueKind == JsonValueKind.String:
                CheckChoice(field, value.GetString()!);
                break;
            case InputType.Size:
                CheckSize(field, value);
                break;
        }

        return Faults.Count == before;
    }

    private void CheckChoice(InputField field, string text)
    {
        if (field.Choices.Count > 0 && !field.Choices.Contains(text))
        {
            var expected = new JsonArray([.. field.Choices.Select(choice => (JsonNode?)choice)]);
            Add(field.Name, $"Input should be one of: {string.Join(", ", field.Choices)}", "one_of", new JsonObject { ["expected"] = expected });
        }
        else if (field is { Required: true, Name: "prompt" } && text.Length == 0)
        {
            Add(field.Name, "String should have at least 1 character", "string_too_short");
        }
    }

    private void CheckRange(InputField field, double value)
    {
        if (value < field.Least)
            Add(field.Name, $"Input should be greater than or equal to {field.Least}", "greater_than_equal", new JsonObject { ["ge"] = field.Least });
        else if (value > field.Most)
            Add(field.Name, $"Input should be less than or equal to {field.Most}", "less_than_equal", new JsonObject { ["le"] = field.Most });
        else if (field.MultipleOf is int step && value % step != 0)
            Add(field.Name, $"Input should be a multiple of {step}", "multiple_of", new JsonObject { ["multiple_of"] = step });
    }

    private void CheckImages(InputField field, JsonElement list)
    {
        if (list.GetArrayLength() > field.MostItems)
        {
            Add(field.Name, $"List should have at most {field.MostItems} items", "sequence_too_long", new JsonObject { ["max_length"] = field.MostItems });
            return;
        }

        if (field.Required && list.GetArrayLength() == 0)
            Add(field.Name, "List should have at least 1 item", "sequence_too_short", new JsonObject { ["min_length"] = 1 });
        foreach (JsonElement item in list.EnumerateArray())
            CheckImage(field, item);
    }

    private void CheckImage(InputField field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            Add(field.Name, "Input should be a valid string", "string_type");
            return;
        }

        InputImage image = _find(value.GetString()!);
        if (image.Bytes is { } bytes)
            _record.AddFile(new RequestFile(field.Name, null, image.MediaType, bytes));
        if (image.Facts is not { } facts)
            Add(field.Name, image.Message!, image.Type!);
        else if (_images.TryGetValue(field.Name, out List<ImageFacts>? others))
            others.Add(facts);
        else
            _images[field.Name] = [facts];
    }

    private void CheckSize(InputField field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            Add(field.Name, "Input should be a preset name or an object", "model_attributes_type");
            return;
        }

        foreach (JsonProperty property in value.EnumerateObject().Where(property => property.Name is not ("width" or "height")))
            Add(field.Name, $"Extra inputs are not permitted: {property.Name}", "extra_forbidden");
        foreach (string name in (string[])["width", "height"])
        {
            // The upper end is the fake's own: a picture of that size has to be made here.
            if (!value.TryGetProperty(name, out JsonElement side) || side.ValueKind != JsonValueKind.Number || !side.TryGetInt32(out int pixels))
                Add(field.Name, $"{name} should be a valid integer", "int_type");
            else if (pixels <= 0)
                Add(field.Name, $"{name} should be greater than 0", "greater_than", new JsonObject { ["gt"] = 0 });
            else if (pixels > LongestSide)
                Add(field.Name, $"{name} should be less than or equal to {LongestSide}", "less_than_equal", new JsonObject { ["le"] = LongestSide });
        }
    }
}
