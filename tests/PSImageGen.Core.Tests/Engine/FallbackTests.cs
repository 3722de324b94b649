using PSImageGen.Core.Engine;
using PSImageGen.Core.Tests.Support;
using PSImageGen.FakeProviders.Faults;

namespace PSImageGen.Core.Tests.Engine;

/// <summary>The next provider is asked only on proof that the one before took nothing.</summary>
public class FallbackTests
{
    // OpenAI leads, BFL is the next.
    private static Order Both => new() { Provider = null, Preferred = ["OpenAI", "BFL"] };

    [Theory]
    [InlineData(401, null)]
    [InlineData(403, null)]
    [InlineData(404, null)]
    [InlineData(429, null)]
    [InlineData(429, "insufficient_quota")]
    [InlineData(503, null)]
    public async Task After_a_proof_that_nothing_was_taken_the_next_one_makes_it_and_is_named(int status, string? code)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "OpenAI", Stage = FaultStage.Submit, Kind = FaultKind.Status, Status = status, Code = code, Times = -1 });

        RunReport report = await spine.RunAsync(Both with { Count = 2 });

        Assert.Null(report.Error);
        Assert.Equal(("BFL", "flux-2-pro"), (report.ToResult().Provider, report.ToResult().Model));
        Assert.Equal(("BFL", "flux-2-pro"), (report.Record.Quote.Provider, report.Record.Quote.Model));
        Assert.Equal(["OpenAI", "BFL", "BFL"], report.Record.Tasks.Select(t => t.Provider));
        Assert.Equal(2, spine.Pictures().Length);
        Assert.Equal((0, 2), (spine.OpenAI.BilledSubmits, spine.Bfl.BilledSubmits));
        Assert.Contains(spine.Listener.Texts, t => t.Contains("Trying BFL instead", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_vendor_that_cannot_be_reached_is_passed_over()
    {
        await using Spine spine = await Spine.StartAsync();
        using System.Net.Sockets.Socket taken = new(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        taken.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        spine.Variables["OPENAI_BASE_URL"] = $"http://127.0.0.1:{((System.Net.IPEndPoint)taken.LocalEndPoint!).Port}/v1";

        RunReport report = await spine.RunAsync(Both);

        Assert.Equal("BFL", report.ToResult().Provider);
    }

    [Theory]
    [InlineData(FaultKind.Status, 500)]
    [InlineData(FaultKind.Status, 502)]
    [InlineData(FaultKind.Status, 504)]
    [InlineData(FaultKind.Status, 408)]
    [InlineData(FaultKind.Status, 400)]
    [InlineData(FaultKind.Status, 413)]
    [InlineData(FaultKind.Status, 422)]
    [InlineData(FaultKind.StatusAfterBilling, 500)]
    [InlineData(FaultKind.DropBeforeAnswer, 0)]
    [InlineData(FaultKind.DropMidAnswer, 0)]
    [InlineData(FaultKind.Truncate, 0)]
    [InlineData(FaultKind.WrongContent, 0)]
    [InlineData(FaultKind.Redirect, 307)]
    [InlineData(FaultKind.Refuse, 0)]
    [InlineData(FaultKind.FewerImages, 0)]
    public async Task After_anything_else_nobody_else_is_asked(FaultKind kind, int status)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "OpenAI", Stage = FaultStage.Submit, Kind = kind, Status = status == 0 ? null : status, Times = -1 });

        RunReport report = await spine.RunAsync(Both with { Count = 2 });

        Assert.NotNull(report.Error);
        Assert.Equal("OpenAI", report.Record.Provider);
        Assert.Equal(0, spine.Bfl.Submits);
    }

    [Theory]
    [InlineData("Request Moderated")]
    [InlineData("Error")]
    public async Task After_acceptance_nobody_else_is_asked(string word)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "BFL", Stage = FaultStage.Submit, Kind = FaultKind.PollStatus, TaskStatus = word });

        RunReport report = await spine.RunAsync(Both with { Preferred = ["BFL", "OpenAI"] });

        Assert.NotNull(report.Error);
        Assert.Equal((1, 0), (spine.Bfl.Submits, spine.OpenAI.Submits));
    }

    [Fact]
    public async Task While_one_order_of_several_was_taken_the_others_do_not_go_elsewhere()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "BFL", Stage = FaultStage.Submit, Kind = FaultKind.Status, Status = 402, After = 1 });

        RunReport report = await spine.RunAsync(Both with { Preferred = ["BFL", "OpenAI"], Count = 2 });

        Assert.Equal(1, report.Record.Delivered);
        Assert.Equal(ImageErrorId.InsufficientCredits, report.Error!.Id);
        Assert.Equal(0, spine.OpenAI.Submits);
    }

    [Fact]
    public async Task A_named_provider_has_no_stand_in()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.AddStatus("OpenAI", FaultStage.Submit, 401);

        RunReport report = await spine.RunAsync(Order.OpenAI);

        Assert.Equal(ImageErrorId.AuthenticationFailed, report.Error!.Id);
        Assert.Equal(0, spine.Bfl.Submits);
    }

    [Fact]
    public async Task When_nobody_takes_it_the_last_reason_is_told_and_nothing_was_spent()
    {
        await using Spine spine = await Spine.StartAsync();
        foreach (string other in spine.Variables.Keys.Where(v => !v.StartsWith("OPENAI_", StringComparison.Ordinal) && !v.StartsWith("BFL_", StringComparison.Ordinal)).ToArray())
            spine.Variables.Remove(other);
        spine.Vendors.Faults.AddStatus("OpenAI", FaultStage.Submit, 401);
        spine.Vendors.Faults.AddStatus("BFL", FaultStage.Submit, 402);

        RunReport report = await spine.RunAsync(Both);

        Assert.Equal((ImageErrorId.InsufficientCredits, "BFL"), (report.Error!.Id, report.Error.Provider));
        Assert.False(report.Error.MayHaveBeenCharged);
        Assert.Equal(ImageTaskStatus.Failed, report.Record.Status);
    }

    [Fact]
    public async Task A_run_that_went_to_the_next_provider_is_found_by_the_index_while_it_is_under_way()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.AddStatus("OpenAI", FaultStage.Submit, 401);
        spine.Vendors.Bfl.PollsUntilReady = int.MaxValue;
        Order order = Both;

        await spine.StopWhenAsync(order, v => v.Count("BFL").Polls > 1);

        Assert.Equal(spine.PathOf(order), Assert.Single(spine.Index.Paths()));
        spine.Vendors.Bfl.PollsUntilReady = 1;
        RunReport resumed = await spine.ResumeAsync(spine.PathOf(order));
        Assert.Equal("BFL", resumed.ToResult().Provider);
        Assert.Null(resumed.Error);
    }
}
