using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using PSImageGen.Core.Credentials;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Providers.WellAPI;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tests.Support;
using PSImageGen.FakeProviders.Faults;
using static PSImageGen.Core.Tests.Support.VendorTools;

namespace PSImageGen.Core.Tests.Providers;

/// <summary>WellAPI: one call, one answer; nothing repeated, and a hint with every refusal.</summary>
public class WellAPITests
{
    private const string Vendor = "WellAPI";
    private const string FreeKeys = "https://wellapi.ai/register?channel=c_qqn3vdvc";

    private static readonly WellAPIProvider Provider = new();

    private static Order Small => new() { Provider = Vendor };

    [Fact]
    public async Task The_defaults_are_those_of_the_seed()
    {
        await using Spine spine = await Spine.StartAsync();

        RunReport report = await spine.RunAsync(Small with { Size = "1024x1024" });

        spine.AssertDelivered(report, Vendor);
        Assert.EndsWith(".jpg", spine.Pictures()[0], StringComparison.Ordinal);
        Assert.Equal("""{"model":"gpt-image-2","prompt":"a lighthouse at dawn","size":"1024x1024","n":1,"quality":"low","format":"jpeg"}""",
            spine.Vendors.Requests.Single(r => r.Stage == FaultStage.Submit).Body!.ToJsonString());
        Quote quote = new Planner(ProviderRegistry.BuiltIn, spine.Surroundings).Plan(new ImageRequest(ImageOperation.Generate, new RequestDraft { Prompt = "a cat" }), new Selection { Provider = Vendor }).Candidates[0].Quote;
        Assert.Equal(("1024x1024", (decimal?)null), (quote.Size, quote.Amount));
    }

    [Fact]
    public async Task References_go_to_edits_as_parts_of_one_name()
    {
        await using Spine spine = await Spine.StartAsync();

        RunReport report = await spine.RunAsync(Small with { Count = 2, References = [spine.Picture("png"), spine.Picture("webp")] });

        spine.AssertDelivered(report, Vendor, 2);
        FakeProviders.Log.RequestRecord edit = spine.Vendors.Requests.Single(r => r.Stage == FaultStage.Submit);
        Assert.EndsWith("/images/edits", edit.Path, StringComparison.Ordinal);
        Assert.Equal(["image", "image"], edit.Files.Select(f => f.Field));
    }

    [Fact]
    public async Task The_bytes_decide_what_kind_of_file_it_is()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Set("wellAPIDeliversPng", 1);

        spine.AssertDelivered(await spine.RunAsync(Small), Vendor);
        Assert.EndsWith(".png", spine.Pictures()[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pictures_may_come_as_links(bool foreign)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Set("wellAPIUrls", 1);
        if (foreign)
            spine.Vendors.Faults.Add(Vendor, FaultStage.Submit, FaultKind.ForeignLink);

        spine.AssertDelivered(await spine.RunAsync(Small with { Count = 2 }), Vendor, 2);
    }

    [Fact]
    public async Task A_yes_without_a_picture_is_a_failure()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Set("wellAPIEmptyData", 1);

        RunReport report = await spine.RunAsync(Small);

        Assert.Equal(ImageErrorId.InvalidResponse, report.Error!.Id);
        Assert.True(report.Error.MayHaveBeenCharged);
        Assert.Equal(1, spine.Vendors.Count(Vendor).Submits);
    }

    [Theory]
    [InlineData(400, null, ImageErrorId.InvalidRequest, false)]
    [InlineData(400, "moderation_blocked", ImageErrorId.ContentRefused, true)]
    [InlineData(400, "no_channel", ImageErrorId.ProviderUnavailable, false)]
    [InlineData(401, null, ImageErrorId.AuthenticationFailed, false)]
    [InlineData(402, null, ImageErrorId.InsufficientCredits, false)]
    [InlineData(403, null, ImageErrorId.AuthenticationFailed, false)]
    [InlineData(403, "insufficient_quota", ImageErrorId.InsufficientCredits, false)]
    [InlineData(404, null, ImageErrorId.NotFound, false)]
    [InlineData(413, null, ImageErrorId.InvalidRequest, false)]
    [InlineData(429, null, ImageErrorId.RateLimited, false)]
    [InlineData(429, "insufficient_quota", ImageErrorId.InsufficientCredits, false)]
    [InlineData(500, null, ImageErrorId.OutcomeUnknown, true)]
    [InlineData(502, null, ImageErrorId.OutcomeUnknown, true)]
    [InlineData(503, null, ImageErrorId.ProviderUnavailable, false)]
    [InlineData(504, null, ImageErrorId.OutcomeUnknown, true)]
    [InlineData(524, null, ImageErrorId.OutcomeUnknown, true)]
    public async Task Every_refusal_is_final_and_brings_the_hint_in_two_languages(int status, string? code, ImageErrorId id, bool mayHaveCost)
    {
        for (int form = 0; form < 3; form++)
        {
            await using Spine spine = await Spine.StartAsync();
            spine.Vendors.Set("wellAPIErrorForm", form);
            spine.Say(Vendor, FaultStage.Submit, status, code);

            RunReport report = await spine.RunAsync(Small);

            ImageError error = report.Error!;
            if (form == 0)
                Assert.Equal(id, error.Id);
            Assert.Equal(1, spine.Vendors.Count(Vendor).Submits);
            foreach (string part in new[] { "https://wellapi.ai", "API 令牌管理", "官转OpenAI分组", "优质官转OpenAI分组", "group of this key", "密钥所在的分组" })
                Assert.Contains(part, error.Recommendation, StringComparison.Ordinal);
            if (form == 0)
            {
                Assert.Equal(mayHaveCost, error.MayHaveBeenCharged);
                Assert.False(string.IsNullOrEmpty(error.VendorMessage));
            }

            Assert.Equal(error.Id == ImageErrorId.OutcomeUnknown ? ImageTaskStatus.Unknown : ImageTaskStatus.Failed, report.Record.Status);
        }
    }

