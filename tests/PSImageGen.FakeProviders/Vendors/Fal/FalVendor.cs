using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.FakeProviders.Inputs;
using PSImageGen.FakeProviders.Log;
using PSImageGen.FakeProviders.Tasks;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.Fal;

/// <summary>The fal.ai queue, storage, CDN and platform API.</summary>
public sealed partial class FalVendor : FakeVendor
{
    private const string Scheme = "Key ";
    private const string Media = "/fal-media";
    private const string RequestId = "x-fal-request-id";

    private readonly ConcurrentDictionary<string, FalTask> _tasks = new();
    private readonly FalFiles _files = new();
    private readonly JobPace _pace = new();
    private readonly Lock _gate = new();

    internal FalVendor()
        : base("falJobSeconds", workSeconds: 0.5)
    {
        AddSetting("falPollsUntilDone", () => PollsUntilDone, value => PollsUntilDone = (int)value);
        AddSetting("falQueuedPolls", () => QueuedPolls, value => QueuedPolls = (int)value);
        AddSetting("falQueuedShare", () => QueuedShare, value => QueuedShare = value);
        AddSetting("falQueuePosition", () => QueuePosition, value => QueuePosition = (int)value);
        AddSetting("falResultLifetimeSeconds", () => ResultLifetimeSeconds, value => ResultLifetimeSeconds = value);
        AddSetting("falFileLifetimeSeconds", () => FileLifetimeSeconds, value => FileLifetimeSeconds = value);
        AddSetting("falHistoryLagSeconds", () => HistoryLagSeconds, value => HistoryLagSeconds = value);
        AddSetting("falPageSize", () => PageSize, value => PageSize = (int)value);
        AddSetting("falBalance", () => (double)Balance, value => Balance = (decimal)value);
        AddSetting("falKeyIsAdmin", () => KeyIsAdmin ? 1 : 0, value => KeyIsAdmin = value != 0);
        AddSetting("falValidatesLate", () => ValidatesLate ? 1 : 0, value => ValidatesLate = value != 0);
        AddSetting("falResponseSuffix", () => HasResponseSuffix ? 1 : 0, value => HasResponseSuffix = value != 0);
        AddSetting("falCancelStopsRunning", () => CancelStopsRunning ? 1 : 0, value => CancelStopsRunning = value != 0);
    }

    /// <inheritdoc/>
    public override string Name => "Fal";

    /// <inheritdoc/>
    public override string BaseUrlVariable => "FAL_BASE_URL";

    /// <inheritdoc/>
    public override string KeyVariable => "FAL_API_KEY";

    /// <inheritdoc/>
    public override string Key => "fake0fal-5d1e:9b3f70c2a846";

    /// <inheritdoc/>
    public override string BasePath => "/fal";

    /// <summary>When above 0, a request is completed at this poll, however long it takes.</summary>
    public int PollsUntilDone { get => _pace.PollsUntilDone; set => _pace.PollsUntilDone = value; }

    /// <summary>How many of those polls say <c>IN_QUEUE</c>.</summary>
    public int QueuedPolls { get => _pace.QueuedPolls; set => _pace.QueuedPolls = value; }

    /// <summary>The part of the work time that is spent <c>IN_QUEUE</c>.</summary>
    public double QueuedShare { get => _pace.QueuedShare; set => _pace.QueuedShare = value; }

    /// <summary>The position in the queue at first.</summary>
    public int QueuePosition { get; set; } = 2;

    /// <summary>How long after its end a request and its result are known.</summary>
    public double ResultLifetimeSeconds { get; set; } = 2_592_000;

    /// <summary>How long files are kept, unless the request says so.</summary>
    public double FileLifetimeSeconds { get; set; } = 604_800;

    /// <summary>How long it takes until a request is in the history.</summary>
    public double HistoryLagSeconds { get; set; }

    /// <summary>Requests on a page of the history.</summary>
    public int PageSize { get; set; } = 50;

    /// <summary>The account's US dollars; each request takes its price. At 0 the account is locked.</summary>
    public decimal Balance { get; set; } = 1000;

    /// <summary>Whether the key may ask for the balance.</summary>
    public bool KeyIsAdmin { get; set; }

