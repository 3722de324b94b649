using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.Core.Wire;
using Xunit;

namespace PSImageGen.Core.Tests.Wire;

public sealed class EmbeddedImageReaderTests
{
    private static readonly HashSet<string> Fields = ["b64_json", "images", "bild"];
    private static readonly int[] Chunks = [1, 2, 3, 5, 7, 4096];

    public static TheoryData<string> Zoo => new(
        """{"created":1,"data":[{"b64_json":"iVBORw0KGgo="},{"b64_json":"AAEC","revised_prompt":"a \"cat\" \\ \u00e9 é 🐈"}],"usage":{"total_tokens":3}}""",
        """ { "images" : [ "QUJD" , null , "" , 7 , { "url" : "https://x/y" } , [ "REVG" ] ] , "n" : -1.5e3 } """,
        """{"b64_json":null,"images":[],"bild":"","x":{"b64_json":12},"y":{"b64_json":{"z":"QUJD"}},"z":{"images":true}}""",
        """{"a":"data:image/png;base64,iVBORw0KGgo=","b":["data:image/webp;base64,AA=="],"c":"data:image/svg+xml,<svg/>","d":"data:image/","e":"data:text/plain;base64,QQ=="}""",
        """{"b64_json":"data:application/octet-stream;base64,QUJD","images":["DATA:IMAGE/PNG;BASE64,QUJD","data:image/png;base64,"]}""",
        """{"b64_json":"https://cdn.example/x.png","images":["http://cdn.example/x.png","HTTPS://X/","httpAAAA","dataAAAA","http"]}""",
        """{"b64\u005fjson":"QUJD","\u0062ild":"REVG","B64_JSON":"QUJD","b64_json ":"QUJD","b64_json\"":"QUJD"}""",
        """{"bild":"Q\u0055J\u0044\n\r\t REVG\/\/\u002B\u002b","images":["data:image\/png;base64\u002cQUJD","  \nQUJD","\u0020"]}""",
        """{"bild":"_-_-","images":["QQ","QUI","QUJD","Q Q = = ","\/\/8"]}""",
        "[[\"data:image/png;base64,QUJD\"],{},[],[[]],{\"\":\"\"}]",
        "\"data:image/png;base64,QUJD\"",
        "null",
        " 17 ",
        "\"QUJD\"",
        "{\"text\":\"part:0\",\"b64_json\":\"QUJD\",\"esc\":\"\\\\\\\"\\\\\",\"{\\\"\":\"[\",\"tail\":\"\\\\\"}");

    [Theory]
    [MemberData(nameof(Zoo))]
    public async Task Any_chunk_borders_give_what_a_plain_decoder_gives(string json)
    {
        foreach (var chunk in Chunks)
            await AssertAsExpected(json, chunk);
    }

    [Fact]
    public async Task Random_documents_give_what_a_plain_decoder_gives()
    {
        var random = new Random(20240607);
        for (var i = 0; i < 600; i++)
            await AssertAsExpected(RandomJson.Document(random), Chunks[i % Chunks.Length]);
    }

    [Fact]
    public async Task A_document_cut_inside_a_long_picture_leaves_no_part_open()
    {
        var parts = new Parts();

        await Assert.ThrowsAsync<EndOfStreamException>(() => Read($$"""{"b64_json":"{{Convert.ToBase64String(new byte[100_000])}}""", parts, 4096));

        Assert.Equal(1, parts.Count);
        Assert.True(parts.AllDisposed);
    }

    [Fact]
    public async Task A_document_cut_anywhere_is_an_early_end_and_no_part_stays_open()
    {
        const string json = """{"created":1,"data":[{"b64_json":"iVBOR\u002bw0KGg=","t":"a\"b"},true],"u":"data:image/png;base64,QUJD"}""";
        for (var length = 0; length < json.Length; length++)
        {
            var parts = new Parts();
            await Assert.ThrowsAsync<EndOfStreamException>(() => Read(json[..length], parts, 5));
            Assert.True(parts.AllDisposed);
        }
    }

