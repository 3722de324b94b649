using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.FakeProviders.Images;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.Bfl;

/// <summary>The Black Forest Labs API.</summary>
public sealed class BflVendor : FakeVendor
{
    private const string Cluster = "/cluster-eu1/v1/get_result";
    private const string Delivery = "/bfl-delivery";

    private static readonly string[] Ends = ["Request Moderated", "Content Moderated", "Error", "Failed"];

    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, BflTask> _tasks = new();
    private readonly Lock _gate = new();

    internal BflVendor()
        : base("bflJobSeconds", workSeconds: 0.5)
    {
        AddSetting("bflPollsUntilReady", () => PollsUntilReady, value => PollsUntilReady = (int)value);
        AddSetting("linkLifetimeSeconds", () => LinkLifetimeSeconds, value => LinkLifetimeSeconds = value);
        AddSetting("bflResultLifetimeSeconds", () => ResultLifetimeSeconds, value => ResultLifetimeSeconds = value);
        AddSetting("bflCredits", () => (double)Credits, value => Credits = (decimal)value);
    }

    /// <inheritdoc/>
    public override string Name => "BFL";

    /// <inheritdoc/>
    public override string BaseUrlVariable => "BFL_BASE_URL";

    /// <inheritdoc/>
    public override string KeyVariable => "BFL_API_KEY";

    /// <inheritdoc/>
    public override string Key => "bfl_fake-3e7a90b2c415";

    /// <inheritdoc/>
    public override string BasePath => "/bfl";

    /// <summary>When above 0, a task is ready at this poll, however long it takes.</summary>
    public int PollsUntilReady { get; set; }

    /// <summary>How long after a task's end its signed link lives.</summary>
    public double LinkLifetimeSeconds { get; set; } = 600;

    /// <summary>How long after a task's end it is still known.</summary>
    public double ResultLifetimeSeconds { get; set; } = 600;

    /// <summary>The account's credits; each task takes its cost.</summary>
    public decimal Credits { get; set; } = 10_000;

    internal override bool Owns(PathString path) => path.StartsWithSegments(BasePath) || path.StartsWithSegments(Delivery);

    internal override bool TakesKey(PathString path) => !path.StartsWithSegments(Delivery);

    internal override string? OfferedKey(HttpRequest request) => request.Headers.TryGetValue("x-key", out var key) ? key.ToString() : null;

    internal override Answer Denied(string? offeredKey) => BflErrors.For(403);

    internal override Answer ErrorFor(int status, string? code = null) => BflErrors.For(status);

    internal override void Forget() => _tasks.Clear();

    internal override void Map(IEndpointRouteBuilder routes)
    {
        foreach (BflRoute route in BflRoutes.All)
            routes.MapPost($"{BasePath}/v1/{route.Path}", Handle(FaultStage.Submit, exchange => SubmitAsync(exchange, route)));
        routes.MapGet(BasePath + Cluster, Handle(FaultStage.Poll, PollAsync, needsKey: false));

        // Every task lives on its cluster; here nobody knows of it.
        routes.MapGet(BasePath + "/v1/get_result", Handle(FaultStage.Poll, exchange => Task.FromResult(NotFound(IdOf(exchange))), needsKey: false));
        routes.MapGet(BasePath + "/v1/credits", Handle(FaultStage.Query, exchange =>
        {
            exchange.MeetFault(prompt: null);
            return Task.FromResult(Answer.Json(new JsonObject { ["credits"] = Credits }));
        }));
        routes.MapGet(Delivery + "/{id}/{file}", Handle(FaultStage.Download, DownloadAsync, needsKey: false));
    }

    private async Task<Answer> SubmitAsync(Exchange exchange, BflRoute route)
    {
        if (!exchange.Http.Request.HasJsonContentType() || await exchange.ReadJsonAsync() is not JsonElement root)
            throw new RefusedException(BflErrors.Invalid([(null, "Input should be a valid JSON object", "json_invalid")]));
        var body = new BflBody(route, root, exchange.Record);
        body.Check();

        (int width, int height) = BflSizes.Of(route, body);
        decimal input = BflSizes.Megapixels(body.Images.Values.Sum(image => image.Pixels));
        decimal output = BflSizes.Megapixels((long)width * height);
        long seed = body.Integer("seed") ?? Random.Shared.Next();
        var task = new BflTask(route, body.Prompt, seed, width, height, body.Format, route.Cost(input, output), WorkSeconds);
        lock (_gate)
        {
            if (Active(task.Route) >= route.MostActive || Active(null) >= 24)
                throw new RefusedException(BflErrors.For(429));
            if (Credits < task.Cost)
                throw new RefusedException(BflErrors.For(402));
            exchange.MeetFault(body.Prompt);
            Apply(exchange.Fault, task);
            _tasks[task.Id] = task;
            Credits -= task.Cost;
        }

        exchange.Bill(1);
        var answer = new JsonObject { ["id"] = task.Id };
        if (body.Text("webhook_url") is { } webhook)
            (answer["status"], answer["webhook_url"]) = ("Pending", webhook);
        else
            answer["polling_url"] = $"{OriginFor(exchange.IsHitBy(FaultKind.ForeignLink))}{BasePath}{Cluster}?id={task.Id}";
        (answer["cost"], answer["input_mp"], answer["output_mp"]) = (task.Cost, input, output);
        return Answer.Json(answer);
    }

