using PSImageGen.Core.Planning;
using PSImageGen.Core.Requests;

namespace PSImageGen.Core.Artifacts.Pixels;

/// <summary>Works on an input image as the model wants it.</summary>
internal static class InputPreparation
{
    /// <summary>Writes the image made ready, as a PNG; one that needs nothing is given back as it is.</summary>
    /// <param name="input">The image, a local file, and what is to be done to it.</param>
    /// <param name="shape">The call.</param>
    /// <param name="open">Opens the file to write to.</param>
    /// <param name="path">Where that file is.</param>
    /// <exception cref="AIImageException"><c>InvalidImage</c>: its pixels cannot be read.</exception>
    public static InputImage Write(PlannedInput input, CallShape shape, Func<Stream> open, string path)
    {
        PixelImage image;
        try
        {
            using FileStream file = new(input.Image.Path!, FileMode.Open, FileAccess.Read, FileShare.Read);
            image = PixelImage.Read(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw Errors.ImageUnreadable(input.Image.Path!, e);
        }

        if (input.Preparation is Preparation.WhiteMask or Preparation.AlphaMask && !PixelTools.HasWhite(image))
            throw Errors.MaskWithoutWhite(input.Image);
        if (input.Preparation == Preparation.WhiteMask && !image.HasAlpha)
            return input.Image;
        bool alpha = shape.Model.Mask == MaskKind.Alpha;
        PixelImage result = input.Preparation switch
        {
            Preparation.WhiteMask => PixelTools.OpaqueMask(image),
            Preparation.AlphaMask => PixelTools.AlphaMask(image),
            Preparation.Canvas => PixelTools.Canvas(image, shape.Margins, alpha),
            _ when alpha => PixelTools.AlphaMask(PixelTools.CanvasMask(image.Size, shape.Margins)),
            _ => PixelTools.CanvasMask(image.Size, shape.Margins),
        };
        using (Stream output = open())
            result.WritePng(output);
        return InputImage.From(path);
    }
}
