namespace PSImageGen;

/// <summary>Lists as scripts need them.</summary>
internal static class Lists
{
    /// <summary>
    /// The same items in an array. What the compiler makes of a collection expression has no public indexer, and PowerShell then
    /// takes <c>$result.Images[0]</c> for the whole list.
    /// </summary>
    public static IReadOnlyList<T> Indexable<T>(IReadOnlyList<T> list) => list as T[] ?? list.ToArray();
}
