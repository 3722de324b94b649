using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Planning;

/// <summary>A model for a use case, and why.</summary>
/// <param name="Model">The model.</param>
/// <param name="Rank">0 for a first choice, 1 for the best of its provider, 2 where nothing speaks for it.</param>
/// <param name="Reason">One sentence without its full stop, as the notes of a quote are.</param>
public sealed record Recommendation(ModelRow Model, int Rank, string Reason)
{
    /// <summary>The rank of a model for which nothing speaks: it is only what its provider usually takes.</summary>
    public const int None = 2;

    private static readonly string[] LocalNames = [".local", ".lan", ".home.arpa", ".internal"];

    /// <summary>The model of a provider for a use case, among those that fit; null when none does.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="catalogue">Its models as they count.</param>
    /// <param name="baseUrl">Where its calls go.</param>
    /// <param name="useCase">What the picture is for.</param>
    /// <param name="usual">The model it takes when nothing is said; null when it has none.</param>
    /// <param name="fits">Whether a model can do what is asked.</param>
    public static Recommendation? Of(Provider provider, Catalogue catalogue, Uri baseUrl, ImageUseCase useCase, ModelRow? usual, Func<ModelRow, bool> fits)
    {
        ArgumentNullException.ThrowIfNull(provider);
        ArgumentNullException.ThrowIfNull(catalogue);
        // A promise, unlike the others: where it cannot be kept nothing is recommended.
        bool promise = useCase == ImageUseCase.Privacy;
        if (promise && provider.Profile.Handler is null && !IsOwnNetwork(baseUrl))
            return null;
        string id = provider.Profile.Id, purpose = Purpose(useCase);
        ModelRow? Best(Func<ModelRow, IReadOnlyList<ImageUseCase>> list) => catalogue.Models.FirstOrDefault(m => m.Retired is null && list(m).Contains(useCase) && fits(m));

        if (Best(m => m.FirstFor) is { } first)
            return new Recommendation(first, 0, Good(first, Words.Of($"recommended for {purpose}: {first.Id} is the first choice for that")));
        ModelRow? own = Best(m => m.AlsoFor);
        if (provider.Catalogue.Strengths.Contains(useCase) && (own ?? (usual is not null && fits(usual) ? usual : null)) is { } strong)
            return new Recommendation(strong, 0, Good(strong, Words.Of($"recommended for {purpose}: {id} is the provider for that, with its model {strong.Id}")));
        if (own is not null)
            return new Recommendation(own, 1, Good(own, Words.Of($"recommended for {purpose}: {own.Id} is the best {id} has for that")));
        return promise || usual is null ? null : new Recommendation(usual, None, Words.Of($"nothing of {id} is recommended for {purpose}: it is asked for its usual model"));
    }

    /// <summary>Whether a model can do what is asked, all of it, in the size that is asked for.</summary>
    internal static bool Fits(string provider, ModelRow model, ImageRequest request)
    {
        if (!model.Can(request.Operation) || model.IsOnlyNamedFor(request))
            return false;
        try
        {
            CallShape shape = new(provider, model, request);
            return shape.Warnings.Count == 0 && !shape.OtherSize;
        }
        catch (AIImageException)
        {
            return false;
        }
    }

    /// <summary>What a use case is about, to follow "for".</summary>
    internal static string Purpose(ImageUseCase useCase) => useCase switch
    {
        ImageUseCase.Portrait => Words.Of("portraits"),
        ImageUseCase.Product => Words.Of("product pictures"),
        ImageUseCase.Illustration => Words.Of("illustrations"),
        ImageUseCase.Preview => Words.Of("quick previews"),
        ImageUseCase.TextInImage => Words.Of("quality and text in pictures"),
        ImageUseCase.Control => Words.Of("control over the result"),
        ImageUseCase.Speed => Words.Of("speed"),
        ImageUseCase.Variety => Words.Of("variety"),
        ImageUseCase.Cost => Words.Of("a low price"),
        _ => Words.Of("privacy"),
    };

    // By its number, or by a name that is none on the internet.
    private static bool IsOwnNetwork(Uri address) =>
        Endpoint.IsPrivateHost(address) || (address.HostNameType == UriHostNameType.Dns
            && (!address.Host.Contains('.', StringComparison.Ordinal) || LocalNames.Any(end => address.Host.EndsWith(end, StringComparison.OrdinalIgnoreCase))));

    private static string Good(ModelRow model, string reason) => model.BestFor is { } words ? Words.Of($"{reason} ({Words.OfData(words)})") : reason;
}
