using System.Reflection;
using System.Text.Json;

namespace PSImageGen.Core.Planning;

/// <summary>What is known of a provider's models.</summary>
public sealed class Catalogue
{
    private Catalogue(CatalogueFile file)
    {
        Models = [.. file.Models.Select(m => m with { Source = m.Source ?? file.Source, Date = m.Date ?? file.Date })];
    }

    /// <summary>A catalogue of models told at run time.</summary>
    public Catalogue(IReadOnlyList<ModelRow> models)
    {
        Models = models;
    }

    /// <summary>The models in the file's order.</summary>
    public IReadOnlyList<ModelRow> Models { get; }

    /// <summary>Reads the catalogue that lies beside a provider's translation.</summary>
    public static Catalogue Load(string providerId)
    {
        using Stream file = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{providerId}.catalogue.json")
            ?? throw new InvalidOperationException($"The provider {providerId} has no catalogue.json.");
        return new Catalogue(JsonSerializer.Deserialize<CatalogueFile>(file, CatalogueJson.Options)!);
    }

    /// <summary>The model with a name; null when it is not in the catalogue.</summary>
    public ModelRow? Find(string name) => Models.FirstOrDefault(m => m.IsNamed(name));

    /// <summary>The model for an operation when none is named; null when the provider cannot do it.</summary>
    public ModelRow? DefaultFor(ImageOperation operation) => Models.FirstOrDefault(m => m.Retired is null && m.Operations.Contains(operation));
}
