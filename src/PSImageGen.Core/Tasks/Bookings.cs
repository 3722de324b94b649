using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PSImageGen.Core.Tasks;

/// <summary>Money set aside for a run, and what became of it.</summary>
internal sealed record Booking
{
    /// <summary>The run's record.</summary>
    public required string RecordPath { get; init; }

    /// <summary>The folder whose budget it counts for.</summary>
    public required string Project { get; init; }

    /// <summary>The most that the orders not yet settled may cost, in US dollars.</summary>
    public decimal Reserved { get; init; }

    /// <summary>What was spent; null until that is certain.</summary>
    public IReadOnlyList<Spend>? Spent { get; init; }

    /// <summary>What counts against budgets.</summary>
    [JsonIgnore]
    public decimal Dollars => Spent is null ? Reserved : Spent.Sum(s => s.Dollars ?? 0);
}

/// <summary>
/// The user's money over all folders and processes: one small file a run, in a folder a day; what is settled of a day that is over is put
/// away into one file. A run that cost nothing leaves nothing. What a process that died had set aside counts until the record of its run
/// is settled, or it is certain that the run never began.
/// </summary>
public sealed class Bookings
{
    private readonly string _folder;
    // What is settled does not change any more.
    private readonly Dictionary<string, Booking> _settled = [];
    private readonly Dictionary<string, (DateTime Written, Dictionary<string, Booking> Runs)> _days = [];

    /// <summary>The bookings below a state folder.</summary>
    public Bookings(string stateFolder)
    {
        _folder = Path.Combine(stateFolder, "bookings");
    }

    /// <summary>What was spent by all runs of this user, those still under way with the price as shown.</summary>
    public IReadOnlyList<Spend> All()
    {
        return [.. Everything().Values.SelectMany(b => b.Spent ?? OfRecord(b.RecordPath))];

        static IReadOnlyList<Spend> OfRecord(string recordPath)
        {
            try
            {
                return Spend.Of(Ledger.Read(recordPath), recordPath);
            }
            catch (AIImageException)
            {
                // Its record is gone, or on a disk that is not here now.
                return [];
            }
        }
    }

    /// <summary>Keeps other processes from booking until it is disposed. The operating system takes it back when its owner dies.</summary>
    /// <exception cref="AIImageException"><c>ArtifactWriteFailed</c>.</exception>
    internal IDisposable Hold() => FileLock.Hold(Path.Combine(_folder, "lock"));

    /// <summary>What is set aside or spent on a day, in US dollars.</summary>
    internal decimal OfDay(DateOnly day) => Together([FolderOf(day)], [FolderOf(day) + ".json"]).Values.Sum(b => b.Dollars);

    /// <summary>What was ever set aside or spent for a project, in US dollars.</summary>
    internal decimal OfProject(string project) => Everything().Values.Where(b => b.Project == project).Sum(b => b.Dollars);

    /// <summary>Sets money aside for a run. The first of a day puts away what is over.</summary>
    /// <exception cref="AIImageException"><c>ArtifactWriteFailed</c>.</exception>
    internal void Reserve(DateOnly day, string recordPath, string project, decimal amount)
    {
        string path = PathOf(day, recordPath);
        if (!Directory.Exists(FolderOf(day)))
            PutAway(day);
        Unbegun.Mark(path);
        Booking booking = TryRead(path) ?? new Booking { RecordPath = recordPath, Project = project };
        Write(path, booking with { Reserved = booking.Reserved + amount });
    }

    /// <summary>The run has a record from now on, by which its money is known.</summary>
    internal void Begin(DateOnly day, string recordPath) => Unbegun.Unmark(PathOf(day, recordPath));

    /// <summary>Gives back what was set aside for orders that were certainly never sent.</summary>
    internal void Release(DateOnly day, string recordPath, decimal amount) => Quietly(() =>
    {
        string path = PathOf(day, recordPath);
        Unbegun.Unmark(path);
        if (TryRead(path) is not { Spent: null } booking)
            return;
        if (booking.Reserved <= amount)
            AtomicFile.TryDelete(path);
        else
            Write(path, booking with { Reserved = booking.Reserved - amount });
    });

    /// <summary>Puts what a run really cost in place of what was set aside for it.</summary>
    internal void Settle(RunRecord record, string recordPath)
    {
        if (record.BookedOn is { } day)
            Quietly(() => Settle(PathOf(day, recordPath), record, recordPath));
    }

    /// <summary>Settles what owners that died had set aside for runs that have ended since, or never began.</summary>
    internal void Recall()
    {
        if (Directory.Exists(_folder))
            Array.ForEach(Directory.GetDirectories(_folder), Recall);
    }

    private void Recall(string day)
    {
        foreach ((string path, Booking booking) in Read(day).Where(b => b.Booking.Spent is null).ToArray())
        {
            try
            {
                if (Unbegun.IsCertain(path, booking.RecordPath))
                {
                    AtomicFile.TryDelete(path);
                    Unbegun.Unmark(path);
                }
                else if (RunFolder.OfRecord(booking.RecordPath) is { } folder && !RunLock.IsHeld(folder) && Ledger.Read(booking.RecordPath) is { } record && record.Status.IsSettled())
                    Settle(path, record, booking.RecordPath);
            }
            catch (AIImageException)
            {
                // What cannot be read proves nothing: it counts.
            }
        }
    }

