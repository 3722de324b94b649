using System.Globalization;
using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Inputs;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.Replicate;

/// <summary>The vendor's error bodies: RFC 7807.</summary>
internal static class ReplicateErrors
{
    public const string Sensitive = "The input or output was flagged as sensitive. Please try again with different inputs. (E005)";
    public const string AllSensitive = "All generated images contained NSFW content. Try running it again with a different prompt.";

    public static Answer Problem(int status, string? title, string detail)
    {
        var body = new JsonObject { ["detail"] = detail, ["status"] = status };
        if (title is not null)
            body["title"] = title;
        return Answer.Text(body.ToJsonString(), "application/problem+json", status);
    }

    public static RefusedException Invalid(string detail, string title = "Input validation failed") => new(Problem(422, title, detail));

    public static RefusedException InvalidInput(IEnumerable<InputFault> faults) =>
        Invalid(string.Concat(faults.Select(fault => fault.Type == "missing"
            ? $"- input: {fault.Field} is required\n"
            : $"- input.{fault.Field}: {fault.Message}\n")));

    public static Answer NotFound(string what = "The requested resource could not be found.") => Problem(404, "Not found", what);

    public static Answer Denied() => Problem(401, "Unauthenticated", "You did not pass a valid authentication token");

    public static Answer Throttled(int seconds)
    {
        var body = new JsonObject
        {
            ["detail"] = $"Request was throttled. Your rate limit for creating predictions is reduced to 6 requests per minute. It resets in ~{seconds}s.",
            ["status"] = 429,
            ["retry_after"] = seconds,
        };
        Answer answer = Answer.Text(body.ToJsonString(), "application/problem+json", 429);
        answer.Headers["Retry-After"] = seconds.ToString(CultureInfo.InvariantCulture);
        return answer;
    }

    public static Answer For(int status, string? code) => status switch
    {
        401 => Denied(),
        402 => Problem(
            402,
            "Insufficient credit",
            "You have insufficient credit to run this model. Go to https://replicate.com/account/billing#billing to purchase credit. "
                + "Once you purchase credit, please wait a few minutes before trying again."),
        403 => Problem(403, "Forbidden", "You do not have permission to perform this action."),
        404 => NotFound(),
        405 => Problem(405, null, "Method not allowed."),
        413 => Answer.Text("""{"detail":"Files must be less than 100MB in size"}""", "application/problem+json", 413),
        422 => Problem(422, "Input validation failed", "- input: prompt is required\n"),
        429 => Throttled(int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) ? seconds : 1),
        >= 500 => Problem(status, "Internal server error", "An unexpected error occurred."),
        _ => Problem(status, null, "The request failed."),
    };

    /// <summary>The text of a failed prediction.</summary>
    public static string Failure(string? code) => code switch
    {
        "E005" => Sensitive,
        "nsfw" => AllSensitive,
        "E1001" => "Prediction failed: out of memory (code: E1001)",
        null or "E1000" => "Prediction interrupted; please retry (code: E1000)",
        _ => $"Prediction failed (code: {code})",
    };
}
