using System.Globalization;
using System.Text.Json.Nodes;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Providers.CreatOK;

/// <summary>
/// CreatOK's Open Skills API: the models are told at run time, pictures that go in are uploaded first, then submit and ask.
/// There is no reference; source: the vendor's own public client (EchoSell/creatok-skills, 2026-04-23). What that never shows is read tolerantly.
/// </summary>
public sealed class CreatOKProvider : Provider
{
    private const string Root = "api/open/skills/";

    /// <inheritdoc/>
    public override ProviderProfile Profile { get; } = new()
    {
        Id = "CreatOK",
        DisplayName = "CreatOK",
        BaseUrl = new Uri("https://www.creatok.ai"),
        BaseUrlVariable = "CREATOK_BASE_URL",
        CredentialNames = ["CREATOK_API_KEY"],
        KeyPage = new Uri("https://www.creatok.ai/app/workspace/api-keys"),
        AccountPage = new Uri("https://www.creatok.ai/agent-skills"),
        // The vendor says nothing of it; a task just made may not have reached every server.
        NotFoundGrace = 3,
    };

    /// <inheritdoc/>
    public override IReadOnlyList<VendorRequest> Capabilities { get; } = [VendorRequest.Get(Root + "capabilities")];

    /// <inheritdoc/>
    public override VendorRequest? KeyCheck => Capabilities[0];

