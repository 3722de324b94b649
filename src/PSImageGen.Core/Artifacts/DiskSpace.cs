using PSImageGen.Core.Planning;

namespace PSImageGen.Core.Artifacts;

/// <summary>Finds a full disk before money is spent.</summary>
internal static class DiskSpace
{
    private const long Margin = 4L << 20;

    /// <summary>Checks that the pictures of a call will fit, as far as can be told.</summary>
    /// <exception cref="AIImageException"><c>ArtifactWriteFailed</c>.</exception>
    public static void Check(string folder, CallShape shape)
    {
        // Four bytes a pixel is what a PNG of noise needs.
        long needed = Margin + (shape.Request.Count * Math.Min(64L << 20, 4 * (shape.Size?.Pixels ?? 2L << 20)));
        string? existing = folder;
        while (existing is not null && !Directory.Exists(existing))
            existing = Path.GetDirectoryName(existing);
        if (existing is null)
            return;
        long free;
        try
        {
            free = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(existing)! : existing).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Not every place can tell; the record written next is the better test.
            return;
        }

        if (free < needed)
            throw Errors.DiskFull(folder, free, needed);
    }
}
