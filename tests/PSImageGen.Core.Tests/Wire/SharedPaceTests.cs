using PSImageGen.Core.Credentials;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Tasks;
using PSImageGen.Core.Tests.Support;
using PSImageGen.Core.Wire;
using PSImageGen.FakeProviders.Faults;

namespace PSImageGen.Core.Tests.Wire;

/// <summary>The limits of a vendor are heeded by all that order there from this process. All times are those of the clock that is handed in.</summary>
public class SharedPaceTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_refusal_of_one_row_makes_the_others_wait_too_in_other_pipelines_as_well()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault
        {
            Vendor = "BFL",
            Stage = FaultStage.Submit,
            Kind = FaultKind.Status,
            Status = 429,
            Times = 1,
            Headers = new Dictionary<string, string> { ["Retry-After"] = "60" },
        });
        DateTimeOffset refused = DateTimeOffset.MaxValue;
        TaskCompletionSource waiting = new();
        spine.Listener.OnText = text =>
        {
            if (text.Contains("Sending again", StringComparison.Ordinal))
            {
                refused = spine.Clock.GetUtcNow();
                waiting.TrySetResult();
            }
        };
        Task<RunReport> first = spine.RunAsync(Order.Bfl);
        await waiting.Task;

        RunReport second = await spine.RunAsync(spine.NewEngine(), Order.Bfl);

        Assert.Null((await first).Error);
        Assert.Null(second.Error);
        // A second is left for the time between the answer and the word of it.
        Assert.True(second.Record.Tasks[0].Submitted >= refused + TimeSpan.FromSeconds(59), $"{second.Record.Tasks[0].Submitted:o} after {refused:o}");
        Assert.Equal(3, spine.Bfl.Submits);
    }

    [Fact]
    public async Task No_more_tasks_are_under_way_at_once_than_the_vendor_allows()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Bfl.PollsUntilReady = int.MaxValue;
        Core.Engine.Engine engine = spine.NewEngine(throttle: 8);
        Task<RunReport[]> runs = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => spine.RunAsync(engine, new Order { Model = "flux-kontext-max", RunId = RunIds.New() })));

        // Each of those under way was asked for several times while the others could have been ordered.
        await spine.Vendors.WaitUntilAsync(v => v.Count("BFL").Polls >= 24, TimeSpan.FromSeconds(60));
        Assert.Equal(6, spine.Bfl.Submits);

        spine.Vendors.Bfl.PollsUntilReady = 1;
        Assert.All(await runs, r => Assert.Null(r.Error));
        Assert.Equal(8, spine.Bfl.Submits);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Waiting_for_a_place_is_no_part_of_the_time_of_a_run(bool reference)
    {
        await using Spine spine = await Spine.StartAsync();
        Order order = Crowded(spine, reference) with { Timeout = TimeSpan.FromMinutes(10) };
        List<IDisposable?> places = await TakeAllAsync(spine, order);
        Task<RunReport> run = spine.RunAsync(order);
        await Spine.UntilAsync(() => File.Exists(spine.PathOf(order)));

        // Long enough for whatever is read and worked on before the order.
        await Task.Delay(TimeSpan.FromSeconds(30), spine.Clock);
        spine.Clock.Jump(TimeSpan.FromHours(1));
        Assert.Equal(0, spine.Bfl.Submits);
        places.ForEach(p => p?.Dispose());

        Assert.Null((await run).Error);
        Assert.Equal(1, spine.Bfl.Submits);
    }

    [Fact]
    public async Task A_stop_while_waiting_for_a_place_sends_nothing_and_the_record_says_so()
    {
        await using Spine spine = await Spine.StartAsync();
        Order order = Crowded(spine, reference: false);
        List<IDisposable?> places = await TakeAllAsync(spine, order);
        using CancellationTokenSource stop = new();
        Task<RunReport> run = spine.RunAsync(order, stop.Token);
        await Spine.UntilAsync(() => File.Exists(spine.PathOf(order)));

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);

        await Spine.UntilAsync(() => (string?)spine.OnDisk(order)["status"] == "Canceled");
        places.ForEach(p => p?.Dispose());
        Assert.Equal(0, spine.Bfl.Submits);
        Assert.Null((await spine.RunAsync(Crowded(spine, reference: false))).Error);
    }

    [Fact]
    public async Task A_stop_while_a_refusal_holds_the_orders_sends_nothing_and_the_record_says_so()
    {
        await using Spine spine = await Spine.StartAsync();
        Order order = Order.Bfl;
        Pace.Of(EndpointOf(spine, order)).Hold(spine.Clock.GetUtcNow() + TimeSpan.FromHours(7));
        using CancellationTokenSource stop = new();
        TaskCompletionSource waiting = new();
        spine.Listener.OnText = text =>
        {
            if (text.Contains("no more orders for now", StringComparison.Ordinal))
                waiting.TrySetResult();
        };
        Task<RunReport> run = spine.RunAsync(order, stop.Token);
        await waiting.Task;

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);

        await Spine.UntilAsync(() => (string?)spine.OnDisk(order)["status"] == "Canceled");
        Assert.Equal(0, spine.Bfl.Submits);
    }

    [Fact]
    public async Task Who_does_not_wait_for_the_pictures_gives_the_place_back_at_once()
    {
        await using Spine spine = await Spine.StartAsync();
        Order order = Crowded(spine, reference: false) with { NoWait = true };

        Assert.Equal(ImageTaskStatus.Queued, (await spine.RunAsync(order)).Record.Status);

        await TakeAllAsync(spine, order).WaitAsync(TimeSpan.FromSeconds(60));
    }

    // An order to a model of which only so many tasks may be under way.
    private static Order Crowded(Spine spine, bool reference) => new()
    {
        Model = "flux-kontext-max",
        References = reference ? [spine.Picture()] : null,
    };

    private static Endpoint EndpointOf(Spine spine, Order order)
    {
        Core.Planning.Candidate candidate = spine.Plan(order).Candidates[0];
        return new Endpoint(candidate.Provider.Profile, candidate.BaseUrl, candidate.Credential);
    }

    private static async Task<List<IDisposable?>> TakeAllAsync(Spine spine, Order order)
    {
        Core.Planning.ModelRow model = spine.Plan(order).Candidates[0].Shape.Model;
        List<IDisposable?> places = [];
        for (int i = 0; i < model.ActiveTasks; i++)
            places.Add(await Pace.Of(EndpointOf(spine, order)).EnterAsync(model.Id, model.ActiveTasks, default));
        Assert.NotEmpty(places);
        return places;
    }

    [Fact]
    public async Task No_more_orders_go_out_in_a_time_than_the_vendor_states()
    {
        FastClock clock = new();
        Pace pace = new();
        OrderRate rate = new(3, TimeSpan.FromSeconds(50));
        List<DateTimeOffset> sent = [];
        for (int i = 0; i < 7; i++)
        {
            await pace.WaitAsync(rate, clock, DateTimeOffset.MaxValue, null, default);
            sent.Add(clock.GetUtcNow());
        }

        // The fourth may go when the first is so long ago.
        Assert.All(Enumerable.Range(3, 4), i => Assert.True(sent[i] - sent[i - 3] >= rate.Per - TimeSpan.FromSeconds(1), $"{i}: {sent[i] - sent[i - 3]}"));
    }

    [Fact]
    public async Task A_wait_beyond_the_end_of_the_run_is_not_begun()
    {
        FastClock clock = new();
        Pace pace = new();
        List<TimeSpan> waits = [];
        pace.Hold(clock.GetUtcNow() + TimeSpan.FromHours(5));

        await pace.WaitAsync(null, clock, clock.GetUtcNow() + TimeSpan.FromHours(1), waits.Add, default);

        Assert.Empty(waits);
    }

    [Fact]
    public async Task Who_stops_waits_no_longer_and_took_no_place()
    {
        Pace pace = new();
        using IDisposable? only = await pace.EnterAsync("m", 1, default);
        using CancellationTokenSource stop = new();
        Task<IDisposable?> second = pace.EnterAsync("m", 1, stop.Token);
        Assert.False(second.IsCompleted);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);

        only!.Dispose();
        only.Dispose();
        using IDisposable? third = await pace.EnterAsync("m", 1, default);
        Assert.False(pace.EnterAsync("m", 1, default).IsCompleted, "a place that is given back twice is one place");
    }

    [Theory]
    [InlineData("x-ratelimit-remaining-requests", "0", "x-ratelimit-reset-requests", "6m0s", 360.0)]
    [InlineData("x-ratelimit-remaining-requests", "0", "x-ratelimit-reset-requests", "250ms", 0.25)]
    [InlineData("x-ratelimit-remaining-requests", "0", "x-ratelimit-reset-requests", "1h0m1.5s", 3601.5)]
    [InlineData("x-ratelimit-remaining-requests", "1", "x-ratelimit-reset-requests", "6m0s", null)]
    [InlineData("ratelimit-remaining", "0", "ratelimit-reset", "9", 9.0)]
    [InlineData("x-ratelimit-remaining", "0", "x-ratelimit-reset", "1772366430", 30.0)]
    [InlineData("x-ratelimit-remaining", "0", "x-ratelimit-reset", "1772366430000", 30.0)]
    [InlineData("x-ratelimit-remaining", "0", "x-ratelimit-reset", "1772366000", null)]
    [InlineData("x-ratelimit-remaining", "0", "x-ratelimit-reset", "soon", null)]
    [InlineData("x-ratelimit-remaining", "0", "x-ratelimit-reset", "99999999999999999999", null)]
    [InlineData("x-ratelimit-remaining", "0", "x-ratelimit-reset", "NaN", null)]
    [InlineData("x-ratelimit-remaining", "0", "x-ratelimit-reset", "-1", null)]
    [InlineData("x-ratelimit-remaining", "0", "x-ratelimit-reset", "0.5", 0.5)]
    [InlineData("x-ratelimit-remaining", "0", "x-other", "9", null)]
    public async Task With_nothing_remaining_the_reset_is_waited_for(string remaining, string left, string reset, string until, double? expected)
    {
        Pace pace = new();
        pace.Learn(VendorTools.Answer(200, "{}", 0, (remaining, left), (reset, until)), Now);
        List<TimeSpan> waits = [];
        StillClock clock = new();
        using CancellationTokenSource stop = new();

        Task wait = pace.WaitAsync(null, clock, DateTimeOffset.MaxValue, waits.Add, stop.Token);

        Assert.Equal(expected is { } seconds ? [TimeSpan.FromSeconds(seconds)] : Array.Empty<TimeSpan>(), waits);
        Assert.Equal(expected is null, wait.IsCompleted);
        await stop.CancelAsync();
    }

    [Fact]
    public void The_pace_is_that_of_an_account_at_an_address()
    {
        ProviderProfile bfl = ProviderRegistry.BuiltIn.Get("BFL").Profile, fal = ProviderRegistry.BuiltIn.Get("Fal").Profile;
        Uri address = new("https://example.com");
        Credential one = new("one", "test"), two = new("two", "test");

        Assert.Same(Pace.Of(new Endpoint(bfl, address, one)), Pace.Of(new Endpoint(bfl, new Uri("https://example.com"), new Credential("one", "elsewhere"))));
        Assert.NotSame(Pace.Of(new Endpoint(bfl, address, one)), Pace.Of(new Endpoint(bfl, address, two)));
        Assert.NotSame(Pace.Of(new Endpoint(bfl, address, one)), Pace.Of(new Endpoint(fal, address, one)));
        Assert.NotSame(Pace.Of(new Endpoint(bfl, address, one)), Pace.Of(new Endpoint(bfl, new Uri("https://example.org"), one)));
    }

    // Time stands.
    private sealed class StillClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
