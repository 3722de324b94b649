using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace PSImageGen.Core.Wire;

/// <summary>
/// One event of an event stream. Its data is kept as the UTF-8 it came as, so that an event with a picture of many MB in it can be read
/// with <see cref="EmbeddedImageReader"/> without ever becoming a string.
/// </summary>
public sealed record SseEvent
{
    private readonly ArraySegment<byte> _utf8;
    private string? _data;

    /// <summary>Makes an event from text.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="data">Its data.</param>
    /// <param name="lastEventId">The last event id at its time.</param>
    public SseEvent(string type, string data, string lastEventId)
        : this(type, new ArraySegment<byte>(Encoding.UTF8.GetBytes(data)), lastEventId)
    {
    }

    // The bytes become the event's own. What is not UTF-8 is replaced here, once, so that all ways to the data show the same.
    internal SseEvent(string type, ArraySegment<byte> utf8, string lastEventId)
    {
        Type = type;
        LastEventId = lastEventId;
        _utf8 = Utf8.IsValid(utf8) ? utf8 : new ArraySegment<byte>(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(utf8)));
    }

    /// <summary>The type: <c>message</c> where the stream names none.</summary>
    public string Type { get; }

    /// <summary>The data, its lines joined with line feeds. Made when first asked for; prefer <see cref="OpenData"/> for what may hold pictures.</summary>
    public string Data => _data ??= Encoding.UTF8.GetString(_utf8);

    /// <summary>How many bytes of UTF-8 the data has.</summary>
    public int DataBytes => _utf8.Count;

    /// <summary>The last event id at the time of this event; empty when there is none.</summary>
    public string LastEventId { get; }

    /// <summary>The data as a stream of UTF-8, as often as wanted, without a copy.</summary>
    public Stream OpenData() => new MemoryStream(_utf8.Array!, _utf8.Offset, _utf8.Count, writable: false);

    /// <summary>Compares type, data and last event id.</summary>
    public bool Equals(SseEvent? other) =>
        other is not null && Type == other.Type && LastEventId == other.LastEventId && _utf8.AsSpan().SequenceEqual(other._utf8);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Type, LastEventId, _utf8.Count);

    /// <summary>Names the size only: what a server says is not for logs.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"SSE event, {_utf8.Count} bytes");
}
