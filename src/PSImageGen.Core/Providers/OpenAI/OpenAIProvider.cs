using System.Text.Json.Nodes;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Providers.OpenAI;

/// <summary>OpenAI's Images API: one call, one answer with the pictures as base64; with partial pictures, a stream of them. Source: OpenAI's OpenAPI document 2.3.0 (2026-08-21).</summary>
public sealed class OpenAIProvider : Provider
{
    private static readonly HashSet<string> ImageFields = ["b64_json"];

    /// <inheritdoc/>
    public override ProviderProfile Profile { get; } = new()
    {
        Id = "OpenAI",
        DisplayName = "OpenAI",
        BaseUrl = new Uri("https://api.openai.com/v1"),
        BaseUrlVariable = "OPENAI_BASE_URL",
        CredentialNames = ["OPENAI_API_KEY"],
        KeyPage = new Uri("https://platform.openai.com/api-keys"),
        AccountPage = new Uri("https://platform.openai.com/settings/organization/billing"),
        Synchronous = true,
        LinkLifetime = TimeSpan.FromMinutes(60),
    };

    /// <inheritdoc/>
    public override VendorRequest? KeyCheck => VendorRequest.Get("models");

    /// <inheritdoc/>
    public override Price Price(CallShape shape) => OpenAIPrice.Of(shape);

    /// <inheritdoc/>
    public override VendorRequest Submit(ProviderCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        VendorRequest request = call.Inputs.Count == 0
            ? VendorRequest.Post("images/generations", new RequestBody.Json(Fields(call)))
            : VendorRequest.Post("images/edits", Parts(call));
        // Some gateways leave the stream out.
        return request with { ImageFields = ImageFields, Accept = call.Shape.Partials > 0 ? "text/event-stream, application/json" : request.Accept };
    }

    /// <inheritdoc/>
    public override SubmitAnswer ReadSubmit(ProviderCall call, VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(answer);
        if (answer.Json?["error"] is JsonObject)
            return new SubmitAnswer.Refused(Classify(answer) with { Acceptance = Acceptance.Refused, MayHaveBeenCharged = true });

        return Finished(call, answer, answer.Json?["data"] as JsonArray ?? []);
    }

    /// <inheritdoc/>
    public override SubmitAnswer? ReadSubmitEvent(ProviderCall call, string type, VendorAnswer data)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(data);
        string kind = data.String("type") ?? type ?? string.Empty;
        if (kind == "error" || data.Json?["error"] is not null)
        {
            // The order was taken in. A refusal for what it asks is an end; of a server that failed on the way nothing is known.
            VendorFailure failure = Classify(data);
            return new SubmitAnswer.Refused(failure with { Acceptance = failure.Acceptance == Acceptance.Unknown ? Acceptance.Unknown : Acceptance.Refused, MayHaveBeenCharged = true });
        }

