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
