using System.Text.Json.Nodes;

namespace PSImageGen.Core.Requests;

/// <summary>What the user typed, not yet checked. Null means "not given".</summary>
public sealed record RequestDraft
{
    /// <summary>What the picture shows.</summary>
    public string? Prompt { get; init; }

    /// <summary>What it must not show.</summary>
    public string? NegativePrompt { get; init; }

    /// <summary>The look, in words.</summary>
    public string? Style { get; init; }

    /// <summary>Pixels, as <c>1536x1024</c>.</summary>
    public string? Size { get; init; }

    /// <summary><c>1K</c>, <c>2K</c> or <c>4K</c>.</summary>
    public string? Resolution { get; init; }

    /// <summary>Width to height, as <c>16:9</c>.</summary>
    public string? AspectRatio { get; init; }

    /// <summary>Whether the size or shape is insisted on, so that the result is brought to it here where the model does not make it.</summary>
    public bool ExactSize { get; init; }

    /// <summary>How many pictures, 1 to 100.</summary>
    public int? Count { get; init; }

    /// <summary>The vendor's word for quality.</summary>
    public string? Quality { get; init; }

    /// <summary>The file format.</summary>
    public ImageFormat? Format { get; init; }

    /// <summary>The quality where none is given and the model has it.</summary>
    public string? DefaultQuality { get; init; }

    /// <summary>The file format where none is given and the model makes it.</summary>
    public ImageFormat? DefaultFormat { get; init; }

    /// <summary>The background.</summary>
    public ImageBackground? Background { get; init; }

    /// <summary>The seed of the first picture; the following ones count up from it.</summary>
    public long? Seed { get; init; }

    /// <summary>The full path or link of the picture that is worked on.</summary>
    public string? Image { get; init; }

    /// <summary>The full path or link of the mask: white means change, black means keep.</summary>
    public string? Mask { get; init; }

    /// <summary>The full path or link of the picture whose look is taken over.</summary>
    public string? StyleImage { get; init; }

    /// <summary>How much may change, 0 to 1: the strength of a change, the variance of variations.</summary>
    public double? Strength { get; init; }

    /// <summary>The run that made the first picture, where it came as a result.</summary>
    public string? ParentRunId { get; init; }

    /// <summary>How many times as wide and high, 2 or 4.</summary>
    public int? Scale { get; init; }

    /// <summary>Pixels to add on the left.</summary>
    public int? Left { get; init; }

    /// <summary>Pixels to add on the right.</summary>
    public int? Right { get; init; }

    /// <summary>Pixels to add above.</summary>
    public int? Up { get; init; }

    /// <summary>Pixels to add below.</summary>
    public int? Down { get; init; }

    /// <summary>Full paths or links of pictures to follow.</summary>
    public IReadOnlyList<string>? ReferenceImages { get; init; }

    /// <summary>How many of the last of them may stay behind where a model takes fewer.</summary>
    public int OptionalReferences { get; init; }

    /// <summary>The size of a picture to follow that is yet to be made, to plan with.</summary>
    public ImageSize? ExpectedReference { get; init; }

    /// <summary>How closely to follow them.</summary>
    public ConsistencyMode? ConsistencyMode { get; init; }

    /// <summary>Fields for the vendor, by the vendor's own names.</summary>
    public JsonObject? ProviderOptions { get; init; }

    /// <summary>Whether pictures on the way to the finished one are kept.</summary>
    public bool SavePartials { get; init; }
}