    /// <inheritdoc/>
    public override IReadOnlyList<ModelRow> ReadCapabilities(IReadOnlyList<VendorAnswer?> answers, Uri baseUrl)
    {
        if (answers is not [{ } answer] || IsRefusal(answer))
            return [];
        JsonNode data = Data(answer);
        JsonNode? image = Loose.Node(Loose.Node(data, "capabilities") ?? data, "image");
        string? date = DateTimeOffset.TryParse(answer.Header("Date"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset now)
            ? now.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null;
        string? first = Loose.Text(image, "default_model", "defaultModel");
        return [.. (Loose.Node(image, "models") as JsonArray ?? []).Select(m => Row(m, date)).OfType<ModelRow>().DistinctBy(m => m.Id).OrderBy(m => m.Id != first)];
    }

    /// <inheritdoc/>
    public override bool NeedsUpload(InputImage image) => true;

    /// <inheritdoc/>
    public override VendorRequest Upload(InputFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return VendorRequest.Post(Root + "upload/image/presigned", new RequestBody.Json(new JsonObject
        {
            ["fileName"] = file.FileName,
            ["fileType"] = file.MediaType,
            ["fileSize"] = file.Length,
            ["prefix"] = "open-skills/reference-images",
        }));
    }

    /// <inheritdoc/>
    public override UploadAnswer ReadUpload(InputFile file, VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        JsonNode data = Data(answer);
        return Loose.Text(data, "objectKey", "object_key") is { } key
            && Loose.Text(data, "presignedUploadUrl", "presigned_upload_url", "uploadUrl") is { } url && Endpoint.IsLink(url)
            ? new UploadAnswer(key, VendorRequest.PutWithoutKey(url, new RequestBody.File(0)))
            : throw new FormatException("The answer names no place to upload to.");
    }

    /// <inheritdoc/>
    public override VendorRequest Submit(ProviderCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        JsonObject body = new()
        {
            ["prompt"] = call.Shape.Prompt,
            ["model"] = call.Shape.Model.Id,
            ["resolution"] = call.Shape.Resolution,
            ["n"] = call.Count,
        };
        // Where the vendor lists no shapes, only a wish is passed on.
        if (call.Shape.Ratio is { } ratio && (call.Shape.Model.Sizes?.Ratios.Count > 0 || call.Shape.Request.AspectRatio is not null))
            body["aspect_ratio"] = ratio.ToString();
        if (call.Inputs.Count > 0)
            body["imageObjectKeys"] = new JsonArray([.. call.Inputs.Select(i => (JsonNode?)i.Upload)]);
        return VendorRequest.Post(Root + "image-generation", new RequestBody.Json(body));
    }

    /// <inheritdoc/>
    public override SubmitAnswer ReadSubmit(ProviderCall call, VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return TaskId(answer) is { } id
            ? new SubmitAnswer.Accepted(new TaskHandle(id))
            : new SubmitAnswer.Refused(VendorFailure.Unusable(answer, CreatOKFailure.Said(answer) ?? Words.Of("The answer holds no task id.")));
    }

    /// <inheritdoc/>
    public override VendorRequest Status(TaskHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return VendorRequest.Get($"{Root}tasks/status?task_id={Uri.EscapeDataString(handle.TaskId)}&task_type=image_generation");
    }

    /// <inheritdoc/>
    public override StatusAnswer ReadStatus(TaskHandle handle, VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        string? word = Word(answer);
        StatusAnswer status = word?.ToLowerInvariant() switch
        {
            "succeeded" or "success" or "completed" or "complete" or "done" or "finished" => Finished(answer),
            "canceled" or "cancelled" => new StatusAnswer.Canceled(),
            "failed" or "failure" or "error" or "expired" or "timeout" => new StatusAnswer.Failed(CreatOKFailure.OfTask(answer)),
            // A refusal that repeats the id is one of the question, not of the task.
            null when CreatOKFailure.SaysNo(answer) && CreatOKFailure.Of(answer) is { Id: ImageErrorId.NotFound } unknown => new StatusAnswer.NotFound(unknown),
            null or "queued" or "submitted" or "pending" or "waiting" or "created" => new StatusAnswer.Working(Started: false),
            _ => new StatusAnswer.Working(Started: true),
        };
        return status with { Word = word };
    }

    /// <inheritdoc/>
    public override bool IsRefusal(VendorAnswer answer) => base.IsRefusal(answer) || (CreatOKFailure.SaysNo(answer) && TaskId(answer) is null && Word(answer) is null);

    /// <inheritdoc/>
    public override VendorFailure Classify(VendorAnswer answer) => CreatOKFailure.Of(answer);

    // {code, data}, {success, data}, or the data alone.
    private static JsonNode Data(VendorAnswer answer) => Loose.Node(answer.Json, "data") as JsonObject ?? answer.Json ?? new JsonObject();

    private static string? TaskId(VendorAnswer answer) => Loose.Text(Data(answer), "task_id", "taskId", "id");

    private static string? Word(VendorAnswer answer) => Loose.Text(Data(answer), "status");

    private static StatusAnswer Finished(VendorAnswer answer)
    {
        JsonNode data = Data(answer);
        JsonNode? result = Loose.Node(data, "result");
        JsonNode?[] places = [Loose.Node(result, "images"), Loose.Node(result, "data"), Loose.Node(data, "images"), Loose.Node(data, "output"), Loose.Node(data, "outputs")];
        if (places.Select(p => Loose.Pictures(p, answer.Parts)).FirstOrDefault(p => p.Count > 0) is { } pictures)
            return new StatusAnswer.Finished(pictures);
        // With an object key the picture is there and its link is still to come.
        return places.OfType<JsonArray>().Any(list => list.Any(item => Loose.Text(item, "object_key", "objectKey") is not null))
            ? new StatusAnswer.Working(Started: true)
            : new StatusAnswer.Failed(VendorFailure.Unusable(answer, Words.Of("The finished task holds no picture.")));
    }

    // One model as the vendor tells it; null where a rule of the vendor's own client is broken.
    private ModelRow? Row(JsonNode? model, string? date)
    {
        JsonNode? limits = Loose.Node(model, "limits"), n = Loose.Node(limits, "n");
        JsonNode? ratios = Loose.Node(limits, "aspect_ratios", "aspectRatios");
        if (Loose.Text(model, "id") is not { } id || Loose.Texts(Loose.Node(limits, "resolutions")) is not { } resolutions
            || Loose.Number(n, "min") is not <= 1 || Loose.Number(n, "max") is not (>= 1 and <= 100 and { } most)
            || Loose.Number(limits, "max_reference_images", "maxReferenceImages") is not (>= 0 and <= 100 and { } references)
            || (ratios is not null && (Loose.Texts(ratios) is not { } shapes || !shapes.All(s => AspectRatio.TryParse(s, out _)))))
            return null;
        JsonNode? pricing = Loose.Node(model, "pricing");
        PriceRule? price = PriceOf(pricing);
        if (pricing is not null && price is null)
            return null;

        string? usual = Loose.Text(Loose.Node(model, "defaults"), "resolution");
        // What can be done with pictures the vendor does not tell: that is in the catalogue, and the same for all models.
        ModelRow known = Catalogue.Find(id) ?? ModelRow.Uncharted(id, Catalogue.Models[0]);
        return known with
        {
            Id = id,
            Emulates = known.Emulates.Where(e => references >= (e.Key == nameof(ImageOperation.Style) ? 2 : 1)).ToDictionary(),
            MaxPerCall = (int)most,
            MaxReferences = (int)references,
            MaxInputs = (int)references,
            Identity = references > 0,
            Sizes = new SizeRule
            {
                Resolutions = resolutions,
                Ratios = Loose.Texts(ratios) ?? [],
                Default = resolutions.Contains("2K") || usual is null || !resolutions.Contains(usual) ? null : usual,
            },
            Price = price,
            Source = "CreatOK's capabilities",
            Date = date,
        };
    }

    private static PriceRule? PriceOf(JsonNode? pricing)
    {
        if (Loose.Text(pricing, "currency") != "credits" || Loose.Text(pricing, "unit") != "image" || Loose.Node(pricing, "by_resolution", "byResolution") is not JsonObject prices)
            return null;
        Dictionary<string, decimal> classes = [];
        foreach (string name in prices.Select(p => p.Key))
        {
            if (Loose.Number(prices, name) is >= 0 and { } price)
                classes[name] = price;
        }

        return new PriceRule { ByResolution = classes, Currency = "credits" };
    }
}
