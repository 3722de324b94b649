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
/// The user's money over all folders and processes: one small file a run, in a folder a day. A run that cost nothing leaves none. What a
/// process that died had set aside counts until the record of its run is settled.
/// </summary>
public sealed class Bookings
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly string _folder;
    // What is settled does not change any more.
    private readonly Dictionary<string, Booking> _settled = [];

    /// <summary>The bookings below a state folder.</summary>
    public Bookings(string stateFolder)
    {
        _folder = Path.Combine(stateFolder, "bookings");
    }

    /// <summary>What was spent by all runs of this user, those still under way with the price as shown.</summary>
    public IReadOnlyList<Spend> All()
    {
        if (!Directory.Exists(_folder))
            return [];
        return [.. Directory.EnumerateDirectories(_folder).Order(StringComparer.Ordinal).SelectMany(Read).SelectMany(b => b.Booking.Spent ?? OfRecord(b.Booking.RecordPath))];

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
    internal IDisposable Hold()
    {
        string path = Path.Combine(_folder, "lock");
        long start = Environment.TickCount64;
        for (int i = 1; ; i = Math.Min(i * 2, 16))
        {
            try
            {
                Directory.CreateDirectory(_folder);
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException) when (File.Exists(path) && Environment.TickCount64 - start < LongestWait.TotalMilliseconds)
            {
                Thread.Sleep(i);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw Errors.CannotWrite(_folder, e);
            }
        }
    }

    /// <summary>What is set aside or spent on a day, in US dollars.</summary>
    internal decimal OfDay(DateOnly day) => Read(FolderOf(day)).Sum(b => b.Booking.Dollars);

    /// <summary>What was ever set aside or spent for a project, in US dollars.</summary>
    internal decimal OfProject(string project) =>
        Directory.Exists(_folder) ? Directory.EnumerateDirectories(_folder).SelectMany(Read).Where(b => b.Booking.Project == project).Sum(b => b.Booking.Dollars) : 0;

    /// <summary>Sets money aside for a run.</summary>
    /// <exception cref="AIImageException"><c>ArtifactWriteFailed</c>.</exception>
    internal void Reserve(DateOnly day, string recordPath, string project, decimal amount)
    {
        string path = PathOf(day, recordPath);
        Booking booking = TryRead(path) ?? new Booking { RecordPath = recordPath, Project = project };
        Write(path, booking with { Reserved = booking.Reserved + amount });
    }

    /// <summary>Gives back what was set aside for orders that were certainly never sent.</summary>
    internal void Release(DateOnly day, string recordPath, decimal amount) => Quietly(() =>
    {
        string path = PathOf(day, recordPath);
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

    /// <summary>Settles what owners that died had set aside for runs that have ended since.</summary>
    internal void Recall()
    {
        if (!Directory.Exists(_folder))
            return;
        foreach ((string path, Booking booking) in Directory.EnumerateDirectories(_folder).SelectMany(Read).Where(b => b.Booking.Spent is null).ToArray())
        {
            try
            {
                if (RunFolder.OfRecord(booking.RecordPath) is { } folder && !RunLock.IsHeld(folder) && Ledger.Read(booking.RecordPath) is { } record && record.Status.IsSettled())
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

    private static void Write(string path, Booking booking)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(booking, RecordJson.Options));
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
