using System.Management.Automation;
using PSImageGen.Core;
using PSImageGen.Core.Artifacts.Terminal;

namespace PSImageGen.Viewing;

/// <summary>The place where a command shows pictures: a terminal, or whatever else the host has.</summary>
internal sealed class Screen
{
    private const string Variable = "PSIMAGEGEN_GRAPHICS";

    // The terminal is the process's, and stays what it is.
    private static readonly object Gate = new();
    private static TerminalCapabilities? _found;

    private readonly PSCmdlet _cmdlet;

    /// <summary>Looks where the command was typed.</summary>
    public Screen(PSCmdlet cmdlet) => _cmdlet = cmdlet;

    /// <summary>Whether sequences may be written: not to files, remote sessions, jobs or parallel branches, nor where plain text was asked for.</summary>
    public bool IsTerminal => _cmdlet.Host?.Name == "ConsoleHost" && !Console.IsOutputRedirected;

    /// <summary>The cells of the window that a picture may take.</summary>
    /// <param name="width">The wish for its width; 0 for none.</param>
    public static TerminalRoom Room(int width)
    {
        // A terminal that does not know its size says 0.
        (int columns, int rows) = (Console.WindowWidth, Console.WindowHeight);
        int free = columns > 1 ? columns - 1 : 79;
        return new TerminalRoom(width > 0 ? Math.Min(width, free) : free, rows > 4 ? rows - 3 : 21);
    }

    /// <summary>What the terminal can show, or shall.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>: the variable holds no protocol.</exception>
    public static TerminalCapabilities Capabilities(TerminalProtocol wish)
    {
        string? said = Environment.GetEnvironmentVariable(Variable);
        string reason = "-Protocol says so";
        if (wish == TerminalProtocol.Auto && !string.IsNullOrWhiteSpace(said))
        {
            reason = $"{Variable} says so";
            wish = Enum.GetNames<TerminalProtocol>().FirstOrDefault(n => string.Equals(n, said.Trim(), StringComparison.OrdinalIgnoreCase)) is { } name ? Enum.Parse<TerminalProtocol>(name)
                : throw ErrorRecords.Make(ImageErrorId.InvalidRequest, Words.Of($"{Variable} holds '{Core.Wire.PlainText.Clean(said, 40)}', which is no way to show pictures."),
                    Words.Of($"Set it to one of {Words.List(Enum.GetNames<TerminalProtocol>())}, or take it away."));
        }

        if (wish != TerminalProtocol.Auto)
            return new TerminalCapabilities(wish, reason) { Tmux = TerminalDetection.IsTmux(Environment.GetEnvironmentVariable) };
        lock (Gate)
            return _found ??= TerminalDetection.Detect(Environment.GetEnvironmentVariable, new ConsoleProbe());
    }

    /// <summary>Writes a picture, and begins a new line.</summary>
    public void Draw(string sequence) => _cmdlet.Host.UI.Write(sequence + "\n");

    /// <summary>A path that leads to its file where it is clicked. The name may hold whatever a file system takes; the link is percent-encoded.</summary>
    public static string Link(string path)
    {
        string text = Core.Wire.PlainText.Clean(path);
        return TerminalDetection.TakesLinks(Environment.GetEnvironmentVariable) ? TerminalPicture.Link(path, text) : text;
    }

    /// <summary>Says something as Write-Host does: to be seen, not to be handed on.</summary>
    public void Say(string text) =>
        _cmdlet.WriteInformation(new HostInformationMessage { Message = text }, ["PSHOST"]);
}
