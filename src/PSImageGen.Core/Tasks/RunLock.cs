namespace PSImageGen.Core.Tasks;

/// <summary>
/// Says that a living process looks after a run. The operating system takes the lock back when its owner dies, however it dies.
/// </summary>
internal sealed class RunLock : IDisposable
{
    private readonly FileStream _file;

    private RunLock(FileStream file)
    {
        _file = file;
    }

    /// <summary>Becomes the owner; null when somebody else is.</summary>
    public static RunLock? TryTake(RunFolder folder)
    {
        // Somebody who only looks holds it for an instant.
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return new RunLock(new FileStream(folder.LockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
            }
            catch (IOException) when (File.Exists(folder.LockPath))
            {
                if (attempt == 5)
                    return null;
                Thread.Sleep(20);
            }
        }
    }

    /// <summary>Whether a living process looks after the run.</summary>
    public static bool IsHeld(RunFolder folder)
    {
        if (!File.Exists(folder.LockPath))
            return false;
        try
        {
            using FileStream file = new(folder.LockPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
