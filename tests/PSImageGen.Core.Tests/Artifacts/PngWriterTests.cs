using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using PSImageGen.Core.Artifacts;
using Xunit;

namespace PSImageGen.Core.Tests.Artifacts;

public class PngWriterTests
{
    [Theory]
    [InlineData(1, 1, 3)]
    [InlineData(1, 1, 4)]
    [InlineData(7, 5, 3)]
    [InlineData(5, 7, 4)]
    [InlineData(300, 200, 3)]
    [InlineData(1, 400, 4)]
    public void Pixels_come_back_as_given(int width, int height, int channels)
    {
        var pixels = new byte[width * height * channels];
        new Random(width + height).NextBytes(pixels);
        var decoded = Decode(Write(width, height, pixels, channels));
        Assert.Equal((width, height, channels), (decoded.Width, decoded.Height, decoded.Channels));
        Assert.Equal(pixels, decoded.Pixels);
    }

    [Fact]
    public void Smooth_pictures_come_back_and_are_small()
    {
        const int Size = 256;
        var pixels = new byte[Size * Size * 3];
        for (var i = 0; i < Size * Size; i++)
        {
            pixels[i * 3] = (byte)(i % Size);
            pixels[(i * 3) + 1] = (byte)(i / Size);
            pixels[(i * 3) + 2] = (byte)((i % Size) + (i / Size));
        }

        var file = Write(Size, Size, pixels, 3);
        Assert.Equal(pixels, Decode(file).Pixels);
        Assert.True(file.Length < pixels.Length / 20, $"{file.Length} bytes");
    }

    [Fact]
    public void A_large_picture_is_cut_into_several_data_chunks()
    {
        var pixels = new byte[400 * 400 * 3];
        new Random(1).NextBytes(pixels);
        var decoded = Decode(Write(400, 400, pixels, 3));
        Assert.Equal(pixels, decoded.Pixels);
        Assert.True(decoded.DataChunks > 1);
    }

    [Fact]
    public void The_stream_stays_open_and_is_written_from_where_it_stands()
    {
        using var stream = new MemoryStream();
        stream.WriteByte(42);
        PngWriter.Write(stream, 1, 1, [1, 2, 3], 3);
        Assert.True(stream.CanWrite);
        Assert.Equal([1, 2, 3], Decode(stream.ToArray()[1..]).Pixels);
    }

    [Fact]
    public void What_does_not_fit_is_refused_before_anything_is_written()
    {
        using var stream = new MemoryStream();
        Assert.Throws<ArgumentException>(() => PngWriter.Write(stream, 2, 2, new byte[11], 3));
        Assert.Throws<ArgumentException>(() => PngWriter.Write(stream, 65536, 65536, [], 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => PngWriter.Write(stream, 0, 2, [], 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => PngWriter.Write(stream, 2, -1, [], 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => PngWriter.Write(stream, 2, 2, new byte[4], 1));
        Assert.Throws<ArgumentNullException>(() => PngWriter.Write(null!, 1, 1, new byte[3], 3));
        Assert.Equal(0, stream.Length);
    }

    private static byte[] Write(int width, int height, byte[] pixels, int channels)
    {
        using var stream = new MemoryStream();
        PngWriter.Write(stream, width, height, pixels, channels);
        return stream.ToArray();
    }

    /// <summary>A decoder of the tests' own, for 8-bit RGB and RGBA; checks signature, chunk order and checksums.</summary>
    internal static (int Width, int Height, int Channels, int DataChunks, byte[] Pixels) Decode(byte[] file)
    {
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], file[..8]);
        using var data = new MemoryStream();
        var names = new List<string>();
        byte[] header = [];
        for (var at = 8; at < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            var name = Encoding.ASCII.GetString(file, at + 4, 4);
            Assert.Equal(Crc(file.AsSpan(at + 4, length + 4)), BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + length)));
            if (name == "IHDR")
                header = file[(at + 8)..(at + 8 + length)];
            else if (name == "IDAT")
                data.Write(file, at + 8, length);
            names.Add(name);
            at += 12 + length;
        }

        Assert.Equal("IHDR", names[0]);
        Assert.Equal("IEND", names[^1]);
        Assert.Equal(13, header.Length);
        Assert.Equal([8, header[9], 0, 0, 0], header[8..]);
        var channels = header[9] switch { 2 => 3, 6 => 4, _ => throw new InvalidDataException("colour type") };
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4)));
        data.Position = 0;
        using var zlib = new ZLibStream(data, CompressionMode.Decompress);
        using var raw = new MemoryStream();
        zlib.CopyTo(raw);
        return (width, height, channels, names.Count(name => name == "IDAT"), Unfilter(raw.ToArray(), width * channels, height, channels));
    }

    private static byte[] Unfilter(byte[] raw, int stride, int height, int bpp)
    {
        Assert.Equal((stride + 1) * height, raw.Length);
        var pixels = new byte[stride * height];
        for (var y = 0; y < height; y++)
        {
            var filter = raw[y * (stride + 1)];
            for (var i = 0; i < stride; i++)
            {
                int a = i >= bpp ? pixels[(y * stride) + i - bpp] : 0;
                int b = y > 0 ? pixels[((y - 1) * stride) + i] : 0;
                int c = i >= bpp && y > 0 ? pixels[((y - 1) * stride) + i - bpp] : 0;
                Assert.InRange(filter, 0, 4);
                var guess = filter switch { 0 => 0, 1 => a, 2 => b, 3 => (a + b) / 2, _ => Paeth(a, b, c) };
                pixels[(y * stride) + i] = (byte)(raw[(y * (stride + 1)) + 1 + i] + guess);
            }
        }

        return pixels;
    }

    private static int Paeth(int a, int b, int c)
    {
        var p = a + b - c;
        var (pa, pb, pc) = (Math.Abs(p - a), Math.Abs(p - b), Math.Abs(p - c));
        return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320u : crc >> 1;
        }

        return ~crc;
    }
}
