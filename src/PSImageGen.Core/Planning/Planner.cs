using PSImageGen.Core.Credentials;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Planning;

/// <summary>Decides who makes the pictures, with which model, and what that costs. Sends nothing.</summary>
public sealed class Planner
{
    private readonly ProviderRegistry _registry;
    private readonly Surroundings _surroundings;
    private readonly Random _random;
    private readonly Lazy<UserCatalogue> _own;
    private readonly Dictionary<Provider, Catalogue> _learned = [];
    private readonly Dictionary<Provider, Catalogue> _catalogues = [];
    private readonly Dictionary<Provider, AIImageException> _unusable = [];
    private readonly HashSet<(Provider, string)> _detailed = [];

    /// <summary>Plans with some providers and their keys.</summary>
    /// <param name="registry">The providers there are.</param>
    /// <param name="surroundings">Their keys and addresses.</param>
    /// <param name="userCatalogue">The file with the user's own rows; null for none.</param>
    /// <param name="random">Draws the first one where weights are given.</param>
    public Planner(ProviderRegistry registry, Surroundings surroundings, string? userCatalogue = null, Random? random = null)
    {
        _random = random ?? Random.Shared;
        _registry = registry;
        _surroundings = surroundings;
        _own = new Lazy<UserCatalogue>(() => UserCatalogue.Read(userCatalogue, registry));
    }

    /// <summary>Whether there is a vendor to ask first: one that may be chosen, tells its limits at run time, and was not asked yet, be it of one model.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>: the user's catalogue has a mistake.</exception>
    public bool MayLearn(Selection selection)
    {
        // Before anything is sent, be it free.
        _ = _own.Value;
        return Teachers(selection).Any() || Documented(selection).Any() || Vague(selection).Any();
    }

    /// <summary>Asks those vendors for their models and limits. Where one does not answer, the catalogue's file counts.</summary>
    /// <returns>What was learned, a line for each vendor.</returns>
    public async Task<IReadOnlyList<string>> LearnAsync(Selection selection, Transport transport, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(transport);
        List<string> lines = [];
        foreach (Provider provider in Documented(selection).ToArray())
            lines.AddRange(await ReadDocumentsAsync(provider, transport, cancel).ConfigureAwait(false));
        foreach (Provider provider in Teachers(selection).ToArray())
        {
            Endpoint endpoint = EndpointOf(provider);
            VendorAnswer?[] answers = await Task.WhenAll(provider.Capabilities.Select(question => AskAsync(endpoint, question, transport, cancel))).ConfigureAwait(false);
            IReadOnlyList<ModelRow> models = [];
            try
            {
                models = provider.ReadCapabilities(answers, endpoint.BaseUrl);
            }
            catch (AIImageException e)
            {
                _unusable[provider] = e;
            }

            _learned[provider] = models.Count > 0 ? new Catalogue(models) : provider.Catalogue;
            _catalogues.Remove(provider);
            lines.Add(_unusable.TryGetValue(provider, out AIImageException? unusable) ? unusable.Error.Message : models.Count > 0
                ? $"{provider.Profile.Id} offers {string.Join(", ", models.Select(m => m.Id))}."
                : $"{provider.Profile.Id} did not tell its models; its limits and prices are taken from the catalogue and may have changed.");
        }

        (Provider Provider, ModelRow Model)[] vague = [.. Vague(selection)];
        VendorAnswer?[] details = await Task.WhenAll(vague.Select(v => AskAsync(EndpointOf(v.Provider), v.Provider.Details(v.Model)!, transport, cancel))).ConfigureAwait(false);
        foreach (((Provider provider, ModelRow model), VendorAnswer? answer) in vague.Zip(details))
        {
            _detailed.Add((provider, model.Id));
            if (answer is null || provider.IsRefusal(answer))
                continue;
            _learned[provider] = new Catalogue([.. _learned[provider].Models.Select(m => m.Id == model.Id ? provider.ReadDetails(m, answer) : m)]);
            _catalogues.Remove(provider);
        }

        return lines;
    }

