using System.Globalization;
using PSImageGen.Core.Requests;

namespace PSImageGen.Core.Planning;

/// <summary>Which sizes a model makes: a list, a range of pixels, or ratios only.</summary>
public sealed record SizeRule
{
    private const int OneK = 1024;

    /// <summary>The only sizes there are.</summary>
    public IReadOnlyList<string> List { get; init; } = [];

    /// <summary>Both sides must be multiples of this; 0 where sides cannot be chosen.</summary>
    public int MultipleOf { get; init; }

    /// <summary>Sizes chosen here for a shape or a class of size are multiples of this, where the model does better so; null for <see cref="MultipleOf"/>.</summary>
    public int? Step { get; init; }

    /// <summary>The shortest side.</summary>
    public int MinSide { get; init; } = 1;

    /// <summary>The longest side.</summary>
    public int MaxSide { get; init; } = int.MaxValue;

    /// <summary>The fewest pixels.</summary>
    public long MinPixels { get; init; }

    /// <summary>The most pixels.</summary>
    public long MaxPixels { get; init; } = long.MaxValue;

    /// <summary>The greatest ratio of long to short side.</summary>
    public double MaxRatio { get; init; } = double.MaxValue;

    /// <summary>Where classes of size are chosen instead of pixels: <c>1K</c>, <c>2K</c> …</summary>
    public IReadOnlyList<string> Resolutions { get; init; } = [];

    /// <summary>Where shapes are chosen from a list: <c>16:9</c> …</summary>
    public IReadOnlyList<string> Ratios { get; init; } = [];

    /// <summary>Where only a ratio can be chosen: the greatest ratio of long to short side. The pixels are the model's choice.</summary>
    public double? RatioOnly { get; init; }

    /// <summary>The vendor's word for "the shape of the picture that goes in", empty to say nothing; null where the shape must be said.</summary>
    public string? MatchInput { get; init; }

    /// <summary>Whether the shape of the picture that goes in is always followed, so that no other can be asked for.</summary>
    public bool FollowsInput { get; init; }

    /// <summary>The size or class of size when none is asked for; by default a square of about one megapixel, or 2K.</summary>
    public string? Default { get; init; }

    /// <summary>What will be asked of the model for a wish.</summary>
    /// <param name="provider">Who is asked.</param>
    /// <param name="model">Which model.</param>
    /// <param name="request">The wish.</param>
    /// <param name="follows">Whether a picture goes in whose shape is followed unless another is asked for.</param>
    /// <param name="source">Its size, where known.</param>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>: the model has no choice of what is wished.</exception>
    public ChosenSize Choose(string provider, ModelRow model, ImageRequest request, bool follows = false, ImageSize? source = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (follows && FollowsInput && (request.AspectRatio?.ToString() ?? request.Size?.ToString()) is { } other)
            throw Errors.NotOffered(provider, model, request.AspectRatio is null ? "Size" : "AspectRatio", other, [Words.Of("only the shape of the picture that goes in")]);
        follows &= request.Size is null && request.AspectRatio is null;
        ChosenSize chosen = ChooseShape(provider, model, request, follows, source);
        return follows && source is null && chosen.Ratio is { } ratio && chosen.Note is null
            ? chosen with { Note = Words.Of($"the shape behind a link is not known here: the result will be {ratio}; -AspectRatio chooses another") }
            : chosen;
    }

    /// <summary>Whether the model makes exactly this size.</summary>
    public bool Allows(ImageSize size)
    {
        if (List.Count > 0)
            return List.Contains(size.ToString(), StringComparer.Ordinal);
        int shorter = Math.Min(size.Width, size.Height), longer = Math.Max(size.Width, size.Height);
        return MultipleOf > 0 && size.Width % MultipleOf == 0 && size.Height % MultipleOf == 0
            && shorter >= MinSide && longer <= MaxSide && size.Pixels >= MinPixels && size.Pixels <= MaxPixels && (double)longer / shorter <= MaxRatio + 1e-9;
    }

