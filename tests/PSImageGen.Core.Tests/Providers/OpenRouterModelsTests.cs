using System.Text.Json.Nodes;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Providers.OpenRouter;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tests.Support;
using PSImageGen.Core.Wire;
using PSImageGen.FakeProviders.Faults;
using static PSImageGen.Core.Tests.Support.VendorTools;

namespace PSImageGen.Core.Tests.Providers;

/// <summary>The models, limits and prices OpenRouter tells at run time.</summary>
public class OpenRouterModelsTests
{
    private const string Vendor = "OpenRouter";

    private static readonly OpenRouterProvider Provider = new();

    [Fact]
    public async Task Both_lists_are_read_and_what_draws_vectors_only_is_left_out()
    {
        await using Spine spine = await Spine.StartAsync();
        using Transport transport = new();
        Planner planner = new(ProviderRegistry.BuiltIn, spine.Surroundings);

        string told = (await planner.LearnAsync(new Selection { Provider = Vendor }, transport, CancellationToken.None))[0];

        Assert.Equal(
            "OpenRouter offers google/gemini-3.1-flash-image, openai/gpt-image-2, bytedance-seed/seedream-5-0-lite, black-forest-labs/flux.2-klein-4b, bytedance-seed/seedream-4.5, google/gemini-2.5-flash-image, recraft/recraft-v5, sourceful/riverflow-v2, sourceful/riverflow-v2-words.",
            told);
        Assert.Equal(0, spine.Vendors.Count(Vendor).Submits);
        Assert.Empty(spine.Vendors.Violations);
    }

    // The prices of the fake, asked of the one model that is meant.
    [Theory]
    [InlineData("bytedance-seed/seedream-4.5", "1K", 0, 0.05)]
    [InlineData("bytedance-seed/seedream-5-0-lite", "2K", 0, 0.035)]
    [InlineData("bytedance-seed/seedream-5-0-lite", "4K", 2, 0.076)]
    [InlineData("black-forest-labs/flux.2-klein-4b", "1K", 0, 0.028)]
    [InlineData("black-forest-labs/flux.2-klein-4b", "2K", 1, 0.071)]
    [InlineData("sourceful/riverflow-v2", null, 1, 0.032)]
    [InlineData("sourceful/riverflow-v2-words", null, 0, null)]
    [InlineData("recraft/recraft-v5", "1K", 0, null)]
    [InlineData("openai/gpt-image-2", null, 0, null)]
    [InlineData("google/gemini-2.5-flash-image", null, 0, null)]
    public async Task The_quote_follows_the_vendors_own_lines(string model, string? resolution, int references, double? price)
    {
        await using Spine spine = await Spine.StartAsync();

        Quote quote = await QuoteAsync(spine, model, resolution, [.. Enumerable.Range(0, references).Select(_ => spine.Picture())]);

        Assert.Equal(((decimal?)price, model), (quote.AmountMax, quote.Model));
        Assert.Equal(price is null ? null : "OpenRouter's list of models", quote.PriceSource);
        if (price is not null)
            Assert.Matches(@"\A\d{4}-\d{2}-\d{2}\z", quote.PriceDate);
        Assert.InRange(spine.Vendors.Requests.Count, 2, 3);
    }

    [Fact]
    public async Task Megapixels_that_cannot_be_counted_make_the_price_unknown()
    {
        await using Spine spine = await Spine.StartAsync();

        Assert.Null((await QuoteAsync(spine, "black-forest-labs/flux.2-klein-4b", "1K", ["https://example.com/a.png"])).AmountMax);
    }

