using PSImageGen.Core.Providers;

namespace PSImageGen.Core.Credentials;

/// <summary>
/// The keys kept in files: a provider's in the file of the vendor's own tools where there is one, else in a file of its own in the state folder. One file a
/// provider, so that nothing is lost where several are written at once.
/// </summary>
public sealed class KeyStore
{
    private readonly string _folder;
    private readonly string _home;

    /// <summary>Opens the store.</summary>
    /// <param name="stateFolder">The user's state folder.</param>
    /// <param name="home">The user's home folder, where vendors' own files are; by default the real one.</param>
    public KeyStore(string stateFolder, string? home = null)
    {
        _folder = Path.Combine(stateFolder, "keys");
        _home = home ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
    }

    /// <summary>Where the key of a provider is kept.</summary>
    public (CredentialSource Source, string Path) PlaceOf(ProviderProfile profile) => Places(profile).First();

    /// <summary>Refuses what cannot be a key.</summary>
    /// <exception cref="AIImageException"><c>CredentialMissing</c>.</exception>
    public static void Check(ProviderProfile profile, Credential key)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(key);
        if (key.Reveal().Length == 0 || !key.IsReadable)
            throw Errors.KeyUnreadable(profile, key.Source);
    }

    /// <summary>Keeps a key in place of the one before.</summary>
    /// <exception cref="AIImageException"><c>CredentialMissing</c>: it cannot be a key; <c>ArtifactWriteFailed</c>.</exception>
    public void Save(ProviderProfile profile, Credential key)
    {
        Check(profile, key);
        KeyFile.Write(PlaceOf(profile).Path, key.Reveal());
    }

    /// <summary>Forgets the key of a provider, in every file that has one.</summary>
    /// <exception cref="AIImageException"><c>ArtifactWriteFailed</c>.</exception>
    public void Remove(ProviderProfile profile)
    {
        foreach ((_, string path) in Places(profile).Where(p => KeyFile.Read(p.Path) is not null))
            KeyFile.Remove(path);
    }

    /// <summary>The files that may hold the key, in order.</summary>
    internal IEnumerable<(CredentialSource Source, string Path)> Places(ProviderProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        if (profile.KeyFile is { } file)
            yield return (CredentialSource.VendorFile, Path.GetFullPath(Path.Combine(_home, file)));
        yield return (CredentialSource.Store, Path.Combine(_folder, profile.Id.ToLowerInvariant() + ".json"));
    }
}
