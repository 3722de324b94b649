using System.Management.Automation;
using PSImageGen.Core;
using PSImageGen.Core.Planning;

namespace PSImageGen.Commands;

/// <summary>Paths as the session means them: its current folder is not the process's.</summary>
internal static class PathExtensions
{
    /// <summary>The full path of a file or folder that need not exist.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>: not in the file system.</exception>
    public static string ResolvePath(this PSCmdlet cmdlet, string path)
    {
        try
        {
            string full = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out System.Management.Automation.ProviderInfo provider, out _);
            return provider.Name == "FileSystem" ? full : throw ErrorRecords.NotAFilePath(path);
        }
        catch (Exception e) when (e is System.Management.Automation.DriveNotFoundException or ProviderNotFoundException or NotSupportedException or ArgumentException or PSInvalidOperationException)
        {
            throw ErrorRecords.NotAFilePath(path);
        }
    }

    /// <summary>The full paths of the files that a path with wildcards means; a file of exactly that name goes first.</summary>
    /// <exception cref="AIImageException"><c>InvalidImage</c>: there are none; <c>InvalidRequest</c>: not in the file system.</exception>
    public static IReadOnlyList<string> ResolveWildcards(this PSCmdlet cmdlet, string path)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(path) || File.Exists(cmdlet.ResolvePath(path)))
            return [cmdlet.ResolvePath(path)];
        string[] found = [];
        try
        {
            found = [.. cmdlet.SessionState.Path.GetResolvedProviderPathFromPSPath(path, out System.Management.Automation.ProviderInfo provider).Where(File.Exists)];
            if (provider.Name != "FileSystem")
                throw ErrorRecords.NotAFilePath(path);
        }
        catch (ItemNotFoundException)
        {
            // Told below.
        }

        return found.Length > 0 ? found : throw ErrorRecords.Make(ImageErrorId.InvalidImage, Words.Of($"No file matches '{path}'."), Words.Of("Give the path of a picture; -LiteralPath takes [ and ] as they are."));
    }

    /// <summary>The folder for pictures: the one given, else the preferred one, else the current one.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>: not in the file system, or the preferences cannot be read.</exception>
    public static string ResolveFolder(this PSCmdlet cmdlet, string? folder, Preferences? preferences = null) =>
        !string.IsNullOrWhiteSpace(folder)
            ? cmdlet.ResolvePath(folder)
            : (preferences ?? cmdlet.LoadPreferences()).Text("OutputDirectory") ?? cmdlet.SessionState.Path.CurrentFileSystemLocation.ProviderPath;
}
