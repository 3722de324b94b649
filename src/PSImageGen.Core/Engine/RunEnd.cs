using PSImageGen.Core.Tasks;

namespace PSImageGen.Core.Engine;

/// <summary>How a run ends: what arrived, and why not all.</summary>
internal static class RunEnd
{
    /// <summary>Why a settled run has not all its pictures; null when it has.</summary>
    public static ImageError? WhyNot(RunRecord record, string recordPath) => record.Error ?? WhyNotAll(record, recordPath, i => record.Tasks[i].Error);

    /// <summary>Writes the last word of a run and reports it.</summary>
    public static RunReport Of(RunScope scope)
    {
        string path = scope.Entry.Folder.RecordPath;
        RunRecord record = scope.Entry.Record;
        record = record with { Delivered = record.Images.Count(i => File.Exists(i.Path)) };
        ImageError? error = scope.Stop.IsCancellationRequested && record.Tasks.Any(t => t.IsOpen) ? null : WhyNotAll(record, path, scope.ErrorOf);
        try
        {
            // Whoever was asked in place of an order of unknown outcome has brought its pictures.
            bool replaced = record.Delivered >= record.Requested;
            record = scope.Entry.Update(r => (replaced ? r.WithoutUnknown() : r) with { Error = error });
            if (!record.Tasks.Any(t => t.IsOpen || t.Status == ImageTaskStatus.Unknown))
                Salvage.Sweep(scope.Entry.Folder, all: record.Delivered >= record.Requested);
        }
        catch (AIImageException e)
        {
            error ??= e.Error with { RunId = scope.RunId, RecordPath = path };
        }

        return new RunReport(record, path, error);
    }

    // Of several reasons the one that may have cost money is the news.
    private static ImageError? WhyNotAll(RunRecord record, string recordPath, Func<int, ImageError?> errorOf)
    {
        if (record.Delivered >= record.Requested)
            return null;
        ImageError? error = Enumerable.Range(0, record.Tasks.Count).Reverse().Select(errorOf).OfType<ImageError>().OrderByDescending(e => e.MayHaveBeenCharged).FirstOrDefault()
            ?? (record.Tasks.Any(t => t.Status == ImageTaskStatus.Canceled) ? VendorErrors.NeverSent(record) : null);
        if (error is not null && record.Delivered > 0)
            error = error with { Message = Words.Sentences(Words.Of($"{record.Delivered} of {record.Requested} pictures arrived."), error.Message) };
        if (error is not null && record.MayHaveCost())
            error = error with { MayHaveBeenCharged = true };
        return error is null ? null : error with { RunId = record.RunId, RecordPath = recordPath };
    }
}
