using System.Text.Json.Nodes;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Providers.Fal;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tests.Support;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Tests.Providers;

/// <summary>fal.ai: what is sent, and what its answers mean.</summary>
public class FalTests
{
    private const string Queued = """
        { "status": "IN_QUEUE", "request_id": "b7a0", "queue_position": 2, "status_url": "https://queue.fal.run/fal-ai/flux/requests/b7a0/status",
          "response_url": "https://queue.fal.run/fal-ai/flux/requests/b7a0/response", "cancel_url": "https://queue.fal.run/fal-ai/flux/requests/b7a0/cancel" }
        """;

    private static readonly FalProvider Provider = new();
    private static readonly TaskHandle Handle = new("b7a0") { StatusUrl = "https://queue.fal.run/fal-ai/flux/requests/b7a0/status" };

    [Fact]
    public void The_input_is_the_whole_body_and_the_size_an_object()
    {
        VendorRequest request = Provider.Submit(Translation.Call(Provider, draft: new RequestDraft { Prompt = "a fox", Seed = 7, Count = 2, Format = ImageFormat.Jpeg, Size = "1280x720" }));

        Assert.Equal("fal-ai/flux/dev", request.Address);
        Assert.Equal("""{"prompt":"a fox","image_size":{"width":1280,"height":720},"num_images":2,"seed":7,"output_format":"jpeg"}""", Translation.Body(request).ToJsonString());
    }

    [Theory]
    [InlineData("fal-ai/flux-2-pro", "fal-ai/flux-2-pro/edit", """{"prompt":"a fox","image_size":{"width":1024,"height":1024},"image_urls":["https://example.com/a.png"]}""")]
    [InlineData("fal-ai/nano-banana-pro", "fal-ai/nano-banana-pro/edit", """{"prompt":"a fox","aspect_ratio":"1:1","resolution":"2K","num_images":1,"image_urls":["https://example.com/a.png"]}""")]
    [InlineData("bytedance/seedream/v5/lite/text-to-image", "bytedance/seedream/v5/lite/edit", """{"prompt":"a fox","image_size":{"width":2048,"height":2048},"num_images":1,"image_urls":["https://example.com/a.png"]}""")]
    [InlineData("fal-ai/flux-pro/v1.1-ultra", "fal-ai/flux-pro/v1.1-ultra", """{"prompt":"a fox","aspect_ratio":"1:1","num_images":1,"image_url":"https://example.com/a.png"}""")]
    public void With_references_a_model_may_have_another_endpoint(string model, string endpoint, string body)
    {
        VendorRequest request = Provider.Submit(Translation.Call(Provider, model, new RequestDraft { Prompt = "a fox", ReferenceImages = ["https://example.com/a.png"] }));

        Assert.Equal(endpoint, request.Address);
        Assert.Equal(body, Translation.Body(request).ToJsonString());
        Assert.Equal(model, Provider.Submit(Translation.Call(Provider, model)).Address);
    }

    [Fact]
    public void A_model_nobody_here_knows_has_no_other_endpoint_than_its_name() =>
        Assert.Equal("fal-ai/new/thing", Provider.Submit(Translation.Call(Provider, "fal-ai/new/thing", new RequestDraft { Prompt = "a fox", ReferenceImages = ["https://example.com/a.png", "https://example.com/b.png"] })).Address);

    [Fact]
    public void The_tolerance_is_a_word_even_when_given_as_a_number()
    {
        RequestDraft draft = new() { Prompt = "a fox", ProviderOptions = new JsonObject { ["safety_tolerance"] = 5 } };

        Assert.Equal("\"5\"", Translation.Body(Provider.Submit(Translation.Call(Provider, "fal-ai/flux-2-pro", draft)))["safety_tolerance"]!.ToJsonString());
        Assert.Throws<AIImageException>(() => Translation.Call(Provider, "fal-ai/flux-2-pro", new RequestDraft { Prompt = "a fox", ProviderOptions = new JsonObject { ["safety_tolerance"] = 6 } }));
    }

