using System.Management.Automation;
using PSImageGen.Consent;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Gate;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tasks;

namespace PSImageGen.Commands;

/// <summary>Makes pictures from texts.</summary>
[Cmdlet(VerbsCommon.New, "AIImage", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(ImageResult), typeof(ImageTask))]
public sealed class NewAIImageCommand : GenerateCommand
{
    private Pump? _pump;
    private Engine? _engine;
    private RunPresenter? _presenter;
    private Budget? _budget;
    private ShouldProcessConsent? _consent;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _presenter = new RunPresenter(this, "Making pictures");
        _pump = new Pump(ThrottleLimit, _presenter.Tick);
        _presenter.Attach(_pump);
        _engine = new Engine(new EngineOptions { ThrottleLimit = ThrottleLimit, Proxy = ProxySettings.Of(Proxy, ProxyCredential) });
        _budget = new Budget(IsBound(nameof(MaxCost)) ? MaxCost : null, AllowUnknownCost);
        _consent = new ShouldProcessConsent(this, Force);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        _pump!.Complete();
        _presenter!.End();
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        base.StopProcessing();
        _pump?.Stop();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _pump?.Dispose();
            _engine?.Dispose();
        }

        base.Dispose(disposing);
    }

    private protected override void BeforeInput() => _pump!.WaitForSlot();

    private protected override void Carry(Order order)
    {
        Plan plan = Planner.Plan(order.Request, order.Selection, NoWait);
        RunOptions options = order.Options();
        if (ApprovedCall.Gate.Approve(plan, _consent!, _budget!) is not { } call)
            return;

        Pump pump = _pump!;
        pump.Start(async stop =>
        {
            try
            {
                RunReport report = await _engine!.RunAsync(call, options, _presenter!, stop).ConfigureAwait(false);
                if (!report.Record.MayHaveCost())
                    _budget!.Release(plan);
                pump.Post(() => _presenter!.Emit(report, NoWait));
            }
            catch (AIImageException e)
            {
                // The run could not begin, so nothing was spent.
                _budget!.Release(plan);
                pump.Post(() => Fail(e, order.Target));
            }
        });
    }

    private protected override void Fail(AIImageException error, object? target)
    {
        if (error.Error.Id is not (ImageErrorId.ConsentRequired or ImageErrorId.BudgetExceeded))
        {
            base.Fail(error, target);
            return;
        }

        // Nothing more can be paid for; what is paid for already is finished first.
        _pump!.Complete();
        _presenter!.End();
        ThrowTerminatingError(ErrorRecords.Of(error, target));
    }
}
