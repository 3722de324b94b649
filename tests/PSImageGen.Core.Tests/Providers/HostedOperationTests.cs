using PSImageGen.Core.Engine;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tests.Support;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.FakeProviders.Log;

namespace PSImageGen.Core.Tests.Providers;

/// <summary>Every operation of every model of the vendors that host other makers' models, from order to picture.</summary>
public class HostedOperationTests
{
    private static readonly string[] Hosts = ["Fal", "Replicate", "SkillsVideo"];

    public static TheoryData<string, string, ImageOperation> Everything()
    {
        TheoryData<string, string, ImageOperation> data = [];
        foreach (string host in Hosts)
        {
            foreach (ModelRow model in ProviderRegistry.BuiltIn.Get(host).Catalogue.Models.Where(m => m.Retired is null))
            {
                foreach (ImageOperation operation in Enum.GetValues<ImageOperation>().Where(model.Can))
                    data.Add(host, model.Id, operation);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task Every_operation_of_every_model_brings_a_picture_paid_once(string host, string model, ImageOperation operation)
    {
        await using Spine spine = await Spine.StartAsync();
        ModelRow row = ProviderRegistry.BuiltIn.Get(host).Catalogue.Find(model)!;
        RequestDraft draft = SamplePictures.Draft(operation, references: operation == ImageOperation.Generate ? Math.Min(row.MaxReferences, 2) : 0);
        Order order = Order.From(host) with { Model = model, Asks = (operation, draft) };
        CallShape shape = spine.Plan(order).Candidates[0].Shape;

        RunReport report = await spine.RunAsync(order);

        spine.AssertDelivered(report, host);
        string?[] given = [draft.Image, draft.Mask, draft.StyleImage, .. draft.ReferenceImages ?? []];
        Assert.Equal(given.Where(g => g is not null), report.Record.Parents.Select(p => p.Path));
        // Whatever goes in arrives there, the mask made of the margins included.
        RequestRecord submit = spine.Vendors.Requests.Single(r => r.Stage is FaultStage.Submit or FaultStage.Stream && r.Method == "POST");
        Assert.Equal(shape.Inputs.Count, submit.Files.Count);
        if (shape.Size is { } size)
            Assert.Equal((size.Width, size.Height), (report.Record.Images[0].Width, report.Record.Images[0].Height));
    }

    [Theory]
    [InlineData("Fal", ImageOperation.Generate, 0, "fal-ai/flux/dev")]
    [InlineData("Fal", ImageOperation.Generate, 3, "fal-ai/flux-2-pro")]
    [InlineData("Fal", ImageOperation.Img2Img, 0, "fal-ai/flux/dev/image-to-image")]
    [InlineData("Fal", ImageOperation.Img2Img, 1, "fal-ai/flux-2-pro")]
    [InlineData("Fal", ImageOperation.Inpaint, 0, "fal-ai/flux-pro/v1/fill")]
    [InlineData("Fal", ImageOperation.Outpaint, 0, "fal-ai/flux-2-pro/outpaint")]
    [InlineData("Fal", ImageOperation.Upscale, 0, "fal-ai/seedvr/upscale/image")]
    [InlineData("Fal", ImageOperation.Vary, 0, "fal-ai/flux-pro/v1.1/redux")]
    [InlineData("Fal", ImageOperation.Style, 0, "fal-ai/image-apps-v2/style-transfer")]
    [InlineData("Replicate", ImageOperation.Generate, 0, "black-forest-labs/flux-1.1-pro")]
    [InlineData("Replicate", ImageOperation.Generate, 1, "black-forest-labs/flux-2-pro")]
    [InlineData("Replicate", ImageOperation.Img2Img, 0, "black-forest-labs/flux-dev")]
    [InlineData("Replicate", ImageOperation.Inpaint, 0, "black-forest-labs/flux-fill-pro")]
    [InlineData("Replicate", ImageOperation.Outpaint, 0, "black-forest-labs/flux-fill-pro")]
    [InlineData("Replicate", ImageOperation.Upscale, 0, "philz1337x/clarity-upscaler")]
    [InlineData("Replicate", ImageOperation.Vary, 0, "black-forest-labs/flux-redux-dev")]
    [InlineData("Replicate", ImageOperation.Style, 0, "black-forest-labs/flux-2-pro")]
    [InlineData("SkillsVideo", ImageOperation.Img2Img, 2, "google/nano-banana-2")]
    [InlineData("SkillsVideo", ImageOperation.Vary, 0, "google/nano-banana-2")]
    [InlineData("SkillsVideo", ImageOperation.Style, 0, "google/nano-banana-2")]
    public void The_operation_picks_the_model(string host, ImageOperation operation, int references, string model) =>
        Assert.Equal(model, ProviderRegistry.BuiltIn.Get(host).Catalogue.DefaultFor(new ImageRequest(operation, SamplePictures.Draft(operation, references)))!.Id);

    [Theory]
    [InlineData("Fal", "fal-ai/flux-pulid", ConsistencyMode.Strict, 1.2)]
    [InlineData("Fal", "fal-ai/flux-pulid", ConsistencyMode.Balanced, 1.0)]
    [InlineData("Fal", "fal-ai/instant-character", ConsistencyMode.Loose, 0.6)]
    [InlineData("Replicate", "bytedance/flux-pulid", ConsistencyMode.Strict, 1.2)]
    [InlineData("Replicate", "bytedance/flux-pulid", ConsistencyMode.Loose, 0.6)]
    public void References_weigh_as_the_consistency_asks(string host, string model, ConsistencyMode mode, double weight)
    {
        Provider provider = ProviderRegistry.BuiltIn.Get(host);
        ProviderCall call = Translation.Call(provider, model, SamplePictures.Draft(ImageOperation.Generate, 1) with { ConsistencyMode = mode }, "u:0");
        System.Text.Json.Nodes.JsonNode body = Translation.Body(provider.Submit(call));

        Assert.Equal(weight, (double)(body["input"] ?? body)[call.Shape.Model.Fields["weight"]]!);
    }

    [Theory]
    [InlineData("Fal", "fal-ai/flux-pulid")]
    [InlineData("Replicate", "bytedance/flux-pulid")]
    public void A_model_of_faces_is_not_ordered_without_one(string host, string model) =>
        Assert.Contains("-ReferenceImage", Assert.Throws<AIImageException>(() => Translation.Call(ProviderRegistry.BuiltIn.Get(host), model)).Error.Recommendation, StringComparison.Ordinal);

    [Theory]
    [InlineData("Fal", "fal-ai/flux-pro/kontext")]
    [InlineData("Replicate", "black-forest-labs/flux-kontext-pro")]
    public void A_model_of_one_picture_takes_no_second_one(string host, string model) =>
        Assert.Contains("at most 1 picture", Assert.Throws<AIImageException>(() =>
            Translation.Call(ProviderRegistry.BuiltIn.Get(host), ImageOperation.Img2Img, model, SamplePictures.Draft(ImageOperation.Img2Img, 1))).Error.Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("Fal", ImageOperation.Vary, "fal-ai/flux-2-pro", "made as an edit")]
    [InlineData("Fal", ImageOperation.Style, "fal-ai/nano-banana-pro", "made as an edit")]
    [InlineData("Replicate", ImageOperation.Vary, "google/nano-banana-2", "made as an edit")]
    [InlineData("SkillsVideo", ImageOperation.Style, "google/nano-banana-2", "made as an edit")]
    [InlineData("Fal", ImageOperation.Outpaint, "fal-ai/flux-2-pro/outpaint", "the prompt is not used")]
    [InlineData("Fal", ImageOperation.Upscale, "fal-ai/aura-sr", "enlarges 4 times; the result is made 2 times as large here")]
    public void What_is_done_in_a_roundabout_way_is_said_before_paying(string host, ImageOperation operation, string model, string words) =>
        Assert.Contains(Translation.Call(ProviderRegistry.BuiltIn.Get(host), operation, model, SamplePictures.Draft(operation)).Shape.Notes, n => n.Contains(words, StringComparison.Ordinal));

    [Theory]
    [InlineData("Fal", ImageOperation.Img2Img, "fal-ai/flux/dev/image-to-image", 0.03)]
    [InlineData("Fal", ImageOperation.Img2Img, "fal-ai/flux-2-pro", 0.045)]
    [InlineData("Fal", ImageOperation.Inpaint, "fal-ai/flux-pro/v1/fill", 0.05)]
    [InlineData("Fal", ImageOperation.Upscale, "fal-ai/seedvr/upscale/image", 0.001)]
    [InlineData("Fal", ImageOperation.Outpaint, "fal-ai/flux-2-pro/outpaint", null)]
    [InlineData("Fal", ImageOperation.Vary, "fal-ai/flux/dev/redux", null)]
    [InlineData("Replicate", ImageOperation.Vary, "black-forest-labs/flux-redux-schnell", 0.003)]
    [InlineData("Replicate", ImageOperation.Outpaint, "black-forest-labs/flux-fill-pro", 0.05)]
    [InlineData("Replicate", ImageOperation.Upscale, "philz1337x/clarity-upscaler", null)]
    public void Prices_are_those_that_were_read_and_no_others(string host, ImageOperation operation, string model, double? price)
    {
        Provider provider = ProviderRegistry.BuiltIn.Get(host);

        Assert.Equal((decimal?)price, provider.Price(Translation.Call(provider, operation, model, SamplePictures.Draft(operation)).Shape).AmountMax);
    }

    [Theory]
    [InlineData(ImageOperation.Inpaint, "SkillsVideo cannot do this (Inpaint).")]
    [InlineData(ImageOperation.Outpaint, "SkillsVideo cannot do this (Outpaint).")]
    [InlineData(ImageOperation.Upscale, "SkillsVideo cannot do this (Upscale). Its model topaz/upscale/image cannot be used: What it must be sent is not published")]
    public async Task What_a_vendor_does_not_tell_how_to_do_is_not_supported(ImageOperation operation, string words)
    {
        await using Spine spine = await Spine.StartAsync();

        AIImageException e = Assert.Throws<AIImageException>(() => spine.Plan(Order.From("SkillsVideo") with { Asks = (operation, SamplePictures.Draft(operation)) }));

        Assert.Equal(ImageErrorId.Unsupported, e.Error.Id);
        Assert.StartsWith(words, e.Error.Message, StringComparison.Ordinal);
        Assert.Contains("Replicate", e.Error.Recommendation, StringComparison.Ordinal);
    }
}