    [Theory]
    [InlineData("fal-ai/flux-pro/v1.1-ultra", 0.06)]
    [InlineData("fal-ai/nano-banana-2", 0.12)]
    [InlineData("bytedance/seedream/v5/lite/text-to-image", 0.035)]
    [InlineData("fal-ai/flux/dev", 0.05)]
    public void Prices_are_those_of_the_model_pages_megapixels_rounded_up(string model, double price) => Assert.Equal((decimal)price, Translation.Price(Provider, model));

    [Fact]
    public void An_accepted_order_gives_the_links_as_they_are()
    {
        TaskHandle handle = Assert.IsType<SubmitAnswer.Accepted>(Provider.ReadSubmit(Translation.Call(Provider), Translation.Answer(Queued))).Handle;

        Assert.Equal("b7a0", handle.TaskId);
        Assert.Equal("https://queue.fal.run/fal-ai/flux/requests/b7a0/status", Provider.Status(handle).Address);
        Assert.Equal("https://queue.fal.run/fal-ai/flux/requests/b7a0/status/stream", Provider.Stream(handle)!.Address);
        Assert.Equal("https://queue.fal.run/fal-ai/flux/requests/b7a0/response", Provider.Result(handle).Address);
        VendorRequest cancel = Provider.Cancel(handle)!;
        Assert.Equal((HttpMethod.Put, "https://queue.fal.run/fal-ai/flux/requests/b7a0/cancel"), (cancel.Method, cancel.Address));
    }

    [Theory]
    [InlineData("fal-ai/flux/dev", "fal-ai/flux/requests/b7a0")]
    [InlineData("workflows/me/cats/v2", "workflows/me/cats/requests/b7a0")]
    public void Links_that_are_missing_hold_owner_and_app_only(string model, string root)
    {
        TaskHandle handle = Assert.IsType<SubmitAnswer.Accepted>(Provider.ReadSubmit(Translation.Call(Provider, model), Translation.Answer("""{"request_id":"b7a0","status_url":5}"""))).Handle;

        Assert.Equal((root + "/status", root, root + "/cancel"), (handle.StatusUrl, handle.ResultUrl, handle.CancelUrl));
    }

    [Fact]
    public void An_answer_without_an_id_may_have_cost() =>
        Assert.True(Assert.IsType<SubmitAnswer.Refused>(Provider.ReadSubmit(Translation.Call(Provider), Translation.Answer("{}"))).Failure is { MayHaveBeenCharged: true, Acceptance: Acceptance.Unknown });

    [Fact]
    public void An_id_alone_does_not_tell_its_app_a_path_or_link_does()
    {
        Assert.Null(Provider.HandleOf("b7a0"));
        Assert.Null(Provider.HandleOf("../x/requests/b7a0"));
        Assert.Equal(("b7a0", "fal-ai/flux/requests/b7a0/status"), (Provider.HandleOf("fal-ai/flux/requests/b7a0")!.TaskId, Provider.HandleOf("https://queue.fal.run/fal-ai/flux/requests/b7a0")!.StatusUrl));
    }

    [Theory]
    [InlineData("IN_QUEUE", 202, false)]
    [InlineData("IN_PROGRESS", 202, true)]
    [InlineData("ON_ITS_WAY", 200, true)]
    public void What_is_no_end_is_waited_for(string word, int status, bool started)
    {
        StatusAnswer.Working working = Assert.IsType<StatusAnswer.Working>(Provider.ReadStatus(Handle, Translation.Answer($$"""{"status":"{{word}}","queue_position":1}""", status)));

        Assert.Equal((started, word), (working.Started, working.Word));
    }

    [Theory]
    [InlineData("""{"status":"COMPLETED","metrics":{"inference_time":1.9}}""")]
    [InlineData("""{"status":"COMPLETED","error":"Invalid input","error_type":"validation"}""")]
    public void Completed_says_only_that_there_is_a_result_to_ask_for(string json) => Assert.IsType<StatusAnswer.Ended>(Provider.ReadEvent(Handle, "message", Translation.Answer(json)));

