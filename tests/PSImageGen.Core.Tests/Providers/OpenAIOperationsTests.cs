using System.Text.Json.Nodes;
using PSImageGen.Core.Artifacts.Pixels;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Providers.OpenAI;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tests.Support;
using PSImageGen.Core.Wire;
using PSImageGen.FakeProviders.Images;
using PSImageGen.FakeProviders.Log;

namespace PSImageGen.Core.Tests.Providers;

/// <summary>OpenAI's edits: what goes into the form for each operation, and every operation from request to file.</summary>
public class OpenAIOperationsTests
{
    private const string Vendor = "OpenAI";

    private static readonly OpenAIProvider Provider = new();

    [Fact]
    public async Task A_picture_is_changed_by_words()
    {
        await using Spine spine = await Spine.StartAsync();
        string source = spine.Picture("jpeg", 1024, 768);

        RequestRecord order = await DeliverAsync(spine, ImageOperation.Img2Img, new RequestDraft { Prompt = "at night", Image = source }, null, "source");

        Assert.EndsWith("/images/edits", order.Path, StringComparison.Ordinal);
        Assert.Equal([("image", "image/jpeg")], order.Files.Select(f => (f.Field, f.ContentType)));
        Assert.Equal(File.ReadAllBytes(source), order.Files[0].Bytes);
        Assert.Equal(("gpt-image-2", "at night", "1024x768"), (Field(order, "model"), Field(order, "prompt"), Field(order, "size")));
    }

    [Fact]
    public async Task A_mask_goes_as_transparency_and_belongs_to_the_first_image()
    {
        await using Spine spine = await Spine.StartAsync();
        string source = spine.Picture(), reference = spine.Picture("webp");

        RequestRecord order = await DeliverAsync(spine, ImageOperation.Inpaint, new RequestDraft { Prompt = "a hat", Image = source, Mask = spine.Mask(), ReferenceImages = [reference] }, null, "source", "mask", "reference");

        Assert.Equal(["image[]", "mask", "image[]"], order.Files.Select(f => f.Field));
        Assert.Equal(File.ReadAllBytes(source), order.Files[0].Bytes);
        Assert.Equal("image/png", order.Files[1].ContentType);
        PixelImage mask = PixelImage.Read(new MemoryStream(order.Files[1].Bytes));
        Assert.Equal((0, 255), (mask.Rgba[3], mask.Rgba[^1]));
    }

    [Theory]
    [InlineData("gpt-image-2")]
    [InlineData("gpt-image-1")]
    public async Task A_picture_is_continued_on_a_transparent_canvas_at_the_nearest_size(string model)
    {
        await using Spine spine = await Spine.StartAsync();
        string source = spine.Picture();

        RequestRecord order = await DeliverAsync(spine, ImageOperation.Outpaint, new RequestDraft { Image = source, Right = 32, Quality = "low" }, model, "source");

        Assert.Equal(["image", "mask"], order.Files.Select(f => f.Field));
        PixelImage canvas = PixelImage.Read(new MemoryStream(order.Files[0].Bytes)), mask = PixelImage.Read(new MemoryStream(order.Files[1].Bytes));
        Assert.Equal((new ImageSize(128, 64), new ImageSize(128, 64)), (canvas.Size, mask.Size));
        Assert.Equal((255, 0), (canvas.Rgba[3], canvas.Rgba[(127 * 4) + 3]));
        Assert.Equal((255, 0), (mask.Rgba[3], mask.Rgba[(127 * 4) + 3]));
        ImageSize size = ImageSize.TryParse(Field(order, "size"), out ImageSize asked) ? asked : default;
        Assert.True(Provider.Catalogue.Find(model)!.Sizes!.Allows(size));
        Assert.True(size.Ratio >= 1.5);
    }

    [Fact]
    public async Task Variations_are_asked_for_in_words()
    {
        await using Spine spine = await Spine.StartAsync();

        RequestRecord order = await DeliverAsync(spine, ImageOperation.Vary, new RequestDraft { Image = spine.Picture(), Count = 3, Strength = 0.9 }, null, "source");

        Assert.Contains("a strongly different version", Field(order, "prompt"), StringComparison.Ordinal);
        Assert.Equal("3", Field(order, "n"));
    }

