using PSImageGen.FakeProviders.Inputs;

namespace PSImageGen.FakeProviders.Vendors.Fal;

/// <summary>How the size of the picture comes about.</summary>
internal enum FalSizing
{
    /// <summary><c>image_size</c>, or <c>width</c> and <c>height</c>.</summary>
    Size,

    /// <summary><c>aspect_ratio</c>, with <c>resolution</c> where there is one.</summary>
    Ratio,

    /// <summary>The input times a factor.</summary>
    Scale,

    /// <summary>The input and its margins.</summary>
    Margins,
}

/// <summary>An endpoint and its inputs.</summary>
internal sealed record FalEndpoint(string Id, FalSizing Sizing, IReadOnlyList<InputField> Inputs, decimal Price, string Unit = "images")
{
    /// <summary>The format when the input has no <c>output_format</c>.</summary>
    public string Format { get; init; } = "jpeg";

    /// <summary>One <c>image</c> in place of the list of <c>images</c>.</summary>
    public bool IsSingle { get; init; }

    /// <summary>The answer has seed and <c>has_nsfw_concepts</c>, as FLUX models do.</summary>
    public bool IsFlux { get; init; } = true;

    /// <summary>The answer's pictures have width and height, not null.</summary>
    public bool TellsSize { get; init; } = true;

    public double Factor { get; init; } = 1;

    /// <summary>Least and most pixels of a size given as an object.</summary>
    public (long Least, long Most)? Pixels { get; init; }

    /// <summary>Owner and app: all that the links of a request hold of the endpoint.</summary>
    public string App => string.Join('/', Id.Split('/').Take(2));
}
