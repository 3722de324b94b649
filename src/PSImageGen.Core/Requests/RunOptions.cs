using System.Buffers;
using System.Text.RegularExpressions;

namespace PSImageGen.Core.Requests;

/// <summary>How a run is carried out: where its files go, what it is called, how long it may take. Checked when it is made.</summary>
public sealed partial class RunOptions
{
    /// <summary>The longest wait for one run unless told otherwise.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(600);

    // File systems take 255; a number and an extension follow.
    private const int MaxNameBytes = 200;

    private static readonly SearchValues<char> NeverInNames = SearchValues.Create("/\\:*?\"<>|");

    /// <summary>Checks the options of one run.</summary>
    /// <param name="outputDirectory">The full path of the folder for pictures; made when missing.</param>
    /// <param name="name">The file name of the pictures without extension; by default the run id.</param>
    /// <param name="runId">The run's id; by default a new one that sorts by time.</param>
    /// <param name="batchId">The id shared by a batch.</param>
    /// <param name="index">The position of the input, from 0.</param>
    /// <param name="timeout">The longest wait.</param>
    /// <param name="noWait">Return once the vendor has accepted.</param>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>.</exception>
    public RunOptions(string outputDirectory, string? name = null, string? runId = null, string? batchId = null, int index = 0, TimeSpan? timeout = null, bool noWait = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputDirectory);
        OutputDirectory = System.IO.Path.GetFullPath(outputDirectory);
        if (runId is not null && !IdPattern().IsMatch(runId))
            throw Errors.IdInvalid("RunId", runId);
        if (batchId is not null && !IdPattern().IsMatch(batchId))
            throw Errors.IdInvalid("BatchId", batchId);
        if (name is not null && (string.IsNullOrWhiteSpace(name) || System.Text.Encoding.UTF8.GetByteCount(name) > MaxNameBytes || ReservedPattern().IsMatch(name) || name is "." or ".." || name.StartsWith('.')
            || name.AsSpan().ContainsAny(NeverInNames) || name.Any(char.IsControl) || name.EndsWith(' ') || name.EndsWith('.')))
            throw Errors.NameInvalid(name);

        RunId = runId ?? Tasks.RunIds.New();
        Name = name ?? RunId;
        BatchId = batchId;
        Index = index;
        Timeout = timeout;
        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromDays(1))
            throw Errors.TimeoutOutOfRange();
        NoWait = noWait;
    }

    /// <summary>The folder for pictures; the ledger lies in its <c>.artifacts</c>.</summary>
    public string OutputDirectory { get; }

    /// <summary>Where the run's record will lie.</summary>
    public string RecordPath => new Tasks.RunFolder(OutputDirectory, RunId).RecordPath;

    /// <summary>The file name of the pictures without extension.</summary>
    public string Name { get; }

    /// <summary>The run's id.</summary>
    public string RunId { get; }

    /// <summary>The batch's id.</summary>
    public string? BatchId { get; }

    /// <summary>The position of the input.</summary>
    public int Index { get; }

    /// <summary>The longest wait; null for the default of the provider.</summary>
    public TimeSpan? Timeout { get; }

    /// <summary>Return once the vendor has accepted.</summary>
    public bool NoWait { get; }

    /// <summary>What the picture files remember of how they were made.</summary>
    public Artifacts.Metadata.MetadataMode Metadata { get; init; }

    /// <summary>Whether a text may be a run or batch id: a plain file name of at most 100 letters, digits, dots, dashes and underscores.</summary>
    public static bool IsId(string text) => IdPattern().IsMatch(text);

    // Windows takes these for devices.
    [GeneratedRegex(@"\A(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ReservedPattern();

    [GeneratedRegex(@"\A(?!(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|\z))[A-Za-z0-9]([A-Za-z0-9._-]{0,98}[A-Za-z0-9_-])?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex IdPattern();
}
