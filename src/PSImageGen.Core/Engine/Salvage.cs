using PSImageGen.Core.Artifacts;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Tasks;

namespace PSImageGen.Core.Engine;

/// <summary>Saves what a killed process left behind, and clears up after a finished run.</summary>
internal static class Salvage
{
    /// <summary>
    /// Brings the record to what is certain: orders never sent are cancelled; pictures that had arrived whole in an answer nobody
    /// finished reading are adopted.
    /// </summary>
    public static void Run(RunEntry entry)
    {
        for (int i = 0; i < entry.Record.Tasks.Count; i++)
        {
            TaskRecord task = entry.Record.Tasks[i];
            if (task.Status == ImageTaskStatus.Planned)
                entry.UpdateTask(i, t => t with { Status = ImageTaskStatus.Canceled });
            if (task.Status != ImageTaskStatus.Unknown || task.Handle is not null)
                continue;

            Picture[] arrived = [.. Enumerable.Range(0, task.Count)
                .Where(part => IsWhole(entry.Folder.Existing(entry.Folder.EmbeddedPart(i, part))))
                .Select(part => new Picture { Part = part })];
            if (arrived.Length > 0)
                entry.UpdateTask(i, t => t with { Status = ImageTaskStatus.Downloading, Pictures = arrived, Error = null });
        }
    }

    /// <summary>Deletes the part files of a finished run.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="all">Whether all its pictures are there, so that what else was in the answers (contact sheets, say) is not missed.</param>
    public static void Sweep(RunFolder folder, bool all)
    {
        try
        {
            // What came and could not be used stays: it was paid for.
            string[] spare = all ? ["*.part"] : ["input-*.part", "prepared-*.part", "*-partial.part"];
            foreach (string part in spare.SelectMany(pattern => Directory.EnumerateFiles(folder.Parts, pattern)).ToArray())
                AtomicFile.TryDelete(part);
            foreach (string place in new[] { folder.Parts, folder.RescueRoot }.Where(Directory.Exists))
            {
                if (!Directory.EnumerateFileSystemEntries(place).Any())
                    Directory.Delete(place);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Left for the user to delete with the run.
        }
    }

    private static bool IsWhole(string? path)
    {
        if (path is null)
            return false;
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return ImageProbe.Identify(file) is { Complete: true };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // In somebody else's hands for now: it stays, and the next Resume looks again.
            return false;
        }
    }
}
