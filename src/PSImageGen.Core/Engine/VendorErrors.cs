using PSImageGen.Core.Providers;
using PSImageGen.Core.Tasks;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Engine;

/// <summary>Turns what happened at a vendor into words for the user, with what to type next.</summary>
internal static class VendorErrors
{
    /// <summary>The error of a classified "no".</summary>
    public static ImageError Of(VendorFailure failure, ProviderProfile profile, string model, string runId, string? key)
    {
        // Where nothing is proven, that is the news, whatever the status was.
        bool unknown = failure.Acceptance == Acceptance.Unknown && failure.Id != ImageErrorId.InvalidResponse;
        ImageErrorId id = unknown ? ImageErrorId.OutcomeUnknown : failure.Id;
        string who = profile.Id;
        (string message, string advice) = id switch
        {
            ImageErrorId.OutcomeUnknown when profile.Free => (Words.Of($"The order was sent to {who}, but no usable answer was seen: it may have been carried out. It was not sent again."),
                Words.Of($"It costs nothing to order it again: Resume-AIImageTask -RunId {runId} -Resubmit")),
            ImageErrorId.InvalidResponse when profile.Free => (Words.Of($"{who} answered something that cannot be used."), Words.Of($"The record holds the answer. To order it again: Resume-AIImageTask -RunId {runId} -Resubmit")),
            ImageErrorId.OutcomeUnknown => (Words.Of($"The order was sent to {who}, but no usable answer was seen: it may have been carried out and billed. It was not sent again."),
                Words.Of($"Look at your account at {who}. If nothing was made there, order it again: Resume-AIImageTask -RunId {runId} -Resubmit")),
            ImageErrorId.AuthenticationFailed => (Words.Of($"{who} did not accept the key, or the account may not use {model}."), profile.CredentialNames.Count > 0
                ? Words.Of($"Check the key in $env:{profile.CredentialNames[0]} and the rights of the account at {profile.KeyPage}.")
                : Words.Of("Check the user name and password in the address of the server.")),
            ImageErrorId.InsufficientCredits => (Words.Of($"The account at {who} has no money left for this."), Words.Of($"Recharge at {profile.AccountPage}, then type the command again.")),
            ImageErrorId.ContentRefused => (Words.Of($"{who} refused the prompt or the picture by its content policy."), Words.Of("Change the prompt. It is not sent to another provider by itself.")),
            ImageErrorId.RateLimited => (Words.Of($"{who} takes no more requests just now."), Words.Of("Wait a minute, then type the command again; a smaller -ThrottleLimit helps.")),
            ImageErrorId.NotFound => (Words.Of($"{who} does not know the model {model}, or there is nothing at this address."), profile.BaseUrlVariable is null
                ? Words.Of("Check -Model.")
                : Words.Of($"Check -Model, and the address in $env:{profile.BaseUrlVariable} if you set one.")),
            ImageErrorId.ProviderUnavailable => (Words.Of($"{who} cannot be reached or cannot work now."), Words.Of("Check the network, then type the command again, now or later.")),
            ImageErrorId.InvalidResponse => (Words.Of($"{who} answered something that cannot be used."), failure.Acceptance == Acceptance.Unknown
                ? Words.Of($"Look at your account at {who}; the record holds the answer. To order it again all the same: Resume-AIImageTask -RunId {runId} -Resubmit")
                : Words.Of($"Look at your account at {who}; the record holds the answer. To order it anew type the command again.")),
            ImageErrorId.LinkExpired => (Words.Of($"The link of {who} to the picture has expired."), Words.Of($"Resume-AIImageTask -RunId {runId} asks for a fresh one.")),
            _ => (Words.Of($"{who} did not accept the request."), Words.Of("Correct what the provider names, then type the command again.")),
        };
        return new ImageError
        {
            Id = id,
            Message = Words.Sentences(message, failure.Seen),
            // A line of its own: the advice may end with what to type.
            Recommendation = $"{failure.Advice ?? advice}\n{failure.Hint}".Trim(),
            VendorMessage = failure.Message is { Length: > 0 } text ? PlainText.Clean(text, secret: key) : null,
            VendorCode = failure.Code is null ? null : PlainText.Clean(failure.Code, 100, key),
            HttpStatus = failure.HttpStatus,
            RequestId = failure.RequestId is null ? null : PlainText.Clean(failure.RequestId, 200, key),
            MayHaveBeenCharged = failure.MayHaveBeenCharged,
            Provider = who,
            RunId = runId,
        };
    }

