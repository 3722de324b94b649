using PSImageGen.Module.Tests.Harness;

namespace PSImageGen.Module.Tests.Gate;

/// <summary>What is offered to somebody who types a single word for a prompt, before the question about the money.</summary>
public sealed class RefinementTests
{
    private const string Offer = "(default is \"A\"):", Part = "(Enter leaves it out): ", Money = "(default is \"Y\"):";

    [PwshFact(Needs = Needs.Terminal)]
    public async Task A_word_can_be_made_more_of_and_the_question_shows_that()
    {
        await using Workbench bench = await AtPromptAsync();

        string seen = await TypeAsync(bench, "New-AIImage fox -Provider BFL; exit", (Offer, "s"), (Part, "watercolour"), (Part, ""), (Part, ""), (Part, "quiet"), (Money, "y"));

        Assert.Contains("\"fox, watercolour, quiet\"", seen, StringComparison.Ordinal);
        Assert.Equal("fox, watercolour, quiet", (string)Assert.Single(bench.Orders("BFL"))["prompt"]!);
    }

    [PwshFact(Needs = Needs.Terminal)]
    public async Task It_goes_on_as_it_is_and_can_be_told_not_to_ask_again()
    {
        await using Workbench bench = await AtPromptAsync();

        string seen = await TypeAsync(bench, "New-AIImage fox -Provider BFL; New-AIImage hare -Provider BFL; exit", (Offer, "n"), (Money, "y"), (Money, "y"));

        Assert.Equal(["fox", "hare"], bench.Orders("BFL").Select(o => (string)o["prompt"]!));
        Assert.Equal(seen.IndexOf(Offer, StringComparison.Ordinal), seen.LastIndexOf(Offer, StringComparison.Ordinal));
    }

    [PwshTheory(Needs = Needs.Terminal)]
    [InlineData("New-AIImage 'a red fox' -Provider BFL")]
    [InlineData("New-AIImage 'a fox' -Provider BFL")]
    [InlineData("'fox' | New-AIImage -Provider BFL")]
    [InlineData("function order { New-AIImage fox -Provider BFL }; order")]
    [InlineData("$env:PSIMAGEGEN_REFINE = '0'; New-AIImage fox -Provider BFL")]
    public async Task Elsewhere_the_question_about_the_money_comes_first(string typed)
    {
        await using Workbench bench = await AtPromptAsync();

        string seen = await TypeAsync(bench, typed + "; exit", (Money, "n"));

        Assert.DoesNotContain(Offer, seen, StringComparison.Ordinal);
        Assert.Contains(Money, seen, StringComparison.Ordinal);
        Assert.Empty(bench.Orders("BFL"));
    }

    private static async Task<Workbench> AtPromptAsync()
    {
        Workbench bench = await Workbench.StartAsync();
        bench.Environment["TERM"] = "xterm";
        // What is typed here is no history of the user's.
        bench.Environment["XDG_DATA_HOME"] = bench.PathTo("data");
        return bench;
    }

    private static async Task<string> TypeAsync(Workbench bench, string line, params (string, string)[] turns)
    {
        await using PwshProcess process = bench.StartAtPrompt(Terminal.Conversation([("> ", $"Import-Module '{Repository.Module}'; 'rea' + 'dy'"), ("ready", line), .. turns]));
        return (await process.EndAsync()).Output;
    }
}
