using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.FakeProviders.Images;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.OwnServers;

/// <summary>The server of ComfyUI: a queue of workflows, their history, and the files that go in and come out.</summary>
public sealed class ComfyUIVendor : OwnServer
{
    private readonly ConcurrentDictionary<string, ComfyJob> _jobs = new();
    private readonly ConcurrentDictionary<string, byte[]> _inputs = new();
    private int _number;

    internal ComfyUIVendor()
        : base("comfyJobSeconds", workSeconds: 0.5)
    {
        AddSetting("comfyPassword", () => WantsPassword ? 1 : 0, value => WantsPassword = value != 0);
        AddSetting("comfyPollsUntilReady", () => PollsUntilReady, value => PollsUntilReady = (int)value);
        AddSetting("comfyOld", () => IsOld ? 1 : 0, value => IsOld = value != 0);
        AddSetting("comfyCheckpoints", () => HasCheckpoints ? 1 : 0, value => HasCheckpoints = value != 0);
        AddSetting("comfyIPAdapter", () => HasIPAdapter ? 1 : 0, value => HasIPAdapter = value != 0);
        AddSetting("comfyFlux", () => Flux, value => Flux = (int)value);
        AddSetting("comfyUpscalers", () => HasUpscalers ? 1 : 0, value => HasUpscalers = value != 0);
    }

    /// <inheritdoc/>
    public override string Name => "ComfyUI";

    /// <inheritdoc/>
    public override string BasePath => "/comfyui";

    /// <summary>When above 0, a job is over at this question after the queue, however long it takes.</summary>
    public int PollsUntilReady { get; set; }

    /// <summary>Before July 2025: it makes its job ids itself, has no jobs routes, interrupts whatever runs, and tells lists in the older form.</summary>
    public bool IsOld { get; set; }

    /// <summary>Whether it has checkpoints.</summary>
    public bool HasCheckpoints { get; set; } = true;

    /// <summary>Whether the IPAdapter nodes are installed.</summary>
    public bool HasIPAdapter { get; set; }

    /// <summary>Flux in parts: 0 none, 1 the model, 2 with Redux.</summary>
    public int Flux { get; set; }

    /// <summary>Whether it has upscale models.</summary>
    public bool HasUpscalers { get; set; } = true;

    /// <summary>Has a job run from now on, until it is interrupted.</summary>
    public void Hold(string id) => _jobs[id].IsHeld = true;

    internal override Answer Denied(string? offeredKey) => Answer.Text("<html><body><h1>401 Authorization Required</h1></body></html>", "text/html", 401);

    internal override Answer ErrorFor(int status, string? code = null) => status switch
    {
        400 => ComfyGraph.Refused(code ?? "invalid_prompt", "Cannot execute").Answer,
        404 => Answer.Text("404: Not Found", "text/plain", 404),
        405 => Answer.Text("405: Method Not Allowed", "text/plain", 405),
        _ => Answer.Text($"{status}: {code ?? "Internal Server Error"}", "text/plain", status),
    };

    internal override void Forget()
    {
        _jobs.Clear();
        _inputs.Clear();
    }

    internal override void Map(IEndpointRouteBuilder routes)
    {
        // Every route exists twice, those of jobs with the prefix alone.
        foreach (string prefix in new[] { BasePath, BasePath + "/api" })
        {
            RouteGroupBuilder api = routes.MapGroup(prefix);
            api.MapGet("/system_stats", At(FaultStage.Query, _ => Task.FromResult(Answer.Json(new JsonObject
            {
                ["system"] = new JsonObject { ["os"] = "posix", ["comfyui_version"] = IsOld ? "0.2.0" : "0.27.0" },
                ["devices"] = new JsonArray(new JsonObject { ["name"] = "cuda:0", ["type"] = "cuda", ["index"] = 0 }),
            }))));
            api.MapGet("/object_info/{name}", At(FaultStage.Query, exchange => Task.FromResult(Answer.Json(
                ComfyNodes.Of(this).TryGetValue((string)exchange.Http.Request.RouteValues["name"]!, out ComfyNode? node) ? node.Describe(newForm: !IsOld) : new JsonObject()))));
            api.MapPost("/upload/image", At(FaultStage.Upload, UploadAsync));
            api.MapPost("/prompt", At(FaultStage.Submit, SubmitAsync, meet: false));
            api.MapGet("/queue", At(FaultStage.Poll, QueueAsync, meet: false));
            api.MapGet("/history/{id}", At(FaultStage.Result, HistoryAsync, meet: false));
            api.MapGet("/view", At(FaultStage.Download, ViewAsync));
            api.MapPost("/queue", At(FaultStage.Cancel, DeleteAsync));
            api.MapPost("/interrupt", At(FaultStage.Cancel, InterruptAsync));
        }

        routes.MapPost(BasePath + "/api/jobs/{id}/cancel", At(FaultStage.Cancel, exchange =>
        {
            if (IsOld)
                throw new RefusedException(ErrorFor(404));
            ComfyJob? job = _jobs.GetValueOrDefault((string)exchange.Http.Request.RouteValues["id"]!);
            return Task.FromResult(Answer.Json(new JsonObject { ["cancelled"] = job is not null && (Remove(job) || Interrupt(job)) }));
        }));
    }

