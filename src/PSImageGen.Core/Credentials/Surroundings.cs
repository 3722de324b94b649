using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.Core.Providers;

namespace PSImageGen.Core.Credentials;

/// <summary>What the environment says of a provider: its key and its base URL.</summary>
public sealed class Surroundings
{
    private readonly Func<string, string?> _variable;
    private readonly string _home;

    /// <summary>Looks variables up.</summary>
    /// <param name="variable">Gives the value of an environment variable or null; by default the process's.</param>
    /// <param name="home">The user's home folder; by default the real one.</param>
    public Surroundings(Func<string, string?>? variable = null, string? home = null)
    {
        _variable = variable ?? Environment.GetEnvironmentVariable;
        _home = home ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
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

        if (profile.KeyInBaseUrl && Override(profile) is { UserInfo.Length: > 0 } url)
        {
            string[] parts = [.. url.UserInfo.Split(':', 2).Select(Uri.UnescapeDataString)];
            return Credential.Basic(parts[0], parts.ElementAtOrDefault(1) ?? string.Empty, "environment: " + profile.BaseUrlVariable);
        }

        return profile.KeyFile is { } file ? FromFile(Path.Combine(_home, file)) : null;
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

    private static Credential? FromFile(string path)
    {
        try
        {
            string text = File.Exists(path) ? File.ReadAllText(path).Trim() : string.Empty;
            string? key = text.StartsWith('{') ? JsonNode.Parse(text)?["api_key"]?.ToString() : text;
            return string.IsNullOrWhiteSpace(key) ? null : new Credential(key.Trim(), "file: " + path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            // A file that cannot be read holds no key.
            return null;
        }
    }
}
