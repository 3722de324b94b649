using System.Globalization;
using System.Text;
using PSImageGen.Core.Artifacts.Pixels;

namespace PSImageGen.Core.Artifacts.Terminal;

/// <summary>The protocols for which a picture is painted anew: sixel (DEC VT340; raster attributes say square pixels) and half blocks.</summary>
internal static class PaintedGraphics
{
    private const int BandHeight = 6;

    /// <summary>A picture as sixels, pixel by pixel, in 256 colours at most; what is transparent is left as it was on the screen.</summary>
    public static string Sixel(PixelImage image)
    {
        ColourTable table = ColourTable.Of(image);
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"\eP0;1;0q\"1;1;{image.Width};{image.Height}");
        // Here a colour goes from 0 to 100.
        for (int i = 0; i < table.Colours.Count; i++)
            text.Append(CultureInfo.InvariantCulture, $"#{i};2;{Percent(table.Colours[i].R)};{Percent(table.Colours[i].G)};{Percent(table.Colours[i].B)}");
        byte[]?[] bands = new byte[]?[table.Colours.Count];
        for (int top = 0; top < image.Height; top += BandHeight)
        {
            Array.Clear(bands);
            for (int y = top; y < Math.Min(top + BandHeight, image.Height); y++)
            {
                for (int x = 0; x < image.Width; x++)
                {
                    if (table.Pixels[(y * image.Width) + x] is not ColourTable.Transparent and var colour)
                        (bands[colour] ??= new byte[image.Width])[x] |= (byte)(1 << (y - top));
                }
            }

            bool first = true;
            for (int colour = 0; colour < bands.Length; colour++)
            {
                if (bands[colour] is not { } band)
                    continue;
                // Back to the left edge for the next colour of the same six rows.
                text.Append(CultureInfo.InvariantCulture, $"{(first ? string.Empty : "$")}#{colour}");
                Row(text, band);
                first = false;
            }

            text.Append('-');
        }

        return text.Append("\e\\").ToString();
    }

    /// <summary>A picture of two pixels in each cell, a line for every two rows; each line ends with the terminal's own colours.</summary>
    public static string Blocks(PixelImage image)
    {
        StringBuilder text = new();
        for (int y = 0; y < image.Height; y += 2)
        {
            string last = string.Empty;
            for (int x = 0; x < image.Width; x++)
            {
                (string colours, char block) = (Colour(image, x, y), Colour(image, x, y + 1)) switch
                {
                    (null, null) => ("\e[0m", ' '),
                    (null, { } lower) => ($"\e[0;38;2;{lower}m", '▄'),
                    ({ } upper, null) => ($"\e[0;38;2;{upper}m", '▀'),
                    ({ } upper, { } lower) => ($"\e[38;2;{upper};48;2;{lower}m", '▀'),
                };
                if (colours != last)
                    text.Append(last = colours);
                text.Append(block);
            }

            text.Append("\e[0m\n");
        }

        return text.ToString();
    }

    private static string? Colour(PixelImage image, int x, int y)
    {
        if (y >= image.Height)
            return null;
        ReadOnlySpan<byte> p = image.Rgba.AsSpan(((y * image.Width) + x) * 4, 4);
        return p[3] < 128 ? null : string.Create(CultureInfo.InvariantCulture, $"{p[0]};{p[1]};{p[2]}");
    }

    private static int Percent(int colour) => ((colour * 100) + 127) / 255;

    // What repeats more than three times is counted; empty sixels at the end are left out.
    private static void Row(StringBuilder text, byte[] sixels)
    {
        int end = sixels.Length;
        while (end > 0 && sixels[end - 1] == 0)
            end--;
        for (int at = 0; at < end;)
        {
            int run = 1;
            while (at + run < end && sixels[at + run] == sixels[at])
                run++;
            char sixel = (char)('?' + sixels[at]);
            if (run > 3)
                text.Append(CultureInfo.InvariantCulture, $"!{run}{sixel}");
            else
                text.Append(sixel, run);
            at += run;
        }
    }
}
