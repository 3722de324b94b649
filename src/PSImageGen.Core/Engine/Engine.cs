using PSImageGen.Core.Artifacts;
using PSImageGen.Core.Credentials;
using PSImageGen.Core.Gate;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tasks;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Engine;

/// <summary>
/// Carries out approved calls: record intent → submit → record the task id → follow → download → check → write → result. It owns
/// time, retries, cancellation, the ledger and the files, for every provider alike.
/// </summary>
public sealed partial class Engine : IDisposable
{
    private static readonly TimeSpan SettleTime = TimeSpan.FromMilliseconds(800);

    private readonly EngineOptions _options;
    private readonly TimeProvider _clock;
    private readonly Transport _transport;
    private readonly Ledger _ledger;
    private readonly SemaphoreSlim _slots;
    private readonly InputStep _inputs;
    private readonly SubmitStep _submit;
    private readonly FindStep _find;
    private readonly FollowStep _follow;
    private readonly CollectStep _collect;
    private readonly CancelStep _cancel;
    private int _working;
    private bool _disposed;

    /// <summary>Starts an engine.</summary>
    public Engine(EngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _clock = options.Clock;
        _transport = new Transport(options.Proxy, options.Limits);
        _ledger = new Ledger(options.Index, _clock);
        _slots = new SemaphoreSlim(options.ThrottleLimit);
        Resend resend = new(_clock, options.FirstBackoff);
        _inputs = new InputStep(_transport, resend, options);
        _submit = new SubmitStep(_transport, resend, _clock);
        _find = new FindStep(_transport, options.Limits);
        _follow = new FollowStep(_transport, resend, options.Limits, _clock);
        _collect = new CollectStep(_transport, resend, _clock);
        _cancel = new CancelStep(_transport, options.Limits);
    }

    /// <summary>The ledger.</summary>
    public Ledger Ledger => _ledger;

    /// <summary>Carries out a call.</summary>
    /// <param name="call">What the user agreed to.</param>
    /// <param name="options">Where the files go and how long it may take.</param>
    /// <param name="observer">Who listens.</param>
    /// <param name="stop">The user wants to stop: nothing new is sent, waits end at once and can be taken up again; an answer already paid for is still read to disk in the background.</param>
    /// <param name="row">The row of a batch that it is for; null where no batch was named.</param>
    /// <exception cref="AIImageException">Nothing was sent: the run could not begin.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public Task<RunReport> RunAsync(ApprovedCall call, RunOptions options, IRunObserver observer, CancellationToken stop, BatchRow? row = null) =>
        DetachableAsync(() => CarryOutAsync(call, options, row, observer, stop), stop);

    /// <summary>Goes on with a run that was left: waits, fetches, writes. Costs nothing.</summary>
    /// <exception cref="AIImageException"><c>RecordInvalid</c>, <c>CredentialMissing</c>, or somebody else looks after it.</exception>
    public Task<RunReport> ResumeAsync(string recordPath, TimeSpan timeout, IRunObserver observer, CancellationToken stop) =>
        DetachableAsync(() => GoOnAsync(recordPath, timeout, holdUnknown: false, observer, stop), stop);

    /// <summary>Goes on with the run of a row of a batch, as <see cref="ResumeAsync"/> does, unless its outcome is unknown: then nothing is sent, and the error says how to go on.</summary>
    /// <exception cref="AIImageException">As there.</exception>
    public Task<RunReport> TakeUpAsync(string recordPath, TimeSpan? timeout, IRunObserver observer, CancellationToken stop) =>
        DetachableAsync(() => GoOnAsync(recordPath, timeout, holdUnknown: true, observer, stop), stop);

