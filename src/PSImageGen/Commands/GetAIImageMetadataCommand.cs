using System.Collections.Specialized;
using System.Management.Automation;
using PSImageGen.Core;
using PSImageGen.Core.Artifacts.Metadata;
using PSImageGen.Input;

namespace PSImageGen.Commands;

/// <summary>Tells how pictures were made, from what their files remember or from the record beside them; with -AsRequest as parameters for the same call.</summary>
[Cmdlet(VerbsCommon.Get, "AIImageMetadata", DefaultParameterSetName = "Path")]
[OutputType(typeof(ImageMetadata))]
[OutputType(typeof(OrderedDictionary))]
public sealed class GetAIImageMetadataCommand : PSCmdlet
{
    private static RowReader Reader => new([Column.Text(nameof(Path))], Words.Of("paths, files (Get-Item), rows with a Path column or the results of an image command"));

    /// <summary>Paths of pictures; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = "Path", Mandatory = true, Position = 0)]
    [SupportsWildcards]
    [TextOnly]
    public string[]? Path { get; set; }

    /// <summary>Paths of pictures, taken as they are.</summary>
    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true)]
    [Alias("PSPath")]
    public string[]? LiteralPath { get; set; }

    /// <summary>Paths, files, or results of an image command.</summary>
    [Parameter(ParameterSetName = "InputObject", Mandatory = true, ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    /// <summary>Give what was asked for as a table of parameters, for a command to take again.</summary>
    [Parameter]
    public SwitchParameter AsRequest { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string path in LiteralPath ?? [])
            Handle(path, () => [this.ResolvePath(path)]);
        foreach (string path in Path ?? [])
            Handle(path, () => this.ResolveWildcards(path));
        if (InputObject is { } item)
            Handle(item, () => PathsOf(item));
    }

    private IReadOnlyList<string> PathsOf(object item)
    {
        RowValues row = Reader.Read(item);
        if ((row.Text ?? row.Values.GetValueOrDefault(nameof(Path)) as string) is { } path)
            return this.ResolveWildcards(path);
        return row.IsPicture ? row.Pictures : throw ErrorRecords.Make(ImageErrorId.InvalidRequest, Words.Of("The row has no Path."), Words.Of("Give the row a column named Path with the path of a picture in it."));
    }

    private void Handle(object target, Func<IReadOnlyList<string>> paths)
    {
        IReadOnlyList<string> pictures;
        try
        {
            pictures = paths();
        }
        catch (AIImageException e)
        {
            WriteError(ErrorRecords.Of(e, target));
            return;
        }

        foreach (string picture in pictures)
        {
            try
            {
                ImageMetadata metadata = MetadataReader.Read(picture);
                WriteObject(AsRequest ? RequestOf(metadata) : metadata);
            }
            catch (AIImageException e)
            {
                WriteError(ErrorRecords.Of(e, picture));
            }
        }
    }

    private OrderedDictionary RequestOf(ImageMetadata metadata)
    {
        string name = System.IO.Path.GetFileName(metadata.Path);
        if (metadata.Operation is null or ImageOperation.Generate && metadata.Prompt is null)
            throw ErrorRecords.Make(ImageErrorId.InvalidRequest,
                metadata.PromptSha256 is null ? Words.Of($"It is not known with which words '{name}' was made.") : Words.Of($"It is not known with which words '{name}' was made: it keeps only their hash."),
                Words.Of("Read a picture that remembers it, or one that still has its record in the folder .artifacts beside it."));
        foreach (ImageParent parent in metadata.Parents.Where(p => p.Path is null && p.Url is null))
            WriteWarning(Words.Of($"A picture that '{name}' was made from ({parent.Role}, sha256 {parent.Sha256 ?? "?"}) is not here any more: give another one."));
        return metadata.Request;
    }
}
