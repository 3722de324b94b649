using System.Text;

namespace PSImageGen.Core.Tasks;

/// <summary>
/// The user's list of unfinished runs, wherever their folders are: one small file a run, named by its id and holding the path of
/// its record, so that many processes can add and remove without waiting for each other.
/// </summary>
public sealed class RunIndex
{
    private static readonly TimeSpan KeepKnown = TimeSpan.FromDays(31);

    private readonly string _folder;
    private readonly string _known;

    /// <summary>The index below a state folder.</summary>
    public RunIndex(string stateFolder)
    {
        _folder = Path.Combine(stateFolder, "runs");
        _known = Path.Combine(stateFolder, "tasks");
        Uploads = new UploadIndex(stateFolder);
        Bookings = new Bookings(stateFolder);
    }

    /// <summary>The user's money.</summary>
    public Bookings Bookings { get; }

    /// <summary>The user's uploads.</summary>
    internal UploadIndex Uploads { get; }

    /// <summary>The state folder: <c>PSIMAGEGEN_STATE</c> when set, else the platform's place for application state.</summary>
    public static string StateFolder()
    {
        string? set = Environment.GetEnvironmentVariable("PSIMAGEGEN_STATE");
        if (!string.IsNullOrWhiteSpace(set))
            return Path.GetFullPath(set);
        if (OperatingSystem.IsLinux())
        {
            string? xdg = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
            return Path.Combine(!string.IsNullOrEmpty(xdg) && Path.IsPathRooted(xdg)
                ? xdg
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state"), "PSImageGen");
        }

        return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "PSImageGen");
    }

    /// <summary>Remembers a run.</summary>
    public void Add(string runId, string recordPath)
    {
        try
        {
            Directory.CreateDirectory(_folder);
            AtomicFile.Write(EntryPath(runId, recordPath), Encoding.UTF8.GetBytes(recordPath));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.CannotWrite(_folder, e);
        }
    }

    /// <summary>Forgets a run.</summary>
    public void Remove(string runId, string recordPath) => AtomicFile.TryDelete(EntryPath(runId, recordPath));

    /// <summary>The paths of the records, oldest run first. Entries whose record is gone are dropped.</summary>
    public IReadOnlyList<string> Paths()
    {
        if (!Directory.Exists(_folder))
            return [];
        List<string> paths = [];
        foreach (string entry in Directory.EnumerateFiles(_folder, "*.run").Order(StringComparer.Ordinal))
        {
            string? path = TryRead(entry);
            if (path is not null && File.Exists(path))
                paths.Add(path);
            else if (path is not null && Directory.Exists(Path.GetPathRoot(path)) && Directory.Exists(RunFolder.OfRecord(path)?.OutputDirectory))
                AtomicFile.TryDelete(entry);
        }

        return paths;
    }

    /// <summary>Remembers that a vendor's task belongs to a run, for as long as vendors keep tasks.</summary>
    public void Know(string provider, string taskId, string recordPath)
    {
        try
        {
            Directory.CreateDirectory(_known);
            AtomicFile.Write(KnownPath(provider, taskId), Encoding.UTF8.GetBytes(recordPath));
            foreach (string old in Directory.EnumerateFiles(_known).Where(f => File.GetLastWriteTimeUtc(f) < DateTime.UtcNow - KeepKnown))
                AtomicFile.TryDelete(old);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Only the search for orphans would miss it; the record itself has the id.
        }
    }

    /// <summary>Whether a vendor's task belongs to a run of this user, or to another one than that of the given record.</summary>
    public bool KnowsTask(string provider, string taskId, string? otherThan = null)
    {
        string known = KnownPath(provider, taskId);
        return File.Exists(known) && (otherThan is null || TryRead(known) != otherThan);
    }

    private string KnownPath(string provider, string taskId) =>
        Path.Combine(_known, Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(provider + " " + taskId)).AsSpan(0, 12)).ToLowerInvariant());

    private static string? TryRead(string entry)
    {
        try
        {
            return File.ReadAllText(entry).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // The same run id may be used in two folders: the path tells them apart.
    private string EntryPath(string runId, string recordPath) => Path.Combine(_folder, $"{runId}-{Mark(recordPath)}.run");

    /// <summary>A few letters that tell paths apart.</summary>
    internal static string Mark(string path) =>
        Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(path)).AsSpan(0, 4)).ToLowerInvariant();
}