    /// <summary>Sends the orders of a run again whose outcome is unknown, after a fresh consent. The first ones may have been billed.</summary>
    /// <param name="call">What the user agreed to: made from <see cref="Redraft.Of"/> of the same record.</param>
    /// <param name="recordPath">The record.</param>
    /// <param name="timeout">The longest wait; null for the default of the provider.</param>
    /// <param name="observer">Who listens.</param>
    /// <param name="stop">The user wants to stop.</param>
    public Task<RunReport> ResubmitAsync(ApprovedCall call, string recordPath, TimeSpan? timeout, IRunObserver observer, CancellationToken stop) =>
        DetachableAsync(async () =>
        {
            ArgumentNullException.ThrowIfNull(call);
            using RunEntry entry = Begin(call, () => Reopen(call, recordPath));
            // The first orders stay unknown until what takes their place is there: it may be refused.
            int known = entry.Record.Tasks.Count(t => t.Status != ImageTaskStatus.Planned);
            using RunScope scope = new(entry, observer, _clock, TimeoutOf(timeout, call.Plan.Candidates[0].Provider.Profile), stop);
            await OrderAllAsync(scope, call, noWait: false).ConfigureAwait(false);
            TaskRecord[] again = [.. entry.Record.Tasks.Skip(known)];
            if (again.All(t => t.Status == ImageTaskStatus.Succeeded))
                entry.Update(r => r.WithoutUnknown());
            else if (scope.ErrorOf(entry.Record.Tasks.Count - 1) is { MayHaveBeenCharged: false } refusal)
                observer.Warn(Words.Of($"It was not ordered again ({(refusal.VendorMessage ?? refusal.Message).TrimEnd('.', '。')}). What was ordered first stays on record as unknown."));
            if (!again.Any(t => t.MayHaveCost()))
                call.Reservation.Release();
            return Settled(call, RunEnd.Of(scope));
        }, stop);

    /// <summary>Takes up a task that no ledger knows: records it here, then waits, fetches and writes. Costs nothing.</summary>
    /// <param name="provider">Who made it.</param>
    /// <param name="taskId">The vendor's id.</param>
    /// <param name="options">Where the files go and how long it may take.</param>
    /// <param name="observer">Who listens.</param>
    /// <param name="stop">The user wants to stop.</param>
    /// <param name="model">The model, where known.</param>
    /// <param name="prompt">The prompt, where known.</param>
    /// <exception cref="AIImageException"><c>Unsupported</c>: the provider gives no task ids; <c>CredentialMissing</c>; <c>NotFound</c>: it does not know the task, and nothing is recorded.</exception>
    public Task<RunReport> AdoptAsync(string provider, string taskId, RunOptions options, IRunObserver observer, CancellationToken stop, string model = "", string? prompt = null) =>
        DetachableAsync(async () =>
        {
            ArgumentNullException.ThrowIfNull(options);
            Provider owner = _options.Registry.Get(provider);
            if (!owner.GivesTasks)
                throw Errors.NoTasks(owner.Profile.Id);
            TaskHandle handle = owner.HandleOf(taskId)
                ?? await _find.HandleAsync(owner, EndpointOf(new TaskRecord { Provider = owner.Profile.Id, Model = string.Empty, Count = 1 }), taskId, observer, stop).ConfigureAwait(false)
                ?? throw Errors.TaskNotListed(owner.Profile.Id, taskId);
            RunReport report;
            using (RunEntry entry = _ledger.Create(options, NewRun.Adopted(owner.Profile.Id, handle, options, model, prompt)))
                report = await FollowAllAsync(entry, TimeoutOf(options.Timeout, owner.Profile), observer, stop).ConfigureAwait(false);
            if (report is not { Error.Id: ImageErrorId.NotFound, Record.Status: ImageTaskStatus.Queued })
                return report;
            // Never seen there: a record of it would only stand in the way of the right id or key.
            _ledger.Remove(report.RecordPath);
            throw Errors.TaskNotListed(owner.Profile.Id, taskId);
        }, stop);

