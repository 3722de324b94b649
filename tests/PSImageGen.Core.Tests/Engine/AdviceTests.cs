using PSImageGen.Core.Engine;
using PSImageGen.Core.Tasks;
using PSImageGen.Core.Tests.Support;
using PSImageGen.FakeProviders.Faults;

namespace PSImageGen.Core.Tests.Engine;

/// <summary>What a user reads: what happened to the money, and a next step that works.</summary>
public sealed class AdviceTests
{
    [Theory]
    [InlineData("BFL", 400)]
    [InlineData("BFL", 402)]
    [InlineData("OpenAI", 401)]
    [InlineData("OpenAI", 404)]
    [InlineData("WellAPI", 429)]
    public async Task An_order_that_was_not_taken_is_said_to_cost_nothing(string vendor, int status)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.AddStatus(vendor, FaultStage.Submit, status);

        RunReport report = await spine.RunAsync(Order.From(vendor));

        Assert.EndsWith("It costs nothing.", new AIImageException(report.Error!).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BFL")]
    [InlineData("OpenAI")]
    [InlineData("WellAPI")]
    public async Task An_order_of_unknown_outcome_is_said_to_have_cost_perhaps_and_names_the_way_to_order_again(string vendor)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.AddStatus(vendor, FaultStage.Submit, 500);

        RunReport report = await spine.RunAsync(Order.From(vendor));

        Assert.EndsWith(". Money may have been spent.", new AIImageException(report.Error!).Message, StringComparison.Ordinal);
        Assert.Contains($"Resume-AIImageTask -RunId {report.Record.RunId} -Resubmit", report.Error!.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_failed_at_the_vendor_is_not_blamed_on_the_network()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "BFL", Stage = FaultStage.Poll, Kind = FaultKind.PollStatus, TaskStatus = "Error" });

        ImageError error = (await spine.RunAsync(Order.Bfl)).Error!;

        Assert.Contains(error.TaskId!, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("network", error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_without_a_picture_that_is_final_is_not_to_be_resubmitted()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "WellAPI", Stage = FaultStage.Submit, Kind = FaultKind.WrongBody, Body = "{}" });

        RunReport report = await spine.RunAsync(Order.From("WellAPI"));

        Assert.Equal(ImageTaskStatus.Failed, report.Record.Status);
        Assert.DoesNotContain("-Resubmit", report.Error!.Recommendation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Replicate", FaultKind.DropBeforeRead)]
    [InlineData("Fal", FaultKind.DropBeforeRead)]
    [InlineData("Fal", FaultKind.Truncate)]
    public async Task A_lost_order_is_looked_for_first_where_the_vendor_lists_its_jobs(string vendor, FaultKind kind)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(vendor, FaultStage.Submit, kind);

        RunReport lost = await spine.RunAsync(Order.From(vendor));

        Assert.Equal(ImageTaskStatus.Unknown, lost.Record.Status);
        Assert.EndsWith($"Resume-AIImageTask -RunId {lost.Record.RunId}", lost.Error!.Recommendation, StringComparison.Ordinal);
        RunReport looked = await spine.ResumeAsync(lost.RecordPath);
        if (kind == FaultKind.Truncate)
            Assert.Null(looked.Error);
        else
            Assert.EndsWith($"Resume-AIImageTask -RunId {lost.Record.RunId} -Resubmit", looked.Error!.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vendor_that_does_not_list_its_jobs_just_now_has_not_said_that_there_is_none()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add("Replicate", FaultStage.Submit, FaultKind.DropBeforeAnswer);
        RunReport lost = await spine.RunAsync(Order.From("Replicate"));
        spine.Vendors.Faults.AddStatus("Replicate", FaultStage.Query, 503);

        RunReport looked = await spine.ResumeAsync(lost.RecordPath);

        Assert.DoesNotContain("-Resubmit", looked.Error!.Recommendation, StringComparison.Ordinal);
        Assert.Contains(spine.Listener.Texts, t => t.Contains("did not list its jobs", StringComparison.Ordinal));
        Assert.Null((await spine.ResumeAsync(lost.RecordPath)).Error);
        Assert.Equal(1, spine.Vendors.Count("Replicate").Submits);
    }

    [Fact]
    public async Task A_job_that_cannot_be_cancelled_is_billed_and_can_be_fetched()
    {
        await using Spine spine = await Spine.StartAsync();
        RunReport report = await spine.RunAsync(Order.Bfl with { NoWait = true });

        AIImageException e = await Assert.ThrowsAsync<AIImageException>(() => spine.NewEngine().CancelAsync(report.RecordPath, spine.Listener, default));

        Assert.Equal((ImageErrorId.Unsupported, true), (e.Error.Id, e.Error.MayHaveBeenCharged));
        Assert.EndsWith($"Resume-AIImageTask -RunId {report.Record.RunId}", e.Error.Recommendation, StringComparison.Ordinal);
    }
}
