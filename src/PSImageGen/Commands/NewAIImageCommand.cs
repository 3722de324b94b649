using System.Management.Automation;
using PSImageGen.Consent;
using PSImageGen.Core;

namespace PSImageGen.Commands;

/// <summary>Makes pictures from texts.</summary>
[Cmdlet(VerbsCommon.New, "AIImage", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(ImageResult), typeof(ImageTask))]
public sealed class NewAIImageCommand : TextCommand
{
    private Orders? _orders;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _orders = new Orders(this, Words.Of("Making pictures"));
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

    private protected override void BeforeInput() => _orders!.WaitForSlot();

    private protected override void Carry(ImageOrder order) => _orders!.Place(Refined(order), Planner);

    private protected override void Fail(AIImageException error, object? target) => _orders!.Fail(error, target);

    // Only what was typed, and only before money.
    private ImageOrder Refined(ImageOrder order) =>
        Prompt is [_] && Refinement.IsWorthIt(order.Request) && Refinement.MayBeOffered(this, Force)
        && !Planner.Plan(order.Request, order.Selection, NoWait).IsFree
        && Refinement.Offer(this, order.Request.Prompt) is { } better
            ? order with { Request = order.Request.WithPrompt(better) }
            : order;
}
