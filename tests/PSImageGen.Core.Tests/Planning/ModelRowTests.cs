using System.Text;
using System.Text.Json.Nodes;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Wire;
using PSImageGen.FakeProviders.Images;

namespace PSImageGen.Core.Tests.Planning;

/// <summary>What a row of a catalogue says of pictures that go in, and how a request is held to it.</summary>
public sealed class ModelRowTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("psimagegen-rows-").FullName;

    private static ModelRow Row { get; } = new() { Id = "m", Operations = Enum.GetValues<ImageOperation>(), MaxReferences = 4, Identity = true };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_mask_has_a_limit_of_its_own_before_and_after_it_is_made_ready()
    {
        string source = Picture(64, 48), mask = Picture(64, 48);
        ModelRow row = Row with { MaxMaskBytes = new FileInfo(mask).Length - 1 };
        RequestDraft draft = new() { Prompt = "p", Image = source, Mask = mask };

        Assert.Equal(ImageErrorId.InvalidImage, Refused(row, ImageOperation.Inpaint, draft).Id);

        // An alpha mask is made of it first, so only that one's length counts.
        CallShape shape = Shape(row with { Mask = MaskKind.Alpha }, ImageOperation.Inpaint, draft);
        AIImageException e = Assert.Throws<AIImageException>(() => InputPlan.CheckReady(shape.Model, shape.Inputs, [.. shape.Inputs.Select(i => i.Image)]));
        Assert.Contains("black and white", e.Error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public void All_pictures_together_have_a_limit()
    {
        string one = Picture(64, 48);
        ModelRow row = Row with { MaxTotalBytes = new FileInfo(one).Length * 5 / 2 };

        Assert.Equal(2, Shape(row, ImageOperation.Generate, new RequestDraft { Prompt = "p", ReferenceImages = [one, one] }).Inputs.Count);
        Assert.Equal(ImageErrorId.InvalidImage, Refused(row, ImageOperation.Img2Img, new RequestDraft { Prompt = "p", Image = one, ReferenceImages = [one, one] }).Id);
    }

    [Fact]
    public void Source_style_and_references_count_together_and_the_mask_does_not()
    {
        string one = Picture(64, 48);
        ModelRow row = Row with { MaxInputs = 2 };

        Assert.Equal(3, Shape(row, ImageOperation.Inpaint, new RequestDraft { Prompt = "p", Image = one, Mask = one, ReferenceImages = [one] }).Inputs.Count);
        ImageError error = Refused(row, ImageOperation.Style, new RequestDraft { Image = one, StyleImage = one, ReferenceImages = [one] });
        Assert.Contains("at most 2 pictures in all", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_behind_a_link_is_checked_once_it_is_here()
    {
        ModelRow row = Row with { InputFormats = ["png"], Input = new InputRule { MaxSide = 64 } };
        CallShape shape = Shape(row, ImageOperation.Inpaint, new RequestDraft { Prompt = "p", Image = "https://a.example/1", Mask = "https://a.example/2" });
        InputImage fits = InputImage.From(Picture(64, 48));

        InputPlan.CheckReady(row, shape.Inputs, [fits, fits]);
        Assert.Throws<AIImageException>(() => InputPlan.CheckReady(row, shape.Inputs, [InputImage.From(Picture(65, 48)), fits]));
        Assert.Throws<AIImageException>(() => InputPlan.CheckReady(row, shape.Inputs, [InputImage.From(Picture(64, 48, "webp")), fits]));
        AIImageException e = Assert.Throws<AIImageException>(() => InputPlan.CheckReady(row, shape.Inputs, [fits, InputImage.From(Picture(48, 48))]));
        Assert.Contains("48x48", e.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_option_may_be_there_for_words_alone()
    {
        ModelRow row = Row with { Options = new Dictionary<string, OptionRule> { ["tone"] = new() { Type = "string", WordsOnly = true }, ["user"] = new() { Type = "string" } } };
        RequestDraft draft = new() { Prompt = "p", ProviderOptions = new JsonObject { ["tone"] = "dark" } };

        Shape(row, ImageOperation.Generate, draft);
        Assert.EndsWith("It has: user.", Refused(row, ImageOperation.Img2Img, draft with { Image = Picture(64, 48) }).Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public void Following_references_in_a_roundabout_way_is_said()
    {
        ModelRow row = Row with { Emulates = new Dictionary<string, string> { ["References"] = "by a detour" } };

        Assert.Contains("by a detour", Shape(row, ImageOperation.Generate, new RequestDraft { Prompt = "p", ReferenceImages = [Picture(64, 48)] }).Notes);
        Assert.DoesNotContain("by a detour", Shape(row, ImageOperation.Generate, new RequestDraft { Prompt = "p" }).Notes);
    }

    [Fact]
    public void A_row_like_another_takes_what_it_does_not_say_itself_but_never_a_price()
    {
        Catalogue catalogue = Load("""
            {"id":"a","aliases":["a-1"],"operations":["Generate","Vary"],"maxInputs":3,"formats":["Png"],"price":{"perImage":1},"bestFor":"all","date":"2026-02-02","fields":{"prompt":"p","format":"f"}},
            {"id":"b","like":"a","operations":["Generate"],"formats":null},
            {"id":"c","like":"b","maxInputs":1}
            """);

        ModelRow b = catalogue.Find("b")!, c = catalogue.Find("c")!;
        Assert.Equal([ImageOperation.Generate], b.Operations);
        Assert.Equal((3, 1), (b.MaxInputs!.Value, c.MaxInputs!.Value));
        Assert.Empty(b.Formats);
        Assert.Equal("p", c.Fields["prompt"]);
        Assert.All([b, c], m => Assert.True(m.Price is null && m.BestFor is null && m.Aliases.Count == 0 && m.Date == "2026-01-01"));
    }

    [Fact]
    public void Where_a_degree_is_asked_for_a_model_that_can_be_told_is_taken_if_it_is_made_for_the_operation()
    {
        Catalogue catalogue = Load("""
            {"id":"plain","operations":["Vary"]}, {"id":"words","emulates":{"Vary":"e"},"prompts":{"Vary":"{degree}"}}, {"id":"told","operations":["Vary"],"strength":true}
            """);
        string? Chosen(double? strength) => catalogue.DefaultFor(new ImageRequest(ImageOperation.Vary, new RequestDraft { Image = Picture(64, 48), Strength = strength }))?.Id;

        Assert.Equal("plain", Chosen(null));
        Assert.Equal("told", Chosen(0.3));
        Assert.Equal("plain", new Catalogue([.. catalogue.Models.Take(2)]).DefaultFor(new ImageRequest(ImageOperation.Vary, new RequestDraft { Image = Picture(64, 48), Strength = 0.3 }))?.Id);
    }

    [Fact]
    public async Task Fields_of_one_name_may_be_numbered_and_bytes_go_bare_where_asked()
    {
        string one = Picture(64, 48);
        ModelRow row = Row with { Fields = new Dictionary<string, string> { ["image"] = "in#", ["references"] = "in#", ["style"] = "look" } };
        CallShape shape = Shape(row, ImageOperation.Style, new RequestDraft { Image = one, StyleImage = "https://a.example/s", ReferenceImages = [one, one] });
        ProviderCall call = new(shape, 1, null, [.. shape.Inputs.Select((input, i) => new CallInput(i, input.Role, input.Image, null))]);
        JsonObject body = [];

        FieldMap.AddImages(call, body, bare: true);

        Assert.Equal(["in", "look", "in_2", "in_3"], body.Select(p => p.Key));
        Assert.Equal("https://a.example/s", (string?)body["look"]);
        Assert.Equal("""{"in":"AAAA","look":"https://a.example/s","in_2":"AAAA","in_3":"AAAA"}""", await SentAsync(body));
    }

    private async Task<string> SentAsync(JsonObject body)
    {
        string three = Path.Combine(_folder, "three");
        File.WriteAllBytes(three, new byte[3]);
        InputFile file = new(three, "image/png", 3, "three.png");
        using HttpContent content = new RequestBody.Json(body).ToContent([file, file, file, file])!;
        return await content.ReadAsStringAsync();
    }

    private static Catalogue Load(string rows) =>
        Catalogue.Read(new MemoryStream(Encoding.UTF8.GetBytes($$"""{"source":"s","date":"2026-01-01","models":[{{rows}}]}""")));

    private static CallShape Shape(ModelRow row, ImageOperation operation, RequestDraft draft) => new("P", row, new ImageRequest(operation, draft));

    private static ImageError Refused(ModelRow row, ImageOperation operation, RequestDraft draft) =>
        Assert.Throws<AIImageException>(() => Shape(row, operation, draft)).Error;

    private string Picture(int width, int height, string format = "png")
    {
        string path = Path.Combine(_folder, $"{Guid.NewGuid():N}.{format}");
        File.WriteAllBytes(path, TinyImages.Make(format, width, height, path));
        return path;
    }
}
