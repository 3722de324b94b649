using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.FakeProviders.Images;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.OwnServers;

/// <summary>
/// The web UI of AUTOMATIC1111 with its API. A misspelt field, which the original ignores without a word, is refused here; what else it
/// quietly does otherwise than asked, it does here too.
/// </summary>
public sealed class A1111Vendor : OwnServer
{
    private static readonly (string Title, string Name, string Hash)[] Checkpoints =
    [
        ("v1-5-pruned-emaonly.safetensors [6ce0161689]", "v1-5-pruned-emaonly", "6ce0161689"),
        ("xl/sd_xl_base_1.0.safetensors [31e35c80fc]", "xl_sd_xl_base_1.0", "31e35c80fc"),
        ("flux1-dev-bnb-nf4-v2.safetensors", "flux1-dev-bnb-nf4-v2", ""),
    ];

    internal A1111Vendor()
        : base("a1111DelaySeconds", workSeconds: 0)
    {
        AddSetting("a1111Password", () => WantsPassword ? 1 : 0, value => WantsPassword = value != 0);
        AddSetting("a1111Api", () => HasApi ? 1 : 0, value => HasApi = value != 0);
        AddSetting("a1111ControlNet", () => ControlNet, value => ControlNet = (int)value);
        AddSetting("a1111AiUpscalers", () => HasAiUpscalers ? 1 : 0, value => HasAiUpscalers = value != 0);
        AddSetting("a1111Grid", () => SendsGrid ? 1 : 0, value => SendsGrid = value != 0);
        AddSetting("a1111KeepsModel", () => KeepsModel ? 1 : 0, value => KeepsModel = value != 0);
        AddSetting("a1111BreaksUnits", () => BreaksUnits ? 1 : 0, value => BreaksUnits = value != 0);
    }

    /// <inheritdoc/>
    public override string Name => "A1111";

    /// <inheritdoc/>
    public override string BasePath => "/a1111";

    /// <summary>Started with <c>--api</c>.</summary>
    public bool HasApi { get; set; } = true;

    /// <summary>The ControlNet extension: 0 not there, 1 without models, 2 with IP-Adapter models, 3 as in Forge.</summary>
    public int ControlNet { get; set; }

    /// <summary>Whether there are upscalers beside those that only calculate.</summary>
    public bool HasAiUpscalers { get; set; } = true;

    /// <summary>Several pictures come with a contact sheet before them.</summary>
    public bool SendsGrid { get; set; }

    /// <summary>Another model than the loaded one is quietly not used.</summary>
    public bool KeepsModel { get; set; }

    /// <summary>ControlNet fails inside, which only the server's log tells.</summary>
    public bool BreaksUnits { get; set; }

    internal IReadOnlyList<string> Modules => ControlNet switch
    {
        0 => [],
        3 => ["None", "reference_only", "CLIP-ViT-H (IPAdapter)", "CLIP-ViT-bigG (IPAdapter)"],
        _ => ["none", "canny", "reference_only", "reference_adain", "ip-adapter-auto", "ip-adapter_clip_h", "ip-adapter_clip_g"],
    };

    internal IReadOnlyList<string> Models => ControlNet < 2 ? ["None"] : ["None", "control_v11p_sd15_canny [d14c016b]", "ip-adapter_sd15 [6a3f6166]", "ip-adapter-plus_sd15 [836b5c2e]", "ip-adapter-plus-face_sd15 [7f7a633a]", "ip-adapter_xl [4209e9f7]"];

    internal static IReadOnlyList<string> Samplers { get; } = ["DPM++ 2M", "DPM++ SDE", "Euler a", "Euler", "DDIM"];

    private string[] Upscalers => HasAiUpscalers ? ["None", "Lanczos", "Nearest", "LDSR", "ESRGAN_4x", "R-ESRGAN 4x+", "R-ESRGAN 4x+ Anime6B"] : ["None", "Lanczos", "Nearest"];

    internal override Answer Denied(string? offeredKey) => Detail(401, offeredKey is null ? "Not authenticated" : "Incorrect username or password");

    internal override Answer ErrorFor(int status, string? code = null) => status switch
    {
        404 => Detail(404, "Not Found"),
        405 => Detail(405, "Method Not Allowed"),
        >= 500 => Answer.Json(new JsonObject { ["error"] = code ?? "RuntimeError", ["detail"] = "", ["body"] = "", ["errors"] = code == "OutOfMemoryError" ? "CUDA out of memory. Tried to allocate 2.00 GiB" : "something broke" }, status),
        _ => Detail(status, code ?? "refused"),
    };

    internal override void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder api = routes.MapGroup(BasePath);
        void List(string path, Func<JsonNode> body) => api.MapGet(path, Handle(FaultStage.Query, exchange =>
        {
            // What is outside /sdapi answers without a password.
            if (path.StartsWith("/sdapi", StringComparison.Ordinal))
                CheckApi(exchange);
            exchange.MeetFault(prompt: null);
            return Task.FromResult(Answer.Json(body()));
        }, needsKey: false));

