using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace PSImageGen.FakeProviders.Vendors.Fal;

/// <summary>A place for an upload; empty until the bytes have come.</summary>
internal sealed record FalFile(string Token, string Signature, string Name, string ContentType, DateTimeOffset Expires)
{
    public byte[]? Bytes { get; set; }
}

/// <summary>The CDN's store of uploads.</summary>
internal sealed class FalFiles
{
    private readonly ConcurrentDictionary<string, FalFile> _files = new();

    public FalFile Add(string name, string contentType, double lifetimeSeconds)
    {
        var file = new FalFile(Token(), Token(), name, contentType, DateTimeOffset.UtcNow.AddSeconds(lifetimeSeconds));
        _files[file.Token] = file;
        return file;
    }

    public FalFile? Find(string token) => _files.GetValueOrDefault(token) is { } file && DateTimeOffset.UtcNow < file.Expires ? file : null;

    public void Clear() => _files.Clear();

    private static string Token() => RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-", 21);
}
