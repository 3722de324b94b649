using PSImageGen.Core.Providers;
using PSImageGen.Core.Tasks;

namespace PSImageGen.Core.Credentials;

/// <summary>What is around of a provider: its key, wherever that is, and its base URL.</summary>
public sealed class Surroundings
{
    private readonly Func<string, string?> _variable;
    private readonly ISecretVault? _vault;

    /// <summary>Looks around.</summary>
    /// <param name="variable">Gives the value of an environment variable or null; by default the process's.</param>
    /// <param name="home">The user's home folder; by default the real one.</param>
    /// <param name="vault">The user's vault; null where there is none.</param>
    /// <param name="stateFolder">The user's state folder; by default the real one.</param>
    public Surroundings(Func<string, string?>? variable = null, string? home = null, ISecretVault? vault = null, string? stateFolder = null)
    {
        _variable = variable ?? Environment.GetEnvironmentVariable;
        _vault = vault;
        Store = new KeyStore(stateFolder ?? RunIndex.StateFolder(), home);
    }

    /// <summary>The keys in files.</summary>
    public KeyStore Store { get; }

    /// <summary>The key: the first there is of the places in their order. Null when none holds one.</summary>
    public Credential? FindCredential(ProviderProfile profile) => Places(profile).Select(p => p.Read()).FirstOrDefault(c => c is not null);

    /// <summary>Every place where the key of a provider may be, in the order in which they are looked at, and whether there is one. No place where it needs none.</summary>
    public IReadOnlyList<CredentialInfo> Look(ProviderProfile profile)
    {
        List<CredentialInfo> looked = [];
        foreach (KeyPlace place in Places(profile))
        {
            Credential? found = place.Read();
            looked.Add(new CredentialInfo
            {
                Provider = profile.Id,
                Source = place.Source,
                Name = place.Name,
                Present = found is not null,
                Used = found is not null && !looked.Any(p => p.Present),
                Note = NoteOn(place, found),
            });
        }

        return looked;
    }

    private IEnumerable<KeyPlace> Places(ProviderProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        foreach (string name in profile.CredentialNames)
            yield return KeyPlace.Of(CredentialSource.Environment, name, "environment: ", () => _variable(name));
        if (profile.KeyInBaseUrl && profile.BaseUrlVariable is { } address)
            yield return new KeyPlace(CredentialSource.Environment, address, () => FromAddress(profile));
        // The same names as in the environment, so that a vault can take the place of the variables.
        if (_vault is { } vault)
        {
            foreach (string name in profile.CredentialNames)
                yield return KeyPlace.Of(CredentialSource.Vault, name, "vault: ", () => vault.Find(name));
        }

        if (profile.CredentialNames.Count == 0)
            yield break;
        foreach ((CredentialSource source, string path) in Store.Places(profile))
            yield return KeyPlace.Of(source, path, "file: ", () => KeyFile.Read(path));
    }

    private string? NoteOn(KeyPlace place, Credential? found) => place.Source switch
    {
        _ when found is { IsReadable: false } => Words.Of("It has characters that no key has: it was not copied right."),
        CredentialSource.Vault when found is null => _vault?.Problem,
        CredentialSource.VendorFile or CredentialSource.Store when found is not null && KeyFile.IsOpenToOthers(place.Name) => Words.Of("Others on this machine can read this file."),
        _ => null,
    };

    private Credential? FromAddress(ProviderProfile profile)
    {
        if (Override(profile) is not { UserInfo.Length: > 0 } url)
            return null;
        string[] parts = [.. url.UserInfo.Split(':', 2).Select(Uri.UnescapeDataString)];
        return Credential.Basic(parts[0], parts.ElementAtOrDefault(1) ?? string.Empty, "environment: " + profile.BaseUrlVariable);
    }

    /// <summary>The vendor's OpenAPI documents that the user has named: full paths or links.</summary>
    public IReadOnlyList<string> Documents(ProviderProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return profile.DocumentVariable is { } name && _variable(name) is { } places ? places.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [];
    }

    /// <summary>How long the provider's own variable says to wait; null when it says nothing sensible.</summary>
    public TimeSpan? Timeout(ProviderProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return profile.TimeoutVariable is { } name
            && double.TryParse(_variable(name), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and <= 86400
            ? TimeSpan.FromSeconds(seconds)
            : null;
    }

    /// <summary>Whether a call could be made.</summary>
    public bool IsConfigured(ProviderProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return profile.NeedsBaseUrl ? OverrideText(profile) is not null : profile.CredentialNames.Count == 0 || FindCredential(profile) is not null;
    }

    /// <summary>Where calls go: the override when its variable is set, else the vendor's own address.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>: the variable holds no http(s) address.</exception>
    public Uri BaseUrl(ProviderProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        if (OverrideText(profile) is not { } value)
            return profile.BaseUrl;
        return Override(profile) is { } url && (profile.KeyInBaseUrl || url.UserInfo.Length == 0) && url.Query.Length == 0 && url.Fragment.Length == 0
            ? new Uri(url.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.UserInfo, UriFormat.UriEscaped).TrimEnd('/'))
            : throw Errors.BaseUrlInvalid(profile, value);
    }

    private string? OverrideText(ProviderProfile profile) =>
        profile.BaseUrlVariable is { } name && _variable(name)?.Trim() is { Length: > 0 } value ? value : null;

    // As it was given, a password included; null when it is no web address.
    private Uri? Override(ProviderProfile profile) =>
        Uri.TryCreate(OverrideText(profile), UriKind.Absolute, out Uri? url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) ? url : null;

    private sealed record KeyPlace(CredentialSource Source, string Name, Func<Credential?> Read)
    {
        public static KeyPlace Of(CredentialSource source, string name, string prefix, Func<string?> read) =>
            new(source, name, () => read()?.Trim() is { Length: > 0 } key ? new Credential(key, prefix + name) : null);
    }
}