    /// <summary>Cancels the open tasks of a run at the vendor, then asks how they stand.</summary>
    /// <exception cref="AIImageException"><c>Unsupported</c>: the vendor has no cancelling; or the vendor's own refusal.</exception>
    public async Task<RunReport> CancelAsync(string recordPath, IRunObserver observer, CancellationToken stop)
    {
        RunRecord known = WithProviders(Ledger.Read(recordPath), recordPath);
        ImageError? refusal = null;
        foreach (TaskRecord task in known.Tasks.Where(t => t.IsOpen && t.Handle is not null))
            refusal = await _cancel.RunAsync(task, known.RunId, recordPath, ProviderOf(task), EndpointOf(task), stop).ConfigureAwait(false) ?? refusal;

        // What has ended in the meantime cannot be cancelled, and need not be.
        RunReport report = await DetachableAsync(() => LookAsync(recordPath, observer, stop, canceled: refusal is null), stop).ConfigureAwait(false);
        return refusal is not null && report.Record.Tasks.Any(t => t.Status is ImageTaskStatus.Queued or ImageTaskStatus.Running) ? throw new AIImageException(refusal) : report;
    }

    /// <summary>Finished tasks of the last hours, at the vendors that list them, that no ledger here knows.</summary>
    public Task<IReadOnlyList<ImageTask>> OrphansAsync(IRunObserver observer, CancellationToken stop) =>
        _find.OrphansAsync(
            [.. _options.Registry.Providers.Where(p => _options.Surroundings.IsConfigured(p.Profile) && p.Recent(p.Catalogue.Models[0].Id) is not null)
                .Select(p => (p, new Endpoint(p.Profile, _options.Surroundings.BaseUrl(p.Profile), _options.Surroundings.FindCredential(p.Profile))))],
            _ledger, observer, stop);

