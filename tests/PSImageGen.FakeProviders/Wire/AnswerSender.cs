using System.Runtime.CompilerServices;
using System.Text;
using PSImageGen.FakeProviders.Faults;

namespace PSImageGen.FakeProviders.Wire;

/// <summary>Sends an answer, or what a fault leaves of it.</summary>
internal static class AnswerSender
{
    private const string Page = "<!DOCTYPE html><html><head><title>Please wait</title></head><body><h1>502 Bad Gateway</h1><hr>nginx</body></html>";

    public static async Task SendAsync(Exchange exchange, Answer answer, Fault? fault)
    {
        CancellationToken aborted = exchange.Aborted;
        foreach ((string name, string value) in fault?.Headers ?? new Dictionary<string, string>())
            answer.Headers[name] = value;

        switch (fault?.Kind)
        {
            case FaultKind.DropBeforeRead or FaultKind.DropBeforeAnswer:
                exchange.Drop();
                return;

            case FaultKind.NoBlankLine when answer.IsStream:
            case FaultKind.DropMidAnswer or FaultKind.Truncate or FaultKind.Hang or FaultKind.HangMidAnswer or FaultKind.Slow
                when answer.IsStream && (answer.Live is not null || fault.AfterEvents is not null):
                await SendStreamAsync(exchange, answer, fault);
                return;

            case FaultKind.DropMidAnswer or FaultKind.HangMidAnswer:
                await SendHalfAsync(exchange, answer, hangs: fault.Kind == FaultKind.HangMidAnswer);
                return;

            case FaultKind.Truncate:
                // A stream loses its last event; a body its last two fifths.
                answer = answer.IsStream
                    ? answer.With(answer.Status, [.. answer.Pieces.SkipLast(1)])
                    : answer.With(answer.Status, [answer.Body[..(answer.Body.Length * 3 / 5)]]);
                break;

            case FaultKind.Slow:
                await TrickleAsync(exchange, answer, TimeSpan.FromMilliseconds(fault.DelayMs ?? 2000));
                return;

            case FaultKind.Hang when !answer.IsStream:
                await exchange.HangAsync();
                break;

            case FaultKind.Delay:
                await Task.Delay(fault.DelayMs ?? 1000, aborted);
                break;

            case FaultKind.WrongContent:
                answer = answer.With(200, [Encoding.UTF8.GetBytes(fault.Body ?? Page)], fault.ContentType);
                break;

            case FaultKind.WrongBody:
                answer = answer.With(fault.Status ?? 200, [Encoding.UTF8.GetBytes(fault.Body!)], fault.ContentType);
                break;
        }

        await SendAsync(exchange, answer, hangsBeforeEnd: fault?.Kind == FaultKind.Hang && answer.IsStream);
    }

    private static async Task SendAsync(Exchange exchange, Answer answer, bool hangsBeforeEnd)
    {
        HttpResponse response = Head(exchange, answer, answer.IsStream ? null : answer.Body.Length);
        if (!answer.IsStream)
        {
            await response.Body.WriteAsync(answer.Body, exchange.Aborted);
            return;
        }

        if (answer.Live is not null)
        {
            await SendStreamAsync(exchange, answer, fault: null);
            return;
        }

        await response.StartAsync(exchange.Aborted);
        for (int i = 0; i < answer.Pieces.Count; i++)
        {
            await Task.Delay(answer.Pause, exchange.Aborted);
            if (hangsBeforeEnd && i == answer.Pieces.Count - 1)
                await exchange.HangAsync();
            await response.Body.WriteAsync(answer.Pieces[i], exchange.Aborted);
            await response.Body.FlushAsync(exchange.Aborted);
        }
    }

