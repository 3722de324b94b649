using System.Management.Automation;
using PSImageGen.Core.Credentials;
using PSImageGen.Core.Wire;

namespace PSImageGen.Commands;

/// <summary>Asks providers whether they take their key, by a question that costs nothing.</summary>
[Cmdlet(VerbsDiagnostic.Test, "AIImageCredential")]
[OutputType(typeof(CredentialInfo))]
public sealed class TestAIImageCredentialCommand : CredentialCommand, IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    /// <summary>The address of a proxy.</summary>
    [Parameter]
    public Uri? Proxy { get; set; }

    /// <summary>User and password for the proxy.</summary>
    [Parameter]
    [Credential]
    public PSCredential? ProxyCredential { get; set; }

    private protected override void Handle(IReadOnlyList<Core.Providers.Provider> providers, bool named)
    {
        // Of many those that have a key are asked, all at once.
        Core.Providers.Provider[] asked = [.. providers.Where(p => named || Surroundings.FindCredential(p.Profile) is not null)];
        using Transport transport = new(ProxySettings.Of(Proxy, ProxyCredential));
        try
        {
            WriteObject(Task.WhenAll(asked.Select(p => KeyTest.RunAsync(p, Surroundings, transport, _stop.Token))).GetAwaiter().GetResult(), enumerateCollection: true);
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();
}
