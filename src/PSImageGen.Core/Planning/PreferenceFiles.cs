using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Tasks;

namespace PSImageGen.Core.Planning;

/// <summary>
/// Where preferences are kept: the user's <c>preferences.json</c> in the state folder, and the project's <c>agent.config.json</c>, in a folder or the nearest
/// parent that has one, under <c>providerPreferences.image</c>. Comments and trailing commas are allowed in both.
/// </summary>
public sealed class PreferenceFiles
{
    /// <summary>The project's file.</summary>
    public const string ProjectFileName = "agent.config.json";

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private readonly ProviderRegistry _registry;

    /// <summary>The files of a user.</summary>
    public PreferenceFiles(string stateFolder, ProviderRegistry registry)
    {
        UserPath = Path.Combine(stateFolder, "preferences.json");
        _registry = registry;
    }

    /// <summary>The user's file.</summary>
    public string UserPath { get; }

    /// <summary>The project's file for a folder; null when there is none.</summary>
    public static string? ProjectPath(string folder)
    {
        for (DirectoryInfo? at = new(folder); at is not null; at = at.Parent)
        {
            string path = Path.Combine(at.FullName, ProjectFileName);
            if (File.Exists(path))
                return path;
        }

        return null;
    }

    /// <summary>What counts in a folder.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>, naming file and key.</exception>
    public Preferences Load(string folder)
    {
        List<PreferenceLayer> layers = [User()];
        string? project = ProjectPath(folder);
        if (project is not null && Member(Member(ReadObject(project), "providerPreferences", project), "image", project) is { } image)
            layers.Add(Read(image, ProjectSource(project), project));
        return new Preferences(_registry, layers) { ProjectFile = project };
    }

    /// <summary>How a project's file is named as a place.</summary>
    internal static string ProjectSource(string path) => "project: " + path;

    /// <summary>What the user said.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>, naming file and key.</exception>
    public PreferenceLayer User() => Read(ReadObject(UserPath), "user: " + UserPath, UserPath);

    /// <summary>Keeps what the user says.</summary>
    /// <exception cref="AIImageException"><c>ArtifactWriteFailed</c>.</exception>
    public void Save(PreferenceLayer user)
    {
        ArgumentNullException.ThrowIfNull(user);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(UserPath)!);
            AtomicFile.Write(UserPath, user.ToJson());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.PreferencesUnwritable(UserPath, e);
        }
    }

    private PreferenceLayer Read(JsonObject json, string source, string path)
    {
        try
        {
            return PreferenceLayer.Read(json, source, Path.GetDirectoryName(path)!, _registry);
        }
        catch (ArgumentException e)
        {
            throw Errors.PreferencesUnreadable(path, Words.Of("A name is there twice."), e);
        }
    }

    private static JsonObject ReadObject(string path)
    {
        try
        {
            return !File.Exists(path) ? [] : JsonNode.Parse(AtomicFile.Read(path), null, Lenient) as JsonObject
                ?? throw new JsonException(Words.Of("It holds no object { … }."));
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw Errors.PreferencesUnreadable(path, e.Message, e);
        }
    }

    // The names in between belong to others too, so they may be missing.
    private static JsonObject? Member(JsonObject? json, string name, string path)
    {
        try
        {
            return json?[name] is not { } node ? null : node as JsonObject ?? throw Errors.PreferenceInvalid(ProjectSource(path), name, node.ToJsonString(), Words.Of("a table { … }"));
        }
        catch (ArgumentException e)
        {
            throw Errors.PreferencesUnreadable(path, Words.Of("A name is there twice."), e);
        }
    }
}
