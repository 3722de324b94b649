using System.Management.Automation;
using PSImageGen.Core;
using PSImageGen.Core.Requests;
using PSImageGen.Input;

namespace PSImageGen.Commands;

/// <summary>Makes a picture larger, with the detail that a larger one would have.</summary>
[Cmdlet(VerbsCommon.Resize, "AIImage", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(ImageResult), typeof(ImageTask))]
public sealed class ResizeAIImageCommand : PictureCommand
{
    /// <summary>How many times as wide and high: 2 or 4.</summary>
    [Parameter]
    public int Scale { get; set; } = 2;

    private protected override string Activity => Words.Of("Enlarging pictures");

    private protected override IReadOnlyList<Column> ExtraColumns => [Column.Int(nameof(Scale))];

    private protected override (ImageOperation Operation, RequestDraft Draft) Draft(RequestDraft common, RowValues row) =>
        (ImageOperation.Upscale, common with { Scale = PickValue(row, nameof(Scale), Scale) });
}
