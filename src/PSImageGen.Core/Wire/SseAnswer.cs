namespace PSImageGen.Core.Wire;

/// <summary>What the answer to a request for an event stream is good for.</summary>
public enum SseAnswerKind
{
    /// <summary>An event stream: read it.</summary>
    Stream,

    /// <summary>One JSON document in place of a stream: the job as it stands now.</summary>
    Json,

    /// <summary>The server has nothing more to stream: do not connect again.</summary>
    Stop,

    /// <summary>No stream, for good: do not connect again by itself.</summary>
    Error,
}

/// <summary>Judges the answer to the GET request that follows a job by its event stream.</summary>
public static class SseAnswer
{
    /// <summary>
    /// Decides by the standard's rules for event sources (status 200 exactly, the media type without its parameters) and takes JSON with
    /// status 200 as well. Redirects are the transport's matter: one that comes through to here could not be followed.
    /// </summary>
    /// <param name="status">The status code.</param>
    /// <param name="contentType">The content type as it was sent; null when there was none.</param>
    public static SseAnswerKind Judge(int status, string? contentType)
    {
        if (status == 204)
            return SseAnswerKind.Stop;
        if (status != 200 || contentType is null)
            return SseAnswerKind.Error;
        // By hand: HttpClient's parser takes "text/event-stream;" for no media type at all.
        var essence = contentType.AsSpan();
        if (essence.IndexOf(';') is >= 0 and var semicolon)
            essence = essence[..semicolon];
        essence = essence.Trim(" \t\r\n");
        if (Is(essence, "text/event-stream"))
            return SseAnswerKind.Stream;
        return Is(essence, "application/json") || Is(essence, "text/json") || IsJsonOfAKind(essence) ? SseAnswerKind.Json : SseAnswerKind.Error;
    }

    private static bool Is(ReadOnlySpan<char> essence, string type) => essence.Equals(type, StringComparison.OrdinalIgnoreCase);

    private static bool IsJsonOfAKind(ReadOnlySpan<char> essence) =>
        essence.StartsWith("application/", StringComparison.OrdinalIgnoreCase) && essence.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
}
