using System.Text.Json.Nodes;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Providers.StableDiffusion;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tests.Support;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.FakeProviders.Images;
using PSImageGen.FakeProviders.Log;

namespace PSImageGen.Core.Tests.Providers;

/// <summary>A1111 and its family: what is sent for each operation, what is taken from an answer, and what the server does without saying so.</summary>
public class A1111Tests
{
    private const string Vendor = "A1111";

    [Fact]
    public async Task A_picture_from_words_has_its_seed_on_record()
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.A1111);

        RunReport report = await spine.LearnAndRunAsync(OwnServers.Asks(ImageOperation.Generate, new RequestDraft { Prompt = "a fox", NegativePrompt = "text" }));

        spine.AssertDelivered(report, Vendor);
        JsonNode body = spine.Ordered().Body!;
        Assert.Equal("/a1111/sdapi/v1/txt2img", spine.Ordered().Path);
        Assert.Equal(("a fox", "text", 20, 512, 512, 1), ((string)body["prompt"]!, (string)body["negative_prompt"]!, (int)body["steps"]!, (int)body["width"]!, (int)body["height"]!, (int)body["n_iter"]!));
        Assert.Equal("v1-5-pruned-emaonly.safetensors [6ce0161689]", (string)body["override_settings"]!["sd_model_checkpoint"]!);
        Assert.Equal((long)body["seed"]!, report.Record.Tasks[0].Seed);
        Assert.Equal(report.Record.Tasks[0].Seed, report.Record.Images[0].Seed);
        Assert.InRange(report.Record.Tasks[0].Seed!.Value, 0, uint.MaxValue);
        Assert.Equal((512, 512), (report.Record.Images[0].Width, report.Record.Images[0].Height));
        Assert.Equal(0m, report.Record.Quote.Amount);
    }

    [Fact]
    public async Task Several_pictures_are_one_call_and_a_contact_sheet_is_none_of_them()
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.A1111);
        spine.Vendors.Set("a1111Grid", 1);

        RunReport report = await spine.LearnAndRunAsync(OwnServers.Local with { Count = 3, Seed = 41 });

        spine.AssertDelivered(report, Vendor, pictures: 3);
        Assert.Equal([41, 42, 43], report.Record.Images.Select(i => i.Seed!.Value));
        Assert.All(report.Record.Images, i => Assert.Equal(512, i.Width));
        Assert.False(Directory.Exists(Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(report.RecordPath))!, "parts")));
    }

    [Fact]
    public async Task A_picture_is_changed_at_its_own_size_by_as_much_as_asked()
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.A1111);
        string source = spine.Picture(width: 640, height: 424);

        RunReport report = await spine.LearnAndRunAsync(OwnServers.Asks(ImageOperation.Img2Img, new RequestDraft { Prompt = "in snow", Image = source, Strength = 0.4 }));

        spine.AssertDelivered(report, Vendor);
        JsonNode body = spine.Ordered().Body!;
        Assert.EndsWith("/img2img", spine.Ordered().Path, StringComparison.Ordinal);
        Assert.Equal((0.4, 640, 424, 1), ((double)body["denoising_strength"]!, (int)body["width"]!, (int)body["height"]!, (int)body["resize_mode"]!));
        Assert.Null(body["mask"]);
        Assert.Equal((640, 424), (report.Record.Images[0].Width, report.Record.Images[0].Height));
        Assert.Equal(source, Assert.Single(report.Record.Parents).Path);
    }

    [Fact]
    public async Task A_masked_part_starts_from_what_was_there_and_the_whole_picture_is_looked_at()
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.A1111);

        RunReport report = await spine.LearnAndRunAsync(OwnServers.Asks(ImageOperation.Inpaint, new RequestDraft { Prompt = "a hat", Image = spine.Picture(), Mask = spine.Mask() }));

        spine.AssertDelivered(report, Vendor);
        JsonNode body = spine.Ordered().Body!;
        Assert.Equal((1, false, 4, 0.75), ((int)body["inpainting_fill"]!, (bool)body["inpaint_full_res"]!, (int)body["mask_blur"]!, (double)body["denoising_strength"]!));
        Assert.Equal(["init_images", "mask"], spine.Ordered().Files.Select(f => f.Field));
        Assert.Equal(["source", "mask"], report.Record.Parents.Select(p => p.Role));
    }

    [Fact]
    public async Task A_picture_is_continued_on_a_canvas_in_steps_of_eight()
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.A1111);

        RunReport report = await spine.LearnAndRunAsync(OwnServers.Asks(ImageOperation.Outpaint, new RequestDraft { Image = spine.Picture(), Left = 30, Right = 64 }));

        spine.AssertDelivered(report, Vendor);
        JsonNode body = spine.Ordered().Body!;
        Assert.Equal((192, 64, 0, 16), ((int)body["width"]!, (int)body["height"]!, (int)body["inpainting_fill"]!, (int)body["mask_blur"]!));
        Assert.All(spine.Ordered().Files, f => Assert.Equal((192, 64), (ImageProbe.Read(f.Bytes)!.Width, ImageProbe.Read(f.Bytes)!.Height)));
        Assert.Equal((192, 64), (report.Record.Images[0].Width, report.Record.Images[0].Height));
    }

    [Fact]
    public async Task A_variation_changes_a_little_and_has_a_seed_of_its_own()
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.A1111);

        RunReport report = await spine.LearnAndRunAsync(OwnServers.Asks(ImageOperation.Vary, new RequestDraft { Image = spine.Picture(), Count = 2, Strength = 0.3 }));

        spine.AssertDelivered(report, Vendor, pictures: 2);
        Assert.Equal((0.3, 2), ((double)spine.Ordered().Body!["denoising_strength"]!, (int)spine.Ordered().Body!["n_iter"]!));
        Assert.Equal(2, report.Record.Images.Select(i => i.Seed).Distinct().Count());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task A_picture_is_enlarged_by_the_best_upscaler(int scale)
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.A1111);

        RunReport report = await spine.LearnAndRunAsync(OwnServers.Asks(ImageOperation.Upscale, new RequestDraft { Image = spine.Picture(), Scale = scale }));

        spine.AssertDelivered(report, Vendor);
        JsonNode body = spine.Ordered().Body!;
        Assert.EndsWith("/extra-single-image", spine.Ordered().Path, StringComparison.Ordinal);
        Assert.Equal(("R-ESRGAN 4x+", 0, scale), ((string)body["upscaler_1"]!, (int)body["resize_mode"]!, (int)body["upscaling_resize"]!));
        Assert.Equal((96 * scale, 64 * scale), (report.Record.Images[0].Width, report.Record.Images[0].Height));
        Assert.Empty(report.Record.Quote.Notes);
    }

    [Fact]
    public async Task Where_there_is_no_AI_upscaler_the_quote_says_so()
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.A1111);
        spine.Vendors.Set("a1111AiUpscalers", 0);

        RunReport report = await spine.LearnAndRunAsync(OwnServers.Asks(ImageOperation.Upscale, new RequestDraft { Image = spine.Picture(), Scale = 2 }));

        spine.AssertDelivered(report, Vendor);
        Assert.Equal("Lanczos", report.Record.Model);
        Assert.Contains("without AI", Assert.Single(report.Record.Quote.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_ControlNet_the_missing_extension_is_named()
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.A1111);

        ImageError style = await spine.RefusalAsync(OwnServers.Asks(ImageOperation.Style, new RequestDraft { Image = spine.Picture(), StyleImage = spine.Picture() }));
        Assert.Equal(ImageErrorId.Unsupported, style.Id);
        Assert.Contains("the ControlNet extension", style.Message, StringComparison.Ordinal);

        ImageError strict = await spine.RefusalAsync(OwnServers.Asks(ImageOperation.Generate, new RequestDraft { Prompt = "a fox", ReferenceImages = [spine.Picture()], ConsistencyMode = ConsistencyMode.Strict }));
        Assert.Equal(ImageErrorId.Unsupported, strict.Id);
        Assert.Contains("the ControlNet extension", strict.Recommendation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "reference_only", "None")]
    [InlineData(2, "ip-adapter-auto", "ip-adapter-plus_sd15 [836b5c2e]")]
    [InlineData(3, "CLIP-ViT-H (IPAdapter)", "ip-adapter-plus_sd15 [836b5c2e]")]
    public async Task The_look_of_another_picture_is_taken_over_by_what_the_server_has(int extension, string module, string model)
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.A1111);
        spine.Vendors.Set("a1111ControlNet", extension);

        RunReport report = await spine.LearnAndRunAsync(OwnServers.Asks(ImageOperation.Style, new RequestDraft { Image = spine.Picture(), StyleImage = spine.Picture(), Strength = 0.6 }));

        spine.AssertDelivered(report, Vendor);
        RequestRecord order = spine.Ordered();
        JsonNode unit = Assert.Single(order.Body!["alwayson_scripts"]!["controlnet"]!["args"]!.AsArray())!;
        Assert.Equal((true, module, model, 0.6), ((bool)unit["enabled"]!, (string)unit["module"]!, (string)unit["model"]!, (double)order.Body["denoising_strength"]!));
        Assert.Equal(["init_images", "controlnet"], order.Files.Select(f => f.Field));
        Assert.DoesNotContain(spine.Listener.Texts, t => t.Contains("ControlNet", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(ConsistencyMode.Strict, 0.9)]
    [InlineData(ConsistencyMode.Balanced, 0.6)]
    [InlineData(ConsistencyMode.Loose, 0.3)]
    public async Task References_weigh_as_much_as_their_consistency_says(ConsistencyMode mode, double weight)
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.A1111);
        spine.Vendors.Set("a1111ControlNet", 2);

        RunReport report = await spine.LearnAndRunAsync(OwnServers.Asks(ImageOperation.Generate, new RequestDraft { Prompt = "a fox", ReferenceImages = [spine.Picture(), spine.Picture()], ConsistencyMode = mode }));

        spine.AssertDelivered(report, Vendor);
        Assert.Equal([weight, weight], spine.Ordered().Body!["alwayson_scripts"]!["controlnet"]!["args"]!.AsArray().Select(u => (double)u!["weight"]!));
        // Pictures sent come back in the answer: they have no place on the record.
        Assert.True(new FileInfo(report.RecordPath).Length < 64 << 10);
    }

    [Fact]
    public async Task A_reference_the_server_could_not_use_is_told()
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.A1111);
        spine.Vendors.Set("a1111ControlNet", 2);
        spine.Vendors.Set("a1111BreaksUnits", 1);

        RunReport report = await spine.LearnAndRunAsync(OwnServers.Asks(ImageOperation.Generate, new RequestDraft { Prompt = "a fox", ReferenceImages = [spine.Picture()] }));

        spine.AssertDelivered(report, Vendor);
        Assert.Contains(spine.Listener.Texts, t => t.Contains("may not have used the picture to follow", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_model_is_asked_for_by_its_title_and_one_that_was_not_used_is_told()
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.A1111);

        RunReport report = await spine.LearnAndRunAsync(OwnServers.Local with { Model = "xl_sd_xl_base_1.0" });
        Assert.Null(report.Error);
        Assert.Equal("xl/sd_xl_base_1.0.safetensors [31e35c80fc]", (string)spine.Ordered().Body!["override_settings"]!["sd_model_checkpoint"]!);
        Assert.Equal(1024, report.Record.Images[0].Width);
        Assert.DoesNotContain(spine.Listener.Texts, t => t.Contains("did not use", StringComparison.Ordinal));

        spine.Vendors.Set("a1111KeepsModel", 1);
        report = await spine.LearnAndRunAsync(OwnServers.Local with { Model = "xl_sd_xl_base_1.0" });
        Assert.Null(report.Error);
        Assert.Contains(spine.Listener.Texts, t => t.Contains("did not use sd_xl_base_1.0 but v1-5-pruned-emaonly", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_model_it_does_not_have_is_refused_with_those_it_has()
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.A1111);

        ImageError error = await spine.RefusalAsync(OwnServers.Local with { Model = "dreamshaper_8" });

        Assert.Equal(ImageErrorId.InvalidRequest, error.Id);
        Assert.Contains("v1-5-pruned-emaonly", error.Recommendation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"sampler_name":"Euler a","steps":30,"cfg_scale":5.5}""", true)]
    [InlineData("""{"sampler_name":"eular"}""", false)]
    [InlineData("""{"steps":0}""", false)]
    [InlineData("""{"width":64}""", false)]
    public async Task Options_are_checked_against_what_the_server_has(string options, bool good)
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.A1111);
        Order order = OwnServers.Local with { Options = (JsonObject)JsonNode.Parse(options)! };

        if (!good)
        {
            Assert.Equal(ImageErrorId.InvalidRequest, (await spine.RefusalAsync(order)).Id);
            return;
        }

        spine.AssertDelivered(await spine.LearnAndRunAsync(order), Vendor);
        Assert.Equal(("Euler a", 30, 5.5), ((string)spine.Ordered().Body!["sampler_name"]!, (int)spine.Ordered().Body!["steps"]!, (double)spine.Ordered().Body!["cfg_scale"]!));
    }

    [Fact]
    public async Task Out_of_memory_says_what_helps_and_costs_nothing()
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.A1111);
        spine.Say(Vendor, FaultStage.Submit, 500, "OutOfMemoryError");

        RunReport report = await spine.LearnAndRunAsync(OwnServers.Local);

        Assert.Equal((ImageErrorId.ProviderUnavailable, ImageTaskStatus.Failed, false), (report.Error!.Id, report.Record.Status, report.Error.MayHaveBeenCharged));
        Assert.Contains("smaller -Size", report.Error.Recommendation, StringComparison.Ordinal);
        Assert.Equal(1, spine.Vendors.Count(Vendor).Submits);
    }

    [Theory]
    [InlineData(FaultKind.DropBeforeAnswer)]
    [InlineData(FaultKind.Truncate)]
    public async Task A_lost_answer_is_lost_but_costs_nothing_to_ask_for_again(FaultKind kind)
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.A1111);
        spine.Vendors.Faults.Add(Vendor, FaultStage.Submit, kind);

        RunReport report = await spine.LearnAndRunAsync(OwnServers.Local);

        Assert.Equal((ImageTaskStatus.Unknown, false), (report.Record.Status, report.Error!.MayHaveBeenCharged));
        Assert.Contains("-Resubmit", report.Error.Recommendation, StringComparison.Ordinal);
        Assert.DoesNotContain("billed", report.Error.Message, StringComparison.Ordinal);
        Assert.Equal(1, spine.Vendors.Count(Vendor).Submits);
    }

    [Fact]
    public async Task There_is_nothing_to_come_back_to()
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.A1111);

        Assert.Equal(ImageErrorId.Unsupported, (await spine.RefusalAsync(OwnServers.Local with { NoWait = true })).Id);
    }

    [Fact]
    public async Task Fewer_pictures_than_asked_for_are_kept_and_told()
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.A1111);
        spine.Vendors.Faults.Add(Vendor, FaultStage.Submit, FaultKind.FewerImages);

        RunReport report = await spine.LearnAndRunAsync(OwnServers.Local with { Count = 2 });

        Assert.Equal((1, ImageErrorId.InvalidResponse), (report.Record.Delivered, report.Error!.Id));
    }

    [Theory]
    [InlineData("""{"images":["part:0","part:1"],"info":"{\"all_seeds\":[7],\"index_of_first_image\":0}"}""", 2, 7L)]
    [InlineData("""{"images":["part:0","part:1"],"info":"{\"all_seeds\":[7],\"index_of_first_image\":1}"}""", 2, 7L)]
    [InlineData("""{"images":["part:0"],"info":""}""", 1, 5L)]
    [InlineData("""{"images":["part:0"],"info":"no json"}""", 1, 5L)]
    [InlineData("""{"images":["part:0"]}""", 1, 5L)]
    public void What_the_answer_leaves_out_is_known_from_the_order(string json, int parts, long seed)
    {
        ProviderCall call = Call(new RequestDraft { Prompt = "a fox", Seed = 5 });

        Picture picture = Assert.Single(Assert.IsType<SubmitAnswer.Finished>(new StableDiffusionProvider().ReadSubmit(call, VendorTools.Answer(200, json, parts))).Pictures);

        Assert.Equal(seed, picture.Seed);
    }

    [Theory]
    [InlineData("""{"images":[],"info":""}""")]
    [InlineData("""{"images":null}""")]
    [InlineData("""{}""")]
    public void No_picture_is_no_success(string json) =>
        Assert.Equal(ImageErrorId.InvalidResponse, Assert.IsType<SubmitAnswer.Refused>(new StableDiffusionProvider().ReadSubmit(Call(), VendorTools.Answer(200, json))).Failure.Id);

    // As it would be planned for a server with one checkpoint.
    private static ProviderCall Call(RequestDraft? draft = null)
    {
        StableDiffusionProvider provider = new();
        ModelRow pattern = provider.Catalogue.Find("a1111-checkpoint")!;
        ModelRow row = pattern with { Id = "m", Fields = new Dictionary<string, string>(pattern.Fields) { ["checkpoint"] = "m.safetensors [1]", ["base"] = "sd15" } };
        CallShape shape = new(provider.Profile.Id, row, new ImageRequest(ImageOperation.Generate, draft ?? new RequestDraft { Prompt = "a fox" }));
        return new ProviderCall(shape, 1, shape.Request.Seed, []);
    }
}
