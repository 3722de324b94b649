using PSImageGen.Core.Engine;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Providers.OpenRouter;
using PSImageGen.Core.Tests.Support;
using PSImageGen.FakeProviders;
using PSImageGen.FakeProviders.Faults;
using static PSImageGen.Core.Tests.Support.VendorTools;

namespace PSImageGen.Core.Tests.Providers;

/// <summary>What OpenRouter's refusals prove: its Image API bills finished generations alone, of chats nothing of the kind is stated.</summary>
public class OpenRouterFailureTests
{
    private const string Vendor = "OpenRouter";
    private const string ChatModel = "google/gemini-2.5-flash-image";

    private static readonly OpenRouterProvider Provider = new();
    private static readonly ProviderCall Image = Translation.Call(Provider);
    private static readonly ProviderCall Chat = Translation.Call(Provider, ChatModel);

    private static Order Small => new() { Provider = Vendor, Resolution = "1K" };

    [Theory]
    [InlineData(400, null, ImageErrorId.InvalidRequest)]
    [InlineData(400, "string_too_long", ImageErrorId.InvalidRequest)]
    [InlineData(400, "content_policy_violation", ImageErrorId.ContentRefused)]
    [InlineData(400, "refusal", ImageErrorId.ContentRefused)]
    [InlineData(400, "invalid_image", ImageErrorId.InvalidImage)]
    [InlineData(400, "image_download_failed", ImageErrorId.InvalidImage)]
    [InlineData(400, "model_not_found", ImageErrorId.NotFound)]
    [InlineData(400, "wrong_endpoint", ImageErrorId.NotFound)]
    [InlineData(401, null, ImageErrorId.AuthenticationFailed)]
    [InlineData(402, null, ImageErrorId.InsufficientCredits)]
    [InlineData(403, null, ImageErrorId.AuthenticationFailed)]
    [InlineData(403, "moderation", ImageErrorId.ContentRefused)]
    [InlineData(403, "guardrail", ImageErrorId.ContentRefused)]
    [InlineData(403, "region_restricted", ImageErrorId.AuthenticationFailed)]
    [InlineData(404, null, ImageErrorId.NotFound)]
    [InlineData(404, "image_not_found", ImageErrorId.InvalidImage)]
    [InlineData(404, "no_endpoints", ImageErrorId.NotFound)]
    [InlineData(404, "model_deprecated", ImageErrorId.NotFound)]
    [InlineData(413, null, ImageErrorId.InvalidRequest)]
    [InlineData(422, null, ImageErrorId.InvalidRequest)]
    public async Task A_refused_order_is_sent_once_and_costs_nothing(int status, string? code, ImageErrorId id)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Say(Vendor, FaultStage.Submit, status, code);

        RunReport report = await spine.RunAsync(Small);

