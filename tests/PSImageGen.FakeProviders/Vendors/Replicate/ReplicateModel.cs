using System.Security.Cryptography;
using System.Text;
using PSImageGen.FakeProviders.Inputs;

namespace PSImageGen.FakeProviders.Vendors.Replicate;

/// <summary>A model: official ones are run by name, the others by version.</summary>
internal sealed record ReplicateModel(string Name, IReadOnlyList<InputField> Inputs, decimal Price)
{
    /// <summary>The version's 64 digits; null for official models.</summary>
    public string? Version { get; init; }

    /// <summary>Whether the output is a list of links, not one link.</summary>
    public bool IsList { get; init; }

    /// <summary>The format when the input has no <c>output_format</c>.</summary>
    public string Format { get; init; } = "png";

    public required Func<InputCheck, (int Width, int Height)> Size { get; init; }

    /// <summary>Rules between fields.</summary>
    public Action<InputCheck>? Rules { get; init; }

    public bool IsOfficial => Version is null;

    /// <summary>A version's id where none is known: any will do, clients have to ask.</summary>
    public static string MadeUpVersion(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
}
