using System.Reflection;
using System.Text.Json;
using PSImageGen.Core.Requests;

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

    /// <summary>The model for an operation when none is named: the first that is made for it, else the first that can be made to; null when the provider cannot do it.</summary>
    public ModelRow? DefaultFor(ImageOperation operation) => Able(operation).FirstOrDefault();

    /// <summary>The model for a request when none is named: the first that also takes its references and its scale, else the default.</summary>
    public ModelRow? DefaultFor(ImageRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        bool Takes(ModelRow model) =>
            request.ReferenceImages.Count <= model.MaxReferences && request.Inputs.Count() is var all && !(all > model.MaxInputs) && (all > 0 || !model.NeedsImage);
        bool Suits(ModelRow model) =>
            Takes(model)
            && (request.ReferenceImages.Count == 0 || model.Identity || request.ConsistencyMode == ConsistencyMode.Loose)
            && (request.Scale is not { } scale || model.Enlarges(scale));
        return Able(request.Operation).FirstOrDefault(Suits)
            ?? Able(request.Operation).FirstOrDefault(Takes)
            ?? DefaultFor(request.Operation);
    }

    private IEnumerable<ModelRow> Able(ImageOperation operation) =>
        Models.Where(m => m.Retired is null && m.Can(operation)).OrderBy(m => !m.Operations.Contains(operation));
}
