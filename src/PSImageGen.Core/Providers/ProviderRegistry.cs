using PSImageGen.Core.Tasks;

namespace PSImageGen.Core.Providers;

/// <summary>The providers there are, in the order in which they are chosen when nothing is preferred.</summary>
public sealed class ProviderRegistry
{
    private static readonly object Gate = new();
    private static (string Mark, ProviderRegistry Registry)? _current;

    private readonly IReadOnlyDictionary<string, AIImageException> _unreadable = new Dictionary<string, AIImageException>();

    /// <summary>Makes a registry of some providers.</summary>
    public ProviderRegistry(params IReadOnlyList<Provider> providers)
    {
        Providers = providers;
    }

    private ProviderRegistry(IReadOnlyList<Provider> providers, IReadOnlyDictionary<string, AIImageException> unreadable)
        : this(providers)
    {
        _unreadable = unreadable;
    }

    /// <summary>The providers built in. Adding a vendor adds one line here.</summary>
    public static ProviderRegistry BuiltIn { get; } = new(
        new Demo.DemoProvider(),
        new OpenAI.OpenAIProvider(),
        new Stability.StabilityProvider(),
        new BFL.BflProvider(),
        new Fal.FalProvider(),
        new Replicate.ReplicateProvider(),
        new OpenRouter.OpenRouterProvider(),
        new StableDiffusion.StableDiffusionProvider(),
        new CreatOK.CreatOKProvider(),
        new SkillsVideo.SkillsVideoProvider(),
        new WellAPI.WellAPIProvider());

    /// <summary>The providers built in and those the user registered, which come last. The same as long as nothing is registered anew.</summary>
    public static ProviderRegistry Current
    {
        get
        {
            RegisteredVendors registered = new(RunIndex.StateFolder());
            string mark = registered.Mark();
            lock (Gate)
            {
                if (_current is { } known && known.Mark == mark)
                    return known.Registry;
                (IReadOnlyList<Provider> more, IReadOnlyDictionary<string, AIImageException> unreadable) = registered.Load();
                ProviderRegistry registry = new([.. BuiltIn.Providers, .. more], unreadable);
                _current = (mark, registry);
                return registry;
            }
        }
    }

    /// <summary>What was registered and cannot be read, by name.</summary>
    public IReadOnlyDictionary<string, AIImageException> Unreadable => _unreadable;

    /// <summary>All, in order.</summary>
    public IReadOnlyList<Provider> Providers { get; }

    /// <summary>The provider with an id, whatever its case; null when there is none.</summary>
    public Provider? Find(string id) => Providers.FirstOrDefault(p => string.Equals(p.Profile.Id, id, StringComparison.OrdinalIgnoreCase));

    /// <summary>The provider with an id.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>, listing the ids there are.</exception>
    public Provider Get(string id) => Find(id) ?? throw _unreadable.GetValueOrDefault(id ?? string.Empty) ?? Errors.UnknownProvider(id!, Providers.Select(p => p.Profile.Id));
}
