namespace PSImageGen.FakeProviders.Vendors.Bfl;

/// <summary>What a field holds.</summary>
internal enum BflType
{
    Text,
    Integer,
    Number,
    Boolean,
    Base64,
    Base64OrUrl,
    Format,
    Ratio,
    Link,
    Mode,
}

/// <summary>A field of a route's body.</summary>
internal sealed record BflField(string Name, BflType Type, double? Least = null, double? Most = null, int? MultipleOf = null)
{
    public bool Required { get; init; }

    public bool Nullable { get; init; } = true;
}

/// <summary>How the size of the picture comes about.</summary>
internal enum BflSizing
{
    /// <summary>Width and height, each else that of the first input.</summary>
    Flux2,

    /// <summary>Width and height with defaults.</summary>
    Flux1,

    /// <summary>A ratio at about 4 megapixels.</summary>
    UltraRatio,

    /// <summary>A ratio at about 1 megapixel, or the input's.</summary>
    KontextRatio,

    /// <summary>That of the input.</summary>
    AsInput,

    /// <summary>The input and its margins.</summary>
    Margins,

    /// <summary>Width and height as given: the canvas.</summary>
    Canvas,
}

/// <summary>A submit route.</summary>
/// <param name="First">US dollars for the picture, or its first megapixel.</param>
/// <param name="Further">US dollars for each further megapixel made.</param>
/// <param name="PerInput">US dollars for each megapixel read.</param>
internal sealed record BflRoute(
    string Path,
    BflSizing Sizing,
    string DefaultFormat,
    IReadOnlyList<BflField> Fields,
    decimal First,
    decimal Further = 0,
    decimal PerInput = 0)
{
    public int MostActive { get; init; } = 24;

    /// <summary>The credits charged.</summary>
    public decimal Cost(decimal inputMegapixels, decimal outputMegapixels)
    {
        decimal dollars = First + (decimal.Max(0, decimal.Ceiling(outputMegapixels) - 1) * Further) + (decimal.Ceiling(inputMegapixels) * PerInput);
        return decimal.Round(dollars * 100, 2) / 1.000m;
    }
}
