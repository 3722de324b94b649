using System.Text.Json;
using System.Text.Json.Serialization;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Tasks;

namespace PSImageGen.Core.Characters;

/// <summary>A character as it lies on disk (<c>Mira.character.json</c>): what later pictures of it are made from. Paths are relative to its folder where they can be.</summary>
public sealed record CharacterPassport
{
    /// <summary>What a passport's file name ends with.</summary>
    public const string Extension = ".character.json";

    // The pictures that tell most of a character, in this order; more of them make every later call dearer.
    private const int MostPictures = 4;

    /// <summary>The version of this layout.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>What it is called.</summary>
    public required string Name { get; init; }

    /// <summary>What it looks like.</summary>
    public required string Description { get; init; }

    /// <summary>The id that all its runs share.</summary>
    public string? BatchId { get; init; }

    /// <summary>Who made it.</summary>
    public string? Provider { get; init; }

    /// <summary>With what.</summary>
    public string? Model { get; init; }

    /// <summary>How closely the pictures were told to follow the portrait.</summary>
    public ConsistencyMode ConsistencyMode { get; init; }

    /// <summary>What the comparison with the portrait says of all of them.</summary>
    public DriftState Drift { get; init; }

    /// <summary>The contact sheet.</summary>
    public string? ContactSheet { get; init; }

    /// <summary>All pictures, the portrait first.</summary>
    public IReadOnlyList<CharacterPicture> Pictures { get; init; } = [];

    /// <summary>The folder it was read from.</summary>
    [JsonIgnore]
    public string Folder { get; private init; } = string.Empty;

    /// <summary>Reads a passport.</summary>
    /// <param name="path">The full path.</param>
    /// <exception cref="AIImageException"><c>RecordInvalid</c>: it is none, or damaged.</exception>
    public static CharacterPassport Read(string path)
    {
        try
        {
            CharacterPassport? passport = JsonSerializer.Deserialize<CharacterPassport>(AtomicFile.Read(path), RecordJson.Options);
            return passport is { Schema: 1, Name: not null, Description: not null, Pictures.Count: > 0 } && passport.Pictures[0] is { Stage: CharacterStage.Portrait, Path: not null } && passport.Pictures.All(p => p is not null)
                ? passport with { Folder = Path.GetDirectoryName(Path.GetFullPath(path))! }
                : throw Errors.PassportUnreadable(path, null);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Errors.PassportUnreadable(path, e);
        }
    }

    /// <summary>The full paths of the pictures that stand for the character in later calls, the portrait first.</summary>
    /// <exception cref="AIImageException"><c>InvalidImage</c>: the portrait is gone or another picture now.</exception>
    public IReadOnlyList<string> References()
    {
        static int Rank(CharacterPicture picture) => picture.Stage switch { CharacterStage.Portrait => 0, CharacterStage.FullBody => 1, CharacterStage.Angle => 2, _ => 3 };
        List<string> paths = [];
        foreach (CharacterPicture picture in Pictures.Where(p => p.Path is not null && p.Drift != DriftState.Failed).OrderBy(Rank))
        {
            string full = Path.Combine(Folder, picture.Path!);
            bool same = picture.Sha256 is null || NewRun.HexHash(full) == picture.Sha256;
            if (picture.Stage == CharacterStage.Portrait && (!same || !File.Exists(full)))
                throw Errors.PortraitGone(full, Name, exists: File.Exists(full));
            if (same && File.Exists(full) && !paths.Contains(full) && paths.Count < MostPictures)
                paths.Add(full);
        }

        return paths;
    }

    /// <summary>A prompt about the character.</summary>
    public string Precede(string? prompt) => string.IsNullOrWhiteSpace(prompt) ? Description : Description[^1] is '.' or '!' or '?' or '。' ? $"{Description} {prompt}" : $"{Description}. {prompt}";

    /// <summary>Writes it.</summary>
    internal void Write(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        string? Near(string? full) => full is not null && Path.GetRelativePath(folder, full) is var near && !near.StartsWith("..", StringComparison.Ordinal) ? near : full;
        CharacterPassport near = this with
        {
            ContactSheet = Near(ContactSheet),
            Pictures = [.. Pictures.Select(p => p with { Path = Near(p.Path), Candidates = [.. p.Candidates.Select(c => Near(c)!)] })],
        };
        AtomicFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(near, RecordJson.Options));
    }
}
