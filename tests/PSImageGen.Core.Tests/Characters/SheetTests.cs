using PSImageGen.Core.Characters;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Tasks;
using PSImageGen.Core.Tests.Support;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.FakeProviders.Log;

namespace PSImageGen.Core.Tests.Characters;

/// <summary>A character sheet costs what the one question says at most, whatever happens on the way.</summary>
public class SheetTests
{
    // Portrait, five expressions (neutral is the portrait), three angles, full body.
    private const int All = 10;

    [Fact]
    public async Task One_question_is_for_all_pictures_and_each_follows_the_portrait()
    {
        await using Spine spine = await Spine.StartAsync();

        Made made = await spine.MakeAsync();

        Assert.Equal(1, made.Consent.Questions);
        Assert.Equal((All, All), (made.Consent.ShownSeries!.Expected, made.Consent.ShownSeries.Most));
        // 0.03 for the portrait; the others have it as an input too.
        Assert.Equal([new PriceLimit(0.03m + (9 * 0.045m), "USD")], made.Consent.ShownSeries.Highest!);
        Assert.Equal((All, All), (spine.Bfl.Submits, spine.Bfl.BilledSubmits));
        Assert.Empty(made.Errors);
        Assert.Equal((11, 11), (made.Sheet!.Requested, made.Sheet.Delivered));
        Assert.Equal(["portrait", "neutral", "happy", "sad", "angry", "surprised", "fearful", "three-quarter view", "profile", "back view", "full body"], made.Sheet.Pictures.Select(p => p.Label));
        Assert.Equal(made["portrait"].Path, made["neutral"].Path);
        Assert.Equal(ConsistencyMode.Strict, made.Sheet.ConsistencyMode);
        string portrait = Convert.ToBase64String(File.ReadAllBytes(made.Sheet.Portrait));
        RequestRecord[] orders = [.. spine.Vendors.Requests.Where(r => r.Stage == FaultStage.Submit)];
        Assert.Equal(9, orders.Count(o => o.Body!.ToJsonString().Replace("\\u002B", "+", StringComparison.Ordinal).Contains(portrait, StringComparison.Ordinal)));
        Assert.Empty(spine.Vendors.Violations);
    }

    [Fact]
    public async Task Each_picture_has_a_record_of_its_own_in_one_batch()
    {
        await using Spine spine = await Spine.StartAsync();

        Made made = await spine.MakeAsync();

        RunRecord[] records = [.. Ledger.PathsIn(spine.Folder).Select(Ledger.Read)];
        Assert.Equal(All, records.Length);
        Assert.All(records, r => Assert.Equal("character-mira", r.BatchId));
        Assert.Equal(made.Sheet!.BatchId, records[0].BatchId);
        RunRecord happy = records.Single(r => r.RunId == made["happy"].RunId);
        Assert.Equal("Mira-happy", happy.Destination.Name);
        Assert.Equal(made["portrait"].RunId, Assert.Single(happy.Parents).RunId);
        Assert.Equal(made["portrait"].Sha256, Assert.Single(happy.Parents).Sha256);
    }

    [Fact]
    public async Task Without_a_check_nothing_is_called_checked_and_nothing_is_made_twice()
    {
        await using Spine spine = await Spine.StartAsync();

        Made made = await spine.MakeAsync();

        Assert.Equal(DriftState.NotChecked, made.Sheet!.Drift);
        Assert.All(made.Sheet.Pictures, p => Assert.Equal(DriftState.NotChecked, p.Drift));
    }

    [Fact]
    public async Task A_check_that_says_nothing_of_use_leaves_pictures_unchecked_and_buys_no_more()
    {
        await using Spine spine = await Spine.StartAsync();

        Made made = await spine.MakeAsync(check: Studio.Always(DriftState.NotChecked));

        Assert.Equal(DriftState.NotChecked, made.Sheet!.Drift);
        Assert.Equal(All, spine.Bfl.BilledSubmits);
    }

