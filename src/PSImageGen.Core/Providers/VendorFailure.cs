using System.Text.Json.Nodes;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Providers;

/// <summary>What a failed answer proves about the order.</summary>
public enum Acceptance
{
    /// <summary>The answer proves that no order was accepted: another provider may be tried.</summary>
    NotAccepted,
    /// <summary>The order was refused for what it asks: nothing will be made, and no one else is asked.</summary>
    Refused,
    /// <summary>Nothing is proven: it may be under way, or billed.</summary>
    Unknown,
}

/// <summary>A vendor's "no", in the Engine's vocabulary.</summary>
public sealed record VendorFailure
{
    /// <summary>The kind.</summary>
    public required ImageErrorId Id { get; init; }

    /// <summary>What it proves.</summary>
    public required Acceptance Acceptance { get; init; }

    /// <summary>The vendor's own words.</summary>
    public string? Message { get; init; }

    /// <summary>What was seen from here, in our words, where the vendor said nothing.</summary>
    public string? Seen { get; init; }

    /// <summary>The best words there are.</summary>
    public string Said => Message ?? Seen ?? Id.ToString();

    /// <summary>The vendor's own code.</summary>
    public string? Code { get; init; }

    /// <summary>The HTTP status.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>The vendor's name for the request.</summary>
    public string? RequestId { get; init; }

    /// <summary>Advice that is better than the general one for this kind.</summary>
    public string? Advice { get; init; }

    /// <summary>What is said with every refusal of this vendor, after the advice.</summary>
    public string? Hint { get; init; }

    /// <summary>Whether money may have been spent all the same.</summary>
    public bool MayHaveBeenCharged { get; init; }

    /// <summary>A rate limit: the same order may be sent again later.</summary>
    public bool SendAgain { get; init; }

    /// <summary>How long the vendor asks to wait, where it says so in a place of its own or in its documents alone; it counts more than the usual headers.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The fallback where a vendor's code says nothing: what the HTTP status alone means (DESIGN section 6).</summary>
    public static VendorFailure FromStatus(VendorAnswer answer, string? message, string? code)
    {
        ArgumentNullException.ThrowIfNull(answer);
        (ImageErrorId id, Acceptance acceptance, bool again) = answer.Status switch
        {
            401 => (ImageErrorId.AuthenticationFailed, Acceptance.NotAccepted, false),
            402 => (ImageErrorId.InsufficientCredits, Acceptance.NotAccepted, false),
            403 => (ImageErrorId.AuthenticationFailed, Acceptance.NotAccepted, false),
            404 => (ImageErrorId.NotFound, Acceptance.NotAccepted, false),
            429 => (ImageErrorId.RateLimited, Acceptance.NotAccepted, true),
            408 or 409 => (ImageErrorId.OutcomeUnknown, Acceptance.Unknown, false),
            >= 300 and < 400 => (ImageErrorId.InvalidResponse, Acceptance.Refused, false),
            >= 400 and < 500 => (ImageErrorId.InvalidRequest, Acceptance.Refused, false),
            _ => (ImageErrorId.ProviderUnavailable, Acceptance.Unknown, false),
        };
        return new VendorFailure
        {
            Id = id,
            Acceptance = acceptance,
            SendAgain = again,
            MayHaveBeenCharged = acceptance == Acceptance.Unknown,
            Message = message ?? CommonMessage(answer),
            Code = code,
            HttpStatus = answer.Status,
            RequestId = answer.Header("x-request-id"),
            Advice = answer.Status switch
            {
                >= 300 and < 400 => Words.Of("The address leads elsewhere. A paid call is never sent on: set the final address."),
                413 => Words.Of("The order is too large: give fewer or smaller pictures, or a shorter prompt, then type the command again."),
                _ => null,
            },
        };
    }

    /// <summary>A refusal by content policy. Vendors do not say whether it is billed, so it may be.</summary>
    public static VendorFailure Policy(VendorAnswer answer, string? message, string? code) =>
        FromStatus(answer, message, code) with { Id = ImageErrorId.ContentRefused, Acceptance = Acceptance.Refused, SendAgain = false, MayHaveBeenCharged = true };

    /// <summary>An answer that says yes but cannot be used.</summary>
    public static VendorFailure Unusable(VendorAnswer answer, string what) =>
        FromStatus(answer, null, null) with { Id = ImageErrorId.InvalidResponse, Acceptance = Acceptance.Unknown, SendAgain = false, MayHaveBeenCharged = true, Message = null, Seen = what };

    // The spellings most vendors share: {"error":{"message"}}, {"error":"…"}, {"message"}, {"detail":"…"}, {"detail":[{"msg"}]}.
    private static string? CommonMessage(VendorAnswer answer)
    {
        if (answer.Json is null)
            return string.IsNullOrWhiteSpace(answer.Text) || answer.Text.TrimStart().StartsWith('<') ? null : answer.Text;
        if (answer.Json is JsonObject body && body["detail"] is JsonArray details)
            return string.Join("; ", details.OfType<JsonObject>().Select(d =>
                $"{string.Join(".", (d["loc"] as JsonArray ?? []).Select(l => l?.ToString()))}: {d["msg"]}".TrimStart(':', ' ')));
        return answer.String("error", "message") ?? answer.String("detail") ?? answer.String("message") ?? answer.String("error") ?? answer.String("detail", "message");
    }
}
