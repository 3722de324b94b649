using PSImageGen.Core.Engine;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tests.Support;

namespace PSImageGen.Core.Tests.Planning;

/// <summary>A wish becomes the nearest that the model can be asked for, and that is said; who insists gets it, or a no.</summary>
public class SizeWishTests
{
    [Theory]
    [InlineData("BFL", "flux-2-pro", "1820x1024", "1824x1024", "16:9")]
    [InlineData("OpenAI", "gpt-image-2", "100x100", "816x816", "1:1")]
    public void Pixels_become_the_nearest_pixels(string provider, string model, string wish, string expected, string shape)
    {
        CallShape made = Shape(provider, model, new RequestDraft { Size = wish });

        Assert.Equal(expected, made.Size.ToString());
        Assert.Equal(shape, AspectRatio.Near(made.Size!.Value).ToString());
        Assert.Contains($"the model's nearest size to {wish} is {expected}", made.Notes);
        Assert.Null(made.ExactSize);
    }

    [Theory]
    [InlineData("CreatOK", "nano-banana-2", "1820x1024", "16:9", "1K")]
    [InlineData("CreatOK", "nano-banana-2", "2800x2800", "1:1", "2K")]
    [InlineData("CreatOK", "nano-banana-2", "3000x3000", "1:1", "4K")]
    [InlineData("CreatOK", "seedream-5.0-lite", "600x1000", "9:16", "2K")]
    [InlineData("BFL", "flux-kontext-pro", "1820x1024", "16:9", null)]
    public void Where_shapes_and_classes_are_chosen_pixels_become_the_nearest_of_them(string provider, string model, string wish, string ratio, string? resolution)
    {
        CallShape made = Shape(provider, model, new RequestDraft { Size = wish });

        Assert.Equal((ratio, resolution), (made.Ratio.ToString(), made.Resolution));
        Assert.Contains(made.Notes, n => n.Contains($"nearest to {wish}", StringComparison.Ordinal) && n.Contains(ratio, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("CreatOK", "seedream-5.0-lite", "1K", "2K", "nearest resolution to 1K is 2K")]
    [InlineData("CreatOK", "nano-banana-2", "4K", "4K", null)]
    [InlineData("BFL", "flux-kontext-pro", "4K", null, "no choice of resolution")]
    public void A_class_of_size_becomes_the_nearest_there_is(string provider, string model, string wish, string? expected, string? note)
    {
        CallShape made = Shape(provider, model, new RequestDraft { Resolution = wish });

        Assert.Equal(expected, made.Resolution);
        Assert.Equal(note is not null, made.Notes.Any(n => n.Contains(note ?? "resolution", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_model_that_has_the_class_comes_before_one_that_has_not() =>
        Assert.Equal("nano-banana-2", new Catalogue([Of("CreatOK", "seedream-5.0-lite"), Of("CreatOK", "nano-banana-2")])
            .DefaultFor(new ImageRequest(ImageOperation.Generate, new RequestDraft { Prompt = "p", Resolution = "1K" }))!.Id);

    [Theory]
    [InlineData("BFL", "flux-kontext-pro", "3:1", "7:3")]
    [InlineData("BFL", "flux-kontext-pro", "1:9", "3:7")]
    [InlineData("BFL", "flux-kontext-pro", "21:9", "21:9")]
    [InlineData("CreatOK", "nano-banana-2", "21:9", "16:9")]
    public void A_shape_becomes_the_nearest_there_is(string provider, string model, string wish, string expected)
    {
        CallShape made = Shape(provider, model, new RequestDraft { AspectRatio = wish });

        Assert.Equal(expected, made.Ratio.ToString());
        Assert.Equal(wish != expected, made.Notes.Any(n => n.Contains($"nearest shape to {wish} is {expected}", StringComparison.Ordinal)));
    }

    [Theory]
    // What the model makes itself is not touched.
    [InlineData("BFL", "flux-2-pro", "1024x1024", null, null, null)]
    [InlineData("BFL", "flux-2-pro", "1820x1024", null, null, "1820x1024")]
    [InlineData("BFL", "flux-kontext-pro", "1820x1024", null, null, "1820x1024")]
    [InlineData("CreatOK", "nano-banana-2", null, "21:9", null, "21:9")]
    [InlineData("CreatOK", "nano-banana-2", null, "21:9", "1K", "1564x670")]
    [InlineData("BFL", "flux-2-pro", null, null, "4K", "4096x4096")]
    public void Who_insists_gets_it_by_scaling_and_cropping_and_is_told_so(string provider, string model, string? size, string? ratio, string? resolution, string? expected)
    {
        CallShape made = Shape(provider, model, new RequestDraft { Size = size, AspectRatio = ratio, Resolution = resolution, ExactSize = true });

        Assert.Equal(expected, made.ExactSize);
        Assert.Equal(expected is not null, made.Notes.Any(n => n.Contains($"scaled and cropped to {expected} here", StringComparison.Ordinal)));
    }

    [Theory]
    // Steps and a greatest ratio; the same without insisting.
    [InlineData("OpenAI", "gpt-image-2", "1820x400", true, "1824x608")]
    [InlineData("OpenAI", "gpt-image-2", "1820x400", false, "1488x496")]
    // Fewest pixels: larger, in its own shape.
    [InlineData("OpenAI", "gpt-image-2", "1000x400", true, "1280x512")]
    // A list; nothing in it holds the third.
    [InlineData("OpenAI", "gpt-image-1.5", "1030x500", true, "1536x1024")]
    [InlineData("OpenAI", "gpt-image-1.5", "500x500", true, "1024x1024")]
    [InlineData("OpenAI", "gpt-image-1.5", "1600x1600", true, "1024x1024")]
    [InlineData("BFL", "flux-2-pro", "1001x701", true, "1008x704")]
    // Classes of size, by name: what counts is that both sides are long enough.
    [InlineData("CreatOK", "nano-banana-2", "1820x1024", true, "2K")]
    [InlineData("CreatOK", "nano-banana-2", "1024x1024", true, "1K")]
    [InlineData("Fal", "fal-ai/nano-banana-pro", "1820x400", true, "2K")]
    [InlineData("Fal", "fal-ai/nano-banana-pro", "1820x400", false, "1K")]
    [InlineData("Fal", "fal-ai/nano-banana-pro", "8000x8000", true, "4K")]
    public void What_is_to_be_cut_to_size_comes_large_enough_where_the_model_can(string provider, string model, string wish, bool exact, string expected)
    {
        CallShape made = Shape(provider, model, new RequestDraft { Size = wish, ExactSize = exact });

        Assert.Equal(expected, made.Resolution ?? made.Size.ToString());
        if (exact)
            Assert.Equal(wish, made.ExactSize);
    }

    [Fact]
    public void A_picture_that_goes_in_is_held_by_what_comes_out_to_be_cut_to_its_size()
    {
        using TempPicture picture = new("png", 1210, 900);
        CallShape made = new("OpenAI", Of("OpenAI", "gpt-image-2"), new ImageRequest(ImageOperation.Img2Img, new RequestDraft { Prompt = "p", Image = picture.Path, ExactSize = true }));

        Assert.Equal(("1232x912", "1210x900"), (made.Size.ToString(), made.ExactSize));
    }

    [Fact]
    public void Who_insists_is_refused_where_the_files_cannot_be_worked_on()
    {
        ModelRow webpOnly = Of("BFL", "flux-2-pro") with { Formats = [ImageFormat.Webp] };
        ImageRequest Request(string size) => new(ImageOperation.Generate, new RequestDraft { Prompt = "p", Size = size, ExactSize = true });

        AIImageException e = Assert.Throws<AIImageException>(() => new CallShape("BFL", webpOnly, Request("1820x1024")));

        Assert.Equal(ImageErrorId.InvalidRequest, e.Error.Id);
        Assert.Contains("-ExactSize", e.Error.Recommendation, StringComparison.Ordinal);
        Assert.Null(new CallShape("BFL", webpOnly, Request("1024x1024")).ExactSize);
    }

    [Fact]
    public void What_is_too_large_to_be_made_here_is_refused_before_it_is_paid_for()
    {
        RequestDraft draft = new() { Size = "60000x60000" };

        Assert.Equal(ImageErrorId.InvalidRequest, Assert.Throws<AIImageException>(() => Shape("BFL", "flux-2-pro", draft with { ExactSize = true })).Error.Id);
        Assert.Equal("2000x2000", Shape("BFL", "flux-2-pro", draft).Size.ToString());
    }

    [Fact]
    public void A_model_without_any_choice_of_size_still_says_no() =>
        Assert.Equal(ImageErrorId.InvalidRequest, Assert.Throws<AIImageException>(() =>
            new CallShape("P", new ModelRow { Id = "m", Operations = [ImageOperation.Generate] }, new ImageRequest(ImageOperation.Generate, new RequestDraft { Prompt = "p", Size = "64x64" }))).Error.Id);

    [Fact]
    public void To_insist_on_nothing_is_a_mistake()
    {
        AIImageException e = Assert.Throws<AIImageException>(() => new ImageRequest(ImageOperation.Generate, new RequestDraft { Prompt = "p", ExactSize = true }));

        Assert.Equal(ImageErrorId.InvalidRequest, e.Error.Id);
    }

    [Fact]
    public void A_picture_that_is_changed_keeps_its_pixels_where_that_is_insisted_on()
    {
        using TempPicture picture = new("png", 100, 70);
        RequestDraft draft = new() { Prompt = "p", Image = picture.Path, ExactSize = true };

        CallShape made = new("BFL", Of("BFL", "flux-2-pro"), new ImageRequest(ImageOperation.Img2Img, draft));

        Assert.Equal("100x70", made.ExactSize);
        Assert.Equal(ImageErrorId.InvalidImage, Assert.Throws<AIImageException>(() =>
            new CallShape("BFL", Of("BFL", "flux-2-pro"), new ImageRequest(ImageOperation.Img2Img, draft with { Image = "https://example.com/a.png" }))).Error.Id);
    }

    [Theory]
    [InlineData("flux-2-pro", "100x70", null)]
    [InlineData("flux-kontext-pro", null, "21:9")]
    public async Task The_file_on_disk_has_the_size_that_was_insisted_on(string model, string? size, string? ratio)
    {
        await using Spine spine = await Spine.StartAsync();
        Order order = Order.Bfl with { Model = model, Asks = (ImageOperation.Generate, new RequestDraft { Prompt = "p", Size = size, AspectRatio = ratio, ExactSize = true }) };

        RunReport report = await spine.RunAsync(order);

        Assert.Null(report.Error);
        ImageFile file = Assert.Single(report.ToResult().Images);
        Assert.True(Core.Artifacts.Pixels.ExactSize.IsMet(size ?? ratio!, file.Width, file.Height), $"{file.Width}x{file.Height}");
        Assert.True((bool)spine.OnDisk(order)["request"]!["exact_size"]!);
        Assert.DoesNotContain(spine.Listener.Texts, t => t.Contains("could not be brought", StringComparison.Ordinal));
    }

    [Fact]
    public void Ordering_again_insists_again()
    {
        ImageRequest request = new(ImageOperation.Generate, new RequestDraft { Prompt = "p", Size = "1820x1024", ExactSize = true });
        Core.Tasks.RunRecord record = new()
        {
            RunId = "r",
            Provider = "BFL",
            Model = "flux-2-pro",
            Quote = new Quote { Provider = "BFL", Model = "flux-2-pro", Operation = ImageOperation.Generate, Count = 1 },
            Destination = new("r"),
            Request = request.ToJson(),
            Requested = 1,
            Tasks = [new Core.Tasks.TaskRecord { Provider = "BFL", Model = "flux-2-pro", Count = 1, Status = ImageTaskStatus.Unknown }],
        };

        Assert.True(Redraft.Of(record, "r").Request.ExactSize);
    }

    private static ModelRow Of(string provider, string model) => ProviderRegistry.BuiltIn.Get(provider).Catalogue.Find(model)!;

    private static CallShape Shape(string provider, string model, RequestDraft draft) =>
        new(provider, Of(provider, model), new ImageRequest(ImageOperation.Generate, draft with { Prompt = "p" }));
}
