using System.Management.Automation;
using System.Security;
using PSImageGen.Completers;
using PSImageGen.Core;
using PSImageGen.Core.Credentials;
using PSImageGen.Core.Providers;
using PSImageGen.Credentials;

namespace PSImageGen.Commands;

/// <summary>Keeps the key of a provider: in a file that its owner alone can read, or in a vault.</summary>
[Cmdlet(VerbsCommon.Set, "AIImageCredential", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(CredentialInfo))]
public sealed class SetAIImageCredentialCommand : PSCmdlet
{
    /// <summary>The provider.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string Provider { get; set; } = string.Empty;

    /// <summary>The key, as a SecureString or as the password of a PSCredential; asked for at the prompt when it is not given.</summary>
    [Parameter(Position = 1)]
    [Secret]
    [ValidateNotNull]
    public SecureString? Credential { get; set; }

    /// <summary>The vault of the SecretManagement module in which it is kept, in place of a file.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Vault { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            ProviderProfile profile = ProviderRegistry.Current.Get(Provider).Profile;
            if (profile.CredentialNames.Count == 0)
                throw ErrorRecords.NoKeyNeeded(profile);
            Surroundings surroundings = this.Surroundings();
            (CredentialSource source, string name) = Vault is null ? surroundings.Store.PlaceOf(profile) : (CredentialSource.Vault, profile.CredentialNames[0]);
            SessionVault? vault = Vault is null ? null : SessionVault.Of(this) ?? throw ErrorRecords.NoVault();
            if (!ShouldProcess(Vault is null ? name : $"{Vault}: {name}", Words.Of($"Keep the key of {profile.Id}")))
                return;
            SecureString key = Credential ?? this.AskForKey(Words.Of($"The key of {profile.Id}")) ?? throw ErrorRecords.NoKeyGiven(profile);
            Core.Credentials.Credential credential = SessionKeys.ToCredential(key, Words.Of("given now"));
            KeyStore.Check(profile, credential);
            if (vault is not null)
                vault.Save(name, Vault!, key);
            else
                surroundings.Store.Save(profile, credential);

            IReadOnlyList<CredentialInfo> places = this.Surroundings().Look(profile);
            CredentialInfo kept = places.FirstOrDefault(p => p.Source == source && p.Name == name) ?? new CredentialInfo { Provider = profile.Id, Source = source, Name = name, Present = true };
            if (places.FirstOrDefault(p => p.Used) is { } used && used != kept)
                WriteWarning(Words.Of($"Calls to {profile.Id} go on using the key in {used.Name}, which is looked at first."));
            WriteObject(kept);
        }
        catch (AIImageException e)
        {
            WriteError(ErrorRecords.Of(e, Provider));
        }
    }
}
