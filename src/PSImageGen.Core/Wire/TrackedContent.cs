using System.Net;

namespace PSImageGen.Core.Wire;

/// <summary>
/// The content of a paid request: tells whether it may have left this machine, and lets itself be sent only once.
/// An exception with <see cref="Started"/> false means that no byte of the body was handed to a connection.
/// </summary>
public sealed class TrackedContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly CancellationToken _stop;
    private int _started;

    /// <summary>Wraps a content.</summary>
    /// <param name="inner">Its headers are taken over and it is disposed with this; null is an empty body, which can be told as well.</param>
    /// <param name="stop">Cancelled, it keeps a body that has not begun to leave from leaving.</param>
    public TrackedContent(HttpContent? inner, CancellationToken stop = default)
    {
        _stop = stop;
        _inner = inner ?? new ByteArrayContent([]);
        foreach (var (name, values) in _inner.Headers.NonValidated)
            Headers.TryAddWithoutValidation(name, values);
    }

    /// <summary>True as soon as a connection begins to take the body, which is before its first byte is written.</summary>
    public bool Started => Volatile.Read(ref _started) != 0;

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = _inner.Headers.ContentLength ?? 0;
        return _inner.Headers.ContentLength is not null;
    }

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, default);

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _stop.ThrowIfCancellationRequested();
        // Handlers may replay a request by themselves (a redirect, a challenge, an HTTP/2 stream refused): with a paid one they must not.
        if (Interlocked.Exchange(ref _started, 1) != 0)
            throw new IOException("The request body was sent once already and is not sent again.");
        return _inner.CopyToAsync(stream, context, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _inner.Dispose();
        base.Dispose(disposing);
    }
}
