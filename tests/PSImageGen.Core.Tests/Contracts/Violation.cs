namespace PSImageGen.Core.Tests.Contracts;

/// <summary>Where a message and the vendor's document differ.</summary>
/// <param name="At">The place in the body (<c>messages[0].content</c>); empty for the whole.</param>
/// <param name="Rule">The keyword that is not kept (<c>required</c>, <c>enum</c>, <c>maximum</c> …), <c>unknown</c> for a field the document does not list, <c>path</c>, <c>media</c> or <c>part</c>.</param>
/// <param name="Found">What was found there.</param>
internal sealed record Violation(string At, string Rule, string Found)
{
    public override string ToString() => $"{(At.Length > 0 ? At : "the message")}: {Rule}, found {Found}";
}

/// <summary>A difference that is right, because the vendor's document is behind the facts.</summary>
/// <param name="Path">How the path begins.</param>
/// <param name="At">The place in the body.</param>
/// <param name="Rule">The rule that is not kept.</param>
/// <param name="Why">The fact that is newer.</param>
/// <param name="Found">The values it is right for; none for any.</param>
internal sealed record Exemption(string Path, string At, string Rule, string Why, params IReadOnlyList<string> Found)
{
    public bool Covers(string path, Violation violation) =>
        path.StartsWith(Path, StringComparison.Ordinal) && violation.At == At && violation.Rule == Rule && (Found.Count == 0 || Found.Contains(violation.Found));
}
