using System.Text;

namespace PSImageGen.Core.Wire;

/// <summary>Makes foreign text safe to show: no control or formatting characters, no key, no endless length.</summary>
public static class PlainText
{
    /// <summary>The longest text of a vendor that is kept.</summary>
    public const int MaxLength = 2000;

    /// <summary>Cleans a text.</summary>
    /// <param name="text">The foreign text.</param>
    /// <param name="maxLength">Longer texts end in an ellipsis.</param>
    /// <param name="secret">A key that must not appear.</param>
    public static string Clean(string text, int maxLength = MaxLength, string? secret = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        StringBuilder clean = new(text.Length);
        foreach (char c in text)
        {
            if (c is '\r' or '\n' or '\t')
                clean.Append(' ');
            // Format characters include the ones that reverse the direction of text.
            else if (!char.IsControl(c) && char.GetUnicodeCategory(c) != System.Globalization.UnicodeCategory.Format)
                clean.Append(c);
        }

        // Masked last, so that a key taken apart by signs nobody sees does not come together again.
        if (!string.IsNullOrEmpty(secret))
            clean.Replace(secret, "***");
        text = clean.ToString().Trim();
        return text.Length > maxLength ? text[..maxLength] + '…' : text;
    }
}
