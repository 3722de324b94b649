using System.Management.Automation;
using PSImageGen.Completers;
using PSImageGen.Core.Credentials;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Credentials;

namespace PSImageGen.Commands;

/// <summary>Lists what is known of the models, or says which one is recommended for a use case.</summary>
[Cmdlet(VerbsCommon.Get, "AIImageModel")]
[OutputType(typeof(ModelInfo))]
public sealed class GetAIImageModelCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Surroundings? _surroundings;
    private Planner? _planner;

    /// <summary>Names of models; wildcards are allowed.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string[] Model { get; set; } = ["*"];

    /// <summary>Names of providers; wildcards are allowed.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string[] Provider { get; set; } = ["*"];

    /// <summary>Only models that can do this.</summary>
    [Parameter]
    public ImageOperation Operation { get; set; }

    /// <summary>Only the model of each provider that is recommended for this, the first choice first.</summary>
    [Parameter]
    public ImageUseCase UseCase { get; set; }

    /// <summary>The address of a proxy, for providers that tell their models themselves.</summary>
    [Parameter]
    public Uri? Proxy { get; set; }

    /// <summary>User and password for the proxy.</summary>
    [Parameter]
    [Credential]
    public PSCredential? ProxyCredential { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            _surroundings ??= this.Surroundings();
            _planner ??= new Planner(ProviderRegistry.Current, _surroundings, UserCatalogue.DefaultPath);
            Core.Providers.Provider[] providers = [.. Provider.SelectMany(Find).Distinct()];
            string? one = Model is [var only] && !WildcardPattern.ContainsWildcardCharacters(only) ? only : null;
            _planner.Learn(new Selection { Preferred = [.. providers.Select(p => p.Profile.Id)], OnlyPreferred = true, Model = one }, this, ProxySettings.Of(Proxy, ProxyCredential), _stop.Token);

            ModelList list = new(ProviderRegistry.Current, _surroundings, _planner);
            foreach (string name in Model.Where(m => !WildcardPattern.ContainsWildcardCharacters(m)))
                list.CheckName(name);
            WildcardPattern[] patterns = [.. Model.Select(m => new WildcardPattern(m, WildcardOptions.IgnoreCase))];
            bool named = Provider.All(p => !WildcardPattern.ContainsWildcardCharacters(p));
            ImageOperation? operation = MyInvocation.BoundParameters.ContainsKey(nameof(Operation)) ? Operation : null;
            IEnumerable<ModelInfo> models = MyInvocation.BoundParameters.ContainsKey(nameof(UseCase))
                ? list.Recommended(providers, named, UseCase, operation ?? ImageOperation.Generate)
                : list.Of(providers, named, operation);
            WriteObject(models.Where(m => patterns.Any(p => p.IsMatch(m.Model) || m.Aliases.Any(p.IsMatch))), enumerateCollection: true);
        }
        catch (AIImageException e)
        {
            WriteError(ErrorRecords.Of(e, null));
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private static IEnumerable<Core.Providers.Provider> Find(string name)
    {
        WildcardPattern pattern = new(name, WildcardOptions.IgnoreCase);
        return WildcardPattern.ContainsWildcardCharacters(name)
            ? ProviderRegistry.Current.Providers.Where(p => pattern.IsMatch(p.Profile.Id))
            : [ProviderRegistry.Current.Get(name)];
    }
}
