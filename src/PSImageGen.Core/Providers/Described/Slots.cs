using PSImageGen.Core.OpenApi;

namespace PSImageGen.Core.Providers.Described;

/// <summary>A place in a message for one value.</summary>
/// <param name="Path">Its name; inside others the path of names (<c>frame.width</c>), <c>[]</c> for each item of a list.</param>
/// <param name="Required">Whether the message must have it, and so every object it is in.</param>
/// <param name="Schema">What it may be.</param>
internal sealed record Slot(string Path, bool Required, ApiSchema Schema)
{
    /// <summary>The last name of the path.</summary>
    public string Name => Path[(Path.LastIndexOf('.') + 1)..].Replace("[]", string.Empty, StringComparison.Ordinal);

    /// <summary>What it may be, null and other choices aside.</summary>
    public ApiSchema Plain { get; } = Schema.Variants.FirstOrDefault(v => v.Types is not ["null"]) ?? Schema;

    /// <summary>The allowed values that are texts.</summary>
    public IReadOnlyList<string> Choices => [.. Schema.AllowedValues.Where(v => v.GetValueKind() == System.Text.Json.JsonValueKind.String).Select(v => v.ToString())];

    /// <summary>Whether any text may stand here.</summary>
    public bool IsFreeText => Schema.Takes("string") && !IsList && Schema.AllowedValues.Count == 0 && Plain.Format is null;

    /// <summary>Whether a number may stand here.</summary>
    public bool IsNumber => Plain.Types.Contains("integer") || Plain.Types.Contains("number");

    /// <summary>Whether a list stands here.</summary>
    public bool IsList => Plain.Types.Contains("array");

    /// <summary>The format of the value, or of the items of the list.</summary>
    public string? Format => IsList ? Plain.Items?.Format : Plain.Format;

    /// <summary>Whether the bytes of a file stand here, in a form.</summary>
    public bool IsFile => Format == "binary";

    /// <summary>Whether base64 stands here, by its format or by what the document says of it.</summary>
    public bool IsBase64 => Format is "byte" or "base64" || (Schema.Description?.Contains("base64", StringComparison.OrdinalIgnoreCase) == true && Schema.Description.Contains("data:", StringComparison.OrdinalIgnoreCase) == false);

    /// <summary>The places of a schema.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="intoLists">Whether the items of lists are taken apart, as in answers.</param>
    public static IReadOnlyList<Slot> Of(ApiSchema schema, bool intoLists = false)
    {
        List<Slot> slots = [];
        Add(slots, string.Empty, schema, required: true, intoLists, 0);
        return slots;
    }

    private static void Add(List<Slot> slots, string path, ApiSchema schema, bool required, bool intoLists, int depth)
    {
        const int MaxDepth = 5;
        if (depth > MaxDepth)
            return;
        foreach (ApiField field in ApiField.Of(schema))
        {
            string at = path.Length == 0 ? field.Name : $"{path}.{field.Name}";
            // A name with a dot in it would be taken for two.
            if (field.Name.Contains('.', StringComparison.Ordinal))
                continue;
            ApiSchema[] kinds = [.. field.Schema.Variants.Where(v => v.Types is not ["null"])];
            if (kinds.Length > 0 && kinds.All(k => k.Properties.Count > 0))
                Add(slots, at, field.Schema, required && field.Required, intoLists, depth + 1);
            else if (intoLists && kinds.Length > 0 && kinds[0].Items is { } items && items.Variants.Any(v => v.Properties.Count > 0))
                Add(slots, at + "[]", items, required: false, intoLists, depth + 1);
            else
                slots.Add(new Slot(at, required && field.Required, field.Schema));
        }
    }
}
