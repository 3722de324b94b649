using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.FakeProviders.Images;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.OpenRouter;

/// <summary>The OpenRouter API: its Image API, images by chat, and its lists of models.</summary>
public sealed class OpenRouterVendor : FakeVendor
{
    private const string Delivery = "/openrouter-delivery";

    private readonly ConcurrentDictionary<string, byte[]> _pictures = new();
    private readonly SignedLinks _links = new();
    private readonly Lock _gate = new();
    private decimal _used;

    internal OpenRouterVendor()
        : base("openRouterDelaySeconds", workSeconds: 0)
    {
        AddSetting("openRouterChatLinks", () => ChatLinks ? 1 : 0, value => ChatLinks = value != 0);
        AddSetting("openRouterChatWords", () => ChatWords, value => ChatWords = (int)value);
        AddSetting("openRouterCredits", () => (double)Credits, value => Credits = (decimal)value);
        AddSetting("openRouterKeyLimit", () => (double)(KeyLimit ?? -1), value => KeyLimit = value < 0 ? null : (decimal)value);
        AddSetting("openRouterManagementKey", () => KeyIsManagement ? 1 : 0, value => KeyIsManagement = value != 0);
        AddSetting("openRouterUsage", () => TellsUsage ? 1 : 0, value => TellsUsage = value != 0);
    }

    /// <inheritdoc/>
    public override string Name => "OpenRouter";

    /// <inheritdoc/>
    public override string BaseUrlVariable => "OPENROUTER_BASE_URL";

    /// <inheritdoc/>
    public override string KeyVariable => "OPENROUTER_API_KEY";

    /// <inheritdoc/>
    public override string Key => "sk-or-v1-fake-71c5e0b94a2d";

    /// <inheritdoc/>
    public override string BasePath => "/openrouter/api/v1";

    /// <summary>A chat's pictures come as links in place of data URLs.</summary>
    public bool ChatLinks { get; set; }

    /// <summary>A chat answers without a picture: 1 in words, 2 stopped by a filter, 3 in words that cost nothing; 0 as usual.</summary>
    public int ChatWords { get; set; }

    /// <summary>Answers tell their usage and cost.</summary>
    public bool TellsUsage { get; set; } = true;

    /// <summary>The US dollars that were bought.</summary>
    public decimal Credits { get; set; } = 100;

    /// <summary>How many US dollars the key may spend; null for no limit.</summary>
    public decimal? KeyLimit { get; set; }

    /// <summary>Whether the key may ask for the account's credits.</summary>
    public bool KeyIsManagement { get; set; }

    internal override bool Owns(PathString path) => path.StartsWithSegments("/openrouter") || path.StartsWithSegments(Delivery);

    internal override bool TakesKey(PathString path) => path.StartsWithSegments("/openrouter");

    internal override string? OfferedKey(HttpRequest request) => BearerKey.Of(request);

    internal override Answer Denied(string? offeredKey) => OpenRouterErrors.Denied(offeredKey);

    internal override Answer ErrorFor(int status, string? code = null) => OpenRouterErrors.For(status, code);

    internal override void Forget()
    {
        _pictures.Clear();
        _used = 0;
    }

    internal override void Decorate(Answer answer)
    {
        answer.Headers["X-Generation-Id"] = $"gen-{Guid.NewGuid():N}";
        answer.Headers["Date"] = DateTimeOffset.UtcNow.ToString("R", CultureInfo.InvariantCulture);
    }

