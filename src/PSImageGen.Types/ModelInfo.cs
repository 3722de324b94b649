namespace PSImageGen;

/// <summary>What is known of a model.</summary>
public sealed record ModelInfo
{
    /// <summary>The provider's id.</summary>
    public required string Provider { get; init; }

    /// <summary>The id to give to <c>-Model</c>.</summary>
    public required string Model { get; init; }

    /// <summary>Other names of it, such as dated snapshots.</summary>
    public IReadOnlyList<string> Aliases { get; init => field = Lists.Indexable(value); } = [];

    /// <summary>What it can do, in a roundabout way too.</summary>
    public required IReadOnlyList<ImageOperation> Operations { get; init => field = Lists.Indexable(value); }

    /// <summary>What of it is done in a roundabout way, by operation or <c>References</c>, each with the words that say how.</summary>
    public IReadOnlyDictionary<string, string> Emulated { get; init; } = new Dictionary<string, string>();

    /// <summary>Which sizes it makes, in words.</summary>
    public required string Sizes { get; init; }

    /// <summary>The longest prompt in characters; null when the vendor states none.</summary>
    public int? MaxPrompt { get; init; }

    /// <summary>How many reference images it takes.</summary>
    public int MaxReferences { get; init; }

    /// <summary>How many pictures one call can make; for more there are more calls under the same question.</summary>
    public int PerCall { get; init; } = 1;

    /// <summary>The file formats that can be asked for; empty where the model decides.</summary>
    public IReadOnlyList<ImageFormat> Formats { get; init => field = Lists.Indexable(value); } = [];

    /// <summary>The words it knows for quality.</summary>
    public IReadOnlyList<string> Qualities { get; init => field = Lists.Indexable(value); } = [];

    /// <summary>Whether a seed can be given.</summary>
    public bool Seed { get; init; }

    /// <summary>What a picture of the default size costs; null when it is not known, 0 only where nothing is paid.</summary>
    public decimal? Price { get; init; }

    /// <summary>The most to expect for it.</summary>
    public decimal? PriceMax { get; init; }

    /// <summary><c>USD</c> or <c>credits</c>.</summary>
    public string Currency { get; init; } = "USD";

    /// <summary>Where the price was read.</summary>
    public string? PriceSource { get; init; }

    /// <summary>When the price was read, as <c>yyyy-MM-dd</c>.</summary>
    public string? PriceDate { get; init; }

    /// <summary>What it is good for, in a few words.</summary>
    public string? BestFor { get; init; }

    /// <summary>The use cases for which it is recommended.</summary>
    public IReadOnlyList<ImageUseCase> UseCases { get; init => field = Lists.Indexable(value); } = [];

    /// <summary>The operations for which its provider uses it when no model is named.</summary>
    public IReadOnlyList<ImageOperation> IsDefaultFor { get; init => field = Lists.Indexable(value); } = [];

    /// <summary>Whether a call can be made: the provider's key is present, or none is needed.</summary>
    public bool Configured { get; init; }

    /// <summary>Why it is recommended, where a use case was asked for.</summary>
    public string? Reason { get; init; }
}
