using System.Text.Json.Nodes;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Providers.CreatOK;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tests.Support;
using PSImageGen.Core.Wire;
using PSImageGen.FakeProviders.Log;
using static PSImageGen.Core.Tests.Support.VendorTools;

namespace PSImageGen.Core.Tests.Providers;

/// <summary>CreatOK takes pictures as references alone: every operation that can be made of that, from request to file.</summary>
public class CreatOKOperationsTests
{
    private const string Vendor = "CreatOK";

    private static readonly CreatOKProvider Provider = new();

    [Theory]
    [InlineData(ImageOperation.Img2Img, "Make image 1 anew with this change, everything else as it is in it: at night")]
    [InlineData(ImageOperation.Vary, "Make a strongly different version of image 1: the same subject and the same look, another take. at night")]
    public async Task A_picture_goes_in_as_a_reference_and_the_words_say_what_becomes_of_it(ImageOperation operation, string prompt)
    {
        await using Spine spine = await Spine.StartAsync();

        JsonNode body = await DeliverAsync(spine, operation, new RequestDraft { Prompt = "at night", Image = spine.Picture("png", 96, 54), Strength = 0.8, Resolution = "1K" }, "source");

        Assert.Equal(prompt, (string?)body["prompt"]);
        Assert.Equal(["prompt", "model", "resolution", "n", "aspect_ratio", "imageObjectKeys"], body.AsObject().Select(p => p.Key));
        Assert.Equal("16:9", (string?)body["aspect_ratio"]);
    }

    [Fact]
    public async Task Both_images_of_a_style_are_uploaded_and_stand_in_the_order_that_the_words_name()
    {
        await using Spine spine = await Spine.StartAsync();
        string source = spine.Picture("png"), style = spine.Picture("jpeg"), reference = spine.Picture("webp");

        JsonNode body = await DeliverAsync(spine, ImageOperation.Style, new RequestDraft { Image = source, StyleImage = style, ReferenceImages = [reference], Resolution = "1K" }, "source", "style", "reference");

        Assert.Contains("Image 1 gives the content", (string?)body["prompt"], StringComparison.Ordinal);
        Dictionary<string, RequestFile> stored = spine.Vendors.Requests.Where(r => r.Method == "PUT").SelectMany(r => r.Files).ToDictionary(f => f.Field);
        Assert.Equal([source, style, reference], body["imageObjectKeys"]!.AsArray().Select(key => new[] { source, style, reference }.Single(p => File.ReadAllBytes(p).SequenceEqual(stored[(string)key!].Bytes))));
    }

    [Fact]
    public async Task A_character_is_followed_by_references()
    {
        await using Spine spine = await Spine.StartAsync();

        JsonNode body = await DeliverAsync(spine, ImageOperation.Generate, new RequestDraft { Prompt = "she waves", ReferenceImages = [spine.Picture(), spine.Picture()], ConsistencyMode = ConsistencyMode.Strict, Resolution = "1K" }, "reference", "reference");

        Assert.Equal(2, body["imageObjectKeys"]!.AsArray().Count);
        Assert.Equal("she waves", (string?)body["prompt"]);
    }

    [Theory]
    [InlineData(ImageOperation.Inpaint)]
    [InlineData(ImageOperation.Outpaint)]
    [InlineData(ImageOperation.Upscale)]
    public async Task What_has_no_field_is_refused_before_and_after_the_models_are_told(ImageOperation operation)
    {
        await using Spine spine = await Spine.StartAsync();
        string picture = spine.Picture();
        ImageRequest request = new(operation, new RequestDraft { Prompt = "p", Image = picture, Mask = operation == ImageOperation.Inpaint ? picture : null, Left = operation == ImageOperation.Outpaint ? 16 : null });
        Planner planner = new(ProviderRegistry.BuiltIn, spine.Surroundings);
        Selection selection = new() { Provider = Vendor };

        for (int i = 0; i < 2; i++)
        {
            ImageError error = Assert.Throws<AIImageException>(() => planner.Plan(request, selection)).Error;
            Assert.Equal(ImageErrorId.Unsupported, error.Id);
            Assert.NotEmpty(error.Recommendation);
            await LearnAsync(planner, selection);
        }
    }

    [Theory]
    [InlineData(ImageOperation.Img2Img, "as a reference")]
    [InlineData(ImageOperation.Vary, "asks for another version")]
    [InlineData(ImageOperation.Style, "shows both pictures")]
    public async Task Models_told_at_run_time_do_the_same_and_say_so(ImageOperation operation, string note)
    {
        await using Spine spine = await Spine.StartAsync();
        string picture = spine.Picture();
        Planner planner = new(ProviderRegistry.BuiltIn, spine.Surroundings);
        Selection selection = new() { Provider = Vendor };
        await LearnAsync(planner, selection);

        Candidate candidate = planner.Plan(new ImageRequest(operation, new RequestDraft { Prompt = "p", Image = picture, StyleImage = operation == ImageOperation.Style ? picture : null }), selection).Candidates[0];

        Assert.Contains(candidate.Quote.Notes, n => n.Contains(note, StringComparison.Ordinal));
        Assert.Equal(("credits", 1m), (candidate.Quote.Currency, candidate.Quote.Amount!.Value));
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "Img2Img,Vary")]
    [InlineData(2, "Img2Img,Vary,Style")]
    public void A_model_does_what_its_number_of_references_allows(int references, string emulated)
    {
        string json = """{"data":{"capabilities":{"image":{"models":[{"id":"new-model","limits":{"resolutions":["1K"],"n":{"min":1,"max":2},"max_reference_images":COUNT}}]}}}}""".Replace("COUNT", references.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);

        ModelRow model = Assert.Single(Provider.ReadCapabilities([Answer(200, json)], Provider.Profile.BaseUrl));

        Assert.Equal([ImageOperation.Generate], model.Operations);
        Assert.Equal(emulated, string.Join(',', model.Emulates.Keys));
        Assert.Equal((references, references), (model.MaxReferences, model.MaxInputs));
        Assert.Null(model.Price);
    }

    [Fact]
    public void Source_and_references_count_together()
    {
        using TempPicture picture = new();
        RequestDraft draft = new() { Prompt = "p", Image = picture.Path, ReferenceImages = [.. Enumerable.Repeat(picture.Path, 4)] };

        Assert.Equal(5, Translation.Call(Provider, ImageOperation.Img2Img, null, draft).Inputs.Count);
        Assert.Throws<AIImageException>(() => Translation.Call(Provider, ImageOperation.Img2Img, null, draft with { ReferenceImages = [.. draft.ReferenceImages!, picture.Path] }));
    }

    private static async Task LearnAsync(Planner planner, Selection selection)
    {
        using Transport transport = new();
        await planner.LearnAsync(selection, transport, CancellationToken.None);
    }

    private static async Task<JsonNode> DeliverAsync(Spine spine, ImageOperation operation, RequestDraft draft, params string[] parents)
    {
        RunReport report = await spine.RunAsync(new Order { Provider = Vendor, Asks = (operation, draft) });

        spine.AssertDelivered(report, Vendor);
        Assert.Equal(parents, report.Record.Parents.Select(p => p.Role));
        return spine.Ordered().Body!;
    }
}
