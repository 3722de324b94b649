using PSImageGen.Core.Engine;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Credentials;

/// <summary>Asks a provider whether it takes a key, by a question that costs nothing.</summary>
public static class KeyTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Tests the key that calls use. It is not judged by anything but the provider's own answer.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>: the provider's address is none.</exception>
    public static async Task<CredentialInfo> RunAsync(Provider provider, Surroundings surroundings, Transport transport, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(provider);
        ArgumentNullException.ThrowIfNull(surroundings);
        ArgumentNullException.ThrowIfNull(transport);
        ProviderProfile profile = provider.Profile;
        IReadOnlyList<CredentialInfo> places = surroundings.Look(profile);
        if (places.FirstOrDefault(p => p.Used) is not { } used || surroundings.FindCredential(profile) is not { } key)
            return CredentialInfo.None(profile.Id, places.Count == 0 ? Words.Of("It needs no key.") : Words.Of("There is no key."));
        if (!key.IsReadable)
            return used with { Valid = false };
        if (provider.KeyCheck is not { } question)
            return used with { Note = Words.Of("It cannot be tested without paying: the provider has no free question for that.") };
        try
        {
            VendorAnswer answer = await transport.ExchangeAsync(new Endpoint(profile, surroundings.BaseUrl(profile), key), question, [], null, null, Patience, cancel).ConfigureAwait(false);
            return Judge(provider, answer, used, key);
        }
        catch (ExchangeException e)
        {
            return used with { Note = Words.Of($"{profile.Id} could not be asked: {PlainText.Clean(e.Message, 200)}") };
        }
    }

    private static CredentialInfo Judge(Provider provider, VendorAnswer answer, CredentialInfo used, Credential key)
    {
        if (!provider.IsRefusal(answer))
            return used with { Valid = true };
        VendorFailure failure = Guarded.Classify(provider, answer);
        string? words = failure.Message is { Length: > 0 } said ? PlainText.Clean(said, 200, key.Reveal()) : null;
        string id = provider.Profile.Id;
        return failure.Id switch
        {
            // Whoever is told that this is not allowed may be known well.
            ImageErrorId.AuthenticationFailed when answer.Status != 403 || provider.Profile.ForbidsUnknownKeys => used with { Valid = false, Note = words is null ? Words.Of($"{id} does not take this key.") : Words.Of($"{id} does not take this key: {words}") },
            ImageErrorId.InsufficientCredits => used with { Valid = true, Note = Words.Of($"{id} takes this key, but the account has no money left.") },
            _ => used with { Note = words is null ? Words.Of($"{id} did not say whether it takes this key (HTTP {answer.Status}).") : Words.Of($"{id} did not say whether it takes this key (HTTP {answer.Status}): {words}") },
        };
    }
}
