using System.Text.RegularExpressions;

namespace PSImageGen.FakeProviders.Faults;

/// <summary>One thing that shall go wrong, where, and how often.</summary>
public sealed class Fault
{
    private readonly Regex? _match;

    /// <summary>The vendor's name; null for every vendor.</summary>
    public string? Vendor { get; init; }

    /// <summary>Where it goes wrong.</summary>
    public FaultStage Stage { get; init; }

    /// <summary>What goes wrong.</summary>
    public required FaultKind Kind { get; init; }

    /// <summary>How many requests are hit; -1 for all.</summary>
    public int Times { get; init; } = 1;

    /// <summary>How many requests of this stage are let through first.</summary>
    public int After { get; init; }

    /// <summary>HTTP status of the answer.</summary>
    public int? Status { get; init; }

    /// <summary>The vendor's error code, where the body is left to the vendor (OpenAI: <c>insufficient_quota</c> and its like, also of a stream that ends with <see cref="FaultKind.Refuse"/>; Fal: an <c>error_type</c>; Replicate: <c>E1001</c> and its like).</summary>
    public string? Code { get; init; }

    /// <summary>Body of the answer, in place of the vendor's own.</summary>
    public string? Body { get; init; }

    /// <summary>Content type of <see cref="Body"/>, in place of the usual one.</summary>
    public string? ContentType { get; init; }

    /// <summary>Further headers of the answer, such as <c>Retry-After</c>.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>Milliseconds, for <see cref="FaultKind.Delay"/> and <see cref="FaultKind.Slow"/>.</summary>
    public int? DelayMs { get; init; }

    /// <summary>Where <see cref="FaultKind.Redirect"/> leads; by default another origin of this server which is nobody's.</summary>
    public string? Location { get; init; }

    /// <summary>
    /// How many events of a stream get through before <see cref="FaultKind.DropMidAnswer"/>, <see cref="FaultKind.Truncate"/>,
    /// <see cref="FaultKind.NoBlankLine"/>, <see cref="FaultKind.Hang"/>, <see cref="FaultKind.HangMidAnswer"/> or <see cref="FaultKind.Slow"/> strikes: 0 strikes at the first,
    /// null at the last one.
    /// </summary>
    public int? AfterEvents { get; init; }

    /// <summary>The word for <see cref="FaultKind.PollStatus"/>, the event's name for <see cref="FaultKind.BareEnd"/>.</summary>
    public string? TaskStatus { get; init; }

    /// <summary>A regular expression; only requests whose prompt matches are hit.</summary>
    public string? Match
    {
        get => _match?.ToString();
        init => _match = value is null ? null : new Regex(value, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
    }

    /// <summary>How many requests it has hit.</summary>
    public int Fired { get; private set; }

    internal int Seen { get; private set; }

    internal bool HitsBeforeRead => Kind == FaultKind.HangBeforeRead || (Kind == FaultKind.DropBeforeRead && _match is null);

    /// <summary>Whether the next request which it concerns would be hit.</summary>
    internal bool IsDue => Seen >= After && !IsSpent;

    private bool IsSpent => Times >= 0 && Fired >= Times;

    internal bool Concerns(string vendor, FaultStage stage) =>
        Stage == stage && (Vendor is null || string.Equals(Vendor, vendor, StringComparison.OrdinalIgnoreCase));

    internal bool Matches(string? prompt) => _match is null || (prompt is not null && _match.IsMatch(prompt));

    /// <summary>Counts a request; true when this fault hits it.</summary>
    internal bool Count(bool mayFire)
    {
        bool fires = mayFire && IsDue;
        Seen++;
        if (fires)
            Fired++;
        return fires;
    }
}
