using PSImageGen.Core.Artifacts.Pixels;

namespace PSImageGen.Core.Tests.Artifacts.Terminal;

/// <summary>Reads sixels back into pixels, after DEC's description of the VT340: as strict as can be.</summary>
internal static class SixelDecoder
{
    public static PixelImage Read(string text)
    {
        Assert.StartsWith("\eP", text, StringComparison.Ordinal);
        Assert.EndsWith("\e\\", text, StringComparison.Ordinal);
        int at = text.IndexOf('q', StringComparison.Ordinal) + 1;
        string body = text[at..^2];
        Assert.All(body, c => Assert.InRange(c, '!', '~'));
        at = 0;
        int[] Numbers()
        {
            int from = at;
            while (at < body.Length && (char.IsAsciiDigit(body[at]) || body[at] == ';'))
                at++;
            return [.. body[from..at].Split(';').Select(n => int.Parse(n, System.Globalization.CultureInfo.InvariantCulture))];
        }

        Assert.Equal('"', body[at++]);
        int[] raster = Numbers();
        Assert.Equal((1, 1), (raster[0], raster[1]));
        PixelImage image = new(raster[2], raster[3]);
        Dictionary<int, byte[]> colours = [];
        (int x, int y, int colour, int run) = (0, 0, -1, 1);
        while (at < body.Length)
        {
            switch (body[at++])
            {
                case '#':
                    int[] numbers = Numbers();
                    Assert.InRange(numbers[0], 0, 255);
                    colour = numbers[0];
                    if (numbers.Length == 1)
                        break;
                    Assert.Equal(2, numbers[1]);
                    Assert.All(numbers[2..], n => Assert.InRange(n, 0, 100));
                    colours.Add(colour, [.. numbers[2..].Select(n => (byte)((n * 255 + 50) / 100))]);
                    break;
                case '!':
                    run = Assert.Single(Numbers());
                    Assert.InRange(body[at], '?', '~');
                    break;
                case '$':
                    x = 0;
                    break;
                case '-':
                    (x, y) = (0, y + 6);
                    break;
                case >= '?' and <= '~':
                    for (int i = 0; i < run; i++, x++)
                    {
                        for (int bit = 0; bit < 6; bit++)
                        {
                            if (((body[at - 1] - '?') & (1 << bit)) == 0)
                                continue;
                            Span<byte> pixel = image.Rgba.AsSpan((((y + bit) * image.Width) + x) * 4, 4);
                            Assert.Equal(0, pixel[3]);
                            colours[colour].CopyTo(pixel);
                            pixel[3] = 255;
                        }
                    }

                    run = 1;
                    break;
                default:
                    Assert.Fail($"'{body[at - 1]}' is no sixel.");
                    break;
            }
        }

        return image;
    }
}