        if (kind.EndsWith(".partial_image", StringComparison.Ordinal))
            return new SubmitAnswer.Partial(data.Json?["partial_image_index"] is JsonValue at && at.TryGetValue(out int index) ? index + 1 : 1, Picture.From(data.Json?["b64_json"], data.Parts));
        if (kind.EndsWith(".completed", StringComparison.Ordinal))
            return Finished(call, data, [data.Json]);
        return data.Json?["data"] is JsonArray ? ReadSubmit(call, data) : null;
    }

    /// <inheritdoc/>
    public override VendorFailure Classify(VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        string? code = answer.String("error", "code"), type = answer.String("error", "type"), param = answer.String("error", "param");
        string? message = answer.String("error", "message");
        VendorFailure byStatus = VendorFailure.FromStatus(answer, message, code ?? type);
        switch (code ?? type)
        {
            case "moderation_blocked" or "content_policy_violation":
                string[] categories = [.. (answer.Json?["error"]?["moderation_details"]?["categories"] as JsonArray ?? []).Select(c => c?.ToString()).OfType<string>()];
                return VendorFailure.Policy(answer, categories.Length > 0 ? $"{message} (categories: {string.Join(", ", categories)})" : message, code);
            case "insufficient_quota" or "credit_balance_exhausted" or "organization_spend_limit_exceeded" or "project_spend_limit_exceeded"
                or "organization_usage_limit_exceeded" or "billing_hard_limit_reached":
                return byStatus with { Id = ImageErrorId.InsufficientCredits, Acceptance = Acceptance.NotAccepted, SendAgain = false, MayHaveBeenCharged = false };
            case "model_not_found":
            case "invalid_value" when param == "model":
                return byStatus with { Id = ImageErrorId.NotFound, Acceptance = Acceptance.NotAccepted };
            // Documented as turned away at the door.
            case "server_is_overloaded" or "service_unavailable_error" when answer.Status == 503:
                return byStatus with { Acceptance = Acceptance.NotAccepted, SendAgain = true, MayHaveBeenCharged = false };
            default:
                return type == "insufficient_quota"
                    ? byStatus with { Id = ImageErrorId.InsufficientCredits, Acceptance = Acceptance.NotAccepted, SendAgain = false }
                    : byStatus with { SendAgain = byStatus.SendAgain && answer.Header("x-should-retry") != "false" };
        }
    }

    private static SubmitAnswer Finished(ProviderCall call, VendorAnswer answer, IEnumerable<JsonNode?> items)
    {
        Picture[] pictures = [.. items.OfType<JsonObject>().Select(item => Picture.From(item["b64_json"], answer.Parts) ?? Picture.From(item["url"], answer.Parts)).OfType<Picture>()];
        // Behind gateways a blocked picture may come as a success with nothing in it. That answer is final.
        return pictures.Length == 0
            ? new SubmitAnswer.Refused(VendorFailure.Unusable(answer, Words.Of("The answer holds no picture.")) with { Acceptance = Acceptance.Refused })
            : new SubmitAnswer.Finished(pictures) { Cost = OpenAIPrice.FromUsage(call.Shape.Model, answer.Json?["usage"]) };
    }

    private static JsonObject Fields(ProviderCall call)
    {
        JsonObject body = new()
        {
            ["model"] = call.Shape.Model.Id,
            ["prompt"] = call.Shape.Prompt,
            ["n"] = call.Count,
        };
        if (call.Shape.Size is { } size)
            body["size"] = size.ToString();
        if (call.Shape.Quality is { } quality)
            body["quality"] = quality;
        if (call.Shape.Format is { } format)
            body["output_format"] = format.ToString().ToLowerInvariant();
        if (call.Shape.Request.Background is { } background)
            body["background"] = background.ToString().ToLowerInvariant();
        foreach ((string name, JsonNode? value) in call.Options)
            body[name] = value?.DeepClone();
        // The number has a meaning in a stream only.
        body.Remove(ModelRow.PartialsOption);
        if (call.Shape.Partials > 0)
        {
            body["stream"] = true;
            body[ModelRow.PartialsOption] = call.Shape.Partials;
        }

        return body;
    }

    private static RequestBody.Multipart Parts(ProviderCall call)
    {
        List<BodyPart> parts = [.. Fields(call).Select(f => BodyPart.Text(f.Key, f.Value?.ToString()))];
        if (call.Shape.Request.ConsistencyMode == ConsistencyMode.Strict && call.Shape.Model.Fields.TryGetValue("fidelity", out string? fidelity))
            parts.Add(BodyPart.Text(fidelity, "high"));
        // The mask is that of the first image, which is the source.
        string image = call.Inputs.Count(i => i.Role != ImageRole.Mask) == 1 ? "image" : "image[]";
        parts.AddRange(call.Inputs.Select(i => BodyPart.File(i.Role == ImageRole.Mask ? "mask" : image, i.Index)));
        return new RequestBody.Multipart(parts);
    }
}
