using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.FakeProviders.Images;
using PSImageGen.FakeProviders.Inputs;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.Stability;

/// <summary>The Stability AI API, v2beta.</summary>
public sealed class StabilityVendor : FakeVendor
{
    private const int IdLength = 64;

    private readonly ConcurrentDictionary<string, StabilityTask> _tasks = new();
    private readonly Lock _gate = new();

    internal StabilityVendor()
        : base("stabilitySeconds", workSeconds: 0.5)
    {
        AddSetting("stabilityPollsUntilReady", () => PollsUntilReady, value => PollsUntilReady = (int)value);
        AddSetting("stabilityCredits", () => (double)Credits, value => Credits = (decimal)value);
        AddSetting("stabilityFilters", () => Filters ? 1 : 0, value => Filters = value != 0);
        AddSetting("stabilityResultLifetimeSeconds", () => ResultLifetimeSeconds, value => ResultLifetimeSeconds = value);
    }

    /// <inheritdoc/>
    public override string Name => "Stability";

    /// <inheritdoc/>
    public override string BaseUrlVariable => "STABILITY_BASE_URL";

    /// <inheritdoc/>
    public override string KeyVariable => "STABILITY_API_KEY";

    /// <inheritdoc/>
    public override string Key => "sk-fake-stability-57c20be9f14a";

    /// <inheritdoc/>
    public override string BasePath => "/stability";

    /// <summary>When above 0, a job is ready at this poll, however long it takes.</summary>
    public int PollsUntilReady { get; set; }

    /// <summary>The account's credits; each order takes its price.</summary>
    public decimal Credits { get; set; } = 10_000;

    /// <summary>Every picture is blurred, with status 200 and CONTENT_FILTERED.</summary>
    public bool Filters { get; set; }

    /// <summary>How long after its start a job is known.</summary>
    public double ResultLifetimeSeconds { get; set; } = 24 * 3600;

    internal override bool Owns(PathString path) => path.StartsWithSegments(BasePath);

    internal override bool TakesKey(PathString path) => true;

    internal override string? OfferedKey(HttpRequest request) => BearerKey.Of(request);

    internal override Answer Denied(string? offeredKey) => offeredKey is null
        ? Answer.Json(new JsonObject { ["message"] = "missing authorization" }, 401)
        : StabilityErrors.For(401, null);

    internal override Answer ErrorFor(int status, string? code = null) => StabilityErrors.For(status, code);

    internal override void Decorate(Answer answer) => answer.Headers["x-request-id"] = Guid.NewGuid().ToString("N");

    internal override void Forget() => _tasks.Clear();

    internal override void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder api = routes.MapGroup(BasePath);
        foreach (StabilityEndpoint endpoint in StabilityEndpoint.All)
            api.MapPost("/v2beta/stable-image/" + endpoint.Path, Handle(FaultStage.Submit, exchange => SubmitAsync(exchange, endpoint)));
        api.MapGet("/v2beta/results/{id}", Handle(FaultStage.Poll, PollAsync));
        api.MapGet("/v1/user/balance", Handle(FaultStage.Query, exchange =>
        {
            exchange.MeetFault(prompt: null);
            return Task.FromResult(Answer.Json(new JsonObject { ["credits"] = Credits }));
        }));
    }

    private async Task<Answer> SubmitAsync(Exchange exchange, StabilityEndpoint endpoint)
    {
        InputCheck input = await StabilityForm.ReadAsync(exchange, endpoint);
        bool asJson = WantsJson(exchange.Http.Request, otherwise: "image/*");
        string prompt = input.Prompt;
        (int width, int height) = endpoint.SizeOf(input);
        long seed = input.Integer("seed") is { } given and > 0 ? given : Random.Shared.NextInt64(1, 4_294_967_295);
        var picture = new StabilityPicture($"{endpoint.Path}/{prompt}/{seed}", input.Text("output_format")!, width, height, seed, Filters);
        lock (_gate)
        {
            if (Credits < endpoint.Cost(input))
                throw StabilityErrors.Refused(402);
            exchange.MeetFault(prompt);
            if (exchange.IsHitBy(FaultKind.Refuse))
                throw StabilityErrors.Refused(403, exchange.Fault!.Code ?? StabilityErrors.Moderation);
            Credits -= endpoint.Cost(input);
        }

        exchange.Bill(1);
        if (endpoint.IsAsync)
        {
            var task = new StabilityTask(prompt, picture, WorkSeconds);
            task.Apply(exchange.Fault, _ => null, StabilityErrors.Moderation);
            _tasks[task.Id] = task;
            return Answer.Json(new JsonObject { ["id"] = task.Id });
        }

        await Task.Delay(TimeSpan.FromSeconds(WorkSeconds), exchange.Aborted);
        return Deliver(picture, asJson);
    }

    private Task<Answer> PollAsync(Exchange exchange)
    {
        bool asJson = WantsJson(exchange.Http.Request, otherwise: "*/*");
        string id = (string)exchange.Http.Request.RouteValues["id"]!;
        if (id.Length != IdLength)
            throw StabilityErrors.Bad($"id: must be {IdLength} characters");
        StabilityTask? task = _tasks.GetValueOrDefault(id);
        exchange.MeetFault(task?.Prompt);
        if (task is null || (DateTimeOffset.UtcNow - task.Started).TotalSeconds > ResultLifetimeSeconds)
            throw StabilityErrors.Refused(404, "generation_not_found");
        task.Apply(exchange.Fault, _ => null, StabilityErrors.Moderation);
        (TaskPhase phase, string? word) = task.Poll(PollsUntilReady);
        return Task.FromResult(phase switch
        {
            TaskPhase.Succeeded => Deliver(task.Picture, asJson),
            TaskPhase.Failed => StabilityErrors.For(403, task.FailureCode),
            _ => Answer.Json(new JsonObject { ["id"] = id, ["status"] = word ?? "in-progress" }, 202),
        });
    }

    private static Answer Deliver(StabilityPicture picture, bool asJson)
    {
        byte[] bytes = TinyImages.Make(picture.Format, picture.Width, picture.Height, picture.Text);
        string type = "image/" + picture.Format, reason = picture.IsFiltered ? "CONTENT_FILTERED" : "SUCCESS";
        if (!asJson)
        {
            Answer raw = Answer.Bytes(bytes, type);
            raw.Headers["finish-reason"] = reason;
            raw.Headers["seed"] = picture.Seed.ToString(CultureInfo.InvariantCulture);
            return raw;
        }

        var body = new JsonObject { ["image"] = Convert.ToBase64String(bytes), ["finish_reason"] = reason, ["seed"] = picture.Seed };
        return Answer.Text(body.ToJsonString(), "application/json; type=" + type);
    }

    private static bool WantsJson(HttpRequest request, string otherwise)
    {
        string accept = request.Headers.Accept.ToString();
        return (accept.Length == 0 ? otherwise : accept) switch
        {
            "application/json" => true,
            "image/*" or "*/*" => false,
            _ => throw StabilityErrors.Bad("accept: must be image/* or application/json"),
        };
    }
}
