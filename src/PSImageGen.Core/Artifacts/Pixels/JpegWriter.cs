using System.Buffers;
using System.Runtime.CompilerServices;
using JpegLibrary;

namespace PSImageGen.Core.Artifacts.Pixels;

/// <summary>Writes small pictures as baseline JPEG files, colour at full resolution (4:4:4). Transparency is not kept.</summary>
internal static class JpegWriter
{
    /// <summary>The bytes of a file.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="quality">From 1 to 100, as the JPEG standard's tables are scaled.</param>
    public static byte[] Write(PixelImage image, int quality)
    {
        ArrayBufferWriter<byte> file = new(1024 + (image.Width * image.Height / 4));
        JpegEncoder encoder = new();
        encoder.SetQuantizationTable(JpegStandardQuantizationTable.ScaleByQuality(JpegStandardQuantizationTable.GetLuminanceTable(JpegElementPrecision.Precision8Bit, 0), quality));
        encoder.SetQuantizationTable(JpegStandardQuantizationTable.ScaleByQuality(JpegStandardQuantizationTable.GetChrominanceTable(JpegElementPrecision.Precision8Bit, 1), quality));
        encoder.SetHuffmanTable(true, 0, JpegStandardHuffmanEncodingTable.GetLuminanceDCTable());
        encoder.SetHuffmanTable(false, 0, JpegStandardHuffmanEncodingTable.GetLuminanceACTable());
        encoder.SetHuffmanTable(true, 1, JpegStandardHuffmanEncodingTable.GetChrominanceDCTable());
        encoder.SetHuffmanTable(false, 1, JpegStandardHuffmanEncodingTable.GetChrominanceACTable());
        encoder.AddComponent(1, 0, 0, 0, 1, 1);
        encoder.AddComponent(2, 1, 1, 1, 1, 1);
        encoder.AddComponent(3, 1, 1, 1, 1, 1);
        encoder.SetInputReader(new Blocks(image));
        encoder.SetOutput(file);
        encoder.Encode();
        return file.WrittenSpan.ToArray();
    }

    // Gives blocks of 8 x 8 samples at full resolution as Y Cb Cr (JFIF, in 16.16 fixed point).
    private sealed class Blocks : JpegBlockInputReader
    {
        private readonly PixelImage _image;
        private readonly byte[][] _planes;

        public Blocks(PixelImage image)
        {
            _image = image;
            int pixels = image.Width * image.Height;
            _planes = [new byte[pixels], new byte[pixels], new byte[pixels]];
            for (int i = 0; i < pixels; i++)
            {
                int r = image.Rgba[i * 4], g = image.Rgba[(i * 4) + 1], b = image.Rgba[(i * 4) + 2];
                _planes[0][i] = Byte((19595 * r) + (38470 * g) + (7471 * b));
                _planes[1][i] = Byte((-11059 * r) - (21709 * g) + (32768 * b) + (128 << 16));
                _planes[2][i] = Byte((32768 * r) - (27439 * g) - (5329 * b) + (128 << 16));
            }
        }

        public override int Width => _image.Width;

        public override int Height => _image.Height;

        // Beyond the edges the last row and column go on.
        public override void ReadBlock(ref short blockRef, int componentIndex, int x, int y)
        {
            for (int row = 0; row < 8; row++)
            {
                int line = Math.Min(y + row, Height - 1) * Width;
                for (int column = 0; column < 8; column++)
                    Unsafe.Add(ref blockRef, (row * 8) + column) = _planes[componentIndex][line + Math.Min(x + column, Width - 1)];
            }
        }

        private static byte Byte(int fixedPoint) => (byte)Math.Clamp((fixedPoint + 32768) >> 16, 0, 255);
    }
}
