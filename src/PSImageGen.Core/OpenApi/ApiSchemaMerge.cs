using System.Text.Json.Nodes;

namespace PSImageGen.Core.OpenApi;

/// <summary>Two schemas that must both fit, as one: what <c>allOf</c> means.</summary>
internal static class ApiSchemaMerge
{
    // Choices of choices multiply; beyond this a document is not meant for people.
    private const int MostChoices = 64;

    /// <summary>The schema of values that fit both.</summary>
    public static ApiSchema Both(ApiSchema a, ApiSchema b) => Both(a, b, multiply: true);

    // Choices within choices are not multiplied again: they would become more than can be counted, and nobody writes such.
    private static ApiSchema Both(ApiSchema a, ApiSchema b, bool multiply)
    {
        Dictionary<string, ApiSchema> properties = a.Properties.ToDictionary();
        foreach ((string name, ApiSchema property) in b.Properties)
            properties[name] = properties.TryGetValue(name, out ApiSchema? known) ? Both(known, property, multiply) : property;
        return new ApiSchema
        {
            Name = b.Name ?? a.Name,
            Types = a.Types.Count == 0 ? b.Types : b.Types.Count == 0 ? a.Types : [.. Common(a.Types, b.Types)],
            Values = a.Values.Count == 0 ? b.Values : b.Values.Count == 0 ? a.Values : [.. a.Values.Where(v => b.Values.Any(w => JsonNode.DeepEquals(v, w)))],
            Default = b.Default ?? a.Default,
            Example = b.Example ?? a.Example,
            Format = b.Format ?? a.Format,
            Description = b.Description ?? a.Description,
            Minimum = Greater(a.Minimum, b.Minimum),
            AboveMinimum = Greater(a.Minimum, b.Minimum) is { } least && ((a.Minimum == least && a.AboveMinimum) || (b.Minimum == least && b.AboveMinimum)),
            Maximum = Less(a.Maximum, b.Maximum),
            BelowMaximum = Less(a.Maximum, b.Maximum) is { } most && ((a.Maximum == most && a.BelowMaximum) || (b.Maximum == most && b.BelowMaximum)),
            MultipleOf = b.MultipleOf ?? a.MultipleOf,
            MinLength = Greater(a.MinLength, b.MinLength),
            MaxLength = Less(a.MaxLength, b.MaxLength),
            Pattern = b.Pattern ?? a.Pattern,
            MinItems = Greater(a.MinItems, b.MinItems),
            MaxItems = Less(a.MaxItems, b.MaxItems),
            Items = a.Items is { } items && b.Items is { } more ? Both(items, more, multiply) : b.Items ?? a.Items,
            Properties = properties,
            Required = [.. a.Required.Union(b.Required)],
            Open = a.Properties.Count == 0 ? b.Open : b.Properties.Count == 0 ? a.Open : a.Open && b.Open,
            Choices = a.Choices.Count == 0 ? b.Choices : b.Choices.Count == 0 || !multiply ? a.Choices
                : [.. (from one in a.Choices from other in b.Choices select Both(one, other, multiply: false)).Take(MostChoices)],
        };
    }

    private static IEnumerable<string> Common(IReadOnlyList<string> a, IReadOnlyList<string> b) =>
        // A whole number is a number as well.
        a.Where(t => b.Contains(t) || (t == "integer" && b.Contains("number"))).Concat(b.Where(t => t == "integer" && a.Contains("number") && !a.Contains("integer")));

    private static T? Greater<T>(T? a, T? b)
        where T : struct, IComparable<T> => a is { } x && b is { } y ? (x.CompareTo(y) >= 0 ? x : y) : a ?? b;

    private static T? Less<T>(T? a, T? b)
        where T : struct, IComparable<T> => a is { } x && b is { } y ? (x.CompareTo(y) <= 0 ? x : y) : a ?? b;
}
