namespace PSImageGen.Core.Artifacts;

/// <summary>What the bytes of an image file say about it.</summary>
/// <param name="Format">Lower case: png, jpeg, webp, gif, bmp, avif or heic.</param>
/// <param name="Extension">The usual file extension without a dot: jpg for jpeg, otherwise the format.</param>
/// <param name="MediaType">For example image/png.</param>
/// <param name="Width">Width in pixels as stored, before any rotation the metadata asks for; at least 1.</param>
/// <param name="Height">Height in pixels as stored; at least 1.</param>
/// <param name="Complete">False when the file visibly ends too early. True is no promise that every pixel decodes.</param>
public sealed record ImageInfo(string Format, string Extension, string MediaType, int Width, int Height, bool Complete)
{
    /// <summary>Whether the metadata of a JPEG ask that it be shown turned or mirrored.</summary>
    public bool Turned { get; init; }
}

/// <summary>Recognizes image files by their bytes and reads their size without decoding them.</summary>
public static partial class ImageProbe
{
    // More pieces than any honest file has; a file that needs more is called incomplete.
    private const int MaxPieces = 1 << 20;
    private const int MaxBoxes = 4096;
    private const int JpegTail = 256 * 1024;

    /// <summary>
    /// Identifies the image in a stream, whatever its name says. Reads from the stream's beginning, a few kilobytes at a time, and puts
    /// the position back. Hostile bytes never make it throw: they are no known image, or an incomplete one.
    /// </summary>
    /// <param name="stream">A readable, seekable stream of any length.</param>
    /// <returns>What was found, or null when this is no known image or its header does not hold a size.</returns>
    /// <exception cref="ArgumentException">The stream cannot seek or read.</exception>
    /// <exception cref="IOException">The stream itself failed.</exception>
    public static ImageInfo? Identify(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanSeek || !stream.CanRead)
            throw new ArgumentException("The stream must be readable and seekable.", nameof(stream));
        var position = stream.Position;
        try
        {
            return Identify(new Window(stream));
        }
        finally
        {
            stream.Position = position;
        }
    }

    private static ImageInfo? Identify(Window file)
    {
        if (file.Is(0, "\x89PNG\r\n\x1a\n"))
            return Png(file);
        if (file.Is(0, "\xff\xd8\xff"))
            return Jpeg(file);
        if (file.Is(0, "RIFF") && file.Is(8, "WEBP"))
            return WebP(file);
        if (file.Is(0, "GIF87a") || file.Is(0, "GIF89a"))
            return Gif(file);
        if (file.Is(4, "ftyp"))
            return IsoMedia(file);
        return file.Is(0, "BM") ? Bmp(file) : null;
    }

    private static ImageInfo? Found(string format, long width, long height, bool complete) =>
        width is < 1 or > int.MaxValue || height is < 1 or > int.MaxValue
            ? null
            : new ImageInfo(format, format == "jpeg" ? "jpg" : format, "image/" + format, (int)width, (int)height, complete);

    private static ImageInfo? Png(Window file)
    {
        if (!file.Is(12, "IHDR"))
            return null;
        var complete = false;
        var data = false;
        var at = 8L;
        for (var piece = 0; piece < MaxPieces && file.Has(at, 12); piece++)
        {
            data |= file.Is(at + 4, "IDAT");
            var next = at + 12 + file.U32(at);
            if (file.Is(at + 4, "IEND"))
            {
                complete = data && next <= file.Length;
                break;
            }

            at = next;
        }

        return Found("png", file.U32(16), file.U32(20), complete);
    }

    private static ImageInfo? Jpeg(Window file)
    {
        long width = 0, height = 0;
        var turned = false;
        var at = 2L;
        for (var piece = 0; piece < MaxPieces && file.Has(at, 4) && file.U8(at) == 0xFF; piece++)
        {
            var marker = file.U8(at + 1);
            if (marker == 0xFF)
            {
                at++;
                continue;
            }

            if (marker is 0x01 or (>= 0xD0 and <= 0xD7))
            {
                at += 2;
                continue;
            }

            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
                (height, width) = (file.U16(at + 5), file.U16(at + 7));
            if (marker == 0xE1 && file.Is(at + 4, "Exif\0\0"))
                turned |= ExifOrientation(file, at + 10) is > 1 and <= 8;
            var length = file.U16(at + 2);
            if (marker is 0x00 or 0xD8 or 0xD9 || length < 2)
                break;
            at += 2 + length;
            if (marker == 0xDA)
                return Found("jpeg", width, height, HasJpegEnd(file, at)) is { } found ? found with { Turned = turned } : null;
        }

        return Found("jpeg", width, height, false);
    }

    // The tag 0x0112 in the first directory of the TIFF structure that Exif is; 0 where it says nothing.
    private static int ExifOrientation(Window file, long tiff)
    {
        var little = file.Is(tiff, "II");
        int Word(long at) => little ? file.U16Le(at) : file.U16(at);
        var directory = tiff + (little ? file.U32Le(tiff + 4) : file.U32(tiff + 4));
        for (var entry = 0; entry < Word(directory); entry++)
        {
            var at = directory + 2 + (entry * 12L);
            if (Word(at) == 0x0112)
                return Word(at + 8);
        }

        return 0;
    }

    // Scan data never holds FF D9 (FF is stuffed), so the mark is looked for behind the scan's start only: a thumbnail has one of its own.
    // Padding, metadata or a second picture may follow it.
    private static bool HasJpegEnd(Window file, long scan)
    {
        for (var at = file.Length - 2; at >= Math.Max(scan, file.Length - JpegTail); at--)
        {
            if (file.U8(at) == 0xFF && file.U8(at + 1) == 0xD9)
                return true;
        }

        return false;
    }

    private static ImageInfo? WebP(Window file)
    {
        var complete = file.Length >= 8L + file.U32Le(4);
        if (file.Is(12, "VP8 ") && file.Is(23, "\x9d\x01\x2a"))
            return Found("webp", file.U16Le(26) & 0x3FFF, file.U16Le(28) & 0x3FFF, complete && file.Length >= 20L + file.U32Le(16));
        if (file.Is(12, "VP8L") && file.Is(20, "\x2f") && file.Has(21, 4))
        {
            var bits = file.U32Le(21);
            return Found("webp", (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1, complete && file.Length >= 20L + file.U32Le(16));
        }

        return file.Is(12, "VP8X") && file.Has(24, 6)
            ? Found("webp", (file.U32Le(24) & 0xFFFFFF) + 1, (file.U32Le(26) >> 8) + 1, complete)
            : null;
    }

    private static ImageInfo? Gif(Window file) => Found("gif", file.U16Le(6), file.U16Le(8), HasGifEnd(file));

    private static bool HasGifEnd(Window file)
    {
        var at = 13L + ColourTable(file.U8(10));
        for (var piece = 0; piece < MaxPieces && file.Has(at, 1); piece++)
        {
            switch (file.U8(at))
            {
                case 0x3B:
                    return true;
                case 0x21:
                    at += 2;
                    break;
                case 0x2C:
                    at += 11 + ColourTable(file.U8(at + 9));
                    break;
                default:
                    return false;
            }

            for (; file.U8(at) != 0 && piece < MaxPieces; piece++)
                at += 1 + file.U8(at);
            at++;
        }

        return false;
    }

    private static int ColourTable(int flags) => (flags & 0x80) != 0 ? 3 << ((flags & 7) + 1) : 0;

    private static ImageInfo? Bmp(Window file)
    {
        var header = file.U32Le(14);
        if (header == 12)
            return BmpOf(file, file.U16Le(18), file.U16Le(20), file.U16Le(22), file.U16Le(24), 0);
        if (header is not (40 or 52 or 56 or 64 or 108 or 124))
            return null;
        // A negative height says that the rows run from the top.
        return BmpOf(file, (int)file.U32Le(18), Math.Abs((long)(int)file.U32Le(22)), file.U16Le(26), file.U16Le(28), file.U32Le(30));
    }

    private static ImageInfo? BmpOf(Window file, long width, long height, int planes, int bits, uint compression)
    {
        if (planes != 1 || bits is not (1 or 2 or 4 or 8 or 16 or 24 or 32))
            return null;
        // Run-length data has no size to reckon, there the header's own word must do.
        var needed = compression is 0 or 3 or 6 ? file.U32Le(10) + (double)((width * bits + 31) / 32 * 4) * height : file.U32Le(2);
        return Found("bmp", width, height, file.Length >= needed);
    }
}
