using PSImageGen.Core.Artifacts.Pixels;

namespace PSImageGen.Core.Artifacts.Gallery;

/// <summary>A small picture inside a page.</summary>
/// <param name="Source">A <c>data:</c> address.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
internal sealed record Thumbnail(string Source, int Width, int Height)
{
    private const int Quality = 82;

    // Kinds whose pixels are not read here go in as they are, up to this.
    private const int MaxBytesAsIs = 2 * 1024 * 1024;

    /// <summary>The picture of a file, its longer side no longer than that; null where there is none that a page could show.</summary>
    public static Thumbnail? Of(string path, int longest)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (ImageProbe.Identify(file) is not { Complete: true } info)
                return null;
            return info is { Format: "png" or "jpeg", Turned: false } ? Small(PixelImage.Read(file), longest) : AsIs(file, info);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }

    private static Thumbnail Small(PixelImage image, int longest)
    {
        double scale = Math.Min(1, (double)longest / Math.Max(image.Width, image.Height));
        PixelImage small = PixelTools.Scale(image, Math.Max(1, (int)Math.Round(image.Width * scale)), Math.Max(1, (int)Math.Round(image.Height * scale)));
        if (!small.HasAlpha)
            return new Thumbnail(Data("image/jpeg", JpegWriter.Write(small, Quality)), small.Width, small.Height);
        using MemoryStream png = new();
        small.WritePng(png);
        return new Thumbnail(Data("image/png", png.ToArray()), small.Width, small.Height);
    }

    private static Thumbnail? AsIs(FileStream file, ImageInfo info)
    {
        if (file.Length > MaxBytesAsIs || info.Format is not ("png" or "jpeg" or "webp" or "gif" or "avif"))
            return null;
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return new Thumbnail(Data(info.MediaType, bytes), info.Width, info.Height);
    }

    private static string Data(string type, byte[] bytes) => $"data:{type};base64,{Convert.ToBase64String(bytes)}";
}
