namespace PSImageGen;

/// <summary>How a picture is shown in a terminal.</summary>
public enum TerminalProtocol
{
    /// <summary>As the terminal can, found out when it is first needed.</summary>
    Auto,
    /// <summary>The graphics protocol of kitty, Ghostty, Warp.</summary>
    Kitty,
    /// <summary>The inline images of iTerm2, WezTerm, mintty.</summary>
    ITerm2,
    /// <summary>Sixel: Windows Terminal, foot, Konsole, VS Code, xterm and others.</summary>
    Sixel,
    /// <summary>Coloured half blocks, which every terminal with 24-bit colour can show.</summary>
    Blocks,
    /// <summary>No picture: a link to the file.</summary>
    None,
}