    [Fact]
    public async Task Where_every_picture_differs_the_worst_case_is_reached_and_not_passed_and_the_best_is_kept()
    {
        await using Spine spine = await Spine.StartAsync();
        int calls = 0;
        System.Collections.Concurrent.ConcurrentDictionary<string, double> scores = new();
        Task<DriftAnswer> Check(string portrait, string picture, CancellationToken stop) =>
            Task.FromResult(new DriftAnswer(DriftState.Failed, scores[picture] = Interlocked.Increment(ref calls) * 7 % 11 / 20.0));

        Made made = await spine.MakeAsync(spine.Mira(attempts: 2), Check);

        Assert.Equal((10, 19), (made.Consent.ShownSeries!.Expected, made.Consent.ShownSeries.Most));
        Assert.Equal((19, 19), (spine.Bfl.Submits, spine.Bfl.BilledSubmits));
        Assert.Equal(DriftState.Failed, made.Sheet!.Drift);
        foreach (CharacterPicture picture in made.Sheet.Pictures.Where(p => p.Path != made.Sheet.Portrait))
        {
            Assert.Equal(2, picture.Candidates.Count);
            Assert.All(picture.Candidates, c => Assert.True(File.Exists(c)));
            Assert.Equal(picture.Candidates.Max(c => scores[c]), scores[picture.Path!]);
            Assert.Equal(scores[picture.Path!], picture.Score);
        }

        // Another seed each time, so that no attempt buys the same picture.
        RunRecord[] happy = [.. Ledger.PathsIn(spine.Folder).Select(Ledger.Read).Where(r => r.Destination.Name == "Mira-happy")];
        Assert.Equal(2, happy.Select(r => r.Tasks[0].Seed).Distinct().Count());
    }

    [Fact]
    public async Task What_differs_is_made_again_until_it_does_not()
    {
        await using Spine spine = await Spine.StartAsync();
        int sad = 0;
        Task<DriftAnswer> Check(string portrait, string picture, CancellationToken stop) =>
            Task.FromResult(new DriftAnswer(picture.Contains("sad", StringComparison.Ordinal) && Interlocked.Increment(ref sad) == 1 ? DriftState.Failed : DriftState.Passed));

        Made made = await spine.MakeAsync(check: Check);

        Assert.Equal(All + 1, spine.Bfl.BilledSubmits);
        Assert.Equal(DriftState.Passed, made.Sheet!.Drift);
        Assert.Equal(made["sad"].Candidates[1], made["sad"].Path);
        Assert.Single(made["happy"].Candidates);
        Assert.NotEqual(DriftState.Passed, made["portrait"].Drift);
    }

    [Fact]
    public async Task After_a_portrait_that_was_refused_nothing_is_ordered()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Say("BFL", FaultStage.Submit, 422, null, times: 1);

        Made made = await spine.MakeAsync();

        Assert.Null(made.Sheet);
        Assert.Single(made.Errors);
        Assert.Equal((1, 0), (spine.Bfl.Submits, spine.Bfl.BilledSubmits));
        Assert.Empty(spine.Pictures());

