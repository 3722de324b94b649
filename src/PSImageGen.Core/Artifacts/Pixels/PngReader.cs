using System.Buffers.Binary;
using System.IO.Compression;

namespace PSImageGen.Core.Artifacts.Pixels;

/// <summary>Reads PNG files of every colour type and bit depth; colours deeper than 8 bits lose what is below. Source: PNG specification, third edition.</summary>
internal static class PngReader
{
    private const int MaxPaletteBytes = 768;

    // Adam7: where each pass begins, and how far its pixels are apart.
    private static readonly (int X, int Y, int DX, int DY)[] Passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    /// <summary>Reads one picture.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static PixelImage Read(Stream stream)
    {
        try
        {
            return ReadWhole(stream);
        }
        catch (Exception e) when (e is EndOfStreamException or OverflowException or ArgumentException or IndexOutOfRangeException)
        {
            throw new InvalidDataException(Words.Of("The PNG is damaged."), e);
        }
    }

    private static PixelImage ReadWhole(Stream stream)
    {
        byte[] signature = new byte[8];
        stream.ReadExactly(signature);
        Header? header = null;
        byte[] palette = [], transparency = [];
        MemoryStream data = new();
        byte[] head = new byte[8];
        while (true)
        {
            stream.ReadExactly(head);
            int length = BinaryPrimitives.ReadInt32BigEndian(head);
            string type = System.Text.Encoding.ASCII.GetString(head, 4, 4);
            if (length < 0 || length > stream.Length - stream.Position)
                throw new InvalidDataException(Words.Of("The PNG is cut short."));
            switch (type)
            {
                case "IHDR":
                    header = Header.Of(Chunk(stream, length));
                    break;
                case "PLTE" when length <= MaxPaletteBytes:
                    palette = Chunk(stream, length);
                    break;
                case "tRNS" when length <= MaxPaletteBytes:
                    transparency = Chunk(stream, length);
                    break;
                case "IDAT":
                    data.Write(Chunk(stream, length));
                    break;
                case "IEND":
                    data.Position = 0;
                    return Decode(header ?? throw new InvalidDataException(Words.Of("The PNG has no header.")), palette, transparency, data);
                default:
                    stream.Position += length;
                    break;
            }

            stream.Position += 4;
        }
    }

    private static byte[] Chunk(Stream stream, int length)
    {
        byte[] chunk = new byte[length];
        stream.ReadExactly(chunk);
        return chunk;
    }

    private static PixelImage Decode(Header header, byte[] palette, byte[] transparency, Stream data)
    {
        PixelImage image = new(header.Width, header.Height);
        using ZLibStream zlib = new(data, CompressionMode.Decompress);
        foreach ((int x0, int y0, int dx, int dy) in header.Interlaced ? Passes : [(0, 0, 1, 1)])
        {
            int width = (header.Width - x0 + dx - 1) / dx, height = (header.Height - y0 + dy - 1) / dy;
            if (width <= 0 || height <= 0)
                continue;
            int bpp = Math.Max(1, header.BitsPerPixel / 8), stride = (int)(((long)width * header.BitsPerPixel + 7) / 8);
            byte[] row = new byte[stride + bpp], above = new byte[stride + bpp];
            for (int y = 0; y < height; y++)
            {
                int filter = zlib.ReadByte();
                zlib.ReadExactly(row, bpp, stride);
                Unfilter(filter, row, above, bpp);
                Unpack(header, row.AsSpan(bpp), palette, transparency, image, width, x0, y0 + (y * dy), dx);
                (row, above) = (above, row);
            }
        }

        return image;
    }

    // One pixel of zeros to the left of both rows spares the filters their edge cases.
    private static void Unfilter(int filter, byte[] row, byte[] above, int bpp)
    {
        for (int i = bpp; i < row.Length; i++)
        {
            int a = row[i - bpp], b = above[i], c = above[i - bpp];
            row[i] += (byte)(filter switch
            {
                0 => 0,
                1 => a,
                2 => b,
                3 => (a + b) >> 1,
                4 => Paeth(a, b, c),
                _ => throw new InvalidDataException(Words.Of("The PNG is damaged.")),
            });
        }
    }

