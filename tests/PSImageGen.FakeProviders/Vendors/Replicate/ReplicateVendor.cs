using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.FakeProviders.Images;
using PSImageGen.FakeProviders.Inputs;
using PSImageGen.FakeProviders.Tasks;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.Replicate;

/// <summary>The Replicate API.</summary>
public sealed partial class ReplicateVendor : FakeVendor
{
    private const string Delivery = "/replicate-delivery";
    private const string Streams = "/replicate-stream";
    private const decimal LowCredit = 5;
    private const int LowCreditWaitSeconds = 10;

    private static readonly string[] Ends = ["succeeded", "failed", "canceled", "aborted"];

    private readonly ConcurrentDictionary<string, ReplicateTask> _tasks = new();
    private readonly ReplicateFiles _files = new();
    private readonly JobPace _pace = new();
    private readonly Lock _gate = new();
    private DateTimeOffset _lastCreated = DateTimeOffset.MinValue;

    internal ReplicateVendor()
        : base("replicateJobSeconds", workSeconds: 0.5)
    {
        AddSetting("replicatePollsUntilDone", () => PollsUntilDone, value => PollsUntilDone = (int)value);
        AddSetting("replicateStartingPolls", () => StartingPolls, value => StartingPolls = (int)value);
        AddSetting("replicateStartingShare", () => StartingShare, value => StartingShare = value);
        AddSetting("replicateStreams", () => HasStreams ? 1 : 0, value => HasStreams = value != 0);
        AddSetting("replicateRetentionSeconds", () => RetentionSeconds, value => RetentionSeconds = value);
        AddSetting("replicateFileLifetimeSeconds", () => FileLifetimeSeconds, value => FileLifetimeSeconds = value);
        AddSetting("replicateFileMaxBytes", () => FileMaxBytes, value => FileMaxBytes = (long)value);
        AddSetting("replicateInlineMaxBytes", () => InlineMaxBytes, value => InlineMaxBytes = (long)value);
        AddSetting("replicatePageSize", () => PageSize, value => PageSize = (int)value);
        AddSetting("replicateSubmitStatus", () => SubmitStatus, value => SubmitStatus = (int)value);
        AddSetting("replicateCredit", () => (double)Credit, value => Credit = (decimal)value);
    }

    /// <inheritdoc/>
    public override string Name => "Replicate";

    /// <inheritdoc/>
    public override string BaseUrlVariable => "REPLICATE_BASE_URL";

    /// <inheritdoc/>
    public override string KeyVariable => "REPLICATE_API_TOKEN";

    /// <inheritdoc/>
    public override string Key => "r8_fake7c21e0d94b6a53f8";

    /// <inheritdoc/>
    public override string BasePath => "/replicate/v1";

    /// <summary>When above 0, a prediction is over at this poll, however long it takes.</summary>
    public int PollsUntilDone { get => _pace.PollsUntilDone; set => _pace.PollsUntilDone = value; }

    /// <summary>How many of those polls say <c>starting</c>.</summary>
    public int StartingPolls { get => _pace.QueuedPolls; set => _pace.QueuedPolls = value; }

    /// <summary>The part of the work time that is spent <c>starting</c>.</summary>
    public double StartingShare { get => _pace.QueuedShare; set => _pace.QueuedShare = value; }

    /// <summary>Whether predictions have <c>urls.stream</c>.</summary>
    public bool HasStreams { get; set; }

    /// <summary>How long after its end a prediction's input, output, logs and files are kept.</summary>
    public double RetentionSeconds { get; set; } = 3600;

    /// <summary>How long an uploaded file is kept.</summary>
    public double FileLifetimeSeconds { get; set; } = 86_400;

    /// <summary>The largest file that is taken.</summary>
    public long FileMaxBytes { get; set; } = 100_000_000;

    /// <summary>The most bytes of a data URI.</summary>
    public long InlineMaxBytes { get; set; } = 256 * 1024;

    /// <summary>Predictions on a page of the list.</summary>
    public int PageSize { get; set; } = 100;

    /// <summary>The status of a creation: 201, or 202 for accepted without waiting.</summary>
    public int SubmitStatus { get; set; } = 201;

    /// <summary>The account's US dollars; each prediction takes its price. Below 5 creations are throttled to one in ten seconds.</summary>
    public decimal Credit { get; set; } = 1000;

