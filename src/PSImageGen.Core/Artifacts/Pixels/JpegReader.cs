using System.Runtime.CompilerServices;
using JpegLibrary;

namespace PSImageGen.Core.Artifacts.Pixels;

/// <summary>Reads JPEG files, grey or in colour, baseline or progressive. A rotation in the metadata is not applied.</summary>
internal static class JpegReader
{
    /// <summary>Reads one picture.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or of four colours as for print.</exception>
    public static PixelImage Read(Stream stream)
    {
        byte[] file = new byte[stream.Length - stream.Position];
        stream.ReadExactly(file);
        try
        {
            JpegDecoder decoder = new();
            decoder.SetInput(file);
            decoder.Identify();
            if (decoder.NumberOfComponents is not (1 or 3) || decoder.Precision != 8)
                throw new InvalidDataException(Words.Of("JPEG pictures of four colours, as for print, or of more than 8 bits cannot be read here."));
            PixelImage image = new(decoder.Width, decoder.Height);
            decoder.SetOutputWriter(new BlockWriter(image));
            decoder.Decode();
            ToRgb(image.Rgba, grey: decoder.NumberOfComponents == 1, rgb: IsRgb(file));
            return image;
        }
        catch (Exception e) when (e is not (InvalidDataException or OutOfMemoryException))
        {
            // The library fails in many ways at bytes that are no JPEG.
            throw new InvalidDataException(Words.Of("The JPEG is damaged."), e);
        }
    }

    // Y Cb Cr as JFIF defines it, in 16.16 fixed point.
    private static void ToRgb(byte[] pixels, bool grey, bool rgb)
    {
        for (int i = 0; i < pixels.Length; i += 4)
        {
            pixels[i + 3] = 255;
            if (grey)
            {
                pixels[i + 1] = pixels[i + 2] = pixels[i];
            }
            else if (!rgb)
            {
                int y = pixels[i] << 16, cb = pixels[i + 1] - 128, cr = pixels[i + 2] - 128;
                pixels[i] = Byte(y + (91881 * cr));
                pixels[i + 1] = Byte(y - (22554 * cb) - (46802 * cr));
                pixels[i + 2] = Byte(y + (116130 * cb));
            }
        }
    }

    private static byte Byte(int fixedPoint) => (byte)Math.Clamp((fixedPoint + 32768) >> 16, 0, 255);

    // Adobe's marker (APP14) says whether three components are R G B as they are.
    private static bool IsRgb(ReadOnlySpan<byte> file)
    {
        int at = file.IndexOf("Adobe"u8);
        return at > 4 && file[at - 4] == 0xFF && file[at - 3] == 0xEE && at + 11 < file.Length && file[at + 11] == 0;
    }

    // Takes the blocks of 8 x 8 samples, already brought to full resolution.
    private sealed class BlockWriter(PixelImage image) : JpegBlockOutputWriter
    {
        public override void WriteBlock(ref short blockRef, int componentIndex, int x, int y)
        {
            if (componentIndex > 2)
                return;
            int width = Math.Min(8, image.Width - x), height = Math.Min(8, image.Height - y);
            for (int row = 0; row < height; row++)
            {
                for (int column = 0; column < width; column++)
                    image.Rgba[((((y + row) * image.Width) + x + column) * 4) + componentIndex] = (byte)Math.Clamp((int)Unsafe.Add(ref blockRef, (row * 8) + column), 0, 255);
            }
        }
    }
}
