using PSImageGen.Core.Requests;
using PSImageGen.Core.Tasks;

namespace PSImageGen.Core.Engine;

/// <summary>
/// The rows of one batch over several commands and processes. A row is known again by what it asks for (<see cref="RowContent"/>), first at its own place, then at any
/// other, so that neither a row put in before it nor a process killed at any instant makes it be ordered twice. Of rows that ask for the same each has a run of its own.
/// </summary>
public sealed class Batch
{
    private readonly object _lock = new();
    private readonly Ledger _ledger;
    private readonly string _id;
    private readonly Dictionary<string, HashSet<string>> _seen = new(StringComparer.Ordinal);
    private readonly List<Known> _known = [];
    // Runs that belong to rows of this command already.
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <summary>A batch as a command sees it.</summary>
    public Batch(Ledger ledger, string id)
    {
        _ledger = ledger;
        _id = id;
    }

    /// <summary>A row of it.</summary>
    /// <param name="content">What it asks for, by <see cref="RowContent"/>.</param>
    /// <param name="options">Its place, its name, and the folder its pictures go to.</param>
    public BatchRow Row(string content, RunOptions options) => new(this, content, options);

    /// <summary>The record of the run that is there for a row, which it has for itself from now on; null when the row is to be started.</summary>
    /// <exception cref="AIImageException"><c>RecordInvalid</c>: a record of the folder is damaged, so that nobody can tell.</exception>
    internal string? Claim(BatchRow row)
    {
        lock (_lock)
        {
            string? path = Match(row);
            if (path is not null)
                _taken.Add(path);
            return path;
        }
    }

    /// <summary>Makes the record of a row that is started, unless somebody else has done so since.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>: somebody has.</exception>
    internal RunEntry Create(BatchRow row, Func<RunEntry> create)
    {
        lock (_lock)
        {
            // Beside the runs; a name that no run can have.
            using (FileLock.Hold(Path.Combine(row.Options.OutputDirectory, RunFolder.LedgerName, $".{_id.ToLowerInvariant()}.lock")))
            {
                if (Match(row) is { } path)
                {
                    _taken.Add(path);
                    throw Errors.RowTaken(Path.GetFileName(RunFolder.OfRecord(path)!.Root), path);
                }

                RunEntry entry = create();
                _taken.Add(entry.Folder.RecordPath);
                return entry;
            }
        }
    }

    private string? Match(BatchRow row)
    {
        LookInto(row.Options.OutputDirectory);
        return _known
            .Where(k => k.Folder == row.Options.OutputDirectory && k.Content == row.Content && !_taken.Contains(k.Path))
            .Select(k => (Known: k, Status: Standing(k.Path)))
            .Where(k => k.Status is not null)
            .OrderBy(k => k.Known.Index != row.Options.Index).ThenBy(k => k.Known.Name != row.Options.Name)
            .ThenBy(k => k.Status switch { ImageTaskStatus.Succeeded => 0, ImageTaskStatus.Unknown => 2, _ => 1 })
            .Select(k => k.Known.Path).FirstOrDefault();
    }

    // How a run stands; null where it ended without a picture, or was never begun: then its row is started anew.
    private ImageTaskStatus? Standing(string path)
    {
        // A record that was removed since is no record.
        if (!File.Exists(path))
            return null;
        RunRecord record = Ledger.Read(path);
        if (record.Status == ImageTaskStatus.Planned && record.Tasks.All(t => t.Sends == 0) && !RunLock.IsHeld(RunFolder.OfRecord(path)!))
        {
            // Its owner died before it sent anything.
            using RunEntry entry = _ledger.Open(path);
            Salvage.Run(entry);
            record = entry.Record;
        }

        return record.Status is ImageTaskStatus.Failed or ImageTaskStatus.Canceled ? null : record.Status;
    }

    private void LookInto(string folder)
    {
        if (!_seen.TryGetValue(folder, out HashSet<string>? seen))
            _seen[folder] = seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string path in Ledger.PathsIn(folder, seen))
        {
            RunRecord record = Ledger.Read(path);
            if (record.Content is { } content && string.Equals(record.BatchId, _id, StringComparison.OrdinalIgnoreCase))
                _known.Add(new Known(folder, path, content, record.Index, record.Destination.Name));
            seen.Add(path);
        }
    }

    private sealed record Known(string Folder, string Path, string Content, int Index, string Name);
}

/// <summary>One row of a batch.</summary>
public sealed class BatchRow
{
    private readonly Batch _batch;

    internal BatchRow(Batch batch, string content, RunOptions options)
    {
        _batch = batch;
        Content = content;
        Options = options;
    }

    /// <summary>What it asks for.</summary>
    public string Content { get; }

    /// <summary>Its place and its folder.</summary>
    internal RunOptions Options { get; }

    /// <inheritdoc cref="Batch.Claim"/>
    public string? Claim() => _batch.Claim(this);

    /// <inheritdoc cref="Batch.Create"/>
    internal RunEntry Create(Func<RunEntry> create) => _batch.Create(this, create);
}
