using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.Module.Tests.Harness;

namespace PSImageGen.Module.Tests.Streams;

/// <summary>Whatever ends a process, nothing is paid for twice and nothing paid for is lost.</summary>
public sealed class StoppingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [PwshFact(Needs = Needs.Signals)]
    public async Task An_interrupt_stops_the_spending_and_leaves_runs_to_take_up()
    {
        await using Workbench bench = await Workbench.StartAsync();
        bench.Vendors.Bfl.WorkSeconds = 0;
        bench.Vendors.Faults.Add(Batch.StayAtWork());

        await using (PwshProcess process = bench.Start(Batch.Rows + "$rows | New-AIImage -Provider BFL -ThrottleLimit 4 -Confirm:$false"))
        {
            await bench.Vendors.WaitUntilAsync(v => v.Count("BFL").Polls >= 4 && v.Count("BFL").Submits == 4, Patience);
            await process.InterruptAsync();
            await process.EndAsync();
        }

        Assert.Equal(4, bench.Vendors.Count("BFL").Submits);
        bench.Vendors.Faults.Clear();
        PwshResult rest = await Batch.ResumeAsync(bench);

        Assert.Equal(4, rest.Clean().Objects.Count);
        Batch.CheckPictures(rest.Objects);
        Assert.Equal(4, bench.Vendors.Count("BFL").Submits);
    }

    [PwshFact(Needs = Needs.Signals)]
    public async Task An_interrupt_lets_answers_that_are_paid_for_come_in()
    {
        await using Workbench bench = await Workbench.StartAsync();
        bench.Vendors.Faults.Add(new Fault { Vendor = "OpenAI", Stage = FaultStage.Submit, Kind = FaultKind.Hang, Times = -1 });

        await using (PwshProcess process = bench.Start(Batch.Rows + "$rows | New-AIImage -Provider OpenAI -ThrottleLimit 4 -Confirm:$false"))
        {
            await bench.Vendors.WaitUntilAsync(v => v.Hanging == 4, Patience);
            await process.InterruptAsync();
            bench.Vendors.Release();
            await process.EndAsync();
        }

        Assert.Equal(4, bench.Vendors.Count("OpenAI").Submits);
        PwshResult list = await Batch.ListAsync(bench);
        Assert.Equal(4, list.Objects.Count(t => Batch.StatusOf(t) == "Succeeded"));
        Assert.All(list.Objects, t => Assert.Contains(Batch.StatusOf(t), new[] { "Succeeded", "Canceled" }));
        Assert.Equal(4, Directory.GetFiles(bench.Folder, "picture-*.png").Length);
    }

    [PwshTheory]
    [InlineData("Generating", "Running")]
    [InlineData("Pending", "Queued, Running")]
    public async Task A_process_killed_while_a_vendor_works_leaves_a_run_to_take_up(string word, string status)
    {
        await using Workbench bench = await Workbench.StartAsync();
        bench.Vendors.Bfl.WorkSeconds = 0;
        bench.Vendors.Faults.Add(Batch.StayAtWork(word: word));

        await using (PwshProcess process = bench.Start("New-AIImage 'a fox' -Provider BFL -Confirm:$false"))
        {
            await bench.Vendors.WaitUntilAsync(v => v.Count("BFL").Polls >= 2, Patience);
            await process.KillAsync();
        }

        bench.Vendors.Faults.Clear();
        PwshResult rest = await bench.RunAsync($"Get-AIImageTask -Status {status} | Resume-AIImageTask");

        JsonNode picture = Assert.Single(rest.Clean().Objects)!;
        Assert.Equal("a fox", (string)picture["Prompt"]!);
        Batch.CheckPictures([picture]);
        Assert.Equal(1, bench.Vendors.Count("BFL").Submits);
        Assert.Equal(1, bench.Vendors.Count("BFL").BilledSubmits);
    }

    [PwshFact]
    public async Task A_process_killed_before_the_answer_leaves_an_unknown_outcome_and_nothing_is_sent_again()
    {
        await using Workbench bench = await Workbench.StartAsync();
        bench.Vendors.Faults.Add("OpenAI", FaultStage.Submit, FaultKind.Hang);

        await using (PwshProcess process = bench.Start("New-AIImage 'a fox' -Provider OpenAI -Confirm:$false"))
        {
            await bench.Vendors.WaitUntilAsync(v => v.Hanging == 1, Patience);
            await process.KillAsync();
        }

        PwshResult list = await Batch.ListAsync(bench);
        Assert.Equal("Unknown", Batch.StatusOf(Assert.Single(list.Objects)));
        PwshResult rest = await bench.RunAsync("Get-AIImageTask | Resume-AIImageTask");

        PwshError error = Assert.Single(rest.Errors);
        Assert.Equal("OutcomeUnknown", error.Id);
        Assert.Contains("Money may have been spent", error.Message, StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(error.RecommendedAction));
        Assert.Empty(rest.Objects);
        Assert.Equal(1, bench.Vendors.Count("OpenAI").Submits);
    }

    [PwshFact]
    public async Task A_wait_that_is_too_long_ends_and_can_be_taken_up()
    {
        await using Workbench bench = await Workbench.StartAsync();
        bench.Vendors.Bfl.WorkSeconds = 0;
        bench.Vendors.Faults.Add(Batch.StayAtWork());

        PwshResult result = await bench.RunAsync("New-AIImage 'a fox' -Provider BFL -Confirm:$false -TimeoutSec 2; Get-AIImageTask");

        PwshError error = Assert.Single(result.Errors);
        Assert.Equal("TimedOut", error.Id);
        Assert.Equal("OperationTimeout", error.Category);
        Assert.Contains("Resume-AIImageTask", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal("PSImageGen.ImageTask", error.TargetType);
        Assert.Contains(Batch.StatusOf(Assert.Single(result.Objects)), new[] { "Queued", "Running" });

        bench.Vendors.Faults.Clear();
        PwshResult rest = await Batch.ResumeAsync(bench);
        Batch.CheckPictures([Assert.Single(rest.Clean().Objects)]);
        Assert.Equal(1, bench.Vendors.Count("BFL").Submits);
    }

    [PwshFact]
    public async Task A_wait_that_is_too_long_has_an_unknown_outcome_where_there_is_nothing_to_come_back_to()
    {
        await using Workbench bench = await Workbench.StartAsync();
        bench.Vendors.Faults.Add("OpenAI", FaultStage.Submit, FaultKind.Hang, times: -1);

        PwshResult result = await bench.RunAsync("New-AIImage 'a fox' -Provider OpenAI -Confirm:$false -TimeoutSec 2; Get-AIImageTask");

        Assert.Equal("OutcomeUnknown", Assert.Single(result.Errors).Id);
        Assert.Equal("Unknown", Batch.StatusOf(Assert.Single(result.Objects)));
        Assert.Equal(1, bench.Vendors.Count("OpenAI").Submits);
    }

    [PwshFact]
    public async Task Without_waiting_the_task_comes_at_once_and_is_fetched_later()
    {
        await using Workbench bench = await Workbench.StartAsync();
        bench.Vendors.Bfl.WorkSeconds = 0;

        PwshResult result = await bench.RunAsync("""
            $task = New-AIImage 'a fox' -Provider BFL -Confirm:$false -NoWait
            $task
            New-AIImage 'a fox' -Provider OpenAI -NoWait -ErrorAction Continue
            @{ Type = $task.GetType().FullName }
            """);

        Assert.Equal("Unsupported", Assert.Single(result.Errors).Id);
        Assert.Equal("PSImageGen.ImageTask", (string)result.Last["Type"]!);
        JsonNode task = result.Objects[0]!;
        Assert.NotNull((string?)task["TaskId"]);
        Assert.Equal(0, bench.Vendors.Count("BFL").Polls);
        Assert.Equal(0, bench.Vendors.Count("OpenAI").Submits);

        PwshResult rest = await bench.RunAsync($"Resume-AIImageTask -TaskId {(string)task["TaskId"]!}");
        Batch.CheckPictures([Assert.Single(rest.Clean().Objects)]);
        Assert.Equal(1, bench.Vendors.Count("BFL").Submits);
    }
}