    [Fact]
    public async Task A_damaged_document_never_fails_in_an_unforeseen_way()
    {
        var random = new Random(11);
        for (var i = 0; i < 3000; i++)
        {
            var bytes = Encoding.UTF8.GetBytes(RandomJson.Document(random));
            bytes[random.Next(bytes.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)"\"\\{}[]:,=.0"[random.Next(11)];
            var parts = new Parts();
            var error = await Record.ExceptionAsync(() => Read(bytes, parts, 1 + random.Next(9)));
            Assert.True(error is null or JsonException or InvalidDataException or EndOfStreamException, error?.ToString());
            Assert.True(parts.AllDisposed);
            if (error is null)
                using (JsonDocument.Parse(bytes))
                {
                }
        }
    }

    [Theory]
    [InlineData("<html><body>\"Bad gateway\"</body></html>")]
    [InlineData("Not found")]
    [InlineData("error: \"x")]
    [InlineData("tru")]
    [InlineData("{} {}")]
    [InlineData("{]")]
    [InlineData("]")]
    [InlineData("{\"a\" \"b64_json\":\"QUJD\"}")]
    [InlineData("{\"a\":1,,")]
    [InlineData("{\"b64_json\":\"QU\\xJD\"}")]
    [InlineData("{\"b64_json\":\"QU\\u00G0JD\"}")]
    [InlineData("{\"b64_json\":\"QUJDQUJDQUJD\nQUJD\"}")]
    [InlineData("{\"a\":\"\\x\"}")]
    public async Task What_is_no_JSON_is_a_JsonException(string json)
    {
        var parts = new Parts();
        await Assert.ThrowsAnyAsync<JsonException>(() => Read(json, parts, 3));
        Assert.True(parts.AllDisposed);
    }

    [Theory]
    [InlineData("""{"b64_json":"see /files/secret.png"}""")]
    [InlineData("""{"b64_json":"ftp://secret"}""")]
    [InlineData("""{"b64_json":"data:image/svg+xml,secret"}""")]
    [InlineData("""{"b64_json":"é secret"}""")]
    [InlineData("""{"b64_json":"part:0"}""")]
    [InlineData("""{"b64_json":",secret"}""")]
    [InlineData("""{"images":["secretsQA"]}""")]
    [InlineData("""{"images":["="]}""")]
    [InlineData("""{"images":["secret=secret"]}""")]
    [InlineData("""{"images":["QQ==="]}""")]
    public async Task An_image_field_that_is_not_base64_is_an_error_that_does_not_quote_it(string json)
    {
        var parts = new Parts();
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => Read(json, parts, 2));
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.True(parts.AllDisposed);
    }

    [Fact]
    public async Task A_shortened_data_url_outside_the_image_fields_loses_its_data_and_nothing_else()
    {
        var long64 = new string('A', 100_000);
        var parts = new Parts();
        var document = await Read($$"""{"echo":"data:image/png;base64,{{long64}}...","e2":"data:image/png;base64,iVBO…(cut)","b64_json":"QUJD"}""", parts, 4096);
        Assert.Equal("data:image/png;base64,", (string?)document.Root!["echo"]);
        Assert.Equal("data:image/png;base64,", (string?)document.Root["e2"]);
        Assert.Equal("ABC"u8.ToArray(), parts[document.PartIndex(document.Root["b64_json"])!.Value]);
        Assert.True(parts.AllDisposed);
    }

    [Fact]
    public async Task Only_references_to_parts_that_exist_have_an_index()
    {
        var document = await Read("""{"b64_json":"QUJD","a":"part:0","b":"part:1","c":"part:-1","d":"part:","e":"part:0x","f":0,"g":null,"h":{}}""", new Parts(), 9);
        Assert.Equal(1, document.PartCount);
        Assert.Equal(0, document.PartIndex(document.Root!["b64_json"]));
        Assert.Equal(0, document.PartIndex(document.Root["a"])); // harmless: its own picture
        Assert.All("bcdefghi", name => Assert.Null(document.PartIndex(document.Root[name.ToString()])));
    }