    /// <summary>The allowed size nearest to a wish: first its shape counts, then its area; null when there is none.</summary>
    /// <param name="wish">The wish.</param>
    /// <param name="holding">Whether the wish must fit into it.</param>
    public ImageSize? Nearest(ImageSize wish, bool holding = false)
    {
        IEnumerable<ImageSize> candidates = List.Count > 0
            ? List.Select(t => ImageSize.TryParse(t, out ImageSize s) ? s : default).Where(s => s.Width > 0)
            : Grid(wish);
        ImageSize? best = null;
        double bestScore = double.MaxValue;
        foreach (ImageSize s in candidates.Where(s => !holding || (s.Width >= wish.Width && s.Height >= wish.Height)))
        {
            double score = (4 * Math.Abs(Math.Log(s.Ratio / wish.Ratio))) + Math.Abs(Math.Log((double)s.Pixels / wish.Pixels));
            if (score < bestScore)
                (best, bestScore) = (s, score);
        }

        return best;
    }

    /// <summary>The rule in words, to follow "It makes".</summary>
    public override string ToString()
    {
        if (List.Count > 0)
            return Words.List(List);
        List<string> parts = [MultipleOf == 1 ? Words.Of("any width and height") : Words.Of($"widths and heights in steps of {MultipleOf} pixels")];
        if (MinSide > 1 || MaxSide < int.MaxValue)
            parts.Add(MaxSide < int.MaxValue ? Words.Of($"from {Math.Max(MinSide, MultipleOf)} to {MaxSide} a side") : Words.Of($"at least {MinSide} a side"));
        if (MinPixels > 0)
            parts.Add(Words.Of($"at least {MinPixels} pixels in all"));
        if (MaxPixels < long.MaxValue)
            parts.Add(Words.Of($"at most {MaxPixels} pixels in all"));
        if (MaxRatio < double.MaxValue)
            parts.Add(Words.Of($"no longer than {MaxRatio:0.##}:1"));
        return Words.List(parts);
    }

    /// <summary>The whole rule in words, with what comes when nothing is asked for.</summary>
    public string Describe()
    {
        if (RatioOnly is { } most)
            return Words.Of($"any shape up to {most:0.##}:1; the model chooses the pixels");
        if (Resolutions.Count == 0 && Ratios.Count == 0)
            return Default is null ? ToString() : Words.Of($"{ToString()}; {Default} unless told otherwise");
        string classes = Words.ListOr(Resolutions), shapes = Words.List(Ratios);
        return (Resolutions.Count, Ratios.Count) switch
        {
            (0, _) => Words.Of($"the shapes {shapes}"),
            (1, 0) => classes,
            (1, _) => Words.Of($"{classes} in the shapes {shapes}"),
            (_, 0) => Words.Of($"{classes}; {UsualResolution} unless told otherwise"),
            _ => Words.Of($"{classes} in the shapes {shapes}; {UsualResolution} unless told otherwise"),
        };
    }

    // At vendors that count in classes of size, 2K where there is one.
    private string? UsualResolution => Resolutions.Count == 0 ? null : Default ?? (Resolutions.Contains("2K") ? "2K" : Resolutions[0]);

    private ChosenSize ChooseShape(string provider, ModelRow model, ImageRequest request, bool follows, ImageSize? source)
    {
        if (Resolutions.Count > 0 || Ratios.Count > 0)
            return ChooseClass(request, follows, source);
        if (RatioOnly is { } most)
            return ChooseRatio(request, most, follows, source);
        if (follows && source is { } from && request.Resolution is null)
            return Follow(model, request, from) ?? throw Errors.SizeNotOffered(provider, model, from, ToString());

        if (request.Size is { } wished)
        {
            ImageSize made = Allows(wished) ? wished : NearestFor(request, wished) ?? throw Errors.SizeNotOffered(provider, model, wished, ToString());
            return new ChosenSize(made, AspectRatio.Of(made), made == wished ? null : Words.Of($"the model's nearest size to {wished} is {made}"));
        }

        // Its size is not known here, but there it will be.
        if (follows && source is null && request.Resolution is null && MatchInput is not null)
            return new ChosenSize(null, null, null) { RatioWord = MatchInput.Length > 0 ? MatchInput : null };

        if (request.AspectRatio is null && request.Resolution is null && ImageSize.TryParse(Default, out ImageSize standard))
            return new ChosenSize(standard, AspectRatio.Of(standard), null);

        AspectRatio ratio = request.AspectRatio ?? (follows && source is { } shape ? AspectRatio.Of(shape) : AspectRatio.Square);
        // A model that is at home below a megapixel stays there.
        long usual = ImageSize.TryParse(Default, out ImageSize home) ? Math.Min(home.Pixels, OneK * OneK) : OneK * OneK;
        long pixels = request.Resolution is { } k ? PixelsOf(k) : usual;
        ImageSize size = (this with { MultipleOf = Step ?? MultipleOf }).NearestFor(request, ratio.Sized(pixels)) ?? throw Errors.NotOffered(provider, model, "AspectRatio", ratio.ToString(), []);

        // Rounding to whole steps is no news; another shape or another class of size is.
        bool sameShape = Math.Abs(Math.Log(size.Ratio / ratio.Value)) < 0.02;
        bool sameClass = request.Resolution is null || Math.Abs(Math.Log((double)size.Pixels / pixels)) < 0.25;
        string? note = sameShape && sameClass ? null : Words.Of($"the model's nearest size to {Wish(request)} is {size}");
        return new ChosenSize(size, request.AspectRatio is not null && sameShape ? ratio : AspectRatio.Of(size), note);
    }

