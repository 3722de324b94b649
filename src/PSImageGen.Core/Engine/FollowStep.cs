using PSImageGen.Core.Providers;
using PSImageGen.Core.Tasks;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Engine;

/// <summary>
/// Waits for the end of a task: by its stream where the vendor has one, by asking when there is none, when it cannot be opened, breaks,
/// falls silent or ends early. Errors of the questions are counted apart from errors of the task.
/// </summary>
internal sealed class FollowStep
{
    private readonly Transport _transport;
    private readonly Resend _resend;
    private readonly TransportLimits _limits;
    private readonly TimeProvider _clock;

    public FollowStep(Transport transport, Resend resend, TransportLimits limits, TimeProvider clock)
    {
        _transport = transport;
        _resend = resend;
        _limits = limits;
        _clock = clock;
    }

    private enum Step
    {
        Open,
        AskResult,
        Done,
    }

    /// <summary>Waits for the end. When a run is taken up again, the first question comes at once.</summary>
    public async Task RunAsync(RunScope scope, int index, Provider provider, Endpoint endpoint, bool askAtOnce)
    {
        Following it = new(scope, index, provider, endpoint);
        Step step = Step.Open;
        if (provider.Stream(it.Handle) is { } stream)
        {
            step = await ListenAsync(it, stream).ConfigureAwait(false);
            askAtOnce = true;
        }

        if (step == Step.Open)
            step = await AskUntilEndedAsync(it, askAtOnce, () => provider.Status(it.Handle), answer => Read(it, answer), any: false).ConfigureAwait(false);
        if (step == Step.AskResult)
            await AskUntilEndedAsync(it, askAtOnce: true, () => provider.Result(it.Handle), answer => Guarded.Read(() => provider.ReadResult(it.Handle, answer)), any: true).ConfigureAwait(false);
    }

    /// <summary>Asks once and writes down the answer.</summary>
    /// <param name="scope">The run.</param>
    /// <param name="index">Its task.</param>
    /// <param name="provider">Who works on it.</param>
    /// <param name="endpoint">Where.</param>
    /// <param name="canceled">Whether it was cancelled from here a moment ago: a vendor that then knows it no more has done so.</param>
    public async Task AskOnceAsync(RunScope scope, int index, Provider provider, Endpoint endpoint, bool canceled = false)
    {
        StatusAnswer Meant(StatusAnswer status) => canceled && status is StatusAnswer.NotFound ? new StatusAnswer.Canceled() : status;
        Following it = new(scope, index, provider, endpoint);
        Sending sending = await AskAsync(it, provider.Status(it.Handle), any: false).ConfigureAwait(false);
        if (sending.Failure?.Id == ImageErrorId.ContentRefused)
            Take(it, sending.Answer!, new StatusAnswer.Failed(sending.Failure));
        else if (sending.Failure is not null)
            it.Fail(null, VendorErrors.CannotAsk(sending.Failure, provider.Profile, it.Task, scope.RunId, it.Key));
        else if (Take(it, sending.Answer!, Meant(Read(it, sending.Answer!))) == Step.AskResult
            && await AskAsync(it, provider.Result(it.Handle), any: true).ConfigureAwait(false) is { Failure: null } result)
            Take(it, result.Answer!, Meant(Guarded.Read(() => provider.ReadResult(it.Handle, result.Answer!))));
    }

    /// <summary>Takes an event of a stream that the order itself opened.</summary>
    /// <returns>True when the task has ended: there is no more to hear.</returns>
    public static bool TakeEvent(RunScope scope, int index, Provider provider, Endpoint endpoint, string type, VendorAnswer data) =>
        TakeEvent(new Following(scope, index, provider, endpoint), type, data) != Step.Open;

    private async Task<Step> ListenAsync(Following it, VendorRequest stream)
    {
        Step step = Step.Open;
        try
        {
            VendorAnswer answer = await _transport.ExchangeAsync(it.Endpoint, stream with { Accept = "text/event-stream" }, [], null, new EventTaker((type, data) =>
            {
                step = TakeEvent(it, type, data);
                return step == Step.Open;
            }), _limits.Headers, it.Scope.Ending).ConfigureAwait(false);
            if (step == Step.Open && answer is { Status: 200, Json: not null })
                step = Take(it, answer, Read(it, answer));
            if (step == Step.Open)
                it.Scope.Observer.Verbose($"{it.Provider.Profile.Id}: the stream of {it.Handle.TaskId} could not be opened ({answer.Status}). Asking instead.");
        }
        catch (ExchangeException e)
        {
            it.Scope.Observer.Verbose($"{it.Provider.Profile.Id}: the stream of {it.Handle.TaskId} ended early ({e.Message}) Asking instead.");
        }

        return step;
    }

