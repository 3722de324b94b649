using System.ComponentModel;
using System.Management.Automation;
using PSImageGen.Core;
using PSImageGen.Core.Requests;
using PSImageGen.Input;

namespace PSImageGen.Commands;

/// <summary>What begins with words: a text is a prompt, and a picture that comes along is one to follow.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class TextCommand : ImageCommand
{
    /// <summary>What the picture shows. Several texts make several calls.</summary>
    [Parameter(Position = 0)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [TextOnly]
    public string[]? Prompt { get; set; }

    private protected override string Inputs => Words.Of("texts, rows with a Prompt column (Import-Csv), files (Get-Item) or the results of an image command");

    private protected override void HandleCommandLine()
    {
        foreach (string? prompt in Prompt is { Length: > 0 } prompts ? prompts : new string?[] { null })
            Handle(RowValues.None, prompt, prompt);
    }

    private protected override void HandleRow(RowValues row, object? target)
    {
        string? typed = Prompt switch { null or [] => null, [var one] => one, _ => throw ErrorRecords.Make(ImageErrorId.InvalidRequest, Words.Of("Several prompts and pipeline input were given together."), Words.Of("Give one -Prompt for all inputs, or pipe the prompts.")) };
        if (row.Text is not null && typed is not null)
            throw ErrorRecords.Make(ImageErrorId.InvalidRequest, Words.Of("The input brings a prompt, and -Prompt was given too: it is not clear which one is meant. Nothing was sent."), Words.Of("Leave out -Prompt, or the prompt in the input."));
        string? prompt = row.Text ?? PromptOf(row, typed);
        if (row.IsRow && prompt is null)
            throw ErrorRecords.Make(ImageErrorId.InvalidRequest, Words.Of("The row has no Prompt. Nothing was sent for it."), Words.Of("Give the row a column named Prompt with a text in it, or give -Prompt on the command line."));
        if (row.Pictures.Count == 0)
            Handle(row, prompt, target);
        foreach (string picture in row.Pictures)
            Handle(row, prompt, target, picture);
    }

    private protected override (ImageOperation Operation, RequestDraft Draft) Draft(RequestDraft common, RowValues row) =>
        (ImageOperation.Generate, common with { Image = null, ReferenceImages = common.Image is null ? common.ReferenceImages : [ResolveImage(common.Image), .. common.ReferenceImages ?? []] });
}
