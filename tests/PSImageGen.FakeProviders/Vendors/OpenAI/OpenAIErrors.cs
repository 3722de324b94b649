using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.OpenAI;

/// <summary>The vendor's error bodies.</summary>
internal static class OpenAIErrors
{
    private const string UserError = "image_generation_user_error";
    private const string RequestError = "invalid_request_error";

    public static Answer Make(int status, string message, string type, string? param = null, string? code = null) =>
        Answer.Json(new JsonObject { ["error"] = Error(message, type, param, code) }, status);

    public static RefusedException InvalidValue(string param, string message) => new(Make(400, message, RequestError, param, "invalid_value"));

    public static RefusedException InvalidType(string param, string expected) =>
        new(Make(400, $"Invalid type for '{param}': expected {expected}.", RequestError, param, "invalid_type"));

    public static RefusedException Unknown(string param) =>
        new(Make(400, $"Unknown parameter: '{param}'.", RequestError, param, "unknown_parameter"));

    public static RefusedException Missing(string param) =>
        new(Make(400, $"Missing required parameter: '{param}'.", RequestError, param, "missing_required_parameter"));

    public static RefusedException BadRequest(string message, string? code = null) => new(Make(400, message, RequestError, null, code));

    public static RefusedException BadModel(string model) =>
        new(Make(400, $"The model '{model}' does not exist.", UserError, "model", "invalid_value"));

    public static RefusedException BadFile(string param, string message) => new(Make(400, message, UserError, param, "invalid_image_file"));

    public static RefusedException BadFidelity(string model) => new(Make(
        400,
        $"The parameter 'input_fidelity' is not supported with the model '{model}' in this way.",
        RequestError,
        "input_fidelity",
        "invalid_input_fidelity_model"));

    public static JsonObject Moderation(string stage) => new()
    {
        ["message"] = "Request rejected by the safety system. If you believe this is an error, contact us at help.openai.com.",
        ["type"] = UserError,
        ["param"] = null,
        ["code"] = "moderation_blocked",
        ["moderation_details"] = new JsonObject { ["moderation_stage"] = stage, ["categories"] = new JsonArray("violence") },
    };

    /// <summary>The error inside a stream, where no status goes with it.</summary>
    public static JsonObject OfCode(string code) => Error("The server had an error while processing your request.", "server_error", null, code);

    public static Answer Denied(string? offeredKey) => offeredKey is null
        ? Make(401, "You didn't provide an API key. Provide it in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).", RequestError)
        : Make(401, $"Incorrect API key provided: {offeredKey}.", RequestError, null, "invalid_api_key");

    public static Answer For(int status, string? code) => (status, code) switch
    {
        (400, "moderation_blocked") => Answer.Json(new JsonObject { ["error"] = Moderation("input") }, 400),
        (401, _) => Make(401, "Incorrect API key provided.", RequestError, null, code ?? "invalid_api_key"),
        (403, _) => Make(403, "Your organization must be verified to use this model.", RequestError, null, code),
        (404, _) => Make(404, "Invalid URL.", RequestError, null, code),
        (405, _) => Make(405, "Not allowed to use this method on this URL.", RequestError, null, code),
        (413, _) => Make(413, "The body is too large.", RequestError, null, code),
        (429, null or "rate_limit_exceeded" or "slow_down") =>
            Make(429, "Rate limit reached for images per minute. Please try again later.", "requests", null, code ?? "rate_limit_exceeded"),
        (429, _) => Make(429, "You exceeded your current quota, please check your plan and billing details.", "insufficient_quota", null, code),
        (503, _) => Make(503, "The engine is currently overloaded, please try again later.", "service_unavailable_error", null, code ?? "server_is_overloaded"),
        ( >= 500, _) => Make(status, "The server had an error while processing your request.", "server_error", null, code ?? "server_error"),
        _ => Make(status, "The request failed.", RequestError, null, code),
    };

    private static JsonObject Error(string message, string type, string? param, string? code) => new()
    {
        ["message"] = message,
        ["type"] = type,
        ["param"] = param,
        ["code"] = code,
    };
}
