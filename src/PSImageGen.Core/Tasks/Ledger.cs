using System.Text;
using System.Text.Json;
using PSImageGen.Core.Artifacts;
using PSImageGen.Core.Requests;

namespace PSImageGen.Core.Tasks;

/// <summary>The records of all runs on disk, and the index that finds the unfinished ones again.</summary>
public sealed class Ledger
{
    private readonly RunIndex _index;
    private readonly TimeProvider _clock;

    /// <summary>Opens the ledger.</summary>
    public Ledger(RunIndex index, TimeProvider clock)
    {
        _index = index;
        _clock = clock;
    }

    /// <summary>Records the intent of a run and becomes its owner, before anything is sent.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>: the run id is in use; <c>ArtifactWriteFailed</c>: the folder cannot be written.</exception>
    public RunEntry Create(RunOptions options, RunRecord record)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(record);
        RunFolder folder = new(options.OutputDirectory, options.RunId);
        if (File.Exists(options.OutputDirectory))
            throw Errors.NotAFolder(options.OutputDirectory);
        try
        {
            if (File.Exists(folder.RecordPath))
                throw Errors.RunIdInUse(options.RunId, folder.RecordPath);
            Directory.CreateDirectory(Path.GetDirectoryName(folder.RecordPath)!);
            Directory.CreateDirectory(folder.Parts);
            string ignore = Path.Combine(options.OutputDirectory, RunFolder.LedgerName, ".gitignore");
            if (!File.Exists(ignore))
                AtomicFile.Write(ignore, "*\n"u8);
            RunLock owner = RunLock.TryTake(folder) ?? throw Errors.RunIdInUse(options.RunId, folder.RecordPath);
            RunEntry? entry = null;
            try
            {
                // Two commands may have passed the first check; the lock decides.
                if (File.Exists(folder.RecordPath))
                    throw Errors.RunIdInUse(options.RunId, folder.RecordPath);
                entry = new RunEntry(folder, owner, record, _index, _clock);
                entry.Update(r => r with { Timestamps = r.Timestamps with { Created = _clock.GetUtcNow() } });
                return entry;
            }
            catch
            {
                entry?.Dispose();
                owner.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Errors.CannotWrite(options.OutputDirectory, e);
        }
    }

    /// <summary>Becomes the owner of a run that was left, to go on with it.</summary>
    /// <exception cref="AIImageException"><c>RecordInvalid</c>; <c>InvalidRequest</c>: another command looks after it.</exception>
    public RunEntry Open(string recordPath)
    {
        RunFolder folder = RunFolder.OfRecord(recordPath) ?? throw Errors.RecordUnreadable(recordPath, null);
        RunLock owner;
        try
        {
            Directory.CreateDirectory(folder.Parts);
            owner = RunLock.TryTake(folder) ?? throw Errors.RunBusy(Path.GetFileName(folder.Root));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.CannotWrite(folder.Root, e);
        }

        try
        {
            return new RunEntry(folder, owner, Load(recordPath).AfterOwner(), _index, _clock);
        }
        catch
        {
            owner.Dispose();
            throw;
        }
    }

    /// <summary>Reads a record as it is now. What was being sent by a process that is gone shows as <c>Unknown</c>.</summary>
    /// <exception cref="AIImageException"><c>RecordInvalid</c>.</exception>
    public static RunRecord Read(string recordPath)
    {
        RunFolder folder = RunFolder.OfRecord(recordPath) ?? throw Errors.RecordUnreadable(recordPath, null);
        // The lock is looked at first: an owner that ends in between has written its last word by then.
        bool owned = RunLock.IsHeld(folder);
        RunRecord record = Load(recordPath);
        return owned ? record : record.AfterOwner();
    }

