using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PSImageGen.Core.OpenApi;

/// <summary>Whether a value fits a schema, and if not, what it must be, in words. What the schema does not list is refused, because it would be sent for nothing or be billed.</summary>
internal static class SchemaCheck
{
    private static readonly TimeSpan PatternTime = TimeSpan.FromMilliseconds(200);

    /// <summary>What a value must be, to follow "it must be"; null when it fits.</summary>
    public static string? Fault(ApiSchema schema, JsonNode? value)
    {
        if (value is null)
            return schema.IsNullable || schema.Variants.Any(v => v.Types.Count == 0 && v.Values.Count == 0) ? null : Describe(schema);
        if (schema.Choices.Count > 0)
            return schema.Variants.Any(v => Fault(v, value) is null) ? null : Describe(schema);
        if (schema.Values.Count > 0 && !schema.Values.Any(v => Equal(v, value)))
            return Describe(schema);
        if (schema.Types.Count > 0 && !schema.Types.Any(t => Is(value, t)))
            return Describe(schema);
        return value switch
        {
            JsonObject members => Members(schema, members),
            JsonArray items => List(schema, items),
            JsonValue number when number.GetValueKind() == JsonValueKind.Number => NumberFits(schema, Number(number)) ? null : Describe(schema),
            JsonValue text when text.GetValueKind() == JsonValueKind.String => TextFits(schema, text.ToString()) ? null : Describe(schema),
            _ => null,
        };
    }

    /// <summary>What a schema takes, in words.</summary>
    public static string Describe(ApiSchema schema)
    {
        if (schema.AllowedValues is { Count: > 0 } allowed)
            return Words.Of($"one of {Words.List(allowed.Select(v => v.ToString()))}");
        if (schema.Choices.Count > 0)
            return Words.ListOr(schema.Variants.Where(v => v.Types is not ["null"]).Select(Describe).Distinct());
        string? type = schema.Types.FirstOrDefault(t => t != "null");
        return type switch
        {
            "integer" or "number" => Number(schema, type),
            "string" when schema.MaxLength is { } most => Words.Of($"text of {schema.MinLength ?? 0} to {most} characters"),
            "string" when schema.Pattern is { } pattern => Words.Of($"text that looks like {Wire.PlainText.Clean(pattern, 80)}"),
            "string" => Words.Of("text"),
            "boolean" => Words.Of("true or false"),
            "array" when schema.MaxItems is { } most => Words.Of($"a list of {schema.MinItems ?? 0} to {most}, each {Describe(schema.Items ?? ApiSchema.Anything)}"),
            "array" => Words.Of($"a list, each {Describe(schema.Items ?? ApiSchema.Anything)}"),
            "object" when schema.Properties.Count > 0 => Words.Of($"a hashtable with {Words.List(schema.Properties.Keys)}"),
            "object" => Words.Of("a hashtable"),
            _ => Words.Of("anything"),
        };
    }

    // Documents write 64.0 where they mean 64.
    private static string Plain(decimal number) => number.ToString("0.##########", CultureInfo.InvariantCulture);

    private static string Number(ApiSchema schema, string type)
    {
        string kind = type == "integer" ? Words.Of("a whole number") : Words.Of("a number");
        string span = (schema.Minimum, schema.Maximum) switch
        {
            ({ } least, { } most) => Words.Of($"{kind} from {Plain(least)} to {Plain(most)}"),
            ({ } least, null) => Words.Of($"{kind} from {Plain(least)} up"),
            (null, { } most) => Words.Of($"{kind} up to {Plain(most)}"),
            _ => kind,
        };
        return schema.MultipleOf is { } step && step != 1 ? Words.Of($"{span} in steps of {Plain(step)}") : span;
    }

    private static string? Members(ApiSchema schema, JsonObject members)
    {
        if (schema.Required.FirstOrDefault(n => !members.ContainsKey(n)) is { } missing)
            return Words.Of($"a hashtable with {missing}");
        foreach ((string name, JsonNode? value) in members)
        {
            if (!schema.Properties.TryGetValue(name, out ApiSchema? property))
            {
                if (!schema.Open && schema.Properties.Count > 0)
                    return Describe(schema);
                continue;
            }

            if (Fault(property, value) is { } fault)
                return Words.Of($"a hashtable whose {name} is {fault}");
        }

        return null;
    }

    private static string? List(ApiSchema schema, JsonArray items)
    {
        if (items.Count < schema.MinItems || items.Count > schema.MaxItems)
            return Describe(schema);
        return schema.Items is { } each && items.Any(i => Fault(each, i) is not null) ? Describe(schema) : null;
    }

    private static bool NumberFits(ApiSchema schema, decimal number) =>
        (schema.Minimum is not { } least || (schema.AboveMinimum ? number > least : number >= least))
        && (schema.Maximum is not { } most || (schema.BelowMaximum ? number < most : number <= most))
        && (schema.MultipleOf is not { } step || number % step == 0);

    private static bool TextFits(ApiSchema schema, string text)
    {
        int length = text.EnumerateRunes().Count();
        return !(length < schema.MinLength) && !(length > schema.MaxLength) && (schema.Pattern is not { } pattern || Matches(pattern, text));
    }

    // A pattern is written by somebody else: one that takes for ever, or is none, says nothing.
    private static bool Matches(string pattern, string text)
    {
        try
        {
            return Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant, PatternTime);
        }
        catch (Exception e) when (e is ArgumentException or RegexMatchTimeoutException)
        {
            return true;
        }
    }

    private static bool Is(JsonNode value, string type) => (type, value.GetValueKind()) switch
    {
        ("string", JsonValueKind.String) or ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("number", JsonValueKind.Number) => true,
        ("integer", JsonValueKind.Number) => Number((JsonValue)value) is var number && decimal.Truncate(number) == number,
        _ => false,
    };

    private static bool Equal(JsonNode? allowed, JsonNode value) =>
        JsonNode.DeepEquals(allowed, value)
        || (allowed?.GetValueKind() == JsonValueKind.Number && value.GetValueKind() == JsonValueKind.Number && Number((JsonValue)allowed) == Number((JsonValue)value));

    // What no decimal holds is not within any bounds that a vendor would write.
    private static decimal Number(JsonValue value) =>
        decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) ? number : decimal.MaxValue;
}
