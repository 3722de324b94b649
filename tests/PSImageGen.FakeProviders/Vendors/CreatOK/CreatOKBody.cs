using System.Text.Json;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.CreatOK;

/// <summary>The fields of a JSON body; whatever is not as it should be is refused.</summary>
internal sealed class CreatOKBody(JsonElement root, CreatOKAnswers answers)
{
    public static async Task<CreatOKBody> ReadAsync(Exchange exchange, CreatOKAnswers answers, params string[] known)
    {
        if (!exchange.Http.Request.HasJsonContentType() || await exchange.ReadJsonAsync() is not JsonElement root)
            throw answers.Invalid("The body must be a JSON object.");
        foreach (JsonProperty property in root.EnumerateObject())
        {
            if (!known.Contains(property.Name))
                throw answers.Invalid($"Unknown field: {property.Name}.");
        }

        return new CreatOKBody(root, answers);
    }

    public bool Has(string name) => root.TryGetProperty(name, out _);

    public string Text(string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : throw answers.Invalid($"{name} is required and must be a text.");

    public int Integer(string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number)
            ? number
            : throw answers.Invalid($"{name} is required and must be an integer.");

    /// <summary>The texts of a list; none when there is no such field, and an empty list is refused.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        if (!root.TryGetProperty(name, out JsonElement value))
            return [];
        return value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 && value.EnumerateArray().All(each => each.ValueKind == JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(each => each.GetString()!)]
            : throw answers.Invalid($"{name} must be a list of texts, or be left out.");
    }
}
