using PSImageGen.Core.Artifacts.Pixels;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Gate;
using PSImageGen.Core.Tests.Support;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.FakeProviders.Images;

namespace PSImageGen.Core.Tests.Engine;

/// <summary>Pictures that go in.</summary>
public class InputImageTests
{
    [Theory]
    [InlineData("OpenAI")]
    [InlineData("BFL")]
    public async Task Reference_images_arrive_at_the_vendor_whole_and_in_order(string vendor)
    {
        await using Spine spine = await Spine.StartAsync();
        string[] files = [Write(spine, "a.png", "png"), Write(spine, "b.bin", "webp"), Write(spine, "c.jpg", "jpeg")];

        RunReport report = await spine.RunAsync(Order.From(vendor) with { References = files });

        Assert.Null(report.Error);
        Assert.Equal(files.Select(f => ("reference", (string?)f, Sha256(f))), report.Record.Parents.Select(p => (p.Role, p.Path, p.Sha256)));
        Assert.Equal(
            files.Select(File.ReadAllBytes),
            spine.Vendors.Requests.Single(r => r.Stage == FaultStage.Submit).Files.Select(f => f.Bytes));
    }

    [Fact]
    public async Task A_link_is_fetched_for_a_vendor_that_takes_none_and_passed_on_to_one_that_does()
    {
        await using Spine spine = await Spine.StartAsync();
        string link = spine.Vendors.ElsewhereUrl + "/reference.png";

        Assert.Null((await spine.RunAsync(Order.OpenAI with { References = [link] })).Error);
        Assert.Null((await spine.RunAsync(Order.Bfl with { References = [link] })).Error);

        Assert.Single(spine.Vendors.Requests, r => r.Vendor is null);
        Assert.Single(spine.Vendors.Requests.Single(r => r is { Vendor: "OpenAI", Stage: FaultStage.Submit }).Files);
        Assert.Equal(link, (string?)spine.Vendors.Requests.Single(r => r is { Vendor: "BFL", Stage: FaultStage.Submit }).Body!["input_image"]);
        Assert.Empty(spine.Vendors.Violations);
    }

    [Theory]
    [InlineData("/page.html")]
    [InlineData("/loop")]
    public async Task A_link_that_leads_to_no_picture_is_an_error_before_anything_is_paid(string path)
    {
        await using Spine spine = await Spine.StartAsync();

        RunReport report = await spine.RunAsync(Order.OpenAI with { References = [spine.Vendors.ElsewhereUrl + path] });

        Assert.Equal(ImageErrorId.InvalidImage, report.Error!.Id);
        Assert.Contains(path, report.Error.Message, StringComparison.Ordinal);
        Assert.False(report.Error.MayHaveBeenCharged);
        Assert.Equal(ImageTaskStatus.Failed, report.Record.Status);
        Assert.Equal(0, spine.OpenAI.Submits);
    }

    [Theory]
    [InlineData("OpenAI")]
    [InlineData("BFL")]
    public async Task A_picture_that_goes_away_after_the_yes_is_an_error_that_costs_nothing(string vendor)
    {
        await using Spine spine = await Spine.StartAsync();
        Order order = Order.From(vendor) with { References = [Write(spine, "a.png", "png")] };
        ApprovedCall call = spine.Approve(order);
        File.Delete(order.References[0]);

        RunReport report = await spine.Engine.RunAsync(call, spine.Options(order), spine.Listener, default);

        Assert.Equal(ImageErrorId.InvalidImage, report.Error!.Id);
        Assert.False(report.Error.MayHaveBeenCharged);
        Assert.Equal(ImageTaskStatus.Failed, report.Record.Status);
        Assert.Equal(0, spine.Vendors.Count(vendor).BilledSubmits);
    }

    [Theory]
    [InlineData("Stability")]
    [InlineData("BFL")]
    public async Task A_mask_that_is_transparent_anywhere_goes_out_as_white_and_black_and_one_without_white_does_not_go(string vendor)
    {
        await using Spine spine = await Spine.StartAsync();
        Directory.CreateDirectory(spine.State);
        string mask = Path.Combine(spine.State, "mask.png"), black = Path.Combine(spine.State, "black.png");
        File.WriteAllBytes(mask, TinyImages.PaintedPng(96, 64, (x, _) => ((byte)255, (byte)255, (byte)255, (byte)(x < 48 ? 255 : 0))));
        File.WriteAllBytes(black, TinyImages.SolidPng(96, 64, 0, 0, 0));
        Order order = Order.From(vendor) with { Asks = (ImageOperation.Inpaint, SamplePictures.Draft(ImageOperation.Inpaint) with { Mask = mask }) };

        RunReport changed = await spine.RunAsync(order);
        RunReport refused = await spine.RunAsync(order with { RunId = "black", Asks = (ImageOperation.Inpaint, SamplePictures.Draft(ImageOperation.Inpaint) with { Mask = black }) });

        Assert.Null(changed.Error);
        Assert.Equal(ImageErrorId.InvalidImage, refused.Error!.Id);
        byte[] sent = spine.Vendors.Requests.Single(r => r.Vendor == vendor && r.Stage == FaultStage.Submit).Files[1].Bytes;
        PixelImage received = PixelImage.Read(new MemoryStream(sent));
        Assert.False(received.HasAlpha);
        Assert.Equal((255, 0), (received.Rgba[0], received.Rgba[^4]));
    }

    [Fact]
    public async Task What_was_made_ready_for_an_order_that_was_refused_is_cleared_away()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Say("OpenAI", FaultStage.Submit, 401, null);
        Order order = Order.OpenAI with { Asks = (ImageOperation.Outpaint, SamplePictures.Draft(ImageOperation.Outpaint)) };

        RunReport report = await spine.RunAsync(order);

        Assert.Equal(ImageErrorId.AuthenticationFailed, report.Error!.Id);
        Assert.False(Directory.Exists(new Core.Tasks.RunFolder(spine.Folder, order.RunId).Parts));
    }

    private static string? Sha256(string file) => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))).ToLowerInvariant();

    private static string Write(Spine spine, string name, string format)
    {
        Directory.CreateDirectory(spine.State);
        string path = Path.Combine(spine.State, name);
        File.WriteAllBytes(path, TinyImages.Make(format, 64, 64, name));
        return path;
    }
}
