using System.Collections;
using System.ComponentModel;
using System.Management.Automation;
using PSImageGen.Completers;
using PSImageGen.Core.Credentials;
using PSImageGen.Core.Engine;
using PSImageGen.Credentials;

namespace PSImageGen.Commands;

/// <summary>Commands that do something to runs of the ledger: which runs, and where their records are.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class TaskCommand : PSCmdlet, IDisposable
{
    private Engine? _engine;
    private Surroundings? _surroundings;

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

    /// <summary>The engine of this command, made when its parameters are known.</summary>
    private protected Engine Engine => _engine ??= new Engine(Options);

    /// <summary>Keys and addresses.</summary>
    private protected Surroundings Surroundings => _surroundings ??= this.Surroundings();

    /// <summary>What the engine is made with.</summary>
    private protected virtual EngineOptions Options => new();

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (object item in (IEnumerable)(InputObject ?? (object[]?)RunId ?? TaskId)!)
        {
            object bare = item is PSObject wrapped ? wrapped.BaseObject : item;
            try
            {
                string? path = (bare as FileInfo)?.FullName ?? RecordPathOf(item);
                // What is on no record (Get-AIImageTask -Orphaned) is found by no id either, and said to be unknown here.
                string text = (bare as ImageRun)?.TaskId ?? bare.ToString() ?? string.Empty;
                path ??= text.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? this.ResolvePath(text) : Engine.Ledger.Get(text, this.ResolveFolder(OutputDirectory));
                Handle(path, item);
            }
            catch (AIImageException e)
            {
                WriteError(ErrorRecords.Of(e, item));
            }
        }
    }

    /// <summary>Where the record of a piped run lies, also of one that came from another process; null for text, files, and what is on no record.</summary>
    internal static string? RecordPathOf(object item) =>
        (item is PSObject wrapped ? wrapped.BaseObject : item) is not (string or FileInfo) && PSObject.AsPSObject(item).Properties["RecordPath"]?.Value is string { Length: > 0 } path ? path : null;

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
            _engine?.Dispose();
    }
}
