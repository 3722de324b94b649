using System.Text.Json.Nodes;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Providers.Fal;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tests.Support;

namespace PSImageGen.Core.Tests.Providers;

/// <summary>fal.ai: what is sent for each operation of each model.</summary>
public class FalOperationTests
{
    private const string Link = "https://example.com/a.png";

    private static readonly FalProvider Provider = new();

    // The picture is 96 by 64; it is to change by 0.3, to grow by 32 on the left and 64 below, or to become twice as large.
    [Theory]
    [InlineData(ImageOperation.Img2Img, "fal-ai/flux/dev/image-to-image", null, """{"prompt":"a fox","strength":0.3,"num_images":1,"image_url":"u:0"}""")]
    [InlineData(ImageOperation.Generate, "fal-ai/flux-2-pro", "fal-ai/flux-2-pro/edit", """{"prompt":"a fox","image_size":{"width":1024,"height":1024},"image_urls":["u:0"]}""")]
    [InlineData(ImageOperation.Img2Img, "fal-ai/flux-2-pro", "fal-ai/flux-2-pro/edit", """{"prompt":"a fox","image_size":{"width":768,"height":512},"image_urls":["u:0"]}""")]
    [InlineData(ImageOperation.Vary, "fal-ai/flux-2-pro", "fal-ai/flux-2-pro/edit", """{"prompt":"A slightly different version of this picture. a fox","image_size":{"width":768,"height":512},"image_urls":["u:0"]}""")]
    [InlineData(ImageOperation.Style, "fal-ai/flux-2-pro", "fal-ai/flux-2-pro/edit", """{"prompt":"Redraw the first picture, slightly in the style of the second one. Keep what it shows. a fox","image_size":{"width":768,"height":512},"image_urls":["u:0","u:1"]}""")]
    [InlineData(ImageOperation.Generate, "fal-ai/flux-pro/v1.1-ultra", null, """{"prompt":"a fox","aspect_ratio":"1:1","num_images":1,"image_url":"u:0"}""")]
    [InlineData(ImageOperation.Generate, "fal-ai/nano-banana-pro", "fal-ai/nano-banana-pro/edit", """{"prompt":"a fox","aspect_ratio":"1:1","resolution":"2K","num_images":1,"image_urls":["u:0"]}""")]
    [InlineData(ImageOperation.Img2Img, "fal-ai/nano-banana-pro", "fal-ai/nano-banana-pro/edit", """{"prompt":"a fox","aspect_ratio":"auto","resolution":"2K","num_images":1,"image_urls":["u:0"]}""")]
    [InlineData(ImageOperation.Vary, "fal-ai/nano-banana-pro", "fal-ai/nano-banana-pro/edit", """{"prompt":"A slightly different version of this picture. a fox","aspect_ratio":"auto","resolution":"2K","num_images":1,"image_urls":["u:0"]}""")]
    [InlineData(ImageOperation.Style, "fal-ai/nano-banana-pro", "fal-ai/nano-banana-pro/edit", """{"prompt":"Redraw the first picture, slightly in the style of the second one. Keep what it shows. a fox","aspect_ratio":"auto","resolution":"2K","num_images":1,"image_urls":["u:0","u:1"]}""")]
    [InlineData(ImageOperation.Generate, "fal-ai/nano-banana-2", "fal-ai/nano-banana-2/edit", """{"prompt":"a fox","aspect_ratio":"1:1","resolution":"2K","num_images":1,"image_urls":["u:0"]}""")]
    [InlineData(ImageOperation.Img2Img, "fal-ai/nano-banana-2", "fal-ai/nano-banana-2/edit", """{"prompt":"a fox","aspect_ratio":"auto","resolution":"2K","num_images":1,"image_urls":["u:0"]}""")]
    [InlineData(ImageOperation.Vary, "fal-ai/nano-banana-2", "fal-ai/nano-banana-2/edit", """{"prompt":"A slightly different version of this picture. a fox","aspect_ratio":"auto","resolution":"2K","num_images":1,"image_urls":["u:0"]}""")]
    [InlineData(ImageOperation.Style, "fal-ai/nano-banana-2", "fal-ai/nano-banana-2/edit", """{"prompt":"Redraw the first picture, slightly in the style of the second one. Keep what it shows. a fox","aspect_ratio":"auto","resolution":"2K","num_images":1,"image_urls":["u:0","u:1"]}""")]
    [InlineData(ImageOperation.Generate, "bytedance/seedream/v5/lite/text-to-image", "bytedance/seedream/v5/lite/edit", """{"prompt":"a fox","image_size":{"width":2048,"height":2048},"num_images":1,"image_urls":["u:0"]}""")]
    [InlineData(ImageOperation.Img2Img, "bytedance/seedream/v5/lite/text-to-image", "bytedance/seedream/v5/lite/edit", """{"prompt":"a fox","image_size":{"width":2352,"height":1568},"num_images":1,"image_urls":["u:0"]}""")]
    [InlineData(ImageOperation.Vary, "bytedance/seedream/v5/lite/text-to-image", "bytedance/seedream/v5/lite/edit", """{"prompt":"A slightly different version of this picture. a fox","image_size":{"width":2352,"height":1568},"num_images":1,"image_urls":["u:0"]}""")]
    [InlineData(ImageOperation.Style, "bytedance/seedream/v5/lite/text-to-image", "bytedance/seedream/v5/lite/edit", """{"prompt":"Redraw the first picture, slightly in the style of the second one. Keep what it shows. a fox","image_size":{"width":2352,"height":1568},"num_images":1,"image_urls":["u:0","u:1"]}""")]
    [InlineData(ImageOperation.Generate, "fal-ai/bytedance/seedream/v4.5/text-to-image", "fal-ai/bytedance/seedream/v4.5/edit", """{"prompt":"a fox","image_size":{"width":2048,"height":2048},"num_images":1,"image_urls":["u:0"]}""")]
    [InlineData(ImageOperation.Img2Img, "fal-ai/bytedance/seedream/v4.5/text-to-image", "fal-ai/bytedance/seedream/v4.5/edit", """{"prompt":"a fox","image_size":{"width":2352,"height":1568},"num_images":1,"image_urls":["u:0"]}""")]
    [InlineData(ImageOperation.Vary, "fal-ai/bytedance/seedream/v4.5/text-to-image", "fal-ai/bytedance/seedream/v4.5/edit", """{"prompt":"A slightly different version of this picture. a fox","image_size":{"width":2352,"height":1568},"num_images":1,"image_urls":["u:0"]}""")]
    [InlineData(ImageOperation.Style, "fal-ai/bytedance/seedream/v4.5/text-to-image", "fal-ai/bytedance/seedream/v4.5/edit", """{"prompt":"Redraw the first picture, slightly in the style of the second one. Keep what it shows. a fox","image_size":{"width":2352,"height":1568},"num_images":1,"image_urls":["u:0","u:1"]}""")]
    [InlineData(ImageOperation.Generate, "fal-ai/flux-pro/kontext", null, """{"prompt":"a fox","aspect_ratio":"1:1","num_images":1,"image_url":"u:0"}""")]
    [InlineData(ImageOperation.Img2Img, "fal-ai/flux-pro/kontext", null, """{"prompt":"a fox","num_images":1,"image_url":"u:0"}""")]
    [InlineData(ImageOperation.Vary, "fal-ai/flux-pro/kontext", null, """{"prompt":"A slightly different version of this picture. a fox","num_images":1,"image_url":"u:0"}""")]
    [InlineData(ImageOperation.Generate, "fal-ai/flux-pro/kontext/max", null, """{"prompt":"a fox","aspect_ratio":"1:1","num_images":1,"image_url":"u:0"}""")]
    [InlineData(ImageOperation.Img2Img, "fal-ai/flux-pro/kontext/max", null, """{"prompt":"a fox","num_images":1,"image_url":"u:0"}""")]
    [InlineData(ImageOperation.Vary, "fal-ai/flux-pro/kontext/max", null, """{"prompt":"A slightly different version of this picture. a fox","num_images":1,"image_url":"u:0"}""")]
    [InlineData(ImageOperation.Generate, "fal-ai/flux-pro/kontext/max/multi", null, """{"prompt":"a fox","aspect_ratio":"1:1","num_images":1,"image_urls":["u:0"]}""")]
    [InlineData(ImageOperation.Img2Img, "fal-ai/flux-pro/kontext/max/multi", null, """{"prompt":"a fox","num_images":1,"image_urls":["u:0"]}""")]
    [InlineData(ImageOperation.Vary, "fal-ai/flux-pro/kontext/max/multi", null, """{"prompt":"A slightly different version of this picture. a fox","num_images":1,"image_urls":["u:0"]}""")]
    [InlineData(ImageOperation.Style, "fal-ai/flux-pro/kontext/max/multi", null, """{"prompt":"Redraw the first picture, slightly in the style of the second one. Keep what it shows. a fox","num_images":1,"image_urls":["u:0","u:1"]}""")]
    [InlineData(ImageOperation.Inpaint, "fal-ai/flux-pro/v1/fill", null, """{"prompt":"a fox","num_images":1,"image_url":"u:0","mask_url":"u:1"}""")]
    [InlineData(ImageOperation.Inpaint, "fal-ai/flux-general/inpainting", null, """{"prompt":"a fox","strength":0.3,"num_images":1,"image_url":"u:0","mask_url":"u:1"}""")]
    [InlineData(ImageOperation.Outpaint, "fal-ai/flux-2-pro/outpaint", null, """{"expand_left":32,"expand_right":0,"expand_top":0,"expand_bottom":64,"image_url":"u:0"}""")]
    [InlineData(ImageOperation.Outpaint, "fal-ai/image-apps-v2/outpaint", null, """{"zoom_out_percentage":0,"prompt":"a fox","expand_left":32,"expand_right":0,"expand_top":0,"expand_bottom":64,"num_images":1,"image_url":"u:0"}""")]
    [InlineData(ImageOperation.Upscale, "fal-ai/seedvr/upscale/image", null, """{"upscale_mode":"factor","upscale_factor":2,"image_url":"u:0"}""")]
    [InlineData(ImageOperation.Upscale, "fal-ai/clarity-upscaler", null, """{"upscale_factor":2,"image_url":"u:0"}""")]
    [InlineData(ImageOperation.Upscale, "fal-ai/esrgan", null, """{"scale":2,"image_url":"u:0"}""")]
    [InlineData(ImageOperation.Upscale, "fal-ai/aura-sr", null, """{"upscale_factor":4,"image_url":"u:0"}""")]
    [InlineData(ImageOperation.Vary, "fal-ai/flux-pro/v1.1/redux", null, """{"prompt":"a fox","image_size":{"width":384,"height":256},"num_images":1,"image_url":"u:0"}""")]
    [InlineData(ImageOperation.Vary, "fal-ai/flux-pro/v1.1-ultra/redux", null, """{"prompt":"a fox","aspect_ratio":"3:2","image_prompt_strength":0.7,"num_images":1,"image_url":"u:0"}""")]
    [InlineData(ImageOperation.Vary, "fal-ai/flux/dev/redux", null, """{"image_size":{"width":384,"height":256},"num_images":1,"image_url":"u:0"}""")]
    [InlineData(ImageOperation.Vary, "fal-ai/flux/schnell/redux", null, """{"image_size":{"width":384,"height":256},"num_images":1,"image_url":"u:0"}""")]
    [InlineData(ImageOperation.Style, "fal-ai/image-apps-v2/style-transfer", null, """{"image_url":"u:0","style_reference_image_url":"u:1"}""")]
    [InlineData(ImageOperation.Generate, "fal-ai/flux-pulid", null, """{"prompt":"a fox","image_size":{"width":1024,"height":1024},"id_weight":1,"reference_image_url":"u:0"}""")]
    [InlineData(ImageOperation.Generate, "fal-ai/instant-character", null, """{"prompt":"a fox","image_size":{"width":1024,"height":1024},"scale":1,"num_images":1,"image_url":"u:0"}""")]
    [InlineData(ImageOperation.Generate, "fal-ai/ip-adapter-face-id", null, """{"num_samples":1,"prompt":"a fox","width":512,"height":512,"face_image_url":"u:0"}""")]
    [InlineData(ImageOperation.Generate, "fal-ai/ideogram/character", null, """{"prompt":"a fox","image_size":{"width":1024,"height":1024},"num_images":1,"reference_image_urls":["u:0"]}""")]
    public void Each_model_is_asked_in_its_own_words(ImageOperation operation, string model, string? endpoint, string body)
    {
        bool graded = operation is ImageOperation.Img2Img or ImageOperation.Inpaint or ImageOperation.Vary or ImageOperation.Style;
        RequestDraft draft = SamplePictures.Draft(operation, operation == ImageOperation.Generate ? 1 : 0) with { Strength = graded ? 0.3 : null };

        VendorRequest request = Provider.Submit(Translation.Call(Provider, operation, model, draft, "u:0", "u:1"));

        Assert.Equal(endpoint ?? model, request.Address);
        Assert.Equal(body, Translation.Body(request).ToJsonString());
    }

