using PSImageGen.Core.Artifacts.Pixels;
using PSImageGen.Core.Providers.Demo.Painting;
using PSImageGen.Core.Requests;

namespace PSImageGen.Benchmarks;

/// <summary>What happens to a picture of 4096x4096 that is brought to half its size: read, scaled, written.</summary>
internal static class Resizing
{
    public static string FromFourK()
    {
        MemoryStream file = new();
        DemoPainter.Paint(file, "a lighthouse at dawn above a calm sea", 7, 4096, 4096);
        PixelImage image = Read(file), half = PixelTools.Fit(image, new ImageSize(2048, 2048));
        double read = Timing.Repeat(3, () => Read(file)).At(0.5);
        double scale = Timing.Repeat(3, () => PixelTools.Fit(image, half.Size)).At(0.5);
        double write = Timing.Repeat(3, () => half.WritePng(Stream.Null)).At(0.5);
        return $"{read + scale + write:0} ms (read {read:0}, scale {scale:0}, write {write:0})";
    }

    private static PixelImage Read(MemoryStream file)
    {
        file.Position = 0;
        return PixelImage.Read(file);
    }
}
