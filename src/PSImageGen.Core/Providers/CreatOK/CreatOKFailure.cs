using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PSImageGen.Core.Providers.CreatOK;

/// <summary>What CreatOK's refusals mean. Its codes are not documented, so the HTTP status counts first, then the words.</summary>
internal static partial class CreatOKFailure
{
    /// <summary>Whether the envelope says no, whatever the HTTP status.</summary>
    public static bool SaysNo(VendorAnswer answer) =>
        Loose.Node(answer.Json, "code") is { } code ? code.ToString() is not ("0" or "200") : Loose.Node(answer.Json, "success")?.ToString() == "false";

    /// <summary>The vendor's words, wherever they stand.</summary>
    public static string? Said(VendorAnswer answer) =>
        Loose.Words(answer.Json, "message", "msg", "error") ?? Loose.Words(Loose.Node(answer.Json, "data"), "message", "error")
        ?? (answer.Json is null && answer.Text is { Length: > 0 } text ? text[..Math.Min(text.Length, 200)] : null);

    /// <summary>A refused message.</summary>
    public static VendorFailure Of(VendorAnswer answer) => Of(answer, Said(answer), Loose.Text(answer.Json, "code") ?? Loose.Text(Loose.Node(answer.Json, "error"), "code"));

    /// <summary>A task that failed.</summary>
    public static VendorFailure OfTask(VendorAnswer answer)
    {
        JsonNode? data = Loose.Node(answer.Json, "data") as JsonObject ?? answer.Json;
        string? words = Loose.Words(data, "error", "message", "msg") ?? Said(answer);
        VendorFailure byWords = Of(answer, words, Loose.Text(Loose.Node(data, "error"), "code"));
        // Without a telling word it is the vendor's failure, not the request's.
        return byWords.Id == ImageErrorId.InvalidRequest ? byWords with { Id = ImageErrorId.ProviderUnavailable, Advice = Words.Of("The task failed there. It is not repeated by itself, since it may have been billed.") } : byWords;
    }

    private static VendorFailure Of(VendorAnswer answer, string? words, string? code)
    {
        // A code may repeat an HTTP status inside a 200.
        int status = answer.Status is >= 200 and < 300 && int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out int inner) && inner is >= 400 and < 600 ? inner : answer.Status;
        VendorFailure byStatus = VendorFailure.FromStatus(answer with { Status = status }, words, code) with { HttpStatus = answer.Status };
        // Only the HTTP status itself is a documented "come back later".
        byStatus = byStatus with { SendAgain = byStatus.SendAgain && answer.Status == 429 };
        string text = words ?? string.Empty;
        switch (status)
        {
            case 401:
                return Auth(byStatus);
            case 402:
                return Credits(byStatus);
            case 429:
                return Money().IsMatch(text) ? Credits(byStatus) : byStatus;
            case 404 or 408 or 409 or >= 500 or (>= 300 and < 400):
                return byStatus;
        }

        if (Policy().IsMatch(text))
            return VendorFailure.Policy(answer, words, code);
        if (Money().IsMatch(text) || Quota().IsMatch(text))
            return Credits(byStatus);
        if (TooMany().IsMatch(text))
            return NotAccepted(byStatus, ImageErrorId.RateLimited);
        if (status == 403 || Key().IsMatch(text))
            return Auth(byStatus);
        if (Missing().IsMatch(text))
            return NotAccepted(byStatus, ImageErrorId.NotFound);
        if (answer.Status < 300 && Trouble().IsMatch(text))
            return byStatus with { Id = ImageErrorId.ProviderUnavailable, Acceptance = Acceptance.Unknown, MayHaveBeenCharged = true };
        return byStatus with
        {
            Id = ImageErrorId.InvalidRequest,
            Acceptance = Acceptance.Refused,
            MayHaveBeenCharged = false,
            Advice = Words.Of("Correct what CreatOK names, then type the command again. If it goes on failing CreatOK may have changed its interface (https://www.creatok.ai/agent-skills): look for a newer version of this module."),
        };
    }

    private static VendorFailure NotAccepted(VendorFailure failure, ImageErrorId id) => failure with { Id = id, Acceptance = Acceptance.NotAccepted, SendAgain = false, MayHaveBeenCharged = false };

    private static VendorFailure Auth(VendorFailure failure) => NotAccepted(failure, ImageErrorId.AuthenticationFailed) with
    {
        Advice = Words.Of("Make a new key at https://www.creatok.ai/app/workspace/api-keys, then type: $env:CREATOK_API_KEY = 'your key'."),
    };

    private static VendorFailure Credits(VendorFailure failure) => NotAccepted(failure, ImageErrorId.InsufficientCredits);

    [GeneratedRegex(@"polic(y|ies)|moderat|unsafe|sensitive|nsfw|prohibited", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Policy();

    [GeneratedRegex(@"\bcredits?\b|balance|insufficient|recharge", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Money();

    [GeneratedRegex(@"quota", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Quota();

    // Not "generate", not "moderate".
    [GeneratedRegex(@"\brate\b|rate.?limit|too many|frequent", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TooMany();

    [GeneratedRegex(@"unauthori[sz]ed|forbidden|api.?key|(invalid|expired) (key|token)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Key();

    [GeneratedRegex(@"not found|no such|unknown (task|model)|does not exist", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Missing();

    [GeneratedRegex(@"internal|server error|unavailable|time.?out|timed out|busy|try again", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Trouble();
}
