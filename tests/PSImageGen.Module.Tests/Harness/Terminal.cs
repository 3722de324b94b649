using System.ComponentModel;
using System.Diagnostics;

namespace PSImageGen.Module.Tests.Harness;

/// <summary>A pseudo terminal around a command, made by the script tool of util-linux.</summary>
internal static class Terminal
{
    private static readonly Lazy<string?> Look = new(() =>
    {
        const string Reason = "No pseudo terminal can be made: the 'script' tool of util-linux is missing.";
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("script", ["--version"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            string text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return text.Contains("util-linux", StringComparison.Ordinal) ? null : Reason;
        }
        catch (Win32Exception)
        {
            return Reason;
        }
    });

    /// <summary>Why there can be none; null when there can.</summary>
    public static string? Missing => Look.Value;

    /// <summary>The command that runs another one in a terminal wide enough never to break a line.</summary>
    public static (string File, string[] Arguments) Around(string file, IEnumerable<string> arguments) =>
        ("script", ["-qec", "stty cols 1000 rows 50; exec " + string.Join(' ', arguments.Prepend(file).Select(Quote)), "/dev/null"]);

    /// <summary>Somebody at the terminal, who answers a question whenever it appears.</summary>
    /// <param name="question">The end of the question.</param>
    /// <param name="answer">Makes the answer out of all that was shown up to the question.</param>
    public static Action<PwshProcess, string> Person(string question, Func<string, string> answer)
    {
        // .NET asks the terminal where the cursor is before it reads a line, and waits for the reply.
        const string WhereIsTheCursor = "\e[6n";
        (int cursor, int read) = (0, 0);
        return (process, output) =>
        {
            for (int at; (at = output.IndexOf(WhereIsTheCursor, cursor, StringComparison.Ordinal)) >= 0; cursor = at + WhereIsTheCursor.Length)
                process.Type("\e[1;1R");
            for (int at; (at = output.IndexOf(question, read, StringComparison.Ordinal)) >= 0; read = at + question.Length)
                process.Type(answer(output[..at]) + "\r");
        };
    }

    /// <summary>Somebody at the terminal, who waits for one text after the other and types what belongs to it.</summary>
    public static Action<PwshProcess, string> Conversation(params (string Heard, string Answer)[] turns)
    {
        const string WhereIsTheCursor = "\e[6n";
        (int cursor, int read, int turn) = (0, 0, 0);
        return (process, output) =>
        {
            for (int at; (at = output.IndexOf(WhereIsTheCursor, cursor, StringComparison.Ordinal)) >= 0; cursor = at + WhereIsTheCursor.Length)
                process.Type("\e[1;1R");
            for (int at; turn < turns.Length && (at = output.IndexOf(turns[turn].Heard, read, StringComparison.Ordinal)) >= 0; turn++)
            {
                read = at + turns[turn].Heard.Length;
                process.Type(turns[turn].Answer + "\r");
            }
        };
    }

    private static string Quote(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
