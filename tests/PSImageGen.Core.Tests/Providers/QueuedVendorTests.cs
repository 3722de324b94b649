using PSImageGen.Core.Engine;
using PSImageGen.Core.Tests.Support;
using PSImageGen.FakeProviders;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.FakeProviders.Images;

namespace PSImageGen.Core.Tests.Providers;

/// <summary>Replicate and Fal from order to picture: whatever goes wrong, what is paid for is paid once and not lost, and the key stays at home.</summary>
public class QueuedVendorTests
{
    private static readonly string[] Names = ["Replicate", "Fal"];

    public static TheoryData<string> Vendors => [.. Names];

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task A_picture_arrives(string vendor)
    {
        await using Spine spine = await Spine.StartAsync();

        RunReport report = await DeliveredAsync(spine, OrderOf(vendor));

        Assert.Equal(256, report.Record.Images.Single().Width);
        Assert.NotNull(report.Record.TaskId);
        Assert.DoesNotContain(spine.Vendors.All.Single(v => v.Name == vendor).Key, spine.EverythingWritten(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Replicate", "black-forest-labs/flux-schnell")]
    [InlineData("Fal", "fal-ai/flux/schnell")]
    public async Task Several_pictures_of_one_order_are_one_task(string vendor, string model)
    {
        await using Spine spine = await Spine.StartAsync();

        RunReport report = await spine.RunAsync(OrderOf(vendor) with { Model = model, Count = 3, Size = vendor == "Fal" ? "256x256" : null });

        Assert.Null(report.Error);
        Assert.Equal(3, report.Record.Delivered);
        Assert.Equal((1, 3), (spine.Vendors.Count(vendor).BilledSubmits, spine.Vendors.Count(vendor).BilledImages));
        Assert.Empty(spine.Vendors.Violations);
    }

    [Fact]
    public async Task A_deleted_output_is_said_to_be_gone()
    {
        await using Spine spine = await Spine.StartAsync();
        RunReport report = await spine.RunAsync(OrderOf("Replicate") with { NoWait = true });
        spine.Vendors.Set("replicateRetentionSeconds", 0);

        RunReport resumed = await spine.ResumeAsync(report.RecordPath);

        Assert.Equal((ImageErrorId.LinkExpired, true), (resumed.Error!.Id, resumed.Error.MayHaveBeenCharged));
        Assert.Equal(1, spine.Vendors.Count("Replicate").Submits);
    }

    [Theory]
    [InlineData("Replicate", "black-forest-labs/flux-2-pro", 40, 0)]
    [InlineData("Replicate", "black-forest-labs/flux-2-pro", 400, 2)]
    [InlineData("Fal", "fal-ai/flux-2-pro", 40, 0)]
    [InlineData("Fal", "fal-ai/flux-2-pro", 400, 2)]
    public async Task References_travel_inside_or_are_uploaded_first(string vendor, string model, int side, int uploads)
    {
        await using Spine spine = await Spine.StartAsync();

        await DeliveredAsync(spine, OrderOf(vendor) with { Model = model, Size = "512x512", References = Noise(spine, side, side) });

        Assert.True(uploads == 0 ? spine.Vendors.Count(vendor).Uploads == 0 : spine.Vendors.Count(vendor).Uploads >= uploads);
    }

    [Theory]
    [InlineData("Replicate", FaultKind.DropBeforeAnswer)]
    [InlineData("Replicate", FaultKind.Truncate)]
    [InlineData("Fal", FaultKind.DropBeforeRead)]
    [InlineData("Fal", FaultKind.DropMidAnswer)]
    public async Task An_upload_that_breaks_is_sent_again_or_said_before_anything_is_paid(string vendor, FaultKind kind)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(vendor, FaultStage.Upload, kind);

        RunReport report = await spine.RunAsync(WithReference(spine, vendor));

        Assert.True(report.Error is null ? report.Record.Delivered == 1 : spine.Vendors.Count(vendor).Submits == 0);
        Assert.True(spine.Vendors.Count(vendor).BilledSubmits <= 1);
        Assert.Empty(spine.Vendors.Violations);
    }

    [Theory]
    [InlineData("Replicate", 503)]
    [InlineData("Fal", 429)]
    public async Task An_upload_that_is_turned_away_for_now_is_sent_again(string vendor, int status)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.AddStatus(vendor, FaultStage.Upload, status, times: 2);

        await DeliveredAsync(spine, WithReference(spine, vendor));
    }

    [Theory]
    [InlineData("Replicate", 401, ImageErrorId.AuthenticationFailed)]
    [InlineData("Replicate", 413, ImageErrorId.InvalidRequest)]
    [InlineData("Fal", 401, ImageErrorId.AuthenticationFailed)]
    public async Task An_upload_refused_for_good_ends_the_run_before_it_costs(string vendor, int status, ImageErrorId id)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.AddStatus(vendor, FaultStage.Upload, status);

        RunReport report = await spine.RunAsync(WithReference(spine, vendor));

        Assert.Equal((id, false), (report.Error!.Id, report.Error.MayHaveBeenCharged));
        Assert.Equal(0, spine.Vendors.Count(vendor).Submits);
    }

