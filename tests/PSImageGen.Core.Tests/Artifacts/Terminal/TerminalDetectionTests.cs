using PSImageGen.Core.Artifacts.Terminal;

namespace PSImageGen.Core.Tests.Artifacts.Terminal;

/// <summary>What a terminal is taken for: by its name, else by its answer, else for one that shows nothing.</summary>
public sealed class TerminalDetectionTests
{
    [Theory]
    [InlineData("TERM=xterm-kitty", TerminalProtocol.Kitty)]
    [InlineData("TERM=xterm-ghostty", TerminalProtocol.Kitty)]
    [InlineData("TERM=xterm-256color;TERM_PROGRAM=ghostty", TerminalProtocol.Kitty)]
    [InlineData("TERM=xterm-256color;TERM_PROGRAM=WarpTerminal", TerminalProtocol.Kitty)]
    [InlineData("TERM=xterm-256color;TERM_PROGRAM=iTerm.app", TerminalProtocol.ITerm2)]
    [InlineData("TERM=xterm-256color;LC_TERMINAL=iTerm2", TerminalProtocol.ITerm2)]
    [InlineData("TERM=xterm-256color;TERM_PROGRAM=WezTerm", TerminalProtocol.ITerm2)]
    [InlineData("TERM=xterm;TERM_PROGRAM=mintty", TerminalProtocol.ITerm2)]
    [InlineData("TERM=xterm-256color;TERM_PROGRAM=Apple_Terminal", TerminalProtocol.None)]
    [InlineData("TERM=linux", TerminalProtocol.None)]
    [InlineData("TERM=alacritty", TerminalProtocol.None)]
    [InlineData("TERM=dumb;TERM_PROGRAM=iTerm.app", TerminalProtocol.None)]
    [InlineData("TERM=xterm-kitty;NO_COLOR=1", TerminalProtocol.None)]
    [InlineData("TERM=xterm-kitty;CI=true", TerminalProtocol.None)]
    // What leaks into a multiplexer is not believed.
    [InlineData("TERM=tmux-256color;TMUX=/tmp/tmux-0/default,1,0;LC_TERMINAL=iTerm2", TerminalProtocol.None)]
    [InlineData("TERM=screen-256color;KITTY_WINDOW_ID=1;LC_TERMINAL=iTerm2", TerminalProtocol.None)]
    [InlineData("TERM=xterm-256color;TERM_PROGRAM=tmux", TerminalProtocol.None)]
    public void Its_name_decides_without_a_question(string environment, TerminalProtocol expected)
    {
        Probe probe = new("\e_Gi=31;OK\e\\\e[?62;4c");

        Assert.Equal(expected, TerminalDetection.Detect(Variables(environment), probe).Protocol);
        Assert.Null(probe.Asked);
    }

    // Answers as they were recorded from terminals.
    [Theory]
    [InlineData("\e[?62;4c", TerminalProtocol.Sixel)]
    [InlineData("\e[?65;4;6;18;22c", TerminalProtocol.Sixel)]
    [InlineData("\e[?61;4;6;7;14;21;22;23;24;28;32;42c", TerminalProtocol.Sixel)]
    [InlineData("\e[?12;4c", TerminalProtocol.Sixel)]
    [InlineData("\e[?62;c", TerminalProtocol.None)]
    [InlineData("\e[?62;22c", TerminalProtocol.None)]
    [InlineData("\e[?1;2c", TerminalProtocol.None)]
    // A level of 4, and numbers with a 4 in them, are not sixel.
    [InlineData("\e[?4;6c", TerminalProtocol.None)]
    [InlineData("\e[?64;14;42c", TerminalProtocol.None)]
    [InlineData("\e_Gi=31;OK\e\\\e[6;20;10t\e[?62;c", TerminalProtocol.Kitty)]
    [InlineData("\e_Gi=31;ENOTSUP:no\e\\\e[?62;c", TerminalProtocol.None)]
    [InlineData("\e_Gi=31;OK\e\\\e[?62;4;52c", TerminalProtocol.Kitty)]
    [InlineData("nonsense", TerminalProtocol.None)]
    [InlineData(null, TerminalProtocol.None)]
    public void Else_its_answer_decides(string? answer, TerminalProtocol expected)
    {
        Probe probe = new(answer);

        // Left over from the terminal this one was started from.
        TerminalCapabilities found = TerminalDetection.Detect(Variables("TERM=xterm-256color;KITTY_WINDOW_ID=3;WT_SESSION=x;VTE_VERSION=7000"), probe);

        Assert.Equal(expected, found.Protocol);
        Assert.NotEmpty(found.Reason);
        Assert.Equal(TerminalDetection.Query, probe.Asked);
    }

    [Fact]
    public void It_tells_how_large_a_cell_is()
    {
        TerminalCapabilities Asked(string size) => TerminalDetection.Detect(Variables("TERM=foot"), new Probe($"\e[{size}t\e[?62;4c"));

        Assert.Equal((9, 18), Asked("6;18;9").Cell);
        Assert.Null(Asked("6;0;0").Cell);
        Assert.Null(Asked("4;600;800").Cell);
    }

    [Theory]
    [InlineData("TERM=dumb", false)]
    [InlineData("TERM=linux", false)]
    [InlineData("TERM=xterm", true)]
    [InlineData("A=1", true)]
    public void Plain_terminals_get_no_links(string environment, bool expected) => Assert.Equal(expected, TerminalDetection.TakesLinks(Variables(environment)));

    private static Func<string, string?> Variables(string environment)
    {
        Dictionary<string, string> all = environment.Split(';').Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);
        return all.GetValueOrDefault;
    }

    private sealed class Probe(string? answer) : ITerminalProbe
    {
        public string? Asked { get; private set; }

        public string? Ask(string query)
        {
            Asked = query;
            return answer;
        }
    }
}