    private static int Paeth(int a, int b, int c)
    {
        int pa = Math.Abs(b - c), pb = Math.Abs(a - c), pc = Math.Abs(a + b - c - c);
        return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
    }

    private static void Unpack(Header header, ReadOnlySpan<byte> row, byte[] palette, byte[] transparency, PixelImage image, int width, int x0, int y, int dx)
    {
        int depth = header.Depth, samples = header.Samples;
        int key = transparency.Length >= 2 && header.Colour == 0 ? BinaryPrimitives.ReadUInt16BigEndian(transparency) : -1;
        Span<int> s = stackalloc int[4];
        for (int x = 0; x < width; x++)
        {
            for (int i = 0; i < samples; i++)
                s[i] = Sample(row, ((x * samples) + i) * depth, depth);
            Span<byte> to = image.Rgba.AsSpan(((y * image.Width) + x0 + (x * dx)) * 4, 4);
            switch (header.Colour)
            {
                case 0 or 4:
                    to[0] = to[1] = to[2] = Eight(s[0], depth);
                    to[3] = header.Colour == 4 ? Eight(s[1], depth) : (byte)(s[0] == key ? 0 : 255);
                    break;
                case 3:
                    if ((s[0] * 3) + 2 >= palette.Length)
                        throw new InvalidDataException(Words.Of("The PNG names a colour that is not in its palette."));
                    palette.AsSpan(s[0] * 3, 3).CopyTo(to);
                    to[3] = s[0] < transparency.Length ? transparency[s[0]] : (byte)255;
                    break;
                default:
                    (to[0], to[1], to[2]) = (Eight(s[0], depth), Eight(s[1], depth), Eight(s[2], depth));
                    to[3] = header.Colour == 6 ? Eight(s[3], depth) : (byte)(IsKey(s, transparency) ? 0 : 255);
                    break;
            }
        }
    }

    private static bool IsKey(ReadOnlySpan<int> s, byte[] key) =>
        key.Length >= 6 && s[0] == BinaryPrimitives.ReadUInt16BigEndian(key) && s[1] == BinaryPrimitives.ReadUInt16BigEndian(key.AsSpan(2)) && s[2] == BinaryPrimitives.ReadUInt16BigEndian(key.AsSpan(4));

    private static int Sample(ReadOnlySpan<byte> row, int bit, int depth) => depth switch
    {
        8 => row[bit >> 3],
        16 => BinaryPrimitives.ReadUInt16BigEndian(row[(bit >> 3)..]),
        _ => (row[bit >> 3] >> (8 - depth - (bit & 7))) & ((1 << depth) - 1),
    };

    private static byte Eight(int sample, int depth) => (byte)(depth switch
    {
        8 => sample,
        16 => sample >> 8,
        _ => sample * 255 / ((1 << depth) - 1),
    });

    private sealed record Header(int Width, int Height, int Depth, int Colour, bool Interlaced)
    {
        public int Samples => Colour switch { 0 or 3 => 1, 4 => 2, 2 => 3, _ => 4 };

        public int BitsPerPixel => Depth * Samples;

        public static Header Of(byte[] chunk)
        {
            Header header = new(BinaryPrimitives.ReadInt32BigEndian(chunk), BinaryPrimitives.ReadInt32BigEndian(chunk.AsSpan(4)), chunk[8], chunk[9], chunk[12] == 1);
            bool known = (header.Colour, header.Depth) is (0, 1 or 2 or 4 or 8 or 16) or (3, 1 or 2 or 4 or 8) or (2 or 4 or 6, 8 or 16);
            return known && header.Width > 0 && header.Height > 0 && (long)header.Width * header.Height <= PixelImage.MaxPixels
                ? header
                : throw new InvalidDataException(Words.Of("The PNG has a form that does not exist."));
        }
    }
}