    [Fact]
    public async Task A_byte_order_mark_is_skipped_and_half_a_one_is_not()
    {
        foreach (var chunk in Chunks)
            Assert.Equal("[1]", (await Read([0xEF, 0xBB, 0xBF, .. "[1]"u8], new Parts(), chunk)).Root!.ToJsonString());
        await Assert.ThrowsAnyAsync<JsonException>(() => Read([0xEF, 0xBB, .. "[1]"u8], new Parts(), 1));
        await Assert.ThrowsAnyAsync<JsonException>(() => Read([0x20, 0xEF, 0xBB, 0xBF, .. "[1]"u8], new Parts(), 1));
    }

    [Fact]
    public async Task Limits_hold_for_parts_for_the_document_and_for_its_depth()
    {
        var picture = $$"""{"b64_json":"{{Convert.ToBase64String(new byte[3000])}}"}""";
        Assert.Equal(1, (await Read(Encoding.UTF8.GetBytes(picture), new Parts(), 100, maxPart: 3000, maxJson: 50)).PartCount);
        var parts = new Parts();
        await Assert.ThrowsAsync<InvalidDataException>(() => Read(Encoding.UTF8.GetBytes(picture), parts, 100, maxPart: 2999));
        Assert.True(parts.AllDisposed);
        await Assert.ThrowsAsync<InvalidDataException>(() => Read("""{"x":"0123456789"}"""u8.ToArray(), new Parts(), 7, maxJson: 15));
        Assert.NotNull((await Read(new string('[', 128) + new string(']', 128), new Parts(), 7)).Root);
        await Assert.ThrowsAnyAsync<JsonException>(() => Read(new string('[', 129) + new string(']', 129), new Parts(), 7));
    }

    [Fact]
    public async Task Equal_names_and_half_surrogates_do_not_lose_a_picture()
    {
        var parts = new Parts();
        var document = await Read("""{"a":1,"a":2,"prompt":"cut \ud83d","b64_json":"QUJD"}""", parts, 3);
        Assert.Equal("""{"a":2,"prompt":"\uFFFD","b64_json":"part:0"}""", document.Root!.ToJsonString());
        await Assert.ThrowsAnyAsync<JsonException>(() => Read("""{"\ud83d":1}""", parts, 3));
    }

