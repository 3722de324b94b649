using System.Text.Json.Nodes;
using PSImageGen.Core.Artifacts;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tasks;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Engine;

/// <summary>Sends the order of one task. The one step that costs money.</summary>
internal sealed class SubmitStep
{
    private readonly Transport _transport;
    private readonly Resend _resend;
    private readonly TimeProvider _clock;

    public SubmitStep(Transport transport, Resend resend, TimeProvider clock)
    {
        _transport = transport;
        _resend = resend;
        _clock = clock;
    }

    /// <summary>Sends, and writes down what came of it.</summary>
    /// <returns>What the last answer proves when the order was not taken; null when it was.</returns>
    public async Task<Acceptance?> RunAsync(RunScope scope, int index, Candidate candidate, Inputs inputs, bool noWait)
    {
        TaskRecord task = scope.Task(index);
        Provider provider = candidate.Provider;
        Endpoint endpoint = new(provider.Profile, candidate.BaseUrl, candidate.Credential);
        ProviderCall call = new(candidate.Shape, task.Count, task.Seed, inputs.Images) { ClientId = task.ClientId };
        VendorRequest request = provider.Submit(call);
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(scope.Deadline);
        CancellationTokenRegistration stopping = default;

        OrderStream stream = new(scope, index, provider, endpoint, call)
        {
            OnAccepted = (data, accepted) =>
            {
                WriteAccepted(scope, index, provider, data, accepted);
                // From here on the task can be asked for again, so that a stop may end the stream.
                stopping = scope.Stop.Register(ending.Cancel);
                return !noWait;
            },
        };

        Pace pace = Pace.Of(endpoint);

        async ValueTask<Sending> SendAsync(CancellationToken cancel)
        {
            cancel.ThrowIfCancellationRequested();
            await pace.WaitAsync(provider.Profile.OrderRate, _clock, scope.DeadlineAt,
                wait => scope.Observer.Verbose($"{provider.Profile.Id}: it takes no more orders for now. Sending in {wait.TotalSeconds:0.#} s."), cancel).ConfigureAwait(false);
            scope.Entry.UpdateTask(index, t => t with { Status = ImageTaskStatus.Submitting, Submitted = _clock.GetUtcNow(), Sends = t.Sends + 1 });
            scope.Report(index);
            scope.Observer.Verbose($"{request.Method} {endpoint.Resolve(request)} ({call.Shape.Model.Id}, {call.Count} of {call.Shape.Request.Count} pictures)");
            try
            {
                // Once it has begun to leave, only the deadline ends this exchange: a stop must not throw away an answer that is paid for.
                VendorAnswer answer = await _transport.ExchangeAsync(endpoint, request, inputs.Files, part => scope.OpenPart(scope.Entry.Folder.EmbeddedPart(index, part)), stream.Events, null, ending.Token, scope.Stop).ConfigureAwait(false);
                pace.Learn(answer, _clock.GetUtcNow());
                if (!provider.IsRefusal(answer))
                    return new Sending(answer, null);
                Sending refused = new(answer, Guarded.ClassifySubmit(provider, call, answer), answer.RetryAfter(_clock.GetUtcNow()));
                if (refused is { Failure.Id: ImageErrorId.RateLimited, Wait: { } asked })
                    pace.Hold(_clock.GetUtcNow() + asked);
                return refused;
            }
            catch (Exception e) when (e is OperationCanceledException || (e is ExchangeException { Sent: false } && scope.Ending.IsCancellationRequested))
            {
                // Stopped, or out of time, before anything left this machine: it was never ordered.
                scope.Entry.UpdateTask(index, t => t with { Status = ImageTaskStatus.Planned });
                throw new OperationCanceledException(null, e, scope.Ending);
            }
            catch (AIImageException e) when (e.Error.Id == ImageErrorId.InvalidImage)
            {
                // An input went away, so that the message could not be made: nothing was sent.
                scope.Entry.UpdateTask(index, t => t with { Status = ImageTaskStatus.Planned });
                throw;
            }
            catch (ExchangeException e)
            {
                // A stream that broke after the id was seen is no loss: the task is followed by asking. And what it said before that still holds.
                return scope.Task(index).Handle is not null || stream.Outcome is not null ? new Sending(null, null) : new Sending(null, e.Sent ? Lost(e) : NeverLeft(e));
            }
            finally
            {
                await stopping.DisposeAsync().ConfigureAwait(false);
            }
        }

        Sending sending = await _resend.RunAsync(SendAsync, scope.DeadlineAt, (failed, wait) =>
        {
            // It is certain that nothing was accepted, so the record need not fear it.
            scope.Entry.UpdateTask(index, t => t with { Status = ImageTaskStatus.Planned });
            if (failed.Failure!.Id == ImageErrorId.RateLimited)
                pace.Hold(_clock.GetUtcNow() + wait);
            scope.Observer.Verbose($"{provider.Profile.Id}: {failed.Failure.Said} Sending again in {wait.TotalSeconds:0.#} s.");
        }, scope.Ending).ConfigureAwait(false);

        if (scope.Task(index).Handle is not null)
            return null;
        Cost? charged = null;
        if (stream.Outcome is { } outcome)
            sending = sending with { Answer = outcome.Event };
        if (sending.Failure is null)
        {
            switch (stream.Outcome?.Said ?? Guarded.ReadSubmit(provider, call, sending.Answer!))
            {
                case SubmitAnswer.Finished finished:
                    if (finished.Warning is { } warning)
                        scope.Observer.Warn(warning);
                    Write(scope, index, sending.Answer!, t => t with { Status = ImageTaskStatus.Downloading, Pictures = scope.Dated(finished.Pictures, provider.Profile), Cost = finished.Cost ?? t.Cost });
                    return null;
                case SubmitAnswer.Accepted accepted:
                    WriteAccepted(scope, index, provider, sending.Answer!, accepted);
                    return null;
                case SubmitAnswer.Refused refused:
                    // Even a no may cost.
                    (sending, charged) = (sending with { Failure = refused.Failure }, refused.Cost);
                    break;
            }
        }

        VendorFailure failure = sending.Failure!;
        ImageError error = VendorErrors.Of(failure, provider.Profile, call.Shape.Model.Id, scope.RunId, candidate.Credential?.Reveal());
        // A vendor that lists its jobs can be asked for this one.
        if (failure.Acceptance == Acceptance.Unknown && (provider.Recent(call.Shape.Model.Id) is not null || (task.ClientId is { } client && provider.HandleOfClientId(client) is not null)))
            error = VendorErrors.MayBeListed(error, provider.Profile, scope.RunId);
        if (sending.Answer is not null)
            Write(scope, index, sending.Answer, t => t with { Cost = charged ?? t.Cost });
        scope.Fail(index, failure.Acceptance == Acceptance.Unknown ? ImageTaskStatus.Unknown : ImageTaskStatus.Failed, error);
        return failure.Acceptance;
    }

