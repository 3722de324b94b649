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
        for (int i = 0; ; i++)
        {
            try
            {
                return new RunLock(new FileStream(folder.LockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
            }
            catch (IOException) when (File.Exists(folder.LockPath))
            {
                // Somebody who only looks holds the file for an instant; an owner holds it longer.
                if (i == 10)
                    return null;
                Thread.Sleep(i);
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
            // Those who only look do not see each other.
            using FileStream file = new(folder.LockPath, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
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
