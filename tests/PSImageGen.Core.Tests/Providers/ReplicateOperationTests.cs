using System.Text.Json.Nodes;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Providers.Replicate;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tests.Support;

namespace PSImageGen.Core.Tests.Providers;

/// <summary>Replicate: what is sent for each operation of each model.</summary>
public class ReplicateOperationTests
{
    private const string Link = "https://example.com/a.png";

    private static readonly ReplicateProvider Provider = new();

    // The picture is 96 by 64; it is to change by 0.3, to grow by 32 on the left and 64 below, or to become twice as large.
    [Theory]
    [InlineData(ImageOperation.Generate, "black-forest-labs/flux-1.1-pro", """{"input":{"aspect_ratio":"custom","prompt":"a fox","width":1024,"height":1024,"image_prompt":"u:0"}}""")]
    [InlineData(ImageOperation.Img2Img, "black-forest-labs/flux-dev", """{"input":{"prompt":"a fox","prompt_strength":0.3,"num_outputs":1,"image":"u:0"}}""")]
    [InlineData(ImageOperation.Vary, "black-forest-labs/flux-redux-dev", """{"input":{"aspect_ratio":"3:2","num_outputs":1,"redux_image":"u:0"}}""")]
    [InlineData(ImageOperation.Vary, "black-forest-labs/flux-redux-schnell", """{"input":{"aspect_ratio":"3:2","num_outputs":1,"redux_image":"u:0"}}""")]
    [InlineData(ImageOperation.Generate, "black-forest-labs/flux-1.1-pro-ultra", """{"input":{"prompt":"a fox","aspect_ratio":"1:1","image_prompt":"u:0"}}""")]
    [InlineData(ImageOperation.Vary, "black-forest-labs/flux-1.1-pro-ultra", """{"input":{"prompt":"A variation of this picture. a fox","aspect_ratio":"3:2","image_prompt_strength":0.7,"image_prompt":"u:0"}}""")]
    [InlineData(ImageOperation.Generate, "black-forest-labs/flux-2-pro", """{"input":{"aspect_ratio":"custom","prompt":"a fox","width":1024,"height":1024,"input_images":["u:0"]}}""")]
    [InlineData(ImageOperation.Img2Img, "black-forest-labs/flux-2-pro", """{"input":{"aspect_ratio":"custom","prompt":"a fox","width":384,"height":256,"input_images":["u:0"]}}""")]
    [InlineData(ImageOperation.Vary, "black-forest-labs/flux-2-pro", """{"input":{"aspect_ratio":"custom","prompt":"A slightly different version of this picture. a fox","width":384,"height":256,"input_images":["u:0"]}}""")]
    [InlineData(ImageOperation.Style, "black-forest-labs/flux-2-pro", """{"input":{"aspect_ratio":"custom","prompt":"Redraw the first picture, slightly in the style of the second one. Keep what it shows. a fox","width":384,"height":256,"input_images":["u:0","u:1"]}}""")]
    [InlineData(ImageOperation.Generate, "black-forest-labs/flux-2-flex", """{"input":{"aspect_ratio":"custom","prompt":"a fox","width":1024,"height":1024,"input_images":["u:0"]}}""")]
    [InlineData(ImageOperation.Img2Img, "black-forest-labs/flux-2-flex", """{"input":{"aspect_ratio":"custom","prompt":"a fox","width":384,"height":256,"input_images":["u:0"]}}""")]
    [InlineData(ImageOperation.Vary, "black-forest-labs/flux-2-flex", """{"input":{"aspect_ratio":"custom","prompt":"A slightly different version of this picture. a fox","width":384,"height":256,"input_images":["u:0"]}}""")]
    [InlineData(ImageOperation.Style, "black-forest-labs/flux-2-flex", """{"input":{"aspect_ratio":"custom","prompt":"Redraw the first picture, slightly in the style of the second one. Keep what it shows. a fox","width":384,"height":256,"input_images":["u:0","u:1"]}}""")]
    [InlineData(ImageOperation.Generate, "black-forest-labs/flux-2-max", """{"input":{"aspect_ratio":"custom","prompt":"a fox","width":1024,"height":1024,"input_images":["u:0"]}}""")]
    [InlineData(ImageOperation.Img2Img, "black-forest-labs/flux-2-max", """{"input":{"aspect_ratio":"custom","prompt":"a fox","width":384,"height":256,"input_images":["u:0"]}}""")]
    [InlineData(ImageOperation.Vary, "black-forest-labs/flux-2-max", """{"input":{"aspect_ratio":"custom","prompt":"A slightly different version of this picture. a fox","width":384,"height":256,"input_images":["u:0"]}}""")]
    [InlineData(ImageOperation.Style, "black-forest-labs/flux-2-max", """{"input":{"aspect_ratio":"custom","prompt":"Redraw the first picture, slightly in the style of the second one. Keep what it shows. a fox","width":384,"height":256,"input_images":["u:0","u:1"]}}""")]
    [InlineData(ImageOperation.Generate, "black-forest-labs/flux-kontext-pro", """{"input":{"prompt":"a fox","aspect_ratio":"1:1","input_image":"u:0"}}""")]
    [InlineData(ImageOperation.Img2Img, "black-forest-labs/flux-kontext-pro", """{"input":{"prompt":"a fox","aspect_ratio":"match_input_image","input_image":"u:0"}}""")]
    [InlineData(ImageOperation.Vary, "black-forest-labs/flux-kontext-pro", """{"input":{"prompt":"A slightly different version of this picture. a fox","aspect_ratio":"match_input_image","input_image":"u:0"}}""")]
    [InlineData(ImageOperation.Generate, "black-forest-labs/flux-kontext-max", """{"input":{"prompt":"a fox","aspect_ratio":"1:1","input_image":"u:0"}}""")]
    [InlineData(ImageOperation.Img2Img, "black-forest-labs/flux-kontext-max", """{"input":{"prompt":"a fox","aspect_ratio":"match_input_image","input_image":"u:0"}}""")]
    [InlineData(ImageOperation.Vary, "black-forest-labs/flux-kontext-max", """{"input":{"prompt":"A slightly different version of this picture. a fox","aspect_ratio":"match_input_image","input_image":"u:0"}}""")]
    [InlineData(ImageOperation.Generate, "google/nano-banana-pro", """{"input":{"prompt":"a fox","aspect_ratio":"1:1","resolution":"2K","image_input":["u:0"]}}""")]
    [InlineData(ImageOperation.Img2Img, "google/nano-banana-pro", """{"input":{"prompt":"a fox","aspect_ratio":"match_input_image","resolution":"2K","image_input":["u:0"]}}""")]
    [InlineData(ImageOperation.Vary, "google/nano-banana-pro", """{"input":{"prompt":"A slightly different version of this picture. a fox","aspect_ratio":"match_input_image","resolution":"2K","image_input":["u:0"]}}""")]
    [InlineData(ImageOperation.Style, "google/nano-banana-pro", """{"input":{"prompt":"Redraw the first picture, slightly in the style of the second one. Keep what it shows. a fox","aspect_ratio":"match_input_image","resolution":"2K","image_input":["u:0","u:1"]}}""")]
    [InlineData(ImageOperation.Generate, "google/nano-banana-2", """{"input":{"prompt":"a fox","aspect_ratio":"1:1","resolution":"2K","image_input":["u:0"]}}""")]
    [InlineData(ImageOperation.Img2Img, "google/nano-banana-2", """{"input":{"prompt":"a fox","aspect_ratio":"match_input_image","resolution":"2K","image_input":["u:0"]}}""")]
    [InlineData(ImageOperation.Vary, "google/nano-banana-2", """{"input":{"prompt":"A slightly different version of this picture. a fox","aspect_ratio":"match_input_image","resolution":"2K","image_input":["u:0"]}}""")]
    [InlineData(ImageOperation.Style, "google/nano-banana-2", """{"input":{"prompt":"Redraw the first picture, slightly in the style of the second one. Keep what it shows. a fox","aspect_ratio":"match_input_image","resolution":"2K","image_input":["u:0","u:1"]}}""")]
    [InlineData(ImageOperation.Generate, "google/nano-banana", """{"input":{"prompt":"a fox","aspect_ratio":"1:1","image_input":["u:0"]}}""")]
    [InlineData(ImageOperation.Img2Img, "google/nano-banana", """{"input":{"prompt":"a fox","aspect_ratio":"match_input_image","image_input":["u:0"]}}""")]
    [InlineData(ImageOperation.Vary, "google/nano-banana", """{"input":{"prompt":"A slightly different version of this picture. a fox","aspect_ratio":"match_input_image","image_input":["u:0"]}}""")]
    [InlineData(ImageOperation.Style, "google/nano-banana", """{"input":{"prompt":"Redraw the first picture, slightly in the style of the second one. Keep what it shows. a fox","aspect_ratio":"match_input_image","image_input":["u:0","u:1"]}}""")]
    [InlineData(ImageOperation.Generate, "bytedance/seedream-5-lite", """{"input":{"prompt":"a fox","aspect_ratio":"1:1","size":"2K","image_input":["u:0"]}}""")]
    [InlineData(ImageOperation.Img2Img, "bytedance/seedream-5-lite", """{"input":{"prompt":"a fox","aspect_ratio":"match_input_image","size":"2K","image_input":["u:0"]}}""")]
    [InlineData(ImageOperation.Vary, "bytedance/seedream-5-lite", """{"input":{"prompt":"A slightly different version of this picture. a fox","aspect_ratio":"match_input_image","size":"2K","image_input":["u:0"]}}""")]
    [InlineData(ImageOperation.Style, "bytedance/seedream-5-lite", """{"input":{"prompt":"Redraw the first picture, slightly in the style of the second one. Keep what it shows. a fox","aspect_ratio":"match_input_image","size":"2K","image_input":["u:0","u:1"]}}""")]
    [InlineData(ImageOperation.Generate, "bytedance/seedream-4.5", """{"input":{"prompt":"a fox","aspect_ratio":"1:1","size":"2K","image_input":["u:0"]}}""")]
    [InlineData(ImageOperation.Img2Img, "bytedance/seedream-4.5", """{"input":{"prompt":"a fox","aspect_ratio":"match_input_image","size":"2K","image_input":["u:0"]}}""")]
    [InlineData(ImageOperation.Vary, "bytedance/seedream-4.5", """{"input":{"prompt":"A slightly different version of this picture. a fox","aspect_ratio":"match_input_image","size":"2K","image_input":["u:0"]}}""")]
    [InlineData(ImageOperation.Style, "bytedance/seedream-4.5", """{"input":{"prompt":"Redraw the first picture, slightly in the style of the second one. Keep what it shows. a fox","aspect_ratio":"match_input_image","size":"2K","image_input":["u:0","u:1"]}}""")]
    [InlineData(ImageOperation.Inpaint, "black-forest-labs/flux-fill-pro", """{"input":{"prompt":"a fox","image":"u:0","mask":"u:1"}}""")]
    [InlineData(ImageOperation.Outpaint, "black-forest-labs/flux-fill-pro", """{"input":{"prompt":"A natural continuation of the same picture. a fox","image":"u:0","mask":"u:1"}}""")]
    [InlineData(ImageOperation.Inpaint, "black-forest-labs/flux-fill-dev", """{"input":{"megapixels":"match_input","prompt":"a fox","num_outputs":1,"image":"u:0","mask":"u:1"}}""")]
    [InlineData(ImageOperation.Outpaint, "black-forest-labs/flux-fill-dev", """{"input":{"megapixels":"match_input","prompt":"A natural continuation of the same picture. a fox","num_outputs":1,"image":"u:0","mask":"u:1"}}""")]
    [InlineData(ImageOperation.Upscale, "philz1337x/clarity-upscaler", """{"input":{"scale_factor":2,"image":"u:0"},"version":"dfad41707589d68ecdccd1dfa600d55a208f9310748e44bfe35b4a6291453d5e"}""")]
    [InlineData(ImageOperation.Generate, "bytedance/flux-pulid", """{"input":{"prompt":"a fox","width":1024,"height":1024,"id_weight":1,"num_outputs":1,"main_face_image":"u:0"},"version":"8baa7ef2255075b46f4d91cd238c21d31181b3e6a864463f967960bb0112525b"}""")]
    public void Each_model_is_asked_in_its_own_words(ImageOperation operation, string model, string body)
    {
        bool graded = operation is ImageOperation.Img2Img or ImageOperation.Inpaint or ImageOperation.Vary or ImageOperation.Style;
        RequestDraft draft = SamplePictures.Draft(operation, operation == ImageOperation.Generate ? 1 : 0) with { Strength = graded ? 0.3 : null };

        VendorRequest request = Provider.Submit(Translation.Call(Provider, operation, model, draft, "u:0", "u:1"));

        Assert.Equal(body.Contains("\"version\"", StringComparison.Ordinal) ? "predictions" : $"models/{model}/predictions", request.Address);
        Assert.Equal(body, Translation.Body(request).ToJsonString());
    }

