using PSImageGen.Core.Engine;
using PSImageGen.Core.Gate;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tasks;
using PSImageGen.Core.Tests.Support;
using PSImageGen.FakeProviders.Faults;

namespace PSImageGen.Core.Tests.Gate;

/// <summary>Money is set aside before the order and booked after it, over all rows, pipelines and processes.</summary>
public class BudgetTests
{
    // A picture of Order.Bfl costs 0.03.
    private static readonly BudgetLimits FiveCentsADay = new() { PerDay = 0.05m };

    [Fact]
    public async Task What_was_spent_today_counts_in_every_later_process_and_tomorrow_no_more()
    {
        await using Spine spine = await Spine.StartAsync();
        Assert.Null((await spine.RunAsync(Order.Bfl, spine.NewBudget(FiveCentsADay))).Error);

        ImageError error = Refused(() => spine.Approve(Order.Bfl, spine.NewBudget(FiveCentsADay)));

        Assert.Contains("budget per day (0.05 USD) 0.02 USD are left", error.Message, StringComparison.Ordinal);
        Assert.Contains("Set-AIImagePreference -Budget @{ PerDay =", error.Recommendation, StringComparison.Ordinal);
        Assert.Equal(1, spine.Bfl.Submits);
        spine.Clock.Jump(TimeSpan.FromDays(1));
        Assert.NotNull(spine.Approve(Order.Bfl, spine.NewBudget(FiveCentsADay)));
    }

    [Fact]
    public async Task Of_many_that_ask_at_once_only_so_many_are_let_through_as_the_money_is_enough_for()
    {
        await using Spine spine = await Spine.StartAsync();
        BudgetLimits limits = new() { PerDay = 0.10m };
        int yes = 0, no = 0;

        await Parallel.ForEachAsync(Enumerable.Range(0, 12), new ParallelOptions { MaxDegreeOfParallelism = 12 }, (_, _) =>
        {
            try
            {
                // Each with books of its own, as processes have.
                spine.Approve(Order.Bfl with { RunId = RunIds.New() }, spine.NewBudget(limits));
                Interlocked.Increment(ref yes);
            }
            catch (AIImageException e) when (e.Error.Id == ImageErrorId.BudgetExceeded)
            {
                Interlocked.Increment(ref no);
            }

            return ValueTask.CompletedTask;
        });

        Assert.Equal((3, 9), (yes, no));
    }

    [Fact]
    public async Task A_project_is_its_settings_folder_else_the_folder_of_the_pictures_and_its_money_does_not_come_back_tomorrow()
    {
        await using Spine spine = await Spine.StartAsync();
        BudgetLimits own = new() { PerProject = 0.05m }, shared = own with { Project = spine.State };
        await spine.RunAsync(Order.Bfl, spine.NewBudget(own));
        await spine.RunAsync(Order.Bfl, spine.NewBudget(shared));
        spine.Clock.Jump(TimeSpan.FromDays(40));

        Assert.Contains($"project '{spine.Folder}'", Refused(() => spine.Approve(Order.Bfl, spine.NewBudget(own))).Message, StringComparison.Ordinal);
        Assert.Contains($"project '{spine.State}'", Refused(() => spine.Approve(Order.Bfl, spine.NewBudget(shared))).Message, StringComparison.Ordinal);
        Assert.NotNull(spine.Approve(Order.Bfl, spine.NewBudget(own with { Project = Path.GetTempPath() })));
    }

