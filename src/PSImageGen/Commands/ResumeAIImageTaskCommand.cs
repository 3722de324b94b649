using System.Collections;
using System.Management.Automation;
using PSImageGen.Completers;
using PSImageGen.Consent;
using PSImageGen.Core;
using PSImageGen.Core.Credentials;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Gate;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tasks;
using PSImageGen.Credentials;

namespace PSImageGen.Commands;

/// <summary>Goes on with runs that were left: waits, downloads, writes. Costs nothing, and asks nothing, unless -Resubmit orders again.</summary>
[Cmdlet(VerbsLifecycle.Resume, "AIImageTask", DefaultParameterSetName = "InputObject", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(ImageResult))]
public sealed class ResumeAIImageTaskCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Pump? _pump;
    private Engine? _engine;
    private RunPresenter? _presenter;
    private Surroundings? _surroundings;
    private Budget? _budget;

    /// <summary>Tasks of Get-AIImageTask, or run ids, task ids and paths of result.json.</summary>
    [Parameter(ParameterSetName = "InputObject", Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public object[]? InputObject { get; set; }

    /// <summary>Run ids.</summary>
    [Parameter(ParameterSetName = "RunId", Mandatory = true)]
    [ArgumentCompleter(typeof(RunIdCompleter))]
    public string[]? RunId { get; set; }

    /// <summary>Vendors' task ids. One that no ledger knows needs -Provider.</summary>
    [Parameter(ParameterSetName = "TaskId", Mandatory = true)]
    [ArgumentCompleter(typeof(TaskIdCompleter))]
    public string[]? TaskId { get; set; }

    /// <summary>Paths of result.json.</summary>
    [Parameter(ParameterSetName = "Path", Mandatory = true)]
    [Alias("RecordPath")]
    public string[]? Path { get; set; }

    /// <summary>The provider of a task that no ledger knows.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string? Provider { get; set; }

    /// <summary>The folder of the pictures; by default the current one.</summary>
    [Parameter]
    public string? OutputDirectory { get; set; }

    /// <summary>How many runs may be under way at once.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 4;

    /// <summary>The longest wait for one run, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSec { get; set; } = (int)RunOptions.DefaultTimeout.TotalSeconds;

    /// <summary>The address of a proxy.</summary>
    [Parameter]
    public Uri? Proxy { get; set; }

    /// <summary>User and password for the proxy.</summary>
    [Parameter]
    [Credential]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>Order again what is unknown of a run, though the first order may have been billed.</summary>
    [Parameter]
    public SwitchParameter Resubmit { get; set; }

    /// <summary>Let -Resubmit order what has a price that is not known here, though there are budgets.</summary>
    [Parameter]
    public SwitchParameter AllowUnknownCost { get; set; }

    /// <summary>Order again without being asked.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _presenter = new RunPresenter(this, Words.Of("Fetching pictures"));
        _pump = new Pump(ThrottleLimit, _presenter.Tick);
        _presenter.Attach(_pump);
        _surroundings = this.Surroundings();
        _engine = new Engine(new EngineOptions { Surroundings = _surroundings, ThrottleLimit = ThrottleLimit, Proxy = ProxySettings.Of(Proxy, ProxyCredential) });
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (object item in (IEnumerable)(InputObject ?? (object[]?)RunId ?? TaskId ?? Path)!)
        {
            object bare = item is PSObject wrapped ? wrapped.BaseObject : item;
            if (bare is ImageTask { RecordPath: "", TaskId: { } orphan } task)
            {
                Handle(orphan, isPath: false, task.Provider, item, task);
                continue;
            }

            string? record = TaskCommand.RecordPathOf(item);
            Handle(record ?? bare.ToString() ?? string.Empty, isPath: record is not null || bare is FileInfo || Path is not null, Provider, item);
        }
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
        _stop.Cancel();
        _pump?.Stop();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pump?.Dispose();
        _engine?.Dispose();
        _stop.Dispose();
    }

    private void Handle(string text, bool isPath, string? provider, object target, ImageTask? orphan = null)
    {
        Pump pump = _pump!;
        pump.WaitForSlot();
        try
        {
            TimeSpan timeout = TimeSpan.FromSeconds(TimeoutSec);
            string? record = isPath || text.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
                ? this.ResolvePath(text)
                : provider is null ? _engine!.Ledger.Get(text, this.ResolveFolder(OutputDirectory)) : _engine!.Ledger.Find(text, this.ResolveFolder(OutputDirectory));
            if (record is not null && Resubmit)
            {
                Order(record, timeout, target);
                return;
            }

            if (this.IsWhatIf())
            {
                _ = ShouldProcess(text, Words.Of("Go on with the run and fetch its pictures"));
                return;
            }

            if (record is not null)
                _surroundings!.LookFor(record);
            else
                _surroundings!.LookFor([provider!]);
            RunOptions? adopted = record is null ? new RunOptions(this.ResolveFolder(OutputDirectory), timeout: timeout) { Metadata = this.LoadPreferences().Metadata } : null;
            pump.Start(async stop =>
            {
                try
                {
                    RunReport report = record is not null
                        ? await _engine!.ResumeAsync(record, timeout, _presenter!, stop).ConfigureAwait(false)
                        : await _engine!.AdoptAsync(provider!, text, adopted!, _presenter!, stop, orphan?.Model ?? string.Empty, orphan?.Prompt).ConfigureAwait(false);
                    pump.Post(() => _presenter!.Emit(report, asTask: false));
                }
                catch (AIImageException e)
                {
                    pump.Post(() => WriteError(ErrorRecords.Of(e, target)));
                }
            });
        }
        catch (AIImageException e) when (e.Error.Id is ImageErrorId.ConsentRequired or ImageErrorId.BudgetExceeded)
        {
            pump.Complete();
            ThrowTerminatingError(ErrorRecords.Of(e, target));
        }
        catch (AIImageException e)
        {
            WriteError(ErrorRecords.Of(e, target));
        }
    }

    // Through the gate again, saying that the first order may have been billed.
    private void Order(string record, TimeSpan timeout, object target)
    {
        RunRecord run = Ledger.Read(record);
        (ImageRequest request, Selection selection) = Redraft.Of(run, record);
        Planner planner = new(ProviderRegistry.Current, _surroundings!, UserCatalogue.DefaultPath);
        planner.Learn(selection, this, ProxySettings.Of(Proxy, ProxyCredential), _stop.Token);
        Plan plan = planner.Plan(request, selection);
        ShouldProcessConsent consent = new(this, Force, Words.Of("The first order may have been carried out and billed."));
        if (ApprovedCall.Gate.Approve(plan, consent, _budget ??= new Budget(null, AllowUnknownCost) { Limits = this.LoadPreferences().Limits, Bookings = _engine!.Ledger.Bookings }, record) is not { } call)
            return;
        _pump!.Start(async stop =>
        {
            try
            {
                RunReport report = await _engine!.ResubmitAsync(call, record, MyTimeout(timeout), _presenter!, stop).ConfigureAwait(false);
                _pump.Post(() => _presenter!.Emit(report, asTask: false));
            }
            catch (AIImageException e)
            {
                _pump.Post(() => WriteError(ErrorRecords.Of(e, target)));
            }
        });
    }

    private TimeSpan? MyTimeout(TimeSpan timeout) => MyInvocation.BoundParameters.ContainsKey(nameof(TimeoutSec)) ? timeout : null;
}
