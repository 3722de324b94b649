using System.Buffers.Binary;
using System.IO.Compression;

namespace PSImageGen.Core.Artifacts;

/// <summary>Writes 8-bit RGB and RGBA pictures as PNG files.</summary>
public static class PngWriter
{
    private static readonly byte[] Signature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];
    private static readonly uint[] CrcTable = BuildCrcTable();

    /// <summary>
    /// Writes one picture, from the stream's current position; the stream stays open.
    /// The pixels read back are those given; the compressed bytes depend on the zlib of the running .NET version.
    /// </summary>
    /// <param name="output">A writable stream; it need not be seekable.</param>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="rgb">Exactly width × height × channels bytes: rows from the top, pixels from the left, R G B (A), not premultiplied.</param>
    /// <param name="channels">3 for RGB, 4 for RGBA.</param>
    /// <exception cref="ArgumentException">The number of bytes does not fit the size.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size below 1, or channels other than 3 or 4.</exception>
    public static void Write(Stream output, int width, int height, ReadOnlySpan<byte> rgb, int channels)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (channels is not (3 or 4))
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "A PNG is written with 3 or 4 channels.");
        if (rgb.Length != (long)width * height * channels)
            throw new ArgumentException($"{width}x{height} with {channels} channels is not {rgb.Length} bytes.", nameof(rgb));

        output.Write(Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8;
        header[9] = (byte)(channels == 3 ? 2 : 6);
        header[10..].Clear();
        WriteChunk(output, "IHDR"u8, header);

        using (var chunks = new IdatStream(output))
        using (var zlib = new ZLibStream(chunks, CompressionLevel.Optimal))
            WriteRows(zlib, rgb, width * channels, channels);

        WriteChunk(output, "IEND"u8, []);
    }

    // Each row takes the filter whose residuals have the least sum of magnitudes, as the PNG specification suggests.
    private static void WriteRows(Stream zlib, ReadOnlySpan<byte> pixels, int stride, int bpp)
    {
        // One zero pixel to the left of both rows spares the filters their edge cases.
        var current = new byte[stride + bpp];
        var above = new byte[stride + bpp];
        var best = new byte[stride + 1];
        var trial = new byte[stride + 1];
        for (var offset = 0; offset < pixels.Length; offset += stride)
        {
            pixels.Slice(offset, stride).CopyTo(current.AsSpan(bpp));
            var least = long.MaxValue;
            for (var filter = 0; filter <= 4; filter++)
            {
                trial[0] = (byte)filter;
                var cost = Filter(filter, current, above, bpp, trial.AsSpan(1));
                if (cost >= least)
                    continue;
                least = cost;
                (best, trial) = (trial, best);
            }

            zlib.Write(best);
            (current, above) = (above, current);
        }
    }

    private static long Filter(int filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int bpp, Span<byte> residuals)
    {
        var x = row[bpp..];
        var a = row[..x.Length];
        var b = above.Slice(bpp, x.Length);
        var c = above[..x.Length];
        residuals = residuals[..x.Length];
        switch (filter)
        {
            case 0:
                x.CopyTo(residuals);
                break;
            case 1:
                for (var i = 0; i < x.Length; i++)
                    residuals[i] = (byte)(x[i] - a[i]);
                break;
            case 2:
                for (var i = 0; i < x.Length; i++)
                    residuals[i] = (byte)(x[i] - b[i]);
                break;
            case 3:
                for (var i = 0; i < x.Length; i++)
                    residuals[i] = (byte)(x[i] - ((a[i] + b[i]) >> 1));
                break;
            default:
                for (var i = 0; i < x.Length; i++)
                    residuals[i] = (byte)(x[i] - Paeth(a[i], b[i], c[i]));
                break;
        }

        long cost = 0;
        foreach (var residual in residuals)
            cost += Magnitude((sbyte)residual);
        return cost;
    }

    private static int Magnitude(int value)
    {
        var sign = value >> 31;
        return (value ^ sign) - sign;
    }

    private static int Paeth(int a, int b, int c)
    {
        var pa = Magnitude(b - c);
        var pb = Magnitude(a - c);
        var pc = Magnitude(a + b - c - c);
        return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
    }

    /// <summary>Writes one chunk with its length and check sum.</summary>
    internal static void WriteChunk(Stream output, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(word, data.Length);
        output.Write(word);
        output.Write(type);
        output.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(word, ~Crc(Crc(uint.MaxValue, type), data));
        output.Write(word);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (var value in data)
            crc = CrcTable[(byte)(crc ^ value)] ^ (crc >> 8);
        return crc;
    }

    private static uint[] BuildCrcTable()
    {
        var table = new uint[256];
        for (uint n = 0; n < table.Length; n++)
        {
            var c = n;
            for (var bit = 0; bit < 8; bit++)
                c = (c & 1) != 0 ? 0xEDB88320u ^ (c >> 1) : c >> 1;
            table[n] = c;
        }

        return table;
    }

    /// <summary>Cuts what zlib writes into IDAT chunks, so that the compressed picture is never held whole.</summary>
    private sealed class IdatStream(Stream output) : Stream
    {
        private readonly byte[] _buffer = new byte[64 * 1024];
        private int _used;

        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            while (!buffer.IsEmpty)
            {
                var taken = Math.Min(buffer.Length, _buffer.Length - _used);
                buffer[..taken].CopyTo(_buffer.AsSpan(_used));
                _used += taken;
                buffer = buffer[taken..];
                if (_used == _buffer.Length)
                    Emit();
            }
        }

        // A chunk ends when it is full or the picture does, not when zlib flushes.
        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                Emit();
            base.Dispose(disposing);
        }

        private void Emit()
        {
            if (_used == 0)
                return;
            var chunk = _buffer.AsSpan(0, _used);
            _used = 0;
            WriteChunk(output, "IDAT"u8, chunk);
        }
    }
}
