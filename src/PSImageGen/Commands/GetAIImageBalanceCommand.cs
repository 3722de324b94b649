using System.Management.Automation;
using System.Net;
using PSImageGen.Completers;
using PSImageGen.Core;
using PSImageGen.Core.Credentials;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Wire;
using PSImageGen.Credentials;

namespace PSImageGen.Commands;

/// <summary>Shows what the accounts have left, where the provider tells. It is free.</summary>
[Cmdlet(VerbsCommon.Get, "AIImageBalance")]
[OutputType(typeof(Balance))]
public sealed class GetAIImageBalanceCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Surroundings? _surroundings;

    /// <summary>Names; wildcards are allowed. By default all that are paid for and have a key.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string[] Provider { get; set; } = ["*"];

    /// <summary>The address of a proxy.</summary>
    [Parameter]
    public Uri? Proxy { get; set; }

    /// <summary>User and password for the proxy.</summary>
    [Parameter]
    [Credential]
    public PSCredential? ProxyCredential { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        Surroundings surroundings = _surroundings ??= this.Surroundings();
        List<Core.Providers.Provider> providers = [];
        foreach (string name in Provider)
        {
            try
            {
                providers.AddRange(Find(name, surroundings));
            }
            catch (AIImageException e)
            {
                WriteError(ErrorRecords.Of(e, name));
            }
        }

        surroundings.LookFor(providers.Select(p => p.Profile.Id));
        IWebProxy? proxy = ProxySettings.Of(Proxy, ProxyCredential);
        using Transport transport = new(proxy);
        // All at once; told in their order.
        (string Id, Task<Balance> Told)[] questions = [.. providers.Distinct().Select(p => (p.Profile.Id, Task.Run(() => BalanceStep.AskAsync(p, surroundings, transport, _stop.Token))))];
        foreach ((string id, Task<Balance> told) in questions)
        {
            try
            {
                WriteObject(told.GetAwaiter().GetResult());
            }
            catch (AIImageException e)
            {
                WriteError(ErrorRecords.Of(e, id));
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private static Core.Providers.Provider[] Find(string name, Surroundings surroundings)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(name))
            return [ProviderRegistry.Current.Get(name)];
        WildcardPattern pattern = new(name, WildcardOptions.IgnoreCase);
        Core.Providers.Provider[] found = [.. ProviderRegistry.Current.Providers.Where(p => pattern.IsMatch(p.Profile.Id) && !p.Profile.Free && surroundings.IsConfigured(p.Profile))];
        return found.Length > 0 || name != "*" ? found : throw ErrorRecords.Make(ImageErrorId.NoProvider, Words.Of("No provider that is paid for has a key here."), Words.Of("Get-AIImageProvider lists the providers and the variables for their keys."));
    }
}
