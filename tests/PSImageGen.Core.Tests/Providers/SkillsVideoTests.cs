using System.Text.Json.Nodes;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Providers.SkillsVideo;
using PSImageGen.Core.Tests.Support;
using PSImageGen.FakeProviders;
using PSImageGen.FakeProviders.Faults;
using static PSImageGen.Core.Tests.Support.VendorTools;

namespace PSImageGen.Core.Tests.Providers;

/// <summary>SkillsVideo: the order is a stream; wherever that ends, the task is asked for and never ordered twice.</summary>
public class SkillsVideoTests
{
    private const string Vendor = "SkillsVideo";

    private static readonly SkillsVideoProvider Provider = new();
    private static readonly TaskHandle Task1 = new("gen_1");

    private static Order Small => new() { Provider = Vendor, Resolution = "1K" };

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_picture_comes_by_the_stream_of_the_order(int old)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Set("skillsVideoOldContract", old);

        RunReport report = await spine.RunAsync(Small with { Count = 3 });

        spine.AssertDelivered(report, Vendor, 3);
        Assert.Equal(0, spine.Vendors.Count(Vendor).Polls);
        Assert.Equal((60m, "credits"), (report.Record.Cost!.Amount, report.Record.Cost.Currency));
        FakeProviders.Log.RequestRecord submit = spine.Vendors.Requests.Single(r => r.Stage == FaultStage.Submit || r.Stage == FaultStage.Stream);
        Assert.Equal("text/event-stream", submit.HeaderValues["Accept"]);
        Assert.EndsWith("/generation/sse/google/nano-banana-2", submit.Path, StringComparison.Ordinal);
        Assert.Equal("""{"prompt":"a lighthouse at dawn","resolution":"1K","aspect_ratio":"1:1","n":3}""", Sorted(submit.Body!));
    }

    [Fact]
    public async Task Files_and_links_go_as_one_form()
    {
        await using Spine spine = await Spine.StartAsync();

        RunReport report = await spine.RunAsync(Small with { References = [spine.Picture(), "https://example.com/a.png", spine.Picture("jpeg")] });

        spine.AssertDelivered(report, Vendor);
        FakeProviders.Log.RequestRecord submit = spine.Vendors.Requests.Single(r => r.Method == "POST");
        Assert.StartsWith("multipart/form-data", submit.HeaderValues["Content-Type"], StringComparison.Ordinal);
        Assert.Equal(["image_urls", "image_urls"], submit.Files.Select(f => f.Field));
    }

    [Fact]
    public async Task Links_alone_go_as_a_list_and_are_not_fetched()
    {
        await using Spine spine = await Spine.StartAsync();

        RunReport report = await spine.RunAsync(Small with { References = ["https://example.com/a.png"] });

        spine.AssertDelivered(report, Vendor);
        Assert.Equal("""["https://example.com/a.png"]""", spine.Vendors.Requests.Single(r => r.Method == "POST").Body!["image_urls"]!.ToJsonString());
    }

    [Fact]
    public async Task Every_model_takes_what_the_catalogue_sends_it()
    {
        await using Spine spine = await Spine.StartAsync();
        foreach (string model in Provider.Catalogue.Models.Where(m => m.Retired is null).Select(m => m.Id))
        {
            RunReport report = await spine.RunAsync(new Order { Provider = Vendor, Model = model });
            Assert.True(report.Error is null, $"{model}: {report.Error?.VendorMessage}");
        }

        Assert.Empty(spine.Vendors.Violations);
    }

    [Fact]
    public async Task A_model_known_by_its_path_alone_takes_a_prompt_and_nothing_else()
    {
        await using Spine spine = await Spine.StartAsync();
        foreach (Order order in new[] { Small, new Order { Provider = Vendor, Size = "64x64" } })
            Assert.Throws<AIImageException>(() => spine.Plan(order with { Model = "qwen/qwen-image" }));
        CallShape shape = spine.Plan(new Order { Provider = Vendor, References = ["https://example.com/a.png"], Model = "qwen/qwen-image" }).Candidates[0].Shape;
        Assert.Empty(shape.Inputs);
        Assert.Contains("not used", Assert.Single(shape.Warnings), StringComparison.Ordinal);
        Assert.Throws<AIImageException>(() => spine.Plan(new Order { Provider = Vendor, Model = "topaz/upscale/image" }));
    }

    [Theory]
    [InlineData(FaultKind.DropMidAnswer, null)]
    [InlineData(FaultKind.DropMidAnswer, 1)]
    [InlineData(FaultKind.DropMidAnswer, 2)]
    [InlineData(FaultKind.Truncate, null)]
    [InlineData(FaultKind.Truncate, 1)]
    [InlineData(FaultKind.Truncate, 2)]
    [InlineData(FaultKind.Hang, 1)]
    [InlineData(FaultKind.Hang, 2)]
    [InlineData(FaultKind.NoBlankLine, null)]
    [InlineData(FaultKind.NoBlankLine, 1)]
    [InlineData(FaultKind.NoStream, null)]
    public async Task Wherever_the_stream_ends_after_the_id_asking_takes_over(FaultKind kind, int? afterEvents)
    {
        for (int wrap = 0; wrap < 3; wrap++)
        {
            await using Spine spine = await Spine.StartAsync();
            spine.Vendors.All.Single(v => v.Name == Vendor).WorkSeconds = 0.5;
            spine.Vendors.Set("skillsVideoWrap", wrap);
            spine.Vendors.Faults.Add(new Fault { Vendor = Vendor, Stage = FaultStage.Stream, Kind = kind, AfterEvents = afterEvents });

            RunReport report = await spine.RunAsync(spine.NewEngine(silence: TimeSpan.FromSeconds(4)), Small with { Count = 2 });

            spine.AssertDelivered(report, Vendor, 2);
            // An event that lacks only the blank line after it says all there is to know.
            Assert.Equal(kind == FaultKind.NoBlankLine && afterEvents is null, spine.Vendors.Count(Vendor).Polls == 0);
            Assert.Equal(40m, report.Record.Cost!.Amount);
        }
    }

    [Theory]
    [InlineData(FaultKind.DropMidAnswer)]
    [InlineData(FaultKind.Hang)]
    [InlineData(FaultKind.DropBeforeAnswer)]
    [InlineData(FaultKind.WrongContent)]
    public async Task Without_an_id_it_is_unknown_and_never_ordered_again(FaultKind kind)
    {
        await using Spine spine = await Spine.StartAsync();
        bool counts = kind is FaultKind.DropMidAnswer or FaultKind.Hang;
        spine.Vendors.Faults.Add(new Fault { Vendor = Vendor, Stage = FaultStage.Stream, Kind = kind, AfterEvents = counts ? 0 : null });

        RunReport report = await spine.RunAsync(spine.NewEngine(silence: TimeSpan.FromSeconds(1)), Small);

        Assert.Equal(ImageTaskStatus.Unknown, report.Record.Status);
        Assert.True(report.Error!.MayHaveBeenCharged);
        Assert.Equal(1, spine.Vendors.Count(Vendor).Submits);
    }

    [Fact]
    public async Task A_job_that_still_runs_is_found_by_its_prompt_when_its_answer_was_lost()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.All.Single(v => v.Name == Vendor).WorkSeconds = 3;
        spine.Vendors.Faults.Add(Vendor, FaultStage.Stream, FaultKind.DropBeforeAnswer);

        RunReport report = await spine.RunAsync(Small);
        Assert.Equal(ImageTaskStatus.Unknown, report.Record.Status);

        spine.AssertDelivered(await spine.ResumeAsync(report.RecordPath), Vendor);
    }

    [Theory]
    [InlineData("completed")]
    [InlineData("DONE")]
    [InlineData("terminal")]
    public async Task A_named_end_without_a_result_is_checked_by_one_question(string name)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = Vendor, Stage = FaultStage.Stream, Kind = FaultKind.BareEnd, TaskStatus = name });

        spine.AssertDelivered(await spine.RunAsync(Small), Vendor);
        Assert.Equal(1, spine.Vendors.Count(Vendor).Polls);
    }

    [Theory]
    [InlineData("failed")]
    [InlineData("Failure")]
    public async Task An_end_named_as_a_failure_is_one(string name)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = Vendor, Stage = FaultStage.Stream, Kind = FaultKind.BareEnd, TaskStatus = name });

        RunReport report = await spine.RunAsync(Small);

        Assert.Equal(ImageTaskStatus.Failed, report.Record.Status);
        Assert.Equal(1, spine.Vendors.Count(Vendor).Submits);
    }

    [Theory]
    [InlineData(FaultStage.Stream, 0)]
    [InlineData(FaultStage.Stream, 1)]
    [InlineData(FaultStage.Stream, 2)]
    [InlineData(FaultStage.Stream, 3)]
    public async Task A_job_that_fails_says_why_in_every_form(FaultStage stage, int form)
    {
        foreach ((string? code, ImageErrorId id) in new[] { (null, ImageErrorId.ProviderUnavailable), ("CONTENT_REJECTED", ImageErrorId.ContentRefused), ("INSUFFICIENT_CREDITS", ImageErrorId.InsufficientCredits), ("TIMEOUT", ImageErrorId.ProviderUnavailable) })
        {
            await using Spine spine = await Spine.StartAsync();
            spine.Vendors.Set("skillsVideoFailureForm", form);
            spine.Vendors.Faults.Add(new Fault { Vendor = Vendor, Stage = stage, Kind = FaultKind.PollStatus, TaskStatus = "FAILED", Code = code });

            RunReport report = await spine.RunAsync(Small);

            Assert.Equal(id, report.Error!.Id);
            Assert.NotNull(report.Error.VendorMessage);
            Assert.Equal(ImageTaskStatus.Failed, report.Record.Status);
            Assert.Equal(0m, report.Record.Cost!.Amount);
        }
    }

    [Theory]
    [InlineData("CANCELED", ImageTaskStatus.Canceled)]
    [InlineData("cancelled", ImageTaskStatus.Canceled)]
    public async Task A_job_cancelled_there_is_told(string word, ImageTaskStatus status)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = Vendor, Stage = FaultStage.Stream, Kind = FaultKind.PollStatus, TaskStatus = word });

        Assert.Equal(status, (await spine.RunAsync(Small)).Record.Status);
    }

    [Fact]
    public async Task Unknown_words_keep_waiting()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(Vendor, FaultStage.Stream, FaultKind.NoStream);
        foreach (string word in new[] { "DREAMING", "starting", "PENDING" })
            spine.Vendors.Faults.Add(new Fault { Vendor = Vendor, Stage = FaultStage.Poll, Kind = FaultKind.PollStatus, TaskStatus = word });

        spine.AssertDelivered(await spine.RunAsync(Small), Vendor);
        Assert.Equal(4, spine.Vendors.Count(Vendor).Polls);
    }

    [Theory]
    [InlineData(400, null, ImageErrorId.InvalidRequest)]
    [InlineData(400, "UNSUPPORTED_MODEL", ImageErrorId.InvalidRequest)]
    [InlineData(401, null, ImageErrorId.AuthenticationFailed)]
    [InlineData(402, null, ImageErrorId.InsufficientCredits)]
    [InlineData(403, null, ImageErrorId.AuthenticationFailed)]
    [InlineData(404, null, ImageErrorId.NotFound)]
    [InlineData(422, null, ImageErrorId.InvalidRequest)]
    [InlineData(422, "CONTENT_REJECTED", ImageErrorId.ContentRefused)]
    public async Task A_refused_order_is_sent_once(int status, string? code, ImageErrorId id)
    {
        for (int form = 0; form < 3; form++)
        {
            await using Spine spine = await Spine.StartAsync();
            spine.Vendors.Set("skillsVideoErrorForm", form);
            spine.Say(Vendor, FaultStage.Submit, status, code);

            RunReport report = await spine.RunAsync(Small);

            Assert.Equal(id, report.Error!.Id);
            Assert.Equal(1, spine.Vendors.Count(Vendor).Submits);
            Assert.NotNull(report.Error.VendorMessage);
            if (id == ImageErrorId.InsufficientCredits)
                Assert.Contains("https://skills.video/dashboard", report.Error.Recommendation, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Turned_away_with_a_known_code_it_is_sent_again(int status)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Say(Vendor, FaultStage.Submit, status, null, times: 2);

        spine.AssertDelivered(await spine.RunAsync(Small), Vendor, submits: 3);
    }

    [Theory]
    [InlineData(429, ImageErrorId.RateLimited)]
    [InlineData(503, ImageErrorId.OutcomeUnknown)]
    public async Task Without_a_code_it_is_not(int status, ImageErrorId id)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Set("skillsVideoErrorForm", 2);
        spine.Say(Vendor, FaultStage.Submit, status, null);

        RunReport report = await spine.RunAsync(Small);

        Assert.Equal(id, report.Error!.Id);
        Assert.Equal(1, spine.Vendors.Count(Vendor).Submits);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(504)]
    public async Task Trouble_there_leaves_the_outcome_unknown(int status)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = Vendor, Stage = FaultStage.Submit, Kind = FaultKind.StatusAfterBilling, Status = status });

        RunReport report = await spine.RunAsync(Small);

        Assert.Equal((ImageErrorId.OutcomeUnknown, ImageTaskStatus.Unknown), (report.Error!.Id, report.Record.Status));
        Assert.Equal(1, spine.Vendors.Count(Vendor).Submits);
    }

    [Fact]
    public async Task With_NoWait_the_stream_is_left_once_the_id_is_on_disk_and_resume_brings_the_picture()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.All.Single(v => v.Name == Vendor).WorkSeconds = 1;

        RunReport report = await spine.RunAsync(Small with { NoWait = true });
        Assert.Equal((ImageTaskStatus.Queued, (ImageError?)null), (report.Record.Status, report.Error));
        Assert.NotNull(report.Record.TaskId);

        spine.AssertDelivered(await spine.ResumeAsync(report.RecordPath), Vendor);
    }

    [Fact]
    public async Task The_key_goes_to_no_other_host()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(Vendor, FaultStage.Stream, FaultKind.ForeignLink);

        spine.AssertDelivered(await spine.RunAsync(Small), Vendor);
    }

    [Fact]
    public async Task An_end_without_an_id_is_read_all_the_same()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault
        {
            Vendor = Vendor,
            Stage = FaultStage.Stream,
            Kind = FaultKind.WrongBody,
            ContentType = "text/event-stream",
            Body = "data: {\"type\":\"hello\"}\n\ndata: {\"status\":\"FAILED\",\"code\":\"IMAGE_GENERATION_CONTENT_REJECTED\",\"message\":\"no\"}\n\n",
        });

        RunReport report = await spine.RunAsync(Small);

        Assert.Equal((ImageErrorId.ContentRefused, ImageTaskStatus.Failed), (report.Error!.Id, report.Record.Status));
    }

    [Theory]
    [InlineData("""{"id":"gen_1","status":"COMPLETED","input":{"status":"FAILED"},"data":{"images":[{"url":"https://c.example/1.png"},{"url":"https://c.example/2.png"}],"image":{"url":"https://c.example/1.png"}}}""", 2)]
    [InlineData("""{"id":"gen_1","status":"succeeded","data":{"image":{"url":"https://c.example/1.png"}}}""", 1)]
    [InlineData("""{"data":{"id":"gen_1","status":"COMPLETED","data":{"images":["https://c.example/1.png"]}}}""", 1)]
    [InlineData("""{"result":{"generationId":"gen_1","queueState":"succeeded","output":["https://c.example/1.png","https://c.example/2.png"]}}""", 2)]
    [InlineData("""{"prediction_id":7,"prediction_status":"COMPLETED","images":[{"image_url":"https://c.example/1.png"}]}""", 1)]
    [InlineData("""{"id":"gen_1","state":"COMPLETED","data":{"outputs":[{"imageUrl":"https://c.example/1.png"}]}}""", 1)]
    public void Both_generations_and_all_names_are_read(string json, int pictures)
    {
        Assert.IsType<SubmitAnswer.Accepted>(Provider.ReadSubmit(null!, Answer(200, json)));
        Assert.Equal(pictures, Assert.IsType<StatusAnswer.Finished>(Provider.ReadStatus(Task1, Answer(200, json))).Pictures.Count);
    }

    [Theory]
    [InlineData("message", """{"type":"ping"}""", null)]
    [InlineData("message", """{"id":"gen_1"}""", null)]
    [InlineData("message", """{"id":"other","status":"FAILED"}""", null)]
    [InlineData("message", """{"id":"gen_1","status":"IN_QUEUE"}""", typeof(StatusAnswer.Working))]
    [InlineData("completed", """{"id":"gen_1","status":"IN_PROGRESS"}""", typeof(StatusAnswer.Working))]
    [InlineData("failed", """{"id":"gen_1"}""", typeof(StatusAnswer.Failed))]
    [InlineData("failed", """{}""", typeof(StatusAnswer.Failed))]
    [InlineData("succeeded", """{"id":"gen_1"}""", typeof(StatusAnswer.Ended))]
    [InlineData("message", """{"id":"gen_1","status":"COMPLETED","data":null}""", typeof(StatusAnswer.Ended))]
    [InlineData("success", """{"data":{"images":["https://c.example/1.png"]}}""", typeof(StatusAnswer.Finished))]
    public void An_event_says_what_its_state_says_and_else_what_its_name_says(string type, string json, Type? kind) =>
        Assert.Equal(kind, Provider.ReadEvent(Task1, type, Answer(200, json))?.GetType());

    [Fact]
    public void An_end_without_pictures_is_a_failure_when_asked_for() =>
        Assert.Equal(ImageErrorId.InvalidResponse, Assert.IsType<StatusAnswer.Failed>(Provider.ReadStatus(Task1, Answer(200, """{"id":"gen_1","status":"COMPLETED","data":{"images":[]}}"""))).Failure.Id);

    [Theory]
    [InlineData("""[{"id":"gen_1","status":"IN_QUEUE","input":{"prompt":"a cat"}},{"input":{}},7]""")]
    [InlineData("""{"data":[{"generation_id":"gen_1","input":{"prompt":"a cat"}}]}""")]
    public void The_running_jobs_are_listed_with_their_prompts(string json)
    {
        FoundTask found = Assert.Single(Provider.ReadRecent("any", Answer(200, json)));
        Assert.Equal(("gen_1", "a cat", false), (found.Handle.TaskId, found.Prompt, found.Finished));
    }

    [Theory]
    [InlineData(400, """{"message":"Not enough credits, please top up"}""", ImageErrorId.InsufficientCredits)]
    [InlineData(422, """{"message":"blocked by moderation"}""", ImageErrorId.ContentRefused)]
    [InlineData(402, """{"error":"INSUFFICIENT_CREDITS","code":"VIDEO_GENERATION_INSUFFICIENT_CREDITS","message":"x"}""", ImageErrorId.InsufficientCredits)]
    [InlineData(422, """{"error":"IMAGE_GENERATION_CONTENT_REJECTED","message":"x"}""", ImageErrorId.ContentRefused)]
    [InlineData(500, """{"message":"moderation service down"}""", ImageErrorId.ProviderUnavailable)]
    public void Codes_come_first_then_the_status_then_the_words(int status, string json, ImageErrorId id) =>
        Assert.Equal(id, Provider.Classify(Answer(status, json)).Id);

    private static string Sorted(JsonNode body) => new JsonObject(body.AsObject().OrderBy(p => Array.IndexOf(["prompt", "resolution", "aspect_ratio", "n"], p.Key)).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))).ToJsonString();
}
