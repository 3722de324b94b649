using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace PSImageGen.Core.Tests.Artifacts;

/// <summary>Pictures as others make them: with chunks and segments of any kind put in, by code of the tests' own.</summary>
internal static class ForeignPictures
{
    /// <summary>Puts a chunk behind the header of a PNG.</summary>
    public static byte[] WithChunk(byte[] png, string type, byte[] data)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(type), .. data];
        return [.. png[..33], .. Big((uint)data.Length), .. named, .. Big(Crc(named)), .. png[33..]];
    }

    /// <summary>Puts a segment behind the first one of a JPEG.</summary>
    public static byte[] WithSegment(byte[] jpeg, byte marker, byte[] data)
    {
        int at = 4 + BinaryPrimitives.ReadUInt16BigEndian(jpeg.AsSpan(4));
        int length = data.Length + 2;
        return [.. jpeg[..at], 0xFF, marker, (byte)(length >> 8), (byte)length, .. data, .. jpeg[at..]];
    }

    /// <summary>Puts a chunk at the end of a WebP.</summary>
    public static byte[] WithRiffChunk(byte[] webp, string type, byte[] data)
    {
        byte[] chunk = [.. Encoding.ASCII.GetBytes(type), .. Small((uint)data.Length), .. data, .. new byte[data.Length & 1]];
        byte[] all = [.. webp, .. chunk];
        Small((uint)(all.Length - 8)).CopyTo(all, 4);
        return all;
    }

    /// <summary>An international text of a PNG, pressed or plain.</summary>
    public static byte[] InternationalText(string key, byte[] text, bool pressed = false) =>
        [.. Encoding.Latin1.GetBytes(key), 0, pressed ? (byte)1 : (byte)0, 0, 0, 0, .. pressed ? Press(text) : text];

    public static byte[] Press(byte[] text)
    {
        using MemoryStream pressed = new();
        using (ZLibStream zlib = new(pressed, CompressionLevel.SmallestSize, leaveOpen: true))
            zlib.Write(text);
        return pressed.ToArray();
    }

    /// <summary>The stretches that hold the pixels, in the order of the file.</summary>
    public static byte[] Pixels(string format, byte[] file)
    {
        using MemoryStream pixels = new();
        if (format == "png")
        {
            for (int at = 8; at < file.Length;)
            {
                int length = (int)BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));
                if (file.AsSpan(at + 4, 4).SequenceEqual("IDAT"u8))
                    pixels.Write(file, at + 8, length);
                at += 12 + length;
            }
        }
        else if (format == "webp")
        {
            for (int at = 12; at + 8 <= file.Length;)
            {
                int length = (int)BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 4));
                if (file.AsSpan(at, 3).SequenceEqual("VP8"u8) && file[at + 3] != (byte)'X')
                    pixels.Write(file, at, 8 + length);
                at += 8 + length + (length & 1);
            }
        }
        else
        {
            int at = 2;
            while (file[at + 1] != 0xDB)
                at += 2 + BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at + 2));
            pixels.Write(file, at, file.Length - at);
        }

        return pixels.ToArray();
    }

    private static byte[] Big(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Small(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static uint Crc(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? 0xEDB88320u ^ (crc >> 1) : crc >> 1;
        }

        return ~crc;
    }
}
