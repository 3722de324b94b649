using System.Management.Automation;
using PSImageGen.Core;
using PSImageGen.Core.Credentials;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;

namespace PSImageGen;

/// <summary>Providers as users see them.</summary>
internal static class ProviderDescriptions
{
    /// <summary>A provider as this session sees it; a wrong address is warned of.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>: the user's catalogue has a mistake.</exception>
    public static ProviderInfo Describe(this Cmdlet cmdlet, Provider provider, Surroundings surroundings)
    {
        ProviderProfile profile = provider.Profile;
        Catalogue catalogue = new Planner(ProviderRegistry.Current, surroundings, UserCatalogue.DefaultPath).CatalogueOf(provider);
        Uri? baseUrl = null;
        try
        {
            baseUrl = profile.Handler is null ? surroundings.BaseUrl(profile) : null;
        }
        catch (AIImageException e)
        {
            cmdlet.WriteWarning(Words.Sentences(e.Error.Message, e.Error.Recommendation));
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
            Origin = profile.Origin,
        };
    }
}
