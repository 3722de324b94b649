using System.Security.Cryptography;
using PSImageGen.Core.Providers.Demo.Painting;
using PSImageGen.Core.Tests.Artifacts;
using Xunit;

namespace PSImageGen.Core.Tests.Providers;

public class DemoPainterTests
{
    public static TheoryData<string> Prompts() =>
    [
        "a red panda on a mossy branch", "a lighthouse in a storm at night", "neon city in the rain", "desert caravan at dawn", "a vase of tulips",
        "aurora over a frozen lake", "abstract blue waves", "a ringed planet over a moon", "autumn forest path", "portrait of an old sailor",
        "snowy mountain at sunset", "tropical ocean island", "spiral galaxy", "poppy meadow", "flowing ribbons", "geometric quilt", "owl at midnight",
        "pyramids", "cactus", "a queen", "", "💡 キツネ",
    ];

    // The pixels are pinned, not the file: the compressed bytes depend on the zlib of the running .NET.
    [Theory]
    [InlineData("snowy mountain at sunset", 42, "39f4499b07eccc9c")]
    [InlineData("a red panda on a mossy branch", -7, "919ab3e120659cb3")]
    [InlineData("neon city in the rain", 1, "19bf445e5608349d")]
    [InlineData("a lighthouse in a storm at night", 1, "cb1692fd96c490c2")]
    [InlineData("a ringed planet over a moon", 1, "2052166332b828b3")]
    [InlineData("portrait of an old sailor", 1, "f6175d2425c62b49")]
    public void The_same_prompt_seed_and_size_give_the_same_pixels_everywhere(string prompt, long seed, string expected) =>
        Assert.Equal(expected, Convert.ToHexStringLower(SHA256.HashData(Pixels(prompt, seed, 96, 64)))[..16]);

    [Fact]
    public void The_same_call_gives_the_same_file() => Assert.Equal(Paint("a harbour", 5, 80, 80), Paint("a harbour", 5, 80, 80));

    [Fact]
    public void Another_prompt_seed_or_letter_case_gives_another_picture()
    {
        var picture = Pixels("snowy mountain", 1, 64, 64);
        Assert.NotEqual(picture, Pixels("snowy mountain", 2, 64, 64));
        Assert.NotEqual(picture, Pixels("snowy mountain", long.MinValue, 64, 64));
        Assert.NotEqual(picture, Pixels("Snowy mountain", 1, 64, 64));
        Assert.NotEqual(picture, Pixels("snowy mountains", 1, 64, 64));
    }

    [Theory]
    [MemberData(nameof(Prompts))]
    public void Every_motif_is_a_picture_and_not_a_flat_colour(string prompt)
    {
        for (var seed = 0; seed < 4; seed++)
        {
            var pixels = Pixels(prompt, seed, 128, 128);
            var colours = new HashSet<int>();
            int darkest = 765, brightest = 0;
            for (var i = 0; i < pixels.Length; i += 3)
            {
                colours.Add((pixels[i] << 16) | (pixels[i + 1] << 8) | pixels[i + 2]);
                var light = pixels[i] + pixels[i + 1] + pixels[i + 2];
                (darkest, brightest) = (Math.Min(darkest, light), Math.Max(brightest, light));
            }

            Assert.True(colours.Count > 400, $"{prompt}, seed {seed}: {colours.Count} colours");
            Assert.True(brightest - darkest > 200, $"{prompt}, seed {seed}: brightness {darkest} to {brightest}");
        }
    }

    [Theory]
    [MemberData(nameof(Prompts))]
    public void Any_shape_can_be_painted(string prompt)
    {
        foreach (var (width, height) in new[] { (64, 64), (16, 16), (16, 300), (300, 16), (251, 97), (97, 251) })
            Assert.Equal(width * height * 3, Pixels(prompt, 3, width, height).Length);
    }

    [Theory]
    [InlineData(15, 64)]
    [InlineData(64, 8193)]
    [InlineData(0, 0)]
    [InlineData(64, -1)]
    public void Sizes_out_of_range_are_refused_before_anything_is_written(int width, int height)
    {
        using var stream = new MemoryStream();
        Assert.Throws<ArgumentOutOfRangeException>(() => DemoPainter.Paint(stream, "x", 1, width, height));
        Assert.Equal(0, stream.Length);
    }

    [Fact]
    public void Missing_arguments_are_refused()
    {
        Assert.Throws<ArgumentNullException>(() => DemoPainter.Paint(null!, "x", 1, 64, 64));
        Assert.Throws<ArgumentNullException>(() => DemoPainter.Paint(new MemoryStream(), null!, 1, 64, 64));
    }

    private static byte[] Paint(string prompt, long seed, int width, int height)
    {
        using var stream = new MemoryStream();
        DemoPainter.Paint(stream, prompt, seed, width, height);
        return stream.ToArray();
    }

    private static byte[] Pixels(string prompt, long seed, int width, int height)
    {
        var decoded = PngWriterTests.Decode(Paint(prompt, seed, width, height));
        Assert.Equal((width, height, 3), (decoded.Width, decoded.Height, decoded.Channels));
        return decoded.Pixels;
    }
}
