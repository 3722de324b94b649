using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.FakeProviders.Images;
using PSImageGen.FakeProviders.Vendors.OpenAI;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.WellApi;

/// <summary>The WellAPI gateway.</summary>
public sealed class WellApiVendor : FakeVendor
{
    private const string Delivery = "/wellapi-delivery";

    private static readonly string[] KnownModels = ["gpt-image-2"];

    private static readonly string[] KnownEditModels =
        ["gpt-image-2", "gpt-image-2-all", "gpt-image-1", "gpt-image-1-all", "flux-kontext-pro", "flux-kontext-max"];

    private readonly ConcurrentDictionary<string, (string Format, byte[] Bytes, string Prompt)> _pictures = new();
    private readonly WellApiErrors _errors = new();
    private readonly SignedLinks _links = new();

    internal WellApiVendor()
        : base("wellAPIDelaySeconds", workSeconds: 0)
    {
        AddSetting("wellAPIReportsPng", () => ReportsPng ? 1 : 0, value => ReportsPng = value != 0);
        AddSetting("wellAPIDeliversPng", () => DeliversPng ? 1 : 0, value => DeliversPng = value != 0);
        AddSetting("wellAPIUrls", () => Urls ? 1 : 0, value => Urls = value != 0);
        AddSetting("wellAPIEmptyData", () => EmptyData ? 1 : 0, value => EmptyData = value != 0);
        AddSetting("wellAPINoCapacityStatus", () => NoCapacityStatus, value => NoCapacityStatus = (int)value);
        AddSetting("wellAPIErrorForm", () => _errors.Form, value => _errors.Form = (int)value);
        AddSetting("wellAPILongestPrompt", () => LongestPrompt, value => LongestPrompt = (int)value);
        AddSetting("wellAPILinkLifetimeSeconds", () => LinkLifetimeSeconds, value => LinkLifetimeSeconds = value);
    }

    /// <inheritdoc/>
    public override string Name => "WellAPI";

    /// <inheritdoc/>
    public override string BaseUrlVariable => "WELLAPI_BASE_URL";

    /// <inheritdoc/>
    public override string KeyVariable => "WELLAPI_API_KEY";

    /// <inheritdoc/>
    public override string Key => "sk-fake-wellapi-2c94b7e06d1f";

    /// <inheritdoc/>
    public override string BasePath => "/wellapi/v1";

    /// <summary>Models that the key's group generates with. Reset brings these back.</summary>
    public IReadOnlyList<string> Models { get; set; } = KnownModels;

    /// <summary>Models that the key's group edits with. Reset brings these back.</summary>
    public IReadOnlyList<string> EditModels { get; set; } = KnownEditModels;

    /// <summary>The answer says <c>png</c>, whatever was asked for and is delivered.</summary>
    public bool ReportsPng { get; set; }

    /// <summary>Pictures are PNG, whatever was asked for, and the answer says so: the seed's sample.</summary>
    public bool DeliversPng { get; set; }

    /// <summary>Pictures come as links in place of base64.</summary>
    public bool Urls { get; set; }

    /// <summary>The answer is 200 without a picture, and is charged.</summary>
    public bool EmptyData { get; set; }

    /// <summary>When above 0, the key's group has no channel for any model, which is said with this status.</summary>
    public int NoCapacityStatus { get; set; }

    /// <summary>Longest prompt; one source says 1000.</summary>
    public int LongestPrompt { get; set; } = 32_000;

    /// <summary>How long a delivery link lives.</summary>
    public double LinkLifetimeSeconds { get; set; } = 3600;

    internal override bool Owns(PathString path) => path.StartsWithSegments("/wellapi") || path.StartsWithSegments(Delivery);

    internal override bool TakesKey(PathString path) => path.StartsWithSegments("/wellapi");

    internal override string? OfferedKey(HttpRequest request) => BearerKey.Of(request);

    internal override Answer Denied(string? offeredKey) => _errors.For(401, null);

    internal override Answer ErrorFor(int status, string? code = null) => _errors.For(status, code);

    internal override void Forget()
    {
        _pictures.Clear();
        (Models, EditModels) = (KnownModels, KnownEditModels);
    }

