using System.Text;
using System.Text.Json;
using PSImageGen.Core.Wire;
using Xunit;

namespace PSImageGen.Core.Tests.Wire;

public sealed class SseReaderTests
{
    private static readonly int[] Chunks = [int.MaxValue, 1, 2, 3, 5, 7];
    private static readonly Dictionary<string, JsonElement> Vectors = SseVectors.Load("parsing-vectors.json").ToDictionary(c => c.GetProperty("name").GetString()!);

    public static TheoryData<string> VectorNames => new(Vectors.Keys);

    [Fact]
    public void All_116_vectors_are_here() => Assert.Equal(116, Vectors.Count);

    [Theory]
    [MemberData(nameof(VectorNames))]
    public async Task A_vector_gives_its_events_in_any_chunks(string name)
    {
        var vector = Vectors[name];
        var input = vector.GetProperty("input_base64").GetBytesFromBase64();
        foreach (var size in Chunks)
            await AssertAsExpected(vector, [.. input.Chunk(size)]);
        if (vector.TryGetProperty("chunks_base64", out var chunks))
            await AssertAsExpected(vector, [.. chunks.EnumerateArray().Select(c => c.GetBytesFromBase64())]);
    }

    [Fact]
    public async Task Random_streams_give_what_a_plain_reader_gives()
    {
        string[] pieces = ["data", "data:", "data: ", "data:\t", "event:", "event: x", "id", "id:", "id: 7", "retry: 9", ":", " ", "\n", "\n", "\r", "\r\n", "\n\n", "\uFEFF", "é", "🐈", "\0", "x", "Data:"];
        byte[][] broken = [[0xFF], [0xE2, 0x82], [0xF0, 0x9F], [0xC3], [0xEF, 0xBB], [0xED, 0xA0, 0x80], [0xA9]];
        var random = new Random(8);
        for (var i = 0; i < 4000; i++)
        {
            byte[] input = [.. Enumerable.Range(0, random.Next(40)).SelectMany(_ =>
                random.Next(12) == 0 ? broken[random.Next(broken.Length)] : Encoding.UTF8.GetBytes(pieces[random.Next(pieces.Length)]))];
            var expected = PlainReader.Read(input);
            var chunks = new List<byte[]>();
            for (var at = 0; at < input.Length; at += chunks[^1].Length)
                chunks.Add(input[at..Math.Min(input.Length, at + random.Next(1, 9))]);
            var reader = new SseReader(new Chunked([.. chunks]));
            Assert.Equal(expected.Events, await All(reader));
            Assert.Equal(expected.LastEventId, reader.LastEventId);
            Assert.Equal(expected.HasUnfinishedData, reader.Unfinished is not null);
        }
    }

    [Theory]
    [InlineData("data: a\r\r")]
    [InlineData("data: a\n\n")]
    [InlineData("data: a\r\n\r")]
    [InlineData("data: a\n\r")]
    public async Task An_event_is_given_out_without_waiting_for_another_byte(string text)
    {
        var body = new Chunked([.. Encoding.UTF8.GetBytes(text).Chunk(3)]) { StaysOpen = true };
        await using var events = new SseReader(body).ReadAsync().GetAsyncEnumerator();
        var next = events.MoveNextAsync();
        Assert.True(next.IsCompletedSuccessfully && await next);
        Assert.Equal(new SseEvent("message", "a", ""), events.Current);
    }

    [Fact]
    public async Task Id_and_retry_do_not_run_ahead_of_the_event_given_out()
    {
        var reader = Reader("id: 1\ndata: a\n\nid: 2\nretry: 5\ndata: b\n\nid: 3\n\nid: 4\ndata: c");
        var seen = new List<(string, string, TimeSpan?)>();
        await foreach (var e in reader.ReadAsync())
            seen.Add((e.Data, reader.LastEventId, reader.RetryDelay));
        Assert.Equal([("a", "1", null), ("b", "2", TimeSpan.FromMilliseconds(5))], seen);
        Assert.Equal("3", reader.LastEventId);
    }

    [Fact]
    public async Task The_id_of_the_connection_before_lives_on_until_the_stream_resets_it()
    {
        var reader = new SseReader(new Chunked("data: a\n\nid\ndata: b\n\n"u8.ToArray()), lastEventId: "old");
        Assert.Equal("old", reader.LastEventId);
        Assert.Equal([new("message", "a", "old"), new("message", "b", "")], await All(reader));
    }

