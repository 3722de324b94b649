namespace PSImageGen;

/// <summary>What is done to make a picture.</summary>
public enum ImageOperation
{
    /// <summary>A picture from a sentence.</summary>
    Generate,
    /// <summary>A picture changed as a whole by a sentence.</summary>
    Img2Img,
    /// <summary>The masked part of a picture made anew.</summary>
    Inpaint,
    /// <summary>A picture continued beyond its borders.</summary>
    Outpaint,
    /// <summary>A picture made larger.</summary>
    Upscale,
    /// <summary>Alternatives of a picture.</summary>
    Vary,
    /// <summary>The look of one picture applied to another.</summary>
    Style,
}

/// <summary>Where a run stands. Written to disk before the next step begins.</summary>
public enum ImageTaskStatus
{
    /// <summary>Consented to and recorded; nothing has been sent.</summary>
    Planned,
    /// <summary>Being sent; the answer has not been seen.</summary>
    Submitting,
    /// <summary>Accepted by the vendor, waiting for its turn.</summary>
    Queued,
    /// <summary>The vendor is working on it.</summary>
    Running,
    /// <summary>Made; the pictures are being fetched.</summary>
    Downloading,
    /// <summary>The pictures are on disk.</summary>
    Succeeded,
    /// <summary>It ended without pictures.</summary>
    Failed,
    /// <summary>It was cancelled at the vendor.</summary>
    Canceled,
    /// <summary>It was sent but no usable answer was seen: it may have been made and billed.</summary>
    Unknown,
}

/// <summary>File formats that can be asked for.</summary>
public enum ImageFormat
{
    /// <summary>PNG, lossless.</summary>
    Png,
    /// <summary>JPEG.</summary>
    Jpeg,
    /// <summary>WebP.</summary>
    Webp,
}

/// <summary>What is behind the subject.</summary>
public enum ImageBackground
{
    /// <summary>The model decides.</summary>
    Auto,
    /// <summary>A filled background.</summary>
    Opaque,
    /// <summary>See-through.</summary>
    Transparent,
}

/// <summary>How closely reference images must be followed.</summary>
public enum ConsistencyMode
{
    /// <summary>Identity must hold; an error where the provider cannot promise it.</summary>
    Strict,
    /// <summary>The default: the references guide, the prompt decides.</summary>
    Balanced,
    /// <summary>The references inspire.</summary>
    Loose,
}

/// <summary>What a picture is for, where the model may be chosen by that.</summary>
public enum ImageUseCase
{
    /// <summary>People.</summary>
    Portrait,
    /// <summary>Things that are for sale.</summary>
    Product,
    /// <summary>Drawn and painted pictures.</summary>
    Illustration,
    /// <summary>A quick look before the real picture.</summary>
    Preview,
    /// <summary>Legible words in the picture, and the highest quality.</summary>
    TextInImage,
    /// <summary>Telling the model more than words can.</summary>
    Control,
    /// <summary>The picture soon.</summary>
    Speed,
    /// <summary>Many models and looks to choose from.</summary>
    Variety,
    /// <summary>The lowest price.</summary>
    Cost,
    /// <summary>Nothing leaves the user's own network.</summary>
    Privacy,
}
