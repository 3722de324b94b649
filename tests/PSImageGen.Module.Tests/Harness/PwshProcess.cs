using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace PSImageGen.Module.Tests.Harness;

/// <summary>A PowerShell that runs a script on its own, to be waited for, interrupted or killed.</summary>
internal sealed class PwshProcess : IAsyncDisposable
{
    /// <summary>Generous: only a run that hangs comes here.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly Process _process;
    private readonly string _resultPath;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly Task _reading;

    public PwshProcess(ProcessStartInfo start, string resultPath, string? input, Action<PwshProcess, string>? onOutput)
    {
        _resultPath = resultPath;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.StandardInputEncoding = start.StandardOutputEncoding = start.StandardErrorEncoding = new UTF8Encoding(false);
        _process = Process.Start(start)!;
        _reading = Task.WhenAll(
            ReadAsync(_process.StandardOutput, _output, text => onOutput?.Invoke(this, text)),
            ReadAsync(_process.StandardError, _errors, _ => { }));
        if (onOutput is not null)
            return;
        if (!string.IsNullOrEmpty(input))
            _process.StandardInput.Write(input);
        _process.StandardInput.Close();
    }

    /// <summary>Types into its terminal.</summary>
    public void Type(string text)
    {
        _process.StandardInput.Write(text);
        _process.StandardInput.Flush();
    }

    /// <summary>What Ctrl+C does.</summary>
    public async Task InterruptAsync()
    {
        using Process kill = Process.Start("kill", ["-INT", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Ends it without a chance to say anything.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Waits for its end and reads what it wrote.</summary>
    public async Task<PwshResult> EndAsync()
    {
        using CancellationTokenSource patience = new(Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
            await _reading.WaitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"PowerShell did not end. It wrote: {Text(_output)}{Text(_errors)}");
        }

        return PwshResult.Read(_resultPath, Text(_output), Text(_errors), _process.ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static async Task ReadAsync(StreamReader reader, StringBuilder all, Action<string> onText)
    {
        char[] buffer = new char[4096];
        for (int read; (read = await reader.ReadAsync(buffer)) > 0;)
        {
            string so;
            lock (all)
                so = all.Append(buffer, 0, read).ToString();
            onText(so);
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }
}