    /// <summary>The paths of all records below a folder of pictures, oldest run first; without those that are known already.</summary>
    public static IReadOnlyList<string> PathsIn(string outputDirectory, IReadOnlySet<string>? known = null)
    {
        string ledger = Path.Combine(outputDirectory, RunFolder.LedgerName);
        if (!Directory.Exists(ledger))
            return [];
        return [.. Directory.EnumerateDirectories(ledger).Order(StringComparer.Ordinal)
            .Select(run => new RunFolder(outputDirectory, Path.GetFileName(run)).RecordPath).Where(path => known?.Contains(path) != true && File.Exists(path))];
    }

    /// <summary>The user's money.</summary>
    public Bookings Bookings => _index.Bookings;

    /// <summary>The paths of the records of unfinished runs, wherever they are.</summary>
    public IReadOnlyList<string> UnfinishedPaths() => _index.Paths();

    /// <summary>Whether a vendor's task was ever taken on by this user's runs, or by another one than that of the given record.</summary>
    public bool KnowsTask(string provider, string taskId, string? otherThan = null) => _index.KnowsTask(provider, taskId, otherThan);

    /// <summary>Forgets a run: its record and what is left of its parts, not its pictures.</summary>
    /// <exception cref="AIImageException"><c>ArtifactWriteFailed</c>, or somebody looks after it.</exception>
    public void Remove(string recordPath)
    {
        RunFolder folder = RunFolder.OfRecord(recordPath) ?? throw Errors.RecordUnreadable(recordPath, null);
        using (RunLock owner = RunLock.TryTake(folder) ?? throw Errors.RunBusy(Path.GetFileName(folder.Root)))
        {
            Settle(folder.RecordPath);
            _index.Remove(Path.GetFileName(folder.Root), folder.RecordPath);
        }

        try
        {
            Directory.Delete(folder.Root, recursive: true);
            if (Directory.Exists(folder.RescueRoot))
                Directory.Delete(folder.RescueRoot, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.CannotWrite(folder.Root, e);
        }
    }

    /// <summary>The record with a run id or task id, in a folder or among the unfinished runs anywhere; null when there is none.</summary>
    public string? Find(string id, string outputDirectory)
    {
        if (RunOptions.IsId(id))
        {
            string direct = new RunFolder(outputDirectory, id).RecordPath;
            if (File.Exists(direct))
                return direct;
        }

        return PathsIn(outputDirectory).Concat(UnfinishedPaths()).FirstOrDefault(path => Names(path, id));
    }

    /// <summary>The record with a run id or task id.</summary>
    /// <exception cref="AIImageException"><c>NotFound</c>.</exception>
    public string Get(string id, string outputDirectory) => Find(id, outputDirectory) ?? throw Errors.RunNotFound(id);

    // A record that is forgotten takes no money out of the books.
    private void Settle(string recordPath)
    {
        try
        {
            Bookings.Settle(Load(recordPath).AfterOwner(), recordPath);
        }
        catch (AIImageException)
        {
            // What it cost stays as it was set aside.
        }
    }

    private static bool Names(string path, string id)
    {
        try
        {
            RunRecord record = Load(path);
            return record.RunId == id || record.Tasks.Any(t => t.TaskId == id);
        }
        catch (AIImageException)
        {
            // A damaged record is reported when it is asked for by path; it does not hide the others.
            return false;
        }
    }

    private static RunRecord Load(string recordPath)
    {
        try
        {
            string? rescued = RunFolder.OfRecord(recordPath)?.Rescued(recordPath);
            byte[] bytes = AtomicFile.Read(File.Exists(rescued) ? rescued : recordPath);
            RunRecord record = JsonSerializer.Deserialize<RunRecord>(bytes, RecordJson.Options) ?? throw Errors.RecordUnreadable(recordPath, null);
            return record.IsWhole() ? record : throw Errors.RecordUnreadable(recordPath, null);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Errors.RecordUnreadable(recordPath, e);
        }
    }
}

/// <summary>One run in the hands of its owner. Every change is on disk when <see cref="Update"/> returns.</summary>
public sealed class RunEntry : IDisposable
{
    private readonly object _lock = new();
    private readonly RunLock _owner;
    private readonly RunIndex _index;
    private readonly TimeProvider _clock;
    private RunRecord _record;
    private readonly HashSet<string> _known = [];
    private bool _indexed;
    private bool _rescued;

