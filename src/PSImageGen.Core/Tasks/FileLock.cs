namespace PSImageGen.Core.Tasks;

/// <summary>Lets one at a time do something, over all processes. The operating system takes the lock back when its owner dies.</summary>
internal static class FileLock
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>Keeps others out until it is disposed.</summary>
    /// <exception cref="AIImageException"><c>ArtifactWriteFailed</c>: the folder cannot be written, or somebody holds the lock far too long.</exception>
    public static IDisposable Hold(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        long start = Environment.TickCount64;
        for (int i = 1; ; i = Math.Min(i * 2, 16))
        {
            try
            {
                Directory.CreateDirectory(folder);
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException) when (File.Exists(path) && Environment.TickCount64 - start < LongestWait.TotalMilliseconds)
            {
                Thread.Sleep(i);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw Errors.CannotWrite(folder, e);
            }
        }
    }
}
