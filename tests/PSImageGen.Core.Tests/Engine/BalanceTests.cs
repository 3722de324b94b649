using PSImageGen.Core.Engine;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Tests.Support;
using PSImageGen.Core.Wire;
using PSImageGen.FakeProviders.Faults;

namespace PSImageGen.Core.Tests.Engine;

/// <summary>What an account has left, as each vendor tells it, before and after it billed something.</summary>
public sealed class BalanceTests
{
    [Theory]
    [InlineData("BFL", "bflCredits", 500, 5, "USD")]
    [InlineData("Stability", null, 0, 100, "USD")]
    [InlineData("SkillsVideo", "skillsVideoPermanentCredits", 7, 10_007, "credits")]
    public async Task What_is_left_goes_down_by_what_was_billed(string vendor, string? setting, double value, double before, string currency)
    {
        await using Spine spine = await Spine.StartAsync();
        if (setting is not null)
            spine.Vendors.Set(setting, value);

        Balance full = await AskAsync(spine, vendor);
        Assert.Equal(((decimal?)before, currency), (full.Amount, full.Currency));
        Assert.NotNull(full.AccountPage);
        Assert.StartsWith(spine.Vendors.Origin, full.Source!.AbsoluteUri, StringComparison.Ordinal);

        RunReport report = await spine.RunAsync(Order.From(vendor));
        Balance less = await AskAsync(spine, vendor);
        decimal spent = report.Record.Cost?.Amount ?? report.Record.Quote.Amount!.Value;
        Assert.True(spent > 0);
        Assert.Equal(full.Amount - spent, less.Amount);
        Assert.Empty(spine.Vendors.Violations);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 0)]
    [InlineData(4, 0)]
    [InlineData(5, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(5, 1)]
    [InlineData(5, 2)]
    public async Task Credits_are_found_under_every_name_and_wrapping(int form, int wrap)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Set("skillsVideoCreditsForm", form);
        spine.Vendors.Set("skillsVideoWrap", wrap);

        Assert.Equal(10_500, (await AskAsync(spine, "SkillsVideo")).Amount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_key_that_may_not_ask_the_one_question_asks_the_other(bool admin)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Fal.KeyIsAdmin = admin;
        spine.Vendors.Fal.Balance = 24.5m;

        Assert.Equal((24.5m, "USD"), ((await AskAsync(spine, "Fal")).Amount!.Value, (await AskAsync(spine, "Fal")).Currency));
        Assert.Empty(spine.Vendors.Violations);
    }

    [Fact]
    public async Task Of_a_key_with_a_limit_and_of_an_account_other_things_are_told()
    {
        await using Spine spine = await Spine.StartAsync();
        Balance none = await AskAsync(spine, "OpenRouter");
        Assert.Null(none.Amount);
        Assert.Contains("no limit", none.Note, StringComparison.Ordinal);

        spine.Vendors.OpenRouter.KeyLimit = 12;
        RunReport report = await spine.RunAsync(Order.From("OpenRouter"));
        decimal spent = report.Record.Cost!.Amount;
        Balance key = await AskAsync(spine, "OpenRouter");
        Assert.Equal(12 - spent, key.Amount);
        Assert.Contains("limit of this key", key.Note, StringComparison.Ordinal);

        spine.Vendors.OpenRouter.KeyIsManagement = true;
        Balance account = await AskAsync(spine, "OpenRouter");
        Assert.Equal((100 - spent, null), (account.Amount, account.Note));
    }

    [Theory]
    [InlineData("OpenAI")]
    [InlineData("Replicate")]
    [InlineData("CreatOK")]
    [InlineData("WellAPI")]
    public async Task Who_does_not_tell_is_not_asked_and_its_page_is_named(string vendor)
    {
        await using Spine spine = await Spine.StartAsync();

        Balance balance = await AskAsync(spine, vendor);

        Assert.Null(balance.Amount);
        Assert.NotNull(balance.AccountPage);
        Assert.Contains("does not tell", balance.Note, StringComparison.Ordinal);
        Assert.Empty(spine.Vendors.Requests);
    }

    [Fact]
    public async Task What_is_free_has_no_account()
    {
        await using Spine spine = await Spine.StartAsync();
        Assert.Contains("cost nothing", (await AskAsync(spine, "Demo")).Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_without_the_right_to_ask_is_no_failure_and_a_wrong_key_is()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Say("Stability", FaultStage.Query, 403, null, times: 1);
        Assert.Contains("may not ask", (await AskAsync(spine, "Stability")).Note, StringComparison.Ordinal);

        spine.Variables["STABILITY_API_KEY"] = "sk-wrong";
        AIImageException wrong = await Assert.ThrowsAsync<AIImageException>(() => AskAsync(spine, "Stability"));
        Assert.Equal(ImageErrorId.AuthenticationFailed, wrong.Error.Id);
        Assert.False(wrong.Error.MayHaveBeenCharged);
        Assert.DoesNotContain("Money", wrong.Message, StringComparison.Ordinal);

        spine.Variables["STABILITY_API_KEY"] = null;
        AIImageException missing = await Assert.ThrowsAsync<AIImageException>(() => AskAsync(spine, "Stability"));
        Assert.Equal(ImageErrorId.CredentialMissing, missing.Error.Id);
        Assert.Contains("https://platform.stability.ai/account/keys", missing.Error.Recommendation, StringComparison.Ordinal);
        Assert.Contains("$env:STABILITY_API_KEY", missing.Error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_says_nothing_is_said_to_and_a_broken_line_is_a_failure()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "BFL", Stage = FaultStage.Query, Kind = FaultKind.Status, Status = 200, Body = """{"money":"plenty"}""", Times = 1 });
        Assert.Contains("does not say", (await AskAsync(spine, "BFL")).Note, StringComparison.Ordinal);

        spine.Vendors.Faults.Add(new Fault { Vendor = "BFL", Stage = FaultStage.Query, Kind = FaultKind.DropBeforeRead, Times = 1 });
        AIImageException broken = await Assert.ThrowsAsync<AIImageException>(() => AskAsync(spine, "BFL"));
        Assert.Equal(ImageErrorId.ProviderUnavailable, broken.Error.Id);
    }

    [Fact]
    public void Every_vendor_that_is_paid_for_names_the_page_of_its_account() =>
        Assert.All(ProviderRegistry.BuiltIn.Providers.Where(p => !p.Profile.Free), p => Assert.Equal(Uri.UriSchemeHttps, p.Profile.AccountPage!.Scheme));

    [Theory]
    [InlineData("BFL", 402, null)]
    [InlineData("Stability", 402, null)]
    [InlineData("Fal", 402, null)]
    [InlineData("OpenAI", 429, "insufficient_quota")]
    [InlineData("Replicate", 402, null)]
    [InlineData("OpenRouter", 402, null)]
    [InlineData("CreatOK", 402, null)]
    [InlineData("SkillsVideo", 402, null)]
    [InlineData("WellAPI", 402, null)]
    public async Task An_empty_account_is_asked_once_and_the_page_to_fill_it_is_named(string vendor, int status, string? code)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Say(vendor, FaultStage.Submit, status, code);

        RunReport report = await spine.RunAsync(Order.From(vendor));

        Assert.Equal(ImageErrorId.InsufficientCredits, report.Error!.Id);
        Assert.Equal(1, spine.Vendors.Count(vendor).Submits);
        Assert.Contains(ProviderRegistry.BuiltIn.Get(vendor).Profile.AccountPage!.OriginalString, report.Error.Recommendation, StringComparison.Ordinal);
        Assert.False(report.Error.MayHaveBeenCharged);
    }

    private static async Task<Balance> AskAsync(Spine spine, string vendor)
    {
        using Transport transport = new();
        return await BalanceStep.AskAsync(ProviderRegistry.BuiltIn.Get(vendor), spine.Surroundings, transport, CancellationToken.None);
    }
}
