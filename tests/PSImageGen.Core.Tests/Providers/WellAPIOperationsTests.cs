using PSImageGen.Core.Artifacts.Pixels;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers.WellAPI;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tests.Support;
using PSImageGen.FakeProviders.Log;

namespace PSImageGen.Core.Tests.Providers;

/// <summary>WellAPI's edits: what goes into the form for each operation, and every operation from request to file.</summary>
public class WellAPIOperationsTests
{
    private const string Vendor = "WellAPI";

    private static readonly WellAPIProvider Provider = new();

    [Theory]
    [InlineData("gpt-image-2", "model,prompt,size,n,quality,format")]
    [InlineData("gpt-image-2-all", "model,prompt,size,n,quality,format")]
    [InlineData("gpt-image-1", "model,prompt,size,n,quality,format")]
    [InlineData("gpt-image-1-all", "model,prompt,size,n,quality,format")]
    [InlineData("flux-kontext-pro", "model,prompt,n,format")]
    [InlineData("flux-kontext-max", "model,prompt,n,format")]
    public async Task A_picture_is_changed_by_words(string model, string fields)
    {
        await using Spine spine = await Spine.StartAsync();
        string source = spine.Picture("webp");

        RequestRecord order = await DeliverAsync(spine, ImageOperation.Img2Img, new RequestDraft { Prompt = "at night", Image = source }, model, "source");

        Assert.EndsWith("/images/edits", order.Path, StringComparison.Ordinal);
        Assert.Equal(fields.Split(','), order.Body!["fields"]!.AsObject().Select(f => f.Key));
        Assert.Equal((model, "at night"), (Field(order, "model"), Field(order, "prompt")));
        Assert.Equal([("image", "image/webp")], order.Files.Select(f => (f.Field, f.ContentType!)));
    }

    [Theory]
    [InlineData("gpt-image-2")]
    [InlineData("gpt-image-1-all")]
    public async Task A_mask_goes_as_transparency(string model)
    {
        await using Spine spine = await Spine.StartAsync();

        RequestRecord order = await DeliverAsync(spine, ImageOperation.Inpaint, new RequestDraft { Prompt = "a hat", Image = spine.Picture(), Mask = spine.Mask(), ReferenceImages = [spine.Picture()] }, model, "source", "mask", "reference");

        Assert.Equal(["image", "mask", "image"], order.Files.Select(f => f.Field));
        PixelImage mask = PixelImage.Read(new MemoryStream(order.Files[1].Bytes));
        Assert.Equal((0, 255), (mask.Rgba[3], mask.Rgba[^1]));
    }

    [Fact]
    public async Task Variations_are_asked_for_in_words()
    {
        await using Spine spine = await Spine.StartAsync();

        RequestRecord order = await DeliverAsync(spine, ImageOperation.Vary, new RequestDraft { Image = spine.Picture(), Count = 2, Strength = 0.5 }, null, "source");

        Assert.StartsWith("Make a clearly different version", Field(order, "prompt"), StringComparison.Ordinal);
        Assert.Equal("2", Field(order, "n"));
    }

    [Fact]
    public async Task Both_images_of_a_style_go_in_and_their_parts_are_named()
    {
        await using Spine spine = await Spine.StartAsync();
        RequestDraft draft = new() { Image = spine.Picture("png"), StyleImage = spine.Picture("jpeg") };

        RequestRecord order = await DeliverAsync(spine, ImageOperation.Style, draft, null, "source", "style");

        Assert.Equal([("image", "image/png"), ("image", "image/jpeg")], order.Files.Select(f => (f.Field, f.ContentType!)));
        Assert.Contains("Image 2 gives only the look", Field(order, "prompt"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_character_is_followed_by_an_edit_and_that_is_said()
    {
        await using Spine spine = await Spine.StartAsync();
        RequestDraft draft = new() { Prompt = "she waves", ReferenceImages = [spine.Picture()], ConsistencyMode = ConsistencyMode.Strict };

        RequestRecord order = await DeliverAsync(spine, ImageOperation.Generate, draft, null, "reference");

        Assert.EndsWith("/images/edits", order.Path, StringComparison.Ordinal);
        Assert.Contains(spine.Plan(Asking(ImageOperation.Generate, draft)).Candidates[0].Quote.Notes, n => n.Contains("pictures of an edit", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(ImageOperation.Outpaint)]
    [InlineData(ImageOperation.Upscale)]
    public async Task What_it_cannot_do_is_refused_with_a_way_out(ImageOperation operation)
    {
        await using Spine spine = await Spine.StartAsync();
        RequestDraft draft = new() { Image = spine.Picture(), Left = operation == ImageOperation.Outpaint ? 16 : null };

        AIImageException e = Assert.Throws<AIImageException>(() => spine.Plan(Asking(operation, draft)));

        Assert.Equal(ImageErrorId.Unsupported, e.Error.Id);
        Assert.NotEmpty(e.Error.Recommendation);
    }

    [Fact]
    public void All_pictures_have_fifty_megabytes_together()
    {
        using TempPicture small = new(), large = new();
        File.AppendAllText(large.Path, new string(' ', (25 << 20) - (int)new FileInfo(large.Path).Length));

        RequestDraft draft = new() { Prompt = "p", ReferenceImages = [large.Path, large.Path] };
        Assert.Equal(2, Translation.Call(Provider, null, draft).Inputs.Count);
        AIImageException e = Assert.Throws<AIImageException>(() => Translation.Call(Provider, null, draft with { ReferenceImages = [large.Path, large.Path, small.Path] }));
        Assert.Equal(ImageErrorId.InvalidImage, e.Error.Id);
        Assert.Contains("50 MB in all", e.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_fetched_counts_in_the_total_too()
    {
        await using Spine spine = await Spine.StartAsync();
        string large = spine.Picture();
        File.AppendAllText(large, new string(' ', (50 << 20) - (int)new FileInfo(large).Length));

        RunReport report = await spine.RunAsync(Asking(ImageOperation.Img2Img, new RequestDraft { Prompt = "p", Image = large, ReferenceImages = [spine.Vendors.ElsewhereUrl + "/reference.png"] }));

        Assert.Equal(ImageErrorId.InvalidImage, report.Error!.Id);
        Assert.False(report.Error.MayHaveBeenCharged);
        Assert.Equal(0, spine.Vendors.Count(Vendor).Submits);
    }

    private static Order Asking(ImageOperation operation, RequestDraft draft, string? model = null) => new() { Provider = Vendor, Asks = (operation, draft), Model = model };

    private static string? Field(RequestRecord order, string name) => (string?)order.Body!["fields"]![name];

    private static async Task<RequestRecord> DeliverAsync(Spine spine, ImageOperation operation, RequestDraft draft, string? model, params string[] parents)
    {
        // The id of some models belongs to another provider too.
        Plan plan = new Planner(Core.Providers.ProviderRegistry.BuiltIn, spine.Surroundings).Plan(Spine.Request(Asking(operation, draft)), new Selection { Provider = Vendor, Model = model });
        Assert.Null(plan.Candidates[0].Quote.Amount);
        RunReport report = await spine.RunAsync(Asking(operation, draft, model));

        spine.AssertDelivered(report, Vendor, draft.Count ?? 1);
        Assert.Equal(parents, report.Record.Parents.Select(p => p.Role));
        return spine.Ordered();
    }
}
