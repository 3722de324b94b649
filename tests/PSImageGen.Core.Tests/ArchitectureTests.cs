using System.Text.RegularExpressions;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Tests.Support;

namespace PSImageGen.Core.Tests;

/// <summary>Who may know whom. The sources are read as text.</summary>
public partial class ArchitectureTests
{
    private static readonly string Root = Repository.Root;

    // As the design lists them, so that the rule holds for those to come.
    private static readonly string[] Vendors =
        ["Demo", "OpenAI", "Stability", "BFL", "Fal", "Replicate", "OpenRouter", "StableDiffusion", "CreatOK", "SkillsVideo", "WellAPI"];

    [Fact]
    public void The_sources_are_where_these_tests_look()
    {
        Assert.NotEmpty(Sources("src/PSImageGen.Core"));
        Assert.NotEmpty(Sources("src/PSImageGen.Types"));
        Assert.NotEmpty(Sources("src/PSImageGen"));
        Assert.All(ProviderRegistry.BuiltIn.Providers, p => Assert.Contains(p.Profile.Id, Vendors));
        Assert.All(ProviderRegistry.BuiltIn.Providers, p => Assert.NotEmpty(Sources("src/PSImageGen.Core/Providers/" + p.Profile.Id)));
    }

    [Fact]
    public void Core_and_types_never_name_PowerShell() =>
        AssertNone(Sources("src/PSImageGen.Core").Concat(Sources("src/PSImageGen.Types")), new Regex(@"System\.Management\.Automation|PSCmdlet|PSObject\b"));

    [Fact]
    public void Cmdlets_never_name_a_vendor() =>
        AssertNone(Sources("src/PSImageGen"), Words(Vendors.Except(["Demo"]).Concat(["Bfl", "Flux", "DALL"])));

    [Fact]
    public void A_vendor_never_names_another()
    {
        foreach (string vendor in Vendors)
        {
            string folder = Path.Combine(Root, "src/PSImageGen.Core/Providers", vendor);
            if (Directory.Exists(folder))
                AssertNone(Sources("src/PSImageGen.Core/Providers/" + vendor), Words(Vendors.Where(other => other != vendor)));
        }
    }

    [Fact]
    public void Beside_their_folders_vendors_are_named_in_the_registry_alone() =>
        AssertNone(
            Sources("src/PSImageGen.Core").Where(s => !s.Path.Contains("/Providers/", StringComparison.Ordinal) && Path.GetFileName(s.Path) != "Errors.cs"),
            Words(Vendors.Where(v => v is not ("Demo" or "Fal"))));

    [Fact]
    public void Providers_translate_and_do_nothing_else()
    {
        foreach (string vendor in Vendors)
        {
            if (Directory.Exists(Path.Combine(Root, "src/PSImageGen.Core/Providers", vendor)))
                AssertNone(Sources("src/PSImageGen.Core/Providers/" + vendor), Doing());
        }
    }

    [Fact]
    public void Clients_are_made_in_the_transport_alone() =>
        AssertNone(Sources("src").Where(s => Path.GetFileName(s.Path) != "Transport.cs"), new Regex(@"new\s+(HttpClient|HttpMessageInvoker|SocketsHttpHandler|HttpClientHandler|WebClient)\b"));

    [GeneratedRegex(@"Task\.Delay|Thread\.Sleep|\bFile\.|\bDirectory\.|FileStream|new\s+HttpClient|\bHttpClient\s|Environment\.(Get|Exit)|Console\.|\.Result\b(?!\()|\bTimer\b|Polly|DateTime(Offset)?\.(Utc)?Now")]
    private static partial Regex Doing();

    // Not after 转: a gateway's own names of its groups, which users must find on its page, hold the name of another vendor.
    private static Regex Words(IEnumerable<string> words) => new($@"(?<![A-Za-z转])({string.Join('|', words)})(?![a-z])", RegexOptions.CultureInvariant);

    private static void AssertNone(IEnumerable<Source> sources, Regex forbidden)
    {
        IEnumerable<string> found = sources.SelectMany(s => s.Text.Split('\n').Select((line, at) => (line, at))
            .Where(l => forbidden.IsMatch(l.line)).Select(l => $"{Path.GetRelativePath(Root, s.Path)}:{l.at + 1}: {l.line.Trim()}"));
        Assert.Equal([], found);
    }

    private static Source[] Sources(string folder) =>
        [.. Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(p => p.Replace('\\', '/'))
            .Where(p => !p.Contains("/obj/", StringComparison.Ordinal) && !p.Contains("/bin/", StringComparison.Ordinal))
            .Select(p => new Source(p, File.ReadAllText(p)))];

    private sealed record Source(string Path, string Text);
}
