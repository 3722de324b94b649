using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;

namespace PSImageGen.Core.Tests.Planning;

public class CatalogueTests
{
    public static TheoryData<string, string> Models()
    {
        TheoryData<string, string> data = [];
        foreach (Provider provider in ProviderRegistry.BuiltIn.Providers)
        {
            foreach (ModelRow model in provider.Catalogue.Models)
                data.Add(provider.Profile.Id, model.Id);
        }

        return data;
    }

    public static TheoryData<string> Providers() => [.. ProviderRegistry.BuiltIn.Providers.Select(p => p.Profile.Id)];

    [Theory]
    [MemberData(nameof(Providers))]
    public void Every_provider_has_a_profile_and_a_model_to_begin_with(string id)
    {
        Provider provider = ProviderRegistry.BuiltIn.Get(id);
        ProviderProfile profile = provider.Profile;

        Assert.NotNull(provider.Catalogue.DefaultFor(ImageOperation.Generate));
        Assert.Empty(provider.Catalogue.Models.SelectMany(m => m.Aliases.Prepend(m.Id)).GroupBy(n => n, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1).Select(g => g.Key));
        Assert.DoesNotMatch("/$", profile.BaseUrl.OriginalString);
        Assert.Equal(profile.NeedsBaseUrl ? Uri.UriSchemeHttp : Uri.UriSchemeHttps, profile.BaseUrl.Scheme);
        Assert.True(profile.Free || profile.CredentialNames.Count > 0);
        Assert.True(profile.CredentialNames.Count == 0 || profile.KeyPage is not null);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_row_makes_sense(string provider, string id)
    {
        ModelRow model = ProviderRegistry.BuiltIn.Get(provider).Catalogue.Find(id)!;

        Assert.Matches(@"\A\d{4}-\d{2}-\d{2}\z", model.Date);
        Assert.NotEmpty(model.Source!);
        if (model.Retired is not null)
            return;
        Assert.NotEmpty(model.Operations);
        Assert.True(model.DefaultFormat is null || model.Formats.Contains(model.DefaultFormat.Value));
        // Where a vendor names things differently from model to model, a format can be chosen where the model has a field for it.
        if (model.Fields.ContainsKey("prompt"))
            Assert.Equal(model.Fields.ContainsKey("format"), model.Formats.Count > 0);
        Assert.True(model.MaxPerCall >= 1);
        Assert.True(model.MaxReferences >= 0);
        Assert.True(model.MaxPrompt is null or > 0);
        Assert.All(model.Options.Values, rule => Assert.Contains(rule.Type, new[] { "string", "integer", "number", "boolean" }));
        if (model.Price is { } price)
        {
            bool free = ProviderRegistry.BuiltIn.Get(provider).Profile.Free;
            Assert.All(
                new[] { price.PerImage, price.FirstMegapixel, price.NextMegapixel, price.InputMegapixel, price.Tokens?.TextIn, price.Tokens?.ImageIn, price.Tokens?.ImageOut },
                p => Assert.True(p is null || (free ? p >= 0 : p > 0)));
            Assert.All(price.Table?.Values.SelectMany(t => t.Values) ?? [], p => Assert.InRange(p, 0.0001m, 10m));
        }
    }

    // Whatever is wished for, what will be asked of the model is allowed by its own rule, or the wish is refused with the choices.
    [Theory]
    [MemberData(nameof(Models))]
    public void Whatever_shape_is_wished_for_the_size_asked_for_is_allowed(string provider, string id)
    {
        ModelRow model = ProviderRegistry.BuiltIn.Get(provider).Catalogue.Find(id)!;
        if (model.Sizes is not { } rule)
            return;
        foreach (string? resolution in new[] { null, "1K", "2K", "4K" })
        {
            foreach (string? ratio in new[] { null, "1:1", "16:9", "9:16", "3:2", "2:3", "4:5", "21:9", "9:21", "3:1", "1:3", "7:5", "13:17", "5:1", "1:8", "1000:1", "1:1000" })
            {
                ImageRequest request = new(ImageOperation.Generate, new RequestDraft { Prompt = "p", AspectRatio = ratio, Resolution = resolution });
                ChosenSize chosen;
                try
                {
                    chosen = rule.Choose(provider, model, request);
                }
                catch (AIImageException e)
                {
                    Assert.Equal(ImageErrorId.InvalidRequest, e.Error.Id);
                    Assert.NotEmpty(e.Error.Recommendation);
                    continue;
                }

                if (chosen.Size is not { } size)
                    continue;
                Assert.True(rule.Allows(size), $"{resolution} {ratio}: {size}");
                AspectRatio wish = request.AspectRatio ?? AspectRatio.Square;
                if (ratio is not null && chosen.Note is null)
                    Assert.InRange(Math.Abs(Math.Log(size.Ratio / wish.Value)), 0, 0.021);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void The_default_size_and_the_nearest_size_are_allowed(string provider, string id)
    {
        ModelRow model = ProviderRegistry.BuiltIn.Get(provider).Catalogue.Find(id)!;
        if (model.Sizes is not { } rule || (rule.List.Count == 0 && rule.MultipleOf == 0))
            return;
        Assert.True(rule.Allows(rule.Choose(provider, model, new ImageRequest(ImageOperation.Generate, new RequestDraft { Prompt = "p" })).Size!.Value));
        // A picture of usual shape, however small or large, has a nearest size.
        Assert.All([new ImageSize(12, 8), new ImageSize(96, 64), new ImageSize(3, 4), new ImageSize(12000, 8000)], wish => Assert.NotNull(rule.Nearest(wish)));
        Random random = new(7);
        for (int i = 0; i < 40; i++)
        {
            ImageSize wish = new(random.Next(1, 9000), random.Next(1, 9000));
            Assert.True(rule.Nearest(wish) is not { } near || rule.Allows(near), wish.ToString());
            Assert.True(!rule.Allows(wish) || rule.Nearest(wish) == wish, wish.ToString());
        }
    }

    [Theory]
    [InlineData("OpenAI", "gpt-image-2", "1000x1000")]
    [InlineData("OpenAI", "gpt-image-2", "512x512")]
    [InlineData("OpenAI", "gpt-image-2", "3840x1264")]
    [InlineData("OpenAI", "gpt-image-2", "4096x2048")]
    [InlineData("OpenAI", "gpt-image-1", "2048x2048")]
    [InlineData("BFL", "flux-2-pro", "32x64")]
    [InlineData("BFL", "flux-2-pro", "2048x2048")]
    [InlineData("BFL", "flux-2-pro", "100x100")]
    [InlineData("BFL", "flux-pro-1.1", "1472x1024")]
    public void A_size_the_model_does_not_make_becomes_the_nearest_and_that_is_said(string provider, string id, string size)
    {
        ModelRow model = ProviderRegistry.BuiltIn.Get(provider).Catalogue.Find(id)!;
        ImageRequest request = new(ImageOperation.Generate, new RequestDraft { Prompt = "p", Size = size });

        ChosenSize chosen = model.Sizes!.Choose(provider, model, request);

        Assert.True(model.Sizes.Allows(chosen.Size!.Value), chosen.Size.ToString());
        Assert.Equal($"the model's nearest size to {size} is {chosen.Size}", chosen.Note);
    }

    [Theory]
    [InlineData("OpenAI", "gpt-image-2", "16:9", "4K", "3840x2160")]
    [InlineData("OpenAI", "gpt-image-2", "1:1", "2K", "2048x2048")]
    [InlineData("OpenAI", "gpt-image-1", "3:2", null, "1536x1024")]
    [InlineData("OpenAI", "gpt-image-1", "16:9", null, "1536x1024")]
    [InlineData("BFL", "flux-2-pro", "1:1", "1K", "1024x1024")]
    [InlineData("BFL", "flux-2-pro", null, null, "1024x1024")]
    public void A_shape_and_a_class_of_size_become_the_pixels_one_expects(string provider, string id, string? ratio, string? resolution, string expected)
    {
        ModelRow model = ProviderRegistry.BuiltIn.Get(provider).Catalogue.Find(id)!;
        ImageRequest request = new(ImageOperation.Generate, new RequestDraft { Prompt = "p", AspectRatio = ratio, Resolution = resolution });

        Assert.Equal(expected, model.Sizes!.Choose(provider, model, request).Size.ToString());
    }
}
