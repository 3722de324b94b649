using PSImageGen.Core.Engine;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Providers.StableDiffusion;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tests.Support;
using PSImageGen.Core.Wire;
using PSImageGen.FakeProviders.Vendors.OwnServers;

namespace PSImageGen.Core.Tests.Providers;

/// <summary>Which server it is, whether it can be used, what to do where it cannot; and the password in its address.</summary>
public class StableDiffusionTests
{
    private static readonly StableDiffusionProvider Provider = new();

    [Fact]
    public async Task Both_kinds_are_told_apart_at_one_variable_and_are_free()
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.A1111);
        Plan plan = await spine.LearnAndPlanAsync(OwnServers.Local);
        Assert.Equal(("v1-5-pruned-emaonly", true, true), (plan.Candidates[0].Quote.Model, plan.Candidates[0].Quote.IsFree, plan.IsFree));
        Assert.Equal("512x512", plan.Candidates[0].Quote.Size);

        spine.Variables[OwnServers.Variable] = spine.Vendors.ComfyUI.BaseUrl;
        plan = await spine.LearnAndPlanAsync(OwnServers.Local);
        Assert.Equal(("sdxl/sd_xl_base_1.0.safetensors", "1024x1024", true), (plan.Candidates[0].Quote.Model, plan.Candidates[0].Quote.Size, plan.IsFree));
    }

    [Fact]
    public async Task Only_free_questions_go_out_before_anything_is_agreed_to()
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.A1111);

        await spine.LearnAndPlanAsync(OwnServers.Local);

        Assert.All(spine.Vendors.Requests, r => Assert.Equal("GET", r.Method));
    }

    [Fact]
    public async Task Nobody_there_says_how_to_start_one()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Variables[OwnServers.Variable] = "http://127.0.0.1:1";

        ImageError error = await spine.RefusalAsync(OwnServers.Local);

        Assert.Equal((ImageErrorId.ProviderUnavailable, "StableDiffusion"), (error.Id, error.Provider));
        Assert.Contains("http://127.0.0.1:1", error.Message, StringComparison.Ordinal);
        Assert.Contains("--api", error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_there_stops_no_other_provider()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Variables[OwnServers.Variable] = "http://127.0.0.1:1";

        Plan plan = await spine.LearnAndPlanAsync(OwnServers.Local with { Provider = null, Size = "1024x1024" });

        Assert.NotEmpty(plan.Candidates);
        Assert.DoesNotContain(plan.Candidates, c => c.Quote.Provider == "StableDiffusion");
    }

    [Fact]
    public async Task Unset_it_is_not_there()
    {
        await using Spine spine = await Spine.StartAsync();

        Assert.DoesNotContain((await spine.LearnAndPlanAsync(OwnServers.Local with { Provider = null, Size = "1024x1024" })).Candidates, c => c.Quote.Provider == "StableDiffusion");
        ImageError error = await spine.RefusalAsync(OwnServers.Local);
        Assert.Equal(ImageErrorId.NoProvider, error.Id);
        Assert.Contains(OwnServers.Variable, error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_its_API_it_says_so()
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.A1111);
        spine.Vendors.Set("a1111Api", 0);

        ImageError error = await spine.RefusalAsync(OwnServers.Local);

        Assert.Equal(ImageErrorId.ProviderUnavailable, error.Id);
        Assert.Contains("without its API", error.Message, StringComparison.Ordinal);
        Assert.Contains("--api", error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_neither_is_not_taken_for_one()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Variables[OwnServers.Variable] = spine.Vendors.ElsewhereUrl;

        ImageError error = await spine.RefusalAsync(OwnServers.Local);

        Assert.Equal(ImageErrorId.ProviderUnavailable, error.Id);
        Assert.Contains("neither", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_models_says_where_they_go()
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.ComfyUI);
        spine.Vendors.Set("comfyCheckpoints", 0);

        ImageError error = await spine.RefusalAsync(OwnServers.Local);

        Assert.Equal(ImageErrorId.ProviderUnavailable, error.Id);
        Assert.Contains("models/checkpoints", error.Recommendation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("A1111", false)]
    [InlineData("A1111", true)]
    [InlineData("ComfyUI", false)]
    [InlineData("ComfyUI", true)]
    public async Task A_password_that_is_missing_or_wrong_is_asked_for(string kind, bool wrong)
    {
        await using Spine spine = await OwnServers.StartAsync(v => Of(v, kind));
        Of(spine.Vendors, kind).WantsPassword = true;
        if (wrong)
            spine.Variables[OwnServers.Variable] = Of(spine.Vendors, kind).BaseUrl.Replace("://", "://artist:guessed@", StringComparison.Ordinal);

        ImageError error = await spine.RefusalAsync(OwnServers.Local);

        Assert.Equal(ImageErrorId.AuthenticationFailed, error.Id);
        Assert.Contains("http://user:password@127.0.0.1", error.Recommendation, StringComparison.Ordinal);
        Assert.DoesNotContain("guessed", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("A1111")]
    [InlineData("ComfyUI")]
    public async Task With_the_password_in_the_address_all_goes_well_and_it_is_nowhere_to_be_read(string kind)
    {
        await using Spine spine = await OwnServers.StartAsync(v => Of(v, kind));
        OwnServer server = Of(spine.Vendors, kind);
        server.WantsPassword = true;
        spine.Variables[OwnServers.Variable] = server.BaseUrlWithPassword;

        RunReport report = await spine.LearnAndRunAsync(OwnServers.Asks(ImageOperation.Img2Img, new RequestDraft { Prompt = "a fox", Image = spine.Picture() }));

        spine.AssertDelivered(report, kind);
        string everything = spine.EverythingWritten() + report.ToTask();
        Assert.DoesNotContain(server.Password, everything, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Key, everything, StringComparison.Ordinal);
    }

    [Fact]
    public void The_paid_cloud_is_refused_and_not_taken_for_free()
    {
        Uri cloud = new("https://cloud.comfy.org/api");
        Assert.False(Provider.IsFree(Provider.Catalogue.Models[0], cloud));
        Assert.True(Provider.IsFree(Provider.Catalogue.Models[0], new Uri("http://comfy.org.example:8188")));

        AIImageException e = Assert.Throws<AIImageException>(() => Provider.ReadCapabilities([.. Provider.Capabilities.Select(_ => (VendorAnswer?)null)], cloud));
        Assert.Equal(ImageErrorId.Unsupported, e.Error.Id);
    }

    [Theory]
    [InlineData("v1-5-pruned-emaonly.safetensors [6ce0161689]", "sd15", "512x512")]
    [InlineData("anything-v4.5.ckpt", "unknown", "1024x1024")]
    [InlineData("juggernautXL_v9.safetensors", "sdxl", "1024x1024")]
    [InlineData("ponyDiffusionV6.safetensors", "sdxl", "1024x1024")]
    [InlineData("v2-1_768-ema-pruned.safetensors", "unknown", "768x768")]
    [InlineData("flux1-dev-fp8.safetensors", "flux", "1024x1024")]
    [InlineData("sd3_medium.safetensors", "sd3", "1024x1024")]
    public void The_name_of_a_checkpoint_suggests_what_it_is(string name, string basis, string size) =>
        Assert.Equal((basis, size), (Checkpoint.Base(name), Checkpoint.Size(name)));

    [Theory]
    [InlineData("dir/model.v2.safetensors [abc123]", "model.v2")]
    [InlineData("dir\\model.ckpt", "model")]
    [InlineData("model", "model")]
    public void A_title_is_a_name_with_trimmings(string title, string name) => Assert.Equal(name, Checkpoint.Bare(title));

    [Theory]
    [InlineData("16:9", "704x384")]
    [InlineData("1:1", "512x512")]
    public async Task A_small_model_keeps_its_area_in_every_shape(string ratio, string size)
    {
        await using Spine spine = await OwnServers.StartAsync(v => v.A1111);

        Plan plan = await spine.LearnAndPlanAsync(OwnServers.Asks(ImageOperation.Generate, new RequestDraft { Prompt = "a fox", AspectRatio = ratio }));

        Assert.Equal(size, plan.Candidates[0].Quote.Size);
    }

    [Theory]
    [InlineData(401, """{"detail":"Not authenticated"}""", ImageErrorId.AuthenticationFailed, Acceptance.NotAccepted)]
    [InlineData(404, """{"detail":"Not Found"}""", ImageErrorId.NotFound, Acceptance.NotAccepted)]
    [InlineData(404, """{"error":"HTTPException","detail":"Init image not found","body":"","errors":""}""", ImageErrorId.InvalidRequest, Acceptance.Refused)]
    [InlineData(400, """{"error":"HTTPException","detail":"Sampler not found","body":"","errors":""}""", ImageErrorId.InvalidRequest, Acceptance.Refused)]
    [InlineData(422, """{"detail":"Script 'controlnet' not found"}""", ImageErrorId.Unsupported, Acceptance.Refused)]
    [InlineData(422, """{"detail":[{"loc":["body","steps"],"msg":"value is not a valid integer","type":"type_error"}]}""", ImageErrorId.InvalidRequest, Acceptance.Refused)]
    [InlineData(500, """{"error":"HTTPException","detail":"Invalid encoded image","body":"","errors":""}""", ImageErrorId.InvalidImage, Acceptance.Refused)]
    [InlineData(500, """{"error":"OutOfMemoryError","detail":"","body":"","errors":"CUDA out of memory."}""", ImageErrorId.ProviderUnavailable, Acceptance.NotAccepted)]
    [InlineData(500, """{"error":"NansException","detail":"","body":"","errors":"A tensor with all NaNs was produced"}""", ImageErrorId.ProviderUnavailable, Acceptance.NotAccepted)]
    [InlineData(500, """{"error":"RuntimeError","detail":"","body":"","errors":"model 'x' not found"}""", ImageErrorId.InvalidRequest, Acceptance.Refused)]
    [InlineData(502, """{}""", ImageErrorId.ProviderUnavailable, Acceptance.Unknown)]
    [InlineData(429, """{"detail":"rate limit exceeded"}""", ImageErrorId.RateLimited, Acceptance.NotAccepted)]
    [InlineData(413, """{}""", ImageErrorId.InvalidImage, Acceptance.Refused)]
    [InlineData(400, """{"error":{"type":"missing_node_type","message":"Node 'IPAdapter' not found.","details":"","extra_info":{"class_type":"IPAdapter"}},"node_errors":{}}""", ImageErrorId.InvalidRequest, Acceptance.Refused)]
    [InlineData(400, """{"error":{"type":"prompt_no_outputs","message":"Prompt has no outputs","details":"","extra_info":{}},"node_errors":[]}""", ImageErrorId.InvalidRequest, Acceptance.Refused)]
    public void Each_no_is_understood(int status, string json, ImageErrorId id, Acceptance acceptance)
    {
        VendorFailure failure = Provider.Classify(VendorTools.Answer(status, json));
        Assert.Equal((id, acceptance), (failure.Id, failure.Acceptance));
    }

    [Fact]
    public void The_words_name_the_node_and_what_is_wrong_with_it()
    {
        VendorFailure failure = Provider.Classify(VendorTools.Answer(400, """
            {"error":{"type":"prompt_outputs_failed_validation","message":"Prompt outputs failed validation","details":"","extra_info":{}},
             "node_errors":{"3":{"class_type":"KSampler","dependent_outputs":["9"],"errors":[{"type":"value_not_in_list","message":"Value not in list","details":"sampler_name: 'eular' not in [...]","extra_info":{}}]}}}
            """));

        Assert.Contains("KSampler: Value not in list (sampler_name: 'eular'", failure.Message, StringComparison.Ordinal);
    }

    private static OwnServer Of(FakeProviders.FakeVendors vendors, string kind) => kind == "A1111" ? vendors.A1111 : vendors.ComfyUI;
}
