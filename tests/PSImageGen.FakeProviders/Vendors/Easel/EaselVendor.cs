using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.FakeProviders.Images;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.Easel;

/// <summary>A vendor nobody wrote code for: its document alone says how it is spoken to, in words of its own.</summary>
public sealed class EaselVendor : FakeVendor
{
    private const string Delivery = "/easel-gallery";
    private const string Cross = "the scene is not fit to be painted (content policy)";

    private static readonly string[] Engines = ["easel-oil", "easel-chalk"];

    private readonly ConcurrentDictionary<string, EaselTask> _tasks = new();
    private readonly SignedLinks _links = new();
    private readonly Lock _gate = new();

    internal EaselVendor()
        : base("easelJobSeconds", workSeconds: 0.5)
    {
        AddSetting("easelPollsUntilReady", () => PollsUntilReady, value => PollsUntilReady = (int)value);
        AddSetting("easelPurse", () => Purse, value => Purse = (int)value);
    }

    /// <inheritdoc/>
    public override string Name => "Easel";

    /// <inheritdoc/>
    public override string BaseUrlVariable => "EASEL_BASE_URL";

    /// <inheritdoc/>
    public override string KeyVariable => "EASEL_API_KEY";

    /// <inheritdoc/>
    public override string Key => "easel-fake-90c3d7a15e42";

    /// <inheritdoc/>
    public override string BasePath => "/easel/v2";

    /// <summary>When above 0, a painting is dry at this poll, however long it takes.</summary>
    public int PollsUntilReady { get; set; }

    /// <summary>How many more pictures the account may order.</summary>
    public int Purse { get; set; } = 10_000;

    internal override bool Owns(PathString path) => path.StartsWithSegments("/easel") || path.StartsWithSegments(Delivery);

    // The document is for everybody, and no key belongs there.
    internal override bool TakesKey(PathString path) => path.StartsWithSegments(BasePath);

    internal override string? OfferedKey(HttpRequest request) =>
        request.Headers.TryGetValue("X-Easel-Key", out var key) ? key.ToString() : request.Headers.Authorization.ToString() is { Length: > 0 } other ? other : null;

    internal override Answer Denied(string? offeredKey) => ErrorFor(401);

    internal override Answer ErrorFor(int status, string? code = null) => Answer.Json(new JsonObject
    {
        ["problem"] = new JsonObject
        {
            ["kind"] = code ?? (status switch { 401 => "no-key", 402 => "empty-purse", 404 => "not-here", 422 => "bad-order", 429 => "too-fast", _ => "out-of-order" }),
            ["says"] = status switch { 401 => "Who are you?", 402 => "Your purse is empty.", 404 => "There is no such thing.", 429 => "Come back later.", 422 => "The order cannot be read.", _ => "The house is on fire." },
        },
    }, status);

    internal override void Forget() => _tasks.Clear();

