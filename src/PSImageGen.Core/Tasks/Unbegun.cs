using System.Collections.Concurrent;

namespace PSImageGen.Core.Tasks;

/// <summary>
/// Marks money that is set aside for a run that has no record yet: an empty file beside its booking, locked by the process. It goes when the
/// run begins. Where it is still there and nobody holds it, the process died before it could send anything.
/// </summary>
internal static class Unbegun
{
    // Kept open until the run begins or this process ends, whatever becomes of who set the money aside.
    private static readonly ConcurrentDictionary<string, FileStream> Held = new();

    /// <summary>Marks a booking that is about to be made. Without a mark its money counts for good: that is no reason to fail.</summary>
    public static void Mark(string booking)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(booking)!);
            Held.TryAdd(booking, Take(FileOf(booking)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>Takes the mark away.</summary>
    public static void Unmark(string booking)
    {
        if (Held.TryRemove(booking, out FileStream? file))
            file.Dispose();
        AtomicFile.TryDelete(FileOf(booking));
    }

    /// <summary>Whether it is certain that the run of a booking was never begun and never will be.</summary>
    public static bool IsCertain(string booking, string recordPath)
    {
        if (!File.Exists(FileOf(booking)))
            return false;
        try
        {
            using (Take(FileOf(booking)))
            {
                // The record is looked for after the lock: an owner that let go of it has written one before.
                return RunFolder.OfRecord(recordPath) is { } folder && !File.Exists(recordPath) && !File.Exists(folder.Rescued(recordPath));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Its process lives.
            return false;
        }
    }

    private static string FileOf(string booking) => Path.ChangeExtension(booking, ".new");

    private static FileStream Take(string path) => new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
}