    [Theory]
    [InlineData("""{"images":[{"url":"https://v3b.fal.media/a.jpg","width":null},{"url":"https://v3b.fal.media/b.jpg"}],"seed":42,"has_nsfw_concepts":[false,false]}""", 2)]
    [InlineData("""{"image":{"url":"https://v3b.fal.media/a.jpg"}}""", 1)]
    [InlineData("""{"images":[{"url":"part:0"}],"description":""}""", 1)]
    [InlineData("""{"images":[{"url":"https://v3b.fal.media/a.jpg"},{"url":"https://v3b.fal.media/b.jpg"}],"has_nsfw_concepts":[false,true]}""", 1)]
    public void Results_come_in_two_shapes_and_flagged_pictures_do_not_count(string json, int pictures) =>
        Assert.Equal(pictures, Assert.IsType<StatusAnswer.Finished>(Result(json)).Pictures.Count);

    [Fact]
    public void The_seed_belongs_to_the_first_picture() =>
        Assert.Equal([42, null], Assert.IsType<StatusAnswer.Finished>(Result("""{"images":[{"url":"https://f/a.jpg"},{"url":"https://f/b.jpg"}],"seed":42}""")).Pictures.Select(p => p.Seed));

    [Theory]
    [InlineData("""{"images":[{"url":"https://v3b.fal.media/a.jpg"}],"has_nsfw_concepts":[true]}""", 200, ImageErrorId.ContentRefused)]
    [InlineData("""{"images":[]}""", 200, ImageErrorId.InvalidResponse)]
    [InlineData("""{"detail":[{"loc":["body","prompt"],"msg":"The content could not be processed","type":"content_policy_violation","input":"a fox"}]}""", 422, ImageErrorId.ContentRefused)]
    [InlineData("""{"detail":[{"loc":["body","image_url"],"msg":"too large","type":"image_too_large"}]}""", 422, ImageErrorId.InvalidRequest)]
    [InlineData("""{"detail":"something is wrong"}""", 422, ImageErrorId.InvalidRequest)]
    [InlineData("""{"detail":[{"loc":["body"],"msg":"none","type":"no_media_generated"}]}""", 422, ImageErrorId.InvalidResponse)]
    [InlineData("""{"detail":[{"loc":["body"],"msg":"theirs","type":"downstream_service_error"}]}""", 400, ImageErrorId.ProviderUnavailable)]
    [InlineData("""{"detail":[{"loc":["body"],"msg":"ours","type":"internal_server_error"}]}""", 500, ImageErrorId.ProviderUnavailable)]
    [InlineData("""{"detail":"Request timed out","error_type":"request_timeout"}""", 504, ImageErrorId.ProviderUnavailable)]
    public void A_failed_result_has_a_status_and_a_type_of_its_own(string json, int status, ImageErrorId id) =>
        Assert.Equal(id, Assert.IsType<StatusAnswer.Failed>(Result(json, status)).Failure.Id);

