using System.Globalization;
using System.Text.Json.Nodes;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Providers.Fal;

/// <summary>fal.ai: its queue, where a task has a state and, apart from it, a result. Source: the vendor's clients and platform specification (2026-08) and documentation (2026-09).</summary>
public sealed class FalProvider : Provider
{
    // The vendor advises against data URLs of more than a few KB, and echoes them in its errors.
    private const long MaxInline = 16 << 10;

    private static readonly Uri Storage = new("https://rest.fal.ai");
    private static readonly Uri Platform = new("https://api.fal.ai");

    /// <inheritdoc/>
    public override ProviderProfile Profile { get; } = new()
    {
        Id = "Fal",
        DisplayName = "fal.ai",
        BaseUrl = new Uri("https://queue.fal.run"),
        BaseUrlVariable = "FAL_BASE_URL",
        CredentialNames = ["FAL_API_KEY", "FAL_KEY"],
        KeyPage = new Uri("https://fal.ai/dashboard/keys"),
        AccountPage = new Uri("https://fal.ai/dashboard/billing"),
        KeyPrefix = "Key ",
        KeyHosts = ["queue.fal.run"],
        TakesLinks = true,
        // The documents say seven days at least.
        UploadLifetime = TimeSpan.FromDays(6),
    };

    /// <inheritdoc/>
    public override VendorRequest Submit(ProviderCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        JsonObject body = FieldMap.Body(call);
        FieldMap.AddImages(call, body);
        return VendorRequest.Post(EndpointId(call), new RequestBody.Json(body));
    }

    /// <inheritdoc/>
    public override SubmitAnswer ReadSubmit(ProviderCall call, VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(answer);
        if (answer.String("request_id") is not { Length: > 0 } id)
            return new SubmitAnswer.Refused(VendorFailure.Unusable(answer, Words.Of("The answer holds no task id.")));
        TaskHandle built = Handle(EndpointId(call), id);
        return new SubmitAnswer.Accepted(built with
        {
            StatusUrl = Link(answer, "status_url") ?? built.StatusUrl,
            ResultUrl = Link(answer, "response_url") ?? built.ResultUrl,
            CancelUrl = Link(answer, "cancel_url") ?? built.CancelUrl,
        });
    }

    /// <inheritdoc/>
    public override bool NeedsUpload(InputImage image) => image is { Path: not null, Length: > MaxInline };

    /// <inheritdoc/>
    public override VendorRequest Upload(InputFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        JsonObject body = new() { ["content_type"] = file.MediaType, ["file_name"] = file.FileName };
        return VendorRequest.Post("storage/upload/initiate?storage_type=fal-cdn-v3", new RequestBody.Json(body)) with { OtherHost = Storage };
    }

    /// <inheritdoc/>
    public override UploadAnswer? ReadUpload(InputFile file, VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return Link(answer, "upload_url") is { } put && answer.String("file_url") is { Length: > 0 } url
            ? new UploadAnswer(url, VendorRequest.PutWithoutKey(put, new RequestBody.File(0)))
            : null;
    }

    /// <inheritdoc/>
    public override VendorRequest? Stream(TaskHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        string[] link = handle.StatusUrl!.Split('?', 2);
        return VendorRequest.Get($"{link[0]}/stream{(link.Length > 1 ? "?" + link[1] : string.Empty)}");
    }

    /// <inheritdoc/>
    public override VendorRequest Status(TaskHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return VendorRequest.Get(handle.StatusUrl!);
    }

    /// <inheritdoc/>
    public override StatusAnswer ReadStatus(TaskHandle handle, VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        string word = answer.String("status") ?? string.Empty;
        // There is no word for a failure: it is completed too, and the result tells.
        StatusAnswer status = word == "COMPLETED" ? new StatusAnswer.Ended() : new StatusAnswer.Working(word != "IN_QUEUE");
        return status with { Word = word };
    }

    /// <inheritdoc/>
    public override VendorRequest Result(TaskHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return VendorRequest.Get(handle.ResultUrl!);
    }

