using System.Text.Json.Nodes;

namespace PSImageGen.Core.Providers.SkillsVideo;

/// <summary>What skills.video's refusals mean: the end of the code first, then the HTTP status, then the words.</summary>
internal static class SkillsVideoFailure
{
    private static readonly string[] SubCodes = ["INVALID_INPUT", "UNSUPPORTED_MODEL", "INSUFFICIENT_CREDITS", "CONTENT_REJECTED", "RATE_LIMITED", "PROVIDER_UNAVAILABLE", "TIMEOUT", "FAILED"];
    private static readonly string[] CreditWords = ["insufficient credit", "not enough credit", "insufficient balance", "credit balance", "top up", "recharge"];
    private static readonly string[] PolicyWords = ["moderation", "policy", "rejected"];

    /// <summary>Whether one of the vendor's codes is told.</summary>
    public static bool HasCode(JsonNode? body) => Codes(body).Any(c => SubCode(c) is not null);

    /// <summary>The vendor's words.</summary>
    public static string? Said(JsonNode? body) => Loose.Text(body, "message", "error_message", "errorMessage") ?? Loose.Words(body, "error") ?? Loose.Words(Loose.Node(body, "data"), "message", "error");

    /// <summary>A refused message.</summary>
    public static VendorFailure Of(VendorAnswer answer, JsonNode? body)
    {
        string? words = Said(body), code = Codes(body).FirstOrDefault(c => SubCode(c) is not null), sub = SubCode(code);
        VendorFailure byStatus = VendorFailure.FromStatus(answer, words, code ?? Codes(body).FirstOrDefault());
        // Only with a known code beside them these two prove that no task was made.
        bool known = sub is not null && answer.Status is 429 or 503;
        byStatus = byStatus with { SendAgain = false };
        switch (sub)
        {
            case "INVALID_INPUT" or "UNSUPPORTED_MODEL":
                return byStatus with { Id = ImageErrorId.InvalidRequest, Acceptance = Acceptance.Refused, MayHaveBeenCharged = false };
            case "INSUFFICIENT_CREDITS":
                return Credits(byStatus);
            case "CONTENT_REJECTED":
                return VendorFailure.Policy(answer, words, code);
            case "RATE_LIMITED":
                return byStatus with { Id = ImageErrorId.RateLimited, Acceptance = Acceptance.NotAccepted, SendAgain = known, MayHaveBeenCharged = false };
            case "PROVIDER_UNAVAILABLE" when known:
                return byStatus with { Id = ImageErrorId.ProviderUnavailable, Acceptance = Acceptance.NotAccepted, SendAgain = true, MayHaveBeenCharged = false };
            case "PROVIDER_UNAVAILABLE" or "TIMEOUT" or "FAILED":
                return byStatus with { Id = ImageErrorId.ProviderUnavailable, Acceptance = Acceptance.Unknown, MayHaveBeenCharged = true };
        }

        switch (answer.Status)
        {
            case 401:
                return byStatus;
            case 402:
                return Credits(byStatus);
            case 404 or 408 or 409 or 429 or >= 500 or (>= 300 and < 400):
                return byStatus;
        }

        bool Says(IEnumerable<string> any) => words is not null && any.Any(w => words.Contains(w, StringComparison.OrdinalIgnoreCase));
        if (Says(CreditWords))
            return Credits(byStatus);
        if (Says(["unauthorized"]))
            return byStatus with { Id = ImageErrorId.AuthenticationFailed, Acceptance = Acceptance.NotAccepted, MayHaveBeenCharged = false };
        if (Says(["validation"]))
            return byStatus with { Id = ImageErrorId.InvalidRequest, Acceptance = Acceptance.Refused, MayHaveBeenCharged = false };
        if (Says(PolicyWords))
            return VendorFailure.Policy(answer, words, code);
        return answer.Status == 403
            ? byStatus with { Advice = Words.Of("The API needs a paid plan: look at the plan and the key at https://skills.video/dashboard/developer.") }
            : byStatus;
    }

    /// <summary>A task that failed, told inside a success.</summary>
    public static VendorFailure OfTask(VendorAnswer answer, JsonNode? state)
    {
        VendorFailure failure = Of(answer, state);
        // An end was told, so nothing is under way; what it cost may still be.
        return failure with { Acceptance = failure.Acceptance == Acceptance.Unknown ? Acceptance.Refused : failure.Acceptance, SendAgain = false, MayHaveBeenCharged = failure.Acceptance != Acceptance.NotAccepted };
    }

    private static VendorFailure Credits(VendorFailure failure) => failure with
    {
        Id = ImageErrorId.InsufficientCredits,
        Acceptance = Acceptance.NotAccepted,
        MayHaveBeenCharged = false,
        Advice = Words.Of("Recharge at https://skills.video/dashboard (prices: https://skills.video/pricing), then type the command again."),
    };

    // "code" is the field to go by; "error" is the older one and may differ.
    private static IEnumerable<string> Codes(JsonNode? body) => new[]
    {
        Loose.Text(body, "code", "error_code", "errorCode"),
        Loose.Text(Loose.Node(body, "error"), "code"),
        Loose.Text(body, "error"),
        Loose.Text(Loose.Node(body, "data"), "code", "error_code", "errorCode"),
    }.OfType<string>();

    // IMAGE_GENERATION_RATE_LIMITED ends in RATE_LIMITED.
    private static string? SubCode(string? code) => code is null ? null : Array.Find(SubCodes, s => code.Equals(s, StringComparison.OrdinalIgnoreCase) || code.EndsWith("_" + s, StringComparison.OrdinalIgnoreCase));
}