    private Task<Answer> PollAsync(Exchange exchange)
    {
        string? id = IdOf(exchange);
        BflTask? task = _tasks.GetValueOrDefault(id ?? "");
        exchange.MeetFault(task?.Prompt);
        if (task is null || DateTimeOffset.UtcNow > task.Ends.AddSeconds(ResultLifetimeSeconds))
            return Task.FromResult(NotFound(id));

        string word;
        lock (_gate)
        {
            Apply(exchange.Fault, task);
            word = task.Poll(PollsUntilReady);
        }

        var answer = new JsonObject { ["id"] = task.Id, ["status"] = word, ["result"] = null, ["progress"] = null, ["details"] = null, ["preview"] = null };
        if (word.EndsWith("Moderated", StringComparison.Ordinal))
            answer["details"] = new JsonObject { ["Moderation Reasons"] = new JsonArray("Violence") };
        else if (word is "Error" or "Failed")
            answer["details"] = "Generation failed";
        else if (word is "Reasoning" or "Generating")
            answer["progress"] = 0.5;
        if (word == "Ready")
        {
            answer["result"] = new JsonObject
            {
                ["sample"] = LinkTo(task),
                ["prompt"] = task.Prompt,
                ["seed"] = task.Seed,
                ["start_time"] = Seconds(task.Started),
                ["end_time"] = Seconds(task.Ends),
                ["duration"] = Seconds(task.Ends) - Seconds(task.Started),
            };
            answer["cost"] = task.Cost;
        }

        return Task.FromResult(Answer.Json(answer));
    }

    private Task<Answer> DownloadAsync(Exchange exchange)
    {
        IQueryCollection query = exchange.Http.Request.Query;
        BflTask? task = _tasks.GetValueOrDefault((string)exchange.Http.Request.RouteValues["id"]!);
        exchange.MeetFault(task?.Prompt);
        if (task is not null && exchange.IsHitBy(FaultKind.Expired))
            task.LinkIsDead = true;
        bool isAlive = task is { LinkIsDead: false }
            && query["sig"] == Signature(exchange.Http.Request.Path + query["se"])
            && long.TryParse(query["se"], CultureInfo.InvariantCulture, out long expiry)
            && DateTimeOffset.UtcNow < DateTimeOffset.FromUnixTimeMilliseconds(expiry);
        return Task.FromResult(isAlive
            ? Answer.Bytes(TinyImages.Make(task!.Format, task.Width, task.Height, $"{task.Prompt}/{task.Seed}"), "image/" + task.Format)
            : Answer.Text("<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>AuthenticationFailed</Code></Error>", "application/xml", 403));
    }

    private int Active(BflRoute? route) => _tasks.Values.Count(task => (route is null || task.Route == route) && !task.IsOver(PollsUntilReady));

    /// <summary>Lets a fault of a submit or a poll change the task itself.</summary>
    private static void Apply(Fault? fault, BflTask task)
    {
        switch (fault?.Kind)
        {
            case FaultKind.Refuse:
                task.Outcome = "Request Moderated";
                break;
            case FaultKind.FewerImages:
                task.Outcome = "Content Moderated";
                break;
            case FaultKind.PollStatus when Ends.Contains(fault.TaskStatus):
                task.Outcome = fault.TaskStatus;
                break;
            case FaultKind.PollStatus:
                task.NextWord = fault.TaskStatus;
                break;
            case FaultKind.NeverReady:
                task.NeverReady = true;
                break;
            case FaultKind.ForeignLink when fault.Stage == FaultStage.Poll:
                task.HasForeignLinks = true;
                break;
        }
    }

    private string LinkTo(BflTask task)
    {
        // The signature holds +, / and =, escaped, as those of storage services do: a client must use the link as it came.
        string path = $"{Delivery}/{task.Id}/sample.{task.Format}";
        string expiry = task.Ends.AddSeconds(LinkLifetimeSeconds).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        return $"{OriginFor(task.HasForeignLinks)}{path}?se={expiry}&sig={Uri.EscapeDataString(Signature(path + expiry))}";
    }

    private string Signature(string text) => Convert.ToBase64String(HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes(text)));

    private string OriginFor(bool foreign) => foreign ? Server.ForeignOrigin : Server.Origin;

    private static string? IdOf(Exchange exchange) => exchange.Http.Request.Query["id"];

    private static double Seconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;

    private static Answer NotFound(string? id) => Answer.Json(
        new JsonObject { ["id"] = id, ["status"] = "Task not found", ["result"] = null, ["progress"] = null, ["details"] = null, ["preview"] = null },
        404);
}
