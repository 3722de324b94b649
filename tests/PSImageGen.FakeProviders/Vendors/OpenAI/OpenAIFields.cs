using System.Globalization;
using System.Text.Json;

namespace PSImageGen.FakeProviders.Vendors.OpenAI;

/// <summary>The scalar fields of a request, whether they came as JSON or as text parts.</summary>
internal sealed class OpenAIFields(IReadOnlyDictionary<string, JsonElement> values, bool areText)
{
    public bool Has(string name) => values.TryGetValue(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    public void RefuseOthers(IReadOnlyList<string> known)
    {
        if (values.Keys.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            throw OpenAIErrors.Unknown(unknown);
    }

    public string? Text(string name)
    {
        if (!Has(name))
            return null;
        return values[name].ValueKind == JsonValueKind.String ? values[name].GetString() : throw OpenAIErrors.InvalidType(name, "a string");
    }

    public string Choice(string name, string byDefault, IReadOnlyList<string> allowed)
    {
        string value = Text(name) ?? byDefault;
        return allowed.Contains(value)
            ? value
            : throw OpenAIErrors.InvalidValue(name, $"Invalid value: '{value}'. Supported values are: {string.Join(", ", allowed.Select(each => $"'{each}'"))}.");
    }

    public int Integer(string name, int byDefault, int least, int most)
    {
        if (!Has(name))
            return byDefault;
        int value;
        if (areText ? !int.TryParse(Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
            : !IsInteger(values[name], out value))
        {
            throw OpenAIErrors.InvalidType(name, "an integer");
        }

        return value >= least && value <= most
            ? value
            : throw OpenAIErrors.InvalidValue(name, $"Invalid '{name}': expected {least} to {most}, but got {value}.");
    }

    public bool Boolean(string name)
    {
        if (!Has(name))
            return false;
        return (areText, values[name].ValueKind) switch
        {
            (false, JsonValueKind.True) => true,
            (false, JsonValueKind.False) => false,
            (true, _) when Text(name) is "true" => true,
            (true, _) when Text(name) is "false" => false,
            _ => throw OpenAIErrors.InvalidType(name, "a boolean"),
        };
    }

    private static bool IsInteger(JsonElement value, out int number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out number);
    }
}
