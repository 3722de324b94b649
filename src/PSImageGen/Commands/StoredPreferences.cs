using System.Management.Automation;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Tasks;

namespace PSImageGen.Commands;

/// <summary>What the user and the project prefer, as a cmdlet sees it.</summary>
internal static class StoredPreferences
{
    /// <summary>The files they are in.</summary>
    public static PreferenceFiles Files => new(RunIndex.StateFolder(), ProviderRegistry.BuiltIn);

    /// <summary>What counts at the current location.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>, naming file and key.</exception>
    public static Preferences LoadPreferences(this PSCmdlet cmdlet) => Files.Load(cmdlet.SessionState.Path.CurrentFileSystemLocation.ProviderPath);
}
