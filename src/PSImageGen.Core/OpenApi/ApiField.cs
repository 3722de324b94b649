using System.Text.Json.Nodes;

namespace PSImageGen.Core.OpenApi;

/// <summary>A field of a request.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Required">Whether nothing is done without it.</param>
/// <param name="Schema">What it may be.</param>
public sealed record ApiField(string Name, bool Required, ApiSchema Schema)
{
    /// <summary>Its kind in a few words.</summary>
    public string Type => Schema.TypeText;

    /// <summary>What counts where it is left out.</summary>
    public JsonNode? Default => Schema.Default;

    /// <summary>The only values; empty for any.</summary>
    public IReadOnlyList<JsonNode> AllowedValues => Schema.AllowedValues;

    /// <summary>The document's words.</summary>
    public string? Description => Schema.Description;

    /// <summary>The fields of a body, the required first: where there is a choice of bodies the fields of all, and required what all require.</summary>
    internal static IReadOnlyList<ApiField> Of(ApiSchema body)
    {
        ApiSchema[] variants = [.. body.Variants];
        Dictionary<string, ApiSchema> fields = [];
        foreach ((string name, ApiSchema schema) in variants.SelectMany(v => v.Properties))
            fields[name] = fields.TryGetValue(name, out ApiSchema? known) && !Same(known, schema) ? Either(known, schema) : schema;
        return [.. fields.Select(f => new ApiField(f.Key, variants.All(v => v.Required.Contains(f.Key)), f.Value)).OrderBy(f => !f.Required)];
    }

    private static bool Same(ApiSchema a, ApiSchema b) => ReferenceEquals(a, b) || (a.TypeText == b.TypeText && a.AllowedValues.Count == 0 && b.AllowedValues.Count == 0);

    private static ApiSchema Either(ApiSchema a, ApiSchema b) => new() { Choices = [a, b], Default = a.Default ?? b.Default, Description = a.Description ?? b.Description };
}
