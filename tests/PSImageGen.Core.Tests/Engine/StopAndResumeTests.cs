using System.Text.Json.Nodes;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Tasks;
using PSImageGen.Core.Tests.Support;
using PSImageGen.FakeProviders;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.FakeProviders.Images;
using CoreEngine = PSImageGen.Core.Engine.Engine;

namespace PSImageGen.Core.Tests.Engine;

/// <summary>Whatever ends a run early, nothing is paid twice and nothing paid for is lost.</summary>
public class StopAndResumeTests
{
    [Fact]
    public async Task A_stop_before_the_start_sends_nothing_and_records_nothing()
    {
        await using Spine spine = await Spine.StartAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => spine.RunAsync(Order.Bfl, new CancellationToken(canceled: true)));

        Assert.Empty(spine.Vendors.Requests);
        Assert.False(Directory.Exists(spine.Folder));
    }

    [Fact]
    public async Task A_job_that_was_left_while_the_vendor_worked_is_delivered_later_without_paying_again()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Bfl.PollsUntilReady = int.MaxValue;
        Order order = Order.Bfl with { Name = "left" };

        await spine.StopWhenAsync(order, v => v.Count("BFL").Polls > 1);

        RunRecord left = Ledger.Read(spine.PathOf(order));
        Assert.Equal(ImageTaskStatus.Running, left.Status);
        Assert.NotNull(left.TaskId);
        Assert.Equal(spine.PathOf(order), Assert.Single(spine.Index.Paths()));

        spine.Vendors.Bfl.PollsUntilReady = 1;
        RunReport resumed = await spine.ResumeAsync(spine.PathOf(order));
        Assert.Null(resumed.Error);
        Assert.Equal("left.jpg", Path.GetFileName(Assert.Single(spine.Pictures())));
        Assert.Equal((1, 1), (spine.Bfl.Submits, spine.Bfl.BilledSubmits));
        Assert.Empty(spine.Index.Paths());
    }

    [Fact]
    public async Task After_a_stop_what_waits_for_its_turn_is_never_sent()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Bfl.PollsUntilReady = int.MaxValue;
        Order order = Order.Bfl with { Count = 3 };

        await spine.StopWhenAsync(order, v => v.Count("BFL").Polls > 1, spine.NewEngine(throttle: 1));
        Assert.Equal(1, spine.Bfl.Submits);

        spine.Vendors.Bfl.PollsUntilReady = 1;
        RunReport resumed = await spine.ResumeAsync(spine.PathOf(order));
        Assert.Equal((3, 1), (resumed.Record.Requested, resumed.Record.Delivered));
        Assert.NotNull(resumed.Error);
        Assert.Equal(1, spine.Bfl.Submits);
    }

    [Fact]
    public async Task A_stop_during_the_wait_after_a_rate_limit_sends_nothing_more()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault
        {
            Vendor = "OpenAI",
            Stage = FaultStage.Submit,
            Kind = FaultKind.Status,
            Status = 429,
            Times = -1,
            Headers = new Dictionary<string, string> { ["Retry-After"] = "20000" },
        });
        Order order = Order.OpenAI;

        await spine.StopWhenAsync(order, v => v.Count("OpenAI").Submits == 1 && Planned());

        Assert.Equal(ImageTaskStatus.Canceled, Ledger.Read(spine.PathOf(order)).Status);
        RunReport resumed = await spine.ResumeAsync(spine.PathOf(order));
        Assert.Contains("nothing", resumed.Error!.Message, StringComparison.Ordinal);
        Assert.False(resumed.Error.MayHaveBeenCharged);
        Assert.Equal(1, spine.OpenAI.Submits);

        bool Planned() => spine.Listener.Texts.Any(t => t.Contains("Sending again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_answer_in_flight_at_a_stop_is_still_read_to_disk_while_the_process_lives()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add("OpenAI", FaultStage.Submit, FaultKind.Hang);
        Order order = Order.OpenAI with { Count = 12 };
        CoreEngine engine = spine.NewEngine(throttle: 1);

        // The caller is released although the vendor has not answered.
        await spine.StopWhenAsync(order, v => v.Hanging == 1, engine);
        engine.Dispose();
        Assert.Empty(spine.Pictures());

        spine.Vendors.Release();
        await Spine.UntilAsync(() => Ledger.Read(spine.PathOf(order)).Status == ImageTaskStatus.Succeeded && spine.Index.Paths().Count == 0);
        RunRecord record = Ledger.Read(spine.PathOf(order));
        int delivered = record.Tasks.Single(t => t.Status == ImageTaskStatus.Succeeded).Count;
        Assert.Equal(delivered, spine.Pictures().Length);
        Assert.Equal(1, record.Tasks.Count(t => t.Status == ImageTaskStatus.Canceled));
        Assert.Equal(1, spine.OpenAI.Submits);
    }

    [Theory]
    [InlineData("OpenAI")]
    [InlineData("BFL")]
    public async Task An_order_whose_sender_died_reads_as_unknown_and_is_never_sent_again(string vendor)
    {
        await using Spine spine = await Spine.StartAsync();
        string dead = await DiedWhileSendingAsync(spine, Order.From(vendor));

        Assert.Equal("Submitting", (string?)JsonNode.Parse(File.ReadAllText(dead))!["status"]);
        Assert.Equal(ImageTaskStatus.Unknown, Ledger.Read(dead).Status);

        RunReport resumed = await spine.ResumeAsync(dead);
        Assert.Equal(ImageErrorId.OutcomeUnknown, resumed.Error!.Id);
        Assert.True(resumed.Error.MayHaveBeenCharged);
        Assert.Equal(ImageTaskStatus.Unknown, resumed.Record.Status);
        Assert.Equal(1, spine.Vendors.Count(vendor).Submits);
    }

    [Fact]
    public async Task Pictures_that_had_arrived_whole_before_the_process_died_are_adopted()
    {
        await using Spine spine = await Spine.StartAsync();
        string dead = await DiedWhileSendingAsync(spine, Order.OpenAI with { Count = 3, Name = "saved" });
        string parts = RunFolder.OfRecord(dead)!.Parts;
        await File.WriteAllBytesAsync(Path.Combine(parts, "0-answer-0.part"), TinyImages.Make("webp", 816, 816, "a"));
        await File.WriteAllBytesAsync(Path.Combine(parts, "0-answer-1.part"), TinyImages.Make("png", 816, 816, "b"));
        await File.WriteAllBytesAsync(Path.Combine(parts, "0-answer-2.part"), TinyImages.Make("png", 816, 816, "c")[..500]);

        RunReport resumed = await spine.ResumeAsync(dead);

        Assert.Equal(2, resumed.Record.Delivered);
        Assert.NotNull(resumed.Error);
        Assert.True(resumed.Error.MayHaveBeenCharged);
        Assert.Equal(["saved-1.webp", "saved-2.png"], resumed.ToResult().Images.Select(i => Path.GetFileName(i.Path)));
        Assert.Equal(1, spine.OpenAI.Submits);
    }

    [Fact]
    public async Task A_part_that_somebody_else_holds_stays_for_the_next_time()
    {
        await using Spine spine = await Spine.StartAsync();
        Order order = Order.OpenAI;
        spine.Vendors.Faults.Add("OpenAI", FaultStage.Submit, FaultKind.DropBeforeAnswer);
        RunReport report = await spine.RunAsync(order);
        string part = new RunFolder(spine.Folder, order.RunId).EmbeddedPart(0, 0);
        Directory.CreateDirectory(Path.GetDirectoryName(part)!);
        await File.WriteAllBytesAsync(part, TinyImages.Make("png", 816, 816, "a"));

        using (new FileStream(part, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            Assert.Equal(ImageTaskStatus.Unknown, (await spine.ResumeAsync(report.RecordPath)).Record.Status);

        Assert.Equal(1, (await spine.ResumeAsync(report.RecordPath)).Record.Delivered);
    }

    [Fact]
    public async Task Of_an_answer_that_broke_off_the_whole_pictures_are_saved()
    {
        await using Spine spine = await Spine.StartAsync();
        string Picture(string text) => $$"""{"b64_json":"{{Convert.ToBase64String(TinyImages.Make("png", 40, 30, text))}}"}""";
        string body = $$"""{"data":[{{Picture("a")}},{{Picture("b")}},{{Picture("c")[..60]}}""";
        spine.Vendors.Faults.Add(new Fault { Vendor = "OpenAI", Stage = FaultStage.Submit, Kind = FaultKind.WrongBody, Body = body });

        RunReport report = await spine.RunAsync(Order.OpenAI with { Count = 4 });
        Assert.Equal((ImageErrorId.InvalidResponse, ImageTaskStatus.Unknown), (report.Error!.Id, report.Record.Status));
        RunReport resumed = await spine.ResumeAsync(report.RecordPath);

        Assert.Equal(2, resumed.Record.Delivered);
        Assert.Equal(2, spine.Pictures().Length);
        Assert.NotNull(resumed.Error);
        Assert.Equal(1, spine.OpenAI.Submits);
    }

    [Theory]
    [InlineData("BFL", 3)]
    [InlineData("OpenAI", 2)]
    public async Task A_process_killed_at_any_step_leaves_a_record_from_which_nothing_is_paid_again(string vendor, int count)
    {
        await using Spine spine = await Spine.StartAsync();
        Order order = Order.From(vendor) with { Count = count, Name = "killed" };
        List<string> snapshots = [];
        Lock one = new();
        spine.Listener.OnStep = _ =>
        {
            lock (one)
            {
                snapshots.Add($"{spine.Folder}-killed-{snapshots.Count}");
                CopyFolder(spine.Folder, snapshots[^1]);
            }
        };
        RunReport report = await spine.RunAsync(order);
        spine.Listener.OnStep = null;
        Assert.Null(report.Error);
        int submits = spine.Vendors.Count(vendor).Submits;

        foreach (string snapshot in snapshots)
        {
            string path = Assert.Single(Ledger.PathsIn(snapshot));
            RunRecord before = Ledger.Read(path);
            RunReport after = await spine.ResumeAsync(path);

            Assert.Equal(submits, spine.Vendors.Count(vendor).Submits);
            for (int i = 0; i < before.Tasks.Count; i++)
            {
                ImageTaskStatus expected = before.Tasks[i].Status switch
                {
                    ImageTaskStatus.Planned => ImageTaskStatus.Canceled,
                    ImageTaskStatus.Unknown => ImageTaskStatus.Unknown,
                    _ => ImageTaskStatus.Succeeded,
                };
                Assert.Equal(expected, after.Record.Tasks[i].Status);
            }

            Assert.Equal(after.Record.Tasks.Any(t => t.Status == ImageTaskStatus.Unknown), after.Error is { Id: ImageErrorId.OutcomeUnknown });
            Assert.Equal(after.Record.Tasks.Where(t => t.Status == ImageTaskStatus.Succeeded).Sum(t => t.Count), after.Record.Delivered);
        }

        Assert.Contains(snapshots, s => Ledger.Read(Ledger.PathsIn(s)[0]).Status == ImageTaskStatus.Unknown);
        Assert.Contains(snapshots, s => Ledger.Read(Ledger.PathsIn(s)[0]).Status == ImageTaskStatus.Succeeded);
    }

    [Fact]
    public async Task Going_on_with_a_finished_run_gives_its_result_again_at_no_cost()
    {
        await using Spine spine = await Spine.StartAsync();
        RunReport report = await spine.RunAsync(Order.Bfl with { Count = 2 });
        int requests = spine.Vendors.Requests.Count;

        RunReport again = await spine.ResumeAsync(report.RecordPath);

        Assert.Null(again.Error);
        Assert.Equal(report.ToResult().Images.Select(i => i.Sha256), again.ToResult().Images.Select(i => i.Sha256));
        Assert.Equal(requests, spine.Vendors.Requests.Count);
    }

    [Fact]
    public async Task Going_on_with_a_failed_run_gives_its_error_again()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add("OpenAI", FaultStage.Submit, FaultKind.Refuse);
        RunReport report = await spine.RunAsync(Order.OpenAI);

        RunReport again = await spine.ResumeAsync(report.RecordPath);

        Assert.Equal(report.Error, again.Error);
        Assert.Equal(1, spine.OpenAI.Submits);
    }

    [Fact]
    public async Task Only_one_at_a_time_looks_after_a_run()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Bfl.PollsUntilReady = int.MaxValue;
        Order order = Order.Bfl;
        Task<RunReport> run = spine.RunAsync(order);
        await spine.Vendors.WaitUntilAsync(v => v.Count("BFL").Polls > 0, TimeSpan.FromSeconds(60));

        AIImageException e = await Assert.ThrowsAsync<AIImageException>(() => spine.ResumeAsync(spine.PathOf(order)));
        Assert.Equal(ImageErrorId.InvalidRequest, e.Error.Id);
        Assert.Contains("another command", e.Error.Message, StringComparison.Ordinal);
        RunReport asked = await spine.NewEngine().AskAsync(spine.PathOf(order), spine.Listener, default);
        Assert.Null(asked.Error);

        spine.Vendors.Bfl.PollsUntilReady = 1;
        Assert.Null((await run).Error);
    }

    [Fact]
    public async Task Many_who_go_on_with_the_same_run_at_once_bring_one_picture()
    {
        await using Spine spine = await Spine.StartAsync();
        RunReport left = await spine.RunAsync(Order.Bfl with { NoWait = true });

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            try
            {
                await spine.ResumeAsync(left.RecordPath);
            }
            catch (AIImageException e)
            {
                Assert.Equal(ImageErrorId.InvalidRequest, e.Error.Id);
            }
        }));

        Assert.Single(spine.Pictures());
        Assert.Equal(ImageTaskStatus.Succeeded, Ledger.Read(left.RecordPath).Status);
        Assert.Equal((1, 1), (spine.Bfl.Submits, spine.Bfl.Downloads));
    }

    [Fact]
    public async Task A_download_is_finished_later_even_without_the_key()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.AddStatus("BFL", FaultStage.Download, 500, times: 5);
        RunReport left = await spine.RunAsync(Order.Bfl);
        Assert.Equal(ImageTaskStatus.Downloading, left.Record.Status);
        spine.Variables["BFL_API_KEY"] = null;

        Assert.Null((await spine.ResumeAsync(left.RecordPath)).Error);
    }

    [Fact]
    public async Task A_job_cannot_be_asked_for_without_the_key_and_is_kept()
    {
        await using Spine spine = await Spine.StartAsync();
        RunReport left = await spine.RunAsync(Order.Bfl with { NoWait = true });
        string? key = spine.Variables["BFL_API_KEY"];
        spine.Variables["BFL_API_KEY"] = null;

        AIImageException e = await Assert.ThrowsAsync<AIImageException>(() => spine.ResumeAsync(left.RecordPath));
        Assert.Equal(ImageErrorId.CredentialMissing, e.Error.Id);

        spine.Variables["BFL_API_KEY"] = key;
        Assert.Null((await spine.ResumeAsync(left.RecordPath)).Error);
    }

    // The ledger as a process leaves it that dies while its order is under way: a copy, which no lock holds.
    private static async Task<string> DiedWhileSendingAsync(Spine spine, Order order)
    {
        spine.Vendors.Faults.Add(order.Provider!, FaultStage.Submit, FaultKind.Hang);
        string copy = spine.Folder + "-dead";
        await spine.StopWhenAsync(order, v => v.Hanging == 1 && Copied());
        return new RunFolder(copy, order.RunId).RecordPath;

        bool Copied()
        {
            CopyFolder(spine.Folder, copy);
            return true;
        }
    }

    private static void CopyFolder(string from, string to)
    {
        foreach (string folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            if (file.EndsWith(".lock", StringComparison.Ordinal) || file.EndsWith(".tmp", StringComparison.Ordinal))
                continue;
            try
            {
                File.Copy(file, target, overwrite: true);
            }
            catch (IOException) when (file.EndsWith(".part", StringComparison.Ordinal))
            {
                // Another task is writing or moving it just now.
            }
        }
    }
}
