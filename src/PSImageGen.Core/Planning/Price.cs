namespace PSImageGen.Core.Planning;

/// <summary>What one call costs.</summary>
/// <param name="Amount">For all pictures together; null when not known.</param>
/// <param name="AmountMax">The most to expect; null when not known.</param>
/// <param name="Currency"><c>USD</c> or <c>credits</c>.</param>
/// <param name="Note">What the amount leaves out or why it is a range; null when there is nothing to say.</param>
public sealed record Price(decimal? Amount, decimal? AmountMax, string Currency = "USD", string? Note = null)
{
    /// <summary>A price nobody knows.</summary>
    public static Price Unknown { get; } = new(null, null);

    /// <summary>A price by the catalogue's rule for the model.</summary>
    public static Price FromCatalogue(CallShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        PriceRule? rule = shape.Model.Price;
        if (rule is null)
            return Unknown;
        int count = shape.Request.Count;
        decimal inputs = shape.Inputs.Count * (rule.InputImage ?? 0);
        if (rule.PerImage is { } each)
            return new Price((each + inputs) * count, (each + inputs) * count, rule.Currency);
        if (rule.ByResolution is { } classes)
            return shape.Resolution is { } k && classes.TryGetValue(k, out decimal price) ? new Price((price + inputs) * count, (price + inputs) * count, rule.Currency) : Unknown;
        if (rule.Table is not null)
            return FromTable(shape, rule, count);
        if (rule.FirstMegapixel is { } first && Pixels(shape) is { } pixels)
        {
            decimal all = (Megapixels(rule, first, pixels, shape) + inputs) * count;
            string? note = shape.Size is null && shape.Resolution is null ? Words.Of("the size of a picture behind a link is counted as the largest there is")
                : rule.InputMegapixel is not null && shape.Inputs.Count > 0 ? Words.Of("each picture that goes in adds to the cost")
                : null;
            return new Price(all, all, rule.Currency, note);
        }

        return Unknown;
    }

    // A class of size has the pixels of its square, whatever the shape.
    private static long? Pixels(CallShape shape)
    {
        if (shape.Size is { } size)
            return size.Pixels;
        // A size that follows a picture behind a link is not known here: the largest then.
        if (shape.Model.Sizes is { MatchInput: not null, MaxPixels: < long.MaxValue and var most })
            return most;
        return shape.Resolution is [.. var number, 'K'] && long.TryParse(number, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out long k) ? k * k * 1024 * 1024 : null;
    }

    // Fractions of a megapixel are counted as whole ones: better a little too much in the question than too little.
    private static decimal Megapixels(PriceRule rule, decimal first, long pixels, CallShape shape)
    {
        decimal output = Math.Max(1, Math.Ceiling(pixels / 1_000_000m));
        decimal input = shape.Inputs.Sum(i => i.Image.Info is { } info ? Math.Min(4, Math.Max(1, Math.Ceiling((decimal)info.Width * info.Height / 1_000_000m))) : 4);
        return first + ((output - 1) * (rule.NextMegapixel ?? 0)) + (input * (rule.InputMegapixel ?? 0));
    }

    private static Price FromTable(CallShape shape, PriceRule rule, int count)
    {
        decimal? At(string quality) => rule.Table!.TryGetValue(quality, out IReadOnlyDictionary<string, decimal>? sizes)
            ? sizes.TryGetValue(shape.Size?.ToString() ?? "*", out decimal amount) || sizes.TryGetValue("*", out amount) ? amount : null
            : null;

        if (shape.Quality is { } quality && quality != "auto")
            return new Price(At(quality) * count, At(quality) * count, rule.Currency);

        // The model chooses the quality: the middle one is likely, the best is possible.
        decimal[] all = [.. rule.Table!.Keys.Select(At).OfType<decimal>().Order()];
        return all.Length == 0 ? Unknown : new Price(all[all.Length / 2] * count, all[^1] * count, rule.Currency, Words.Of("the model chooses the quality; -Quality fixes the price"));
    }
}
