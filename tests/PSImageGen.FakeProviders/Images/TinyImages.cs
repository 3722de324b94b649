using System.Security.Cryptography;
using System.Text;

namespace PSImageGen.FakeProviders.Images;

/// <summary>Makes real, valid pictures of any size whose bytes depend on a text.</summary>
public static class TinyImages
{
    /// <summary>A picture in the format <c>png</c>, <c>jpeg</c> or <c>webp</c>; the same arguments give the same bytes.</summary>
    public static byte[] Make(string format, int width, int height, string text, bool transparent = false)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        return format switch
        {
            "png" => Png(width, height, hash, transparent),
            "jpeg" or "jpg" => JpegEncoder.Encode(width, height, (column, row) => (
                Fade(hash[0], hash[1], row, (height + 7) / 8),
                Fade(hash[2], hash[3], column, (width + 7) / 8),
                Fade(hash[4], hash[5], row, (height + 7) / 8))),
            "webp" => WebpEncoder.Encode(
                width,
                height,
                (hash[0], hash[1], hash[2], transparent ? (byte)0 : (byte)255),
                hash[3],
                (x, y) => ((hash[(y >> 4) & 31] >> ((x >> 4) & 7)) & 1) != 0),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Known are png, jpeg and webp."),
        };
    }

    /// <summary>A PNG of one colour, with an alpha channel.</summary>
    public static byte[] SolidPng(int width, int height, byte red, byte green, byte blue, byte alpha = 255) =>
        PaintedPng(width, height, (_, _) => (red, green, blue, alpha));

    /// <summary>A PNG with an alpha channel whose every pixel is chosen by the caller: masks, mostly.</summary>
    public static byte[] PaintedPng(int width, int height, Func<int, int, (byte R, byte G, byte B, byte A)> colour) =>
        PngEncoder.Encode(width, height, alpha: true, (y, row) =>
        {
            for (int x = 0; x < width; x++)
                (row[x * 4], row[(x * 4) + 1], row[(x * 4) + 2], row[(x * 4) + 3]) = colour(x, y);
        });

    private static byte[] Png(int width, int height, byte[] hash, bool transparent)
    {
        // The columns are worked out once; a row differs from its neighbour in blue (and alpha) only.
        int step = transparent ? 4 : 3;
        byte[] columns = new byte[width * step];
        for (int x = 0; x < width; x++)
        {
            columns[x * step] = (byte)Fade(hash[0], hash[1], x, width);
            columns[(x * step) + 1] = (byte)Fade(hash[2], hash[3], x, width);
        }

        return PngEncoder.Encode(width, height, transparent, (y, row) =>
        {
            columns.CopyTo(row);
            byte blue = (byte)Fade(hash[4], hash[5], y, height);
            byte alpha = y < height / 4 ? (byte)0 : (byte)255;
            for (int at = 2; at < row.Length; at += step)
            {
                row[at] = blue;
                if (transparent)
                    row[at + 1] = alpha;
            }
        });
    }

    private static int Fade(byte from, byte to, int position, int length) => from + ((to - from) * position / int.Max(1, length - 1));
}
