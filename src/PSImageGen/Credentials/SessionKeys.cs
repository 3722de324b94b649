using System.Management.Automation;
using System.Management.Automation.Host;
using System.Net;
using System.Security;
using PSImageGen.Consent;
using PSImageGen.Core;
using PSImageGen.Core.Credentials;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Tasks;

namespace PSImageGen.Credentials;

/// <summary>Keys as a cmdlet comes by them: looked for in the session's surroundings, or asked for at the prompt.</summary>
internal static class SessionKeys
{
    /// <summary>What is around of the providers, the user's vaults included. Pipeline thread only.</summary>
    public static Surroundings Surroundings(this PSCmdlet cmdlet) => new(vault: SessionVault.Of(cmdlet));

    /// <summary>Looks for the keys of providers now: the engine asks for them on threads where no vault can be opened. Pipeline thread only.</summary>
    public static void LookFor(this Surroundings surroundings, IEnumerable<string> providers)
    {
        foreach (Provider provider in providers.Distinct(StringComparer.Ordinal).Select(ProviderRegistry.Current.Find).OfType<Provider>())
            _ = surroundings.FindCredential(provider.Profile);
    }

    /// <summary>Looks for the keys of the providers of a run.</summary>
    /// <exception cref="AIImageException"><c>RecordInvalid</c>.</exception>
    public static void LookFor(this Surroundings surroundings, string recordPath) => surroundings.LookFor(Ledger.Read(recordPath).Tasks.Select(t => t.Provider));

    /// <summary>Asks for a key at the prompt, without showing what is typed; null where nobody can be asked, or nothing was typed.</summary>
    public static SecureString? AskForKey(this PSCmdlet cmdlet, string words)
    {
        // The console host would read the key from the redirected input.
        if (cmdlet.Host?.UI is not { } screen || (cmdlet.Host.Name == "ConsoleHost" && Console.IsInputRedirected))
            return null;
        try
        {
            FieldDescription field = new(Words.Of("Key"));
            field.SetParameterType(typeof(SecureString));
            return screen.Prompt(string.Empty, words, [field]).Values.FirstOrDefault()?.BaseObject is SecureString { Length: > 0 } key ? key : null;
        }
        catch (Exception e) when (e is not (PipelineStoppedException or FlowControlException))
        {
            // Each host that cannot ask fails in its own way.
            return null;
        }
    }

    /// <summary>
    /// A vendor's own first run: where there is no key, it is asked for as the vendor does and kept in the vendor's own file. At a prompt alone, and never where the
    /// user said that nobody is to be asked.
    /// </summary>
    /// <returns>Whether there is a key now.</returns>
    public static bool TryFirstRun(this PSCmdlet cmdlet, ProviderProfile profile, Surroundings surroundings, bool force)
    {
        bool unattended = force || cmdlet.Switch("Confirm") == false || cmdlet.IsWhatIf()
            || string.Equals(cmdlet.GetVariableValue("ConfirmPreference")?.ToString(), "None", StringComparison.OrdinalIgnoreCase);
        if (profile.KeyFile is null || profile.KeyRequest is not { } words || unattended || cmdlet.AskForKey(words) is not { } key)
            return false;
        surroundings.Store.Save(profile, ToCredential(key, "typed"));
        cmdlet.WriteVerbose($"The key is kept in {surroundings.Store.PlaceOf(profile).Path}.");
        return true;
    }

    /// <summary>The key in a secure text, without what a paste leaves around it.</summary>
    public static Credential ToCredential(SecureString key, string source) => new(new NetworkCredential(string.Empty, key).Password.Trim(), source);
}