    internal RunEntry(RunFolder folder, RunLock owner, RunRecord record, RunIndex index, TimeProvider clock)
    {
        Folder = folder;
        _owner = owner;
        _record = record;
        _index = index;
        _clock = clock;
        _rescued = File.Exists(folder.Rescued(folder.RecordPath));
    }

    /// <summary>Where its files lie.</summary>
    public RunFolder Folder { get; }

    /// <summary>The record as it is on disk.</summary>
    public RunRecord Record
    {
        get
        {
            lock (_lock)
                return _record;
        }
    }

    /// <summary>Makes the next record and writes it.</summary>
    /// <exception cref="AIImageException"><c>ArtifactWriteFailed</c>: the record on disk is still the one before.</exception>
    public RunRecord Update(Func<RunRecord, RunRecord> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (_lock)
        {
            RunRecord next = Summed(change(_record));
            ImageTaskStatus status = next.Status;
            // The index knows an unfinished run before the record does, and forgets a finished one after.
            try
            {
                foreach (TaskRecord task in next.Tasks.Where(t => t.TaskId is not null && _known.Add(t.TaskId)))
                    _index.Know(task.Provider, task.TaskId!, Folder.RecordPath);
                if (!status.IsSettled() && !_indexed)
                {
                    _index.Add(next.RunId, Folder.RecordPath);
                    _indexed = true;
                }

                AtomicFile.Write(Folder.SummaryPath, Encoding.UTF8.GetBytes(ResultSummary.Of(next)));
                AtomicFile.Write(Folder.RecordPath, JsonSerializer.SerializeToUtf8Bytes(next, RecordJson.Options));
                if (_rescued)
                    AtomicFile.TryDelete(Folder.Rescued(Folder.RecordPath));
                _rescued = false;
                if (status.IsSettled())
                {
                    _index.Remove(next.RunId, Folder.RecordPath);
                    _indexed = false;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw Errors.CannotWrite(Folder.RecordPath, e);
            }

            return _record = next;
        }
    }

    /// <summary>Makes the next record by changing one task.</summary>
    public RunRecord UpdateTask(int index, Func<TaskRecord, TaskRecord> change) =>
        Update(r => r with { Tasks = [.. r.Tasks.Select((t, i) => i == index ? change(t) : t)] });

    /// <summary>
    /// Makes the next record and keeps it in the state folder, because the run's own disk does not take it. It is the record until that disk does.
    /// </summary>
    /// <returns>False where it cannot be kept there either.</returns>
    public bool TryRescue(Func<RunRecord, RunRecord> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (_lock)
        {
            RunRecord next = Summed(change(_record));
            try
            {
                Directory.CreateDirectory(Folder.RescueRoot);
                AtomicFile.Write(Folder.Rescued(Folder.RecordPath), JsonSerializer.SerializeToUtf8Bytes(next, RecordJson.Options));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return false;
            }

            _rescued = true;
            _record = next;
            return true;
        }
    }

    /// <summary>Lets go of the run; what it cost is booked where it has ended.</summary>
    public void Dispose()
    {
        RunRecord record = Record;
        if (record.Status.IsSettled())
            _index.Bookings.Settle(record, Folder.RecordPath);
        _owner.Dispose();
    }

    // What a record says of itself follows from its tasks and files.
    private RunRecord Summed(RunRecord record)
    {
        ImageTaskStatus status = RunStatus.Of(record.Tasks);
        DateTimeOffset now = _clock.GetUtcNow();
        return record with
        {
            Status = status,
            TaskId = record.Tasks.Select(t => t.TaskId).FirstOrDefault(id => id is not null),
            Delivered = record.Images.Count(i => File.Exists(i.Path)),
            Cost = RunStatus.CostOf(record.Tasks),
            Timestamps = record.Timestamps with { Updated = now, Finished = status.IsSettled() || status == ImageTaskStatus.Unknown ? record.Timestamps.Finished ?? now : null },
        };
    }
}
