using PSImageGen.Core.Engine;
using PSImageGen.Core.Tests.Support;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.FakeProviders.Images;

namespace PSImageGen.Core.Tests.Engine;

/// <summary>Each picture goes to each vendor once, for as long as the vendor keeps it.</summary>
public class UploadTests
{
    [Theory]
    [InlineData("Replicate")]
    [InlineData("Fal")]
    [InlineData("CreatOK")]
    public async Task A_picture_that_several_runs_share_is_uploaded_once(string vendor)
    {
        await using Spine spine = await Spine.StartAsync();
        string picture = Save(spine, 700, 500, "shared");
        Order order = Order.From(vendor) with { References = [picture] };

        RunReport[] together = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => spine.RunAsync(order with { RunId = $"together-{i}" })));
        // Another engine over the same state is another process.
        using var later = spine.NewEngine();
        RunReport afterwards = await later.RunAsync(spine.Approve(order), new(spine.Folder), spine.Listener, CancellationToken.None);

        Assert.All(together.Append(afterwards), r => Assert.Null(r.Error));
        Assert.Equal(4, spine.Vendors.Count(vendor).Submits);
        Assert.Equal(1, Uploads(spine, vendor));
    }

    [Fact]
    public async Task Another_picture_and_another_key_are_uploaded_for_themselves()
    {
        await using Spine spine = await Spine.StartAsync();
        string first = Save(spine, 700, 500, "first"), second = Save(spine, 700, 500, "second");

        Assert.Null((await spine.RunAsync(Order.From("Replicate") with { References = [first, second, first] })).Error);

        Assert.Equal(2, Uploads(spine, "Replicate"));
    }

    [Fact]
    public async Task After_the_time_the_vendor_keeps_it_and_after_a_refused_order_it_is_uploaded_again()
    {
        await using Spine spine = await Spine.StartAsync();
        string picture = Save(spine, 700, 500, "again");
        Order order = Order.From("Replicate") with { References = [picture] };

        Assert.Null((await spine.RunAsync(order with { RunId = "one" })).Error);
        spine.Clock.Jump(TimeSpan.FromHours(24));
        Assert.Null((await spine.RunAsync(order with { RunId = "two" })).Error);
        Assert.Equal(2, Uploads(spine, "Replicate"));

        spine.Say("Replicate", FaultStage.Submit, 422, "the file is gone", times: 1);
        Assert.NotNull((await spine.RunAsync(order with { RunId = "three" })).Error);
        Assert.Null((await spine.RunAsync(order with { RunId = "four" })).Error);
        Assert.Equal(3, Uploads(spine, "Replicate"));
    }

    [Fact]
    public async Task An_upload_that_does_not_end_counts_as_waiting_and_nothing_is_ordered()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add("Fal", FaultStage.Upload, FaultKind.Hang, times: -1);

        RunReport report = await spine.RunAsync(Order.From("Fal") with { References = [Save(spine, 700, 500, "slow")], Timeout = TimeSpan.FromSeconds(5) });

        Assert.Equal(ImageErrorId.TimedOut, report.Error!.Id);
        Assert.False(report.Error.MayHaveBeenCharged);
        Assert.Equal(0, spine.Vendors.Count("Fal").Submits);
    }

    [Theory]
    [InlineData(401, true)]
    [InlineData(422, false)]
    public async Task A_vendor_that_does_not_take_the_picture_is_passed_over_as_one_that_does_not_take_the_order(int status, bool passed)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Say("Fal", FaultStage.Upload, status, null);
        Order order = new() { Provider = null, Preferred = ["Fal", "BFL"], References = [Save(spine, 700, 500, "unwanted")] };

        RunReport report = await spine.RunAsync(order);

        Assert.Equal((passed, passed ? 1 : 0), (report.Error is null, spine.Bfl.BilledSubmits));
        Assert.Equal(0, spine.Vendors.Count("Fal").Submits);
    }

    [Fact]
    public async Task A_job_that_fails_takes_its_upload_along_for_the_picture_may_be_gone_at_the_vendor()
    {
        await using Spine spine = await Spine.StartAsync();
        Order order = Order.From("Fal") with { References = [Save(spine, 700, 500, "gone")] };
        spine.Say("Fal", FaultStage.Result, 422, null, times: 1);

        Assert.NotNull((await spine.RunAsync(order with { RunId = "failing" })).Error);
        Assert.Null((await spine.RunAsync(order with { RunId = "next" })).Error);

        Assert.Equal(2, Uploads(spine, "Fal"));
    }

    [LinuxFact]
    public async Task Links_to_uploads_are_not_for_other_users_of_the_machine()
    {
        await using Spine spine = await Spine.StartAsync();

        Assert.Null((await spine.RunAsync(Order.From("Fal") with { References = [Save(spine, 700, 500, "mine")] })).Error);

        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(spine.State, "uploads")));
    }

    // The POST that begins an upload; the PUT of the bytes that some vendors take besides is not counted.
    private static int Uploads(Spine spine, string vendor) => spine.Vendors.Requests.Count(r => r.Vendor == vendor && r.Stage == FaultStage.Upload && r.Method == "POST");

    private static string Save(Spine spine, int width, int height, string text)
    {
        Directory.CreateDirectory(spine.State);
        string path = Path.Combine(spine.State, text + ".png");
        // Noise, so that it is too large to travel inside the order.
        Random random = new(text.GetHashCode(StringComparison.Ordinal));
        File.WriteAllBytes(path, TinyImages.PaintedPng(width, height, (_, _) => ((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256), (byte)255)));
        return path;
    }
}