    internal override void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder api = routes.MapGroup(BasePath);
        api.MapPost("/images/generations", Handle(FaultStage.Submit, async exchange =>
        {
            if (!exchange.Http.Request.HasJsonContentType() || await exchange.ReadJsonAsync() is not JsonElement root)
                throw _errors.Invalid(null, "The body must be a JSON object.");
            return await WorkAsync(exchange, WellApiJob.Generation(root, LongestPrompt, _errors), Models);
        }));
        api.MapPost("/images/edits", Handle(FaultStage.Submit, async exchange =>
        {
            IReadOnlyList<FormPart> parts = await MultipartForm.ReadAsync(exchange) ?? throw _errors.Invalid(null, "The body must be multipart/form-data.");
            return await WorkAsync(exchange, WellApiJob.Edit(parts, LongestPrompt, _errors), EditModels);
        }));
        api.MapGet("/models", Handle(FaultStage.Query, exchange =>
        {
            exchange.MeetFault(prompt: null);
            return Task.FromResult(Answer.Json(new JsonObject
            {
                ["object"] = "list",
                ["data"] = new JsonArray([.. Models.Union(EditModels).Select(id => (JsonNode?)new JsonObject
                {
                    ["id"] = id,
                    ["object"] = "model",
                    ["created"] = 1_776_729_600,
                    ["owned_by"] = "custom",
                })]),
            }));
        }));
        routes.MapGet(Delivery + "/{file}", Handle(FaultStage.Download, DownloadAsync, needsKey: false));
    }

    private async Task<Answer> WorkAsync(Exchange exchange, WellApiJob job, IReadOnlyList<string> models)
    {
        if (NoCapacityStatus > 0 || !models.Contains(job.Model))
            throw new RefusedException(_errors.WithoutChannel(NoCapacityStatus > 0 ? NoCapacityStatus : 503, job.Model));
        exchange.MeetFault(job.Prompt);
        if (exchange.IsHitBy(FaultKind.Refuse))
            throw _errors.Refused(400, "moderation_blocked");
        exchange.Bill(job.Count);
        await Task.Delay(TimeSpan.FromSeconds(WorkSeconds), exchange.Aborted);

        string format = DeliversPng ? "png" : job.Format;
        string origin = exchange.IsHitBy(FaultKind.ForeignLink) ? Server.ForeignOrigin : Server.Origin;
        int delivered = EmptyData ? 0 : exchange.IsHitBy(FaultKind.FewerImages) ? job.Count - 1 : job.Count;
        var answer = new JsonObject
        {
            ["created"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
            ["background"] = job.Background,
            ["data"] = new JsonArray([.. Enumerable.Range(0, delivered).Select(i => (JsonNode?)Picture(job, i, format, origin))]),
            ["output_format"] = ReportsPng ? "png" : format,
            ["quality"] = job.Quality,
            ["size"] = $"{job.Width}x{job.Height}",
            ["usage"] = Usage(job),
        };
        return Answer.Json(answer);
    }

    private JsonObject Picture(WellApiJob job, int index, string format, string origin)
    {
        byte[] bytes = TinyImages.Make(format, job.Width, job.Height, $"{job.Model}/{index}/{Guid.NewGuid()}/{job.Prompt}", job.Background == "transparent");
        if (!Urls)
            return new JsonObject { ["b64_json"] = Convert.ToBase64String(bytes) };
        string file = $"{Guid.NewGuid():N}.{format}";
        _pictures[file] = (format, bytes, job.Prompt);
        return new JsonObject { ["url"] = _links.Make(origin, $"{Delivery}/{file}", LinkLifetimeSeconds) };
    }

    private Task<Answer> DownloadAsync(Exchange exchange)
    {
        HttpRequest request = exchange.Http.Request;
        bool isKnown = _pictures.TryGetValue((string)request.RouteValues["file"]!, out (string Format, byte[] Bytes, string Prompt) picture);
        exchange.MeetFault(picture.Prompt);
        if (exchange.IsHitBy(FaultKind.Expired))
            _links.Kill(request);
        return Task.FromResult(isKnown && _links.IsAlive(request)
            ? Answer.Bytes(picture.Bytes, "image/" + picture.Format)
            : Answer.Text("<Error><Code>AccessDenied</Code></Error>", "application/xml", 403));
    }

    private static JsonObject Usage(WellApiJob job)
    {
        // The gateway hands on what the vendor behind it counts.
        int text = 2 + ((job.Prompt.Length + 3) / 4), image = job.Inputs * 323;
        int output = job.Count * OpenAIModel.Live[0].OutputTokens(job.Width, job.Height, job.Quality);
        return new JsonObject
        {
            ["input_tokens"] = text + image,
            ["output_tokens"] = output,
            ["total_tokens"] = text + image + output,
            ["input_tokens_details"] = new JsonObject { ["text_tokens"] = text, ["image_tokens"] = image },
        };
    }
}
