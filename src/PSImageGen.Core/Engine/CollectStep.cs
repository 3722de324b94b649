using PSImageGen.Core.Artifacts;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Tasks;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Engine;

/// <summary>Fetches the finished pictures of a task, checks them and gives them their names.</summary>
internal sealed class CollectStep
{
    private readonly Transport _transport;
    private readonly Resend _resend;
    private readonly TimeProvider _clock;

    public CollectStep(Transport transport, Resend resend, TimeProvider clock)
    {
        _transport = transport;
        _resend = resend;
        _clock = clock;
    }

    /// <summary>Brings what is there. What cannot be had now keeps the task open where a link may still bring it.</summary>
    /// <returns>True when a link has died: the vendor may have a fresh one.</returns>
    public async Task<bool> RunAsync(RunScope scope, int index, Provider provider, Endpoint endpoint)
    {
        scope.Report(index);
        TaskRecord task = scope.Task(index);
        ImageError? error = null;
        bool dead = false, mayStillCome = false;
        for (int item = 0; item < task.Pictures.Count; item++)
        {
            Picture picture = task.Pictures[item];
            if (ImageStore.TryPlace(scope.Entry, index, item, picture, endpoint, scope.Observer.Warn))
                continue;
            if (picture.Url is not { } url)
            {
                error ??= VendorErrors.NotFetched(ImageErrorId.InvalidResponse, Words.Of("the answer holds no whole picture."), provider.Profile, task, scope.RunId, again: false);
                continue;
            }

            Sending sending = await FetchAsync(scope, index, item, endpoint, picture, url).ConfigureAwait(false);
            if (sending.Failure is null)
                continue;
            bool gone = sending.Failure.Id == ImageErrorId.LinkExpired;
            dead |= gone;
            mayStillCome |= !gone || task.Handle is not null;
            error ??= VendorErrors.NotFetched(sending.Failure.Id, sending.Failure.Seen ?? Words.Of("the answer was not the picture."), provider.Profile, task, scope.RunId, again: mayStillCome);
        }

        if (scope.Entry.Record.Images.FirstOrDefault(i => i.Task == index && task.ExactSize is not null && !Artifacts.Pixels.ExactSize.IsMet(task.ExactSize, i.Width, i.Height)) is { } other)
            scope.Observer.Warn(Words.Of($"'{other.Path}' could not be brought to {task.ExactSize} here; it is kept as it came, {other.Width}x{other.Height}."));
        if (error is null)
            scope.Entry.UpdateTask(index, t => t with { Status = ImageTaskStatus.Succeeded, Error = t.Pictures.Count < t.Count ? VendorErrors.TooFew(provider.Profile, scope.RunId) : null });
        else
            scope.Fail(index, mayStillCome ? ImageTaskStatus.Downloading : scope.Entry.Record.Images.Any(i => i.Task == index) ? ImageTaskStatus.Succeeded : ImageTaskStatus.Failed, error);
        scope.Report(index);
        return dead;
    }

    private Task<Sending> FetchAsync(RunScope scope, int index, int item, Endpoint endpoint, Picture picture, Uri url)
    {
        async ValueTask<Sending> OnceAsync(CancellationToken cancel)
        {
            VendorFailure failure;
            try
            {
                VendorAnswer answer = await _transport.DownloadAsync(endpoint, url, () => scope.OpenPart(scope.Entry.Folder.DownloadedPart(index, item)), cancel).ConfigureAwait(false);
                if (answer.Status == 200)
                {
                    if (ImageStore.TryPlace(scope.Entry, index, item, picture, endpoint, scope.Observer.Warn))
                        return new Sending(answer, null);
                    failure = VendorFailure.Unusable(answer, Words.Of("what came from the link is no whole picture.")) with { SendAgain = true };
                }
                else
                {
                    bool gone = answer.Status is 401 or 403 or 404 or 410;
                    failure = VendorFailure.FromStatus(answer, null, null) with
                    {
                        Seen = answer.Text ?? (gone ? Words.Of($"the link has expired or is not allowed ({answer.Status}).") : Words.Of($"the link answered {answer.Status}.")),
                        Id = gone ? ImageErrorId.LinkExpired : answer.Status >= 500 || answer.Status == 429 ? ImageErrorId.ProviderUnavailable : ImageErrorId.InvalidResponse,
                        SendAgain = answer.Status is 408 or 425 or 429 or >= 500,
                    };
                }

                return new Sending(answer, failure, answer.RetryAfter(_clock.GetUtcNow()));
            }
            catch (ExchangeException e)
            {
                return new Sending(null, new VendorFailure
                {
                    Id = e.Unusable ? ImageErrorId.InvalidResponse : ImageErrorId.ProviderUnavailable,
                    Acceptance = Acceptance.Refused,
                    Seen = e.Message,
                    SendAgain = !e.Unusable,
                });
            }
        }

        return _resend.RunAsync(OnceAsync, scope.DeadlineAt, (failed, wait) =>
            scope.Observer.Verbose($"The download of {scope.Task(index).TaskId} failed: {failed.Failure!.Seen} Trying again in {wait.TotalSeconds:0.#} s."), scope.Ending);
    }
}
