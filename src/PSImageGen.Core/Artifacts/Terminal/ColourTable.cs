using PSImageGen.Core.Artifacts.Pixels;

namespace PSImageGen.Core.Artifacts.Terminal;

/// <summary>A picture in few colours, for terminals that know no more.</summary>
internal sealed class ColourTable
{
    /// <summary>The place of pixels that are not drawn.</summary>
    public const int Transparent = -1;

    private const int Most = 256;

    private ColourTable(IReadOnlyList<(int R, int G, int B)> colours, int[] pixels)
    {
        Colours = colours;
        Pixels = pixels;
    }

    /// <summary>The colours, 256 at most, 0 to 255 each.</summary>
    public IReadOnlyList<(int R, int G, int B)> Colours { get; }

    /// <summary>For each pixel the place of its colour, or <see cref="Transparent"/>.</summary>
    public int[] Pixels { get; }

    /// <summary>
    /// Finds the colours by median cut, and spreads what each pixel is off over its neighbours (Floyd and Steinberg). A picture that has
    /// no more colours than that keeps them. Pixels that are more than half transparent are not drawn.
    /// </summary>
    public static ColourTable Of(PixelImage image) => Exact(image) ?? Reduced(image);

    private static ColourTable? Exact(PixelImage image)
    {
        Dictionary<int, int> places = [];
        int[] pixels = new int[image.Width * image.Height];
        for (int i = 0; i < pixels.Length; i++)
        {
            ReadOnlySpan<byte> p = image.Rgba.AsSpan(i * 4, 4);
            if (p[3] < 128)
            {
                pixels[i] = Transparent;
                continue;
            }

            int colour = (p[0] << 16) | (p[1] << 8) | p[2];
            if (!places.TryGetValue(colour, out int place))
            {
                if (places.Count == Most)
                    return null;
                places[colour] = place = places.Count;
            }

            pixels[i] = place;
        }

        return new ColourTable([.. places.OrderBy(p => p.Value).Select(p => (p.Key >> 16, (p.Key >> 8) & 255, p.Key & 255))], pixels);
    }

    private static ColourTable Reduced(PixelImage image)
    {
        (int R, int G, int B)[] colours = [.. Cut(Histogram(image)).Select(b => b.Average)];
        int[] nearest = new int[1 << 15];
        Array.Fill(nearest, -1);
        int[] pixels = new int[image.Width * image.Height];
        // One pixel more on both sides spares the edges their cases.
        int[] below = new int[(image.Width + 2) * 3], here = new int[below.Length];
        for (int y = 0; y < image.Height; y++)
        {
            (here, below) = (below, here);
            Array.Clear(below);
            for (int x = 0; x < image.Width; x++)
            {
                int at = (y * image.Width) + x, error = (x + 1) * 3;
                ReadOnlySpan<byte> p = image.Rgba.AsSpan(at * 4, 4);
                if (p[3] < 128)
                {
                    pixels[at] = Transparent;
                    continue;
                }

                int r = Byte(p[0] + (here[error] / 16)), g = Byte(p[1] + (here[error + 1] / 16)), b = Byte(p[2] + (here[error + 2] / 16));
                int key = Key(r, g, b);
                int place = nearest[key] >= 0 ? nearest[key] : nearest[key] = Nearest(colours, r, g, b);
                pixels[at] = place;
                Spread(r - colours[place].R, here, below, error);
                Spread(g - colours[place].G, here, below, error + 1);
                Spread(b - colours[place].B, here, below, error + 2);
            }
        }

        return new ColourTable(colours, pixels);
    }

    private static void Spread(int off, int[] here, int[] below, int at)
    {
        here[at + 3] += off * 7;
        below[at - 3] += off * 3;
        below[at] += off * 5;
        below[at + 3] += off;
    }

    private static int Byte(int value) => Math.Clamp(value, 0, 255);

    private static int Key(int r, int g, int b) => ((r >> 3) << 10) | ((g >> 3) << 5) | (b >> 3);

    private static int Nearest((int R, int G, int B)[] colours, int r, int g, int b)
    {
        (int best, int least) = (0, int.MaxValue);
        for (int i = 0; i < colours.Length; i++)
        {
            int dr = colours[i].R - r, dg = colours[i].G - g, db = colours[i].B - b;
            // The eye sees green best and blue least.
            int distance = (dr * dr * 3) + (dg * dg * 6) + (db * db);
            if (distance < least)
                (best, least) = (i, distance);
        }

        return best;
    }

    private static List<Bin> Histogram(PixelImage image)
    {
        Bin?[] bins = new Bin?[1 << 15];
        for (int i = 0; i < image.Rgba.Length; i += 4)
        {
            ReadOnlySpan<byte> p = image.Rgba.AsSpan(i, 4);
            if (p[3] >= 128)
                (bins[Key(p[0], p[1], p[2])] ??= new Bin()).Add(p);
        }

        return [.. bins.OfType<Bin>()];
    }

    // The box with the most pixels times its widest side is cut at the middle of its pixels, until there are enough.
    private static List<Box> Cut(List<Bin> bins)
    {
        List<Box> boxes = [new Box(bins)];
        while (boxes.Count < Most && boxes.Where(b => b.Bins.Count > 1).MaxBy(b => b.Weight) is { } largest)
        {
            boxes.Remove(largest);
            boxes.AddRange(largest.Halves());
        }

        return boxes;
    }

    private sealed class Bin
    {
        private long _r, _g, _b;

        public int Count { get; private set; }

        public (int R, int G, int B) Average => ((int)(_r / Count), (int)(_g / Count), (int)(_b / Count));

        public (long R, long G, long B) Sum => (_r, _g, _b);

        public void Add(ReadOnlySpan<byte> pixel)
        {
            Count++;
            _r += pixel[0];
            _g += pixel[1];
            _b += pixel[2];
        }
    }

    private sealed class Box
    {
        private readonly Func<Bin, int> _axis;

        public Box(List<Bin> bins)
        {
            Bins = bins;
            Count = bins.Sum(b => (long)b.Count);
            (Func<Bin, int> Axis, int Length) widest = new Func<Bin, int>[] { b => b.Average.R, b => b.Average.G, b => b.Average.B }
                .Select(axis => (axis, bins.Max(axis) - bins.Min(axis))).MaxBy(a => a.Item2);
            _axis = widest.Axis;
            Weight = Count * widest.Length;
        }

        public List<Bin> Bins { get; }

        public long Weight { get; }

        public (int R, int G, int B) Average => ((int)(Bins.Sum(b => b.Sum.R) / Count), (int)(Bins.Sum(b => b.Sum.G) / Count), (int)(Bins.Sum(b => b.Sum.B) / Count));

        private long Count { get; }

        public IEnumerable<Box> Halves()
        {
            Bin[] sorted = [.. Bins.OrderBy(_axis)];
            int middle = 1;
            for (long pixels = sorted[0].Count; middle < sorted.Length - 1 && pixels < Count / 2; middle++)
                pixels += sorted[middle].Count;
            return [new Box([.. sorted[..middle]]), new Box([.. sorted[middle..]])];
        }
    }
}
