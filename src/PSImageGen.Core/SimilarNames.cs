namespace PSImageGen.Core;

/// <summary>Finds what somebody may have meant who mistyped a name.</summary>
internal static class SimilarNames
{
    private const int Most = 3;

    /// <summary>The known names that are most like a given one, best first; few or none.</summary>
    /// <param name="name">What was given.</param>
    /// <param name="known">The names there are.</param>
    /// <param name="parts">Whether names that are a part of each other count as like: <c>ratio</c> and <c>aspect_ratio</c>.</param>
    public static IReadOnlyList<string> To(string name, IEnumerable<string> known, bool parts = false)
    {
        ArgumentNullException.ThrowIfNull(name);
        string given = Plain(name);
        return [.. known.Distinct(StringComparer.OrdinalIgnoreCase)
            .Select(k => (Name: k, Steps: Math.Min(Steps(given, Plain(k)), Steps(given, Plain(k[(k.LastIndexOf('/') + 1)..])))))
            .Where(k => k.Steps <= Math.Max(1, given.Length / 4) || (parts && IsPart(given, Plain(k.Name))))
            .OrderBy(k => k.Steps).Take(Most).Select(k => k.Name)];
    }

    /// <summary>The same of models that are still there.</summary>
    public static IReadOnlyList<string> To(string name, IEnumerable<Planning.Catalogue> catalogues) =>
        To(name, catalogues.SelectMany(c => c.Models).Where(m => m.Retired is null).Select(m => m.Id));

    private static bool IsPart(string a, string b) =>
        Math.Min(a.Length, b.Length) > 2 && (a.Contains(b, StringComparison.Ordinal) || b.Contains(a, StringComparison.Ordinal));

    // What people leave out or mix up is not counted.
    private static string Plain(string name) => new([.. name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);

    // How many letters must be added, dropped, changed or exchanged with their neighbour to make one of the other.
    private static int Steps(string from, string to)
    {
        int[] before = [], last = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int[] now = new int[to.Length + 1];
            now[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                now[j] = Math.Min(Math.Min(last[j], now[j - 1]) + 1, last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    now[j] = Math.Min(now[j], before[j - 2] + 1);
            }

            (before, last) = (last, now);
        }

        return last[^1];
    }
}
