using PSImageGen.Core.Providers;
using PSImageGen.Core.Providers.SkillsVideo;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tests.Support;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Tests.Providers;

/// <summary>SkillsVideo: what is sent where pictures go in.</summary>
public class SkillsVideoOperationTests
{
    private static readonly SkillsVideoProvider Provider = new();

    [Theory]
    [InlineData(ImageOperation.Img2Img, "google/nano-banana-2", """{"prompt":"a fox","aspect_ratio":"1:1","resolution":"2K","n":2,"image_urls":["https://example.com/a.png"]}""")]
    [InlineData(ImageOperation.Vary, "google/nano-banana-2", """{"prompt":"A slightly different version of this picture. a fox","aspect_ratio":"1:1","resolution":"2K","n":2,"image_urls":["https://example.com/a.png"]}""")]
    [InlineData(ImageOperation.Img2Img, "google/nano-banana-pro", """{"prompt":"a fox","resolution":"2K","image_urls":["https://example.com/a.png"]}""")]
    [InlineData(ImageOperation.Style, "openai/gpt-image-1.5", """{"prompt":"Redraw the first picture, slightly in the style of the second one. Keep what it shows. a fox","image_size":"1024x1024","n":2,"image_urls":["https://example.com/a.png","https://example.com/b.png"]}""")]
    [InlineData(ImageOperation.Style, "black-forest-labs/kontext", """{"prompt":"Redraw the first picture, slightly in the style of the second one. Keep what it shows. a fox","aspect_ratio":"1:1","resolution":"2K","n":2,"image_urls":["https://example.com/a.png","https://example.com/b.png"]}""")]
    public void Pictures_that_go_in_are_a_list_the_one_worked_on_first(ImageOperation operation, string model, string body)
    {
        RequestDraft draft = new() { Prompt = "a fox", Image = "https://example.com/a.png", StyleImage = operation == ImageOperation.Style ? "https://example.com/b.png" : null, Strength = 0.3, Count = 2 };

        Assert.Equal(body, Translation.Body(Provider.Submit(Translation.Call(Provider, operation, model, draft))).ToJsonString());
    }

    [Fact]
    public void Files_go_as_a_form_the_one_worked_on_first()
    {
        VendorRequest request = Provider.Submit(Translation.Call(Provider, ImageOperation.Style, "google/nano-banana-2", SamplePictures.Draft(ImageOperation.Style, 1)));

        BodyPart[] parts = [.. ((RequestBody.Multipart)request.Body).Parts];
        Assert.Equal(["prompt", "aspect_ratio", "resolution", "n", "image_urls", "image_urls", "image_urls"], parts.Select(p => p.Name));
        Assert.Equal([0, 1, 2], parts.Where(p => p.Name == "image_urls").Select(p => p.FileIndex!.Value));
    }
}
