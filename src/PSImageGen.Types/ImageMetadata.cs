using System.Collections.Specialized;

namespace PSImageGen;

/// <summary>Where it was read how a picture was made.</summary>
public enum ImageMetadataSource
{
    /// <summary>Nowhere: nothing is known.</summary>
    None,
    /// <summary>In the file, written by this module.</summary>
    File,
    /// <summary>In the file, written by another program: the text <c>parameters</c> of a PNG, or IPTC's properties in XMP.</summary>
    OtherProgram,
    /// <summary>On the record of the run, in the folder <c>.artifacts</c> beside the picture.</summary>
    Record,
}

/// <summary>What is known of how a picture was made.</summary>
public sealed record ImageMetadata
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>The real type of its bytes.</summary>
    public required string Format { get; init; }

    /// <summary>Width in pixels.</summary>
    public int Width { get; init; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; init; }

    /// <summary>SHA-256 of the file, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Where it was read.</summary>
    public ImageMetadataSource Source { get; init; }

    /// <summary>Whether the file carries signed content credentials (C2PA) of its maker. They are not checked here.</summary>
    public bool HasContentCredentials { get; init; }

    /// <summary>The program that wrote it down.</summary>
    public string? Software { get; init; }

    /// <summary>The run that made it.</summary>
    public string? RunId { get; init; }

    /// <summary>The provider.</summary>
    public string? Provider { get; init; }

    /// <summary>The model.</summary>
    public string? Model { get; init; }

    /// <summary>What was done.</summary>
    public ImageOperation? Operation { get; init; }

    /// <summary>The prompt; null where only its hash was kept.</summary>
    public string? Prompt { get; init; }

    /// <summary>SHA-256 of the prompt in UTF-8, lower-case hexadecimal.</summary>
    public string? PromptSha256 { get; init; }

    /// <summary>The seed of this picture.</summary>
    public long? Seed { get; init; }

    /// <summary>What it cost, or was expected to; null where that is not known.</summary>
    public decimal? Cost { get; init; }

    /// <summary><c>USD</c> or <c>credits</c>.</summary>
    public string? Currency { get; init; }

    /// <summary>Whether the cost is the price as shown before the call.</summary>
    public bool CostIsEstimate { get; init; }

    /// <summary>When it was ordered.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The pictures it was made from; with a path or link only where that is known here and still the same picture.</summary>
    public IReadOnlyList<ImageParent> Parents { get; init => field = Lists.Indexable(value); } = [];

    /// <summary>What was asked for, by the names of the parameters, to be given to a command again.</summary>
    public OrderedDictionary Request { get; init; } = [];
}
