using System.Text;
using System.Text.Json.Nodes;

namespace PSImageGen.FakeProviders.Wire;

/// <summary>What is to be sent, before a fault has its way with it.</summary>
internal sealed class Answer
{
    public int Status { get; init; } = 200;

    public string? ContentType { get; init; }

    public Dictionary<string, string> Headers { get; init; } = [];

    /// <summary>The body; an event stream has one piece an event.</summary>
    public IReadOnlyList<byte[]> Pieces { get; init; } = [];

    /// <summary>An event stream has no Content-Length, and its pieces are sent one by one.</summary>
    public bool IsStream { get; init; }

    /// <summary>Time between the pieces of a stream.</summary>
    public TimeSpan Pause { get; init; }

    /// <summary>A stream whose pieces come about while it is sent; then there are no <see cref="Pieces"/>.</summary>
    public IAsyncEnumerable<LivePiece>? Live { get; init; }

    public byte[] Body => Pieces.Count == 1 ? Pieces[0] : [.. Pieces.SelectMany(piece => piece)];

    public static Answer Json(JsonNode body, int status = 200) => new()
    {
        Status = status,
        ContentType = "application/json",
        Pieces = [Encoding.UTF8.GetBytes(body.ToJsonString())],
    };

    public static Answer Bytes(byte[] body, string contentType, int status = 200) => new()
    {
        Status = status,
        ContentType = contentType,
        Pieces = [body],
    };

    public static Answer Text(string body, string contentType, int status = 200) => Bytes(Encoding.UTF8.GetBytes(body), contentType, status);

    /// <summary>A stream of events that follows a job.</summary>
    public static Answer Events(IAsyncEnumerable<LivePiece> events) => new()
    {
        ContentType = "text/event-stream",
        Headers = { ["Cache-Control"] = "no-store" },
        IsStream = true,
        Live = events,
    };

    /// <summary>The same headers and kind with another status and body.</summary>
    public Answer With(int status, IReadOnlyList<byte[]> pieces, string? contentType = null) => new()
    {
        Status = status,
        ContentType = contentType ?? ContentType,
        Headers = Headers,
        Pieces = pieces,
        IsStream = IsStream,
        Pause = Pause,
    };
}

/// <summary>A piece of an event stream: an event, or a comment that keeps the connection alive.</summary>
internal readonly record struct LivePiece(byte[] Bytes, bool IsLast = false, bool IsComment = false);

/// <summary>The request is not in order; the vendor's answer says why.</summary>
internal sealed class RefusedException(Answer answer) : Exception("The fake vendor refused the request.")
{
    public Answer Answer { get; } = answer;
}
