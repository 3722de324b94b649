using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.Replicate;

/// <summary>An uploaded file.</summary>
internal sealed record ReplicateFile(
    string Id, string Name, string ContentType, byte[] Bytes, JsonObject Metadata, DateTimeOffset Created, DateTimeOffset Expires);

/// <summary>The Files API's store.</summary>
internal sealed class ReplicateFiles
{
    private readonly ConcurrentDictionary<string, ReplicateFile> _files = new();

    public IEnumerable<ReplicateFile> All => _files.Values.Where(IsAlive).OrderByDescending(file => file.Created);

    public ReplicateFile? Find(string id) => _files.GetValueOrDefault(id) is { } file && IsAlive(file) ? file : null;

    public bool Remove(string id) => _files.TryRemove(id, out _);

    public void Clear() => _files.Clear();

    public static async Task<ReplicateFile> ReceiveAsync(Exchange exchange, double lifetimeSeconds, long mostBytes)
    {
        if (await MultipartForm.ReadAsync(exchange) is not { } parts)
        {
            throw MultipartForm.Is(exchange.Http.Request)
                ? Bad("The form could not be read")
                : new RefusedException(ReplicateErrors.Problem(415, "Unsupported media type", "Expected multipart/form-data."));
        }

        if (parts.FirstOrDefault(part => part.Name is not ("content" or "metadata" or "filename" or "type")) is { } other)
            throw Bad($"Unexpected part: {other.Name}");
        if (parts.GroupBy(part => part.Name).FirstOrDefault(group => group.Count() > 1) is { } several)
            throw Bad($"There is more than one {several.Key}");
        FormPart? Part(string name) => parts.FirstOrDefault(part => part.Name == name);
        FormPart content = Part("content") ?? throw Bad("content is required");
        string? fileName = Part("filename")?.Text ?? content.FileName;
        if (string.IsNullOrEmpty(fileName) || Encoding.UTF8.GetByteCount(fileName) > 255)
            throw Bad("filename is required and must not be longer than 255 bytes");
        JsonObject metadata = ReadMetadata(Part("metadata"));
        if (content.Bytes.Length > mostBytes)
            throw new RefusedException(ReplicateErrors.For(413, null));
        DateTimeOffset now = DateTimeOffset.UtcNow;
        return new ReplicateFile(
            RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", 48),
            fileName,
            Part("type")?.Text ?? content.ContentType ?? "application/octet-stream",
            content.Bytes,
            metadata,
            now,
            now.AddSeconds(lifetimeSeconds));
    }

    public void Add(ReplicateFile file) => _files[file.Id] = file;

    private static JsonObject ReadMetadata(FormPart? part)
    {
        try
        {
            return part is null ? [] : JsonNode.Parse(part.Bytes) as JsonObject ?? throw Bad("metadata must be a JSON object");
        }
        catch (JsonException)
        {
            throw Bad("metadata must be a JSON object");
        }
    }

    private static bool IsAlive(ReplicateFile file) => DateTimeOffset.UtcNow < file.Expires;

    private static RefusedException Bad(string message) => ReplicateErrors.Invalid(message, "Invalid file");
}
