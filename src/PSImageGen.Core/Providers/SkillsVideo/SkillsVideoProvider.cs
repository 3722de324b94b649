using System.Text.Json.Nodes;
using PSImageGen.Core.OpenApi;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Providers.SkillsVideo;

/// <summary>
/// skills.video: the order opens the stream of its own task; when that breaks, the task is asked for by its id. Two generations of the
/// contract are in use and both are read. Source: docs.skills.video and the vendor's skill repository (2026-03-20).
/// </summary>
public sealed class SkillsVideoProvider : Provider
{
    /// <inheritdoc/>
    public override ProviderProfile Profile { get; } = new()
    {
        Id = "SkillsVideo",
        DisplayName = "skills.video",
        BaseUrl = new Uri("https://open.skills.video/api/v1"),
        BaseUrlVariable = "SKILLS_VIDEO_BASE_URL",
        CredentialNames = ["SKILLS_VIDEO_API_KEY"],
        KeyPage = new Uri("https://skills.video/dashboard/developer"),
        AccountPage = new Uri("https://skills.video/dashboard"),
        DocumentVariable = "SKILLS_VIDEO_OPENAPI",
        TakesLinks = true,
        // The vendor says nothing of it; a stream may break so early that the id is not known everywhere yet.
        NotFoundGrace = 3,
    };

