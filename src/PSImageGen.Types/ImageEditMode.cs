namespace PSImageGen;

/// <summary>How a picture is edited.</summary>
public enum ImageEditMode
{
    /// <summary>The whole picture is changed by the prompt.</summary>
    Img2Img,
    /// <summary>The part that is white in the mask is made anew.</summary>
    Inpaint,
    /// <summary>The picture is continued beyond its borders.</summary>
    Outpaint,
}
