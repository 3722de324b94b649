using System.Net;
using System.Net.Sockets;
using System.Text;
using PSImageGen.Core.OpenApi;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Tests.OpenApi;

/// <summary>Documents that nobody would write in good faith end in a clear error, and nothing is fetched because of what stands in them.</summary>
public class HostileDocumentTests
{
    private static readonly string Bomb = "openapi: 3.0.0\npaths: {}\nx-0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
        + string.Concat(Enumerable.Range(1, 9).Select(i => $"x-{i}: &a{i} [{string.Join(",", Enumerable.Repeat($"*a{i - 1}", 10))}]\n"));

    public static TheoryData<string, string> Unreadable() => new()
    {
        { "", "is no OpenAPI document" },
        { "<html></html>", "is no OpenAPI document" },
        { "[]", "is no OpenAPI document" },
        { "{", "neither JSON nor YAML" },
        { "a: [b", "neither JSON nor YAML" },
        { "{\"openapi\":\"3.0.0\",\"paths\":{\"/a\":{},\"/a\":{}}}", "neither JSON nor YAML" },
        { "{\"swagger\":\"2.0\"}", "written in version 2.0" },
        { "{\"openapi\":\"4.0.0\"}", "written in version 4.0.0" },
        { "{\"openapi\":\"3.0.0\",\"x\":" + new string('[', 100_000) + new string(']', 100_000) + "}", "neither JSON nor YAML" },
        { "openapi: 3.0.0\nx: " + new string('[', 100_000) + new string(']', 100_000), "nests deeper" },
        { "openapi: 3.0.0\nx: " + string.Concat(Enumerable.Repeat("- ", 5_000)), "neither JSON nor YAML" },
        { Bomb, "aliases stand for too much" },
        { "openapi: 3.0.0\nx-0: &a0 [x]\n" + string.Concat(Enumerable.Range(1, 1000).Select(i => $"x-{i}: &a{i} [*a{i - 1}]\n")), "nests deeper" },
        { "openapi: 3.0.0\nx: *nobody", "no anchor" },
        { "openapi: 3.0.0\nx: &a [*a]", "no anchor" },
        { "openapi: 3.0.0\n? [a, b]\n: c", "a key is no text" },
        { "{\"openapi\":\"3.0.0\",\"paths\":{\"//evil.example/x\":{\"post\":{}}}}", "none below its server" },
        { "{\"openapi\":\"3.0.0\",\"paths\":{\"https://evil.example/x\":{\"post\":{}}}}", "none below its server" },
        { "{\"openapi\":\"3.0.0\",\"paths\":{\"/a/../../x\":{\"post\":{}}}}", "none below its server" },
        { "{\"openapi\":\"3.0.0\",\"paths\":{\"/a\":{\"$ref\":\"https://evil.example/x.json\"}}}", "refers to another document" },
    };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public void What_is_no_document_is_said_to_be_none(string text, string said)
    {
        AIImageException e = Assert.Throws<AIImageException>(() => ApiDocument.Read(Encoding.UTF8.GetBytes(text), "bad.json"));

        Assert.Equal(ImageErrorId.InvalidRequest, e.Error.Id);
        Assert.Contains(said, e.Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"$ref":"#/components/schemas/A"}""", "goes round in a circle")]
    [InlineData("""{"$ref":"https://evil.example/x.json#/A"}""", "refers to another document")]
    [InlineData("""{"$ref":"file:///etc/passwd"}""", "refers to another document")]
    [InlineData("""{"$ref":"other.json"}""", "refers to another document")]
    [InlineData("""{"$ref":"#/components/schemas/Nobody"}""", "which is not in it")]
    [InlineData("""{"$ref":"#/components/schemas/Wide0"}""", "refers to too much")]
    public void A_schema_that_leads_nowhere_is_told_where_it_is_used(string schema, string said)
    {
        // Each has the next ten times: ten to the twelfth in all.
        string wide = string.Join(',', Enumerable.Range(0, 12).Select(i =>
            "\"WideI\":{\"type\":\"object\",\"properties\":{PROPERTIES}}".Replace("WideI", $"Wide{i}", StringComparison.Ordinal)
                .Replace("PROPERTIES", string.Join(',', Enumerable.Range(0, 10).Select(p => "\"pN\":{\"$ref\":\"#/components/schemas/WideN\"}".Replace("pN", $"p{p}", StringComparison.Ordinal).Replace("WideN", $"Wide{i + 1}", StringComparison.Ordinal))), StringComparison.Ordinal)));
        string text = """{"openapi":"3.1.0","paths":{"/images":{"post":{"requestBody":{"content":{"application/json":{"schema":SCHEMA}}}}}},"components":{"schemas":{"A":{"$ref":"#/components/schemas/B"},"B":{"$ref":"#/components/schemas/A"},WIDE,"Wide12":{}}}}"""
            .Replace("SCHEMA", schema, StringComparison.Ordinal).Replace("WIDE", wide, StringComparison.Ordinal);
        EndpointList list = new(new ApiDocuments(ApiDocument.Read(Encoding.UTF8.GetBytes(text), "bad.json")));

        foreach (AIImageException e in new[] { Assert.Throws<AIImageException>(() => list.Detail("/images")), Assert.Throws<AIImageException>(() => list.Images()) })
        {
            Assert.Equal(ImageErrorId.InvalidRequest, e.Error.Id);
            Assert.Contains(said, e.Error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Choices_of_choices_of_choices_come_to_an_end()
    {
        string Choice(int depth) => depth == 0 ? "{\"type\":\"object\",\"required\":[\"gone\"]}" : $"{{\"anyOf\":[{string.Join(',', Enumerable.Repeat(Choice(depth - 1), 6))}]}}";
        string text = """{"openapi":"3.1.0","paths":{"/images":{"post":{"requestBody":{"content":{"application/json":{"schema":{"allOf":[ONE,ONE,{"type":"object","properties":{"prompt":{"type":"string"}}}]}}}}}}}}""".Replace("ONE", Choice(4), StringComparison.Ordinal);

        EndpointInfo info = new EndpointList(new ApiDocuments(ApiDocument.Read(Encoding.UTF8.GetBytes(text), "choices.json"))).Detail("/images");

        Assert.Equal("prompt", info.Fields[0].Name);
    }

    [Fact]
    public void A_tree_is_no_circle()
    {
        ApiDocument document = ApiDocument.Read("""{"openapi":"3.0.0","paths":{"/images":{"post":{"requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Node"}}}}}}},"components":{"schemas":{"Node":{"type":"object","required":["prompt"],"properties":{"prompt":{"type":"string"},"children":{"type":"array","items":{"$ref":"#/components/schemas/Node"}}}}}}}"""u8.ToArray(), "tree.json");

        EndpointInfo info = new EndpointList(new ApiDocuments(document)).Detail("/images");

        Assert.Equal(["string", "array<Node>"], info.Fields.Select(f => f.Type));
    }

    [Fact]
    public async Task More_than_anybody_writes_is_not_read()
    {
        using TemporaryFile file = new();
        await using (FileStream stream = new(file.Path, FileMode.Create))
            stream.SetLength(50 << 20);
        using Transport transport = new();

        AIImageException e = await Assert.ThrowsAsync<AIImageException>(() => ApiSource.ReadAsync([file.Path], transport, CancellationToken.None));

        Assert.Contains("larger than 16 MB", e.Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file:///etc/passwd", ImageErrorId.InvalidRequest)]
    [InlineData("ftp://example.com/x.json", ImageErrorId.InvalidRequest)]
    [InlineData("https://user:secret@example.com/x.json", ImageErrorId.InvalidRequest)]
    [InlineData("/nowhere/x.json", ImageErrorId.InvalidRequest)]
    public async Task Only_files_and_plain_links_are_read(string place, ImageErrorId id)
    {
        using Transport transport = new();

        AIImageException e = await Assert.ThrowsAsync<AIImageException>(() => ApiSource.ReadAsync([place], transport, CancellationToken.None));

        Assert.Equal(id, e.Error.Id);
    }

    [Theory]
    [InlineData("/whole", null)]
    [InlineData("/moved", null)]
    [InlineData("/elsewhere", "which was not named")]
    [InlineData("/round", "which was not named")]
    [InlineData("/missing", "answered 404")]
    [InlineData("/large", "larger than 16 MB")]
    [InlineData("/endless", "larger than 16 MB")]
    public async Task A_link_is_fetched_once_without_a_key_and_followed_at_home_only(string path, string? said)
    {
        using TinyServer server = new();
        using Transport transport = new();

        Task<ApiDocuments> read = ApiSource.ReadAsync([server.Address + path], transport, CancellationToken.None);
        if (said is null)
        {
            Assert.Single((await read).Endpoints);
        }
        else
        {
            AIImageException e = await Assert.ThrowsAsync<AIImageException>(() => read);
            Assert.Contains(said, e.Error.Message, StringComparison.Ordinal);
        }

        Assert.All(server.Requests, r => Assert.DoesNotContain("Authorization", r, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(server.Requests, r => r.StartsWith("GET /never", StringComparison.Ordinal));
    }

    private sealed class TemporaryFile : IDisposable
    {
        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }

    /// <summary>Answers a few paths, each on a connection of its own, and remembers what it was asked.</summary>
    private sealed class TinyServer : IDisposable
    {
        private const string Document = """{"openapi":"3.0.0","servers":[{"url":"http://127.0.0.1:1/never"}],"paths":{"/x":{"post":{}}}}""";

        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public TinyServer()
        {
            _listener.Start();
            _ = AnswerAsync();
        }

        public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

        public System.Collections.Concurrent.ConcurrentQueue<string> Requests { get; } = new();

        public void Dispose() => _listener.Dispose();

        private async Task AnswerAsync()
        {
            try
            {
                while (true)
                {
                    using TcpClient client = await _listener.AcceptTcpClientAsync();
                    NetworkStream stream = client.GetStream();
                    using StreamReader reader = new(stream, leaveOpen: true);
                    StringBuilder head = new();
                    while (await reader.ReadLineAsync() is { Length: > 0 } line)
                        head.AppendLine(line);
                    Requests.Enqueue(head.ToString());
                    string path = head.ToString().Split(' ')[1];
                    string answer = path switch
                    {
                        "/whole" => $"HTTP/1.1 200 OK\r\nContent-Length: {Document.Length}\r\nConnection: close\r\n\r\n{Document}",
                        "/moved" => "HTTP/1.1 302 Found\r\nLocation: /whole\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                        "/elsewhere" => $"HTTP/1.1 302 Found\r\nLocation: http://localhost:{new Uri(Address).Port}/never\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                        "/round" => "HTTP/1.1 302 Found\r\nLocation: /round\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                        "/large" => "HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\nConnection: close\r\n\r\n{",
                        "/endless" => "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
                        _ => "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                    };
                    try
                    {
                        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
                        for (int i = 0; path == "/endless" && i < 400; i++)
                            await stream.WriteAsync(new byte[64 << 10]);
                    }
                    catch (IOException)
                    {
                        // The reader has had enough.
                    }
                }
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException or IOException)
            {
                // The test is over.
            }
        }
    }
}
