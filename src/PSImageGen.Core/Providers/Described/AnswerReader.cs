using System.Text.Json.Nodes;

namespace PSImageGen.Core.Providers.Described;

/// <summary>How a task stands, by the vendor's word for it.</summary>
internal enum Stand
{
    /// <summary>Nothing is said of it.</summary>
    Unsaid,
    /// <summary>It waits for its turn.</summary>
    Waiting,
    /// <summary>It is worked on; so is one with a word nobody knows.</summary>
    Working,
    /// <summary>The pictures are there.</summary>
    Done,
    /// <summary>It ended without pictures.</summary>
    Failed,
    /// <summary>It was cancelled.</summary>
    Canceled,
}

/// <summary>
/// Finds in an answer what matters of it: first where the description says, then under the names that vendors use. What was sent and
/// comes back (<c>input</c>, <c>request</c>) is never looked into.
/// </summary>
internal sealed class AnswerReader(VendorDescription vendor)
{
    private const int MaxDepth = 4;

    /// <summary>The names under which base64 is expected.</summary>
    public static readonly string[] UsualBase64 = ["b64_json", "b64Json", "base64", "b64", "image_base64", "imageBase64", "base64_image"];

    /// <summary>The words for states that vendors use.</summary>
    private static readonly Dictionary<string, Stand> Usual = new (Stand Stand, string Words)[]
    {
        (Stand.Waiting, "queued in_queue enqueued pending waiting starting submitted created scheduled accepted not_started"),
        (Stand.Working, "running processing in_progress working started generating"),
        (Stand.Done, "succeeded success successful completed complete done finished ready"),
        (Stand.Failed, "failed failure error errored rejected expired timeout timed_out moderated blocked"),
        (Stand.Canceled, "canceled cancelled aborted"),
    }.SelectMany(group => group.Words.Split(' ').Select(word => (word, group.Stand))).ToDictionary(w => w.word, w => w.Stand, StringComparer.OrdinalIgnoreCase);

    private static readonly string[] Ids = ["task_id", "taskId", "job_id", "jobId", "generation_id", "generationId", "prediction_id", "predictionId", "id", "uuid", "request_id", "requestId"];
    private static readonly string[] States = ["status", "state", "task_status", "taskStatus", "job_status", "jobStatus", "phase"];
    private static readonly string[] Outputs = ["images", "image", "output", "outputs", "results", "result", "artifacts", "pictures", "picture", "data", "image_urls", "imageUrls", "image_url", "imageUrl", "urls", "url", .. UsualBase64];
    private static readonly string[] Links = ["url", "image_url", "imageUrl", "uri", "src", "href", "link", "download_url", "downloadUrl", "file_url", "fileUrl", "signed_url", "signedUrl"];
    private static readonly string[] Wrappers = ["data", "result", "task", "job", "prediction", "generation", "response", "output"];
    private static readonly string[] StatusLinks = ["status_url", "statusUrl", "polling_url", "pollingUrl", "poll_url", "pollUrl"];

    /// <summary>What a word for a state means.</summary>
    public Stand StandOf(string? word)
    {
        if (word is null)
            return Stand.Unsaid;
        if (vendor.DoneWords.Contains(word, StringComparer.OrdinalIgnoreCase))
            return Stand.Done;
        if (vendor.FailedWords.Contains(word, StringComparer.OrdinalIgnoreCase))
            return Stand.Failed;
        return IsUsual(word, out Stand stand) ? stand : Stand.Working;
    }

    /// <summary>Whether a word is one that vendors use.</summary>
    public static bool IsUsual(string word, out Stand stand) => Usual.TryGetValue(word.Trim().Replace(' ', '_').Replace('-', '_'), out stand);

    /// <summary>The id of a task.</summary>
    public string? Id(JsonNode? answer) => Text(answer, vendor.IdFields, Ids);

    /// <summary>The vendor's word for how it stands.</summary>
    public string? Word(JsonNode? answer) => Text(answer, vendor.StatusFields, States);

    /// <summary>The link to ask at, where the answer brings one.</summary>
    public static string? StatusLink(JsonNode? answer) =>
        Places(answer).Select(p => Loose.Text(p, StatusLinks) ?? Loose.Text(Loose.Node(p, "urls", "links"), "get", "status", "self")).FirstOrDefault(l => l is not null);