        // The same command again orders it all.
        Assert.Equal(11, (await spine.MakeAsync()).Sheet!.Delivered);
        Assert.Equal(All, spine.Bfl.BilledSubmits);
    }

    [Fact]
    public async Task A_portrait_of_unknown_outcome_is_held_and_nothing_is_asked_again()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "BFL", Stage = FaultStage.Submit, Kind = FaultKind.DropBeforeAnswer, Times = 1 });

        Made first = await spine.MakeAsync();
        Made second = await spine.MakeAsync();

        Assert.Null(second.Sheet);
        Assert.Equal(0, second.Consent.Questions);
        Assert.All(new[] { first, second }, m => Assert.Equal(ImageErrorId.OutcomeUnknown, Assert.Single(m.Errors).Id));
        Assert.Equal(1, spine.Bfl.Submits);
    }

    [Fact]
    public async Task A_picture_of_unknown_outcome_is_held_and_the_others_are_made()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "BFL", Stage = FaultStage.Submit, Kind = FaultKind.DropBeforeAnswer, Times = 1, Match = "angry" });

        Made first = await spine.MakeAsync();
        Made second = await spine.MakeAsync();

        Assert.Equal(ImageTaskStatus.Unknown, first["angry"].Status);
        Assert.Equal(10, first.Sheet!.Delivered);
        Assert.Equal(0, second.Consent.Questions);
        Assert.Equal(ImageErrorId.OutcomeUnknown, Assert.Single(second.Errors).Id);
        Assert.Equal(10, second.Sheet!.Delivered);
        Assert.Equal((All, All), (spine.Bfl.Submits, spine.Bfl.BilledSubmits));
    }

    [Fact]
    public async Task What_failed_for_certain_is_ordered_by_the_next_command_alone()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "BFL", Stage = FaultStage.Submit, Kind = FaultKind.Status, Status = 422, Times = 1, Match = "surprised" });

        Made first = await spine.MakeAsync();
        Made second = await spine.MakeAsync();

        Assert.Single(first.Errors);
        Assert.Equal(10, first.Sheet!.Delivered);
        Assert.Equal(1, second.Consent.ShownSeries!.Most);
        Assert.Contains("surprised", second.Consent.ShownSeries.Deed, StringComparison.Ordinal);
        Assert.Equal(11, second.Sheet!.Delivered);
        Assert.Equal(All, spine.Bfl.BilledSubmits);
    }

    [Fact]
    public async Task The_same_command_again_asks_and_orders_nothing()
    {
        await using Spine spine = await Spine.StartAsync();
        Made first = await spine.MakeAsync(check: Studio.Always(DriftState.Passed, 0.9));

        Made second = await spine.MakeAsync(check: Studio.Always(DriftState.Passed, 0.9));

        Assert.Equal(0, second.Consent.Questions);
        Assert.Equal(All, spine.Bfl.Submits);
        Assert.Equal(first.Sheet!.Pictures.Select(p => p.Path), second.Sheet!.Pictures.Select(p => p.Path));
        Assert.Equal(first.Sheet.Path, second.Sheet.Path);
        Assert.Equal(first.Sheet.Passport, second.Sheet.Passport);
    }

    [Fact]
    public async Task After_a_stop_the_next_command_fetches_what_is_under_way_and_orders_only_the_rest()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Bfl.PollsUntilReady = 3;
        using CancellationTokenSource stop = new();
        spine.Listener.OnStep = step =>
        {
            if (step.Status == ImageTaskStatus.Queued && spine.Bfl.Submits >= 4)
                stop.Cancel();
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => spine.MakeAsync(spine.Mira(throttle: 2), stop: stop.Token));
        spine.Listener.OnStep = null;
        int before = spine.Bfl.BilledSubmits;
        Made made = await spine.MakeAsync();

        Assert.InRange(before, 4, All - 1);
        Assert.Equal(11, made.Sheet!.Delivered);
        Assert.Empty(made.Errors);
        Assert.InRange(made.Consent.ShownSeries!.Most, 1, All - before);
        Assert.Equal((All, All), (spine.Bfl.Submits, spine.Bfl.BilledSubmits));
    }

    [Fact]
    public async Task Two_commands_at_once_do_not_order_twice()
    {
        await using Spine spine = await Spine.StartAsync();

        Made[] made = await Task.WhenAll(spine.MakeAsync(), spine.MakeAsync());

        Assert.InRange(spine.Bfl.BilledSubmits, 1, All);
        Made third = await spine.MakeAsync();
        Assert.Equal(11, third.Sheet!.Delivered);
        Assert.Equal((All, All), (spine.Bfl.Submits, spine.Bfl.BilledSubmits));
        Assert.NotEmpty(made);
    }

    [Fact]
    public async Task Another_description_is_another_character_and_the_first_one_stays()
    {
        await using Spine spine = await Spine.StartAsync();
        await spine.MakeAsync();

        await spine.MakeAsync(spine.Mira("a man with a grey beard"));
        Assert.Equal(2 * All, spine.Bfl.BilledSubmits);

        Made back = await spine.MakeAsync();
        Assert.Equal(0, back.Consent.Questions);
        Assert.Equal(2 * All, spine.Bfl.BilledSubmits);
    }

    [Fact]
    public async Task When_the_account_is_empty_nothing_more_is_ordered()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "BFL", Stage = FaultStage.Submit, Kind = FaultKind.Status, Status = 402, Times = -1, Match = "sad" });

        Made made = await spine.MakeAsync(spine.Mira(throttle: 1));

        Assert.Equal(ImageErrorId.InsufficientCredits, Assert.Single(made.Errors).Id);
        Assert.Equal((3, 2), (spine.Bfl.Submits, spine.Bfl.BilledSubmits));
        Assert.Equal(ImageTaskStatus.Planned, made["full body"].Status);
        Assert.Equal(3, made.Sheet!.Delivered);
    }

    [Fact]
    public async Task A_portrait_that_is_given_costs_nothing_and_neutral_is_made()
    {
        await using Spine spine = await Spine.StartAsync();
        string portrait = spine.Picture("png", 64, 64);

        Made made = await spine.MakeAsync(spine.Mira(portrait: portrait));

        Assert.Equal(All, spine.Bfl.BilledSubmits);
        Assert.Equal(portrait, made.Sheet!.Portrait);
        Assert.NotEqual(portrait, made["neutral"].Path);
        Assert.Equal(11, made.Sheet.Delivered);
    }

    [Fact]
    public async Task After_a_no_nothing_is_sent()
    {
        await using Spine spine = await Spine.StartAsync();

        Made made = await spine.MakeAsync(yes: false);

        Assert.Null(made.Sheet);
        Assert.Equal(1, made.Consent.Questions);
        Assert.Empty(spine.Vendors.Requests);
        Assert.False(Directory.Exists(spine.Folder));
    }

    [Fact]
    public async Task A_budget_below_the_worst_case_is_said_before_anybody_is_asked()
    {
        await using Spine spine = await Spine.StartAsync();

        AIImageException e = await Assert.ThrowsAsync<AIImageException>(() => spine.MakeAsync(check: Studio.Always(DriftState.Passed), budget: spine.NewBudget(new BudgetLimits { PerDay = 1.2m })));

        Assert.Equal(ImageErrorId.BudgetExceeded, e.Error.Id);
        Assert.Empty(spine.Vendors.Requests);
        // Without attempts to be made again it fits, and what it cost is booked.
        Made made = await spine.MakeAsync(budget: spine.NewBudget(new BudgetLimits { PerDay = 1.2m }));
        Assert.Equal(All, spine.Index.Bookings.All().Count);
        Assert.Equal(made.Sheet!.Cost, spine.Index.Bookings.All().Sum(s => s.Dollars));
    }

    [Fact]
    public async Task A_model_that_follows_no_picture_is_refused_before_anybody_is_asked()
    {
        await using Spine spine = await Spine.StartAsync();

        AIImageException e = await Assert.ThrowsAsync<AIImageException>(() => spine.MakeAsync(spine.Small(new Selection { Provider = "BFL", Model = "flux-pro-1.1" })));

        Assert.Equal(ImageErrorId.Unsupported, e.Error.Id);
        Assert.Empty(spine.Vendors.Requests);
    }

    [Fact]
    public async Task A_model_that_promises_no_face_is_told_to_follow_all_the_same_and_the_question_says_what_may_come()
    {
        await using Spine spine = await Spine.StartAsync();

        Made made = await spine.MakeAsync(spine.Small(new Selection { Provider = "Stability" }));

        Assert.Equal(ConsistencyMode.Balanced, made.Sheet!.ConsistencyMode);
        Assert.Contains(made.Consent.ShownSeries!.Parts[1].Plan.Candidates[0].Quote.Notes, n => n.Contains("may come out different", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_model_that_needs_a_face_has_its_portrait_made_by_another_and_the_question_names_both()
    {
        await using Spine spine = await Spine.StartAsync();

        Made made = await spine.MakeAsync(spine.Small(new Selection { Provider = "Replicate", Model = "bytedance/flux-pulid" }));

        Assert.Empty(made.Errors);
        string[] models = [.. made.Consent.ShownSeries!.Parts.Select(p => p.Plan.Candidates[0].Quote.Model)];
        Assert.NotEqual("bytedance/flux-pulid", models[0]);
        Assert.All(models[1..], m => Assert.Equal("bytedance/flux-pulid", m));
        Assert.Equal(4, spine.Vendors.Count("Replicate").BilledSubmits);
    }

    [Theory]
    [InlineData("OpenAI")]
    [InlineData("Fal")]
    [InlineData("Replicate")]
    [InlineData("OpenRouter")]
    [InlineData("CreatOK")]
    [InlineData("WellAPI")]
    [InlineData("Demo")]
    public async Task Every_provider_that_follows_pictures_makes_a_sheet_and_asks_once(string provider)
    {
        await using Spine spine = await Spine.StartAsync();
        Made made = await spine.MakeAsync(spine.Small(new Selection { Provider = provider }));

        Assert.Empty(made.Errors);
        Assert.Equal(4, made.Sheet!.Delivered);
        Assert.Equal(1, made.Consent.Questions);
        if (provider != "Demo")
            Assert.Equal(4, spine.Vendors.Count(provider).BilledSubmits);
        Assert.Empty(spine.Vendors.Violations);
    }
}