    internal override void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder api = routes.MapGroup(BasePath);
        api.MapPost("/images", Handle(FaultStage.Submit, exchange => OrderAsync(exchange, (root, record) => OpenRouterOrder.OfImages(root, OpenRouterModel.Sample, record), ImagesAnswer)));
        api.MapPost("/chat/completions", Handle(FaultStage.Submit, exchange => OrderAsync(exchange, (root, record) => OpenRouterOrder.OfChat(root, OpenRouterModel.Sample, record), ChatAnswer)));
        api.MapGet("/images/models", Handle(FaultStage.Query, exchange =>
        {
            exchange.MeetFault(prompt: null);
            return Task.FromResult(List(OpenRouterModel.Sample.Where(m => m.Can is not null).Select(m => m.ImageItem())));
        }, needsKey: false));
        api.MapGet("/images/models/{author}/{slug}/endpoints", Handle(FaultStage.Query, exchange =>
        {
            exchange.MeetFault(prompt: null);
            RouteValueDictionary values = exchange.Http.Request.RouteValues;
            OpenRouterModel? model = OpenRouterModel.Sample.FirstOrDefault(m => m.Id == $"{values["author"]}/{values["slug"]}" && m.Can is not null);
            return Task.FromResult(model is null ? OpenRouterErrors.For(404, null) : Answer.Json(model.EndpointList()));
        }, needsKey: false));
        api.MapGet("/models", Handle(FaultStage.Query, exchange =>
        {
            exchange.MeetFault(prompt: null);
            // By default models of text alone are listed.
            string[] modalities = exchange.Http.Request.Query["output_modalities"].ToString().Split(',');
            return Task.FromResult(List(OpenRouterModel.Sample.Where(_ => modalities.Contains("image") || modalities.Contains("all")).Select(m => m.ListItem())));
        }));
        api.MapGet("/credits", Handle(FaultStage.Query, exchange =>
        {
            exchange.MeetFault(prompt: null);
            return Task.FromResult(KeyIsManagement
                ? Answer.Json(new JsonObject { ["data"] = new JsonObject { ["total_credits"] = Credits, ["total_usage"] = _used } })
                : OpenRouterErrors.For(403, null));
        }));
        api.MapGet("/key", Handle(FaultStage.Query, exchange =>
        {
            exchange.MeetFault(prompt: null);
            return Task.FromResult(Answer.Json(new JsonObject
            {
                ["data"] = new JsonObject
                {
                    ["label"] = "sk-or-v1-fak...a2d",
                    ["limit"] = KeyLimit,
                    ["limit_remaining"] = KeyLimit - _used,
                    ["usage"] = _used,
                    ["is_free_tier"] = false,
                    ["is_management_key"] = KeyIsManagement,
                },
            }));
        }));
        routes.MapGet(Delivery + "/{file}", Handle(FaultStage.Download, DownloadAsync, needsKey: false));
    }

    private static Answer List(IEnumerable<JsonObject> items) => Answer.Json(new JsonObject { ["data"] = new JsonArray([.. items]) });

    private async Task<Answer> OrderAsync(Exchange exchange, Func<JsonElement, Log.RequestRecord, OpenRouterOrder> read, Func<Exchange, OpenRouterOrder, Answer> answer)
    {
        if (!exchange.Http.Request.HasJsonContentType() || await exchange.ReadJsonAsync() is not JsonElement root)
            throw OpenRouterErrors.Invalid("The body must be a JSON object.");
        OpenRouterOrder order = read(root, exchange.Record);
        exchange.MeetFault(order.Prompt);
        if (exchange.IsHitBy(FaultKind.Refuse))
            throw new RefusedException(OpenRouterErrors.Moderation());
        exchange.Bill(order.Count);
        lock (_gate)
            _used += order.Model.Cost * order.Count;
        await Task.Delay(TimeSpan.FromSeconds(WorkSeconds), exchange.Aborted);
        return answer(exchange, order);
    }

    private Answer ImagesAnswer(Exchange exchange, OpenRouterOrder order)
    {
        int delivered = exchange.IsHitBy(FaultKind.FewerImages) ? order.Count - 1 : order.Count;
        var body = new JsonObject
        {
            ["created"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
            ["data"] = new JsonArray([.. Enumerable.Range(0, delivered).Select(i => (JsonNode?)new JsonObject
            {
                ["b64_json"] = Convert.ToBase64String(Picture(order, i)),
                ["media_type"] = "image/" + order.Format,
            })]),
        };
        if (TellsUsage)
            body["usage"] = Usage(order.Model.Cost * delivered);
        return Answer.Json(body);
    }

    private Answer ChatAnswer(Exchange exchange, OpenRouterOrder order)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = ChatWords > 0 ? "I can only talk about that." : "Here it is." };
        if (ChatWords == 0)
        {
            string origin = exchange.IsHitBy(FaultKind.ForeignLink) ? Server.ForeignOrigin : Server.Origin;
            message["images"] = new JsonArray(new JsonObject { ["type"] = "image_url", ["image_url"] = new JsonObject { ["url"] = ChatLinks ? LinkTo(order, origin) : $"data:image/png;base64,{Convert.ToBase64String(Picture(order, 0))}" } });
        }

        var body = new JsonObject
        {
            ["id"] = $"gen-{Guid.NewGuid():N}",
            ["object"] = "chat.completion",
            ["model"] = order.Model.Id,
            ["created"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
            ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["finish_reason"] = ChatWords == 2 ? "content_filter" : "stop", ["message"] = message }),
        };
        if (TellsUsage)
            body["usage"] = Usage(ChatWords switch { 0 => order.Model.Cost, 3 => 0, _ => 0.0004m });
        return Answer.Json(body);
    }

    private string LinkTo(OpenRouterOrder order, string origin)
    {
        string file = $"{Guid.NewGuid():N}.png";
        _pictures[file] = Picture(order, 0);
        return _links.Make(origin, $"{Delivery}/{file}", lifetimeSeconds: 3600);
    }

    private Task<Answer> DownloadAsync(Exchange exchange)
    {
        HttpRequest request = exchange.Http.Request;
        exchange.MeetFault(prompt: null);
        return Task.FromResult(_pictures.TryGetValue((string)request.RouteValues["file"]!, out byte[]? bytes) && _links.IsAlive(request)
            ? Answer.Bytes(bytes, "image/png")
            : Answer.Text("Forbidden", "text/plain", 403));
    }

    private static byte[] Picture(OpenRouterOrder order, int index) =>
        TinyImages.Make(order.Format, order.Width, order.Height, $"{order.Model.Id}/{index}/{Guid.NewGuid()}/{order.Prompt}", order.Transparent);

    private static JsonObject Usage(decimal cost) => new()
    {
        ["prompt_tokens"] = 12,
        ["completion_tokens"] = 1078,
        ["total_tokens"] = 1090,
        ["cost"] = cost,
        ["is_byok"] = false,
    };
}
