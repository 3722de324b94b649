using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Tests.Wire;

/// <summary>The test vectors beside these files.</summary>
internal static class SseVectors
{
    public static List<JsonElement> Load(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Wire", "sse", file)));
        return [.. document.RootElement.GetProperty("cases").Clone().EnumerateArray()];
    }
}

/// <summary>Gives out the bytes chunk by chunk, then ends, breaks or stays silent for ever.</summary>
internal sealed class Chunked(params byte[][] chunks) : MemoryStream
{
    private int _next, _at;

    public bool StaysOpen { get; init; }
    public bool Breaks { get; init; }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_next == chunks.Length)
            return Breaks ? throw new IOException("broken") : StaysOpen ? new(new TaskCompletionSource<int>().Task) : new(0);
        var chunk = chunks[_next];
        var count = Math.Min(buffer.Length, chunk.Length - _at);
        chunk.AsMemory(_at, count).CopyTo(buffer);
        _at += count;
        if (_at == chunk.Length)
            (_next, _at) = (_next + 1, 0);
        // An empty chunk is none: a read of no bytes would be the end.
        return count == 0 ? ReadAsync(buffer, cancellationToken) : new(count);
    }
}

/// <summary>The same rules, the stream held whole and as text: what the reader is compared with.</summary>
internal static partial class PlainReader
{
    public static (List<SseEvent> Events, string LastEventId, bool HasUnfinishedData) Read(byte[] input)
    {
        var events = new List<SseEvent>();
        var text = Encoding.UTF8.GetString(input);
        var lines = LineEnd().Split(text.StartsWith('\uFEFF') ? text[1..] : text);
        string id = "", lastId = "", type = "";
        var data = new List<string>();
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length == 0 && i < lines.Length - 1)
            {
                lastId = id;
                if (data.Count > 0)
                    events.Add(new SseEvent(type.Length > 0 ? type : "message", string.Join('\n', data), lastId));
                type = "";
                data.Clear();
                continue;
            }
            var field = Field().Match(lines[i]);
            var value = field.Groups[2].Value;
            if (field.Groups[1].Value == "data")
                data.Add(value);
            else if (field.Groups[1].Value == "event")
                type = value;
            else if (field.Groups[1].Value == "id" && !value.Contains('\0', StringComparison.Ordinal))
                id = value;
        }
        return (events, lastId, data.Count > 0);
    }

    [GeneratedRegex("\r\n|\r|\n")]
    private static partial Regex LineEnd();

    [GeneratedRegex("^([^:]*)(?:: ?(.*))?$", RegexOptions.Singleline)]
    private static partial Regex Field();
}
