namespace PSImageGen.Core.Tasks;

/// <summary>Where the files of one run lie below the folder of the pictures.</summary>
public sealed class RunFolder
{
    /// <summary>The name of the ledger's folder.</summary>
    public const string LedgerName = ".artifacts";

    /// <summary>The folder of a run.</summary>
    public RunFolder(string outputDirectory, string runId)
    {
        OutputDirectory = outputDirectory;
        Root = Path.Combine(outputDirectory, LedgerName, runId);
    }

    /// <summary>The folder of the pictures.</summary>
    public string OutputDirectory { get; }

    /// <summary>The run's own folder.</summary>
    public string Root { get; }

    /// <summary>The record.</summary>
    public string RecordPath => Path.Combine(Root, "outputs", "result.json");

    /// <summary>The record for people.</summary>
    public string SummaryPath => Path.Combine(Root, "outputs", "result.md");

    /// <summary>Where pictures lie until they are whole and checked.</summary>
    public string Parts => Path.Combine(Root, "parts");

    /// <summary>The lock of the run's owner.</summary>
    public string LockPath => Path.Combine(Root, "owner.lock");

    /// <summary>The part file of a picture that came inside the answer to a task's order.</summary>
    public string EmbeddedPart(int task, int part) => Path.Combine(Parts, $"{task}-answer-{part}.part");

    /// <summary>The part file of a picture on the way to a task's finished one.</summary>
    public string PartialPart(int task) => Path.Combine(Parts, $"{task}-partial.part");

    /// <summary>The part file of a task's picture that came from a link.</summary>
    public string DownloadedPart(int task, int item) => Path.Combine(Parts, $"{task}-link-{item}.part");

    /// <summary>Where files go on when the disk of the pictures is full: in the user's state folder.</summary>
    public string RescueRoot => Path.Combine(RunIndex.StateFolder(), "rescued", $"{Path.GetFileName(Root)}-{RunIndex.Mark(Root)}");

    /// <summary>The place there of a part file or the record.</summary>
    public string Rescued(string file) => Path.Combine(RescueRoot, Path.GetFileName(file));

    /// <summary>Where a part file lies now; null when there is none.</summary>
    public string? Existing(string part) => File.Exists(part) ? part : File.Exists(Rescued(part)) ? Rescued(part) : null;

    /// <summary>The folder that a <c>result.json</c> belongs to; null when the path is not that of a record.</summary>
    public static RunFolder? OfRecord(string recordPath)
    {
        DirectoryInfo? run = new FileInfo(recordPath).Directory?.Parent;
        DirectoryInfo? ledger = run?.Parent;
        return run is not null && ledger is { Name: LedgerName, Parent: { } output } ? new RunFolder(output.FullName, run.Name) : null;
    }
}
