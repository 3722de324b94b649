using System.Management.Automation;
using PSImageGen.Completers;
using PSImageGen.Core;
using PSImageGen.Core.Credentials;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Credentials;

namespace PSImageGen.Commands;

/// <summary>Lists the providers, what they can do, and whether their key is set. Never shows a key.</summary>
[Cmdlet(VerbsCommon.Get, "AIImageProvider")]
[OutputType(typeof(ProviderInfo))]
public sealed class GetAIImageProviderCommand : PSCmdlet
{
    /// <summary>Names; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string[] Provider { get; set; } = ["*"];

    private Surroundings? _surroundings;
    private Planner? _planner;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string name in Provider)
        {
            WildcardPattern pattern = new(name, WildcardOptions.IgnoreCase);
            Core.Providers.Provider[] found = [.. ProviderRegistry.BuiltIn.Providers.Where(p => pattern.IsMatch(p.Profile.Id))];
            try
            {
                if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
                    _ = ProviderRegistry.BuiltIn.Get(name);
                foreach (Core.Providers.Provider provider in found)
                    WriteObject(Describe(provider));
            }
            catch (AIImageException e)
            {
                WriteError(ErrorRecords.Of(e, name));
            }
        }
    }

    private ProviderInfo Describe(Core.Providers.Provider provider)
    {
        ProviderProfile profile = provider.Profile;
        Surroundings surroundings = _surroundings ??= this.Surroundings();
        Catalogue catalogue = (_planner ??= new Planner(ProviderRegistry.BuiltIn, surroundings, UserCatalogue.DefaultPath)).CatalogueOf(provider);
        Uri? baseUrl = null;
        try
        {
            baseUrl = profile.Handler is null ? surroundings.BaseUrl(profile) : null;
        }
        catch (AIImageException e)
        {
            WriteWarning(Words.Sentences(e.Error.Message, e.Error.Recommendation));
        }

        return new ProviderInfo
        {
            Provider = profile.Id,
            DisplayName = profile.DisplayName,
            Configured = surroundings.IsConfigured(profile),
            Free = profile.Free,
            Operations = [.. Enum.GetValues<ImageOperation>().Where(o => catalogue.DefaultFor(o) is not null)],
            // What a server of the user's own has, it tells when it is asked.
            DefaultModel = profile.NeedsBaseUrl ? null : catalogue.DefaultFor(ImageOperation.Generate)?.Id,
            CredentialNames = profile.CredentialNames,
            CredentialSource = surroundings.FindCredential(profile)?.Source,
            BaseUrl = baseUrl,
            BaseUrlVariable = profile.BaseUrlVariable,
            KeyPage = profile.KeyPage,
        };
    }
}
