using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.OpenRouter;

/// <summary>The vendor's error bodies.</summary>
internal static class OpenRouterErrors
{
    // What routing says, each with its status and whether trying again may help.
    private static readonly Dictionary<string, (int Status, bool Retryable)> Availability = new()
    {
        ["no_endpoints"] = (404, false),
        ["privacy_restricted"] = (404, false),
        ["constraint_filtered"] = (404, false),
        ["model_deprecated"] = (404, false),
        ["region_restricted"] = (403, false),
        ["model_not_found"] = (400, false),
        ["wrong_endpoint"] = (400, false),
        ["capacity_exhausted"] = (429, true),
        ["temporarily_unavailable"] = (503, true),
    };

    public static RefusedException Invalid(string message, string type = "invalid_request") => new(Make(400, message, type));

    public static RefusedException Unavailable(string code, string message) => new(OfAvailability(code, message));

    public static Answer Denied(string? offeredKey) => Make(401, offeredKey is null ? "Missing Authentication header" : "User not found.", "authentication");

    public static Answer For(int status, string? code) => code switch
    {
        not null when Availability.ContainsKey(code) => OfAvailability(code, "No endpoint can take the request."),
        "moderation" => Moderation(),
        "guardrail" => Make(403, "Request blocked by prompt guardrail.", "permission_denied", metadata => metadata["patterns"] = new JsonArray("secret-project")),
        // A chat that failed after its headers had gone out.
        _ when status == 200 => Make(200, "Provider returned error", code ?? "provider_unavailable", inside: code == "rate_limit_exceeded" ? 429 : 502),
        _ => Make(status, Message(status), code ?? Type(status)),
    };

    public static Answer Moderation() => Make(403, "Your input was flagged.", "permission_denied", metadata =>
    {
        metadata["reasons"] = new JsonArray("violence");
        metadata["flagged_input"] = "…";
        metadata["provider_name"] = "Somebody";
        metadata["model_slug"] = "some/model";
    });

    private static Answer Make(int status, string message, string type, Action<JsonObject>? more = null, int? inside = null)
    {
        var metadata = new JsonObject { ["error_type"] = type };
        more?.Invoke(metadata);
        Answer answer = Answer.Json(new JsonObject
        {
            ["error"] = new JsonObject { ["code"] = inside ?? status, ["message"] = message, ["metadata"] = metadata },
            ["user_id"] = "user_fake",
        }, status);
        if (status == 429)
            (answer.Headers["X-RateLimit-Limit"], answer.Headers["X-RateLimit-Remaining"], answer.Headers["X-RateLimit-Reset"]) = ("20", "0", "1790000000000");
        return answer;
    }

    private static Answer OfAvailability(string code, string message)
    {
        (int status, bool retryable) = Availability[code];
        var availability = new JsonObject { ["code"] = code, ["retryable"] = retryable };
        if (retryable)
            availability["retry_after"] = 2;
        if (code == "model_deprecated")
            availability["fallback_models"] = new JsonArray("google/gemini-3.1-flash-image");
        return Answer.Json(new JsonObject
        {
            ["error"] = new JsonObject { ["message"] = message, ["http_status"] = status, ["error_type"] = "availability", ["availability"] = availability },
        }, status);
    }

    private static string Type(int status) => status switch
    {
        400 => "invalid_request",
        401 => "authentication",
        402 => "payment_required",
        403 => "permission_denied",
        404 => "not_found",
        408 or 504 or 524 => "timeout",
        412 => "precondition_failed",
        413 => "payload_too_large",
        422 => "unprocessable",
        429 => "rate_limit_exceeded",
        502 => "provider_unavailable",
        503 or 529 => "provider_overloaded",
        _ => "server",
    };

    private static string Message(int status) => status switch
    {
        401 => "User not found.",
        402 => "Insufficient credits. Add more using https://openrouter.ai/credits",
        403 => "Only management keys can perform this operation",
        404 => "Resource not found",
        429 => "Rate limit exceeded",
        502 or 503 or 529 => "Provider returned error",
        >= 500 => "Internal Server Error",
        _ => "Invalid request parameters",
    };
}
