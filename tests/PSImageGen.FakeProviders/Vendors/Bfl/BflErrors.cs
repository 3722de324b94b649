using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.Bfl;

/// <summary>The vendor's error bodies.</summary>
internal static class BflErrors
{
    public static Answer Detail(int status, string detail) => Answer.Json(new JsonObject { ["detail"] = detail }, status);

    public static Answer Invalid(IEnumerable<(string? Field, string Message, string Type)> faults) => Answer.Json(
        new JsonObject
        {
            ["detail"] = new JsonArray([.. faults.Select(fault => (JsonNode?)new JsonObject
            {
                ["loc"] = fault.Field is null ? new JsonArray("body") : new JsonArray("body", fault.Field),
                ["msg"] = fault.Message,
                ["type"] = fault.Type,
            })]),
        },
        422);

    public static Answer For(int status) => status switch
    {
        402 => Detail(402, "Insufficient credits. Add credits to your account to continue."),
        403 => Detail(403, "Not authenticated"),
        404 => Detail(404, "Not Found"),
        405 => Detail(405, "Method Not Allowed"),
        422 => Invalid([(null, "Input is invalid", "value_error")]),
        429 => Detail(429, "Too many active tasks. Wait for some to finish."),
        >= 500 => Detail(status, "Internal Server Error"),
        _ => Detail(status, "The request failed"),
    };
}
