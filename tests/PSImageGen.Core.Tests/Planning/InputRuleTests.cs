using PSImageGen.Core.Planning;
using PSImageGen.Core.Requests;
using PSImageGen.FakeProviders.Images;

namespace PSImageGen.Core.Tests.Planning;

/// <summary>What pictures that go in mean for shapes and prices.</summary>
public sealed class InputRuleTests : IDisposable
{
    private static readonly ModelRow Model = new()
    {
        Id = "m",
        Operations = [ImageOperation.Generate, ImageOperation.Img2Img, ImageOperation.Style],
        MaxReferences = 3,
        Identity = true,
        Sizes = new SizeRule { Resolutions = ["1K", "2K"], Ratios = ["1:1", "3:2"] },
    };

    private readonly string _picture = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.png");

    public InputRuleTests() => File.WriteAllBytes(_picture, TinyImages.Make("png", 96, 64, "picture"));

    [Fact]
    public void Each_picture_that_goes_in_may_have_its_price()
    {
        ModelRow model = Model with { Price = new PriceRule { PerImage = 0.05m, InputImage = 0.01m } };

        Assert.Equal(0.05m, Price.FromCatalogue(Shape(model, ImageOperation.Generate)).AmountMax);
        Assert.Equal(0.07m, Price.FromCatalogue(Shape(model, ImageOperation.Style)).AmountMax);
        Assert.Equal(0.08m, Price.FromCatalogue(Shape(model with { Price = new PriceRule { ByResolution = new Dictionary<string, decimal> { ["2K"] = 0.06m }, InputImage = 0.01m } }, ImageOperation.Style)).AmountMax);
    }

    [Theory]
    [InlineData(true, 6, true)]
    [InlineData(false, 8, true)]
    [InlineData(true, 1, false)]
    public void A_picture_that_only_its_metadata_turn_is_not_continued_lying(bool little, byte orientation, bool refused)
    {
        byte[] tiff = little
            ? [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0]
            : [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
        byte[] jpeg = TinyImages.Make("jpeg", 96, 64, "telephone");
        File.WriteAllBytes(_picture, [.. jpeg[..2], 0xFF, 0xE1, 0, (byte)(8 + tiff.Length), .. "Exif\0\0"u8, .. tiff, .. jpeg[2..]]);
        ImageRequest request = new(ImageOperation.Outpaint, new RequestDraft { Prompt = "p", Image = _picture, Left = 32 });
        ModelRow model = Model with { Operations = [ImageOperation.Outpaint], Sizes = null, Canvas = 1 };

        AIImageException? e = (AIImageException?)Record.Exception(() => new CallShape("X", model, request));

        Assert.Equal(refused ? ImageErrorId.InvalidImage : null, e?.Error.Id);
    }

    [Theory]
    [InlineData("1K", 0.02)]
    [InlineData("2K", 0.05)]
    public void A_class_of_size_has_the_megapixels_of_its_square(string resolution, double price)
    {
        ModelRow model = Model with { Price = new PriceRule { FirstMegapixel = 0.01m, NextMegapixel = 0.01m } };

        Assert.Equal((decimal)price, Price.FromCatalogue(Shape(model, ImageOperation.Generate, resolution)).AmountMax);
    }

    [Fact]
    public void A_shape_that_cannot_be_seen_is_no_secret()
    {
        ImageRequest known = new(ImageOperation.Img2Img, new RequestDraft { Prompt = "p", Image = _picture });
        ImageRequest link = new(ImageOperation.Img2Img, new RequestDraft { Prompt = "p", Image = "https://example.com/a.png" });

        CallShape follows = new("X", Model, known), square = new("X", Model, link);

        Assert.Equal(("3:2", "1:1"), (follows.Ratio.ToString(), square.Ratio.ToString()));
        Assert.DoesNotContain(follows.Notes, n => n.Contains("link", StringComparison.Ordinal));
        Assert.Contains(square.Notes, n => n.Contains("behind a link", StringComparison.Ordinal));
    }

    public void Dispose() => File.Delete(_picture);

    private CallShape Shape(ModelRow model, ImageOperation operation, string? resolution = null) => new("X", model, new ImageRequest(operation, new RequestDraft
    {
        Prompt = "p",
        Image = operation == ImageOperation.Generate ? null : _picture,
        StyleImage = operation == ImageOperation.Style ? _picture : null,
        Resolution = resolution,
    }));
}
