using System.Globalization;
using System.Text.Json.Nodes;
using PSImageGen.Core.Planning;

namespace PSImageGen.Core.Providers.OpenRouter;

/// <summary>Prices where OpenRouter's own lines say what a picture costs before it is made; wherever tokens are counted nobody knows.</summary>
internal static class OpenRouterPrices
{
    // The rule of the megapixels that go in is known up to this size.
    private const long SmallInput = 4_000_000;

    // No picture costs less: a smaller number is the price of a token.
    private const decimal LeastImage = 0.001m;

    // What else a chat may count.
    private static readonly string[] Counted = ["prompt", "completion", "request", "image_token"];

    /// <summary>Whether the row's price covers the pictures that go in.</summary>
    public static bool IsKnown(CallShape shape) => shape.Model.Price?.InputMegapixel is null
        || shape.Inputs.All(i => i.Image.Info is { } info && (long)info.Width * info.Height <= SmallInput);

    /// <summary>The price of a model of the Image API by the lines of all that serve it; which of them will is not known, so the dearest counts. Null when a line cannot be told apart.</summary>
    public static PriceRule? OfEndpoints(JsonNode? endpoints, ModelRow model)
    {
        PriceRule?[] rules = [.. (endpoints as JsonArray ?? []).Select(e => OfLines(Loose.Node(e, "pricing") as JsonArray, model))];
        return rules.Length == 0 ? null : rules.Aggregate(Dearer);
    }

    /// <summary>The price of a chat model by its <c>pricing</c>, whose values are texts. Null unless pictures are all that is counted.</summary>
    public static PriceRule? OfChat(JsonNode? pricing)
    {
        decimal? At(string name) => Loose.Text(pricing, name) is { } text && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal price) ? price : null;
        return At("image_output") is >= LeastImage and { } each && Counted.All(name => At(name) is null or 0)
            && Loose.Node(pricing, "overrides") is null or JsonArray { Count: 0 }
            ? new PriceRule { PerImage = each, InputImage = At("image") }
            : null;
    }

    // A line: billable output_image, input_image, input_reference, input_text or input_font; unit image, megapixel or token; cost_usd; perhaps a variant.
    private static PriceRule? OfLines(JsonArray? lines, ModelRow model)
    {
        if (lines is null)
            return null;
        PriceRule rule = new();
        foreach (JsonNode? line in lines)
        {
            if (Loose.Number(line, "cost_usd") is not { } cost || cost < 0)
                return null;
            string? variant = Loose.Text(line, "variant");
            switch (Loose.Text(line, "billable"), Loose.Text(line, "unit"))
            {
                case ("output_image", "image") when variant is null && rule.PerImage is null:
                    rule = rule with { PerImage = cost };
                    break;
                case ("output_image", "image") when variant is not null && model.Sizes?.Resolutions.Contains(variant) == true:
                    rule = rule with { ByResolution = new Dictionary<string, decimal>(rule.ByResolution ?? new Dictionary<string, decimal>()) { [variant] = cost } };
                    break;
                case ("output_image", "megapixel") when variant is null && rule.FirstMegapixel is null:
                    rule = rule with { FirstMegapixel = cost, NextMegapixel = cost };
                    break;
                case ("input_image" or "input_reference", "image") when variant is null && rule.InputImage is null:
                    rule = rule with { InputImage = cost };
                    break;
                case ("input_image" or "input_reference", "megapixel") when variant is null && rule.InputMegapixel is null:
                    rule = rule with { InputMegapixel = cost };
                    break;
                // Fonts are never sent.
                case ("input_font", _):
                case (not null, _) when cost == 0:
                    break;
                default:
                    return null;
            }
        }

        int kinds = (rule.PerImage is null ? 0 : 1) + (rule.ByResolution is null ? 0 : 1) + (rule.FirstMegapixel is null ? 0 : 1);
        return kinds == 1 && (rule.InputMegapixel is null || rule.FirstMegapixel is not null) ? rule : null;
    }

    private static PriceRule? Dearer(PriceRule? a, PriceRule? b)
    {
        if (a is null || b is null || a.PerImage is null != b.PerImage is null || a.FirstMegapixel is null != b.FirstMegapixel is null || a.ByResolution?.Count != b.ByResolution?.Count)
            return null;
        static decimal? Most(decimal? x, decimal? y) => x is null ? y : y is null ? x : Math.Max(x.Value, y.Value);
        return new PriceRule
        {
            PerImage = Most(a.PerImage, b.PerImage),
            ByResolution = a.ByResolution?.Keys.Where(b.ByResolution!.ContainsKey).ToDictionary(k => k, k => Math.Max(a.ByResolution[k], b.ByResolution![k])),
            FirstMegapixel = Most(a.FirstMegapixel, b.FirstMegapixel),
            NextMegapixel = Most(a.NextMegapixel, b.NextMegapixel),
            InputImage = Most(a.InputImage, b.InputImage),
            InputMegapixel = Most(a.InputMegapixel, b.InputMegapixel),
        };
    }
}