    /// <summary>Sends a stream event by event, up to where the fault strikes: after so many events, else at the last one.</summary>
    private static async Task SendStreamAsync(Exchange exchange, Answer answer, Fault? fault)
    {
        const int Chunks = 20;
        HttpResponse response = Head(exchange, answer, length: null);
        await response.StartAsync(exchange.Aborted);
        await response.Body.FlushAsync(exchange.Aborted);
        int events = 0;
        await foreach (LivePiece piece in (answer.Live ?? PieceByPieceAsync(answer)).WithCancellation(exchange.Aborted))
        {
            ReadOnlyMemory<byte> bytes = piece.Bytes;
            if (fault is not null && !piece.IsComment && (fault.AfterEvents is int after ? events == after : piece.IsLast))
            {
                switch (fault.Kind)
                {
                    case FaultKind.Truncate:
                        return;
                    case FaultKind.NoBlankLine:
                        await WriteAsync(bytes[..^1]);
                        return;
                    case FaultKind.DropMidAnswer:
                        // An abort throws away what is still in the output buffer: what was sent must have left first.
                        if (fault.AfterEvents is null)
                            await WriteAsync(bytes[..(bytes.Length / 2)]);
                        await Task.Delay(100, exchange.Aborted);
                        exchange.Drop();
                        return;
                    case FaultKind.HangMidAnswer:
                        await WriteAsync(bytes[..(bytes.Length / 2)]);
                        bytes = bytes[(bytes.Length / 2)..];
                        await exchange.HangAsync();
                        break;
                    case FaultKind.Hang:
                        await exchange.HangAsync();
                        break;
                    case FaultKind.Slow:
                        for (int i = 0; i < Chunks; i++)
                        {
                            await WriteAsync(bytes[(bytes.Length * i / Chunks)..(bytes.Length * (i + 1) / Chunks)]);
                            await Task.Delay((fault.DelayMs ?? 2000) / Chunks, exchange.Aborted);
                        }

                        bytes = default;
                        break;
                }
            }

            events += piece.IsComment ? 0 : 1;
            await WriteAsync(bytes);
        }

        async Task WriteAsync(ReadOnlyMemory<byte> bytes)
        {
            await response.Body.WriteAsync(bytes, exchange.Aborted);
            await response.Body.FlushAsync(exchange.Aborted);
        }
    }

    private static async IAsyncEnumerable<LivePiece> PieceByPieceAsync(Answer answer, [EnumeratorCancellation] CancellationToken aborted = default)
    {
        for (int i = 0; i < answer.Pieces.Count; i++)
        {
            await Task.Delay(answer.Pause, aborted);
            yield return new LivePiece(answer.Pieces[i], IsLast: i == answer.Pieces.Count - 1);
        }
    }

    private static async Task SendHalfAsync(Exchange exchange, Answer answer, bool hangs)
    {
        byte[] body = answer.Body;
        int half = answer.IsStream ? body.Length - (answer.Pieces[^1].Length / 2) : body.Length / 2;
        HttpResponse response = Head(exchange, answer, answer.IsStream ? null : body.Length);
        await response.StartAsync(exchange.Aborted);
        await response.Body.WriteAsync(body.AsMemory(0, half), exchange.Aborted);
        await response.Body.FlushAsync(exchange.Aborted);

        if (hangs)
        {
            await exchange.HangAsync();
            await response.Body.WriteAsync(body.AsMemory(half), exchange.Aborted);
            return;
        }

        // An abort throws away what is still in the output buffer: the half must have left first.
        await Task.Delay(100, exchange.Aborted);
        exchange.Drop();
    }

    private static async Task TrickleAsync(Exchange exchange, Answer answer, TimeSpan whole)
    {
        const int Pieces = 20;
        byte[] body = answer.Body;
        HttpResponse response = Head(exchange, answer, answer.IsStream ? null : body.Length);
        await response.StartAsync(exchange.Aborted);
        for (int i = 0; i < Pieces; i++)
        {
            await Task.Delay(whole / Pieces, exchange.Aborted);
            int from = (int)((long)body.Length * i / Pieces), to = (int)((long)body.Length * (i + 1) / Pieces);
            await response.Body.WriteAsync(body.AsMemory(from, to - from), exchange.Aborted);
            await response.Body.FlushAsync(exchange.Aborted);
        }
    }

    private static HttpResponse Head(Exchange exchange, Answer answer, long? length)
    {
        HttpResponse response = exchange.Http.Response;
        response.StatusCode = answer.Status;
        foreach ((string name, string value) in answer.Headers)
            response.Headers[name] = value;
        response.ContentType = answer.ContentType;
        response.ContentLength = length;
        return response;
    }
}