    [Fact]
    public async Task A_model_is_asked_about_once()
    {
        await using Spine spine = await Spine.StartAsync();
        using Transport transport = new();
        Planner planner = new(ProviderRegistry.BuiltIn, spine.Surroundings);
        Selection first = new() { Provider = Vendor, Model = "bytedance-seed/seedream-4.5" }, second = first with { Model = "black-forest-labs/flux.2-klein-4b" };

        await planner.LearnAsync(first, transport, CancellationToken.None);
        Assert.False(planner.MayLearn(first));
        Assert.True(planner.MayLearn(second));
        Assert.Empty(await planner.LearnAsync(second, transport, CancellationToken.None));

        Assert.False(planner.MayLearn(second));
        Assert.Equal((4, 2), (spine.Vendors.Requests.Count, spine.Vendors.Requests.Count(r => r.Path.EndsWith("/endpoints", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task The_price_of_what_a_use_case_recommends_is_asked_for_too()
    {
        await using Spine spine = await Spine.StartAsync();
        using Transport transport = new();
        Planner planner = new(ProviderRegistry.BuiltIn, spine.Surroundings);
        Selection selection = new() { Provider = Vendor, UseCase = ImageUseCase.Cost };

        await planner.LearnAsync(selection, transport, CancellationToken.None);
        Quote quote = planner.Plan(new ImageRequest(ImageOperation.Generate, new RequestDraft { Prompt = "a cat", Resolution = "1K" }), selection).Candidates[0].Quote;

        Assert.NotEqual(planner.CatalogueOf(ProviderRegistry.BuiltIn.Get(Vendor)).DefaultFor(ImageOperation.Generate)!.Id, quote.Model);
        Assert.NotNull(quote.AmountMax);
    }

    [Theory]
    // A model of another provider is named: this one is a candidate after it only where it is preferred.
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_can_only_be_asked_next_is_asked_about_what_it_would_take(bool preferred)
    {
        await using Spine spine = await Spine.StartAsync();
        using Transport transport = new();
        Planner planner = new(ProviderRegistry.BuiltIn, spine.Surroundings);

        await planner.LearnAsync(new Selection { Model = "flux-2-pro", Preferred = preferred ? [Vendor] : [] }, transport, CancellationToken.None);

        string usual = planner.CatalogueOf(ProviderRegistry.BuiltIn.Get(Vendor)).DefaultFor(ImageOperation.Generate)!.Id;
        Assert.Equal(preferred, spine.Vendors.Requests.Any(r => r.Path.EndsWith($"{usual}/endpoints", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Where_the_vendor_does_not_tell_the_catalogue_counts_and_the_price_is_unknown()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Say(Vendor, FaultStage.Query, 500, null);

        Quote quote = await QuoteAsync(spine, null, null, []);

        Assert.Equal(("google/gemini-3.1-flash-image", "2K", (decimal?)null), (quote.Model, quote.Size, quote.AmountMax));
    }

    [Fact]
    public async Task Without_prices_the_limits_are_still_those_told()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = Vendor, Stage = FaultStage.Query, Kind = FaultKind.Status, Status = 500, After = 2 });

        Assert.Null((await QuoteAsync(spine, "recraft/recraft-v5", "1K", [])).AmountMax);
    }

    [Fact]
    public void Limits_are_those_the_model_supports()
    {
        ModelRow[] rows = Rows("""
            {"id":"a/full","supported_parameters":{"n":{"type":"range","min":1,"max":4},"resolution":{"type":"enum","values":["512","1K"]},
              "aspect_ratio":{"type":"enum","values":["auto","1:1","9:19.5","16:9"]},"quality":{"type":"enum","values":["low","max"]},"seed":{"type":"boolean"},
              "output_format":{"type":"enum","values":["svg","webp","png"]},"background":{"type":"enum","values":["auto","transparent"]},"input_references":{"type":"range","min":0,"max":1}}},
            {"id":"a/bare","supported_parameters":{}},
            {"id":"a/sizes","supported_parameters":{"size":{"type":"enum","values":["1024x1024","big"]},"input_references":{"type":"boolean"}}}
            """);

        ModelRow full = rows[0], bare = rows[1], sizes = rows[2];
        Assert.Equal((4, 1, 1, true), (full.MaxPerCall, full.MaxReferences, full.MaxInputs, full.Seed));
        Assert.Equal(("1K", "auto"), (full.Sizes!.Default, full.Sizes.MatchInput));
        Assert.Equal(["1:1", "16:9"], full.Sizes.Ratios);
        Assert.Equal([ImageFormat.Webp, ImageFormat.Png], full.Formats);
        Assert.Equal(ImageFormat.Webp, full.DefaultFormat);
        Assert.Equal([ImageBackground.Transparent], full.Backgrounds);
        Assert.Equal(["low", "max"], full.Qualities);
        // One picture is too few for a style.
        Assert.True(full.Can(ImageOperation.Vary) && !full.Can(ImageOperation.Style));
        Assert.Equal((1, 0, false), (bare.MaxPerCall, bare.MaxReferences, bare.Seed));
        Assert.Null(bare.Sizes);
        Assert.False(bare.Can(ImageOperation.Img2Img) || bare.Can(ImageOperation.Vary));
        Assert.Equal((16, "1024x1024"), (sizes.MaxReferences, Assert.Single(sizes.Sizes!.List)));
        Assert.True(sizes.Can(ImageOperation.Style));
    }

    [Fact]
    public void What_a_model_does_not_support_is_not_sent()
    {
        ModelRow bare = Rows("""{"id":"a/bare","supported_parameters":{}}""")[0];
        ModelRow sizes = Rows("""{"id":"a/sizes","supported_parameters":{"size":{"type":"enum","values":["1024x1024"]},"background":{"type":"enum","values":["transparent"]}}}""")[0];

        Assert.Equal("""{"model":"a/bare","prompt":"p"}""", BodyOf(bare, new RequestDraft { Prompt = "p" }));
        Assert.Equal("""{"model":"a/sizes","prompt":"p","size":"1024x1024","background":"transparent"}""", BodyOf(sizes, new RequestDraft { Prompt = "p", Background = ImageBackground.Transparent }));
        // Without a field for the shape the square is said before paying.
        ModelRow square = Rows("""{"id":"a/square","supported_parameters":{"resolution":{"type":"enum","values":["1K"]}}}""")[0];
        Assert.Equal("""{"model":"a/square","prompt":"p","resolution":"1K"}""", BodyOf(square, new RequestDraft { Prompt = "p", AspectRatio = "16:9" }));
        Assert.Contains("the model's nearest shape to 16:9 is 1:1", new CallShape(Vendor, square, new ImageRequest(ImageOperation.Generate, new RequestDraft { Prompt = "p", AspectRatio = "16:9" })).Notes);
        Assert.Throws<AIImageException>(() => BodyOf(bare, new RequestDraft { Prompt = "p", Resolution = "2K" }));
        Assert.Throws<AIImageException>(() => BodyOf(bare, new RequestDraft { Prompt = "p", Format = ImageFormat.Png }));
        Assert.Throws<AIImageException>(() => BodyOf(bare, new RequestDraft { Prompt = "p", ProviderOptions = new JsonObject { ["output_compression"] = 5 } }));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"data":{}}""")]
    [InlineData("""{"data":[7,null,[],{},{"id":"no-slash","supported_parameters":{}},{"id":"a/../b","supported_parameters":{}},{"id":"a/b","supported_parameters":[]}]}""")]
    public void Lists_without_sense_are_no_models(string json)
    {
        Assert.Empty(Provider.ReadCapabilities([Answer(200, json), Answer(200, json)], Provider.Profile.BaseUrl));
        Assert.Empty(Provider.ReadCapabilities([null, Answer(200, """{"data":[{"id":"a/b","architecture":{"output_modalities":["image"]}}]}""")], Provider.Profile.BaseUrl));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("""{"endpoints":[]}""")]
    [InlineData("""{"endpoints":[{"pricing":[]}]}""")]
    [InlineData("""{"endpoints":[{"pricing":null},{"pricing":[{"billable":"output_image","unit":"image","cost_usd":0.05}]}]}""")]
    [InlineData("""{"endpoints":[{"pricing":[{"billable":"output_image","unit":"image","cost_usd":"0.05"}]}]}""")]
    [InlineData("""{"endpoints":[{"pricing":[{"billable":"output_image","unit":"image","cost_usd":-1}]}]}""")]
    [InlineData("""{"endpoints":[{"pricing":[{"billable":"output_image","unit":"image","cost_usd":0.05},{"billable":"output_image","unit":"image","cost_usd":0.06}]}]}""")]
    [InlineData("""{"endpoints":[{"pricing":[{"billable":"output_image","unit":"image","cost_usd":0.05},{"billable":"input_text","unit":"token","cost_usd":0.000001}]}]}""")]
    [InlineData("""{"endpoints":[{"pricing":[{"billable":"output_image","unit":"image","cost_usd":0.05,"variant":"turbo"}]}]}""")]
    [InlineData("""{"endpoints":[{"pricing":[{"billable":"output_image","unit":"image","cost_usd":0.05}]},{"pricing":[{"billable":"output_image","unit":"megapixel","cost_usd":0.01}]}]}""")]
    public void Lines_that_cannot_be_told_apart_are_no_price(string json) =>
        Assert.Null(Provider.ReadDetails(Provider.Catalogue.Models[0], Answer(200, json)).Price);

    private static ModelRow[] Rows(string items) => [.. Provider.ReadCapabilities([Answer(200, $$"""{"data":[{{items}}]}"""), null], Provider.Profile.BaseUrl)];

    private static string BodyOf(ModelRow row, RequestDraft draft) =>
        Translation.Body(Provider.Submit(new ProviderCall(new CallShape(Vendor, row, new ImageRequest(ImageOperation.Generate, draft)), 1, null, []))).ToJsonString();

    private static async Task<Quote> QuoteAsync(Spine spine, string? model, string? resolution, IReadOnlyList<string> references)
    {
        using Transport transport = new();
        Planner planner = new(ProviderRegistry.BuiltIn, spine.Surroundings);
        Selection selection = new() { Provider = Vendor, Model = model };
        await planner.LearnAsync(selection, transport, CancellationToken.None);
        return planner.Plan(new ImageRequest(ImageOperation.Generate, new RequestDraft { Prompt = "a cat", Resolution = resolution, ReferenceImages = references }), selection).Candidates[0].Quote;
    }
}
