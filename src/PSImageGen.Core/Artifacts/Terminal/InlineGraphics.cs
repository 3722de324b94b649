using System.Globalization;
using System.Text;

namespace PSImageGen.Core.Artifacts.Terminal;

/// <summary>
/// The protocols that take a file as it is (kitty's <c>graphics-protocol</c> page; iTerm2's "Images" page), the link for terminals that
/// take none (OSC 8), and the envelope that brings a sequence through tmux.
/// </summary>
internal static class InlineGraphics
{
    /// <summary>The most base64 characters in one piece for kitty.</summary>
    public const int KittyPiece = 4096;

    /// <summary>The longest sequence tmux lets through.</summary>
    public const int TmuxLimit = 1_000_000;

    /// <summary>A PNG for kitty, so many cells wide; its height follows. Without answers, which would be typed into the prompt.</summary>
    /// <returns>Sequences of at most 4096 characters of data, all of which are to be written.</returns>
    public static IEnumerable<string> Kitty(byte[] png, int columns)
    {
        string data = Convert.ToBase64String(png);
        for (int at = 0; at < data.Length; at += KittyPiece)
        {
            int length = Math.Min(KittyPiece, data.Length - at), more = at + length < data.Length ? 1 : 0;
            string first = at == 0 ? string.Create(CultureInfo.InvariantCulture, $"a=T,f=100,c={columns},") : string.Empty;
            yield return string.Create(CultureInfo.InvariantCulture, $"\e_G{first}q=2,m={more};{data.AsSpan(at, length)}\e\\");
        }
    }

    /// <summary>A file for iTerm2, so many cells wide. Without <c>inline</c> it would be downloaded instead of shown.</summary>
    public static string ITerm2(byte[] file, string name, int columns) => string.Create(CultureInfo.InvariantCulture,
        $"\e]1337;File=inline=1;size={file.Length};name={Convert.ToBase64String(Encoding.UTF8.GetBytes(name))};width={columns};preserveAspectRatio=1:{Convert.ToBase64String(file)}\a");

    /// <summary>A text that leads to a file where it is clicked.</summary>
    public static string Link(string path, string text) => $"\e]8;;{new Uri(path).AbsoluteUri}\e\\{text}\e]8;;\e\\";

    /// <summary>A sequence as tmux hands it on to the terminal around it (needs its option <c>allow-passthrough</c>).</summary>
    public static string ThroughTmux(string sequence) => $"\ePtmux;{sequence.Replace("\e", "\e\e", StringComparison.Ordinal)}\e\\";
}
