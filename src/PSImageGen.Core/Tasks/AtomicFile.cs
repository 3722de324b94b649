namespace PSImageGen.Core.Tasks;

/// <summary>Files that are either the old one or the new one, whatever happens in between.</summary>
internal static class AtomicFile
{
    /// <summary>Writes aside, flushes to the disk, renames over.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        string aside = $"{path}.{Environment.ProcessId}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (FileStream file = new(aside, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(aside, path, overwrite: true);
        }
        catch
        {
            TryDelete(aside);
            throw;
        }
    }

    /// <summary>Deletes a file if that can be done.</summary>
    public static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is left for a later clean-up; nothing depends on its absence.
        }
    }
}
