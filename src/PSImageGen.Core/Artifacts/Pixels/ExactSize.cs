using PSImageGen.Core.Requests;

namespace PSImageGen.Core.Artifacts.Pixels;

/// <summary>Brings a finished picture to the pixels that were promised.</summary>
internal static class ExactSize
{
    /// <summary>Replaces a file by the picture at another size, whole or not at all; a picture that cannot be worked on stays as it is.</summary>
    public static void Apply(string path, string? size)
    {
        if (!ImageSize.TryParse(size, out ImageSize wish))
            return;
        string aside = path + ".exact";
        try
        {
            PixelImage image;
            using (FileStream input = new(path, FileMode.Open, FileAccess.Read, FileShare.Read))
            {
                if (ImageProbe.Identify(input) is not { Complete: true } info || (info.Width, info.Height) == (wish.Width, wish.Height))
                    return;
                image = PixelImage.Read(input);
            }

            using (FileStream output = new(aside, FileMode.Create, FileAccess.Write, FileShare.None))
                PixelTools.Fit(image, wish).WritePng(output);
            File.Move(aside, path, overwrite: true);
        }
        catch (Exception)
        {
            // Whatever goes wrong, too little memory among it: what is paid for is kept as it came.
            Tasks.AtomicFile.TryDelete(aside);
        }
    }
}