    [Fact]
    public void What_stood_between_is_no_result()
    {
        Assert.IsType<StatusAnswer.Working>(Provider.ReadResult(Handle, new VendorAnswer(502, new Dictionary<string, string>(), null, "Bad Gateway", 0)));
        Assert.IsType<StatusAnswer.Failed>(Provider.ReadResult(Handle, new VendorAnswer(502, new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["X-Fal-Request-Id"] = "b7a0" }, null, "Bad", 0)));
        Assert.IsType<StatusAnswer.Working>(Result("{}"));
        Assert.IsType<StatusAnswer.Working>(Result("[]"));
        Assert.IsType<StatusAnswer.NotFound>(Result("{}", 404));
        Assert.IsType<StatusAnswer.Canceled>(Result("""{"detail":"gone","error_type":"client_cancelled"}""", 499));
    }

    [Theory]
    [InlineData(401, """{"detail":"Invalid key"}""", ImageErrorId.AuthenticationFailed, Acceptance.NotAccepted)]
    [InlineData(403, """{"detail":"Forbidden"}""", ImageErrorId.AuthenticationFailed, Acceptance.NotAccepted)]
    [InlineData(403, """{"detail":"User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing."}""", ImageErrorId.InsufficientCredits, Acceptance.NotAccepted)]
    [InlineData(402, "{}", ImageErrorId.InsufficientCredits, Acceptance.NotAccepted)]
    [InlineData(404, "{}", ImageErrorId.NotFound, Acceptance.NotAccepted)]
    [InlineData(429, """{"detail":[{"type":"concurrent_requests_limit","msg":"m"}]}""", ImageErrorId.RateLimited, Acceptance.NotAccepted)]
    [InlineData(500, "{}", ImageErrorId.ProviderUnavailable, Acceptance.Unknown)]
    public void Refusals_of_the_order(int status, string json, ImageErrorId id, Acceptance acceptance)
    {
        VendorFailure failure = Provider.Classify(Translation.Answer(json, status, headers: ("X-Fal-Request-Id", "r1")));

        Assert.Equal((id, acceptance, "r1", status == 429), (failure.Id, failure.Acceptance, failure.RequestId, failure.SendAgain));
    }

    [Fact]
    public void The_input_that_an_error_echoes_is_not_in_the_message() =>
        Assert.Equal("body.prompt: no", Provider.Classify(Translation.Answer("""{"detail":[{"loc":["body","prompt"],"msg":"no","type":"missing","input":"secret prompt"}]}""", 422)).Message);

    [Fact]
    public void An_upload_asks_another_host_for_a_place_and_puts_without_the_key()
    {
        InputFile file = new("/x.png", "image/png", 300_000, "image-0.png");
        VendorRequest request = Provider.Upload(file);

        Assert.Equal("storage/upload/initiate?storage_type=fal-cdn-v3", request.Address);
        Assert.Equal(new Uri("https://rest.fal.ai"), request.OtherHost);
        Assert.Equal("""{"content_type":"image/png","file_name":"image-0.png"}""", Translation.Body(request).ToJsonString());

        UploadAnswer answer = Provider.ReadUpload(file, Translation.Answer("""{"upload_url":"https://v3.fal.media/put?sig=1","file_url":"https://v3.fal.media/files/x.png"}"""))!;
        Assert.Equal("https://v3.fal.media/files/x.png", answer.Reference);
        Assert.Equal((HttpMethod.Put, "https://v3.fal.media/put?sig=1", true), (answer.Put!.Method, answer.Put.Address, answer.Put.WithoutKey));
        Assert.Null(Provider.ReadUpload(file, Translation.Answer("{}")));
    }

    [Fact]
    public void The_list_of_requests_tells_model_prompt_and_how_to_ask()
    {
        VendorRequest request = Provider.Recent("fal-ai/flux/dev")!;
        Assert.Equal(new Uri("https://api.fal.ai"), request.OtherHost);
        Assert.StartsWith("v1/models/requests/by-endpoint?endpoint_id=fal-ai%2Fflux%2Fdev%2C", request.Address, StringComparison.Ordinal);
        Assert.Equal(request.Address, Provider.Recent("fal-ai/nano-banana-pro")!.Address);

        string list = """
            { "next_cursor": null, "has_more": false, "items": [
              { "request_id": "old", "endpoint_id": "fal-ai/flux/dev", "started_at": "2026-01-01T00:00:05Z", "sent_at": "2026-01-01T00:00:01Z", "ended_at": "2026-01-01T00:00:08Z", "status_code": 422, "json_input": { "prompt": "a fox" } },
              { "request_id": "new", "endpoint_id": "fal-ai/nano-banana-pro/edit", "started_at": "2026-01-02T00:00:05Z", "sent_at": "2026-01-02T00:00:01Z", "ended_at": "2026-01-02T00:00:08Z", "status_code": 200, "json_input": { "prompt": "an owl" } }, {} ] }
            """;
        FoundTask[] found = [.. Provider.ReadRecent("fal-ai/flux/dev", Translation.Answer(list))];

        Assert.Equal(["new", "old"], found.Select(f => f.Handle.TaskId));
        Assert.Equal(("an owl", "fal-ai/nano-banana-pro", true), (found[0].Prompt, found[0].Model, found[0].Finished));
        Assert.Equal("fal-ai/nano-banana-pro/requests/new/status", found[0].Handle.StatusUrl);
        Assert.False(found[1].Finished);
    }

    private static StatusAnswer Result(string json, int status = 200) => Provider.ReadResult(Handle, Translation.Answer(json, status, parts: 1));
}
