using PSImageGen.Core.Providers;
using PSImageGen.Core.Tasks;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Engine;

/// <summary>Asks how a task stands until it has ended.</summary>
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

    /// <summary>Waits for the end of a task. Errors of the questions are counted apart from errors of the task.</summary>
    public async Task RunAsync(RunScope scope, int index, Provider provider, Endpoint endpoint, bool askAtOnce)
    {
        PollSchedule schedule = new(_clock, _resend);
        TimeSpan wait = askAtOnce ? TimeSpan.Zero : schedule.AfterAnswer();
        int notFound = 0;
        while (true)
        {
            await Task.Delay(wait, _clock, scope.Ending).ConfigureAwait(false);
            Sending sending = await AskAsync(scope, index, provider, endpoint, scope.Ending).ConfigureAwait(false);
            if (sending.Failure is null)
            {
                StatusAnswer status = Read(provider, scope.Task(index).Handle!, sending.Answer!);
                if (status is StatusAnswer.NotFound missing && ++notFound <= provider.Profile.NotFoundGrace)
                {
                    // A task so fresh may not have reached every server of the vendor.
                    wait = schedule.AfterAnswer(sending.RetryAfter);
                    continue;
                }

                if (Write(scope, index, provider, endpoint, sending.Answer!, status))
                    return;
                wait = schedule.AfterAnswer(sending.RetryAfter);
            }
            else if (sending.SendAgain)
            {
                wait = schedule.AfterError(sending.RetryAfter);
                scope.Observer.Verbose($"{provider.Profile.Id}: the question about {scope.Task(index).TaskId} failed ({sending.Failure.Message ?? sending.Failure.Id.ToString()}), {schedule.ErrorsInARow} in a row. Asking again in {wait.TotalSeconds:0.#} s.");
            }
            else if (sending.Failure.Id == ImageErrorId.NotFound)
            {
                if (++notFound > provider.Profile.NotFoundGrace)
                {
                    scope.Fail(index, ImageTaskStatus.Failed, VendorErrors.TaskGone(sending.Failure, provider.Profile, scope.Task(index), scope.RunId, endpoint.Credential?.Reveal()));
                    return;
                }

                wait = schedule.AfterAnswer(sending.RetryAfter);
            }
            else
            {
                // The key, the address or the answer is wrong: the task itself is as it was.
                scope.Fail(index, null, VendorErrors.CannotAsk(sending.Failure, provider.Profile, scope.Task(index), scope.RunId, endpoint.Credential?.Reveal()));
                return;
            }
        }
    }

    /// <summary>Asks once and writes down the answer.</summary>
    public async Task AskOnceAsync(RunScope scope, int index, Provider provider, Endpoint endpoint)
    {
        Sending sending = await AskAsync(scope, index, provider, endpoint, scope.Ending).ConfigureAwait(false);
        if (sending.Failure is null)
            Write(scope, index, provider, endpoint, sending.Answer!, Read(provider, scope.Task(index).Handle!, sending.Answer!));
        else
            scope.Fail(index, null, VendorErrors.CannotAsk(sending.Failure, provider.Profile, scope.Task(index), scope.RunId, endpoint.Credential?.Reveal()));
    }

    // A question costs nothing, so everything that may pass by itself may be asked again.
    private async Task<Sending> AskAsync(RunScope scope, int index, Provider provider, Endpoint endpoint, CancellationToken cancel)
    {
        VendorRequest request = provider.Status(scope.Task(index).Handle!);
        try
        {
            VendorAnswer answer = await _transport.ExchangeAsync(endpoint, request, [], null, _limits.Headers, cancel).ConfigureAwait(false);
            if (answer.Status is >= 200 and < 300)
            {
                return answer.Json is null
                    ? new Sending(answer, VendorFailure.Unusable(answer, answer.Text ?? "The answer is empty.") with { SendAgain = true })
                    : new Sending(answer, null, answer.RetryAfter(_clock.GetUtcNow()));
            }

            VendorFailure failure = provider.Classify(answer);
            return new Sending(answer, failure with { SendAgain = answer.Status is 408 or 409 or 425 or 429 or >= 500 }, answer.RetryAfter(_clock.GetUtcNow()));
        }
        catch (ExchangeException e)
        {
            return new Sending(null, new VendorFailure { Id = ImageErrorId.ProviderUnavailable, Acceptance = Acceptance.Refused, Message = e.Message, SendAgain = !e.Unusable });
        }
    }

    private static StatusAnswer Read(Provider provider, TaskHandle handle, VendorAnswer answer)
    {
        try
        {
            return provider.ReadStatus(handle, answer);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or ArgumentException or OverflowException)
        {
            // An answer of a form nobody knows is no end: keep waiting.
            return new StatusAnswer.Working(Started: true);
        }
    }

    // True when the task has ended.
    private static bool Write(RunScope scope, int index, Provider provider, Endpoint endpoint, VendorAnswer answer, StatusAnswer status)
    {
        string? word = status.Word is null ? null : PlainText.Clean(status.Word, 80);
        switch (status)
        {
            case StatusAnswer.Working working:
                ImageTaskStatus now = working.Started ? ImageTaskStatus.Running : ImageTaskStatus.Queued;
                TaskRecord task = scope.Task(index);
                if (task.Status != now || task.VendorStatus != word)
                    scope.Entry.UpdateTask(index, t => t with { Status = now, VendorStatus = word });
                scope.Report(index, working.Percent);
                return false;
            case StatusAnswer.Finished finished:
                scope.Entry.Update(r => r with
                {
                    Raw = answer.Json?.DeepClone(),
                    Tasks = [.. r.Tasks.Select((t, i) => i == index ? t with { Status = ImageTaskStatus.Downloading, VendorStatus = word, Pictures = finished.Pictures, Cost = finished.Cost ?? t.Cost, Error = null } : t)],
                });
                scope.Report(index);
                return true;
            case StatusAnswer.Failed failed:
                scope.Entry.Update(r => r with { Raw = answer.Json?.DeepClone(), Tasks = [.. r.Tasks.Select((t, i) => i == index ? t with { VendorStatus = word, Cost = failed.Cost ?? t.Cost } : t)] });
                scope.Fail(index, ImageTaskStatus.Failed, VendorErrors.Of(failed.Failure with { Acceptance = Acceptance.Refused, MayHaveBeenCharged = true }, provider.Profile, scope.Task(index).Model, scope.RunId, endpoint.Credential?.Reveal()));
                return true;
            case StatusAnswer.NotFound missing:
                scope.Fail(index, ImageTaskStatus.Failed, VendorErrors.TaskGone(missing.Failure, provider.Profile, scope.Task(index), scope.RunId, endpoint.Credential?.Reveal()));
                return true;
            default:
                return false;
        }
    }
}
