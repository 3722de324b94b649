using System.Text.Json.Nodes;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Requests;
using PSImageGen.FakeProviders.Images;

namespace PSImageGen.Core.Tests.Planning;

/// <summary>What a model's row says of seeds, options, words and enlarging is checked before anything is asked.</summary>
public sealed class ModelLimitsTests : IDisposable
{
    private static readonly ModelRow Plain = new() { Id = "plain", Operations = [.. Enum.GetValues<ImageOperation>()], Seed = true, MinSeed = 1, MaxSeed = 1000, Formats = [ImageFormat.Png, ImageFormat.Jpeg], DefaultFormat = ImageFormat.Jpeg };
    private static readonly ModelRow FourTimes = Plain with { Id = "four", Scales = [4] };
    private static readonly ModelRow FourMegapixels = Plain with { Id = "mega", EnlargesTo = 4_000_000 };

    private readonly string _picture = Path.GetTempFileName();

    public ModelLimitsTests() => File.WriteAllBytes(_picture, TinyImages.Make("png", 1000, 600, "picture"));

    public void Dispose() => File.Delete(_picture);

    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(1000, 1, true)]
    [InlineData(998, 3, true)]
    [InlineData(0, 1, false)]
    [InlineData(1001, 1, false)]
    [InlineData(999, 3, false)]
    public void Every_seed_of_an_order_must_be_one_of_the_models(long seed, int count, bool fits)
    {
        ImageRequest request = new(ImageOperation.Generate, new RequestDraft { Prompt = "p", Seed = seed, Count = count });

        if (fits)
            Assert.Equal(seed, new CallShape("P", Plain, request).Request.Seed);
        else
            Assert.Contains("1 to 1000", Assert.Throws<AIImageException>(() => new CallShape("P", Plain, request)).Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_option_the_model_needs_is_asked_for()
    {
        ModelRow model = Plain with { Options = new Dictionary<string, OptionRule> { ["find"] = new() { Type = "string", Required = true }, ["grow"] = new() { Type = "integer" } } };

        AIImageException e = Assert.Throws<AIImageException>(() => new CallShape("P", model, Request(ImageOperation.Img2Img, new JsonObject { ["grow"] = 3 })));

        Assert.Contains("-ProviderOption @{ find =", e.Error.Recommendation, StringComparison.Ordinal);
        Assert.NotNull(new CallShape("P", model, Request(ImageOperation.Img2Img, new JsonObject { ["find"] = "the hat" })));
    }

    [Fact]
    public void A_change_needs_words_unless_the_model_takes_none()
    {
        ImageRequest wordless = new(ImageOperation.Img2Img, new RequestDraft { Image = _picture });

        Assert.Contains("no prompt", Assert.Throws<AIImageException>(() => new CallShape("P", Plain, wordless)).Error.Message, StringComparison.Ordinal);
        Assert.Empty(new CallShape("P", Plain with { Prompt = PromptUse.None }, wordless).Prompt);
    }

    [Fact]
    public void Where_the_shape_of_the_picture_is_followed_no_other_can_be_asked_for()
    {
        ModelRow model = Plain with { Sizes = new SizeRule { Ratios = ["1:1", "16:9"], MatchInput = string.Empty, FollowsInput = true } };
        RequestDraft draft = new() { Prompt = "p", AspectRatio = "16:9" };

        Assert.Equal("16:9", new CallShape("P", model, new ImageRequest(ImageOperation.Generate, draft)).Ratio.ToString());
        Assert.Null(new CallShape("P", model, Request(ImageOperation.Img2Img)).Ratio);
        Assert.Equal(ImageErrorId.InvalidRequest,
            Assert.Throws<AIImageException>(() => new CallShape("P", model, new ImageRequest(ImageOperation.Img2Img, draft with { Image = _picture }))).Error.Id);
    }

    [Fact]
    public void What_is_brought_to_size_here_comes_without_loss()
    {
        CallShape shape = new("P", FourTimes, Upscale(2));

        Assert.Equal(("2000x1200", 4, ImageFormat.Png), (shape.ExactSize, shape.Scale, shape.Format));
        Assert.Equal(ImageFormat.Png, new CallShape("P", FourTimes, Upscale(2, ImageFormat.Jpeg)).Format);
        Assert.Contains(new CallShape("P", FourTimes, Upscale(2, ImageFormat.Jpeg)).Notes, n => n.Contains("becomes a PNG", StringComparison.Ordinal));
        Assert.Equal(ImageFormat.Jpeg, new CallShape("P", FourTimes, Upscale(4)).Format);
    }

    [Fact]
    public void A_model_that_makes_so_many_pixels_is_not_asked_for_a_factor()
    {
        CallShape shape = new("P", FourMegapixels, Upscale(2));

        Assert.Equal(("2000x1200", (int?)null), (shape.ExactSize, shape.Scale));
        Assert.Contains(shape.Notes, n => n.Contains("about 4 megapixels", StringComparison.Ordinal));
        Assert.Contains("4000x2400", Assert.Throws<AIImageException>(() => new CallShape("P", FourMegapixels, Upscale(4))).Error.Message, StringComparison.Ordinal);
        Assert.Equal(ImageErrorId.InvalidImage, Assert.Throws<AIImageException>(() =>
            new CallShape("P", FourMegapixels, new ImageRequest(ImageOperation.Upscale, new RequestDraft { Image = "https://example.com/a.png" }))).Error.Id);
    }

    [Theory]
    [InlineData(2, "four")]
    [InlineData(4, "four")]
    public void A_model_with_a_factor_comes_before_one_without(int scale, string expected) =>
        Assert.Equal(expected, new Catalogue([FourTimes, FourMegapixels]).DefaultFor(Upscale(scale))!.Id);

    private ImageRequest Upscale(int scale, ImageFormat? format = null) => new(ImageOperation.Upscale, new RequestDraft { Image = _picture, Scale = scale, Format = format });

    private ImageRequest Request(ImageOperation operation, JsonObject? options = null) => new(operation, new RequestDraft { Prompt = "p", Image = _picture, ProviderOptions = options });
}
