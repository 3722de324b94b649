using System.Security.Cryptography;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Tasks;
using PSImageGen.Core.Tests.Support;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.FakeProviders.Log;

namespace PSImageGen.Core.Tests.Engine;

/// <summary>Whatever goes wrong in whatever order: nothing is paid twice, nothing paid for is lost.</summary>
public class FaultScheduleTests
{
    private const int Seeds = 350;

    // Where each vendor can fail, and what a status there may say besides its usual words.
    private static readonly (string Vendor, FaultStage[] Stages, string[] Words)[] Vendors =
    [
        ("OpenAI", [FaultStage.Submit], []),
        ("WellAPI", [FaultStage.Submit], []),
        ("BFL", [FaultStage.Submit, FaultStage.Poll, FaultStage.Poll, FaultStage.Download, FaultStage.Download], ["Error", "Content Moderated", "Task not found", "Hm"]),
        ("CreatOK", [FaultStage.Submit, FaultStage.Poll, FaultStage.Poll, FaultStage.Download, FaultStage.Download], ["failed", "canceled", "expired", "Hm"]),
        ("Replicate", [FaultStage.Submit, FaultStage.Poll, FaultStage.Poll, FaultStage.Download, FaultStage.Query], ["failed", "canceled", "aborted", "Hm"]),
        ("Fal", [FaultStage.Submit, FaultStage.Stream, FaultStage.Poll, FaultStage.Result, FaultStage.Download, FaultStage.Query], ["Hm"]),
        ("SkillsVideo", [FaultStage.Submit, FaultStage.Stream, FaultStage.Poll, FaultStage.Download, FaultStage.Query], ["FAILED", "CANCELED", "Hm"]),
    ];

    private static readonly FaultKind[] WithPlace = [FaultKind.DropMidAnswer, FaultKind.Truncate, FaultKind.Hang];

    private static readonly FaultKind[] Anywhere =
    [
        FaultKind.Status, FaultKind.Status, FaultKind.DropBeforeRead, FaultKind.DropBeforeAnswer, FaultKind.DropMidAnswer, FaultKind.Truncate, FaultKind.WrongContent, FaultKind.Delay,
    ];

    private static readonly int[] Statuses = [400, 401, 402, 404, 408, 409, 422, 429, 429, 500, 502, 503, 503];

    [Fact]
    public async Task Under_fifty_schedules_of_faults_and_stops_at_each_vendor_every_billed_submit_is_accounted_for_and_none_is_billed_twice()
    {
        List<string> broken = [];
        await Parallel.ForEachAsync(Enumerable.Range(1, Seeds), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (seed, _) =>
        {
            foreach (string what in await PlayAsync(seed))
            {
                lock (broken)
                    broken.Add($"seed {seed}: {what}");
            }
        });

        Assert.True(broken.Count == 0, string.Join(Environment.NewLine, broken));
    }

    private static async Task<IReadOnlyList<string>> PlayAsync(int seed)
    {
        Random random = new(seed);
        await using Spine spine = await Spine.StartAsync();
        (string vendor, FaultStage[] stages, string[] words) = Vendors[seed % Vendors.Length];
        Order order = Order.From(vendor) with { Count = vendor == "OpenAI" ? random.Next(1, 13) : random.Next(1, 5), Format = vendor == "OpenAI" ? ImageFormat.Jpeg : null, Name = "picture" };
        spine.Vendors.Bfl.PollsUntilReady = spine.Vendors.CreatOK.PollsUntilReady = spine.Vendors.Replicate.PollsUntilDone = random.Next(1, 4);
        List<string> schedule = AddFaults(spine, order, stages, words, random);
        int stopAfter = random.Next(2) == 0 ? random.Next(1, 12) : int.MaxValue;

        using CancellationTokenSource stop = new();
        int steps = 0;
        spine.Listener.OnStep = _ =>
        {
            if (Interlocked.Increment(ref steps) == stopAfter)
                stop.Cancel();
        };
        await EndAsync(spine, spine.RunAsync(spine.NewEngine(random.Next(1, 4)), order, stop.Token));

        // First with the faults that are left, then in peace, each time as a new process would.
        for (int round = 0; round < 6; round++)
        {
            await Spine.UntilAsync(() => !RunLock.IsHeld(RunFolder.OfRecord(spine.PathOf(order))!));
            if (!File.Exists(spine.PathOf(order)))
                break;
            if (round == 2)
                spine.Vendors.Faults.Clear();
            if (Ledger.Read(spine.PathOf(order)).Status.IsSettled())
                break;
            await EndAsync(spine, spine.ResumeAsync(spine.PathOf(order)));
        }

        return [.. Judge(spine, order).Select(what => $"{what} ({order.Provider} x{order.Count}, stop after {stopAfter}; {string.Join("; ", schedule)})")];
    }

