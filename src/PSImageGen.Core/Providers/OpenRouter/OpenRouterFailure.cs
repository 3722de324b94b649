using System.Text.Json.Nodes;

namespace PSImageGen.Core.Providers.OpenRouter;

/// <summary>What OpenRouter's refusals mean: <c>error_type</c> in the metadata or beside the message, <c>availability</c>, then the status.</summary>
internal static class OpenRouterFailure
{
    /// <summary>A refusal, whatever was ordered. Of a chat it is not stated that a failure costs nothing.</summary>
    public static VendorFailure Of(VendorAnswer answer)
    {
        JsonNode? error = Loose.Node(answer.Json, "error"), metadata = Loose.Node(error, "metadata"), availability = Loose.Node(error, "availability");
        string? type = Loose.Text(metadata, "error_type") ?? Loose.Text(error, "error_type");
        string? code = Loose.Text(availability, "code") ?? type ?? Loose.Text(error, "code");
        string? message = Loose.Text(error, "message");
        bool inside = answer.Status is >= 200 and < 300;
        int status = inside ? (int)Math.Clamp(Loose.Number(error, "code", "http_status") ?? 500, 400, 599) : answer.Status;
        VendorFailure failure = VendorFailure.FromStatus(answer with { Status = status }, message, code);
        if (type is "content_policy_violation" or "refusal" || (status == 403 && Loose.Node(metadata, "reasons", "flagged_input") is not null))
            failure = VendorFailure.Policy(answer, message, code);
        else if (status == 403 && Loose.Node(metadata, "patterns") is not null)
            failure = VendorFailure.Policy(answer, message, code) with { Advice = Words.Of("A guardrail of the account stopped the prompt: change the prompt, or the guardrail in the settings at OpenRouter.") };
        else if (type is "invalid_image" or "image_too_large" or "image_too_small" or "unsupported_image_format" or "image_download_failed" or "image_not_found")
            failure = failure with { Id = ImageErrorId.InvalidImage, Acceptance = Acceptance.Refused };
        else if (failure.Id == ImageErrorId.InsufficientCredits)
            failure = failure with { Advice = Words.Of("Add credits at https://openrouter.ai/credits, or raise the limit of the key, then type the command again.") };

        failure = Named(failure, answer);
        if (availability is JsonObject)
            return Unavailable(failure, availability);
        // It had been accepted before it failed.
        return inside ? failure with { Acceptance = Acceptance.Refused, SendAgain = false, MayHaveBeenCharged = true } : failure;
    }

    /// <summary>A refusal of the Image API, which bills finished generations and nothing else: not errors, nor what breaks off.</summary>
    public static VendorFailure OfImageApi(VendorAnswer answer)
    {
        VendorFailure failure = Of(answer);
        // A gateway in between knows nothing of the generation, and after a time limit or an unknown failure it may still finish.
        if (answer.Json?["error"] is not JsonObject error || answer.Status is < 400 or 408 or 500 or 504 or 524)
            return failure;
        failure = failure with { MayHaveBeenCharged = false };
        // 502 is its answer for "the generation did not complete"; with 503 and 529 none has begun.
        return answer.Status is 502 or 503 or 529 && error["availability"] is null
            ? failure with { Acceptance = Acceptance.NotAccepted, SendAgain = true }
            : failure;
    }

    /// <summary>A success that holds no picture: the model answered in words, or refused. That is final, and may be charged.</summary>
    public static VendorFailure WithoutPicture(VendorAnswer answer, JsonObject? message, Cost? cost)
    {
        string? words = Loose.Text(message, "refusal") ?? Loose.Text(message, "content");
        string? end = Loose.Text((answer.Json?["choices"] as JsonArray)?.FirstOrDefault(), "finish_reason");
        VendorFailure failure = end == "content_filter" || Loose.Text(message, "refusal") is not null
            ? VendorFailure.Policy(answer, words, end)
            : VendorFailure.Unusable(answer, Words.Of("The answer holds no picture.")) with
            {
                Acceptance = Acceptance.Refused,
                Message = words,
                Advice = Words.Of("Say plainly that a picture is wanted, or choose another model, then type the command again."),
            };
        return Named(failure, answer) with { MayHaveBeenCharged = cost is not { Amount: 0 } };
    }

    private static VendorFailure Named(VendorFailure failure, VendorAnswer answer) =>
        failure with { HttpStatus = answer.Status, RequestId = answer.Header("X-Generation-Id") ?? failure.RequestId };

    // Nobody was found to serve the order, so nobody began; whether to try again it says itself.
    private static VendorFailure Unavailable(VendorFailure failure, JsonNode availability)
    {
        string? code = Loose.Text(availability, "code"), other = Loose.Texts(Loose.Node(availability, "fallback_models"))?[0];
        string? advice = code switch
        {
            "privacy_restricted" => Words.Of("The privacy settings of the account leave nobody who serves this model: change them at OpenRouter, or choose another model."),
            "constraint_filtered" => Words.Of("What is asked for leaves nobody who serves this model: leave out some of it, or -ProviderOption, or choose another model."),
            "region_restricted" => Words.Of("This model is not served in your region: choose another."),
            "wrong_endpoint" or "no_endpoints" or "model_not_found" or "model_deprecated" => Words.Of("Choose another model."),
            _ => null,
        };
        return failure with
        {
            Id = code switch
            {
                "no_endpoints" or "privacy_restricted" or "constraint_filtered" or "model_deprecated" or "model_not_found" or "wrong_endpoint" => ImageErrorId.NotFound,
                "capacity_exhausted" => ImageErrorId.RateLimited,
                "temporarily_unavailable" => ImageErrorId.ProviderUnavailable,
                _ => failure.Id,
            },
            Acceptance = Acceptance.NotAccepted,
            MayHaveBeenCharged = false,
            SendAgain = Loose.Node(availability, "retryable") is JsonValue retryable && retryable.TryGetValue(out bool again) ? again : failure.SendAgain,
            RetryAfter = Loose.Number(availability, "retry_after") is >= 0 and <= 86_400 and { } seconds ? TimeSpan.FromSeconds((double)seconds) : null,
            Advice = other is not null ? Words.Sentences(advice, Words.Of($"OpenRouter names {other} instead.")) : advice ?? failure.Advice,
        };
    }
}