    [Fact]
    public async Task A_part_that_cannot_be_written_or_a_cancellation_closes_the_part()
    {
        var json = $$"""{"b64_json":"{{Convert.ToBase64String(new byte[200_000])}}"}""";
        var full = new Parts { FailsAfter = 1 };
        Assert.Equal("disk full", (await Assert.ThrowsAsync<IOException>(() => Read(json, full, 4096))).Message);
        Assert.True(full.AllDisposed);

        using var stop = new CancellationTokenSource();
        var stopped = new Parts { Opened = stop.Cancel };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            EmbeddedImageReader.ReadAsync(new ChunkedStream(Encoding.UTF8.GetBytes(json), 4096), Fields, stopped.Open, 1 << 20, 1 << 20, stop.Token));
        Assert.Equal(1, stopped.Count);
        Assert.True(stopped.AllDisposed);
    }

    [Fact]
    public async Task A_picture_of_64_MB_passes_through_without_ever_being_held()
    {
        const int megabytes = 64;
        var block = RandomNumberGenerator.GetBytes(3 << 18); // 0.75 MB, so that 1 MB of base64 repeats
        using var json = new RepeatingStream(
            "{\"data\":[{\"b64_json\":\""u8.ToArray(), Encoding.ASCII.GetBytes(Convert.ToBase64String(block)), megabytes * 4 / 3, "\"}]}"u8.ToArray());
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var sink = new HashingStream(hash);

        // Every stream here completes synchronously, so all of it happens, and is counted, on this thread.
        var before = GC.GetAllocatedBytesForCurrentThread();
        var reading = EmbeddedImageReader.ReadAsync(json, Fields, _ => sink, long.MaxValue, 1 << 16, default);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(reading.IsCompletedSuccessfully);
        Assert.Equal("""{"data":[{"b64_json":"part:0"}]}""", (await reading).Root!.ToJsonString());
        Assert.InRange(allocated, 1, 1 << 20);
        Assert.InRange(sink.LargestWrite, 1, 64 * 1024);
        Assert.Equal((long)block.Length * (megabytes * 4 / 3), sink.Written);
        using var expected = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0; i < megabytes * 4 / 3; i++)
            expected.AppendData(block);
        Assert.Equal(expected.GetHashAndReset(), hash.GetHashAndReset());
    }

    private static async Task AssertAsExpected(string json, int chunk)
    {
        var parts = new Parts();
        var actual = await Read(json, parts, chunk);
        var expected = new PlainDecoder(Fields);
        Assert.Equal(expected.Decode(json)?.ToJsonString(), actual.Root?.ToJsonString());
        Assert.Equal(expected.Parts.Count, actual.PartCount);
        Assert.Equal(expected.Parts, Enumerable.Range(0, parts.Count).Select(i => parts[i]));
        Assert.True(parts.AllDisposed);
    }

    private static Task<EmbeddedDocument> Read(string json, Parts parts, int chunk) => Read(Encoding.UTF8.GetBytes(json), parts, chunk);

    private static Task<EmbeddedDocument> Read(byte[] json, Parts parts, int chunk, long maxPart = 1 << 20, long maxJson = 1 << 20) =>
        EmbeddedImageReader.ReadAsync(new ChunkedStream(json, chunk), Fields, parts.Open, maxPart, maxJson, default);

    private sealed class Parts
    {
        private readonly List<MemoryStream> _streams = [];

        public int FailsAfter { get; init; } = int.MaxValue;
        public Action? Opened { get; init; }
        public int Count => _streams.Count;
        public bool AllDisposed => _streams.TrueForAll(s => !s.CanWrite);
        public byte[] this[int index] => _streams[index].ToArray();

        public Stream Open(int index)
        {
            Assert.Equal(_streams.Count, index);
            Assert.True(AllDisposed);
            _streams.Add(new PartStream(FailsAfter));
            Opened?.Invoke();
            return _streams[^1];
        }

        private sealed class PartStream(int failsAfter) : MemoryStream
        {
            public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
                Length >= failsAfter ? throw new IOException("disk full") : base.WriteAsync(buffer, cancellationToken);
        }
    }
}

file sealed class ChunkedStream(byte[] bytes, int chunk) : MemoryStream(bytes)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(chunk, buffer.Length)], cancellationToken);
}

file sealed class RepeatingStream(byte[] head, byte[] block, int times, byte[] tail) : MemoryStream
{
    private int _segment, _at;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var current = _segment == 0 ? head : _segment <= times ? block : _segment == times + 1 ? tail : [];
        var count = Math.Min(buffer.Length, current.Length - _at);
        current.AsMemory(_at, count).CopyTo(buffer);
        _at += count;
        if (_at == current.Length)
            (_segment, _at) = (_segment + 1, 0);
        return ValueTask.FromResult(count);
    }
}

file sealed class HashingStream(IncrementalHash hash) : MemoryStream
{
    public int LargestWrite { get; private set; }
    public long Written { get; private set; }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        hash.AppendData(buffer.Span);
        Written += buffer.Length;
        LargestWrite = Math.Max(LargestWrite, buffer.Length);
        return default;
    }
}

