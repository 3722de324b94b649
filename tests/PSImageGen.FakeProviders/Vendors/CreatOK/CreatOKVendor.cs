using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Control;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.FakeProviders.Images;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.CreatOK;

/// <summary>The CreatOK Open Skills API.</summary>
public sealed class CreatOKVendor : FakeVendor
{
    private const string Api = "/creatok/api/open/skills";
    private const string Delivery = "/creatok-delivery";
    private const string SampleDefault = "nano-banana-2";
    private const int ThumbnailSide = 128;

    private readonly ConcurrentDictionary<string, CreatOKTask> _tasks = new();
    private readonly CreatOKAnswers _answers = new();
    private readonly CreatOKStore _store = new();
    private readonly SignedLinks _links = new();
    private readonly Lock _gate = new();
    private int _lastNumber = 1000;

    internal CreatOKVendor()
        : base("creatOKJobSeconds", workSeconds: 0.5)
    {
        AddSetting("creatOKPollsUntilReady", () => PollsUntilReady, value => PollsUntilReady = (int)value);
        AddSetting("creatOKCredits", () => Credits, value => Credits = value);
        AddSetting("creatOKLinkLifetimeSeconds", () => LinkLifetimeSeconds, value => LinkLifetimeSeconds = value);
        AddSetting("creatOKUploadLifetimeSeconds", () => _store.LinkLifetimeSeconds, value => _store.LinkLifetimeSeconds = value);
        AddSetting("creatOKBrokenModels", () => BrokenModels, value => BrokenModels = (int)value);
        AddSetting("creatOKEnvelope", () => _answers.Envelope, value => _answers.Envelope = (int)value);
        AddSetting("creatOKNames", () => _answers.Names, value => _answers.Names = (int)value);
        AddSetting("creatOKMessageForm", () => _answers.MessageForm, value => _answers.MessageForm = (int)value);
        AddSetting("creatOKResultForm", () => ResultForm, value => ResultForm = (int)value);
        AddSetting("creatOKNumericIds", () => NumericIds ? 1 : 0, value => NumericIds = value != 0);
        AddSetting("creatOKSubmitStatus", () => SubmitTellsStatus ? 1 : 0, value => SubmitTellsStatus = value != 0);
        AddSetting("creatOKFormat", () => Format, value => Format = (int)value);
    }

    /// <inheritdoc/>
    public override string Name => "CreatOK";

    /// <inheritdoc/>
    public override string BaseUrlVariable => "CREATOK_BASE_URL";

    /// <inheritdoc/>
    public override string KeyVariable => "CREATOK_API_KEY";

    /// <inheritdoc/>
    public override string Key => "ok_fake-5d20c8e1f7a3";

    /// <inheritdoc/>
    public override string BasePath => "/creatok";

    /// <summary>The models of the capabilities; submits are held to them. Reset brings the sample back.</summary>
    public IReadOnlyList<CreatOKModel> Models { get; set; } = CreatOKModel.Sample;

    /// <summary>The id that the capabilities name as default.</summary>
    public string DefaultModel { get; set; } = SampleDefault;

    /// <summary>How many broken entries stand ahead of the models, each broken in its own way.</summary>
    public int BrokenModels { get; set; }

    /// <summary>When above 0, a task is ready at this poll, however long it takes.</summary>
    public int PollsUntilReady { get; set; }

    /// <summary>The account's credits; each task takes its cost.</summary>
    public double Credits { get; set; } = 10_000;

    /// <summary>How long a delivery link lives; every status answer makes new ones.</summary>
    public double LinkLifetimeSeconds { get; set; } = 3600;

    /// <summary>Where a result stands: 0 result.images, 1 result.data, 2 images, 3 output, 4 outputs, 5 result.images as plain links, 6 result.images with object_key alone.</summary>
    public int ResultForm { get; set; }

    /// <summary>Task ids are numbers.</summary>
    public bool NumericIds { get; set; }

    /// <summary>The answer to a submit has a status beside the id.</summary>
    public bool SubmitTellsStatus { get; set; } = true;

    /// <summary>What pictures are: 0 PNG, 1 JPEG, 2 WebP.</summary>
    public int Format { get; set; }

    private string FormatName => Format switch { 1 => "jpeg", 2 => "webp", _ => "png" };

    internal override bool Owns(PathString path) =>
        path.StartsWithSegments(BasePath) || path.StartsWithSegments(Delivery) || path.StartsWithSegments(CreatOKStore.Path);

    internal override bool TakesKey(PathString path) => path.StartsWithSegments(BasePath);

    internal override string? OfferedKey(HttpRequest request) => BearerKey.Of(request);

    internal override Answer Denied(string? offeredKey) => _answers.For(401, null);

