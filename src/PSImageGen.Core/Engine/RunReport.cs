using PSImageGen.Core.Tasks;

namespace PSImageGen.Core.Engine;

/// <summary>How a run ended, or stands.</summary>
/// <param name="Record">What is on disk.</param>
/// <param name="RecordPath">Where.</param>
/// <param name="Error">Why not all pictures are there; null when they are, or when nobody waited for them.</param>
public sealed record RunReport(RunRecord Record, string RecordPath, ImageError? Error)
{
    /// <summary>Whether there are pictures to hand over.</summary>
    public bool HasImages => Record.Delivered > 0;

    /// <summary>The result with the pictures that are on disk.</summary>
    public ImageResult ToResult() => new()
    {
        RunId = Record.RunId,
        BatchId = Record.BatchId,
        Index = Record.Index,
        TaskId = Record.TaskId,
        Status = Record.Status,
        Provider = Record.Provider,
        Model = Record.Model,
        Operation = Record.Operation,
        Prompt = Record.Prompt,
        Requested = Record.Requested,
        Delivered = Record.Delivered,
        Quote = Record.Quote,
        Cost = Paid,
        Duration = Duration,
        Attempts = Record.Attempts(),
        Parents = Record.Parents,
        RecordPath = RecordPath,
        Images = [.. Record.Images.Select(i => new ImageFile
        {
            Path = i.Path,
            Url = i.Url,
            Width = i.Width,
            Height = i.Height,
            Format = i.Format,
            Sha256 = i.Sha256,
            Seed = i.Seed,
            ExpiresAt = i.ExpiresAt,
        })],
    };

    /// <summary>The run as the ledger knows it.</summary>
    public ImageTask ToTask() => new()
    {
        RunId = Record.RunId,
        BatchId = Record.BatchId,
        Index = Record.Index,
        TaskId = Record.TaskId,
        Status = Record.Status,
        Provider = Record.Provider,
        Model = Record.Model,
        Operation = Record.Operation,
        Prompt = Record.Prompt,
        Requested = Record.Requested,
        Delivered = Record.Delivered,
        Quote = Record.Quote,
        Cost = Paid,
        Duration = Duration,
        Attempts = Record.Attempts(),
        Parents = Record.Parents,
        RecordPath = RecordPath,
        Error = Error ?? Record.Error,
        Submits = [.. Record.Tasks.Select(t => new ImageSubmit { TaskId = t.TaskId, Status = t.Status, Count = t.Count })],
        CreatedAt = Record.Timestamps.Created,
        UpdatedAt = Record.Timestamps.Updated,
    };

    private decimal? Paid => Record.Cost is { } cost && cost.Currency == Record.Quote.Currency ? cost.Amount : null;

    private TimeSpan Duration => (Record.Timestamps.Finished ?? Record.Timestamps.Updated) - Record.Timestamps.Created;
}

/// <summary>Where the Engine tells what it is doing. Called from any thread; must not block.</summary>
public interface IRunObserver
{
    /// <summary>A run moved on.</summary>
    void Progress(RunProgress progress);

    /// <summary>Something the user should know.</summary>
    void Warn(string text);

    /// <summary>Something the user may want to know.</summary>
    void Verbose(string text);
}

/// <summary>Where a run stands.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Provider">Who makes it.</param>
/// <param name="Status">The step.</param>
/// <param name="Word">The vendor's own word.</param>
/// <param name="Percent">0 to 100 where known.</param>
public sealed record RunProgress(string RunId, string Provider, ImageTaskStatus Status, string? Word = null, double? Percent = null);
