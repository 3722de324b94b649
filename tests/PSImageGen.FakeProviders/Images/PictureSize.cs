using System.Globalization;

namespace PSImageGen.FakeProviders.Images;

/// <summary>The size in pixels that a ratio and a resolution stand for.</summary>
internal static class PictureSize
{
    private const int Step = 16;

    /// <summary>Width by height of <c>w:h</c>; null when it is none.</summary>
    public static double? Ratio(string text)
    {
        string[] sides = text.Split(':');
        return sides.Length == 2
            && int.TryParse(sides[0], NumberStyles.None, CultureInfo.InvariantCulture, out int width)
            && int.TryParse(sides[1], NumberStyles.None, CultureInfo.InvariantCulture, out int height)
            && width > 0 && height > 0
            ? (double)width / height
            : null;
    }

    /// <summary>The side of a square of <c>1K</c>, <c>2K</c> or <c>4K</c>.</summary>
    public static int Side(string resolution) => resolution switch { "2K" => 2048, "4K" => 4096, _ => 1024 };

    /// <summary>The size of a ratio, with about as many pixels as a square of the side.</summary>
    public static (int Width, int Height) Of(double ratio, int side) => (Round(side * Math.Sqrt(ratio)), Round(side / Math.Sqrt(ratio)));

    private static int Round(double side) => int.Max(Step, (int)Math.Round(side / Step) * Step);
}
