using System.Globalization;
using System.Text.RegularExpressions;

namespace PSImageGen.Core.Providers.Described;

/// <summary>What the refusals of a vendor mean of whom only the document is known: the HTTP status, and words that vendors have in common.</summary>
internal static partial class DescribedFailure
{
    /// <summary>A refused message.</summary>
    public static VendorFailure Of(AnswerReader reader, VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        string? words = reader.Words(answer.Json), code = AnswerReader.Code(answer.Json);
        VendorFailure byStatus = VendorFailure.FromStatus(answer, words, code);
        string text = $"{byStatus.Message} {code}";
        if (answer.Status is not (400 or 403 or 422 or 429))
            return byStatus;
        if (Money().IsMatch(text))
            return byStatus with { Id = ImageErrorId.InsufficientCredits, Acceptance = Acceptance.NotAccepted, SendAgain = false, MayHaveBeenCharged = false };
        return answer.Status != 429 && Policy().IsMatch(text) ? VendorFailure.Policy(answer, words, code) : byStatus;
    }

    /// <summary>A "no" inside a success. Unless it repeats a status of its own, nothing is proven.</summary>
    public static VendorFailure Inside(AnswerReader reader, VendorAnswer answer)
    {
        int? inner = AnswerReader.Code(answer.Json) is { } code && int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 400 and < 500 and not (408 or 409) ? number : null;
        return inner is { } status
            ? Of(reader, answer with { Status = status }) with { HttpStatus = answer.Status, SendAgain = false }
            : VendorFailure.Unusable(answer, Words.Of("The answer holds neither a picture nor the id of a job.")) with { Message = reader.Words(answer.Json) };
    }

    /// <summary>A task that failed.</summary>
    public static VendorFailure OfTask(AnswerReader reader, VendorAnswer answer)
    {
        string? words = reader.Words(answer.Json), code = AnswerReader.Code(answer.Json);
        return Policy().IsMatch($"{words} {code}")
            ? VendorFailure.Policy(answer, words, code)
            : VendorFailure.Unusable(answer, string.Empty) with { Id = ImageErrorId.ProviderUnavailable, Acceptance = Acceptance.Refused, Seen = null, Message = words, Code = code };
    }

    [GeneratedRegex(@"insufficient.{0,20}(credit|balance|fund|quota)|not enough.{0,12}(credit|balance|fund)|(credit|balance|quota).{0,20}(exhausted|exceeded|too low|used up)|top.?up|recharge|余额不足|额度不足", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Money();

    [GeneratedRegex(@"content.?polic|moderat|unsafe|nsfw|prohibited|safety|sensitive", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Policy();
}
