using System.Management.Automation;
using PSImageGen.Core;
using PSImageGen.Core.Requests;
using PSImageGen.Input;

namespace PSImageGen.Commands;

/// <summary>Changes a picture by words, as a whole, in a part of it, or beyond its borders.</summary>
[Cmdlet(VerbsData.Edit, "AIImage", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(ImageResult), typeof(ImageTask))]
public sealed class EditAIImageCommand : PictureCommand
{
    /// <summary>Img2Img, Inpaint or Outpaint; by default what the other parameters call for.</summary>
    [Parameter]
    public ImageEditMode Mode { get; set; }

    /// <summary>The path or link of a mask of the same size: white means change, black means keep.</summary>
    [Parameter]
    public string? Mask { get; set; }

    /// <summary>How much may change: 0 leaves the picture as it is, 1 lets everything change.</summary>
    [Parameter]
    public double Strength { get; set; }

    /// <summary>Pixels to add on the left.</summary>
    [Parameter]
    public int Left { get; set; }

    /// <summary>Pixels to add on the right.</summary>
    [Parameter]
    public int Right { get; set; }

    /// <summary>Pixels to add above.</summary>
    [Parameter]
    public int Up { get; set; }

    /// <summary>Pixels to add below.</summary>
    [Parameter]
    public int Down { get; set; }

    private protected override string Activity => Words.Of("Editing pictures");

    private protected override IReadOnlyList<Column> ExtraColumns =>
    [
        Column.Choice<ImageEditMode>(nameof(Mode)), Column.Text(nameof(Mask)), Column.Number(nameof(Strength)),
        Column.Int(nameof(Left)), Column.Int(nameof(Right)), Column.Int(nameof(Up)), Column.Int(nameof(Down)),
    ];

    private protected override (ImageOperation Operation, RequestDraft Draft) Draft(RequestDraft common, RowValues row)
    {
        RequestDraft draft = common with
        {
            Mask = Blank(Pick(row, nameof(Mask), Mask)) is { } mask ? ResolveImage(mask) : null,
            Strength = PickValue(row, nameof(Strength), Strength),
            Left = PickValue(row, nameof(Left), Left),
            Right = PickValue(row, nameof(Right), Right),
            Up = PickValue(row, nameof(Up), Up),
            Down = PickValue(row, nameof(Down), Down),
        };
        bool margins = (draft.Left ?? draft.Right ?? draft.Up ?? draft.Down) is not null;
        ImageEditMode mode = PickValue(row, nameof(Mode), Mode) ?? (draft.Mask is not null ? ImageEditMode.Inpaint : margins ? ImageEditMode.Outpaint : ImageEditMode.Img2Img);
        if (margins && mode != ImageEditMode.Outpaint)
            throw ErrorRecords.Make(ImageErrorId.InvalidRequest, Words.Of($"-Left, -Right, -Up and -Down mean nothing in the mode {mode}."), Words.Of("Leave them out, or use -Mode Outpaint."));
        return (mode switch { ImageEditMode.Inpaint => ImageOperation.Inpaint, ImageEditMode.Outpaint => ImageOperation.Outpaint, _ => ImageOperation.Img2Img }, draft);
    }
}
