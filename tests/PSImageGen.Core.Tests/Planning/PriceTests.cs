using PSImageGen.Core.Credentials;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;
using PSImageGen.FakeProviders.Images;

namespace PSImageGen.Core.Tests.Planning;

/// <summary>Prices as the vendors publish them.</summary>
public class PriceTests
{
    // Published by image: 1024², then 3:2.
    [Theory]
    [InlineData("gpt-image-1.5", "low", "1024x1024", 0.009)]
    [InlineData("gpt-image-1.5", "medium", "1024x1024", 0.034)]
    [InlineData("gpt-image-1.5", "high", "1024x1024", 0.133)]
    [InlineData("gpt-image-1.5", "low", "1536x1024", 0.013)]
    [InlineData("gpt-image-1.5", "medium", "1024x1536", 0.050)]
    [InlineData("gpt-image-1.5", "high", "1536x1024", 0.200)]
    [InlineData("gpt-image-1", "low", "1024x1024", 0.011)]
    [InlineData("gpt-image-1", "medium", "1024x1024", 0.042)]
    [InlineData("gpt-image-1", "high", "1024x1024", 0.167)]
    [InlineData("gpt-image-1-mini", "low", "1024x1024", 0.005)]
    [InlineData("gpt-image-1-mini", "medium", "1024x1024", 0.011)]
    [InlineData("gpt-image-1-mini", "high", "1024x1024", 0.036)]
    [InlineData("gpt-image-2", "low", "1024x1024", 0.006)]
    [InlineData("gpt-image-2", "medium", "1024x1024", 0.053)]
    [InlineData("gpt-image-2", "high", "1024x1024", 0.211)]
    [InlineData("gpt-image-2", "low", "1536x1024", 0.005)]
    [InlineData("gpt-image-2", "medium", "1024x1536", 0.041)]
    [InlineData("gpt-image-2", "high", "1536x1024", 0.165)]
    // By the token table, at 30 dollars a million, to a tenth of a cent.
    [InlineData("gpt-image-2", "low", "1536x864", 0.004)]
    [InlineData("gpt-image-2", "medium", "1536x864", 0.032)]
    [InlineData("gpt-image-2", "high", "1536x864", 0.129)]
    [InlineData("gpt-image-2", "low", "2048x1152", 0.005)]
    [InlineData("gpt-image-2", "medium", "2048x1152", 0.042)]
    [InlineData("gpt-image-2", "high", "2048x1152", 0.170)]
    [InlineData("gpt-image-2", "low", "2048x2048", 0.012)]
    [InlineData("gpt-image-2", "medium", "2048x2048", 0.107)]
    [InlineData("gpt-image-2", "high", "2048x2048", 0.428)]
    [InlineData("gpt-image-2", "low", "3840x2160", 0.011)]
    [InlineData("gpt-image-2", "medium", "3840x2160", 0.100)]
    [InlineData("gpt-image-2", "high", "3840x2160", 0.400)]
    public void OpenAI_costs_what_is_published(string model, string quality, string size, double price)
    {
        Quote one = QuoteOf("OpenAI", model, new RequestDraft { Prompt = "p", Quality = quality, Size = size });
        Quote seven = QuoteOf("OpenAI", model, new RequestDraft { Prompt = "p", Quality = quality, Size = size, Count = 7 });

        Assert.Equal(((decimal?)price, (decimal?)price, "USD"), (one.Amount, one.AmountMax, one.Currency));
        Assert.Equal((decimal?)price * 7, seven.AmountMax);
        Assert.NotEmpty(one.PriceSource!);
        Assert.Matches(@"\A\d{4}-\d{2}-\d{2}\z", one.PriceDate);
    }

    [Theory]
    [InlineData("gpt-image-2", 0.053, 0.211)]
    [InlineData("gpt-image-1", 0.042, 0.167)]
    public void Where_the_model_chooses_the_quality_the_dearest_is_said_too(string model, double likely, double most)
    {
        Quote none = QuoteOf("OpenAI", model, new RequestDraft { Prompt = "p", Size = "1024x1024" });
        Quote auto = QuoteOf("OpenAI", model, new RequestDraft { Prompt = "p", Size = "1024x1024", Quality = "Auto" });

        Assert.Equal(((decimal?)likely, (decimal?)most), (none.Amount, none.AmountMax));
        Assert.Equal((none.Amount, none.AmountMax), (auto.Amount, auto.AmountMax));
        Assert.Contains(none.Notes, n => n.Contains("-Quality", StringComparison.Ordinal));
    }

