using PSImageGen.Core.Gate;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Tests.Support;

namespace PSImageGen.Core.Tests.Gate;

/// <summary>One yes for several calls: at most so many, none dearer than was shown, and budgets hold.</summary>
public class SeriesTests
{
    [Fact]
    public async Task One_question_is_for_all_calls_and_no_more_than_those()
    {
        await using Spine spine = await Spine.StartAsync();
        Plan plan = spine.Plan(Order.Bfl);
        ForegroundConsent yes = new(yes: true);
        CallSeries series = new("Make three", [new SeriesPart(plan, 2, 3)]);

        ApprovedCall.Series approved = ApprovedCall.Gate.Approve(series, yes, new Budget())!;
        for (int i = 0; i < 3; i++)
            Assert.Equal(0.03m, approved.Take(0, plan, null).Ceiling);

        Assert.Equal(ImageErrorId.ConsentRequired, Assert.Throws<AIImageException>(() => approved.Take(0, plan, null)).Error.Id);
        Assert.Equal(1, yes.Questions);
        Assert.Same(series, yes.ShownSeries);
        Assert.Equal([new PriceLimit(0.06m, "USD")], series.Usual!);
        Assert.Equal([new PriceLimit(0.09m, "USD")], series.Highest!);
        Assert.Empty(spine.Vendors.Requests);
    }

    [Fact]
    public async Task Each_part_counts_for_itself()
    {
        await using Spine spine = await Spine.StartAsync();
        (Plan one, Plan other) = (spine.Plan(Order.Bfl), spine.Plan(Order.OpenAI));
        ApprovedCall.Series approved = ApprovedCall.Gate.Approve(new CallSeries("Make two", [new SeriesPart(one, 1, 1), new SeriesPart(other, 1, 1)]), new ForegroundConsent(true), new Budget())!;

        Assert.Throws<AIImageException>(() => approved.Take(0, other, null));
        Assert.NotNull(approved.Take(0, one, null));
        Assert.Throws<AIImageException>(() => approved.Take(0, one, null));
        Assert.NotNull(approved.Take(1, other, null));
    }

    [Fact]
    public async Task What_is_dearer_or_more_than_was_shown_is_not_in_the_yes()
    {
        await using Spine spine = await Spine.StartAsync();
        Plan plan = spine.Plan(Order.Bfl);
        ApprovedCall.Series approved = ApprovedCall.Gate.Approve(new CallSeries("Make some", [new SeriesPart(plan, 9, 9)]), new ForegroundConsent(true), new Budget())!;

        Assert.Throws<AIImageException>(() => approved.Take(0, spine.Plan(Order.Bfl with { Size = "2048x2048" }), null));
        Assert.Throws<AIImageException>(() => approved.Take(0, spine.Plan(Order.Bfl with { Count = 2 }), null));
        Assert.Throws<AIImageException>(() => approved.Take(0, spine.Plan(Order.Bfl with { Model = "flux-2-flex" }), null));
        Assert.Throws<AIImageException>(() => approved.Take(0, plan with { Candidates = [plan.Candidates[0] with { Quote = plan.Candidates[0].Quote with { Amount = null, AmountMax = null } }] }, null));
        Assert.Throws<AIImageException>(() => approved.Take(0, plan with { Candidates = [plan.Candidates[0] with { BaseUrl = new Uri("https://elsewhere.example") }] }, null));
        Assert.NotNull(approved.Take(0, plan, null));
    }

    [Fact]
    public async Task After_a_no_there_is_no_series_and_the_money_of_none_is_set_aside()
    {
        await using Spine spine = await Spine.StartAsync();
        Budget budget = new(maxCost: 0.03m);

        Assert.Null(ApprovedCall.Gate.Approve(new CallSeries("Make one", [new SeriesPart(spine.Plan(Order.Bfl), 1, 1)]), new ForegroundConsent(false), budget));
        budget.Check(spine.Plan(Order.Bfl));
    }

    [Fact]
    public async Task The_worst_case_must_fit_into_every_ceiling_before_anybody_is_asked()
    {
        await using Spine spine = await Spine.StartAsync();
        ForegroundConsent yes = new(yes: true);
        CallSeries series = new("Make five", [new SeriesPart(spine.Plan(Order.Bfl), 1, 5)]);
        string record = spine.Options(Order.Bfl).RecordPath;

        AIImageException e = Assert.Throws<AIImageException>(() => ApprovedCall.Gate.Approve(series, yes, new Budget(maxCost: 0.14m), record));
        Assert.Equal(ImageErrorId.BudgetExceeded, e.Error.Id);
        Assert.Contains("0.15 USD", e.Error.Message, StringComparison.Ordinal);
        Assert.Throws<AIImageException>(() => ApprovedCall.Gate.Approve(series, yes, spine.NewBudget(new BudgetLimits { PerDay = 0.14m }), record));
        Assert.Throws<AIImageException>(() => ApprovedCall.Gate.Approve(series, yes, spine.NewBudget(new BudgetLimits { PerProject = 0.14m }), record));
        Assert.Equal(0, yes.Questions);
        Assert.NotNull(ApprovedCall.Gate.Approve(series, yes, spine.NewBudget(new BudgetLimits { MaxCost = 0.15m, PerDay = 0.15m, PerProject = 0.15m }), record));
    }

    [Fact]
    public async Task What_others_took_from_the_budget_meanwhile_is_not_there_any_more()
    {
        await using Spine spine = await Spine.StartAsync();
        Plan plan = spine.Plan(Order.Bfl);
        BudgetLimits limits = new() { PerDay = 0.06m };
        ApprovedCall.Series approved = ApprovedCall.Gate.Approve(new CallSeries("Make two", [new SeriesPart(plan, 2, 2)]), new ForegroundConsent(true), spine.NewBudget(limits), spine.Options(Order.Bfl).RecordPath)!;
        approved.Take(0, plan, spine.Options(Order.Bfl).RecordPath);

        Assert.NotNull(spine.Approve(Order.Bfl, spine.NewBudget(limits)));
        Assert.Equal(ImageErrorId.BudgetExceeded, Assert.Throws<AIImageException>(() => approved.Take(0, plan, spine.Options(Order.Bfl).RecordPath)).Error.Id);
    }

    [Fact]
    public async Task A_price_that_is_not_known_makes_the_sum_unknown_and_free_calls_cost_nothing()
    {
        await using Spine spine = await Spine.StartAsync();
        CallSeries unknown = new("Make two", [new SeriesPart(spine.Plan(Order.Bfl), 1, 1), new SeriesPart(spine.Plan(Order.Bfl with { Model = "flux-2-pro-preview" }), 1, 1)]);
        CallSeries free = new("Make one", [new SeriesPart(spine.Plan(Order.From("Demo")), 1, 1)]);

        Assert.Null(unknown.Highest);
        Assert.Null(unknown.Usual);
        Assert.Throws<AIImageException>(() => new Budget(maxCost: 100).Check(unknown));
        new Budget(maxCost: 100, allowUnknown: true).Check(unknown);
        Assert.True(free.IsFree);
        Assert.Empty(free.Highest!);
        new Budget(maxCost: 0).Check(free);
    }
}
