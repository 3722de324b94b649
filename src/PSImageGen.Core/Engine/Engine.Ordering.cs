using PSImageGen.Core.Gate;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Tasks;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Engine;

/// <content>The orders of a run, and who is asked next.</content>
public sealed partial class Engine
{
    // The open tasks at the end of the record belong to the first candidate.
    private async Task OrderAllAsync(RunScope scope, ApprovedCall call, bool noWait)
    {
        IReadOnlyList<Candidate> candidates = call.Plan.Candidates;
        for (int i = 0; ; i++)
        {
            int[] open = [.. Enumerable.Range(0, scope.Entry.Record.Tasks.Count).Where(t => scope.Task(t).Status == ImageTaskStatus.Planned)];
            Acceptance?[] ends = await OrderAsync(scope, open, candidates[i], noWait).ConfigureAwait(false);

            // To the next only on proof that nothing was accepted here, or where that was not insisted on. Its price was part of the question.
            Candidate? next = i + 1 < candidates.Count ? candidates[i + 1] : null;
            if (next is null || scope.Ending.IsCancellationRequested || !ends.All(e => e == Acceptance.NotAccepted || (e == Acceptance.Unknown && call.Plan.FallbackOnUnknown)))
                return;
            ImageError reason = open.Select(scope.ErrorOf).OfType<ImageError>().OrderByDescending(e => e.MayHaveBeenCharged).First();
            try
            {
                scope.Entry.Update(r => NewRun.HandedTo(next, r));
            }
            catch (AIImageException)
            {
                // What cannot be recorded is not ordered. The record tells why it ended here.
                return;
            }

            scope.Observer.Warn(HopText.Of(candidates[i], next, reason));
        }
    }

    // All orders of one candidate; what each failed one proves, null where it did not fail or failed on this side.
    private async Task<Acceptance?[]> OrderAsync(RunScope scope, int[] open, Candidate candidate, bool noWait)
    {
        Inputs inputs;
        try
        {
            inputs = await PrepareAsync(scope, candidate).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            ImageError? error = e is OperationCanceledException ? null : (e as AIImageException ?? Errors.Unexpected(e)).Error;
            foreach (int index in open)
                scope.Interrupt(index, candidate.Provider.Profile, error);
            // Nothing was ordered. Where the vendor could not or would not take an upload from this account, another one may.
            bool vendors = error?.Provider == candidate.Provider.Profile.Id && error?.Id is ImageErrorId.AuthenticationFailed or ImageErrorId.InsufficientCredits
                or ImageErrorId.NotFound or ImageErrorId.RateLimited or ImageErrorId.ProviderUnavailable;
            return [vendors ? Acceptance.NotAccepted : null];
        }

        Acceptance?[] ends = await Task.WhenAll(open.Select(index => OrderAsync(scope, index, candidate, inputs, noWait))).ConfigureAwait(false);
        // Some vendors take an order first and look for its pictures later.
        if (ends.Any(e => e is not null) || open.Any(index => scope.Task(index).Status == ImageTaskStatus.Failed))
            _inputs.Forget(inputs);
        return ends;
    }

    // Takes a slot, as the order itself does.
    private async Task<Inputs> PrepareAsync(RunScope scope, Candidate candidate)
    {
        if (candidate.Shape.Inputs.Count == 0)
            return new Inputs([], [], []);
        await _slots.WaitAsync(scope.Ending).ConfigureAwait(false);
        try
        {
            return await _inputs.RunAsync(scope, candidate).ConfigureAwait(false);
        }
        finally
        {
            _slots.Release();
        }
    }

    // One task from its slot to its pictures. What it comes to is on the record; the return value says what a failed order proves.
    private async Task<Acceptance?> OrderAsync(RunScope scope, int index, Candidate candidate, Inputs inputs, bool noWait)
    {
        bool slot = false;
        try
        {
            await _slots.WaitAsync(scope.Ending).ConfigureAwait(false);
            slot = true;
            Endpoint endpoint = new(candidate.Provider.Profile, candidate.BaseUrl, candidate.Credential);
            // A place of the vendor's is waited for as one of ours is. It is left with the task's end, or when nobody here waits for that.
            using IDisposable? ofModel = await Pace.Of(endpoint).EnterAsync(candidate.Shape.Model.Id, candidate.Shape.Model.ActiveTasks, scope.Ending).ConfigureAwait(false);
            using IDisposable? ofAll = await Pace.Of(endpoint).EnterAsync(string.Empty, candidate.Provider.Profile.ActiveTasks, scope.Ending).ConfigureAwait(false);
            scope.Begin();
            using (PaidWork.Begin())
            {
                Acceptance? refused = await _submit.RunAsync(scope, index, candidate, inputs, noWait).ConfigureAwait(false);
                if (refused is not null)
                    return refused;
                if (scope.Task(index).Handle is null)
                    await _collect.RunAsync(scope, index, candidate.Provider, endpoint).ConfigureAwait(false);
            }

            if (!noWait && scope.Task(index).IsOpen && scope.Task(index).Handle is not null)
                await FollowAndCollectAsync(scope, index, candidate.Provider, endpoint, askAtOnce: false).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            scope.Interrupt(index, candidate.Provider.Profile);
        }
        catch (AIImageException e)
        {
            scope.Interrupt(index, candidate.Provider.Profile, e.Error);
        }
        catch (Exception e)
        {
            // Whatever it is, it must not take the other tasks along, nor what is known of this one.
            scope.Interrupt(index, candidate.Provider.Profile, Errors.Unexpected(e).Error);
        }
        finally
        {
            if (slot)
                _slots.Release();
        }

        return null;
    }
}
