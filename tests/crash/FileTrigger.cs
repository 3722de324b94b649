using System;
using System.Diagnostics;
using System.IO;
using System.Threading;

/// <summary>Kills a process at the moment when something happens to a file: PowerShell itself would be some milliseconds late.</summary>
public sealed class FileTrigger : IDisposable
{
    private readonly FileSystemWatcher _watcher;
    private readonly ManualResetEventSlim _fired = new ManualResetEventSlim();
    private int _left;

    /// <param name="pattern">Folder and form of the file's name.</param>
    /// <param name="change">What must happen: <c>Created</c> or <c>Renamed</c> (to such a name).</param>
    /// <param name="times">How often.</param>
    /// <param name="when">Folder and form of a name: only what happens while such a file is there counts; empty when all counts.</param>
    /// <param name="victim">Who dies.</param>
    public FileTrigger(string pattern, WatcherChangeTypes change, int times, string when, Process victim)
    {
        _left = times;
        void Count()
        {
            if (when.Length > 0 && Directory.GetFiles(Path.GetDirectoryName(when)!, Path.GetFileName(when)).Length == 0)
                return;
            if (Interlocked.Decrement(ref _left) == 0)
            {
                victim.Kill();
                _fired.Set();
            }
        }

        string folder = Path.GetDirectoryName(pattern)!;
        Directory.CreateDirectory(folder);
        _watcher = new FileSystemWatcher(folder, Path.GetFileName(pattern));
        if (change == WatcherChangeTypes.Created)
            _watcher.Created += (_, _) => Count();
        else
            _watcher.Renamed += (_, _) => Count();
        _watcher.EnableRaisingEvents = true;
    }

    /// <summary>Waits for the kill; false when it did not come to that.</summary>
    public bool Wait(int milliseconds) => _fired.Wait(milliseconds);

    public void Dispose() => _watcher.Dispose();
}
