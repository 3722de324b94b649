namespace PSImageGen;

/// <summary>How these types, which depend on nothing, come to the words of the user's language: the core lends its own.</summary>
internal static class Language
{
    /// <summary>Gives an English text in the language of the session.</summary>
    public static Func<string, string> Of { get; set; } = text => text;
}
