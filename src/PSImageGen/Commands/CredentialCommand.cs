using System.ComponentModel;
using System.Management.Automation;
using PSImageGen.Completers;
using PSImageGen.Core.Credentials;
using PSImageGen.Core.Providers;
using PSImageGen.Credentials;

namespace PSImageGen.Commands;

/// <summary>Commands that look at the keys of providers.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class CredentialCommand : PSCmdlet
{
    private Surroundings? _surroundings;

    /// <summary>Names of providers; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string[] Provider { get; set; } = ["*"];

    /// <summary>Where keys may be.</summary>
    private protected Surroundings Surroundings => _surroundings ??= this.Surroundings();

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string name in Provider)
        {
            bool pattern = WildcardPattern.ContainsWildcardCharacters(name);
            WildcardPattern wanted = new(name, WildcardOptions.IgnoreCase);
            try
            {
                Core.Providers.Provider[] providers = pattern
                    ? [.. ProviderRegistry.Current.Providers.Where(p => wanted.IsMatch(p.Profile.Id) && Surroundings.Look(p.Profile).Count > 0)]
                    : [ProviderRegistry.Current.Get(name)];
                Handle(providers, named: !pattern);
            }
            catch (AIImageException e)
            {
                WriteError(ErrorRecords.Of(e, name));
            }
        }
    }

    /// <summary>Looks at the keys of some providers.</summary>
    /// <param name="providers">The providers.</param>
    /// <param name="named">Whether the user named one, not a pattern.</param>
    private protected abstract void Handle(IReadOnlyList<Core.Providers.Provider> providers, bool named);
}
