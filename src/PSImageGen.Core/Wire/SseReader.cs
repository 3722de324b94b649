using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace PSImageGen.Core.Wire;

/// <summary>
/// Reads an event stream (<c>text/event-stream</c>) by the rules of the WHATWG HTML standard. One reader reads one body, once.
/// </summary>
/// <remarks>
/// The framework's own reader is not used: it waits for the byte after a CR, lets an event's type leak into the next event, takes ids from
/// blocks that never end, and is not part of .NET 8. Comments are passed over; that they show life is told by the stream
/// (<see cref="ProgressingStream"/>), which sees every byte. No more is held than the block being received.
/// </remarks>
public sealed class SseReader
{
    /// <summary>The limit where none is given: pictures travel in events as base64.</summary>
    public const int DefaultMaxEventBytes = 64 << 20;

    private const int ReadSize = 32 * 1024;
    private const int KeptSize = 64 * 1024;

    private readonly Stream _body;
    private readonly int _maxEventBytes;

    // The data lines of the current block, a line feed after each, and behind them the line being received: no byte is held twice.
    private byte[] _block = [];
    private int _dataLength, _length;
    private string _type = "";
    private string _id;
    private bool _isFirstLine = true, _skipsLineFeed, _isUsed;

    /// <summary>Makes a reader for one answer.</summary>
    /// <param name="body">The bytes; not disposed.</param>
    /// <param name="maxEventBytes">The most bytes of one line, and of an event's data with the line being received.</param>
    /// <param name="lastEventId">The last event id of the connection before, which lives on until the stream sends another.</param>
    public SseReader(Stream body, int maxEventBytes = DefaultMaxEventBytes, string lastEventId = "")
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(lastEventId);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxEventBytes);
        _body = body;
        _maxEventBytes = maxEventBytes;
        LastEventId = _id = lastEventId;
    }

    /// <summary>The id for a reconnection's <c>Last-Event-ID</c>, empty when there is none: that of the last finished block, with data or not.</summary>
    public string LastEventId { get; private set; }

    /// <summary>How long the stream asked to wait before reconnecting, at most <see cref="int.MaxValue"/> ms; null when it did not ask.</summary>
    public TimeSpan? RetryDelay { get; private set; }

    /// <summary>
    /// The data lines of a block begun and not finished so far, the last line perhaps cut; null when there are none. Meant for when the stream
    /// has ended or broken. By the standard this is no event and is lost; a paid job's id may be looked for here when it was seen nowhere else.
    /// </summary>
    public SseEvent? Unfinished
    {
        get
        {
            var isData = Split(Line, out var value).SequenceEqual("data"u8);
            if (_dataLength == 0 && !isData)
                return null;
            var lines = _block.AsSpan(0, isData ? _dataLength : _dataLength - 1);
            return MakeEvent((byte[])(isData ? [.. lines, .. value] : [.. lines]));
        }
    }

    /// <summary>
    /// The events in their order, each as soon as the bytes that end it are here; to the end of the stream. <see cref="LastEventId"/> and
    /// <see cref="RetryDelay"/> never run ahead of the event given out. After a cancellation no event follows, not even one already received.
    /// </summary>
    /// <param name="cancel">Stops reading.</param>
    /// <exception cref="InvalidDataException">A line or an event exceeds the limit.</exception>
    /// <exception cref="InvalidOperationException">The events are read a second time.</exception>
    public async IAsyncEnumerable<SseEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancel = default)
    {
        if (_isUsed)
            throw new InvalidOperationException("An event stream can be read once only.");
        _isUsed = true;
        var buffer = new byte[ReadSize];
        int read;
        while ((read = await _body.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0)
        {
            for (var at = 0; at < read;)
            {
                cancel.ThrowIfCancellationRequested();
                at += Take(buffer.AsSpan(at, read - at), out var received);
                if (received is not null)
                    yield return received;
            }
        }
    }

    // The line being received, without the byte order mark that only the very first bytes of a stream can be.
    private ReadOnlySpan<byte> Line
    {
        get
        {
            ReadOnlySpan<byte> line = _block.AsSpan(_dataLength, _length - _dataLength);
            return _isFirstLine && line.StartsWith("\uFEFF"u8) ? line[3..] : line;
        }
    }

    // Takes bytes to the end of a line or of the input and returns how many. Splitting bytes, not characters, is safe: in UTF-8 no part of
    // a longer character looks like CR or LF.
    private int Take(ReadOnlySpan<byte> input, out SseEvent? received)
    {
        received = null;
        if (_skipsLineFeed)
        {
            _skipsLineFeed = false;
            if (input[0] == '\n')
                return 1;
        }
        var end = input.IndexOfAny((byte)'\r', (byte)'\n');
        Append(end < 0 ? input : input[..end]);
        if (end < 0)
            return input.Length;
        // A CR ends its line now: the next byte, if it is the LF of a CR LF, may be a long time coming.
        _skipsLineFeed = input[end] == '\r';
        received = EndLine();
        return end + 1;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _maxEventBytes - _length)
            throw new InvalidDataException(Words.Of($"The event stream sent a line or an event of more than {_maxEventBytes} bytes."));
        if (bytes.Length > _block.Length - _length)
        {
            var doubled = Math.Min(Math.Max(2L * _block.Length, 1024), _maxEventBytes);
            Array.Resize(ref _block, (int)Math.Max(doubled, _length + bytes.Length));
        }
        bytes.CopyTo(_block.AsSpan(_length));
        _length += bytes.Length;
    }

    private SseEvent? EndLine()
    {
        var line = Line;
        _isFirstLine = false;
        if (line.IsEmpty)
            return EndBlock();
        var name = Split(line, out var value);
        if (name.SequenceEqual("data"u8))
        {
            // Moved down over its name, which leaves room for the line feed.
            value.CopyTo(_block.AsSpan(_dataLength));
            _dataLength += value.Length;
            _block[_dataLength++] = (byte)'\n';
        }
        else if (name.SequenceEqual("event"u8))
        {
            _type = Encoding.UTF8.GetString(value);
        }
        else if (name.SequenceEqual("id"u8))
        {
            if (!value.Contains((byte)0))
                _id = Encoding.UTF8.GetString(value);
        }
        else if (name.SequenceEqual("retry"u8) && !value.IsEmpty && !value.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            RetryDelay = TimeSpan.FromMilliseconds(int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) ? ms : int.MaxValue);
        }
        _length = _dataLength;
        return null;
    }

    // A comment has an empty name, which no field has.
    private static ReadOnlySpan<byte> Split(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> value)
    {
        var colon = line.IndexOf((byte)':');
        value = colon < 0 ? [] : line[(colon + 1)..];
        if (value.StartsWith(" "u8))
            value = value[1..];
        return colon < 0 ? line : line[..colon];
    }

    private SseEvent? EndBlock()
    {
        LastEventId = _id;
        SseEvent? received = null;
        if (_dataLength > 0)
        {
            var length = _dataLength - 1;
            // A large block is given away with its event, a small one serves again.
            received = MakeEvent(length > KeptSize ? new ArraySegment<byte>(_block, 0, length) : _block.AsSpan(0, length).ToArray());
        }
        if (_block.Length > KeptSize)
            _block = [];
        _type = "";
        _dataLength = _length = 0;
        return received;
    }

    private SseEvent MakeEvent(ArraySegment<byte> data) => new(_type.Length == 0 ? "message" : _type, data, LastEventId);
}
