using System.Net;
using System.Net.Sockets;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Tests.Support;
using PSImageGen.FakeProviders.Faults;

namespace PSImageGen.Core.Tests.Engine;

/// <summary>What may be sent again, and what never: the table of the design, counted at the vendor.</summary>
public class SendAgainTests
{
    private static readonly string[] Vendors = ["OpenAI", "BFL"];

    public static TheoryData<string, int> AmbiguousStatuses()
    {
        TheoryData<string, int> data = [];
        foreach (string vendor in Vendors)
        {
            foreach (int status in new[] { 408, 409, 500, 502, 504, 520 })
                data.Add(vendor, status);
        }

        data.Add("BFL", 503);
        return data;
    }

    [Theory]
    [InlineData("OpenAI")]
    [InlineData("BFL")]
    public async Task A_refused_connection_is_tried_five_times_and_nothing_was_spent(string vendor)
    {
        await using Spine spine = await Spine.StartAsync();
        // A port that is taken but not listened at: nobody else can open it meanwhile.
        using Socket taken = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        spine.Variables[vendor == "BFL" ? "BFL_BASE_URL" : "OPENAI_BASE_URL"] = $"http://{taken.LocalEndPoint}";

        RunReport report = await spine.RunAsync(Order.From(vendor));

        Assert.Equal(ImageErrorId.ProviderUnavailable, report.Error!.Id);
        Assert.False(report.Error.MayHaveBeenCharged);
        Assert.Equal(ImageTaskStatus.Failed, report.Record.Status);
        Assert.Equal(5, Assert.Single(report.Record.Tasks).Sends);
    }