    private RequestDelegate At(FaultStage stage, Func<Exchange, Task<Answer>> handler, bool meet = true) => Handle(stage, exchange =>
    {
        CheckPassword(exchange);
        if (meet)
            exchange.MeetFault(prompt: null);
        return handler(exchange);
    }, needsKey: false);

    private async Task<Answer> UploadAsync(Exchange exchange)
    {
        IReadOnlyList<FormPart> parts = await MultipartForm.ReadAsync(exchange) ?? throw new RefusedException(ErrorFor(400));
        if (parts.FirstOrDefault(p => p.Name == "image") is not { FileName.Length: > 0 } image)
            throw new RefusedException(Answer.Text("", "text/plain", 400));
        if (parts.FirstOrDefault(p => p.Name == "type")?.Text is not (null or "input"))
            throw new RefusedException(ErrorFor(500));
        // The same name for other bytes gets a number; the same bytes are used again.
        string stem = Path.GetFileNameWithoutExtension(image.FileName), extension = Path.GetExtension(image.FileName), name = image.FileName;
        for (int i = 1; !_inputs.GetOrAdd(name, image.Bytes).AsSpan().SequenceEqual(image.Bytes); i++)
            name = $"{stem} ({i}){extension}";
        return Answer.Json(new JsonObject { ["name"] = name, ["subfolder"] = "", ["type"] = "input" });
    }

    private async Task<Answer> SubmitAsync(Exchange exchange)
    {
        JsonElement body = await exchange.ReadJsonAsync() ?? throw new RefusedException(ErrorFor(500));
        if (!body.TryGetProperty("prompt", out JsonElement prompt) || prompt.ValueKind != JsonValueKind.Object)
            throw ComfyGraph.Refused("no_prompt", "No prompt provided");
        string id = Guid.NewGuid().ToString("D");
        if (!IsOld && body.TryGetProperty("prompt_id", out JsonElement given))
        {
            if (given.ValueKind != JsonValueKind.String || !Guid.TryParseExact(given.GetString(), "D", out Guid own) || own.ToString("D") != given.GetString())
                throw ComfyGraph.Refused("invalid_prompt_id", "prompt_id must be a UUID");
            id = given.GetString()!;
        }

        ComfyGraph graph = ComfyGraph.Read(prompt, ComfyNodes.Of(this), name => _inputs.TryGetValue(name, out byte[]? bytes) ? ImageProbe.Read(bytes) : null);
        exchange.MeetFault(graph.Prompt);
        string? client = body.TryGetProperty("client_id", out JsonElement session) ? session.GetString() : null;
        ComfyJob job = new(id, Interlocked.Increment(ref _number), graph, client, JsonNode.Parse(prompt.GetRawText())!, WorkSeconds);
        job.Apply(exchange.Fault, _ => null, "torch.OutOfMemoryError");
        _jobs[id] = job;
        exchange.Bill(1);
        return Answer.Json(new JsonObject { ["prompt_id"] = id, ["number"] = job.Number, ["node_errors"] = new JsonObject() });
    }

    private Task<Answer> QueueAsync(Exchange exchange)
    {
        exchange.MeetFault(_jobs.Values.FirstOrDefault()?.Prompt);
        JsonArray running = [], pending = [];
        foreach (ComfyJob job in _jobs.Values.Where(j => !j.IsRemoved && !j.IsInterrupted).OrderBy(j => j.Number))
        {
            switch (job.IsHeld ? TaskPhase.Running : job.Poll(PollsUntilReady).Phase)
            {
                case TaskPhase.Queued:
                    pending.Add(job.Describe());
                    break;
                case TaskPhase.Running:
                    running.Add(job.Describe());
                    break;
            }
        }

        return Task.FromResult(Answer.Json(new JsonObject { ["queue_running"] = running, ["queue_pending"] = pending }));
    }