    /// <summary>Whether a bad input is taken into the queue and fails there, in place of a 422 at once.</summary>
    public bool ValidatesLate { get; set; }

    /// <summary>Whether <c>response_url</c> ends in <c>/response</c>.</summary>
    public bool HasResponseSuffix { get; set; }

    /// <summary>Whether a request that runs stops when cancelled, or goes on to its end.</summary>
    public bool CancelStopsRunning { get; set; } = true;

    internal override bool Owns(PathString path) => path.StartsWithSegments(BasePath) || path.StartsWithSegments(Media);

    internal override bool TakesKey(PathString path) => path.StartsWithSegments(BasePath);

    internal override string? OfferedKey(HttpRequest request)
    {
        string value = request.Headers.Authorization.ToString();
        return value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? value[Scheme.Length..].Trim() : value.Length > 0 ? value : null;
    }

    internal override Answer Denied(string? offeredKey) => FalErrors.Denied();

    internal override Answer ErrorFor(int status, string? code = null) => FalErrors.For(status, code);

    internal override void Decorate(Answer answer)
    {
        // An ingress answers with a page and knows of no request.
        if (answer.ContentType != "text/html")
            answer.Headers.TryAdd(RequestId, Guid.NewGuid().ToString());
    }

    internal override void Forget()
    {
        _tasks.Clear();
        _files.Clear();
    }

