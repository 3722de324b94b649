using System.Text.Json.Nodes;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Tests.Support;

namespace PSImageGen.Core.Tests.Engine;

/// <summary>A job whose id did not reach the record is looked up in the vendor's list: the run's own one, and nobody else's.</summary>
public class LookUpTests
{
    [Theory]
    [InlineData("Fal")]
    [InlineData("Replicate")]
    [InlineData("SkillsVideo")]
    public async Task A_job_is_found_whose_id_was_noted_but_not_yet_on_the_record_when_the_process_died(string vendor)
    {
        await using Spine spine = await Spine.StartAsync();
        // SkillsVideo lists what is under way, so that it must still be when it is looked for.
        spine.Vendors.All.Single(v => v.Name == vendor).WorkSeconds = vendor == "SkillsVideo" ? 5 : 0.5;
        Order order = Order.From(vendor) with { NoWait = true };
        RunReport report = await spine.RunAsync(order);
        await ForgetIdAsync(spine, order);

        RunReport resumed = await spine.ResumeAsync(report.RecordPath);

        Assert.Null(resumed.Error);
        Assert.Equal((1, report.Record.TaskId), (resumed.Record.Delivered, resumed.Record.TaskId));
        Assert.Equal(1, spine.Vendors.Count(vendor).BilledSubmits);
    }

    [Theory]
    [InlineData("Fal")]
    [InlineData("Replicate")]
    public async Task The_job_of_another_run_is_not_taken_for_a_lost_one(string vendor)
    {
        await using Spine spine = await Spine.StartAsync();
        RunReport other = await spine.RunAsync(Order.From(vendor));
        Order order = Order.From(vendor) with { NoWait = true };
        RunReport report = await spine.RunAsync(order);
        await ForgetIdAsync(spine, order);

        RunReport resumed = await spine.ResumeAsync(report.RecordPath);

        Assert.Equal(report.Record.TaskId, resumed.Record.TaskId);
        Assert.NotEqual(other.Record.TaskId, resumed.Record.TaskId);
    }

    // What a process leaves that dies while the record with the id waits to be renamed.
    private static Task ForgetIdAsync(Spine spine, Order order)
    {
        JsonNode record = spine.OnDisk(order);
        JsonNode task = record["tasks"]![0]!;
        (record["status"], task["status"], task["handle"], record["task_id"]) = ("Submitting", "Submitting", null, null);
        return File.WriteAllTextAsync(spine.PathOf(order), record.ToJsonString());
    }
}
