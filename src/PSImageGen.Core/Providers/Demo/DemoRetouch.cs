using System.Numerics;
using PSImageGen.Core.Artifacts.Pixels;
using PSImageGen.Core.Requests;

namespace PSImageGen.Core.Providers.Demo;

/// <summary>Works on pictures that exist: what the big models do with meaning, done here with pixels, so that every pipeline can be rehearsed.</summary>
internal static class DemoRetouch
{
    // The old picture fades into the new one over this part of its shorter side.
    private const float Seam = 0.06f;

    /// <summary>The scene over the picture, as strongly as asked.</summary>
    public static PixelImage Blend(PixelImage picture, PixelImage scene, float strength) =>
        Map(picture, (x, y, colour) => Vector4.Lerp(colour, At(scene, x, y), strength));

    /// <summary>The scene where the mask is white, the picture where it is black.</summary>
    public static PixelImage Through(PixelImage picture, PixelImage scene, PixelImage mask) =>
        Map(picture, (x, y, colour) => Vector4.Lerp(colour, At(scene, x, y), PixelTools.Brightness(mask.Rgba.AsSpan(((y * mask.Width) + x) * 4, 4)) / 255f));

    /// <summary>The picture in the middle of the scene, its colours running out into it.</summary>
    public static PixelImage Continue(PixelImage picture, PixelImage scene, Margins margins)
    {
        PixelImage canvas = PixelTools.Canvas(picture, margins, transparent: false);
        float reach = Math.Max(8, Math.Max(Math.Max(margins.Left, margins.Right), Math.Max(margins.Up, margins.Down)) * 0.6f);
        float seam = Math.Min(picture.Width, picture.Height) * Seam;
        return Map(canvas, (x, y, colour) =>
        {
            // How far outside the picture (below 0: inside) on the side that is continued.
            float outside = Math.Max(
                Math.Max(Far(margins.Left - x, margins.Left), Far(x - (canvas.Width - 1 - margins.Right), margins.Right)),
                Math.Max(Far(margins.Up - y, margins.Up), Far(y - (canvas.Height - 1 - margins.Down), margins.Down)));
            return outside <= 0 ? colour : Vector4.Lerp(colour, At(scene, x, y), Math.Clamp((outside + seam) / (reach + seam), 0, 1) * 0.9f);
        });
    }

    /// <summary>Another light, another crop: further from the picture the greater the variance.</summary>
    public static PixelImage Vary(PixelImage picture, long seed, float variance)
    {
        Random random = new(unchecked((int)(seed ^ (seed >> 32))) ^ 0x5EED);
        float Swing() => ((random.NextSingle() * 2) - 1) * variance;
        float turn = Swing() * MathF.PI / 3, light = 1 + (Swing() * 0.25f), warmth = Swing() * 24, zoom = 1 - (Math.Abs(Swing()) * 0.2f);
        bool mirrored = variance > 0.3f && random.Next(2) == 0;
        ImageSize part = new(Math.Max(1, (int)(picture.Width * zoom)), Math.Max(1, (int)(picture.Height * zoom)));
        PixelImage cut = PixelTools.Crop(picture, (int)((picture.Width - part.Width) * random.NextSingle()), (int)((picture.Height - part.Height) * random.NextSingle()), part);
        PixelImage whole = PixelTools.Scale(cut, picture.Width, picture.Height);
        return Map(whole, (x, y, _) =>
        {
            Vector4 colour = At(whole, mirrored ? whole.Width - 1 - x : x, y);
            // The hue turns about the grey axis of Y I Q.
            float luma = (0.299f * colour.X) + (0.587f * colour.Y) + (0.114f * colour.Z);
            float i = (0.596f * colour.X) - (0.274f * colour.Y) - (0.322f * colour.Z), q = (0.211f * colour.X) - (0.523f * colour.Y) + (0.312f * colour.Z);
            (float sin, float cos) = MathF.SinCos(turn);
            (i, q) = ((i * cos) - (q * sin), (i * sin) + (q * cos));
            luma *= light;
            return new Vector4(luma + (0.956f * i) + (0.621f * q) + warmth, luma - (0.272f * i) - (0.647f * q), luma - (1.106f * i) + (1.703f * q) - warmth, colour.W);
        });
    }

    /// <summary>The mean and spread of the other picture's colours on this one's (after Reinhard et al., 2001, in R G B).</summary>
    public static PixelImage Restyle(PixelImage picture, PixelImage style, float strength)
    {
        (Vector4 mean, Vector4 spread) = Statistics(picture);
        (Vector4 otherMean, Vector4 otherSpread) = Statistics(style);
        return Map(picture, (_, _, colour) =>
        {
            Vector4 restyled = ((colour - mean) * otherSpread / Vector4.Max(spread, Vector4.One)) + otherMean;
            return Vector4.Lerp(colour, restyled with { W = colour.W }, strength);
        });
    }

    private static float Far(int pixels, int margin) => margin > 0 ? pixels : float.MinValue;

    private static (Vector4 Mean, Vector4 Spread) Statistics(PixelImage image)
    {
        double[] sum = new double[4], squares = new double[4];
        for (int i = 0; i < image.Rgba.Length; i++)
        {
            sum[i & 3] += image.Rgba[i];
            squares[i & 3] += image.Rgba[i] * image.Rgba[i];
        }

        double count = image.Rgba.Length / 4;
        float Mean(int c) => (float)(sum[c] / count);
        float Spread(int c) => (float)Math.Sqrt(Math.Max(0, (squares[c] / count) - (sum[c] / count * (sum[c] / count))));
        return (new Vector4(Mean(0), Mean(1), Mean(2), Mean(3)), new Vector4(Spread(0), Spread(1), Spread(2), Spread(3)));
    }

    private static Vector4 At(PixelImage image, int x, int y)
    {
        int at = ((y * image.Width) + x) * 4;
        return new Vector4(image.Rgba[at], image.Rgba[at + 1], image.Rgba[at + 2], image.Rgba[at + 3]);
    }

    private static PixelImage Map(PixelImage image, Func<int, int, Vector4, Vector4> shade)
    {
        PixelImage result = new(image.Width, image.Height);
        Parallel.For(0, image.Height, y =>
        {
            for (int x = 0; x < image.Width; x++)
            {
                Vector4 colour = Vector4.Clamp(shade(x, y, At(image, x, y)), Vector4.Zero, new Vector4(255));
                int at = ((y * image.Width) + x) * 4;
                (result.Rgba[at], result.Rgba[at + 1], result.Rgba[at + 2], result.Rgba[at + 3]) = ((byte)(colour.X + 0.5f), (byte)(colour.Y + 0.5f), (byte)(colour.Z + 0.5f), (byte)(colour.W + 0.5f));
            }
        });
        return result;
    }
}
