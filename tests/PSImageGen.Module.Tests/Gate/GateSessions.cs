using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using PSImageGen.FakeProviders;
using PSImageGen.Module.Tests.Harness;

namespace PSImageGen.Module.Tests.Gate;

/// <summary>What came of a row: as the script saw it, and as the vendor's books and the terminal tell it.</summary>
public sealed record GateReport(int Made, string? Error, int Orders, bool WasAsked);

/// <summary>Runs all rows of a host in one PowerShell, when the first of them is asked for.</summary>
public sealed class GateSessions : IAsyncLifetime
{
    private const string Question = "[?] Help (default is \"Y\"):";

    private readonly ConcurrentDictionary<string, Lazy<Task<IReadOnlyDictionary<string, GateReport>>>> _sessions = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Task.CompletedTask;

    public async Task<GateReport> ReportOfAsync(GateHost host, GateRow row)
    {
        IReadOnlyDictionary<string, GateReport> reports = await _sessions.GetOrAdd(host.Name, _ => new(() => RunAsync(host))).Value;
        return reports[row.Key];
    }

    private static async Task<IReadOnlyDictionary<string, GateReport>> RunAsync(GateHost host)
    {
        await using Workbench bench = await Workbench.StartAsync(new FakeVendorsOptions { WorkSeconds = 0 });
        GateRow[] rows = [.. GateRow.All(host.Name)];
        string path = bench.Write("rows.json", JsonSerializer.Serialize(rows.Select(r => new { r.Key, r.Provider, r.WhatIf, r.Force, r.Confirm, Size = r.IsFree ? "64x64" : "1024x1024" })));
        ConcurrentDictionary<string, bool> asked = new();

        // As a person would: reads the question, sees whose it is, and answers it once.
        string Answer(string soFar)
        {
            int row = soFar.LastIndexOf("<row ", StringComparison.Ordinal) + "<row ".Length;
            asked[soFar[row..soFar.IndexOf('>', row)]] = true;
            return host.Answer!;
        }

        string script = string.Create(CultureInfo.InvariantCulture, $"& '{Repository.Script("Gate", "Gate.ps1")}' '{path}' {host.Within} '{Repository.Module}'");
        PwshResult result = await bench.RunAsync(script, new PwshOptions
        {
            Import = false,
            Interactive = host.Interactive,
            Input = host.Input is null ? null : string.Concat(Enumerable.Repeat(host.Input, 2000)),
            OnTerminal = host.Answer is null ? null : Terminal.Person(Question, Answer),
        });

        Dictionary<string, int> orders = bench.Orders("OpenAI").Concat(bench.Orders("BFL")).CountBy(b => (string)b["prompt"]!).ToDictionary();
        return result.Clean().Objects.ToDictionary(
            o => (string)o!["Key"]!,
            o => new GateReport((int)o!["Made"]!, (string?)o["Error"], orders.GetValueOrDefault((string)o["Key"]!), asked.ContainsKey((string)o["Key"]!)));
    }
}
