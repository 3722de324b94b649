using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.Module.Tests.Harness;

namespace PSImageGen.Module.Tests.Streams;

/// <summary>Results flow as they come, and a pipeline that wants no more stops the spending.</summary>
public sealed class FirstObjectTests
{
    [PwshFact]
    public async Task The_first_result_comes_while_others_are_still_waited_for()
    {
        await using Workbench bench = await Workbench.StartAsync();
        bench.Vendors.Faults.Add(new Fault { Vendor = "OpenAI", Stage = FaultStage.Submit, Kind = FaultKind.Hang, Times = -1, Match = "^row [^1]$" });

        // Were results held back, nobody would release the others.
        PwshResult result = await bench.RunAsync(Batch.Rows + """
            $rows | Select-Object -First 4 | New-AIImage -Provider OpenAI -Confirm:$false -TimeoutSec 120 | ForEach-Object {
                if (-not $released) {
                    $state = Invoke-RestMethod "$env:FAKE_ORIGIN/_control/state"
                    while ($state.hanging -lt 3) { Start-Sleep -Milliseconds 50; $state = Invoke-RestMethod "$env:FAKE_ORIGIN/_control/state" }
                    $null = Invoke-RestMethod -Method Post "$env:FAKE_ORIGIN/_control/release"
                    $released = $true
                }

                $_
            }
            """);

        Assert.Equal(4, result.Clean().Objects.Count);
        Assert.Equal("row 1", (string)result.Objects[0]!["Prompt"]!);
        Batch.CheckPictures(result.Objects);
    }

    [PwshFact]
    public async Task Select_first_ends_quietly_and_what_is_paid_for_at_a_synchronous_vendor_still_arrives()
    {
        await using Workbench bench = await Workbench.StartAsync();
        bench.Vendors.Faults.Add(new Fault { Vendor = "OpenAI", Stage = FaultStage.Submit, Kind = FaultKind.Hang, Times = -1, After = 1 });

        PwshResult result = await bench.RunAsync(Batch.Settle + Batch.Rows + """
            $first = @($rows | New-AIImage -Provider OpenAI -ThrottleLimit 4 -Confirm:$false | Select-Object -First 1)
            $null = Invoke-RestMethod -Method Post "$env:FAKE_ORIGIN/_control/release"
            @{ First = $first; Tasks = @(Wait-Settled) }
            """);

        JsonNode last = result.Clean().Last;
        Assert.Empty(result.Warnings);
        Assert.Single(last["First"]!.AsArray());
        int submits = bench.Vendors.Count("OpenAI").Submits;
        Assert.InRange(submits, 1, 4);
        JsonArray tasks = last["Tasks"]!.AsArray();
        Assert.Equal(submits, tasks.Count(t => Batch.StatusOf(t) == "Succeeded"));
        Assert.All(tasks, t => Assert.Contains(Batch.StatusOf(t), new[] { "Succeeded", "Canceled" }));
        Assert.Equal(submits, Directory.GetFiles(bench.Folder, "picture-*.png").Length);
    }

    [PwshFact]
    public async Task Select_first_leaves_runs_that_a_new_process_takes_up_for_nothing()
    {
        await using Workbench bench = await Workbench.StartAsync();
        bench.Vendors.Bfl.WorkSeconds = 0;
        bench.Vendors.Faults.Add(Batch.StayAtWork("^row ([^1]|1.)$"));

        PwshResult first = await bench.RunAsync(Batch.Rows + "$rows | New-AIImage -Provider BFL -ThrottleLimit 4 -Confirm:$false | Select-Object -First 1");
        Assert.Equal("row 1", (string)Assert.Single(first.Clean().Objects)!["Prompt"]!);
        int submits = bench.Vendors.Count("BFL").Submits;
        Assert.InRange(submits, 1, 4);

        bench.Vendors.Faults.Clear();
        PwshResult rest = await Batch.ResumeAsync(bench);

        Assert.Equal(submits - 1, rest.Clean().Objects.Count);
        Batch.CheckPictures(rest.Objects);
        Assert.Equal(submits, bench.Vendors.Count("BFL").Submits);
        Assert.Equal(submits, bench.Vendors.Count("BFL").BilledSubmits);
    }

    [PwshFact]
    public async Task Results_tell_their_place_in_the_input_and_share_a_batch()
    {
        await using Workbench bench = await Workbench.StartAsync();

        PwshResult result = await bench.RunAsync(Batch.Rows + "$rows | New-AIImage -Provider OpenAI -Confirm:$false; $rows[0] | New-AIImage -Provider OpenAI -Confirm:$false -Name other");

        JsonNode?[] batch = [.. result.Clean().Objects.Take(12)];
        Assert.All(batch, r => Assert.Equal($"row {(int)r!["Index"]! + 1}", (string)r["Prompt"]!));
        Assert.Equal(Enumerable.Range(0, 12), batch.Select(r => (int)r!["Index"]!).Order());
        Assert.Single(batch.Select(r => (string)r!["BatchId"]!).Distinct());
        Assert.NotEqual((string)batch[0]!["BatchId"]!, (string)result.Last["BatchId"]!);
        Assert.Equal(13, result.Objects.Select(r => (string)r!["RunId"]!).Distinct().Count());
    }

    [PwshFact]
    public async Task Two_pipelines_at_once_do_not_meet()
    {
        await using Workbench bench = await Workbench.StartAsync();
        bench.Environment["MODULE"] = Repository.Module;

        PwshResult result = await bench.RunAsync("""
            'left', 'right' | ForEach-Object -Parallel {
                Import-Module $env:MODULE
                $side = $_
                1..6 | ForEach-Object { "$side $_" } | New-AIImage -Provider OpenAI -Confirm:$false -OutputDirectory $side
            }
            """);

        Assert.Equal(12, result.Clean().Objects.Count);
        Batch.CheckPictures(result.Objects);
        Assert.All(result.Objects, r => Assert.Equal(((string)r!["Prompt"]!).Split(' ')[0], Path.GetFileName(Path.GetDirectoryName((string)r["Path"]!))));
        Assert.Equal(2, result.Objects.Select(r => (string)r!["BatchId"]!).Distinct().Count());
        Assert.Equal(12, bench.Vendors.Count("OpenAI").BilledSubmits);
    }
}
