using System.Numerics;
using PSImageGen.Core.Requests;

namespace PSImageGen.Core.Artifacts.Pixels;

/// <summary>What is done to pixels before a picture goes out or after one has come in.</summary>
internal static class PixelTools
{
    // The seam between old and new is blended over this much of the old picture.
    private const int Overlap = 16;

    /// <summary>A mask in the users' way (white may change) as transparency (transparent may change).</summary>
    public static PixelImage AlphaMask(PixelImage mask)
    {
        PixelImage result = new(mask.Width, mask.Height);
        for (int i = 0; i < mask.Rgba.Length; i += 4)
            result.Rgba[i + 3] = (byte)(255 - Brightness(mask.Rgba.AsSpan(i, 4)));
        return result;
    }

    /// <summary>Whether a mask lets anything change.</summary>
    public static bool HasWhite(PixelImage mask)
    {
        for (int i = 0; i < mask.Rgba.Length; i += 4)
        {
            if (Brightness(mask.Rgba.AsSpan(i, 4)) > 0)
                return true;
        }

        return false;
    }

    /// <summary>A mask in greys, what is transparent black: vendors that look at transparency first would read it the other way round.</summary>
    public static PixelImage OpaqueMask(PixelImage mask)
    {
        PixelImage result = new(mask.Width, mask.Height);
        for (int i = 0; i < mask.Rgba.Length; i += 4)
        {
            result.Rgba.AsSpan(i, 3).Fill((byte)Brightness(mask.Rgba.AsSpan(i, 4)));
            result.Rgba[i + 3] = 255;
        }

        return result;
    }

    /// <summary>A picture with margins around it: transparent, or in the colours of its edges.</summary>
    public static PixelImage Canvas(PixelImage image, Margins margins, bool transparent)
    {
        ImageSize whole = margins.Around(image.Size);
        PixelImage result = new(whole.Width, whole.Height);
        for (int y = 0; y < whole.Height; y++)
        {
            for (int x = 0; x < whole.Width; x++)
            {
                int fromX = Math.Clamp(x - margins.Left, 0, image.Width - 1), fromY = Math.Clamp(y - margins.Up, 0, image.Height - 1);
                bool inside = fromX == x - margins.Left && fromY == y - margins.Up;
                Span<byte> to = result.Rgba.AsSpan(((y * whole.Width) + x) * 4, 4);
                image.Rgba.AsSpan(((fromY * image.Width) + fromX) * 4, 4).CopyTo(to);
                if (!inside)
                    to[3] = (byte)(transparent ? 0 : 255);
            }
        }

        return result;
    }

    /// <summary>The mask of a canvas, in the users' way: its margins and a seam may change.</summary>
    public static PixelImage CanvasMask(ImageSize image, Margins margins)
    {
        ImageSize whole = margins.Around(image);
        PixelImage result = new(whole.Width, whole.Height);
        int seam = Math.Min(Overlap, Math.Min(image.Width, image.Height) / 8);
        int left = margins.Left == 0 ? 0 : margins.Left + seam, right = margins.Right == 0 ? whole.Width : whole.Width - margins.Right - seam;
        int up = margins.Up == 0 ? 0 : margins.Up + seam, down = margins.Down == 0 ? whole.Height : whole.Height - margins.Down - seam;
        for (int y = 0; y < whole.Height; y++)
        {
            for (int x = 0; x < whole.Width; x++)
            {
                byte value = (byte)(x >= left && x < right && y >= up && y < down ? 0 : 255);
                Span<byte> to = result.Rgba.AsSpan(((y * whole.Width) + x) * 4, 4);
                to.Fill(value);
                to[3] = 255;
            }
        }

        return result;
    }

    /// <summary>Brings a picture to a size: scaled until it covers it, then cut evenly on both sides.</summary>
    public static PixelImage Fit(PixelImage image, ImageSize size)
    {
        double scale = Math.Max((double)size.Width / image.Width, (double)size.Height / image.Height);
        PixelImage covering = Scale(image, Math.Max(size.Width, (int)Math.Round(image.Width * scale)), Math.Max(size.Height, (int)Math.Round(image.Height * scale)));
        return Crop(covering, (covering.Width - size.Width) / 2, (covering.Height - size.Height) / 2, size);
    }