    /// <inheritdoc/>
    public override StatusAnswer ReadResult(TaskHandle handle, VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        string? code = Code(answer);
        return answer.Status switch
        {
            < 300 => Finished(answer),
            404 => new StatusAnswer.NotFound(Classify(answer)),
            499 => new StatusAnswer.Canceled { Word = code },
            // Without its id it was not fal that answered, but something on the way.
            >= 500 when answer.Header("x-fal-request-id") is null && BodyCode(answer) is null => new StatusAnswer.Working(Started: true),
            _ => code is "client_cancelled" or "client_disconnected" ? new StatusAnswer.Canceled { Word = code } : new StatusAnswer.Failed(Classify(answer)),
        };
    }

    /// <inheritdoc/>
    public override VendorRequest? Cancel(TaskHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return new VendorRequest { Method = HttpMethod.Put, Address = handle.CancelUrl!, Body = new RequestBody.Json(new JsonObject()) };
    }

    /// <inheritdoc/>
    /// <remarks>A request id does not tell its app; <c>fal-ai/flux/requests/{id}</c>, as in the vendor's links, does.</remarks>
    public override TaskHandle? HandleOf(string taskId)
    {
        ArgumentNullException.ThrowIfNull(taskId);
        string[] parts = taskId.Replace(Profile.BaseUrl.AbsoluteUri, string.Empty, StringComparison.Ordinal).Split('/');
        return parts.Length >= 4 && parts[^2] == "requests" && parts.All(p => p.Length > 0 && p.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            ? Handle(string.Join('/', parts[..^2]), parts[^1])
            : null;
    }

    /// <inheritdoc/>
    public override VendorRequest? Recent(string model)
    {
        // One list of all; a model that has an endpoint of its own for references is two endpoints to the vendor.
        IEnumerable<string> endpoints = Catalogue.Models.SelectMany(m => new[] { m.Id, m.Fields.GetValueOrDefault("edit") }).OfType<string>().Append(model).Distinct();
        return VendorRequest.Get($"v1/models/requests/by-endpoint?endpoint_id={Uri.EscapeDataString(string.Join(',', endpoints))}&expand=payloads&limit=100") with { OtherHost = Platform };
    }

    /// <inheritdoc/>
    public override IReadOnlyList<FoundTask> ReadRecent(string model, VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        string Model(string endpoint) => Catalogue.Models.FirstOrDefault(m => m.Fields.GetValueOrDefault("edit") == endpoint)?.Id ?? endpoint;
        return [.. (answer.Json?["items"] as JsonArray ?? []).OfType<JsonObject>()
            .Select(item => Text(item["request_id"]) is { Length: > 0 } id
                ? new FoundTask(Handle(Text(item["endpoint_id"]) ?? model, id), Text((item["json_input"] as JsonObject)?["prompt"]), Date(item["sent_at"]) ?? Date(item["started_at"]),
                    item["status_code"] is JsonValue status && status.TryGetValue(out int code) && code is >= 200 and < 300) { Model = Model(Text(item["endpoint_id"]) ?? model) }
                : null)
            .OfType<FoundTask>()
            .OrderByDescending(t => t.Created)];
    }

    /// <inheritdoc/>
    // The documented question is for a key with the admin scope only; the other is not documented, and answers with a bare number.
    public override IReadOnlyList<VendorRequest> Balance { get; } =
        [VendorRequest.Get("v1/account/billing?expand=credits") with { OtherHost = Platform }, VendorRequest.Get("billing/user_balance") with { OtherHost = Storage }];

    /// <inheritdoc/>
    public override Funds? ReadBalance(VendorAnswer answer)
    {
        JsonNode? told = Loose.Node(Loose.Node(answer?.Json, "credits"), "current_balance") ?? answer?.Json;
        return told is JsonValue value && decimal.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal amount) ? new Funds(amount, "USD") : null;
    }

