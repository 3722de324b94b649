namespace PSImageGen.Core.Credentials;

/// <summary>A vendor's key. It shows itself to nobody but the transport.</summary>
public sealed class Credential
{
    // A password this short would be found in the middle of words.
    private const int ShortestMasked = 4;

    private readonly string _key;

    /// <summary>Keeps a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="source">Where it was found, to be shown.</param>
    public Credential(string key, string source)
    {
        _key = key;
        Source = source;
        Secrets = [key];
    }

    // All forms that must not be shown: what is sent, and what it is made of.
    private Credential(string user, string password, string source)
        : this(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{user}:{password}")), source)
    {
        Secrets = [_key, $"{user}:{password}", .. password.Length >= ShortestMasked ? [password] : Array.Empty<string>()];
    }

    /// <summary>A user and a password, as HTTP's basic scheme sends them (RFC 7617, UTF-8).</summary>
    public static Credential Basic(string user, string password, string source) => new(user, password, source);

    /// <summary>Where it was found, such as <c>environment: OPENAI_API_KEY</c>.</summary>
    public string Source { get; }

    /// <summary>Whether it can be a key: visible letters of ASCII only, as headers carry them.</summary>
    public bool IsReadable => _key.All(c => c is > ' ' and <= '~');

    /// <summary>The key itself, for the header and for masking.</summary>
    internal string Reveal() => _key;

    /// <summary>Every text to be masked.</summary>
    internal IReadOnlyList<string> Secrets { get; }

    /// <inheritdoc/>
    public override string ToString() => "***";
}
