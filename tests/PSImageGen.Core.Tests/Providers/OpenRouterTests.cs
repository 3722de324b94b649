using System.Text.Json.Nodes;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Providers.OpenRouter;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tests.Support;
using PSImageGen.FakeProviders;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.FakeProviders.Log;
using static PSImageGen.Core.Tests.Support.VendorTools;

namespace PSImageGen.Core.Tests.Providers;

/// <summary>OpenRouter's two surfaces: the Image API, and images by chat.</summary>
public class OpenRouterTests
{
    private const string Vendor = "OpenRouter";
    private const string ChatModel = "google/gemini-2.5-flash-image";
    private const string Link = "https://example.com/a.png";

    private static readonly OpenRouterProvider Provider = new();

    private static Order Small => new() { Provider = Vendor, Resolution = "1K" };

    private static Order Chat => new() { Provider = Vendor, Model = ChatModel };

    [Fact]
    public async Task A_picture_comes_from_a_sentence_and_its_cost_is_booked()
    {
        await using Spine spine = await Spine.StartAsync();

        RunReport report = await spine.RunAsync(Small);

        spine.AssertDelivered(report, Vendor);
        Assert.Equal((0.067m, "USD", "reported"), (report.Record.Cost!.Amount, report.Record.Cost.Currency, report.Record.Cost.Source));
        RequestRecord sent = Sent(spine);
        Assert.EndsWith("/api/v1/images", sent.Path, StringComparison.Ordinal);
        Assert.Equal("""{"model":"google/gemini-3.1-flash-image","prompt":"a lighthouse at dawn","resolution":"1K","aspect_ratio":"1:1"}""", sent.Body!.ToJsonString());
    }

    [Fact]
    public async Task Several_come_in_one_answer()
    {
        await using Spine spine = await Spine.StartAsync();

        RunReport report = await spine.RunAsync(new Order { Provider = Vendor, Model = "openai/gpt-image-2", Count = 3 });

        spine.AssertDelivered(report, Vendor, 3);
        Assert.Equal(3, (int)Sent(spine).Body!["n"]!);
        Assert.Equal(0.0975m, report.Record.Cost!.Amount);
    }

