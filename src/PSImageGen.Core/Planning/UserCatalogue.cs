using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Tasks;

namespace PSImageGen.Core.Planning;

/// <summary>
/// The user's own rows, which add to what is known of the models, or correct it. The file has a part for each provider, with
/// <c>source</c>, <c>date</c> and <c>models</c>; a row with a known <c>id</c> replaces single fields, any other is a new model.
/// </summary>
public sealed class UserCatalogue
{
    private static readonly string[] PartFields = ["source", "date", "models"];

    // Those that a file may set: "shares" points into the file beside a translation.
    private static readonly string[] RowFields =
    [
        .. typeof(ModelRow).GetProperties().Where(p => p.GetCustomAttribute<JsonIgnoreAttribute>() is null && p.Name != nameof(ModelRow.Shares))
            .Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name)).Append("like"),
    ];

    private readonly string _path;
    private readonly IReadOnlyDictionary<Provider, JsonObject> _parts;

    private UserCatalogue(string path, IReadOnlyDictionary<Provider, JsonObject> parts)
    {
        _path = path;
        _parts = parts;
    }

    /// <summary>Nothing of the user's own.</summary>
    public static UserCatalogue None { get; } = new(string.Empty, new Dictionary<Provider, JsonObject>());

    /// <summary>Where the file lies: <c>catalogue.json</c> in the state folder.</summary>
    public static string DefaultPath => Path.Combine(RunIndex.StateFolder(), "catalogue.json");

    /// <summary>Reads a file and tries all of it; a file that is not there says nothing.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>, naming the file and the place.</exception>
    public static UserCatalogue Read(string? path, ProviderRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        if (path is null || Text(path) is not { } text)
            return None;
        Dictionary<Provider, JsonObject> parts = [];
        try
        {
            JsonNode? json = JsonNode.Parse(text, null, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            foreach ((string name, JsonNode? part) in json as JsonObject ?? throw Errors.CatalogueMistake(path, Words.Of("its beginning"), Words.Of("it is no object."), Words.Of("It begins with { and the id of a provider.")))
            {
                Provider provider = registry.Find(name)
                    ?? throw Errors.CatalogueMistake(path, name, Words.Of("there is no such provider."), Words.Of($"Use one of: {Words.List(registry.Providers.Select(p => p.Profile.Id))}."));
                parts[provider] = part as JsonObject ?? throw Errors.CatalogueMistake(path, name, Words.Of("it is no object."), Words.Of("A provider is followed by { \"models\": [ … ] }."));
            }
        }
        catch (JsonException e)
        {
            throw Errors.CatalogueMistake(path, Words.Of($"line {e.LineNumber + 1}, character {e.BytePositionInLine + 1}"), Words.Of("it is no JSON."), Words.Of("Look for a missing comma, quote or bracket just before that place."), e);
        }
        catch (ArgumentException e)
        {
            throw Errors.CatalogueMistake(path, Words.Of("its beginning"), Words.Of("a provider is there twice."), Words.Of("Put all its models into one list."), e);
        }

        UserCatalogue own = new(path, parts);
        foreach (Provider provider in parts.Keys)
            _ = own.Over(provider, provider.Catalogue);
        return own;
    }

    /// <summary>A catalogue of a provider with the user's rows laid over it.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>, naming the file and the place.</exception>
    public Catalogue Over(Provider provider, Catalogue catalogue)
    {
        ArgumentNullException.ThrowIfNull(provider);
        ArgumentNullException.ThrowIfNull(catalogue);
        if (!_parts.TryGetValue(provider, out JsonObject? part))
            return catalogue;
        string place = provider.Profile.Id;
        List<ModelRow> models = [.. catalogue.Models];
        try
        {
            if (part.Select(p => p.Key).FirstOrDefault(k => !PartFields.Contains(k, StringComparer.Ordinal)) is { } unknown)
                throw Errors.CatalogueMistake(_path, $"{place}, {unknown}", Words.Of("there is no such field."), Words.Of($"Use: {Words.List(PartFields)}."));
            string? source = (string?)part["source"], date = (string?)part["date"];
            foreach (JsonNode? item in part["models"] as JsonArray ?? throw Errors.CatalogueMistake(_path, place, Words.Of("it has no list of models."), Words.Of("Write \"models\": [ { \"id\": … } ].")))
            {
                string id = item is JsonObject && item["id"] is JsonValue value && value.TryGetValue(out string? text) && text.Length > 0
                    ? text
                    : throw Errors.CatalogueMistake(_path, place, Words.Of("a model has no id."), Words.Of("Write \"id\": \"the vendor's name of the model\" into each row."));
                place = $"{provider.Profile.Id}, {id}";
                int at = models.FindIndex(m => m.IsNamed(id));
                // A model that is known here and not offered there is not made up.
                if (at < 0 && provider.Catalogue.Find(id) is not null)
                    continue;
                ModelRow? row = Merge(item.AsObject(), place, provider, at < 0 ? null : models[at], like => models.Find(m => m.IsNamed(like)) ?? provider.Catalogue.Find(like), source, date);
                if (row is null)
                    continue;
                if (at < 0)
                    models.Add(row);
                else
                    models[at] = row;
            }
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw Errors.CatalogueMistake(_path, place, Words.Of("a field is there twice, or its value is not of its kind."), Words.Of("Compare it with the example in the help of Get-AIImageModel."), e);
        }

        return new Catalogue(models);
    }

    private static string? Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.CatalogueUnreadable(path, e);
        }
    }

    // Null where the row is for a model that the vendor may tell of and has not.
    private ModelRow? Merge(JsonObject own, string place, Provider provider, ModelRow? known, Func<string, ModelRow?> find, string? source, string? date)
    {
        if (own.Select(p => p.Key).FirstOrDefault(k => !RowFields.Contains(k, StringComparer.Ordinal)) is { } unknown)
            throw Errors.CatalogueMistake(_path, $"{place}, {unknown}", Words.Of("there is no such field."), Words.Of($"Use: {Words.List(RowFields.Order(StringComparer.Ordinal))}."));
        string? like = (string?)own["like"];
        if (like is not null && provider.Catalogue.Find((string)own["id"]!) is not null)
            throw Errors.CatalogueMistake(_path, $"{place}, like", Words.Of("the model is in the catalogue already."), Words.Of("Leave out \"like\": the fields you write replace its own."));
        ModelRow? pattern = known is not null || like is null ? known : find(like) ?? throw Errors.CatalogueMistake(_path, $"{place}, like", Words.Of($"there is no model {like}."), Words.Of("Name a model of the same provider."));
        if (pattern is not null && known is null)
            pattern = ModelRow.Uncharted((string)own["id"]!, pattern);

        JsonObject row = pattern is null ? [] : JsonSerializer.SerializeToNode(pattern, CatalogueJson.Options)!.AsObject();
        foreach ((string name, JsonNode? value) in own.Where(p => p.Key is not ("id" or "like")))
        {
            row.Remove(name);
            if (value is not null)
                row[name] = value.DeepClone();
        }

        row["id"] = known?.Id ?? (string)own["id"]!;
        ModelRow merged;
        try
        {
            merged = row.Deserialize<ModelRow>(CatalogueJson.Options)!;
        }
        catch (JsonException e)
        {
            throw Errors.CatalogueMistake(_path, $"{place}, {e.Path?.TrimStart('$', '.')}", Words.Of("the field is not known, or its value is not of its kind."), Words.Of("Compare it with the example in the help of Get-AIImageModel."), e);
        }

        if (merged.Operations.Count == 0 && merged.Emulates.Count == 0 && merged.Retired is null)
            return provider.Capabilities.Count > 0 ? null : throw Errors.CatalogueMistake(_path, place, Words.Of("it does not say what the model can do."), Words.Of("Add \"like\": \"a model of the same provider\", or \"operations\": [\"Generate\"]."));
        // What a price is worth depends on where and when it was read: another row's must not stand beside it.
        return known is not null && !own.ContainsKey("price") ? merged : merged with
        {
            Source = (string?)own["source"] ?? source ?? _path,
            Date = (string?)own["date"] ?? date,
        };
    }
}
