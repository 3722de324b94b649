using PSImageGen.Core.Gate;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tasks;

namespace PSImageGen.Core.Engine;

/// <summary>The records runs begin with.</summary>
internal static class NewRun
{
    /// <summary>The first record of a request.</summary>
    public static RunRecord Of(ApprovedCall call, RunOptions options) => Of(call.Plan.Request, options, call.Plan.Candidates[0]) with
    {
        Project = call.Reservation.Project,
        BookedOn = call.Reservation.Day,
    };

    private static RunRecord Of(ImageRequest request, RunOptions options, Candidate candidate) => new()
    {
        RunId = options.RunId,
        BatchId = options.BatchId,
        Index = options.Index,
        Provider = candidate.Quote.Provider,
        Model = candidate.Quote.Model,
        Operation = request.Operation,
        Prompt = request.Prompt.Length > 0 ? request.Prompt : null,
        Request = request.ToJson(),
        Quote = candidate.Quote,
        Requested = request.Count,
        Parents = [.. request.Inputs.Select(i => ParentOf(i, request))],
        Destination = new Destination(options.Name),
        Metadata = options.Metadata,
        Tasks = TasksOf(candidate),
    };

    /// <summary>The record once a candidate is asked next.</summary>
    public static RunRecord HandedTo(Candidate candidate, RunRecord record) => record with
    {
        Provider = candidate.Quote.Provider,
        Model = candidate.Quote.Model,
        Quote = candidate.Quote,
        Tasks = [.. record.Tasks, .. TasksOf(candidate)],
    };

    private static ImageParent ParentOf(RequestInput input, ImageRequest request) => new()
    {
        Role = input.Role.ToString().ToLowerInvariant(),
        Path = input.Image.Path,
        Url = input.Image.Url,
        Sha256 = input.Image.Path is null ? null : HexHash(input.Image.Path),
        RunId = input.Role == ImageRole.Source || (request.Operation == ImageOperation.Generate && input.Image == request.ReferenceImages[0]) ? request.ParentRunId : null,
    };

    /// <summary>SHA-256 of a file, lower-case hexadecimal; null where it cannot be read.</summary>
    public static string? HexHash(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(file)).ToLowerInvariant();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The step that sends it says why it cannot be read.
            return null;
        }
    }

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
        Metadata = options.Metadata,
        Tasks = [new TaskRecord { Provider = provider, Model = model, Count = 1, Handle = handle, Status = ImageTaskStatus.Queued }],
    };

    /// <summary>The orders a candidate needs: as many pictures each as one call can make.</summary>
    public static TaskRecord[] TasksOf(Candidate candidate)
    {
        int count = candidate.Shape.Request.Count, each = candidate.Shape.PerOrder;
        ProviderProfile profile = candidate.Provider.Profile;
        long? seed = candidate.Shape.Request.Seed ?? (profile.Deterministic ? 0
            : profile.SeedBelow is { } below && candidate.Shape.Model.Seed ? Random.Shared.NextInt64(below) : null);
        return [.. Enumerable.Range(0, (count + each - 1) / each).Select(i => new TaskRecord
        {
            Provider = candidate.Quote.Provider,
            Model = candidate.Quote.Model,
            Count = Math.Min(each, count - (i * each)),
            Prompt = candidate.Shape.Prompt.Length > 0 ? candidate.Shape.Prompt : null,
            // By which a job is found again: an answer that is the picture itself leaves no job.
            ClientId = candidate.Provider.IsSynchronous(candidate.Shape.Model) ? null : Guid.NewGuid().ToString("D"),
            ExactSize = candidate.Shape.ExactSize,
            Estimate = candidate.Quote.Amount is { } amount ? new Cost { Amount = amount * Math.Min(each, count - (i * each)) / count, Currency = candidate.Quote.Currency, Source = "estimate" } : null,
            // The same seed twice would buy the same picture twice.
            Seed = seed + (i * each),
        })];
    }
}