    internal override void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder queue = routes.MapGroup(BasePath);
        queue.MapPost("/{**endpoint}", Handle(FaultStage.Submit, SubmitAsync));
        const string Request = "/{owner}/{app}/requests/{id}";
        queue.MapGet(Request + "/status", Handle(FaultStage.Poll, PollAsync));
        queue.MapGet(Request + "/status/stream", Handle(FaultStage.Stream, StreamAsync));
        queue.MapGet(Request, Handle(FaultStage.Result, ResultAsync));
        queue.MapGet(Request + "/response", Handle(FaultStage.Result, ResultAsync));
        queue.MapPut(Request + "/cancel", Handle(FaultStage.Cancel, CancelAsync));
        queue.MapPost("/storage/upload/initiate", Handle(FaultStage.Upload, InitiateAsync));
        routes.MapPut(Media + "/upload/{token}/{name}", Handle(FaultStage.Upload, ReceiveAsync, needsKey: false));
        routes.MapGet(Media + "/files/{token}/{name}", Handle(FaultStage.Download, DownloadAsync, needsKey: false));
        MapPlatform(queue);
    }

    internal static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private async Task<Answer> SubmitAsync(Exchange exchange)
    {
        HttpRequest request = exchange.Http.Request;
        string id = (string?)request.RouteValues["endpoint"] ?? "";
        FalEndpoint? endpoint = FalEndpoints.All.FirstOrDefault(each => each.Id == id);
        if (endpoint is null)
        {
            await exchange.ReadBodyAsync();
            throw new RefusedException(FalErrors.Request(404, $"Application '{id}' not found", null));
        }

        if (Balance <= 0)
        {
            await exchange.ReadBodyAsync();
            throw new RefusedException(FalErrors.Locked());
        }

        if (!request.HasJsonContentType() || await exchange.ReadJsonAsync() is not JsonElement root)
            throw Unprocessable(null, "Input should be a valid JSON object", "json_invalid");
        Headers headers = ReadHeaders(request);
        var input = new InputCheck(endpoint.Inputs, root, exchange.Record, FindImage);
        if (input.Faults.Count == 0)
            FalEndpoints.CheckTogether(endpoint, input);
        FalFailure? invalid = input.Faults.Count > 0 ? FalErrors.Invalid(input.Faults, root) : null;
        if (invalid is not null && !ValidatesLate)
            throw new RefusedException(invalid.Answer());

        var task = new FalTask(endpoint, input, JsonNode.Parse(root.GetRawText())!, new JobClock(WorkSeconds, _pace))
        {
            IsStored = headers.IsStored,
            FileLifetimeSeconds = headers.FileLifetime ?? FileLifetimeSeconds,
            StartWithinSeconds = headers.StartWithin,
            Failure = invalid,
        };
        lock (_gate)
        {
            exchange.MeetFault(task.Prompt);
            Apply(exchange.Fault, task);
            _tasks[task.Id] = task;
            Balance -= endpoint.Price * task.Count;
        }

        exchange.Bill(task.Count);
        JsonObject body = Links(task, task.HasForeignUrls);
        (body["status"], body["queue_position"]) = ("IN_QUEUE", QueuePosition);
        return ForRequest(task, Answer.Json(body));
    }

    private Task<Answer> PollAsync(Exchange exchange)
    {
        FalTask? task = FindTask(exchange);
        exchange.MeetFault(task?.Prompt);
        if (task is null)
            return Task.FromResult(NotFound());
        lock (_gate)
        {
            Apply(exchange.Fault, task);
            (string word, JsonObject body) = State(task, exchange.IsHitBy(FaultKind.ForeignLink));
            body["logs"] = WantsLogs(exchange) && word != "IN_QUEUE" ? new JsonArray([.. task.Logs()]) : null;
            return Task.FromResult(ForRequest(task, Answer.Json(body, word == "COMPLETED" ? 200 : 202)));
        }
    }

    private Task<Answer> StreamAsync(Exchange exchange)
    {
        FalTask? task = FindTask(exchange);
        exchange.MeetFault(task?.Prompt);
        if (task is null)
            return Task.FromResult(NotFound());
        lock (_gate)
        {
            Apply(exchange.Fault, task);
            if (exchange.IsHitBy(FaultKind.NoStream))
                return Task.FromResult(ForRequest(task, Answer.Json(State(task, foreign: false).Body)));
        }

        return Task.FromResult(ForRequest(task, Answer.Events(FollowAsync(task, exchange.Fault, WantsLogs(exchange), exchange.Aborted))));
    }

    private async IAsyncEnumerable<LivePiece> FollowAsync(
        FalTask task, Fault? fault, bool wantsLogs, [EnumeratorCancellation] CancellationToken aborted)
    {
        int sentLogs = 0;
        string last = "", word;
        do
        {
            JsonObject body;
            int newLogs = 0;
            lock (_gate)
            {
                (word, body) = State(task, foreign: false);
                IReadOnlyList<JsonObject> logs = wantsLogs && word != "IN_QUEUE" ? task.Logs() : [];
                newLogs = logs.Count - sentLogs;
                body["logs"] = wantsLogs && newLogs > 0 ? new JsonArray([.. logs.Skip(sentLogs)]) : null;
                sentLogs = int.Max(sentLogs, logs.Count);
            }

            bool isOver = word == "COMPLETED";
            string state = $"{word}/{body["queue_position"]}";
            string name = "";
            if (isOver && fault?.Kind == FaultKind.BareEnd)
            {
                body = new JsonObject { ["request_id"] = task.Id };
                name = fault.TaskStatus is null ? "" : $"event: {fault.TaskStatus}\n";
            }

            if (state != last || newLogs > 0)
                yield return new LivePiece(Encoding.UTF8.GetBytes($"{name}data: {body.ToJsonString()}\n\n"), isOver);
            last = state;
            if (!isOver)
                await Task.Delay(task.Clock.Tick, aborted);
        }
        while (word != "COMPLETED");
    }

    private Task<Answer> ResultAsync(Exchange exchange)
    {
        FalTask? task = FindTask(exchange);
        exchange.MeetFault(task?.Prompt);
        if (task is null)
            return Task.FromResult(NotFound());
        lock (_gate)
        {
            if (task.Look() == JobPhase.Over || exchange.Fault is { Kind: FaultKind.PollStatus })
                Apply(exchange.Fault, task);
            if (task.Look() != JobPhase.Over)
                return Task.FromResult(ForRequest(task, FalErrors.Request(400, "Request is still in progress", null)));
            if (task.Failure is not null)
            {
                Answer failed = task.Failure.Answer();
                if (task.Failure.Type == "request_timeout" && task.StartWithinSeconds is not null)
                    failed.Headers["X-Fal-Request-Timeout-Type"] = "user";
                return Task.FromResult(ForRequest(task, failed));
            }

            Answer answer = ForRequest(task, Answer.Json(Output(task)));
            answer.Headers["x-fal-billable-units"] = task.BillableUnits.ToString(CultureInfo.InvariantCulture);
            return Task.FromResult(answer);
        }
    }

    private Task<Answer> CancelAsync(Exchange exchange)
    {
        FalTask? task = FindTask(exchange);
        exchange.MeetFault(task?.Prompt);
        JobPhase phase;
        lock (_gate)
        {
            phase = task?.Look() ?? JobPhase.Over;
            if (task is not null && (phase == JobPhase.Queued || (phase == JobPhase.Running && CancelStopsRunning)))
                task.Fail(FalErrors.Failure("client_cancelled"));
        }

        (int status, string word) = task is null ? (404, "NOT_FOUND") : phase == JobPhase.Over ? (400, "ALREADY_COMPLETED") : (202, "CANCELLATION_REQUESTED");
        return Task.FromResult(Answer.Json(new JsonObject { ["status"] = word }, status));
    }

    private async Task<Answer> InitiateAsync(Exchange exchange)
    {
        HttpRequest request = exchange.Http.Request;
        if (await exchange.ReadJsonAsync() is not JsonElement root)
            throw Unprocessable(null, "Input should be a valid JSON object", "json_invalid");
        if (request.Query["storage_type"].ToString() is not ("" or "fal-cdn-v3" or "gcs"))
            throw Unprocessable("storage_type", "Input should be one of: fal-cdn-v3, gcs", "one_of");
        string Get(string name) =>
            root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
                ? text
                : throw Unprocessable(name, "Field required", "missing");
        (string type, string name) = (Get("content_type"), Get("file_name"));
        if (Balance <= 0)
            throw new RefusedException(FalErrors.Locked());
        exchange.MeetFault(prompt: null);

        FalFile file = _files.Add(Path.GetFileName(name), type, FileLifetimeSeconds);
        string escaped = Uri.EscapeDataString(file.Name);
        return Answer.Json(new JsonObject
        {
            ["file_url"] = $"{Server.Origin}{Media}/files/{file.Token}/{escaped}",
            ["upload_url"] = $"{OriginFor(exchange.IsHitBy(FaultKind.ForeignLink))}{Media}/upload/{file.Token}/{escaped}?sig={file.Signature}",
        });
    }

    private async Task<Answer> ReceiveAsync(Exchange exchange)
    {
        HttpRequest request = exchange.Http.Request;
        byte[] body = await exchange.ReadBodyAsync();
        FalFile? file = _files.Find((string)request.RouteValues["token"]!);
        if (request.Headers.Authorization.Count > 0)
            Server.Log.AddViolation(Name, exchange.Record, "Authorization was sent with an upload to a signed URL");
        if (file is null || request.Query["sig"] != file.Signature)
            return FalErrors.Request(403, "Invalid signature", null);
        if (request.ContentType != file.ContentType)
            return FalErrors.Request(403, "The content type differs from that of the initiation", null);
        exchange.Record.AddFile(new RequestFile("file", file.Name, file.ContentType, body));
        exchange.MeetFault(prompt: null);
        file.Bytes = body;
        return new Answer();
    }

    private Task<Answer> DownloadAsync(Exchange exchange)
    {
        RouteValueDictionary values = exchange.Http.Request.RouteValues;
        (string token, string name) = ((string)values["token"]!, (string)values["name"]!);
        FalTask? task = _tasks.GetValueOrDefault(token);
        exchange.MeetFault(task?.Prompt);
        lock (_gate)
        {
            if (task is not null && exchange.IsHitBy(FaultKind.Expired))
                task.FilesAreDead = true;
            if (task is not null && FilesLive(task)
                && Enumerable.Range(0, task.Delivered).FirstOrDefault(i => FileName(task, i) == name, -1) is >= 0 and var index)
            {
                return Task.FromResult(Answer.Bytes(task.Picture(index), "image/" + task.Format));
            }
        }

        return Task.FromResult(_files.Find(token) is { Bytes: { } bytes } file && file.Name == name
            ? Answer.Bytes(bytes, file.ContentType)
            : FalErrors.Request(404, "File not found", null));
    }

    private static Headers ReadHeaders(HttpRequest request)
    {
        string? Get(string name) => request.Headers.TryGetValue(name, out var value) ? value.ToString() : null;
        static RefusedException Bad(string name) =>
            new(FalErrors.Model(400, [new InputFault(null, $"{name} is not valid", "bad_request")], null, retryable: false));
        double? startWithin = null, lifetime = null;
        if (Get("X-Fal-Request-Timeout") is { } timeout)
        {
            startWithin = double.TryParse(timeout, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds > 1
                ? seconds
                : throw Bad("X-Fal-Request-Timeout");
        }

        if (Get("X-Fal-Queue-Priority") is { } priority && priority is not ("normal" or "low"))
            throw Bad("X-Fal-Queue-Priority");
        if (Get("X-Fal-Object-Lifecycle-Preference") is { } preference)
        {
            try
            {
                lifetime = JsonNode.Parse(preference)?["expiration_duration_seconds"]?.GetValue<double>();
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
            {
                throw Bad("X-Fal-Object-Lifecycle-Preference");
            }
        }

        string webhook = request.Query["fal_webhook"].ToString();
        if (webhook.Length > 0 && !webhook.StartsWith("https://", StringComparison.Ordinal))
            throw Bad("fal_webhook");
        return new Headers(startWithin, lifetime, Get("X-Fal-Store-IO") != "0");
    }

    private InputImage FindImage(string text)
    {
        if (InputImage.FromDataUri(text) is { } inline)
            return inline;
        string files = Server.Origin + Media + "/files/";
        if (text.StartsWith(files, StringComparison.Ordinal))
        {
            string token = text[files.Length..].Split('/')[0];
            if (_files.Find(token) is { Bytes: { } bytes } file)
                return InputImage.From(bytes, file.ContentType);
            return _tasks.GetValueOrDefault(token) is { } task && FilesLive(task)
                ? new InputImage(new Images.ImageFacts(task.Format, task.Width, task.Height, HasAlpha: false))
                : InputImage.Bad("Failed to download the file. Please check if the URL is accessible and try again.", "file_download_error");
        }

        return InputImage.IsLink(text) ? InputImage.BehindLink : InputImage.Bad("Input should be a valid URL", "url_parsing");
    }

    /// <summary>Lets a fault change the request itself.</summary>
    private static void Apply(Fault? fault, FalTask task)
    {
        bool isSubmit = fault?.Stage == FaultStage.Submit;
        switch (fault?.Kind)
        {
            case FaultKind.Refuse:
                End(task, FalErrors.Failure(fault.Code ?? "content_policy_violation"), isSubmit);
                break;
            case FaultKind.FewerImages:
                task.DropOne();
                break;
            case FaultKind.PollStatus when fault.TaskStatus == "COMPLETED":
                End(task, fault.Code is null ? task.Failure : FalErrors.Failure(fault.Code), isSubmit);
                break;
            case FaultKind.PollStatus:
                task.NextWord = fault.TaskStatus;
                break;
            case FaultKind.NeverReady:
                task.Clock.NeverEnds = true;
                break;
            case FaultKind.ForeignLink when isSubmit:
                task.HasForeignUrls = true;
                break;
            case FaultKind.ForeignLink when fault.Stage != FaultStage.Poll:
                task.HasForeignOutputs = true;
                break;
        }
    }

    private static void End(FalTask task, FalFailure? failure, bool inItsTime)
    {
        task.Failure = failure;
        if (!inItsTime)
            task.Clock.Finish();
    }

    private (string Word, JsonObject Body) State(FalTask task, bool foreign)
    {
        JobPhase phase = task.Look(counts: true);
        string word = phase switch { JobPhase.Queued => "IN_QUEUE", JobPhase.Running => "IN_PROGRESS", _ => "COMPLETED" };
        if (task.NextWord is { } next && phase != JobPhase.Over)
            word = next;
        task.NextWord = null;
        JsonObject body = Links(task, foreign || task.HasForeignUrls);
        body["status"] = word;
        if (word == "IN_QUEUE")
        {
            double share = task.Clock.StartsAt is { } starts && starts > task.Clock.Created
                ? (DateTimeOffset.UtcNow - task.Clock.Created) / (starts - task.Clock.Created)
                : 0;
            body["queue_position"] = (int)double.Ceiling(QueuePosition * (1 - double.Clamp(share, 0, 1)));
        }

        if (phase == JobPhase.Over && task.Failure is { } failure)
            (body["error"], body["error_type"]) = (failure.Message, failure.Type);
        else if (phase == JobPhase.Over)
            body["metrics"] = new JsonObject { ["inference_time"] = InferenceTime(task) };
        return (word, body);
    }

    private JsonObject Output(FalTask task)
    {
        JsonNode Picture(int index) => new JsonObject
        {
            ["url"] = task.IsSync
                ? $"data:image/{task.Format};base64,{Convert.ToBase64String(task.Picture(index))}"
                : $"{OriginFor(task.HasForeignOutputs)}{Media}/files/{task.Id}/{FileName(task, index)}",
            ["width"] = task.Endpoint.TellsSize ? task.Width : null,
            ["height"] = task.Endpoint.TellsSize ? task.Height : null,
            ["content_type"] = "image/" + task.Format,
            ["file_name"] = FileName(task, index),
            ["file_size"] = null,
        };
        if (task.Endpoint.IsSingle)
            return new JsonObject { ["image"] = Picture(0), ["timings"] = new JsonObject { ["inference"] = InferenceTime(task) } };

        var body = new JsonObject { ["images"] = new JsonArray([.. Enumerable.Range(0, task.Delivered).Select(Picture)]) };
        if (task.Endpoint.IsFlux)
        {
            body["seed"] = task.Seed;
            body["has_nsfw_concepts"] =
                new JsonArray([.. Enumerable.Range(0, task.Delivered).Select(i => (JsonNode?)(task.HasFlagged && i == task.Delivered - 1))]);
            body["prompt"] = task.Prompt;
            body["timings"] = new JsonObject { ["inference"] = InferenceTime(task) };
        }
        else if (task.Endpoint.Id.Contains("seedream", StringComparison.Ordinal))
        {
            body["seed"] = task.Seed;
        }
        else
        {
            body["description"] = "";
        }

        return body;
    }

    private JsonObject Links(FalTask task, bool foreign)
    {
        string link = $"{OriginFor(foreign)}{BasePath}/{task.Endpoint.App}/requests/{task.Id}";
        return new JsonObject
        {
            ["request_id"] = task.Id,
            ["response_url"] = HasResponseSuffix ? link + "/response" : link,
            ["status_url"] = link + "/status",
            ["cancel_url"] = link + "/cancel",
        };
    }

    private FalTask? FindTask(Exchange exchange)
    {
        RouteValueDictionary values = exchange.Http.Request.RouteValues;
        if (_tasks.GetValueOrDefault((string)values["id"]!) is not { } task || task.Endpoint.App != $"{values["owner"]}/{values["app"]}")
            return null;
        lock (_gate)
        {
            task.Look();
            return task.Clock.Ended is { } ended && DateTimeOffset.UtcNow > ended.AddSeconds(ResultLifetimeSeconds) ? null : task;
        }
    }

    private static bool FilesLive(FalTask task) =>
        task is { FilesAreDead: false, Failure: null, IsSync: false } && task.Look() == JobPhase.Over
        && DateTimeOffset.UtcNow < task.Clock.Ended!.Value.AddSeconds(task.FileLifetimeSeconds);

    private static bool WantsLogs(Exchange exchange) => exchange.Http.Request.Query["logs"].ToString() is "1" or "true";

    private static Answer ForRequest(FalTask task, Answer answer)
    {
        answer.Headers[RequestId] = task.Id;
        return answer;
    }

    private static Answer NotFound() => FalErrors.Request(404, "Request not found", null);

    private static RefusedException Unprocessable(string? field, string message, string type) =>
        new(FalErrors.Model(422, [new InputFault(field, message, type)], null, retryable: false));

    private static double InferenceTime(FalTask task) =>
        double.Round(((task.Clock.Ended ?? task.Clock.Created) - (task.Clock.Started ?? task.Clock.Created)).TotalSeconds, 6);

    private static string FileName(FalTask task, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"{index}.{(task.Format == "jpeg" ? "jpg" : task.Format)}");

    private string OriginFor(bool foreign) => foreign ? Server.ForeignOrigin : Server.Origin;

    private sealed record Headers(double? StartWithin, double? FileLifetime, bool IsStored);
}
