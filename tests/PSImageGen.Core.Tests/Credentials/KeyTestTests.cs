using PSImageGen.Core.Credentials;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Tests.Support;
using PSImageGen.Core.Wire;
using PSImageGen.FakeProviders.Faults;

namespace PSImageGen.Core.Tests.Credentials;

/// <summary>A provider is asked for free whether it takes a key.</summary>
public class KeyTestTests
{
    private const string Wrong = "sk-a-wrong-key-1234567890";

    public static TheoryData<string> Askable =>
        [.. ProviderRegistry.BuiltIn.Providers.Where(p => p.Profile.CredentialNames.Count > 0 && p.Profile.Id != "WellAPI").Select(p => p.Profile.Id)];

    [Theory]
    [MemberData(nameof(Askable))]
    public async Task A_right_key_is_taken_a_wrong_one_is_not_and_nothing_is_paid(string vendor)
    {
        await using Spine spine = await Spine.StartAsync();
        Provider provider = ProviderRegistry.BuiltIn.Get(vendor);

        CredentialInfo right = await AskAsync(spine, provider);
        foreach (string name in provider.Profile.CredentialNames)
            spine.Variables[name] = Wrong;
        CredentialInfo wrong = await AskAsync(spine, provider);

        Assert.True(right.Valid);
        Assert.False(wrong.Valid);
        Assert.Equal(CredentialSource.Environment, wrong.Source);
        Assert.DoesNotContain(Wrong, wrong.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(spine.Vendors.Requests, r => r.Stage is FaultStage.Submit or FaultStage.Upload);
        Assert.Empty(spine.Vendors.Violations);
    }

    [Fact]
    public async Task Where_there_is_no_free_question_none_is_asked()
    {
        await using Spine spine = await Spine.StartAsync();

        CredentialInfo info = await AskAsync(spine, ProviderRegistry.BuiltIn.Get("WellAPI"));

        Assert.Null(info.Valid);
        Assert.Contains("without paying", info.Note, StringComparison.Ordinal);
        Assert.Empty(spine.Vendors.Requests);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Any_other_answer_says_nothing_of_the_key(int status)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "OpenAI", Stage = FaultStage.Query, Kind = FaultKind.Status, Status = status });

        CredentialInfo info = await AskAsync(spine, ProviderRegistry.BuiltIn.Get("OpenAI"));

        Assert.True(info.Present);
        Assert.Null(info.Valid);
        Assert.Contains(status.ToString(System.Globalization.CultureInfo.InvariantCulture), info.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_cannot_be_reached_says_nothing_of_the_key()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Variables["OPENAI_BASE_URL"] = "http://127.0.0.1:1/v1";

        CredentialInfo info = await AskAsync(spine, ProviderRegistry.BuiltIn.Get("OpenAI"));

        Assert.Null(info.Valid);
        Assert.Contains("could not be asked", info.Note, StringComparison.Ordinal);
    }

    private static async Task<CredentialInfo> AskAsync(Spine spine, Provider provider)
    {
        using Transport transport = new();
        return await KeyTest.RunAsync(provider, spine.Surroundings, transport, CancellationToken.None);
    }
}
