using System.Management.Automation;
using PSImageGen.Core;
using PSImageGen.Core.Requests;
using PSImageGen.Input;

namespace PSImageGen.Commands;

/// <summary>Makes alternatives of a picture.</summary>
[Cmdlet(VerbsCommon.New, "AIImageVariation", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(ImageResult), typeof(ImageTask))]
public sealed class NewAIImageVariationCommand : PictureCommand
{
    /// <summary>How different they may be: 0 for hardly, 1 for freely.</summary>
    [Parameter]
    public double Variance { get; set; }

    private protected override string Activity => Words.Of("Making variations");

    private protected override IReadOnlyList<Column> ExtraColumns => [Column.Number(nameof(Variance))];

    private protected override (ImageOperation Operation, RequestDraft Draft) Draft(RequestDraft common, RowValues row) =>
        (ImageOperation.Vary, common with { Strength = PickValue(row, nameof(Variance), Variance) });
}
