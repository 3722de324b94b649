using System.Text.Json;
using System.Text.Json.Serialization;

namespace PSImageGen.Core.Planning;

/// <summary>One provider's catalogue: data, read from the <c>catalogue.json</c> beside its translation.</summary>
public sealed record CatalogueFile
{
    /// <summary>Where the facts were read.</summary>
    public required string Source { get; init; }

    /// <summary>When, as <c>yyyy-MM-dd</c>.</summary>
    public required string Date { get; init; }

    /// <summary>Fields of the vendor that several models have; see <see cref="ModelRow.Shares"/>.</summary>
    public IReadOnlyDictionary<string, OptionRule> Options { get; init; } = new Dictionary<string, OptionRule>();

    /// <summary>The use cases for which this provider is the one to choose, whatever the operation.</summary>
    public IReadOnlyList<ImageUseCase> Strengths { get; init; } = [];

    /// <summary>The models, the default of each operation first.</summary>
    public required IReadOnlyList<ModelRow> Models { get; init; }
}

/// <summary>Reads catalogue files.</summary>
internal static class CatalogueJson
{
    /// <summary>Comments are welcome; a name nobody knows is a mistake.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        AllowTrailingCommas = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter() },
    };
}
