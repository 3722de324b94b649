using System.Management.Automation;
using PSImageGen.Core;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Tasks;
using PSImageGen.Credentials;

namespace PSImageGen.Commands;

/// <summary>Cancels runs at the provider, where it can.</summary>
[Cmdlet(VerbsLifecycle.Stop, "AIImageTask", DefaultParameterSetName = "InputObject", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(void))]
public sealed class StopAIImageTaskCommand : TaskCommand
{
    private readonly Pump _pump;
    private readonly RunPresenter _presenter;

    /// <summary>Makes the command.</summary>
    public StopAIImageTaskCommand()
    {
        _presenter = new RunPresenter(this, Words.Of("Cancelling"));
        _pump = new Pump(1, _presenter.Tick);
        _presenter.Attach(_pump);
    }

    /// <summary>The address of a proxy.</summary>
    [Parameter]
    public Uri? Proxy { get; set; }

    /// <summary>User and password for the proxy.</summary>
    [Parameter]
    [Credential]
    public PSCredential? ProxyCredential { get; set; }

    private protected override EngineOptions Options => new() { Surroundings = Surroundings, Proxy = ProxySettings.Of(Proxy, ProxyCredential) };

    /// <inheritdoc/>
    protected override void StopProcessing() => _pump.Stop();

    private protected override void Handle(string recordPath, object target)
    {
        RunRecord record = Ledger.Read(recordPath);
        if (record.Tasks.Any(t => t.Status == ImageTaskStatus.Unknown))
            WriteWarning(Words.Of($"Run {record.RunId} was sent, but no usable answer was seen: what may go on at {record.Provider} cannot be cancelled from here. To look for it type: Resume-AIImageTask -RunId {record.RunId}"));
        string[] ids = [.. record.Tasks.Where(t => t.IsOpen && t.TaskId is not null).Select(t => t.TaskId!)];
        if (ids.Length == 0)
        {
            WriteVerbose($"Run {record.RunId} is {record.Status}: there is nothing to cancel.");
            return;
        }

        if (!ShouldProcess(Words.Of($"{record.Provider} job {Words.List(ids)}"), Words.Of("Cancel")))
            return;
        Surroundings.LookFor(recordPath);
        _pump.Start(async stop =>
        {
            try
            {
                RunReport report = await Engine.CancelAsync(recordPath, _presenter, stop).ConfigureAwait(false);
                string cost = report.Record.Quote.IsFree ? Words.Of("It was free.") : report.Record.Cost is { } paid ? Words.Of($"Billed: {paid}.") : Words.Of("What it billed is not known.");
                // Shown, as Write-Host shows: it is about money.
                HostInformationMessage words = new() { Message = Words.Sentences(Words.Of($"Run {report.Record.RunId} is {report.Record.Status} at {report.Record.Provider}."), cost) };
                _pump.Post(() => WriteInformation(words, ["PSHOST", "PSImageGen"]));
            }
            catch (AIImageException e)
            {
                _pump.Post(() => WriteError(ErrorRecords.Of(e, target)));
            }
        });
        _pump.Complete();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _pump.Dispose();
        base.Dispose(disposing);
    }
}
