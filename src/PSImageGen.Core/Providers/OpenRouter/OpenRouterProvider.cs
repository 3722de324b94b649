using System.Globalization;
using System.Text.Json.Nodes;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Providers.OpenRouter;

/// <summary>
/// OpenRouter: one order, one answer with the pictures in it. Most models stand behind its Image API, the others answer in a chat.
/// Which there are, and what they cost, it tells at run time. Source: OpenRouter's OpenAPI document and guides (2026-08-22).
/// </summary>
public sealed class OpenRouterProvider : Provider
{
    private static readonly HashSet<string> ImageFields = ["b64_json"];

    /// <inheritdoc/>
    public override ProviderProfile Profile { get; } = new()
    {
        Id = "OpenRouter",
        DisplayName = "OpenRouter",
        BaseUrl = new Uri("https://openrouter.ai/api/v1"),
        BaseUrlVariable = "OPENROUTER_BASE_URL",
        CredentialNames = ["OPENROUTER_API_KEY"],
        KeyPage = new Uri("https://openrouter.ai/settings/keys"),
        AccountPage = new Uri("https://openrouter.ai/credits"),
        Synchronous = true,
        TakesLinks = true,
    };

    /// <inheritdoc/>
    public override IReadOnlyList<VendorRequest> Capabilities { get; } = [VendorRequest.Get("images/models"), VendorRequest.Get("models?output_modalities=image")];

    /// <inheritdoc/>
    public override IReadOnlyList<ModelRow> ReadCapabilities(IReadOnlyList<VendorAnswer?> answers, Uri baseUrl)
    {
        // Without the first list nobody knows which models of the second are ordered by chat.
        if (answers is not [{ } images, var chat] || IsRefusal(images))
            return [];
        string? date = DateOf(images);
        ModelRow like = Catalogue.Models.First(m => !IsChat(m)), likeChat = Catalogue.Models.First(IsChat);
        ModelRow[] rows = [.. Items(images).Select(i => OpenRouterModels.OfImageList(i, like, Catalogue, date)).OfType<ModelRow>()];
        HashSet<string> listed = [.. Items(images).Select(i => Loose.Text(i, "id")).OfType<string>()];
        IEnumerable<ModelRow> others = Items(chat).Where(i => Loose.Text(i, "id") is { } id && !listed.Contains(id))
            .Select(i => OpenRouterModels.OfChatList(i, likeChat, Catalogue, date)).OfType<ModelRow>();
        string[] order = [.. Catalogue.Models.Select(m => m.Id)];
        return rows.Length == 0 ? [] : [.. rows.Concat(others).DistinctBy(m => m.Id).OrderBy(m => Array.IndexOf(order, m.Id) is >= 0 and var at ? at : order.Length)];
    }

    /// <inheritdoc/>
    public override VendorRequest? Details(ModelRow model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return IsChat(model) ? null : VendorRequest.Get($"images/models/{model.Id}/endpoints");
    }

    /// <inheritdoc/>
    public override ModelRow ReadDetails(ModelRow model, VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(answer);
        return model with { Price = OpenRouterPrices.OfEndpoints(Loose.Node(answer.Json, "endpoints") ?? Loose.Node(Loose.Node(answer.Json, "data"), "endpoints"), model), Date = DateOf(answer) ?? model.Date };
    }

    /// <inheritdoc/>
    public override Price Price(CallShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return OpenRouterPrices.IsKnown(shape) ? base.Price(shape) : Planning.Price.Unknown;
    }

    /// <inheritdoc/>
    public override VendorRequest Submit(ProviderCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return IsChat(call.Shape.Model)
            ? VendorRequest.Post("chat/completions", new RequestBody.Json(ChatBody(call)))
            : VendorRequest.Post("images", new RequestBody.Json(ImageBody(call))) with { ImageFields = ImageFields };
    }

    /// <inheritdoc/>
    public override SubmitAnswer ReadSubmit(ProviderCall call, VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(answer);
        JsonObject? message = ((answer.Json?["choices"] as JsonArray)?.FirstOrDefault() as JsonObject)?["message"] as JsonObject;
        Picture[] pictures = IsChat(call.Shape.Model)
            ? [.. Objects(message?["images"]).Select(i => Picture.From(Loose.Node(Loose.Node(i, "image_url"), "url") ?? Loose.Node(i, "image_url", "url"), answer.Parts)).OfType<Picture>()]
            : [.. Objects(answer.Json?["data"]).Select(i => Picture.From(Loose.Node(i, "b64_json", "url"), answer.Parts)).OfType<Picture>()];
        // What it charges for the call in US dollars; not always there.
        Cost? cost = Loose.Number(Loose.Node(answer.Json, "usage"), "cost") is >= 0 and { } amount ? new Cost { Amount = amount, Currency = "USD", Source = "reported" } : null;
        return pictures.Length > 0 ? new SubmitAnswer.Finished(pictures) { Cost = cost }
            : new SubmitAnswer.Refused(answer.Json?["error"] is JsonObject ? OpenRouterFailure.Of(answer) : OpenRouterFailure.WithoutPicture(answer, message, cost)) { Cost = cost };
    }

