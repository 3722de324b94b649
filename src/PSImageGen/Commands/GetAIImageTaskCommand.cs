using System.Management.Automation;
using PSImageGen.Completers;
using PSImageGen.Core.Credentials;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Tasks;
using PSImageGen.Credentials;

namespace PSImageGen.Commands;

/// <summary>Lists what the ledger knows; with an id it asks the provider once.</summary>
[Cmdlet(VerbsCommon.Get, "AIImageTask", DefaultParameterSetName = "List")]
[OutputType(typeof(ImageTask))]
public sealed class GetAIImageTaskCommand : PSCmdlet, IDisposable
{
    private Pump? _pump;
    private Engine? _engine;

    /// <summary>Only runs in these states.</summary>
    [Parameter(ParameterSetName = "List")]
    public ImageTaskStatus[]? Status { get; set; }

    /// <summary>Only runs of these batches.</summary>
    [Parameter(ParameterSetName = "List", ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(BatchIdCompleter))]
    public string[]? BatchId { get; set; }

    /// <summary>The unfinished runs of all folders too.</summary>
    [Parameter(ParameterSetName = "List")]
    public SwitchParameter All { get; set; }

    /// <summary>Vendors' task ids.</summary>
    [Parameter(ParameterSetName = "TaskId", Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(TaskIdCompleter))]
    public string[]? TaskId { get; set; }

    /// <summary>Run ids.</summary>
    [Parameter(ParameterSetName = "RunId", Mandatory = true)]
    [ArgumentCompleter(typeof(RunIdCompleter))]
    public string[]? RunId { get; set; }

    /// <summary>Finished, paid work of the last hours at vendors that list it, which no ledger here knows.</summary>
    [Parameter(ParameterSetName = "Orphaned", Mandatory = true)]
    public SwitchParameter Orphaned { get; set; }

    /// <summary>The folder of the pictures; by default the current one.</summary>
    [Parameter]
    public string? OutputDirectory { get; set; }

    /// <summary>The address of a proxy.</summary>
    [Parameter]
    public Uri? Proxy { get; set; }

    /// <summary>User and password for the proxy.</summary>
    [Parameter]
    [Credential]
    public PSCredential? ProxyCredential { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        RunPresenter presenter = new(this, "Asking");
        _pump = new Pump(4, presenter.Tick);
        presenter.Attach(_pump);
        Surroundings surroundings = this.Surroundings();
        _engine = new Engine(new EngineOptions { Surroundings = surroundings, Proxy = ProxySettings.Of(Proxy, ProxyCredential) });
        if (ParameterSetName == "List")
            return;
        if (Orphaned)
        {
            surroundings.LookFor(ProviderRegistry.Current.Providers.Select(p => p.Profile.Id));
            _pump.Start(async stop =>
            {
                IReadOnlyList<ImageTask> orphans = await _engine.OrphansAsync(presenter, stop).ConfigureAwait(false);
                _pump.Post(() => WriteObject(orphans, enumerateCollection: true));
            });
        }

        foreach (string id in TaskId ?? RunId ?? [])
        {
            _pump.WaitForSlot();
            try
            {
                string path = _engine.Ledger.Get(id, this.ResolveFolder(OutputDirectory));
                surroundings.LookFor(path);
                _pump.Start(async stop =>
                {
                    try
                    {
                        RunReport report = await _engine.AskAsync(path, presenter, stop).ConfigureAwait(false);
                        _pump.Post(() => WriteObject(report.ToTask()));
                    }
                    catch (AIImageException e)
                    {
                        _pump.Post(() => WriteError(ErrorRecords.Of(e, id)));
                    }
                });
            }
            catch (AIImageException e)
            {
                WriteError(ErrorRecords.Of(e, id));
            }
        }

        _pump.Complete();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName != "List")
            return;
        IEnumerable<string> paths = Ledger.PathsIn(this.ResolveFolder(OutputDirectory));
        if (All)
            paths = paths.Concat(_engine!.Ledger.UnfinishedPaths()).Distinct(StringComparer.Ordinal).OrderBy(p => RunFolder.OfRecord(p)?.Root is { } root ? Path.GetFileName(root) : p, StringComparer.Ordinal);
        foreach (string path in paths)
        {
            try
            {
                ImageTask task = new RunReport(Ledger.Read(path), path, null).ToTask();
                if ((Status is null || Status.Contains(task.Status)) && (BatchId is null || BatchId.Contains(task.BatchId, StringComparer.OrdinalIgnoreCase)))
                    WriteObject(task);
            }
            catch (AIImageException e)
            {
                WriteError(ErrorRecords.Of(e, path));
            }
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _pump?.Stop();

    /// <inheritdoc/>
    public void Dispose()
    {
        _pump?.Dispose();
        _engine?.Dispose();
    }
}