    private Task<Answer> HistoryAsync(Exchange exchange)
    {
        ComfyJob? job = _jobs.GetValueOrDefault((string)exchange.Http.Request.RouteValues["id"]!);
        exchange.MeetFault(job?.Prompt);
        if (job is null || job.IsRemoved || (!job.IsInterrupted && (job.IsHeld || !job.IsOver(PollsUntilReady))))
            return Task.FromResult(Answer.Json(new JsonObject()));
        bool failed = job.HasFailed || job.IsInterrupted;
        var messages = new JsonArray(new JsonArray("execution_start", new JsonObject { ["prompt_id"] = job.Id }));
        if (job.IsInterrupted)
            messages.Add(new JsonArray("execution_interrupted", new JsonObject { ["prompt_id"] = job.Id, ["node_id"] = "7", ["node_type"] = "KSampler", ["executed"] = new JsonArray() }));
        else if (failed)
            messages.Add(new JsonArray("execution_error", new JsonObject { ["prompt_id"] = job.Id, ["node_id"] = "7", ["node_type"] = "KSampler", ["exception_type"] = job.FailureCode, ["exception_message"] = "Allocation on device\nThis error means you ran out of memory", ["traceback"] = new JsonArray() }));
        var outputs = new JsonObject();
        if (!failed)
        {
            outputs[job.Graph.OutputNode] = new JsonObject
            {
                ["images"] = new JsonArray(
                    new JsonObject { ["filename"] = "ComfyUI_temp_00001_.png", ["subfolder"] = "", ["type"] = "temp" },
                    new JsonObject { ["filename"] = job.FileName, ["subfolder"] = "", ["type"] = "output" }),
            };
        }

        return Task.FromResult(Answer.Json(new JsonObject
        {
            [job.Id] = new JsonObject
            {
                ["prompt"] = job.Describe(),
                ["outputs"] = outputs,
                ["status"] = new JsonObject { ["status_str"] = failed ? "error" : "success", ["completed"] = !failed, ["messages"] = messages },
                ["meta"] = new JsonObject(),
            },
        }));
    }

    private Task<Answer> ViewAsync(Exchange exchange)
    {
        IQueryCollection query = exchange.Http.Request.Query;
        ComfyJob? job = _jobs.Values.FirstOrDefault(j => j.FileName == query["filename"] && !j.HasFailed);
        if (query["type"].ToString() is not ("output" or "temp" or "input"))
            throw new RefusedException(ErrorFor(400));
        return Task.FromResult(job is null || query["type"] != "output"
            ? ErrorFor(404)
            : Answer.Bytes(TinyImages.Make("png", job.Graph.Size.Width, job.Graph.Size.Height, job.Id), "image/png"));
    }

    private async Task<Answer> DeleteAsync(Exchange exchange)
    {
        JsonElement? body = await exchange.ReadJsonAsync();
        foreach (JsonElement id in body?.TryGetProperty("delete", out JsonElement list) == true ? list.EnumerateArray() : default)
        {
            if (_jobs.TryGetValue(id.GetString()!, out ComfyJob? job))
                Remove(job);
        }

        if (body?.TryGetProperty("clear", out _) == true)
            Server.Log.AddViolation(Name, exchange.Record, "the whole queue was emptied, other people's jobs too");
        return Answer.Text("", "text/plain");
    }

    private async Task<Answer> InterruptAsync(Exchange exchange)
    {
        JsonElement? body = await exchange.ReadJsonAsync();
        string? id = body?.TryGetProperty("prompt_id", out JsonElement given) == true ? given.GetString() : null;
        foreach (ComfyJob job in _jobs.Values.Where(j => IsOld || j.Id == id))
        {
            if (Interrupt(job) && job.Id != id)
                Server.Log.AddViolation(Name, exchange.Record, "somebody else's job was interrupted");
        }

        return Answer.Text("", "text/plain");
    }

    private static bool Remove(ComfyJob job) => !job.IsInterrupted && job.Phase == TaskPhase.Queued && (job.IsRemoved = true);

    private static bool Interrupt(ComfyJob job) => !job.IsRemoved && job.Phase == TaskPhase.Running && (job.IsInterrupted = true);
}
