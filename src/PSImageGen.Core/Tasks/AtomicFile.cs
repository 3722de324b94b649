namespace PSImageGen.Core.Tasks;

/// <summary>Files that are either the old one or the new one, whatever happens in between.</summary>
internal static class AtomicFile
{
    /// <summary>Writes aside, flushes to the disk, renames over.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">What will be in it.</param>
    /// <param name="create">Makes the new file that is written aside, where it must not be as other files are.</param>
    public static void Write(string path, ReadOnlySpan<byte> content, Func<string, FileStream>? create = null)
    {
        string aside = $"{path}.{Environment.ProcessId}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (FileStream file = create?.Invoke(aside) ?? new FileStream(aside, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            Replace(aside, path);
        }
        catch
        {
            TryDelete(aside);
            throw;
        }
    }

    private const int SharingViolation = unchecked((int)0x80070020);

    // On Windows a reader or a virus scanner may hold the old file for an instant.
    private static void Replace(string aside, string path)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                File.Move(aside, path, overwrite: true);
                return;
            }
            catch (Exception e) when (attempt < 10 && OperatingSystem.IsWindows() && (e is UnauthorizedAccessException || e.HResult == SharingViolation))
            {
                Thread.Sleep(20);
            }
        }
    }

    /// <summary>Reads a file without keeping others from replacing it.</summary>
    public static byte[] Read(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using MemoryStream content = new();
        file.CopyTo(content);
        return content.ToArray();
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
