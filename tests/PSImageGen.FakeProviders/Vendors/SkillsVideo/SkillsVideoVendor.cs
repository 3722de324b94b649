using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.FakeProviders.Images;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.SkillsVideo;

/// <summary>The skills.video Open Platform API.</summary>
public sealed class SkillsVideoVendor : FakeVendor
{
    private const string Delivery = "/skillsvideo-delivery";
    private const int CreditsPerImage = 20;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    private readonly ConcurrentDictionary<string, SkillsVideoTask> _tasks = new();
    private readonly SkillsVideoErrors _errors = new();
    private readonly SignedLinks _links = new();
    private readonly Lock _gate = new();

    internal SkillsVideoVendor()
        : base("skillsVideoJobSeconds", workSeconds: 0.5)
    {
        AddSetting("skillsVideoPollsUntilReady", () => PollsUntilReady, value => PollsUntilReady = (int)value);
        AddSetting("skillsVideoOldContract", () => OldContract ? 1 : 0, value => OldContract = value != 0);
        AddSetting("skillsVideoErrorForm", () => _errors.Form, value => _errors.Form = (int)value);
        AddSetting("skillsVideoFailureForm", () => FailureForm, value => FailureForm = (int)value);
        AddSetting("skillsVideoWrap", () => Wrap, value => Wrap = (int)value);
        AddSetting("skillsVideoSubmitStatus", () => SubmitStatus, value => SubmitStatus = (int)value);
        AddSetting("skillsVideoKeepAliveSeconds", () => KeepAliveSeconds, value => KeepAliveSeconds = value);
        AddSetting("skillsVideoLenientModels", () => LenientModels ? 1 : 0, value => LenientModels = value != 0);
        AddSetting("skillsVideoSubscriptionCredits", () => SubscriptionCredits, value => SubscriptionCredits = (int)value);
        AddSetting("skillsVideoPermanentCredits", () => PermanentCredits, value => PermanentCredits = (int)value);
        AddSetting("skillsVideoCreditsForm", () => CreditsForm, value => CreditsForm = (int)value);
        AddSetting("skillsVideoChargeFailed", () => ChargeFailed ? 1 : 0, value => ChargeFailed = value != 0);
        AddSetting("skillsVideoLinkLifetimeSeconds", () => LinkLifetimeSeconds, value => LinkLifetimeSeconds = value);
    }

    /// <inheritdoc/>
    public override string Name => "SkillsVideo";

    /// <inheritdoc/>
    public override string BaseUrlVariable => "SKILLS_VIDEO_BASE_URL";

    /// <inheritdoc/>
    public override string KeyVariable => "SKILLS_VIDEO_API_KEY";

    /// <inheritdoc/>
    public override string Key => "sv-fake-a81e6c40f92d";

    /// <inheritdoc/>
    public override string BasePath => "/skillsvideo/api/v1";

    /// <summary>When above 0, a job is ready at this poll, however long it takes; streams go by time all the same.</summary>
    public int PollsUntilReady { get; set; }

    /// <summary>The states are starting, processing, succeeded, failed and canceled, as on the older pages.</summary>
    public bool OldContract { get; set; }

    /// <summary>How a failed job says why: 0 code and message, 1 error and message, 2 error_code and error_message, 3 errorCode and error.message.</summary>
    public int FailureForm { get; set; }

    /// <summary>Answers about jobs and credits stand 0 bare, 1 in data, 2 in result.</summary>
    public int Wrap { get; set; }

    /// <summary>HTTP status of the answer to a plain submit: 200 or 202.</summary>
    public int SubmitStatus { get; set; } = 200;

    /// <summary>When above 0, a quiet stream gets a comment this often.</summary>
    public double KeepAliveSeconds { get; set; }

    /// <summary>Models whose fields the fact sheet does not list take the usual ones; otherwise the prompt alone.</summary>
    public bool LenientModels { get; set; }

    /// <summary>Credits of the subscription, which are taken first.</summary>
    public int SubscriptionCredits { get; set; } = 10_000;

    /// <summary>Credits that were bought.</summary>
    public int PermanentCredits { get; set; } = 500;

    /// <summary>Shape of the balance: 0 credits, 1 balance, 2 remaining, 3 available, 4 total, 5 data with subscription and permanent.</summary>
    public int CreditsForm { get; set; }

