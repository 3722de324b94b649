using PSImageGen.Core.Artifacts.Metadata;
using PSImageGen.Core.Providers;

namespace PSImageGen.Core.Planning;

/// <summary>
/// What is preferred, from several places together, key by key: for each list, each weight and each default the nearest place that says it
/// counts, of each budget the least. So a project may ask its users to spend less, and never lets them spend more than they allowed themselves.
/// </summary>
public sealed class Preferences
{
    /// <summary>What is said of a part that nobody mentions.</summary>
    public const string Unsaid = "default";

    private readonly ProviderRegistry _registry;
    private readonly IReadOnlyList<PreferenceLayer> _layers;
    private readonly Dictionary<(PreferencePart Part, string Key), (object Value, string Source)> _values = [];

    /// <summary>Puts places together.</summary>
    /// <param name="registry">The providers there are.</param>
    /// <param name="layers">The places, the nearest first.</param>
    public Preferences(ProviderRegistry registry, params IReadOnlyList<PreferenceLayer> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        (_registry, _layers) = (registry, layers);
        foreach (PreferenceLayer layer in layers)
        {
            foreach (((PreferencePart, string) at, object? value) in layer.Values)
            {
                if (value is not null && !_values.TryAdd(at, (value, layer.Source)) && value is decimal least && least < (decimal)_values[at].Value)
                    _values[at] = (value, layer.Source);
            }
        }
    }

    /// <summary>Providers to try first, in order.</summary>
    public IReadOnlyList<string> Preferred => List(PreferencePart.Preferred);

    /// <summary>Providers never to use.</summary>
    public IReadOnlyList<string> Blocked => List(PreferencePart.Blocked);

    /// <summary>How likely each is to be the first one.</summary>
    public IReadOnlyDictionary<string, double> Weights => Table<double>(PreferencePart.Weights);

    /// <summary>Ceilings in US dollars by name: PerDay, PerProject, MaxCost.</summary>
    public IReadOnlyDictionary<string, decimal> Budgets => Table<decimal>(PreferencePart.Budgets);

    /// <summary>The same as a gate takes them. A project's file speaks for its folder.</summary>
    public BudgetLimits Limits
    {
        get
        {
            decimal? Of(string key) => Budgets.TryGetValue(key, out decimal amount) ? amount : null;
            string[] said = ProjectFile is null ? [] : [.. _values.Where(v => v.Key.Part == PreferencePart.Budgets && v.Value.Source == PreferenceFiles.ProjectSource(ProjectFile)).Select(v => v.Key.Key)];
            return new BudgetLimits
            {
                MaxCost = Of(nameof(BudgetLimits.MaxCost)),
                PerDay = Of(nameof(BudgetLimits.PerDay)),
                PerProject = Of(nameof(BudgetLimits.PerProject)),
                Project = said.Contains(nameof(BudgetLimits.PerProject)) ? Path.GetDirectoryName(ProjectFile) : null,
                ProjectFile = ProjectFile,
                OfProjectFile = said,
            };
        }
    }

    /// <summary>The project's file among the places; null where there is none.</summary>
    public string? ProjectFile { get; init; }

    /// <summary>The value for a parameter that is not given; null where nobody says one.</summary>
    public string? Text(string parameter) => Default(parameter) as string;

    /// <inheritdoc cref="Text"/>
    public int? Number(string parameter) => Default(parameter) as int?;

    /// <summary>The file format where none is given.</summary>
    public ImageFormat? Format => Default("Format") as ImageFormat?;

    /// <summary>What picture files remember where the command does not say it.</summary>
    public MetadataMode Metadata => Default("Metadata") as MetadataMode? ?? MetadataMode.Full;

    /// <summary>
    /// Whom a request goes to. A provider or model that the command names is the only one, unless the command itself prefers others too; what is stored then does not count.
    /// Stored weights do not disturb an order that the command gives, be it by a use case, nor does a stored model stand for one. What the command blocks is blocked besides what is stored.
    /// </summary>
    /// <param name="given">What the command says beside preferences.</param>
    /// <param name="words">What it says of preferences.</param>
    /// <param name="operation">What is done.</param>
    /// <param name="catalogueOf">The models of a provider as they count, with the user's own; null for those that are built in.</param>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>: only the preferred are wanted, and there are none.</exception>
    public Selection Select(Selection given, PreferenceLayer words, ImageOperation operation, Func<Provider, Catalogue>? catalogueOf = null)
    {
        ArgumentNullException.ThrowIfNull(given);
        ArgumentNullException.ThrowIfNull(words);
        bool orders = words.Says(PreferencePart.Preferred), weighs = words.Says(PreferencePart.Weights);
        if (given.Provider is null && given.Model is null && !orders && !weighs && !given.OnlyPreferred)
            given = Usual(given, operation, catalogueOf ?? (p => p.Catalogue));
        bool named = given.Provider is not null || given.Model is not null;
        Preferences all = new(_registry, [words, .. _layers]);
        Selection selection = given with
        {
            Preferred = named && !orders ? [] : all.Preferred,
            Weights = named || ((orders || given.UseCase is not null) && !weighs) ? new Dictionary<string, double>() : all.Weights,
            Blocked = [.. Blocked.Union(all.Blocked)],
        };
        return selection.OnlyPreferred && !named && selection.Preferred.Count == 0 ? throw Errors.NobodyPreferred() : selection;
    }

    /// <summary>What counts, and where it was said.</summary>
    public Preference Describe()
    {
        Dictionary<string, string> source = new(StringComparer.OrdinalIgnoreCase);
        foreach (PreferencePart part in Enum.GetValues<PreferencePart>())
        {
            foreach (((PreferencePart, string Key) at, (_, string said)) in _values.Where(v => v.Key.Part == part))
                source[at.Key.Length == 0 ? part.ToString() : $"{part}.{at.Key}"] = said;
            if (!_values.Keys.Any(k => k.Part == part))
                source[part.ToString()] = Unsaid;
        }

        return new Preference
        {
            Preferred = Preferred,
            Weights = Weights,
            Blocked = Blocked,
            Defaults = Table<object>(PreferencePart.Defaults),
            Budgets = Budgets,
            Source = source,
        };
    }

    // A usual model that cannot do this still says whom to ask.
    private Selection Usual(Selection given, ImageOperation operation, Func<Provider, Catalogue> catalogueOf)
    {
        (string? provider, string? model) = (Text("Provider"), Text("Model"));
        if (model is null || given.UseCase is not null)
            return given with { Provider = provider };
        Provider? owner = provider is null ? _registry.Providers.FirstOrDefault(p => catalogueOf(p).Find(model) is not null) : _registry.Get(provider);
        return owner is not null && catalogueOf(owner).Find(model) is { } row && !row.Can(operation)
            ? given with { Provider = owner.Profile.Id }
            : given with { Provider = provider, Model = model };
    }

    private object? Default(string key) => _values.TryGetValue((PreferencePart.Defaults, key), out (object Value, string) found) ? found.Value : null;

    private IReadOnlyList<string> List(PreferencePart part) => _values.TryGetValue((part, string.Empty), out (object Value, string) found) ? (IReadOnlyList<string>)found.Value : [];

    private Dictionary<string, T> Table<T>(PreferencePart part) =>
        _values.Where(v => v.Key.Part == part).ToDictionary(v => v.Key.Key, v => (T)v.Value.Value, StringComparer.OrdinalIgnoreCase);
}
