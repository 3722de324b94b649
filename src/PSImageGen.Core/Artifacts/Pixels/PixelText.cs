namespace PSImageGen.Core.Artifacts.Pixels;

/// <summary>Writes short captions into pictures: the printable letters of ASCII, five dots wide and eight high.</summary>
internal static class PixelText
{
    /// <summary>The width of a letter with the space behind it, in dots.</summary>
    public const int Advance = 6;

    /// <summary>The height of a line, in dots.</summary>
    public const int Height = 8;

    // Five columns a letter from the space on, the top dot in the lowest bit.
    private static readonly byte[] Dots = Convert.FromHexString(
        "000000000000005F00000007000700147F147F14242A7F2A12231308646236495620500008070300" +
        "001C2241000041221C002A1C7F1C2A08083E08080080703000080808080800006060002010080402" +
        "3E5149453E00427F400072494949462141494D331814127F1027454545393C4A4949314121110907" +
        "3649494936464949291E000014000000403400000008142241141414141400412214080201590906" +
        "3E415D594E7C1211127C7F494949363E414141227F4141413E7F494949417F090909013E41415173" +
        "7F0808087F00417F41002040413F017F081422417F404040407F021C027F7F0408107F3E4141413E" +
        "7F090909063E4151215E7F09192946264949493203017F01033F4040403F1F2040201F3F4038403F" +
        "631408146303047804036159494D43007F4141410204081020004141417F04020102044040404040" +
        "000307080020545478407F284444383844444428384444287F385454541800087E090218A4A49C78" +
        "7F0804047800447D40002040403D007F1028440000417F40007C047804787C080404783844444438" +
        "FC1824241818242418FC7C08040408485454542404043F44243C4040207C1C2040201C3C4030403C" +
        "44281028444C9090907C4464544C440008364100000077000000413608000201020402");

    /// <summary>Whether all letters of a text can be written.</summary>
    public static bool CanWrite(string text) => text.All(c => c is >= ' ' and <= '~');

    /// <summary>Writes a line; what does not fit into the picture is left out.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="text">The text.</param>
    /// <param name="left">Where it begins, in pixels.</param>
    /// <param name="top">Its upper edge, in pixels.</param>
    /// <param name="dot">The side of a dot, in pixels.</param>
    /// <param name="grey">How bright it is, 0 to 255.</param>
    public static void Write(PixelImage image, string text, int left, int top, int dot, byte grey)
    {
        for (int i = 0; i < text.Length; i++)
        {
            for (int column = 0; column < 5; column++)
            {
                int dots = Dots[((text[i] - ' ') * 5) + column];
                for (int row = 0; row < Height; row++)
                {
                    if ((dots >> row & 1) != 0)
                        Fill(image, left + (((i * Advance) + column) * dot), top + (row * dot), dot, dot, grey);
                }
            }
        }
    }

    /// <summary>Fills a rectangle with an opaque grey; what lies outside the picture is left out.</summary>
    public static void Fill(PixelImage image, int left, int top, int width, int height, byte grey)
    {
        int right = Math.Min(image.Width, left + width), bottom = Math.Min(image.Height, top + height);
        for (int y = Math.Max(0, top); y < bottom; y++)
        {
            for (int x = Math.Max(0, left); x < right; x++)
            {
                Span<byte> pixel = image.Rgba.AsSpan(((y * image.Width) + x) * 4, 4);
                pixel[..3].Fill(grey);
                pixel[3] = 255;
            }
        }
    }
}
