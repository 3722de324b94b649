namespace PSImageGen.Core.Prompts;

/// <summary>Makes one text of the parts of a prompt.</summary>
public static class PromptComposer
{
    private static readonly char[] Ends = [' ', '\t', '\r', '\n', ',', '.', ';', '，', '。', '；', '、'];

    /// <summary>The subject goes first, because models heed the beginning most; then how it is made, how it is seen, the light, the mood.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>: there is no subject.</exception>
    public static Prompt Compose(PromptParts parts, string? negativePrompt = null)
    {
        ArgumentNullException.ThrowIfNull(parts);
        string[] given = [.. Enum.GetValues<PromptPart>().Select(p => parts[p]?.Trim(Ends)).OfType<string>().Where(p => p.Length > 0)];
        if (string.IsNullOrEmpty(parts.Subject?.Trim(Ends)))
            throw Errors.SubjectMissing();
        // Punctuated as the words themselves are.
        return new Prompt
        {
            Text = string.Join(PromptWords.IsChinese(given[0]) ? "，" : ", ", given),
            NegativePrompt = string.IsNullOrWhiteSpace(negativePrompt) ? null : negativePrompt.Trim(Ends),
            Parts = parts,
        };
    }
}
