using PSImageGen.Core.Providers;

namespace PSImageGen.Core.Credentials;

/// <summary>What the environment says of a provider: its key and its base URL.</summary>
public sealed class Surroundings
{
    private readonly Func<string, string?> _variable;

    /// <summary>Looks variables up.</summary>
    /// <param name="variable">Gives the value of an environment variable or null; by default the process's.</param>
    public Surroundings(Func<string, string?>? variable = null)
    {
        _variable = variable ?? Environment.GetEnvironmentVariable;
    }

    /// <summary>The key, or null when none of the provider's variables holds one.</summary>
    public Credential? FindCredential(ProviderProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        foreach (string name in profile.CredentialNames)
        {
            string? key = _variable(name)?.Trim();
            if (!string.IsNullOrEmpty(key))
                return new Credential(key, "environment: " + name);
        }

        return null;
    }

    /// <summary>Whether a call could be made.</summary>
    public bool IsConfigured(ProviderProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return profile.CredentialNames.Count == 0 || FindCredential(profile) is not null;
    }

    /// <summary>Where calls go: the override when its variable is set, else the vendor's own address.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>: the variable holds no http(s) address.</exception>
    public Uri BaseUrl(ProviderProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        string? value = profile.BaseUrlVariable is null ? null : _variable(profile.BaseUrlVariable)?.Trim();
        if (string.IsNullOrEmpty(value))
            return profile.BaseUrl;
        return Uri.TryCreate(value, UriKind.Absolute, out Uri? url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
            && url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Fragment.Length == 0
            ? new Uri(url.AbsoluteUri.TrimEnd('/'))
            : throw Errors.BaseUrlInvalid(profile.BaseUrlVariable!, value);
    }
}