    /// <summary>How many pixels a class of size has, in thousands of pixels a side.</summary>
    internal static long PixelsOf(double k) => (long)(OneK * OneK * k * k);

    private static string Wish(ImageRequest request) =>
        string.Join(" ", new[] { request.AspectRatio?.ToString(), request.Resolution is { } k ? $"{k}K" : null }.Where(t => t is not null));

    /// <summary>The nearest size for a request. What is brought to its size here is better made too large than too small, where the model can.</summary>
    internal ImageSize? NearestFor(ImageRequest request, ImageSize wish) => (request.ExactSize ? Nearest(wish, holding: true) : null) ?? Nearest(wish);

    // The size of the picture that goes in, or the nearest there is.
    private ChosenSize? Follow(ModelRow model, ImageRequest request, ImageSize from)
    {
        if ((Allows(from) ? from : NearestFor(request, from)) is not { } size)
            return null;
        bool sameShape = Math.Abs(Math.Log(size.Ratio / from.Ratio)) < 0.02;
        return new ChosenSize(size, AspectRatio.Of(size), sameShape ? null : Words.Of($"the nearest size {model.Id} makes to the picture's {from} is {size}"));
    }

    private ChosenSize ChooseClass(ImageRequest request, bool follows, ImageSize? source)
    {
        AspectRatio wish = Shape(request, follows, source);
        AspectRatio ratio = Ratios.Count == 0
            ? wish
            : Ratios.Select(t => AspectRatio.TryParse(t, out AspectRatio r) ? r : AspectRatio.Square).MinBy(r => Math.Abs(Math.Log(r.Value / wish.Value)));
        string? resolution = ClassFor(request, ratio) ?? UsualResolution;
        string? note = request.Resolution is { } k && resolution != $"{k}K" ? NoSuchClass(k, resolution) : null;
        if (follows && MatchInput is not null)
            return new ChosenSize(null, null, note) { Resolution = resolution, RatioWord = MatchInput.Length > 0 ? MatchInput : null };

        string? other = follows && source is null ? Words.Of($"the shape of a picture behind a link is not known here, so {ratio} is asked for; -AspectRatio asks for another")
            : request.Size is { } size ? NoPixels(size, resolution is null ? $"{ratio}" : Words.Of($"{ratio} in {resolution}"))
            : Math.Abs(Math.Log(ratio.Value / wish.Value)) < 0.02 ? null
            : Words.Of($"the model's nearest shape to {wish} is {ratio}");
        return new ChosenSize(null, ratio, note is not null && other is not null ? Words.Of($"{note}; {other}") : note ?? other) { Resolution = resolution };
    }

