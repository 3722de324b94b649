using System.Globalization;
using PSImageGen.Core.Credentials;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;

namespace PSImageGen.Core.Planning;

/// <summary>The catalogue as users see it.</summary>
public sealed class ModelList
{
    private readonly ProviderRegistry _registry;
    private readonly Surroundings _surroundings;
    private readonly Planner _planner;

    /// <summary>Lists what a planner plans with.</summary>
    public ModelList(ProviderRegistry registry, Surroundings surroundings, Planner planner)
    {
        _registry = registry;
        _surroundings = surroundings;
        _planner = planner;
    }

    /// <summary>The models of some providers that are not gone. Those of a server of the user's own are known when it has told them.</summary>
    /// <param name="providers">The providers.</param>
    /// <param name="named">Whether they were named.</param>
    /// <param name="operation">What they must be able to do; null for anything.</param>
    /// <exception cref="AIImageException">A server that was named is not there.</exception>
    public IEnumerable<ModelInfo> Of(IEnumerable<Provider> providers, bool named = false, ImageOperation? operation = null) =>
        from provider in Known(providers, named)
        from model in _planner.CatalogueOf(provider).Models
        where model.Retired is null && (operation is not { } wanted || model.Can(wanted))
        select Describe(provider, model, null);

    /// <summary>Checks a name that is no pattern.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>: no provider has the model, or it is gone.</exception>
    public void CheckName(string name)
    {
        ModelRow[] named = [.. _registry.Providers.Select(p => _planner.CatalogueOf(p).Find(name)).OfType<ModelRow>()];
        if (named.Length == 0)
            throw Errors.UnknownModel(name, SimilarNames.To(name, _registry.Providers.Select(_planner.CatalogueOf)));
        if (named.All(m => m.Retired is not null))
            throw Errors.RetiredModel(named[0]);
    }

    /// <summary>The model of each provider for a use case, the recommended one first.</summary>
    /// <param name="providers">The providers to choose from. One that was not named must be configured, and must not be for those who name it only.</param>
    /// <param name="named">Whether they were named.</param>
    /// <param name="useCase">What the picture is for.</param>
    /// <param name="operation">What is to be done.</param>
    /// <exception cref="AIImageException"><c>NoProvider</c>: nobody can be recommended.</exception>
    public IReadOnlyList<ModelInfo> Recommended(IEnumerable<Provider> providers, bool named, ImageUseCase useCase, ImageOperation operation)
    {
        (Provider Provider, Recommendation Found)[] all =
        [
            .. Known(providers, named).Where(p => named || (_surroundings.IsConfigured(p.Profile) && !p.Profile.OnlyWhenNamed))
                .Select(p => (p, Recommendation.Of(p, _planner.CatalogueOf(p), Address(p), useCase, _planner.CatalogueOf(p).DefaultFor(operation), m => m.Can(operation))))
                .Where(r => r.Item2 is not null).Select(r => (r.p, r.Item2!)).OrderBy(r => r.Item2.Rank),
        ];
        if (all.Length == 0)
            throw Errors.NothingRecommended(useCase, operation);
        // Where something speaks for one of them, the others are no answer.
        return [.. all.Where(r => r.Found.Rank < Recommendation.None || all[0].Found.Rank == Recommendation.None).Select(r => Describe(r.Provider, r.Found.Model, r.Found.Reason))];
    }

    private IEnumerable<Provider> Known(IEnumerable<Provider> providers, bool named)
    {
        foreach (Provider provider in providers)
        {
            try
            {
                _planner.CheckServer(provider);
            }
            catch (AIImageException) when (!named)
            {
                continue;
            }

            yield return provider;
        }
    }

    private ModelInfo Describe(Provider provider, ModelRow model, string? reason)
    {
        Catalogue catalogue = _planner.CatalogueOf(provider);
        ImageOperation[] operations = [.. Enum.GetValues<ImageOperation>().Where(model.Can)];
        Price price = PriceOf(provider, model);
        return new ModelInfo
        {
            Provider = provider.Profile.Id,
            Model = model.Id,
            Aliases = model.Aliases,
            Operations = operations,
            Emulated = model.Emulates.Where(e => !Enum.TryParse(e.Key, out ImageOperation operation) || !model.Operations.Contains(operation)).ToDictionary(e => e.Key, e => Words.OfData(e.Value)),
            Sizes = SizesOf(model),
            MaxPrompt = model.MaxPrompt,
            MaxReferences = model.MaxReferences,
            PerCall = model.MaxPerCall,
            Formats = model.Formats,
            Qualities = model.Qualities,
            Seed = model.Seed,
            Price = price.Amount,
            PriceMax = price.AmountMax,
            Currency = price.Currency,
            PriceSource = price.Amount > 0 ? model.Source : null,
            PriceDate = price.Amount > 0 ? model.Date : null,
            BestFor = model.BestFor is { } words ? Words.OfData(words) : null,
            UseCases = [.. model.FirstFor.Concat(model.AlsoFor).Distinct().Order()],
            IsDefaultFor = [.. operations.Where(o => catalogue.DefaultFor(o) == model)],
            Configured = _surroundings.IsConfigured(provider.Profile),
            Reason = reason,
        };
    }

    // Of one picture, in the size that comes when none is asked for.
    private Price PriceOf(Provider provider, ModelRow model)
    {
        Uri address = Address(provider);
        if (provider.IsFree(model, address))
            return new Price(0, 0);
        Price price = Price.Unknown;
        try
        {
            price = model.Can(ImageOperation.Generate) && !model.NeedsImage
                ? provider.Price(new CallShape(provider.Profile.Id, model, new ImageRequest(ImageOperation.Generate, new RequestDraft { Prompt = "a picture" })))
                : model.Price?.PerImage is { } each ? new Price(each, each, model.Price.Currency) : Price.Unknown;
        }
        catch (AIImageException)
        {
            // It asks for something that only its user knows.
        }

        // On a paid provider a price of nothing is a price not known.
        return price.Amount > 0 ? price : Price.Unknown with { Currency = model.Price?.Currency ?? "USD" };
    }

    // A wrong address is said where a call is planned.
    private Uri Address(Provider provider)
    {
        try
        {
            return _surroundings.BaseUrl(provider.Profile);
        }
        catch (AIImageException)
        {
            return provider.Profile.BaseUrl;
        }
    }

    private static string SizesOf(ModelRow model)
    {
        if (model.Operations.All(o => o == ImageOperation.Upscale))
        {
            return model.EnlargesTo is { } pixels ? Words.Of($"about {pixels / 1_000_000} megapixels")
                : model.Scales.Count > 0 ? Words.Of($"{Words.ListOr(model.Scales.Select(s => s.ToString(CultureInfo.InvariantCulture)))} times as wide and high")
                : Words.Of("as many times as wide and high as is asked for");
        }

        return model.Sizes?.Describe() ?? (model.Can(ImageOperation.Generate) ? Words.Of("the model's own choice") : Words.Of("as the picture that goes in"));
    }
}
