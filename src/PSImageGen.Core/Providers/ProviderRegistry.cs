namespace PSImageGen.Core.Providers;

/// <summary>The providers there are, in the order in which they are chosen when nothing is preferred.</summary>
public sealed class ProviderRegistry
{
    /// <summary>Makes a registry of some providers.</summary>
    public ProviderRegistry(params IReadOnlyList<Provider> providers)
    {
        Providers = providers;
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

    /// <summary>All, in order.</summary>
    public IReadOnlyList<Provider> Providers { get; }

    /// <summary>The provider with an id, whatever its case; null when there is none.</summary>
    public Provider? Find(string id) => Providers.FirstOrDefault(p => string.Equals(p.Profile.Id, id, StringComparison.OrdinalIgnoreCase));

    /// <summary>The provider with an id.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>, listing the ids there are.</exception>
    public Provider Get(string id) => Find(id) ?? throw Errors.UnknownProvider(id, Providers.Select(p => p.Profile.Id));
}
