using PSImageGen.Core.Credentials;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;

namespace PSImageGen.Core.Planning;

/// <summary>Whom the user wants.</summary>
public sealed record Selection
{
    /// <summary>That provider only.</summary>
    public string? Provider { get; init; }

    /// <summary>That model.</summary>
    public string? Model { get; init; }

    /// <summary>These providers first, in this order.</summary>
    public IReadOnlyList<string> Preferred { get; init; } = [];

    /// <summary>Only the preferred ones.</summary>
    public bool OnlyPreferred { get; init; }

    /// <summary>Never these.</summary>
    public IReadOnlyList<string> Blocked { get; init; } = [];

    /// <summary>Whether a model outside the catalogue, with unknown price and limits, may be used.</summary>
    public bool AllowUnknownCost { get; init; }
}

/// <summary>One way to make the pictures.</summary>
/// <param name="Provider">Who.</param>
/// <param name="Shape">Exactly what is asked.</param>
/// <param name="Quote">What it will cost.</param>
/// <param name="BaseUrl">Where the call goes.</param>
/// <param name="Credential">The key; null where none is needed, or none is there yet.</param>
public sealed record Candidate(Provider Provider, CallShape Shape, Quote Quote, Uri BaseUrl, Credential? Credential);

/// <summary>What will be done: the candidates in the order in which they are tried.</summary>
/// <param name="Request">What is wanted.</param>
/// <param name="Candidates">At least one.</param>
public sealed record Plan(ImageRequest Request, IReadOnlyList<Candidate> Candidates)
{
    /// <summary>Whether no candidate costs anything.</summary>
    public bool IsFree => Candidates.All(c => c.Quote.IsFree);
}
