using System.Text.Json.Nodes;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Gate;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tasks;
using PSImageGen.Core.Tests.Support;
using PSImageGen.FakeProviders;
using PSImageGen.FakeProviders.Faults;
using CoreEngine = PSImageGen.Core.Engine.Engine;

namespace PSImageGen.Core.Tests.Engine;

/// <summary>The same batch again orders what is missing, and nothing twice.</summary>
public class BatchTests
{
    private const string Id = "spring";

    [Fact]
    public async Task What_is_delivered_is_given_again_and_costs_nothing()
    {
        await using Spine spine = await Spine.StartAsync();
        RunReport first = await OrderAsync(spine, "a fox", 0);

        RunReport again = await TakeUpAsync(spine, NewRow(spine, "a fox", 0).Claim()!);

        Assert.Equal(first.Record.Images, again.Record.Images);
        Assert.Null(again.Error);
        Assert.Equal((1, 1), (spine.Bfl.Submits, spine.Bfl.BilledSubmits));
    }

    [Fact]
    public async Task Rows_that_ask_for_the_same_are_each_made_and_each_found_again()
    {
        await using Spine spine = await Spine.StartAsync();
        Batch batch = NewBatch(spine);
        RunReport first = await OrderAsync(spine, "a fox", 0, batch), second = await OrderAsync(spine, "a fox", 1, batch);
        Assert.Equal(2, spine.Bfl.BilledSubmits);

        Batch later = NewBatch(spine);
        Assert.Equal(first.RecordPath, NewRow(spine, "a fox", 0, later).Claim());
        Assert.Equal(second.RecordPath, NewRow(spine, "a fox", 1, later).Claim());
        Assert.Null(NewRow(spine, "a fox", 2, later).Claim());
    }

    [Fact]
    public async Task A_row_that_has_moved_is_found_and_one_that_asks_for_something_else_is_new()
    {
        await using Spine spine = await Spine.StartAsync();
        RunReport fox = await OrderAsync(spine, "a fox", 0), owl = await OrderAsync(spine, "an owl", 1);

        Batch later = NewBatch(spine);
        Assert.Null(NewRow(spine, "a red fox", 0, later).Claim());
        Assert.Equal(fox.RecordPath, NewRow(spine, "a fox", 1, later).Claim());
        Assert.Equal(owl.RecordPath, NewRow(spine, "an owl", 2, later).Claim());
        Assert.Null(NewRow(spine, "a fox", 0, new Batch(spine.Engine.Ledger, "summer")).Claim());
    }