    /// <inheritdoc/>
    public override VendorFailure Classify(VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        string? code = Code(answer);
        VendorFailure byStatus = VendorFailure.FromStatus(answer, answer.String("status"), code) with { RequestId = answer.Header("x-fal-request-id") };
        return code switch
        {
            "content_policy_violation" => VendorFailure.Policy(answer, byStatus.Message, code) with { RequestId = byStatus.RequestId },
            "no_media_generated" => byStatus with { Id = ImageErrorId.InvalidResponse, Advice = Words.Of("The model made no picture. Another prompt or -Seed may help.") },
            "face_detection_error" => byStatus with { Id = ImageErrorId.InvalidImage, Advice = Words.Of("The model found no face. Give a reference image with one clear face.") },
            // An error of the model's own suppliers comes as 400.
            "downstream_service_error" => byStatus with { Id = ImageErrorId.ProviderUnavailable },
            _ when answer.Status == 403 && IsLocked(byStatus.Message) => byStatus with { Id = ImageErrorId.InsufficientCredits },
            _ => byStatus,
        };
    }

    private static StatusAnswer Finished(VendorAnswer answer)
    {
        // An answer of another form is not the result.
        if (answer.Json is not JsonObject body || !(body.ContainsKey("images") || body.ContainsKey("image")))
            return new StatusAnswer.Working(Started: true);

        JsonNode[] items = [.. (body["images"] as JsonArray ?? []).Append(body["image"]).OfType<JsonNode>()];
        JsonArray flags = body["has_nsfw_concepts"] as JsonArray ?? body["nsfw_content_detected"] as JsonArray ?? [];
        long? seed = body["seed"] is JsonValue value && value.TryGetValue(out long number) ? number : null;
        bool IsFlagged(int i) => i < flags.Count && flags[i] is JsonValue flag && flag.TryGetValue(out bool flagged) && flagged;
        Picture[] pictures = [.. items
            .Select((item, i) => IsFlagged(i) || Picture.From(item is JsonObject o ? o["url"] : item, answer.Parts) is not { } picture ? null : picture with { Seed = i == 0 ? seed : null })
            .OfType<Picture>()];
        if (pictures.Length > 0)
            return new StatusAnswer.Finished(pictures);
        return new StatusAnswer.Failed(flags.Count > 0 && items.Length > 0
            ? VendorFailure.Policy(answer, Words.Of("The picture was made and withheld as not safe for work (has_nsfw_concepts)."), "has_nsfw_concepts")
            : VendorFailure.Unusable(answer, Words.Of("The finished task holds no picture.")));
    }

    // detail[].type of a model's error, error_type of the infrastructure's, error.type of the platform's.
    private static string? Code(VendorAnswer answer) => BodyCode(answer) ?? answer.Header("X-Fal-Error-Type");

    private static string? BodyCode(VendorAnswer answer)
    {
        JsonArray? details = (answer.Json as JsonObject)?["detail"] as JsonArray;
        return Text((details?.FirstOrDefault() as JsonObject)?["type"]) ?? answer.String("error_type") ?? answer.String("error", "type");
    }

    private static bool IsLocked(string? words) =>
        words is not null && (words.Contains("locked", StringComparison.OrdinalIgnoreCase) || words.Contains("balance", StringComparison.OrdinalIgnoreCase));

    // The endpoint that is called: with references a model may have another one.
    private static string EndpointId(ProviderCall call) =>
        call.Inputs.Count > 0 && call.Shape.Model.AskedLike is null && call.Shape.Model.Fields.TryGetValue("edit", out string? edit) ? edit : call.Shape.Model.Id;

    // Only where the vendor gave no links: they hold owner and app, not what follows; two namespaces come before that.
    private static TaskHandle Handle(string endpoint, string id)
    {
        string[] parts = endpoint.Split('/');
        string root = $"{string.Join('/', parts.Take(parts[0] is "workflows" or "comfy" ? 3 : 2))}/requests/{Uri.EscapeDataString(id)}";
        return new TaskHandle(id) { StatusUrl = root + "/status", ResultUrl = root, CancelUrl = root + "/cancel" };
    }

    private static string? Link(VendorAnswer answer, string name) => answer.String(name) is { } url && Endpoint.IsLink(url) ? url : null;

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static DateTimeOffset? Date(JsonNode? node) =>
        DateTimeOffset.TryParse(Text(node), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date) ? date : null;
}
