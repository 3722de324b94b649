using PSImageGen.Core.Tasks;

namespace PSImageGen.Core.Artifacts;

/// <summary>
/// A file for bytes that are still arriving and may be paid for. When its disk fails it goes on in a second place; when that fails too it
/// shows as <c>ArtifactWriteFailed</c>, never to be taken for a failing network.
/// </summary>
internal sealed class PartFile : Stream
{
    private readonly string _rescuePath;
    private FileStream _file;
    private long _written;

    private PartFile(string path, string rescuePath)
    {
        _rescuePath = rescuePath;
        _file = Create(path);
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => _file.CanWrite;

    public override long Length => _file.Length;

    public override long Position { get => _file.Position; set => throw new NotSupportedException(); }

    /// <summary>Opens the file anew.</summary>
    /// <param name="path">Where it belongs.</param>
    /// <param name="rescuePath">Where it goes on when that disk is full.</param>
    /// <exception cref="AIImageException"><c>ArtifactWriteFailed</c>.</exception>
    public static PartFile Open(string path, string rescuePath)
    {
        try
        {
            AtomicFile.TryDelete(rescuePath);
            return new PartFile(path, rescuePath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.CannotWrite(path, e);
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await _file.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            Rescue(e, buffer.Span);
        }

        _written += buffer.Length;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count)
    {
        try
        {
            _file.Write(buffer, offset, count);
        }
        catch (IOException e)
        {
            Rescue(e, buffer.AsSpan(offset, count));
        }

        _written += count;
    }

    public override void Flush()
    {
        try
        {
            _file.Flush(flushToDisk: true);
        }
        catch (IOException e)
        {
            throw Errors.CannotWrite(_file.Name, e);
        }
    }

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

    private void Rescue(IOException cause, ReadOnlySpan<byte> buffer)
    {
        string path = _file.Name;
        try
        {
            _file.Dispose();
            Directory.CreateDirectory(Path.GetDirectoryName(_rescuePath)!);
            FileStream rescue = Create(_rescuePath);
            _file = rescue;
            if (_written > 0)
            {
                using FileStream begun = new(path, FileMode.Open, FileAccess.Read);
                begun.CopyTo(rescue);
            }

            // The write that failed may have left a piece behind.
            rescue.SetLength(_written);
            rescue.Position = _written;
            rescue.Write(buffer);
            AtomicFile.TryDelete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.CannotWrite(path, cause);
        }
    }

    private static FileStream Create(string path) => new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
}