    [Theory]
    [InlineData("retry: 0007", 7.0)]
    [InlineData("retry: 99999999999999999999999", (double)int.MaxValue)]
    [InlineData("retry:5\nretry:", 5.0)]
    [InlineData("retry:5\nretry: 1 ", 5.0)]
    [InlineData("retry:5\nretry: ٣", 5.0)]
    public async Task Retry_takes_ASCII_digits_only_and_any_number_of_them(string text, double expected)
    {
        var reader = Reader(text + "\n");
        Assert.Empty(await All(reader));
        Assert.Equal(TimeSpan.FromMilliseconds(expected), reader.RetryDelay);
    }

    [Theory]
    [InlineData("data: a\n\n", null, null)]
    [InlineData("", null, null)]
    [InlineData("data: a\n\nid: 1\nevent: x\n: c", null, null)]
    [InlineData("data: {\"id\":\"7\"}", "message", "{\"id\":\"7\"}")]
    [InlineData("data: {\"id\":\ndata: \"7\"}\n", "message", "{\"id\":\n\"7\"}")]
    [InlineData("\uFEFFdata: {\"id\":\r\ndata: \"7\"}", "message", "{\"id\":\n\"7\"}")]
    [InlineData("event: done\ndata: x\nid: 1", "done", "x")]
    [InlineData("data: a\n\ndata: x\neve", "message", "x")]
    public async Task The_unfinished_block_is_shown_and_never_an_event(string text, string? type, string? data)
    {
        foreach (var size in Chunks)
        {
            var reader = new SseReader(new Chunked([.. Encoding.UTF8.GetBytes(text).Chunk(size)]));
            Assert.DoesNotContain(await All(reader), e => e.Data != "a");
            Assert.Equal(type is null ? null : new SseEvent(type, data!, ""), reader.Unfinished);
            Assert.Equal(reader.Unfinished, reader.Unfinished);
            Assert.Equal("", reader.LastEventId);
        }
    }