    [Theory]
    [InlineData(400)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task No_channel_proves_that_nothing_was_taken_whatever_the_status(int status)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Set("wellAPINoCapacityStatus", status);

        RunReport report = await spine.RunAsync(Small);

        Assert.Equal(ImageErrorId.ProviderUnavailable, report.Error!.Id);
        Assert.False(report.Error.MayHaveBeenCharged);
        Assert.Equal(1, spine.Vendors.Count(Vendor).Submits);
        Assert.Equal(Acceptance.NotAccepted, Provider.Classify(Answer(status, """{"error":{"message":"No available channel for model gpt-image-2"}}""")).Acceptance);
    }

    [Theory]
    [InlineData(FaultKind.DropBeforeAnswer)]
    [InlineData(FaultKind.DropMidAnswer)]
    [InlineData(FaultKind.Truncate)]
    [InlineData(FaultKind.WrongContent)]
    public async Task An_answer_that_is_lost_leaves_the_outcome_unknown(FaultKind kind)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(Vendor, FaultStage.Submit, kind);

        RunReport report = await spine.RunAsync(Small);

        Assert.Equal(ImageTaskStatus.Unknown, report.Record.Status);
        Assert.True(report.Error!.MayHaveBeenCharged);
        Assert.Equal(1, spine.Vendors.Count(Vendor).Submits);
    }

    [Fact]
    public async Task What_never_left_this_machine_is_sent_again()
    {
        await using Spine spine = await Spine.StartAsync();
        using Socket taken = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        spine.Variables["WELLAPI_BASE_URL"] = $"http://{taken.LocalEndPoint}";

        RunReport report = await spine.RunAsync(Small);

        Assert.Equal(5, Assert.Single(report.Record.Tasks).Sends);
        Assert.False(report.Error!.MayHaveBeenCharged);
    }

    [Fact]
    public void A_missing_key_is_asked_for_in_two_languages_with_the_page_of_free_ones()
    {
        AIImageException e = Assert.Throws<AIImageException>(() => new Planner(ProviderRegistry.BuiltIn, new Surroundings(_ => null, Path.GetTempPath()))
            .Plan(new ImageRequest(ImageOperation.Generate, new RequestDraft { Prompt = "a cat" }), new Selection { Provider = Vendor }));

        Assert.Equal(ImageErrorId.CredentialMissing, e.Error.Id);
        Assert.Contains(FreeKeys, e.Error.Recommendation, StringComparison.Ordinal);
        Assert.Contains("密钥", e.Error.Recommendation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"api_key\":\"from-file\"}")]
    [InlineData("from-file\n")]
    public void The_key_may_lie_in_the_vendors_own_file_after_the_variable(string text)
    {
        string home = Directory.CreateTempSubdirectory("psimagegen-home-").FullName;
        Directory.CreateDirectory(Path.Combine(home, ".wellapi"));
        File.WriteAllText(Path.Combine(home, ".wellapi", "config.json"), text);

        Assert.StartsWith("file: ", new Surroundings(_ => null, home).FindCredential(Provider.Profile)!.Source, StringComparison.Ordinal);
        Assert.Equal("environment: WELLAPI_API_KEY", new Surroundings(n => n == "WELLAPI_API_KEY" ? "k" : null, home).FindCredential(Provider.Profile)!.Source);
        Assert.Equal(TimeSpan.FromSeconds(90), new Surroundings(n => n == "WELLAPI_TIMEOUT" ? "90" : null, home).Timeout(Provider.Profile));
    }

    [Fact]
    public async Task There_is_no_order_without_waiting()
    {
        await using Spine spine = await Spine.StartAsync();
        AIImageException e = Assert.Throws<AIImageException>(() => spine.Plan(Small with { NoWait = true }));
        Assert.Equal(ImageErrorId.Unsupported, e.Error.Id);
    }

    [Fact]
    public void An_error_inside_a_yes_is_a_refusal()
    {
        SubmitAnswer.Refused refused = Assert.IsType<SubmitAnswer.Refused>(Provider.ReadSubmit(null!, Answer(200, """{"error":{"message":"rejected by the safety system","code":"moderation_blocked"}}""")));
        Assert.Equal(ImageErrorId.ContentRefused, refused.Failure.Id);
        Assert.IsType<SubmitAnswer.Finished>(Provider.ReadSubmit(null!, Answer(200, """{"error":null,"data":[{"b64_json":"part:0"},{"url":"https://x.example/a.png"},{}]}""", parts: 1)));
    }
}
