using System.Text.Json.Nodes;
using PSImageGen.Module.Tests.Harness;

namespace PSImageGen.Module.Tests.Typing;

/// <summary>What users type: the Pester files, each in a PowerShell and with vendors of its own.</summary>
public sealed class PesterTests
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(Repository.At("tests", "pester"), "*.Tests.ps1").Select(p => Path.GetFileName(p)!).Order(StringComparer.Ordinal)];

    [PwshTheory(Needs = Needs.Pester)]
    [MemberData(nameof(Files))]
    public async Task All_tests_of_a_file_pass(string file)
    {
        await using Workbench bench = await Workbench.StartAsync();
        bench.Environment["FILE"] = Repository.At("tests", "pester", file);

        PwshResult result = await bench.RunAsync("""
            Import-Module Pester -MinimumVersion 5.0 -MaximumVersion 5.99
            $configuration = New-PesterConfiguration
            $configuration.Run.Path = $env:FILE
            $configuration.Run.PassThru = $true
            $configuration.Output.Verbosity = 'None'
            $run = Invoke-Pester -Configuration $configuration
            [pscustomobject]@{
                Passed = $run.PassedCount
                Failed = @($run.Failed | ForEach-Object { "$($_.ExpandedPath): $($_.ErrorRecord -join ' ')" }) +
                    @($run.FailedBlocks + $run.FailedContainers | ForEach-Object { "$_ $($_.ErrorRecord -join ' ')" })
            }
            """, new PwshOptions { Import = false });

        JsonNode last = result.Last;
        string[] failed = [.. last["Failed"]!.AsArray().Select(f => (string)f!)];
        Assert.True(failed.Length == 0, $"{failed.Length} failed, {last["Passed"]} passed:\n" + string.Join("\n", failed));
        Assert.NotEqual(0, (int)last["Passed"]!);
        Assert.Empty(bench.Vendors.Violations);
    }
}
