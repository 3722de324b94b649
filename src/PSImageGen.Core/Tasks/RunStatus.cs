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
        Cost[] costs = [.. tasks.Select(t => t.Cost).OfType<Cost>()];
        return costs.Length > 0 && costs.All(c => c.Currency == costs[0].Currency) ? costs[0] with { Amount = costs.Sum(c => c.Amount) } : null;
    }

    /// <summary>Whether a run will not change any more by itself.</summary>
    public static bool IsSettled(this ImageTaskStatus status) => status is ImageTaskStatus.Succeeded or ImageTaskStatus.Failed or ImageTaskStatus.Canceled;

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
