using System.Text.RegularExpressions;
using PSImageGen.Module.Tests.Harness;

namespace PSImageGen.Module.Tests.Viewing;

/// <summary>Pictures at a real terminal, and the absence of them everywhere else.</summary>
public sealed class ShowingTests
{
    private const string Picture = "$r = New-AIImage 'a fox' -Provider Demo -Size 64x64 -Name fox; ";

    private static readonly PwshOptions Seen = new() { Interactive = true, OnTerminal = (_, _) => { } };

    [PwshFact(Needs = Needs.Terminal)]
    public async Task A_terminal_that_shows_pictures_gets_the_file_and_a_link()
    {
        await using Workbench bench = await AtAsync("TERM=xterm-kitty");

        PwshResult result = await bench.RunAsync(Picture + "$r | Show-AIImage", Seen);

        Assert.Empty(result.Clean().Objects);
        string file = Path.Combine(bench.Folder, "fox.png");
        MatchCollection pieces = Regex.Matches(result.Output, "\e_G([^;]+);([^\e]+)\e\\\\");
        Assert.Equal(File.ReadAllBytes(file), Convert.FromBase64String(string.Concat(pieces.Select(p => p.Groups[2].Value))));
        Assert.Contains($"\e]8;;{new Uri(file).AbsoluteUri}\e\\{file}\e]8;;\e\\  64x64", result.Information);
    }

    [PwshTheory(Needs = Needs.Terminal)]
    [InlineData("TERM=tmux-256color;TMUX=/tmp/x,1,0;LC_TERMINAL=iTerm2", "")]
    [InlineData("TERM=xterm-kitty", "-Protocol None")]
    [InlineData("TERM=xterm-kitty;PSIMAGEGEN_GRAPHICS=none", "")]
    [InlineData("TERM=xterm-kitty;CI=true", "")]
    public async Task Where_it_is_not_certain_or_not_wished_there_is_a_link_alone(string environment, string more)
    {
        await using Workbench bench = await AtAsync(environment);

        PwshResult result = await bench.RunAsync(Picture + "$r | Show-AIImage " + more, Seen);

        Assert.Contains("\e]8;;file://", Assert.Single(result.Clean().Information), StringComparison.Ordinal);
        Assert.DoesNotMatch("\e_G|\eP|\e]1337", result.Output);
    }

    [PwshTheory(Needs = Needs.Terminal)]
    [InlineData("-Protocol Sixel", "\eP0;1;0q\"1;1;64;64")]
    [InlineData("-Protocol ITerm2", "\e]1337;File=inline=1;size=")]
    [InlineData("-Protocol Blocks -Width 8", "▀")]
    public async Task The_protocol_can_be_said(string more, string expected)
    {
        await using Workbench bench = await AtAsync("TERM=xterm-256color");

        PwshResult result = await bench.RunAsync(Picture + "Show-AIImage fox.png " + more, Seen);

        Assert.Contains(expected, result.Clean().Output, StringComparison.Ordinal);
    }

    [PwshFact]
    public async Task Redirected_output_gets_the_path_and_nothing_raw()
    {
        await using Workbench bench = await AtAsync("TERM=xterm-kitty");

        PwshResult result = await bench.RunAsync(Picture + "Show-AIImage fox.png -Protocol Kitty");

        Assert.Equal([Path.Combine(bench.Folder, "fox.png") + "  64x64"], result.Clean().Information);
        Assert.DoesNotContain('\e', result.Everything);
    }

    [PwshFact(Needs = Needs.Terminal)]
    public async Task A_variable_that_holds_no_protocol_is_named()
    {
        await using Workbench bench = await AtAsync("TERM=xterm-kitty;PSIMAGEGEN_GRAPHICS=crayon");

        PwshResult result = await bench.RunAsync(Picture + "Show-AIImage fox.png", Seen);

        Assert.Contains("PSIMAGEGEN_GRAPHICS", Assert.Single(result.Errors).ToString(), StringComparison.Ordinal);
    }

    private static async Task<Workbench> AtAsync(string environment)
    {
        Workbench bench = await Workbench.StartAsync();
        bench.Environment["NO_COLOR"] = bench.Environment["CI"] = null;
        foreach (string[] pair in environment.Split(';').Select(p => p.Split('=', 2)))
            bench.Environment[pair[0]] = pair[1];
        return bench;
    }
}
