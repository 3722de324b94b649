using PSImageGen.Core.Credentials;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;

namespace PSImageGen.Core.Tests.Planning;

/// <summary>The catalogue as users see it.</summary>
public class ModelListTests
{
    [Theory]
    [InlineData("Demo", "demo-painter", 0.0, 0.0, "USD")]
    [InlineData("BFL", "flux-pro-1.1", 0.04, 0.04, "USD")]
    [InlineData("BFL", "flux-pro-1.0-fill", 0.05, 0.05, "USD")]
    [InlineData("OpenAI", "gpt-image-1", 0.042, 0.167, "USD")]
    [InlineData("Fal", "fal-ai/nano-banana-2", 0.12, 0.12, "USD")]
    [InlineData("WellAPI", "gpt-image-2", null, null, "USD")]
    [InlineData("Fal", "fal-ai/flux-pulid", null, null, "USD")]
    public void The_price_is_that_of_a_picture_of_the_default_size(string provider, string model, double? price, double? most, string currency)
    {
        ModelInfo info = Info(provider, model);

        Assert.Equal(((decimal?)price, (decimal?)most, currency), (info.Price, info.PriceMax, info.Currency));
        Assert.Equal(price > 0, info.PriceSource is not null && info.PriceDate is not null);
    }

    [Theory]
    [InlineData("OpenAI", "gpt-image-1", "1024x1024, 1536x1024, 1024x1536; 1024x1024 unless told otherwise")]
    [InlineData("BFL", "flux-2-pro", "widths and heights in steps of 16 pixels, at least 64 a side, at most 4000000 pixels in all; 1024x1024 unless told otherwise")]
    [InlineData("BFL", "flux-pro-1.1-ultra", "any shape up to 2.33:1; the model chooses the pixels")]
    [InlineData("BFL", "flux-pro-1.0-fill", "as the picture that goes in")]
    [InlineData("CreatOK", "nano-banana-2", "1K, 2K or 4K in the shapes 1:1, 16:9, 9:16; 2K unless told otherwise")]
    [InlineData("SkillsVideo", "google/nano-banana-pro", "2K")]
    [InlineData("SkillsVideo", "google/nano-banana", "the model's own choice")]
    [InlineData("Stability", "upscale-fast", "4 times as wide and high")]
    [InlineData("Stability", "upscale-conservative", "about 4 megapixels")]
    [InlineData("Fal", "fal-ai/clarity-upscaler", "as many times as wide and high as is asked for")]
    [InlineData("Fal", "fal-ai/flux-pro/kontext", "the shapes 21:9, 16:9, 3:2, 4:3, 1:1, 3:4, 2:3, 9:16, 9:21")]
    public void Sizes_are_told_in_words(string provider, string model, string words) => Assert.Equal(words, Info(provider, model).Sizes);

