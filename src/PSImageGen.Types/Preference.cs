namespace PSImageGen;

/// <summary>What is preferred where a command says nothing, and where each part of it was said.</summary>
public sealed record Preference
{
    /// <summary>Providers to try first, in this order.</summary>
    public IReadOnlyList<string> Preferred { get; init => field = Lists.Indexable(value); } = [];

    /// <summary>How likely each provider is to be the first one; one that is not named weighs 1.</summary>
    public required IReadOnlyDictionary<string, double> Weights { get; init; }

    /// <summary>Providers never to use.</summary>
    public IReadOnlyList<string> Blocked { get; init => field = Lists.Indexable(value); } = [];

    /// <summary>Values for parameters that are not given: Provider, Model, Quality, Format, OutputDirectory, ThrottleLimit, TimeoutSec, Metadata.</summary>
    public required IReadOnlyDictionary<string, object> Defaults { get; init; }

    /// <summary>Ceilings in US dollars: PerDay, PerProject, MaxCost.</summary>
    public required IReadOnlyDictionary<string, decimal> Budgets { get; init; }

    /// <summary>
    /// Where each value was said, by its name: <c>Preferred</c>, <c>Weights.BFL</c>, <c>Blocked</c>, <c>Defaults.Quality</c>, <c>Budgets.PerDay</c>; a part of which
    /// nobody says anything is there by its own name, as <c>default</c>.
    /// </summary>
    public required IReadOnlyDictionary<string, string> Source { get; init; }
}
