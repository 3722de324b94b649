namespace PSImageGen.Core.Planning;

/// <summary>Draws who is asked first.</summary>
internal static class WeightedDraw
{
    /// <summary>The candidates with one drawn to the front, with the probability of its weight among all weights; the others keep their order.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>: all weigh nothing.</exception>
    public static IReadOnlyList<Candidate> First(IReadOnlyList<Candidate> candidates, IReadOnlyDictionary<string, double> weights, Random random)
    {
        // Each by the largest, so that even the largest numbers there are have a finite sum.
        double largest = candidates.Max(WeightOf);
        if (largest == 0)
            throw Errors.WeightsAllZero(candidates.Select(c => c.Quote.Provider));
        if (candidates.Count == 1)
            return candidates;
        double left = random.NextDouble() * candidates.Sum(c => WeightOf(c) / largest);
        Candidate? drawn = null;
        foreach (Candidate candidate in candidates.Where(c => WeightOf(c) > 0))
        {
            drawn = candidate;
            left -= WeightOf(candidate) / largest;
            if (left < 0)
                break;
        }

        drawn = drawn! with { Quote = drawn!.Quote with { Notes = [.. drawn.Quote.Notes, Words.Of("drawn by weight, so another time it may be another provider")] } };
        return [drawn, .. candidates.Where(c => c.Provider != drawn.Provider)];

        double WeightOf(Candidate candidate) => weights.Where(w => string.Equals(w.Key, candidate.Quote.Provider, StringComparison.OrdinalIgnoreCase)).Select(w => w.Value).FirstOrDefault(1);
    }
}
