using System.Text.Json.Nodes;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Gate;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tests.Support;
using PSImageGen.Core.Wire;
using PSImageGen.FakeProviders.Faults;

namespace PSImageGen.Core.Tests.OpenApi;

/// <summary>Where a vendor's document is given, requests are fitted, checked and written by it.</summary>
public class DocumentedModelTests
{
    private const string Pro = "google/nano-banana-pro";

    private static string Places => string.Join(';', EndpointListTests.PathOf("platform.json"), EndpointListTests.PathOf("nano-banana-pro.yaml"));

    private static async Task<(Planner Planner, IReadOnlyList<string> Lines)> LearnAsync(Spine spine, string? places = null)
    {
        spine.Variables["SKILLS_VIDEO_OPENAPI"] = places ?? Places;
        Planner planner = new(ProviderRegistry.BuiltIn, spine.Surroundings);
        Selection selection = new() { Provider = "SkillsVideo" };
        Assert.True(planner.MayLearn(selection));
        using Transport transport = new();
        IReadOnlyList<string> lines = await planner.LearnAsync(selection, transport, CancellationToken.None);
        Assert.False(planner.MayLearn(selection));
        return (planner, lines);
    }

    private static Plan Plan(Planner planner, string? model, RequestDraft draft) =>
        planner.Plan(new ImageRequest(draft.Image is null ? ImageOperation.Generate : ImageOperation.Img2Img, draft), new Selection { Provider = "SkillsVideo", Model = model });

    private static async Task<RunReport> RunAsync(Spine spine, Plan plan)
    {
        Order order = new() { Provider = "SkillsVideo" };
        ApprovedCall call = ApprovedCall.Gate.Approve(plan, new ForegroundConsent(true), spine.NewBudget(new BudgetLimits()), spine.Options(order).RecordPath)!;
        return await spine.Engine.RunAsync(call, spine.Options(order), spine.Listener, CancellationToken.None);
    }

    private static JsonObject Body(Spine spine) => spine.Vendors.Requests.Single(r => r.Method == "POST").Body!.AsObject();

