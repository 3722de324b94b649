using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Inputs;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.Fal;

/// <summary>The vendor's error bodies: a model's, the infrastructure's, and those of the platform API.</summary>
internal static class FalErrors
{
    /// <summary>For a fault's code: the answer of an ingress, which does not know of requests.</summary>
    public const string Ingress = "ingress";

    private const string Lock = "User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing.";

    /// <summary>Types of a model's own errors: status, text, whether another try may help.</summary>
    private static readonly Dictionary<string, (int Status, string Message, bool Retryable)> OfModels = new()
    {
        ["content_policy_violation"] = (422, "The content could not be processed because it contained material flagged by a content checker.", false),
        ["no_media_generated"] = (422, "The model did not generate any media.", false),
        ["face_detection_error"] = (422, "Could not detect a face in the image.", false),
        ["image_too_small"] = (422, "The image is too small.", false),
        ["image_too_large"] = (422, "The image is too large.", false),
        ["image_load_error"] = (422, "The image could not be loaded.", false),
        ["file_download_error"] = (422, "The file could not be downloaded.", false),
        ["file_too_large"] = (422, "The file is too large.", false),
        ["feature_not_supported"] = (422, "This combination of inputs is not supported.", false),
        ["bad_request"] = (400, "The request is not valid.", false),
        ["internal_server_error"] = (500, "Internal server error", true),
        ["generation_timeout"] = (504, "The generation timed out.", true),
        ["downstream_service_error"] = (400, "A downstream service failed.", true),
        ["downstream_service_unavailable"] = (500, "A downstream service is unavailable.", true),
    };

    private static readonly Dictionary<string, (int Status, string Message)> OfRequests = new()
    {
        ["request_timeout"] = (504, "Request timed out"),
        ["startup_timeout"] = (504, "Runner did not start in time"),
        ["runner_scheduling_failure"] = (503, "Runner could not be scheduled"),
        ["runner_connection_timeout"] = (503, "Connection to the runner timed out"),
        ["runner_disconnected"] = (503, "Runner disconnected"),
        ["runner_connection_refused"] = (503, "Runner refused the connection"),
        ["runner_connection_error"] = (503, "Connection to the runner failed"),
        ["runner_incomplete_response"] = (502, "Runner sent an incomplete response"),
        ["runner_server_error"] = (500, "Runner failed"),
        ["internal_error"] = (500, "Internal error"),
        ["client_cancelled"] = (499, "Request was cancelled by the client"),
        ["client_disconnected"] = (499, "Client disconnected"),
        ["concurrent_requests_limit"] = (429, "Too many concurrent requests"),
    };

    /// <summary>A failure by its type; those not known are a model's with status 422.</summary>
    public static FalFailure Failure(string type) => OfRequests.TryGetValue(type, out var request)
        ? new FalFailure(request.Status, request.Message, type, () => Request(request.Status, request.Message, type))
        : OfModels.TryGetValue(type, out var model)
            ? new FalFailure(model.Status, model.Message, type, () => Model(model.Status, [new InputFault(null, model.Message, type)], null, model.Retryable))
            : new FalFailure(422, type, type, () => Model(422, [new InputFault(null, type, type)], null, retryable: false));

    /// <summary>An input which is not in order.</summary>
    public static FalFailure Invalid(IReadOnlyList<InputFault> faults, JsonElement? root) =>
        new(422, faults[0].Message, faults[0].Type, () => Model(422, faults, root, retryable: false));

    public static Answer Model(int status, IEnumerable<InputFault> faults, JsonElement? root, bool retryable)
    {
        var detail = new JsonArray();
        foreach (InputFault fault in faults)
        {
            var item = new JsonObject
            {
                ["loc"] = fault.Field is null ? new JsonArray("body") : new JsonArray("body", fault.Field),
                ["msg"] = fault.Message,
                ["type"] = fault.Type,
                ["url"] = "https://docs.fal.ai/errors#" + fault.Type,
            };
            if (fault.Context is not null)
                item["ctx"] = fault.Context.DeepClone();
            if (fault.Field is not null && root is { } whole)
                item["input"] = JsonNode.Parse(whole.TryGetProperty(fault.Field, out JsonElement value) ? value.GetRawText() : whole.GetRawText());
            detail.Add(item);
        }

        Answer answer = Answer.Json(new JsonObject { ["detail"] = detail }, status);
        answer.Headers["X-Fal-Retryable"] = retryable ? "true" : "false";
        answer.Headers["x-fal-billable-units"] = "0";
        return answer;
    }

    public static Answer Request(int status, string detail, string? type)
    {
        var body = new JsonObject { ["detail"] = detail };
        if (type is not null)
            body["error_type"] = type;
        Answer answer = Answer.Json(body, status);
        if (type is not null)
            answer.Headers["X-Fal-Error-Type"] = type;
        if (status == 429)
            answer.Headers["X-Fal-needs-retry"] = "1";
        return answer;
    }

    public static Answer Locked() => Request(403, Lock, null);

    public static Answer Denied() => Request(401, "Authentication is required to access this application.", null);

    public static Answer For(int status, string? code)
    {
        if (code == Ingress)
            return Answer.Text($"<html><head><title>{status}</title></head><body><center><h1>{status}</h1></center></body></html>", "text/html", status);
        if (code is not null && (OfModels.ContainsKey(code) || OfRequests.ContainsKey(code)))
        {
            return OfRequests.TryGetValue(code, out var request)
                ? Request(status, request.Message, code)
                : Model(status, [new InputFault(null, OfModels[code].Message, code)], null, OfModels[code].Retryable);
        }

        return (status, code) switch
        {
            (401, _) => Denied(),
            (402, _) => Request(402, Lock, null),
            (403, null or "locked") => Locked(),
            (403, _) => Request(403, "Access denied", null),
            (404, _) => Request(404, "Not Found", null),
            (405, _) => Request(405, "Method Not Allowed", null),
            (422, _) => Model(422, [new InputFault("prompt", "Field required", code ?? "missing")], null, retryable: false),
            (429, _) => Request(429, OfRequests["concurrent_requests_limit"].Message, "concurrent_requests_limit"),
            (502, _) => Request(502, OfRequests["runner_incomplete_response"].Message, "runner_incomplete_response"),
            (503, _) => Request(503, OfRequests["runner_scheduling_failure"].Message, "runner_scheduling_failure"),
            (504, _) => Request(504, OfRequests["request_timeout"].Message, "request_timeout"),
            ( >= 500, _) => Request(status, OfRequests["internal_error"].Message, "internal_error"),
            _ => Request(status, "The request failed.", code),
        };
    }

    public static Answer Platform(int status, string? message = null)
    {
        (string type, string usual) = status switch
        {
            400 or 422 => ("validation_error", "Invalid request parameters"),
            401 => ("authorization_error", "Authentication required"),
            403 => ("authorization_error", "Access denied"),
            404 => ("not_found", "Resource not found"),
            429 => ("rate_limited", "Rate limit exceeded"),
            501 => ("not_implemented", "Not implemented"),
            _ => ("server_error", "An unexpected error occurred"),
        };
        var error = new JsonObject { ["type"] = type, ["message"] = message ?? usual, ["request_id"] = Guid.NewGuid().ToString() };
        return Answer.Json(new JsonObject { ["error"] = error }, status);
    }
}

/// <summary>How a request failed: what its status says, and the answer to who asks for its result.</summary>
internal sealed record FalFailure(int Status, string Message, string Type, Func<Answer> Answer);
