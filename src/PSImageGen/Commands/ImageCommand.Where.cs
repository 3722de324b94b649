using System.Management.Automation;
using PSImageGen.Core;
using PSImageGen.Core.Artifacts.Metadata;
using PSImageGen.Core.Characters;
using PSImageGen.Input;

namespace PSImageGen.Commands;

/// <content>Where pictures come from, where they go, and what they remember.</content>
public abstract partial class ImageCommand
{
    /// <summary>A character that is to be in the picture: the passport that New-AICharacterSheet wrote, or its sheet.</summary>
    [Parameter]
    public object? Character { get; set; }

    /// <summary>Add nothing to the picture files.</summary>
    [Parameter]
    public SwitchParameter NoMetadata { get; set; }

    /// <summary>Add hashes of the prompt and the pictures that went in, and nothing that can be read.</summary>
    [Parameter]
    public SwitchParameter HashMetadata { get; set; }

    private MetadataMode Remembered => StoredPreferences.Remembered(this, NoMetadata, HashMetadata, _preferences!);

    private (string Folder, string? Name) Place(string? folder, string? name, string? outFile)
    {
        if (outFile is null)
            return (this.ResolveFolder(folder, _preferences), name);
        if (folder is not null || name is not null)
            throw ErrorRecords.Make(ImageErrorId.InvalidRequest, Words.Of("-OutFile says folder and name already."), Words.Of("Leave out -OutFile, or -OutputDirectory and -Name."));
        string path = this.ResolvePath(outFile);
        if (path.EndsWith('/') || path.EndsWith('\\') || Directory.Exists(path))
            throw ErrorRecords.Make(ImageErrorId.InvalidRequest, Words.Of($"'{outFile}' is a folder."), Words.Of("Give -OutFile the path of a file, or use -OutputDirectory."));
        // The extension is the bytes' own, whatever is written here.
        string file = Path.GetFileName(path);
        string bare = Path.GetExtension(file).ToLowerInvariant() is ".png" or ".jpg" or ".jpeg" or ".webp" ? Path.GetFileNameWithoutExtension(file) : file;
        return (Path.GetDirectoryName(path)!, bare);
    }

    /// <summary>The full path of a file, or the link as it is.</summary>
    private protected string ResolveImage(string source) => IsLink(source) ? source : this.ResolvePath(source);

    // A sheet from a job or a file is still a sheet.
    private CharacterPassport? CharacterOf(RowValues row)
    {
        object? given = IsBound(nameof(Character)) ? Character : row.Values.GetValueOrDefault(nameof(Character));
        object? bare = given is PSObject wrapped ? wrapped.BaseObject : given;
        string? path = bare switch
        {
            null => null,
            string text => Blank(text),
            FileInfo file => file.FullName,
            _ => PSObject.AsPSObject(given).Properties[nameof(CharacterSheet.Passport)]?.Value as string
                ?? throw ErrorRecords.Make(ImageErrorId.InvalidRequest, Core.Words.Of($"A {bare.GetType().Name} is no character. Nothing was sent."), Core.Words.Of("Give -Character the .character.json that New-AICharacterSheet wrote, or its sheet.")),
        };
        return path is null ? null : CharacterPassport.Read(this.ResolvePath(path));
    }

    /// <summary>Whether a text is a link to a picture.</summary>
    private protected static bool IsLink(string source) =>
        source.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || source.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
}