    [Fact]
    public void The_size_of_a_link_is_left_to_the_vendor()
    {
        RequestDraft draft = new() { Prompt = "a fox", Image = Link };

        Assert.Equal($$"""{"prompt":"a fox","image_size":"auto","image_urls":["{{Link}}"]}""", Body(ImageOperation.Img2Img, "fal-ai/flux-2-pro", draft));
        Assert.Equal($$"""{"prompt":"a fox","num_images":1,"image_urls":["{{Link}}"]}""", Body(ImageOperation.Img2Img, "bytedance/seedream/v5/lite/text-to-image", draft));
    }

    [Fact]
    public void References_come_after_the_picture_and_the_style() =>
        Assert.Equal(
            ["u:0", "u:1", "u:2", "u:3"],
            ((JsonArray)Translation.Body(Provider.Submit(Translation.Call(Provider, ImageOperation.Style, "fal-ai/nano-banana-2", SamplePictures.Draft(ImageOperation.Style, 2), "u:0", "u:1", "u:2", "u:3")))["image_urls"]!).Select(u => (string?)u));

    [Fact]
    public void What_was_asked_for_is_asked_under_the_names_of_the_model()
    {
        RequestDraft draft = SamplePictures.Draft(ImageOperation.Inpaint) with
        {
            Count = 2,
            Seed = 7,
            Format = ImageFormat.Jpeg,
            NegativePrompt = "people",
            ProviderOptions = new JsonObject { ["scheduler"] = "euler" },
        };

        Assert.Equal(
            """{"prompt":"a fox","negative_prompt":"people","num_images":2,"seed":7,"output_format":"jpeg","scheduler":"euler","image_url":"u:0","mask_url":"u:1"}""",
            Body(ImageOperation.Inpaint, "fal-ai/flux-general/inpainting", draft));
        Assert.Equal(
            """{"upscale_mode":"factor","upscale_factor":4,"output_format":"jpg","image_url":"u:0"}""",
            Body(ImageOperation.Upscale, "fal-ai/seedvr/upscale/image", SamplePictures.Draft(ImageOperation.Upscale) with { Scale = 4, Format = ImageFormat.Jpeg }));
    }

    [Fact]
    public void More_than_the_model_adds_on_one_side_is_refused()
    {
        RequestDraft draft = SamplePictures.Draft(ImageOperation.Outpaint) with { Left = 701 };

        Assert.Contains("700", Assert.Throws<AIImageException>(() => Body(ImageOperation.Outpaint, "fal-ai/image-apps-v2/outpaint", draft)).Error.Message, StringComparison.Ordinal);
    }

    private static string Body(ImageOperation operation, string model, RequestDraft draft) =>
        Translation.Body(Provider.Submit(Translation.Call(Provider, operation, model, draft, "u:0", "u:1"))).ToJsonString();
}