    [Fact]
    public async Task Both_images_of_a_style_go_in_and_their_parts_are_named()
    {
        await using Spine spine = await Spine.StartAsync();
        string source = spine.Picture("png"), style = spine.Picture("webp");

        RequestRecord order = await DeliverAsync(spine, ImageOperation.Style, new RequestDraft { Image = source, StyleImage = style, Prompt = "in winter", Strength = 0.1 }, null, "source", "style");

        Assert.Equal([("image[]", "image/png"), ("image[]", "image/webp")], order.Files.Select(f => (f.Field, f.ContentType!)));
        Assert.Matches("Image 1 gives the content.*Image 2 gives only the look.*slightly.*in winter", Field(order, "prompt"));
    }

    [Theory]
    [InlineData("gpt-image-1", ConsistencyMode.Strict, "high")]
    [InlineData("gpt-image-1.5", ConsistencyMode.Strict, "high")]
    [InlineData("gpt-image-1", ConsistencyMode.Balanced, null)]
    [InlineData("gpt-image-2", ConsistencyMode.Strict, null)]
    [InlineData("gpt-image-2.5-sunburst", ConsistencyMode.Strict, null)]
    public async Task A_character_is_followed_closely_where_the_model_has_to_be_told(string model, ConsistencyMode mode, string? fidelity)
    {
        await using Spine spine = await Spine.StartAsync();

        RequestRecord order = await DeliverAsync(spine, ImageOperation.Generate,
            new RequestDraft { Prompt = "she waves", ReferenceImages = [spine.Picture(), spine.Picture()], ConsistencyMode = mode, Quality = "low" }, model, "reference", "reference");

        Assert.Equal(fidelity, (string?)order.Body!["fields"]!["input_fidelity"]);
    }

    [Fact]
    public void A_model_that_cannot_look_closely_promises_no_character()
    {
        const string Mini = "gpt-image-1-mini";
        using TempPicture picture = new();
        RequestDraft draft = new() { Prompt = "she waves", ReferenceImages = [picture.Path], ConsistencyMode = ConsistencyMode.Strict };

        Assert.Equal(ImageErrorId.Unsupported, Assert.Throws<AIImageException>(() => Translation.Call(Provider, Mini, draft)).Error.Id);
        Assert.NotEmpty(Translation.Call(Provider, Mini, draft with { ConsistencyMode = ConsistencyMode.Balanced }).Shape.Warnings);
    }

    [Fact]
    public void Every_row_that_edits_knows_all_roundabout_ways_and_none_enlarges()
    {
        foreach (ModelRow model in Provider.Catalogue.Models.Where(m => m.Retired is null))
        {
            Assert.True(new[] { ImageOperation.Img2Img, ImageOperation.Inpaint }.All(model.Operations.Contains), model.Id);
            Assert.True(new[] { "Outpaint", "Vary", "Style" }.All(model.Emulates.ContainsKey), model.Id);
            Assert.False(model.Can(ImageOperation.Upscale), model.Id);
            Assert.Equal((MaskKind.Alpha, 1, 16), (model.Mask, model.Canvas, model.MaxInputs));
        }
    }

    [Fact]
    public async Task A_roundabout_way_is_said_before_paying_and_enlarging_is_refused()
    {
        await using Spine spine = await Spine.StartAsync();
        string source = spine.Picture();
        Plan plan = spine.Plan(Asking(ImageOperation.Style, new RequestDraft { Image = source, StyleImage = source }));
        Assert.Contains(plan.Candidates[0].Quote.Notes, n => n.Contains("both pictures", StringComparison.Ordinal));

        AIImageException e = Assert.Throws<AIImageException>(() => spine.Plan(Asking(ImageOperation.Upscale, new RequestDraft { Image = source })));
        Assert.Equal(ImageErrorId.Unsupported, e.Error.Id);
        Assert.NotEmpty(e.Error.Recommendation);
    }

    [Fact]
    public void Pictures_that_go_in_are_in_the_price()
    {
        using TempPicture picture = new();
        RequestDraft words = new() { Prompt = "p", Quality = "low", Size = "1024x1024" }, one = words with { ReferenceImages = [picture.Path] };

        Assert.Equal(0.006m + 0.0528m, Translation.Price(Provider, "gpt-image-2", one));
        Assert.Equal(0.011m + 0.0033m, Translation.Price(Provider, "gpt-image-1", one));
        Assert.Equal(0.011m + 0.066m, Translation.Price(Provider, "gpt-image-1", one with { ConsistencyMode = ConsistencyMode.Strict }));
        Assert.Null(Provider.Price(Translation.Call(Provider, ImageOperation.Img2Img, "chatgpt-image-latest", words with { Image = picture.Path }).Shape).Amount);
    }

