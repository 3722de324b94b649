using System.Text.Json.Nodes;
using PSImageGen.Module.Tests.Harness;

namespace PSImageGen.Module.Tests.Gate;

/// <summary>A vendor that asks for its key when it is first needed: at a prompt, once, and nowhere else.</summary>
public sealed class FirstRunTests
{
    private const string Request = "Key: ";
    private const string Question = "(default is \"Y\"):";

    [PwshFact(Needs = Needs.Terminal)]
    public async Task A_missing_key_is_asked_for_kept_in_the_vendors_own_file_and_the_call_goes_on()
    {
        await using Workbench bench = await WithoutKeyAsync();
        string key = bench.Vendors.EnvironmentVariables["WELLAPI_API_KEY"];
        string shown = "";
        Action<PwshProcess, string> pastes = Terminal.Person(Request, text =>
        {
            shown = text;
            return key;
        });
        Action<PwshProcess, string> agrees = Terminal.Person(Question, _ => "y");

        PwshResult result = await bench.RunAsync("New-AIImage 'a fox' -Provider WellAPI -Size 816x816; New-AIImage 'a fox' -Provider WellAPI -Size 816x816",
            new PwshOptions { Interactive = true, OnTerminal = (process, output) => { pastes(process, output); agrees(process, output); } });

        Assert.Equal(2, result.Clean().Objects.Count);
        Assert.Contains("https://wellapi.ai/register", shown, StringComparison.Ordinal);
        Assert.Contains("密钥", shown, StringComparison.Ordinal);
        Assert.Equal(1, result.Output.Split(Request).Length - 1);
        Assert.DoesNotContain(key, result.Output, StringComparison.Ordinal);
        string file = Path.Combine(bench.Environment["HOME"]!, ".wellapi", "config.json");
        Assert.Equal(key, (string?)JsonNode.Parse(await File.ReadAllTextAsync(file))!["api_key"]);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [PwshTheory(Needs = Needs.Terminal)]
    [InlineData("-Force")]
    [InlineData("-Confirm:$false")]
    [InlineData("-WhatIf")]
    public async Task Nobody_is_asked_where_that_was_not_wanted(string how)
    {
        await using Workbench bench = await WithoutKeyAsync();

        PwshResult result = await bench.RunAsync($"New-AIImage 'a fox' -Provider WellAPI {how}", new PwshOptions { Interactive = true, OnTerminal = Terminal.Person(Request, _ => "typed") });

        Assert.Equal("CredentialMissing", Assert.Single(result.Errors).Id);
        Assert.DoesNotContain(Request, result.Output, StringComparison.Ordinal);
    }

    [PwshFact]
    public async Task Where_nobody_can_be_asked_it_is_an_error_that_says_where_to_get_a_key()
    {
        await using Workbench bench = await WithoutKeyAsync();

        PwshResult result = await bench.RunAsync("New-AIImage 'a fox' -Provider WellAPI");

        Assert.Equal("CredentialMissing", Assert.Single(result.Errors).Id);
        Assert.Contains("https://wellapi.ai/register", result.Errors[0].RecommendedAction, StringComparison.Ordinal);
        Assert.Empty(bench.Vendors.Requests);
    }

    private static async Task<Workbench> WithoutKeyAsync()
    {
        Workbench bench = await Workbench.StartAsync();
        bench.Environment["WELLAPI_API_KEY"] = null;
        bench.Environment["HOME"] = Directory.CreateDirectory(bench.PathTo("home")).FullName;
        return bench;
    }
}