    /// <summary>Asks the provider once how a run stands and writes that down; fetches nothing.</summary>
    public Task<RunReport> AskAsync(string recordPath, IRunObserver observer, CancellationToken stop) =>
        DetachableAsync(() => LookAsync(recordPath, observer, stop), stop);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_slots)
        {
            _disposed = true;
            if (_working > 0)
                return;
        }

        _transport.Dispose();
    }

    private async Task<RunReport> DetachableAsync(Func<Task<RunReport>> work, CancellationToken stop)
    {
        lock (_slots)
            _working++;
        Task<RunReport> task = Task.Run(work, CancellationToken.None);
        _ = task.ContinueWith(t =>
        {
            _ = t.Exception;
            lock (_slots)
            {
                if (--_working > 0 || !_disposed)
                    return;
            }

            _transport.Dispose();
        }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        try
        {
            return await task.WaitAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Waits end at once and leave their record; only a paid answer in flight takes longer, and that one goes on without us.
            await Task.WhenAny(task, Task.Delay(SettleTime, CancellationToken.None)).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<RunReport> CarryOutAsync(ApprovedCall call, RunOptions options, BatchRow? row, IRunObserver observer, CancellationToken stop)
    {
        Candidate first = call.Plan.Candidates[0];
        using RunEntry entry = Begin(call, () =>
        {
            stop.ThrowIfCancellationRequested();
            DiskSpace.Check(options.OutputDirectory, first.Shape);
            RunEntry Create() => _ledger.Create(options, NewRun.Of(call, options) with { Content = row?.Content });
            return row is null ? Create() : row.Create(Create);
        });
        using RunScope scope = new(entry, observer, _clock, TimeoutOf(options.Timeout, first.Provider.Profile), stop);
        await OrderAllAsync(scope, call, options.NoWait).ConfigureAwait(false);
        return Settled(call, RunEnd.Of(scope));
    }

    private static RunReport Settled(ApprovedCall call, RunReport report)
    {
        call.Reservation.Settle(report.Record, report.RecordPath);
        return report;
    }

    // A run that cannot begin costs nothing.
    private static RunEntry Begin(ApprovedCall call, Func<RunEntry> open)
    {
        try
        {
            RunEntry entry = open();
            call.Reservation.Begin();
            return entry;
        }
        catch
        {
            call.Reservation.Release();
            throw;
        }
    }

    private RunEntry Reopen(ApprovedCall call, string recordPath)
    {
        RunEntry entry = _ledger.Open(recordPath);
        try
        {
            // What was planned and never sent was not in the question: it must not be ordered along.
            Salvage.Run(entry);
            // While the question was open somebody else may have ordered already.
            if (entry.Record.UnknownPictures() != call.Plan.Request.Count)
                throw Errors.NothingUnknown(entry.Record.RunId, recordPath);
            if (entry.Record.BookedOn is { } before && call.Reservation.Day is { } now)
                _ledger.Bookings.Move(before, now, recordPath);
            entry.Update(r => NewRun.HandedTo(call.Plan.Candidates[0], r) with
            {
                Project = call.Reservation.Project ?? r.Project,
                BookedOn = call.Reservation.Day ?? r.BookedOn,
                Error = null,
            });
            return entry;
        }
        catch
        {
            entry.Dispose();
            throw;
        }
    }

    private async Task FollowAndCollectAsync(RunScope scope, int index, Provider provider, Endpoint endpoint, bool askAtOnce)
    {
        if (scope.Task(index).Status != ImageTaskStatus.Downloading)
            await _follow.RunAsync(scope, index, provider, endpoint, askAtOnce).ConfigureAwait(false);
        if (scope.Task(index).Status != ImageTaskStatus.Downloading)
            return;
        bool linkDied = await _collect.RunAsync(scope, index, provider, endpoint).ConfigureAwait(false);
        if (!linkDied || scope.Task(index).Handle is null)
            return;

        // Where the vendor still holds the job it may give a fresh link; asked once.
        await _follow.AskOnceAsync(scope, index, provider, endpoint).ConfigureAwait(false);
        if (scope.Task(index) is { Status: ImageTaskStatus.Downloading, Error: null })
            await _collect.RunAsync(scope, index, provider, endpoint).ConfigureAwait(false);
    }

    private async Task<RunReport> GoOnAsync(string recordPath, TimeSpan? timeout, bool holdUnknown, IRunObserver observer, CancellationToken stop)
    {
        RunRecord known = Ledger.Read(recordPath);
        if (known.Status.IsSettled())
            return new RunReport(known, recordPath, RunEnd.WhyNot(known, recordPath));
        _ = WithProviders(known, recordPath);
        using RunEntry entry = _ledger.Open(recordPath);
        // What arrived whole before a process was killed is no longer unknown.
        Salvage.Run(entry);
        ProviderProfile profile = ProviderOf(entry.Record.Tasks[^1]).Profile;
        if (holdUnknown && entry.Record.Status == ImageTaskStatus.Unknown)
            return new RunReport(entry.Record, recordPath, RunEnd.WhyNot(entry.Record, recordPath) ?? VendorErrors.NeverSeen(profile, entry.Record.Tasks[^1], known.RunId));
        return await FollowAllAsync(entry, TimeoutOf(timeout, profile), observer, stop).ConfigureAwait(false);
    }

    private async Task<RunReport> FollowAllAsync(RunEntry entry, TimeSpan timeout, IRunObserver observer, CancellationToken stop)
    {
        using RunScope scope = new(entry, observer, _clock, timeout, stop);
        for (int i = 0; i < entry.Record.Tasks.Count; i++)
        {
            TaskRecord task = entry.Record.Tasks[i];
            if (task.Status != ImageTaskStatus.Unknown)
                continue;
            Provider provider = ProviderOf(task);
            if (task.ClientId is not null && provider.HandleOfClientId(task.ClientId) is { } handle)
                entry.UpdateTask(i, t => t with { Status = ImageTaskStatus.Queued, Handle = handle, Error = null });
            else if (provider.Recent(task.Model) is not null)
                await _find.RunAsync(scope, i, provider, EndpointOf(task), _ledger).ConfigureAwait(false);
            if (scope.Task(i) is { Status: ImageTaskStatus.Unknown, Error: null })
                scope.Fail(i, null, VendorErrors.NeverSeen(provider.Profile, task, scope.RunId));
        }

        int[] open = [.. Enumerable.Range(0, entry.Record.Tasks.Count).Where(i => entry.Record.Tasks[i].IsOpen)];
        (int Index, Provider Provider, Endpoint Endpoint)[] work = [.. open.Select(i => (i, ProviderOf(entry.Record.Tasks[i]), EndpointOf(entry.Record.Tasks[i])))];
        await Task.WhenAll(work.Select(async w =>
        {
            try
            {
                await _slots.WaitAsync(scope.Ending).ConfigureAwait(false);
                try
                {
                    scope.Begin();
                    await FollowAndCollectAsync(scope, w.Index, w.Provider, w.Endpoint, askAtOnce: true).ConfigureAwait(false);
                }
                finally
                {
                    _slots.Release();
                }
            }
            catch (OperationCanceledException)
            {
                scope.Interrupt(w.Index, w.Provider.Profile);
            }
            catch (AIImageException e)
            {
                scope.Interrupt(w.Index, w.Provider.Profile, e.Error);
            }
            catch (Exception e)
            {
                scope.Interrupt(w.Index, w.Provider.Profile, Errors.Unexpected(e).Error);
            }
        })).ConfigureAwait(false);
        return RunEnd.Of(scope);
    }

    private async Task<RunReport> LookAsync(string recordPath, IRunObserver observer, CancellationToken stop, bool canceled = false)
    {
        RunRecord known = Ledger.Read(recordPath);
        if (!known.Tasks.Any(t => t.Status is ImageTaskStatus.Queued or ImageTaskStatus.Running && t.Handle is not null))
            return new RunReport(known, recordPath, known.Error);
        _ = WithProviders(known, recordPath);
        RunEntry entry;
        try
        {
            entry = _ledger.Open(recordPath);
        }
        catch (AIImageException e) when (e.Error.Id == ImageErrorId.InvalidRequest)
        {
            // Somebody looks after it already, so the record is fresh.
            return new RunReport(known, recordPath, known.Error);
        }

        using (entry)
        {
            using RunScope scope = new(entry, observer, _clock, _options.Limits.Headers, stop);
            for (int i = 0; i < entry.Record.Tasks.Count; i++)
            {
                TaskRecord task = entry.Record.Tasks[i];
                if (task.Status is ImageTaskStatus.Queued or ImageTaskStatus.Running)
                    await _follow.AskOnceAsync(scope, i, ProviderOf(task), EndpointOf(task), canceled).ConfigureAwait(false);
            }

            return new RunReport(entry.Record, recordPath, Enumerable.Range(0, entry.Record.Tasks.Count).Select(scope.ErrorOf).FirstOrDefault(e => e is not null));
        }
    }

    private TimeSpan TimeoutOf(TimeSpan? given, ProviderProfile profile) => given ?? _options.Surroundings.Timeout(profile) ?? RunOptions.DefaultTimeout;

    // One that the user registered may have been taken away since.
    private RunRecord WithProviders(RunRecord record, string recordPath) =>
        record.Tasks.FirstOrDefault(t => (t.IsOpen || t.Status == ImageTaskStatus.Unknown) && _options.Registry.Find(t.Provider) is null) is not { } orphan
            ? record
            : throw _options.Registry.Unreadable.GetValueOrDefault(orphan.Provider) ?? Errors.ProviderGone(orphan.Provider, orphan.TaskId, record.RunId, recordPath);

    private Provider ProviderOf(TaskRecord task) => _options.Registry.Get(task.Provider);

    private Endpoint EndpointOf(TaskRecord task)
    {
        ProviderProfile profile = ProviderOf(task).Profile;
        Credential? credential = _options.Surroundings.FindCredential(profile);
        return credential is null && profile.CredentialNames.Count > 0 && task.Status != ImageTaskStatus.Downloading
            ? throw Errors.CredentialMissing(profile)
            : new Endpoint(profile, _options.Surroundings.BaseUrl(profile), credential);
    }
}
