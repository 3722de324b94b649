using System.Text.Json;
using PSImageGen.Core.Credentials;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;

namespace PSImageGen.Core.Tests.Planning;

/// <summary>The user's own rows, laid over the catalogue.</summary>
public sealed class UserCatalogueTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("psimagegen-catalogue-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "catalogue.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_known_id_replaces_the_fields_it_writes_and_keeps_the_others()
    {
        ModelRow before = Provider("OpenAI").Catalogue.Find("gpt-image-2")!;
        ModelRow after = Laid("OpenAI", """{ "id": "gpt-image-2", "price": { "perImage": 0.05 }, "maxPrompt": 1000, "seed": null, "defaultQuality": "low" }""").Find("gpt-image-2")!;

        Assert.Equal((0.05m, 1000, "low"), (after.Price!.PerImage, after.MaxPrompt, after.DefaultQuality));
        Assert.Null(after.Price.Tokens);
        Assert.Equal(JsonSerializer.Serialize(before.Sizes), JsonSerializer.Serialize(after.Sizes));
        Assert.Equal((before.BestFor, before.MaxPerCall, before.Mask), (after.BestFor, after.MaxPerCall, after.Mask));
    }

    [Fact]
    public void A_price_brings_its_own_source_and_date_and_nothing_else_does()
    {
        const string Part = """{ "OpenAI": { "source": "our contract", "date": "2026-11-01", "models": [ { "id": "gpt-image-2", "price": { "perImage": 0.05 } }, { "id": "gpt-image-1.5", "maxPrompt": 99 } ] } }""";
        Catalogue laid = Read(Part).Over(Provider("OpenAI"), Provider("OpenAI").Catalogue);

        Assert.Equal(("our contract", "2026-11-01"), (laid.Find("gpt-image-2")!.Source, laid.Find("gpt-image-2")!.Date));
        Assert.Equal(Provider("OpenAI").Catalogue.Find("gpt-image-1.5")!.Date, laid.Find("gpt-image-1.5")!.Date);
        Assert.Equal((Path, null), (Laid("OpenAI", """{ "id": "gpt-image-2", "price": { "perImage": 0.05 } }""").Find("gpt-image-2")!.Source, laid.Find("gpt-image-9")?.Date));
        Assert.Null(Laid("OpenAI", """{ "id": "gpt-image-2", "price": { "perImage": 0.05 } }""").Find("gpt-image-2")!.Date);
    }

    [Fact]
    public void A_new_id_adds_a_model_like_another_or_one_of_its_own()
    {
        Catalogue laid = Laid("OpenAI", """
            { "id": "my-new", "like": "gpt-image-2", "maxReferences": 2, "formats": null, },
            { "id": "my-own", "operations": ["Generate"], "sizes": { "list": ["512x512"] } }, // a comment
            { "id": "my-newer", "like": "my-new" }
            """);
        ModelRow made = laid.Find("my-new")!, own = laid.Find("my-own")!;

        Assert.Equal((16, 2, 0), (laid.Find("gpt-image-2")!.MaxReferences, made.MaxReferences, made.Formats.Count));
        Assert.True(made.Can(ImageOperation.Style) && made.Price is null && made.BestFor is null && made.Aliases.Count == 0 && made.AlsoFor.Count == 0);
        Assert.Equal([ImageOperation.Generate], own.Operations);
        Assert.Equal(2, laid.Find("my-newer")!.MaxReferences);
        Assert.Equal(["my-new", "my-own", "my-newer"], laid.Models.Skip(Provider("OpenAI").Catalogue.Models.Count).Select(m => m.Id));
    }

    public static TheoryData<string> Providers() => [.. ProviderRegistry.BuiltIn.Providers.Select(p => p.Profile.Id)];

    [Theory]
    [MemberData(nameof(Providers))]
    public void Of_every_row_there_is_one_field_can_be_replaced_and_the_rest_stays(string id)
    {
        IReadOnlyList<ModelRow> rows = Provider(id).Catalogue.Models;

        Catalogue laid = Laid(id, string.Join(",", rows.Select(r => $$"""{ "id": {{JsonSerializer.Serialize(r.Id)}}, "bestFor": "mine" }""")));

        Assert.Equal(rows.Select(r => JsonSerializer.Serialize(r with { BestFor = "mine" })), laid.Models.Select(r => JsonSerializer.Serialize(r)));
    }

    [Theory]
    [InlineData("""{ "OpenAI": { "models": [ }""", "line 1, character")]
    [InlineData("{\n \"OpenAI\": {\n  models } }", "line 3, character")]
    [InlineData("[]", "its beginning")]
    [InlineData("""{ "OpenAl": { "models": [] } }""", "OpenAl")]
    [InlineData("""{ "OpenAI": [] }""", "OpenAI")]
    [InlineData("""{ "OpenAI": {} }""", "OpenAI")]
    [InlineData("""{ "OpenAI": { "model": [] } }""", "OpenAI, model")]
    [InlineData("""{ "OpenAI": { "source": 5, "models": [] } }""", "OpenAI")]
    [InlineData("""{ "OpenAI": { "models": [] }, "OpenAI": { "models": [] } }""", "its beginning")]
    [InlineData("""{ "OpenAI": { "models": [ { "price": null } ] } }""", "OpenAI: a model has no id")]
    [InlineData("""{ "OpenAI": { "models": [ { "id": 7 } ] } }""", "OpenAI: a model has no id")]
    [InlineData("""{ "OpenAI": { "models": [ { "id": "gpt-image-2", "prise": 1 } ] } }""", "OpenAI, gpt-image-2, prise")]
    [InlineData("""{ "OpenAI": { "models": [ { "id": "gpt-image-2", "shares": [] } ] } }""", "OpenAI, gpt-image-2, shares")]
    [InlineData("""{ "OpenAI": { "models": [ { "id": "gpt-image-2", "price": { "perPicture": 1 } } ] } }""", "OpenAI, gpt-image-2, price.perPicture")]
    [InlineData("""{ "OpenAI": { "models": [ { "id": "gpt-image-2", "price": { "perImage": "cheap" } } ] } }""", "OpenAI, gpt-image-2, price.perImage")]
    [InlineData("""{ "OpenAI": { "models": [ { "id": "gpt-image-2", "operations": ["Paint"] } ] } }""", "OpenAI, gpt-image-2, operations")]
    [InlineData("""{ "OpenAI": { "models": [ { "id": "gpt-image-2", "seed": true, "seed": false } ] } }""", "OpenAI")]
    [InlineData("""{ "OpenAI": { "models": [ { "id": "gpt-image-2", "like": "gpt-image-1" } ] } }""", "OpenAI, gpt-image-2, like")]
    [InlineData("""{ "OpenAI": { "models": [ { "id": "my-new", "like": "flux-2-pro" } ] } }""", "OpenAI, my-new, like")]
    [InlineData("""{ "OpenAI": { "models": [ { "id": "my-new", "seed": true } ] } }""", "OpenAI, my-new")]
    public void A_mistake_names_the_file_and_the_place_and_nothing_is_planned(string json, string place)
    {
        File.WriteAllText(Path, json);
        Planner planner = Planner();

        foreach (Action use in new Action[] { () => planner.Plan(Request(), new Selection { Provider = "BFL" }), () => planner.MayLearn(new Selection()) })
        {
            ImageError error = Assert.Throws<AIImageException>(use).Error;
            Assert.Equal(ImageErrorId.InvalidRequest, error.Id);
            Assert.Contains($"'{Path}' has a mistake at {place}", error.Message, StringComparison.Ordinal);
            Assert.EndsWith("Nothing was sent.", error.Message, StringComparison.Ordinal);
            Assert.NotEmpty(error.Recommendation);
        }
    }

    [Fact]
    public void A_mistake_says_what_would_be_right()
    {
        Assert.Contains("OpenAI, Stability", MistakeIn("""{ "OpenAl": { "models": [] } }""").Recommendation, StringComparison.Ordinal);
        Assert.Contains("maxPrompt", MistakeIn("""{ "OpenAI": { "models": [ { "id": "x", "y": 1 } ] } }""").Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_says_nothing_and_one_that_cannot_be_read_does()
    {
        Assert.Equal(Quote(new Selection { Provider = "BFL" }).Amount, new Planner(ProviderRegistry.BuiltIn, Keys).Plan(Request(), new Selection { Provider = "BFL" }).Candidates[0].Quote.Amount);

        Directory.CreateDirectory(Path);
        ImageError error = Assert.Throws<AIImageException>(() => Planner().Plan(Request(), new Selection { Provider = "BFL" })).Error;
        Assert.Contains(Path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plans_are_made_with_the_rows_of_the_file()
    {
        File.WriteAllText(Path, """{ "bfl": { "models": [ { "id": "flux-2-pro", "price": { "perImage": 0.5 }, "source": "s", "date": "2026-11-11" }, { "id": "flux-9", "like": "flux-2-pro", "price": { "perImage": 0.25 } } ] } }""");

        Quote known = Quote(new Selection { Provider = "BFL", Model = "flux-2-pro" }), made = Quote(new Selection { Model = "flux-9" });

        Assert.Equal((0.5m, "s", "2026-11-11"), (known.Amount, known.PriceSource, known.PriceDate));
        Assert.Equal(("BFL", "flux-9", 0.25m), (made.Provider, made.Model, made.Amount));
        Assert.Empty(made.Notes);
    }

    [Fact]
    public void What_a_vendor_tells_is_laid_over_too_and_what_it_does_not_offer_is_not_made_up()
    {
        Provider vendor = Provider("CreatOK");
        Catalogue told = new([vendor.Catalogue.Find("gpt-image-2")! with { MaxReferences = 3 }]);

        Catalogue laid = Read("""{ "CreatOK": { "models": [ { "id": "gpt-image-2", "price": { "perImage": 7, "currency": "credits" } }, { "id": "nano-banana-pro", "maxPrompt": 5 }, { "id": "mine", "like": "nano-banana-2" } ] } }""").Over(vendor, told);

        Assert.Equal(["gpt-image-2", "mine"], laid.Models.Select(m => m.Id));
        Assert.Equal((3, 7m), (laid.Models[0].MaxReferences, laid.Models[0].Price!.PerImage));
    }

    [Fact]
    public void A_row_may_be_for_a_model_that_only_the_vendor_tells_of()
    {
        Provider vendor = Provider("CreatOK");
        UserCatalogue own = Read("""{ "CreatOK": { "models": [ { "id": "brand-new", "bestFor": "cats" } ] } }""");

        Assert.Null(own.Over(vendor, vendor.Catalogue).Find("brand-new"));
        Assert.Equal("cats", own.Over(vendor, new Catalogue([vendor.Catalogue.Models[0] with { Id = "brand-new" }])).Find("brand-new")!.BestFor);
        Assert.Contains("brand-new, worstFor", MistakeIn("""{ "CreatOK": { "models": [ { "id": "brand-new", "worstFor": "cats" } ] } }""").Message, StringComparison.Ordinal);
    }

    private static Surroundings Keys => new(name => name.EndsWith("_KEY", StringComparison.Ordinal) ? "k" : null);

    private static ImageRequest Request() => new(ImageOperation.Generate, new RequestDraft { Prompt = "p" });

    private static Provider Provider(string id) => ProviderRegistry.BuiltIn.Get(id);

    private Planner Planner() => new(ProviderRegistry.BuiltIn, Keys, Path);

    private Quote Quote(Selection selection) => Planner().Plan(Request(), selection).Candidates[0].Quote;

    private UserCatalogue Read(string json)
    {
        File.WriteAllText(Path, json);
        return UserCatalogue.Read(Path, ProviderRegistry.BuiltIn);
    }

    private ImageError MistakeIn(string json) => Assert.Throws<AIImageException>(() => Read(json)).Error;

    private Catalogue Laid(string provider, string rows) => Read($$"""{ "{{provider}}": { "models": [ {{rows}} ] } }""").Over(Provider(provider), Provider(provider).Catalogue);
}
