using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using PSImageGen.FakeProviders.Faults;

namespace PSImageGen.FakeProviders.Log;

/// <summary>A file that came with a request, as a part or as base64.</summary>
public sealed record RequestFile(string Field, string? FileName, string? ContentType, [property: JsonIgnore] byte[] Bytes)
{
    /// <summary>Size in bytes.</summary>
    public int Length => Bytes.Length;
}

/// <summary>One request and what became of it. Key values are never kept.</summary>
public sealed class RequestRecord
{
    private readonly List<RequestFile> _files = [];

    /// <summary>When it came.</summary>
    public DateTimeOffset Time { get; } = DateTimeOffset.UtcNow;

    /// <summary>The vendor whose path it is; null for nobody's.</summary>
    public string? Vendor { get; internal set; }

    /// <summary>The stage, once it is known.</summary>
    public FaultStage? Stage { get; internal set; }

    /// <summary>The HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>Path and query.</summary>
    public required string Path { get; init; }

    /// <summary>The Host header.</summary>
    public string? Host { get; init; }

    /// <summary>Names of the headers.</summary>
    public required IReadOnlyList<string> Headers { get; init; }

    /// <summary>Values of the headers which hold no secret.</summary>
    public required IReadOnlyDictionary<string, string> HeaderValues { get; init; }

    /// <summary>Whether the vendor's key header was there.</summary>
    public bool KeyPresent { get; internal set; }

    /// <summary>Whether it held the accepted key.</summary>
    public bool KeyOk { get; internal set; }

    /// <summary>The body as JSON, long strings shortened; a multipart body as <c>{fields, files}</c>.</summary>
    public JsonNode? Body { get; internal set; }

    /// <summary>Pictures that came with it, whole.</summary>
    public IReadOnlyList<RequestFile> Files => _files;

    /// <summary>The status answered; 0 while in flight and when nothing was answered.</summary>
    public int Status { get; internal set; }

    /// <summary><c>in flight</c>, <c>hanging</c>, <c>answered</c>, <c>dropped</c> or <c>client gone</c>.</summary>
    public string Outcome { get; internal set; } = "in flight";

    /// <summary>Whether it was charged.</summary>
    public bool Billed { get; internal set; }

    /// <summary>How many pictures were charged.</summary>
    public int BilledImages { get; internal set; }

    /// <summary>The fault that struck it.</summary>
    public FaultKind? Fault { get; internal set; }

    internal void AddFile(RequestFile file) => _files.Add(file);
}

/// <summary>Something a well-behaved client never does.</summary>
public sealed record Violation(string Vendor, string Method, string Path, string What)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Vendor}: {What} ({Method} {Path})";
}

/// <summary>A vendor's books at one moment.</summary>
/// <param name="Submits">POSTs that reached a submit endpoint, refused ones included.</param>
/// <param name="BilledSubmits">Those that were charged.</param>
/// <param name="BilledImages">Pictures charged.</param>
/// <param name="Polls">Questions about a task.</param>
/// <param name="Downloads">Fetches of a picture.</param>
/// <param name="Uploads">Uploads ahead of a submit.</param>
/// <param name="Queries">Other free requests.</param>
/// <param name="Streams">Streams opened to follow a task.</param>
/// <param name="Results">Fetches of a task's result.</param>
/// <param name="Cancels">Wishes that a task be given up.</param>
public sealed record VendorCounts(
    int Submits,
    int BilledSubmits,
    int BilledImages,
    int Polls,
    int Downloads,
    int Uploads,
    int Queries,
    int Streams,
    int Results,
    int Cancels);
