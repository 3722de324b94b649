using PSImageGen.Core.Engine;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tests.Support;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.FakeProviders.Images;

namespace PSImageGen.Core.Tests.Providers;

/// <summary>Orders at Stability from plan to picture, against a vendor as strict as the real one.</summary>
public class StabilityOrderTests
{
    private const string Vendor = "Stability";

    public static TheoryData<string> Models() => [.. new Core.Providers.Stability.StabilityProvider().Catalogue.Models.Select(m => m.Id)];

    [Theory]
    [InlineData(ImageOperation.Generate)]
    [InlineData(ImageOperation.Img2Img)]
    [InlineData(ImageOperation.Inpaint)]
    [InlineData(ImageOperation.Outpaint)]
    [InlineData(ImageOperation.Upscale)]
    [InlineData(ImageOperation.Vary)]
    [InlineData(ImageOperation.Style)]
    public async Task Every_operation_brings_a_picture_that_knows_its_parents(ImageOperation operation)
    {
        await using Spine spine = await Spine.StartAsync();
        RequestDraft draft = Draft(spine, operation);

        RunReport report = await spine.RunAsync(new Order { Provider = Vendor, Asks = (operation, draft) });

        spine.AssertDelivered(report, Vendor);
        Assert.Equal(operation, report.Record.Operation);
        Assert.Equal(new[] { draft.Image, draft.Mask, draft.StyleImage }.OfType<string>(), report.Record.Parents.Select(p => p.Path));
        Assert.Equal(operation == ImageOperation.Vary, report.Record.Quote!.Notes.Any(n => n.Contains("as a whole", StringComparison.Ordinal)));
    }

    // Each row of the catalogue, with all that it takes, is an order the vendor accepts.
    [Theory]
    [MemberData(nameof(Models))]
    public async Task Every_model_is_ordered_with_all_that_it_takes(string id)
    {
        await using Spine spine = await Spine.StartAsync();
        ModelRow model = new Core.Providers.Stability.StabilityProvider().Catalogue.Find(id)!;
        foreach (ImageOperation operation in model.Operations)
        {
            System.Text.Json.Nodes.JsonObject options = [];
            foreach ((string name, OptionRule rule) in model.Options)
                options[name] = rule.Type switch { "boolean" => true, "string" => rule.Values is [var first, ..] ? first : "the hat", _ => rule.Max };
            RequestDraft draft = Draft(spine, operation) with { Seed = model.Seed ? 4294967294 : null, NegativePrompt = "snow", ProviderOptions = options };

            RunReport report = await spine.RunAsync(new Order { Provider = Vendor, Model = id, Asks = (operation, draft with { ReferenceImages = model.NeedsImage ? [spine.Picture()] : null }) });

            Assert.Null(report.Error);
            Assert.Equal(1, report.Record.Delivered);
        }

        Assert.Empty(spine.Vendors.Violations);
        Assert.Equal(model.Operations.Count, spine.Vendors.Count(Vendor).BilledSubmits);
    }

