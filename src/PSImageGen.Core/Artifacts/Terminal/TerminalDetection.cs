using System.Globalization;
using System.Text.RegularExpressions;

namespace PSImageGen.Core.Artifacts.Terminal;

/// <summary>Asks the terminal something.</summary>
public interface ITerminalProbe
{
    /// <summary>Writes a query and reads until the answer to <c>CSI c</c> has come.</summary>
    /// <returns>What was answered; null where nobody can be asked, or nobody answers.</returns>
    string? Ask(string query);
}

/// <summary>What the terminal can show.</summary>
/// <param name="Protocol">Never <c>Auto</c>.</param>
/// <param name="Reason">What that was concluded from, in English, for bug reports.</param>
public sealed record TerminalCapabilities(TerminalProtocol Protocol, string Reason)
{
    /// <summary>Width and height of a cell in pixels, where the terminal told.</summary>
    public (int Width, int Height)? Cell { get; init; }

    /// <summary>Whether tmux stands between, through which only wrapped sequences come.</summary>
    public bool Tmux { get; init; }
}

/// <summary>
/// Finds out what a terminal can show. A wrong guess floods the screen, so whatever is not certain is no picture. Variables leak into
/// terminals that were started from another one: multiplexers are looked at first, and only what a terminal says of itself counts.
/// </summary>
public static partial class TerminalDetection
{
    /// <summary>Kitty's question for its protocol, the size of a cell, and the question every terminal answers, which ends it.</summary>
    public const string Query = "\e_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\e\\\e[16t\e[c";

    /// <summary>Concludes it from the environment, and where that says nothing from what the terminal answers.</summary>
    /// <param name="variable">Reads an environment variable.</param>
    /// <param name="probe">The terminal.</param>
    public static TerminalCapabilities Detect(Func<string, string?> variable, ITerminalProbe probe)
    {
        ArgumentNullException.ThrowIfNull(variable);
        ArgumentNullException.ThrowIfNull(probe);
        string term = variable("TERM") ?? string.Empty, program = variable("TERM_PROGRAM") ?? string.Empty;
        if (term == "dumb")
            return No("TERM is dumb");
        if (!string.IsNullOrEmpty(variable("NO_COLOR")))
            return No("NO_COLOR is set");
        if (!string.IsNullOrEmpty(variable("CI")))
            return No("CI is set");
        if (IsTmux(variable) || IsScreen(variable))
            return No("a multiplexer stands between") with { Tmux = IsTmux(variable) };
        return (term, program) switch
        {
            ("xterm-kitty" or "xterm-ghostty", _) => new(TerminalProtocol.Kitty, $"TERM is {term}"),
            ("linux" or "alacritty", _) => No($"TERM is {term}"),
            (_, "ghostty" or "WarpTerminal") => new(TerminalProtocol.Kitty, $"TERM_PROGRAM is {program}"),
            (_, "iTerm.app" or "WezTerm" or "mintty" or "rio") => new(TerminalProtocol.ITerm2, $"TERM_PROGRAM is {program}"),
            (_, "Apple_Terminal") => No($"TERM_PROGRAM is {program}"),
            _ when variable("LC_TERMINAL") == "iTerm2" => new(TerminalProtocol.ITerm2, "LC_TERMINAL is iTerm2"),
            _ => Read(probe.Ask(Query)),
        };
    }

    /// <summary>Whether tmux stands between.</summary>
    public static bool IsTmux(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return !string.IsNullOrEmpty(variable("TMUX")) || variable("TERM_PROGRAM") == "tmux" || (variable("TERM") ?? string.Empty).StartsWith("tmux", StringComparison.Ordinal);
    }

    /// <summary>Whether a link (OSC 8) can be written: a terminal that does not know it leaves it out, save the very plain ones.</summary>
    public static bool TakesLinks(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return variable("TERM") is not ("dumb" or "linux");
    }

    private static bool IsScreen(Func<string, string?> variable) =>
        !string.IsNullOrEmpty(variable("STY")) || (variable("TERM") ?? string.Empty).StartsWith("screen", StringComparison.Ordinal);

    private static TerminalCapabilities No(string reason) => new(TerminalProtocol.None, reason);

    // The numbers are compared as numbers: 14 and 42 hold a 4 too, and the first one is the terminal's level.
    private static TerminalCapabilities Read(string? answer)
    {
        if (answer is null || Attributes().Match(answer) is not { Success: true } attributes)
            return No("the terminal did not answer");
        (int, int)? cell = CellSize().Match(answer) is { Success: true } told && Number(told, 1) is > 0 and < 200 and var height && Number(told, 2) is > 0 and < 200 and var width
            ? (width, height)
            : null;
        bool sixel = attributes.Groups[1].Value.Split(';').Skip(1).Contains("4");
        return KittyOk().IsMatch(answer[..attributes.Index]) ? new(TerminalProtocol.Kitty, "it answered kitty's question") { Cell = cell }
            : sixel ? new(TerminalProtocol.Sixel, "it listed sixel among its attributes") { Cell = cell }
            : No("it answered that it shows no pictures");
    }

    private static int Number(Match match, int group) => int.TryParse(match.Groups[group].Value, CultureInfo.InvariantCulture, out int number) ? number : 0;

    [GeneratedRegex(@"\[\?([\d;]+)c", RegexOptions.CultureInvariant)]
    private static partial Regex Attributes();

    [GeneratedRegex(@"\[6;(\d+);(\d+)t", RegexOptions.CultureInvariant)]
    private static partial Regex CellSize();

    [GeneratedRegex(@"_Gi=31;OK", RegexOptions.CultureInvariant)]
    private static partial Regex KittyOk();
}
