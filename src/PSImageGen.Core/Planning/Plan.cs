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

    /// <summary>What the picture is for, to choose the model by, and the provider where none is named or preferred.</summary>
    public ImageUseCase? UseCase { get; init; }

    /// <summary>These providers first, in this order.</summary>
    public IReadOnlyList<string> Preferred { get; init; } = [];

    /// <summary>Only the preferred ones.</summary>
    public bool OnlyPreferred { get; init; }

    /// <summary>Never these.</summary>
    public IReadOnlyList<string> Blocked { get; init; } = [];

    /// <summary>How likely each is to be the first one, where nobody is named by provider or model; who is not here weighs 1.</summary>
    public IReadOnlyDictionary<string, double> Weights { get; init; } = new Dictionary<string, double>();

    /// <summary>Whether the next one is asked even when the one before may have taken the order.</summary>
    public bool FallbackOnUnknown { get; init; }
}

/// <summary>One way to make the pictures.</summary>
/// <param name="Provider">Who.</param>
/// <param name="Shape">Exactly what is asked.</param>
/// <param name="Quote">What it will cost.</param>
/// <param name="BaseUrl">Where the call goes.</param>
/// <param name="Credential">The key; null where none is needed, or none is there yet.</param>
public sealed record Candidate(Provider Provider, CallShape Shape, Quote Quote, Uri BaseUrl, Credential? Credential)
{
    /// <summary>Why this model, where it was to be chosen by a use case; it is among the quote's notes too.</summary>
    public string? Reason { get; init; }
}

/// <summary>What will be done: the candidates in the order in which they are tried.</summary>
/// <param name="Request">What is wanted.</param>
/// <param name="Candidates">At least one.</param>
public sealed record Plan(ImageRequest Request, IReadOnlyList<Candidate> Candidates)
{
    /// <summary>Whether no candidate costs anything.</summary>
    public bool IsFree => Candidates.All(c => c.Quote.IsFree);

    /// <summary>Whether the next candidate is asked even when the one before may have taken the order, so that several may have to be paid.</summary>
    public bool FallbackOnUnknown { get; init; }

    /// <summary>The highest price of all candidates by their quotes, one for each currency; where several may have to be paid, all together. Null where one is not known.</summary>
    public IReadOnlyList<PriceLimit>? Highest =>
        IsFree ? [new PriceLimit(0, "USD")]
        : Candidates.Any(c => !c.Quote.IsFree && c.Quote.AmountMax is null) ? null
        : HighestKnown;

    /// <summary>The same of those candidates alone that cost something and whose price is known.</summary>
    public IReadOnlyList<PriceLimit> HighestKnown =>
        [.. Candidates.Select(c => c.Quote).Where(q => !q.IsFree && q.AmountMax is not null).GroupBy(q => q.Currency).Select(g => new PriceLimit(Together(g.Select(q => q.AmountMax!.Value)), g.Key))];

    /// <summary>What amounts of candidates come to for the plan: the highest, as one alone is paid; the sum where several may have to be.</summary>
    public decimal Together(IEnumerable<decimal> amounts) => FallbackOnUnknown ? amounts.Sum() : amounts.Max();
}

/// <summary>The most that is to be expected.</summary>
/// <param name="Amount">How much.</param>
/// <param name="Currency"><c>USD</c> or <c>credits</c>.</param>
public sealed record PriceLimit(decimal Amount, string Currency);
