using System.Globalization;

namespace PSImageGen.FakeProviders.Images;

/// <summary>Sizes from ratios.</summary>
internal static class Sizes
{
    /// <summary>Width by height of <c>w:h</c> at about so many pixels, both multiples of the step.</summary>
    public static (int Width, int Height) FromRatio(string ratio, double pixels, int step = 16)
    {
        double[] sides = [.. ratio.Split(':').Select(side => double.Parse(side, CultureInfo.InvariantCulture))];
        return FromRatio(sides[0] / sides[1], pixels, step);
    }

    public static (int Width, int Height) FromRatio(double ratio, double pixels, int step = 16) =>
        (Round(Math.Sqrt(pixels * ratio), step), Round(Math.Sqrt(pixels / ratio), step));

    /// <summary>A picture's size times a factor, no side above 4096.</summary>
    public static (int Width, int Height) Scale(ImageFacts? image, double factor)
    {
        if (image is null)
            return (1024, 1024);
        double fits = double.Min(factor, 4096.0 / int.Max(image.Width, image.Height));
        return (int.Max(1, (int)(image.Width * fits)), int.Max(1, (int)(image.Height * fits)));
    }

    private static int Round(double side, int step) => int.Max(step, (int)Math.Round(side / step) * step);
}