    [Fact]
    public void Moderation_can_be_set_for_words_alone_since_the_form_has_no_such_part()
    {
        using TempPicture picture = new();
        RequestDraft draft = new() { Prompt = "p", ProviderOptions = new JsonObject { ["moderation"] = "low" } };

        Assert.Equal("low", (string?)Translation.Body(Provider.Submit(Translation.Call(Provider, null, draft)))["moderation"]);
        Assert.Equal(ImageErrorId.InvalidRequest, Assert.Throws<AIImageException>(() => Translation.Call(Provider, ImageOperation.Img2Img, null, draft with { Image = picture.Path })).Error.Id);
    }

    [Fact]
    public void At_most_sixteen_images_go_in()
    {
        using TempPicture picture = new();
        RequestDraft draft = new() { Image = picture.Path, StyleImage = picture.Path, ReferenceImages = [.. Enumerable.Repeat(picture.Path, 14)] };

        RequestBody.Multipart form = (RequestBody.Multipart)Provider.Submit(Translation.Call(Provider, ImageOperation.Style, null, draft)).Body;
        Assert.Equal(16, form.Parts.Count(p => p.Name == "image[]"));
        Assert.Throws<AIImageException>(() => Translation.Call(Provider, ImageOperation.Style, null, draft with { ReferenceImages = [.. draft.ReferenceImages!, picture.Path] }));
    }

    [Fact]
    public async Task A_mask_that_is_too_large_once_made_ready_is_never_sent()
    {
        await using Spine spine = await Spine.StartAsync();
        Random random = new(7);
        string mask = spine.Mask();
        File.WriteAllBytes(mask, TinyImages.PaintedPng(2100, 2100, (_, _) => (byte)random.Next(256) is var grey ? (grey, grey, grey, (byte)255) : default));

        RunReport report = await spine.RunAsync(Asking(ImageOperation.Inpaint, new RequestDraft { Prompt = "p", Image = spine.Picture("png", 2100, 2100), Mask = mask }));

        Assert.Equal(ImageErrorId.InvalidImage, report.Error!.Id);
        Assert.Contains("4 MB", report.Error.Message, StringComparison.Ordinal);
        Assert.False(report.Error.MayHaveBeenCharged);
        Assert.Equal(0, spine.OpenAI.Submits);
    }

    [Fact]
    public async Task A_mask_without_white_and_one_of_another_size_behind_a_link_are_never_sent()
    {
        await using Spine spine = await Spine.StartAsync();
        string source = spine.Picture(), black = spine.Mask();
        File.WriteAllBytes(black, TinyImages.SolidPng(96, 64, 0, 0, 0));

        RunReport nothing = await spine.RunAsync(Asking(ImageOperation.Inpaint, new RequestDraft { Prompt = "p", Image = source, Mask = black }));
        RunReport other = await spine.RunAsync(Asking(ImageOperation.Inpaint, new RequestDraft { Prompt = "p", Image = spine.Vendors.ElsewhereUrl + "/reference.png", Mask = spine.Mask(95, 64) }));

        Assert.Contains("nothing white", nothing.Error!.Message, StringComparison.Ordinal);
        Assert.Contains("95x64", other.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(0, spine.OpenAI.Submits);
    }

    private static Order Asking(ImageOperation operation, RequestDraft draft, string? model = null) => Order.OpenAI with { Asks = (operation, draft), Model = model };

    private static string? Field(RequestRecord order, string name) => (string?)order.Body!["fields"]![name];

    private static async Task<RequestRecord> DeliverAsync(Spine spine, ImageOperation operation, RequestDraft draft, string? model, params string[] parents)
    {
        RunReport report = await spine.RunAsync(Asking(operation, draft, model));

        spine.AssertDelivered(report, Vendor, draft.Count ?? 1);
        Assert.Equal(parents, report.Record.Parents.Select(p => p.Role));
        return spine.Ordered();
    }
}
