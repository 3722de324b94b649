using PSImageGen.Module.Tests.Harness;

namespace PSImageGen.Module.Tests.Gate;

/// <summary>What the question says, how far an answer reaches, and what a missing one ends.</summary>
public sealed class QuestionTests
{
    private const string Question = "(default is \"Y\"):";

    [PwshTheory(Needs = Needs.Terminal)]
    [InlineData("OpenAI", "-Size 1536x1024 -Quality medium -Count 2", new[] { "Generate 2 pictures", "OpenAI", "(gpt-image-2)", "1536x1024 pixels", "quality medium", "about ", " USD, ", " each (price of 20" })]
    [InlineData("BFL", "-AspectRatio 1:1", new[] { "Generate 1 picture", "BFL", "(flux-2-pro)", "1024x1024 pixels", "about ", " USD" })]
    [InlineData("OpenAI", "-Model brand-new -AllowUnknownCost", new[] { "Generate 1 picture", "OpenAI", "(brand-new)", "price not known" })]
    public async Task The_question_names_who_what_and_how_much(string provider, string more, string[] words)
    {
        await using Workbench bench = await Workbench.StartAsync();
        string question = "";

        PwshResult result = await bench.RunAsync($"New-AIImage 'a fox' -Provider {provider} {more}", Asked(text =>
        {
            question = text;
            return "n";
        }));

        Assert.Empty(result.Clean().Objects);
        Assert.All(words.Append("a fox"), word => Assert.Contains(word, question, StringComparison.Ordinal));
        Assert.Empty(bench.Vendors.Requests);
    }

    [PwshFact(Needs = Needs.Terminal)]
    public async Task The_question_gives_each_provider_a_line_of_its_own()
    {
        await using Workbench bench = await Workbench.StartAsync();
        string question = "";

        await bench.RunAsync("New-AIImage 'a fox' -PreferredProvider OpenAI, BFL, Stability -OnlyPreferred", Asked(text =>
        {
            question = text;
            return "n";
        }));

        string[] starts = ["Generate 1 picture: \"a fox\".", "Asked in turn", "  1. OpenAI ", "  2. BFL ", "  3. Stability ", "Only one of them is paid: at most about ", "Go on?"];
        string[] lines = [.. question.Split('\n').Select(l => l.TrimEnd('\r')).Where(l => starts.Any(s => l.StartsWith(s, StringComparison.Ordinal)))];
        Assert.Equal(starts.Length, lines.Length);
        Assert.All(starts.Zip(lines), pair => Assert.StartsWith(pair.First, pair.Second, StringComparison.Ordinal));
        Assert.Empty(bench.Vendors.Requests);
    }

    [PwshFact(Needs = Needs.Terminal)]
    public async Task The_question_is_asked_in_the_language_of_the_session()
    {
        await using Workbench bench = await Workbench.StartAsync();
        bench.Environment["LC_ALL"] = "zh_CN.UTF-8";
        string question = "";

        await bench.RunAsync("New-AIImage 'a fox' -PreferredProvider OpenAI, BFL -OnlyPreferred", Asked(text =>
        {
            question = text;
            return "n";
        }));

        string[] lines = [.. question.Split('\n').Select(l => l.TrimEnd('\r'))];
        string[] starts = ["花钱生成图片", "生成 1 张图片：“a fox”。", "依次请求以下服务商，直到有一家接单：", "  1. OpenAI（", "  2. BFL（", "只付给其中一家：最多约 ", "继续吗？"];
        Assert.All(starts, start => Assert.Contains(lines, line => line.StartsWith(start, StringComparison.Ordinal)));
        Assert.Empty(bench.Vendors.Requests);
    }

    [PwshTheory(Needs = Needs.Terminal)]
    [InlineData("a", 1, 3)]
    [InlineData("l", 1, 0)]
    [InlineData("n", 3, 0)]
    [InlineData("y", 3, 3)]
    public async Task An_answer_may_hold_for_the_whole_pipeline(string answer, int questions, int orders)
    {
        await using Workbench bench = await Workbench.StartAsync();
        int asked = 0;

        PwshResult result = await bench.RunAsync("'one', 'two', 'three' | New-AIImage -Provider OpenAI", Asked(_ =>
        {
            asked++;
            return answer;
        }));

        Assert.Equal(orders, result.Clean().Objects.Count);
        Assert.Equal(questions, asked);
        Assert.Equal(orders, bench.Vendors.Count("OpenAI").Submits);
    }

    [PwshFact]
    public async Task A_missing_consent_ends_the_pipeline_after_the_rows_under_way()
    {
        await using Workbench bench = await Workbench.StartAsync();

        PwshResult result = await bench.RunAsync("""
            @{ Prompt = 'first'; Provider = 'Demo' }, @{ Prompt = 'second'; Provider = 'OpenAI' }, @{ Prompt = 'third'; Provider = 'Demo' } |
                New-AIImage -Size 1024x1024
            """);

        Assert.Equal("ConsentRequired", result.Terminating?.Id);
        Assert.Equal("PermissionDenied", result.Terminating!.Category);
        Assert.Contains("-Confirm:$false", result.Terminating.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal("first", (string)Assert.Single(result.Objects)!["Prompt"]!);
        Assert.Empty(bench.Vendors.Requests);
    }

    [PwshFact]
    public async Task A_rehearsal_shows_the_price_and_leaves_no_trace()
    {
        await using Workbench bench = await Workbench.StartAsync();

        PwshResult result = await bench.RunAsync("'one', 'two' | New-AIImage -Provider OpenAI -WhatIf; 'three' | New-AIImage -Provider BFL -WhatIf -Force -Confirm:$false");

        Assert.Empty(result.Clean().Objects);
        Assert.Equal(3, result.Output.Split("What if:").Length - 1);
        Assert.Equal(3, result.Output.Split(", about ").Length - 1);
        Assert.Empty(Directory.EnumerateFileSystemEntries(bench.Folder));
        Assert.False(Directory.Exists(bench.State));
        Assert.Empty(bench.Vendors.Requests);
    }

    [PwshFact]
    public async Task A_ceiling_ends_the_pipeline_before_it_is_passed()
    {
        await using Workbench bench = await Workbench.StartAsync();

        // Each picture costs 0.034 USD.
        PwshResult result = await bench.RunAsync("1..5 | ForEach-Object { \"picture $_\" } | New-AIImage -Provider OpenAI -Model gpt-image-1.5 -Quality medium -MaxCost 0.08 -Confirm:$false");

        Assert.Equal("BudgetExceeded", result.Terminating?.Id);
        Assert.Equal(2, result.Objects.Count);
        Assert.Equal(2, bench.Vendors.Count("OpenAI").Submits);
    }

    [PwshFact]
    public async Task Neither_CI_nor_any_other_variable_is_a_consent()
    {
        await using Workbench bench = await Workbench.StartAsync();
        foreach (string name in new[] { "CI", "GITHUB_ACTIONS", "TF_BUILD", "PSIMAGEGEN_CONFIRM", "PSIMAGEGEN_FORCE", "CONFIRMPREFERENCE" })
            bench.Environment[name] = "true";

        PwshResult result = await bench.RunAsync("New-AIImage 'a fox' -Provider OpenAI");

        Assert.Equal("ConsentRequired", result.Terminating?.Id);
        Assert.Empty(bench.Vendors.Requests);
    }

    private static PwshOptions Asked(Func<string, string> answer) => new() { Interactive = true, OnTerminal = Terminal.Person(Question, answer) };
}
