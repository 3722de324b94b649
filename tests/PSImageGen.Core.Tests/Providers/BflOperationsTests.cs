using System.Buffers.Binary;
using System.Text.Json.Nodes;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers.BFL;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tests.Support;
using PSImageGen.FakeProviders.Log;

namespace PSImageGen.Core.Tests.Providers;

/// <summary>Black Forest Labs: which route does which operation, what its body holds, and every operation from request to file.</summary>
public class BflOperationsTests
{
    private const string Vendor = "BFL";
    private const string Fill = "flux-pro-1.0-fill", Outpainting = "flux-tools/outpainting-v1", Expand = "flux-pro-1.0-expand";

    private static readonly BflProvider Provider = new();

    [Theory]
    [InlineData("flux-2-pro", """{"prompt":"at night","width":96,"height":64}""")]
    [InlineData("flux-2-klein-4b", """{"prompt":"at night","width":96,"height":64}""")]
    [InlineData("flux-kontext-max", """{"prompt":"at night"}""")]
    public async Task A_picture_is_changed_by_words(string model, string fields)
    {
        await using Spine spine = await Spine.StartAsync();
        string source = spine.Picture("jpeg");

        RequestRecord order = await DeliverAsync(spine, ImageOperation.Img2Img, new RequestDraft { Prompt = "at night", Image = source }, model, "source");

        Assert.EndsWith("/v1/" + model, order.Path, StringComparison.Ordinal);
        Assert.Equal("input_image", Assert.Single(order.Files).Field);
        Assert.Equal(File.ReadAllBytes(source), order.Files[0].Bytes);
        Assert.Equal(fields, WithoutImages(order));
    }

    [Fact]
    public async Task A_picture_behind_a_link_goes_as_a_link_and_its_size_is_left_to_the_vendor()
    {
        await using Spine spine = await Spine.StartAsync();
        string link = spine.Vendors.ElsewhereUrl + "/reference.png";

        RequestRecord order = await DeliverAsync(spine, ImageOperation.Img2Img, new RequestDraft { Prompt = "at night", Image = link }, null, "source");

        Assert.Equal($$"""{"prompt":"at night","input_image":"{{link}}"}""", order.Body!.ToJsonString());
        Quote quote = spine.Plan(Asking(ImageOperation.Img2Img, new RequestDraft { Prompt = "at night", Image = link })).Candidates[0].Quote;
        Assert.Equal((null, 0.03m + (3 * 0.015m) + (4 * 0.015m)), (quote.Size, quote.Amount!.Value));
    }

    [Fact]
    public async Task A_masked_part_is_filled_and_the_mask_goes_as_it_is()
    {
        await using Spine spine = await Spine.StartAsync();
        string source = spine.Picture("webp"), mask = spine.Mask();

        RequestRecord order = await DeliverAsync(spine, ImageOperation.Inpaint, new RequestDraft { Prompt = "a hat", Image = source, Mask = mask, Seed = 7, Format = ImageFormat.Png }, null, "source", "mask");

        Assert.EndsWith("/v1/" + Fill, order.Path, StringComparison.Ordinal);
        Assert.Equal(["image", "mask"], order.Files.Select(f => f.Field));
        Assert.Equal([File.ReadAllBytes(source), File.ReadAllBytes(mask)], order.Files.Select(f => f.Bytes));
        Assert.Equal("""{"prompt":"a hat","seed":7,"output_format":"png"}""", WithoutImages(order));
        Assert.Equal(0.05m, spine.Plan(Asking(ImageOperation.Inpaint, new RequestDraft { Prompt = "a hat", Image = source, Mask = mask })).Candidates[0].Quote.Amount);
    }

    [Theory]
    [InlineData(Fill)]
    [InlineData(Expand)]
    [InlineData("flux-pro-1.1")]
    [InlineData("flux-pro-1.1-ultra")]
    [InlineData("flux-dev")]
    public async Task Routes_that_know_base64_alone_get_links_fetched_for_them(string model)
    {
        await using Spine spine = await Spine.StartAsync();
        string link = spine.Vendors.ElsewhereUrl + "/reference.png";
        (ImageOperation operation, RequestDraft draft) = model switch
        {
            Fill => (ImageOperation.Inpaint, new RequestDraft { Prompt = "a hat", Image = link, Mask = link }),
            Expand => (ImageOperation.Outpaint, new RequestDraft { Image = link, Left = 16 }),
            _ => (ImageOperation.Vary, new RequestDraft { Image = link }),
        };

        RequestRecord order = await DeliverAsync(spine, operation, draft, model, model == Fill ? ["source", "mask"] : ["source"]);

        Assert.Equal(model == Fill ? 2 : 1, order.Files.Count);
    }

