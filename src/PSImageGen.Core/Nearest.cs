namespace PSImageGen.Core;

/// <summary>The names that may have been meant by one that is not there.</summary>
internal static class Nearest
{
    private const int Most = 3;

    /// <summary>The nearest of some names, at most three, the best first; none when nothing comes near.</summary>
    public static IReadOnlyList<string> To(string name, IEnumerable<string> known)
    {
        string wish = Bare(name);
        return
        [
            .. known.Distinct().Select(k => (Name: k, Distance: Distance(wish, Bare(k))))
                // Half of it may be wrong; or one is a part of the other.
                .Where(k => k.Distance <= Math.Max(2, wish.Length / 2) || Bare(k.Name).Contains(wish, StringComparison.Ordinal) || (k.Name.Length > 2 && wish.Contains(Bare(k.Name), StringComparison.Ordinal)))
                .OrderBy(k => k.Distance).Take(Most).Select(k => k.Name),
        ];
    }

    // Written in capitals, with dashes or underscores: the same word.
    private static string Bare(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    // Letters put in, left out or exchanged (Levenshtein).
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int corner = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
                (corner, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, corner + (a[i - 1] == b[j - 1] ? 0 : 1)));
        }

        return row[b.Length];
    }
}
