using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.Core.Wire;
using Xunit;

namespace PSImageGen.Core.Tests.Wire;

public sealed class RequestBodyTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("wire-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task A_document_carries_pictures_where_the_provider_put_them()
    {
        var (a, b) = (NewFile(10), NewFile(11, "image/webp"));
        var body = new RequestBody.Json(new JsonObject
        {
            ["model"] = "gpt-image-2",
            ["prompt"] = "a <cat> & \"é\" 猫\n",
            ["n"] = 2,
            ["none"] = null,
            ["images"] = new JsonArray(new JsonObject { ["image_url"] = InlineImage.DataUrl(0) }, InlineImage.Base64(1), InlineImage.Base64(0)),
            ["parsed"] = JsonNode.Parse("""{"x":[1.50,"\u003cé\u003e",true]}"""),
        });

        var (bytes, headers) = await Send(body, a, b);

        Assert.Equal(
            $$$"""{"model":"gpt-image-2","prompt":"a <cat> & \"é\" 猫\n","n":2,"none":null,"images":[{"image_url":"data:image/png;base64,{{{Base64(a)}}}"},"{{{Base64(b)}}}","{{{Base64(a)}}}"],"parsed":{"x":[1.50,"<é>",true]}}""",
            Encoding.UTF8.GetString(bytes));
        Assert.Equal("application/json", headers.ContentType!.ToString());
        Assert.Equal(bytes.Length, headers.ContentLength);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(49151)]
    [InlineData(49152)]
    [InlineData(49153)]
    [InlineData(200_000)]
    public async Task Base64_and_its_length_are_right_for_every_size_of_file(int size)
    {
        var file = NewFile(size);
        var (bytes, headers) = await Send(new RequestBody.Json(InlineImage.Base64(0)), file);
        Assert.Equal($"\"{Base64(file)}\"", Encoding.ASCII.GetString(bytes));
        Assert.Equal(bytes.Length, headers.ContentLength);
    }

    [Fact]
    public void Nothing_a_user_writes_is_taken_for_a_picture_and_a_picture_is_never_written_as_something_else()
    {
        var image = InlineImage.Base64(0);
        Assert.Throws<NotSupportedException>(image.DeepClone);
        Assert.Throws<NotSupportedException>(() => image.ToJsonString());
        Assert.Equal("Json", new RequestBody.Json(image).ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => new RequestBody.Json(new JsonObject { ["image"] = image }).ToContent([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RequestBody.Multipart(BodyPart.File("image", -1)).ToContent([]));
    }

    [Fact]
    public async Task A_form_is_what_strict_servers_read()
    {
        var (a, b) = (NewFile(5), NewFile(7, "image/webp", "we\"ird\r\n猫.webp"));
        var (bytes, headers) = await Send(
            new RequestBody.Multipart(
                BodyPart.Text("model", "gpt-image-2"),
                BodyPart.Text("user", null),
                BodyPart.File("image[]", 0),
                BodyPart.File("image[]", 1),
                BodyPart.Text("prompt", "猫\n")),
            a, b);

        var type = headers.ContentType!.ToString();
        Assert.Matches("^multipart/form-data; boundary=[0-9A-Za-z]{30,70}$", type);
        var boundary = type[(type.IndexOf('=') + 1)..];
        var expected = Join(
            $"--{boundary}\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\ngpt-image-2\r\n",
            $"--{boundary}\r\nContent-Disposition: form-data; name=\"image[]\"; filename=\"{a.FileName}\"\r\nContent-Type: image/png\r\n\r\n", a, "\r\n",
            $"--{boundary}\r\nContent-Disposition: form-data; name=\"image[]\"; filename=\"we%22ird%0D%0A猫.webp\"\r\nContent-Type: image/webp\r\n\r\n", b, "\r\n",
            $"--{boundary}\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\n猫\n\r\n--{boundary}--\r\n");
        Assert.Equal(expected, bytes);
        Assert.Equal(bytes.Length, headers.ContentLength);
    }

    [Fact]
    public async Task A_file_alone_goes_under_its_own_type_and_no_body_is_none()
    {
        var file = NewFile(100, "image/jpeg");
        var (bytes, headers) = await Send(new RequestBody.File(0), file);
        Assert.Equal(File.ReadAllBytes(file.Path), bytes);
        Assert.Equal("image/jpeg", headers.ContentType!.ToString());
        Assert.Null(new RequestBody.None().ToContent([]));
    }

    [Fact]
    public async Task A_large_file_goes_out_in_small_pieces()
    {
        const long size = 64L << 20;
        var file = NewFile(0) with { Length = size };
        using (var sparse = File.OpenWrite(file.Path))
            sparse.SetLength(size);
        using var content = new RequestBody.Json(new JsonArray(InlineImage.Base64(0), InlineImage.DataUrl(0))).ToContent([file])!;
        var sink = new MeasuringStream();
        await content.CopyToAsync(sink);
        Assert.Equal(content.Headers.ContentLength, sink.Written);
        Assert.InRange(sink.LargestWrite, 1, 64 * 1024);
    }

    [Fact]
    public async Task A_file_gone_or_changed_fails_before_anything_is_sent_and_one_cut_meanwhile_while_sending()
    {
        var file = NewFile(1000);
        var body = new RequestBody.Multipart(BodyPart.File("image", 0));
        Assert.Throws<FileNotFoundException>(() => body.ToContent([file with { Path = file.Path + ".gone" }]));
        Assert.Throws<IOException>(() => body.ToContent([file with { Length = 999 }]));
        Assert.Throws<IOException>(() => body.ToContent([file with { Length = 1001 }]));
        if (OperatingSystem.IsWindows())
            return; // the open content keeps the file from being cut there
        using var content = body.ToContent([file])!;
        using (var cut = new FileStream(file.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            cut.SetLength(10);
        await Assert.ThrowsAnyAsync<Exception>(() => content.CopyToAsync(Stream.Null));
    }

    [Fact]
    public async Task A_body_that_never_left_is_not_started()
    {
        int refused;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            refused = ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        var (content, error) = await Post($"http://127.0.0.1:{refused}/", new StringContent("x"));
        Assert.False(content.Started);
        Assert.Equal(HttpRequestError.ConnectionError, Assert.IsType<HttpRequestException>(error).HttpRequestError);

        await using var noTls = new RawServer("HTTP/1.1 400 Bad Request\r\n\r\n");
        (content, error) = await Post($"https://127.0.0.1:{noTls.Port}/", new StringContent("x"));
        Assert.False(content.Started);
        Assert.Equal(HttpRequestError.SecureConnectionError, Assert.IsType<HttpRequestException>(error).HttpRequestError);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_post_whose_connection_ends_without_an_answer_is_started_and_arrives_once(bool hasBody)
    {
        await using var server = new RawServer(null, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        var (content, error) = await Post($"http://127.0.0.1:{server.Port}/", hasBody ? new StringContent("x") : null);
        Assert.True(content.Started);
        Assert.IsType<HttpRequestException>(error);
        Assert.Single(server.Texts);
    }

    [Fact]
    public async Task A_post_is_not_replayed_along_a_redirect_and_keeps_the_headers_of_its_content()
    {
        await using var server = new RawServer(
            "HTTP/1.1 307 T\r\nLocation: /2\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        var (content, error) = await Post($"http://127.0.0.1:{server.Port}/", new RequestBody.Json(new JsonObject { ["a"] = 1 }).ToContent([]));
        Assert.True(content.Started);
        Assert.IsType<HttpRequestException>(error);
        Assert.Contains("Content-Type: application/json\r\n", server.Texts[0], StringComparison.Ordinal);
        Assert.Contains("Content-Length: 7\r\n", server.Texts[0], StringComparison.Ordinal);
        Assert.Single(server.Texts, text => text.EndsWith("{\"a\":1}", StringComparison.Ordinal));
    }

    private static async Task<(TrackedContent Content, Exception? Error)> Post(string url, HttpContent? inner)
    {
        using var client = new HttpClient(new SocketsHttpHandler());
        var content = new TrackedContent(inner);
        var error = await Record.ExceptionAsync(async () => (await client.PostAsync(new Uri(url), content)).Dispose());
        return (content, error);
    }

    private static async Task<(byte[] Body, HttpContentHeaders Headers)> Send(RequestBody body, params InputFile[] files)
    {
        using var content = body.ToContent(files)!;
        var bytes = await content.ReadAsByteArrayAsync();
        using var tracked = new TrackedContent(body.ToContent(files));
        Assert.Equal(bytes.Length, tracked.Headers.ContentLength);
        Assert.Equal(bytes.Length, (await tracked.ReadAsByteArrayAsync()).Length);
        return (bytes, content.Headers);
    }

    private InputFile NewFile(int size, string type = "image/png", string? name = null)
    {
        var path = Path.Combine(_directory.FullName, Guid.NewGuid().ToString("N"));
        File.WriteAllBytes(path, RandomNumberGenerator.GetBytes(size));
        return new InputFile(path, type, size, name ?? string.Create(CultureInfo.InvariantCulture, $"image-{size}.png"));
    }

    private static string Base64(InputFile file) => Convert.ToBase64String(File.ReadAllBytes(file.Path));

    private static byte[] Join(params object[] pieces) =>
        [.. pieces.SelectMany(piece => piece is InputFile file ? File.ReadAllBytes(file.Path) : Encoding.UTF8.GetBytes((string)piece))];
}

file sealed class MeasuringStream : MemoryStream
{
    public int LargestWrite { get; private set; }
    public long Written { get; private set; }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Written += buffer.Length;
        LargestWrite = Math.Max(LargestWrite, buffer.Length);
        return default;
    }
}

/// <summary>Answers the n-th connection with the n-th text, or closes it where that is null.</summary>
file sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _serving;

    public RawServer(params string?[] answers)
    {
        _listener.Start();
        _serving = Serve(answers);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;
    public List<string> Texts { get; } = [];

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _serving;
    }

    private async Task Serve(string?[] answers)
    {
        try
        {
            foreach (var answer in answers)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await using var stream = client.GetStream();
                var buffer = new byte[4096];
                var text = "";
                int read;
                // A TLS hello is answered as it is; a request when it is there in full.
                do
                {
                    read = await stream.ReadAsync(buffer);
                    text += Encoding.UTF8.GetString(buffer, 0, read);
                }
                while (read > 0 && text.StartsWith("POST", StringComparison.Ordinal) && !IsWhole(text));
                Texts.Add(text);
                if (answer is not null)
                    await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException or OperationCanceledException)
        {
        }
    }

    private static bool IsWhole(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        var length = text.IndexOf("Content-Length: ", StringComparison.Ordinal) + 16;
        return end >= 4 && text.Length - end >= int.Parse(text.AsSpan(length, text.IndexOf('\r', length) - length), CultureInfo.InvariantCulture);
    }
}