    private static void WriteAccepted(RunScope scope, int index, Provider provider, VendorAnswer answer, SubmitAnswer.Accepted accepted)
    {
        Func<RunRecord, RunRecord> change = Change(index, answer, t => t with { Status = ImageTaskStatus.Queued, Handle = accepted.Handle, Cost = accepted.Cost ?? t.Cost });
        try
        {
            scope.Entry.Update(change);
            scope.Report(index);
        }
        catch (AIImageException e)
        {
            // The id must not be lost with the disk: it goes to the state folder, and into the message where that fails too.
            if (scope.Entry.TryRescue(change))
                throw;
            (string id, string who) = (accepted.Handle.TaskId, provider.Profile.Id);
            string name = accepted.Handle.StatusUrl is { } link && provider.HandleOf(link)?.TaskId == id ? $"'{link}'" : id;
            throw new AIImageException(e.Error with
            {
                Message = Words.Sentences(e.Error.Message, Words.Of($"The job {id} was accepted by {who}.")),
                Recommendation = Words.Of($"Write this down, free some space, then type it: Resume-AIImageTask -TaskId {name} -Provider {who}"),
                TaskId = id,
                Provider = who,
                MayHaveBeenCharged = true,
            }, e);
        }
    }

    private static void Write(RunScope scope, int index, VendorAnswer answer, Func<TaskRecord, TaskRecord> change) => scope.Entry.Update(Change(index, answer, change));

    private static Func<RunRecord, RunRecord> Change(int index, VendorAnswer answer, Func<TaskRecord, TaskRecord> change) => r => r with
    {
        Tasks = [.. r.Tasks.Select((t, i) => i == index ? change(t) : t)],
        Raw = answer.ForRecord() ?? r.Raw,
        Timestamps = r.Timestamps with { Submitted = r.Timestamps.Submitted ?? r.Tasks[index].Submitted },
    };

    // Nothing of the order left this machine.
    private static VendorFailure NeverLeft(ExchangeException e) => new()
    {
        Id = ImageErrorId.ProviderUnavailable,
        Acceptance = Acceptance.NotAccepted,
        SendAgain = true,
        Seen = e.Message,
    };

    // Part of the order left this machine and no whole answer came back.
    private static VendorFailure Lost(ExchangeException e) => new()
    {
        Id = e.Unusable ? ImageErrorId.InvalidResponse : ImageErrorId.OutcomeUnknown,
        Acceptance = Acceptance.Unknown,
        MayHaveBeenCharged = true,
        Seen = e.Message,
    };
}