    [Theory]
    [InlineData("OpenAI", 429, "Retry-After", "2")]
    [InlineData("OpenAI", 429, "retry-after-ms", "1500")]
    [InlineData("OpenAI", 429, null, null)]
    [InlineData("OpenAI", 503, null, null)]
    [InlineData("BFL", 429, "Retry-After", "1")]
    [InlineData("BFL", 429, null, null)]
    public async Task What_was_turned_away_at_the_door_is_sent_again(string vendor, int status, string? header, string? value)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault
        {
            Vendor = vendor,
            Stage = FaultStage.Submit,
            Kind = FaultKind.Status,
            Status = status,
            Times = 3,
            Headers = header is null ? null : new Dictionary<string, string> { [header] = value! },
        });

        RunReport report = await spine.RunAsync(Order.From(vendor));

        Assert.Null(report.Error);
        Assert.Equal(1, report.Record.Delivered);
        Assert.Equal(4, spine.Vendors.Count(vendor).Submits);
        Assert.Equal(1, spine.Vendors.Count(vendor).BilledSubmits);
    }

    [Theory]
    [InlineData("OpenAI", 429, ImageErrorId.RateLimited)]
    [InlineData("BFL", 429, ImageErrorId.RateLimited)]
    [InlineData("OpenAI", 503, ImageErrorId.ProviderUnavailable)]
    public async Task After_five_sends_it_is_given_up(string vendor, int status, ImageErrorId id)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.AddStatus(vendor, FaultStage.Submit, status, times: -1);

        RunReport report = await spine.RunAsync(Order.From(vendor));

        Assert.Equal(id, report.Error!.Id);
        Assert.False(report.Error.MayHaveBeenCharged);
        Assert.Equal(ImageTaskStatus.Failed, report.Record.Status);
        Assert.Equal(5, spine.Vendors.Count(vendor).Submits);
    }

    [Fact]
    public async Task A_vendor_that_asks_to_wait_longer_than_the_run_may_take_is_not_waited_for()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault
        {
            Vendor = "OpenAI",
            Stage = FaultStage.Submit,
            Kind = FaultKind.Status,
            Status = 429,
            Headers = new Dictionary<string, string> { ["Retry-After"] = "90000" },
        });

        RunReport report = await spine.RunAsync(Order.OpenAI);

        Assert.Equal(ImageErrorId.RateLimited, report.Error!.Id);
        Assert.Equal(1, spine.OpenAI.Submits);
    }

    [Theory]
    [InlineData("insufficient_quota")]
    [InlineData("credit_balance_exhausted")]
    [InlineData("organization_spend_limit_exceeded")]
    [InlineData("project_spend_limit_exceeded")]
    [InlineData("organization_usage_limit_exceeded")]
    public async Task An_exhausted_quota_is_no_rate_limit(string code)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "OpenAI", Stage = FaultStage.Submit, Kind = FaultKind.Status, Status = 429, Code = code, Times = -1 });

        RunReport report = await spine.RunAsync(Order.OpenAI);

        Assert.Equal(ImageErrorId.InsufficientCredits, report.Error!.Id);
        Assert.False(report.Error.MayHaveBeenCharged);
        Assert.Equal(1, spine.OpenAI.Submits);
    }

    [Theory]
    [MemberData(nameof(AmbiguousStatuses))]
    public async Task An_answer_that_proves_nothing_leaves_the_outcome_unknown_and_is_never_repeated(string vendor, int status)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.AddStatus(vendor, FaultStage.Submit, status, times: -1);

        await AssertUnknownAsync(spine, vendor, await spine.RunAsync(Order.From(vendor)));
    }

    [Theory]
    [InlineData("OpenAI", FaultKind.DropBeforeRead)]
    [InlineData("OpenAI", FaultKind.DropBeforeAnswer)]
    [InlineData("OpenAI", FaultKind.DropMidAnswer)]
    [InlineData("BFL", FaultKind.DropBeforeRead)]
    [InlineData("BFL", FaultKind.DropBeforeAnswer)]
    [InlineData("BFL", FaultKind.DropMidAnswer)]
    public async Task A_connection_that_breaks_once_the_order_left_leaves_the_outcome_unknown(string vendor, FaultKind kind)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(vendor, FaultStage.Submit, kind, times: -1);

        await AssertUnknownAsync(spine, vendor, await spine.RunAsync(Order.From(vendor)));
    }

    [Theory]
    [InlineData("OpenAI")]
    [InlineData("BFL")]
    public async Task An_order_without_an_answer_until_the_wait_ends_leaves_the_outcome_unknown(string vendor)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(vendor, FaultStage.Submit, FaultKind.Hang, times: -1);

        Task<RunReport> run = spine.RunAsync(Order.From(vendor));
        await spine.Vendors.WaitUntilAsync(v => v.Hanging == 1, TimeSpan.FromSeconds(60));
        spine.Clock.Jump(TimeSpan.FromDays(1));

        await AssertUnknownAsync(spine, vendor, await run);
    }

    [Theory]
    [InlineData("OpenAI", 400, null, ImageErrorId.InvalidRequest)]
    [InlineData("OpenAI", 400, "billing_hard_limit_reached", ImageErrorId.InsufficientCredits)]
    [InlineData("OpenAI", 401, null, ImageErrorId.AuthenticationFailed)]
    [InlineData("OpenAI", 403, null, ImageErrorId.AuthenticationFailed)]
    [InlineData("OpenAI", 404, "model_not_found", ImageErrorId.NotFound)]
    [InlineData("OpenAI", 413, null, ImageErrorId.InvalidRequest)]
    [InlineData("OpenAI", 422, null, ImageErrorId.InvalidRequest)]
    [InlineData("BFL", 400, null, ImageErrorId.InvalidRequest)]
    [InlineData("BFL", 401, null, ImageErrorId.AuthenticationFailed)]
    [InlineData("BFL", 402, null, ImageErrorId.InsufficientCredits)]
    [InlineData("BFL", 403, null, ImageErrorId.AuthenticationFailed)]
    [InlineData("BFL", 404, null, ImageErrorId.NotFound)]
    [InlineData("BFL", 422, null, ImageErrorId.InvalidRequest)]
    public async Task A_plain_no_ends_the_run_at_once_and_costs_nothing(string vendor, int status, string? code, ImageErrorId id)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = vendor, Stage = FaultStage.Submit, Kind = FaultKind.Status, Status = status, Code = code, Times = -1 });

        RunReport report = await spine.RunAsync(Order.From(vendor));

        Assert.Equal(id, report.Error!.Id);
        Assert.False(report.Error.MayHaveBeenCharged);
        Assert.NotEmpty(report.Error.Recommendation);
        Assert.False(string.IsNullOrEmpty(report.Error.VendorMessage));
        Assert.Equal(status, report.Error.HttpStatus);
        Assert.Equal(report.Record.RunId, report.Error.RunId);
        Assert.Equal(ImageTaskStatus.Failed, report.Record.Status);
        Assert.Equal(1, spine.Vendors.Count(vendor).Submits);
        Assert.Empty(spine.Pictures());
    }

    [Fact]
    public async Task A_refusal_by_content_policy_says_why_and_may_have_cost()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add("OpenAI", FaultStage.Submit, FaultKind.Refuse, times: -1);

        RunReport report = await spine.RunAsync(Order.OpenAI);

        Assert.Equal(ImageErrorId.ContentRefused, report.Error!.Id);
        Assert.Contains("violence", report.Error.VendorMessage, StringComparison.Ordinal);
        Assert.Equal("moderation_blocked", report.Error.VendorCode);
        Assert.True(report.Error.MayHaveBeenCharged);
        Assert.Equal(1, spine.OpenAI.Submits);
    }

    [Theory]
    [InlineData("OpenAI", 301)]
    [InlineData("OpenAI", 302)]
    [InlineData("OpenAI", 307)]
    [InlineData("OpenAI", 308)]
    [InlineData("BFL", 307)]
    [InlineData("BFL", 308)]
    public async Task A_paid_order_is_never_sent_on_by_a_redirect(string vendor, int status)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = vendor, Stage = FaultStage.Submit, Kind = FaultKind.Redirect, Status = status, Times = -1 });

        RunReport report = await spine.RunAsync(Order.From(vendor));

        Assert.Equal(ImageErrorId.InvalidResponse, report.Error!.Id);
        Assert.Contains("final address", report.Error.Recommendation, StringComparison.Ordinal);
        Assert.Single(spine.Vendors.Requests);
        Assert.Empty(spine.Vendors.Violations);
    }

    [Theory]
    [InlineData("OpenAI", "{}")]
    [InlineData("OpenAI", "[]")]
    [InlineData("OpenAI", "null")]
    [InlineData("OpenAI", "")]
    [InlineData("OpenAI", "\"yes\"")]
    [InlineData("OpenAI", "{\"data\":\"none\"}")]
    [InlineData("OpenAI", "{\"data\":[]}")]
    [InlineData("OpenAI", "{\"data\":[null,5,{}]}")]
    [InlineData("OpenAI", "{\"data\":[{\"b64_json\":\"\"}]}")]
    [InlineData("OpenAI", "{\"data\":[{\"b64_json\":\"!!!\"}]}")]
    [InlineData("OpenAI", "{\"data\":[{\"b64_json\":\"aGVsbG8=\"}]}")]
    [InlineData("OpenAI", "{\"data\":[{\"b64_json\":\"aGVs")]
    [InlineData("OpenAI", "<html>")]
    [InlineData("BFL", "{}")]
    [InlineData("BFL", "[]")]
    [InlineData("BFL", "null")]
    [InlineData("BFL", "")]
    [InlineData("BFL", "{\"id\":5}")]
    [InlineData("BFL", "{\"id\":\"\"}")]
    [InlineData("BFL", "{\"id\":")]
    [InlineData("BFL", "<html>")]
    public async Task A_yes_that_cannot_be_read_is_an_error_and_not_repeated(string vendor, string body)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = vendor, Stage = FaultStage.Submit, Kind = FaultKind.WrongBody, Body = body, Times = -1 });

        RunReport report = await spine.RunAsync(Order.From(vendor));

        Assert.Equal(ImageErrorId.InvalidResponse, report.Error!.Id);
        Assert.True(report.Error.MayHaveBeenCharged);
        Assert.True(report.Record.Status is ImageTaskStatus.Unknown or ImageTaskStatus.Failed);
        Assert.Equal(1, spine.Vendors.Count(vendor).Submits);
        Assert.Empty(spine.Pictures());
    }

    [Fact]
    public async Task Fewer_pictures_than_ordered_are_delivered_with_an_error_and_not_topped_up()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add("OpenAI", FaultStage.Submit, FaultKind.FewerImages);

        RunReport report = await spine.RunAsync(Order.OpenAI with { Count = 3 });

        Assert.Equal(ImageErrorId.InvalidResponse, report.Error!.Id);
        Assert.True(report.Error.MayHaveBeenCharged);
        Assert.True(report.HasImages);
        Assert.Equal((3, 2), (report.ToResult().Requested, report.ToResult().Delivered));
        Assert.Equal(ImageTaskStatus.Succeeded, report.Record.Status);
        Assert.Equal(2, spine.Pictures().Length);
        Assert.Equal(1, spine.OpenAI.Submits);
    }

    [Fact]
    public async Task An_order_beyond_one_call_has_several_submits_each_with_its_id_and_its_seed()
    {
        await using Spine spine = await Spine.StartAsync();

        RunReport report = await spine.RunAsync(Order.Bfl with { Count = 5, Seed = 40 });

        Assert.Null(report.Error);
        Assert.Equal(5, report.Record.Delivered);
        Assert.Equal(5, report.Record.Tasks.Select(t => t.TaskId).Distinct().Count());
        Assert.Equal(report.Record.Tasks[0].TaskId, report.Record.TaskId);
        Assert.Equal([40L, 41L, 42L, 43L, 44L], report.Record.Images.Select(i => i.Seed!.Value).Order());
        Assert.Equal([40L, 41L, 42L, 43L, 44L], spine.Vendors.Requests.Where(r => r.Stage == FaultStage.Submit).Select(r => (long)r.Body!["seed"]!).Order());
        Assert.Equal(5, spine.Bfl.BilledSubmits);
    }

    [Fact]
    public async Task Twelve_pictures_of_a_vendor_of_ten_a_call_take_two_calls()
    {
        await using Spine spine = await Spine.StartAsync();

        RunReport report = await spine.RunAsync(Order.OpenAI with { Count = 12 });

        Assert.Null(report.Error);
        Assert.Equal(12, spine.Pictures().Length);
        Assert.Equal([10, 2], report.Record.Tasks.Select(t => t.Count));
        Assert.Equal((2, 12), (spine.OpenAI.BilledSubmits, spine.OpenAI.BilledImages));
    }

    [Fact]
    public async Task When_one_submit_of_several_is_unknown_the_error_says_that_money_may_be_gone()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.AddStatus("BFL", FaultStage.Submit, 500);
        spine.Vendors.Faults.Add(new Fault { Vendor = "BFL", Stage = FaultStage.Submit, Kind = FaultKind.Status, Status = 422, After = 1 });

        RunReport report = await spine.RunAsync(spine.NewEngine(throttle: 1), Order.Bfl with { Count = 2 });

        Assert.Equal(ImageTaskStatus.Unknown, report.Record.Status);
        Assert.True(report.Error!.MayHaveBeenCharged);
    }

    [Fact]
    public async Task The_cost_on_record_is_what_the_vendor_reports()
    {
        await using Spine spine = await Spine.StartAsync();

        RunReport bfl = await spine.RunAsync(Order.Bfl with { Count = 2 });
        RunReport openAI = await spine.RunAsync(Order.OpenAI);

        Assert.Equal(("USD", "reported"), (bfl.Record.Cost!.Currency, bfl.Record.Cost.Source));
        Assert.Equal(0.06m, bfl.ToResult().Cost);
        Assert.Equal(("USD", "usage"), (openAI.Record.Cost!.Currency, openAI.Record.Cost.Source));
        Assert.True(openAI.ToResult().Cost > 0);
    }

    private static async Task AssertUnknownAsync(Spine spine, string vendor, RunReport report)
    {
        Assert.Equal(ImageErrorId.OutcomeUnknown, report.Error!.Id);
        Assert.True(report.Error.MayHaveBeenCharged);
        Assert.Contains("account", report.Error.Recommendation, StringComparison.Ordinal);
        Assert.Equal(ImageTaskStatus.Unknown, report.Record.Status);
        Assert.Equal(1, spine.Vendors.Count(vendor).Submits);

        // Going on asks nobody and pays nothing.
        spine.Vendors.Faults.Clear();
        RunReport again = await spine.ResumeAsync(report.RecordPath);
        Assert.Equal(ImageErrorId.OutcomeUnknown, again.Error!.Id);
        Assert.Equal(ImageTaskStatus.Unknown, again.Record.Status);
        Assert.Equal(1, spine.Vendors.Count(vendor).Submits);
    }
}
