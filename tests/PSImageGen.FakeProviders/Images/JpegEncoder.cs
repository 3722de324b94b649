namespace PSImageGen.FakeProviders.Images;

/// <summary>Writes a baseline JPEG in which each 8x8 block is one flat colour (DC coefficients only).</summary>
internal static class JpegEncoder
{
    private const int QuantStep = 8;

    // Number of codes of each length 1..16, then the symbols: the usual luminance DC table.
    private static readonly byte[] DcLengths = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];

    /// <param name="blockColour">Y, Cb and Cr (0..255) of the block in a column and a row.</param>
    public static byte[] Encode(int width, int height, Func<int, int, (int Y, int Cb, int Cr)> blockColour)
    {
        using var file = new MemoryStream();
        file.Write([0xFF, 0xD8]);
        Segment(file, 0xE0, [.. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
        Segment(file, 0xDB, [0, .. Enumerable.Repeat((byte)QuantStep, 64)]);
        Segment(file, 0xC0, [8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]);
        Segment(file, 0xC4, [0x00, .. DcLengths, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);

        // The AC table knows one symbol, end of block, with the code "0".
        Segment(file, 0xC4, [0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        Segment(file, 0xDA, [3, 1, 0x00, 2, 0x00, 3, 0x00, 0, 63, 0]);

        (int Code, int Length)[] codes = MakeCodes();
        var bits = new BitWriter(file);
        Span<int> last = stackalloc int[3];
        Span<int> now = stackalloc int[3];
        int columns = (width + 7) / 8, rows = (height + 7) / 8;
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                (now[0], now[1], now[2]) = blockColour(column, row);
                for (int component = 0; component < 3; component++)
                {
                    int dc = now[component] - 128;
                    int difference = dc - last[component];
                    last[component] = dc;
                    int category = 32 - int.LeadingZeroCount(int.Abs(difference));
                    bits.Write(codes[category].Code, codes[category].Length);
                    bits.Write(difference < 0 ? difference + (1 << category) - 1 : difference, category);
                    bits.Write(0, 1);
                }
            }
        }

        bits.Finish();
        file.Write([0xFF, 0xD9]);
        return file.ToArray();
    }

    private static void Segment(Stream file, byte marker, ReadOnlySpan<byte> data)
    {
        int length = data.Length + 2;
        file.Write([0xFF, marker, (byte)(length >> 8), (byte)length]);
        file.Write(data);
    }

    private static (int Code, int Length)[] MakeCodes()
    {
        var codes = new (int, int)[12];
        int code = 0, symbol = 0;
        for (int length = 1; length <= 16; length++, code <<= 1)
        {
            for (int i = 0; i < DcLengths[length - 1]; i++)
                codes[symbol++] = (code++, length);
        }

        return codes;
    }

    private sealed class BitWriter(Stream output)
    {
        private int _pending;
        private int _count;

        public void Write(int value, int length)
        {
            for (int bit = length - 1; bit >= 0; bit--)
            {
                _pending = (_pending << 1) | ((value >> bit) & 1);
                if (++_count == 8)
                    Flush();
            }
        }

        public void Finish()
        {
            while (_count != 0)
                Write(1, 1);
        }

        private void Flush()
        {
            output.WriteByte((byte)_pending);
            if (_pending == 0xFF)
                output.WriteByte(0);
            (_pending, _count) = (0, 0);
        }
    }
}
