using System.Text.Json.Nodes;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Requests;

namespace PSImageGen.Core.Providers.OpenAI;

/// <summary>What OpenAI's pictures cost: in tokens, of which the user need know nothing.</summary>
internal static class OpenAIPrice
{
    private const decimal Million = 1_000_000m;

    // What each partial picture adds to the output.
    private const int PartialTokens = 100;

    /// <summary>The estimate before the call.</summary>
    public static Price Of(CallShape shape)
    {
        PriceRule? rule = shape.Model.Price;
        Price pictures = rule is { TokenFormula: true, Tokens: { } rates } && shape.Size is { } size ? ByFormula(shape, size, rates) : Price.FromCatalogue(shape);
        int count = shape.Request.Count;
        TokenRates? tokens = rule?.Tokens;

        // A long prompt and references cost too; a short prompt costs less than a tenth of a cent and would only blur the question.
        decimal text = System.Text.Encoding.UTF8.GetByteCount(shape.Prompt) / 3m * (tokens?.TextIn ?? 0) / Million;
        decimal references = shape.Inputs.Count * TokensOf(shape, tokens) * (tokens?.ImageIn ?? 0) / Million;
        decimal inputs = Math.Round((text + references) * count, 4);
        if (inputs >= 0.001m)
            pictures = With(pictures, inputs, references > 0 ? Words.Of("each picture that goes in adds to the cost") : Words.Of("a prompt this long adds to the cost"));
        return shape.Partials == 0 ? pictures
            : With(pictures, Math.Round(shape.Partials * PartialTokens * (tokens?.ImageOut ?? 0) / Million * count, 4), Words.Of("each partial picture adds to the cost"));
    }

    /// <summary>The cost by the vendor's own count.</summary>
    public static Cost? FromUsage(ModelRow model, JsonNode? usage)
    {
        if (model.Price?.Tokens is not { } rates || usage is not JsonObject count)
            return null;
        decimal? output = Number(count["output_tokens"]);
        if (output is null)
            return null;
        decimal? images = Number(count["input_tokens_details"]?["image_tokens"]);
        decimal? text = Number(count["input_tokens_details"]?["text_tokens"]) ?? Number(count["input_tokens"]) - (images ?? 0);
        decimal amount = (((text ?? 0) * rates.TextIn) + ((images ?? 0) * rates.ImageIn) + (output.Value * rates.ImageOut)) / Million;
        return new Cost { Amount = Math.Round(amount, 6), Currency = "USD", Source = "usage" };
    }

    private static int TokensOf(CallShape shape, TokenRates? tokens) =>
        (shape.Request.ConsistencyMode == ConsistencyMode.Strict ? tokens?.PictureInStrict : null) ?? tokens?.PictureIn ?? 0;

    // Where the price is not known, that something adds to it is worth knowing all the same.
    private static Price With(Price price, decimal extra, string note) => price with
    {
        Amount = price.Amount + extra,
        AmountMax = price.AmountMax + extra,
        Note = price.Note is null ? note : Words.Of($"{price.Note}; {note}"),
    };

    // Worked out by OpenAI's users (forum, 2026-06-05); it matches the published table and real bills.
    private static Price ByFormula(CallShape shape, ImageSize size, TokenRates rates)
    {
        decimal Each(int factor)
        {
            int longer = Math.Max(size.Width, size.Height), shorter = Math.Min(size.Width, size.Height);
            decimal steps = Math.Floor(((decimal)factor * shorter / longer) + 0.5m);
            decimal tokens = Math.Ceiling(factor * steps * (2_000_000m + size.Pixels) / 4_000_000m);
            return Math.Round(tokens * rates.ImageOut / Million, 3, MidpointRounding.AwayFromZero);
        }

        int count = shape.Request.Count;
        return shape.Quality switch
        {
            "low" => new Price(Each(16) * count, Each(16) * count),
            "medium" => new Price(Each(48) * count, Each(48) * count),
            "high" => new Price(Each(96) * count, Each(96) * count),
            _ => new Price(Each(48) * count, Each(96) * count, Note: Words.Of("the model chooses the quality; -Quality low, medium or high fixes the price")),
        };
    }

    private static decimal? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue(out decimal number) ? number : null;
}
