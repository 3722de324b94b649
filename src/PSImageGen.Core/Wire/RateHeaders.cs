using System.Globalization;
using System.Text.RegularExpressions;

namespace PSImageGen.Core.Wire;

/// <summary>The headers by which vendors tell how much of a rate limit is left.</summary>
internal static partial class RateHeaders
{
    // A number this large is no span but a moment: seconds, or milliseconds, since 1970.
    private const double Moment = 1e9, MomentInMilliseconds = 1e12, LastMoment = 1e14;

    /// <summary>The names that vendors use: how many requests remain, and when that is reset.</summary>
    public static IReadOnlyList<(string Remaining, string Reset)> Names { get; } =
    [
        ("x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
        ("x-ratelimit-remaining", "x-ratelimit-reset"),
        ("ratelimit-remaining", "ratelimit-reset"),
    ];

    /// <summary>How long it is until the reset: seconds, a moment since 1970 in seconds or milliseconds, or a span as Go writes it (<c>6m0s</c>, <c>250ms</c>); null when it is none.</summary>
    public static TimeSpan? Reset(string? text, DateTimeOffset now)
    {
        text = text?.Trim();
        // What is no number of this world is heeded as little as what is none: this is read while an answer that is paid for is at hand.
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
        {
            return number is not (>= 0 and < LastMoment) ? null
                : number < Moment ? TimeSpan.FromSeconds(number)
                : DateTimeOffset.UnixEpoch.AddMilliseconds(number < MomentInMilliseconds ? Math.Min(number * 1000, LastMoment) : number) - now;
        }

        if (string.IsNullOrEmpty(text) || GoSpan().Match(text) is not { Success: true } match)
            return null;
        double Of(string unit) => match.Groups[unit] is { Success: true, Value: var value } ? double.Parse(value, CultureInfo.InvariantCulture) : 0;
        double seconds = (Of("h") * 3600) + (Of("m") * 60) + Of("s") + (Of("ms") / 1000);
        return seconds < 1e9 ? TimeSpan.FromSeconds(seconds) : null;
    }

    [GeneratedRegex(@"\A(?:(?<h>\d{1,6})h)?(?:(?<m>\d{1,6})m(?!s))?(?:(?<s>\d{1,9}(?:\.\d{1,9})?)s)?(?:(?<ms>\d{1,9}(?:\.\d{1,9})?)ms)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex GoSpan();
}
