using System.Text.Json.Nodes;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Providers.Replicate;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tests.Support;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Tests.Providers;

/// <summary>Replicate: what is sent, and what its answers mean.</summary>
public class ReplicateTests
{
    private const string Created = """
        { "id": "w3k0", "model": "black-forest-labs/flux-schnell", "version": "hidden", "status": "starting", "input": { "prompt": "a fox" }, "output": null, "error": null,
          "logs": "", "created_at": "2026-08-01T10:00:00.1Z",
          "urls": { "get": "https://api.replicate.com/v1/predictions/w3k0", "cancel": "https://api.replicate.com/v1/predictions/w3k0/cancel",
                    "web": "https://replicate.com/p/w3k0", "stream": "https://stream.replicate.com/v1/streams/x" } }
        """;

    private static readonly ReplicateProvider Provider = new();
    private static readonly TaskHandle Handle = new("w3k0") { StatusUrl = "https://api.replicate.com/v1/predictions/w3k0" };

    [Fact]
    public void The_default_model_is_ordered_under_its_own_name_with_pixels_as_custom_ratio()
    {
        VendorRequest request = Provider.Submit(Translation.Call(Provider, draft: new RequestDraft { Prompt = "a fox", Seed = 7, Format = ImageFormat.Jpeg, Size = "1024x768" }));

        Assert.Equal("models/black-forest-labs/flux-1.1-pro/predictions", request.Address);
        Assert.Equal("""{"input":{"aspect_ratio":"custom","prompt":"a fox","width":1024,"height":768,"seed":7,"output_format":"jpg"}}""", Translation.Body(request).ToJsonString());
        Assert.Empty(request.Headers);
    }

    [Theory]
    [InlineData("google/nano-banana-pro", """{"input":{"prompt":"a fox","aspect_ratio":"1:1","resolution":"2K","image_input":["https://example.com/a.png","https://example.com/b.png"]}}""")]
    [InlineData("bytedance/seedream-5-lite", """{"input":{"prompt":"a fox","aspect_ratio":"1:1","size":"2K","image_input":["https://example.com/a.png","https://example.com/b.png"]}}""")]
    [InlineData("black-forest-labs/flux-2-max", """{"input":{"aspect_ratio":"custom","prompt":"a fox","width":1024,"height":1024,"input_images":["https://example.com/a.png","https://example.com/b.png"]}}""")]
    public void Models_name_their_references_each_in_its_own_way(string model, string body)
    {
        RequestDraft draft = new() { Prompt = "a fox", ReferenceImages = ["https://example.com/a.png", "https://example.com/b.png"] };

        Assert.Equal(body, Translation.Body(Provider.Submit(Translation.Call(Provider, model, draft))).ToJsonString());
    }

    [Theory]
    [InlineData("black-forest-labs/flux-1.1-pro", "image_prompt")]
    [InlineData("black-forest-labs/flux-kontext-pro", "input_image")]
    public void Where_one_reference_is_taken_it_is_no_list(string model, string field)
    {
        VendorRequest request = Provider.Submit(Translation.Call(Provider, model, new RequestDraft { Prompt = "a fox", ReferenceImages = ["https://example.com/a.png"] }, "https://api.replicate.com/v1/files/f"));

        // A link stays a link, even where an upload is known.
        Assert.Equal("https://example.com/a.png", Translation.Body(request)["input"]![field]!.GetValue<string>());
    }

    [Fact]
    public void A_community_model_is_ordered_by_its_version()
    {
        string model = "bytedance/flux-pulid:" + new string('a', 64);

        VendorRequest request = Provider.Submit(Translation.Call(Provider, model));

        Assert.Equal("predictions", request.Address);
        Assert.Equal(model, Translation.Body(request)["version"]!.GetValue<string>());
    }

    [Fact]
    public void Several_pictures_of_one_call_are_counted_and_options_spelled_as_the_model_wants_them()
    {
        JsonObject options = new() { ["megapixels"] = 1, ["go_fast"] = false };
        VendorRequest request = Provider.Submit(Translation.Call(Provider, "black-forest-labs/flux-dev", new RequestDraft { Prompt = "a fox", Count = 3, AspectRatio = "16:9", ProviderOptions = options }));

        Assert.Equal("""{"input":{"prompt":"a fox","aspect_ratio":"16:9","num_outputs":3,"megapixels":"1","go_fast":false}}""", Translation.Body(request).ToJsonString());
    }

    [Theory]
    [InlineData("black-forest-labs/flux-1.1-pro", 0.04)]
    [InlineData("black-forest-labs/flux-2-flex", 0.12)]
    [InlineData("google/nano-banana-2", 0.101)]
    public void Prices_are_those_of_the_price_page(string model, double price) => Assert.Equal((decimal)price, Translation.Price(Provider, model));