    private async Task<Step> AskUntilEndedAsync(Following it, bool askAtOnce, Func<VendorRequest> question, Func<VendorAnswer, StatusAnswer> read, bool any)
    {
        PollSchedule schedule = new(_clock, _resend, it.Provider.Profile.PollInterval);
        TimeSpan wait = askAtOnce ? TimeSpan.Zero : schedule.AfterAnswer();
        int notFound = 0;
        while (true)
        {
            // A wait beyond the deadline ends there.
            TimeSpan left = it.Scope.DeadlineAt - _clock.GetUtcNow() + TimeSpan.FromSeconds(1);
            await Task.Delay(wait < left || left < TimeSpan.Zero ? wait : left, _clock, it.Scope.Ending).ConfigureAwait(false);
            Sending sending = await AskAsync(it, question(), any).ConfigureAwait(false);
            if (sending.Failure is null)
            {
                StatusAnswer status = read(sending.Answer!);
                // A task so fresh may not have reached every server of the vendor.
                if (status is not StatusAnswer.NotFound || ++notFound > it.Provider.Profile.NotFoundGrace)
                {
                    Step step = Take(it, sending.Answer!, status);
                    if (step != Step.Open)
                        return step;
                }

                wait = schedule.AfterAnswer(sending.RetryAfter);
            }
            else if (sending.SendAgain)
            {
                wait = schedule.AfterError(sending.Wait);
                it.Scope.Observer.Verbose($"{it.Provider.Profile.Id}: the question about {it.Handle.TaskId} failed ({sending.Failure.Said}), {schedule.ErrorsInARow} in a row. Asking again in {wait.TotalSeconds:0.#} s.");
            }
            else if (sending.Failure.Id == ImageErrorId.NotFound && ++notFound <= it.Provider.Profile.NotFoundGrace)
            {
                wait = schedule.AfterAnswer(sending.RetryAfter);
            }
            else if (sending.Failure.Id == ImageErrorId.ContentRefused)
            {
                // There is nothing to refuse in a question: that is how the task has ended.
                return Take(it, sending.Answer!, new StatusAnswer.Failed(sending.Failure));
            }
            else
            {
                // Unless the task itself is gone, only the question failed (the key, say): the task is as it was.
                bool gone = sending.Failure.Id == ImageErrorId.NotFound;
                if (gone)
                    it.Lose(sending.Failure);
                else
                    it.Fail(null, VendorErrors.CannotAsk(sending.Failure, it.Provider.Profile, it.Task, it.Scope.RunId, it.Key));
                return Step.Done;
            }
        }
    }

    // A question costs nothing, so everything that may pass by itself may be asked again.
    private async Task<Sending> AskAsync(Following it, VendorRequest request, bool any)
    {
        try
        {
            VendorAnswer answer = await _transport.ExchangeAsync(it.Endpoint, request, [], part => it.Scope.OpenPart(it.Scope.Entry.Folder.EmbeddedPart(it.Index, part)), null, _limits.Headers, it.Scope.Ending).ConfigureAwait(false);
            // A failed result is an answer too, but not where only the question was refused.
            any &= answer.Status is not (401 or 403 or 408 or 425 or 429);
            if (any || !it.Provider.IsRefusal(answer))
            {
                return answer.Json is null && !(any && answer.Status >= 300)
                    ? new Sending(answer, VendorFailure.Unusable(answer, answer.Text ?? Words.Of("The answer is empty.")) with { SendAgain = true })
                    : new Sending(answer, null, answer.RetryAfter(_clock.GetUtcNow()));
            }

            return new Sending(answer, MayPass(Guarded.Classify(it.Provider, answer), answer), answer.RetryAfter(_clock.GetUtcNow()));
        }
        catch (ExchangeException e)
        {
            return new Sending(null, new VendorFailure { Id = ImageErrorId.ProviderUnavailable, Acceptance = Acceptance.Refused, Seen = e.Message, SendAgain = !e.Unusable });
        }
    }

