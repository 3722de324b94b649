using System.Management.Automation;
using PSImageGen.Core;
using PSImageGen.Core.Artifacts;
using PSImageGen.Core.Artifacts.Terminal;
using PSImageGen.Input;
using PSImageGen.Viewing;

namespace PSImageGen.Commands;

/// <summary>Shows pictures in the terminal where it can, else a link to them; or opens them with the system's viewer.</summary>
[Cmdlet(VerbsCommon.Show, "AIImage", DefaultParameterSetName = "Path")]
[OutputType(typeof(void))]
public sealed class ShowAIImageCommand : PSCmdlet
{
    private Screen? _screen;
    private PictureInput? _input;

    /// <summary>Paths of pictures; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = "Path", Mandatory = true, Position = 0)]
    [SupportsWildcards]
    public string[]? Path { get; set; }

    /// <summary>Paths of pictures, taken as they are.</summary>
    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true)]
    [Alias("PSPath")]
    public string[]? LiteralPath { get; set; }

    /// <summary>Results of an image command, tasks, files or paths.</summary>
    [Parameter(ParameterSetName = "InputObject", Mandatory = true, ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    /// <summary>How it is shown; by default as the terminal can.</summary>
    [Parameter]
    public TerminalProtocol Protocol { get; set; }

    /// <summary>How many columns of the terminal a picture may take; by default all of them.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int Width { get; set; }

    /// <summary>Open it with the program the system has for pictures.</summary>
    [Parameter]
    public SwitchParameter External { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _screen = new Screen(this);
        _input = new PictureInput(this, this.ResolveWildcards);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string path in Path ?? [])
            Try(path, () => this.ResolveWildcards(path));
        foreach (string path in LiteralPath ?? [])
            Try(path, () => [this.ResolvePath(path)]);
        if (InputObject is { } item)
            Try(item, () => _input!.PathsOf(item));
    }

    private void Try(object target, Func<IReadOnlyList<string>> find)
    {
        IReadOnlyList<string> paths = [];
        try
        {
            paths = find();
        }
        catch (AIImageException e)
        {
            WriteError(ErrorRecords.Of(e, target));
        }

        foreach (string path in paths)
        {
            try
            {
                Show(path);
            }
            catch (AIImageException e)
            {
                WriteError(ErrorRecords.Of(e, target));
            }
        }
    }

    private void Show(string path)
    {
        if (External)
        {
            SystemViewer.Open(path);
            return;
        }

        ImageInfo info = TerminalPicture.Identify(path);
        string size = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{info.Width}x{info.Height}");
        if (!_screen!.IsTerminal)
        {
            _screen.Say($"{Core.Wire.PlainText.Clean(path)}  {size}");
            return;
        }

        TerminalCapabilities terminal = Screen.Capabilities(Protocol);
        WriteVerbose($"{terminal.Protocol}: {terminal.Reason}.");
        TerminalRoom room = Screen.Room(Width);
        if (terminal.Protocol != TerminalProtocol.None)
        {
            if (TerminalPicture.Draw(path, terminal, room) is { } picture)
                _screen.Draw(picture);
            else if (!DrawElsewhere(path, terminal, room))
                _screen.Say(Words.Of($"A {info.Format} picture cannot be shown in this way; -External opens it."));
        }

        _screen.Say($"{Screen.Link(path)}  {size}");
    }

    // The Sixel module of the gallery reads kinds of files whose pixels are not read here.
    private bool DrawElsewhere(string path, TerminalCapabilities terminal, TerminalRoom room)
    {
        if (terminal.Protocol != TerminalProtocol.Sixel || InvokeCommand.GetCommand("ConvertTo-Sixel", CommandTypes.Cmdlet | CommandTypes.Function) is not { } command)
            return false;
        try
        {
            string text = string.Concat(InvokeCommand.InvokeScript("param($c, $p, $w) & $c -Path $p -Width $w -Protocol Sixel", true, System.Management.Automation.Runspaces.PipelineResultTypes.None, null, command, WildcardPattern.Escape(path), room.Columns));
            if (!text.Contains("\eP", StringComparison.Ordinal))
                return false;
            _screen!.Draw(text);
            return true;
        }
        catch (RuntimeException e)
        {
            WriteVerbose($"ConvertTo-Sixel: {e.Message}");
            return false;
        }
    }
}
