using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tasks;

namespace PSImageGen.Core.Engine;

/// <summary>The records runs begin with.</summary>
internal static class NewRun
{
    /// <summary>The first record of a request.</summary>
    public static RunRecord Of(ImageRequest request, RunOptions options, Candidate candidate) => new()
    {
        RunId = options.RunId,
        BatchId = options.BatchId,
        Index = options.Index,
        Provider = candidate.Quote.Provider,
        Model = candidate.Quote.Model,
        Operation = request.Operation,
        Prompt = request.Prompt,
        Request = request.ToJson(),
        Quote = candidate.Quote,
        Requested = request.Count,
        Parents = [.. request.ReferenceImages.Select(i => i.ToString())],
        Destination = new Destination(options.Name),
        Tasks = TasksOf(candidate),
    };

    /// <summary>The first record of a task that was ordered elsewhere.</summary>
    public static RunRecord Adopted(string provider, TaskHandle handle, RunOptions options, string model, string? prompt) => new()
    {
        RunId = options.RunId,
        BatchId = options.BatchId,
        Provider = provider,
        Model = model,
        Prompt = prompt,
        Operation = ImageOperation.Generate,
        Quote = new Quote { Provider = provider, Model = model, Operation = ImageOperation.Generate, Count = 1 },
        Requested = 1,
        Destination = new Destination(options.Name),
        Tasks = [new TaskRecord { Provider = provider, Model = model, Count = 1, Handle = handle, Status = ImageTaskStatus.Queued }],
    };

    /// <summary>The orders a candidate needs: as many pictures each as one call can make.</summary>
    public static TaskRecord[] TasksOf(Candidate candidate)
    {
        int count = candidate.Shape.Request.Count, each = candidate.Shape.Model.MaxPerCall;
        long? seed = candidate.Shape.Request.Seed ?? (candidate.Provider.Profile.Deterministic ? 0 : null);
        return [.. Enumerable.Range(0, (count + each - 1) / each).Select(i => new TaskRecord
        {
            Provider = candidate.Quote.Provider,
            Model = candidate.Quote.Model,
            Count = Math.Min(each, count - (i * each)),
            Prompt = candidate.Shape.Prompt,
            // The same seed twice would buy the same picture twice.
            Seed = seed + (i * each),
        })];
    }
}
