using System.Text;
using System.Text.Json.Nodes;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Gate;
using PSImageGen.Core.OpenApi;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Providers.Described;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tests.Support;
using PSImageGen.Core.Wire;
using PSImageGen.FakeProviders.Faults;

namespace PSImageGen.Core.Tests.Providers;

/// <summary>A vendor nobody wrote code for: found in its document, ordered from, followed, and held to the promises.</summary>
public sealed class DescribedTests
{
    private const string Vendor = "Easel";

    [Fact]
    public async Task What_the_document_says_is_found()
    {
        await using Spine spine = await Spine.StartAsync();
        VendorDescription vendor = await DescribeAsync(spine);

        Assert.Equal("renders/{id}", vendor.Poll);
        Assert.Equal(("X-Easel-Key", string.Empty), (vendor.KeyHeader, vendor.KeyPrefix));
        Assert.Equal(["EASEL_API_KEY"], vendor.CredentialNames);
        Assert.Equal(["slip.number"], vendor.IdFields);
        Assert.Equal(["slip.stage"], vendor.StatusFields);
        Assert.Equal(["slip.paintings[].href", "sketch.bytes"], vendor.OutputFields);
        Assert.Equal(["slip.complaint"], vendor.ErrorFields);
        Assert.Equal(["bytes"], vendor.Base64Fields);
        // Films are no pictures.
        Assert.Equal(["easel-oil", "easel-chalk", "sketches"], vendor.Models.Select(m => m.Id));
        ModelRow oil = vendor.Models[0];
        Assert.Equal((2, 1000, true, 4294967295L), (oil.MaxPerCall, oil.MaxPrompt!.Value, oil.NegativePrompt, oil.MaxSeed));
        Assert.Equal((8, 64, 1024), (oil.Sizes!.MultipleOf, oil.Sizes.MinSide, oil.Sizes.MaxSide));
        Assert.Equal(["canvas.grain", "canvas.varnish"], oil.Options.Keys);
        Assert.Null(oil.Price);
        Assert.Equal([false, false, true], vendor.Models.Select(m => m.Synchronous!.Value));
    }

