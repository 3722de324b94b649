using System.Reflection;
using PSImageGen.Core.Gate;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Tests.Support;
using CoreEngine = PSImageGen.Core.Engine.Engine;

namespace PSImageGen.Core.Tests.Gate;

/// <summary>Nothing is paid for without consent.</summary>
public class GateTests
{
    [Fact]
    public void An_approved_call_can_be_made_by_the_gate_alone()
    {
        Assert.True(typeof(ApprovedCall).IsSealed);
        Assert.All(typeof(ApprovedCall).GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic), c => Assert.True(c.IsPrivate));
        Assert.All(typeof(ApprovedCall).GetProperties(), p => Assert.Null(p.SetMethod));

        // Nobody else in the core hands one out.
        MethodBase[] makers = [.. typeof(ApprovedCall).Assembly.GetTypes()
            .SelectMany(t => t.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(m => m.ReturnType == typeof(ApprovedCall) && !m.IsSpecialName)];
        Assert.Equal([nameof(ApprovedCall.Gate.Approve), nameof(ApprovedCall.Series.Take)], makers.Select(m => m.Name).Order(StringComparer.Ordinal));
        Assert.All(makers, m => Assert.Equal(typeof(ApprovedCall), m.DeclaringType!.DeclaringType));
        Assert.All(typeof(ApprovedCall.Series).GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic), c => Assert.True(c.IsPrivate));
    }

    [Fact]
    public void The_engine_carries_out_approved_calls_and_nothing_else()
    {
        Type[] orders = [typeof(Plan), typeof(Candidate), typeof(CallShape), typeof(PSImageGen.Core.Requests.ImageRequest)];
        MethodInfo[] methods = [.. typeof(CoreEngine).GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)];

        Assert.DoesNotContain(methods.SelectMany(m => m.GetParameters()), p => orders.Contains(p.ParameterType));
        Assert.Contains(methods, m => m.Name == nameof(CoreEngine.RunAsync) && m.GetParameters()[0].ParameterType == typeof(ApprovedCall));
    }

    [Theory]
    [InlineData("OpenAI")]
    [InlineData("BFL")]
    public async Task After_a_no_there_is_nothing_to_carry_out_and_nothing_was_sent(string vendor)
    {
        await using Spine spine = await Spine.StartAsync();
        ForegroundConsent no = new(yes: false);

        Assert.Null(ApprovedCall.Gate.Approve(spine.Plan(Order.From(vendor)), no, new Budget(maxCost: 100)));

        Assert.Equal(1, no.Questions);
        Assert.Empty(spine.Vendors.Requests);
        Assert.False(Directory.Exists(spine.Folder));
    }

    [Fact]
    public async Task One_yes_is_for_the_whole_list_that_was_shown_and_its_highest_price()
    {
        await using Spine spine = await Spine.StartAsync();
        Plan plan = spine.Plan(new Order { Provider = null, Preferred = ["BFL", "OpenAI"] });
        ForegroundConsent yes = new(yes: true);

        ApprovedCall call = ApprovedCall.Gate.Approve(plan, yes, new Budget())!;

        Assert.Equal(1, yes.Questions);
        Assert.Same(plan, yes.Shown);
        Assert.Same(plan, call.Plan);
        Assert.Equal(plan.Candidates.Max(c => c.Quote.AmountMax), call.Ceiling);
    }

    [Fact]
    public async Task When_nobody_can_be_asked_the_reason_comes_through()
    {
        await using Spine spine = await Spine.StartAsync();

        AIImageException e = Assert.Throws<AIImageException>(() => ApprovedCall.Gate.Approve(spine.Plan(Order.Bfl), new Nobody(), new Budget()));

        Assert.Equal(ImageErrorId.ConsentRequired, e.Error.Id);
        Assert.Empty(spine.Vendors.Requests);
    }

    [Fact]
    public async Task The_ceiling_holds_over_all_calls_together_and_is_checked_before_asking()
    {
        await using Spine spine = await Spine.StartAsync();
        // A picture of one megapixel costs 0.03.
        Plan plan = spine.Plan(Order.Bfl);
        Budget budget = new(maxCost: 0.07m);
        ForegroundConsent yes = new(yes: true);

        ApprovedCall call = ApprovedCall.Gate.Approve(plan, yes, budget)!;
        Assert.NotNull(ApprovedCall.Gate.Approve(plan, yes, budget));
        AIImageException e = Assert.Throws<AIImageException>(() => ApprovedCall.Gate.Approve(plan, yes, budget));

        Assert.Equal(ImageErrorId.BudgetExceeded, e.Error.Id);
        Assert.Contains("0.01", e.Error.Message, StringComparison.Ordinal);
        Assert.Contains("-MaxCost", e.Error.Recommendation, StringComparison.Ordinal);
        Assert.Equal(2, yes.Questions);

        call.Reservation.Release();
        Assert.NotNull(ApprovedCall.Gate.Approve(plan, yes, budget));
    }

    [Fact]
    public async Task A_no_takes_nothing_from_the_budget()
    {
        await using Spine spine = await Spine.StartAsync();
        Plan plan = spine.Plan(Order.Bfl);
        Budget budget = new(maxCost: 0.03m);

        Assert.Null(ApprovedCall.Gate.Approve(plan, new ForegroundConsent(yes: false), budget));
        Assert.NotNull(ApprovedCall.Gate.Approve(plan, new ForegroundConsent(yes: true), budget));
    }

    [Fact]
    public async Task A_price_that_is_just_the_ceiling_passes_and_a_ceiling_of_nothing_lets_only_free_calls_pass()
    {
        await using Spine spine = await Spine.StartAsync();

        new Budget(maxCost: 0.03m).Check(spine.Plan(Order.Bfl));
        new Budget(maxCost: 0).Check(spine.Plan(Order.From("Demo")));
        Assert.Throws<AIImageException>(() => new Budget(maxCost: 0).Check(spine.Plan(Order.Bfl)));
        new Budget().Check(spine.Plan(Order.Bfl with { Count = 100 }));
    }

    [Fact]
    public async Task A_price_that_is_not_known_passes_a_ceiling_only_when_that_is_allowed()
    {
        await using Spine spine = await Spine.StartAsync();
        Plan plan = spine.Plan(Order.Bfl with { Model = "flux-2-pro-preview" });

        AIImageException e = Assert.Throws<AIImageException>(() => new Budget(maxCost: 100).Check(plan));
        Assert.Equal(ImageErrorId.BudgetExceeded, e.Error.Id);
        Assert.Contains("-AllowUnknownCost", e.Error.Recommendation, StringComparison.Ordinal);
        new Budget(maxCost: 100, allowUnknown: true).Check(plan);
        new Budget().Check(plan);
        Assert.Null(ApprovedCall.Gate.Approve(plan, new ForegroundConsent(yes: true), new Budget())!.Ceiling);
    }

    [Fact]
    public async Task The_ceiling_is_checked_against_every_candidate_and_its_highest_price()
    {
        await using Spine spine = await Spine.StartAsync();
        Plan plan = spine.Plan(new Order { Provider = null, Preferred = ["BFL", "OpenAI"] });

        // BFL costs 0.045; OpenAI 0.053, or 0.211 when the model chooses the best quality.
        Assert.Throws<AIImageException>(() => new Budget(maxCost: 0.1m).Check(plan));
        new Budget(maxCost: 0.211m).Check(plan);
    }

    [Fact]
    public async Task Where_several_may_have_to_be_paid_their_prices_count_together()
    {
        await using Spine spine = await Spine.StartAsync();
        Plan plan = spine.Plan(new Order { Provider = null, Preferred = ["BFL", "OpenAI"], FallbackOnUnknown = true });

        Assert.Equal(0.045m + 0.211m, ApprovedCall.Gate.Approve(plan, new ForegroundConsent(yes: true), new Budget())!.Ceiling);
        Assert.Contains("0.256 USD", Assert.Throws<AIImageException>(() => new Budget(maxCost: 0.25m).Check(plan)).Error.Message, StringComparison.Ordinal);
        new Budget(maxCost: 0.256m).Check(plan);
    }

    [Fact]
    public async Task Prices_in_several_currencies_have_a_limit_each_and_no_common_one()
    {
        await using Spine spine = await Spine.StartAsync();
        Plan plan = spine.Plan(new Order { Provider = null, Preferred = ["BFL", "OpenAI"] });
        plan = plan with { Candidates = [plan.Candidates[0], plan.Candidates[1] with { Quote = plan.Candidates[1].Quote with { Currency = "credits" } }] };

        Assert.Equal([new PriceLimit(0.045m, "USD"), new PriceLimit(0.211m, "credits")], plan.Highest!);
        Assert.Null(ApprovedCall.Gate.Approve(plan, new ForegroundConsent(yes: true), new Budget())!.Ceiling);
    }

    private sealed class Nobody : IConsent
    {
        public bool Ask(Plan plan) => throw new AIImageException(new ImageError { Id = ImageErrorId.ConsentRequired, Message = "Nobody.", Recommendation = "Ask." });

        public bool Ask(CallSeries series) => Ask(series.Parts[0].Plan);
    }
}
