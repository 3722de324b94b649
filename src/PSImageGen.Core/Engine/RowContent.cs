using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using PSImageGen.Core.Requests;

namespace PSImageGen.Core.Engine;

/// <summary>Tells whether a row of a batch asks for the same as one did before.</summary>
public static class RowContent
{
    // What the user's preferences add, and what makes no other picture.
    private static readonly string[] Beside = ["default_quality", "default_format", "save_partials", "image", "mask", "style_image", "reference_images"];

    /// <summary>
    /// A mark of what is asked for: the words, the sizes, the pictures that go in by their bytes, and whom the row or the command itself names. Where the pictures go and what
    /// is merely preferred is no part of it.
    /// </summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="provider">The provider as named, or null.</param>
    /// <param name="model">The model as named, or null.</param>
    /// <param name="useCase">The use case as given, or null.</param>
    public static string Of(ImageRequest request, string? provider, string? model, ImageUseCase? useCase)
    {
        ArgumentNullException.ThrowIfNull(request);
        JsonObject content = request.ToJson();
        foreach (string name in Beside)
            content.Remove(name);
        content["inputs"] = new JsonArray([.. request.Inputs.Select(i => (JsonNode?)$"{i.Role} {(i.Image.Path is { } path ? NewRun.HexHash(path) ?? path : i.Image.ToString())}")]);
        content["provider"] = provider?.ToLowerInvariant();
        content["model"] = model?.ToLowerInvariant();
        content["use_case"] = useCase?.ToString();
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Sorted(content)!.ToJsonString())).AsSpan(0, 16)).ToLowerInvariant();
    }

    // A hashtable gives its names in another order each time.
    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject table => new JsonObject(table.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
