namespace PSImageGen;

/// <summary>One delivered picture.</summary>
public sealed record ImageFile
{
    /// <summary>Where it lies on disk.</summary>
    public required string Path { get; init; }

    /// <summary>The vendor's link to it, when it gave one.</summary>
    public Uri? Url { get; init; }

    /// <summary>Width in pixels.</summary>
    public int Width { get; init; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; init; }

    /// <summary>The real type of the bytes: <c>png</c>, <c>jpeg</c>, <c>webp</c> …</summary>
    public required string Format { get; init; }

    /// <summary>SHA-256 of the file, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The seed that made it, where the vendor tells.</summary>
    public long? Seed { get; init; }

    /// <summary>When the vendor's link dies.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Path;
}

/// <summary>One submit of a run at the vendor.</summary>
public sealed record ImageSubmit
{
    /// <summary>The vendor's task id; null while none is known.</summary>
    public string? TaskId { get; init; }

    /// <summary>Where this submit stands.</summary>
    public required ImageTaskStatus Status { get; init; }

    /// <summary>How many pictures it is to bring.</summary>
    public int Count { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{TaskId ?? "(no id)"} {Status}";
}

/// <summary>One provider that was asked for a run, and what came of it.</summary>
public sealed record ImageAttempt
{
    /// <summary>The provider.</summary>
    public required string Provider { get; init; }

    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>What came of it.</summary>
    public required ImageTaskStatus Status { get; init; }

    /// <summary>Why it did not make the pictures; null when it did, or may still.</summary>
    public ImageError? Error { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Error is null ? $"{Provider} {Model}: {Status}" : $"{Provider} {Model}: {Status} ({Error.Id})";
}

/// <summary>What every view of a run tells.</summary>
public abstract record ImageRun
{
    /// <summary>The run's own id; ids sort by time.</summary>
    public required string RunId { get; init; }

    /// <summary>The id shared by the rows of one batch.</summary>
    public string? BatchId { get; init; }

    /// <summary>The position of the input it came from, from 0.</summary>
    public int Index { get; init; }

    /// <summary>The vendor's id of the (first) task; null where the vendor gives none.</summary>
    public string? TaskId { get; init; }

    /// <summary>Where the run stands.</summary>
    public required ImageTaskStatus Status { get; init; }

    /// <summary>The provider that made it.</summary>
    public required string Provider { get; init; }

    /// <summary>The model that made it.</summary>
    public required string Model { get; init; }

    /// <summary>What was done.</summary>
    public required ImageOperation Operation { get; init; }

    /// <summary>The prompt as the user gave it.</summary>
    public string? Prompt { get; init; }

    /// <summary>How many pictures were asked for.</summary>
    public int Requested { get; init; }

    /// <summary>How many arrived.</summary>
    public int Delivered { get; init; }

    /// <summary>What was expected to be paid, as shown before the call.</summary>
    public required Quote Quote { get; init; }

    /// <summary>What was paid as far as the vendor tells, in the currency of <see cref="Quote"/>; null when it does not tell.</summary>
    public decimal? Cost { get; init; }

    /// <summary>From the first step to the last.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The providers that were asked, in order: the last one made it, or was to; the others say why they did not.</summary>
    public IReadOnlyList<ImageAttempt> Attempts { get; init => field = Lists.Indexable(value); } = [];

    /// <summary>The pictures it was made from.</summary>
    public IReadOnlyList<ImageParent> Parents { get; init => field = Lists.Indexable(value); } = [];

    /// <summary>The run's <c>result.json</c>.</summary>
    public required string RecordPath { get; init; }
}

/// <summary>A finished run with its pictures.</summary>
public sealed record ImageResult : ImageRun
{
    /// <summary>The first picture.</summary>
    public string? Path => Images.Count > 0 ? Images[0].Path : null;

    /// <summary>The pictures in the order of the vendor.</summary>
    public IReadOnlyList<ImageFile> Images { get; init => field = Lists.Indexable(value); } = [];
}

/// <summary>A run as the ledger knows it, finished or not.</summary>
public sealed record ImageTask : ImageRun
{
    /// <summary>Why it ended without (all) its pictures.</summary>
    public ImageError? Error { get; init; }

    /// <summary>Each submit with its own id and state.</summary>
    public IReadOnlyList<ImageSubmit> Submits { get; init => field = Lists.Indexable(value); } = [];

    /// <summary>When the run was recorded.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its state last changed.</summary>
    public DateTimeOffset UpdatedAt { get; init; }
}
