using PSImageGen.Core.Planning;
using PSImageGen.Core.Requests;

namespace PSImageGen.Core.Tests.Planning;

/// <summary>How many pictures a model takes, and what it is asked for where the size of one is not known.</summary>
public class PictureRulesTests
{
    private const string Link = "https://example.com/a.png";

    private static readonly ModelRow Words = new() { Id = "words", Operations = [ImageOperation.Generate, ImageOperation.Img2Img], MaxReferences = 3, MaxInputs = 3, Identity = true };
    private static readonly ModelRow Face = new() { Id = "face", Operations = [ImageOperation.Generate], MaxReferences = 1, NeedsImage = true, Identity = true };

    [Theory]
    [InlineData(ImageOperation.Generate, 3, true)]
    [InlineData(ImageOperation.Img2Img, 2, true)]
    [InlineData(ImageOperation.Img2Img, 3, false)]
    public void The_picture_that_is_worked_on_counts_too(ImageOperation operation, int references, bool fits)
    {
        ImageRequest request = Request(operation, references);

        if (fits)
            Assert.Equal(request.Inputs.Count(), new CallShape("P", Words, request).Inputs.Count);
        else
            Assert.Contains("at most 3 pictures in all; 4 were given", Assert.Throws<AIImageException>(() => new CallShape("P", Words, request)).Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_needs_a_picture_is_not_ordered_without_one()
    {
        AIImageException e = Assert.Throws<AIImageException>(() => new CallShape("P", Face, Request(ImageOperation.Generate, 0)));

        Assert.Equal(ImageErrorId.InvalidRequest, e.Error.Id);
        Assert.Contains("-ReferenceImage", e.Error.Recommendation, StringComparison.Ordinal);
        Assert.Single(new CallShape("P", Face, Request(ImageOperation.Generate, 1)).Inputs);
    }

    [Theory]
    [InlineData(0, "words")]
    [InlineData(1, "face")]
    [InlineData(3, "words")]
    public void The_default_is_the_first_that_takes_just_these_pictures(int references, string model) =>
        Assert.Equal(model, new Catalogue([Face, Words]).DefaultFor(Request(ImageOperation.Generate, references))!.Id);

    [Theory]
    [InlineData("auto", "auto")]
    [InlineData("", null)]
    public void The_size_of_a_link_is_left_to_the_vendor_that_can_follow_it(string match, string? word)
    {
        SizeRule rule = new() { MultipleOf = 16, Default = "1024x1024", MatchInput = match };

        ChosenSize chosen = rule.Choose("P", Words, Request(ImageOperation.Img2Img, 0), follows: true);

        Assert.Equal((null, word), ((object?)chosen.Size, chosen.RatioWord));
        Assert.Equal("512x512", rule.Choose("P", Words, Request(ImageOperation.Img2Img, 0, "512x512"), follows: true).Size.ToString());
        ChosenSize blind = (rule with { MatchInput = null }).Choose("P", Words, Request(ImageOperation.Img2Img, 0), follows: true);
        Assert.Equal("1024x1024", blind.Size.ToString());
        Assert.Contains("behind a link", blind.Note, StringComparison.Ordinal);
        Assert.Contains("-AspectRatio", new SizeRule { Ratios = ["1:1", "3:2"] }.Choose("P", Words, Request(ImageOperation.Img2Img, 0), follows: true).Note, StringComparison.Ordinal);
    }

    [Fact]
    public void A_small_picture_becomes_the_smallest_of_its_shape()
    {
        SizeRule rule = new() { MultipleOf = 16, MinSide = 512, MaxSide = 2048 };

        Assert.Equal("768x512", rule.Nearest(new ImageSize(96, 64)).ToString());
        Assert.Equal("512x768", rule.Nearest(new ImageSize(64, 96)).ToString());
    }

    private static ImageRequest Request(ImageOperation operation, int references, string? size = null) => new(operation, new RequestDraft
    {
        Prompt = "p",
        Image = operation == ImageOperation.Generate ? null : Link,
        Size = size,
        ReferenceImages = [.. Enumerable.Repeat(Link, references)],
    });
}
