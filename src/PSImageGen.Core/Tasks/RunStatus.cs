namespace PSImageGen.Core.Tasks;

/// <summary>What the tasks of a run say together.</summary>
public static class RunStatus
{
    /// <summary>An open task keeps the run open; then what is unknown, then what was delivered, then why not.</summary>
    public static ImageTaskStatus Of(IReadOnlyList<TaskRecord> tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        ReadOnlySpan<ImageTaskStatus> order =
        [
            ImageTaskStatus.Running, ImageTaskStatus.Downloading, ImageTaskStatus.Queued, ImageTaskStatus.Submitting, ImageTaskStatus.Planned,
            ImageTaskStatus.Unknown, ImageTaskStatus.Succeeded, ImageTaskStatus.Failed, ImageTaskStatus.Canceled,
        ];
        foreach (ImageTaskStatus status in order)
        {
            if (tasks.Any(t => t.Status == status))
                return status;
        }

        return ImageTaskStatus.Planned;
    }

    /// <summary>What the tasks cost together; null while none says so, or where their currencies differ.</summary>
    public static Cost? CostOf(IReadOnlyList<TaskRecord> tasks)
    {
        // What no picture costs is a vendor's slip, and must not break the sum.
        Cost[] costs = [.. tasks.Select(t => t.Cost).OfType<Cost>().Where(c => c.Amount is >= 0 and < 1_000_000)];
        return costs.Length > 0 && costs.All(c => c.Currency == costs[0].Currency) ? costs[0] with { Amount = costs.Sum(c => c.Amount) } : null;
    }

    /// <summary>Whether a run will not change any more by itself.</summary>
    public static bool IsSettled(this ImageTaskStatus status) => status is ImageTaskStatus.Succeeded or ImageTaskStatus.Failed or ImageTaskStatus.Canceled;

    /// <summary>Whether any order of a run may cost something; false only where all were certainly not accepted, or never sent.</summary>
    public static bool MayHaveCost(this RunRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        // The quote is that of the last one asked; an error knows of its own.
        return record.Tasks.Any(t => t.Error is { MayHaveBeenCharged: true }) || (!record.Quote.IsFree && record.Tasks.Any(MayHaveCost));
    }

    /// <summary>How many pictures of a run may or may not be under way: of those still missing, as many as orders of unknown outcome were for.</summary>
    public static int UnknownPictures(this RunRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return Math.Min(record.Requested - record.Delivered, record.Tasks.Where(t => t.Status == ImageTaskStatus.Unknown).Sum(t => t.Count));
    }

    /// <summary>The record once something else stands for what is unknown: nobody is to look for that or order it again. Its error still says that it may have been billed.</summary>
    public static RunRecord WithoutUnknown(this RunRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return record with { Tasks = [.. record.Tasks.Select(t => t.Status == ImageTaskStatus.Unknown ? t with { Status = ImageTaskStatus.Failed } : t)] };
    }

    /// <summary>Whether one order may cost something.</summary>
    public static bool MayHaveCost(this TaskRecord task)
    {
        ArgumentNullException.ThrowIfNull(task);
        // What was unknown without a word of why (its process was killed) and is replaced by another order has no error.
        bool replaced = task is { Status: ImageTaskStatus.Failed, Error: null, Sends: > 0 };
        return task.Error is { MayHaveBeenCharged: true } || (task.Estimate?.Amount != 0
            && (replaced || task.Handle is not null || task.Pictures.Count > 0 || task.Status is not (ImageTaskStatus.Planned or ImageTaskStatus.Canceled or ImageTaskStatus.Failed)));
    }

    /// <summary>Whether a record that was read is one of ours, with all that the code relies on.</summary>
    public static bool IsWhole(this RunRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return record is { Schema: 1, RunId: not null, Provider: not null, Model: not null, Quote: not null, Destination.Name: not null, Timestamps: not null, Parents: not null, Images: not null, Tasks.Count: > 0 }
            && record.Images.All(i => i is { Path: not null })
            && record.Tasks.All(t => t is { Provider: not null, Model: not null, Pictures: not null } && t.Pictures.All(p => p is not null) && (t.Handle is null || t.Handle.TaskId is not null));
    }

    /// <summary>Refuses a run that is not finished.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>.</exception>
    public static void RequireSettled(this RunRecord record, string recordPath)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (!record.Status.IsSettled())
            throw Errors.NotFinished(record.RunId, record.Status, recordPath);
    }

    /// <summary>What is left of a record whose owner is gone: what was being sent is unknown, what was only planned was never sent.</summary>
    public static RunRecord AfterOwner(this RunRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (!record.Tasks.Any(t => t.Status is ImageTaskStatus.Submitting))
            return record;
        TaskRecord[] tasks = [.. record.Tasks.Select(t => t.Status == ImageTaskStatus.Submitting ? t with { Status = ImageTaskStatus.Unknown } : t)];
        return record with { Tasks = tasks, Status = Of(tasks) };
    }
}