        Assert.Equal((id, false), (report.Error!.Id, report.Error.MayHaveBeenCharged));
        Assert.Equal(ImageTaskStatus.Failed, report.Record.Status);
        Assert.NotEmpty(report.Error.VendorMessage!);
        Assert.StartsWith("gen-", report.Error.RequestId, StringComparison.Ordinal);
        Assert.Equal(1, spine.Vendors.Count(Vendor).Submits);
    }

    [Theory]
    [InlineData(429, null)]
    [InlineData(429, "capacity_exhausted")]
    [InlineData(502, null)]
    [InlineData(503, null)]
    [InlineData(503, "temporarily_unavailable")]
    [InlineData(529, null)]
    public async Task An_image_that_was_not_made_is_ordered_again(int status, string? code)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Say(Vendor, FaultStage.Submit, status, code, times: 2);

        spine.AssertDelivered(await spine.RunAsync(Small), Vendor, submits: 3);
    }

    [Theory]
    [InlineData(500, FaultKind.StatusAfterBilling)]
    [InlineData(504, FaultKind.StatusAfterBilling)]
    [InlineData(524, FaultKind.StatusAfterBilling)]
    [InlineData(408, FaultKind.StatusAfterBilling)]
    [InlineData(null, FaultKind.DropBeforeAnswer)]
    [InlineData(null, FaultKind.Truncate)]
    [InlineData(null, FaultKind.WrongContent)]
    public async Task An_order_that_may_still_finish_is_unknown_and_never_repeated(int? status, FaultKind kind)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = Vendor, Stage = FaultStage.Submit, Kind = kind, Status = status });

        RunReport report = await spine.RunAsync(Small);

        Assert.Equal(ImageTaskStatus.Unknown, report.Record.Status);
        Assert.True(report.Error!.MayHaveBeenCharged);
        Assert.Equal(1, spine.Vendors.Count(Vendor).Submits);
    }

    [Theory]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(529)]
    public async Task Of_a_chat_the_same_proves_nothing(int status)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = Vendor, Stage = FaultStage.Submit, Kind = FaultKind.StatusAfterBilling, Status = status });

        RunReport report = await spine.RunAsync(new Order { Provider = Vendor, Model = ChatModel });

        Assert.Equal(ImageTaskStatus.Unknown, report.Record.Status);
        Assert.True(report.Error!.MayHaveBeenCharged);
        Assert.Equal(1, spine.Vendors.Count(Vendor).Submits);
    }

    [Fact]
    public async Task A_chat_that_fails_inside_a_200_is_refused_and_may_be_charged()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Say(Vendor, FaultStage.Submit, 200, null);

        RunReport report = await spine.RunAsync(new Order { Provider = Vendor, Model = ChatModel });

        Assert.Equal((ImageErrorId.ProviderUnavailable, true, "provider_unavailable"), (report.Error!.Id, report.Error.MayHaveBeenCharged, report.Error.VendorCode));
        Assert.Equal(ImageTaskStatus.Failed, report.Record.Status);
        Assert.Equal(1, spine.Vendors.Count(Vendor).Submits);
    }

    [Theory]
    [InlineData("""{"error":{"code":429,"message":"no","metadata":{"error_type":"rate_limit_exceeded"}}}""", ImageErrorId.RateLimited)]
    [InlineData("""{"error":{"code":"server_error","message":"no"}}""", ImageErrorId.ProviderUnavailable)]
    [InlineData("""{"error":{"message":"no","metadata":{"error_type":"refusal"}}}""", ImageErrorId.ContentRefused)]
    [InlineData("""{"error":{"code":7,"message":"no"}}""", ImageErrorId.InvalidRequest)]
    public void Inside_a_200_nothing_is_sent_again(string json, ImageErrorId id)
    {
        Assert.True(Provider.IsRefusal(Answer(200, json)));
        VendorFailure failure = Provider.ClassifySubmit(Chat, Answer(200, json));

        Assert.Equal((id, Acceptance.Refused, false, true), (failure.Id, failure.Acceptance, failure.SendAgain, failure.MayHaveBeenCharged));
    }

    [Fact]
    public void An_error_beside_its_cost_or_its_pictures_loses_neither()
    {
        const string Charged = """{"error":{"code":502,"message":"no"},"usage":{"cost":0.002}}""";
        const string Delivered = """{"error":{"code":502,"message":"no"},"choices":[{"message":{"images":[{"image_url":{"url":"part:0"}}]}}]}""";

        Assert.False(Provider.IsRefusal(Answer(200, Charged)));
        SubmitAnswer.Refused refused = Assert.IsType<SubmitAnswer.Refused>(Provider.ReadSubmit(Chat, Answer(200, Charged)));
        Assert.Equal((0.002m, ImageErrorId.ProviderUnavailable), (refused.Cost!.Amount, refused.Failure.Id));
        Assert.False(Provider.IsRefusal(Answer(200, Delivered, parts: 1)));
        Assert.IsType<SubmitAnswer.Finished>(Provider.ReadSubmit(Chat, Answer(200, Delivered, parts: 1)));
    }

    [Theory]
    [InlineData(404, "no_endpoints", true, true)]
    [InlineData(503, "temporarily_unavailable", false, false)]
    [InlineData(429, "capacity_exhausted", false, false)]
    [InlineData(500, "something_new", true, true)]
    public void What_the_vendor_says_of_trying_again_wins(int status, string code, bool retryable, bool again)
    {
        string json = $$"""{"error":{"message":"m","http_status":{{status}},"error_type":"availability","availability":{"code":"{{code}}","retry_after":7,"retryable":{{(retryable ? "true" : "false")}} } } }""";
        foreach (ProviderCall call in new[] { Image, Chat })
        {
            VendorFailure failure = Provider.ClassifySubmit(call, Answer(status, json));

            Assert.Equal((again, Acceptance.NotAccepted, false), (failure.SendAgain, failure.Acceptance, failure.MayHaveBeenCharged));
            Assert.Equal((TimeSpan.FromSeconds(7), code), (failure.RetryAfter, failure.Code));
        }
    }

    [Fact]
    public void Another_model_that_is_named_is_told() =>
        Assert.Contains("OpenRouter names a/b instead", Provider.Classify(Answer(404, """{"error":{"message":"m","availability":{"code":"model_deprecated","retryable":false,"fallback_models":["a/b"]}}}""")).Advice, StringComparison.Ordinal);

    [Fact]
    public void A_gateways_page_is_no_word_of_the_vendor()
    {
        Assert.Equal(Acceptance.Unknown, Provider.ClassifySubmit(Image, Page(502, "<html>bad gateway")).Acceptance);
        Assert.Equal(Acceptance.Unknown, Provider.ClassifySubmit(Image, Answer(503, """{"message":"down"}""")).Acceptance);
    }

    [Fact]
    public async Task The_key_is_never_written_down()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = Vendor, Stage = FaultStage.Submit, Kind = FaultKind.Status, Status = 401, Body = $$"""{"error":{"code":401,"message":"bad key {{spine.Vendors.OpenRouter.Key}}"} }""" });

        RunReport report = await spine.RunAsync(Small);

        Assert.Equal(ImageErrorId.AuthenticationFailed, report.Error!.Id);
        Assert.DoesNotContain(spine.Vendors.OpenRouter.Key, spine.EverythingWritten(), StringComparison.Ordinal);
    }
}