    [Fact]
    public async Task What_certainly_cost_nothing_is_given_back()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "BFL", Stage = FaultStage.Submit, Kind = FaultKind.Status, Status = 402, Times = 1 });
        Budget pipeline = new(maxCost: 0.05m) { Limits = FiveCentsADay, Bookings = spine.Index.Bookings, Clock = spine.Clock };

        Assert.NotNull((await spine.RunAsync(Order.Bfl, pipeline)).Error);

        Assert.Empty(spine.Index.Bookings.All());
        Assert.Null((await spine.RunAsync(Order.Bfl, pipeline)).Error);
    }

    [Fact]
    public async Task A_run_that_could_not_begin_gives_its_money_back()
    {
        await using Spine spine = await Spine.StartAsync();
        Directory.CreateDirectory(Path.GetDirectoryName(spine.Folder)!);
        await File.WriteAllTextAsync(spine.Folder, "a file where the folder should be");

        await Assert.ThrowsAsync<AIImageException>(() => spine.RunAsync(Order.Bfl, spine.NewBudget(FiveCentsADay)));

        File.Delete(spine.Folder);
        Assert.NotNull(spine.Approve(Order.Bfl, spine.NewBudget(FiveCentsADay)));
    }

    [Fact]
    public async Task A_reservation_whose_process_died_counts_until_its_run_is_settled()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Bfl.PollsUntilReady = int.MaxValue;
        Order order = Order.Bfl;
        await spine.StopWhenAsync(order, v => v.Count("BFL").Polls > 0);

        Refused(() => spine.Approve(Order.Bfl, spine.NewBudget(FiveCentsADay)));

        spine.Vendors.Faults.Add(new Fault { Vendor = "BFL", Stage = FaultStage.Poll, Kind = FaultKind.PollStatus, TaskStatus = "Error" });
        spine.Vendors.Bfl.PollsUntilReady = 1;
        RunReport resumed = await spine.ResumeAsync(spine.PathOf(order));
        // It was accepted, so it may have been billed.
        Assert.NotNull(resumed.Error);
        Refused(() => spine.Approve(Order.Bfl, spine.NewBudget(FiveCentsADay)));
    }

    [Fact]
    public async Task What_an_owner_had_no_time_to_book_is_looked_up_in_its_record_before_anybody_is_refused()
    {
        await using Spine spine = await Spine.StartAsync();
        Order order = Order.Bfl;
        await spine.RunAsync(order, spine.NewBudget(FiveCentsADay));
        // As if it had died between its last word and the booking; the vendor charged less than was set aside.
        string booking = Assert.Single(Directory.GetFiles(spine.State, "*.json", SearchOption.AllDirectories));
        await File.WriteAllTextAsync(booking, $$"""{"record_path":{{System.Text.Json.JsonSerializer.Serialize(spine.PathOf(order))}},"project":"p","reserved":0.05}""");

        Refused(() => spine.Approve(Order.Bfl, spine.NewBudget(FiveCentsADay)));
        Assert.NotNull(spine.Approve(Order.Bfl, spine.NewBudget(new BudgetLimits { PerDay = 0.06m })));
    }

    [Theory]
    // Its process is gone and it has no record: nothing was sent.
    [InlineData(true, false, true)]
    // It has one: what became of it is on the record. Or nothing tells whether it ever had one.
    [InlineData(true, true, false)]
    [InlineData(false, false, false)]
    public async Task What_was_set_aside_for_a_run_that_never_began_is_given_back_when_that_is_certain(bool marked, bool recorded, bool back)
    {
        await using Spine spine = await Spine.StartAsync();
        BudgetLimits limits = new() { PerDay = 0.08m };
        ApprovedCall living = spine.Approve(Order.Bfl, spine.NewBudget(limits));
        // As a process leaves it that was killed between the yes and the record: nobody holds the mark any more.
        Order lost = Order.Bfl with { RunId = RunIds.New() };
        string day = Path.GetDirectoryName(Assert.Single(Directory.GetFiles(spine.State, "*.new", SearchOption.AllDirectories)))!;
        await File.WriteAllTextAsync(Path.Combine(day, "lost.json"), $$"""{"record_path":{{System.Text.Json.JsonSerializer.Serialize(spine.PathOf(lost))}},"project":"p","reserved":0.03}""");
        if (marked)
            await File.WriteAllTextAsync(Path.Combine(day, "lost.new"), string.Empty);
        if (recorded)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(spine.PathOf(lost))!);
            await File.WriteAllTextAsync(spine.PathOf(lost), "{}");
        }

        if (back)
            Assert.NotNull(spine.Approve(Order.Bfl with { RunId = RunIds.New() }, spine.NewBudget(limits)));
        // The one whose process lives is never taken for dead.
        Refused(() => spine.Approve(Order.Bfl with { RunId = RunIds.New() }, spine.NewBudget(limits)));
        living.Reservation.Release();
        Assert.NotNull(spine.Approve(Order.Bfl with { RunId = RunIds.New() }, spine.NewBudget(limits)));
    }

    [Fact]
    public async Task A_run_that_has_begun_leaves_no_mark()
    {
        await using Spine spine = await Spine.StartAsync();

        await spine.RunAsync(Order.Bfl, spine.NewBudget(FiveCentsADay));

        Assert.Empty(Directory.GetFiles(spine.State, "*.new", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Days_that_are_over_become_one_file_each_and_count_as_before()
    {
        await using Spine spine = await Spine.StartAsync();
        BudgetLimits limits = new() { PerProject = 0.16m };
        Bookings books = spine.Index.Bookings;
        string folder = Path.Combine(spine.State, "bookings");
        spine.Vendors.Bfl.PollsUntilReady = int.MaxValue;
        Order open = Order.Bfl;
        await spine.StopWhenAsync(open, v => v.Count("BFL").Polls > 0);
        spine.Vendors.Bfl.PollsUntilReady = 1;
        for (int i = 0; i < 2; i++)
            await spine.RunAsync(Order.Bfl, spine.NewBudget(limits));
        Assert.Equal(3, Directory.GetFiles(folder, "*.json", SearchOption.AllDirectories).Length);

        spine.Clock.Jump(TimeSpan.FromDays(3));
        await spine.RunAsync(Order.Bfl, spine.NewBudget(limits));

        // The one still open stays by itself; what another process has in mind of the old files does not count twice.
        string[] days = Directory.GetFiles(folder, "*.json");
        Assert.Single(days);
        Assert.Single(Directory.GetFiles(Path.ChangeExtension(days[0], null), "*.json"));
        Assert.Equal([0.03m, 0.03m, 0.03m, 0.03m], books.All().Select(s => s.Amount));
        Assert.Equal([0.03m, 0.03m, 0.03m, 0.03m], spine.Index.Bookings.All().Select(s => s.Amount));
        Assert.Contains("0.04 USD are left", Refused(() => spine.Approve(Order.Bfl with { Count = 2 }, spine.NewBudget(limits))).Message, StringComparison.Ordinal);

        // When it is settled it follows the others.
        Assert.Null((await spine.ResumeAsync(spine.PathOf(open))).Error);
        spine.Clock.Jump(TimeSpan.FromDays(3));
        await spine.RunAsync(Order.Bfl, spine.NewBudget(limits));
        Assert.Equal(2, Directory.GetFiles(folder, "*.json").Length);
        Assert.Single(Directory.GetDirectories(folder));
        Assert.Equal(5, books.All().Count);
    }

    [Fact]
    public async Task What_is_in_both_places_because_the_putting_away_was_broken_off_counts_once()
    {
        await using Spine spine = await Spine.StartAsync();
        await spine.RunAsync(Order.Bfl, spine.NewBudget(FiveCentsADay));
        string booking = Assert.Single(Directory.GetFiles(spine.State, "*.json", SearchOption.AllDirectories));
        string day = Path.GetDirectoryName(booking)!;
        await File.WriteAllTextAsync(day + ".json", $$"""{"{{Path.GetFileName(booking)}}":{{await File.ReadAllTextAsync(booking)}}}""");

        Assert.Single(spine.Index.Bookings.All());
        Refused(() => spine.Approve(Order.Bfl, spine.NewBudget(FiveCentsADay)));
        File.Delete(booking);
        Assert.Single(spine.Index.Bookings.All());
        Refused(() => spine.Approve(Order.Bfl, spine.NewBudget(FiveCentsADay)));
        await File.WriteAllTextAsync(day + ".json", "{");
        Assert.Equal(ImageErrorId.RecordInvalid, Assert.Throws<AIImageException>(() => spine.Index.Bookings.All()).Error.Id);
    }

    [Fact]
    public async Task A_forgotten_record_takes_no_money_out_of_the_books()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Bfl.PollsUntilReady = int.MaxValue;
        Order order = Order.Bfl;
        await spine.StopWhenAsync(order, v => v.Count("BFL").Polls > 0);

        spine.Engine.Ledger.Remove(spine.PathOf(order));

        Refused(() => spine.Approve(Order.Bfl, spine.NewBudget(FiveCentsADay)));
        Assert.Equal(0.03m, Assert.Single(spine.Index.Bookings.All()).Amount);
    }

    [Fact]
    public async Task The_dearest_of_the_chain_is_set_aside_and_the_price_of_who_made_it_is_booked()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.AddStatus("OpenAI", FaultStage.Submit, 401);
        // OpenAI costs up to 0.211, BFL 0.045 for so many pixels; a fixed price has no range.
        BudgetLimits limits = new() { PerDay = 0.30m };
        Order both = new() { Provider = null, Preferred = ["OpenAI", "BFL"] };

        ApprovedCall call = spine.Approve(both, spine.NewBudget(limits));
        Refused(() => spine.Approve(both with { RunId = RunIds.New() }, spine.NewBudget(limits)));
        RunReport report = await spine.Engine.RunAsync(call, spine.Options(both), spine.Listener, default);

        Assert.Equal("BFL", report.Record.Provider);
        Spend spent = Assert.Single(spine.Index.Bookings.All());
        Assert.Equal(("BFL", report.Record.Cost!.Amount), (spent.Provider, spent.Dollars));
        Assert.NotNull(spine.Approve(both with { RunId = RunIds.New() }, spine.NewBudget(limits)));
    }

    [Fact]
    public async Task Between_two_candidates_nobody_else_gets_the_money()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.AddStatus("OpenAI", FaultStage.Submit, 401);
        BudgetLimits limits = new() { PerDay = 0.30m };
        Order both = new() { Provider = null, Preferred = ["OpenAI", "BFL"] };
        List<ImageErrorId> seen = [];
        // The first has failed, and the run says so on disk, when the next one is begun.
        spine.Listener.OnStep = step =>
        {
            if (step.Provider == "BFL" && step.Status == ImageTaskStatus.Submitting)
                seen.Add(Refused(() => spine.Approve(both with { RunId = RunIds.New() }, spine.NewBudget(limits))).Id);
        };

        await spine.RunAsync(both, spine.NewBudget(limits));

        Assert.Equal([ImageErrorId.BudgetExceeded], seen);
    }

    [Fact]
    public async Task The_real_cost_takes_the_place_of_the_estimate_in_the_pipeline_too()
    {
        await using Spine spine = await Spine.StartAsync();
        // 0.211 may be asked for; the tokens OpenAI counts cost less.
        Budget budget = new(maxCost: 0.3m);
        RunReport first = await spine.RunAsync(Order.OpenAI with { Size = "1024x1024" }, budget);

        Assert.InRange(first.Record.Cost!.Amount, 0.001m, 0.089m);
        Assert.Null((await spine.RunAsync(Order.OpenAI with { Size = "1024x1024" }, budget)).Error);
    }

    [Fact]
    public async Task An_unknown_price_counts_as_over_every_budget_unless_that_is_allowed()
    {
        await using Spine spine = await Spine.StartAsync();
        Order order = Order.Bfl with { Model = "flux-2-pro-preview" };
        foreach (BudgetLimits limits in new[] { new BudgetLimits { PerDay = 100 }, new BudgetLimits { PerProject = 100 } })
        {
            Assert.Contains("-AllowUnknownCost", Refused(() => spine.Approve(order, spine.NewBudget(limits))).Recommendation, StringComparison.Ordinal);
            Assert.NotNull(spine.Approve(order with { RunId = RunIds.New() }, spine.NewBudget(limits, allowUnknown: true)));
        }
    }

    [Fact]
    public async Task Ordering_again_is_paid_from_todays_budget_and_the_first_order_comes_along()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "OpenAI", Stage = FaultStage.Submit, Kind = FaultKind.DropBeforeAnswer, Times = 1 });
        Order order = Order.OpenAI with { Size = "1024x1024" };
        RunReport lost = await spine.RunAsync(order, spine.NewBudget(new BudgetLimits { PerDay = 1 }));
        Assert.Equal(ImageTaskStatus.Unknown, lost.Record.Status);
        spine.Clock.Jump(TimeSpan.FromDays(1));
        (ImageRequest request, Selection selection) = Redraft.Of(lost.Record, lost.RecordPath);
        Plan plan = new Planner(ProviderRegistry.BuiltIn, spine.Surroundings).Plan(request, selection);

        ForegroundConsent yes = new(true);
        Refused(() => ApprovedCall.Gate.Approve(plan, yes, spine.NewBudget(new BudgetLimits { PerDay = 0.2m }), lost.RecordPath));
        Assert.Equal(0, yes.Questions);
        ApprovedCall call = ApprovedCall.Gate.Approve(plan, yes, spine.NewBudget(new BudgetLimits { PerDay = 0.3m }), lost.RecordPath)!;
        RunReport report = await spine.Engine.ResubmitAsync(call, lost.RecordPath, null, spine.Listener, default);

        Assert.Null(report.Error);
        Spend spent = Assert.Single(spine.Index.Bookings.All());
        Assert.True(spent.Estimated, "the first order was never told of");
        Assert.True(spent.Amount > report.Record.Cost!.Amount);
    }

    [Fact]
    public async Task What_was_refused_when_ordered_again_is_given_back_and_the_first_order_stays_set_aside()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "OpenAI", Stage = FaultStage.Submit, Kind = FaultKind.DropBeforeAnswer, Times = 1 });
        BudgetLimits limits = new() { PerDay = 0.43m };
        RunReport lost = await spine.RunAsync(Order.OpenAI with { Size = "1024x1024" }, spine.NewBudget(limits));
        (ImageRequest request, Selection selection) = Redraft.Of(lost.Record, lost.RecordPath);
        Plan plan = new Planner(ProviderRegistry.BuiltIn, spine.Surroundings).Plan(request, selection);
        ApprovedCall call = ApprovedCall.Gate.Approve(plan, new ForegroundConsent(true), spine.NewBudget(limits), lost.RecordPath)!;
        spine.Vendors.Faults.AddStatus("OpenAI", FaultStage.Submit, 401);

        RunReport report = await spine.Engine.ResubmitAsync(call, lost.RecordPath, null, spine.Listener, default);

        Assert.Equal(ImageTaskStatus.Unknown, report.Record.Status);
        // Each may cost 0.211.
        ImageError error = Refused(() => ApprovedCall.Gate.Approve(plan, new ForegroundConsent(true), spine.NewBudget(new BudgetLimits { PerDay = 0.4m }), lost.RecordPath));
        Assert.Contains("0.189 USD are left", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_several_may_have_to_be_paid_all_of_it_is_set_aside()
    {
        await using Spine spine = await Spine.StartAsync();
        Order both = new() { Provider = null, Preferred = ["OpenAI", "BFL"], FallbackOnUnknown = true };

        Refused(() => spine.Approve(both, spine.NewBudget(new BudgetLimits { PerDay = 0.25m })));
        spine.Approve(both, spine.NewBudget(new BudgetLimits { PerDay = 0.256m }));
        Refused(() => spine.Approve(Order.Bfl with { RunId = RunIds.New() }, spine.NewBudget(new BudgetLimits { PerDay = 0.27m })));
    }

    [Fact]
    public async Task The_stored_ceiling_of_a_command_counts_where_the_command_says_none()
    {
        await using Spine spine = await Spine.StartAsync();
        Plan plan = spine.Plan(Order.Bfl);

        Refused(() => new Budget { Limits = new BudgetLimits { MaxCost = 0.01m } }.Check(plan));
        new Budget(maxCost: 1) { Limits = new BudgetLimits { MaxCost = 0.01m } }.Check(plan);
    }

    [Theory]
    [InlineData("""{ "providerPreferences": { "image": { "budgets": { "perProject": 3, "perDay": 2 } } } }""", null, 2.0, 3.0, true)]
    [InlineData("""{ "providerPreferences": { "image": { "budgets": { "perProject": 3 } } } }""", """{ "budgets": { "perProject": 4, "maxCost": 1 } }""", null, 3.0, true)]
    [InlineData("""{ "providerPreferences": { "image": { "budgets": { "perProject": 5, "perDay": 9 } } } }""", """{ "budgets": { "perProject": 4, "maxCost": 1, "perDay": 2 } }""", 2.0, 4.0, false)]
    [InlineData("""{ }""", """{ "budgets": { "perProject": 4 } }""", null, 4.0, false)]
    public void Ceilings_come_from_preferences_and_a_projects_file_makes_its_folder_the_project(string project, string? user, double? perDay, double? perProject, bool own)
    {
        string root = Directory.CreateTempSubdirectory("psimagegen-").FullName;
        string folder = Directory.CreateDirectory(Path.Combine(root, "project", "below")).FullName;
        File.WriteAllText(Path.Combine(root, "project", PreferenceFiles.ProjectFileName), project);
        if (user is not null)
            File.WriteAllText(Path.Combine(root, "preferences.json"), user);

        BudgetLimits limits = new PreferenceFiles(root, ProviderRegistry.BuiltIn).Load(folder).Limits;

        Assert.Equal(((decimal?)perDay, (decimal?)perProject, own ? Path.Combine(root, "project") : null), (limits.PerDay, limits.PerProject, limits.Project));
        Assert.Equal(user?.Contains("maxCost", StringComparison.Ordinal) == true ? 1m : null, limits.MaxCost);
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task A_ceiling_that_a_project_says_is_raised_where_it_is_said()
    {
        await using Spine spine = await Spine.StartAsync();
        BudgetLimits limits = FiveCentsADay with { PerDay = 0.01m, ProjectFile = "/there/agent.config.json", OfProjectFile = [nameof(BudgetLimits.PerDay)] };

        Assert.Contains("/there/agent.config.json", Refused(() => spine.Approve(Order.Bfl, spine.NewBudget(limits))).Recommendation, StringComparison.Ordinal);
        Assert.Contains("Set-AIImagePreference", Refused(() => spine.Approve(Order.Bfl, spine.NewBudget(limits with { OfProjectFile = [] }))).Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Free_calls_are_on_no_book()
    {
        await using Spine spine = await Spine.StartAsync();

        await spine.RunAsync(Order.From("Demo") with { Size = "64x64" }, spine.NewBudget(new BudgetLimits { PerDay = 0 }));

        Assert.Empty(spine.Index.Bookings.All());
        Assert.Single(spine.Pictures());
    }

    private static ImageError Refused(Action approve)
    {
        ImageError error = Assert.Throws<AIImageException>(approve).Error;
        Assert.Equal(ImageErrorId.BudgetExceeded, error.Id);
        return error;
    }
}
