using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using PSImageGen.FakeProviders.Log;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.Replicate;

/// <summary>An uploaded file.</summary>
internal sealed record ReplicateFile(string Id, string Name, string ContentType, byte[] Bytes, JsonObject Metadata, DateTimeOffset Created, DateTimeOffset Expires);

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
        byte[] body = await exchange.ReadBodyAsync();
        MediaTypeHeaderValue? type = MediaTypeHeaderValue.TryParse(exchange.Http.Request.ContentType, out MediaTypeHeaderValue? parsed) ? parsed : null;
        if (type?.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase) != true
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 } boundary)
        {
            throw new RefusedException(ReplicateErrors.Problem(415, "Unsupported media type", "Expected multipart/form-data."));
        }

        RequestFile? content = null;
        JsonObject metadata = [];
        string? fileName = null, contentType = null;
        var reader = new MultipartReader(boundary, new MemoryStream(body)) { BodyLengthLimit = null };
        try
        {
            while (await reader.ReadNextSectionAsync(exchange.Aborted) is { } section)
            {
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out ContentDispositionHeaderValue? disposition))
                    throw Bad("A part has no content disposition");
                using var buffer = new MemoryStream();
                await section.Body.CopyToAsync(buffer, exchange.Aborted);
                byte[] bytes = buffer.ToArray();
                string? star = disposition.FileNameStar.HasValue ? disposition.FileNameStar.Value : null;
                switch (HeaderUtilities.RemoveQuotes(disposition.Name).Value)
                {
                    case "content" when content is null:
                        content = new RequestFile("content", star ?? HeaderUtilities.RemoveQuotes(disposition.FileName).Value, section.ContentType, bytes);
                        break;
                    case "metadata":
                        metadata = JsonNode.Parse(bytes) as JsonObject ?? throw Bad("metadata must be a JSON object");
                        break;
                    case "filename":
                        fileName = Encoding.UTF8.GetString(bytes);
                        break;
                    case "type":
                        contentType = Encoding.UTF8.GetString(bytes);
                        break;
                    case var other:
                        throw Bad($"Unexpected part: {other}");
                }
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or JsonException)
        {
            throw Bad("The form could not be read");
        }

        fileName ??= content?.FileName;
        if (content is null)
            throw Bad("content is required");
        if (string.IsNullOrEmpty(fileName) || Encoding.UTF8.GetByteCount(fileName) > 255)
            throw Bad("filename is required and must not be longer than 255 bytes");
        exchange.Record.AddFile(content);
        exchange.Record.Body = new JsonObject { ["files"] = new JsonArray(fileName), ["metadata"] = metadata.DeepClone() };
        if (content.Length > mostBytes)
            throw new RefusedException(ReplicateErrors.For(413, null));
        DateTimeOffset now = DateTimeOffset.UtcNow;
        return new ReplicateFile(
            RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", 48),
            fileName,
            contentType ?? content.ContentType ?? "application/octet-stream",
            content.Bytes,
            metadata,
            now,
            now.AddSeconds(lifetimeSeconds));
    }

    public void Add(ReplicateFile file) => _files[file.Id] = file;

    private static bool IsAlive(ReplicateFile file) => DateTimeOffset.UtcNow < file.Expires;

    private static RefusedException Bad(string message) => ReplicateErrors.Invalid(message, "Invalid file");
}
