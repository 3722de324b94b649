using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using PSImageGen.Core.Credentials;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Tests.Support;

namespace PSImageGen.Core.Tests.Credentials;

/// <summary>Where keys are kept and looked for.</summary>
public sealed class KeyStoreTests : IDisposable
{
    private const string Key = "sk-of-the-store-0123456789";

    private static readonly ProviderProfile Vendor = new()
    {
        Id = "Acme",
        DisplayName = "Acme",
        BaseUrl = new Uri("https://acme.example/v1"),
        CredentialNames = ["ACME_API_KEY", "ACME_KEY"],
        KeyPage = new Uri("https://acme.example/keys"),
    };

    private static readonly ProviderProfile WithFile = Vendor with { Id = "Filed", KeyFile = ".filed/config.json" };

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("psimagegen-keys-");

    private string Home => Path.Combine(_root.FullName, "home");

    private string State => Path.Combine(_root.FullName, "state");

    private KeyStore Store => new(State, Home);

    private string OwnFile => Path.Combine(Home, ".filed", "config.json");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void A_key_that_is_kept_is_found_by_another_process_and_forgotten_when_told()
    {
        Store.Save(Vendor, new Credential(Key, "given"));

        Credential found = With().FindCredential(Vendor)!;
        Assert.Equal(Key, found.Reveal());
        Assert.Equal("file: " + Store.PlaceOf(Vendor).Path, found.Source);
        Assert.Null(With().FindCredential(Vendor with { Id = "Other" }));

        Store.Remove(Vendor);
        Assert.Null(With().FindCredential(Vendor));
        Assert.False(File.Exists(Store.PlaceOf(Vendor).Path));
        Store.Remove(Vendor);
    }

    [LinuxFact]
    [SupportedOSPlatform("linux")]
    public void Only_the_owner_can_read_what_is_kept_whatever_was_there_before()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(OwnFile)!);
        File.WriteAllText(OwnFile, "{\"api_key\":\"old\",\"region\":\"eu\"}");
        File.SetUnixFileMode(OwnFile, (UnixFileMode)Convert.ToInt32("644", 8));
        CredentialInfo before = With().Look(WithFile).Single(p => p.Used);
        Assert.Equal(CredentialSource.VendorFile, before.Source);
        Assert.Contains("Others on this machine can read", before.Note, StringComparison.Ordinal);

        Store.Save(Vendor, new Credential(Key, "given"));
        Store.Save(WithFile, new Credential(Key, "given"));

        foreach (string path in new[] { Store.PlaceOf(Vendor).Path, OwnFile })
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(State, "keys")));
        Assert.Null(With().Look(WithFile).Single(p => p.Used).Note);
        // Nothing written aside is left.
        Assert.Equal(2, Directory.GetFiles(_root.FullName, "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void A_vendors_own_file_keeps_what_else_is_in_it()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(OwnFile)!);
        File.WriteAllText(OwnFile, "{ \"region\": \"eu\", \"api_key\": \"old\" }");

        Store.Save(WithFile, new Credential(Key, "given"));
        JsonNode json = JsonNode.Parse(File.ReadAllText(OwnFile))!;
        Assert.Equal(Key, (string?)json["api_key"]);
        Assert.Equal("eu", (string?)json["region"]);

        Store.Remove(WithFile);
        json = JsonNode.Parse(File.ReadAllText(OwnFile))!;
        Assert.Null(json["api_key"]);
        Assert.Equal("eu", (string?)json["region"]);
    }

    [Theory]
    [InlineData("{ \"api_key\": \"sk-hidden-in-it")]
    [InlineData("{ \"api_key\": \"sk-hidden-in-it\", \"api_key\": \"sk-hidden-in-it\" }")]
    public void A_file_that_is_not_understood_is_left_alone_and_not_quoted(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(OwnFile)!);
        File.WriteAllText(OwnFile, text);

        AIImageException e = Assert.Throws<AIImageException>(() => Store.Save(WithFile, new Credential(Key, "given")));

        Assert.Equal(ImageErrorId.ArtifactWriteFailed, e.Error.Id);
        Assert.DoesNotContain("sk-", e.ToString(), StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(OwnFile));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("schlüssel-ß")]
    public void What_cannot_be_a_key_is_refused_without_being_shown(string key)
    {
        AIImageException e = Assert.Throws<AIImageException>(() => Store.Save(Vendor, new Credential(key, "given")));

        Assert.Equal(ImageErrorId.CredentialMissing, e.Error.Id);
        if (key.Length > 0)
            Assert.DoesNotContain(key, e.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(State));
    }

    [Fact]
    public void The_places_are_looked_at_in_their_order_and_the_first_key_counts()
    {
        FakeVault vault = new() { ["ACME_KEY"] = "of-the-vault" };
        Dictionary<string, string?> variables = new() { ["ACME_KEY"] = " of-the-environment " };
        Directory.CreateDirectory(Path.GetDirectoryName(OwnFile)!);
        File.WriteAllText(OwnFile, "of-the-vendors-file");
        Directory.CreateDirectory(Path.Combine(State, "keys"));
        File.WriteAllText(Path.Combine(State, "keys", "filed.json"), "{\"api_key\":\"of-the-store\"}");
        Surroundings Around() => new(variables.GetValueOrDefault, Home, vault, State);

        Assert.Equal(
            [(CredentialSource.Environment, "ACME_API_KEY", false), (CredentialSource.Environment, "ACME_KEY", true), (CredentialSource.Vault, "ACME_API_KEY", false),
                (CredentialSource.Vault, "ACME_KEY", true), (CredentialSource.VendorFile, OwnFile, true), (CredentialSource.Store, Path.Combine(State, "keys", "filed.json"), true)],
            Around().Look(WithFile).Select(p => (p.Source!.Value, p.Name!, p.Present)));
        Assert.Equal("ACME_KEY", Around().Look(WithFile).Single(p => p.Used).Name);

        string[] order = new string[4];
        order[0] = Around().FindCredential(WithFile)!.Reveal();
        variables.Clear();
        order[1] = Around().FindCredential(WithFile)!.Reveal();
        vault.Clear();
        order[2] = Around().FindCredential(WithFile)!.Reveal();
        File.Delete(OwnFile);
        order[3] = Around().FindCredential(WithFile)!.Reveal();
        Assert.Equal(["of-the-environment", "of-the-vault", "of-the-vendors-file", "of-the-store"], order);
        Assert.DoesNotContain(Around().Look(WithFile), p => p.ToString().Contains("of-the-store", StringComparison.Ordinal));
    }

    [Fact]
    public void A_vault_that_cannot_be_read_says_so_and_stands_in_nobodys_way()
    {
        Store.Save(Vendor, new Credential(Key, "given"));
        Surroundings around = new(_ => null, Home, new FakeVault { Problem = "It is locked." }, State);

        Assert.Equal(Key, around.FindCredential(Vendor)!.Reveal());
        Assert.All(around.Look(Vendor).Where(p => p.Source == CredentialSource.Vault), p => Assert.Equal("It is locked.", p.Note));
    }

    private Surroundings With() => new(_ => null, Home, null, State);

    private sealed class FakeVault : Dictionary<string, string>, ISecretVault
    {
        public string? Problem { get; init; }

        public string? Find(string name) => this.GetValueOrDefault(name);
    }
}
