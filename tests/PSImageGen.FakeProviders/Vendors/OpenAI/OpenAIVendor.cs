using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.OpenAI;

/// <summary>The OpenAI Images API.</summary>
public sealed class OpenAIVendor : FakeVendor
{
    private static readonly long Created = new DateTimeOffset(2026, 4, 21, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    internal OpenAIVendor()
        : base("openAIDelaySeconds", workSeconds: 0)
    {
    }

    /// <inheritdoc/>
    public override string Name => "OpenAI";

    /// <inheritdoc/>
    public override string BaseUrlVariable => "OPENAI_BASE_URL";

    /// <inheritdoc/>
    public override string KeyVariable => "OPENAI_API_KEY";

    /// <inheritdoc/>
    public override string Key => "sk-fake-openai-9b1f4c27d0e8";

    /// <inheritdoc/>
    public override string BasePath => "/openai/v1";

    internal override bool Owns(PathString path) => path.StartsWithSegments("/openai");

    internal override bool TakesKey(PathString path) => true;

    internal override string? OfferedKey(HttpRequest request) => BearerKey.Of(request);

    internal override Answer Denied(string? offeredKey) => OpenAIErrors.Denied(offeredKey);

    internal override Answer ErrorFor(int status, string? code = null) => OpenAIErrors.For(status, code);

    internal override void Decorate(Answer answer)
    {
        answer.Headers["x-request-id"] = "req_" + Guid.NewGuid().ToString("N");
        answer.Headers["x-ratelimit-limit-requests"] = "500";
        answer.Headers["x-ratelimit-remaining-requests"] = "499";
        answer.Headers["x-ratelimit-reset-requests"] = "120ms";
    }

    internal override void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder api = routes.MapGroup(BasePath);
        api.MapPost("/images/generations", Handle(FaultStage.Submit, GenerateAsync));
        api.MapPost("/images/edits", Handle(FaultStage.Submit, EditAsync));

        // Its only model has been shut down: whatever is asked, the answer is the same.
        api.MapPost("/images/variations", Handle(FaultStage.Submit, async exchange =>
        {
            await exchange.ReadBodyAsync();
            throw OpenAIErrors.BadModel("dall-e-2");
        }));
        api.MapGet("/models", Handle(FaultStage.Query, exchange =>
        {
            exchange.MeetFault(prompt: null);
            return Task.FromResult(Answer.Json(new JsonObject { ["object"] = "list", ["data"] = new JsonArray([.. Models()]) }));
        }));
        api.MapGet("/models/{id}", Handle(FaultStage.Query, exchange =>
        {
            exchange.MeetFault(prompt: null);
            string id = (string)exchange.Http.Request.RouteValues["id"]!;
            JsonNode? model = Models().FirstOrDefault(each => (string)each!["id"]! == id);
            return Task.FromResult(model is not null
                ? Answer.Json(model)
                : OpenAIErrors.Make(404, $"The model '{id}' does not exist", "invalid_request_error", "model", "model_not_found"));
        }));
    }

    private static IEnumerable<JsonNode?> Models() =>
        OpenAIModel.Live.Select(model => model.Id).Append("gpt-5-mini").Select(id => new JsonObject
        {
            ["id"] = id,
            ["object"] = "model",
            ["created"] = Created,
            ["owned_by"] = "system",
            ["shutdown_date"] = null,
        });

    private async Task<Answer> GenerateAsync(Exchange exchange)
    {
        RefuseUnlessJson(exchange);
        JsonElement root = await exchange.ReadJsonAsync() ?? throw OpenAIErrors.BadRequest("We could not parse the JSON body of your request.");
        var fields = root.EnumerateObject().ToDictionary(property => property.Name, property => property.Value);
        return await WorkAsync(exchange, OpenAIJob.Generation(new OpenAIFields(fields, areText: false)));
    }

    private async Task<Answer> EditAsync(Exchange exchange)
    {
        if (MultipartForm.Is(exchange.Http.Request))
            return await WorkAsync(exchange, await OpenAIInputs.ReadMultipartAsync(exchange));

        RefuseUnlessJson(exchange);
        JsonElement root = await exchange.ReadJsonAsync() ?? throw OpenAIErrors.BadRequest("We could not parse the JSON body of your request.");
        return await WorkAsync(exchange, OpenAIInputs.ReadJson(exchange, root));
    }

    private async Task<Answer> WorkAsync(Exchange exchange, OpenAIJob job)
    {
        exchange.MeetFault(job.Prompt);
        if (job.Stream)
            exchange.MeetFault(job.Prompt, FaultStage.Stream);
        if (exchange.IsHitBy(FaultKind.Refuse) && exchange.Fault!.Stage == FaultStage.Submit)
            throw new RefusedException(OpenAIErrors.For(400, "moderation_blocked"));

        exchange.Bill(job.Count);
        if (exchange.IsHitBy(FaultKind.Refuse))
            return OpenAIAnswers.FailedEvents(job, exchange.Fault!.Code);
        if (job.Stream && !exchange.IsHitBy(FaultKind.NoStream))
            return OpenAIAnswers.Events(job, TimeSpan.FromSeconds(WorkSeconds));
        await Task.Delay(TimeSpan.FromSeconds(WorkSeconds), exchange.Aborted);
        return OpenAIAnswers.Whole(job, exchange.IsHitBy(FaultKind.FewerImages) ? job.Count - 1 : job.Count);
    }

    private static void RefuseUnlessJson(Exchange exchange)
    {
        if (!exchange.Http.Request.HasJsonContentType())
            throw OpenAIErrors.BadRequest($"Unsupported content type: '{exchange.Http.Request.ContentType}'.", "unsupported_content_type");
    }
}
