using PSImageGen.Core.Providers;
using PSImageGen.Core.Tasks;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Engine;

/// <summary>Tells the vendor that a task is no longer wanted.</summary>
internal sealed class CancelStep
{
    private readonly Transport _transport;
    private readonly TransportLimits _limits;

    public CancelStep(Transport transport, TransportLimits limits)
    {
        _transport = transport;
        _limits = limits;
    }

    /// <summary>Sends what cancels a task, message by message where there are several.</summary>
    /// <returns>Why the vendor did not; null when it did.</returns>
    /// <exception cref="AIImageException"><c>Unsupported</c>: the vendor has no cancelling; or it cannot be reached.</exception>
    public async Task<ImageError?> RunAsync(TaskRecord task, string runId, string recordPath, Provider provider, Endpoint endpoint, CancellationToken stop)
    {
        VendorRequest? request = provider.Cancel(task.Handle!) ?? throw Errors.CannotCancel(provider.Profile.Id, task.TaskId!, runId, recordPath);
        try
        {
            VendorAnswer? answer = null;
            while (request is not null)
            {
                answer = await _transport.ExchangeAsync(endpoint, request, [], null, null, _limits.Headers, stop).ConfigureAwait(false);
                request = provider.CancelNext(task.Handle!, request, answer);
            }

            return answer!.Status >= 300 ? VendorErrors.CannotAsk(Guarded.Classify(provider, answer), provider.Profile, task, runId, endpoint.Credential?.Reveal()) : null;
        }
        catch (ExchangeException e)
        {
            throw new AIImageException(VendorErrors.CannotAsk(new VendorFailure { Id = ImageErrorId.ProviderUnavailable, Acceptance = Acceptance.Refused, Seen = e.Message }, provider.Profile, task, runId, null), e);
        }
    }
}