    private static List<string> AddFaults(Spine spine, Order order, FaultStage[] stages, string[] words, Random random)
    {
        List<string> schedule = [];
        for (int i = random.Next(0, 5); i > 0; i--)
        {
            FaultStage stage = stages[random.Next(stages.Length)];
            FaultKind kind = random.Next(6) > 0
                ? Anywhere[random.Next(Anywhere.Length)]
                : stage switch
                {
                    FaultStage.Submit => random.Next(4) switch { 0 => FaultKind.Hang, 1 => FaultKind.StatusAfterBilling, 2 => FaultKind.Refuse, _ => FaultKind.FewerImages },
                    FaultStage.Poll => FaultKind.PollStatus,
                    FaultStage.Stream => random.Next(3) switch { 0 => FaultKind.NoStream, 1 => FaultKind.BareEnd, _ => FaultKind.NoBlankLine },
                    FaultStage.Download => FaultKind.Expired,
                    _ => FaultKind.Hang,
                };
            Fault fault = new()
            {
                Vendor = order.Provider,
                Stage = stage,
                Kind = kind,
                Status = kind is FaultKind.Status ? Statuses[random.Next(Statuses.Length)] : null,
                TaskStatus = kind is FaultKind.PollStatus ? words[random.Next(words.Length)] : null,
                AfterEvents = order.Provider is "Fal" or "SkillsVideo" && WithPlace.Contains(kind) && random.Next(2) == 0 ? random.Next(3) : null,
                Times = random.Next(1, 4),
                After = random.Next(0, 4),
                DelayMs = 20,
            };
            spine.Vendors.Faults.Add(fault);
            schedule.Add($"{fault.Stage} {fault.Kind} {fault.Status}{fault.TaskStatus}{fault.AfterEvents} x{fault.Times} after {fault.After}");
        }

        return schedule;
    }

    // Waits for the end of a run, in which nobody waits for ever: what hangs is overtaken by the clock.
    private static async Task EndAsync(Spine spine, Task<RunReport> run)
    {
        while (await Task.WhenAny(run, Task.Delay(20)) != run)
        {
            if (spine.Vendors.Hanging > 0)
                spine.Clock.Jump(TimeSpan.FromDays(1));
        }

        Exception? exception = await Record.ExceptionAsync(() => run);
        Assert.True(exception is null or OperationCanceledException, exception?.ToString());
        while (spine.Vendors.Hanging > 0)
        {
            spine.Clock.Jump(TimeSpan.FromDays(1));
            await Task.Delay(5);
        }
    }

    private static IEnumerable<string> Judge(Spine spine, Order order)
    {
        VendorCounts books = spine.Vendors.Count(order.Provider!);
        if (!File.Exists(spine.PathOf(order)))
        {
            if (books.Submits > 0)
                yield return "sent, and not on record";
            yield break;
        }

        RunRecord record = Ledger.Read(spine.PathOf(order));
        TaskRecord[] sent = [.. record.Tasks.Where(t => t.Sends > 0)];
        TaskRecord[] mayBeBilled = [.. record.Tasks.Where(t => t.Status is ImageTaskStatus.Succeeded or ImageTaskStatus.Unknown || t.IsOpen || (t.Status is ImageTaskStatus.Failed or ImageTaskStatus.Canceled && t.Error is { MayHaveBeenCharged: true }))];
        if (books.BilledSubmits > sent.Length)
            yield return $"{books.BilledSubmits} billed submits for {sent.Length} tasks";
        if (books.BilledSubmits > mayBeBilled.Length)
            yield return $"{books.BilledSubmits} billed submits, {mayBeBilled.Length} accounted for";
        if (books.Submits > record.Tasks.Sum(t => t.Sends))
            yield return $"{books.Submits} orders sent, {record.Tasks.Sum(t => t.Sends)} on record";
        if (record.Tasks.Any(t => t.Status is ImageTaskStatus.Planned or ImageTaskStatus.Submitting))
            yield return "a task is neither sent nor given up";
        if (record.Tasks.Any(t => t.IsOpen && t.Handle is null))
            yield return "an open task without a way back to it";
        if (record.Tasks.Where(t => t.Handle is not null).Select(t => t.TaskId).Distinct().Count() != record.Tasks.Count(t => t.Handle is not null))
            yield return "one task id twice";
        if (record.Tasks.Any(t => t.Status is ImageTaskStatus.Unknown or ImageTaskStatus.Failed && t.Error is null))
            yield return "an end without a reason";

        string[] pictures = spine.Pictures();
        if (pictures.Length != record.Delivered || !pictures.SequenceEqual(record.Images.Select(i => i.Path).Order(StringComparer.Ordinal)))
            yield return $"{pictures.Length} pictures in the folder, {record.Delivered} delivered, {record.Images.Count} on record";
        if (record.Images.Any(i => !File.Exists(i.Path) || Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(i.Path))) != i.Sha256))
            yield return "a picture is not what the record says";
        if (record.Delivered > books.BilledImages)
            yield return $"{record.Delivered} delivered, {books.BilledImages} billed";
        if (record.Delivered < record.Requested && record.Error is null)
            yield return $"{record.Delivered} of {record.Requested} and no word why";
        if (record.Status.IsSettled() == spine.Index.Paths().Contains(spine.PathOf(order)))
            yield return $"{record.Status} and {(record.Status.IsSettled() ? "still" : "not")} in the index";
        foreach (Violation violation in spine.Vendors.Violations)
            yield return violation.ToString();
    }
}
