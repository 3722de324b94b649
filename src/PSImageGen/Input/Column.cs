using System.Collections;
using System.Globalization;
using System.Management.Automation;
using PSImageGen.Core;

namespace PSImageGen.Input;

/// <summary>A parameter that may also come as a column of a row.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Expects">What a cell must be, in words.</param>
/// <param name="Parse">Makes the value of a cell; null when the cell is not exactly of the type.</param>
internal sealed record Column(string Name, string Expects, Func<object, object?> Parse)
{
    /// <summary>A text.</summary>
    public static Column Text(string name) => new(name, Words.Of("a text"), value => value is string text ? text.Trim() : null);

    /// <summary>A text kept as it is, spaces and line breaks included.</summary>
    public static Column Verbatim(string name) => new(name, Words.Of("a text"), value => value as string);

    /// <summary>A whole number of 32 bits.</summary>
    public static Column Int(string name) => new(name, Words.Of("a whole number"), value => Whole(value) is { } n and >= int.MinValue and <= int.MaxValue ? (int)n : null);

    /// <summary>A whole number of 64 bits.</summary>
    public static Column Long(string name) => new(name, Words.Of("a whole number"), value => Whole(value));

    /// <summary>A number, with a point where it has a fraction.</summary>
    public static Column Number(string name) => new(name, Words.Of("a number such as 0.5"), value => value switch
    {
        float or double or decimal => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        string text when double.TryParse(text.Trim(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) => number,
        _ => Whole(value) is { } whole ? (double)whole : null,
    });

    /// <summary>Yes or no.</summary>
    public static Column Switch(string name) => new(name, Words.Of("true or false"), value => value switch
    {
        bool yes => yes,
        SwitchParameter given => given.ToBool(),
        string text when bool.TryParse(text.Trim(), out bool yes) => yes,
        _ => null,
    });

    /// <summary>One word of a closed list.</summary>
    public static Column Choice<T>(string name)
        where T : struct, Enum =>
        new(name, Words.Of($"one of {Words.List(Enum.GetNames<T>())}"), value => value switch
        {
            T given => given,
            string text when Enum.GetNames<T>().FirstOrDefault(n => string.Equals(n, text.Trim(), StringComparison.OrdinalIgnoreCase)) is { } word => Enum.Parse<T>(word),
            _ => null,
        });

    /// <summary>Several texts, in a cell parted by semicolons.</summary>
    public static Column List(string name) => new(name, Words.Of("a list parted by semicolons"), value => value switch
    {
        string text => text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        IEnumerable items when items.Cast<object?>().All(i => Unwrap(i) is string or FileInfo) => items.Cast<object?>().Select(i => Unwrap(i)!.ToString()!).ToArray(),
        FileInfo file => new[] { file.FullName },
        _ => null,
    });

    /// <summary>A hashtable, in a cell a JSON object.</summary>
    public static Column Options(string name) => new(name, Words.Of("a JSON object such as {\"steps\": 30}"), value => JsonValues.ToObject(value));

    private static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private static long? Whole(object value) => value switch
    {
        sbyte or byte or short or ushort or int or uint or long => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        string text when long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) => number,
        _ => null,
    };
}