    /// <summary>The wait ended while the vendor works on.</summary>
    public static ImageError TimedOut(ProviderProfile profile, TaskRecord task, TimeSpan timeout, string runId) => new()
    {
        Id = ImageErrorId.TimedOut,
        Message = Words.Of($"The wait of {timeout.TotalSeconds:0.#} s ended. The job {task.TaskId} goes on at {profile.Id} ({task.VendorStatus ?? task.Status.ToString()}); nothing is lost."),
        Recommendation = Words.Of($"To keep waiting for it type: Resume-AIImageTask -RunId {runId}"),
        MayHaveBeenCharged = true,
        Provider = profile.Id,
        RunId = runId,
        TaskId = task.TaskId,
    };

    /// <summary>The wait ended before the order was sent.</summary>
    public static ImageError NotSentInTime(ProviderProfile profile, TimeSpan timeout, string runId) => new()
    {
        Id = ImageErrorId.TimedOut,
        Message = Words.Of($"The wait of {timeout.TotalSeconds:0.#} s ended before this order was sent to {profile.Id}."),
        Recommendation = Words.Of("Give a longer -TimeoutSec, or fewer pictures at a time, then type the command again."),
        Provider = profile.Id,
        RunId = runId,
    };

    /// <summary>A lost order whose vendor lists its jobs.</summary>
    public static ImageError MayBeListed(ImageError error, ProviderProfile profile, string runId) =>
        error with { Recommendation = Words.Of($"To look for the job at {profile.Id} and bring its picture type: Resume-AIImageTask -RunId {runId}") };

    /// <summary>A lost order that is not among the jobs the vendor lists.</summary>
    public static ImageError NotListed(ProviderProfile profile, string runId) => new()
    {
        Id = ImageErrorId.OutcomeUnknown,
        Message = Words.Of($"The order was sent to {profile.Id}, no usable answer was seen, and {profile.Id} lists no such job (yet)."),
        Recommendation = Words.Of($"Wait a minute, then look once more: Resume-AIImageTask -RunId {runId}. If it is not in your account at {profile.Id} either, order it again: Resume-AIImageTask -RunId {runId} -Resubmit"),
        MayHaveBeenCharged = true,
        Provider = profile.Id,
        RunId = runId,
    };

    /// <summary>The process that sent an order ended before the answer was seen.</summary>
    public static ImageError NeverSeen(ProviderProfile profile, TaskRecord task, string runId) =>
        Of(new VendorFailure { Id = ImageErrorId.OutcomeUnknown, Acceptance = Acceptance.Unknown, MayHaveBeenCharged = true }, profile, task.Model, runId, null);

    /// <summary>A run that was stopped before everything was sent.</summary>
    public static ImageError NeverSent(RunRecord record)
    {
        int missing = record.Tasks.Where(t => t.Status == ImageTaskStatus.Canceled).Sum(t => t.Count);
        bool nothing = missing == record.Requested;
        return new ImageError
        {
            Id = ImageErrorId.InvalidRequest,
            Message = nothing
                ? Words.Of($"Run '{record.RunId}' was stopped before anything was sent: there is nothing to fetch.")
                : Words.Of($"Run '{record.RunId}' was stopped before {missing} of its pictures were ordered. Those cost nothing, and there is nothing of them to fetch."),
            Recommendation = nothing ? Words.Of("Type the command that made it again.") : Words.Of($"For the missing ones type the command again with -Count {missing}."),
            Provider = record.Provider,
        };
    }

    /// <summary>A task whose state cannot be asked for now.</summary>
    public static ImageError CannotAsk(VendorFailure failure, ProviderProfile profile, TaskRecord task, string runId, string? key) =>
        Of(failure with { Acceptance = Acceptance.Refused, MayHaveBeenCharged = true }, profile, task.Model, runId, key) with
        {
            TaskId = task.TaskId,
            Recommendation = Words.Of($"The job {task.TaskId} is kept. When that is mended type: Resume-AIImageTask -RunId {runId}"),
        };

