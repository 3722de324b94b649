using System.Management.Automation;
using PSImageGen.Completers;
using PSImageGen.Core;
using PSImageGen.Core.Credentials;
using PSImageGen.Core.Providers;
using PSImageGen.Credentials;

namespace PSImageGen.Commands;

/// <summary>Forgets the key of a provider where Set-AIImageCredential keeps it.</summary>
[Cmdlet(VerbsCommon.Remove, "AIImageCredential", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(void))]
public sealed class RemoveAIImageCredentialCommand : PSCmdlet
{
    /// <summary>The providers.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string[] Provider { get; set; } = [];

    /// <summary>The vault of the SecretManagement module to take it out of, in place of the file.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Vault { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string provider in Provider)
        {
            try
            {
                Remove(ProviderRegistry.Current.Get(provider).Profile);
            }
            catch (AIImageException e)
            {
                WriteError(ErrorRecords.Of(e, provider));
            }
        }
    }

    private void Remove(ProviderProfile profile)
    {
        Surroundings surroundings = this.Surroundings();
        (string place, Action forget) = Vault is null ? Kept(profile, surroundings) : KeptIn(Vault, profile);
        if (!ShouldProcess(place, Words.Of($"Forget the key of {profile.Id}")))
            return;
        forget();
        if (this.Surroundings().Look(profile).FirstOrDefault(p => p.Used) is { } left)
            WriteWarning(Words.Of($"Calls to {profile.Id} go on using the key in {left.Name}."));
    }

    private static (string Place, Action Forget) Kept(ProviderProfile profile, Surroundings surroundings)
    {
        string?[] files = [.. surroundings.Look(profile).Where(p => p.Present && p.Source is CredentialSource.VendorFile or CredentialSource.Store).Select(p => p.Name)];
        return files.Length > 0 ? (Words.List(files.OfType<string>()), () => surroundings.Store.Remove(profile)) : throw ErrorRecords.NoKeyKept(profile);
    }

    private (string Place, Action Forget) KeptIn(string vault, ProviderProfile profile)
    {
        SessionVault vaults = SessionVault.Of(this) ?? throw ErrorRecords.NoVault();
        string secret = profile.CredentialNames is [var first, ..] ? first : throw ErrorRecords.NoKeyNeeded(profile);
        return ($"{vault}: {secret}", () => vaults.Remove(secret, vault));
    }
}
