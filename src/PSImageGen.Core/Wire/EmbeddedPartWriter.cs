namespace PSImageGen.Core.Wire;

/// <summary>The part being written: 32 KB of decoded bytes, and its stream once there is something to put in.</summary>
internal sealed class EmbeddedPartWriter(Func<int, Stream> open, long maxBytes)
{
    private readonly byte[] _buffer = new byte[32 * 1024];
    private int _filled;
    private long _written;
    private Stream? _stream;

    public int Count { get; private set; }

    public bool IsFull => _filled == _buffer.Length;

    public void Add(byte b) => _buffer[_filled++] = b;

    public async ValueTask FlushAsync(CancellationToken cancel)
    {
        if (_filled == 0)
            return;
        if (_stream is null)
        {
            _stream = open(Count++);
            _written = 0;
        }
        _written += _filled;
        if (_written > maxBytes)
            throw new InvalidDataException(Words.Of($"Picture {Count - 1} of the answer is larger than {maxBytes} bytes."));
        await _stream.WriteAsync(_buffer.AsMemory(0, _filled), cancel).ConfigureAwait(false);
        _filled = 0;
    }

    // The index of the part, or null where nothing was decoded and none was opened.
    public async ValueTask<int?> CloseAsync()
    {
        if (_stream is not { } stream)
            return null;
        _stream = null;
        await stream.DisposeAsync().ConfigureAwait(false);
        return Count - 1;
    }

    public async ValueTask AbandonAsync()
    {
        try
        {
            await CloseAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The failure that brought us here says more.
        }
    }
}