    internal override void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/easel/openapi.yaml", Handle(FaultStage.Query, exchange =>
        {
            exchange.MeetFault(prompt: null);
            return Task.FromResult(Answer.Text(EaselDocument.Yaml, "application/yaml", 200));
        }, needsKey: false));
        routes.MapPost(BasePath + "/renders", Handle(FaultStage.Submit, exchange => OrderAsync(exchange, sketch: false)));
        routes.MapPost(BasePath + "/sketches", Handle(FaultStage.Submit, exchange => OrderAsync(exchange, sketch: true)));
        routes.MapGet(BasePath + "/renders/{number}", Handle(FaultStage.Poll, PollAsync));
        routes.MapGet(Delivery + "/{number}/{file}", Handle(FaultStage.Download, DownloadAsync, needsKey: false));
    }

    private async Task<Answer> OrderAsync(Exchange exchange, bool sketch)
    {
        if (!exchange.Http.Request.HasJsonContentType() || await exchange.ReadJsonAsync() is not JsonElement root)
            throw Bad("the order is no JSON object");
        Only(root, "the order", sketch ? ["scene", "frame"] : ["scene", "frame", "engine", "copies", "seed", "canvas"]);
        JsonElement scene = Part(root, "scene") ?? throw Bad("scene is missing");
        Only(scene, "scene", ["text", "avoid"]);
        string text = scene.TryGetProperty("text", out JsonElement said) && said.ValueKind == JsonValueKind.String && said.GetString() is { Length: > 0 and <= 1000 } words ? words : throw Bad("scene.text must have 1 to 1000 characters");
        if (scene.TryGetProperty("avoid", out JsonElement avoid) && avoid.ValueKind != JsonValueKind.String)
            throw Bad("scene.avoid must be a text");
        (int width, int height) = (512, 512);
        if (Part(root, "frame") is { } frame)
        {
            Only(frame, "frame", ["width", "height"]);
            (width, height) = (Side(frame, "width"), Side(frame, "height"));
        }

        int copies = 1;
        if (!sketch)
        {
            if (!root.TryGetProperty("engine", out JsonElement engine) || !Engines.Contains(engine.ToString()))
                throw Bad($"engine must be one of {string.Join(", ", Engines)}");
            copies = root.TryGetProperty("copies", out JsonElement many) ? Whole(many, "copies", 1, 2) : 1;
            if (root.TryGetProperty("seed", out JsonElement seed) && seed.ValueKind != JsonValueKind.Null && !(seed.TryGetInt64(out long n) && n is >= 0 and <= uint.MaxValue))
                throw Bad("seed must be a whole number");
            if (Part(root, "canvas") is { } canvas)
            {
                Only(canvas, "canvas", ["grain", "varnish"]);
                if (canvas.TryGetProperty("grain", out JsonElement grain) && grain.ToString() is not ("fine" or "coarse"))
                    throw Bad("canvas.grain must be fine or coarse");
                if (canvas.TryGetProperty("varnish", out JsonElement varnish) && varnish.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
                    throw Bad("canvas.varnish must be true or false");
            }
        }

        var task = new EaselTask(text, copies, WorkSeconds, width, height);
        lock (_gate)
        {
            if (Purse < copies)
                throw new RefusedException(ErrorFor(402));
            exchange.MeetFault(text);
            task.Apply(exchange.Fault, EndOf, Cross);
            Purse -= copies;
            if (!sketch)
                _tasks[task.Id] = task;
        }

        exchange.Bill(copies);
        if (!sketch)
            return Slip(task, 202);
        await Task.Delay(TimeSpan.FromSeconds(WorkSeconds), exchange.Aborted);
        return Answer.Json(new JsonObject
        {
            ["sketch"] = new JsonObject { ["bytes"] = Convert.ToBase64String(TinyImages.Make("png", width, height, text)), ["width"] = width, ["height"] = height },
        });
    }

    private Task<Answer> PollAsync(Exchange exchange)
    {
        EaselTask? task = _tasks.GetValueOrDefault((string)exchange.Http.Request.RouteValues["number"]!);
        exchange.MeetFault(task?.Prompt);
        if (task is null)
            throw new RefusedException(ErrorFor(404));
        task.Apply(exchange.Fault, EndOf, Cross);
        return Task.FromResult(Slip(task, 200));
    }

    private Task<Answer> DownloadAsync(Exchange exchange)
    {
        HttpRequest request = exchange.Http.Request;
        EaselTask? task = _tasks.GetValueOrDefault((string)request.RouteValues["number"]!);
        exchange.MeetFault(task?.Prompt);
        if (exchange.IsHitBy(FaultKind.Expired))
            _links.Kill(request);
        return Task.FromResult(task is not null && _links.IsAlive(request)
            ? Answer.Bytes(TinyImages.Make("png", task.Width, task.Height, $"{task.Id}/{request.RouteValues["file"]}"), "image/png")
            : Answer.Text("gone", "text/plain", 403));
    }

    private Answer Slip(EaselTask task, int status)
    {
        (TaskPhase phase, string? word) = status == 202 ? (TaskPhase.Queued, null) : task.Poll(PollsUntilReady);
        var slip = new JsonObject
        {
            ["number"] = task.Id,
            ["stage"] = word ?? (phase switch { TaskPhase.Queued => "received", TaskPhase.Running => "painting", TaskPhase.Succeeded => "dried", _ => "torn" }),
        };
        if (phase == TaskPhase.Succeeded)
        {
            string origin = task.HasForeignLinks ? Server.ForeignOrigin : Server.Origin;
            slip["paintings"] = new JsonArray([.. Enumerable.Range(1, task.Images - task.Missing).Select(i => (JsonNode?)new JsonObject
            {
                ["href"] = _links.Make(origin, $"{Delivery}/{task.Id}/{i}.png", lifetimeSeconds: 3600),
                ["seed"] = i,
            })]);
        }
        else if (phase is TaskPhase.Failed or TaskPhase.Canceled)
        {
            slip["complaint"] = task.FailureCode ?? "the canvas burst";
        }

        return Answer.Json(new JsonObject { ["slip"] = slip }, status);
    }

    private static TaskPhase? EndOf(string word) => word switch { "torn" => TaskPhase.Failed, "dried" => TaskPhase.Succeeded, _ => null };

    private static JsonElement? Part(JsonElement of, string name) =>
        of.TryGetProperty(name, out JsonElement part) ? part.ValueKind == JsonValueKind.Object ? part : throw Bad($"{name} must be an object") : null;

    private static void Only(JsonElement of, string place, string[] names)
    {
        foreach (JsonProperty property in of.EnumerateObject().Where(p => !names.Contains(p.Name)))
            throw Bad($"{place} has no {property.Name}");
    }

    private static int Side(JsonElement frame, string name) =>
        frame.TryGetProperty(name, out JsonElement side) && Whole(side, name, 64, 1024) is var pixels && pixels % 8 == 0 ? pixels : throw Bad($"frame.{name} must be a multiple of 8");

    private static int Whole(JsonElement value, string name, int least, int most) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int whole) && whole >= least && whole <= most ? whole : throw Bad($"{name} must be {least} to {most}");

    private static RefusedException Bad(string what) =>
        new(Answer.Json(new JsonObject { ["problem"] = new JsonObject { ["kind"] = "bad-order", ["says"] = what } }, 422));
}

/// <summary>An order.</summary>
internal sealed class EaselTask(string prompt, int copies, double seconds, int width, int height) : TimedTask($"R-{Guid.NewGuid():N}", prompt, copies, seconds)
{
    public int Width { get; } = width;

    public int Height { get; } = height;
}
