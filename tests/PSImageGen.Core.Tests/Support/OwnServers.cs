using PSImageGen.Core.Engine;
using PSImageGen.Core.Gate;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Wire;
using PSImageGen.FakeProviders.Vendors.OwnServers;

namespace PSImageGen.Core.Tests.Support;

/// <summary>What the tests of servers at home have in common: they are asked what they have before anything is planned.</summary>
internal static class OwnServers
{
    public const string Variable = "STABLE_DIFFUSION_LOCAL_BASE_URL";

    public static Order Local => Order.From("StableDiffusion");

    /// <summary>Vendors with one of the servers at the address that is looked at.</summary>
    public static async Task<Spine> StartAsync(Func<FakeProviders.FakeVendors, OwnServer> choose)
    {
        Spine spine = await Spine.StartAsync();
        spine.Variables[Variable] = choose(spine.Vendors).BaseUrl;
        return spine;
    }

    public static Order Asks(ImageOperation operation, RequestDraft draft) => Local with { Asks = (operation, draft) };

    /// <summary>The plan as the commands make it.</summary>
    public static async Task<Plan> LearnAndPlanAsync(this Spine spine, Order order)
    {
        Planner planner = new(ProviderRegistry.BuiltIn, spine.Surroundings);
        Selection selection = new() { Provider = order.Provider, Model = order.Model };
        using Transport transport = new();
        await planner.LearnAsync(selection, transport, CancellationToken.None);
        return planner.Plan(Spine.Request(order), selection, order.NoWait);
    }

    /// <summary>The run as the commands make it.</summary>
    public static async Task<RunReport> LearnAndRunAsync(this Spine spine, Order order) =>
        await spine.Engine.RunAsync(ApprovedCall.Gate.Approve(await spine.LearnAndPlanAsync(order), new ForegroundConsent(true), new Budget())!, spine.Options(order), spine.Listener, default);

    /// <summary>Why there is no plan.</summary>
    public static async Task<ImageError> RefusalAsync(this Spine spine, Order order) => (await Assert.ThrowsAsync<AIImageException>(() => spine.LearnAndPlanAsync(order))).Error;
}
