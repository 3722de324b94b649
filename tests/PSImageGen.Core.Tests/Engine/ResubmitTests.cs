using System.Text.Json.Nodes;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Gate;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tasks;
using PSImageGen.Core.Tests.Support;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.FakeProviders.Images;

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
        Assert.Equal(0, report.Record.UnknownPictures());
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

    [Theory]
    [InlineData(FaultStage.Submit)]
    [InlineData(FaultStage.Upload)]
    public async Task Where_the_second_order_is_refused_the_first_one_stays_unknown_and_can_still_be_looked_for(FaultStage refusing)
    {
        await using Spine spine = await Spine.StartAsync();
        string path = await LostAtFalAsync(spine);
        spine.Say("Fal", refusing, 403, null, times: 1);

        // The same picture once more would not be uploaded again.
        foreach (string upload in Directory.GetFiles(Path.Combine(spine.State, "uploads")))
            File.Delete(upload);
        RunReport report = await spine.Engine.ResubmitAsync(Ask(spine, path), path, TimeSpan.FromHours(1), spine.Listener, default);

        Assert.Equal(ImageTaskStatus.Unknown, report.Record.Status);
        Assert.True(report.Error!.MayHaveBeenCharged);
        Assert.Contains(spine.Listener.Texts, t => t.Contains("not ordered again (User is locked", StringComparison.Ordinal));
        int billed = spine.Vendors.Count("Fal").BilledSubmits;

        RunReport again = await spine.Engine.ResubmitAsync(Ask(spine, path), path, TimeSpan.FromHours(1), spine.Listener, default);

        Assert.Null(again.Error);
        Assert.Equal(ImageTaskStatus.Succeeded, again.Record.Status);
        Assert.Equal(billed + 1, spine.Vendors.Count("Fal").BilledSubmits);
    }

    [Fact]
    public async Task A_process_that_dies_before_the_second_order_leaves_the_first_one_unknown()
    {
        await using Spine spine = await Spine.StartAsync();
        string path = await LostAtFalAsync(spine);
        JsonNode record = JsonNode.Parse(await File.ReadAllTextAsync(path))!;
        JsonNode second = record["tasks"]![0]!.DeepClone();
        (second["status"], second["error"]) = ("Planned", null);
        record["tasks"]!.AsArray().Add(second);
        await File.WriteAllTextAsync(path, record.ToJsonString());

        RunReport report = await spine.Engine.ResubmitAsync(Ask(spine, path), path, TimeSpan.FromHours(1), spine.Listener, default);

        Assert.Equal([ImageTaskStatus.Failed, ImageTaskStatus.Canceled, ImageTaskStatus.Succeeded], report.Record.Tasks.Select(t => t.Status));
    }

    [Fact]
    public async Task A_source_that_is_another_picture_by_now_is_not_sent()
    {
        await using Spine spine = await Spine.StartAsync();
        string path = await LostAtFalAsync(spine);
        string source = Ledger.Read(path).Parents.Single().Path!;
        File.Copy(SamplePictures.Style, source, overwrite: true);

        AIImageException e = Assert.Throws<AIImageException>(() => Redraft.Of(Ledger.Read(path), path));

        Assert.Equal(ImageErrorId.InvalidImage, e.Error.Id);
        Assert.Contains(source, e.Message, StringComparison.Ordinal);
    }

    private static async Task<string> LostAtFalAsync(Spine spine)
    {
        Directory.CreateDirectory(spine.State);
        string source = Path.Combine(spine.State, "source.png");
        // Noise, so that it is too large to travel inside the order.
        Random random = new(1);
        await File.WriteAllBytesAsync(source, TinyImages.PaintedPng(700, 500, (_, _) => ((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256), (byte)255)));
        spine.Vendors.Faults.Add("Fal", FaultStage.Submit, FaultKind.DropBeforeAnswer, times: 1);
        RunReport report = await spine.RunAsync(Order.From("Fal") with { Asks = (ImageOperation.Img2Img, new RequestDraft { Prompt = "at night", Image = source }) });
        Assert.Equal(ImageTaskStatus.Unknown, report.Record.Status);
        return report.RecordPath;
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
