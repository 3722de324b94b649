using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.SkillsVideo;

/// <summary>The vendor's error bodies, in the forms of three times.</summary>
internal sealed class SkillsVideoErrors
{
    public const string ContentRejected = "CONTENT_REJECTED";

    private const string Family = "IMAGE_GENERATION_";

    /// <summary>0: error, code and message; 1: error and message; 2: message alone.</summary>
    public int Form { get; set; }

    public RefusedException Invalid(string message) => new(Make(422, "INVALID_INPUT", message));

    public RefusedException Unreadable() => new(Make(400, "INVALID_INPUT", "The request body could not be parsed."));

    public RefusedException Refused(int status, string? code = null) => new(For(status, code));

    public Answer For(int status, string? code) => Make(status, code ?? SubCode(status), code is null ? Plain(status) : Message(code));

    /// <summary>The message that goes with a sub-code.</summary>
    public static string Message(string? code) => code switch
    {
        ContentRejected => "The content was rejected by the moderation of the model.",
        "INSUFFICIENT_CREDITS" => "Not enough credits. Please top up.",
        "RATE_LIMITED" => "Rate limit exceeded. Please retry later.",
        "PROVIDER_UNAVAILABLE" => "The provider is unavailable. Please retry later.",
        "TIMEOUT" => "The generation timed out.",
        "UNSUPPORTED_MODEL" => "The model is not supported.",
        "INVALID_INPUT" => "The input is invalid.",
        _ => "The generation failed.",
    };

    public static string WithFamily(string code) => code.Contains('_') && code.StartsWith(Family, StringComparison.Ordinal) ? code : Family + code;

    private static string? SubCode(int status) => status switch
    {
        400 or 422 => "INVALID_INPUT",
        402 => "INSUFFICIENT_CREDITS",
        429 => "RATE_LIMITED",
        502 => "FAILED",
        503 => "PROVIDER_UNAVAILABLE",
        504 => "TIMEOUT",
        _ => null,
    };

    private static string Plain(int status) => status switch
    {
        401 => "Unauthorized",
        403 => "Your plan does not include API access.",
        404 => "Not found",
        405 => "Method not allowed",
        500 => "Internal server error",
        _ => Message(SubCode(status)),
    };

    private Answer Make(int status, string? subCode, string message)
    {
        string code = subCode is not null ? WithFamily(subCode) : status switch
        {
            401 => "UNAUTHORIZED",
            403 => "FORBIDDEN",
            404 => "NOT_FOUND",
            405 => "METHOD_NOT_ALLOWED",
            _ => "INTERNAL_SERVER_ERROR",
        };

        // The older field is known to lack the family where credits are short.
        string error = subCode == "INSUFFICIENT_CREDITS" ? subCode : code;
        return Answer.Json(
            Form switch
            {
                1 => new JsonObject { ["error"] = error, ["message"] = message },
                2 => new JsonObject { ["message"] = message },
                _ => new JsonObject { ["error"] = error, ["code"] = code, ["message"] = message },
            },
            status);
    }
}
