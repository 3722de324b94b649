namespace PSImageGen.Core.Credentials;

/// <summary>A vendor's key. It shows itself to nobody but the transport.</summary>
public sealed class Credential
{
    private readonly string _key;

    /// <summary>Keeps a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="source">Where it was found, to be shown.</param>
    public Credential(string key, string source)
    {
        _key = key;
        Source = source;
    }

    /// <summary>Where it was found, such as <c>environment: OPENAI_API_KEY</c>.</summary>
    public string Source { get; }

    /// <summary>Whether it can be a key: visible letters of ASCII only, as headers carry them.</summary>
    public bool IsReadable => _key.All(c => c is > ' ' and <= '~');

    /// <summary>The key itself, for the header and for masking.</summary>
    internal string Reveal() => _key;

    /// <inheritdoc/>
    public override string ToString() => "***";
}