        List("/sdapi/v1/sd-models", () => new JsonArray([.. Checkpoints.Select(c => new JsonObject
        {
            ["title"] = c.Title,
            ["model_name"] = c.Name,
            ["hash"] = c.Hash.Length > 0 ? c.Hash : null,
            ["sha256"] = null,
            ["filename"] = "/models/" + c.Title.Split(" [")[0],
            ["config"] = null,
        })]));
        List("/sdapi/v1/options", () => new JsonObject { ["samples_format"] = "png", ["sd_model_checkpoint"] = Checkpoints[0].Title });
        List("/sdapi/v1/samplers", () => new JsonArray([.. Samplers.Select(s => new JsonObject { ["name"] = s, ["aliases"] = new JsonArray(), ["options"] = new JsonObject() })]));
        List("/sdapi/v1/upscalers", () => new JsonArray([.. Upscalers.Select(u => new JsonObject { ["name"] = u, ["model_name"] = null, ["model_path"] = null, ["model_url"] = null, ["scale"] = 4 })]));
        List("/internal/ping", () => new JsonObject());
        List("/controlnet/model_list", () => ControlNet == 0 ? throw new RefusedException(ErrorFor(404)) : new JsonObject { ["model_list"] = Texts(Models) });
        List("/controlnet/module_list", () => ControlNet == 0 ? throw new RefusedException(ErrorFor(404)) : new JsonObject { ["module_list"] = Texts(Modules) });
        api.MapPost("/sdapi/v1/txt2img", Handle(FaultStage.Submit, exchange => PaintAsync(exchange, fromPicture: false), needsKey: false));
        api.MapPost("/sdapi/v1/img2img", Handle(FaultStage.Submit, exchange => PaintAsync(exchange, fromPicture: true), needsKey: false));
        api.MapPost("/sdapi/v1/extra-single-image", Handle(FaultStage.Submit, EnlargeAsync, needsKey: false));
    }

    internal static RefusedException Refused(int status, string detail) =>
        new(Answer.Json(new JsonObject { ["error"] = "HTTPException", ["detail"] = detail, ["body"] = "", ["errors"] = "" }, status));

    private static Answer Detail(int status, string detail) => Answer.Json(new JsonObject { ["detail"] = detail }, status);

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode?)t)]);

    private void CheckApi(Exchange exchange)
    {
        if (!HasApi)
            throw new RefusedException(ErrorFor(404));
        CheckPassword(exchange);
    }

    private async Task<Answer> PaintAsync(Exchange exchange, bool fromPicture)
    {
        CheckApi(exchange);
        A1111Body body = A1111Body.Read(await exchange.ReadJsonAsync(), exchange.Record, fromPicture, this);
        exchange.MeetFault(body.Prompt);
        exchange.Bill(body.Pictures);
        await Task.Delay(TimeSpan.FromSeconds(WorkSeconds), exchange.Aborted);

        // A model nobody knows is dropped, and the loaded one used.
        (string Title, string Name, string Hash) model = KeepsModel ? Checkpoints[0] : Checkpoints.FirstOrDefault(c => body.Checkpoint is not null && (c.Title == body.Checkpoint || c.Name == body.Checkpoint));
        model = model.Title is null ? Checkpoints[0] : model;
        long seed = body.Seed < 0 ? Random.Shared.NextInt64(1L << 32) : body.Seed;
        long[] seeds = [.. Enumerable.Range(0, body.Pictures).Select(i => seed + i)];
        int made = exchange.IsHitBy(FaultKind.FewerImages) ? body.Pictures - 1 : body.Pictures;
        var images = new JsonArray([.. seeds.Take(made).Select(s => Base64(body.Width, body.Height, $"{model.Name}/{body.Prompt}/{s}"))]);
        bool grid = SendsGrid && body.Pictures > 1;
        if (grid)
            images.Insert(0, Base64(body.Width * 2, body.Height, "grid"));
        for (int unit = 0; unit < (BreaksUnits ? 0 : body.Units); unit++)
            images.Add(Base64(512, 512, $"map {unit}"));
        var info = new JsonObject
        {
            ["prompt"] = body.Prompt,
            ["seed"] = seed,
            ["all_seeds"] = new JsonArray([.. seeds.Select(s => (JsonNode?)s)]),
            ["width"] = body.Width,
            ["height"] = body.Height,
            ["sd_model_name"] = Path.GetFileNameWithoutExtension(model.Title.Split(" [")[0]),
            ["sd_model_hash"] = model.Hash,
            ["index_of_first_image"] = grid ? 1 : 0,
            ["extra_generation_params"] = new JsonObject(Enumerable.Range(0, body.Units).Select(u => KeyValuePair.Create($"ControlNet {u}", (JsonNode?)"Module: reference_only"))),
            ["infotexts"] = new JsonArray([.. seeds.Select(s => (JsonNode?)$"{body.Prompt}\nSteps: {body.Steps}, Seed: {s}")]),
        };
        return Answer.Json(new JsonObject { ["images"] = images, ["parameters"] = body.Echo(), ["info"] = info.ToJsonString() });
    }

    private async Task<Answer> EnlargeAsync(Exchange exchange)
    {
        CheckApi(exchange);
        A1111Fields fields = new(await exchange.ReadJsonAsync(), A1111Fields.Extras);
        if (fields.Integer("resize_mode", 0) is not (0 or 1))
            throw A1111Fields.Invalid("resize_mode", "ensure this value is 0 or 1");
        double factor = fields.Number("upscaling_resize", 2);
        if (factor <= 0)
            throw A1111Fields.Invalid("upscaling_resize", "ensure this value is greater than 0");
        string upscaler = fields.Text("upscaler_1") ?? "None";
        if (!Upscalers.Contains(upscaler))
            throw new RefusedException(ErrorFor(500, "AssertionError"));
        ImageFacts source = A1111Fields.Picture(fields.Text("image") ?? "", exchange.Record, "image");
        exchange.MeetFault(prompt: null);
        exchange.Bill(1);
        double by = upscaler == "None" ? 1 : factor;
        return Answer.Json(new JsonObject { ["html_info"] = "<p></p>", ["image"] = Base64((int)(source.Width * by), (int)(source.Height * by), upscaler) });
    }

    private static JsonValue Base64(int width, int height, string text) => JsonValue.Create(Convert.ToBase64String(TinyImages.Make("png", width, height, text)));
}