    /// <inheritdoc/>
    // A chat that fails after it has begun says so inside a 200.
    public override bool IsRefusal(VendorAnswer answer) => base.IsRefusal(answer)
        || (answer?.Json is JsonObject body && body["error"] is JsonObject && body["choices"] is null && body["data"] is null && body["usage"] is null);

    /// <inheritdoc/>
    public override VendorFailure Classify(VendorAnswer answer) => OpenRouterFailure.Of(answer);

    /// <inheritdoc/>
    public override VendorFailure ClassifySubmit(ProviderCall call, VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(call);
        return IsChat(call.Shape.Model) ? OpenRouterFailure.Of(answer) : OpenRouterFailure.OfImageApi(answer);
    }

    /// <inheritdoc/>
    // What the account has is told to a management key only; any key may ask for its own limit.
    public override IReadOnlyList<VendorRequest> Balance { get; } = [VendorRequest.Get("credits"), VendorRequest.Get("key")];

    /// <inheritdoc/>
    public override Funds? ReadBalance(VendorAnswer answer)
    {
        JsonNode? data = Loose.Node(answer?.Json, "data");
        if (Loose.Number(data, "total_credits") is { } bought && Loose.Number(data, "total_usage") is { } used)
            return new Funds(bought - used, "USD");
        if (Loose.Number(data, "limit_remaining") is { } left)
            return new Funds(left, "USD", Words.Of("what the limit of this key leaves: only a management key may ask what the account has"));
        return Loose.Number(data, "usage") is not null ? new Funds(null, "USD", Words.Of("this key has no limit, and only a management key may ask what the account has: look at the account page")) : null;
    }

    private static bool IsChat(ModelRow model) => model.Fields.ContainsKey(OpenRouterModels.Modalities);

    private static IEnumerable<JsonObject> Objects(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonObject>();

    private static IEnumerable<JsonObject> Items(VendorAnswer? answer) => Objects(Loose.Node(answer?.Json, "data"));

    private static string? DateOf(VendorAnswer answer) => DateTimeOffset.TryParse(answer.Header("Date"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset now)
        ? now.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null;

    private static JsonObject ImageBody(ProviderCall call)
    {
        CallShape shape = call.Shape;
        JsonObject body = new() { ["model"] = shape.Model.Id, ["prompt"] = shape.Prompt };
        // Models that make one picture refuse the field.
        if (call.Count > 1)
            body["n"] = call.Count;
        Set(body, "size", shape.Model.Sizes is { List.Count: > 0 } ? shape.Size?.ToString() : null);
        Set(body, "resolution", shape.Resolution);
        Set(body, "aspect_ratio", RatioOf(shape));
        Set(body, "quality", shape.Quality);
        Set(body, "output_format", shape.Format?.ToString().ToLowerInvariant());
        Set(body, "background", shape.Model.Backgrounds.Count > 0 ? shape.Request.Background?.ToString().ToLowerInvariant() : null);
        if (call.Seed is { } seed)
            body["seed"] = seed;
        if (call.Inputs.Count > 0)
            body["input_references"] = new JsonArray([.. call.Inputs.Select(Part)]);
        AddOptions(call, body);
        return body;
    }

    private static JsonObject ChatBody(ProviderCall call)
    {
        CallShape shape = call.Shape;
        JsonNode content = call.Inputs.Count == 0
            ? shape.Prompt
            : new JsonArray([new JsonObject { ["type"] = "text", ["text"] = shape.Prompt }, .. call.Inputs.Select(Part)]);
        JsonObject config = [];
        Set(config, "aspect_ratio", RatioOf(shape));
        Set(config, "image_size", shape.Resolution);
        JsonObject body = new()
        {
            ["model"] = shape.Model.Id,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = content }),
            ["modalities"] = new JsonArray([.. shape.Model.Fields[OpenRouterModels.Modalities].Split(',').Select(m => (JsonNode?)m)]),
        };
        if (config.Count > 0)
            body["image_config"] = config;
        if (call.Seed is { } seed)
            body["seed"] = seed;
        AddOptions(call, body);
        return body;
    }

    private static JsonNode Part(CallInput input) => new JsonObject { ["type"] = "image_url", ["image_url"] = new JsonObject { ["url"] = input.ToJson() } };

    // With one shape there is no choice, and perhaps no field.
    private static string? RatioOf(CallShape shape) => shape.Model.Sizes is { Ratios.Count: > 1 } ? shape.Ratio?.ToString() ?? shape.RatioWord : null;

    // "provider.only" is the field "only" of the object "provider"; its lists are given as one text with commas.
    private static void AddOptions(ProviderCall call, JsonObject body)
    {
        foreach ((string name, JsonNode? value) in call.Options)
        {
            string[] path = name.Split('.', 2);
            if (path.Length == 1)
            {
                body[name] = value?.DeepClone();
                continue;
            }

            JsonObject inner = body[path[0]] as JsonObject ?? [];
            body[path[0]] = inner;
            inner[path[1]] = path[1] is "only" or "order" or "ignore"
                ? new JsonArray([.. value!.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(slug => (JsonNode?)slug)])
                : value?.DeepClone();
        }
    }

    private static void Set(JsonObject body, string name, string? value)
    {
        if (value is not null)
            body[name] = value;
    }
}
