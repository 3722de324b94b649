namespace PSImageGen.Core.Artifacts.Metadata;

/// <summary>What a picture file remembers of how it was made.</summary>
public enum MetadataMode
{
    /// <summary>Prompt, model, provider, seed, request, cost and time.</summary>
    Full,
    /// <summary>The hashes of the prompt and of the pictures that went in, and nothing to read.</summary>
    Hashes,
    /// <summary>Nothing is added to what the provider sent.</summary>
    None,
}
