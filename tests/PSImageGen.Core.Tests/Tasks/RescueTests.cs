using PSImageGen.Core.Engine;
using PSImageGen.Core.Tasks;
using PSImageGen.Core.Tests.Support;
using PSImageGen.FakeProviders.Faults;

namespace PSImageGen.Core.Tests.Tasks;

/// <summary>The id of an accepted job, when the disk fills up between the order and its answer.</summary>
public sealed class RescueTests
{
    [Fact]
    public async Task It_is_kept_in_the_state_folder_and_the_run_goes_on_when_there_is_room()
    {
        await using Spine spine = await Spine.StartAsync();
        Order order = Order.Bfl;

        RunReport report = await WithoutRoomAsync(spine, order);

        Assert.Equal((ImageErrorId.ArtifactWriteFailed, true), (report.Error!.Id, report.Error.MayHaveBeenCharged));
        Assert.Contains($"Resume-AIImageTask -RunId {order.RunId}", report.Error.Recommendation, StringComparison.Ordinal);
        Assert.NotNull(Ledger.Read(report.RecordPath).TaskId);

        MakeRoom(spine, order);
        RunReport resumed = await spine.ResumeAsync(report.RecordPath);

        Assert.Null(resumed.Error);
        Assert.Equal((1, 1), (resumed.Record.Delivered, spine.Bfl.Submits));
        Assert.Equal("Succeeded", (string?)spine.OnDisk(order)["status"]);
        Assert.False(Directory.Exists(new RunFolder(spine.Folder, order.RunId).RescueRoot));
    }

    [Fact]
    public async Task It_is_in_the_message_when_the_state_folder_has_no_room_either_and_typing_that_works()
    {
        await using Spine spine = await Spine.StartAsync();
        Order order = Order.Bfl;
        string rescue = new RunFolder(spine.Folder, order.RunId).RescueRoot;
        Directory.CreateDirectory(Path.GetDirectoryName(rescue)!);
        await File.WriteAllTextAsync(rescue, "in the way");

        RunReport report = await WithoutRoomAsync(spine, order);

        Assert.Equal((ImageErrorId.ArtifactWriteFailed, true), (report.Error!.Id, report.Error.MayHaveBeenCharged));
        Assert.False(string.IsNullOrEmpty(report.Error.TaskId));
        string[] typed = report.Error.Recommendation.Split(' ');
        Assert.Equal("BFL", typed[^1]);
        MakeRoom(spine, order);
        RunReport adopted = await spine.NewEngine().AdoptAsync("BFL", typed[Array.IndexOf(typed, "-TaskId") + 1].Trim('\''), spine.Options(Order.Bfl), spine.Listener, default);
        Assert.Null(adopted.Error);
        Assert.Equal(report.Error.TaskId, adopted.Record.TaskId);
        Assert.Equal(1, spine.Bfl.Submits);
    }

    [Fact]
    public async Task A_run_that_is_forgotten_leaves_nothing_there()
    {
        await using Spine spine = await Spine.StartAsync();
        Order order = Order.Bfl;
        RunReport report = await WithoutRoomAsync(spine, order);
        MakeRoom(spine, order);

        spine.NewEngine().Ledger.Remove(report.RecordPath);

        Assert.False(Directory.Exists(new RunFolder(spine.Folder, order.RunId).RescueRoot));
        Assert.Empty(Ledger.PathsIn(spine.Folder));
    }

    // The order is on its way when the folder of the record stops taking anything.
    private static async Task<RunReport> WithoutRoomAsync(Spine spine, Order order)
    {
        spine.Vendors.Faults.Add("BFL", FaultStage.Submit, FaultKind.Hang);
        Task<RunReport> run = spine.RunAsync(order);
        await spine.Vendors.WaitUntilAsync(v => v.Hanging == 1, TimeSpan.FromSeconds(60));
        string outputs = Path.GetDirectoryName(spine.PathOf(order))!;
        Directory.Move(outputs, outputs + "-gone");
        await File.WriteAllTextAsync(outputs, "in the way");
        spine.Vendors.Release();
        return await run;
    }

    private static void MakeRoom(Spine spine, Order order)
    {
        string outputs = Path.GetDirectoryName(spine.PathOf(order))!;
        File.Delete(outputs);
        Directory.Move(outputs + "-gone", outputs);
    }
}
