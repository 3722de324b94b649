using System.Text.Json.Nodes;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tests.Support;
using PSImageGen.Core.Wire;
using Xunit.Abstractions;

namespace PSImageGen.Core.Tests.Contracts;

/// <summary>Every body our translations make, held against the vendor's own document.</summary>
public class ContractTests(ITestOutputHelper output)
{
    // Why a vendor's bodies are held against nothing but its fake.
    private static readonly Dictionary<string, string> Undocumented = new()
    {
        ["Demo"] = "lives in this process",
        ["Stability"] = "its published document (2023) has the v1 engines alone; v2beta, which is what we speak, is in none",
        ["Fal"] = "its document has the platform (lists, prices, bills) alone, not what goes into a model",
        ["CreatOK"] = "publishes none",
        ["SkillsVideo"] = "publishes none that could be had",
        ["WellAPI"] = "publishes none",
    };

    private static readonly Contract[] Contracts =
    [
        new("OpenAI", "openai-images")
        {
            Exemptions =
            [
                new("/images/", "quality", "enum", "the models of gpt-image-2.5 (2026-09) came after the document (2026-08) and have two more qualities", "xhigh", "max"),
            ],
        },
        new("BFL", "bfl")
        {
            Exemptions =
            [
                new("/v1/flux-2-", "disable_pup", "unknown", "in the live document since 2026-08; ours is of April"),
                new("/v1/flux-tools/", string.Empty, "path", "these routes are in the live document of 2026-08-13; ours is of April"),
            ],
        },
        new("Replicate", "replicate"),
        new("OpenRouter", "openrouter-images"),
        // Of the two kinds of servers one has a document; A1111 describes itself only where it runs.
        new("StableDiffusion", "comfyui")
        {
            Prepare = spine =>
            {
                spine.Variables[OwnServers.Variable] = spine.Vendors.ComfyUI.BaseUrl;
                (spine.Vendors.ComfyUI.HasIPAdapter, spine.Vendors.ComfyUI.Flux) = (true, 2);
            },
            Exemptions =
            [
                new("/sdapi/", string.Empty, "path", "asks whether it is the other kind of server"),
                new("/controlnet/", string.Empty, "path", "asks whether it is the other kind of server"),
                new("/internal/ping", string.Empty, "path", "asks whether it is the other kind of server"),
            ],
        },
    ];

    private static InputFile Sample => new(SamplePictures.Source, "image/png", new FileInfo(SamplePictures.Source).Length, "image.png");

    public static TheoryData<string> Documented() => [.. Contracts.Select(c => c.Provider).Where(p => ProviderRegistry.BuiltIn.Find(p) is not null)];

    [Fact]
    public void Every_vendor_is_held_against_its_document_or_has_none() =>
        Assert.Equal(ProviderRegistry.BuiltIn.Providers.Select(p => p.Profile.Id).Order(), Contracts.Select(c => c.Provider).Concat(Undocumented.Keys).Order());