    /// <summary>A part of a picture.</summary>
    public static PixelImage Crop(PixelImage image, int left, int top, ImageSize size)
    {
        if (left == 0 && top == 0 && size == image.Size)
            return image;
        PixelImage result = new(size.Width, size.Height);
        for (int y = 0; y < size.Height; y++)
            image.Rgba.AsSpan((((y + top) * image.Width) + left) * 4, size.Width * 4).CopyTo(result.Rgba.AsSpan(y * size.Width * 4));
        return result;
    }

    /// <summary>A picture at another size, by Lanczos (three lobes) with as many taps as the reduction needs; transparent pixels lend no colour.</summary>
    public static PixelImage Scale(PixelImage image, int width, int height)
    {
        if (width == image.Width && height == image.Height)
            return image;
        (int First, float[] Weights)[] across = [.. Enumerable.Range(0, width).Select(i => Taps(i, image.Width, width))];
        Vector4[] rows = new Vector4[width * image.Height];
        Parallel.For(0, image.Height, y =>
        {
            Vector4[] line = Premultiplied(image.Rgba.AsSpan(y * image.Width * 4, image.Width * 4));
            for (int x = 0; x < width; x++)
            {
                (int first, float[] weights) = across[x];
                Vector4 sum = Vector4.Zero;
                for (int k = 0; k < weights.Length; k++)
                    sum += line[first + k] * weights[k];
                rows[(y * width) + x] = sum;
            }
        });

        PixelImage result = new(width, height);
        Parallel.For(0, height, y =>
        {
            (int first, float[] weights) = Taps(y, image.Height, height);
            for (int x = 0; x < width; x++)
            {
                Vector4 sum = Vector4.Zero;
                for (int k = 0; k < weights.Length; k++)
                    sum += rows[((first + k) * width) + x] * weights[k];
                Write(sum, result.Rgba.AsSpan(((y * width) + x) * 4, 4));
            }
        });
        return result;
    }

    /// <summary>How bright a pixel is, 0 to 255 (ITU-R BT.601); transparent counts as black.</summary>
    public static int Brightness(ReadOnlySpan<byte> pixel) => ((pixel[0] * 299) + (pixel[1] * 587) + (pixel[2] * 114) + 500) / 1000 * pixel[3] / 255;

    private static Vector4[] Premultiplied(ReadOnlySpan<byte> line)
    {
        Vector4[] result = new Vector4[line.Length / 4];
        for (int x = 0; x < result.Length; x++)
        {
            ReadOnlySpan<byte> pixel = line.Slice(x * 4, 4);
            float alpha = pixel[3] / 255f;
            result[x] = new Vector4(pixel[0] * alpha, pixel[1] * alpha, pixel[2] * alpha, pixel[3]);
        }

        return result;
    }

    private static void Write(Vector4 premultiplied, Span<byte> pixel)
    {
        float alpha = Math.Clamp(premultiplied.W, 0, 255), share = alpha > 0 ? 255 / alpha : 0;
        pixel[0] = (byte)Math.Clamp(MathF.Round(premultiplied.X * share), 0, 255);
        pixel[1] = (byte)Math.Clamp(MathF.Round(premultiplied.Y * share), 0, 255);
        pixel[2] = (byte)Math.Clamp(MathF.Round(premultiplied.Z * share), 0, 255);
        pixel[3] = (byte)MathF.Round(alpha);
    }

    private static (int First, float[] Weights) Taps(int i, int old, int length)
    {
        double step = (double)old / length, reach = 3 * Math.Max(1, step), centre = ((i + 0.5) * step) - 0.5;
        int first = Math.Max(0, (int)Math.Ceiling(centre - reach)), last = Math.Min(old - 1, (int)Math.Floor(centre + reach));
        float[] weights = new float[last - first + 1];
        double sum = 0;
        for (int k = first; k <= last; k++)
            sum += weights[k - first] = (float)Lanczos((k - centre) / Math.Max(1, step));
        for (int k = 0; k < weights.Length; k++)
            weights[k] = (float)(weights[k] / sum);
        return (first, weights);
    }

    private static double Lanczos(double x)
    {
        if (Math.Abs(x) < 1e-9)
            return 1;
        return Math.Abs(x) >= 3 ? 0 : 3 * Math.Sin(Math.PI * x) * Math.Sin(Math.PI * x / 3) / (Math.PI * Math.PI * x * x);
    }
}