    /// <summary>Makes the plan of a request.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="selection">Whom the user wants.</param>
    /// <param name="noWait">Whether the call is to return once the vendor has accepted.</param>
    /// <param name="needCredential">False to plan only for the price, where a missing key does not matter.</param>
    /// <exception cref="AIImageException">The first candidate cannot do it; or nobody can.</exception>
    public Plan Plan(ImageRequest request, Selection selection, bool noWait = false, bool needCredential = true)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(selection);
        foreach (string name in selection.Preferred.Concat(selection.Blocked).Concat(selection.Weights.Keys))
            _ = _registry.Get(name);

        List<Candidate> candidates = [];
        AIImageException? reason = null;
        Provider? named = selection.Provider is not null ? _registry.Get(selection.Provider) : selection.Model is not null ? OwnerOf(selection.Model) : null;
        if (named is not null)
        {
            if (IsBlocked(named, selection))
                throw Errors.Blocked(named.Profile.Id);
            candidates.Add(Fit(named, request, selection.Model, selection, noWait, needCredential));
        }

        if (named is null || selection.Preferred.Count > 0)
        {
            // Whoever cannot do it as asked is no candidate; when nobody can, the first one's reason is the answer.
            foreach ((Provider provider, Recommendation? advice) in Advised(Able(selection, request).Where(p => p != named), selection, request))
            {
                // A mistake in the settings is said at once; it must not quietly send the order elsewhere.
                _ = _surroundings.BaseUrl(provider.Profile);
                try
                {
                    candidates.Add(Fit(provider, request, null, selection, noWait, needCredential, advice));
                }
                catch (AIImageException e)
                {
                    reason ??= e;
                }
            }
        }

