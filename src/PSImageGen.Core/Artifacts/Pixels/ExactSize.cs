using PSImageGen.Core.Requests;

namespace PSImageGen.Core.Artifacts.Pixels;

/// <summary>Brings a finished picture to the pixels or the shape that were promised.</summary>
internal static class ExactSize
{
    /// <summary>Replaces a file by the picture at another size, whole or not at all; a picture that cannot be worked on stays as it is.</summary>
    public static void Apply(string path, string? frame)
    {
        if (frame is null)
            return;
        string aside = path + ".exact";
        try
        {
            PixelImage image;
            using (FileStream input = new(path, FileMode.Open, FileAccess.Read, FileShare.Read))
            {
                if (ImageProbe.Identify(input) is not { Complete: true } info || IsMet(frame, info.Width, info.Height))
                    return;
                image = PixelImage.Read(input);
            }

            using (FileStream output = new(aside, FileMode.Create, FileAccess.Write, FileShare.None))
                PixelTools.Fit(image, Target(frame, image.Size)).WritePng(output);
            File.Move(aside, path, overwrite: true);
        }
        catch (Exception)
        {
            // Whatever goes wrong, too little memory among it: what is paid for is kept as it came.
            Tasks.AtomicFile.TryDelete(aside);
        }
    }

    /// <summary>Whether a picture has the pixels or the shape.</summary>
    public static bool IsMet(string frame, int width, int height) => Target(frame, new ImageSize(width, height)) == new ImageSize(width, height);

    // Of a shape, the most that the picture has of it.
    private static ImageSize Target(string frame, ImageSize made) =>
        ImageSize.TryParse(frame, out ImageSize size) ? size : AspectRatio.TryParse(frame, out AspectRatio ratio) ? ratio.Inside(made) : made;
}
