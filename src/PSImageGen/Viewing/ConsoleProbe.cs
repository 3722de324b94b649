using System.Text;
using PSImageGen.Core.Artifacts.Terminal;

namespace PSImageGen.Viewing;

/// <summary>
/// Asks the terminal this process runs in: once, with a deadline, and only where nothing was typed ahead. What is not read would be
/// typed into the prompt.
/// </summary>
internal sealed class ConsoleProbe : ITerminalProbe
{
    private static readonly TimeSpan Near = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Far = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public string? Ask(string query)
    {
        if (Console.IsInputRedirected || Console.IsOutputRedirected || Console.KeyAvailable)
            return null;
        long end = Environment.TickCount64 + (long)(Environment.GetEnvironmentVariable("SSH_CONNECTION") is null ? Near : Far).TotalMilliseconds;
        StringBuilder answer = new();
        Console.Write(query);
        while (Environment.TickCount64 < end)
        {
            if (!Console.KeyAvailable)
            {
                Thread.Sleep(5);
                continue;
            }

            char read = Console.ReadKey(intercept: true).KeyChar;
            answer.Append(read);
            // Attributes end with a c, and no other answer holds one.
            if (read == 'c')
                return answer.ToString();
        }

        return null;
    }
}