    /// <summary>Takes along to another day what was set aside for the first orders of a run whose outcome is unknown.</summary>
    internal void Move(DateOnly from, DateOnly to, string recordPath) => Quietly(() =>
    {
        if (from == to || TryRead(PathOf(from, recordPath)) is not { } first)
            return;
        Reserve(to, recordPath, first.Project, first.Reserved);
        AtomicFile.TryDelete(PathOf(from, recordPath));
    });

    // What is settled of the days before yesterday becomes one file a day. A run that is in both, because this was broken off, counts once.
    private void PutAway(DateOnly today)
    {
        if (!Directory.Exists(_folder))
            return;
        string yesterday = FolderOf(today.AddDays(-1));
        foreach (string folder in Directory.GetDirectories(_folder).Where(d => string.CompareOrdinal(d, yesterday) < 0))
        {
            try
            {
                Recall(folder);
                (string Path, Booking Booking)[] settled = [.. Read(folder).Where(b => b.Booking.Spent is not null)];
                if (settled.Length > 0)
                {
                    Dictionary<string, Booking> runs = new(OfFile(folder + ".json"));
                    foreach ((string path, Booking booking) in settled)
                        runs[Path.GetFileName(path)] = booking;
                    Write(folder + ".json", runs);
                    Array.ForEach(settled, s => AtomicFile.TryDelete(s.Path));
                }

                if (!Directory.EnumerateFileSystemEntries(folder).Any())
                    Directory.Delete(folder);
            }
            catch (Exception e) when (e is AIImageException or IOException or UnauthorizedAccessException)
            {
                // It stays as it is, for another day.
            }
        }
    }

    private SortedDictionary<string, Booking> Everything() =>
        Directory.Exists(_folder) ? Together(Directory.GetDirectories(_folder), Directory.GetFiles(_folder, "*.json")) : [];

    // What another process puts away meanwhile is seen twice rather than never: the folders come first.
    private SortedDictionary<string, Booking> Together(string[] folders, string[] files)
    {
        SortedDictionary<string, Booking> all = new(StringComparer.Ordinal);
        foreach ((string path, Booking booking) in folders.SelectMany(Read))
            all[path] = booking;
        foreach (string day in files)
        {
            foreach ((string name, Booking booking) in OfFile(day))
                all.TryAdd(Path.Combine(Path.ChangeExtension(day, null), name), booking);
        }

        return all;
    }

    // A file that is there and cannot be read is an error: it must not look like money that was never spent.
    private Dictionary<string, Booking> OfFile(string path)
    {
        if (!File.Exists(path))
            return [];
        try
        {
            lock (_days)
            {
                DateTime written = File.GetLastWriteTimeUtc(path);
                if (!_days.TryGetValue(path, out (DateTime Written, Dictionary<string, Booking> Runs) known) || known.Written != written)
                    _days[path] = known = (written, JsonSerializer.Deserialize<Dictionary<string, Booking>>(AtomicFile.Read(path), RecordJson.Options)!);
                return known.Runs;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw Errors.BookingsUnreadable(path, e);
        }
    }

    private static void Settle(string path, RunRecord record, string recordPath)
    {
        IReadOnlyList<Spend> spent = Spend.Of(record, recordPath);
        if (spent.Count == 0)
            AtomicFile.TryDelete(path);
        else
            Write(path, new Booking { RecordPath = recordPath, Project = spent[0].Project, Spent = spent });
    }

    // What cannot be written down now stays set aside, and is recalled from the record when money gets short.
    private void Quietly(Action work)
    {
        try
        {
            using (Hold())
                work();
        }
        catch (AIImageException)
        {
        }
    }

    private IEnumerable<(string Path, Booking Booking)> Read(string folder)
    {
        if (!Directory.Exists(folder))
            yield break;
        foreach (string path in Directory.EnumerateFiles(folder, "*.json"))
        {
            Booking? booking;
            lock (_settled)
                booking = _settled.GetValueOrDefault(path);
            if (booking is null && (booking = TryRead(path)) is { Spent: not null })
            {
                lock (_settled)
                    _settled[path] = booking;
            }

            if (booking is not null)
                yield return (path, booking);
        }
    }

    private static Booking? TryRead(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Booking>(AtomicFile.Read(path), RecordJson.Options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private static void Write<T>(string path, T content)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(content, RecordJson.Options));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.CannotWrite(path, e);
        }
    }

    private string FolderOf(DateOnly day) => Path.Combine(_folder, day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    private string PathOf(DateOnly day, string recordPath) =>
        Path.Combine(FolderOf(day), $"{Path.GetFileName(RunFolder.OfRecord(recordPath)?.Root)}-{RunIndex.Mark(recordPath)}.json");
}