    [Fact]
    public async Task A_picture_is_continued_on_a_canvas_at_an_offset()
    {
        await using Spine spine = await Spine.StartAsync();
        RequestDraft draft = new() { Image = spine.Picture(), Left = 20, Right = 4, Up = 10, Prompt = "a wide shore" };

        RequestRecord order = await DeliverAsync(spine, ImageOperation.Outpaint, draft, null, "source");

        Assert.EndsWith("/v1/" + Outpainting, order.Path, StringComparison.Ordinal);
        Assert.Equal("input_image", Assert.Single(order.Files).Field);
        Assert.Equal("""{"prompt":"a wide shore","width":120,"height":74,"reference_offset_x":20,"reference_offset_y":10}""", WithoutImages(order));
        Assert.Null(spine.Plan(Asking(ImageOperation.Outpaint, draft)).Candidates[0].Quote.Amount);
    }

    [Fact]
    public async Task A_picture_is_continued_by_margins()
    {
        await using Spine spine = await Spine.StartAsync();

        RequestRecord order = await DeliverAsync(spine, ImageOperation.Outpaint, new RequestDraft { Image = spine.Picture(), AspectRatio = "3:1" }, Expand, "source");

        Assert.Equal("image", Assert.Single(order.Files).Field);
        Assert.Equal("""{"left":48,"right":48,"top":0,"bottom":0}""", WithoutImages(order));
    }

    [Theory]
    [InlineData(Outpainting, 4000, ImageErrorId.InvalidRequest)]
    [InlineData(Expand, 2048, null)]
    [InlineData(Expand, 2049, ImageErrorId.InvalidRequest)]
    public void How_far_a_picture_can_be_continued_is_known_before_paying(string model, int margin, ImageErrorId? id)
    {
        using TempPicture picture = new("png", 1024, 1024);
        Assert.Equal(id, Refusal(ImageOperation.Outpaint, new RequestDraft { Image = picture.Path, Left = margin }, model)?.Id);
    }

    [Fact]
    public void The_canvas_of_a_picture_behind_a_link_is_not_known() =>
        Assert.Equal(ImageErrorId.InvalidImage, Refusal(ImageOperation.Outpaint, new RequestDraft { Image = "https://a.example/p.png", Left = 16 }, Outpainting)?.Id);

    [Theory]
    [InlineData(null, "flux-pro-1.1", """{"width":384,"height":256}""")]
    [InlineData(0.3, "flux-pro-1.1-ultra", """{"aspect_ratio":"3:2","image_prompt_strength":0.7}""")]
    [InlineData(1.0, "flux-pro-1.1-ultra", """{"aspect_ratio":"3:2","image_prompt_strength":0}""")]
    public async Task Variations_are_made_with_the_picture_as_a_prompt_and_the_variance_where_it_can_be_told(double? variance, string model, string fields)
    {
        await using Spine spine = await Spine.StartAsync();

        RequestRecord order = await DeliverAsync(spine, ImageOperation.Vary, new RequestDraft { Image = spine.Picture(), Strength = variance }, null, "source");

        Assert.EndsWith("/v1/" + model, order.Path, StringComparison.Ordinal);
        Assert.Equal("image_prompt", Assert.Single(order.Files).Field);
        Assert.Equal(fields, WithoutImages(order));
    }

