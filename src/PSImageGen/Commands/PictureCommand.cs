using System.ComponentModel;
using System.Management.Automation;
using PSImageGen.Core;
using PSImageGen.Core.Requests;
using PSImageGen.Input;

namespace PSImageGen.Commands;

/// <summary>What begins with a picture: a text is its path or link, each picture makes one call.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class PictureCommand : ImageCommand
{
    private Orders? _orders;

    /// <summary>Paths (wildcards are allowed) or links of pictures. Each makes one call.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [TextOnly]
    public string[]? Image { get; set; }

    /// <summary>Paths of pictures, taken as they are.</summary>
    [Parameter]
    [Alias("PSPath")]
    public string[]? LiteralPath { get; set; }

    /// <summary>The words: what is to be changed, or what the picture shows.</summary>
    [Parameter(Position = 1)]
    [TextOnly]
    public string? Prompt { get; set; }

    private protected override string Inputs => Words.Of("paths, links, files (Get-Item), rows with an Image column (Import-Csv) or the results of an image command");

    private protected override IReadOnlyList<Column> OwnColumns => [Column.Text(nameof(Image)), .. ExtraColumns];

    /// <summary>The columns of the command beside the picture and what all commands share.</summary>
    private protected virtual IReadOnlyList<Column> ExtraColumns => [];

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _orders = new Orders(this, Activity);
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => _orders!.Complete();

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        base.StopProcessing();
        _orders?.Stop();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _orders?.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>What is shown while it works.</summary>
    private protected abstract string Activity { get; }

    private protected override void BeforeInput() => _orders!.WaitForSlot();

    private protected override void Carry(ImageOrder order) => _orders!.Place(order, Planner);

    private protected override void Fail(AIImageException error, object? target) => _orders!.Fail(error, target);

    private protected override void HandleCommandLine()
    {
        if (Image is null && LiteralPath is null)
            Handle(RowValues.None, Prompt, null);
        foreach (string path in Image ?? [])
            HandlePictures(RowValues.None, path, path, Prompt);
        foreach (string path in LiteralPath ?? [])
            Handle(RowValues.None, Prompt, path, ResolveImage(path));
    }

    private protected override void HandleRow(RowValues row, object? target)
    {
        string? prompt = Prompt ?? WordsForPrompt();
        if ((Image is not null && prompt == Prompt) || LiteralPath is not null)
            throw ErrorRecords.Make(ImageErrorId.InvalidRequest, Words.Of("Pictures were piped in, and -Image was given too: it is not clear which one is meant. Nothing was sent."), Words.Of("Leave out -Image, or the pipeline."));
        string? one = row.Text ?? row.Values.GetValueOrDefault(nameof(Image)) as string;
        if (one is not null)
            HandlePictures(row, one, target, prompt);
        else if (row.Pictures.Count == 0)
            throw ErrorRecords.Make(ImageErrorId.InvalidRequest, Words.Of("The row has no Image. Nothing was sent for it."), Words.Of("Give the row a column named Image with a path or link in it."));
        foreach (string picture in row.Pictures)
            Handle(row, PromptOf(row, prompt), target, picture);
    }

    // Where pictures are piped in, the first text is the prompt, as in: Get-Item a.png | Edit-AIImage 'at night'. It must not look like a picture.
    private string? WordsForPrompt() =>
        Image is [var text] && Path.GetExtension(text).ToLowerInvariant() is not (".png" or ".jpg" or ".jpeg" or ".webp" or ".gif") && !IsLink(text) && !File.Exists(this.ResolvePath(text)) ? text : null;

    private void HandlePictures(RowValues row, string path, object? target, string? typed)
    {
        string? prompt = PromptOf(row, typed);
        IReadOnlyList<string> pictures;
        try
        {
            pictures = IsLink(path) ? [path] : this.ResolveWildcards(path);
        }
        catch (AIImageException e)
        {
            Fail(e, target);
            return;
        }

        foreach (string picture in pictures)
            Handle(row, prompt, target, picture);
    }
}
