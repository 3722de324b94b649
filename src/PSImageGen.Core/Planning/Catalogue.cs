using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.Core.Requests;

namespace PSImageGen.Core.Planning;

/// <summary>What is known of a provider's models.</summary>
public sealed class Catalogue
{
    // A price or a date must never come from another row unsaid.
    private static readonly HashSet<string> Own = ["id", "aliases", "bestFor", "firstFor", "alsoFor", "price", "retired", "source", "date"];

    private Catalogue(CatalogueFile file)
    {
        Strengths = file.Strengths;
        Models = [.. file.Models.Select(m => m with
        {
            Source = m.Source ?? file.Source,
            Date = m.Date ?? file.Date,
            Options = m.Shares.Count == 0 ? m.Options : m.Options.Concat(m.Shares.Select(name => KeyValuePair.Create(name, file.Options[name]))).ToDictionary(),
        })];
    }

    /// <summary>A catalogue of models told at run time.</summary>
    public Catalogue(IReadOnlyList<ModelRow> models)
    {
        Models = models;
    }

    /// <summary>The models in the file's order.</summary>
    public IReadOnlyList<ModelRow> Models { get; }

    /// <summary>The use cases for which this provider is the one to choose; told by the file alone.</summary>
    public IReadOnlyList<ImageUseCase> Strengths { get; } = [];

    /// <summary>Reads the catalogue that lies beside a provider's translation.</summary>
    public static Catalogue Load(string providerId)
    {
        using Stream file = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{providerId}.catalogue.json")
            ?? throw new InvalidOperationException($"The provider {providerId} has no catalogue.json.");
        return Read(file);
    }

    /// <summary>Reads a catalogue file. A row that is <c>like</c> an earlier one has all of it that it does not say otherwise, but what makes that one itself.</summary>
    internal static Catalogue Read(Stream file)
    {
        JsonNode json = JsonNode.Parse(file, null, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip })!;
        Dictionary<string, JsonObject> rows = [];
        foreach (JsonObject row in json["models"]!.AsArray().OfType<JsonObject>())
        {
            rows[(string)row["id"]!] = row;
            if ((string?)row["like"] is not { } like)
                continue;
            row.Remove("like");
            foreach ((string name, JsonNode? value) in rows[like].Where(p => !Own.Contains(p.Key) && !row.ContainsKey(p.Key)))
                row[name] = value?.DeepClone();
            foreach (string unset in row.Where(p => p.Value is null).Select(p => p.Key).ToArray())
                row.Remove(unset);
        }

        return new Catalogue(json.Deserialize<CatalogueFile>(CatalogueJson.Options)!);
    }

    /// <summary>The model with a name; null when it is not in the catalogue.</summary>
    public ModelRow? Find(string name) => Models.FirstOrDefault(m => m.IsNamed(name));

    /// <summary>The model for an operation when none is named: the first that is made for it, else the first that can be made to; null when the provider cannot do it.</summary>
    public ModelRow? DefaultFor(ImageOperation operation) => Able(operation).FirstOrDefault();

    /// <summary>The model for a request when none is named: the first that also takes its references, its scale and its class of size, better one that can be told how much may change where that is asked; else the default.</summary>
    public ModelRow? DefaultFor(ImageRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        bool Takes(ModelRow model) =>
            request.ReferenceImages.Count - request.OptionalReferences <= model.MaxReferences && request.Inputs.Count(i => i.Role != ImageRole.Mask) - request.OptionalReferences is var all && !(all > model.MaxInputs) && (all > 0 || !model.NeedsImage);
        bool Suits(ModelRow model) =>
            Takes(model)
            && (request.ReferenceImages.Count == 0 || model.Identity || request.ConsistencyMode == ConsistencyMode.Loose)
            && (request.Scale is not { } scale || model.Enlarges(scale))
            && (request.Resolution is not { } k || model.Sizes is not { Resolutions.Count: > 0 } sizes || sizes.Resolutions.Contains($"{k}K"));
        ModelRow[] able = [.. Able(request.Operation).Where(m => !m.IsOnlyNamedFor(request))];
        return able.Where(Suits).OrderBy(m => !m.Operations.Contains(request.Operation))
                .ThenBy(m => request.Strength is not null && !m.TakesDegree(request.Operation)).FirstOrDefault()
            ?? able.FirstOrDefault(Takes)
            ?? able.FirstOrDefault();
    }

    private IEnumerable<ModelRow> Able(ImageOperation operation) =>
        Models.Where(m => m.Retired is null && m.Can(operation)).OrderBy(m => !m.Operations.Contains(operation));
}