    [Fact]
    public async Task Parameters_go_into_the_fields_of_their_meaning()
    {
        await using Spine spine = await Spine.StartAsync();
        (Planner planner, _) = await LearnAsync(spine);

        RunReport report = await RunAsync(spine, Plan(planner, Pro, new RequestDraft { Prompt = "a fox", AspectRatio = "4:3", Resolution = "1K", ReferenceImages = ["https://example.com/a.png"] }));

        spine.AssertDelivered(report, "SkillsVideo");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"prompt":"a fox","resolution":"1K","aspect_ratio":"4:3","image_urls":["https://example.com/a.png"]}"""), Body(spine)), Body(spine).ToJsonString());
        Assert.EndsWith("/generation/sse/google/nano-banana-pro", spine.Vendors.Requests.Single(r => r.Method == "POST").Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_option_says_what_no_parameter_was_given_for()
    {
        await using Spine spine = await Spine.StartAsync();
        (Planner planner, _) = await LearnAsync(spine);

        Plan plan = Plan(planner, Pro, new RequestDraft { Prompt = "a fox", ProviderOptions = new JsonObject { ["resolution"] = "1K", ["aspect_ratio"] = "16:9" } });
        spine.AssertDelivered(await RunAsync(spine, plan), "SkillsVideo");

        Assert.Equal(("1K", "16:9"), (plan.Candidates[0].Quote.Size, plan.Candidates[0].Quote.AspectRatio));
        Assert.Equal("1K", (string?)Body(spine)["resolution"]);
    }

    [Theory]
    [InlineData("""{"ratio":"1:1"}""", "no option 'ratio'", "Similar: aspect_ratio.")]
    [InlineData("""{"resoluton":"1K"}""", "no option 'resoluton'", "Similar: resolution.")]
    [InlineData("""{"resolution":"8K"}""", "'resolution' is not right", "one of 1K, 2K")]
    [InlineData("""{"aspect_ratio":7}""", "'aspect_ratio' is not right", "text")]
    [InlineData("""{"image_urls":["https://example.com/a.png"]}""", "set with -ReferenceImage", "-ReferenceImage")]
    [InlineData("""{"prompt":"a cat"}""", "set with -Prompt", "-Prompt")]
    public async Task What_the_document_does_not_allow_is_said_before_anything_is_sent(string options, string said, string advice)
    {
        await using Spine spine = await Spine.StartAsync();
        (Planner planner, _) = await LearnAsync(spine);

        AIImageException e = Assert.Throws<AIImageException>(() => Plan(planner, Pro, new RequestDraft { Prompt = "a fox", ProviderOptions = JsonNode.Parse(options)!.AsObject() }));

        Assert.Equal(ImageErrorId.InvalidRequest, e.Error.Id);
        Assert.Contains(said, e.Error.Message, StringComparison.Ordinal);
        Assert.Contains(advice, e.Error.Recommendation, StringComparison.Ordinal);
        Assert.Empty(spine.Vendors.Requests);
    }

    [Fact]
    public async Task One_thing_is_not_said_twice()
    {
        await using Spine spine = await Spine.StartAsync();
        (Planner planner, _) = await LearnAsync(spine);

        AIImageException e = Assert.Throws<AIImageException>(() => Plan(planner, Pro, new RequestDraft { Prompt = "a fox", Resolution = "1K", ProviderOptions = new JsonObject { ["resolution"] = "2K" } }));

        Assert.Contains("-Resolution", e.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_limits_of_the_document_hold_and_the_unknown_ones_are_named()
    {
        await using Spine spine = await Spine.StartAsync();
        (Planner planner, IReadOnlyList<string> lines) = await LearnAsync(spine);

        Assert.Throws<AIImageException>(() => Plan(planner, "google/nano-banana-2", new RequestDraft { Prompt = new string('a', 301) }));
        Assert.Equal(4, Plan(planner, "google/nano-banana-2", new RequestDraft { Prompt = "a fox", Count = 5 }).Candidates[0].Shape.PerOrder);
        string line = Assert.Single(lines, l => l.Contains($"{Pro}: the document does not say", StringComparison.Ordinal));
        Assert.Contains("the longest prompt", line, StringComparison.Ordinal);
        Assert.Contains("how many pictures go in: 4 at most are sent", line, StringComparison.Ordinal);
        // What is not for pictures is not offered for them.
        Assert.Null(planner.CatalogueOf(ProviderRegistry.BuiltIn.Get("SkillsVideo")).Find("google/veo"));
        // What the documents do not describe stays as it was known.
        Assert.NotNull(planner.CatalogueOf(ProviderRegistry.BuiltIn.Get("SkillsVideo")).Find("openai/gpt-image-1.5"));
    }

    [Fact]
    public async Task A_document_that_cannot_be_read_stops_the_call()
    {
        await using Spine spine = await Spine.StartAsync();
        (Planner planner, _) = await LearnAsync(spine, "/nowhere/openapi.json");

        AIImageException e = Assert.Throws<AIImageException>(() => Plan(planner, Pro, new RequestDraft { Prompt = "a fox" }));

        Assert.Contains("/nowhere/openapi.json", e.Error.Message, StringComparison.Ordinal);
        Assert.Contains("SKILLS_VIDEO_OPENAPI", e.Error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_there_is_no_stream_the_task_is_asked_for()
    {
        await using Spine spine = await Spine.StartAsync();
        string text = await File.ReadAllTextAsync(EndpointListTests.PathOf("nano-banana-pro.yaml"));
        string place = Path.Combine(Path.GetDirectoryName(spine.Picture())!, "polling.yaml");
        await File.WriteAllTextAsync(place, text.Replace("  /v1/generation/sse/google/nano-banana-pro:\n    post: *order\n", string.Empty, StringComparison.Ordinal));
        (Planner planner, _) = await LearnAsync(spine, place);

        RunReport report = await RunAsync(spine, Plan(planner, Pro, new RequestDraft { Prompt = "a fox" }));

        spine.AssertDelivered(report, "SkillsVideo");
        Assert.EndsWith("/generation/google/nano-banana-pro", spine.Vendors.Requests.Single(r => r.Method == "POST").Path, StringComparison.Ordinal);
        Assert.DoesNotContain(spine.Vendors.Requests, r => r.Path.Contains("/sse/", StringComparison.Ordinal));
    }

    [Fact]
    public void Needed_fields_that_nothing_fills_are_asked_for_by_name()
    {
        ModelRow row = Row("""{"type":"object","required":["prompt","mood","light","kind","steps"],"properties":{"prompt":{"type":"string"},"mood":{"enum":["calm","wild"]},"light":{"type":"integer","minimum":1,"maximum":9},"kind":{"const":"image"},"steps":{"type":"integer","default":20}}}""");

        AIImageException e = Assert.Throws<AIImageException>(() => new CallShape("SkillsVideo", row, new ImageRequest(ImageOperation.Generate, new RequestDraft { Prompt = "a fox" })));

        Assert.Contains("mood (one of calm, wild) and light (a whole number from 1 to 9)", e.Error.Message, StringComparison.Ordinal);
        Assert.Contains("mood = '…'; light = '…'", e.Error.Recommendation, StringComparison.Ordinal);

        // What can be only one thing, or has a default, is sent without being asked for.
        ProviderCall call = Translation.Call(ProviderRegistry.BuiltIn.Get("SkillsVideo"), row, new ImageRequest(ImageOperation.Generate, new RequestDraft { Prompt = "a fox", ProviderOptions = new JsonObject { ["mood"] = "wild", ["light"] = 3 } }));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"prompt":"a fox","kind":"image","steps":20,"mood":"wild","light":3}"""), FieldMap.Body(call)), FieldMap.Body(call).ToJsonString());
    }

    [Theory]
    [InlineData("""{"prompt":{"type":"string"},"width":{"type":"integer","multipleOf":32,"minimum":256,"maximum":1440},"height":{"type":"integer","multipleOf":32,"minimum":256,"maximum":1440}}""", "640x480", """{"prompt":"a fox","width":640,"height":480}""")]
    [InlineData("""{"prompt":{"type":"string"},"image_size":{"enum":["default","1024x1024","1536x1024"]}}""", "1536x1024", """{"prompt":"a fox","image_size":"1536x1024"}""")]
    [InlineData("""{"prompt":{"type":"string"},"aspectRatio":{"type":"string"}}""", "1920x1080", """{"prompt":"a fox","aspectRatio":"16:9"}""")]
    [InlineData("""{"prompt":{"type":"string"},"aspect_ratio":{"anyOf":[{"const":"1:1"},{"const":"2:3"}]},"num_images":{"type":"integer","maximum":3},"seed":{"type":"integer"}}""", "1000x1500", """{"prompt":"a fox","aspect_ratio":"2:3","num_images":1}""")]
    [InlineData("""{"text_prompt":{"type":"string"},"size":{"type":"string","default":"512x512"}}""", "600x400", """{"text_prompt":"a fox","size":"600x400"}""")]
    public void Size_goes_into_the_fields_there_are(string properties, string size, string body)
    {
        ModelRow row = Row($$"""{"type":"object","properties":{{properties}}}""");
        ProviderCall call = Translation.Call(ProviderRegistry.BuiltIn.Get("SkillsVideo"), row, new ImageRequest(ImageOperation.Generate, new RequestDraft { Prompt = "a fox", Size = size }));

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(body), FieldMap.Body(call)), FieldMap.Body(call).ToJsonString());
    }

    [Fact]
    public void Every_endpoint_of_the_vendors_documents_makes_rows_that_stand_by_themselves()
    {
        foreach (string name in new[] { "bfl", "openai-images", "openrouter-images", "replicate", "stability-v1", "comfyui" })
        {
            Core.OpenApi.ApiDocuments documents = new(VendorDocumentTests.Load(name));
            foreach (EndpointInfo info in new Core.OpenApi.EndpointList(documents).Images())
            {
                Core.OpenApi.ApiEndpoint endpoint = documents.Find(info.Endpoint)!;
                foreach (Core.OpenApi.SchemaModel model in Core.OpenApi.SchemaModel.Of(endpoint, info.Model, endpoint.Path))
                {
                    // As the user's own catalogue does when it lays rows over others.
                    JsonNode json = System.Text.Json.JsonSerializer.SerializeToNode(model.Row, CatalogueJson.Options)!;
                    ModelRow again = System.Text.Json.JsonSerializer.Deserialize<ModelRow>(json, CatalogueJson.Options)!;
                    Assert.Equal(model.Row.Options.Select(o => $"{o.Key}: {o.Value}"), again.Options.Select(o => $"{o.Key}: {o.Value}"));
                }
            }
        }
    }

    private static ModelRow Row(string schema)
    {
        byte[] text = System.Text.Encoding.UTF8.GetBytes("""{"openapi":"3.1.0","paths":{"/images":{"post":{"requestBody":{"content":{"application/json":{"schema":SCHEMA}}}}}}}""".Replace("SCHEMA", schema, StringComparison.Ordinal));
        Core.OpenApi.ApiEndpoint endpoint = Core.OpenApi.ApiDocument.Read(text, "one.json").Endpoints[0];
        return Core.OpenApi.SchemaModel.Of(endpoint, "one", "images").Single().Row;
    }
}
