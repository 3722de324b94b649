using PSImageGen.Core.Credentials;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tests.Support;

namespace PSImageGen.Core.Tests.Planning;

/// <summary>Which model a use case chooses, and which it never does.</summary>
public class RecommendationTests
{
    [Theory]
    [InlineData("Fal", ImageUseCase.Portrait, "fal-ai/nano-banana-2")]
    [InlineData("Fal", ImageUseCase.Product, "fal-ai/nano-banana-pro")]
    [InlineData("Fal", ImageUseCase.Illustration, "fal-ai/nano-banana-2")]
    [InlineData("Fal", ImageUseCase.Preview, "bytedance/seedream/v5/lite/text-to-image")]
    [InlineData("Replicate", ImageUseCase.Portrait, "google/nano-banana-2")]
    [InlineData("Replicate", ImageUseCase.Product, "google/nano-banana-pro")]
    [InlineData("Replicate", ImageUseCase.Preview, "bytedance/seedream-5-lite")]
    [InlineData("OpenRouter", ImageUseCase.Illustration, "google/gemini-3.1-flash-image")]
    [InlineData("OpenRouter", ImageUseCase.Product, "google/gemini-3-pro-image")]
    [InlineData("OpenRouter", ImageUseCase.Preview, "bytedance-seed/seedream-5-0-lite")]
    [InlineData("CreatOK", ImageUseCase.Portrait, "nano-banana-2")]
    [InlineData("CreatOK", ImageUseCase.Product, "nano-banana-pro")]
    [InlineData("CreatOK", ImageUseCase.Illustration, "nano-banana-2")]
    [InlineData("CreatOK", ImageUseCase.Preview, "seedream-5.0-lite")]
    [InlineData("SkillsVideo", ImageUseCase.Portrait, "google/nano-banana-2")]
    [InlineData("SkillsVideo", ImageUseCase.Preview, "bytedance/seedream-5-lite")]
    public void Portraits_products_illustrations_and_previews_have_a_first_choice(string provider, ImageUseCase useCase, string model)
    {
        // Others with a key come before it in the order of the providers.
        Candidate first = Plan(useCase, "OpenAI", "Stability", "BFL", provider).Candidates[0];

        Assert.Equal((provider, model), (first.Quote.Provider, first.Quote.Model));
        Assert.Contains("first choice", first.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ImageUseCase.TextInImage, "OpenAI")]
    [InlineData(ImageUseCase.Control, "Stability")]
    [InlineData(ImageUseCase.Speed, "BFL", "Fal")]
    [InlineData(ImageUseCase.Variety, "Replicate")]
    [InlineData(ImageUseCase.Cost, "OpenRouter")]
    public void The_provider_guide_is_followed(ImageUseCase useCase, params string[] providers)
    {
        Plan plan = Plan(useCase, AllProviders);

        Assert.Equal(providers, plan.Candidates.Take(providers.Length).Select(c => c.Quote.Provider));
        Assert.All(plan.Candidates.Take(providers.Length), c => Assert.Contains("is the provider for that", c.Reason, StringComparison.Ordinal));
        Assert.All(plan.Candidates.Skip(providers.Length), c => Assert.DoesNotContain("is the provider for that", c.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public void The_guide_holds_for_changes_too_and_where_its_provider_cannot_do_it_another_is_taken()
    {
        Assert.Equal("inpaint", Plan(ImageUseCase.Control, SamplePictures.Draft(ImageOperation.Inpaint), ImageOperation.Inpaint, AllProviders).Candidates[0].Quote.Model);
        Assert.Equal("Replicate", Plan(ImageUseCase.Variety, SamplePictures.Draft(ImageOperation.Vary), ImageOperation.Vary, AllProviders).Candidates[0].Quote.Provider);
        // OpenAI enlarges nothing.
        Plan plan = Plan(ImageUseCase.TextInImage, SamplePictures.Draft(ImageOperation.Upscale), ImageOperation.Upscale, AllProviders);
        Assert.DoesNotContain(plan.Candidates, c => c.Quote.Provider == "OpenAI");
    }

    [Theory]
    [MemberData(nameof(Everyone))]
    public void Every_provider_names_its_own_best_for_the_four_kinds_of_picture(string provider)
    {
        foreach (ImageUseCase useCase in new[] { ImageUseCase.Portrait, ImageUseCase.Product, ImageUseCase.Illustration, ImageUseCase.Preview })
        {
            Candidate only = Assert.Single(Plan(useCase, provider).Candidates);
            Assert.StartsWith("recommended for ", only.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Only_who_has_a_key_is_recommended()
    {
        Candidate only = Assert.Single(Plan(ImageUseCase.Portrait, "BFL").Candidates);

        Assert.Equal(("BFL", "flux-2-max"), (only.Quote.Provider, only.Quote.Model));
        Assert.Contains("flux-2-max is the best BFL has for that", only.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_reason_is_a_note_of_the_quote()
    {
        Candidate first = Plan(ImageUseCase.Product, "OpenAI", "Fal").Candidates[0];

        Assert.Equal("recommended for product pictures: fal-ai/nano-banana-pro is the first choice for that (products, text in pictures, many reference images)", first.Reason);
        Assert.Equal(first.Reason, first.Quote.Notes[0]);
    }

    [Theory]
    [MemberData(nameof(Everyone))]
    public void An_explicit_1K_never_chooses_seedream(string provider)
    {
        foreach (ImageUseCase? useCase in Enum.GetValues<ImageUseCase>().Cast<ImageUseCase?>().Append(null))
        {
            foreach (ImageOperation operation in new[] { ImageOperation.Generate, ImageOperation.Img2Img, ImageOperation.Style })
            {
                RequestDraft draft = SamplePictures.Draft(operation) with { Resolution = "1K" };
                try
                {
                    Plan plan = Planner(provider).Plan(new ImageRequest(operation, draft), new Selection { UseCase = useCase });
                    Assert.DoesNotContain(plan.Candidates, c => c.Quote.Model.Contains("seedream", StringComparison.OrdinalIgnoreCase));
                }
                catch (AIImageException e)
                {
                    Assert.Contains(e.Error.Id, new[] { ImageErrorId.InvalidRequest, ImageErrorId.Unsupported, ImageErrorId.NoProvider });
                }
            }
        }
    }

    [Fact]
    public void Not_even_when_its_vendor_offers_1K_and_calls_it_the_default()
    {
        ModelRow seedream = ProviderRegistry.BuiltIn.Get("CreatOK").Catalogue.Find("seedream-5.0-lite")! with { Sizes = new SizeRule { Resolutions = ["1K", "2K"] } };
        Catalogue told = new([seedream, ProviderRegistry.BuiltIn.Get("CreatOK").Catalogue.Find("nano-banana-2")!]);
        ModelRow? Chosen(string? resolution) => told.DefaultFor(new ImageRequest(ImageOperation.Generate, new RequestDraft { Prompt = "p", Resolution = resolution }));

        Assert.Equal("seedream-5.0-lite", Chosen("2K")?.Id);
        Assert.Equal("nano-banana-2", Chosen("1K")?.Id);
        Assert.False(Recommendation.Fits("CreatOK", seedream, new ImageRequest(ImageOperation.Generate, new RequestDraft { Prompt = "p", Resolution = "1K" })));
    }

    [Fact]
    public void A_seedream_that_is_named_is_used_as_far_as_it_goes()
    {
        Quote quote = Planner("SkillsVideo").Plan(new ImageRequest(ImageOperation.Generate, new RequestDraft { Prompt = "p", Resolution = "1K" }), new Selection { Model = "bytedance/seedream-4.0" }).Candidates[0].Quote;

        Assert.Equal(("bytedance/seedream-4.0", "1K"), (quote.Model, quote.Size));
    }

    [Theory]
    [InlineData("Fal")]
    [InlineData("Replicate")]
    [InlineData("CreatOK")]
    [InlineData("SkillsVideo")]
    [InlineData("OpenRouter")]
    public void What_is_recommended_is_2K_and_square_unless_told_otherwise(string provider)
    {
        foreach (ImageUseCase useCase in new[] { ImageUseCase.Portrait, ImageUseCase.Product, ImageUseCase.Illustration })
        {
            Quote quote = Plan(useCase, provider).Candidates[0].Quote;
            Assert.Equal(("2K", "1:1"), (quote.Size, quote.AspectRatio));
        }
    }

    [Fact]
    public void Nothing_is_recommended_that_cannot_do_the_job()
    {
        string Model(RequestDraft draft, ImageOperation operation = ImageOperation.Generate) => Plan(ImageUseCase.Portrait, draft, operation, "Replicate", "OpenAI").Candidates[0].Quote.Model;

        Assert.Equal("google/nano-banana-2", Model(new RequestDraft { Prompt = "p", Resolution = "4K" }));
        // It is told no pixels, takes no seed, paints no part anew, and makes no WebP.
        Assert.Equal("gpt-image-2", Model(new RequestDraft { Prompt = "p", Size = "1536x1024" }));
        Assert.Equal("black-forest-labs/flux-1.1-pro", Model(new RequestDraft { Prompt = "p", Seed = 1 }));
        Assert.Equal("gpt-image-2", Model(SamplePictures.Draft(ImageOperation.Inpaint), ImageOperation.Inpaint));
        Assert.Equal("gpt-image-2", Model(new RequestDraft { Prompt = "p", Format = ImageFormat.Webp }));
        Assert.Equal("google/nano-banana-2", Model(new RequestDraft { Prompt = "p", ReferenceImages = [.. Enumerable.Repeat(SamplePictures.Reference, 14)] }));
        Assert.Equal("gpt-image-2", Model(new RequestDraft { Prompt = "p", ReferenceImages = [.. Enumerable.Repeat(SamplePictures.Reference, 15)] }));
    }

    [Fact]
    public void A_shape_only_another_model_makes_is_left_to_that_one()
    {
        Assert.Equal("nano-banana-2", Plan(ImageUseCase.Portrait, new RequestDraft { Prompt = "p", AspectRatio = "9:16" }, ImageOperation.Generate, "CreatOK", "OpenAI").Candidates[0].Quote.Model);
        Assert.Equal("gpt-image-2", Plan(ImageUseCase.Portrait, new RequestDraft { Prompt = "p", AspectRatio = "3:2" }, ImageOperation.Generate, "CreatOK", "OpenAI").Candidates[0].Quote.Model);
    }

    [Fact]
    public void A_named_provider_chooses_among_its_own_models()
    {
        Plan plan = Planner(AllProviders).Plan(Request(), new Selection { Provider = "OpenAI", UseCase = ImageUseCase.Cost });
        Assert.Equal(("OpenAI", "gpt-image-1-mini"), (Assert.Single(plan.Candidates).Quote.Provider, plan.Candidates[0].Quote.Model));

        // Where it has nothing for it, it says so.
        Candidate usual = Planner(AllProviders).Plan(Request(), new Selection { Provider = "OpenAI", UseCase = ImageUseCase.Variety }).Candidates[0];
        Assert.Equal("gpt-image-2", usual.Quote.Model);
        Assert.StartsWith("nothing of OpenAI is recommended for variety", usual.Quote.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_named_model_wins_and_a_note_says_so()
    {
        Candidate candidate = Planner(AllProviders).Plan(Request(), new Selection { Model = "flux-pro-1.1", UseCase = ImageUseCase.Portrait }).Candidates[0];

        Assert.Equal("flux-pro-1.1", candidate.Quote.Model);
        Assert.Contains("-UseCase Portrait chooses nothing", candidate.Quote.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Who_is_preferred_stays_first_and_who_is_blocked_stays_out()
    {
        Plan plan = Planner("OpenAI", "BFL", "Fal", "Replicate").Plan(Request(), new Selection { Preferred = ["BFL"], Blocked = ["Fal"], UseCase = ImageUseCase.Portrait });

        Assert.Equal(["BFL", "Replicate", "OpenAI"], plan.Candidates.Select(c => c.Quote.Provider));
    }

    [Fact]
    public void The_demo_is_never_chosen_unasked()
    {
        foreach (ImageUseCase useCase in Enum.GetValues<ImageUseCase>())
        {
            Assert.Equal(ImageErrorId.NoProvider, Assert.Throws<AIImageException>(() => Plan(useCase)).Error.Id);
            Assert.Equal("Demo", Planner(AllProviders).Plan(Request(), new Selection { Provider = "Demo", UseCase = useCase }).Candidates[0].Quote.Provider);
        }
    }

    [Fact]
    public void Privacy_is_a_promise_and_no_provider_elsewhere_is_recommended_for_it()
    {
        ImageError nobody = Assert.Throws<AIImageException>(() => Plan(ImageUseCase.Privacy, "OpenAI", "BFL", "Fal")).Error;
        Assert.Equal(ImageErrorId.NoProvider, nobody.Id);
        Assert.Contains("STABLE_DIFFUSION_LOCAL_BASE_URL", nobody.Recommendation, StringComparison.Ordinal);

        ImageError named = Assert.Throws<AIImageException>(() => Planner("OpenAI").Plan(Request(), new Selection { Provider = "OpenAI", UseCase = ImageUseCase.Privacy })).Error;
        Assert.Equal((ImageErrorId.Unsupported, "OpenAI"), (named.Id, named.Provider));
    }

    [Fact]
    public void A_server_of_ones_own_is_the_one_for_privacy_and_else_takes_its_turn()
    {
        Planner planner = new(ProviderRegistry.BuiltIn, new Surroundings(name => name switch { "OPENAI_API_KEY" => "k", "STABLE_DIFFUSION_LOCAL_BASE_URL" => "http://127.0.0.1:7860", _ => null }, Path.GetTempPath()));
        Plan PlanFor(ImageUseCase useCase) => planner.Plan(Request(), new Selection { UseCase = useCase });

        Candidate only = Assert.Single(PlanFor(ImageUseCase.Privacy).Candidates);
        Assert.Equal("StableDiffusion", only.Quote.Provider);
        Assert.StartsWith("recommended for privacy: StableDiffusion is the provider for that", only.Reason, StringComparison.Ordinal);
        Assert.Equal(["OpenAI", "StableDiffusion"], PlanFor(ImageUseCase.Cost).Candidates.Select(c => c.Quote.Provider));
    }

    [Theory]
    [InlineData("http://127.0.0.1:7860", true)]
    [InlineData("http://192.168.1.20:7860", true)]
    [InlineData("http://studio:7860", true)]
    [InlineData("http://studio.local", true)]
    [InlineData("https://cloud.example", false)]
    [InlineData("https://8.8.8.8", false)]
    public void Only_an_address_in_ones_own_network_is_private(string address, bool recommended)
    {
        Provider vendor = ProviderRegistry.BuiltIn.Get("BFL");
        Catalogue own = new([vendor.Catalogue.Models[0] with { AlsoFor = [ImageUseCase.Privacy] }]);

        Assert.Equal(recommended, Recommendation.Of(vendor, own, new Uri(address), ImageUseCase.Privacy, own.Models[0], _ => true) is not null);
        Assert.Null(Recommendation.Of(vendor, vendor.Catalogue, new Uri(address), ImageUseCase.Privacy, own.Models[0], _ => true));
    }

    public static TheoryData<string> Everyone() => [.. AllProviders];

    private static string[] AllProviders { get; } = [.. ProviderRegistry.BuiltIn.Providers.Where(p => !p.Profile.OnlyWhenNamed && !p.Profile.NeedsBaseUrl).Select(p => p.Profile.Id)];

    private static ImageRequest Request() => new(ImageOperation.Generate, new RequestDraft { Prompt = "p" });

    private static Planner Planner(params string[] providers)
    {
        string[] keys = [.. providers.Select(p => ProviderRegistry.BuiltIn.Get(p).Profile.CredentialNames[0])];
        return new Planner(ProviderRegistry.BuiltIn, new Surroundings(name => keys.Contains(name) ? "k" : null, Path.GetTempPath()));
    }

    private static Plan Plan(ImageUseCase useCase, params string[] providers) => Plan(useCase, new RequestDraft { Prompt = "p" }, ImageOperation.Generate, providers);

    private static Plan Plan(ImageUseCase useCase, RequestDraft draft, ImageOperation operation, params string[] providers) =>
        Planner(providers).Plan(new ImageRequest(operation, draft), new Selection { UseCase = useCase });
}
