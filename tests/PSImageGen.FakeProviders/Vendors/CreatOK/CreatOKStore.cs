using System.Collections.Concurrent;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.FakeProviders.Images;
using PSImageGen.FakeProviders.Log;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.CreatOK;

/// <summary>The object store for reference pictures, which another company runs: it knows of signed links and of no key.</summary>
internal sealed class CreatOKStore
{
    public const string Path = "/creatok-store";

    private const string Prefix = "open-skills/reference-images";
    private const int LargestFile = 10 * 1024 * 1024;

    private static readonly string[] Types = ["image/jpeg", "image/png", "image/webp", "image/gif"];

    private readonly ConcurrentDictionary<string, Upload> _uploads = new();
    private readonly SignedLinks _links = new();

    /// <summary>How long an upload may begin.</summary>
    public double LinkLifetimeSeconds { get; set; } = 900;

    public void Forget() => _uploads.Clear();

    /// <summary>Announces an upload and gives its link and key.</summary>
    public (string Url, string ObjectKey) Announce(CreatOKBody body, CreatOKAnswers answers, string origin, Action<string> meetFault)
    {
        string name = body.Text("fileName"), type = body.Text("fileType");
        int size = body.Integer("fileSize");
        if (name.IndexOfAny(['/', '\\']) >= 0)
            throw answers.Invalid("fileName must be a base name.");
        if (!Types.Contains(type))
            throw answers.Invalid($"fileType must be one of {string.Join(", ", Types)}.");
        if (size is < 1 or > LargestFile)
            throw answers.Invalid("fileSize must be 1 byte to 10 MB.");
        if (body.Text("prefix") != Prefix)
            throw answers.Invalid($"prefix must be {Prefix}.");
        meetFault("presign " + name);
        string key = $"{Prefix}/{Guid.NewGuid():N}{System.IO.Path.GetExtension(name)}";
        _uploads[key] = new Upload(type, size);
        return (_links.Make(origin, $"{Path}/{key}", LinkLifetimeSeconds), key);
    }

    public async Task<Answer> PutAsync(Exchange exchange, RequestLog log)
    {
        HttpRequest request = exchange.Http.Request;
        byte[] bytes = await exchange.ReadBodyAsync();
        string key = (string)request.RouteValues["key"]!;
        exchange.Record.AddFile(new RequestFile(key, null, request.ContentType, bytes));
        if (request.Headers.ContainsKey("Authorization"))
        {
            log.AddViolation("CreatOK", exchange.Record, "an upload to a signed link carried an Authorization header");
            throw Refused(400, "InvalidArgument", "Only one auth mechanism allowed.");
        }

        if (!_uploads.TryGetValue(key, out Upload? upload) || !_links.IsAlive(request))
            throw Refused(403, "AccessDenied", "Request has expired.");
        if (request.ContentLength is null)
            throw Refused(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
        if (request.ContentType != upload.Type)
            throw Refused(403, "SignatureDoesNotMatch", $"The content type must be {upload.Type} as announced.");
        if (bytes.Length != upload.Size)
            throw Refused(403, "SignatureDoesNotMatch", $"The size must be {upload.Size} bytes as announced.");
        exchange.MeetFault("put " + key);
        upload.Bytes = bytes;
        return new Answer { Headers = { ["ETag"] = $"\"{Guid.NewGuid():N}\"" } };
    }

    /// <summary>Why a picture cannot be used; null when it can.</summary>
    public string? Problem(string objectKey)
    {
        if (!_uploads.TryGetValue(objectKey, out Upload? upload) || upload.Bytes is not { } bytes)
            return $"Reference image not found: {objectKey}.";
        string? type = bytes.AsSpan().StartsWith("GIF8"u8) ? "gif" : ImageProbe.Read(bytes)?.Format;
        return "image/" + type == upload.Type ? null : $"Reference image cannot be read: {objectKey}.";
    }

    /// <summary>The store's own error body.</summary>
    public static Answer Error(int status, string code, string message) =>
        Answer.Text($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>", "application/xml", status);

    private static RefusedException Refused(int status, string code, string message) => new(Error(status, code, message));

    private sealed class Upload(string type, int size)
    {
        public string Type { get; } = type;

        public int Size { get; } = size;

        public byte[]? Bytes { get; set; }
    }
}
