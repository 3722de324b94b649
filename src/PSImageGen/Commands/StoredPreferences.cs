using System.Management.Automation;
using PSImageGen.Consent;
using PSImageGen.Core;
using PSImageGen.Core.Artifacts.Metadata;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Tasks;

namespace PSImageGen.Commands;

/// <summary>What the user and the project prefer, as a cmdlet sees it.</summary>
internal static class StoredPreferences
{
    /// <summary>The files they are in.</summary>
    public static PreferenceFiles Files => new(RunIndex.StateFolder(), ProviderRegistry.Current);

    /// <summary>What counts at the current location.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>, naming file and key.</exception>
    public static Preferences LoadPreferences(this PSCmdlet cmdlet) => Files.Load(cmdlet.SessionState.Path.CurrentFileSystemLocation.ProviderPath);

    /// <summary>What picture files remember: the command line decides, be it by <c>-NoMetadata:$false</c>; else what is stored.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>: both switches were given.</exception>
    public static MetadataMode Remembered(PSCmdlet cmdlet, bool none, bool hashes, Preferences preferences) => (none, hashes) switch
    {
        (true, true) => throw ErrorRecords.Make(ImageErrorId.InvalidRequest, Words.Of("-NoMetadata and -HashMetadata were given together."), Words.Of("Leave one of them out.")),
        (true, _) => MetadataMode.None,
        (_, true) => MetadataMode.Hashes,
        _ => cmdlet.Switch("NoMetadata") is not null || cmdlet.Switch("HashMetadata") is not null ? MetadataMode.Full : preferences.Metadata,
    };
}
