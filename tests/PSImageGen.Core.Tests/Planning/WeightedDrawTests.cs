using PSImageGen.Core.Credentials;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;

namespace PSImageGen.Core.Tests.Planning;

/// <summary>Weights draw the first one; the others follow in their order.</summary>
public class WeightedDrawTests
{
    private static readonly ProviderRegistry Three = new(
        ProviderRegistry.BuiltIn.Get("OpenAI"), ProviderRegistry.BuiltIn.Get("Stability"), ProviderRegistry.BuiltIn.Get("BFL"));

    [Theory]
    [InlineData(0.0, "OpenAI", "Stability", "BFL")]
    [InlineData(0.19, "OpenAI", "Stability", "BFL")]
    [InlineData(0.21, "Stability", "OpenAI", "BFL")]
    [InlineData(0.79, "Stability", "OpenAI", "BFL")]
    [InlineData(0.81, "BFL", "OpenAI", "Stability")]
    [InlineData(0.999999, "BFL", "OpenAI", "Stability")]
    public void The_first_one_is_drawn_by_its_share_and_who_is_not_listed_weighs_1(double drawn, params string[] order) =>
        Assert.Equal(order, Order(drawn, new() { Weights = Weights(("stability", 3)) }));

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    [InlineData(0.999999)]
    public void Weight_0_is_never_the_first_and_still_a_fallback(double drawn)
    {
        Assert.NotEqual("OpenAI", Order(drawn, new() { Weights = Weights(("OpenAI", 0)) })[0]);
        Assert.Contains("OpenAI", Order(drawn, new() { Weights = Weights(("OpenAI", 0)) }));
        Assert.Equal(["Stability", "OpenAI", "BFL"], Order(drawn, new() { Weights = Weights(("OpenAI", 0), ("BFL", 0)) }));
        Assert.Equal(["BFL", "OpenAI", "Stability"], Order(drawn, new() { Weights = Weights(("BFL", double.MaxValue), ("OpenAI", 0), ("Stability", 0)) }));
    }

    [Fact]
    public void The_blocked_and_those_that_are_not_preferred_alone_do_not_take_part()
    {
        Assert.Equal(["Stability", "BFL"], Order(0.49, new() { Weights = Weights(("OpenAI", 100)), Blocked = ["OpenAI"] }));
        Assert.Equal(["BFL", "Stability"], Order(0.51, new() { Weights = Weights(("OpenAI", 100)), Preferred = ["Stability", "BFL"], OnlyPreferred = true }));
    }

    [Fact]
    public void Who_is_named_is_first_whatever_it_weighs()
    {
        Assert.Equal(["BFL"], Order(0, new() { Provider = "BFL", Weights = Weights(("BFL", 0)) }));
        Assert.Equal(["BFL"], Order(0, new() { Model = "flux-2-pro", Weights = Weights(("BFL", 0)) }));
        Assert.Equal("BFL", Order(0, new() { Provider = "BFL", Preferred = ["OpenAI"], Weights = Weights(("BFL", 0)) })[0]);
    }

    [Fact]
    public void When_all_weigh_nothing_there_is_nobody_to_draw()
    {
        foreach (Selection selection in new Selection[] { new() { Weights = Weights(("OpenAI", 0), ("Stability", 0), ("BFL", 0)) }, new() { Weights = Weights(("BFL", 0)), Preferred = ["BFL"], OnlyPreferred = true } })
            Assert.Equal(ImageErrorId.InvalidRequest, Assert.Throws<AIImageException>(() => Order(0.5, selection)).Error.Id);
    }

    [Fact]
    public void A_name_nobody_has_is_refused() =>
        Assert.Equal(ImageErrorId.InvalidRequest, Assert.Throws<AIImageException>(() => Order(0.5, new() { Weights = Weights(("Nobody", 1)) })).Error.Id);

    [Fact]
    public void The_same_seed_draws_the_same_ones_about_as_often_as_they_weigh()
    {
        string[] Draw(int seed)
        {
            Planner planner = Planner(new Random(seed));
            return [.. Enumerable.Range(0, 400).Select(_ => Names(planner, new() { Weights = Weights(("OpenAI", 2), ("Stability", 1), ("BFL", 1)) })[0])];
        }

        string[] drawn = Draw(7);
        Assert.Equal(drawn, Draw(7));
        Assert.NotEqual(drawn, Draw(8));
        Assert.InRange(drawn.Count(d => d == "OpenAI"), 160, 240);
        Assert.InRange(drawn.Count(d => d == "BFL"), 60, 140);
    }

    [Fact]
    public void A_price_that_may_be_another_next_time_says_so()
    {
        Plan plan = Planner(new Fixed(0)).Plan(Request(), new() { Weights = Weights(("OpenAI", 2)) });

        Assert.Contains(plan.Candidates[0].Quote.Notes, n => n.Contains("drawn by weight", StringComparison.Ordinal));
        Assert.DoesNotContain(plan.Candidates[1].Quote.Notes, n => n.Contains("drawn by weight", StringComparison.Ordinal));
    }

    private static ImageRequest Request() => new(ImageOperation.Generate, new RequestDraft { Prompt = "p" });

    private static Dictionary<string, double> Weights(params (string Provider, double Weight)[] weights) => weights.ToDictionary(w => w.Provider, w => w.Weight);

    private static Planner Planner(Random random) => new(Three, new Surroundings(name => name.EndsWith("_API_KEY", StringComparison.Ordinal) ? "k" : null), random: random);

    private static string[] Names(Planner planner, Selection selection) => [.. planner.Plan(Request(), selection).Candidates.Select(c => c.Quote.Provider)];

    private static string[] Order(double drawn, Selection selection) => Names(Planner(new Fixed(drawn)), selection);

    private sealed class Fixed(double value) : Random
    {
        protected override double Sample() => value;

        public override double NextDouble() => value;
    }
}
