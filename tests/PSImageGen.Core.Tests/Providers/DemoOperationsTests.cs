using PSImageGen.Core.Artifacts.Pixels;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Gate;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tests.Support;
using PSImageGen.FakeProviders.Images;

namespace PSImageGen.Core.Tests.Providers;

/// <summary>Every operation on a picture offline, from request to file.</summary>
public class DemoOperationsTests
{
    [Fact]
    public async Task A_change_of_strength_0_leaves_the_picture_and_of_1_leaves_nothing()
    {
        await using Spine spine = await Spine.StartAsync();
        string source = Save(spine, "source.png", Split(96, 64));

        PixelImage kept = await RunAsync(spine, ImageOperation.Img2Img, new RequestDraft { Prompt = "a city", Image = source, Strength = 0 });
        PixelImage replaced = await RunAsync(spine, ImageOperation.Img2Img, new RequestDraft { Prompt = "a city", Image = source, Strength = 1 });
        PixelImage half = await RunAsync(spine, ImageOperation.Img2Img, new RequestDraft { Prompt = "a city", Image = source, Strength = 0.5 });

        Assert.Equal(Read(source).Rgba, kept.Rgba);
        Assert.True(Difference(half, kept) > 1);
        Assert.True(Difference(replaced, kept) > Difference(half, kept));
    }

    [Fact]
    public async Task Only_what_is_white_in_the_mask_changes()
    {
        await using Spine spine = await Spine.StartAsync();
        string source = Save(spine, "source.png", Split(96, 64));
        string mask = Save(spine, "mask.png", TinyImages.PaintedPng(96, 64, (x, _) => x < 48 ? ((byte)255, (byte)255, (byte)255, (byte)255) : ((byte)0, (byte)0, (byte)0, (byte)255)));

        PixelImage result = await RunAsync(spine, ImageOperation.Inpaint, new RequestDraft { Prompt = "a city", Image = source, Mask = mask });

        PixelImage before = Read(source);
        Assert.Equal(PixelTools.Crop(before, 48, 0, new ImageSize(48, 64)).Rgba, PixelTools.Crop(result, 48, 0, new ImageSize(48, 64)).Rgba);
        Assert.NotEqual(PixelTools.Crop(before, 0, 0, new ImageSize(48, 64)).Rgba, PixelTools.Crop(result, 0, 0, new ImageSize(48, 64)).Rgba);
    }

    [Theory]
    [InlineData(null, null, 40, 8, 176, 72)]
    [InlineData("192x64", null, 0, 0, 192, 64)]
    [InlineData(null, "1:1", 0, 0, 128, 128)]
    public async Task A_picture_is_continued_around_itself(string? size, string? ratio, int left, int down, int width, int height)
    {
        await using Spine spine = await Spine.StartAsync();
        string source = Save(spine, "source.png", Split(128, 64));

        PixelImage result = await RunAsync(spine, ImageOperation.Outpaint, new RequestDraft { Image = source, Size = size, AspectRatio = ratio, Left = left == 0 ? null : left, Right = left == 0 ? null : 8, Down = down == 0 ? null : down });

        Assert.Equal(new ImageSize(width, height), result.Size);
        int x = left > 0 ? left : (width - 128) / 2, y = left > 0 ? 0 : (height - 64) / 2;
        Assert.Equal(Read(source).Rgba, PixelTools.Crop(result, x, y, new ImageSize(128, 64)).Rgba);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task A_picture_becomes_larger_and_stays_the_same(int scale)
    {
        await using Spine spine = await Spine.StartAsync();
        string source = Save(spine, "source.png", Split(64, 48));

        PixelImage result = await RunAsync(spine, ImageOperation.Upscale, new RequestDraft { Image = source, Scale = scale });

        Assert.Equal(new ImageSize(64 * scale, 48 * scale), result.Size);
        Assert.True(Difference(PixelTools.Scale(result, 64, 48), Read(source)) < 4);
    }

    [Fact]
    public async Task Variations_differ_from_each_other_and_the_more_the_greater_the_variance()
    {
        await using Spine spine = await Spine.StartAsync();
        string source = Save(spine, "source.png", Split(96, 64));

        RunReport report = await OrderAsync(spine, ImageOperation.Vary, new RequestDraft { Image = source, Count = 3, Strength = 0.8 });
        PixelImage hardly = await RunAsync(spine, ImageOperation.Vary, new RequestDraft { Image = source, Strength = 0.02 });

        PixelImage[] variations = [.. report.Record.Images.Select(i => Read(i.Path))];
        Assert.Equal(3, variations.Length);
        Assert.True(Difference(variations[0], variations[1]) > 1);
        Assert.All(variations, v => Assert.True(Difference(v, Read(source)) > Difference(hardly, Read(source))));
    }

    [Fact]
    public async Task The_look_of_another_picture_is_taken_over_and_both_are_parents()
    {
        await using Spine spine = await Spine.StartAsync();
        string source = Save(spine, "source.png", Split(96, 64)), style = Save(spine, "style.png", TinyImages.SolidPng(32, 32, 220, 40, 10));

        RunReport report = await OrderAsync(spine, ImageOperation.Style, new RequestDraft { Image = source, StyleImage = style, Strength = 1 });

        PixelImage result = Read(Assert.Single(report.Record.Images).Path);
        Assert.True(Mean(result, 0) > 200 && Mean(result, 2) < 30);
        Assert.Equal([("source", (string?)source), ("style", style)], report.Record.Parents.Select(p => (p.Role, p.Path)));
    }

    private static async Task<PixelImage> RunAsync(Spine spine, ImageOperation operation, RequestDraft draft) => Read(Assert.Single((await OrderAsync(spine, operation, draft)).Record.Images).Path);

    private static async Task<RunReport> OrderAsync(Spine spine, ImageOperation operation, RequestDraft draft)
    {
        Plan plan = new Planner(ProviderRegistry.BuiltIn, spine.Surroundings).Plan(new ImageRequest(operation, draft), new Selection { Provider = "Demo" });
        RunReport report = await spine.Engine.RunAsync(ApprovedCall.Gate.Approve(plan, new ForegroundConsent(true), new Budget())!, new RunOptions(spine.Folder), spine.Listener, CancellationToken.None);
        Assert.Null(report.Error);
        return report;
    }

    private static byte[] Split(int width, int height) =>
        TinyImages.PaintedPng(width, height, (x, y) => ((byte)(x * 255 / width), (byte)(y * 255 / height), (byte)(x < width / 2 ? 200 : 40), (byte)255));

    private static string Save(Spine spine, string name, byte[] bytes)
    {
        Directory.CreateDirectory(spine.State);
        string path = Path.Combine(spine.State, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static PixelImage Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        return PixelImage.Read(file);
    }

    private static double Difference(PixelImage a, PixelImage b) => a.Rgba.Zip(b.Rgba, (x, y) => Math.Abs(x - y)).Average();

    private static double Mean(PixelImage image, int channel) => image.Rgba.Where((_, i) => i % 4 == channel).Average(v => v);
}