    [Theory]
    [InlineData(2, null, "192x128", "png")]
    [InlineData(2, ImageFormat.Webp, "192x128", "png")]
    [InlineData(4, ImageFormat.Webp, "384x256", "webp")]
    public async Task A_picture_becomes_just_as_many_times_larger(int scale, ImageFormat? format, string size, string kind)
    {
        await using Spine spine = await Spine.StartAsync();

        RunReport report = await spine.RunAsync(new Order { Provider = Vendor, Asks = (ImageOperation.Upscale, new RequestDraft { Image = spine.Picture(), Scale = scale, Format = format }) });

        spine.AssertDelivered(report, Vendor);
        Assert.Equal((size, kind, size), ($"{report.Record.Images[0].Width}x{report.Record.Images[0].Height}", report.Record.Images[0].Format, report.Record.Quote!.Size));
        Assert.EndsWith("upscale/fast", spine.Ordered().Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_pictures_are_several_orders_with_seeds_of_their_own()
    {
        await using Spine spine = await Spine.StartAsync();

        RunReport report = await spine.RunAsync(new Order { Provider = Vendor, Count = 3, Seed = 10 });

        Assert.Equal((3, 3), (report.Record.Delivered, spine.Vendors.Count(Vendor).BilledSubmits));
        Assert.Equal([10L, 11L, 12L], report.Record.Images.Select(i => i.Seed!.Value).Order());
        Assert.Equal(0.09m, report.Record.Quote!.Amount);
    }

    [Fact]
    public async Task An_old_name_of_a_model_is_sent_as_it_was_given()
    {
        await using Spine spine = await Spine.StartAsync();

        RunReport report = await spine.RunAsync(Order.From(Vendor) with { Model = "sd3-medium" });

        spine.AssertDelivered(report, Vendor);
        Assert.Equal("sd3-medium", (string?)spine.Ordered().Body!["fields"]!["model"]);
        Assert.Equal(0.035m, report.Record.Quote!.Amount);
    }

    [Fact]
    public async Task A_blurred_picture_is_reported_and_never_ordered_anew()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Set("stabilityFilters", 1);

        RunReport report = await spine.RunAsync(Order.From(Vendor));

        Assert.Equal((ImageErrorId.ContentRefused, true), (report.Error!.Id, report.Error.MayHaveBeenCharged));
        Assert.Empty(spine.Pictures());
        Assert.Equal(1, spine.Vendors.Count(Vendor).Submits);
    }

    [Fact]
    public async Task A_lock_out_is_waited_for()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Say(Vendor, FaultStage.Submit, 429, null, times: 1);

        RunReport report = await spine.RunAsync(Order.From(Vendor));

        spine.AssertDelivered(report, Vendor, submits: 2);
        Assert.Contains(spine.Listener.Texts, t => t.Contains("Sending again in 60 s", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(401, null, ImageErrorId.AuthenticationFailed, false)]
    [InlineData(402, null, ImageErrorId.InsufficientCredits, false)]
    [InlineData(403, null, ImageErrorId.ContentRefused, false)]
    [InlineData(422, "invalid_language", ImageErrorId.InvalidRequest, false)]
    [InlineData(500, null, ImageErrorId.OutcomeUnknown, true)]
    [InlineData(504, null, ImageErrorId.OutcomeUnknown, true)]
    public async Task A_refusal_is_said_once_with_what_it_proves(int status, string? code, ImageErrorId id, bool mayHaveCost)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Say(Vendor, FaultStage.Submit, status, code);

        RunReport report = await spine.RunAsync(Order.From(Vendor));

        Assert.Equal((id, mayHaveCost, 1), (report.Error!.Id, report.Error.MayHaveBeenCharged, spine.Vendors.Count(Vendor).Submits));
    }

    [Fact]
    public async Task The_language_is_refused_with_the_remedy()
    {
        await using Spine spine = await Spine.StartAsync();

        RunReport report = await spine.RunAsync(Order.From(Vendor) with { Prompt = "лиса в снегу" });

        Assert.Contains("English", report.Error!.Recommendation, StringComparison.Ordinal);
        Assert.False(report.Error.MayHaveBeenCharged);
    }

    [Fact]
    public async Task A_lost_answer_leaves_the_outcome_unknown()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(Vendor, FaultStage.Submit, FaultKind.DropBeforeAnswer);

        RunReport report = await spine.RunAsync(Order.From(Vendor));

        Assert.Equal((ImageTaskStatus.Unknown, 1), (report.Record.Status, spine.Vendors.Count(Vendor).Submits));
    }

    [Fact]
    public async Task A_job_is_followed_to_its_picture()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Set("stabilityPollsUntilReady", 3);

        RunReport report = await spine.RunAsync(Creative(spine));

