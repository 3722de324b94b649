using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.Core.Tasks;

namespace PSImageGen.Core.Credentials;

/// <summary>
/// A file with one key: JSON with <c>api_key</c> beside whatever else is in it, or the bare key. What is written here is for its owner alone from its first
/// moment on: mode 0600, and on Windows an access list with the user and nobody else.
/// </summary>
internal static class KeyFile
{
    private const string Member = "api_key";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The key; null where there is none, or the file cannot be read.</summary>
    public static string? Read(string path)
    {
        try
        {
            string text = File.Exists(path) ? File.ReadAllText(path).Trim() : string.Empty;
            string? key = text.StartsWith('{') ? JsonNode.Parse(text)?[Member]?.ToString() : text;
            return string.IsNullOrWhiteSpace(key) ? null : key.Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Puts a key in; what else is in the file stays.</summary>
    /// <exception cref="AIImageException"><c>ArtifactWriteFailed</c>.</exception>
    public static void Write(string path, string key) => Change(path, json => json[Member] = key);

    /// <summary>Takes the key out, and the file away when nothing else is in it.</summary>
    /// <exception cref="AIImageException"><c>ArtifactWriteFailed</c>.</exception>
    public static void Remove(string path) => Change(path, json => json.Remove(Member));

    /// <summary>Whether others on this machine may read a file; false where that cannot be told.</summary>
    public static bool IsOpenToOthers(string path)
    {
        try
        {
            return !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void Change(string path, Action<JsonObject> change)
    {
        try
        {
            JsonObject json = Load(path);
            change(json);
            if (json.Count == 0)
            {
                File.Delete(path);
                return;
            }

            MakeFolder(Path.GetDirectoryName(path)!);
            AtomicFile.Write(path, Encoding.UTF8.GetBytes(json.ToJsonString(Indented) + "\n"), Create);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or ArgumentException)
        {
            throw Errors.KeyUnwritable(path, e);
        }
    }

    // A bare key makes room for the new one; what cannot be read is somebody else's and stays.
    private static JsonObject Load(string path)
    {
        string text = File.Exists(path) ? File.ReadAllText(path).Trim() : string.Empty;
        JsonObject json = text.StartsWith('{') ? JsonNode.Parse(text)!.AsObject() : [];
        // Names that are there twice are found out now.
        _ = json.ContainsKey(Member);
        return json;
    }

    private static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
    }

    private static FileStream Create(string path) => OperatingSystem.IsWindows()
        ? CreateOnWindows(path)
        : new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0, UnixCreateMode = OwnerOnly });

    [SupportedOSPlatform("windows")]
    private static FileStream CreateOnWindows(string path)
    {
        using WindowsIdentity user = WindowsIdentity.GetCurrent();
        FileSecurity mine = new();
        // Nothing of what the folder allows is taken over.
        mine.SetAccessRuleProtection(isProtected: true, preserveInheritance: false);
        mine.AddAccessRule(new FileSystemAccessRule(user.User!, FileSystemRights.FullControl, AccessControlType.Allow));
        return new FileInfo(path).Create(FileMode.CreateNew, FileSystemRights.FullControl, FileShare.None, 4096, FileOptions.None, mine);
    }
}
