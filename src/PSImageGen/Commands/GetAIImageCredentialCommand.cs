using System.Management.Automation;

namespace PSImageGen.Commands;

/// <summary>Shows every place where the key of a provider may be, which hold one, and which one is used. Never shows a key.</summary>
[Cmdlet(VerbsCommon.Get, "AIImageCredential")]
[OutputType(typeof(CredentialInfo))]
public sealed class GetAIImageCredentialCommand : CredentialCommand
{
    private protected override void Handle(IReadOnlyList<Core.Providers.Provider> providers, bool named)
    {
        foreach (Core.Providers.Provider provider in providers)
        {
            IReadOnlyList<CredentialInfo> places = Surroundings.Look(provider.Profile);
            if (places.Count == 0)
                WriteObject(CredentialInfo.None(provider.Profile.Id, Core.Words.Of("It needs no key.")));
            WriteObject(places, enumerateCollection: true);
        }
    }
}