    /// <summary>The pictures: the first place that has any counts.</summary>
    public IReadOnlyList<Picture> Pictures(JsonNode? answer, int parts)
    {
        foreach (string path in vendor.OutputFields)
        {
            if (PicturesOf(new JsonArray([.. At(answer, path).Select(n => n?.DeepClone())]), parts, 0) is { Count: > 0 } told)
                return told;
        }

        if (answer is JsonArray && PicturesOf(answer, parts, 0) is { Count: > 0 } bare)
            return bare;
        return Places(answer).SelectMany(p => Outputs.Select(name => PicturesOf(Loose.Node(p, name), parts, 0))).FirstOrDefault(p => p.Count > 0) ?? [];
    }

    /// <summary>The vendor's words on what went wrong.</summary>
    public string? Words(JsonNode? answer) =>
        vendor.ErrorFields.SelectMany(path => At(answer, path)).Select(Said).FirstOrDefault(w => w is not null)
        ?? Places(answer).Select(p => Loose.Words(p, "error", "error_message", "errorMessage", "message", "detail", "reason", "failure_reason", "failureReason", "msg")).FirstOrDefault(w => w is not null);

    /// <summary>The vendor's code for what went wrong.</summary>
    public static string? Code(JsonNode? answer) =>
        Places(answer).Select(p => Loose.Text(Loose.Node(p, "error"), "code", "type") ?? Loose.Text(p, "error_code", "errorCode", "code")).FirstOrDefault(c => c is not null);

    private static string? Text(JsonNode? answer, IReadOnlyList<string> told, string[] usual) =>
        told.SelectMany(path => At(answer, path)).Select(Plain).FirstOrDefault(t => t is not null)
        ?? Places(answer).Select(p => Loose.Text(p, usual)).FirstOrDefault(t => t is not null);

    // The answer, and what it may be wrapped in.
    private static IEnumerable<JsonNode?> Places(JsonNode? answer) =>
        [answer, .. Wrappers.Select(name => Loose.Node(answer, name)).Where(n => n is JsonObject), .. Wrappers.Select(name => Loose.Node(Loose.Node(answer, "data"), name)).Where(n => n is JsonObject)];

    // What stands at a path; [] means each item of a list.
    private static IEnumerable<JsonNode?> At(JsonNode? answer, string path)
    {
        IEnumerable<JsonNode?> nodes = [answer];
        foreach (string step in path.Split('.'))
        {
            bool each = step.EndsWith("[]", StringComparison.Ordinal);
            string name = each ? step[..^2] : step;
            nodes = nodes.Select(n => name.Length == 0 ? n : Loose.Node(n, name)).SelectMany(n => each ? n as JsonArray ?? [] : (IEnumerable<JsonNode?>)[n]);
        }

        return nodes.Where(n => n is not null);
    }

    private static string? Plain(JsonNode? node) => Loose.Text(new JsonObject { ["x"] = node?.DeepClone() }, "x");

    private static string? Said(JsonNode? node) => Loose.Words(new JsonObject { ["x"] = node?.DeepClone() }, "x");

    private IReadOnlyList<Picture> PicturesOf(JsonNode? node, int parts, int depth) => node switch
    {
        null => [],
        _ when depth > MaxDepth => [],
        JsonArray list => [.. list.SelectMany(item => PicturesOf(item, parts, depth + 1))],
        JsonObject item => OfObject(item, parts, depth),
        _ => Picture.From(node, parts) is { } picture ? [picture] : [],
    };

    // Its own link or bytes first; only then what it wraps.
    private IReadOnlyList<Picture> OfObject(JsonObject item, int parts, int depth)
    {
        foreach (string name in Links.Concat(vendor.Base64Fields).Concat(UsualBase64))
        {
            if (item[name] is JsonValue value && Picture.From(value, parts) is { } picture)
                return [picture with { Seed = Loose.Number(item, "seed") is { } seed && decimal.Truncate(seed) == seed && seed is >= 0 and <= long.MaxValue ? (long)seed : null }];
        }

        return Outputs.Select(name => PicturesOf(Loose.Node(item, name), parts, depth + 1)).FirstOrDefault(p => p.Count > 0) ?? [];
    }
}