    internal override Answer ErrorFor(int status, string? code = null) => _answers.For(status, code);

    internal override void Forget()
    {
        _tasks.Clear();
        _store.Forget();
        (Models, DefaultModel) = (CreatOKModel.Sample, SampleDefault);
    }

    internal override void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Api + "/capabilities", Handle(FaultStage.Query, exchange =>
        {
            exchange.MeetFault(prompt: null);
            return Task.FromResult(_answers.Ok(CreatOKCapabilities.ToJson(Models, DefaultModel, BrokenModels)));
        }));
        routes.MapPost(Api + "/upload/image/presigned", Handle(FaultStage.Upload, AnnounceAsync));
        routes.MapPut(CreatOKStore.Path + "/{**key}", Handle(FaultStage.Upload, exchange => _store.PutAsync(exchange, Server.Log), needsKey: false));
        routes.MapPost(Api + "/image-generation", Handle(FaultStage.Submit, SubmitAsync));
        routes.MapGet(Api + "/tasks/status", Handle(FaultStage.Poll, PollAsync));
        routes.MapGet(Delivery + "/{id}/{file}", Handle(FaultStage.Download, DownloadAsync, needsKey: false));

        // GET shows the part "image" of the capabilities; POST with such an object replaces it.
        routes.MapGet(ControlEndpoints.Path + "/creatok/capabilities", ControlEndpoints.Guard(_ => Task.FromResult<object>(ImagePart())));
        routes.MapPost(ControlEndpoints.Path + "/creatok/capabilities", ControlEndpoints.Guard(async http =>
        {
            JsonNode? image = await JsonNode.ParseAsync(http.Request.Body);
            if (image is not JsonObject || image["models"] is not JsonArray models)
                throw new ArgumentException("There must be default_model and models, as in the capabilities.");
            Models = [.. models.Select(CreatOKModel.Read)];
            DefaultModel = image["default_model"]?.ToString() ?? "";
            return ImagePart();
        }));
    }

    private JsonNode ImagePart() => CreatOKCapabilities.ToJson(Models, DefaultModel, broken: 0)["capabilities"]!["image"]!;

    private async Task<Answer> AnnounceAsync(Exchange exchange)
    {
        CreatOKBody body = await CreatOKBody.ReadAsync(exchange, _answers, "fileName", "fileType", "fileSize", "prefix");
        (string url, string key) = _store.Announce(body, _answers, Server.Origin, text => exchange.MeetFault(text));
        return _answers.Ok(new JsonObject { ["presignedUploadUrl"] = url, ["objectKey"] = key });
    }

    private async Task<Answer> SubmitAsync(Exchange exchange)
    {
        CreatOKBody body = await CreatOKBody.ReadAsync(exchange, _answers, "prompt", "model", "resolution", "n", "aspect_ratio", "imageObjectKeys");
        string prompt = body.Text("prompt"), id = body.Text("model"), resolution = body.Text("resolution");
        int count = body.Integer("n");
        CreatOKModel model = Models.FirstOrDefault(each => each.Id == id) ?? throw _answers.Invalid($"Unknown model: {id}.");
        if (!model.Resolutions.Contains(resolution))
            throw _answers.Invalid($"{id} makes {string.Join(", ", model.Resolutions)}, not {resolution}.");
        if (count < model.LeastImages || count > model.MostImages)
            throw _answers.Invalid($"n must be {model.LeastImages} to {model.MostImages} for {id}.");
        string ratio = body.Has("aspect_ratio") ? body.Text("aspect_ratio") : "1:1";
        if (PictureSize.Ratio(ratio) is not double shape || (body.Has("aspect_ratio") && model.AspectRatios?.Contains(ratio) == false))
            throw _answers.Invalid($"{id} does not make the aspect_ratio {ratio}.");
        IReadOnlyList<string> references = body.Texts("imageObjectKeys");
        if (references.Count > model.MostReferences)
            throw _answers.Invalid($"{id} takes {model.MostReferences} reference images at most.");
        if (references.Select(_store.Problem).FirstOrDefault(problem => problem is not null) is { } bad)
            throw _answers.Invalid(bad);

        (int width, int height) = PictureSize.Of(shape, PictureSize.Side(resolution));
        double cost = (model.Credits?.GetValueOrDefault(resolution) ?? 1) * count;
        CreatOKTask task;
        lock (_gate)
        {
            if (Credits < cost)
                throw _answers.Refused(200, "insufficient_credits");
            exchange.MeetFault(prompt);
            if (exchange.IsHitBy(FaultKind.Refuse))
                throw _answers.Refused(200, "content_policy");
            string taskId = NumericIds ? $"{++_lastNumber}" : $"img_task_{Guid.NewGuid():N}";
            task = new CreatOKTask(taskId, prompt, count, WorkSeconds, model, width, height);
            task.Apply(exchange.Fault, EndOf, "content_policy");
            _tasks[task.Id] = task;
            Credits -= cost;
        }

        exchange.Bill(count);
        var data = new JsonObject { ["task_id"] = IdToShow(task.Id) };
        if (SubmitTellsStatus)
            data["status"] = "queued";
        return _answers.Ok(data);
    }

    private Task<Answer> PollAsync(Exchange exchange)
    {
        IQueryCollection query = exchange.Http.Request.Query;
        CreatOKTask? task = _tasks.GetValueOrDefault(query["task_id"].ToString());
        if (query["task_type"].ToString() is not ("image_generation" or "video_generation"))
            throw _answers.Invalid("task_type must be image_generation or video_generation.");
        exchange.MeetFault(task?.Prompt);
        if (task is null || query["task_type"] != "image_generation")
            throw new RefusedException(_answers.Error(404, 40401, "Task not found."));

        task.Apply(exchange.Fault, EndOf, "content_policy");
        (TaskPhase phase, string? word) = task.Poll(PollsUntilReady);
        var data = new JsonObject
        {
            ["task_id"] = IdToShow(task.Id),
            ["status"] = word ?? phase switch
            {
                TaskPhase.Queued => "queued",
                TaskPhase.Running => "running",
                TaskPhase.Succeeded => "succeeded",
                _ => "failed",
            },
        };
        if (phase == TaskPhase.Succeeded)
            AddResult(data, task);
        else if (phase is TaskPhase.Failed or TaskPhase.Canceled)
            data["error"] = new JsonObject { ["message"] = CreatOKAnswers.Failure(task.FailureCode) };
        return Task.FromResult(_answers.Ok(data));
    }

    private void AddResult(JsonObject data, CreatOKTask task)
    {
        var images = new JsonArray([.. Enumerable.Range(1, task.Images - task.Missing).Select(i => ResultForm switch
        {
            5 => LinkTo(task, i, small: false),
            6 => (JsonNode?)new JsonObject { ["object_key"] = ObjectKey(task, i) },
            _ => new JsonObject
            {
                ["url"] = LinkTo(task, i, small: false),
                ["thumbnail_url"] = LinkTo(task, i, small: true),
                ["object_key"] = ObjectKey(task, i),
            },
        })]);
        switch (ResultForm)
        {
            case 1:
                data["result"] = new JsonObject { ["data"] = images };
                break;
            case 2 or 3 or 4:
                data[ResultForm switch { 2 => "images", 3 => "output", _ => "outputs" }] = images;
                break;
            default:
                data["result"] = new JsonObject { ["images"] = images };
                break;
        }
    }

    private Task<Answer> DownloadAsync(Exchange exchange)
    {
        HttpRequest request = exchange.Http.Request;
        CreatOKTask? task = _tasks.GetValueOrDefault((string)request.RouteValues["id"]!);
        exchange.MeetFault(task?.Prompt);
        if (exchange.IsHitBy(FaultKind.Expired))
            _links.Kill(request);
        if (task is null || !_links.IsAlive(request))
            return Task.FromResult(CreatOKStore.Error(403, "AccessDenied", "Request has expired."));
        string name = Path.GetFileNameWithoutExtension((string)request.RouteValues["file"]!);
        bool small = name.EndsWith('s');
        (int width, int height) = small
            ? PictureSize.Of((double)task.Width / task.Height, ThumbnailSide)
            : (task.Width, task.Height);
        return Task.FromResult(Answer.Bytes(
            TinyImages.Make(FormatName, width, height, $"{task.Model.Id}/{task.Id}/{name}/{task.Prompt}"),
            "image/" + FormatName));
    }

    private string LinkTo(CreatOKTask task, int number, bool small) => _links.Make(
        task.HasForeignLinks ? Server.ForeignOrigin : Server.Origin,
        $"{Delivery}/{task.Id}/{number}{(small ? "s" : "")}.{FormatName}",
        LinkLifetimeSeconds);

    private string ObjectKey(CreatOKTask task, int number) => $"open-skills/results/{task.Id}/{number}.{FormatName}";

    private JsonValue IdToShow(string id) => NumericIds && int.TryParse(id, out int number) ? JsonValue.Create(number) : JsonValue.Create(id);

    /// <summary>The words that clients take for ends.</summary>
    private static TaskPhase? EndOf(string word) => word.ToLowerInvariant() switch
    {
        "succeeded" or "success" or "completed" or "complete" or "done" or "finished" => TaskPhase.Succeeded,
        "failed" or "failure" or "error" or "expired" or "timeout" => TaskPhase.Failed,
        "canceled" or "cancelled" => TaskPhase.Canceled,
        _ => null,
    };
}
