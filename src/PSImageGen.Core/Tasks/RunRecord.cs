using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using PSImageGen.Core.Providers;

namespace PSImageGen.Core.Tasks;

/// <summary>A run as it lies on disk (<c>result.json</c>). Immutable: each step makes the next record.</summary>
public sealed record RunRecord
{
    /// <summary>The version of this layout.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>The run's id.</summary>
    public required string RunId { get; init; }

    /// <summary>The batch's id.</summary>
    public string? BatchId { get; init; }

    /// <summary>The position of the input.</summary>
    public int Index { get; init; }

    /// <summary>The mark of what a row of a batch asks for, to know it again; null where no batch was named.</summary>
    public string? Content { get; init; }

    /// <summary>The first task id known.</summary>
    public string? TaskId { get; init; }

    /// <summary>Each submit with its own id and state.</summary>
    public IReadOnlyList<TaskRecord> Tasks { get; init; } = [];

    /// <summary>Where the run stands: what its tasks say together.</summary>
    public ImageTaskStatus Status { get; init; }

    /// <summary>Who makes it.</summary>
    public required string Provider { get; init; }

    /// <summary>With what.</summary>
    public required string Model { get; init; }

    /// <summary>What is done.</summary>
    public ImageOperation Operation { get; init; }

    /// <summary>The prompt as given.</summary>
    public string? Prompt { get; init; }

    /// <summary>The request as given, without secrets.</summary>
    public JsonObject? Request { get; init; }

    /// <summary>The price as shown.</summary>
    public required Quote Quote { get; init; }

    /// <summary>What was paid, as far as the vendor tells.</summary>
    public Cost? Cost { get; init; }

    /// <summary>The folder whose budget it counts for; null where that is the folder of the pictures.</summary>
    public string? Project { get; init; }

    /// <summary>The day whose budget it counts for; null where it counts for none.</summary>
    public DateOnly? BookedOn { get; init; }

    /// <summary>Pictures asked for.</summary>
    public int Requested { get; init; }

    /// <summary>Pictures on disk.</summary>
    public int Delivered { get; init; }

    /// <summary>The pictures. While a task is <c>Downloading</c> a path may not be there yet.</summary>
    public IReadOnlyList<ImageRecord> Images { get; init; } = [];

    /// <summary>The pictures that went in.</summary>
    public IReadOnlyList<ImageParent> Parents { get; init; } = [];

    /// <summary>Why it ended without (all) its pictures.</summary>
    public ImageError? Error { get; init; }

    /// <summary>Where the pictures go: the folder, and the file name without extension.</summary>
    public required Destination Destination { get; init; }

    /// <summary>What the picture files are to remember of all this.</summary>
    public Artifacts.Metadata.MetadataMode Metadata { get; init; }

    /// <summary>When what happened.</summary>
    public Timestamps Timestamps { get; init; } = new();

    /// <summary>The vendor's last answer, image data and secrets removed.</summary>
    public JsonNode? Raw { get; init; }
}

/// <summary>Where pictures go.</summary>
/// <param name="Name">File name without extension.</param>
public sealed record Destination(string Name);

/// <summary>When what happened, in UTC.</summary>
public sealed record Timestamps
{
    /// <summary>Recorded.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>First sent.</summary>
    public DateTimeOffset? Submitted { get; init; }

    /// <summary>Last changed.</summary>
    public DateTimeOffset Updated { get; init; }

    /// <summary>Ended.</summary>
    public DateTimeOffset? Finished { get; init; }
}

/// <summary>One submit.</summary>
public sealed record TaskRecord
{
    /// <summary>The vendor's id; null while none is known.</summary>
    public string? TaskId => Handle?.TaskId;

    /// <summary>How to ask for it again; null while no id is known.</summary>
    public TaskHandle? Handle { get; init; }

    /// <summary>Where it stands.</summary>
    public ImageTaskStatus Status { get; init; }

    /// <summary>The vendor's own word for that.</summary>
    public string? VendorStatus { get; init; }

    /// <summary>Who was asked.</summary>
    public required string Provider { get; init; }

    /// <summary>For what model.</summary>
    public required string Model { get; init; }

    /// <summary>How many pictures it is to bring.</summary>
    public int Count { get; init; }

    /// <summary>The prompt as it was sent, to find the task again by.</summary>
    public string? Prompt { get; init; }

    /// <summary>The seed of its first picture, when one was given.</summary>
    public long? Seed { get; init; }

    /// <summary>The id made here for it, which some vendors take for the task's own.</summary>
    public string? ClientId { get; init; }

    /// <summary>The pixels (<c>2048x2048</c>) or the shape (<c>21:9</c>) to which its pictures are brought here; null to keep them as they come.</summary>
    public string? ExactSize { get; init; }

    /// <summary>How often the order was sent; more than once only after answers that prove nothing was accepted.</summary>
    public int Sends { get; init; }

    /// <summary>The pictures as the vendor announced them.</summary>
    public IReadOnlyList<Picture> Pictures { get; init; } = [];

    /// <summary>Its share of the price as shown; null where that was unknown.</summary>
    public Cost? Estimate { get; init; }

    /// <summary>What it cost.</summary>
    public Cost? Cost { get; init; }

    /// <summary>When it was sent.</summary>
    public DateTimeOffset? Submitted { get; init; }

    /// <summary>Why it ended without its pictures.</summary>
    public ImageError? Error { get; init; }

    /// <summary>Whether it is still to bring something.</summary>
    [JsonIgnore]
    public bool IsOpen => Status is ImageTaskStatus.Planned or ImageTaskStatus.Submitting or ImageTaskStatus.Queued or ImageTaskStatus.Running or ImageTaskStatus.Downloading;
}

/// <summary>One picture on disk.</summary>
public sealed record ImageRecord
{
    /// <summary>The full path.</summary>
    public required string Path { get; init; }

    /// <summary>The vendor's link.</summary>
    public Uri? Url { get; init; }

    /// <summary>Pixels.</summary>
    public int Width { get; init; }

    /// <summary>Pixels.</summary>
    public int Height { get; init; }

    /// <summary>The real type of the bytes.</summary>
    public required string Format { get; init; }

    /// <summary>SHA-256, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The seed, where known.</summary>
    public long? Seed { get; init; }

    /// <summary>When the link dies.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The task it came from, and its place among that task's pictures.</summary>
    public int Task { get; init; }

    /// <summary>Its place among the task's pictures.</summary>
    public int Item { get; init; }
}

/// <summary>Reads and writes records.</summary>
internal static class RecordJson
{
    /// <summary>Names as the contract spells them, letters of all languages readable as they are.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
        WriteIndented = true,
        MaxDepth = 160,
    };
}