    [Theory]
    [MemberData(nameof(Documented))]
    public async Task Every_message_is_one_that_the_vendor_documents(string id)
    {
        Provider provider = ProviderRegistry.BuiltIn.Get(id);
        Contract contract = Contracts.Single(c => c.Provider == id);
        ApiDocument document = ApiDocument.Load(contract.Document);
        HashSet<Exemption> used = [];
        List<string> wrong = [];
        async Task CheckAsync(VendorRequest message, IReadOnlyList<InputFile> files, string asked)
        {
            Uri url = Contract.UrlOf(provider, message.Address);
            foreach (Violation violation in await document.CheckAsync(message.Method, url, message.Body, files))
            {
                if (contract.Exemptions.FirstOrDefault(e => e.Covers(document.PathOf(url), violation)) is { } exemption)
                    used.Add(exemption);
                else
                    wrong.Add($"{violation} at {message.Address}, {asked}");
            }
        }

        int orders = 0;
        IReadOnlyList<ModelRow> rows = await RowsAsync(provider, contract);
        foreach (ModelRow row in rows)
        {
            HashSet<string> sent = [];
            foreach (ImageOperation operation in Enum.GetValues<ImageOperation>().Where(row.Can))
            {
                int before = orders;
                foreach ((RequestDraft draft, ProviderCall call) in Combinations.Of(provider, row, operation))
                {
                    orders++;
                    sent.UnionWith(call.Options.Select(o => o.Key));
                    await CheckAsync(provider.Submit(call), FilesOf(call), $"{row.Id}, {operation}, asked with {draft} {draft.ProviderOptions?.ToJsonString()}");
                }

                Assert.True(orders > before, $"{row.Id} never does {operation}.");
            }

            // All that can be set was.
            Assert.Equal(row.Options.Where(o => !o.Value.WordsOnly || row.Can(ImageOperation.Generate)).Select(o => o.Key).Order(), sent.Order());
        }

        foreach (VendorRequest message in OtherMessages(provider, rows[0]))
            await CheckAsync(message, [Sample], "beside orders");

        output.WriteLine($"{id}: {rows.Count} models, {orders} orders held against {contract.Document}.json: {wrong.Count} differences, {used.Count} of them known.");
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong.DistinctBy(w => w.Split(", asked", 2)[0]).Take(40)));
        // A reason that holds for nothing any more goes.
        Assert.Equal(contract.Exemptions, contract.Exemptions.Where(used.Contains));
    }

    [Theory]
    [InlineData("openai-images", "/images/generations", """{"prompt":"a","n":1,"size":"1024x1024","quality":"low","output_format":"png","background":"auto"}""")]
    [InlineData("openai-images", "/images/generations", """{"n":1}""", "prompt required")]
    [InlineData("openai-images", "/images/generations", """{"prompt":7}""", "prompt type")]
    [InlineData("openai-images", "/images/generations", """{"prompt":"a","n":0}""", "n minimum")]
    [InlineData("openai-images", "/images/generations", """{"prompt":"a","n":11}""", "n maximum")]
    [InlineData("openai-images", "/images/generations", """{"prompt":"a","n":1.5}""", "n type")]
    [InlineData("openai-images", "/images/generations", """{"prompt":"a","n":"1"}""", "n type")]
    [InlineData("openai-images", "/images/generations", """{"prompt":"a","n":null}""")]
    [InlineData("openai-images", "/images/generations", """{"prompt":"a","quality":"best"}""", "quality enum")]
    [InlineData("openai-images", "/images/generations", """{"prompt":"a","seed":1}""", "seed unknown")]
    [InlineData("openai-images", "/images/generations", """{"prompt":"a","partial_images":4}""", "partial_images maximum")]
    [InlineData("openai-images", "/images/edits", """{"prompt":"","images":[]}""", "images minItems", "prompt minLength")]
    [InlineData("openai-images", "/images/edits", """{"prompt":"a","images":[{"url":"x"}]}""", "images[0].image_url required", "images[0].url unknown")]
    [InlineData("openai-images", "/images/edits", """{"prompt":"a","images":[{"image_url":"x","file_id":"y"}]}""", "images[0] not")]
    [InlineData("openai-images", "/image/generations", """{"prompt":"a"}""", " path")]
    [InlineData("openai-images", "/images/variations", """{"prompt":"a"}""", " media")]
    [InlineData("bfl", "/v1/flux-dev", """{"prompt":"a","width":1000,"height":256,"seed":null}""", "width multipleOf")]
    [InlineData("bfl", "/v1/flux-2-pro", """{"prompt":"a","width":32}""", "width minimum")]
    [InlineData("bfl", "/v1/flux-2-pro", """{"prompt":"a","aspect_ratio":"1:1"}""", "aspect_ratio unknown")]
    [InlineData("bfl", "/v1/flux-2-pro", """{"prompt":"a","output_format":"gif"}""", "output_format enum")]
    [InlineData("bfl", "/v1/flux-2-klein-4b", """{"prompt":"a","input_image_5":"AAAA"}""", "input_image_5 unknown")]
    [InlineData("bfl", "/v1/flux-2-pro", """{"prompt":"a","webhook_url":""}""", "webhook_url minLength")]
    [InlineData("replicate", "/models/a/b/predictions", """{"prompt":"a"}""", "input required", "prompt unknown")]
    [InlineData("replicate", "/models/a/b/predictions", """{"input":{"anything":1}}""")]
    [InlineData("replicate", "/predictions", """{"input":{}}""", "version required")]
    [InlineData("openrouter-images", "/images", """{"model":"a/b","prompt":"a","input_references":[{"type":"image_url","image_url":"x"}]}""", "input_references[0].image_url type")]
    [InlineData("openrouter-images", "/images", """{"model":"a/b","prompt":"a","aspect_ratio":"7:5"}""", "aspect_ratio enum")]
    [InlineData("openrouter-images", "/chat/completions", """{"model":"a/b","messages":[{"role":"user","content":[{"type":"text","text":"a"}]}],"modalities":["image"]}""")]
    [InlineData("openrouter-images", "/chat/completions", """{"model":"a/b","messages":[{"role":"user","content":[{"type":"text","words":"a"}]}],"modalities":["image"]}""", "messages[0].content[0].text required", "messages[0].content[0].words unknown")]
    [InlineData("openrouter-images", "/chat/completions", """{"model":"a/b","messages":[{"role":"user","content":"a"}],"modalities":["picture"]}""", "modalities[0] enum")]
    public async Task A_wrong_body_is_found(string name, string path, string body, params string[] expected)
    {
        ApiDocument document = ApiDocument.Load(name);

        IReadOnlyList<Violation> found = await document.CheckAsync(HttpMethod.Post, ServerOf(name, path), new RequestBody.Json(JsonNode.Parse(body)!), []);

        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Select(v => $"{v.At} {v.Rule}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_wrong_form_is_found()
    {
        ApiDocument document = ApiDocument.Load("openai-images");
        async Task<string> CheckAsync(params BodyPart[] parts) =>
            string.Join(", ", (await document.CheckAsync(HttpMethod.Post, ServerOf("openai-images", "/images/edits"), new RequestBody.Multipart(parts), [Sample])).Select(v => $"{v.At} {v.Rule}"));
        BodyPart prompt = BodyPart.Text("prompt", "7"), image = BodyPart.File("image", 0);

        Assert.Equal(string.Empty, await CheckAsync(prompt, image, BodyPart.Text("n", "2"), BodyPart.Text("stream", "true")));
        Assert.Equal(string.Empty, await CheckAsync(prompt, BodyPart.File("image[]", 0), BodyPart.File("image[]", 0)));
        Assert.Equal("image required", await CheckAsync(prompt));
        Assert.Equal("picture unknown", await CheckAsync(prompt, image, BodyPart.File("picture", 0)));
        Assert.Equal("image part", await CheckAsync(prompt, image, image));
        Assert.Equal("image part", await CheckAsync(prompt, BodyPart.Text("image", "AAAA")));
        Assert.Equal("user part", await CheckAsync(prompt, image, BodyPart.File("user", 0)));
        Assert.Equal("n type", await CheckAsync(prompt, image, BodyPart.Text("n", "two")));
        Assert.Equal("n maximum", await CheckAsync(prompt, image, BodyPart.Text("n", "11")));
        Assert.Equal("image maxItems", await CheckAsync([prompt, .. Enumerable.Repeat(BodyPart.File("image[]", 0), 17)]));
    }

    [Fact]
    public void A_document_with_rules_the_check_does_not_know_is_an_error() =>
        Assert.Contains("propertyNames", Assert.Throws<NotSupportedException>(() => new SchemaCheck([]).Check(new JsonObject(), JsonNode.Parse("""{"propertyNames":{}}""")!)).Message, StringComparison.Ordinal);

    private static Uri ServerOf(string document, string path) =>
        Contract.UrlOf(ProviderRegistry.BuiltIn.Get(Contracts.Single(c => c.Document == document).Provider), path.TrimStart('/'));

    // Those of the catalogue, and those the vendor tells of where it does.
    private static async Task<IReadOnlyList<ModelRow>> RowsAsync(Provider provider, Contract contract)
    {
        await using Spine spine = await Spine.StartAsync();
        contract.Prepare(spine);
        using Transport transport = new();
        Endpoint endpoint = new(provider.Profile, spine.Surroundings.BaseUrl(provider.Profile), spine.Surroundings.FindCredential(provider.Profile));
        VendorAnswer?[] answers = await Task.WhenAll(provider.Capabilities.Select(async question =>
            (VendorAnswer?)await transport.ExchangeAsync(endpoint, question, [], null, null, null, CancellationToken.None)));
        IReadOnlyList<ModelRow> told = answers.Length > 0 ? provider.ReadCapabilities(answers, endpoint.BaseUrl) : [];
        // Of a server of the user's own the catalogue has patterns only.
        return provider.Profile.NeedsBaseUrl ? told : [.. provider.Catalogue.Models.Where(m => m.Retired is null), .. told];
    }

    // The questions, the upload and the cancelling to its last message.
    private static IEnumerable<VendorRequest> OtherMessages(Provider provider, ModelRow row)
    {
        List<VendorRequest?> messages = [.. provider.Capabilities, provider.Details(row), provider.Recent(row.Id)];
        bool Has(string message) => provider.GetType().GetMethod(message)!.DeclaringType != typeof(Provider);
        if (Has(nameof(Provider.Upload)))
            messages.Add(provider.Upload(Sample));
        if (provider.GivesTasks)
        {
            TaskHandle handle = new("00000000-0000-4000-8000-000000000001");
            messages.Add(provider.Status(handle));
            if (Has(nameof(Provider.Result)))
                messages.Add(provider.Result(handle));
            VendorAnswer running = Translation.Answer($$"""{"queue_running":[[0,"{{handle.TaskId}}"]]}""", 404);
            for (VendorRequest? cancel = provider.Cancel(handle); cancel is not null; cancel = provider.CancelNext(handle, cancel, running))
                messages.Add(cancel);
        }

        return messages.OfType<VendorRequest>();
    }

    private static InputFile[] FilesOf(ProviderCall call) =>
        [.. call.Inputs.Select(i => i.Image.Path is { } path ? new InputFile(path, "image/" + i.Image.Info!.Format, i.Image.Length, "image." + i.Image.Info.Format) : new InputFile(string.Empty, "image/png", 0, "none"))];

    /// <summary>A vendor and its document.</summary>
    private sealed record Contract(string Provider, string Document)
    {
        /// <summary>What differs, and rightly.</summary>
        public IReadOnlyList<Exemption> Exemptions { get; init; } = [];

        /// <summary>What the vendor is to have when it is asked for its models.</summary>
        public Action<Spine> Prepare { get; init; } = _ => { };

        public static Uri UrlOf(Provider provider, string address) => new($"{provider.Profile.BaseUrl.AbsoluteUri.TrimEnd('/')}/{address}");
    }
}
