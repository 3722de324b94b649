using System.Net;
using System.Text.Json.Nodes;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Providers.CreatOK;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tests.Support;
using PSImageGen.Core.Wire;
using PSImageGen.FakeProviders;
using PSImageGen.FakeProviders.Faults;
using static PSImageGen.Core.Tests.Support.VendorTools;

namespace PSImageGen.Core.Tests.Providers;

/// <summary>CreatOK: its models are told at run time, its pictures are uploaded first, its refusals come inside a 200.</summary>
public class CreatOKTests
{
    private const string Vendor = "CreatOK";

    private static readonly CreatOKProvider Provider = new();
    private static readonly TaskHandle Task1 = new("img_task_1");

    private static Order Small => new() { Provider = Vendor, Resolution = "1K" };

    [Fact]
    public async Task A_picture_comes_from_a_sentence()
    {
        await using Spine spine = await Spine.StartAsync();

        RunReport report = await spine.RunAsync(new Order { Provider = Vendor, Count = 3 });

        spine.AssertDelivered(report, Vendor, 3);
        JsonNode body = spine.Vendors.Requests.Single(r => r.Stage == FaultStage.Submit).Body!;
        Assert.Equal("""{"prompt":"a lighthouse at dawn","model":"nano-banana-2","resolution":"2K","n":3,"aspect_ratio":"1:1"}""", body.ToJsonString());
    }

    [Fact]
    public async Task References_are_uploaded_first_and_never_with_the_key()
    {
        await using Spine spine = await Spine.StartAsync();
        string[] files = [spine.Picture("png"), spine.Picture("jpeg"), spine.Picture("webp")];

        RunReport report = await spine.RunAsync(Small with { References = files });

        spine.AssertDelivered(report, Vendor);
        Assert.Equal(6, spine.Vendors.Count(Vendor).Uploads);
        Assert.Equal(3, spine.Vendors.Requests.Count(r => r.Method == "PUT" && !r.KeyPresent));
        JsonArray keys = spine.Vendors.Requests.Single(r => r.Stage == FaultStage.Submit).Body!["imageObjectKeys"]!.AsArray();
        Assert.Equal([".png", ".jpg", ".webp"], keys.Select(k => Path.GetExtension(k!.ToString())));
    }

    [Fact]
    public async Task A_link_is_fetched_and_uploaded_since_the_vendor_takes_none()
    {
        await using Spine spine = await Spine.StartAsync();

        RunReport report = await spine.RunAsync(Small with { References = [spine.Vendors.ElsewhereUrl + "/a.png"] });

        spine.AssertDelivered(report, Vendor);
        Assert.Equal(2, spine.Vendors.Count(Vendor).Uploads);
    }

