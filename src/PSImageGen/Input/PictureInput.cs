using System.Management.Automation;
using PSImageGen.Core;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Tasks;

namespace PSImageGen.Input;

/// <summary>Pictures that come through the pipeline to be looked at: those of results and of tasks, files and paths.</summary>
internal sealed class PictureInput
{
    private readonly PSCmdlet _cmdlet;
    private readonly Func<string, IReadOnlyList<string>> _resolve;
    private readonly RowReader _reader = new([Column.Text("Path")], Words.Of("paths, files (Get-Item), tasks or the results of an image command"));

    /// <summary>Takes what is piped to a command.</summary>
    /// <param name="cmdlet">The command.</param>
    /// <param name="resolve">Finds the files that a text means.</param>
    public PictureInput(PSCmdlet cmdlet, Func<string, IReadOnlyList<string>> resolve)
    {
        _cmdlet = cmdlet;
        _resolve = resolve;
    }

    /// <summary>The run that an input stands for; null where it stands for files.</summary>
    /// <exception cref="AIImageException"><c>RecordInvalid</c>: the record of a task cannot be read.</exception>
    public static ImageResult? RunOf(object item)
    {
        if (Bare(item) is ImageResult result)
            return result;
        // A task has no pictures of its own, and what came from a job or another session is no longer of its type.
        return Commands.TaskCommand.RecordPathOf(item) is { } record && PSObject.AsPSObject(item).TypeNames.Any(n => n.EndsWith("PSImageGen.ImageTask", StringComparison.Ordinal) || n.EndsWith("PSImageGen.ImageResult", StringComparison.Ordinal))
            ? new RunReport(Ledger.Read(record), record, null).ToResult()
            : null;
    }

    /// <summary>The files that an input stands for.</summary>
    /// <exception cref="AIImageException">It is no input, or has no picture.</exception>
    public IReadOnlyList<string> PathsOf(object item)
    {
        if (RunOf(item) is { } run)
            return [.. run.Images.Select(i => i.Path)];
        RowValues row = _reader.Read(item);
        string? text = row.Text ?? row.Values.GetValueOrDefault("Path") as string;
        return text is not null ? _resolve(text)
            : row.Pictures.Count > 0 ? row.Pictures
            : throw ErrorRecords.Make(ImageErrorId.InvalidRequest, Core.Words.Of("The input has no picture."), Core.Words.Of($"Pipe {_cmdlet.MyInvocation.MyCommand.Name} paths, files or results that have pictures."));
    }

    private static object Bare(object item) => item is PSObject wrapped ? wrapped.BaseObject : item;
}
