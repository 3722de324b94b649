namespace PSImageGen.Core.Credentials;

/// <summary>A vault of secrets of the user's.</summary>
public interface ISecretVault
{
    /// <summary>The secret of a name; null where there is none. From any thread.</summary>
    string? Find(string name);

    /// <summary>Why the vault cannot be read, in words; null when it can.</summary>
    string? Problem { get; }
}
