namespace PSImageGen.Core.Artifacts;

/// <summary>
/// A file for bytes that are still arriving. A failing disk shows as <c>ArtifactWriteFailed</c>, never to be taken for a failing network.
/// </summary>
internal sealed class PartFile : Stream
{
    private readonly string _path;
    private readonly FileStream _file;

    private PartFile(string path)
    {
        _path = path;
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => _file.CanWrite;

    public override long Length => _file.Length;

    public override long Position { get => _file.Position; set => throw new NotSupportedException(); }

    /// <summary>Opens the file anew.</summary>
    /// <exception cref="AIImageException"><c>ArtifactWriteFailed</c>.</exception>
    public static PartFile Open(string path) => Guard(path, () => new PartFile(path));

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await _file.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw Errors.CannotWrite(_path, e);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => Guard(_path, () =>
    {
        _file.Write(buffer, offset, count);
        return true;
    });

    public override void Flush() => Guard(_path, () =>
    {
        _file.Flush(flushToDisk: true);
        return true;
    });

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        try
        {
            // On the disk before the record says that it is there.
            if (disposing && _file.CanWrite)
                Flush();
        }
        finally
        {
            if (disposing)
                _file.Dispose();
            base.Dispose(disposing);
        }
    }

    private static T Guard<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.CannotWrite(path, e);
        }
    }
}