/// <summary>The same rules, the document held whole: what the streaming reader is compared with.</summary>
file sealed class PlainDecoder(HashSet<string> fields)
{
    public List<byte[]> Parts { get; } = [];

    public JsonNode? Decode(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Node(document.RootElement.Clone(), false);
    }

    private JsonNode? Node(JsonElement e, bool image) => e.ValueKind switch
    {
        JsonValueKind.Object => new JsonObject(e.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, Node(p.Value, fields.Contains(p.Name))))),
        JsonValueKind.Array => new JsonArray(e.EnumerateArray().Select(item => Node(item, image)).ToArray()),
        JsonValueKind.String => Text(e.GetString()!, image),
        _ => JsonValue.Create(e),
    };

    private JsonValue? Text(string text, bool image)
    {
        const StringComparison any = StringComparison.OrdinalIgnoreCase;
        var value = image ? text.TrimStart() : text;
        var isData = value.StartsWith(image ? "data:" : "data:image/", any);
        var from = isData ? value.IndexOf(";base64,", any) + 8 : 0;
        if (isData ? from < 8 : !image || value.StartsWith("http://", any) || value.StartsWith("https://", any))
            return JsonValue.Create(text);
        var digits = string.Concat(value[from..].Where(c => !char.IsWhiteSpace(c))).TrimEnd('=').Replace('-', '+').Replace('_', '/');
        if (digits.Length == 0)
            return JsonValue.Create(text);
        Parts.Add(Convert.FromBase64String(digits.PadRight((digits.Length + 3) / 4 * 4, '=')));
        return JsonValue.Create($"part:{Parts.Count - 1}");
    }
}

file static class RandomJson
{
    private static readonly string[] Names = ["b64_json", "b64\\u005fjson", "images", "bild", "a", "data", "\\\"", "é", ""];
    private static readonly string[] Texts = ["", "data:", "data:image/png,x", "https://x", "part:0", "\\\\", "\\\"", "\\ud83d\\udc08", "[{", "é🐈", "data:imag\\u0065/x"];

    public static string Document(Random r) => Space(r) + Value(r, 0, false, r.Next(2) + 1) + Space(r);

    private static string Value(Random r, int depth, bool image, int kind) => kind switch
    {
        1 => "{" + string.Join(',', Enumerable.Range(0, r.Next(5)).Select(i => Property(r, depth, i))) + Space(r) + "}",
        2 => "[" + string.Join(',', Enumerable.Range(0, r.Next(4)).Select(_ => Space(r) + Value(r, depth + 1, image, Kind(r, depth)))) + "]",
        3 => (string[])["null", "true", "false", "0", "-1.25e+3", "17"] is var literals ? literals[r.Next(6)] : "",
        4 when !image => $"\"{Texts[r.Next(Texts.Length)]}\"",
        4 => "\"https://x/y.png\"",
        5 when !image => $"\"data:image/png;base64,{Base64(r)}\"",
        5 => $"\"data:x;base64,{Base64(r)}\"",
        _ => $"\"{(image ? Base64(r) : "plain")}\"",
    };

    private static int Kind(Random r, int depth) => depth > 4 ? r.Next(3, 7) : r.Next(1, 7);

    private static string Property(Random r, int depth, int i)
    {
        var name = Names[r.Next(Names.Length)];
        var image = name is "b64_json" or "b64\\u005fjson" or "images" or "bild";
        // The plain decoder's JsonObject minds equal names; a field of ours may come once only.
        return $"{Space(r)}\"{(image && i == 0 ? name : $"{name}{i}")}\"{Space(r)}:{Space(r)}{Value(r, depth + 1, image && i == 0, Kind(r, depth))}";
    }

    private static string Base64(Random r)
    {
        var bytes = new byte[r.Next(1, 60)];
        r.NextBytes(bytes);
        var text = Convert.ToBase64String(bytes);
        if (r.Next(3) == 0)
            text = text.TrimEnd('=');
        if (r.Next(3) == 0)
            text = text.Replace('+', '-').Replace('/', '_');
        return string.Concat(text.Select(c => r.Next(12) switch { 0 => $"\\u{(int)c:x4}", 1 => $"{c}\\n", 2 when c == '/' => "\\/", 3 => $"{c} ", _ => c.ToString() }));
    }

    private static string Space(Random r) => r.Next(4) == 0 ? " \n" : "";
}
