using PSImageGen.Core.Engine;
using PSImageGen.Core.Tasks;
using PSImageGen.Core.Tests.Support;
using PSImageGen.FakeProviders.Faults;

namespace PSImageGen.Core.Tests.Engine;

/// <summary>From an accepted order to the pictures: questions and downloads may fail and be repeated, the order is paid once.</summary>
public class FollowTests
{
    [Theory]
    [InlineData(408)]
    [InlineData(409)]
    [InlineData(425)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task Questions_that_fail_say_nothing_about_the_job(int status)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.AddStatus("BFL", FaultStage.Poll, status, times: 7);

        await AssertDeliveredAsync(spine);

        Assert.Equal(8, spine.Bfl.Polls);
    }

    [Theory]
    [InlineData(FaultKind.DropBeforeRead)]
    [InlineData(FaultKind.DropBeforeAnswer)]
    [InlineData(FaultKind.DropMidAnswer)]
    [InlineData(FaultKind.Truncate)]
    [InlineData(FaultKind.WrongContent)]
    public async Task Answers_to_questions_that_arrive_broken_are_asked_for_again(FaultKind kind)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add("BFL", FaultStage.Poll, kind, times: 3);

        await AssertDeliveredAsync(spine);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("5")]
    [InlineData("{\"status\":7}")]
    [InlineData("{\"status\":null}")]
    public async Task Answers_to_questions_in_a_form_nobody_knows_are_no_end(string body)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "BFL", Stage = FaultStage.Poll, Kind = FaultKind.WrongBody, Body = body, Times = 2 });

        await AssertDeliveredAsync(spine);
    }

    [Fact]
    public async Task A_fresh_task_that_is_not_found_at_first_is_asked_for_again()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.AddStatus("BFL", FaultStage.Poll, 404, times: 3);
        spine.Vendors.Faults.Add(new Fault { Vendor = "BFL", Stage = FaultStage.Poll, Kind = FaultKind.PollStatus, TaskStatus = "Task not found", Times = 2, After = 3 });

        await AssertDeliveredAsync(spine);
    }

    [Theory]
    [InlineData(404, null)]
    [InlineData(200, """{"id":"x","status":"Task not found","result":null}""")]
    public async Task A_task_the_vendor_says_it_does_not_know_may_have_cost_and_is_kept_for_another_question(int status, string? body)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "BFL", Stage = FaultStage.Poll, Kind = FaultKind.Status, Status = status, Body = body, Times = -1 });

        RunReport report = await spine.RunAsync(Order.Bfl);

        Assert.Equal(ImageErrorId.NotFound, report.Error!.Id);
        Assert.True(report.Error.MayHaveBeenCharged);
        Assert.Equal(report.Record.TaskId, report.Error.TaskId);
        Assert.Contains($"Resume-AIImageTask -RunId {report.Record.RunId}", report.Error.Recommendation, StringComparison.Ordinal);

        // As a vendor answers to the key of another account.
        spine.Vendors.Faults.Clear();
        Assert.Null((await spine.ResumeAsync(report.RecordPath)).Error);
        Assert.Equal(1, spine.Bfl.BilledSubmits);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(400)]
    public async Task A_question_refused_for_good_keeps_the_job_for_later(int status)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.AddStatus("BFL", FaultStage.Poll, status);

        RunReport report = await spine.RunAsync(Order.Bfl);

        Assert.NotNull(report.Error);
        Assert.True(report.Error.MayHaveBeenCharged);
        Assert.Contains("Resume-AIImageTask", report.Error.Recommendation, StringComparison.Ordinal);
        Assert.True(report.Record.Status is ImageTaskStatus.Queued or ImageTaskStatus.Running);

        RunReport resumed = await spine.ResumeAsync(report.RecordPath);
        Assert.Null(resumed.Error);
        Assert.Equal(1, resumed.Record.Delivered);
        Assert.Equal(1, spine.Bfl.BilledSubmits);
    }

    [Theory]
    [InlineData("Pending")]
    [InlineData("Reasoning")]
    [InlineData("Generating")]
    [InlineData("Warming up the brushes")]
    [InlineData("完了待ち")]
    public async Task A_word_nobody_knows_is_no_end(string word)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "BFL", Stage = FaultStage.Poll, Kind = FaultKind.PollStatus, TaskStatus = word, Times = 3 });

        await AssertDeliveredAsync(spine);

        Assert.Contains(spine.Listener.Steps, s => s.Word == word);
    }

    [Theory]
    [InlineData("Request Moderated", ImageErrorId.ContentRefused)]
    [InlineData("Content Moderated", ImageErrorId.ContentRefused)]
    [InlineData("Error", ImageErrorId.ProviderUnavailable)]
    [InlineData("Failed", ImageErrorId.ProviderUnavailable)]
    public async Task A_task_that_ends_badly_fails_the_run_and_may_have_cost(string word, ImageErrorId id)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "BFL", Stage = FaultStage.Poll, Kind = FaultKind.PollStatus, TaskStatus = word });

        RunReport report = await spine.RunAsync(Order.Bfl);

        Assert.Equal(id, report.Error!.Id);
        Assert.True(report.Error.MayHaveBeenCharged);
        Assert.Equal(word.EndsWith("Moderated", StringComparison.Ordinal) ? "Violence" : "Generation failed", report.Error.VendorMessage);
        Assert.Equal(ImageTaskStatus.Failed, report.Record.Status);
        Assert.Equal(1, spine.Bfl.Submits);
        Assert.Empty(spine.Index.Paths());
    }

    [Fact]
    public async Task A_redirect_of_a_question_to_another_origin_is_not_followed()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add("BFL", FaultStage.Poll, FaultKind.Redirect);

        RunReport report = await spine.RunAsync(Order.Bfl);

        Assert.NotNull(report.Error);
        Assert.DoesNotContain(spine.Vendors.Requests, r => r.Vendor is null);
        Assert.Empty(spine.Vendors.Violations);
        Assert.True((await spine.ResumeAsync(report.RecordPath)).HasImages);
    }

    [Fact]
    public async Task The_key_does_not_follow_a_link_to_another_origin()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add("BFL", FaultStage.Submit, FaultKind.ForeignLink);
        spine.Vendors.Faults.Add("BFL", FaultStage.Poll, FaultKind.ForeignLink);

        await AssertDeliveredAsync(spine);

        Assert.Contains(spine.Vendors.Requests, r => r is { Stage: FaultStage.Poll, KeyPresent: false });
        Assert.All(spine.Vendors.Requests.Where(r => r.Stage == FaultStage.Download), r => Assert.False(r.KeyPresent));
    }

    [Theory]
    [InlineData(FaultKind.Status, 500)]
    [InlineData(FaultKind.Status, 503)]
    [InlineData(FaultKind.Status, 429)]
    [InlineData(FaultKind.Status, 408)]
    [InlineData(FaultKind.DropBeforeRead, 0)]
    [InlineData(FaultKind.DropBeforeAnswer, 0)]
    [InlineData(FaultKind.DropMidAnswer, 0)]
    [InlineData(FaultKind.Truncate, 0)]
    [InlineData(FaultKind.WrongContent, 0)]
    public async Task A_download_that_fails_is_repeated(FaultKind kind, int status)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "BFL", Stage = FaultStage.Download, Kind = kind, Status = status, Times = 2 });

        await AssertDeliveredAsync(spine);

        Assert.Equal(3, spine.Bfl.Downloads);
    }

    [Theory]
    [InlineData(FaultKind.Status)]
    [InlineData(FaultKind.DropMidAnswer)]
    [InlineData(FaultKind.WrongContent)]
    public async Task A_download_that_keeps_failing_is_kept_on_record_and_can_be_taken_up(FaultKind kind)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "BFL", Stage = FaultStage.Download, Kind = kind, Status = 500, Times = -1 });

        RunReport report = await spine.RunAsync(Order.Bfl);

        Assert.True(report.Error!.Id is ImageErrorId.ProviderUnavailable or ImageErrorId.InvalidResponse);
        Assert.True(report.Error.MayHaveBeenCharged);
        Assert.Equal(ImageTaskStatus.Downloading, report.Record.Status);
        Assert.Empty(spine.Pictures());
        Assert.Single(spine.Index.Paths());

        spine.Vendors.Faults.Clear();
        RunReport resumed = await spine.ResumeAsync(report.RecordPath);
        Assert.Null(resumed.Error);
        Assert.Null(resumed.Record.Error);
        Assert.Single(spine.Pictures());
        Assert.Equal(1, spine.Bfl.BilledSubmits);
        Assert.Empty(spine.Index.Paths());
    }

    [Fact]
    public async Task A_link_that_has_died_says_so_and_the_job_is_kept()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add("BFL", FaultStage.Download, FaultKind.Expired);

        RunReport report = await spine.RunAsync(Order.Bfl);

        Assert.Equal(ImageErrorId.LinkExpired, report.Error!.Id);
        Assert.True(report.Error.MayHaveBeenCharged);
        Assert.Equal(ImageTaskStatus.Downloading, report.Record.Status);
        Assert.True(spine.Bfl.Polls > 1, "A fresh link is asked for once.");
        Assert.Equal(1, spine.Bfl.BilledSubmits);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(410)]
    public async Task A_dead_link_for_which_the_vendor_gives_a_fresh_one_delivers(int status)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.AddStatus("BFL", FaultStage.Download, status);

        await AssertDeliveredAsync(spine);
    }

    [Fact]
    public async Task A_download_is_redirected_a_few_times_without_the_key()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "BFL", Stage = FaultStage.Download, Kind = FaultKind.Redirect, Location = spine.Vendors.ElsewhereUrl + "/a.png" });

        RunReport report = await spine.RunAsync(Order.Bfl);

        Assert.Null(report.Error);
        Assert.EndsWith(".png", Assert.Single(spine.Pictures()), StringComparison.Ordinal);
        Assert.Empty(spine.Vendors.Violations);
    }

    [Fact]
    public async Task A_download_that_is_redirected_for_ever_ends()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "BFL", Stage = FaultStage.Download, Kind = FaultKind.Redirect, Location = spine.Vendors.ElsewhereUrl + "/loop" });

        RunReport report = await spine.RunAsync(Order.Bfl);

        Assert.NotNull(report.Error);
        Assert.Equal(ImageTaskStatus.Downloading, report.Record.Status);
        Assert.InRange(spine.Vendors.Requests.Count(r => r.Vendor is null), 1, 10);
    }

    [Fact]
    public async Task A_wait_that_ends_while_the_vendor_works_can_be_taken_up_later()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Bfl.PollsUntilReady = int.MaxValue;

        Task<RunReport> run = spine.RunAsync(Order.Bfl);
        await spine.Vendors.WaitUntilAsync(v => v.Count("BFL").Polls > 1, TimeSpan.FromSeconds(60));
        spine.Clock.Jump(TimeSpan.FromDays(1));
        RunReport report = await run;

        Assert.Equal(ImageErrorId.TimedOut, report.Error!.Id);
        Assert.True(report.Error.MayHaveBeenCharged);
        Assert.Contains("goes on", report.Error.Message, StringComparison.Ordinal);
        Assert.Contains($"Resume-AIImageTask -RunId {report.Record.RunId}", report.Error.Recommendation, StringComparison.Ordinal);
        Assert.Equal(ImageTaskStatus.Running, report.Record.Status);

        RunReport again = await spine.ResumeAsync(report.RecordPath, TimeSpan.FromSeconds(10));
        Assert.Equal(ImageErrorId.TimedOut, again.Error!.Id);

        spine.Vendors.Bfl.PollsUntilReady = 1;
        RunReport resumed = await spine.ResumeAsync(report.RecordPath);
        Assert.Null(resumed.Error);
        Assert.Equal(1, resumed.Record.Delivered);
        Assert.Equal(1, spine.Bfl.BilledSubmits);
    }

    [Fact]
    public async Task Of_a_run_whose_wait_ends_early_what_was_never_sent_costs_nothing_and_what_was_is_kept()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Bfl.PollsUntilReady = int.MaxValue;

        Task<RunReport> run = spine.RunAsync(spine.NewEngine(throttle: 1), Order.Bfl with { Count = 2 });
        await spine.Vendors.WaitUntilAsync(v => v.Count("BFL").Polls > 1, TimeSpan.FromSeconds(60));
        spine.Clock.Jump(TimeSpan.FromDays(1));
        RunReport report = await run;

        Assert.Equal(ImageErrorId.TimedOut, report.Error!.Id);
        Assert.True(report.Error.MayHaveBeenCharged);
        Assert.Equal([ImageTaskStatus.Running, ImageTaskStatus.Canceled], report.Record.Tasks.Select(t => t.Status).OrderBy(s => s));
        Assert.Equal(1, spine.Bfl.Submits);
    }

    [Fact]
    public async Task Who_does_not_wait_gets_the_task_id_right_after_the_order()
    {
        await using Spine spine = await Spine.StartAsync();

        RunReport report = await spine.RunAsync(Order.Bfl with { NoWait = true });

        Assert.Null(report.Error);
        Assert.False(report.HasImages);
        Assert.Equal(ImageTaskStatus.Queued, report.Record.Status);
        Assert.NotNull(report.ToTask().TaskId);
        Assert.Equal(0, spine.Bfl.Polls);

        RunReport asked = await spine.NewEngine().AskAsync(report.RecordPath, spine.Listener, default);
        Assert.Equal(ImageTaskStatus.Downloading, asked.Record.Status);
        Assert.Equal(0, spine.Bfl.Downloads);

        RunReport resumed = await spine.ResumeAsync(report.RecordPath);
        Assert.Equal(1, resumed.Record.Delivered);
        Assert.Equal(1, spine.Bfl.BilledSubmits);
    }

    [Fact]
    public async Task A_task_of_another_tool_is_adopted_by_its_id()
    {
        await using Spine spine = await Spine.StartAsync();
        RunReport other = await spine.RunAsync(Order.Bfl with { NoWait = true });
        // Jobs live on their cluster: its address is the base URL here, as a regional host would be.
        spine.Variables["BFL_BASE_URL"] = spine.Vendors.Bfl.BaseUrl + "/cluster-eu1";

        Order order = Order.Bfl with { Name = "adopted" };
        RunReport report = await spine.NewEngine().AdoptAsync("bfl", other.Record.TaskId!, spine.Options(order), spine.Listener, default);

        Assert.Null(report.Error);
        Assert.Equal(other.Record.TaskId, report.Record.TaskId);
        Assert.Equal("adopted.jpg", Path.GetFileName(Assert.Single(spine.Pictures())));
        Assert.Equal(1, spine.Bfl.Submits);
    }

    [Fact]
    public async Task An_id_that_the_vendor_does_not_know_is_not_found_and_leaves_no_record()
    {
        await using Spine spine = await Spine.StartAsync();

        AIImageException e = await Assert.ThrowsAsync<AIImageException>(() => spine.NewEngine().AdoptAsync("BFL", "no-such-task", spine.Options(Order.Bfl), spine.Listener, default));

        Assert.Equal(ImageErrorId.NotFound, e.Error.Id);
        Assert.False(e.Error.MayHaveBeenCharged);
        Assert.Empty(Ledger.PathsIn(spine.Folder));
        Assert.Equal(0, spine.Bfl.Submits);
    }

    [Fact]
    public async Task A_task_of_another_tool_is_adopted_by_the_vendors_link_to_it()
    {
        await using Spine spine = await Spine.StartAsync();
        RunReport other = await spine.RunAsync(Order.Bfl with { NoWait = true });
        string link = other.Record.Tasks[0].Handle!.StatusUrl!;

        RunReport report = await spine.NewEngine().AdoptAsync("BFL", link, spine.Options(Order.Bfl), spine.Listener, default);

        Assert.Null(report.Error);
        Assert.Equal(other.Record.TaskId, report.Record.TaskId);
        Assert.Single(spine.Pictures());
    }

    [Fact]
    public async Task A_vendor_without_ids_has_nothing_to_adopt()
    {
        await using Spine spine = await Spine.StartAsync();

        AIImageException e = await Assert.ThrowsAsync<AIImageException>(() => spine.NewEngine().AdoptAsync("OpenAI", "x", spine.Options(Order.OpenAI), spine.Listener, default));

        Assert.Equal(ImageErrorId.Unsupported, e.Error.Id);
        Assert.Empty(spine.Vendors.Requests);
    }

    private static async Task AssertDeliveredAsync(Spine spine)
    {
        RunReport report = await spine.RunAsync(Order.Bfl);

        Assert.Null(report.Error);
        Assert.Equal(ImageTaskStatus.Succeeded, report.Record.Status);
        Assert.Equal(1, report.Record.Delivered);
        Assert.Single(spine.Pictures());
        Assert.Equal((1, 1), (spine.Bfl.Submits, spine.Bfl.BilledSubmits));
        Assert.Empty(spine.Vendors.Violations);
    }
}