    // What may pass by itself, now that the question is free.
    private static VendorFailure MayPass(VendorFailure failure, VendorAnswer answer) => failure with
    {
        SendAgain = answer.Status is 408 or 409 or 425 or 429 or >= 500
            || (answer.Status < 300 && failure.Id is ImageErrorId.RateLimited or ImageErrorId.ProviderUnavailable),
    };

    private static StatusAnswer Read(Following it, VendorAnswer answer) => Guarded.Read(() => it.Provider.ReadStatus(it.Handle, answer));

    private static Step TakeEvent(Following it, string type, VendorAnswer data) =>
        Guarded.ReadEvent(() => it.Provider.ReadEvent(it.Handle, type, data)) is { } status ? Take(it, data, status) : Step.Open;

    // Writes down what is new.
    private static Step Take(Following it, VendorAnswer answer, StatusAnswer status)
    {
        string? word = status.Word is null ? null : PlainText.Clean(status.Word, 80);
        string? key = it.Key;
        switch (status)
        {
            case StatusAnswer.Working working:
                ImageTaskStatus now = working.Started ? ImageTaskStatus.Running : ImageTaskStatus.Queued;
                if (it.Task.Status != now || it.Task.VendorStatus != word)
                    it.Scope.Entry.UpdateTask(it.Index, t => t with { Status = now, VendorStatus = word });
                it.Scope.Report(it.Index, working.Percent);
                return Step.Open;
            case StatusAnswer.Ended:
                it.Scope.Entry.UpdateTask(it.Index, t => t with { Status = ImageTaskStatus.Running, VendorStatus = word });
                return Step.AskResult;
            case StatusAnswer.Finished finished:
                it.Write(answer, t => t with { Status = ImageTaskStatus.Downloading, VendorStatus = word ?? t.VendorStatus, Pictures = it.Scope.Dated(finished.Pictures, it.Provider.Profile), Cost = finished.Cost ?? t.Cost, Error = null });
                it.Scope.Report(it.Index);
                return Step.Done;
            case StatusAnswer.Failed failed:
                it.Write(answer, t => t with { VendorStatus = word ?? t.VendorStatus, Cost = failed.Cost ?? t.Cost });
                it.Fail(ImageTaskStatus.Failed, VendorErrors.FailedThere(failed.Failure, it.Provider.Profile, it.Task, it.Scope.RunId, key));
                return Step.Done;
            case StatusAnswer.Canceled canceled:
                it.Write(answer, t => t with { VendorStatus = word, Cost = canceled.Cost ?? t.Cost });
                it.Fail(ImageTaskStatus.Canceled, VendorErrors.CanceledThere(it.Provider.Profile, it.Task, it.Scope.RunId));
                return Step.Done;
            case StatusAnswer.NotFound missing:
                it.Lose(missing.Failure);
                return Step.Done;
            default:
                return Step.Open;
        }
    }

    // One task being followed.
    private sealed record Following(RunScope Scope, int Index, Provider Provider, Endpoint Endpoint)
    {
        public TaskRecord Task => Scope.Task(Index);

        public TaskHandle Handle => Task.Handle!;

        public string? Key => Endpoint.Credential?.Reveal();

        public void Fail(ImageTaskStatus? status, ImageError error) => Scope.Fail(Index, status, error);

        // Another key or base URL than that of the order makes a vendor say so too: what it once accepted stays open. An id made here may never have reached it.
        public void Lose(VendorFailure failure) =>
            Fail(Task.ClientId is { } id && Provider.HandleOfClientId(id) is not null ? ImageTaskStatus.Failed : null, VendorErrors.TaskGone(failure, Provider.Profile, Task, Scope.RunId, Key));

        public void Write(VendorAnswer answer, Func<TaskRecord, TaskRecord> change) => Scope.Entry.Update(r => r with
        {
            Raw = answer.ForRecord() ?? r.Raw,
            Tasks = [.. r.Tasks.Select((t, i) => i == Index ? change(t) : t)],
        });
    }
}
