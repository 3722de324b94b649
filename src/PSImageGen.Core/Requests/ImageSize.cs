using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace PSImageGen.Core.Requests;

/// <summary>Width and height in pixels.</summary>
public readonly record struct ImageSize(int Width, int Height)
{
    /// <summary>The number of pixels.</summary>
    public long Pixels => (long)Width * Height;

    /// <summary>Width over height.</summary>
    public double Ratio => (double)Width / Height;

    /// <summary>Reads <c>1536x1024</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ImageSize size)
    {
        size = default;
        string[] parts = (text ?? string.Empty).Split('x', 'X');
        if (parts.Length != 2 || !TryPositive(parts[0], out int width) || !TryPositive(parts[1], out int height))
            return false;
        size = new ImageSize(width, height);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Width}x{Height}");

    private static bool TryPositive(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value > 0;
}

/// <summary>A ratio of width to height in whole numbers, as the user wrote it.</summary>
public readonly record struct AspectRatio(int Width, int Height)
{
    /// <summary>One to one: the default.</summary>
    public static AspectRatio Square { get; } = new(1, 1);

    /// <summary>Width over height.</summary>
    public double Value => (double)Width / Height;

    /// <summary>Reads <c>16:9</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out AspectRatio ratio)
    {
        ratio = default;
        string[] parts = (text ?? string.Empty).Split(':');
        if (parts.Length != 2
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int width) || width is < 1 or > 1000
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int height) || height is < 1 or > 1000)
            return false;
        ratio = new AspectRatio(width, height);
        return true;
    }

    /// <summary>The ratio in the smallest numbers that differ from a size by less than half a hundredth: 1820x1024 is 16:9.</summary>
    public static AspectRatio Near(ImageSize size)
    {
        double longer = Math.Max(size.Ratio, 1 / size.Ratio);
        for (int side = 1; side <= 50; side++)
        {
            int other = (int)Math.Min(1000, Math.Round(side * longer));
            if (Math.Abs(Math.Log((double)other / side / longer)) < 0.005)
                return size.Ratio >= 1 ? new AspectRatio(other, side) : new AspectRatio(side, other);
        }

        return Of(size);
    }

    /// <summary>The same, or the longest that is no longer than so many to one.</summary>
    public AspectRatio Within(double most)
    {
        if (Value <= most + 1e-9 && Value >= (1 / most) - 1e-9)
            return this;
        int side = Enumerable.Range(1, 20).MinBy(s => most - (Math.Floor((most * s) + 1e-6) / s));
        int other = (int)Math.Floor((most * side) + 1e-6);
        return Value > 1 ? new AspectRatio(other, side) : new AspectRatio(side, other);
    }

    /// <summary>The size of this ratio that has about so many pixels.</summary>
    public ImageSize Sized(long pixels)
    {
        double height = Math.Sqrt(pixels / Value);
        return new ImageSize(Math.Max(1, (int)Math.Round(height * Value)), Math.Max(1, (int)Math.Round(height)));
    }

    /// <summary>The largest size of this ratio inside another: itself, where no whole pixel is too much.</summary>
    public ImageSize Inside(ImageSize size) =>
        Math.Abs(size.Height - (size.Width / Value)) <= 0.5 || Math.Abs(size.Width - (size.Height * Value)) <= 0.5 ? size
        : size.Ratio > Value ? size with { Width = Math.Max(1, (int)Math.Round(size.Height * Value)) }
        : size with { Height = Math.Max(1, (int)Math.Round(size.Width / Value)) };

    /// <summary>The ratio of a size in lowest terms.</summary>
    public static AspectRatio Of(ImageSize size)
    {
        int a = size.Width, b = size.Height;
        while (b != 0)
            (a, b) = (b, a % b);
        return new AspectRatio(size.Width / a, size.Height / a);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Width}:{Height}");
}