    [Fact]
    public async Task What_is_under_way_is_gone_on_with()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Bfl.PollsUntilReady = int.MaxValue;
        using CancellationTokenSource stop = new();
        Task<RunReport> run = OrderAsync(spine, "a fox", 0, stop: stop.Token);
        await spine.Vendors.WaitUntilAsync(v => v.Count("BFL").Polls > 1, TimeSpan.FromSeconds(60));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);

        spine.Vendors.Bfl.PollsUntilReady = 1;
        RunReport resumed = await TakeUpAsync(spine, NewRow(spine, "a fox", 0).Claim()!);

        Assert.Null(resumed.Error);
        Assert.Equal(1, resumed.Record.Delivered);
        Assert.Equal(1, spine.Bfl.BilledSubmits);
    }

    [Theory]
    [InlineData("OpenAI")]
    [InlineData("Replicate")]
    public async Task What_is_unknown_is_held_and_nothing_is_sent(string vendor)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = vendor, Stage = FaultStage.Submit, Kind = FaultKind.DropBeforeAnswer });
        RunReport lost = await OrderAsync(spine, "a fox", 0, vendor: vendor);
        Assert.Equal(ImageTaskStatus.Unknown, lost.Record.Status);
        int requests = spine.Vendors.Requests.Count;

        RunReport held = await TakeUpAsync(spine, NewRow(spine, "a fox", 0, vendor: vendor).Claim()!);

        Assert.Equal(ImageErrorId.OutcomeUnknown, held.Error!.Id);
        Assert.Contains("Resume-AIImageTask -RunId " + lost.Record.RunId, held.Error.Recommendation, StringComparison.Ordinal);
        Assert.Equal(requests, spine.Vendors.Requests.Count);
    }

    [Fact]
    public async Task What_failed_is_started_anew()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Say("BFL", FaultStage.Submit, 402, null, times: 1);
        RunReport failed = await OrderAsync(spine, "a fox", 0);
        Assert.Equal(ImageTaskStatus.Failed, failed.Record.Status);

        BatchRow row = NewRow(spine, "a fox", 0);
        Assert.Null(row.Claim());
        Assert.Null((await OrderAsync(spine, "a fox", 0)).Error);
        Assert.Equal(1, spine.Bfl.BilledSubmits);
    }

    [Fact]
    public async Task What_was_recorded_by_a_process_that_died_before_it_sent_anything_is_started_anew()
    {
        await using Spine spine = await Spine.StartAsync();
        Order order = Of("a fox");
        ApprovedCall call = spine.Approve(order);
        using (spine.Engine.Ledger.Create(spine.Options(order), NewRun.Of(call, spine.Options(order)) with { Content = ContentOf("a fox") }))
            Assert.Equal(spine.PathOf(order), NewRow(spine, "a fox", 0).Claim());

        Assert.Null(NewRow(spine, "a fox", 0).Claim());
        Assert.Equal(ImageTaskStatus.Canceled, Ledger.Read(spine.PathOf(order)).Status);
        Assert.Empty(spine.Index.Paths());
    }

    [Fact]
    public async Task Two_processes_with_the_same_batch_at_once_order_each_row_once()
    {
        await using Spine spine = await Spine.StartAsync();
        string[] prompts = ["a fox", "an owl", "a fox", "a bear"];
        // Both have looked, and both have been told yes, before either begins.
        (CoreEngine Engine, BatchRow Row, Order Order, ApprovedCall Call)[] both = [.. Enumerable.Range(0, 2).SelectMany(_ =>
        {
            CoreEngine engine = spine.NewEngine();
            Batch batch = NewBatch(spine);
            return prompts.Select((prompt, i) =>
            {
                Order order = Of(prompt);
                BatchRow row = NewRow(spine, prompt, i, batch, order: order);
                Assert.Null(row.Claim());
                return (engine, row, order, spine.Approve(order));
            }).ToArray();
        })];

        object[] ends = await Task.WhenAll(both.Select(async b =>
        {
            try
            {
                return (object)await b.Engine.RunAsync(b.Call, b.Row.Options, spine.Listener, default, b.Row);
            }
            catch (AIImageException e)
            {
                return e;
            }
        }));

        Assert.Equal(prompts.Length, ends.OfType<RunReport>().Count());
        Assert.All(ends.OfType<AIImageException>(), e => Assert.Equal((ImageErrorId.InvalidRequest, true), (e.Error.Id, e.Error.RunId is not null)));
        Assert.Equal(prompts.Length, spine.Bfl.BilledSubmits);
        Assert.Equal(prompts.Length, spine.Bfl.Submits);
    }

    [Fact]
    public async Task A_record_that_nobody_can_read_stops_the_row_because_it_may_be_its_own()
    {
        await using Spine spine = await Spine.StartAsync();
        RunReport first = await OrderAsync(spine, "a fox", 0);
        await File.WriteAllTextAsync(first.RecordPath, "{");

        AIImageException e = Assert.Throws<AIImageException>(() => NewRow(spine, "a fox", 0).Claim());

        Assert.Equal(ImageErrorId.RecordInvalid, e.Error.Id);
        Assert.Contains("Remove-AIImageTask", e.Error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_asked_for_is_told_apart_and_nothing_else()
    {
        RequestDraft draft = new() { Prompt = "a fox", ProviderOptions = new JsonObject { ["a"] = 1, ["b"] = new JsonObject { ["c"] = 2, ["d"] = 3 } } };
        RequestDraft turned = draft with { ProviderOptions = new JsonObject { ["b"] = new JsonObject { ["d"] = 3, ["c"] = 2 }, ["a"] = 1 } };
        string Mark(RequestDraft d, string? provider = null, string? model = null, ImageUseCase? useCase = null) => RowContent.Of(new ImageRequest(ImageOperation.Generate, d), provider, model, useCase);

        string mark = Mark(draft);
        Assert.Equal(mark, Mark(turned));
        Assert.Equal(mark, Mark(draft with { DefaultQuality = "high", DefaultFormat = ImageFormat.Png, SavePartials = true }));
        Assert.Equal(Mark(draft, "BFL"), Mark(draft, "bfl"));

        string[] others = [mark, Mark(draft, "BFL"), Mark(draft, null, "m"), Mark(draft, null, null, ImageUseCase.Speed), Mark(draft with { Prompt = "A fox" }), Mark(draft with { Count = 2 }),
            Mark(draft with { Seed = 1 }), Mark(draft with { Size = "64x64" }), Mark(draft with { Quality = "high" }), Mark(draft with { ProviderOptions = new JsonObject { ["a"] = 2 } })];
        Assert.Equal(others.Length, others.Distinct().Count());
    }

    [Fact]
    public void A_picture_that_goes_in_counts_by_its_bytes()
    {
        using TempPicture one = new(), same = new(), other = new(width: 80);
        File.Copy(one.Path, same.Path, overwrite: true);
        string Mark(string path) => RowContent.Of(new ImageRequest(ImageOperation.Img2Img, new RequestDraft { Prompt = "night", Image = path }), null, null, null);

        Assert.Equal(Mark(one.Path), Mark(same.Path));
        Assert.NotEqual(Mark(one.Path), Mark(other.Path));
    }

    [Fact]
    public async Task The_tally_tells_what_became_of_the_rows_and_what_was_spent()
    {
        await using Spine spine = await Spine.StartAsync();
        BatchTally tally = new(Id);
        RunReport made = await OrderAsync(spine, "a fox", 0);
        spine.Say("BFL", FaultStage.Submit, 402, null, times: 1);
        RunReport failed = await OrderAsync(spine, "an owl", 1);

        tally.Placed(made.RecordPath);
        tally.Placed("cut off");
        Assert.Contains("2 more were being ordered", tally.Describe(), StringComparison.Ordinal);
        tally.Started(made);
        tally.Started(failed);
        Assert.Contains("1 more were being ordered", tally.Describe(), StringComparison.Ordinal);
        tally.Ended("cut off");
        tally.Found(made.Record, made);
        tally.Found(made.Record with { Status = ImageTaskStatus.Running }, made);
        tally.Found(made.Record with { Status = ImageTaskStatus.Unknown });
        tally.Failed(new ImageError { Id = ImageErrorId.InvalidRequest, Message = "m", Recommendation = "r", RunId = "x" });
        tally.Failed(new ImageError { Id = ImageErrorId.NoProvider, Message = "m", Recommendation = "r" });
        tally.Failed(new ImageError { Id = ImageErrorId.BudgetExceeded, Message = "m", Recommendation = "r" });

        Assert.Equal($"Batch {Id}: delivered before 1, resumed 1, held 2, started 2, failed 2. This command spent {made.ToResult().Cost:0.####} {made.Record.Quote.Currency}.", tally.Describe());
        Assert.EndsWith("spent nothing.", new BatchTally(Id).Describe(), StringComparison.Ordinal);
    }

    private static Order Of(string prompt, string vendor = "BFL") => Order.From(vendor) with { Prompt = prompt, BatchId = Id };

    private static string ContentOf(string prompt, string vendor = "BFL") => RowContent.Of(Spine.Request(Of(prompt, vendor)), vendor, null, null);

    private static Batch NewBatch(Spine spine) => new(spine.Engine.Ledger, Id);

    private static BatchRow NewRow(Spine spine, string prompt, int index, Batch? batch = null, string vendor = "BFL", Order? order = null)
    {
        RunOptions options = new(spine.Folder, null, (order ?? Of(prompt, vendor)).RunId, Id, index, TimeSpan.FromHours(8));
        return (batch ?? NewBatch(spine)).Row(ContentOf(prompt, vendor), options);
    }

    private static async Task<RunReport> OrderAsync(Spine spine, string prompt, int index, Batch? batch = null, string vendor = "BFL", CancellationToken stop = default)
    {
        Order order = Of(prompt, vendor);
        BatchRow row = NewRow(spine, prompt, index, batch, vendor, order);
        return await spine.Engine.RunAsync(spine.Approve(order), row.Options, spine.Listener, stop, row);
    }

    private static Task<RunReport> TakeUpAsync(Spine spine, string path) => spine.NewEngine().TakeUpAsync(path, TimeSpan.FromHours(8), spine.Listener, default);
}
