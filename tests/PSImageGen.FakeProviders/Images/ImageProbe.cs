using System.Buffers.Binary;

namespace PSImageGen.FakeProviders.Images;

/// <summary>What the bytes of a picture say about it.</summary>
public sealed record ImageFacts(string Format, int Width, int Height, bool HasAlpha)
{
    /// <summary>Pixels of the picture.</summary>
    public long Pixels => (long)Width * Height;
}

/// <summary>Reads format and size from a picture's own bytes; null when it is no whole PNG, JPEG or WebP.</summary>
public static class ImageProbe
{
    /// <summary>The facts, or null.</summary>
    public static ImageFacts? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]))
            return ReadPng(bytes);
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            return ReadJpeg(bytes);
        return bytes.Length > 30 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8) ? ReadWebp(bytes) : null;
    }

    private static ImageFacts? ReadPng(ReadOnlySpan<byte> bytes)
    {
        int width = 0, height = 0;
        bool alpha = false, data = false;
        for (int at = 8; at + 12 <= bytes.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(bytes[at..]);
            if (length < 0 || at + 12L + length > bytes.Length)
                return null;
            ReadOnlySpan<byte> type = bytes.Slice(at + 4, 4);
            uint crc = BinaryPrimitives.ReadUInt32BigEndian(bytes[(at + 8 + length)..]);
            if (~PngEncoder.Crc(uint.MaxValue, bytes.Slice(at + 4, length + 4)) != crc)
                return null;
            if (type.SequenceEqual("IHDR"u8) && length == 13)
            {
                width = BinaryPrimitives.ReadInt32BigEndian(bytes[(at + 8)..]);
                height = BinaryPrimitives.ReadInt32BigEndian(bytes[(at + 12)..]);
                alpha = bytes[at + 17] is 4 or 6;
            }

            alpha |= type.SequenceEqual("tRNS"u8);
            data |= type.SequenceEqual("IDAT"u8);
            if (type.SequenceEqual("IEND"u8))
                return width > 0 && height > 0 && data ? new ImageFacts("png", width, height, alpha) : null;
            at += 12 + length;
        }

        return null;
    }

    private static ImageFacts? ReadJpeg(ReadOnlySpan<byte> bytes)
    {
        if (bytes.LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xD9]) < 0)
            return null;
        for (int at = 2; at + 9 < bytes.Length && bytes[at] == 0xFF;)
        {
            byte marker = bytes[at + 1];
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                int height = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 5)..]);
                int width = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 7)..]);
                return width > 0 && height > 0 ? new ImageFacts("jpeg", width, height, HasAlpha: false) : null;
            }

            at += marker == 0xFF ? 1 : 2 + BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
        }

        return null;
    }

    private static ImageFacts? ReadWebp(ReadOnlySpan<byte> bytes)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) + 8L > bytes.Length)
            return null;
        ReadOnlySpan<byte> type = bytes.Slice(12, 4);
        if (type.SequenceEqual("VP8X"u8))
            return new ImageFacts("webp", 1 + Int24(bytes[24..]), 1 + Int24(bytes[27..]), (bytes[20] & 0x10) != 0);
        if (type.SequenceEqual("VP8L"u8) && bytes[20] == 0x2F)
        {
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(bytes[21..]);
            return new ImageFacts("webp", 1 + (int)(size & 0x3FFF), 1 + (int)((size >> 14) & 0x3FFF), ((size >> 28) & 1) != 0);
        }

        return type.SequenceEqual("VP8 "u8)
            ? new ImageFacts(
                "webp",
                BinaryPrimitives.ReadUInt16LittleEndian(bytes[26..]) & 0x3FFF,
                BinaryPrimitives.ReadUInt16LittleEndian(bytes[28..]) & 0x3FFF,
                HasAlpha: false)
            : null;
    }

    private static int Int24(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
}