    [Theory]
    [InlineData("Replicate", 401, ImageErrorId.AuthenticationFailed)]
    [InlineData("Replicate", 402, ImageErrorId.InsufficientCredits)]
    [InlineData("Replicate", 404, ImageErrorId.NotFound)]
    [InlineData("Replicate", 422, ImageErrorId.InvalidRequest)]
    [InlineData("Fal", 401, ImageErrorId.AuthenticationFailed)]
    [InlineData("Fal", 402, ImageErrorId.InsufficientCredits)]
    [InlineData("Fal", 404, ImageErrorId.NotFound)]
    [InlineData("Fal", 422, ImageErrorId.InvalidRequest)]
    public async Task A_refused_order_costs_nothing_and_is_not_repeated(string vendor, int status, ImageErrorId id)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.AddStatus(vendor, FaultStage.Submit, status);

        RunReport report = await spine.RunAsync(OrderOf(vendor));

        Assert.Equal((id, false), (report.Error!.Id, report.Error.MayHaveBeenCharged));
        Assert.Equal((1, 0), (spine.Vendors.Count(vendor).Submits, spine.Vendors.Count(vendor).BilledSubmits));
    }

    [Fact]
    public async Task A_locked_account_has_no_money()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault
        {
            Vendor = "Fal",
            Stage = FaultStage.Submit,
            Kind = FaultKind.Status,
            Status = 403,
            Body = """{"detail":"User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing."}""",
        });

        RunReport report = await spine.RunAsync(OrderOf("Fal"));

        Assert.Equal(ImageErrorId.InsufficientCredits, report.Error!.Id);
        Assert.Contains("fal.ai/dashboard/billing", report.Error.Recommendation, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task An_order_turned_away_for_now_is_sent_again(string vendor)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.AddStatus(vendor, FaultStage.Submit, 429, times: 2);

        await DeliveredAsync(spine, OrderOf(vendor));

        Assert.Equal(3, spine.Vendors.Count(vendor).Submits);
    }

    [Theory]
    [InlineData("Replicate", FaultKind.DropBeforeAnswer)]
    [InlineData("Replicate", FaultKind.DropMidAnswer)]
    [InlineData("Replicate", FaultKind.Truncate)]
    [InlineData("Replicate", FaultKind.WrongContent)]
    [InlineData("Replicate", FaultKind.StatusAfterBilling)]
    [InlineData("Fal", FaultKind.DropBeforeAnswer)]
    [InlineData("Fal", FaultKind.DropMidAnswer)]
    [InlineData("Fal", FaultKind.Truncate)]
    [InlineData("Fal", FaultKind.WrongContent)]
    [InlineData("Fal", FaultKind.StatusAfterBilling)]
    public async Task A_lost_answer_is_unknown_and_found_again_in_the_vendors_list(string vendor, FaultKind kind)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(vendor, FaultStage.Submit, kind);

        RunReport report = await spine.RunAsync(OrderOf(vendor));

        Assert.True(report.Error!.MayHaveBeenCharged);
        Assert.Equal(ImageTaskStatus.Unknown, report.Record.Status);

        RunReport resumed = await spine.ResumeAsync(report.RecordPath);

        Assert.Null(resumed.Error);
        Assert.Equal(1, resumed.Record.Delivered);
        Assert.Equal((1, 1), (spine.Vendors.Count(vendor).Submits, spine.Vendors.Count(vendor).BilledSubmits));
        Assert.Empty(spine.Vendors.Violations);
    }

    [Theory]
    [InlineData("Replicate", 408)]
    [InlineData("Replicate", 429)]
    [InlineData("Replicate", 500)]
    [InlineData("Replicate", 503)]
    [InlineData("Fal", 408)]
    [InlineData("Fal", 429)]
    [InlineData("Fal", 500)]
    [InlineData("Fal", 503)]
    public async Task Questions_that_fail_say_nothing_about_the_job(string vendor, int status)
    {
        await using Spine spine = await Spine.StartAsync();
        WithoutStream(spine, vendor);
        spine.Vendors.Faults.AddStatus(vendor, FaultStage.Poll, status, times: 6);

        await DeliveredAsync(spine, OrderOf(vendor));
    }

    [Theory]
    [InlineData("Replicate", FaultKind.DropBeforeRead)]
    [InlineData("Replicate", FaultKind.DropMidAnswer)]
    [InlineData("Replicate", FaultKind.Truncate)]
    [InlineData("Replicate", FaultKind.WrongContent)]
    [InlineData("Fal", FaultKind.DropBeforeRead)]
    [InlineData("Fal", FaultKind.DropMidAnswer)]
    [InlineData("Fal", FaultKind.Truncate)]
    [InlineData("Fal", FaultKind.WrongContent)]
    public async Task Broken_answers_to_questions_are_asked_for_again(string vendor, FaultKind kind)
    {
        await using Spine spine = await Spine.StartAsync();
        WithoutStream(spine, vendor);
        spine.Vendors.Faults.Add(vendor, FaultStage.Poll, kind, times: 3);
        if (vendor == "Fal")
            spine.Vendors.Faults.Add(vendor, FaultStage.Result, kind, times: 3);

        await DeliveredAsync(spine, OrderOf(vendor));
    }

    [Theory]
    [InlineData("Replicate", 401)]
    [InlineData("Fal", 401)]
    [InlineData("Fal", 403)]
    public async Task A_question_refused_for_good_keeps_the_job(string vendor, int status)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.AddStatus(vendor, vendor == "Fal" ? FaultStage.Result : FaultStage.Poll, status);

        RunReport report = await spine.RunAsync(OrderOf(vendor));

        Assert.True(report.Error!.MayHaveBeenCharged);
        Assert.True(report.Record.Status is ImageTaskStatus.Queued or ImageTaskStatus.Running);
        Assert.Null((await spine.ResumeAsync(report.RecordPath)).Error);
        Assert.Equal(1, spine.Vendors.Count(vendor).BilledSubmits);
    }

    [Theory]
    [InlineData("Replicate", "warming up")]
    [InlineData("Fal", "ON_ITS_WAY")]
    public async Task A_word_nobody_knows_is_no_end(string vendor, string word)
    {
        await using Spine spine = await Spine.StartAsync();
        WithoutStream(spine, vendor);
        spine.Vendors.All.Single(v => v.Name == vendor).WorkSeconds = 0.3;
        spine.Vendors.Faults.Add(new Fault { Vendor = vendor, Stage = FaultStage.Poll, Kind = FaultKind.PollStatus, TaskStatus = word, Times = 3 });

        await DeliveredAsync(spine, OrderOf(vendor));

        Assert.Contains(spine.Listener.Steps, s => s.Word == word);
    }

    [Theory]
    [InlineData("canceled", ImageTaskStatus.Canceled)]
    [InlineData("aborted", ImageTaskStatus.Canceled)]
    [InlineData("failed", ImageTaskStatus.Failed)]
    public async Task Ends_without_a_picture_are_told_apart(string word, ImageTaskStatus status)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "Replicate", Stage = FaultStage.Poll, Kind = FaultKind.PollStatus, TaskStatus = word });

        RunReport report = await spine.RunAsync(OrderOf("Replicate"));

        Assert.NotNull(report.Error);
        Assert.Equal(status, report.Record.Status);
        Assert.Equal(1, spine.Vendors.Count("Replicate").Submits);
    }

    [Theory]
    [InlineData("Replicate", FaultStage.Poll)]
    [InlineData("Fal", FaultStage.Result)]
    public async Task A_refusal_by_content_policy_is_final(string vendor, FaultStage stage)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(vendor, stage, FaultKind.Refuse);

        RunReport report = await spine.RunAsync(OrderOf(vendor));

        Assert.Equal(ImageErrorId.ContentRefused, report.Error!.Id);
        Assert.Equal(1, spine.Vendors.Count(vendor).Submits);
        Assert.Empty(spine.Vendors.Violations);
    }

    [Theory]
    [InlineData("Replicate", FaultKind.DropMidAnswer)]
    [InlineData("Replicate", FaultKind.Truncate)]
    [InlineData("Replicate", FaultKind.WrongContent)]
    [InlineData("Replicate", FaultKind.NoBlankLine)]
    [InlineData("Replicate", FaultKind.BareEnd)]
    [InlineData("Replicate", FaultKind.Hang)]
    [InlineData("Fal", FaultKind.DropMidAnswer)]
    [InlineData("Fal", FaultKind.Truncate)]
    [InlineData("Fal", FaultKind.WrongContent)]
    [InlineData("Fal", FaultKind.BareEnd)]
    [InlineData("Fal", FaultKind.Hang)]
    public async Task Where_the_stream_fails_questions_take_over_and_nothing_is_sent_twice(string vendor, FaultKind kind)
    {
        await using Spine spine = await Spine.StartAsync();
        WithStream(spine, vendor);
        spine.Vendors.Faults.Add(vendor, FaultStage.Stream, kind);
        Core.Engine.Engine engine = spine.NewEngine(silence: TimeSpan.FromSeconds(1));

        RunReport report = await spine.RunAsync(engine, OrderOf(vendor));

        Assert.Null(report.Error);
        Assert.Equal(1, report.Record.Delivered);
        Assert.Equal(1, spine.Vendors.Count(vendor).Submits);
        Assert.True(spine.Vendors.Count(vendor).Polls >= 1);
        Assert.Empty(spine.Vendors.Violations);
    }

    // The end of Replicate's stream does not say how it ended: that is one question. fal's result is a request of its own.
    [Theory]
    [InlineData("Replicate", 1, 0)]
    [InlineData("Fal", 0, 1)]
    public async Task While_the_stream_is_healthy_nothing_is_asked(string vendor, int polls, int results)
    {
        await using Spine spine = await Spine.StartAsync();
        WithStream(spine, vendor);

        await DeliveredAsync(spine, OrderOf(vendor));

        Assert.Equal((1, polls, results), (spine.Vendors.Count(vendor).Streams, spine.Vendors.Count(vendor).Polls, spine.Vendors.Count(vendor).Results));
    }

    [Theory]
    [InlineData(502)]
    [InlineData(504)]
    public async Task A_gateway_in_between_is_not_the_result(int status)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "Fal", Stage = FaultStage.Result, Kind = FaultKind.Status, Status = status, Body = "<html>Bad Gateway</html>", ContentType = "text/html", Times = 3 });

        await DeliveredAsync(spine, OrderOf("Fal"));
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task An_order_may_be_left_alone_and_fetched_later(string vendor)
    {
        await using Spine spine = await Spine.StartAsync();
        Order order = OrderOf(vendor) with { NoWait = true };

        RunReport report = await spine.RunAsync(order);
        Assert.True(report.Record.Status is ImageTaskStatus.Queued or ImageTaskStatus.Running);

        RunReport resumed = await spine.ResumeAsync(report.RecordPath);
        Assert.Null(resumed.Error);
        Assert.Equal(1, spine.Vendors.Count(vendor).BilledSubmits);
        Assert.Empty(spine.Vendors.Violations);
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task A_task_no_ledger_knows_is_fetched_by_its_id(string vendor)
    {
        await using Spine spine = await Spine.StartAsync();
        RunReport report = await spine.RunAsync(OrderOf(vendor) with { NoWait = true });
        string id = report.Record.TaskId!;
        await spine.ResumeAsync(report.RecordPath);

        RunReport adopted = await spine.NewEngine().AdoptAsync(vendor, id, spine.Options(new Order()), spine.Listener, default);

        Assert.Null(adopted.Error);
        Assert.Equal(1, adopted.Record.Delivered);
        Assert.Equal(1, spine.Vendors.Count(vendor).BilledSubmits);
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task A_dead_link_is_renewed_or_said(string vendor)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(vendor, FaultStage.Download, FaultKind.Expired);

        RunReport report = await spine.RunAsync(OrderOf(vendor));

        Assert.True(report.Error is null or { Id: ImageErrorId.LinkExpired });
        Assert.Equal(1, spine.Vendors.Count(vendor).BilledSubmits);
    }

    [Theory]
    [InlineData("Replicate", FaultStage.Submit)]
    [InlineData("Replicate", FaultStage.Poll)]
    [InlineData("Fal", FaultStage.Submit)]
    [InlineData("Fal", FaultStage.Result)]
    [InlineData("Fal", FaultStage.Stream)]
    public async Task A_link_to_a_foreign_place_never_sees_the_key(string vendor, FaultStage stage)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(vendor, stage, FaultKind.ForeignLink);

        RunReport report = await spine.RunAsync(OrderOf(vendor) with { Timeout = TimeSpan.FromMinutes(5) });

        Assert.DoesNotContain(spine.Vendors.Violations, v => v.What.Contains("key", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(spine.Vendors.Requests, r => r.Vendor is null && r.KeyPresent);
        Assert.Equal(1, spine.Vendors.Count(vendor).BilledSubmits);
        Assert.True(report.Error is null || report.Error.MayHaveBeenCharged);
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task A_job_is_cancelled_at_the_vendor(string vendor)
    {
        await using Spine spine = await Spine.StartAsync();
        WithoutStream(spine, vendor);
        spine.Vendors.Faults.Add(new Fault { Vendor = vendor, Stage = FaultStage.Submit, Kind = FaultKind.NeverReady });
        RunReport report = await spine.RunAsync(OrderOf(vendor) with { NoWait = true });

        RunReport canceled = await spine.NewEngine().CancelAsync(report.RecordPath, spine.Listener, default);

        Assert.Equal(ImageTaskStatus.Canceled, canceled.Record.Status);
        Assert.Empty(spine.Vendors.Violations);
    }

    private static Order OrderOf(string vendor) => new() { Provider = vendor, Size = "256x256" };

    private static Order WithReference(Spine spine, string vendor) =>
        OrderOf(vendor) with { Model = vendor == "Fal" ? "fal-ai/flux-2-pro" : "black-forest-labs/flux-2-pro", Size = "512x512", References = Noise(spine, 400) };

    private static async Task<RunReport> DeliveredAsync(Spine spine, Order order)
    {
        RunReport report = await spine.RunAsync(order);
        Assert.Null(report.Error);
        Assert.Equal((ImageTaskStatus.Succeeded, 1), (report.Record.Status, report.Record.Delivered));
        Assert.Equal(1, spine.Vendors.Count(order.Provider!).BilledSubmits);
        Assert.Empty(spine.Vendors.Violations);
        return report;
    }

    // A stream that tells something, for a job that takes a moment.
    private static void WithStream(Spine spine, string vendor)
    {
        spine.Vendors.All.Single(v => v.Name == vendor).WorkSeconds = 0.3;
        if (vendor == "Replicate")
            spine.Vendors.Set("replicateStreams", 1);
    }

    private static void WithoutStream(Spine spine, string vendor)
    {
        if (vendor == "Fal")
            spine.Vendors.Faults.AddStatus(vendor, FaultStage.Stream, 404, times: -1);
    }

    // Pictures that no compression makes small.
    private static string[] Noise(Spine spine, params int[] sides)
    {
        Random random = new(1);
        return [.. sides.Select((side, i) =>
        {
            string path = Path.Combine(Path.GetDirectoryName(spine.Folder)!, $"reference-{i}.png");
            File.WriteAllBytes(path, TinyImages.PaintedPng(side, side, (_, _) => ((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256), 255)));
            return path;
        })];
    }
}
