namespace PSImageGen.FakeProviders.Vendors.Bfl;

/// <summary>A task and how far it is.</summary>
internal sealed class BflTask(BflRoute route, string prompt, long seed, int width, int height, string format, decimal cost, double seconds)
{
    private int _polls;

    public string Id { get; } = Guid.NewGuid().ToString();

    public BflRoute Route { get; } = route;

    public string Prompt { get; } = prompt;

    public long Seed { get; } = seed;

    public int Width { get; } = width;

    public int Height { get; } = height;

    public string Format { get; } = format;

    public decimal Cost { get; } = cost;

    public DateTimeOffset Started { get; } = DateTimeOffset.UtcNow;

    public DateTimeOffset Ends => Started.AddSeconds(seconds);

    /// <summary>A word which stays: how a task ends that brings no picture.</summary>
    public string? Outcome { get; set; }

    /// <summary>A word for the next poll only.</summary>
    public string? NextWord { get; set; }

    public bool NeverReady { get; set; }

    public bool HasForeignLinks { get; set; }

    public bool LinkIsDead { get; set; }

    public bool IsOver(int pollsUntilReady) =>
        Outcome is not null || (!NeverReady && (pollsUntilReady > 0 ? _polls >= pollsUntilReady : DateTimeOffset.UtcNow >= Ends));

    /// <summary>The word that a poll is answered with.</summary>
    public string Poll(int pollsUntilReady)
    {
        _polls++;
        if (Outcome is not null)
            return Outcome;
        if (NextWord is { } word)
        {
            NextWord = null;
            return word;
        }

        if (IsOver(pollsUntilReady))
            return "Ready";
        double done = pollsUntilReady > 0
            ? (_polls - 1) / (double)pollsUntilReady
            : (DateTimeOffset.UtcNow - Started) / (Ends - Started);
        return NeverReady || done < 0.3 ? "Pending" : done < 0.6 ? "Reasoning" : "Generating";
    }
}
