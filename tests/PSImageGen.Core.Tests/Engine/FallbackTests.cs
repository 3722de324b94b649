using PSImageGen.Core.Engine;
using PSImageGen.Core.Gate;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tasks;
using PSImageGen.Core.Tests.Support;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.FakeProviders.Images;

namespace PSImageGen.Core.Tests.Engine;

/// <summary>The next provider is asked only on proof that the one before took nothing.</summary>
public class FallbackTests
{
    // OpenAI leads, BFL is the next.
    private static Order Both => new() { Provider = null, Preferred = ["OpenAI", "BFL"] };

    [Theory]
    [InlineData(401, null)]
    [InlineData(403, null)]
    [InlineData(404, null)]
    [InlineData(429, null)]
    [InlineData(429, "insufficient_quota")]
    [InlineData(503, null)]
    public async Task After_a_proof_that_nothing_was_taken_the_next_one_makes_it_and_is_named(int status, string? code)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "OpenAI", Stage = FaultStage.Submit, Kind = FaultKind.Status, Status = status, Code = code, Times = -1 });

        RunReport report = await spine.RunAsync(Both with { Count = 2 });

        Assert.Null(report.Error);
        Assert.Equal(("BFL", "flux-2-pro"), (report.ToResult().Provider, report.ToResult().Model));
        Assert.Equal(("BFL", "flux-2-pro"), (report.Record.Quote.Provider, report.Record.Quote.Model));
        Assert.Equal(["OpenAI", "BFL", "BFL"], report.Record.Tasks.Select(t => t.Provider));
        Assert.Equal(2, spine.Pictures().Length);
        Assert.Equal((0, 2), (spine.OpenAI.BilledSubmits, spine.Bfl.BilledSubmits));
        Assert.Equal(["OpenAI Failed", "BFL Succeeded"], report.ToResult().Attempts.Select(a => $"{a.Provider} {a.Status}"));
        Assert.NotEmpty(report.ToResult().Attempts[0].Error!.Message);
        Assert.Null(report.ToResult().Attempts[1].Error);
        Assert.True(report.Record.Quote.AmountMax <= spine.Approve(Both with { Count = 2 }).Ceiling);
    }

    [Fact]
    public async Task A_vendor_that_cannot_be_reached_is_passed_over()
    {
        await using Spine spine = await Spine.StartAsync();
        using System.Net.Sockets.Socket taken = new(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        taken.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        spine.Variables["OPENAI_BASE_URL"] = $"http://127.0.0.1:{((System.Net.IPEndPoint)taken.LocalEndPoint!).Port}/v1";

        RunReport report = await spine.RunAsync(Both);

        Assert.Equal("BFL", report.ToResult().Provider);
    }

    [Theory]
    [InlineData(FaultKind.Status, 500)]
    [InlineData(FaultKind.Status, 502)]
    [InlineData(FaultKind.Status, 504)]
    [InlineData(FaultKind.Status, 408)]
    [InlineData(FaultKind.Status, 400)]
    [InlineData(FaultKind.Status, 413)]
    [InlineData(FaultKind.Status, 422)]
    [InlineData(FaultKind.StatusAfterBilling, 500)]
    [InlineData(FaultKind.DropBeforeAnswer, 0)]
    [InlineData(FaultKind.DropMidAnswer, 0)]
    [InlineData(FaultKind.Truncate, 0)]
    [InlineData(FaultKind.WrongContent, 0)]
    [InlineData(FaultKind.Redirect, 307)]
    [InlineData(FaultKind.Refuse, 0)]
    [InlineData(FaultKind.FewerImages, 0)]
    public async Task After_anything_else_nobody_else_is_asked(FaultKind kind, int status)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "OpenAI", Stage = FaultStage.Submit, Kind = kind, Status = status == 0 ? null : status, Times = -1 });

        RunReport report = await spine.RunAsync(Both with { Count = 2 });

        Assert.NotNull(report.Error);
        Assert.Equal("OpenAI", report.Record.Provider);
        Assert.Equal(0, spine.Bfl.Submits);
    }

    [Theory]
    [InlineData("Request Moderated")]
    [InlineData("Error")]
    public async Task After_acceptance_nobody_else_is_asked(string word)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "BFL", Stage = FaultStage.Submit, Kind = FaultKind.PollStatus, TaskStatus = word });

        RunReport report = await spine.RunAsync(Both with { Preferred = ["BFL", "OpenAI"] });

        Assert.NotNull(report.Error);
        Assert.Equal((1, 0), (spine.Bfl.Submits, spine.OpenAI.Submits));
    }

    [Fact]
    public async Task While_one_order_of_several_was_taken_the_others_do_not_go_elsewhere()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "BFL", Stage = FaultStage.Submit, Kind = FaultKind.Status, Status = 402, After = 1 });

        RunReport report = await spine.RunAsync(Both with { Preferred = ["BFL", "OpenAI"], Count = 2 });

        Assert.Equal(1, report.Record.Delivered);
        Assert.Equal(ImageErrorId.InsufficientCredits, report.Error!.Id);
        Assert.Equal(0, spine.OpenAI.Submits);
    }

    [Fact]
    public async Task A_named_provider_has_no_stand_in()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.AddStatus("OpenAI", FaultStage.Submit, 401);

        RunReport report = await spine.RunAsync(Order.OpenAI);

        Assert.Equal(ImageErrorId.AuthenticationFailed, report.Error!.Id);
        Assert.Equal(0, spine.Bfl.Submits);
    }

    [Fact]
    public async Task When_nobody_takes_it_the_last_reason_is_told_and_nothing_was_spent()
    {
        await using Spine spine = await Spine.StartAsync();
        foreach (string other in spine.Variables.Keys.Where(v => !v.StartsWith("OPENAI_", StringComparison.Ordinal) && !v.StartsWith("BFL_", StringComparison.Ordinal)).ToArray())
            spine.Variables.Remove(other);
        spine.Vendors.Faults.AddStatus("OpenAI", FaultStage.Submit, 401);
        spine.Vendors.Faults.AddStatus("BFL", FaultStage.Submit, 402);

        RunReport report = await spine.RunAsync(Both);

        Assert.Equal((ImageErrorId.InsufficientCredits, "BFL"), (report.Error!.Id, report.Error.Provider));
        Assert.False(report.Error.MayHaveBeenCharged);
        Assert.Equal(ImageTaskStatus.Failed, report.Record.Status);
    }

    [Fact]
    public async Task A_run_that_went_to_the_next_provider_is_found_by_the_index_while_it_is_under_way()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.AddStatus("OpenAI", FaultStage.Submit, 401);
        spine.Vendors.Bfl.PollsUntilReady = int.MaxValue;
        Order order = Both;

        await spine.StopWhenAsync(order, v => v.Count("BFL").Polls > 1);

        Assert.Equal(spine.PathOf(order), Assert.Single(spine.Index.Paths()));
        spine.Vendors.Bfl.PollsUntilReady = 1;
        RunReport resumed = await spine.ResumeAsync(spine.PathOf(order));
        Assert.Equal("BFL", resumed.ToResult().Provider);
        Assert.Null(resumed.Error);
    }

    [Fact]
    public async Task What_changes_is_said_when_the_next_one_is_asked()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.AddStatus("OpenAI", FaultStage.Submit, 401);

        await spine.RunAsync(Both with { Size = null });

        string hop = Assert.Single(spine.Listener.Texts, t => t.Contains("is asked now, as agreed", StringComparison.Ordinal));
        Assert.StartsWith("OpenAI did not take the order (", hop, StringComparison.Ordinal);
        Assert.Contains("BFL is asked now, as agreed: model flux-2-pro in place of gpt-image-2", hop, StringComparison.Ordinal);
        Assert.Contains("at most 0.045 USD in place of at most 0.211 USD", hop, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OpenAI", "BFL", ImageOperation.Img2Img)]
    [InlineData("OpenAI", "Stability", ImageOperation.Inpaint)]
    [InlineData("Stability", "OpenAI", ImageOperation.Inpaint)]
    [InlineData("Fal", "Replicate", ImageOperation.Inpaint)]
    [InlineData("Stability", "BFL", ImageOperation.Outpaint)]
    [InlineData("Replicate", "Fal", ImageOperation.Outpaint)]
    [InlineData("Replicate", "Stability", ImageOperation.Upscale)]
    [InlineData("Fal", "OpenAI", ImageOperation.Vary)]
    [InlineData("BFL", "Replicate", ImageOperation.Vary)]
    [InlineData("OpenAI", "Fal", ImageOperation.Style)]
    [InlineData("Fal", "Replicate", ImageOperation.Style)]
    public async Task Every_operation_goes_on_with_its_pictures_made_ready_for_the_next_one(string first, string second, ImageOperation operation)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = first, Stage = FaultStage.Submit, Kind = FaultKind.Status, Status = 401, Times = -1 });
        Order order = new() { Provider = null, Preferred = [first, second], Asks = (operation, SamplePictures.Draft(operation)) };
        Plan plan = spine.Plan(order);

        RunReport report = await spine.RunAsync(order);

        Assert.Equal([first, second], plan.Candidates.Select(c => c.Quote.Provider));
        spine.AssertDelivered(report, second);
        Assert.Equal((second, operation), (report.ToResult().Provider, report.ToResult().Operation));
        Assert.Equal(0, spine.Vendors.Count(first).BilledSubmits);
        Assert.Equal(plan.Candidates[1].Shape.Inputs.Count, spine.Vendors.Requests.Single(r => r.Vendor == second && r.Stage == FaultStage.Submit).Files.Count);
    }

    [Fact]
    public async Task Each_vendor_gets_its_own_upload()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Say("Replicate", FaultStage.Submit, 402, null);

        RunReport report = await spine.RunAsync(Heavy(spine));

        spine.AssertDelivered(report, "Fal");
        Assert.Equal(["Fal", "Replicate"], spine.Vendors.Requests.Where(r => r.Stage == FaultStage.Upload).Select(r => r.Vendor).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(402)]
    [InlineData(503)]
    public async Task A_vendor_that_takes_no_upload_has_taken_no_order(int status)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Say("Replicate", FaultStage.Upload, status, null);

        RunReport report = await spine.RunAsync(Heavy(spine));

        spine.AssertDelivered(report, "Fal");
        Assert.Equal(0, spine.Vendors.Count("Replicate").Submits);
        Assert.Equal(["Replicate", "Fal"], report.ToResult().Attempts.Select(a => a.Provider));
    }

    [Fact]
    public async Task A_picture_that_is_refused_at_its_upload_goes_to_nobody_else()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Say("Replicate", FaultStage.Upload, 422, null);

        RunReport report = await spine.RunAsync(Heavy(spine));

        Assert.Equal((ImageErrorId.InvalidRequest, 0), (report.Error!.Id, spine.Vendors.Count("Fal").Submits));
    }

    [Theory]
    [InlineData(FaultKind.Status, 500)]
    [InlineData(FaultKind.StatusAfterBilling, 500)]
    [InlineData(FaultKind.DropBeforeAnswer, 0)]
    [InlineData(FaultKind.Truncate, 0)]
    public async Task Where_that_was_asked_for_an_unknown_outcome_goes_on_too_and_stays_on_record_as_perhaps_billed(FaultKind kind, int status)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "OpenAI", Stage = FaultStage.Submit, Kind = kind, Status = status == 0 ? null : status, Times = -1 });

        RunReport report = await spine.RunAsync(Both with { FallbackOnUnknown = true });

        spine.AssertDelivered(report, "BFL");
        Assert.Equal(1, spine.OpenAI.Submits);
        Assert.True(report.ToResult().Attempts[0].Error!.MayHaveBeenCharged);
        Assert.True(report.Record.MayHaveCost());
        Assert.Contains(spine.Listener.Texts, t => t.StartsWith("OpenAI may have taken the order, and billed it (", StringComparison.Ordinal));
        Assert.Throws<AIImageException>(() => Redraft.Of(report.Record, report.RecordPath));
    }

    [Fact]
    public async Task An_order_perhaps_billed_is_not_forgotten_when_a_free_one_makes_the_picture()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "OpenAI", Stage = FaultStage.Submit, Kind = FaultKind.DropBeforeAnswer });

        RunReport report = await spine.RunAsync(Both with { Preferred = ["OpenAI", "Demo"], FallbackOnUnknown = true });

        Assert.Equal("Demo", report.ToResult().Provider);
        Assert.True(report.Record.MayHaveCost());
    }

    [Fact]
    public async Task Even_then_a_refusal_and_a_job_that_was_taken_go_nowhere_else()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "OpenAI", Stage = FaultStage.Submit, Kind = FaultKind.Refuse });
        spine.Vendors.Faults.Add(new Fault { Vendor = "BFL", Stage = FaultStage.Submit, Kind = FaultKind.PollStatus, TaskStatus = "Error" });

        RunReport refused = await spine.RunAsync(Both with { FallbackOnUnknown = true });
        Assert.Equal((ImageErrorId.ContentRefused, 0), (refused.Error!.Id, spine.Bfl.Submits));

        RunReport failed = await spine.RunAsync(Both with { Preferred = ["BFL", "OpenAI"], FallbackOnUnknown = true, RunId = "taken" });
        Assert.NotNull(failed.Error);
        Assert.Equal((1, 1), (spine.Bfl.Submits, spine.OpenAI.Submits));
    }

    [Fact]
    public async Task When_all_outcomes_are_unknown_as_many_pictures_are_ordered_again_as_are_missing()
    {
        await using Spine spine = await Spine.StartAsync();
        foreach (string vendor in new[] { "OpenAI", "BFL" })
            spine.Vendors.Faults.Add(new Fault { Vendor = vendor, Stage = FaultStage.Submit, Kind = FaultKind.DropBeforeAnswer });

        RunReport report = await spine.RunAsync(Both with { FallbackOnUnknown = true });

        Assert.Equal((ImageTaskStatus.Unknown, ImageErrorId.OutcomeUnknown), (report.Record.Status, report.Error!.Id));
        (ImageRequest request, Selection selection) = Redraft.Of(report.Record, report.RecordPath);
        Assert.Equal((1, "OpenAI", "gpt-image-2"), (request.Count, selection.Provider, selection.Model));
        ApprovedCall again = ApprovedCall.Gate.Approve(new Planner(ProviderRegistry.BuiltIn, spine.Surroundings).Plan(request, selection), new ForegroundConsent(yes: true), new Budget())!;
        RunReport second = await spine.NewEngine().ResubmitAsync(again, report.RecordPath, TimeSpan.FromHours(1), spine.Listener, CancellationToken.None);
        Assert.Null(second.Error);
        Assert.Equal((1, "OpenAI", "gpt-image-2"), (second.Record.Delivered, second.Record.Provider, second.Record.Quote.Model));
    }

    // A picture too large to travel inside an order.
    private static Order Heavy(Spine spine)
    {
        Random random = new(1);
        Directory.CreateDirectory(spine.State);
        string picture = Path.Combine(spine.State, "heavy.png");
        File.WriteAllBytes(picture, TinyImages.PaintedPng(700, 500, (_, _) => ((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256), (byte)255)));
        return new Order { Provider = null, Preferred = ["Replicate", "Fal"], Asks = (ImageOperation.Img2Img, new RequestDraft { Prompt = "at night", Image = picture }) };
    }
}
