using System.Management.Automation;
using System.Text;
using PSImageGen.Core;
using PSImageGen.Core.Artifacts.Gallery;
using PSImageGen.Input;

namespace PSImageGen.Commands;

/// <summary>Writes one page of HTML that shows pictures and how they came about, and needs nothing beside itself.</summary>
[Cmdlet(VerbsData.Export, "AIImageGallery", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportAIImageGalleryCommand : PSCmdlet, IDisposable
{
    private const int ActivityId = 0x1A6F;

    private readonly CancellationTokenSource _stop = new();
    private readonly List<GalleryPicture> _pictures = [];
    private readonly Dictionary<string, Dictionary<string, GalleryPicture>> _known = [];
    private PictureInput? _input;
    private long _nextReport;

    /// <summary>The page to write; by default gallery.html in the folder of the pictures.</summary>
    [Parameter(Position = 0)]
    public string? Path { get; set; }

    /// <summary>Results of an image command, tasks, files or paths; by default the pictures of the folder's records, the newest first.</summary>
    [Parameter(ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    /// <summary>The folder whose records are shown where nothing is piped; by default the current one.</summary>
    [Parameter]
    public string? OutputDirectory { get; set; }

    /// <summary>What stands above the pictures; by default the name of the folder.</summary>
    [Parameter]
    public string? Title { get; set; }

    /// <summary>The longer side of the pictures in the page, in pixels.</summary>
    [Parameter]
    [ValidateRange(64, 2048)]
    public int ThumbnailSize { get; set; } = 480;

    /// <summary>Write over a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => _input = new PictureInput(this, this.ResolveWildcards);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (InputObject is not { } item)
            return;
        try
        {
            if (PictureInput.RunOf(item) is { } run)
                _pictures.AddRange(GalleryPicture.Of(run));
            else
                _pictures.AddRange(_input!.PathsOf(item).Select(Known));
        }
        catch (AIImageException e)
        {
            WriteError(ErrorRecords.Of(e, item));
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        try
        {
            string folder = this.ResolveFolder(OutputDirectory);
            if (!MyInvocation.ExpectingInput && !MyInvocation.BoundParameters.ContainsKey(nameof(InputObject)))
                _pictures.AddRange(GalleryPicture.In(folder, e => WriteError(ErrorRecords.Of(e, null))));
            if (_pictures.Count == 0)
                throw ErrorRecords.Make(ImageErrorId.NotFound, Words.Of("There are no pictures to show."), Words.Of("Pipe results, tasks or files, or name a folder in which pictures were made with -OutputDirectory."));
            Export(Path is null ? System.IO.Path.Combine(folder, "gallery.html") : this.ResolvePath(Path), folder);
        }
        catch (AIImageException e)
        {
            WriteError(ErrorRecords.Of(e, Path));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopping is no error, and leaves no page.
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    // A file is what the records beside it say of it.
    private GalleryPicture Known(string path)
    {
        string folder = System.IO.Path.GetDirectoryName(path)!;
        if (!_known.TryGetValue(folder, out Dictionary<string, GalleryPicture>? pictures))
            _known[folder] = pictures = GalleryPicture.In(folder, _ => { }).DistinctBy(p => p.Path).ToDictionary(p => p.Path);
        return pictures.GetValueOrDefault(path) ?? new GalleryPicture(path, null, null, null);
    }

    private void Export(string path, string folder)
    {
        if (Directory.Exists(path))
            throw ErrorRecords.Make(ImageErrorId.InvalidRequest, Words.Of($"'{path}' is a folder."), Words.Of("Give the path of a file, such as gallery.html."));
        if (File.Exists(path) && !Force)
            throw ErrorRecords.Make(ImageErrorId.InvalidRequest, Words.Of($"'{path}' exists already."), Words.Of("Choose another name, or add -Force to write over it."));
        if (!ShouldProcess(path, _pictures.Count == 1 ? Words.Of("Write a page with 1 picture") : Words.Of($"Write a page with {_pictures.Count} pictures")))
            return;

        string title = !string.IsNullOrWhiteSpace(Title) ? Title : System.IO.Path.GetFileName(folder) is { Length: > 0 } name ? name : Words.Of("Pictures");
        GalleryPage page = new(title, System.IO.Path.GetDirectoryName(path)!, _pictures, ThumbnailSize);
        // Written aside first: a page that is stopped half way is no page.
        string aside = $"{path}.{Environment.ProcessId}.tmp";
        _nextReport = Environment.TickCount64 + 1000;
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            using (StreamWriter output = new(aside, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)))
                page.Write(output, Report, _stop.Token);
            File.Move(aside, path, overwrite: Force);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ErrorRecords.Make(ImageErrorId.ArtifactWriteFailed, Words.Of($"'{path}' cannot be written: {e.Message}"), Words.Of("Choose a folder that you may write to."), e);
        }
        finally
        {
            File.Delete(aside);
        }

        WriteProgress(new ProgressRecord(ActivityId, Words.Of("Writing the page"), Words.Of("done")) { RecordType = ProgressRecordType.Completed });
        // As Get-Item gives it, with what its view needs.
        WriteObject(InvokeProvider.Item.Get([path], force: true, literalPath: true), enumerateCollection: true);
    }

    // Twice a second, and not in the first one.
    private void Report(int done)
    {
        if (Environment.TickCount64 < _nextReport)
            return;
        _nextReport = Environment.TickCount64 + 500;
        WriteProgress(new ProgressRecord(ActivityId, Words.Of("Writing the page"), Words.Of($"{done} of {_pictures.Count}")) { PercentComplete = done * 100 / _pictures.Count });
    }
}
