using System.Globalization;
using PSImageGen.FakeProviders.Images;

namespace PSImageGen.FakeProviders.Vendors.Bfl;

/// <summary>The size of the picture that a body asks for.</summary>
internal static class BflSizes
{
    /// <summary>Width by height of <c>w:h</c>; null when it is none, or too extreme.</summary>
    public static double? Ratio(string text)
    {
        string[] sides = text.Split(':');
        return sides.Length == 2
            && int.TryParse(sides[0], NumberStyles.None, CultureInfo.InvariantCulture, out int width)
            && int.TryParse(sides[1], NumberStyles.None, CultureInfo.InvariantCulture, out int height)
            && width > 0 && height > 0 && width * 9L <= height * 21L && height * 9L <= width * 21L
            ? (double)width / height
            : null;
    }

    public static (int Width, int Height) Of(BflRoute route, BflBody body)
    {
        ImageFacts? first = body.Images.GetValueOrDefault("input_image") ?? body.Images.GetValueOrDefault("image") ?? body.Images.GetValueOrDefault("person");
        int Get(string name, int byDefault) => (int)(body.Integer(name) ?? byDefault);
        switch (route.Sizing)
        {
            case BflSizing.Flux2:
                (int width, int height) = first is null ? (1024, 1024) : Fit(first, 4_000_000, 16);
                return (Get("width", width), Get("height", height));
            case BflSizing.Flux1:
                return (Get("width", 1024), Get("height", 768));
            case BflSizing.UltraRatio:
                return FromRatio(Ratio(body.Text("aspect_ratio") ?? "16:9")!.Value, 4_000_000, 32);
            case BflSizing.KontextRatio:
                double ratio = body.Text("aspect_ratio") is { } given ? Ratio(given)!.Value : first is null ? 1 : (double)first.Width / first.Height;
                return FromRatio(ratio, 1024 * 1024, 16);
            case BflSizing.Margins:
                return (first!.Width + Get("left", 0) + Get("right", 0), first.Height + Get("top", 0) + Get("bottom", 0));
            case BflSizing.Canvas:
                return (Get("width", 0), Get("height", 0));
            default:
                return (first!.Width, first.Height);
        }
    }

    public static decimal Megapixels(long pixels) => decimal.Round(pixels / 1_000_000m, 2);

    private static (int Width, int Height) Fit(ImageFacts image, long pixels, int step)
    {
        double scale = double.Min(1, Math.Sqrt((double)pixels / image.Pixels));
        return (Down(image.Width * scale, step), Down(image.Height * scale, step));
    }

    private static (int Width, int Height) FromRatio(double ratio, long pixels, int step) =>
        (Down(Math.Sqrt(pixels * ratio), step), Down(Math.Sqrt(pixels / ratio), step));

    private static int Down(double side, int step) => int.Max(step, (int)side / step * step);
}
