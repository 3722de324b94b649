using PSImageGen.Core.Credentials;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Engine;

/// <summary>Asks a vendor what the user's account has left. The question is free; it is asked once.</summary>
public static class BalanceStep
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>What is left; without an amount where the vendor does not tell.</summary>
    /// <exception cref="AIImageException"><c>CredentialMissing</c>; the vendor refused the key, or cannot be reached.</exception>
    public static async Task<Balance> AskAsync(Provider provider, Surroundings surroundings, Transport transport, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(provider);
        ArgumentNullException.ThrowIfNull(surroundings);
        ArgumentNullException.ThrowIfNull(transport);
        ProviderProfile profile = provider.Profile;
        Balance nothing = new() { Provider = profile.Id, AccountPage = profile.AccountPage };
        if (profile.Free)
            return nothing with { Note = Words.Of("its pictures cost nothing") };
        if (provider.Balance.Count == 0)
            return nothing with { Note = Words.Of("it does not tell what is left: look at the account page") };
        Credential credential = surroundings.FindCredential(profile) ?? throw Errors.CredentialMissing(profile);
        if (!credential.IsReadable)
            throw Errors.KeyUnreadable(profile, credential.Source);

        Endpoint endpoint = new(profile, surroundings.BaseUrl(profile), credential);
        VendorFailure? refusal = null;
        foreach (VendorRequest question in provider.Balance)
        {
            VendorAnswer answer;
            try
            {
                answer = await transport.ExchangeAsync(endpoint, question, [], null, null, Patience, cancel).ConfigureAwait(false);
            }
            catch (ExchangeException e)
            {
                throw Failed(new VendorFailure { Id = ImageErrorId.ProviderUnavailable, Acceptance = Acceptance.Refused, Seen = e.Message }, endpoint, e);
            }

            if (provider.IsRefusal(answer))
                refusal = Guarded.Classify(provider, answer) with { HttpStatus = answer.Status };
            else if (Guarded.ReadBalance(provider, answer) is { } funds)
                return nothing with { Amount = funds.Amount, Currency = funds.Amount is null ? null : funds.Currency, Note = funds.Note, Source = endpoint.Resolve(question), At = DateTimeOffset.UtcNow };
        }

        // A key that may order and not look at the account, or an address that is gone, is no fault of the user's.
        return refusal switch
        {
            null => nothing with { Note = Words.Of("what it answered does not say what is left: look at the account page") },
            { HttpStatus: 403 or 404 } => nothing with { Note = Words.Of("this key may not ask what is left: look at the account page") },
            _ => throw Failed(refusal, endpoint, null),
        };
    }

    private static AIImageException Failed(VendorFailure failure, Endpoint endpoint, Exception? inner)
    {
        ImageError error = VendorErrors.Of(failure with { Acceptance = Acceptance.Refused, MayHaveBeenCharged = false }, endpoint.Profile, string.Empty, string.Empty, endpoint.Credential?.Reveal());
        return new AIImageException(error with
        {
            RunId = null,
            Message = error.Id == ImageErrorId.AuthenticationFailed ? Words.Of($"{endpoint.Profile.Id} did not accept the key.") : error.Message,
        }, inner);
    }
}