    [Theory]
    [InlineData(ImageOperation.Img2Img, null, 1)]
    [InlineData(ImageOperation.Vary, null, 1)]
    [InlineData(ImageOperation.Style, null, 2)]
    [InlineData(ImageOperation.Img2Img, ChatModel, 1)]
    [InlineData(ImageOperation.Vary, ChatModel, 1)]
    [InlineData(ImageOperation.Style, ChatModel, 2)]
    public async Task Pictures_are_changed_varied_and_restyled(ImageOperation operation, string? model, int pictures)
    {
        await using Spine spine = await Spine.StartAsync();
        string source = spine.Picture(), style = spine.Picture("jpeg");

        RunReport report = await spine.RunAsync(new Order
        {
            Provider = Vendor,
            Model = model,
            Asks = (operation, new RequestDraft { Prompt = "in snow", Image = source, StyleImage = operation == ImageOperation.Style ? style : null, Resolution = model is null ? "1K" : null }),
        });

        spine.AssertDelivered(report, Vendor);
        Assert.Equal(new[] { source, style }.Take(pictures).Select(File.ReadAllBytes).Select(b => b.Length), Sent(spine).Files.Select(f => f.Length));
        Assert.Equal(pictures, report.Record.Parents.Count);
        // The picture keeps its shape: 96x64.
        Assert.Equal(1.5, (double)report.Record.Images[0].Width / report.Record.Images[0].Height, 0.05);
        Assert.Equal(operation != ImageOperation.Img2Img, report.Record.Quote.Notes.Any(n => n.StartsWith("made as an edit", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(ChatModel)]
    public async Task References_hold_an_identity(string? model)
    {
        await using Spine spine = await Spine.StartAsync();

        RunReport report = await spine.RunAsync(new Order
        {
            Provider = Vendor,
            Model = model,
            Asks = (ImageOperation.Generate, new RequestDraft { Prompt = "at sea", ReferenceImages = [spine.Picture(), Link], ConsistencyMode = ConsistencyMode.Strict, Resolution = model is null ? "1K" : null }),
        });

        spine.AssertDelivered(report, Vendor);
        Assert.Single(Sent(spine).Files);
        Assert.Contains(Link, Sent(spine).Body!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chat_brings_pictures_as_data_urls_or_behind_links()
    {
        await using Spine spine = await Spine.StartAsync();
        RunReport inline = await spine.RunAsync(Chat);
        Assert.Null(inline.Error);
        Assert.Equal(0.0387m, inline.Record.Cost!.Amount);
        Assert.DoesNotContain("base64", spine.EverythingWritten(), StringComparison.Ordinal);

        spine.Vendors.Set("openRouterChatLinks", 1);
        RunReport linked = await spine.RunAsync(Chat);

        Assert.Null(linked.Error);
        Assert.Equal(2, spine.Pictures().Length);
        Assert.Single(spine.Vendors.Requests, r => r.Stage == FaultStage.Download && !r.KeyPresent);
        Assert.Empty(spine.Vendors.Violations);
    }

    [Theory]
    [InlineData(1, ImageErrorId.InvalidResponse, true, 0.0004)]
    [InlineData(2, ImageErrorId.ContentRefused, true, 0.0004)]
    [InlineData(3, ImageErrorId.InvalidResponse, false, 0)]
    public async Task A_chat_in_words_alone_is_final_and_its_cost_is_booked(int words, ImageErrorId id, bool charged, double cost)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Set("openRouterChatWords", words);

        RunReport report = await spine.RunAsync(Chat);

        Assert.Equal((id, charged), (report.Error!.Id, report.Error.MayHaveBeenCharged));
        Assert.Equal(ImageTaskStatus.Failed, report.Record.Status);
        Assert.Equal("I can only talk about that.", report.Error.VendorMessage);
        Assert.Equal((decimal)cost, report.Record.Cost!.Amount);
        Assert.Equal(1, spine.Vendors.Count(Vendor).Submits);
    }

    [Fact]
    public async Task Without_usage_no_cost_is_booked()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Set("openRouterUsage", 0);

        RunReport report = await spine.RunAsync(Small);

        spine.AssertDelivered(report, Vendor);
        Assert.Null(report.Record.Cost);
    }

    [Theory]
    [InlineData(ImageOperation.Inpaint)]
    [InlineData(ImageOperation.Outpaint)]
    [InlineData(ImageOperation.Upscale)]
    public async Task What_it_cannot_do_is_refused_before_anything_is_sent(ImageOperation operation)
    {
        await using Spine spine = await Spine.StartAsync();
        string picture = spine.Picture();
        Order order = new() { Provider = Vendor, Asks = (operation, new RequestDraft { Prompt = "p", Image = picture, Mask = operation == ImageOperation.Inpaint ? picture : null, Left = operation == ImageOperation.Outpaint ? 64 : null }) };

        AIImageException e = Assert.Throws<AIImageException>(() => spine.Plan(order));

        Assert.Equal(ImageErrorId.Unsupported, e.Error.Id);
        Assert.Empty(spine.Vendors.Requests);
    }

    [Fact]
    public void What_is_asked_for_is_sent_under_the_vendors_names()
    {
        ProviderCall call = Translation.Call(Provider, "openai/gpt-image-2", new RequestDraft
        {
            Prompt = "a fox",
            Quality = "high",
            AspectRatio = "3:2",
            ReferenceImages = [Link],
        });

        Assert.Equal(
            """{"model":"openai/gpt-image-2","prompt":"a fox","aspect_ratio":"3:2","quality":"high","input_references":[{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]}""",
            Translation.Body(Provider.Submit(call)).ToJsonString());
    }

    [Fact]
    public void A_chat_is_asked_for_pictures_with_the_words_first()
    {
        ProviderCall words = Translation.Call(Provider, ChatModel, new RequestDraft { Prompt = "a fox", AspectRatio = "16:9" });
        ProviderCall pictures = Translation.Call(Provider, ImageOperation.Style, ChatModel, new RequestDraft { Prompt = "Keep the hat.", Image = Link, StyleImage = "https://example.com/b.png", Strength = 0.9 });

        VendorRequest request = Provider.Submit(words);
        Assert.Equal("chat/completions", request.Address);
        Assert.Equal(
            """{"model":"google/gemini-2.5-flash-image","messages":[{"role":"user","content":"a fox"}],"modalities":["image","text"],"image_config":{"aspect_ratio":"16:9"}}""",
            Translation.Body(request).ToJsonString());
        JsonArray content = (JsonArray)Translation.Body(Provider.Submit(pictures))["messages"]![0]!["content"]!;
        Assert.Equal(["text", "image_url", "image_url"], content.Select(p => (string?)p!["type"]));
        Assert.Equal("Redraw the first picture so that it strongly takes on the look of the second picture, and keep what it shows. Keep the hat.", (string?)content[0]!["text"]);
        Assert.Equal([Link, "https://example.com/b.png"], content.Skip(1).Select(p => (string?)p!["image_url"]!["url"]));
    }

    [Fact]
    public void Routing_goes_into_an_object_of_its_own()
    {
        ProviderCall call = Translation.Call(Provider, draft: new RequestDraft
        {
            Prompt = "p",
            ProviderOptions = new JsonObject { ["provider.sort"] = "price", ["provider.only"] = "google-vertex, google-ai-studio", ["provider.allow_fallbacks"] = false },
        });

        Assert.Equal("""{"sort":"price","only":["google-vertex","google-ai-studio"],"allow_fallbacks":false}""", Translation.Body(Provider.Submit(call))["provider"]!.ToJsonString());
        Assert.Throws<AIImageException>(() => Translation.Call(Provider, draft: new RequestDraft { Prompt = "p", ProviderOptions = new JsonObject { ["provider.zdr"] = true } }));
        Assert.NotNull(Translation.Call(Provider, ChatModel, new RequestDraft { Prompt = "p", ProviderOptions = new JsonObject { ["provider.zdr"] = true } }));
    }

    [Fact]
    public void Fewer_places_than_pictures_are_noticed_before_the_order()
    {
        string[] many = [.. Enumerable.Repeat(Link, 14)];

        _ = Translation.Call(Provider, "google/gemini-3.1-flash-image", new RequestDraft { Prompt = "p", ReferenceImages = many });
        AIImageException e = Assert.Throws<AIImageException>(() => Translation.Call(Provider, ImageOperation.Img2Img, "google/gemini-3.1-flash-image", new RequestDraft { Prompt = "p", Image = Link, ReferenceImages = many }));

        Assert.Equal(ImageErrorId.InvalidRequest, e.Error.Id);
    }

    [Fact]
    public void Every_picture_of_a_chat_is_taken_whatever_form_it_has()
    {
        ProviderCall call = Translation.Call(Provider, ChatModel);
        SubmitAnswer.Finished finished = Assert.IsType<SubmitAnswer.Finished>(Provider.ReadSubmit(call, Answer(200, """
            {"choices":[{"message":{"images":[{"image_url":{"url":"part:0"}},{"type":"image_url","image_url":{"url":"https://example.com/x.png"}},{"image_url":"part:1"},{"image_url":{"url":"data:image/png,broken"}},7]}}]}
            """, parts: 2)));

        Assert.Equal([0, null, 1], finished.Pictures.Select(p => p.Part));
        Assert.Null(finished.Cost);
    }

    private static RequestRecord Sent(Spine spine) => spine.Vendors.Requests.Last(r => r.Stage == FaultStage.Submit);
}
