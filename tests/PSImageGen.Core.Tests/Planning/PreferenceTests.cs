using System.Text.Json.Nodes;
using PSImageGen.Core.Credentials;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;

namespace PSImageGen.Core.Tests.Planning;

/// <summary>What is preferred: the command over the user over the project, key by key.</summary>
public sealed class PreferenceTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("psimagegen-preferences-").FullName;

    private PreferenceFiles Files => new(Path.Combine(_root, "state"), ProviderRegistry.BuiltIn);

    private string Project => Path.Combine(_root, "project");

    private string ProjectFile => Path.Combine(Project, PreferenceFiles.ProjectFileName);

    [Fact]
    public void Nothing_said_is_nothing_preferred()
    {
        Preference preference = Load().Describe();

        Assert.Empty(preference.Preferred);
        Assert.Empty(preference.Weights);
        Assert.Empty(preference.Blocked);
        Assert.Empty(preference.Defaults);
        Assert.Empty(preference.Budgets);
        Assert.All(["Preferred", "Weights", "Blocked", "Defaults", "Budgets"], part => Assert.Equal("default", preference.Source[part]));
    }

    [Fact]
    public void The_user_comes_before_the_project_key_by_key_and_each_says_where_it_is_from()
    {
        Save("""{ "preferred": ["BFL"], "weights": { "BFL": 2, "OpenAI": 0 }, "defaults": { "quality": "high" }, "budgets": { "perDay": 5.5 } }""");
        WriteProject("""
            {
              // Other tools keep theirs here too.
              "model": "something",
              "providerPreferences": {
                "text": { "preferred": ["whoever"] },
                "image": {
                  "preferred": ["replicate", "fal"], /* any case */
                  "blocked": ["OpenRouter"],
                  "weights": { "bfl": 9, "Fal": 0.5 },
                  "defaults": { "quality": "low", "format": "WebP", "timeoutSec": 30 },
                  "budgets": { "perProject": 20, "maxCost": 1 },
                },
              },
            }
            """);

        Preference preference = Load().Describe();

        string user = "user: " + Files.UserPath, project = "project: " + ProjectFile;
        Assert.Equal(["BFL"], preference.Preferred);
        Assert.Equal(["OpenRouter"], preference.Blocked);
        Assert.Equal([("BFL", 2), ("OpenAI", 0), ("Fal", 0.5)], preference.Weights.Select(w => (w.Key, w.Value)));
        Assert.Equal(("high", ImageFormat.Webp, 30), (preference.Defaults["Quality"], preference.Defaults["Format"], preference.Defaults["TimeoutSec"]));
        Assert.Equal((5.5m, 20m, 1m), (preference.Budgets["PerDay"], preference.Budgets["PerProject"], preference.Budgets["MaxCost"]));
        Assert.Equal([user, project, user, project, user, project], new[] { "Preferred", "Blocked", "Weights.BFL", "Weights.Fal", "Defaults.Quality", "Defaults.Format" }.Select(k => preference.Source[k]));
        Assert.Equal([user, project], new[] { "Budgets.PerDay", "Budgets.MaxCost" }.Select(k => preference.Source[k]));
    }

    [Fact]
    public void The_nearest_project_file_at_or_above_the_folder_counts_alone()
    {
        WriteProject("""{ "providerPreferences": { "image": { "preferred": ["Fal"], "blocked": ["BFL"] } } }""");
        string below = Directory.CreateDirectory(Path.Combine(Project, "a", "b")).FullName;
        Assert.Equal(["Fal"], Files.Load(below).Preferred);

        File.WriteAllText(Path.Combine(Project, "a", PreferenceFiles.ProjectFileName), """{ "providerPreferences": { "image": { "preferred": ["Replicate"] } } }""");
        Assert.Equal(["Replicate"], Files.Load(below).Preferred);
        Assert.Empty(Files.Load(below).Blocked);
        Assert.Equal(["Fal"], Files.Load(Project).Preferred);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "providerPreferences": {} }""")]
    [InlineData("""{ "providerPreferences": { "image": null } }""")]
    public void A_file_of_others_that_does_not_speak_of_pictures_says_nothing(string json)
    {
        WriteProject(json);

        Assert.Equal("default", Load().Describe().Source["Preferred"]);
    }

    [Theory]
    [InlineData("""{ "prefered": ["BFL"] }""", "prefered")]
    [InlineData("""{ "preferred": "BFL" }""", "preferred")]
    [InlineData("""{ "preferred": ["BFL", "Nobody"] }""", "preferred")]
    [InlineData("""{ "blocked": [5] }""", "blocked")]
    [InlineData("""{ "weights": ["BFL"] }""", "weights")]
    [InlineData("""{ "weights": { "BFL": -1 } }""", "weights.BFL")]
    [InlineData("""{ "weights": { "BFL": 1e999 } }""", "weights.BFL")]
    [InlineData("""{ "weights": { "BFL": "2" } }""", "weights.BFL")]
    [InlineData("""{ "weights": { "Nobody": 2 } }""", "weights.Nobody")]
    [InlineData("""{ "defaults": { "colour": "red" } }""", "defaults.colour")]
    [InlineData("""{ "defaults": { "provider": "Nobody" } }""", "defaults.provider")]
    [InlineData("""{ "defaults": { "format": "gif" } }""", "defaults.format")]
    [InlineData("""{ "defaults": { "format": "1" } }""", "defaults.format")]
    [InlineData("""{ "defaults": { "model": "" } }""", "defaults.model")]
    [InlineData("""{ "defaults": { "throttleLimit": 65 } }""", "defaults.throttleLimit")]
    [InlineData("""{ "defaults": { "timeoutSec": 1.5 } }""", "defaults.timeoutSec")]
    [InlineData("""{ "budgets": { "perDay": -0.01 } }""", "budgets.perDay")]
    [InlineData("""{ "budgets": { "perWeek": 1 } }""", "budgets.perWeek")]
    public void What_is_wrong_is_named_with_file_and_key(string json, string key)
    {
        WriteProject($$"""{ "providerPreferences": { "image": {{json}} } }""");
        AssertNames(ProjectFile, key);
        File.Delete(ProjectFile);

        Directory.CreateDirectory(Path.GetDirectoryName(Files.UserPath)!);
        File.WriteAllText(Files.UserPath, json);
        AssertNames(Files.UserPath, key);
    }

    [Theory]
    [InlineData("{ nonsense", "cannot be read")]
    [InlineData("[]", "cannot be read")]
    [InlineData("""{ "providerPreferences": 5 }""", "providerPreferences")]
    [InlineData("""{ "providerPreferences": { "image": [] } }""", "image")]
    [InlineData("""{ "providerPreferences": { "image": { "preferred": [], "preferred": ["BFL"] } } }""", "twice")]
    public void A_file_that_is_none_is_named(string json, string words)
    {
        WriteProject(json);
        AssertNames(ProjectFile, words);
    }

    [Fact]
    public void What_the_user_stores_comes_back_and_can_be_taken_away_again()
    {
        Save("""{ "preferred": ["bfl"], "weights": { "openai": 3 }, "defaults": { "Quality": "high", "FORMAT": "JPEG", "ThrottleLimit": 8 }, "budgets": { "PerDay": 2 } }""");
        JsonNode stored = JsonNode.Parse(File.ReadAllText(Files.UserPath))!;
        Assert.Equal("""{"preferred":["BFL"],"weights":{"OpenAI":3},"defaults":{"quality":"high","format":"jpeg","throttleLimit":8},"budgets":{"perDay":2}}""", stored.ToJsonString());

        Save("""{ "preferred": [], "defaults": { "quality": null, "model": "flux-2-max" }, "weights": null }""");
        Preference preference = Load().Describe();
        Assert.Empty(preference.Preferred);
        Assert.Equal("user: " + Files.UserPath, preference.Source["Preferred"]);
        Assert.Empty(preference.Weights);
        Assert.Equal(["Format", "Model", "ThrottleLimit"], preference.Defaults.Keys.Order(StringComparer.Ordinal));

        Files.Save(Files.User().Without([PreferencePart.Defaults, PreferencePart.Preferred]));
        Assert.Equal(["PerDay"], Load().Describe().Budgets.Keys);
        Assert.Empty(Load().Describe().Defaults);
        Assert.Equal([Files.UserPath], Directory.GetFiles(Path.GetDirectoryName(Files.UserPath)!));
    }

    [Fact]
    public void An_empty_list_of_the_user_counts_over_that_of_the_project()
    {
        WriteProject("""{ "providerPreferences": { "image": { "preferred": ["Fal"], "blocked": ["BFL"] } } }""");
        Save("""{ "blocked": [] }""");

        Assert.Empty(Load().Blocked);
        Assert.Equal(["Fal"], Load().Preferred);
    }

    [Fact]
    public void A_folder_of_the_project_is_meant_from_its_file()
    {
        WriteProject("""{ "providerPreferences": { "image": { "defaults": { "outputDirectory": "art/new" } } } }""");

        Assert.Equal(Path.Combine(Project, "art", "new"), Files.Load(Directory.CreateDirectory(Path.Combine(Project, "src")).FullName).Text("OutputDirectory"));
    }

    [Fact]
    public void The_command_comes_first_and_blocks_more_but_never_less()
    {
        Save("""{ "preferred": ["BFL"], "weights": { "BFL": 2 }, "blocked": ["Fal"] }""");

        Selection selection = Select(new(), """{ "preferred": ["openai"], "weights": { "OpenAI": 5 }, "blocked": ["Replicate"] }""");
        Assert.Equal(["OpenAI"], selection.Preferred);
        Assert.Equal([("BFL", 2), ("OpenAI", 5)], selection.Weights.OrderBy(w => w.Key, StringComparer.Ordinal).Select(w => (w.Key, w.Value)));
        Assert.Equal(["Fal", "Replicate"], selection.Blocked);

        selection = Select(new());
        Assert.Equal(["BFL"], selection.Preferred);
        Assert.Equal(["Fal"], selection.Blocked);
        Assert.Equal(2, selection.Weights["bfl"]);
        Assert.Empty(Select(new(), """{ "preferred": [] }""").Preferred);
    }

    [Fact]
    public void A_usual_model_may_be_one_of_the_users_own_catalogue()
    {
        string file = Path.Combine(_root, "catalogue.json");
        File.WriteAllText(file, """{ "BFL": { "models": [ { "id": "my-flux", "operations": ["Generate"] } ] } }""");
        Planner planner = new(ProviderRegistry.BuiltIn, new Surroundings(_ => null), file);
        Save("""{ "defaults": { "model": "my-flux" } }""");
        Selection Of(ImageOperation operation) => Load().Select(new Selection(), Layer("{}"), operation, planner.CatalogueOf);

        Assert.Equal((null, "my-flux"), (Of(ImageOperation.Generate).Provider, Of(ImageOperation.Generate).Model));
        // It cannot do this, but says whom to ask.
        Assert.Equal(("BFL", null), (Of(ImageOperation.Inpaint).Provider, Of(ImageOperation.Inpaint).Model));
    }

    [Fact]
    public void Stored_preferences_make_no_chain_of_a_named_provider()
    {
        Save("""{ "preferred": ["OpenAI"], "weights": { "OpenAI": 2 }, "blocked": ["Fal"], "defaults": { "provider": "Stability", "model": "sd3.5-large" } }""");

        foreach (Selection named in new Selection[] { new() { Provider = "BFL" }, new() { Model = "flux-2-pro" } })
        {
            Selection selection = Select(named);
            Assert.Equal((named.Provider, named.Model), (selection.Provider, selection.Model));
            Assert.Empty(selection.Preferred);
            Assert.Empty(selection.Weights);
            Assert.Equal(["Fal"], selection.Blocked);
        }

        Assert.Equal(["Replicate"], Select(new() { Provider = "BFL" }, """{ "preferred": ["Replicate"] }""").Preferred);
    }

    [Fact]
    public void A_named_provider_that_is_blocked_anywhere_is_an_error()
    {
        Save("""{ "blocked": ["BFL"] }""");
        Planner planner = new(ProviderRegistry.BuiltIn, new Surroundings(name => name is "BFL_API_KEY" or "OPENAI_API_KEY" ? "k" : null));
        ImageRequest request = new(ImageOperation.Generate, new RequestDraft { Prompt = "p" });

        foreach (Selection named in new Selection[] { new() { Provider = "bfl" }, new() { Model = "flux-2-pro" } })
        {
            ImageError error = Assert.Throws<AIImageException>(() => planner.Plan(request, Select(named))).Error;
            Assert.Equal(ImageErrorId.Unsupported, error.Id);
            Assert.Contains("Get-AIImagePreference", error.Recommendation, StringComparison.Ordinal);
        }

        Assert.Equal(["OpenAI"], planner.Plan(request, Select(new())).Candidates.Select(c => c.Quote.Provider));
    }

    [Fact]
    public void Stored_weights_do_not_disturb_an_order_that_the_command_gives()
    {
        Save("""{ "weights": { "OpenAI": 2 } }""");

        Assert.Empty(Select(new(), """{ "preferred": ["BFL"] }""").Weights);
        Assert.Equal(2, Select(new(), """{ "preferred": ["BFL"], "weights": { "BFL": 1 } }""").Weights.Count);
    }

    [Fact]
    public void A_use_case_the_command_gives_counts_over_a_stored_model_and_stored_weights()
    {
        Save("""{ "weights": { "OpenAI": 2 }, "defaults": { "provider": "BFL", "model": "flux-2-max" } }""");

        Selection selection = Select(new() { UseCase = ImageUseCase.Cost });
        Assert.Equal(("BFL", null), (selection.Provider, selection.Model));

        Save("""{ "defaults": { "provider": null } }""");
        selection = Select(new() { UseCase = ImageUseCase.Cost });
        Assert.Equal((null, null, 0), (selection.Provider, selection.Model, selection.Weights.Count));
        Assert.Equal(2, Select(new() { UseCase = ImageUseCase.Cost }, """{ "weights": { "BFL": 1 } }""").Weights.Count);
    }

    [Fact]
    public void A_usual_provider_or_model_counts_where_the_command_names_nobody()
    {
        Save("""{ "defaults": { "provider": "BFL", "model": "flux-2-max" } }""");
        Assert.Equal(("BFL", "flux-2-max"), Who(Select(new())));
        Assert.Equal((null, null), Who(Select(new(), """{ "preferred": ["OpenAI"] }""")));
        Assert.Equal((null, null), Who(Select(new(), """{ "weights": { "OpenAI": 2 } }""")));
        Assert.Equal(("OpenAI", null), Who(Select(new() { Provider = "OpenAI" })));
        // The model makes nothing larger; its provider is still the usual one.
        Assert.Equal(("BFL", null), Who(Select(new(), operation: ImageOperation.Upscale)));

        Save("""{ "defaults": { "provider": null } }""");
        Assert.Equal((null, "flux-2-max"), Who(Select(new())));
        Assert.Equal(("BFL", null), Who(Select(new(), operation: ImageOperation.Upscale)));

        static (string? Provider, string? Model) Who(Selection selection) => (selection.Provider, selection.Model);
    }

    [Fact]
    public void Only_preferred_needs_somebody_preferred()
    {
        Assert.Equal(ImageErrorId.InvalidRequest, Assert.Throws<AIImageException>(() => Select(new() { OnlyPreferred = true })).Error.Id);
        Save("""{ "preferred": ["BFL"] }""");
        Assert.Equal((true, "BFL"), (Select(new() { OnlyPreferred = true }).OnlyPreferred, Select(new() { OnlyPreferred = true }).Preferred[0]));
    }

    [Fact]
    public void A_usual_quality_or_format_counts_where_the_model_has_it_and_is_no_reason_to_refuse()
    {
        Planner planner = new(ProviderRegistry.BuiltIn, new Surroundings(name => name.EndsWith("_API_KEY", StringComparison.Ordinal) ? "k" : null));
        CallShape Shape(string model, RequestDraft draft) => planner.Plan(new ImageRequest(ImageOperation.Generate, draft with { Prompt = "p" }), new Selection { Model = model }).Candidates[0].Shape;
        RequestDraft usual = new() { DefaultQuality = "HIGH", DefaultFormat = ImageFormat.Jpeg };

        Assert.Equal(("high", ImageFormat.Jpeg), (Shape("gpt-image-2", usual).Quality, Shape("gpt-image-2", usual).Format));
        Assert.Equal(("low", ImageFormat.Png), (Shape("gpt-image-2", usual with { Quality = "low", Format = ImageFormat.Png }).Quality, Shape("gpt-image-2", usual with { Format = ImageFormat.Png }).Format));
        Assert.Equal(Shape("flux-2-pro", new()).Quality, Shape("flux-2-pro", usual).Quality);
        Assert.Equal(Shape("demo-painter", new()).Format, Shape("demo-painter", usual with { DefaultFormat = ImageFormat.Webp }).Format);
        Assert.NotEqual(ImageFormat.Jpeg, Shape("gpt-image-1.5", usual with { Background = ImageBackground.Transparent }).Format);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private Preferences Load() => Files.Load(Directory.CreateDirectory(Project).FullName);

    private void Save(string json) => Files.Save(Files.User().With(Layer(json)));

    private void WriteProject(string json)
    {
        Directory.CreateDirectory(Project);
        File.WriteAllText(ProjectFile, json);
    }

    private static PreferenceLayer Layer(string json) => PreferenceLayer.Read((JsonObject)JsonNode.Parse(json)!, "this command", Path.GetTempPath(), ProviderRegistry.BuiltIn);

    private Selection Select(Selection given, string words = "{}", ImageOperation operation = ImageOperation.Generate) => Load().Select(given, Layer(words), operation);

    private void AssertNames(string file, string key)
    {
        ImageError error = Assert.Throws<AIImageException>(Load).Error;
        Assert.Equal(ImageErrorId.InvalidRequest, error.Id);
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
        Assert.Contains(key, error.Message, StringComparison.Ordinal);
    }
}
