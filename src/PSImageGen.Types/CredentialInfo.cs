namespace PSImageGen;

/// <summary>The kinds of places where a key may be, in the order in which they are looked at.</summary>
public enum CredentialSource
{
    /// <summary>An environment variable.</summary>
    Environment,
    /// <summary>A vault of the SecretManagement module.</summary>
    Vault,
    /// <summary>The file of the vendor's own tools.</summary>
    VendorFile,
    /// <summary>The file of this module, which its owner alone can read.</summary>
    Store,
}

/// <summary>One place where the key of a provider may be, and whether there is one. Never carries the key.</summary>
public sealed record CredentialInfo
{
    /// <summary>The provider.</summary>
    public required string Provider { get; init; }

    /// <summary>What kind of place it is; null where no place holds a key.</summary>
    public CredentialSource? Source { get; init; }

    /// <summary>The name of the variable or of the secret, or the path of the file.</summary>
    public string? Name { get; init; }

    /// <summary>Whether there is a key.</summary>
    public required bool Present { get; init; }

    /// <summary>Whether it is the one that calls use: the first there is.</summary>
    public bool Used { get; init; }

    /// <summary>Whether the provider took it; null where it was not asked, or could not tell.</summary>
    public bool? Valid { get; init; }

    /// <summary>What there is to say of it.</summary>
    public string? Note { get; init; }

    /// <summary>What is said of a provider where there is no place, or no key.</summary>
    public static CredentialInfo None(string provider, string note) => new() { Provider = provider, Present = false, Note = note };
}