    [Theory]
    [InlineData("black-forest-labs/flux-2-pro", """{"input":{"aspect_ratio":"match_input_image","prompt":"a fox","input_images":["https://example.com/a.png"]}}""")]
    [InlineData("black-forest-labs/flux-dev", """{"input":{"prompt":"a fox","prompt_strength":0.75,"num_outputs":1,"image":"https://example.com/a.png"}}""")]
    public void The_size_of_a_link_is_left_to_the_vendor(string model, string body) =>
        Assert.Equal(body, Body(ImageOperation.Img2Img, model, new RequestDraft { Prompt = "a fox", Image = Link }));

    [Fact]
    public void A_picture_can_be_continued_without_words() =>
        Assert.Equal(
            """{"input":{"prompt":"A natural continuation of the same picture.","seed":7,"output_format":"jpg","image":"u:0","mask":"u:1"}}""",
            Body(ImageOperation.Outpaint, "black-forest-labs/flux-fill-pro", SamplePictures.Draft(ImageOperation.Outpaint) with { Prompt = null, Seed = 7, Format = ImageFormat.Jpeg }));

    [Fact]
    public void A_tolerance_that_pictures_forbid_is_refused_before_it_is_sent() =>
        Assert.Throws<AIImageException>(() => Body(ImageOperation.Img2Img, "black-forest-labs/flux-kontext-pro",
            SamplePictures.Draft(ImageOperation.Img2Img) with { ProviderOptions = new JsonObject { ["safety_tolerance"] = 3 } }));

    private static string Body(ImageOperation operation, string model, RequestDraft draft) =>
        Translation.Body(Provider.Submit(Translation.Call(Provider, operation, model, draft, "u:0", "u:1"))).ToJsonString();
}
