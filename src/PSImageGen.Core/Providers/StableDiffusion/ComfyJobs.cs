using System.Text.Json.Nodes;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Providers.StableDiffusion;

/// <summary>
/// The jobs of ComfyUI, by the routes that every version has: <c>/prompt</c> takes a graph under an id made here, <c>/queue</c> tells what
/// waits and runs, <c>/history</c> what came of it, <c>/view</c> gives the pictures.
/// </summary>
internal static class ComfyJobs
{
    private const string JobCancel = "/cancel";

    private static readonly string[] PlaceOfImage = ["filename", "subfolder", "type"];

    /// <summary>What waits and what runs.</summary>
    public static VendorRequest Queue { get; } = VendorRequest.Get("queue");

    /// <summary>A picture that goes in. What is there already under the same name and with the same bytes is used again.</summary>
    public static VendorRequest Upload() => VendorRequest.Post("upload/image", new RequestBody.Multipart(BodyPart.File("image", 0), BodyPart.Text("type", "input")));

    /// <summary>What the server calls it: not always as it was named.</summary>
    public static UploadAnswer? ReadUpload(VendorAnswer answer) => Loose.Text(answer.Json, "name") is { } name
        ? new UploadAnswer(Loose.Text(answer.Json, "subfolder") is { } folder ? $"{folder}/{name}" : name)
        : null;

    /// <summary>The job.</summary>
    public static VendorRequest Submit(ProviderCall call) => VendorRequest.Post("prompt", new RequestBody.Json(new JsonObject
    {
        ["prompt"] = ComfyWorkflow.Of(call),
        // Without a session of its own an answer from the server's memory would be left out of the history.
        ["client_id"] = call.ClientId,
        ["prompt_id"] = call.ClientId,
    }));

    /// <summary>Its id: the one made here, or another on servers that choose it themselves.</summary>
    public static SubmitAnswer ReadSubmit(VendorAnswer answer)
    {
        if (Loose.Node(answer.Json, "node_errors") is JsonObject { Count: > 0 })
            return new SubmitAnswer.Refused(ServerFailure.Of(answer with { Status = 400 }));
        return Loose.Text(answer.Json, "prompt_id") is { } id
            ? new SubmitAnswer.Accepted(new TaskHandle(id))
            : new SubmitAnswer.Refused(VendorFailure.Unusable(answer, Words.Of("The answer holds no task id.")));
    }

    /// <summary>In the queue, or not any more.</summary>
    public static StatusAnswer ReadQueue(TaskHandle handle, VendorAnswer answer) =>
        IsIn(answer, "queue_running", handle) ? new StatusAnswer.Working(Started: true) { Word = "running" }
        : IsIn(answer, "queue_pending", handle) ? new StatusAnswer.Working(Started: false) { Word = "pending" }
        : new StatusAnswer.Ended();

    /// <summary>What came of it.</summary>
    public static VendorRequest History(TaskHandle handle) => VendorRequest.Get("history/" + Uri.EscapeDataString(handle.TaskId));

    /// <summary>Its pictures, or how it broke off. Nothing is there until it is over, and nothing of a job that was taken out of the queue.</summary>
    public static StatusAnswer ReadHistory(TaskHandle handle, VendorAnswer answer)
    {
        if (answer.Status >= 500)
            return new StatusAnswer.Working(Started: true);
        if (answer.Status >= 300 || Loose.Node(answer.Json, handle.TaskId) is not JsonObject job)
            return new StatusAnswer.NotFound(VendorFailure.FromStatus(answer, null, null) with { Seen = Words.Of("Neither its queue nor its history holds the job.") });

        JsonNode? status = Loose.Node(job, "status");
        if (Message(status, "execution_interrupted") is not null)
            return new StatusAnswer.Canceled { Word = "interrupted" };
        if (Loose.Text(status, "status_str") == "error")
            return new StatusAnswer.Failed(ServerFailure.OfNode(answer, Message(status, "execution_error"))) { Word = "error" };
        Picture[] pictures = [.. from node in Loose.Node(job, "outputs") as JsonObject ?? []
                                 from image in Loose.Node(node.Value, "images") as JsonArray ?? []
                                 where Loose.Text(image, "type") == "output" && Loose.Text(image, "filename") is not null
                                 select new Picture { Url = View(image) }];
        return pictures.Length > 0
            ? new StatusAnswer.Finished(pictures) { Word = "success" }
            : new StatusAnswer.Failed(VendorFailure.Unusable(answer, Words.Of("The job ended without a picture.")));
    }

    /// <summary>The first try: newer servers cancel a job by its id, wherever it is.</summary>
    public static VendorRequest Cancel(TaskHandle handle) => VendorRequest.Post($"api/jobs/{Uri.EscapeDataString(handle.TaskId)}{JobCancel}", new RequestBody.None());

    /// <summary>Older servers: out of the queue, and where it runs, interrupted. Some of those interrupt whatever runs, so it is looked up first.</summary>
    public static VendorRequest? CancelNext(TaskHandle handle, VendorRequest asked, VendorAnswer answer) => asked.Address switch
    {
        "queue" when asked.Method == HttpMethod.Post => Queue,
        "queue" when IsIn(answer, "queue_running", handle) => VendorRequest.Post("interrupt", new RequestBody.Json(new JsonObject { ["prompt_id"] = handle.TaskId })),
        _ when asked.Address.EndsWith(JobCancel, StringComparison.Ordinal) && answer.Status is 404 or 405 =>
            VendorRequest.Post("queue", new RequestBody.Json(new JsonObject { ["delete"] = new JsonArray(handle.TaskId) })),
        _ => null,
    };

    // [number, id, graph, …]
    private static bool IsIn(VendorAnswer answer, string list, TaskHandle handle) =>
        (Loose.Node(answer.Json, list) as JsonArray ?? []).OfType<JsonArray>().Any(job => job.ElementAtOrDefault(1) is JsonValue id && id.ToString() == handle.TaskId);

    // [["execution_start", {…}], …]
    private static JsonNode? Message(JsonNode? status, string type) =>
        (Loose.Node(status, "messages") as JsonArray ?? []).OfType<JsonArray>().FirstOrDefault(m => m.ElementAtOrDefault(0)?.ToString() == type)?.ElementAtOrDefault(1);

    private static Uri View(JsonNode? image)
    {
        string query = string.Join('&', PlaceOfImage.Select(name => $"{name}={Uri.EscapeDataString(Loose.Text(image, name) ?? string.Empty)}"));
        return new Uri("view?" + query, UriKind.Relative);
    }
}