    [Fact]
    public async Task It_is_ordered_from_in_its_own_words_and_its_key_goes_where_it_belongs()
    {
        await using Spine spine = await Spine.StartAsync();
        await RegisterAsync(spine);

        RunReport report = await RunAsync(spine, new Order
        {
            Provider = Vendor,
            Count = 2,
            Seed = 7,
            Size = "128x64",
            Options = new JsonObject { ["canvas.grain"] = "coarse" },
        });

        spine.AssertDelivered(report, Vendor, pictures: 2);
        JsonNode body = spine.Ordered().Body!;
        Assert.Equal("""{"engine":"easel-oil","copies":2,"seed":7,"scene":{"text":"a lighthouse at dawn"},"frame":{"width":128,"height":64},"canvas":{"grain":"coarse"}}""", body.ToJsonString());
        Assert.Null(report.Record.Quote.Amount);
        Assert.False(report.Record.Quote.IsFree);
        Assert.DoesNotContain(spine.Vendors.Easel.Key, spine.EverythingWritten(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_answer_may_be_the_picture()
    {
        await using Spine spine = await Spine.StartAsync();
        await RegisterAsync(spine);

        spine.AssertDelivered(await RunAsync(spine, new Order { Provider = Vendor, Model = "sketches", Size = "64x64" }), Vendor);
        AIImageException e = await Assert.ThrowsAsync<AIImageException>(() => RunAsync(spine, new Order { Provider = Vendor, Model = "sketches", Size = "64x64", NoWait = true }));
        Assert.Equal(ImageErrorId.Unsupported, e.Error.Id);
    }

    [Theory]
    [InlineData(401, null, ImageErrorId.AuthenticationFailed, ImageTaskStatus.Failed, false)]
    [InlineData(402, null, ImageErrorId.InsufficientCredits, ImageTaskStatus.Failed, false)]
    [InlineData(403, """{"problem":{"says":"x"},"message":"Insufficient credits, please top up"}""", ImageErrorId.InsufficientCredits, ImageTaskStatus.Failed, false)]
    [InlineData(429, """{"message":"Your quota is exceeded"}""", ImageErrorId.InsufficientCredits, ImageTaskStatus.Failed, false)]
    [InlineData(400, """{"error":"content policy violation"}""", ImageErrorId.ContentRefused, ImageTaskStatus.Failed, true)]
    [InlineData(422, null, ImageErrorId.InvalidRequest, ImageTaskStatus.Failed, false)]
    [InlineData(500, null, ImageErrorId.OutcomeUnknown, ImageTaskStatus.Unknown, true)]
    [InlineData(200, """{"success":false,"message":"no"}""", ImageErrorId.InvalidResponse, ImageTaskStatus.Unknown, true)]
    [InlineData(200, """{"code":402,"message":"balance too low"}""", ImageErrorId.InsufficientCredits, ImageTaskStatus.Failed, false)]
    public async Task A_refusal_is_sent_once_and_means_what_it_proves(int status, string? body, ImageErrorId id, ImageTaskStatus end, bool charged)
    {
        await using Spine spine = await Spine.StartAsync();
        await RegisterAsync(spine);
        spine.Vendors.Faults.Add(new Fault { Vendor = Vendor, Stage = FaultStage.Submit, Kind = FaultKind.Status, Status = status, Body = body, Times = -1 });

        RunReport report = await RunAsync(spine, new Order { Provider = Vendor, Size = "64x64" });

        Assert.Equal((id, end, charged), (report.Error!.Id, report.Record.Status, report.Error.MayHaveBeenCharged));
        Assert.Equal(1, spine.Vendors.Count(Vendor).Submits);
        Assert.Equal(0, spine.Vendors.Count(Vendor).BilledSubmits);
        if (id == ImageErrorId.InsufficientCredits)
            Assert.Contains("https://easel.example/account", report.Error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_answer_leaves_the_outcome_unknown_and_nothing_is_sent_again()
    {
        await using Spine spine = await Spine.StartAsync();
        await RegisterAsync(spine);
        spine.Vendors.Faults.Add(new Fault { Vendor = Vendor, Stage = FaultStage.Submit, Kind = FaultKind.DropBeforeAnswer, Times = 1 });

        RunReport report = await RunAsync(spine, new Order { Provider = Vendor, Size = "64x64" });
        RunReport again = await ResumeAsync(spine, report.RecordPath);

        Assert.Equal((ImageTaskStatus.Unknown, ImageErrorId.OutcomeUnknown), (report.Record.Status, report.Error!.Id));
        Assert.Equal(ImageErrorId.OutcomeUnknown, again.Error!.Id);
        Assert.Equal(1, spine.Vendors.Count(Vendor).Submits);
    }

    [Fact]
    public async Task A_job_that_fails_says_why()
    {
        await using Spine spine = await Spine.StartAsync();
        await RegisterAsync(spine);
        spine.Vendors.Faults.Add(new Fault { Vendor = Vendor, Stage = FaultStage.Poll, Kind = FaultKind.PollStatus, TaskStatus = "torn", Times = 1 });

        RunReport report = await RunAsync(spine, new Order { Provider = Vendor, Size = "64x64" });

        Assert.Equal(ImageTaskStatus.Failed, report.Record.Status);
        Assert.Equal("the canvas burst", report.Error!.VendorMessage);
        Assert.True(report.Error.MayHaveBeenCharged);
    }

    [Fact]
    public async Task Another_process_goes_on_and_where_it_was_taken_away_the_way_back_is_named()
    {
        await using Spine spine = await Spine.StartAsync();
        ProviderRegistry registry = await RegisterAsync(spine);
        spine.Vendors.Easel.PollsUntilReady = 3;
        RunReport left = await RunAsync(spine, new Order { Provider = Vendor, Size = "64x64", NoWait = true });
        Assert.Equal(ImageTaskStatus.Queued, left.Record.Status);

        AIImageException gone = await Assert.ThrowsAsync<AIImageException>(() => spine.ResumeAsync(left.RecordPath));
        Assert.Equal((ImageErrorId.NoProvider, Vendor), (gone.Error.Id, gone.Error.Provider));
        Assert.Contains("Register-AIImageProvider -Name Easel", gone.Error.Recommendation, StringComparison.Ordinal);
        Assert.Contains(left.Record.TaskId!, gone.Message, StringComparison.Ordinal);

        spine.AssertDelivered(await ResumeAsync(spine, left.RecordPath, registry), Vendor);
    }

    [Fact]
    public async Task What_was_registered_is_read_back_from_disk_and_holds_no_key()
    {
        await using Spine spine = await Spine.StartAsync();
        VendorDescription vendor = await DescribeAsync(spine);
        RegisteredVendors registered = new(spine.State);
        registered.Save(vendor);

        DescribedProvider read = (DescribedProvider)Assert.Single(registered.Load().Providers);
        Assert.Equal(vendor.Models.Select(m => m.Id), read.Catalogue.Models.Select(m => m.Id));
        Assert.Equal(vendor.Models[0].Fields, read.Catalogue.Models[0].Fields);
        Assert.Equal((vendor.Poll, vendor.KeyHeader, vendor.KeyPrefix), (read.Vendor.Poll, read.Vendor.KeyHeader, read.Vendor.KeyPrefix));
        string path = Path.Combine(spine.State, "providers", "easel.json");
        Assert.DoesNotContain(spine.Vendors.Easel.Key, File.ReadAllText(path), StringComparison.Ordinal);

        File.WriteAllText(path, """{"name":"OpenAI","document":"x","date":"x","baseUrl":"https://evil.example","models":[{"id":"a"}]}""");
        Assert.Equal("easel", Assert.Single(registered.Load().Unreadable).Key);
        File.WriteAllText(path, "{");
        Assert.Equal(ImageErrorId.RecordInvalid, Assert.Single(registered.Load().Unreadable).Value.Error.Id);
        Assert.True(registered.Contains("EASEL"));
        registered.Remove("easel");
        Assert.Empty(registered.Load().Unreadable);
    }

    [Theory]
    [InlineData("OpenAI")]
    [InlineData("openai")]
    [InlineData("demo")]
    [InlineData("")]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData("1st")]
    [InlineData("nul")]
    [InlineData("COM1")]
    [InlineData("a.b")]
    [InlineData("a b")]
    [InlineData("abcdefghijklmnopqrstuvwxyzabcdefg")]
    public void A_name_that_is_taken_or_no_plain_word_is_refused(string name)
    {
        RegisteredVendors registered = new(Path.GetTempPath());

        Assert.Equal(ImageErrorId.InvalidRequest, Assert.Throws<AIImageException>(() => registered.CheckName(name, replace: true)).Error.Id);
        Assert.False(registered.Contains(name));
    }

    [Theory]
    [InlineData("http://easel.example/v2", "for all to read")]
    [InlineData("ftp://easel.example", "cannot be the address")]
    [InlineData("https://user:secret@easel.example", "cannot be the address")]
    [InlineData("https://easel.example/?key=1", "cannot be the address")]
    [InlineData("easel.example", "cannot be the address")]
    public void The_key_goes_over_https_alone(string address, string says) =>
        Assert.Contains(says, Assert.Throws<AIImageException>(() => RegisteredVendors.CheckBaseUrl(Vendor, new Uri(address, UriKind.RelativeOrAbsolute))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Without_a_word_for_the_end_nothing_is_registered()
    {
        await using Spine spine = await Spine.StartAsync();

        AIImageException e = await Assert.ThrowsAsync<AIImageException>(() => DescribeAsync(spine, w => w with { DoneWords = [], FailedWords = [] }));

        Assert.Contains("dried", e.Message, StringComparison.Ordinal);
        Assert.Contains("-DoneWord", e.Error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_that_says_nothing_is_helped_with_words()
    {
        ApiDocument document = ApiDocument.Read(Encoding.UTF8.GetBytes("""
            { "openapi": "3.1.0", "info": { "title": "Studio", "version": "1" },
              "paths": { "/create": { "post": { "requestBody": { "content": { "application/json": { "schema": {
                "type": "object", "required": ["wish", "tier"], "properties": { "wish": { "type": "string" }, "tier": { "type": "integer", "default": 3 }, "mood": { "type": "array", "items": { "type": "string" } } } } } } } } } } }
            """), "studio.json");
        VendorWords words = new()
        {
            Name = "Studio",
            BaseUrl = new Uri("https://studio.example/api/"),
            Endpoints = ["POST /create"],
            Poll = "GET /jobs/{job_id}",
            Result = "/jobs/{job_id}/files",
            IdFields = ["job.key"],
            StatusFields = ["job.phase"],
            OutputFields = ["files[].link"],
            KeyHeader = "X-Studio-Key",
            Price = 0.05m,
        };
        (VendorDescription vendor, IReadOnlyList<string> remarks) = Discovery.Describe(document, words);
        DescribedProvider provider = new(vendor);
        ProviderCall call = Translation.Call(provider, draft: new RequestDraft { Prompt = "a fox", ProviderOptions = new JsonObject { ["mood"] = new JsonArray("calm") } });

        Assert.Empty(remarks);
        Assert.Equal(("jobs/{id}", "jobs/{id}/files", "https://studio.example/api"), (vendor.Poll, vendor.Result, vendor.BaseUrl.OriginalString));
        Assert.Equal(0.05m, provider.Price(call.Shape).Amount);
        Assert.Equal("""{"wish":"a fox","mood":["calm"],"tier":3}""", ((RequestBody.Json)provider.Submit(call).Body).Root.ToJsonString());
        SubmitAnswer.Accepted accepted = Assert.IsType<SubmitAnswer.Accepted>(provider.ReadSubmit(call, VendorTools.Answer(200, """{"job":{"key":"a b","phase":"new"}}""")));
        Assert.Equal("jobs/a%20b", provider.Status(accepted.Handle).Address);
        Assert.IsType<StatusAnswer.Working>(provider.ReadStatus(accepted.Handle, VendorTools.Answer(200, """{"job":{"key":"a b","phase":"strange"}}""")));
        Assert.IsType<StatusAnswer.Ended>(provider.ReadStatus(accepted.Handle, VendorTools.Answer(200, """{"job":{"key":"a b","phase":"completed"}}""")));
        Assert.Equal("jobs/a%20b/files", provider.Result(accepted.Handle).Address);
        StatusAnswer.Finished finished = Assert.IsType<StatusAnswer.Finished>(provider.ReadResult(accepted.Handle, VendorTools.Answer(200, """{"files":[{"link":"https://x.example/1.png"},{"link":"https://x.example/2.png"}]}""")));
        Assert.Equal(2, finished.Pictures.Count);
    }

    [Theory]
    // The answer's own link counts only where the key may go along.
    [InlineData("""{"id":"7","status":"queued","status_url":"https://studio.example/elsewhere/7"}""", "https://studio.example/elsewhere/7")]
    [InlineData("""{"id":"7","status":"queued","status_url":"https://evil.example/7"}""", "jobs/7")]
    [InlineData("""{"data":{"task_id":"7","input":{"image":"https://mine.example/a.png"}}}""", "jobs/7")]
    [InlineData("""{"id":7,"input":{"id":"9","images":["https://mine.example/a.png"]}}""", "jobs/7")]
    public void Where_to_ask_is_found_and_what_was_sent_is_not_taken_for_an_answer(string json, string address)
    {
        DescribedProvider provider = Usual();
        SubmitAnswer.Accepted accepted = Assert.IsType<SubmitAnswer.Accepted>(provider.ReadSubmit(Translation.Call(provider), VendorTools.Answer(200, json)));

        Assert.Equal(("7", address), (accepted.Handle.TaskId, accepted.Handle.StatusUrl));
    }

    [Theory]
    [InlineData("""{"status":"succeeded","output":"https://x.example/1.png"}""", 1)]
    [InlineData("""{"status":"Success","data":{"images":[{"image_url":"https://x.example/1.png"},{"image_url":"https://x.example/2.png"}]}}""", 2)]
    [InlineData("""{"state":"DONE","result":{"artifacts":[{"b64_json":"part:0"}]}}""", 1)]
    [InlineData("""{"status":"completed","images":[{"image":{"src":"https://x.example/1.png"}}],"preview":"https://x.example/small.png"}""", 1)]
    [InlineData("""{"task":{"status":"finished"},"data":[["https://x.example/1.png"],["https://x.example/2.png"]]}""", 2)]
    public void Pictures_are_found_under_the_usual_names(string json, int pictures)
    {
        StatusAnswer.Finished finished = Assert.IsType<StatusAnswer.Finished>(Usual().ReadStatus(new TaskHandle("7"), VendorTools.Answer(200, json, parts: 1)));

        Assert.Equal(pictures, finished.Pictures.Count);
    }

    [Theory]
    [InlineData("""{"status":"failed","error":{"message":"out of paint","code":"E7"}}""", "out of paint", ImageErrorId.ProviderUnavailable)]
    [InlineData("""{"status":"error","message":"blocked by moderation"}""", "blocked by moderation", ImageErrorId.ContentRefused)]
    [InlineData("""{"data":{"status":"timed out","failure_reason":"late"}}""", "late", ImageErrorId.ProviderUnavailable)]
    public void A_failed_job_is_told_with_the_vendors_words(string json, string words, ImageErrorId id)
    {
        StatusAnswer.Failed failed = Assert.IsType<StatusAnswer.Failed>(Usual().ReadStatus(new TaskHandle("7"), VendorTools.Answer(200, json)));

        Assert.Equal((words, id, Acceptance.Refused), (failed.Failure.Message, failed.Failure.Id, failed.Failure.Acceptance));
    }

    [Fact]
    public void A_stream_that_ends_without_pictures_is_asked_after()
    {
        DescribedProvider provider = Usual();
        TaskHandle handle = provider.HandleOf("7")!;

        Assert.IsType<StatusAnswer.Ended>(provider.ReadEvent(handle, "message", VendorTools.Answer(200, """{"id":"7","status":"completed"}""")));
        Assert.IsType<StatusAnswer.Ended>(provider.ReadEvent(handle, "completed", VendorTools.Answer(200, "{}")));
        Assert.Null(provider.ReadEvent(handle, "message", VendorTools.Answer(200, """{"id":"8","status":"completed"}""")));
        Assert.Null(provider.ReadEvent(handle, "ping", VendorTools.Answer(200, "{}")));
        Assert.Equal("jobs/7", provider.Result(handle).Address);
    }

    [Theory]
    [InlineData("""{ "type": "http", "scheme": "bearer" }""", "Authorization", "Bearer ")]
    [InlineData("""{ "type": "apiKey", "in": "header", "name": "x-key" }""", "x-key", "")]
    [InlineData("""{ "type": "apiKey", "in": "header", "name": "Authorization", "description": "Key <your key>" }""", "Authorization", "Key ")]
    public void How_the_key_is_sent_is_read(string scheme, string header, string prefix)
    {
        KeyWay way = KeyWay.Of("X", JsonNode.Parse($$"""{ "components": { "securitySchemes": { "a": {{scheme}} } } }""")!.AsObject())!;

        Assert.Equal((header, prefix), (way.Header, way.Prefix));
    }

    [Fact]
    public void A_key_in_the_address_is_not_sent()
    {
        JsonObject root = JsonNode.Parse("""{ "components": { "securitySchemes": { "a": { "type": "apiKey", "in": "query", "name": "key" } } } }""")!.AsObject();

        Assert.Equal(ImageErrorId.Unsupported, Assert.Throws<AIImageException>(() => KeyWay.Of("X", root)).Error.Id);
        Assert.Null(KeyWay.Of("X", []));
    }

    private static DescribedProvider Usual() => new(new VendorDescription
    {
        Name = "Studio",
        Document = "studio.json",
        Date = "2026-11-25",
        BaseUrl = new Uri("https://studio.example"),
        Poll = "jobs/{id}",
        Models = [new ModelRow { Id = "create", Operations = [ImageOperation.Generate], Fields = new Dictionary<string, string> { ["path"] = "create", ["prompt"] = "prompt" } }],
    });

    private static async Task<VendorDescription> DescribeAsync(Spine spine, Func<VendorWords, VendorWords>? change = null)
    {
        string source = spine.Vendors.Origin + "/easel/openapi.yaml";
        using Transport transport = new();
        ApiDocument document = (await ApiSource.ReadAsync([source], transport, CancellationToken.None)).Documents[0];
        VendorWords words = new() { Name = Vendor, DoneWords = ["dried"], FailedWords = ["torn"] };
        return Discovery.Describe(document, change?.Invoke(words) ?? words).Vendor;
    }

    private static async Task<ProviderRegistry> RegisterAsync(Spine spine) => new([.. ProviderRegistry.BuiltIn.Providers, new DescribedProvider(await DescribeAsync(spine))]);

    private static async Task<RunReport> RunAsync(Spine spine, Order order)
    {
        ProviderRegistry registry = await RegisterAsync(spine);
        Plan plan = new Planner(registry, spine.Surroundings).Plan(Spine.Request(order), new Selection { Provider = order.Provider, Model = order.Model }, order.NoWait);
        ApprovedCall call = ApprovedCall.Gate.Approve(plan, new ForegroundConsent(true), spine.NewBudget(new BudgetLimits()), spine.Options(order).RecordPath)!;
        return await spine.NewEngine(registry: registry).RunAsync(call, spine.Options(order), spine.Listener, CancellationToken.None);
    }

    private static async Task<RunReport> ResumeAsync(Spine spine, string recordPath, ProviderRegistry? registry = null) =>
        await spine.NewEngine(registry: registry ?? await RegisterAsync(spine)).ResumeAsync(recordPath, TimeSpan.FromHours(1), spine.Listener, CancellationToken.None);
}