    /// <summary>Jobs that fail keep what they took; otherwise it is given back.</summary>
    public bool ChargeFailed { get; set; }

    /// <summary>How long a delivery link lives; every answer makes new ones.</summary>
    public double LinkLifetimeSeconds { get; set; } = 3600;

    internal override bool Owns(PathString path) => path.StartsWithSegments("/skillsvideo") || path.StartsWithSegments(Delivery);

    internal override bool TakesKey(PathString path) => path.StartsWithSegments("/skillsvideo");

    internal override string? OfferedKey(HttpRequest request) => BearerKey.Of(request);

    internal override Answer Denied(string? offeredKey) => _errors.For(401, null);

    internal override Answer ErrorFor(int status, string? code = null) => _errors.For(status, code);

    internal override void Forget() => _tasks.Clear();

    internal override void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder api = routes.MapGroup(BasePath);
        api.MapPost("/generation/sse/{**model}", Handle(FaultStage.Submit, exchange => SubmitAsync(exchange, stream: true)));
        api.MapPost("/generation/{**model}", Handle(FaultStage.Submit, exchange => SubmitAsync(exchange, stream: false)));
        api.MapGet("/generation/{id}", Handle(FaultStage.Poll, PollAsync));
        api.MapGet("/generations/running", Handle(FaultStage.Query, ListAsync));
        api.MapGet("/credits", Handle(FaultStage.Query, exchange =>
        {
            exchange.MeetFault(prompt: null);
            return Task.FromResult(Answer.Json(Wrapped(Balance())));
        }));
        routes.MapGet(Delivery + "/{id}/{file}", Handle(FaultStage.Download, DownloadAsync, needsKey: false));
    }

    private async Task<Answer> SubmitAsync(Exchange exchange, bool stream)
    {
        string path = (string?)exchange.Http.Request.RouteValues["model"] ?? "";
        SkillsVideoModel model = SkillsVideoModel.All.FirstOrDefault(each => each.Path == path) ?? throw _errors.Refused(404);
        SkillsVideoBody body = await SkillsVideoBody.ReadAsync(exchange, model, LenientModels, _errors);
        var task = new SkillsVideoTask(body, WorkSeconds);
        lock (_gate)
        {
            int cost = CreditsPerImage * task.Images;
            if (SubscriptionCredits + PermanentCredits < cost)
                throw _errors.Refused(402);
            exchange.MeetFault(task.Prompt);
            if (stream)
                exchange.MeetFault(task.Prompt, FaultStage.Stream);
            if (exchange.IsHitBy(FaultKind.Refuse) && exchange.Fault!.Stage == FaultStage.Submit)
                throw _errors.Refused(422, SkillsVideoErrors.ContentRejected);
            task.FromSubscription = int.Min(SubscriptionCredits, cost);
            task.FromPermanent = cost - task.FromSubscription;
            SubscriptionCredits -= task.FromSubscription;
            PermanentCredits -= task.FromPermanent;
            Apply(exchange.Fault, task);
            _tasks[task.Id] = task;
        }

        exchange.Bill(task.Images);
        if (stream && !exchange.IsHitBy(FaultKind.NoStream))
        {
            string? bareEnd = exchange.IsHitBy(FaultKind.BareEnd) ? exchange.Fault!.TaskStatus ?? "completed" : null;
            return new Answer
            {
                ContentType = "text/event-stream",
                Headers = { ["Cache-Control"] = "no-cache" },
                IsStream = true,
                Live = EventsAsync(task, bareEnd),
            };
        }

        var answer = new JsonObject
        {
            ["id"] = task.Id,
            ["status"] = WordOf(TaskPhase.Queued),
            ["input"] = task.Input.DeepClone(),
            ["usage"] = Usage(task, charged: true),
        };
        return Answer.Json(Wrapped(answer), SubmitStatus);
    }

    private async IAsyncEnumerable<LivePiece> EventsAsync(SkillsVideoTask task, string? bareEnd, [EnumeratorCancellation] CancellationToken aborted = default)
    {
        // The first event is always that of a queued job: it brings the id.
        string shown = WordOf(TaskPhase.Queued);
        yield return new LivePiece(Event(Describe(task, TaskPhase.Queued, shown, withDetails: false)));
        DateTimeOffset lastSign = DateTimeOffset.UtcNow;
        while (true)
        {
            (TaskPhase phase, string? chosen) = task.Watch();
            bool isOver = phase is TaskPhase.Succeeded or TaskPhase.Failed or TaskPhase.Canceled;
            string word = chosen ?? WordOf(phase);
            // Nothing is made without being worked on, however rarely this machine finds time to look.
            if (phase == TaskPhase.Succeeded && shown == WordOf(TaskPhase.Queued))
            {
                shown = WordOf(TaskPhase.Running);
                yield return new LivePiece(Event(Describe(task, TaskPhase.Running, shown, withDetails: false)));
            }

            if (isOver)
            {
                yield return new LivePiece(
                    bareEnd is null
                        ? Event(Describe(task, phase, word, withDetails: false))
                        : Event(new JsonObject { ["id"] = task.Id }, bareEnd),
                    IsLast: true);
                yield break;
            }

            if (word != shown)
            {
                yield return new LivePiece(Event(Describe(task, phase, word, withDetails: false)));
                (shown, lastSign) = (word, DateTimeOffset.UtcNow);
            }
            else if (KeepAliveSeconds > 0 && (DateTimeOffset.UtcNow - lastSign).TotalSeconds >= KeepAliveSeconds)
            {
                yield return new LivePiece(": keep-alive\n\n"u8.ToArray(), IsComment: true);
                lastSign = DateTimeOffset.UtcNow;
            }

            await Task.Delay(Tick, aborted);
        }
    }

    private Task<Answer> PollAsync(Exchange exchange)
    {
        SkillsVideoTask? task = _tasks.GetValueOrDefault((string)exchange.Http.Request.RouteValues["id"]!);
        exchange.MeetFault(task?.Prompt);
        if (task is null)
            throw _errors.Refused(404);
        Apply(exchange.Fault, task);
        (TaskPhase phase, string? word) = task.Poll(PollsUntilReady);
        return Task.FromResult(Answer.Json(Wrapped(Describe(task, phase, word ?? WordOf(phase), withDetails: true))));
    }

    private Task<Answer> ListAsync(Exchange exchange)
    {
        string text = exchange.Http.Request.Query["limit"].ToString();
        int limit = 50;
        if (text.Length > 0 && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > 100))
            throw _errors.Invalid("'limit' must be 1 to 100.");
        exchange.MeetFault(prompt: null);
        var jobs = new JsonArray([.. _tasks.Values.Where(task => !task.IsOver(PollsUntilReady)).OrderByDescending(task => task.Started).Take(limit)
            .Select(task => (JsonNode?)new JsonObject
            {
                ["id"] = task.Id,
                ["status"] = WordOf(TaskPhase.Running),
                ["usage"] = Usage(task, charged: false),
                ["input"] = task.Input.DeepClone(),
            })]);
        return Task.FromResult(Answer.Json(Wrapped(jobs)));
    }

    private Task<Answer> DownloadAsync(Exchange exchange)
    {
        HttpRequest request = exchange.Http.Request;
        SkillsVideoTask? task = _tasks.GetValueOrDefault((string)request.RouteValues["id"]!);
        exchange.MeetFault(task?.Prompt);
        if (exchange.IsHitBy(FaultKind.Expired))
            _links.Kill(request);
        if (task is null || !_links.IsAlive(request))
            return Task.FromResult(Answer.Text("<Error><Code>AccessDenied</Code></Error>", "application/xml", 403));
        string text = $"{task.Id}/{request.RouteValues["file"]}/{task.Prompt}";
        return Task.FromResult(Answer.Bytes(TinyImages.Make(task.Format, task.Size.Width, task.Size.Height, text), "image/" + task.Format));
    }

    private JsonObject Describe(SkillsVideoTask task, TaskPhase phase, string word, bool withDetails)
    {
        bool failed = phase is TaskPhase.Failed or TaskPhase.Canceled;
        var answer = new JsonObject { ["id"] = task.Id, ["status"] = word };
        if (withDetails)
            answer["input"] = task.Input.DeepClone();
        answer["data"] = phase == TaskPhase.Succeeded ? Data(task, withDetails) : null;
        answer["usage"] = Usage(task, phase == TaskPhase.Succeeded || (failed && ChargeFailed));
        if (phase == TaskPhase.Failed)
            AddFailure(answer, task.FailureCode ?? "FAILED");
        return answer;
    }

    private JsonObject Data(SkillsVideoTask task, bool withDetails)
    {
        JsonObject[] images = [.. Enumerable.Range(1, task.Images - task.Missing).Select(i =>
        {
            string name = $"image-{i}.{task.Format}";
            var image = new JsonObject
            {
                ["url"] = _links.Make(task.HasForeignLinks ? Server.ForeignOrigin : Server.Origin, $"{Delivery}/{task.Id}/{name}", LinkLifetimeSeconds),
            };
            if (withDetails)
            {
                image["file_name"] = name;
                image["content_type"] = "image/" + task.Format;
                (image["width"], image["height"]) = task.Size;
            }

            return image;
        })];
        var data = new JsonObject { ["type"] = "image" };
        if (withDetails)
            (data["n"], data["actual_prompt"]) = (images.Length, task.Prompt);
        data["images"] = new JsonArray([.. images]);
        if (images.Length > 0)
            data["image"] = images[0].DeepClone();
        return data;
    }

    private void AddFailure(JsonObject answer, string subCode)
    {
        string code = SkillsVideoErrors.WithFamily(subCode), message = SkillsVideoErrors.Message(subCode);
        switch (FailureForm)
        {
            case 1:
                (answer["error"], answer["message"]) = (code, message);
                break;
            case 2:
                (answer["error_code"], answer["error_message"]) = (code, message);
                break;
            case 3:
                (answer["errorCode"], answer["error"]) = (code, new JsonObject { ["message"] = message });
                break;
            default:
                (answer["code"], answer["message"]) = (code, message);
                break;
        }
    }

    private static JsonObject Usage(SkillsVideoTask task, bool charged) => new()
    {
        ["total"] = charged ? task.FromSubscription + task.FromPermanent : 0,
        ["subscription"] = charged ? task.FromSubscription : 0,
        ["permanent"] = charged ? task.FromPermanent : 0,
    };

    private JsonObject Balance()
    {
        int all = SubscriptionCredits + PermanentCredits;
        return CreditsForm switch
        {
            1 => new JsonObject { ["balance"] = all },
            2 => new JsonObject { ["remaining"] = all },
            3 => new JsonObject { ["available"] = all },
            4 => new JsonObject { ["total"] = all },
            5 => new JsonObject { ["data"] = new JsonObject { ["subscription"] = SubscriptionCredits, ["permanent"] = PermanentCredits } },
            _ => new JsonObject { ["credits"] = all },
        };
    }

    private JsonNode Wrapped(JsonNode answer) => Wrap switch
    {
        1 => new JsonObject { ["data"] = answer },
        2 => new JsonObject { ["result"] = answer },
        _ => answer,
    };

    private static byte[] Event(JsonObject data, string? name = null) =>
        Encoding.UTF8.GetBytes($"{(name is null ? "" : $"event: {name}\n")}data: {data.ToJsonString()}\n\n");

    private void Apply(Fault? fault, SkillsVideoTask task)
    {
        lock (_gate)
        {
            task.Apply(fault, EndOf, SkillsVideoErrors.ContentRejected);
            if (task.IsGivenBack || !task.HasFailed || ChargeFailed)
                return;
            task.IsGivenBack = true;
            SubscriptionCredits += task.FromSubscription;
            PermanentCredits += task.FromPermanent;
        }
    }

    private string WordOf(TaskPhase phase) => (phase, OldContract) switch
    {
        (TaskPhase.Queued, false) => "IN_QUEUE",
        (TaskPhase.Running, false) => "IN_PROGRESS",
        (TaskPhase.Succeeded, false) => "COMPLETED",
        (TaskPhase.Failed, false) => "FAILED",
        (TaskPhase.Canceled, false) => "CANCELED",
        (TaskPhase.Queued, true) => "starting",
        (TaskPhase.Running, true) => "processing",
        (TaskPhase.Succeeded, true) => "succeeded",
        (TaskPhase.Failed, true) => "failed",
        _ => "canceled",
    };

    /// <summary>The words that clients take for ends.</summary>
    private static TaskPhase? EndOf(string word) => word.ToUpperInvariant() switch
    {
        "COMPLETED" or "SUCCEEDED" => TaskPhase.Succeeded,
        "FAILED" => TaskPhase.Failed,
        "CANCELED" or "CANCELLED" => TaskPhase.Canceled,
        _ => null,
    };
}
