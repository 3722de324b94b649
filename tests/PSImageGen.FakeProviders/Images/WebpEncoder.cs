using System.Buffers.Binary;

namespace PSImageGen.FakeProviders.Images;

/// <summary>Writes a lossless WebP (VP8L) of two colours, one bit a pixel.</summary>
internal static class WebpEncoder
{
    /// <param name="isSecond">Whether the pixel at x, y has the second green value.</param>
    public static byte[] Encode(int width, int height, (byte R, byte G, byte B, byte A) colour, byte secondGreen, Func<int, int, bool> isSecond)
    {
        var bits = new BitWriter();
        bits.Write(0x2F, 8);
        bits.Write(width - 1, 14);
        bits.Write(height - 1, 14);
        bits.Write(colour.A == 255 ? 0 : 1, 1);
        bits.Write(0, 3);   // version
        bits.Write(0, 1);   // no transform
        bits.Write(0, 1);   // no colour cache
        bits.Write(0, 1);   // one group of prefix codes
        byte low = byte.Min(colour.G, secondGreen), high = byte.Max(colour.G, secondGreen);
        if (low == high)
            (low, high) = low == 255 ? ((byte)254, (byte)255) : (low, (byte)(low + 1));
        bits.Write(0b111, 3);
        bits.Write(low, 8);
        bits.Write(high, 8);
        foreach (byte single in (ReadOnlySpan<byte>)[colour.R, colour.B, colour.A, 0])
        {
            bits.Write(0b101, 3);
            bits.Write(single, 8);
        }

        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                bits.Write(isSecond(x, y) ? 1 : 0, 1);
        }

        byte[] data = bits.ToArray();
        int padded = data.Length + (data.Length & 1);
        byte[] file = new byte[20 + padded];
        "RIFF"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), 12 + padded);
        "WEBPVP8L"u8.CopyTo(file.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), data.Length);
        data.CopyTo(file.AsSpan(20));
        return file;
    }

    private sealed class BitWriter
    {
        private readonly List<byte> _bytes = [];
        private int _pending;
        private int _count;

        public void Write(int value, int length)
        {
            for (int bit = 0; bit < length; bit++)
            {
                _pending |= ((value >> bit) & 1) << _count;
                if (++_count == 8)
                {
                    _bytes.Add((byte)_pending);
                    (_pending, _count) = (0, 0);
                }
            }
        }

        public byte[] ToArray()
        {
            if (_count > 0)
                Write(0, 8 - _count);
            return [.. _bytes];
        }
    }
}
