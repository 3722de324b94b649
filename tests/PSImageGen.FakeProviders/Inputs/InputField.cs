using System.Text.Json.Nodes;

namespace PSImageGen.FakeProviders.Inputs;

/// <summary>What a field of a model's input holds.</summary>
internal enum InputType
{
    Text,
    Integer,
    Number,
    Boolean,

    /// <summary>A link or a data URI.</summary>
    Image,

    /// <summary>Several of them.</summary>
    Images,

    /// <summary>One of the choices, or an object of width and height.</summary>
    Size,

    /// <summary>Two whole numbers.</summary>
    Pair,

    /// <summary>A list whose items are not looked into.</summary>
    List,
}

/// <summary>A field of a model's input, for vendors whose every model has its own.</summary>
internal sealed record InputField(string Name, InputType Type)
{
    public bool Required { get; init; }

    public double? Least { get; init; }

    public double? Most { get; init; }

    public int? MultipleOf { get; init; }

    /// <summary>The only texts allowed; empty for any.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>The most items of a list.</summary>
    public int MostItems { get; init; } = int.MaxValue;

    public object? Default { get; init; }

    public static InputField Prompt { get; } = Text("prompt") with { Required = true };

    public static InputField Seed { get; } = Integer("seed");

    public static InputField Text(string name, string? byDefault = null) => new(name, InputType.Text) { Default = byDefault };

    public static InputField Integer(string name, int? least = null, int? most = null, int? byDefault = null, int? multipleOf = null) =>
        new(name, InputType.Integer) { Least = least, Most = most, Default = byDefault, MultipleOf = multipleOf };

    public static InputField Number(string name, double? least = null, double? most = null, double? byDefault = null) =>
        new(name, InputType.Number) { Least = least, Most = most, Default = byDefault };

    public static InputField Flag(string name, bool byDefault = false) => new(name, InputType.Boolean) { Default = byDefault };

    /// <summary>One of some texts; the first is the default.</summary>
    public static InputField Choice(string name, params string[] choices) => new(name, InputType.Text) { Choices = choices, Default = choices[0] };

    public static InputField Image(string name, bool required = false) => new(name, InputType.Image) { Required = required };

    public static InputField Images(string name, int most = int.MaxValue, bool required = false) =>
        new(name, InputType.Images) { MostItems = most, Required = required };

    public static InputField Size(string name, params string[] choices) => new(name, InputType.Size) { Choices = choices, Default = choices[0] };

    /// <summary>The field's JSON schema.</summary>
    public JsonObject Schema(int order)
    {
        var schema = new JsonObject { ["title"] = Name, ["x-order"] = order };
        switch (Type)
        {
            case InputType.Images:
                schema["type"] = "array";
                schema["items"] = new JsonObject { ["type"] = "string", ["format"] = "uri" };
                break;
            case InputType.List or InputType.Pair:
                schema["type"] = "array";
                break;
            default:
                schema["type"] = Type switch
                {
                    InputType.Integer => "integer",
                    InputType.Number => "number",
                    InputType.Boolean => "boolean",
                    _ => "string",
                };
                break;
        }

        if (Type == InputType.Image)
            schema["format"] = "uri";
        if (Least is { } least)
            schema["minimum"] = least;
        if (Most is { } most)
            schema["maximum"] = most;
        if (Default is not null)
            schema["default"] = Default switch { string text => text, int number => number, double number => number, bool flag => flag, _ => null };
        return schema;
    }
}

/// <summary>Something wrong with an input.</summary>
internal sealed record InputFault(string? Field, string Message, string Type, JsonObject? Context = null);