    internal override bool Owns(PathString path) =>
        path.StartsWithSegments("/replicate") || path.StartsWithSegments(Delivery) || path.StartsWithSegments(Streams);

    internal override bool TakesKey(PathString path) => path.StartsWithSegments("/replicate");

    internal override string? OfferedKey(HttpRequest request) => BearerKey.Of(request);

    internal override Answer Denied(string? offeredKey) => ReplicateErrors.Denied();

    internal override Answer ErrorFor(int status, string? code = null) => ReplicateErrors.For(status, code);

    internal override void Decorate(Answer answer)
    {
        if (answer.Status is 200 or 201 or 202 && answer.ContentType == "application/json")
            (answer.Headers["ratelimit-remaining"], answer.Headers["ratelimit-reset"]) = ("599", "1");
    }

    internal override void Forget()
    {
        _tasks.Clear();
        _files.Clear();
        _lastCreated = DateTimeOffset.MinValue;
    }

    internal override void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder api = routes.MapGroup(BasePath);
        api.MapPost("/predictions", Handle(FaultStage.Submit, exchange => SubmitAsync(exchange, byVersion: true)));
        api.MapPost("/models/{owner}/{name}/predictions", Handle(FaultStage.Submit, exchange => SubmitAsync(exchange, byVersion: false)));
        api.MapGet("/predictions/{id}", Handle(FaultStage.Poll, PollAsync));
        api.MapPost("/predictions/{id}/cancel", Handle(FaultStage.Cancel, CancelAsync));
        api.MapGet("/predictions", Handle(FaultStage.Query, ListAsync));
        api.MapGet("/account", Handle(FaultStage.Query, exchange => QueryAsync(exchange, () => Answer.Json(new JsonObject
        {
            ["type"] = "user",
            ["username"] = "fake",
            ["name"] = "Fake Account",
            ["github_url"] = "https://github.com/fake",
        }))));
        api.MapGet("/models", Handle(FaultStage.Query, exchange => QueryAsync(exchange, () => Page(ReplicateModels.All.Select(DescribeModel)))));
        api.MapGet("/models/{owner}/{name}", Handle(FaultStage.Query, exchange => QueryAsync(
            exchange,
            () => ModelOf(exchange) is { } model ? Answer.Json(DescribeModel(model)) : ReplicateErrors.NotFound())));
        api.MapPost("/files", Handle(FaultStage.Upload, UploadAsync));
        api.MapGet("/files", Handle(FaultStage.Query, exchange => QueryAsync(exchange, () => Page(_files.All.Select(file => Describe(file, foreign: false))))));
        api.MapGet("/files/{id}", Handle(FaultStage.Query, exchange => QueryAsync(
            exchange,
            () => _files.Find(IdOf(exchange)) is { } file ? Answer.Json(Describe(file, foreign: false)) : ReplicateErrors.NotFound("File not found"))));
        api.MapDelete("/files/{id}", Handle(FaultStage.Query, exchange => QueryAsync(
            exchange,
            () => _files.Remove(IdOf(exchange)) ? new Answer { Status = 204 } : ReplicateErrors.NotFound("File not found"))));
        routes.MapGet(Streams + "/v1/streams/{token}", Handle(FaultStage.Stream, StreamAsync, needsKey: false));
        routes.MapGet(Delivery + "/{token}/{file}", Handle(FaultStage.Download, DownloadAsync, needsKey: false));
    }

    private static Task<Answer> QueryAsync(Exchange exchange, Func<Answer> answer)
    {
        exchange.MeetFault(prompt: null);
        return Task.FromResult(answer());
    }

    private async Task<Answer> SubmitAsync(Exchange exchange, bool byVersion)
    {
        HttpRequest request = exchange.Http.Request;
        if (!request.HasJsonContentType() || await exchange.ReadJsonAsync() is not JsonElement root)
            throw new RefusedException(ReplicateErrors.Problem(400, "Invalid request", "The request body must be a JSON object."));
        ReplicateModel? byName = byVersion ? null : ModelOf(exchange);
        if (!byVersion && byName is not { IsOfficial: true })
            throw new RefusedException(ReplicateErrors.NotFound());
        CheckBody(root, byVersion);
        ReplicateModel model = byName ?? FindVersion(root.GetProperty("version").GetString()!);
        TimeSpan? wait = ReadPrefer(request);
        TimeSpan? lifetime = ReadCancelAfter(request);

        JsonElement values = root.GetProperty("input");
        var input = new InputCheck(model.Inputs, values, exchange.Record, FindImage);
        if (input.Faults.Count == 0)
            model.Rules?.Invoke(input);
        if (input.Faults.Count > 0)
            throw ReplicateErrors.InvalidInput(input.Faults);

        ReplicateTask task;
        lock (_gate)
        {
            task = new ReplicateTask(model, input, JsonNode.Parse(values.GetRawText())!.AsObject(), new JobClock(WorkSeconds, _pace), lifetime);
            decimal price = model.Price * task.Count;
            if (Credit < price)
                throw new RefusedException(ReplicateErrors.For(402, null));
            TimeSpan since = DateTimeOffset.UtcNow - _lastCreated;
            if (Credit < LowCredit && since.TotalSeconds < LowCreditWaitSeconds)
                throw new RefusedException(ReplicateErrors.Throttled((int)double.Ceiling(LowCreditWaitSeconds - since.TotalSeconds)));
            exchange.MeetFault(input.Prompt);
            Apply(exchange.Fault, task);
            _tasks[task.Id] = task;
            _lastCreated = DateTimeOffset.UtcNow;
            Credit -= price;
        }

        exchange.Bill(task.Count);
        if (wait is null)
            return Answer.Json(Describe(task, "starting"), SubmitStatus);

        DateTimeOffset until = DateTimeOffset.UtcNow + wait.Value;
        string word = "starting";
        while (!Ends.Contains(word) && DateTimeOffset.UtcNow < until)
        {
            await Task.Delay(task.Clock.Tick, exchange.Aborted);
            lock (_gate)
                word = task.Look(counts: true);
        }

        Answer answer = Answer.Json(Describe(task, word), 201);
        answer.Headers["Preference-Applied"] = string.Create(CultureInfo.InvariantCulture, $"wait={wait.Value.TotalSeconds}");
        return answer;
    }

    private Task<Answer> PollAsync(Exchange exchange)
    {
        ReplicateTask? task = _tasks.GetValueOrDefault(IdOf(exchange));
        exchange.MeetFault(task?.Prompt);
        if (task is null)
            return Task.FromResult(ReplicateErrors.NotFound());
        lock (_gate)
        {
            Apply(exchange.Fault, task);
            string word = task.Look(counts: true);
            if (task.NextWord is { } next && !Ends.Contains(word))
                word = next;
            task.NextWord = null;
            return Task.FromResult(Answer.Json(Describe(task, word, withSource: true)));
        }
    }

    private Task<Answer> CancelAsync(Exchange exchange)
    {
        ReplicateTask? task = _tasks.GetValueOrDefault(IdOf(exchange));
        exchange.MeetFault(task?.Prompt);
        if (task is null)
            return Task.FromResult(ReplicateErrors.NotFound());
        lock (_gate)
        {
            task.Cancel();
            return Task.FromResult(Answer.Json(Describe(task, task.Look(), withSource: true)));
        }
    }

    private Task<Answer> ListAsync(Exchange exchange)
    {
        IQueryCollection query = exchange.Http.Request.Query;
        exchange.MeetFault(prompt: null);
        if (query.Keys.FirstOrDefault(key => key is not ("created_after" or "created_before" or "source" or "cursor")) is { } unknown)
            throw ReplicateErrors.Invalid($"Unknown parameter: {unknown}", "Invalid request");
        if (query.TryGetValue("source", out var source) && source != "web")
            throw ReplicateErrors.Invalid("source: must be web", "Invalid request");
        DateTimeOffset? after = ReadTime(query, "created_after"), before = ReadTime(query, "created_before");
        int from = 0;
        if (query.TryGetValue("cursor", out var cursor) && !int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out from))
            throw ReplicateErrors.Invalid("Invalid cursor", "Invalid request");

        ReplicateTask[] found =
        [
            .. _tasks.Values
                .Where(task => query["source"].Count == 0 && !(task.Clock.Created < after) && !(task.Clock.Created >= before))
                .OrderByDescending(task => task.Clock.Created),
        ];
        string Link(int at)
        {
            QueryString rest = QueryString.Create(query.Where(pair => pair.Key != "cursor")).Add("cursor", at.ToString(CultureInfo.InvariantCulture));
            return $"{BaseUrl}/predictions{rest}";
        }

        lock (_gate)
        {
            return Task.FromResult(Page(
                found.Skip(from).Take(PageSize).Select(task => Describe(task, task.Look(), withSource: true)),
                from + PageSize < found.Length ? Link(from + PageSize) : null,
                from > 0 ? Link(int.Max(0, from - PageSize)) : null));
        }
    }

    private async Task<Answer> UploadAsync(Exchange exchange)
    {
        ReplicateFile file = await ReplicateFiles.ReceiveAsync(exchange, FileLifetimeSeconds, FileMaxBytes);
        exchange.MeetFault(prompt: null);
        _files.Add(file);
        return Answer.Json(Describe(file, exchange.IsHitBy(FaultKind.ForeignLink)), 201);
    }

    private Task<Answer> StreamAsync(Exchange exchange)
    {
        ReplicateTask? task = _tasks.Values.FirstOrDefault(each => each.StreamToken == (string)exchange.Http.Request.RouteValues["token"]!);
        exchange.MeetFault(task?.Prompt);
        if (task is null)
            return Task.FromResult(ReplicateErrors.NotFound());
        lock (_gate)
        {
            Apply(exchange.Fault, task);
            if (exchange.IsHitBy(FaultKind.NoStream))
                return Task.FromResult(Answer.Json(Describe(task, task.Look(), withSource: true)));
        }

        return Task.FromResult(Answer.Events(FollowAsync(task, exchange.Fault, exchange.Aborted)));
    }

    private async IAsyncEnumerable<LivePiece> FollowAsync(ReplicateTask task, Fault? fault, [EnumeratorCancellation] CancellationToken aborted)
    {
        int number = 0;
        LivePiece Event(string name, string data, bool isLast = false) => new(
            Encoding.UTF8.GetBytes(
                $"event: {name}\nid: {task.Clock.Created.ToUnixTimeMilliseconds()}:{number++}\n"
                    + string.Concat(data.Split('\n').Select(line => $"data: {line}\n")) + "\n"),
            isLast);

        if (fault?.Kind == FaultKind.PollStatus && !Ends.Contains(fault.TaskStatus))
            yield return Event(fault.TaskStatus!, "{}");
        string sent = "", word;
        do
        {
            string logs;
            lock (_gate)
                (word, logs) = (task.Look(counts: true), task.Logs);
            if (logs.Length > sent.Length)
            {
                yield return Event("logs", logs[sent.Length..].TrimEnd('\n'));
                sent = logs;
            }

            if (!Ends.Contains(word))
                await Task.Delay(task.Clock.Tick, aborted);
        }
        while (!Ends.Contains(word));

        bool isBare = fault?.Kind == FaultKind.BareEnd;
        if (word == "succeeded" && !isBare)
        {
            foreach (string link in Links(task))
                yield return Event("output", link);
        }
        else if (word == "failed" && !isBare)
        {
            yield return Event("error", task.Error ?? "");
        }

        string? reason = isBare ? null : word switch { "failed" => "error", "succeeded" => null, _ => "canceled" };
        string end = reason is null ? "{}" : new JsonObject { ["reason"] = reason }.ToJsonString();
        yield return Event((isBare ? fault!.TaskStatus : null) ?? "done", end, isLast: true);
    }

    private Task<Answer> DownloadAsync(Exchange exchange)
    {
        RouteValueDictionary values = exchange.Http.Request.RouteValues;
        ReplicateTask? task = _tasks.Values.FirstOrDefault(each => each.OutputToken == (string)values["token"]!);
        exchange.MeetFault(task?.Prompt);
        lock (_gate)
        {
            if (task is not null && exchange.IsHitBy(FaultKind.Expired))
                task.DataRemoved = true;
            if (task is null || task.Look() != "succeeded" || IsGone(task)
                || Enumerable.Range(0, task.Delivered).FirstOrDefault(i => FileName(task, i) == (string)values["file"]!, -1) is var index && index < 0)
            {
                return Task.FromResult(Answer.Text("<?xml version='1.0' encoding='UTF-8'?><Error><Code>NoSuchKey</Code></Error>", "application/xml", 404));
            }

            byte[] picture = TinyImages.Make(task.Format, task.Width, task.Height, $"{task.Id}/{task.Prompt}/{task.Seed}/{index}");
            return Task.FromResult(Answer.Bytes(picture, task.MediaType));
        }
    }

    private static void CheckBody(JsonElement root, bool byVersion)
    {
        foreach (JsonProperty property in root.EnumerateObject())
        {
            string? fault = property.Name switch
            {
                "version" when byVersion => property.Value.ValueKind == JsonValueKind.String ? null : "must be a string",
                "input" => property.Value.ValueKind == JsonValueKind.Object ? null : "must be an object",
                "stream" => property.Value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : "must be a boolean",
                "webhook" => property.Value.ValueKind == JsonValueKind.String && property.Value.GetString()!.StartsWith("https://", StringComparison.Ordinal)
                    ? null
                    : "must be an HTTPS URL",
                "webhook_events_filter" => property.Value.ValueKind == JsonValueKind.Array
                    && property.Value.EnumerateArray().All(item =>
                        item.ValueKind == JsonValueKind.String && item.GetString() is "start" or "output" or "logs" or "completed")
                    ? null
                    : "must be a list of start, output, logs, completed",
                _ => "Additional property is not allowed",
            };
            if (fault is not null)
                throw ReplicateErrors.Invalid($"- {property.Name}: {fault}\n");
        }

        foreach (string name in byVersion ? (string[])["version", "input"] : ["input"])
        {
            if (!root.TryGetProperty(name, out _))
                throw ReplicateErrors.Invalid($"- {name} is required\n");
        }
    }

    private static ReplicateModel FindVersion(string version)
    {
        string[] parts = version.Split(':');
        ReplicateModel? model = parts switch
        {
            [var id] when VersionId().IsMatch(id) => ReplicateModels.All.FirstOrDefault(each => each.Version == id),
            [var name] => ReplicateModels.All.FirstOrDefault(each => each.Name == name && each.IsOfficial),
            [var name, var id] => ReplicateModels.All.FirstOrDefault(each => each.Name == name && each.Version == id),
            _ => null,
        };
        return model ?? throw ReplicateErrors.Invalid(
            "The specified version does not exist (or perhaps you don't have permission to use it?)",
            "Invalid version or not permitted");
    }

    private static TimeSpan? ReadPrefer(HttpRequest request)
    {
        if (!request.Headers.TryGetValue("Prefer", out var header))
            return null;
        Match match = Wait().Match(header.ToString());
        if (!match.Success)
            throw ReplicateErrors.Invalid("Prefer: must be wait or wait=n, n from 1 to 60", "Invalid request");
        return TimeSpan.FromSeconds(match.Groups[1].Success ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 60);
    }

    private static TimeSpan? ReadCancelAfter(HttpRequest request)
    {
        if (!request.Headers.TryGetValue("Cancel-After", out var header))
            return null;
        Match match = Duration().Match(header.ToString());
        int Part(string name) => match.Groups[name].Success ? int.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture) : 0;
        var lifetime = new TimeSpan(Part("h"), Part("m"), Part("s"));
        return match.Success && lifetime >= TimeSpan.FromSeconds(5)
            ? lifetime
            : throw ReplicateErrors.Invalid("Cancel-After: must be a duration of at least 5 seconds", "Invalid request");
    }

    private static DateTimeOffset? ReadTime(IQueryCollection query, string name)
    {
        if (!query.TryGetValue(name, out var text))
            return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time
            : throw ReplicateErrors.Invalid($"{name}: must be an ISO 8601 date-time", "Invalid request");
    }

    private InputImage FindImage(string text)
    {
        if (InputImage.FromDataUri(text, InlineMaxBytes) is { } inline)
            return inline;
        if (text.StartsWith(Server.Origin + BasePath + "/files/", StringComparison.Ordinal))
        {
            return _files.Find(text[(text.LastIndexOf('/') + 1)..]) is { } file
                ? InputImage.From(file.Bytes, file.ContentType)
                : InputImage.Bad("The file could not be found", "file_download_error");
        }

        return InputImage.IsLink(text) ? InputImage.BehindLink : InputImage.Bad("Does not match format 'uri'", "format");
    }

    /// <summary>Lets a fault change the prediction itself.</summary>
    private static void Apply(Fault? fault, ReplicateTask task)
    {
        bool isSubmit = fault?.Stage == FaultStage.Submit;
        switch (fault?.Kind)
        {
            case FaultKind.Refuse when isSubmit:
                task.WillEnd("failed", ReplicateErrors.Failure(fault.Code ?? "E005"));
                break;
            case FaultKind.Refuse:
                task.End("failed", ReplicateErrors.Failure(fault.Code ?? "E005"));
                break;
            case FaultKind.FewerImages:
                task.DropOne();
                break;
            case FaultKind.PollStatus when Ends.Contains(fault.TaskStatus) && isSubmit:
                task.WillEnd(fault.TaskStatus!, fault.TaskStatus == "failed" ? ReplicateErrors.Failure(fault.Code) : null);
                break;
            case FaultKind.PollStatus when Ends.Contains(fault.TaskStatus):
                task.End(fault.TaskStatus!, fault.TaskStatus == "failed" ? ReplicateErrors.Failure(fault.Code) : null);
                break;
            case FaultKind.PollStatus when fault.Stage != FaultStage.Stream:
                task.NextWord = fault.TaskStatus;
                break;
            case FaultKind.NeverReady:
                task.Clock.NeverEnds = true;
                break;
            case FaultKind.ForeignLink when isSubmit:
                task.HasForeignUrls = true;
                break;
            case FaultKind.ForeignLink:
                task.HasForeignOutputs = true;
                break;
        }
    }

    private bool IsGone(ReplicateTask task)
    {
        task.DataRemoved |= task.Clock.Ended is { } ended && DateTimeOffset.UtcNow >= ended.AddSeconds(RetentionSeconds);
        return task.DataRemoved;
    }

    private JsonObject Describe(ReplicateTask task, string word, bool withSource = false)
    {
        bool isOver = Ends.Contains(word), isGone = IsGone(task);
        string links = $"{OriginFor(task.HasForeignUrls)}{BasePath}/predictions/{task.Id}";
        var body = new JsonObject
        {
            ["id"] = task.Id,
            ["model"] = task.Model.Name,
            ["version"] = task.Model.Version ?? "hidden",
            ["input"] = task.Input,
            ["logs"] = word == "starting" ? "" : task.Logs,
            ["output"] = null,
            ["data_removed"] = isGone,
            ["error"] = isOver ? task.Error : null,
            ["status"] = word,
            ["created_at"] = Time(task.Clock.Created),
            ["started_at"] = word == "starting" ? null : Time(task.Clock.Started),
            ["completed_at"] = isOver ? Time(task.Clock.Ended) : null,
            ["urls"] = new JsonObject { ["get"] = links, ["cancel"] = links + "/cancel", ["web"] = "https://replicate.com/p/" + task.Id },
        };
        if (HasStreams)
            body["urls"]!["stream"] = $"{OriginFor(task.HasForeignUrls)}{Streams}/v1/streams/{task.StreamToken}";
        if (withSource)
            body["source"] = "api";
        if (task.Deadline is { } deadline)
            body["deadline"] = Time(deadline);
        if (word == "succeeded" && !isGone)
        {
            string[] outputs = [.. Links(task)];
            body["output"] = task.Model.IsList ? new JsonArray([.. outputs.Select(link => (JsonNode?)link)]) : outputs[0];
        }

        if (isOver)
        {
            body["metrics"] = new JsonObject { ["total_time"] = Seconds(task.Clock.Created, task.Clock.Ended) };
            if (task.Clock.Started is { } started)
                body["metrics"]!["predict_time"] = Seconds(started, task.Clock.Ended);
        }

        return body;
    }

    private JsonObject Describe(ReplicateFile file, bool foreign) => new()
    {
        ["id"] = file.Id,
        ["name"] = file.Name,
        ["content_type"] = file.ContentType,
        ["size"] = file.Bytes.Length,
        ["checksums"] = new JsonObject { ["sha256"] = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(file.Bytes)) },
        ["metadata"] = file.Metadata.DeepClone(),
        ["created_at"] = Time(file.Created),
        ["expires_at"] = Time(file.Expires),
        ["urls"] = new JsonObject { ["get"] = $"{OriginFor(foreign)}{BasePath}/files/{file.Id}" },
    };

    private static JsonObject DescribeModel(ReplicateModel model)
    {
        // Texts of a fixed set are schemas of their own, which the input refers to.
        var schemas = new JsonObject();
        var properties = new JsonObject();
        foreach ((int order, InputField field) in model.Inputs.Index())
        {
            JsonObject schema = field.Schema(order);
            if (field.Choices.Count > 0)
            {
                schemas[field.Name] = new JsonObject
                {
                    ["enum"] = new JsonArray([.. field.Choices.Select(choice => (JsonNode?)choice)]),
                    ["type"] = "string",
                    ["title"] = field.Name,
                    ["description"] = "An enumeration.",
                };
                schema.Remove("type");
                schema.Remove("title");
                schema["allOf"] = new JsonArray(new JsonObject { ["$ref"] = "#/components/schemas/" + field.Name });
            }

            properties[field.Name] = schema;
        }

        schemas["Input"] = new JsonObject
        {
            ["type"] = "object",
            ["title"] = "Input",
            ["required"] = new JsonArray([.. model.Inputs.Where(field => field.Required).Select(field => (JsonNode?)field.Name)]),
            ["properties"] = properties,
        };
        var uri = new JsonObject { ["type"] = "string", ["format"] = "uri" };
        schemas["Output"] = model.IsList ? new JsonObject { ["type"] = "array", ["items"] = uri, ["title"] = "Output" } : uri;
        string[] name = model.Name.Split('/');
        return new JsonObject
        {
            ["url"] = "https://replicate.com/" + model.Name,
            ["owner"] = name[0],
            ["name"] = name[1],
            ["description"] = "A fake of " + model.Name,
            ["visibility"] = "public",
            ["github_url"] = null,
            ["paper_url"] = null,
            ["license_url"] = null,
            ["run_count"] = 1,
            ["is_official"] = model.IsOfficial,
            ["cover_image_url"] = null,
            ["default_example"] = null,
            ["latest_version"] = new JsonObject
            {
                ["id"] = model.Version ?? "hidden",
                ["created_at"] = "2026-08-01T10:00:00Z",
                ["cog_version"] = "0.16.0",
                ["openapi_schema"] = new JsonObject
                {
                    ["openapi"] = "3.0.2",
                    ["info"] = new JsonObject { ["title"] = "Cog", ["version"] = "0.1.0" },
                    ["paths"] = new JsonObject(),
                    ["components"] = new JsonObject { ["schemas"] = schemas },
                },
            },
        };
    }

    private static Answer Page(IEnumerable<JsonObject> items, string? next = null, string? previous = null) => Answer.Json(new JsonObject
    {
        ["next"] = next,
        ["previous"] = previous,
        ["results"] = new JsonArray([.. items]),
    });

    private IEnumerable<string> Links(ReplicateTask task) =>
        Enumerable.Range(0, task.Delivered).Select(i => $"{OriginFor(task.HasForeignOutputs)}{Delivery}/{task.OutputToken}/{FileName(task, i)}");

    private static string FileName(ReplicateTask task, int index) =>
        task.Model.IsList ? string.Create(CultureInfo.InvariantCulture, $"out-{index}.{task.Format}") : "tmp." + task.Format;

    private string OriginFor(bool foreign) => foreign ? Server.ForeignOrigin : Server.Origin;

    private static ReplicateModel? ModelOf(Exchange exchange)
    {
        RouteValueDictionary values = exchange.Http.Request.RouteValues;
        return ReplicateModels.All.FirstOrDefault(model => model.Name == $"{values["owner"]}/{values["name"]}");
    }

    private static string IdOf(Exchange exchange) => (string)exchange.Http.Request.RouteValues["id"]!;

    private static string? Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static double Seconds(DateTimeOffset from, DateTimeOffset? to) => double.Round(((to ?? from) - from).TotalSeconds, 6);

    [GeneratedRegex("^[0-9a-f]{64}$")]
    private static partial Regex VersionId();

    [GeneratedRegex("^wait(?:=([1-9]|[1-5][0-9]|60))?$")]
    private static partial Regex Wait();

    [GeneratedRegex(@"^(?=\d)(?:(?<h>\d{1,4})h)?(?:(?<m>\d{1,6})m)?(?:(?<s>\d{1,7})s?)?$")]
    private static partial Regex Duration();
}
