namespace PSImageGen.Core.Requests;

/// <summary>What an input image is for.</summary>
public enum ImageRole
{
    /// <summary>The picture that is changed, continued or made larger.</summary>
    Source,
    /// <summary>Which part of the source is made anew: white means change, black means keep.</summary>
    Mask,
    /// <summary>The picture whose look is taken over.</summary>
    Style,
    /// <summary>A picture to follow: a face, a product, a place.</summary>
    Reference,
}

/// <summary>An input image and what it is for.</summary>
/// <param name="Role">What it is for.</param>
/// <param name="Image">The image.</param>
public sealed record RequestInput(ImageRole Role, InputImage Image);
