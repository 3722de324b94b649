using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.Stability;

/// <summary>The vendor's error bodies.</summary>
internal static class StabilityErrors
{
    public const string Moderation = "content_moderation";

    public static RefusedException Bad(params string[] errors) => new(Make(400, "bad_request", errors));

    public static RefusedException Refused(int status, string? name = null) => new(For(status, name));

    public static Answer For(int status, string? name)
    {
        string known = name ?? status switch
        {
            400 => "bad_request",
            401 => "unauthorized",
            402 => "payment_required",
            403 => Moderation,
            404 => "not_found",
            413 => "payload_too_large",
            422 => "invalid_language",
            429 => "rate_limit_exceeded",
            500 => "internal_error",
            _ => "error",
        };
        if (status is 502 or 503 or 504)
            return Answer.Text("<html><body>upstream error</body></html>", "text/html", status);
        string words = known switch
        {
            Moderation => "Your request was flagged by our content moderation system.",
            "payment_required" => "You lack sufficient balance to make this request.",
            "rate_limit_exceeded" => "You have exceeded the rate limit of 150 requests within a 10 second period, and have been timed out for 60 seconds.",
            "invalid_language" => "English is the only supported language for this service.",
            "public_figure" => "Our system detected the likeness of a public figure in your image.",
            "payload_too_large" => "The request was larger than 10MiB.",
            "generation_not_found" => "The generation was not found, has expired, or was made with another key.",
            _ => "The request failed.",
        };
        // The id is no name of one request here: it repeats the error's.
        return Make(status, known, [words], known == "rate_limit_exceeded" ? known : null);
    }

    private static Answer Make(int status, string name, string[] errors, string? id = null) => Answer.Json(
        new JsonObject
        {
            ["id"] = id ?? Guid.NewGuid().ToString("N"),
            ["name"] = name,
            ["errors"] = new JsonArray([.. errors.Select(error => (JsonNode?)error)]),
        },
        status);
}
