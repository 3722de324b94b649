using System.Globalization;
using System.Resources;
using System.Runtime.CompilerServices;
using System.Text;

namespace PSImageGen.Core;

/// <summary>
/// Everything that users read, in the language of their session (<see cref="CultureInfo.CurrentUICulture"/>). The English text is
/// written where it is used and is the key; <c>Strings.zh-Hans.resx</c> holds the Chinese. What has no entry stays English.
/// </summary>
public static class Words
{
    private static readonly ResourceManager Chinese = new("PSImageGen.Core.Strings", typeof(Words).Assembly);

    static Words() => Language.Of = Of;

    /// <summary>A plain text in the user's language.</summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Translate(text);
    }

    /// <summary>A text with values in it, in the user's language; numbers look the same everywhere (<c>0.04</c>).</summary>
    /// <param name="text">An interpolated string: its key has <c>{0}</c>, <c>{1:0.##}</c>, … for the values.</param>
    public static string Of(Template text) => string.Format(CultureInfo.InvariantCulture, Translate(text.Key), text.Values);

    /// <summary>A text that stands in a catalogue (<c>catalogue.json</c>) or is otherwise data, in the user's language.</summary>
    public static string OfData(string text) => Of(text);

    /// <summary>Several: a, b, c.</summary>
    public static string List(IEnumerable<string> items) => string.Join(Of(", "), items);

    /// <summary>Several to choose from: a, b or c.</summary>
    public static string ListOr(IEnumerable<string> items) => Joined(Of(" or "), [.. items]);

    /// <summary>Several together: a, b and c.</summary>
    public static string ListAnd(IEnumerable<string> items) => Joined(Of(" and "), [.. items]);

    /// <summary>A note as a sentence: with a large first letter and a full stop.</summary>
    public static string Sentence(string note)
    {
        ArgumentException.ThrowIfNullOrEmpty(note);
        string text = char.ToUpperInvariant(note[0]) + note[1..];
        return Of($"{text}.");
    }

    /// <summary>Whole sentences, one after the other; what is empty is left out.</summary>
    public static string Sentences(params string?[] sentences) => string.Join(Of(" "), sentences.Where(s => !string.IsNullOrEmpty(s)));

    private static string Joined(string last, string[] items) => items.Length < 2 ? string.Concat(items) : List(items[..^1]) + last + items[^1];

    // English never loads anything.
    private static string Translate(string key)
    {
        CultureInfo culture = CultureInfo.CurrentUICulture;
        return culture.TwoLetterISOLanguageName == "zh" ? Chinese.GetString(key, culture) ?? key : key;
    }

    /// <summary>Takes an interpolated string apart into its key and its values.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Template
    {
        private readonly StringBuilder _key;
        private readonly List<object?> _values;

        public Template(int literalLength, int formattedCount)
        {
            _key = new StringBuilder(literalLength + (formattedCount * 3));
            _values = new List<object?>(formattedCount);
        }

        internal string Key => _key.ToString();

        internal object?[] Values => [.. _values];

        public void AppendLiteral(string value)
        {
            ArgumentNullException.ThrowIfNull(value);
            _key.Append(value.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));
        }

        public void AppendFormatted<T>(T value)
        {
            _key.Append(CultureInfo.InvariantCulture, $"{{{_values.Count}}}");
            _values.Add(value);
        }

        public void AppendFormatted<T>(T value, string format)
        {
            _key.Append(CultureInfo.InvariantCulture, $"{{{_values.Count}:{format}}}");
            _values.Add(value);
        }
    }
}
