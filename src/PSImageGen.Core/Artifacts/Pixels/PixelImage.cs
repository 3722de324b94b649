using PSImageGen.Core.Requests;

namespace PSImageGen.Core.Artifacts.Pixels;

/// <summary>A picture as pixels: rows from the top, pixels from the left, R G B A with 8 bits each, not premultiplied.</summary>
internal sealed class PixelImage
{
    /// <summary>The most pixels that are worked on here.</summary>
    public const long MaxPixels = 100_000_000;

    /// <summary>A picture of a size, all transparent black.</summary>
    public PixelImage(int width, int height)
    {
        Width = width;
        Height = height;
        Rgba = new byte[checked(width * height * 4)];
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>Width × height × 4 bytes.</summary>
    public byte[] Rgba { get; }

    /// <summary>Width and height.</summary>
    public ImageSize Size => new(Width, Height);

    /// <summary>Whether a pixel anywhere is not fully opaque.</summary>
    public bool HasAlpha
    {
        get
        {
            for (int i = 3; i < Rgba.Length; i += 4)
            {
                if (Rgba[i] != 255)
                    return true;
            }

            return false;
        }
    }

    /// <summary>Reads a PNG or JPEG.</summary>
    /// <param name="stream">A readable, seekable stream, at its beginning.</param>
    /// <exception cref="InvalidDataException">It is none, or damaged.</exception>
    public static PixelImage Read(Stream stream)
    {
        ImageInfo info = ImageProbe.Identify(stream) ?? throw new InvalidDataException(Words.Of("It is no known picture."));
        if ((long)info.Width * info.Height > MaxPixels)
            throw new InvalidDataException(Words.Of($"It has {info.Width}x{info.Height} pixels, too many to work on."));
        return info.Format switch
        {
            "png" => PngReader.Read(stream),
            "jpeg" => JpegReader.Read(stream),
            _ => throw new InvalidDataException(Words.Of($"The pixels of a {info.Format} picture cannot be read here.")),
        };
    }

    /// <summary>Writes it as a PNG, without the alpha channel where nothing is transparent.</summary>
    public void WritePng(Stream stream)
    {
        if (HasAlpha)
        {
            PngWriter.Write(stream, Width, Height, Rgba, 4);
            return;
        }

        byte[] rgb = new byte[Width * Height * 3];
        for (int from = 0, to = 0; to < rgb.Length; from += 4, to += 3)
            Rgba.AsSpan(from, 3).CopyTo(rgb.AsSpan(to));
        PngWriter.Write(stream, Width, Height, rgb, 3);
    }
}
