using PSImageGen.Core.Engine;
using PSImageGen.Core.Tasks;
using PSImageGen.Core.Tests.Support;
using PSImageGen.FakeProviders.Faults;

namespace PSImageGen.Core.Tests.Tasks;

/// <summary>What was spent, and where it is not what was said.</summary>
public class SpendingTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task What_vendors_report_is_summed_and_what_cost_nothing_is_left_out()
    {
        await using Spine spine = await Spine.StartAsync();
        await spine.RunAsync(Order.Bfl with { Count = 2 });
        await spine.RunAsync(Order.Bfl);
        await spine.RunAsync(Order.From("Demo") with { Size = "64x64" });
        spine.Vendors.Faults.AddStatus("OpenAI", FaultStage.Submit, 401);
        await spine.RunAsync(Order.OpenAI);

        CostSummary sum = Assert.Single(Spending.Sum(Spending.In(spine.Folder, e => throw e), CostGrouping.Provider));

        Assert.Equal(("BFL", 2, 3, "USD"), (sum.Group, sum.Calls, sum.Images, sum.Currency));
        Assert.Equal((0.09m, 0.09m, 0, 0), (sum.Amount, sum.AmountMax, sum.EstimatedCalls, sum.UnknownCalls));
        Assert.Equal(0.09m, spine.Index.Bookings.All().Sum(s => s.Amount));
    }

    [Fact]
    public async Task A_run_under_way_and_one_of_unknown_outcome_count_with_the_price_as_shown()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "OpenAI", Stage = FaultStage.Submit, Kind = FaultKind.DropBeforeAnswer });
        await spine.RunAsync(Order.OpenAI);

        foreach (IEnumerable<Spend> spent in new[] { Spending.In(spine.Folder, e => throw e), spine.Index.Bookings.All() })
        {
            CostSummary sum = Assert.Single(Spending.Sum(spent, CostGrouping.Model));
            Assert.Equal(("gpt-image-2", 1, 0, 1), (sum.Group, sum.Calls, sum.Images, sum.EstimatedCalls));
            Assert.True(sum.Amount > 0);
        }
    }

    [Fact]
    public void A_damaged_record_is_told_and_does_not_hide_the_others()
    {
        string folder = Directory.CreateTempSubdirectory("psimagegen-").FullName;
        foreach (string run in new[] { "a", "b" })
        {
            RunFolder place = new(folder, run);
            Directory.CreateDirectory(Path.GetDirectoryName(place.RecordPath)!);
            File.WriteAllText(place.RecordPath, "{");
        }

        List<AIImageException> told = [];

        Assert.Empty(Spending.In(folder, told.Add));
        Assert.Equal(2, told.Count);
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(CostGrouping.Provider, "BFL", "OpenAI")]
    [InlineData(CostGrouping.Model, "dear", "plain")]
    [InlineData(CostGrouping.Project, "/one", "/two")]
    public void Sums_are_told_apart_by_what_is_asked(CostGrouping by, params string[] groups)
    {
        Spend one = new() { Provider = "BFL", Model = "plain", At = Noon, Project = "/one", Currency = "USD", Amount = 1 };
        Spend[] spent = [one, one with { Provider = "OpenAI", Model = "dear", Project = "/two" }, one with { Provider = "OpenAI", Model = "dear", Project = "/two", Amount = 2 }];

        CostSummary[] sums = [.. Spending.Sum(spent, by)];

        Assert.Equal(groups, sums.Select(s => s.Group));
        Assert.Equal(4, sums.Sum(s => s.Amount));
    }

    [Fact]
    public void Days_are_those_of_the_calendar_here()
    {
        Spend one = new() { Provider = "P", Model = "m", At = Noon, Project = "/", Currency = "USD", Amount = 1 };

        CostSummary[] sums = [.. Spending.Sum([one, one with { At = Noon.AddDays(1) }, one with { At = Noon.AddMinutes(1) }], CostGrouping.Day)];

        string Day(DateTimeOffset time) => DateOnly.FromDateTime(time.LocalDateTime).ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal([Day(Noon), Day(Noon.AddDays(1))], sums.Select(s => s.Group));
        Assert.Equal([2, 1], sums.Select(s => s.Calls));
    }

    [Fact]
    public void Currencies_are_never_added_and_unknown_is_never_nothing()
    {
        Spend one = new() { Provider = "P", Model = "m", At = Noon, Project = "/", Currency = "USD", Amount = 1 };

        CostSummary[] sums = [.. Spending.Sum([one, one with { Currency = "credits", Amount = 40 }, one with { Currency = "credits", Amount = null }], CostGrouping.Provider)];

        Assert.Equal([("credits", 40m, (decimal?)null, 1), ("USD", 1m, 1m, 0)], sums.Select(s => (s.Currency, s.Amount!.Value, s.AmountMax, s.UnknownCalls)));
        Assert.Null(Assert.Single(Spending.Sum([one with { Amount = null }], CostGrouping.Provider)).Amount);
    }

    [Theory]
    // The vendor told all, told some, told nothing; told credits where dollars were shown.
    [InlineData(0.5, 0.5, "USD", 1.0, false, 1.0)]
    [InlineData(0.5, null, "USD", 0.6, true, 0.6)]
    [InlineData(null, null, "USD", 0.2, true, 0.2)]
    [InlineData(7.0, 8.0, "credits", 15.0, false, 0.2)]
    [InlineData(7.0, null, "credits", 0.2, true, 0.2)]
    public void An_order_costs_what_the_vendor_told_else_its_share_of_the_price(double? first, double? second, string currency, double amount, bool estimated, double dollars)
    {
        Cost? Told(double? told) => told is { } a ? new Cost { Amount = (decimal)a, Currency = currency, Source = "reported" } : null;
        RunRecord record = Record(0.2m, 0.2m) with { Tasks = [Task(Told(first)), Task(Told(second))] };

        Spend spend = Assert.Single(Spend.Of(record, "r"));

        Assert.Equal(((decimal?)amount, estimated, (decimal?)dollars), (spend.Amount, spend.Estimated, spend.Dollars));
    }

    [Fact]
    public void An_order_that_was_certainly_not_taken_has_no_share()
    {
        RunRecord record = Record(0.2m, 0.2m) with { Tasks = [Task(null), Task(null) with { Status = ImageTaskStatus.Failed, Handle = null }] };

        Assert.Equal(0.1m, Assert.Single(Spend.Of(record, "r")).Amount);
        Assert.Empty(Spend.Of(Record(0.2m, 0.2m) with { Tasks = [record.Tasks[1] with { Error = new ImageError { Id = ImageErrorId.RateLimited, Message = "No.", Recommendation = "Wait." } }] }, "r"));
    }

    [Fact]
    public void An_order_whose_process_was_killed_counts_after_another_has_taken_its_place_too()
    {
        RunRecord unknown = Record(0.1m, 0.1m) with { Tasks = [Task(null) with { Status = ImageTaskStatus.Unknown, Handle = null, Sends = 1 }] };

        Assert.Equal(0.1m, Assert.Single(Spend.Of(unknown.WithoutUnknown(), "r")).Amount);
    }

    [Fact]
    public void What_nobody_knows_the_price_of_is_unknown()
    {
        Spend spend = Assert.Single(Spend.Of(Record(null, null) with { Tasks = [Task(null) with { Estimate = null }] }, "r"));

        Assert.Equal((null, null, false), (spend.Amount, spend.Dollars, spend.Estimated));
    }

    [Fact]
    public async Task An_order_of_unknown_outcome_counts_at_its_own_provider_when_another_one_made_the_picture()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "OpenAI", Stage = FaultStage.Submit, Kind = FaultKind.DropBeforeAnswer });

        RunReport report = await spine.RunAsync(new Order { Provider = null, Preferred = ["OpenAI", "BFL"], FallbackOnUnknown = true });

        Assert.Null(report.Error);
        CostSummary[] sums = [.. Spending.Sum(spine.Index.Bookings.All(), CostGrouping.Provider)];
        Assert.Equal([("BFL", 1, 0), ("OpenAI", 0, 1)], sums.Select(s => (s.Group!, s.Images, s.EstimatedCalls)));
        Assert.All(sums, s => Assert.True(s.Amount > 0));
    }

    [Theory]
    [InlineData(0.2, 0.2, 0.2, false)]
    [InlineData(0.2, 0.2, 0.219, false)]
    [InlineData(0.2, 0.2, 0.221, true)]
    [InlineData(0.2, 0.2, 0.179, true)]
    // Where the model chooses, less is no surprise; more than the most is.
    [InlineData(0.1, 0.2, 0.05, false)]
    [InlineData(0.1, 0.2, 0.23, true)]
    [InlineData(null, null, 0.23, false)]
    public void A_cost_more_than_a_tenth_off_names_the_row_of_the_catalogue(double? amount, double? most, double cost, bool told)
    {
        RunRecord record = Record((decimal?)amount, (decimal?)most) with
        {
            Tasks = [Task(new Cost { Amount = (decimal)cost, Currency = "USD", Source = "reported" })],
        };
        RunRecord With(Func<Cost, Cost?> change) => record with { Tasks = [record.Tasks[0] with { Cost = change(record.Tasks[0].Cost!) }] };

        string? words = Spending.Surprise(record);

        Assert.Equal(told, words is not null);
        if (told)
            Assert.Contains("price of m at P (2026-01-01)", words, StringComparison.Ordinal);
        Assert.Null(Spending.Surprise(record with { Delivered = 1 }));
        Assert.Null(Spending.Surprise(With(c => c with { Currency = "credits" })));
        Assert.Null(Spending.Surprise(With(c => c with { Source = "estimate" })));
        Assert.Null(Spending.Surprise(With(_ => null)));
    }

    [Fact]
    public async Task The_estimates_of_vendors_that_tell_their_prices_are_no_surprise()
    {
        await using Spine spine = await Spine.StartAsync();

        Assert.Null(Spending.Surprise((await spine.RunAsync(Order.Bfl)).Record));
        Assert.Null(Spending.Surprise((await spine.RunAsync(Order.OpenAI)).Record));
    }

    private static RunRecord Record(decimal? amount, decimal? most) => new()
    {
        RunId = "r",
        Provider = "P",
        Model = "m",
        Status = ImageTaskStatus.Succeeded,
        Requested = 2,
        Delivered = 2,
        Quote = new Quote { Provider = "P", Model = "m", Operation = ImageOperation.Generate, Count = 2, Amount = amount, AmountMax = most, PriceDate = "2026-01-01" },
        Destination = new("r"),
    };

    private static TaskRecord Task(Cost? cost) => new() { Provider = "P", Model = "m", Count = 1, Status = ImageTaskStatus.Succeeded, Handle = new("t"), Cost = cost, Estimate = new Cost { Amount = 0.1m, Currency = "USD", Source = "estimate" } };
}