    [Theory]
    [InlineData(FaultKind.Status, 500)]
    [InlineData(FaultKind.DropBeforeAnswer, null)]
    public async Task Uploads_are_tried_again_since_they_cost_nothing(FaultKind kind, int? status)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = Vendor, Stage = FaultStage.Upload, Kind = kind, Status = status, Times = 2 });

        spine.AssertDelivered(await spine.RunAsync(Small with { References = [spine.Picture()] }), Vendor);
    }

    [Theory]
    [InlineData(200, "insufficient_credits", ImageErrorId.InsufficientCredits)]
    [InlineData(200, "validation", ImageErrorId.InvalidRequest)]
    [InlineData(401, null, ImageErrorId.AuthenticationFailed)]
    public async Task A_refused_upload_orders_nothing(int status, string? code, ImageErrorId id)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Say(Vendor, FaultStage.Upload, status, code);

        RunReport report = await spine.RunAsync(Small with { References = [spine.Picture()] });

        Assert.Equal(id, report.Error!.Id);
        Assert.False(report.Error.MayHaveBeenCharged);
        Assert.Equal(0, spine.Vendors.Count(Vendor).Submits);
    }

    [Fact]
    public async Task An_upload_answer_without_a_place_orders_nothing()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = Vendor, Stage = FaultStage.Upload, Kind = FaultKind.WrongBody, Body = """{"code":0,"data":{"objectKey":"x"}}""" });

        RunReport report = await spine.RunAsync(Small with { References = [spine.Picture()] });

        Assert.Equal(ImageErrorId.InvalidResponse, report.Error!.Id);
        Assert.Equal(0, spine.Vendors.Count(Vendor).Submits);
    }

    [Theory]
    [InlineData(200, "insufficient_credits", ImageErrorId.InsufficientCredits)]
    [InlineData(402, null, ImageErrorId.InsufficientCredits)]
    [InlineData(200, "content_policy", ImageErrorId.ContentRefused)]
    [InlineData(422, "content_policy", ImageErrorId.ContentRefused)]
    [InlineData(200, "rate_limited", ImageErrorId.RateLimited)]
    [InlineData(200, "validation", ImageErrorId.InvalidRequest)]
    [InlineData(400, null, ImageErrorId.InvalidRequest)]
    [InlineData(401, null, ImageErrorId.AuthenticationFailed)]
    [InlineData(403, null, ImageErrorId.AuthenticationFailed)]
    [InlineData(404, null, ImageErrorId.NotFound)]
    public async Task A_refused_order_is_sent_once_and_its_words_are_kept(int status, string? code, ImageErrorId id)
    {
        for (int form = 0; form < 5; form++)
        {
            await using Spine spine = await Spine.StartAsync();
            spine.Vendors.Set("creatOKMessageForm", form);
            spine.Say(Vendor, FaultStage.Submit, status, code);

            RunReport report = await spine.RunAsync(Small);

            Assert.Equal(id, report.Error!.Id);
            Assert.Equal(ImageTaskStatus.Failed, report.Record.Status);
            Assert.False(string.IsNullOrEmpty(report.Error.VendorMessage));
            Assert.Equal(1, spine.Vendors.Count(Vendor).Submits);
            Assert.Equal(0, spine.Vendors.Count(Vendor).BilledSubmits);
        }
    }

    [Fact]
    public async Task Turned_away_by_429_it_is_sent_again()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Say(Vendor, FaultStage.Submit, 429, null, times: 2);

        spine.AssertDelivered(await spine.RunAsync(Small), Vendor, submits: 3);
    }

    [Theory]
    [InlineData(FaultKind.StatusAfterBilling, 500)]
    [InlineData(FaultKind.StatusAfterBilling, 503)]
    [InlineData(FaultKind.StatusAfterBilling, 200)]
    [InlineData(FaultKind.DropBeforeAnswer, null)]
    [InlineData(FaultKind.DropMidAnswer, null)]
    [InlineData(FaultKind.Truncate, null)]
    [InlineData(FaultKind.WrongContent, null)]
    public async Task An_order_without_a_usable_answer_is_unknown_and_never_repeated(FaultKind kind, int? status)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = Vendor, Stage = FaultStage.Submit, Kind = kind, Status = status });

        RunReport report = await spine.RunAsync(Small);

        Assert.Equal(ImageTaskStatus.Unknown, report.Record.Status);
        Assert.True(report.Error!.MayHaveBeenCharged);
        Assert.Equal(1, spine.Vendors.Count(Vendor).Submits);
    }

    [Theory]
    [InlineData("succeeded")]
    [InlineData("SUCCESS")]
    [InlineData("Completed")]
    [InlineData("done")]
    public async Task Words_of_success_end_the_wait(string word)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = Vendor, Stage = FaultStage.Poll, Kind = FaultKind.PollStatus, TaskStatus = word });

        spine.AssertDelivered(await spine.RunAsync(Small), Vendor);
    }

    [Theory]
    [InlineData("queued")]
    [InlineData("running")]
    [InlineData("dreaming")]
    [InlineData("succeeding")]
    public async Task Other_words_keep_waiting(string word)
    {
        await using Spine spine = await Spine.StartAsync();
        for (int i = 0; i < 3; i++)
            spine.Vendors.Faults.Add(new Fault { Vendor = Vendor, Stage = FaultStage.Poll, Kind = FaultKind.PollStatus, TaskStatus = word });

        spine.AssertDelivered(await spine.RunAsync(Small), Vendor);
        Assert.Equal(4, spine.Vendors.Count(Vendor).Polls);
    }

    [Theory]
    [InlineData("failed", null, ImageErrorId.ProviderUnavailable, ImageTaskStatus.Failed)]
    [InlineData("error", "content_policy", ImageErrorId.ContentRefused, ImageTaskStatus.Failed)]
    [InlineData("expired", "insufficient_credits", ImageErrorId.InsufficientCredits, ImageTaskStatus.Failed)]
    [InlineData("Cancelled", null, ImageErrorId.NotFound, ImageTaskStatus.Canceled)]
    public async Task Words_of_failure_end_it_and_say_why(string word, string? code, ImageErrorId id, ImageTaskStatus status)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = Vendor, Stage = FaultStage.Poll, Kind = FaultKind.PollStatus, TaskStatus = word, Code = code });

        RunReport report = await spine.RunAsync(Small);

        Assert.Equal(id, report.Error!.Id);
        Assert.Equal(status, report.Record.Status);
        Assert.True(report.Error.MayHaveBeenCharged);
        Assert.Equal(1, spine.Vendors.Count(Vendor).Submits);
    }

    [Theory]
    [InlineData(200, "rate_limited", 3)]
    [InlineData(429, null, 3)]
    [InlineData(500, null, 6)]
    [InlineData(200, "internal", 3)]
    public async Task Questions_that_fail_say_nothing_about_the_task(int status, string? code, int times)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Say(Vendor, FaultStage.Poll, status, code, times);

        spine.AssertDelivered(await spine.RunAsync(Small), Vendor);
        Assert.Equal(times + 1, spine.Vendors.Count(Vendor).Polls);
    }

    [Fact]
    public async Task A_question_refused_inside_a_200_keeps_the_task_and_resume_brings_it()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Say(Vendor, FaultStage.Poll, 200, "insufficient_credits", times: 1);

        RunReport report = await spine.RunAsync(Small);
        Assert.Equal(ImageErrorId.InsufficientCredits, report.Error!.Id);
        Assert.Contains("Resume-AIImageTask", report.Error.Recommendation, StringComparison.Ordinal);

        spine.AssertDelivered(await spine.ResumeAsync(report.RecordPath), Vendor);
    }

    [Fact]
    public async Task Every_form_of_the_answers_is_read()
    {
        foreach ((int envelope, int names, int form, int ids) in new[] { (0, 0, 0, 0), (1, 1, 1, 1), (2, 2, 2, 0), (3, 1, 3, 1), (4, 2, 4, 0), (4, 1, 5, 1) })
        {
            await using Spine spine = await Spine.StartAsync();
            spine.Vendors.Set("creatOKEnvelope", envelope);
            spine.Vendors.Set("creatOKNames", names);
            spine.Vendors.Set("creatOKResultForm", form);
            spine.Vendors.Set("creatOKNumericIds", ids);
            spine.Vendors.Set("creatOKSubmitStatus", ids);

            RunReport report = await spine.RunAsync(Small with { Count = 2, References = [spine.Picture()] });

            spine.AssertDelivered(report, Vendor, 2);
        }
    }

    [Fact]
    public async Task The_key_goes_to_no_other_host()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(Vendor, FaultStage.Poll, FaultKind.ForeignLink);

        spine.AssertDelivered(await spine.RunAsync(Small), Vendor);
        Assert.DoesNotContain(spine.Vendors.All.Single(v => v.Name == Vendor).Key, spine.EverythingWritten(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dead_link_is_replaced_by_a_fresh_one()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(Vendor, FaultStage.Download, FaultKind.Expired);

        spine.AssertDelivered(await spine.RunAsync(Small), Vendor);
    }

    [Fact]
    public async Task The_models_and_prices_are_those_the_vendor_tells()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Set("creatOKBrokenModels", 7);
        Planner planner = new(ProviderRegistry.BuiltIn, spine.Surroundings);
        Selection selection = new() { Provider = Vendor };
        using Transport transport = new();

        Assert.True(planner.MayLearn(selection));
        IReadOnlyList<string> told = await planner.LearnAsync(selection, transport, CancellationToken.None);

        Assert.DoesNotContain("broken", Assert.Single(told), StringComparison.Ordinal);
        Plan plan = planner.Plan(new ImageRequest(ImageOperation.Generate, new RequestDraft { Prompt = "a cat", Resolution = "4K", Count = 2 }), selection);
        Quote quote = plan.Candidates[0].Quote;
        Assert.Equal(("nano-banana-2", "4K", 4m, "credits"), (quote.Model, quote.Size, quote.Amount, quote.Currency));
        Assert.NotNull(quote.PriceDate);
        Assert.Equal(0, spine.Vendors.Count(Vendor).Submits);
    }

    [Fact]
    public async Task Where_the_vendor_does_not_tell_the_catalogue_counts_and_the_price_is_unknown()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Say(Vendor, FaultStage.Query, 200, "internal");
        Planner planner = new(ProviderRegistry.BuiltIn, spine.Surroundings);
        Selection selection = new() { Provider = Vendor };
        using Transport transport = new();

        Assert.Contains("did not tell", Assert.Single(await planner.LearnAsync(selection, transport, CancellationToken.None)), StringComparison.Ordinal);
        Quote quote = planner.Plan(new ImageRequest(ImageOperation.Generate, new RequestDraft { Prompt = "a cat" }), selection).Candidates[0].Quote;

        Assert.Equal(("nano-banana-2", "2K", (decimal?)null), (quote.Model, quote.Size, quote.Amount));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{\"code\":0,\"data\":{\"capabilities\":{\"image\":{\"models\":{}}}}}")]
    [InlineData("{\"code\":0,\"data\":{\"capabilities\":{\"image\":{\"models\":[7,null,[],{}]}}}}")]
    public void Capabilities_without_sense_are_no_models(string json) => Assert.Empty(Provider.ReadCapabilities([Answer(200, json)], Provider.Profile.BaseUrl));

    [Fact]
    public void The_default_model_stands_first_and_its_limits_are_read()
    {
        const string Json = """
            {"data":{"capabilities":{"image":{"defaultModel":"b","models":[
              {"id":"a","limits":{"resolutions":["1K"],"n":{"min":1,"max":2},"max_reference_images":0}},
              {"id":"b","defaults":{"resolution":"4K","n":1},"limits":{"resolutions":["1K","4K"],"n":{"min":1,"max":4},"aspect_ratios":["1:1","16:9"],"maxReferenceImages":5},
               "pricing":{"currency":"credits","unit":"image","by_resolution":{"1K":1,"4K":2.5}}}]}}}}
            """;

        IReadOnlyList<ModelRow> models = Provider.ReadCapabilities([Answer(200, Json, 0, ("Date", "Fri, 20 Nov 2026 10:00:00 GMT"))], Provider.Profile.BaseUrl);

        Assert.Equal(["b", "a"], models.Select(m => m.Id));
        Assert.Equal((4, 5, "4K", "2026-11-20"), (models[0].MaxPerCall, models[0].MaxReferences, models[0].Sizes!.Default, models[0].Date));
        Assert.Equal(2.5m, models[0].Price!.ByResolution!["4K"]);
        Assert.Null(models[1].Price);
    }

    [Theory]
    [InlineData(200, """{"code":0,"data":{"task_id":"x"}}""", false)]
    [InlineData(200, """{"code":"0","data":{}}""", false)]
    [InlineData(200, """{"code":200,"data":{}}""", false)]
    [InlineData(200, """{"success":true,"data":{}}""", false)]
    [InlineData(200, """{"task_id":5}""", false)]
    [InlineData(200, """{"code":1,"message":"no"}""", true)]
    [InlineData(200, """{"success":false,"message":"no"}""", true)]
    [InlineData(500, """{"code":0}""", true)]
    // An id or a state is more than a code: the order exists.
    [InlineData(200, """{"code":7,"data":{"task_id":"x"}}""", false)]
    [InlineData(200, """{"code":7,"data":{"status":"failed"}}""", false)]
    public void A_no_is_told_from_a_yes(int status, string json, bool refusal) => Assert.Equal(refusal, Provider.IsRefusal(Answer(status, json)));

    [Theory]
    [InlineData("could not generate the picture", ImageErrorId.InvalidRequest)]
    [InlineData("You send requests too frequently", ImageErrorId.RateLimited)]
    [InlineData("rate exceeded", ImageErrorId.RateLimited)]
    [InlineData("NSFW content", ImageErrorId.ContentRefused)]
    [InlineData("failed to moderate", ImageErrorId.ContentRefused)]
    [InlineData("please recharge", ImageErrorId.InsufficientCredits)]
    [InlineData("quota used up", ImageErrorId.InsufficientCredits)]
    [InlineData("invalid api key", ImageErrorId.AuthenticationFailed)]
    [InlineData("model not found", ImageErrorId.NotFound)]
    public void Words_classify_where_the_code_says_nothing(string words, ImageErrorId id)
    {
        VendorFailure failure = Provider.Classify(Answer(200, $$"""{"code":50099,"msg":"{{words}}"}"""));

        Assert.Equal(id, failure.Id);
        Assert.NotEqual(Acceptance.Unknown, failure.Acceptance);
        Assert.False(failure.SendAgain);
        Assert.Equal(words, failure.Message);
    }

    [Fact]
    public void Trouble_inside_the_vendor_proves_nothing()
    {
        Assert.Equal(Acceptance.Unknown, Provider.Classify(Answer(200, """{"code":50001,"message":"Internal server error"}""")).Acceptance);
        Assert.Equal(Acceptance.Unknown, Provider.Classify(Answer(200, """{"code":503,"message":"no"}""")).Acceptance);
        Assert.Equal(Acceptance.Unknown, Provider.Classify(Answer(500, """{"code":1,"message":"insufficient credits"}""")).Acceptance);
        Assert.Equal("<html>down", Provider.Classify(Page(502, "<html>down")).Message);
    }

    [Fact]
    public void A_picture_with_an_object_key_alone_is_waited_for_and_success_without_any_is_none()
    {
        Assert.IsType<StatusAnswer.Working>(Provider.ReadStatus(Task1, Answer(200, """{"code":0,"data":{"status":"succeeded","result":{"images":[{"object_key":"k"}]}}}""")));
        StatusAnswer.Failed failed = Assert.IsType<StatusAnswer.Failed>(Provider.ReadStatus(Task1, Answer(200, """{"code":0,"data":{"status":"succeeded","result":{"images":[]}}}""")));
        Assert.Equal(ImageErrorId.InvalidResponse, failed.Failure.Id);
    }

    [Fact]
    public void The_id_is_escaped_in_the_question() =>
        Assert.Equal("api/open/skills/tasks/status?task_id=a%2Fb%26c&task_type=image_generation", Provider.Status(new TaskHandle("a/b&c")).Address);
}