    [Fact]
    public async Task A_stream_that_breaks_shows_its_unfinished_block_too()
    {
        var reader = new SseReader(new Chunked("data: a\n\ndata: {}"u8.ToArray()) { Breaks = true });
        var seen = new List<string>();
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            await foreach (var e in reader.ReadAsync())
                seen.Add(e.Data);
        });
        Assert.Equal(["a"], seen);
        Assert.Equal("{}", reader.Unfinished?.Data);
    }

    [Theory]
    [InlineData("data: 0123456789\n\n", true)]
    [InlineData("data: 01234567890123\n\n", true)]
    [InlineData("data: 012345678901234\n\n", false)]
    [InlineData("data: 0\ndata: 1\ndata: 2\ndata: 3\n\ndata: 0\ndata: 1\ndata: 2\n\n", true)]
    [InlineData("data: 0\ndata: 1\ndata: 2\ndata: 3\ndata: 4\ndata: 5\ndata: 6\ndata: 7\ndata: 8\n\n", false)]
    [InlineData(":01234567890123456789", false)]
    [InlineData("unknown: 01234567890123456789", false)]
    [InlineData("id: 1\nevent: x\nid: 2\nevent: y\nid: 3\n: c\n: c\n: c\n\n", true)]
    public async Task Limits_hold_for_lines_and_for_events(string text, bool fits)
    {
        foreach (var size in Chunks)
        {
            var reader = new SseReader(new Chunked([.. Encoding.UTF8.GetBytes(text).Chunk(size)]), maxEventBytes: 20);
            var error = await Record.ExceptionAsync(() => All(reader));
            Assert.Equal(fits, error is null);
            Assert.True(error is null or InvalidDataException);
        }
    }

    [Fact]
    public async Task After_a_cancellation_no_event_follows_not_even_one_received()
    {
        using var stop = new CancellationTokenSource();
        var reader = Reader("data: a\n\nid: 2\ndata: b\n\n");
        var seen = new List<string>();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var e in reader.ReadAsync(stop.Token))
            {
                seen.Add(e.Data);
                await stop.CancelAsync();
            }
        });
        Assert.Equal(["a"], seen);
        Assert.Equal("", reader.LastEventId);
    }

    [Fact]
    public async Task A_stream_is_read_once()
    {
        var reader = Reader("data: a\n\n");
        await All(reader);
        await Assert.ThrowsAsync<InvalidOperationException>(() => All(reader));
    }

    [Fact]
    public async Task A_picture_in_an_event_goes_to_the_image_reader_without_becoming_a_string()
    {
        var picture = new byte[3 << 20];
        new Random(1).NextBytes(picture);
        var body = Encoding.UTF8.GetBytes($$"""
            : a comment
            data: {"type":"partial",
            data: "b64_json":"{{Convert.ToBase64String(picture)}}"}


            """);
        var seen = Assert.Single(await All(new SseReader(new Chunked([.. body.Chunk(5000)]))));
        for (var i = 0; i < 2; i++)
        {
            using var part = new MemoryStream();
            await using var data = seen.OpenData();
            var document = await EmbeddedImageReader.ReadAsync(data, new HashSet<string> { "b64_json" }, _ => part, 1 << 24, 1 << 10, default);
            Assert.Equal("""{"type":"partial","b64_json":"part:0"}""", document.Root!.ToJsonString());
            Assert.Equal(picture, part.ToArray());
        }
        Assert.DoesNotContain("partial", seen.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(64 * 1024)]
    [InlineData(64 * 1024 + 1)]
    [InlineData(300_000)]
    public async Task Events_kept_by_the_caller_are_not_written_over_by_later_ones(int size)
    {
        var texts = Enumerable.Range(0, 6).Select(i => new string((char)('a' + i), i % 2 == 0 ? size : 10)).ToList();
        var body = Encoding.UTF8.GetBytes(string.Concat(texts.Select(t => $": {t}{t}\ndata: {t}\n\n")));
        Assert.Equal(texts, (await All(new SseReader(new Chunked([.. body.Chunk(1000)])))).Select(e => e.Data));
    }

    [Fact]
    public async Task What_has_passed_is_not_held()
    {
        const int size = 1 << 20;
        byte[] large = [.. "data: "u8, .. Enumerable.Repeat((byte)'x', size), .. "\n\n"u8];
        byte[] small = [.. Enumerable.Repeat("data: y\n\n: z\n"u8.ToArray(), 1000).SelectMany(b => b)];
        byte[] comments = [.. Enumerable.Repeat(": keep-alive\n\n"u8.ToArray(), 1000).SelectMany(b => b)];

        // Every read completes synchronously, so all of it happens, and is counted, on this thread.
        Assert.InRange(Allocated([.. Enumerable.Repeat(comments, 1000)]), 1, 1 << 20);
        Assert.InRange(Allocated([large, .. Enumerable.Repeat(small, 20)]), size, 12 * size);

        static long Allocated(byte[][] chunks)
        {
            var body = new Chunked(chunks);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var reading = Count(new SseReader(body));
            Assert.True(reading.IsCompletedSuccessfully);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        static async Task<int> Count(SseReader reader)
        {
            var count = 0;
            await foreach (var _ in reader.ReadAsync())
                count++;
            return count;
        }

        var weak = await FirstOf(new SseReader(new Chunked(large, small) { StaysOpen = true }));
        GC.Collect();
        Assert.False(weak.Event.IsAlive);
        GC.KeepAlive(weak.Reader);
    }

    private static async Task<(WeakReference Event, object Reader)> FirstOf(SseReader reader)
    {
        var events = reader.ReadAsync().GetAsyncEnumerator();
        await events.MoveNextAsync();
        var first = new WeakReference(events.Current);
        await events.MoveNextAsync();
        return (first, events);
    }

    private static SseReader Reader(string text) => new(new Chunked(Encoding.UTF8.GetBytes(text)));

    private static async Task<List<SseEvent>> All(SseReader reader)
    {
        var events = new List<SseEvent>();
        await foreach (var e in reader.ReadAsync())
            events.Add(e);
        return events;
    }

    private static async Task AssertAsExpected(JsonElement vector, byte[][] chunks)
    {
        var expect = vector.GetProperty("expect");
        var reader = new SseReader(new Chunked(chunks));
        var events = await All(reader);
        Assert.Equal(expect.GetProperty("events").EnumerateArray().Select(e => (Text(e, "event"), Text(e, "data"), Text(e, "lastEventId"))), events.Select(e => (e.Type, e.Data, e.LastEventId)));
        Assert.Equal(Text(expect, "finalLastEventId"), reader.LastEventId);
        var retry = expect.GetProperty("retryMs");
        Assert.Equal(retry.ValueKind == JsonValueKind.Null ? null : TimeSpan.FromMilliseconds(retry.GetInt32()), reader.RetryDelay);
        Assert.All(events, e => Assert.Equal(e.Data, new StreamReader(e.OpenData(), new UTF8Encoding(false, true), false).ReadToEnd()));
    }

    private static string Text(JsonElement e, string name) => e.GetProperty(name).GetString()!;
}
