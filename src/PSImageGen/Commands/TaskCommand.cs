using System.Collections;
using System.ComponentModel;
using System.Management.Automation;
using PSImageGen.Completers;
using PSImageGen.Core.Engine;

namespace PSImageGen.Commands;

/// <summary>Commands that do something to runs of the ledger: which runs, and where their records are.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class TaskCommand : PSCmdlet, IDisposable
{
    /// <summary>Tasks of Get-AIImageTask, or run ids, task ids and paths of result.json.</summary>
    [Parameter(ParameterSetName = "InputObject", Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public object[]? InputObject { get; set; }

    /// <summary>Run ids.</summary>
    [Parameter(ParameterSetName = "RunId", Mandatory = true)]
    [ArgumentCompleter(typeof(RunIdCompleter))]
    public string[]? RunId { get; set; }

    /// <summary>Vendors' task ids.</summary>
    [Parameter(ParameterSetName = "TaskId", Mandatory = true)]
    [ArgumentCompleter(typeof(TaskIdCompleter))]
    public string[]? TaskId { get; set; }

    /// <summary>The folder of the pictures; by default the current one.</summary>
    [Parameter]
    public string? OutputDirectory { get; set; }

    /// <summary>The engine of this command.</summary>
    private protected Engine Engine { get; } = new(new EngineOptions());

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (object item in (IEnumerable)(InputObject ?? (object[]?)RunId ?? TaskId)!)
        {
            object bare = item is PSObject wrapped ? wrapped.BaseObject : item;
            try
            {
                string? path = (bare as ImageRun)?.RecordPath ?? (bare as FileInfo)?.FullName;
                string text = bare.ToString() ?? string.Empty;
                path ??= text.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? this.ResolvePath(text) : Engine.Ledger.Get(text, this.ResolveFolder(OutputDirectory));
                Handle(path, item);
            }
            catch (AIImageException e)
            {
                WriteError(ErrorRecords.Of(e, item));
            }
        }
    }

    /// <summary>Does it to one run.</summary>
    private protected abstract void Handle(string recordPath, object target);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of what the command holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            Engine.Dispose();
    }
}