        if (candidates.Count == 0)
            throw reason ?? (selection.UseCase is { } useCase && Able(selection, request).Length > 0 ? Errors.NothingRecommended(useCase, request.Operation) : Errors.NoProvider(request.Operation));
        return new Plan(request, named is null && selection.Weights.Count > 0 ? WeightedDraw.First(candidates, selection.Weights, _random) : candidates)
        {
            FallbackOnUnknown = selection.FallbackOnUnknown && candidates.Count > 1,
        };
    }

    /// <summary>Checks that a server of the user's own is there and usable, so that its models are known.</summary>
    /// <exception cref="AIImageException">It is not, and why.</exception>
    public void CheckServer(Provider provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        if (provider.Profile.NeedsBaseUrl && !_surroundings.IsConfigured(provider.Profile))
            throw Errors.AddressMissing(provider.Profile);
        if (_unusable.TryGetValue(provider, out AIImageException? unusable))
            throw unusable;
    }

    private static async Task<VendorAnswer?> AskAsync(Endpoint endpoint, VendorRequest question, Transport transport, CancellationToken cancel)
    {
        try
        {
            return await transport.ExchangeAsync(endpoint, question, [], null, null, TimeSpan.FromSeconds(15), cancel).ConfigureAwait(false);
        }
        catch (ExchangeException)
        {
            return null;
        }
    }

    /// <summary>The models of a provider as they count: what it told, else what its file says, with the user's own rows laid over.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>: the user's catalogue has a mistake.</exception>
    public Catalogue CatalogueOf(Provider provider)
    {
        if (!_catalogues.TryGetValue(provider, out Catalogue? catalogue))
            _catalogues[provider] = catalogue = _own.Value.Over(provider, _learned.GetValueOrDefault(provider) ?? provider.Catalogue);
        return catalogue;
    }

    private IEnumerable<Provider> Teachers(Selection selection)
    {
        ArgumentNullException.ThrowIfNull(selection);
        return Addressed(selection).Where(p => p.Capabilities.Count > 0 && !_learned.ContainsKey(p));
    }

    // Those of which the user has given the vendor's own documents, unread yet.
    private IEnumerable<Provider> Documented(Selection selection)
    {
        ArgumentNullException.ThrowIfNull(selection);
        return Addressed(selection).Where(p => !_learned.ContainsKey(p) && _surroundings.Documents(p.Profile).Count > 0);
    }

    private async Task<IReadOnlyList<string>> ReadDocumentsAsync(Provider provider, Transport transport, CancellationToken cancel)
    {
        string id = provider.Profile.Id;
        _learned[provider] = provider.Catalogue;
        _catalogues.Remove(provider);
        try
        {
            OpenApi.ApiDocuments documents = await OpenApi.ApiSource.ReadAsync(_surroundings.Documents(provider.Profile), transport, cancel).ConfigureAwait(false);
            IReadOnlyList<OpenApi.SchemaModel> told = provider.ReadDocuments(documents);
            // In the catalogue's order, so that the default of an operation stays the same; what the documents say replaces what was known.
            _learned[provider] = new Catalogue([.. provider.Catalogue.Models.Select(m => told.FirstOrDefault(t => t.Row.Id == m.Id)?.Row ?? m),
                .. told.Select(t => t.Row).Where(r => provider.Catalogue.Find(r.Id) is null)]);
            return [$"{id}: {documents.Name} describes {(told.Count > 0 ? string.Join(", ", told.Select(t => t.Row.Id)) : "no models")}.",
                .. told.Where(t => t.Unstated.Count > 0).Select(t => $"{id}, {t.Row.Id}: the document does not say {string.Join("; ", t.Unstated)}.")];
        }
        catch (AIImageException e)
        {
            // Read wrong or not at all, the order would not be what the user expects.
            _unusable[provider] = Errors.DocumentOfVariable(provider.Profile, e);
            return [e.Error.Message];
        }
    }

    private IEnumerable<Provider> Addressed(Selection selection) =>
        Configured(selection, p => selection.Provider is null || selection.Preferred.Count > 0 || string.Equals(p.Profile.Id, selection.Provider, StringComparison.OrdinalIgnoreCase));

    // The models that may be chosen and of which the vendor's list did not tell all.
    private IEnumerable<(Provider Provider, ModelRow Model)> Vague(Selection selection)
    {
        foreach (Provider provider in Addressed(selection).Where(p => _learned.TryGetValue(p, out Catalogue? told) && told != p.Catalogue))
        {
            Catalogue catalogue = CatalogueOf(provider);
            ModelRow? named = selection.Model is { } name ? catalogue.Find(name) : null;
            // Where a model is named, others are candidates only at those who are preferred besides.
            IEnumerable<ModelRow?> models = named is not null || (selection.Model is not null && selection.Preferred.Count == 0) ? [named]
                : Enum.GetValues<ImageOperation>().Select(catalogue.DefaultFor)
                    .Concat(catalogue.Models.Where(m => selection.UseCase is { } useCase && (m.FirstFor.Contains(useCase) || m.AlsoFor.Contains(useCase))));
            foreach (ModelRow model in models.OfType<ModelRow>().DistinctBy(m => m.Id).Where(m => !_detailed.Contains((provider, m.Id)) && provider.Details(m) is not null))
                yield return (provider, model);
        }
    }

    private Endpoint EndpointOf(Provider provider) => new(provider.Profile, _surroundings.BaseUrl(provider.Profile), _surroundings.FindCredential(provider.Profile));

    private Candidate Fit(Provider provider, ImageRequest request, string? modelName, Selection selection, bool noWait, bool needCredential, Recommendation? advice = null)
    {
        ProviderProfile profile = provider.Profile;
        if (needCredential)
            CheckServer(provider);
        if (_unusable.TryGetValue(provider, out AIImageException? unusable))
            throw unusable;
        advice ??= modelName is null && selection.UseCase is not null ? Advice(provider, request, selection) : null;
        if (modelName is null && selection.UseCase is { } useCase && advice is null && CatalogueOf(provider).DefaultFor(request) is not null)
            throw Errors.NotRecommended(profile.Id, useCase);
        ModelRow model = advice?.Model ?? Model(provider, request, modelName, selection);
        string? why = advice?.Reason ?? (selection.UseCase is { } unused ? Words.Of($"the model was named, so -UseCase {unused} chooses nothing") : null);
        if (noWait && provider.IsSynchronous(model))
            throw Errors.NoWaitUnsupported(profile.Id);
        Credential? credential = _surroundings.FindCredential(profile);
        if (needCredential && credential is null && profile.CredentialNames.Count > 0)
            throw Errors.CredentialMissing(profile);
        if (credential is { IsReadable: false })
            throw Errors.KeyUnreadable(profile, credential.Source);
        Uri baseUrl = _surroundings.BaseUrl(profile);
        CallShape shape = new(profile.Id, model, request);
        Quote quote = QuoteOf(provider, shape, baseUrl);
        return new Candidate(provider, shape, why is null ? quote : quote with { Notes = [why, .. quote.Notes] }, baseUrl, credential) { Reason = why };
    }

    private static Quote QuoteOf(Provider provider, CallShape shape, Uri baseUrl)
    {
        bool free = provider.IsFree(shape.Model, baseUrl);
        Price price = free ? new Price(0, 0) : provider.Price(shape);
        // On a paid provider a price of nothing is a price not known.
        bool known = free || price.Amount > 0;
        return new Quote
        {
            Provider = provider.Profile.Id,
            Model = shape.Model.Id,
            Operation = shape.Request.Operation,
            Size = shape.Size?.ToString() ?? shape.Resolution,
            AspectRatio = shape.Ratio?.ToString(),
            Quality = shape.Quality,
            Count = shape.Request.Count,
            Amount = known ? price.Amount : null,
            AmountMax = known ? price.AmountMax : null,
            Currency = price.Currency,
            PriceSource = known && !free ? shape.Model.Source : null,
            PriceDate = known && !free ? shape.Model.Date : null,
            Notes = price.Note is { } note ? [.. shape.Notes, note] : shape.Notes,
            IsFree = free,
        };
    }

    private ModelRow Model(Provider provider, ImageRequest request, string? name, Selection selection)
    {
        string id = provider.Profile.Id;
        ImageOperation operation = request.Operation;
        if (name is null)
            return CatalogueOf(provider).DefaultFor(request) ?? throw CannotDo(provider, operation, selection);

        ModelRow? model = CatalogueOf(provider).Find(name);
        if (model?.Retired is not null)
            throw Errors.RetiredModel(model);
        if (model is not null)
        {
            // A dated snapshot is sent by the name the user gave.
            string given = model.Aliases.FirstOrDefault(a => string.Equals(a, name, StringComparison.OrdinalIgnoreCase)) ?? model.Id;
            return model.Can(operation)
                ? model with { Id = given }
                : throw CannotDo(provider, operation, selection, model);
        }

        // What a server of one's own has it has told.
        if (provider.Profile.NeedsBaseUrl)
            throw Errors.NotOnServer(name, id, CatalogueOf(provider).Models.Where(m => m.Can(operation)).Select(m => m.Id));
        if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '/' or ':') || name.Contains("..", StringComparison.Ordinal))
            throw Errors.NoModelName(name, id);
        ModelRow like = CatalogueOf(provider).DefaultFor(request) ?? throw CannotDo(provider, operation, selection);
        return ModelRow.Uncharted(name, like) with { AskedLike = like.Id, Similar = SimilarNames.To(name, [CatalogueOf(provider)]) };
    }

    // Says what is missing, and who has it.
    private AIImageException CannotDo(Provider provider, ImageOperation operation, Selection selection, ModelRow? model = null)
    {
        string id = provider.Profile.Id;
        if (model is not null && CatalogueOf(provider).DefaultFor(operation) is { } able)
            return Errors.Unsupported(id, Words.Of($"{model.Id} cannot do this ({operation})."), Words.Of($"Leave out -Model to use {able.Id}, or choose another model."));
        string[] others = [.. Configured(selection with { Blocked = [.. selection.Blocked, id] }).Where(p => CatalogueOf(p).DefaultFor(operation) is not null).Select(p => p.Profile.Id)];
        return CatalogueOf(provider).Models.Select(m => m.Needs.GetValueOrDefault(operation.ToString())).FirstOrDefault(n => n is not null) is { } missing
            ? Errors.ServerLacks(id, operation, missing, others)
            : Errors.OperationUnsupported(id, operation, others, CatalogueOf(provider).Models.FirstOrDefault(m => m.Retired is not null && m.Can(operation)));
    }

    private Provider OwnerOf(string model) =>
        _registry.Providers.FirstOrDefault(p => CatalogueOf(p).Find(model) is not null)
        ?? throw Errors.UnknownModel(model, SimilarNames.To(model, _registry.Providers.Select(CatalogueOf)));

    // Keys are looked for only of those that are meant: a vault may have to be opened for it.
    private IEnumerable<Provider> Configured(Selection selection, Func<Provider, bool>? meant = null)
    {
        int Rank(Provider p)
        {
            int i = selection.Preferred.Select((name, at) => (name, at)).Where(x => string.Equals(x.name, p.Profile.Id, StringComparison.OrdinalIgnoreCase)).Select(x => x.at).DefaultIfEmpty(int.MaxValue).First();
            return i;
        }

        return _registry.Providers
            .Where(p => !p.Profile.OnlyWhenNamed || Rank(p) < int.MaxValue)
            .Where(p => !selection.OnlyPreferred || Rank(p) < int.MaxValue)
            .Where(p => meant?.Invoke(p) != false && !IsBlocked(p, selection) && _surroundings.IsConfigured(p.Profile))
            .OrderBy(Rank);
    }

    // Those that can do it at all; where references are given, those that hold what they show, else those that take them, as long as there are any.
    private Provider[] Able(Selection selection, ImageRequest request)
    {
        Provider[] able = [.. Configured(selection).Where(p => CatalogueOf(p).DefaultFor(request.Operation) is not null || _unusable.ContainsKey(p))];
        if (request.ReferenceImages.Count == 0)
            return able;
        Provider[] taking = [.. able.Where(p => request.ReferenceImages.Count - request.OptionalReferences <= (CatalogueOf(p).DefaultFor(request)?.MaxReferences ?? 0))];
        Provider[] holding = [.. taking.Where(p => request.ConsistencyMode == ConsistencyMode.Loose || CatalogueOf(p).DefaultFor(request)!.Identity)];
        return holding.Length > 0 ? holding : taking.Length > 0 ? taking : able;
    }

    private Recommendation? Advice(Provider provider, ImageRequest request, Selection selection) =>
        Recommendation.Of(provider, CatalogueOf(provider), _surroundings.BaseUrl(provider.Profile), selection.UseCase!.Value,
            CatalogueOf(provider).DefaultFor(request), m => Recommendation.Fits(provider.Profile.Id, m, request));

    // The use case orders those the user has not put in an order.
    private IEnumerable<(Provider Provider, Recommendation? Advice)> Advised(IEnumerable<Provider> able, Selection selection, ImageRequest request) => selection.UseCase is null
        ? able.Select(p => (p, (Recommendation?)null))
        : able.Select(p => (Provider: p, Advice: Advice(p, request, selection)))
            .Where(a => a.Advice is not null || _unusable.ContainsKey(a.Provider))
            .OrderBy(a => selection.Preferred.Contains(a.Provider.Profile.Id, StringComparer.OrdinalIgnoreCase) ? -1 : a.Advice?.Rank ?? Recommendation.None);

    private static bool IsBlocked(Provider provider, Selection selection) => selection.Blocked.Contains(provider.Profile.Id, StringComparer.OrdinalIgnoreCase);
}