    [Fact]
    public async Task Variations_can_be_asked_for_in_words_too()
    {
        await using Spine spine = await Spine.StartAsync();

        RequestRecord order = await DeliverAsync(spine, ImageOperation.Vary, new RequestDraft { Image = spine.Picture(), Strength = 0.2 }, "flux-2-pro", "source");

        Assert.StartsWith("Make a slightly different version of image 1", (string?)order.Body!["prompt"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_images_of_a_style_go_in_and_their_parts_are_named()
    {
        await using Spine spine = await Spine.StartAsync();
        string source = spine.Picture("png"), style = spine.Picture("jpeg");
        RequestDraft draft = new() { Image = source, StyleImage = style, Prompt = "in winter" };

        RequestRecord order = await DeliverAsync(spine, ImageOperation.Style, draft, null, "source", "style");

        Assert.EndsWith("/v1/flux-2-pro", order.Path, StringComparison.Ordinal);
        Assert.Equal([("input_image", source), ("input_image_2", style)], order.Files.Select((f, i) => (f.Field, f.Bytes.SequenceEqual(File.ReadAllBytes(i == 0 ? source : style)) ? (i == 0 ? source : style) : "other")));
        Assert.Matches("Image 1 gives the content.*Image 2 gives only the look.*in winter", (string?)order.Body!["prompt"]);
        Assert.Contains(spine.Plan(Asking(ImageOperation.Style, draft)).Candidates[0].Quote.Notes, n => n.Contains("both pictures", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("flux-2-pro", 8)]
    [InlineData("flux-2-klein-9b", 4)]
    [InlineData("flux-kontext-pro", 4)]
    public async Task A_character_is_followed_by_numbered_references_as_many_as_the_model_takes(string model, int most)
    {
        await using Spine spine = await Spine.StartAsync();
        string one = spine.Picture();
        RequestDraft draft = new() { Prompt = "she waves", ReferenceImages = [.. Enumerable.Repeat(one, most)], ConsistencyMode = ConsistencyMode.Strict };

        RequestRecord order = await DeliverAsync(spine, ImageOperation.Generate, draft, model, [.. Enumerable.Repeat("reference", most)]);

        Assert.Equal(Enumerable.Range(1, most).Select(n => n == 1 ? "input_image" : $"input_image_{n}"), order.Files.Select(f => f.Field));
        Assert.Equal(ImageErrorId.InvalidRequest, Refusal(ImageOperation.Img2Img, draft with { Image = one }, model)?.Id);
    }

    [Fact]
    public async Task There_is_nothing_that_enlarges()
    {
        await using Spine spine = await Spine.StartAsync();
        string source = spine.Picture();

        AIImageException e = Assert.Throws<AIImageException>(() => spine.Plan(Asking(ImageOperation.Upscale, new RequestDraft { Image = source })));

        Assert.Equal(ImageErrorId.Unsupported, e.Error.Id);
        Assert.NotEmpty(e.Error.Recommendation);
    }

    [Fact]
    public void Pictures_of_more_than_20_megapixels_stay_here()
    {
        using TempPicture picture = new("png");
        byte[] bytes = File.ReadAllBytes(picture.Path);
        foreach ((int width, bool fits) in new[] { (5000, true), (5001, false) })
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), width);
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(20), 4000);
            File.WriteAllBytes(picture.Path, bytes);
            foreach (ModelRow model in Provider.Catalogue.Models.Where(m => m.Can(ImageOperation.Img2Img)))
                Assert.Equal(fits ? null : ImageErrorId.InvalidImage, Refusal(ImageOperation.Img2Img, new RequestDraft { Prompt = "p", Image = picture.Path }, model.Id)?.Id);
            Assert.Equal(fits ? null : ImageErrorId.InvalidImage, Refusal(ImageOperation.Inpaint, new RequestDraft { Prompt = "p", Image = picture.Path, Mask = picture.Path }, Fill)?.Id);
        }
    }

    private static Order Asking(ImageOperation operation, RequestDraft draft, string? model = null) => Order.Bfl with { Asks = (operation, draft), Model = model };

    private static ImageError? Refusal(ImageOperation operation, RequestDraft draft, string model) =>
        (Record.Exception(() => Translation.Call(Provider, operation, model, draft)) as AIImageException)?.Error;

    private static string WithoutImages(RequestRecord order) =>
        new JsonObject(order.Body!.AsObject().Where(p => order.Files.All(f => f.Field != p.Key)).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))).ToJsonString();

    private static async Task<RequestRecord> DeliverAsync(Spine spine, ImageOperation operation, RequestDraft draft, string? model, params string[] parents)
    {
        RunReport report = await spine.RunAsync(Asking(operation, draft, model));

        spine.AssertDelivered(report, Vendor);
        Assert.Equal(parents, report.Record.Parents.Select(p => p.Role));
        return spine.Ordered();
    }
}