    [Fact]
    public void What_a_model_can_do_is_told_with_how_it_is_done()
    {
        ModelInfo info = Info("OpenAI", "gpt-image-2");

        Assert.Equal([ImageOperation.Generate, ImageOperation.Img2Img, ImageOperation.Inpaint, ImageOperation.Outpaint, ImageOperation.Vary, ImageOperation.Style], info.Operations);
        Assert.Equal(["Outpaint", "Style", "Vary"], info.Emulated.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("edit", info.Emulated["Vary"], StringComparison.Ordinal);
        Assert.Equal((32000, 16, 10, false), (info.MaxPrompt, info.MaxReferences, info.PerCall, info.Seed));
        Assert.Contains("high", info.Qualities);
        Assert.Contains(ImageFormat.Webp, info.Formats);
        Assert.Contains("gpt-image-2-2026-04-21", info.Aliases);
        Assert.Contains(ImageUseCase.TextInImage, info.UseCases);
        Assert.Null(info.Reason);
    }

    [Fact]
    public void Of_each_provider_one_model_is_the_default_for_what_it_can_do()
    {
        foreach (Provider provider in ProviderRegistry.BuiltIn.Providers.Where(p => !p.Profile.NeedsBaseUrl))
        {
            ModelInfo[] models = [.. List().Of([provider])];
            foreach (ImageOperation operation in Enum.GetValues<ImageOperation>())
                Assert.Equal(provider.Catalogue.DefaultFor(operation)?.Id, models.SingleOrDefault(m => m.IsDefaultFor.Contains(operation))?.Model);
        }
    }

    [Fact]
    public void Models_that_are_gone_are_not_listed_and_say_so_when_named()
    {
        Assert.DoesNotContain(All(), m => m.Model.StartsWith("dall-e", StringComparison.Ordinal));
        Assert.Contains("2026-05-12", Assert.Throws<AIImageException>(() => List().CheckName("dall-e-3")).Error.Message, StringComparison.Ordinal);
        Assert.Contains("-Provider", Assert.Throws<AIImageException>(() => List().CheckName("gpt-image-9")).Error.Recommendation, StringComparison.Ordinal);
        List().CheckName("GPT-image-2-2026-04-21");
    }

    [Fact]
    public void Models_are_listed_by_what_they_can_do()
    {
        ModelInfo[] upscalers = [.. List().Of(ProviderRegistry.BuiltIn.Providers, operation: ImageOperation.Upscale)];

        Assert.Contains(upscalers, m => m.Model == "upscale-fast");
        Assert.DoesNotContain(upscalers, m => m.Model == "gpt-image-2");
        Assert.All(upscalers, m => Assert.Contains(ImageOperation.Upscale, m.Operations));
    }

    [Fact]
    public void Who_has_a_key_is_told()
    {
        ModelInfo[] models = [.. List("BFL_API_KEY").Of(ProviderRegistry.BuiltIn.Providers)];

        Assert.Equal(["BFL", "Demo"], models.Where(m => m.Configured).Select(m => m.Provider).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Of_a_server_that_is_not_there_nothing_is_listed_and_when_it_is_named_that_is_said()
    {
        Assert.DoesNotContain(All(), m => m.Provider == "StableDiffusion");
        Assert.Equal(ImageErrorId.NoProvider, Assert.Throws<AIImageException>(() => List().Of([ProviderRegistry.BuiltIn.Get("StableDiffusion")], named: true).ToArray()).Error.Id);
    }

    [Fact]
    public void A_recommendation_is_made_among_those_with_a_key_the_first_choice_first()
    {
        IReadOnlyList<ModelInfo> found = List("BFL_API_KEY", "OPENAI_API_KEY", "FAL_API_KEY").Recommended(ProviderRegistry.BuiltIn.Providers, false, ImageUseCase.Portrait, ImageOperation.Generate);

        Assert.Equal(["fal-ai/nano-banana-2", "gpt-image-2", "flux-2-max"], found.Select(m => m.Model));
        Assert.StartsWith("recommended for portraits: fal-ai/nano-banana-2", found[0].Reason, StringComparison.Ordinal);
        Assert.All(found, m => Assert.NotEmpty(m.Reason!));
    }

    [Fact]
    public void Who_cannot_do_it_is_not_recommended_and_where_nobody_can_it_is_said()
    {
        Assert.Equal(["Fal"], List("BFL_API_KEY", "OPENAI_API_KEY", "FAL_API_KEY").Recommended(ProviderRegistry.BuiltIn.Providers, false, ImageUseCase.Cost, ImageOperation.Upscale).Select(m => m.Provider));
        Assert.Equal(ImageErrorId.NoProvider, Assert.Throws<AIImageException>(() => List().Recommended(ProviderRegistry.BuiltIn.Providers, false, ImageUseCase.Cost, ImageOperation.Generate)).Error.Id);
        Assert.Equal("gpt-image-1-mini", Assert.Single(List().Recommended([ProviderRegistry.BuiltIn.Get("OpenAI")], true, ImageUseCase.Cost, ImageOperation.Generate)).Model);
    }

    private static ModelList List(params string[] keys)
    {
        Surroundings surroundings = new(name => keys.Contains(name) ? "k" : null, Path.GetTempPath());
        return new ModelList(ProviderRegistry.BuiltIn, surroundings, new Planner(ProviderRegistry.BuiltIn, surroundings));
    }

    private static IEnumerable<ModelInfo> All() => List().Of(ProviderRegistry.BuiltIn.Providers);

    private static ModelInfo Info(string provider, string model) => All().Single(m => m.Provider == provider && m.Model == model);
}