        spine.AssertDelivered(report, Vendor);
        Assert.Equal((3, 64), (spine.Vendors.Count(Vendor).Polls, report.Record.Tasks[0].TaskId!.Length));
        Assert.Equal("192x128", $"{report.Record.Images[0].Width}x{report.Record.Images[0].Height}");
    }

    [Fact]
    public async Task A_job_is_left_asked_for_and_fetched_by_its_id_alone()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Set("stabilityPollsUntilReady", 2);
        RunReport ordered = await spine.RunAsync(Creative(spine) with { NoWait = true });
        string id = ordered.Record.Tasks[0].TaskId!;

        RunReport asked = await spine.NewEngine().AskAsync(ordered.RecordPath, spine.Listener, default);
        Assert.Equal((ImageTaskStatus.Running, "in-progress"), (asked.Record.Status, asked.Record.Tasks[0].VendorStatus));
        RunReport fetched = await spine.NewEngine().AdoptAsync(Vendor, id, new RunOptions(spine.Folder, timeout: TimeSpan.FromHours(1)), spine.Listener, default);

        Assert.Null(fetched.Error);
        Assert.Equal((1, 1), (fetched.Record.Delivered, spine.Vendors.Count(Vendor).BilledSubmits));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_job_that_is_refused_while_it_runs_has_ended(bool byAsking)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Set("stabilityPollsUntilReady", 9);
        spine.Vendors.Faults.Add(Vendor, FaultStage.Poll, FaultKind.Refuse);
        RunReport report = await spine.RunAsync(Creative(spine) with { NoWait = byAsking });
        if (byAsking)
            report = await spine.NewEngine().AskAsync(report.RecordPath, spine.Listener, default);

        Assert.Equal((ImageErrorId.ContentRefused, ImageTaskStatus.Failed), (report.Error!.Id, report.Record.Status));
        Assert.True(report.Error.MayHaveBeenCharged);
    }

    // Another key gets the same answer as a job that is gone, so that is no end yet.
    [Fact]
    public async Task A_job_the_vendor_does_not_know_stays_on_record()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Set("stabilityResultLifetimeSeconds", -1);

        RunReport report = await spine.RunAsync(Creative(spine));
        Assert.Equal((ImageErrorId.NotFound, ImageTaskStatus.Queued), (report.Error!.Id, report.Record.Status));
        spine.Vendors.Set("stabilityResultLifetimeSeconds", 3600);

        spine.AssertDelivered(await spine.ResumeAsync(report.RecordPath), Vendor);
    }

    [Fact]
    public async Task Only_jobs_can_be_left_alone()
    {
        await using Spine spine = await Spine.StartAsync();

        Assert.Equal(ImageErrorId.Unsupported, Assert.Throws<AIImageException>(() => spine.Plan(Order.From(Vendor) with { NoWait = true })).Error.Id);
        Assert.NotNull(spine.Plan(Creative(spine) with { NoWait = true }));
    }

    // Its references only inspire, so whoever holds what they show comes first, though it is listed later.
    [Theory]
    [InlineData(ConsistencyMode.Balanced, "BFL")]
    [InlineData(ConsistencyMode.Loose, Vendor)]
    public async Task References_go_to_who_holds_them(ConsistencyMode mode, string expected)
    {
        await using Spine spine = await Spine.StartAsync();
        foreach (string other in spine.Variables.Keys.Where(k => !k.StartsWith("STABILITY", StringComparison.Ordinal) && !k.StartsWith("BFL", StringComparison.Ordinal)).ToArray())
            spine.Variables.Remove(other);

        Plan plan = spine.Plan(new Order { Provider = null, Asks = (ImageOperation.Generate, new RequestDraft { Prompt = "a fox", ReferenceImages = [spine.Picture()], ConsistencyMode = mode }) });

        Assert.Equal(expected, plan.Candidates[0].Quote.Provider);
    }

    private static Order Creative(Spine spine) => new() { Provider = Vendor, Model = "upscale-creative", Asks = (ImageOperation.Upscale, Draft(spine, ImageOperation.Upscale)) };

    private static RequestDraft Draft(Spine spine, ImageOperation operation) => new()
    {
        Prompt = "a lighthouse at dawn",
        Image = operation == ImageOperation.Generate ? null : spine.Picture(),
        Mask = operation == ImageOperation.Inpaint ? spine.Mask() : null,
        StyleImage = operation == ImageOperation.Style ? spine.Picture("webp") : null,
        Right = operation == ImageOperation.Outpaint ? 40 : null,
    };
}