    /// <summary>Something on this side failed while an order is out.</summary>
    public static ImageError KeptOnRecord(ImageError error, ProviderProfile profile, TaskRecord task, string runId) => error with
    {
        // An id that only the message holds is told there, with what to do with it.
        Recommendation = task.TaskId is null && error.TaskId is not null ? error.Recommendation
            : task.TaskId is null ? Words.Of($"What arrived is kept. When that is mended (free some space, say) type: Resume-AIImageTask -RunId {runId}")
            : Words.Of($"The job {task.TaskId} at {profile.Id} is on record. When that is mended (free some space, say) type: Resume-AIImageTask -RunId {runId}"),
        MayHaveBeenCharged = true,
        Provider = profile.Id,
        TaskId = task.TaskId ?? error.TaskId,
    };

    /// <summary>A task that was cancelled at the vendor.</summary>
    public static ImageError CanceledThere(ProviderProfile profile, TaskRecord task, string runId) => new()
    {
        Id = ImageErrorId.NotFound,
        Message = Words.Of($"The job {task.TaskId} was cancelled at {profile.Id}: it brings no picture."),
        Recommendation = Words.Of("To make the picture type the command again."),
        MayHaveBeenCharged = true,
        Provider = profile.Id,
        RunId = runId,
        TaskId = task.TaskId,
    };

    /// <summary>The vendor does not know the task any more.</summary>
    public static ImageError TaskGone(VendorFailure failure, ProviderProfile profile, TaskRecord task, string runId, string? key) =>
        Of(failure with { Id = ImageErrorId.NotFound, Acceptance = Acceptance.Refused, MayHaveBeenCharged = true }, profile, task.Model, runId, key) with
        {
            TaskId = task.TaskId,
            Message = Words.Of($"{profile.Id} does not know the job {task.TaskId} (any more)."),
            Recommendation = profile.Free
                ? Words.Of($"If the key or the address was another one when it was ordered, set it back, then type: Resume-AIImageTask -RunId {runId}. Jobs are kept there for a short time only. To give it up: Remove-AIImageTask -RunId {runId} -Force")
                : Words.Of($"If the key or the address was another one when it was ordered, set it back, then type: Resume-AIImageTask -RunId {runId}. Else look at your account at {profile.Id}: jobs are kept there for a short time only. To give it up: Remove-AIImageTask -RunId {runId} -Force"),
        };

    /// <summary>A job that the vendor took and could not finish.</summary>
    public static ImageError FailedThere(VendorFailure failure, ProviderProfile profile, TaskRecord task, string runId, string? key)
    {
        ImageError error = Of(failure with { Acceptance = Acceptance.Refused, MayHaveBeenCharged = true }, profile, task.Model, runId, key);
        return error.Id != ImageErrorId.ProviderUnavailable ? error : error with
        {
            Message = Words.Of($"The job {task.TaskId} failed at {profile.Id}: it brings no picture."),
            Recommendation = failure.Advice ?? (profile.Free
                ? Words.Of("To order the picture anew type the command again.")
                : Words.Of($"Your account at {profile.Id} shows whether it was billed. To order the picture anew type the command again.")),
        };
    }

    /// <summary>A finished picture that could not be fetched.</summary>
    public static ImageError NotFetched(ImageErrorId id, string what, ProviderProfile profile, TaskRecord task, string runId, bool again) => new()
    {
        Id = id,
        Message = Words.Of($"The picture is finished at {profile.Id} but could not be fetched: {what}"),
        Recommendation = again
            ? Words.Sentences(
                profile.Free ? Words.Of("It is kept on record.") : Words.Of("It is paid for and kept on record."),
                id == ImageErrorId.LinkExpired ? Words.Of($"{profile.Id} was asked for a fresh link; should it give none that works, the picture is lost there.") : null,
                Words.Of($"To try again type: Resume-AIImageTask -RunId {runId}"))
            : profile.Free ? Words.Of("The record holds the answer.")
            : Words.Of($"Look at your account at {profile.Id}; the record holds the answer."),
        MayHaveBeenCharged = true,
        Provider = profile.Id,
        RunId = runId,
        TaskId = task.TaskId,
    };

    /// <summary>An answer with fewer pictures than were ordered.</summary>
    public static ImageError TooFew(ProviderProfile profile, string runId) => new()
    {
        Id = ImageErrorId.InvalidResponse,
        Message = Words.Of($"{profile.Id} sent fewer pictures than were ordered."),
        Recommendation = Words.Of("What arrived is on disk; nothing is ordered again by itself. For the missing ones type the command again with a smaller -Count."),
        MayHaveBeenCharged = true,
        Provider = profile.Id,
        RunId = runId,
    };
}
