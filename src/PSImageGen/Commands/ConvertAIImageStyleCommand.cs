using System.Management.Automation;
using PSImageGen.Core;
using PSImageGen.Core.Requests;
using PSImageGen.Input;

namespace PSImageGen.Commands;

/// <summary>Gives a picture the look of another.</summary>
[Cmdlet(VerbsData.Convert, "AIImageStyle", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(ImageResult), typeof(ImageTask))]
public sealed class ConvertAIImageStyleCommand : PictureCommand
{
    /// <summary>The path or link of the picture whose look is taken over.</summary>
    [Parameter]
    public string? StyleImage { get; set; }

    /// <summary>How much of the look is taken over, 0 to 1.</summary>
    [Parameter]
    public double Strength { get; set; }

    private protected override string Activity => Words.Of("Restyling pictures");

    private protected override IReadOnlyList<Column> ExtraColumns => [Column.Text(nameof(StyleImage)), Column.Number(nameof(Strength))];

    private protected override (ImageOperation Operation, RequestDraft Draft) Draft(RequestDraft common, RowValues row) =>
        (ImageOperation.Style, common with
        {
            StyleImage = Blank(Pick(row, nameof(StyleImage), StyleImage)) is { } style ? ResolveImage(style) : null,
            Strength = PickValue(row, nameof(Strength), Strength),
        });
}
