using PSImageGen.Core.Providers;
using PSImageGen.Core.Tasks;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Engine;

/// <summary>Looks for tasks in the vendors' own lists: one whose answer was lost, or finished ones that no ledger knows.</summary>
internal sealed class FindStep
{
    // Clocks of this machine and of the vendor may differ by that much.
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Lately = TimeSpan.FromHours(24);

    private readonly Transport _transport;
    private readonly TransportLimits _limits;

    public FindStep(Transport transport, TransportLimits limits)
    {
        _transport = transport;
        _limits = limits;
    }

    /// <summary>Looks for the task of an order whose answer was not seen: the same prompt and model, not before the order, and nobody else's.</summary>
    public async Task RunAsync(RunScope scope, int index, Provider provider, Endpoint endpoint, Ledger ledger)
    {
        TaskRecord task = scope.Task(index);
        if (await ListAsync(provider, endpoint, task.Model, scope.Observer, scope.Ending).ConfigureAwait(false) is not { } list)
        {
            scope.Fail(index, null, VendorErrors.MayBeListed(task.Error ?? VendorErrors.NeverSeen(provider.Profile, task, scope.RunId), provider.Profile, scope.RunId));
            return;
        }

        // The id may have been noted as this run's by a process that died before it was on the record.
        bool IsTaken(string taskId) => scope.Entry.Record.Tasks.Any(t => t.TaskId == taskId) || ledger.KnowsTask(provider.Profile.Id, taskId, otherThan: scope.Entry.Folder.RecordPath);
        FoundTask? found = list
            .Where(f => f.Prompt is not null && f.Prompt == task.Prompt && (f.Model is null || f.Model == task.Model) && (f.Created is null || f.Created >= task.Submitted - Skew) && !IsTaken(f.Handle.TaskId))
            .MinBy(f => f.Created);
        if (found is null)
        {
            scope.Fail(index, null, VendorErrors.NotListed(provider.Profile, scope.RunId));
            return;
        }

        scope.Observer.Verbose($"{provider.Profile.Id} lists the job {found.Handle.TaskId} with this prompt: it is taken up.");
        scope.Entry.UpdateTask(index, t => t with { Status = ImageTaskStatus.Queued, Handle = found.Handle, Error = null });
    }

    /// <summary>Finished tasks of late that nobody here knows.</summary>
    public async Task<IReadOnlyList<ImageTask>> OrphansAsync(IReadOnlyList<(Provider Provider, Endpoint Endpoint)> vendors, Ledger ledger, IRunObserver observer, CancellationToken cancel)
    {
        List<ImageTask> orphans = [];
        foreach ((Provider provider, Endpoint endpoint) in vendors)
        {
            HashSet<string> seen = [];
            foreach (string model in Lists(provider))
            {
                orphans.AddRange((await ListAsync(provider, endpoint, model, observer, cancel).ConfigureAwait(false) ?? [])
                    .Where(f => f.Finished && f.Created > DateTimeOffset.UtcNow - Lately && !ledger.KnowsTask(provider.Profile.Id, f.Handle.TaskId) && seen.Add(f.Handle.TaskId))
                    .Select(f => Orphan(provider.Profile.Id, f.Model ?? model, f)));
            }
        }

        return orphans;
    }

    /// <summary>The handle of a task of which only the id is known; null when the vendor lists no such one.</summary>
    public async Task<TaskHandle?> HandleAsync(Provider provider, Endpoint endpoint, string taskId, IRunObserver observer, CancellationToken cancel)
    {
        foreach (string model in Lists(provider))
        {
            if ((await ListAsync(provider, endpoint, model, observer, cancel).ConfigureAwait(false))?.FirstOrDefault(f => f.Handle.TaskId == taskId) is { } found)
                return found.Handle;
        }

        return null;
    }

    // A model for each list there is: some vendors have one for all.
    private static IEnumerable<string> Lists(Provider provider) =>
        provider.Catalogue.Models.Where(m => m.Retired is null).Select(m => m.Id).Where(m => provider.Recent(m) is not null).DistinctBy(m => provider.Recent(m)!.Address);

    // Null where the vendor does not tell now, which is no word on what it has.
    private async Task<IReadOnlyList<FoundTask>?> ListAsync(Provider provider, Endpoint endpoint, string model, IRunObserver observer, CancellationToken cancel)
    {
        try
        {
            VendorAnswer answer = await _transport.ExchangeAsync(endpoint, provider.Recent(model)!, [], null, null, _limits.Headers, cancel).ConfigureAwait(false);
            if (!provider.IsRefusal(answer))
                return provider.ReadRecent(model, answer);
            ImageError why = VendorErrors.Of(Guarded.Classify(provider, answer) with { Acceptance = Acceptance.Refused }, provider.Profile, model, string.Empty, endpoint.Credential?.Reveal());
            observer.Warn(Words.Sentences(Words.Of($"{provider.Profile.Id} did not list its jobs."), why.Message, why.Recommendation));
        }
        catch (ExchangeException e)
        {
            observer.Warn(Words.Of($"{provider.Profile.Id} did not list its jobs: {e.Message}"));
        }

        return null;
    }

    private static ImageTask Orphan(string provider, string model, FoundTask found) => new()
    {
        RunId = string.Empty,
        TaskId = found.Handle.TaskId,
        // Finished there, and not fetched.
        Status = ImageTaskStatus.Downloading,
        Provider = provider,
        Model = model,
        Operation = ImageOperation.Generate,
        Prompt = found.Prompt,
        Requested = 1,
        Quote = new Quote { Provider = provider, Model = model, Operation = ImageOperation.Generate, Count = 1 },
        RecordPath = string.Empty,
        CreatedAt = found.Created ?? default,
        UpdatedAt = found.Created ?? default,
    };
}
