using System.Text.Json.Nodes;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tasks;
using PSImageGen.Core.Tests.Support;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.FakeProviders.Images;

namespace PSImageGen.Core.Tests.Tasks;

/// <summary>What lies on disk, and when.</summary>
public class LedgerTests
{
    [Fact]
    public async Task A_record_has_the_fields_of_the_contract()
    {
        await using Spine spine = await Spine.StartAsync();
        string reference = Path.Combine(spine.State, "reference.png");
        Directory.CreateDirectory(spine.State);
        await File.WriteAllBytesAsync(reference, TinyImages.Make("png", 64, 64, "r"));
        Order order = Order.Bfl with { Prompt = "naïve “café” 灯台 👩‍🚀, \"quoted\"\nsecond line", BatchId = "batch-1", Seed = 7, References = [reference] };

        await spine.RunAsync(order);

        JsonNode record = spine.OnDisk(order);
        foreach (string field in new[]
        {
            "run_id", "batch_id", "task_id", "tasks", "status", "provider", "model", "operation", "prompt", "request", "quote", "cost", "requested", "delivered",
            "images", "parents", "error", "timestamps", "raw",
        })
            Assert.True(record.AsObject().ContainsKey(field), field);
        JsonObject image = record["images"]![0]!.AsObject();
        foreach (string field in new[] { "path", "url", "width", "height", "format", "sha256", "seed", "expires_at" })
            Assert.True(image.ContainsKey(field), field);

        Assert.Equal(order.RunId, (string?)record["run_id"]);
        Assert.Equal("batch-1", (string?)record["batch_id"]);
        Assert.Equal((string?)record["tasks"]![0]!["task_id"], (string?)record["task_id"]);
        Assert.Equal("Succeeded", (string?)record["status"]);
        Assert.Equal("Generate", (string?)record["operation"]);
        Assert.Equal(order.Prompt, (string?)record["prompt"]);
        Assert.Equal(order.Prompt, (string?)record["request"]!["prompt"]);
        Assert.Equal(reference, (string?)record["parents"]![0]!["path"]);
        Assert.Equal(7, (long)image["seed"]!);
        Assert.Equal("jpeg", (string?)image["format"]);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync((string)image["path"]!))), (string?)image["sha256"]);
        Assert.Equal("Ready", (string?)record["raw"]!["status"]);
        Assert.NotNull(image["expires_at"]);
        Assert.Contains("灯台", await File.ReadAllTextAsync(spine.PathOf(order)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Beside_the_record_lies_one_for_people_and_git_ignores_both()
    {
        await using Spine spine = await Spine.StartAsync();
        Order order = Order.Bfl with { Name = "a b", Prompt = "| pipes | and\n# lines" };

        RunReport report = await spine.RunAsync(order);

        string summary = await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(report.RecordPath)!, "result.md"));
        Assert.Contains("# Succeeded: BFL flux-2-pro", summary, StringComparison.Ordinal);
        Assert.Contains("> # lines", summary, StringComparison.Ordinal);
        Assert.Contains("(../../../a%20b.jpg)", summary, StringComparison.Ordinal);
        Assert.Equal("*\n", await File.ReadAllTextAsync(Path.Combine(spine.Folder, ".artifacts", ".gitignore")));
    }

    [Fact]
    public async Task The_raw_answer_holds_no_picture_data()
    {
        await using Spine spine = await Spine.StartAsync();

        RunReport report = await spine.RunAsync(Order.OpenAI);

        Assert.Equal("part:0", (string?)report.Record.Raw!["data"]![0]!["b64_json"]);
        Assert.InRange(new FileInfo(report.RecordPath).Length, 1, 20_000);
    }

    [Fact]
    public async Task Each_state_is_on_disk_before_the_next_step_begins()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Bfl.PollsUntilReady = 3;
        Order order = Order.Bfl;
        List<string> atVendor = [];
        foreach (FaultStage stage in new[] { FaultStage.Submit, FaultStage.Poll, FaultStage.Download })
            spine.Vendors.Faults.Add("BFL", stage, FaultKind.Hang);

        Task<RunReport> run = spine.RunAsync(order);
        for (int i = 1; i <= 3; i++)
        {
            // While the vendor is busy with a request the record tells of it already.
            await spine.Vendors.WaitUntilAsync(v => v.Hanging == 1, TimeSpan.FromSeconds(60));
            JsonNode record = spine.OnDisk(order);
            atVendor.Add($"{record["status"]} {(record["task_id"] is null ? "without" : "with")} id, {(record["tasks"]![0]!["handle"]?["status_url"] is null ? "without" : "with")} link");
            Assert.Equal(spine.PathOf(order), Assert.Single(spine.Index.Paths()));
            spine.Vendors.Release();
            await spine.Vendors.WaitUntilAsync(v => v.Hanging == 0, TimeSpan.FromSeconds(60));
        }

        Assert.Null((await run).Error);
        Assert.Equal(["Submitting without id, without link", "Queued with id, with link", "Downloading with id, with link"], atVendor);
        Assert.Empty(spine.Index.Paths());
    }

    [Fact]
    public async Task The_states_of_a_run_come_in_their_order()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Bfl.PollsUntilReady = 2;

        await spine.RunAsync(Order.Bfl);

        Assert.Equal(
            [ImageTaskStatus.Submitting, ImageTaskStatus.Queued, ImageTaskStatus.Running, ImageTaskStatus.Downloading, ImageTaskStatus.Succeeded],
            spine.Listener.Steps.Select(s => s.Status).Distinct());
    }

    [Fact]
    public async Task A_reader_always_finds_a_whole_record()
    {
        await using Spine spine = await Spine.StartAsync();
        Order order = Order.Bfl;
        using RunEntry entry = new Ledger(spine.Index, TimeProvider.System).Create(spine.Options(order), RecordOf(order));
        using CancellationTokenSource done = new();
        Task<int>[] readers = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            int read = 0;
            for (; !done.IsCancellationRequested || read == 0; read++)
                Assert.Equal(order.RunId, Ledger.Read(spine.PathOf(order)).RunId);
            return read;
        }))];

        try
        {
            for (int i = 0; i < 150; i++)
                entry.UpdateTask(0, t => t with { VendorStatus = new string('x', 50 * i) });
        }
        finally
        {
            await done.CancelAsync();
        }

        Assert.All(await Task.WhenAll(readers), read => Assert.True(read > 0));
        Assert.DoesNotContain(Directory.EnumerateFiles(spine.Folder, "*.tmp", SearchOption.AllDirectories), _ => true);
    }

    [Fact]
    public async Task Changes_from_many_sides_are_all_kept()
    {
        await using Spine spine = await Spine.StartAsync();
        Order order = Order.Bfl;
        RunRecord record = RecordOf(order) with { Tasks = [.. Enumerable.Range(0, 20).Select(_ => RecordOf(order).Tasks[0])] };
        using RunEntry entry = new Ledger(spine.Index, TimeProvider.System).Create(spine.Options(order), record);

        Parallel.For(0, 20, i => entry.UpdateTask(i, t => t with { Handle = new PSImageGen.Core.Providers.TaskHandle($"task-{i}"), Status = ImageTaskStatus.Queued }));

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"task-{i}"), Ledger.Read(spine.PathOf(order)).Tasks.Select(t => t.TaskId));
    }

    [Fact]
    public async Task Who_only_looks_at_a_run_does_not_keep_others_from_taking_it_up()
    {
        await using Spine spine = await Spine.StartAsync();
        Order order = Order.Bfl;
        Ledger ledger = new(spine.Index, TimeProvider.System);
        ledger.Create(spine.Options(order), RecordOf(order)).Dispose();
        using CancellationTokenSource done = new();
        Task[] readers = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
                Ledger.Read(spine.PathOf(order));
        }))];

        try
        {
            for (int i = 0; i < 100; i++)
                ledger.Open(spine.PathOf(order)).Dispose();
        }
        finally
        {
            await done.CancelAsync();
            await Task.WhenAll(readers);
        }
    }

    [Fact]
    public async Task Two_who_look_at_a_dead_run_at_once_both_see_that_it_is_dead()
    {
        await using Spine spine = await Spine.StartAsync();
        Order order = Order.Bfl;
        RunEntry entry = new Ledger(spine.Index, TimeProvider.System).Create(spine.Options(order), RecordOf(order));
        entry.UpdateTask(0, t => t with { Status = ImageTaskStatus.Submitting });
        entry.Dispose();

        Parallel.For(0, 400, _ => Assert.Equal(ImageTaskStatus.Unknown, Ledger.Read(spine.PathOf(order)).Status));
    }

    [Fact]
    public async Task A_run_id_that_exists_is_refused_before_anything_is_sent_and_names_resume()
    {
        await using Spine spine = await Spine.StartAsync();
        Order order = Order.Bfl;
        await spine.RunAsync(order);
        int submits = spine.Bfl.Submits;

        AIImageException e = await Assert.ThrowsAsync<AIImageException>(() => spine.RunAsync(order));

        Assert.Equal(ImageErrorId.InvalidRequest, e.Error.Id);
        Assert.Contains($"Resume-AIImageTask -RunId {order.RunId}", e.Error.Recommendation, StringComparison.Ordinal);
        Assert.Equal(spine.PathOf(order), e.Error.RecordPath);
        Assert.Equal(submits, spine.Bfl.Submits);
    }

    [Fact]
    public async Task Of_several_runs_with_one_id_at_once_one_is_sent()
    {
        await using Spine spine = await Spine.StartAsync();
        Order order = Order.Bfl;

        Task<RunReport>[] runs = [.. Enumerable.Range(0, 6).Select(_ => Task.Run(() => spine.RunAsync(order)))];
        await Task.WhenAll(runs.Select(r => Record.ExceptionAsync(() => r)));

        _ = Assert.Single(runs, r => r.IsCompletedSuccessfully);
        Assert.All(runs.Where(r => r.IsFaulted), r => Assert.Equal(ImageErrorId.InvalidRequest, ((AIImageException)r.Exception!.InnerException!).Error.Id));
        Assert.Equal(1, spine.Bfl.Submits);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{}")]
    [InlineData("{\"schema\":1,\"run_id\":\"x\",\"provider\":\"BFL\",\"model\":\"m\",\"tasks\":[]}")]
    [InlineData("{\"schema\":1,\"run_id\":\"x\",\"provider\":\"BFL\",\"model\":\"m\",\"quote\":null,\"destination\":null,\"tasks\":null}")]
    [InlineData("{\"schema\":1,\"run_id\":\"x\",\"provider\":\"BFL\",\"model\":\"m\",\"quote\":null,\"destination\":{\"name\":\"x\"},\"tasks\":[null]}")]
    public async Task A_record_that_is_none_is_said_to_be_none(string text)
    {
        await using Spine spine = await Spine.StartAsync();
        string path = new RunFolder(spine.Folder, "broken").RecordPath;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, text);

        AIImageException e = await Assert.ThrowsAsync<AIImageException>(() => spine.ResumeAsync(path));

        Assert.Equal(ImageErrorId.RecordInvalid, e.Error.Id);
        Assert.Equal(path, e.Error.RecordPath);
        Assert.NotEmpty(e.Error.Recommendation);
        Assert.Null(new Ledger(spine.Index, TimeProvider.System).Find("other", spine.Folder));
    }

    [Fact]
    public async Task A_record_of_a_later_version_is_not_guessed_at()
    {
        await using Spine spine = await Spine.StartAsync();
        RunReport report = await spine.RunAsync(Order.Bfl);
        await File.WriteAllTextAsync(report.RecordPath, (await File.ReadAllTextAsync(report.RecordPath)).Replace("\"schema\": 1", "\"schema\": 2", StringComparison.Ordinal));

        Assert.Equal(ImageErrorId.RecordInvalid, Assert.Throws<AIImageException>(() => Ledger.Read(report.RecordPath)).Error.Id);
    }

    [Theory]
    [InlineData("missing/outputs/result.json")]
    [InlineData("result.json")]
    public async Task A_path_where_no_record_lies_is_said_to_be_none(string path)
    {
        await using Spine spine = await Spine.StartAsync();

        AIImageException e = await Assert.ThrowsAsync<AIImageException>(() => spine.ResumeAsync(Path.Combine(spine.Folder, ".artifacts", path)));

        Assert.Equal(ImageErrorId.RecordInvalid, e.Error.Id);
    }

    [Fact]
    public async Task A_run_is_found_by_its_id_and_by_each_of_its_task_ids_here_and_elsewhere()
    {
        await using Spine spine = await Spine.StartAsync();
        RunReport report = await spine.RunAsync(Order.Bfl with { Count = 3, NoWait = true });
        Ledger ledger = new(spine.Index, TimeProvider.System);

        Assert.Equal(report.RecordPath, ledger.Find(report.Record.RunId, spine.Folder));
        Assert.All(report.Record.Tasks, t => Assert.Equal(report.RecordPath, ledger.Find(t.TaskId!, spine.Folder)));
        Assert.Equal(report.RecordPath, ledger.Find(report.Record.RunId, spine.Folder + "-elsewhere"));
        Assert.Equal(ImageErrorId.NotFound, Assert.Throws<AIImageException>(() => ledger.Get("no-such-run", spine.Folder)).Error.Id);
        Assert.Null(ledger.Find("../" + report.Record.RunId, spine.Folder));
    }

    [Fact]
    public async Task The_index_forgets_records_whose_folder_is_there_but_whose_file_is_gone()
    {
        await using Spine spine = await Spine.StartAsync();
        RunReport report = await spine.RunAsync(Order.Bfl with { NoWait = true });
        File.Delete(report.RecordPath);

        Assert.Empty(spine.Index.Paths());
        Assert.Empty(Directory.GetFiles(spine.State, "*.run", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task The_same_run_id_in_two_folders_is_two_runs()
    {
        await using Spine spine = await Spine.StartAsync();
        Ledger ledger = new(spine.Index, TimeProvider.System);
        foreach (string folder in new[] { "one", "two" })
            ledger.Create(new RunOptions(Path.Combine(spine.Folder, folder), runId: "same"), RecordOf(Order.Bfl) with { RunId = "same" }).Dispose();

        Assert.Equal(2, spine.Index.Paths().Count);
    }

    [Theory]
    [InlineData("the-folder")]
    [InlineData("a-folder-above")]
    [InlineData("the-ledger")]
    [InlineData("the-state-folder")]
    public async Task A_file_in_place_of_a_folder_is_an_error_before_anything_is_sent(string where)
    {
        await using Spine spine = await Spine.StartAsync();
        string path = where switch
        {
            "the-folder" => spine.Folder,
            "a-folder-above" => Path.GetDirectoryName(spine.Folder + "/x")!,
            "the-ledger" => Path.Combine(spine.Folder, ".artifacts"),
            _ => spine.State,
        };
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, "a file");
        Order order = Order.Bfl;
        RunOptions options = where == "a-folder-above" ? new(Path.Combine(spine.Folder, "below"), runId: order.RunId) : spine.Options(order);

        AIImageException e = await Assert.ThrowsAsync<AIImageException>(() => spine.Engine.RunAsync(spine.Approve(order), options, spine.Listener, default));

        Assert.Equal(ImageErrorId.ArtifactWriteFailed, e.Error.Id);
        Assert.NotEmpty(e.Error.Recommendation);
        Assert.False(e.Error.MayHaveBeenCharged);
        Assert.Empty(spine.Vendors.Requests);
    }

    [LinuxFact]
    public async Task A_folder_that_cannot_be_written_is_an_error_before_anything_is_sent()
    {
        await using Spine spine = await Spine.StartAsync();
        Order order = Order.Bfl;

        AIImageException e = await Assert.ThrowsAsync<AIImageException>(() =>
            spine.Engine.RunAsync(spine.Approve(order), new RunOptions("/proc/self/pictures"), spine.Listener, default));

        Assert.Equal(ImageErrorId.ArtifactWriteFailed, e.Error.Id);
        Assert.Empty(spine.Vendors.Requests);
    }

    [LinuxFact]
    public async Task A_paid_answer_that_meets_a_full_disk_is_delivered_all_the_same_where_there_is_room_elsewhere()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add("OpenAI", FaultStage.Submit, FaultKind.Hang);
        Order order = Order.OpenAI;
        Task<RunReport> run = spine.RunAsync(order);
        await spine.Vendors.WaitUntilAsync(v => v.Hanging == 1, TimeSpan.FromSeconds(60));
        File.CreateSymbolicLink(new RunFolder(spine.Folder, order.RunId).EmbeddedPart(0, 0), "/dev/full");
        spine.Vendors.Release();

        RunReport report = await run;

        Assert.Null(report.Error);
        Assert.Single(spine.Pictures());
    }

    [LinuxFact]
    public async Task A_paid_answer_for_which_there_is_no_room_anywhere_is_told_with_the_money()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add("OpenAI", FaultStage.Submit, FaultKind.Hang);
        Order order = Order.OpenAI;
        Task<RunReport> run = spine.RunAsync(order);
        await spine.Vendors.WaitUntilAsync(v => v.Hanging == 1, TimeSpan.FromSeconds(60));
        FillDisk(spine, order, new RunFolder(spine.Folder, order.RunId).EmbeddedPart(0, 0));
        spine.Vendors.Release();

        RunReport report = await run;

        Assert.Equal(ImageErrorId.ArtifactWriteFailed, report.Error!.Id);
        Assert.True(report.Error.MayHaveBeenCharged);
        Assert.Equal(ImageTaskStatus.Unknown, Ledger.Read(report.RecordPath).Status);
        Assert.Equal(1, spine.OpenAI.Submits);
    }

    [LinuxFact]
    public async Task A_disk_that_is_full_during_a_download_keeps_the_job_for_later()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add("BFL", FaultStage.Download, FaultKind.Hang);
        Order order = Order.Bfl;
        Task<RunReport> run = spine.RunAsync(order);
        await spine.Vendors.WaitUntilAsync(v => v.Hanging == 1, TimeSpan.FromSeconds(60));
        string part = new RunFolder(spine.Folder, order.RunId).DownloadedPart(0, 0);
        FillDisk(spine, order, part);
        spine.Vendors.Release();

        RunReport report = await run;
        Assert.Equal(ImageErrorId.ArtifactWriteFailed, report.Error!.Id);
        Assert.True(report.Error.MayHaveBeenCharged);
        Assert.Contains("Resume-AIImageTask", report.Error.Recommendation, StringComparison.Ordinal);
        Assert.Equal(ImageTaskStatus.Downloading, report.Record.Status);

        File.Delete(part);
        Assert.Null((await spine.ResumeAsync(report.RecordPath)).Error);
        Assert.Equal(1, spine.Bfl.BilledSubmits);
    }

    private static RunRecord RecordOf(Order order) => new()
    {
        RunId = order.RunId,
        Provider = "BFL",
        Model = "flux-2-pro",
        Prompt = order.Prompt,
        Quote = new Quote { Provider = "BFL", Model = "flux-2-pro", Operation = ImageOperation.Generate, Count = 1 },
        Requested = 1,
        Destination = new Destination("name"),
        Tasks = [new TaskRecord { Provider = "BFL", Model = "flux-2-pro", Count = 1 }],
    };

    // Neither the folder of the pictures nor the place for rescued ones takes a byte.
    private static void FillDisk(Spine spine, Order order, string part)
    {
        string rescued = Path.GetDirectoryName(new RunFolder(spine.Folder, order.RunId).Rescued(part))!;
        Directory.CreateDirectory(Path.GetDirectoryName(rescued)!);
        File.WriteAllText(rescued, "in the way");
        File.CreateSymbolicLink(part, "/dev/full");
    }
}