    [Fact]
    public void References_and_a_long_prompt_raise_the_price()
    {
        string reference = Path.GetTempFileName();
        File.WriteAllBytes(reference, TinyImages.Make("png", 1500, 1000, "r"));
        try
        {
            RequestDraft plain = new() { Prompt = "p", Size = "1024x1024", Quality = "low" };
            decimal base_ = QuoteOf("OpenAI", "gpt-image-2", plain).AmountMax!.Value;
            Assert.True(QuoteOf("OpenAI", "gpt-image-2", plain with { ReferenceImages = [reference] }).AmountMax > base_);
            Assert.True(QuoteOf("OpenAI", "gpt-image-2", plain with { Prompt = new string('p', 30_000) }).AmountMax > base_);

            // 1024² is 1.05 megapixels and counts as two; the reference has 1.5 and counts as two.
            Assert.Equal(0.03m + 0.015m, QuoteOf("BFL", "flux-2-pro", new RequestDraft { Prompt = "p", Size = "1024x1024" }).AmountMax);
            Assert.Equal(0.03m + 0.015m + (2 * 0.015m), QuoteOf("BFL", "flux-2-pro", new RequestDraft { Prompt = "p", Size = "1024x1024", ReferenceImages = [reference] }).AmountMax);
        }
        finally
        {
            File.Delete(reference);
        }
    }

    [Theory]
    // It becomes 1008x1008.
    [InlineData("flux-2-pro", "1000x1000", 0.045)]
    [InlineData("flux-2-pro", "992x1008", 0.03)]
    [InlineData("flux-2-pro", "64x64", 0.03)]
    [InlineData("flux-2-pro", "2000x2000", 0.075)]
    [InlineData("flux-2-max", "2000x1600", 0.16)]
    [InlineData("flux-2-flex", "1408x1408", 0.10)]
    [InlineData("flux-2-klein-9b", "1600x1600", 0.019)]
    [InlineData("flux-2-klein-4b", "1008x992", 0.014)]
    [InlineData("flux-pro-1.1", "1440x1440", 0.04)]
    public void BFL_costs_by_the_megapixel_begun(string model, string size, double price) =>
        Assert.Equal((decimal)price, QuoteOf("BFL", model, new RequestDraft { Prompt = "p", Size = size }).AmountMax);

    [Theory]
    [InlineData("flux-pro-1.1-ultra", 0.06)]
    [InlineData("flux-kontext-pro", 0.04)]
    [InlineData("flux-kontext-max", 0.08)]
    public void BFL_costs_the_same_for_every_shape_of_a_flat_model(string model, double price) =>
        Assert.Equal((decimal)price * 3, QuoteOf("BFL", model, new RequestDraft { Prompt = "p", AspectRatio = "16:9", Count = 3 }).AmountMax);

    [Theory]
    [InlineData("OpenAI", "gpt-image-2.5-flare")]
    [InlineData("BFL", "flux-2-pro-preview")]
    [InlineData("BFL", "flux-dev")]
    public void A_price_nobody_published_is_unknown_and_not_free(string provider, string model)
    {
        Quote quote = QuoteOf(provider, model, new RequestDraft { Prompt = "p" });

        Assert.Null(quote.Amount);
        Assert.Null(quote.AmountMax);
        Assert.False(quote.IsFree);
    }

    [Fact]
    public void The_demo_is_free()
    {
        Quote quote = QuoteOf("Demo", null, new RequestDraft { Prompt = "p", Count = 100 });

        Assert.True(quote.IsFree);
        Assert.Equal(0, quote.AmountMax);
    }

    private static Quote QuoteOf(string provider, string? model, RequestDraft draft) =>
        new Planner(ProviderRegistry.BuiltIn, new Surroundings(_ => null))
            .Plan(new ImageRequest(ImageOperation.Generate, draft), new Selection { Provider = provider, Model = model }, needCredential: false).Candidates[0].Quote;
}
