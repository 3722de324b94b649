using System.Text.Json.Nodes;
using PSImageGen.Core.Credentials;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tests.Support;

namespace PSImageGen.Core.Tests.Planning;

/// <summary>Who is asked, and who is never asked.</summary>
public class PlannerTests
{
    // These tests choose among three; other vendors have their own.
    private static readonly ProviderRegistry Three = new(
        ProviderRegistry.BuiltIn.Get("Demo"), ProviderRegistry.BuiltIn.Get("OpenAI"), ProviderRegistry.BuiltIn.Get("BFL"));

    private static readonly (string, string)[] BothKeys = [("OPENAI_API_KEY", "sk-1"), ("BFL_API_KEY", "k")];

    [Fact]
    public void Unasked_those_with_a_key_are_chosen_in_order_and_never_the_demo()
    {
        Assert.Equal(["OpenAI", "BFL"], Names(new Selection(), BothKeys));
        Assert.Equal(["BFL"], Names(new Selection(), ("BFL_API_KEY", "k")));
    }

    [Fact]
    public void Without_any_key_nobody_is_chosen_and_the_way_out_is_told()
    {
        ImageError error = ErrorOf(new Selection());

        Assert.Equal(ImageErrorId.NoProvider, error.Id);
        Assert.Contains("-Provider Demo", error.Recommendation, StringComparison.Ordinal);
        Assert.Contains("OPENAI_API_KEY", error.Recommendation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("")]
    public void A_blank_key_is_no_key(string key) => Assert.Equal(ImageErrorId.NoProvider, ErrorOf(new Selection(), ("OPENAI_API_KEY", key)).Id);

    [Theory]
    [InlineData("Demo")]
    [InlineData("demo")]
    [InlineData("DEMO")]
    public void The_demo_is_there_for_who_names_it(string name) => Assert.Equal(["Demo"], Names(new Selection { Provider = name }, BothKeys));

    [Fact]
    public void The_demo_may_be_preferred_by_name_but_does_not_stand_in_by_itself()
    {
        Assert.Equal(["Demo", "OpenAI", "BFL"], Names(new Selection { Preferred = ["Demo"] }, BothKeys));
        Assert.Equal(["BFL", "OpenAI"], Names(new Selection { Preferred = ["BFL"] }, BothKeys));
    }

    [Fact]
    public void A_named_provider_is_the_only_one_unless_others_are_preferred()
    {
        Assert.Equal(["BFL"], Names(new Selection { Provider = "bfl" }, BothKeys));
        Assert.Equal(["BFL", "OpenAI"], Names(new Selection { Provider = "BFL", Preferred = ["OpenAI"] }, BothKeys));
        Assert.Equal(["BFL"], Names(new Selection { Provider = "BFL", Preferred = ["BFL"], OnlyPreferred = true }, BothKeys));
    }

    [Fact]
    public void A_model_names_its_provider()
    {
        Plan plan = PlanOf(new Selection { Model = "FLUX-2-max" }, BothKeys);

        Assert.Equal(("BFL", "flux-2-max"), (Assert.Single(plan.Candidates).Quote.Provider, plan.Candidates[0].Quote.Model));
    }

    [Fact]
    public void A_dated_snapshot_is_sent_by_its_own_name() =>
        Assert.Equal("gpt-image-2-2026-04-21", PlanOf(new Selection { Model = "gpt-image-2-2026-04-21" }, BothKeys).Candidates[0].Quote.Model);

    [Fact]
    public void Preference_sets_the_order_and_may_exclude_the_rest()
    {
        Assert.Equal(["BFL", "OpenAI"], Names(new Selection { Preferred = ["BFL", "OpenAI"] }, BothKeys));
        Assert.Equal(["BFL"], Names(new Selection { Preferred = ["BFL"], OnlyPreferred = true }, BothKeys));
        Assert.Equal(ImageErrorId.NoProvider, ErrorOf(new Selection { Preferred = ["BFL"], OnlyPreferred = true }, ("OPENAI_API_KEY", "k")).Id);
    }

    [Fact]
    public void Who_is_blocked_is_never_asked()
    {
        Assert.Equal(["BFL"], Names(new Selection { Blocked = ["openai"] }, BothKeys));
        Assert.Equal(ImageErrorId.NoProvider, ErrorOf(new Selection { Blocked = ["OpenAI", "BFL"] }, BothKeys).Id);
        Assert.Equal(ImageErrorId.Unsupported, ErrorOf(new Selection { Provider = "OpenAI", Blocked = ["OpenAI"] }, BothKeys).Id);
        Assert.Equal(ImageErrorId.Unsupported, ErrorOf(new Selection { Model = "gpt-image-2", Blocked = ["OpenAI"] }, BothKeys).Id);
        Assert.Equal(["BFL"], Names(new Selection { Provider = "BFL", Preferred = ["OpenAI"], Blocked = ["OpenAI"] }, BothKeys));
    }

    [Fact]
    public void A_provider_nobody_knows_is_refused_with_those_there_are()
    {
        foreach (Selection selection in new[] { new Selection { Provider = "OpenAl" }, new Selection { Preferred = ["x"] }, new Selection { Blocked = ["x"] } })
        {
            ImageError error = ErrorOf(selection, BothKeys);
            Assert.Equal(ImageErrorId.InvalidRequest, error.Id);
            Assert.Contains("OpenAI, BFL", error.Recommendation, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_named_provider_without_a_key_says_which_variable_and_where_to_get_one()
    {
        ImageError error = ErrorOf(new Selection { Provider = "OpenAI" }, ("BFL_API_KEY", "k"));

        Assert.Equal((ImageErrorId.CredentialMissing, "OpenAI"), (error.Id, error.Provider));
        Assert.Contains("$env:OPENAI_API_KEY", error.Recommendation, StringComparison.Ordinal);
        Assert.Contains("https://platform.openai.com", error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_price_can_be_asked_for_without_a_key() =>
        Assert.NotNull(Planner().Plan(Request(), new Selection { Provider = "OpenAI" }, needCredential: false).Candidates[0].Quote.Amount);

    [Theory]
    [InlineData("dall-e-3")]
    [InlineData("DALL-E-2")]
    public void A_retired_model_says_so(string model)
    {
        ImageError error = ErrorOf(new Selection { Model = model }, BothKeys);

        Assert.Equal(ImageErrorId.InvalidRequest, error.Id);
        Assert.Contains("2026-05-12", error.Message, StringComparison.Ordinal);
        Assert.Equal(ImageErrorId.InvalidRequest, ErrorOf(new Selection { Provider = "OpenAI", Model = model }, BothKeys).Id);
    }

    [Fact]
    public void A_model_nobody_has_is_refused_unless_its_provider_is_named()
    {
        ImageError error = ErrorOf(new Selection { Model = "gpt-image-9" }, BothKeys);
        Assert.Equal(ImageErrorId.InvalidRequest, error.Id);
        Assert.Contains("Get-AIImageModel", error.Recommendation, StringComparison.Ordinal);

        Plan plan = PlanOf(new Selection { Provider = "OpenAI", Model = "gpt-image-9" }, BothKeys);
        Quote quote = plan.Candidates[0].Quote;
        Assert.Equal(("gpt-image-9", null, null, null), (quote.Model, quote.Amount, quote.AmountMax, quote.PriceSource));
        Assert.Contains("gpt-image-9 is not in the catalogue: its price and limits are not known", quote.Notes[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gpt-imgae-2", "gpt-image-2")]
    [InlineData("gptimage1.5", "gpt-image-1.5")]
    [InlineData("something-else", "")]
    public void A_mistyped_model_is_told_what_looks_like_it(string given, string meant)
    {
        string[] said = [.. PlanOf(new Selection { Provider = "OpenAI", Model = given }, BothKeys).Candidates[0].Quote.Notes.Where(n => n.StartsWith("its name is similar to ", StringComparison.Ordinal))];
        string recommendation = ErrorOf(new Selection { Model = given }, BothKeys).Recommendation;

        Assert.Equal(meant.Length > 0 ? 1 : 0, said.Length);
        Assert.All(said, s => Assert.StartsWith($"its name is similar to {meant}", s, StringComparison.Ordinal));
        Assert.Equal(meant.Length > 0, recommendation.StartsWith("Similar: ", StringComparison.Ordinal));
        Assert.Contains(meant, recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_unknown_price_counts_as_over_a_ceiling_unless_that_is_allowed()
    {
        Plan plan = PlanOf(new Selection { Provider = "OpenAI", Model = "gpt-image-9" }, BothKeys);

        Assert.Equal(ImageErrorId.BudgetExceeded, Assert.Throws<AIImageException>(() => new PSImageGen.Core.Gate.Budget(100).Check(plan)).Error.Id);
        new PSImageGen.Core.Gate.Budget(100, allowUnknown: true).Check(plan);
    }

    [Theory]
    [InlineData("../credits?x=")]
    [InlineData("flux 2")]
    [InlineData("flux-2/../../credits")]
    public void What_cannot_be_a_name_is_no_model(string name) =>
        Assert.Equal(ImageErrorId.InvalidRequest, ErrorOf(new Selection { Provider = "BFL", Model = name }, BothKeys).Id);

    [Fact]
    public void A_server_of_ones_own_has_the_models_it_tells_of_and_no_others()
    {
        Planner planner = new(ProviderRegistry.BuiltIn, new Surroundings(name => name == "STABLE_DIFFUSION_LOCAL_BASE_URL" ? "http://127.0.0.1:7860" : null));

        ImageError error = Assert.Throws<AIImageException>(() => planner.Plan(Request(), new Selection { Provider = "StableDiffusion", Model = "gpt-image-9" })).Error;

        Assert.Equal(ImageErrorId.InvalidRequest, error.Id);
        Assert.Contains("It has: ", error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_name_cannot_do_what_no_model_of_its_provider_can() =>
        Assert.Equal(ImageErrorId.Unsupported, Assert.Throws<AIImageException>(() =>
            Planner(BothKeys).Plan(new ImageRequest(ImageOperation.Upscale, SamplePictures.Draft(ImageOperation.Upscale)), new Selection { Provider = "OpenAI", Model = "gpt-image-9" })).Error.Id);

    [Theory]
    [InlineData("not a url")]
    [InlineData("ftp://example.com")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/relative")]
    [InlineData("https://user:pass@example.com/v1")]
    [InlineData("https://example.com/v1?key=x")]
    [InlineData("https://example.com/v1#x")]
    public void A_base_url_that_is_none_is_refused_and_not_passed_over(string url)
    {
        foreach (Selection selection in new[] { new Selection { Provider = "OpenAI" }, new Selection() })
        {
            ImageError error = ErrorOf(selection, [.. BothKeys, ("OPENAI_BASE_URL", url)]);
            Assert.Equal(ImageErrorId.InvalidRequest, error.Id);
            Assert.Contains("OPENAI_BASE_URL", error.Message + error.Recommendation, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(null, "https://api.openai.com/v1/images/generations")]
    [InlineData("", "https://api.openai.com/v1/images/generations")]
    [InlineData("http://127.0.0.1:5000/openai/v1", "http://127.0.0.1:5000/openai/v1/images/generations")]
    [InlineData(" https://proxy.example/a/b/ ", "https://proxy.example/a/b/images/generations")]
    public void The_override_replaces_the_whole_base_url(string? url, string expected)
    {
        (string, string)[] variables = url is null ? BothKeys : [.. BothKeys, ("OPENAI_BASE_URL", url)];
        Candidate candidate = PlanOf(new Selection { Provider = "OpenAI" }, variables).Candidates[0];

        Assert.Equal(expected, new PSImageGen.Core.Wire.Endpoint(candidate.Provider.Profile, candidate.BaseUrl, candidate.Credential).Resolve(VendorRequest.Get("images/generations")).ToString());
    }

    [Theory]
    [InlineData("""{"moderation":"low"}""", true)]
    [InlineData("""{"output_compression":50}""", true)]
    [InlineData("""{"output_compression":0}""", true)]
    [InlineData("""{"user":"someone"}""", true)]
    [InlineData("""{"moderation":"none"}""", false)]
    [InlineData("""{"moderation":5}""", false)]
    [InlineData("""{"moderation":null}""", false)]
    [InlineData("""{"output_compression":101}""", false)]
    [InlineData("""{"output_compression":-1}""", false)]
    [InlineData("""{"output_compression":1.5}""", false)]
    [InlineData("""{"output_compression":"50"}""", false)]
    [InlineData("""{"output_compression":[50]}""", false)]
    [InlineData("""{"n":10}""", false)]
    [InlineData("""{"model":"gpt-image-1"}""", false)]
    [InlineData("""{"size":"3840x2160"}""", false)]
    [InlineData("""{"quality":"high"}""", false)]
    [InlineData("""{"Moderation":"low"}""", false)]
    public void Options_are_checked_and_can_change_neither_count_nor_price(string json, bool accepted)
    {
        RequestDraft draft = new() { Prompt = "p", ProviderOptions = (JsonObject)JsonNode.Parse(json)! };

        AssertAccepted(accepted, draft, new Selection { Provider = "OpenAI" });
    }

    [Theory]
    [InlineData("""{"guidance":1.5}""", true)]
    [InlineData("""{"guidance":10.1}""", false)]
    [InlineData("""{"prompt_upsampling":true}""", true)]
    [InlineData("""{"prompt_upsampling":"true"}""", false)]
    [InlineData("""{"webhook_url":"https://example.com"}""", false)]
    [InlineData("""{"width":4000}""", false)]
    public void Options_of_another_vendor_have_their_own_rules(string json, bool accepted) =>
        AssertAccepted(accepted, new RequestDraft { Prompt = "p", ProviderOptions = (JsonObject)JsonNode.Parse(json)! }, new Selection { Model = "flux-2-flex" });

    [Fact]
    public void What_a_model_does_not_offer_is_refused_with_what_it_does()
    {
        foreach ((string model, RequestDraft draft, ImageErrorId id) in new[]
        {
            ("gpt-image-2", new RequestDraft { Prompt = "p", Quality = "ultra" }, ImageErrorId.InvalidRequest),
            ("gpt-image-2", new RequestDraft { Prompt = "p", Quality = "max" }, ImageErrorId.InvalidRequest),
            ("gpt-image-2", new RequestDraft { Prompt = "p", Seed = 1 }, ImageErrorId.Unsupported),
            ("gpt-image-2", new RequestDraft { Prompt = new string('p', 32_001) }, ImageErrorId.InvalidRequest),
            ("flux-2-pro", new RequestDraft { Prompt = "p", Quality = "high" }, ImageErrorId.InvalidRequest),
            ("flux-2-pro", new RequestDraft { Prompt = "p", Background = ImageBackground.Transparent }, ImageErrorId.InvalidRequest),
            ("flux-pro-1.1", new RequestDraft { Prompt = "p", ReferenceImages = ["https://example.com/a.png"], ConsistencyMode = ConsistencyMode.Strict }, ImageErrorId.Unsupported),
            ("flux-2-klein-4b", new RequestDraft { Prompt = "p", ReferenceImages = [.. Enumerable.Repeat("https://example.com/a.png", 5)] }, ImageErrorId.InvalidRequest),
            ("demo-painter", new RequestDraft { Prompt = "p", Format = ImageFormat.Webp }, ImageErrorId.InvalidRequest),
        })
        {
            AIImageException e = Assert.Throws<AIImageException>(() => Planner(BothKeys).Plan(new ImageRequest(ImageOperation.Generate, draft), new Selection { Model = model }));
            Assert.Equal((model, id), (model, e.Error.Id));
            Assert.NotEmpty(e.Error.Recommendation);
        }
    }

    [Fact]
    public void The_length_of_a_prompt_is_counted_in_characters_and_not_in_their_halves() =>
        _ = Planner(BothKeys).Plan(new ImageRequest(ImageOperation.Generate, new RequestDraft { Prompt = string.Concat(Enumerable.Repeat("🦊", 20_000)) }), new Selection { Model = "gpt-image-2" });

    [Fact]
    public void Who_cannot_do_it_as_asked_is_no_candidate_and_when_nobody_can_the_first_reason_is_told()
    {
        Plan plan = Planner(BothKeys).Plan(new ImageRequest(ImageOperation.Generate, new RequestDraft { Prompt = "p", Seed = 5 }), new Selection());
        Assert.Equal("BFL", Assert.Single(plan.Candidates).Quote.Provider);

        AIImageException e = Assert.Throws<AIImageException>(() =>
            Planner(BothKeys).Plan(new ImageRequest(ImageOperation.Generate, new RequestDraft { Prompt = "p", Seed = 5, Quality = "high" }), new Selection()));
        Assert.Equal("OpenAI", e.Error.Provider);
    }

    [Fact]
    public void A_vendor_that_answers_with_the_picture_has_nothing_to_come_back_to()
    {
        AIImageException e = Assert.Throws<AIImageException>(() => Planner(BothKeys).Plan(Request(), new Selection { Provider = "OpenAI" }, noWait: true));
        Assert.Equal(ImageErrorId.Unsupported, e.Error.Id);
        Assert.Equal("BFL", Assert.Single(Planner(BothKeys).Plan(Request(), new Selection(), noWait: true).Candidates).Quote.Provider);
    }

    [Fact]
    public void What_is_emulated_is_said_before_paying()
    {
        ImageRequest request = new(ImageOperation.Generate, new RequestDraft { Prompt = "p", Style = "linocut", NegativePrompt = "text", Seed = 1, Count = 2 });

        Candidate candidate = Planner(BothKeys).Plan(request, new Selection { Provider = "BFL" }).Candidates[0];

        Assert.Equal("p\n\nStyle: linocut\n\nAvoid: text", candidate.Shape.Prompt);
        Assert.Equal(3, candidate.Quote.Notes.Count);
    }

    private static void AssertAccepted(bool accepted, RequestDraft draft, Selection selection)
    {
        ImageRequest request = new(ImageOperation.Generate, draft);
        if (accepted)
            Assert.Single(Planner(BothKeys).Plan(request, selection).Candidates);
        else
            Assert.Equal(ImageErrorId.InvalidRequest, Assert.Throws<AIImageException>(() => Planner(BothKeys).Plan(request, selection)).Error.Id);
    }

    private static ImageRequest Request() => new(ImageOperation.Generate, new RequestDraft { Prompt = "p" });

    private static Planner Planner(params (string Name, string Value)[] variables) =>
        new(Three, new Surroundings(name => variables.FirstOrDefault(v => v.Name == name).Value));

    private static Plan PlanOf(Selection selection, params (string, string)[] variables) => Planner(variables).Plan(Request(), selection);

    private static string[] Names(Selection selection, params (string, string)[] variables) => [.. PlanOf(selection, variables).Candidates.Select(c => c.Quote.Provider)];

    private static ImageError ErrorOf(Selection selection, params (string, string)[] variables) => Assert.Throws<AIImageException>(() => PlanOf(selection, variables)).Error;
}
