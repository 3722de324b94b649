using System.Text.Json.Nodes;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Gate;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Providers.StableDiffusion;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tests.Support;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.FakeProviders.Log;

namespace PSImageGen.Core.Tests.Providers;

/// <summary>ComfyUI: the graph of each operation, checked by the fake as the server checks it, and jobs that are never lost.</summary>
public class ComfyUITests
{
    private const string Vendor = "ComfyUI";

    private static readonly StableDiffusionProvider Provider = new();
    private static readonly TaskHandle Job = new("00000000-0000-4000-8000-000000000001");

    [Fact]
    public async Task A_picture_from_words_is_a_job_under_an_id_made_here()
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.ComfyUI);

        RunReport report = await spine.LearnAndRunAsync(OwnServers.Asks(ImageOperation.Generate, new RequestDraft { Prompt = "a fox", NegativePrompt = "text", Size = "768x512" }));

        spine.AssertDelivered(report, Vendor);
        JsonNode body = spine.Ordered().Body!;
        Assert.Equal(report.Record.Tasks[0].ClientId, (string)body["prompt_id"]!);
        Assert.Equal(report.Record.Tasks[0].ClientId, report.Record.TaskId);
        Assert.NotEmpty((string)body["client_id"]!);
        Assert.Equal(["a fox", "text"], Nodes(body, "CLIPTextEncode").Select(n => (string)n["text"]!));
        Assert.Equal((report.Record.Tasks[0].Seed, 1.0, 20), ((long)Node(body, "KSampler")["seed"]!, (double)Node(body, "KSampler")["denoise"]!, (int)Node(body, "KSampler")["steps"]!));
        Assert.Equal((768, 512), (report.Record.Images[0].Width, report.Record.Images[0].Height));
    }

    [Fact]
    public async Task Each_of_several_pictures_has_a_seed_that_makes_it_again()
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.ComfyUI);

        RunReport report = await spine.LearnAndRunAsync(OwnServers.Local with { Count = 2, Seed = 41 });

        Assert.Null(report.Error);
        Assert.Equal([41L, 42L], Orders(spine).Select(o => (long)Node(o.Body!, "KSampler")["seed"]!).Order());
        Assert.Equal(2, spine.Pictures().Length);
    }

    [Theory]
    [InlineData(640, 424, 640, 424)]
    [InlineData(99, 67, 96, 64)]
    public async Task A_picture_is_changed_at_its_own_size_or_the_nearest(int width, int height, int madeWidth, int madeHeight)
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.ComfyUI);

        RunReport report = await spine.LearnAndRunAsync(OwnServers.Asks(ImageOperation.Img2Img, new RequestDraft { Prompt = "in snow", Image = spine.Picture(width: width, height: height), Strength = 0.4 }));

        spine.AssertDelivered(report, Vendor);
        JsonNode body = spine.Ordered().Body!;
        Assert.Equal(0.4, (double)Node(body, "KSampler")["denoise"]!);
        Assert.Equal((madeWidth, madeHeight), (report.Record.Images[0].Width, report.Record.Images[0].Height));
        Assert.Equal(width == madeWidth ? 0 : 1, Nodes(body, "ImageScale").Length);
    }

    [Fact]
    public async Task What_is_not_masked_is_put_back_as_it_was()
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.ComfyUI);

        RunReport report = await spine.LearnAndRunAsync(OwnServers.Asks(ImageOperation.Inpaint, new RequestDraft { Prompt = "a hat", Image = spine.Picture(), Mask = spine.Mask() }));

        spine.AssertDelivered(report, Vendor);
        JsonNode body = spine.Ordered().Body!;
        Assert.Equal("red", (string)Node(body, "LoadImageMask")["channel"]!);
        Assert.Single(Nodes(body, "SetLatentNoiseMask"));
        Assert.Single(Nodes(body, "ImageCompositeMasked"));
        Assert.Equal(0.8, (double)Node(body, "KSampler")["denoise"]!);
    }

    [Fact]
    public async Task A_model_made_to_fill_holes_starts_from_grey()
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.ComfyUI);

        RunReport report = await spine.LearnAndRunAsync(OwnServers.Asks(ImageOperation.Inpaint, new RequestDraft { Prompt = "a hat", Image = spine.Picture(), Mask = spine.Mask(), Strength = 0.5 }) with { Model = "sd-v1-5-inpainting" });

        spine.AssertDelivered(report, Vendor);
        Assert.Equal((6, 1.0), ((int)Node(spine.Ordered().Body!, "VAEEncodeForInpaint")["grow_mask_by"]!, (double)Node(spine.Ordered().Body!, "KSampler")["denoise"]!));
    }

    [Fact]
    public async Task A_picture_is_continued_on_a_canvas()
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.ComfyUI);

        RunReport report = await spine.LearnAndRunAsync(OwnServers.Asks(ImageOperation.Outpaint, new RequestDraft { Image = spine.Picture(), Up = 64, Down = 30 }));

        spine.AssertDelivered(report, Vendor);
        Assert.Equal((96, 160), (report.Record.Images[0].Width, report.Record.Images[0].Height));
        Assert.Equal(1.0, (double)Node(spine.Ordered().Body!, "KSampler")["denoise"]!);
        Assert.Single(Nodes(spine.Ordered().Body!, "VAEEncodeForInpaint"));
    }

    [Fact]
    public async Task A_variation_changes_by_as_much_as_asked()
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.ComfyUI);

        RunReport report = await spine.LearnAndRunAsync(OwnServers.Asks(ImageOperation.Vary, new RequestDraft { Image = spine.Picture(), Strength = 0.3, Count = 2 }));

        Assert.Null(report.Error);
        Assert.Equal([0.3, 0.3], Orders(spine).Select(o => (double)Node(o.Body!, "KSampler")["denoise"]!));
        // Both jobs start from the same picture, which went there once.
        Assert.Equal(1, spine.Vendors.Count(Vendor).Uploads);
    }

    [Theory]
    [InlineData(true, "RealESRGAN_x4plus.pth")]
    [InlineData(false, "lanczos")]
    public async Task A_picture_is_enlarged_to_the_size_asked_for_whatever_the_models_own_factor(bool models, string model)
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.ComfyUI);
        spine.Vendors.ComfyUI.HasUpscalers = models;

        RunReport report = await spine.LearnAndRunAsync(OwnServers.Asks(ImageOperation.Upscale, new RequestDraft { Image = spine.Picture(), Scale = 2 }));

        spine.AssertDelivered(report, Vendor);
        Assert.Equal(model, report.Record.Model);
        Assert.Equal((192, 128), (report.Record.Images[0].Width, report.Record.Images[0].Height));
        Assert.Equal(models ? 0 : 1, report.Record.Quote.Notes.Count);
    }

    [Fact]
    public async Task Without_what_a_style_needs_it_is_named()
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.ComfyUI);

        ImageError error = await spine.RefusalAsync(OwnServers.Asks(ImageOperation.Style, new RequestDraft { Image = spine.Picture(), StyleImage = spine.Picture() }));

        Assert.Equal(ImageErrorId.Unsupported, error.Id);
        Assert.Contains("IPAdapter", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_look_is_taken_over_by_an_IP_Adapter_or_by_Redux()
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.ComfyUI);
        Order order = OwnServers.Asks(ImageOperation.Style, new RequestDraft { Prompt = "a harbour", Image = spine.Picture(), StyleImage = spine.Picture(), Strength = 0.6 });

        spine.Vendors.ComfyUI.HasIPAdapter = true;
        RunReport report = await spine.LearnAndRunAsync(order);
        Assert.Null(report.Error);
        JsonNode body = Orders(spine)[0].Body!;
        Assert.Equal(("style transfer", 0.6), ((string)Node(body, "IPAdapter")["weight_type"]!, (double)Node(body, "KSampler")["denoise"]!));
        Assert.Equal(2, Nodes(body, "LoadImage").Select(n => (string)n["image"]!).Distinct().Count());

        (spine.Vendors.ComfyUI.HasIPAdapter, spine.Vendors.ComfyUI.Flux) = (false, 2);
        report = await spine.LearnAndRunAsync(order with { RunId = Core.Tasks.RunIds.New() });
        Assert.Null(report.Error);
        body = Orders(spine)[1].Body!;
        Assert.Equal("flux1-dev.safetensors", report.Record.Model);
        Assert.Equal((1.0, "simple"), ((double)Node(body, "KSampler")["cfg"]!, (string)Node(body, "KSampler")["scheduler"]!));
        Assert.Single(Nodes(body, "StyleModelApply"));
        Assert.Empty(spine.Vendors.Violations);
    }

    [Theory]
    [InlineData(ConsistencyMode.Strict, 0.9)]
    [InlineData(ConsistencyMode.Balanced, 0.6)]
    [InlineData(ConsistencyMode.Loose, 0.3)]
    public async Task References_weigh_as_much_as_their_consistency_says(ConsistencyMode mode, double weight)
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.ComfyUI);
        spine.Vendors.ComfyUI.HasIPAdapter = true;

        RunReport report = await spine.LearnAndRunAsync(OwnServers.Asks(ImageOperation.Generate, new RequestDraft { Prompt = "a fox", ReferenceImages = [spine.Picture(), spine.Picture()], ConsistencyMode = mode }));

        spine.AssertDelivered(report, Vendor);
        Assert.Equal([weight, weight], Nodes(spine.Ordered().Body!, "IPAdapter").Select(n => (double)n["weight"]!));
        Assert.Equal(2, spine.Vendors.Count(Vendor).Uploads);
    }

    [Fact]
    public async Task An_old_server_does_as_well()
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.ComfyUI);
        spine.Vendors.ComfyUI.IsOld = true;

        RunReport report = await spine.LearnAndRunAsync(OwnServers.Asks(ImageOperation.Img2Img, new RequestDraft { Prompt = "a fox", Image = spine.Picture() }));

        spine.AssertDelivered(report, Vendor);
        Assert.NotEqual(report.Record.Tasks[0].ClientId, report.Record.TaskId);
    }

    [Theory]
    [InlineData("""{"sampler_name":"dpmpp_2m","scheduler":"karras","cfg":5}""", true)]
    [InlineData("""{"sampler_name":"Euler a"}""", false)]
    [InlineData("""{"denoise":0.1}""", false)]
    public async Task Options_are_checked_against_what_the_server_has(string options, bool good)
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.ComfyUI);
        Order order = OwnServers.Local with { Options = (JsonObject)JsonNode.Parse(options)! };

        if (good)
            spine.AssertDelivered(await spine.LearnAndRunAsync(order), Vendor);
        else
            Assert.Equal(ImageErrorId.InvalidRequest, (await spine.RefusalAsync(order)).Id);
    }

    [Theory]
    [InlineData(FaultKind.DropBeforeAnswer)]
    [InlineData(FaultKind.DropMidAnswer)]
    [InlineData(FaultKind.Truncate)]
    public async Task A_lost_answer_is_found_again_by_the_id_made_here(FaultKind kind)
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.ComfyUI);
        spine.Vendors.Faults.Add(Vendor, FaultStage.Submit, kind);

        RunReport report = await spine.LearnAndRunAsync(OwnServers.Local);
        Assert.Equal((ImageTaskStatus.Unknown, false), (report.Record.Status, report.Error!.MayHaveBeenCharged));
        Assert.DoesNotContain("-Resubmit", report.Error.Recommendation, StringComparison.Ordinal);

        spine.AssertDelivered(await spine.ResumeAsync(report.RecordPath), Vendor);
    }

    [Fact]
    public async Task Nothing_is_left_of_an_order_that_never_arrived()
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.ComfyUI);
        spine.Vendors.Faults.Add(Vendor, FaultStage.Submit, FaultKind.DropBeforeRead);
        RunReport report = await spine.LearnAndRunAsync(OwnServers.Local);

        RunReport resumed = await spine.ResumeAsync(report.RecordPath);

        Assert.Equal((ImageErrorId.NotFound, ImageTaskStatus.Failed), (resumed.Error!.Id, resumed.Record.Status));
        Assert.Equal((1, 0), (spine.Vendors.Count(Vendor).Submits, spine.Vendors.Count(Vendor).BilledSubmits));
    }

    [Fact]
    public async Task A_job_that_waits_and_runs_is_followed_to_its_end()
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.ComfyUI);
        spine.Vendors.ComfyUI.PollsUntilReady = 5;

        RunReport report = await spine.LearnAndRunAsync(OwnServers.Local);

        spine.AssertDelivered(report, Vendor);
        Assert.Contains(spine.Listener.Steps, s => s.Status == ImageTaskStatus.Queued && s.Word == "pending");
        Assert.Contains(spine.Listener.Steps, s => s.Status == ImageTaskStatus.Running && s.Word == "running");
    }

    [Theory]
    [InlineData(false, 10_000, ImageTaskStatus.Canceled)]
    [InlineData(true, 10_000, ImageTaskStatus.Canceled)]
    public async Task A_waiting_job_is_taken_out_of_the_queue(bool old, double seconds, ImageTaskStatus status)
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.ComfyUI);
        (spine.Vendors.ComfyUI.IsOld, spine.Vendors.ComfyUI.WorkSeconds) = (old, seconds);
        RunReport report = await spine.LearnAndRunAsync(OwnServers.Local with { NoWait = true });

        RunReport canceled = await spine.NewEngine().CancelAsync(report.RecordPath, spine.Listener, default);

        Assert.Equal(status, canceled.Record.Status);
        Assert.False(canceled.Error?.MayHaveBeenCharged);
        Assert.Empty(spine.Vendors.Violations);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_running_job_is_interrupted_and_nobody_elses(bool old)
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.ComfyUI);
        spine.Vendors.ComfyUI.IsOld = old;
        spine.Vendors.ComfyUI.WorkSeconds = 2000;
        RunReport waiting = await spine.LearnAndRunAsync(OwnServers.Local with { NoWait = true });
        spine.Vendors.ComfyUI.WorkSeconds = 0.0001;
        RunReport report = await spine.LearnAndRunAsync(OwnServers.Local with { NoWait = true, RunId = Core.Tasks.RunIds.New() });
        spine.Vendors.ComfyUI.Hold(report.Record.TaskId!);

        RunReport canceled = await spine.NewEngine().CancelAsync(report.RecordPath, spine.Listener, default);

        Assert.Equal(ImageTaskStatus.Canceled, canceled.Record.Status);
        Assert.Equal(ImageTaskStatus.Queued, (await spine.NewEngine().AskAsync(waiting.RecordPath, spine.Listener, default)).Record.Status);
        Assert.Empty(spine.Vendors.Violations);
    }

    [Fact]
    public async Task A_node_that_fails_is_named_with_what_helps()
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.ComfyUI);
        spine.Vendors.Faults.Add(Vendor, FaultStage.Submit, FaultKind.Refuse);

        RunReport report = await spine.LearnAndRunAsync(OwnServers.Local);

        Assert.Equal((ImageErrorId.ProviderUnavailable, ImageTaskStatus.Failed, false), (report.Error!.Id, report.Record.Status, report.Error.MayHaveBeenCharged));
        Assert.Equal("KSampler: Allocation on device", report.Error.VendorMessage);
        Assert.Contains("smaller -Size", report.Error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_graph_says_which_node_it_was()
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.ComfyUI);
        Plan plan = await spine.LearnAndPlanAsync(OwnServers.Local);
        spine.Vendors.ComfyUI.HasCheckpoints = false;

        RunReport report = await spine.Engine.RunAsync(ApprovedCall.Gate.Approve(plan, new ForegroundConsent(true), new Budget())!, spine.Options(OwnServers.Local), spine.Listener, default);

        Assert.Equal(ImageErrorId.InvalidRequest, report.Error!.Id);
        Assert.Contains("CheckpointLoaderSimple: Value not in list", report.Error.VendorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(500)]
    public async Task Questions_are_asked_again(int status)
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.ComfyUI);
        foreach (FaultStage stage in new[] { FaultStage.Poll, FaultStage.Result, FaultStage.Upload, FaultStage.Download })
            spine.Say(Vendor, stage, status, null, times: 1);

        RunReport report = await spine.LearnAndRunAsync(OwnServers.Asks(ImageOperation.Img2Img, new RequestDraft { Prompt = "a fox", Image = spine.Picture() }));

        spine.AssertDelivered(report, Vendor);
    }

    [Theory]
    [InlineData("{}", typeof(StatusAnswer.NotFound))]
    [InlineData("""{"00000000-0000-4000-8000-000000000001":{"outputs":{"9":{"images":[{"filename":"a b.png","subfolder":"x/y","type":"output"}]}},"status":null}}""", typeof(StatusAnswer.Finished))]
    [InlineData("""{"00000000-0000-4000-8000-000000000001":{"outputs":{},"status":{"status_str":"success","completed":true,"messages":[]}}}""", typeof(StatusAnswer.Failed))]
    [InlineData("""{"00000000-0000-4000-8000-000000000001":{"outputs":{"9":{"images":[{"filename":"a.png","subfolder":"","type":"temp"}]}},"status":{"status_str":"success"}}}""", typeof(StatusAnswer.Failed))]
    [InlineData("""{"00000000-0000-4000-8000-000000000001":{"outputs":{},"status":{"status_str":"error","messages":[["execution_start",{}],["execution_interrupted",{}]]}}}""", typeof(StatusAnswer.Canceled))]
    [InlineData("""{"00000000-0000-4000-8000-000000000001":{"outputs":{},"status":{"status_str":"error","messages":[["execution_error",{"node_type":"VAEDecode","exception_message":"bad\nworse"}]]}}}""", typeof(StatusAnswer.Failed))]
    public void The_history_tells_how_a_job_ended(string json, Type kind) =>
        Assert.IsType(kind, Provider.ReadResult(Job, VendorTools.Answer(200, json)));

    [Fact]
    public void A_picture_is_fetched_from_below_the_base_URL_whatever_it_is_called()
    {
        StatusAnswer.Finished done = Assert.IsType<StatusAnswer.Finished>(Provider.ReadResult(Job, VendorTools.Answer(200,
            """{"00000000-0000-4000-8000-000000000001":{"outputs":{"9":{"images":[{"filename":"../a&b.png","subfolder":"http://evil.example","type":"output"}]}}}}""")));

        Uri url = Assert.Single(done.Pictures).Url!;
        Assert.False(url.IsAbsoluteUri);
        Assert.Equal("view?filename=..%2Fa%26b.png&subfolder=http%3A%2F%2Fevil.example&type=output", url.OriginalString);
    }

    private static RequestRecord[] Orders(Spine spine) => [.. spine.Vendors.Requests.Where(r => r.Stage == FaultStage.Submit)];

    private static JsonNode Node(JsonNode body, string type) => Assert.Single(Nodes(body, type));

    private static JsonNode[] Nodes(JsonNode body, string type) => [.. body["prompt"]!.AsObject().Select(n => n.Value!).Where(n => (string)n["class_type"]! == type).Select(n => n["inputs"]!)];
}