    /// <inheritdoc/>
    // The vendor's own snapshot, for where its documents cannot be had.
    public override IReadOnlyList<EndpointInfo> Endpoints =>
    [
        .. Catalogue.Models.Select(m => new EndpointInfo
        {
            Endpoint = "POST /" + StreamPath(m.Id),
            Model = m.Id,
            Stream = "POST /" + StreamPath(m.Id),
            Polling = "POST /generation/" + m.Id,
            Poll = "GET /generation/{id}",
            Server = Profile.BaseUrl.AbsoluteUri,
            Source = $"{m.Source}, {m.Date}",
        }),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<SchemaModel> ReadDocuments(ApiDocuments documents)
    {
        ArgumentNullException.ThrowIfNull(documents);
        List<SchemaModel> models = [];
        // The platform makes films and sounds as well, by endpoints of the same form.
        foreach (EndpointInfo info in new EndpointList(documents).Found().Where(e => e.Endpoint.Contains("/generation/", StringComparison.Ordinal)
            && (Catalogue.Find(e.Model) is not null || e.Model.Contains("image", StringComparison.OrdinalIgnoreCase))))
        {
            // The stream goes first; what only one of the two describes holds for both.
            ApiEndpoint order = documents.Find(info.Endpoint)!;
            ApiEndpoint described = order.Body is not null ? order : documents.Find(info.Polling ?? info.Endpoint)!;
            models.AddRange(SchemaModel.Of(described, info.Model, order.Below(Profile.BaseUrl), Catalogue.Find));
        }

        return models;
    }

    /// <inheritdoc/>
    public override VendorRequest Submit(ProviderCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        JsonObject body = FieldMap.Body(call);
        RequestBody content;
        if (call.Inputs.Any(i => i.Image.Url is null))
        {
            // With a file among them all go as a form: the field is repeated, a file or the text of a link each.
            string name = call.Shape.Model.Fields.GetValueOrDefault("references", "image_urls").Replace("[]", string.Empty, StringComparison.Ordinal);
            content = new RequestBody.Multipart([.. body.Select(f => BodyPart.Text(f.Key, f.Value?.ToString())),
                .. call.Inputs.Select(i => i.Image.Url is { } url ? BodyPart.Text(name, url.AbsoluteUri) : BodyPart.File(name, i.Index))]);
        }
        else
        {
            FieldMap.AddImages(call, body);
            content = new RequestBody.Json(body);
        }

        return VendorRequest.Post(call.Shape.Model.Fields.GetValueOrDefault(SchemaModel.PathKey) ?? StreamPath(call.Shape.Model.Id), content) with { Accept = "text/event-stream" };
    }

    /// <inheritdoc/>
    public override SubmitAnswer ReadSubmit(ProviderCall call, VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        JsonNode? state = State(answer);
        if (Id(state) is { } id)
            return new SubmitAnswer.Accepted(new TaskHandle(id)) { Cost = Credits(state, ended: false) };
        IReadOnlyList<Picture> pictures = Pictures(state, answer.Parts);
        if (pictures.Count > 0 && Kind(Word(state)) is Stand.Done or Stand.Unsaid)
            return new SubmitAnswer.Finished(pictures) { Cost = Credits(state, ended: true) };
        if (Kind(Word(state)) == Stand.Failed)
            return new SubmitAnswer.Refused(SkillsVideoFailure.OfTask(answer, state));
        if (SkillsVideoFailure.HasCode(state))
            return new SubmitAnswer.Refused(SkillsVideoFailure.Of(answer, state));
        return new SubmitAnswer.Refused(VendorFailure.Unusable(answer, SkillsVideoFailure.Said(state) ?? Words.Of("The answer holds no task id.")));
    }

    /// <inheritdoc/>
    public override StatusAnswer? ReadEvent(TaskHandle handle, string type, VendorAnswer data)
    {
        ArgumentNullException.ThrowIfNull(data);
        JsonNode? state = State(data);
        // Another task's news would not be ours.
        if (Id(state) is { } id && handle is not null && id != handle.TaskId)
            return null;
        Stand kind = Kind(Word(state)) is var told and not Stand.Unsaid ? told : KindOfEvent(type);
        return kind switch
        {
            Stand.Unsaid => null,
            // The end without its pictures: the question after the task brings them, or says why not.
            Stand.Done when Pictures(state, data.Parts).Count == 0 => new StatusAnswer.Ended { Word = Word(state) ?? type },
            _ => Read(data, state, kind, Word(state) ?? type),
        };
    }

    /// <inheritdoc/>
    public override VendorRequest Status(TaskHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return VendorRequest.Get("generation/" + Uri.EscapeDataString(handle.TaskId));
    }

    /// <inheritdoc/>
    public override StatusAnswer ReadStatus(TaskHandle handle, VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        JsonNode? state = State(answer);
        string? word = Word(state);
        return Read(answer, state, Kind(word), word);
    }

    /// <inheritdoc/>
    public override VendorRequest? Recent(string model) => VendorRequest.Get("generations/running?limit=100");

    /// <inheritdoc/>
    public override IReadOnlyList<FoundTask> ReadRecent(string model, VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        JsonArray list = answer.Json as JsonArray ?? Loose.Node(answer.Json, "data", "result", "generations", "items") as JsonArray ?? [];
        return [.. list.Where(task => Id(task) is not null).Select(task => new FoundTask(
            new TaskHandle(Id(task)!),
            Loose.Text(Loose.Node(task, "input"), "prompt"),
            DateTimeOffset.TryParse(Loose.Text(task, "created_at", "createdAt"), System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out DateTimeOffset created) ? created : null,
            Finished: Kind(Word(task)) == Stand.Done))];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<VendorRequest> Balance { get; } = [VendorRequest.Get("credits")];

    /// <inheritdoc/>
    // The vendor shows no answer of it, so it is read under every name that makes sense.
    public override Funds? ReadBalance(VendorAnswer answer)
    {
        JsonNode?[] places = [answer?.Json, Loose.Node(answer?.Json, "credits"), Loose.Node(answer?.Json, "balance"), Loose.Node(answer?.Json, "data"), Loose.Node(answer?.Json, "result"),
            Loose.Node(Loose.Node(answer?.Json, "data", "result"), "data", "credits", "balance")];
        return places.Select(p => Loose.Number(p, "credits", "balance", "remaining", "available", "total") ?? Both(p)).FirstOrDefault(n => n is not null) is { } credits ? new Funds(credits, "credits") : null;

        static decimal? Both(JsonNode? place) =>
            Loose.Number(place, "subscription") is var monthly && Loose.Number(place, "permanent") is var bought && (monthly ?? bought) is not null ? (monthly ?? 0) + (bought ?? 0) : null;
    }

    /// <inheritdoc/>
    public override VendorFailure Classify(VendorAnswer answer) => SkillsVideoFailure.Of(answer, answer?.Json);

    private static string StreamPath(string model) => "generation/sse/" + model;

    private enum Stand
    {
        Unsaid,
        Waiting,
        Working,
        Done,
        Failed,
        Canceled,
    }

    private static StatusAnswer Read(VendorAnswer answer, JsonNode? state, Stand kind, string? word)
    {
        IReadOnlyList<Picture> pictures = kind is Stand.Done or Stand.Unsaid ? Pictures(state, answer.Parts) : [];
        StatusAnswer status = kind switch
        {
            Stand.Done or Stand.Unsaid when pictures.Count > 0 => new StatusAnswer.Finished(pictures),
            Stand.Done => new StatusAnswer.Failed(VendorFailure.Unusable(answer, Words.Of("The finished task holds no picture."))),
            Stand.Failed => new StatusAnswer.Failed(SkillsVideoFailure.OfTask(answer, state)),
            Stand.Canceled => new StatusAnswer.Canceled(),
            _ => new StatusAnswer.Working(Started: kind == Stand.Working),
        };
        return status with { Word = word, Cost = Credits(state, ended: status is not StatusAnswer.Working) };
    }

    // The state may be wrapped when the outer object has none. Never looked for in "input", which is the user's own.
    private static JsonNode? State(VendorAnswer answer)
    {
        JsonNode? top = answer.Json;
        if (Word(top) is not null || Id(top) is not null)
            return top;
        foreach (string name in new[] { "data", "result", "prediction", "generation" })
        {
            if (Loose.Node(top, name) is JsonObject inner && (Word(inner) is not null || Id(inner) is not null))
                return inner;
        }

        return top;
    }

    private static string? Id(JsonNode? state) => Loose.Text(state, "generation_id", "generationId", "prediction_id", "predictionId", "task_id", "taskId", "id");

    private static string? Word(JsonNode? state) => Loose.Text(state, "status", "state", "queue_state", "queueState", "prediction_status", "predictionStatus");

    private static Stand Kind(string? word) => word?.ToUpperInvariant() switch
    {
        null => Stand.Unsaid,
        "IN_QUEUE" or "QUEUED" or "PENDING" or "STARTING" or "SUBMITTED" => Stand.Waiting,
        "COMPLETED" or "SUCCEEDED" => Stand.Done,
        "FAILED" => Stand.Failed,
        "CANCELED" or "CANCELLED" => Stand.Canceled,
        // IN_PROGRESS, PROCESSING, RUNNING, and a word nobody knows: no end.
        _ => Stand.Working,
    };

    private static Stand KindOfEvent(string? type) => type?.ToUpperInvariant() switch
    {
        "COMPLETED" or "COMPLETE" or "SUCCEEDED" or "SUCCESS" or "DONE" or "FINISHED" or "TERMINAL" => Stand.Done,
        "FAILED" or "FAILURE" => Stand.Failed,
        "CANCELED" or "CANCELLED" => Stand.Canceled,
        _ => Stand.Unsaid,
    };

    // "image" is the first of "images" again: the first place that has any counts.
    private static IReadOnlyList<Picture> Pictures(JsonNode? state, int parts)
    {
        JsonNode? data = Loose.Node(state, "data");
        JsonNode?[] places = [Loose.Node(data, "images"), Loose.Node(data, "image"), Loose.Node(data, "output"), Loose.Node(data, "outputs"), data as JsonArray,
            Loose.Node(state, "images"), Loose.Node(state, "output"), Loose.Node(state, "outputs"), Loose.Node(state, "image")];
        return places.Select(p => Loose.Pictures(p, parts)).FirstOrDefault(p => p.Count > 0) ?? [];
    }

    // While it waits zeros are told, which mean "not yet".
    private static Cost? Credits(JsonNode? state, bool ended)
    {
        JsonNode? usage = Loose.Node(state, "usage");
        decimal? credits = Loose.Number(usage, "total") ?? (Loose.Number(usage, "subscription") is { } monthly ? monthly + (Loose.Number(usage, "permanent") ?? 0) : Loose.Number(usage, "permanent"));
        return credits is { } amount && (amount > 0 || ended) ? new Cost { Amount = amount, Currency = "credits", Source = "reported" } : null;
    }
}
