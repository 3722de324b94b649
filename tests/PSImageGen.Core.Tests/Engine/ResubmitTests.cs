using System.Text.Json.Nodes;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Gate;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tasks;
using PSImageGen.Core.Tests.Support;
using PSImageGen.FakeProviders.Faults;

namespace PSImageGen.Core.Tests.Engine;

public sealed class ResubmitTests
{
    [Fact]
    public async Task Only_what_is_unknown_is_ordered_again_and_not_what_was_never_sent()
    {
        await using Spine spine = await Spine.StartAsync();
        string path = await LeftAsync(spine);
        int before = spine.OpenAI.BilledImages;
        ApprovedCall call = Ask(spine, path);

        RunReport report = await spine.Engine.ResubmitAsync(call, path, TimeSpan.FromHours(1), spine.Listener, default);

        Assert.Equal(call.Plan.Request.Count, spine.OpenAI.BilledImages - before);
        Assert.Equal(10, report.Record.Delivered);
        Assert.Equal(1, report.Record.Tasks.Count(t => t.Status == ImageTaskStatus.Canceled));
    }

    [Fact]
    public async Task A_question_answered_after_somebody_else_has_ordered_sends_nothing()
    {
        await using Spine spine = await Spine.StartAsync();
        string path = await LeftAsync(spine);
        ApprovedCall first = Ask(spine, path), second = Ask(spine, path);
        await spine.Engine.ResubmitAsync(first, path, TimeSpan.FromHours(1), spine.Listener, default);
        int billed = spine.OpenAI.BilledSubmits;

        AIImageException e = await Assert.ThrowsAsync<AIImageException>(() => spine.Engine.ResubmitAsync(second, path, TimeSpan.FromHours(1), spine.Listener, default));

        Assert.Equal(ImageErrorId.InvalidRequest, e.Error.Id);
        Assert.Equal(billed, spine.OpenAI.BilledSubmits);
    }

    private static ApprovedCall Ask(Spine spine, string path)
    {
        (ImageRequest request, Selection selection) = Redraft.Of(Ledger.Read(path), path);
        Plan plan = new Planner(ProviderRegistry.BuiltIn, spine.Surroundings).Plan(request, selection);
        return ApprovedCall.Gate.Approve(plan, new ForegroundConsent(true), new Budget())!;
    }

    // A run of 12 pictures whose process died: the order of 10 has an unknown outcome, the order of 2 was never sent.
    private static async Task<string> LeftAsync(Spine spine)
    {
        spine.Vendors.Faults.Add("OpenAI", FaultStage.Submit, FaultKind.DropBeforeAnswer, times: -1);
        RunReport report = await spine.RunAsync(Order.OpenAI with { Count = 12 });
        spine.Vendors.Faults.Clear();
        JsonNode record = JsonNode.Parse(await File.ReadAllTextAsync(report.RecordPath))!;
        JsonNode unsent = record["tasks"]!.AsArray().Single(t => (int)t!["count"]! == 2)!;
        unsent["status"] = "Planned";
        unsent["error"] = null;
        await File.WriteAllTextAsync(report.RecordPath, record.ToJsonString());
        return report.RecordPath;
    }
}