    private ChosenSize ChooseRatio(ImageRequest request, double most, bool follows, ImageSize? source)
    {
        string? note = request.Resolution is { } k ? NoSuchClass(k, null) : null;
        if (follows && MatchInput is not null)
            return new ChosenSize(null, null, note) { RatioWord = MatchInput.Length > 0 ? MatchInput : null };
        AspectRatio wish = Shape(request, follows, source);
        AspectRatio ratio = wish.Within(most);
        string? other = request.Size is { } size ? NoPixels(size, $"{ratio}") : ratio == wish ? null : Words.Of($"the model's nearest shape to {wish} is {ratio}");
        return new ChosenSize(null, ratio, note is not null && other is not null ? Words.Of($"{note}; {other}") : note ?? other);
    }

    private static AspectRatio Shape(ImageRequest request, bool follows, ImageSize? source) =>
        request.AspectRatio ?? (request.Size is { } size ? AspectRatio.Near(size) : follows && source is { } from ? AspectRatio.Of(from) : AspectRatio.Square);

    private static string NoPixels(ImageSize size, string asked) => Words.Of($"the model is not asked for pixels: {asked} is the nearest to {size}");

    private static string NoSuchClass(int k, string? resolution) =>
        resolution is null ? Words.Of($"the model has no choice of resolution: {k}K cannot be asked for") : Words.Of($"the model's nearest resolution to {k}K is {resolution}");

    // The nearest class of size, by area; where the result is cut to its size here, the least that holds it. Null when none is wished.
    private string? ClassFor(ImageRequest request, AspectRatio ratio)
    {
        if ((request.Resolution is { } k ? PixelsOf(k) : request.Size?.Pixels) is not { } wish)
            return null;
        // A class is named after its side in round numbers.
        bool Holds(long pixels) => request.Size is not { } size ? pixels >= wish
            : ratio.Sized(pixels) is var made && made.Width >= size.Width * 0.98 && made.Height >= size.Height * 0.98;
        return Resolutions
            .Select(name => (Name: name, Pixels: double.TryParse(name.TrimEnd('K', 'k'), NumberStyles.Float, CultureInfo.InvariantCulture, out double side) ? PixelsOf(side) : 0))
            .Where(c => c.Pixels > 0)
            .OrderBy(c => request.ExactSize && !Holds(c.Pixels)).ThenBy(c => Math.Abs(Math.Log((double)c.Pixels / wish)))
            .Select(c => c.Name).FirstOrDefault();
    }

    // All allowed sizes near the wish's shape: each width on the grid with the heights around its ratio.
    private IEnumerable<ImageSize> Grid(ImageSize wish)
    {
        if (MultipleOf <= 0)
            yield break;
        long most = Math.Min(MaxPixels, Math.Max(wish.Pixels * 4, MinPixels * 2));
        double widest = Math.Max(Math.Sqrt(most * Math.Max(wish.Ratio, 1) * 2), MinSide * Math.Max(wish.Ratio, 1));
        int limit = (int)Math.Min(MaxSide, widest + MultipleOf);
        for (int width = Math.Max(MultipleOf, RoundUp(MinSide)); width <= limit; width += MultipleOf)
        {
            int middle = (int)Math.Round(width / wish.Ratio / MultipleOf) * MultipleOf;
            foreach (int height in new[] { middle - MultipleOf, middle, middle + MultipleOf, Clamp(width / MaxRatio, up: true), Clamp(width * MaxRatio, up: false) })
            {
                ImageSize size = new(width, height);
                if (height > 0 && Allows(size))
                    yield return size;
            }
        }
    }

    private int RoundUp(int side) => (side + MultipleOf - 1) / MultipleOf * MultipleOf;

    private int Clamp(double side, bool up)
    {
        double steps = side / MultipleOf;
        return steps > 100_000 ? 0 : (int)(up ? Math.Ceiling(steps) : Math.Floor(steps)) * MultipleOf;
    }
}

/// <summary>What is asked of the model.</summary>
/// <param name="Size">The pixels; null where the model takes only a ratio.</param>
/// <param name="Ratio">The ratio; null where it follows the picture that goes in.</param>
/// <param name="Note">What differs from the wish, to be said before paying; null when nothing does.</param>
public sealed record ChosenSize(ImageSize? Size, AspectRatio? Ratio, string? Note)
{
    /// <summary>The vendor's word for "the shape of the picture that goes in", where that is asked for.</summary>
    public string? RatioWord { get; init; }

    /// <summary>The class of size, where the model takes one.</summary>
    public string? Resolution { get; init; }
}