    [Fact]
    public void A_price_that_was_not_read_is_not_known() => Assert.Null(Translation.Price(Provider, "bytedance/seedream-4.5"));

    [Fact]
    public void An_accepted_order_gives_the_links_as_they_are()
    {
        TaskHandle handle = Assert.IsType<SubmitAnswer.Accepted>(Provider.ReadSubmit(Translation.Call(Provider), Translation.Answer(Created, 201))).Handle;

        Assert.Equal("w3k0", handle.TaskId);
        Assert.Equal("https://api.replicate.com/v1/predictions/w3k0", Provider.Status(handle).Address);
        Assert.Equal("https://stream.replicate.com/v1/streams/x", Provider.Stream(handle)!.Address);
        VendorRequest cancel = Provider.Cancel(handle)!;
        Assert.Equal((HttpMethod.Post, "https://api.replicate.com/v1/predictions/w3k0/cancel"), (cancel.Method, cancel.Address));
        Assert.Null(Provider.Stream(Handle));
        Assert.Equal("predictions/w3k0", Provider.Status(new TaskHandle("w3k0")).Address);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"id":5}""")]
    [InlineData("""{"id":""}""")]
    public void An_answer_without_an_id_may_have_cost(string json)
    {
        VendorFailure failure = Assert.IsType<SubmitAnswer.Refused>(Provider.ReadSubmit(Translation.Call(Provider), Translation.Answer(json, 201))).Failure;

        Assert.Equal((ImageErrorId.InvalidResponse, Acceptance.Unknown, true), (failure.Id, failure.Acceptance, failure.MayHaveBeenCharged));
    }

    [Theory]
    [InlineData("starting", false)]
    [InlineData("processing", true)]
    [InlineData("queued up", true)]
    [InlineData("", true)]
    public void What_is_no_end_is_waited_for(string word, bool started)
    {
        StatusAnswer.Working working = Assert.IsType<StatusAnswer.Working>(Status($$"""{"id":"w3k0","status":"{{word}}","output":"https://replicate.delivery/early.png"}"""));

        Assert.Equal((started, word), (working.Started, working.Word));
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("loading\\n  4%|▌ | 1/25\\r 76%|███████▋  | 19/25 [00:02<00:00]", 76.0)]
    [InlineData("100%|██████████| 28/28", 100.0)]
    [InlineData("%|", null)]
    [InlineData("999%|", null)]
    public void Progress_is_the_last_bar_of_the_log(string log, double? percent) =>
        Assert.Equal(percent, Assert.IsType<StatusAnswer.Working>(Status($$"""{"status":"processing","logs":"{{log}}"}""")).Percent);

    [Theory]
    [InlineData("\"https://replicate.delivery/a.webp\"", 1)]
    [InlineData("[\"https://replicate.delivery/a.webp\",\"https://replicate.delivery/b.webp\"]", 2)]
    [InlineData("\"part:0\"", 1)]
    [InlineData("[null,\"https://replicate.delivery/b.webp\"]", 1)]
    public void Output_is_one_link_or_a_list_or_the_picture_itself(string output, int pictures) =>
        Assert.Equal(pictures, Assert.IsType<StatusAnswer.Finished>(Provider.ReadStatus(Handle, Translation.Answer($$"""{"status":"succeeded","output":{{output}}}""", parts: 1))).Pictures.Count);

    [Theory]
    [InlineData("null", "false", ImageErrorId.InvalidResponse)]
    [InlineData("[]", "false", ImageErrorId.InvalidResponse)]
    [InlineData("{}", "false", ImageErrorId.InvalidResponse)]
    [InlineData("null", "true", ImageErrorId.LinkExpired)]
    public void An_end_without_a_picture_is_an_error(string output, string removed, ImageErrorId id) =>
        Assert.Equal(id, Assert.IsType<StatusAnswer.Failed>(Status($$"""{"status":"succeeded","output":{{output}},"data_removed":{{removed}}}""")).Failure.Id);

    [Theory]
    [InlineData("canceled")]
    [InlineData("aborted")]
    public void Both_words_for_cancelled_are_ends(string word) => Assert.IsType<StatusAnswer.Canceled>(Status($$"""{"status":"{{word}}"}"""));

    [Theory]
    [InlineData("The input or output was flagged as sensitive. Please try again with different inputs. (E005)", ImageErrorId.ContentRefused, "E005")]
    [InlineData("All generated images contained NSFW content. Try running it again with a different prompt.", ImageErrorId.ContentRefused, "failed")]
    [InlineData("Prediction interrupted; please retry (code: PA)", ImageErrorId.ProviderUnavailable, "failed")]
    [InlineData("E1001: out of memory", ImageErrorId.ProviderUnavailable, "E1001")]
    [InlineData("Prediction interrupted; please retry (code: E1000)", ImageErrorId.ProviderUnavailable, "E1000")]
    public void Why_it_failed_is_read_from_the_words(string error, ImageErrorId id, string code)
    {
        VendorFailure failure = Assert.IsType<StatusAnswer.Failed>(Status(new JsonObject { ["status"] = "failed", ["error"] = error }.ToJsonString())).Failure;

        Assert.Equal((id, code, error), (failure.Id, failure.Code, failure.Message));
    }

    [Theory]
    [InlineData(401, ImageErrorId.AuthenticationFailed, Acceptance.NotAccepted, false)]
    [InlineData(402, ImageErrorId.InsufficientCredits, Acceptance.NotAccepted, false)]
    [InlineData(404, ImageErrorId.NotFound, Acceptance.NotAccepted, false)]
    [InlineData(422, ImageErrorId.InvalidRequest, Acceptance.Refused, false)]
    [InlineData(429, ImageErrorId.RateLimited, Acceptance.NotAccepted, true)]
    [InlineData(500, ImageErrorId.ProviderUnavailable, Acceptance.Unknown, false)]
    public void Refusals_by_status(int status, ImageErrorId id, Acceptance acceptance, bool again)
    {
        VendorAnswer answer = Translation.Answer($$"""{"title":"T","detail":"words of the vendor","status":{{status}},"retry_after":9}""", status);
        VendorFailure failure = Provider.Classify(answer);

        Assert.Equal((id, acceptance, again, "words of the vendor"), (failure.Id, failure.Acceptance, failure.SendAgain, failure.Message));
        Assert.Equal(TimeSpan.FromSeconds(10), answer.RetryAfter(DateTimeOffset.UtcNow));
    }

    [Fact]
    public void The_end_of_a_stream_is_followed_by_a_question()
    {
        VendorAnswer none = new(200, new Dictionary<string, string>(), null, " 40%|████      | 2/5", 0);

        Assert.IsType<StatusAnswer.Ended>(Provider.ReadEvent(Handle, "done", Translation.Answer("{}")));
        Assert.IsType<StatusAnswer.Ended>(Provider.ReadEvent(Handle, "error", none));
        Assert.Equal(40, Assert.IsType<StatusAnswer.Working>(Provider.ReadEvent(Handle, "logs", none)).Percent);
        Assert.Null(Provider.ReadEvent(Handle, "message", none));
        Assert.IsType<StatusAnswer.Working>(Provider.ReadResult(Handle, Translation.Answer("{}", 502)));
        Assert.IsType<StatusAnswer.NotFound>(Provider.ReadResult(Handle, Translation.Answer("{}", 404)));
    }

    [Fact]
    public void Files_are_uploaded_under_the_name_content()
    {
        InputFile file = new("/x.png", "image/png", 300_000, "image-0.png");
        VendorRequest request = Provider.Upload(file);

        Assert.Equal("files", request.Address);
        BodyPart part = Assert.Single(((RequestBody.Multipart)request.Body).Parts);
        Assert.Equal(("content", 0), (part.Name, part.FileIndex));
        Assert.Equal("https://api.replicate.com/v1/files/NGZi", Provider.ReadUpload(file, Translation.Answer("""{"id":"NGZi","urls":{"get":"https://api.replicate.com/v1/files/NGZi"}}""", 201))!.Reference);
        Assert.Null(Provider.ReadUpload(file, Translation.Answer("{}", 201)));
    }

    [Fact]
    public void The_list_of_predictions_tells_those_of_our_models()
    {
        string list = """
            { "next": null, "previous": null, "results": [
              { "id": "a", "model": "black-forest-labs/flux-dev", "source": "api", "status": "succeeded", "created_at": "2026-08-01T10:00:00.1Z", "input": { "prompt": "a fox" }, "urls": { "get": "https://api.replicate.com/v1/predictions/a" } },
              { "id": "b", "model": "meta/llama-4", "source": "api", "status": "succeeded", "created_at": "2026-08-01T10:00:00.1Z", "input": { "prompt": "a fox" } },
              { "id": "c", "model": "black-forest-labs/flux-dev", "source": "web", "status": "succeeded", "created_at": "2026-08-01T10:00:00.1Z", "input": { "prompt": "a fox" } },
              { "id": "d", "model": "google/nano-banana-2", "source": "api", "status": "processing", "input": { } }, { } ] }
            """;

        FoundTask[] found = [.. Provider.ReadRecent("black-forest-labs/flux-dev", Translation.Answer(list))];

        Assert.Equal(["a", "d"], found.Select(f => f.Handle.TaskId));
        Assert.Equal(("a fox", "black-forest-labs/flux-dev", true), (found[0].Prompt, found[0].Model, found[0].Finished));
        Assert.Equal("https://api.replicate.com/v1/predictions/a", found[0].Handle.StatusUrl);
        Assert.False(found[1].Finished);
    }

    private static StatusAnswer Status(string json) => Provider.ReadStatus(Handle, Translation.Answer(json));
}
