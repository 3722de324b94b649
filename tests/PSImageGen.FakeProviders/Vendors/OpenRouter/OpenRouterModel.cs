using System.Text.Json.Nodes;

namespace PSImageGen.FakeProviders.Vendors.OpenRouter;

/// <summary>A model, what it can be asked for, and who serves it at what price.</summary>
/// <param name="Id">Its slug.</param>
/// <param name="Can"><c>supported_parameters</c> of the Image API as JSON; null for a model of the chat surface alone.</param>
/// <param name="Cost">What a picture is charged at in the end.</param>
internal sealed record OpenRouterModel(string Id, string? Can, decimal Cost)
{
    private const string Ratios = """{"type":"enum","values":["1:1","2:3","3:2","3:4","4:3","9:16","16:9","9:19.5","21:9"]}""";
    private const string AutoRatios = """{"type":"enum","values":["auto","1:1","2:3","3:2","9:16","16:9"]}""";

    /// <summary>The lines of <c>pricing</c> of each endpoint.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];

    /// <summary>What its answers hold.</summary>
    public IReadOnlyList<string> Output { get; init; } = ["image"];

    public bool Sees { get; init; } = true;

    /// <summary>The prices of the other list, as texts.</summary>
    public string Pricing { get; init; } = """{"prompt":"0","completion":"0"}""";

    public JsonObject? Parameters => Can is null ? null : (JsonObject)JsonNode.Parse(Can)!;

    public static IReadOnlyList<OpenRouterModel> Sample { get; } =
    [
        new("openai/gpt-image-2", $$$"""{"n":{"type":"range","min":1,"max":10},"input_references":{"type":"range","min":0,"max":16},"aspect_ratio":{{{AutoRatios}}},"quality":{"type":"enum","values":["auto","low","medium","high"]},"output_format":{"type":"enum","values":["png","jpeg","webp"]},"background":{"type":"enum","values":["auto","transparent","opaque"]},"output_compression":{"type":"range","min":0,"max":100}}""", 0.0325m)
        {
            Endpoints = ["""[{"billable":"output_image","unit":"token","cost_usd":0.00003},{"billable":"input_text","unit":"token","cost_usd":0.000005}]"""],
        },
        new("google/gemini-3.1-flash-image", $$$"""{"resolution":{"type":"enum","values":["512","1K","2K","4K"]},"aspect_ratio":{{{Ratios}}},"input_references":{"type":"range","min":0,"max":14}}""", 0.067m)
        {
            Output = ["image", "text"],
            Endpoints = ["""[{"billable":"output_image","unit":"token","cost_usd":0.00006}]"""],
            Pricing = """{"prompt":"0.0000005","completion":"0.000003","image_output":"0.00006"}""",
        },
        new("bytedance-seed/seedream-4.5", $$$"""{"resolution":{"type":"enum","values":["1K","2K","4K"]},"aspect_ratio":{{{Ratios}}},"input_references":{"type":"range","min":0,"max":10},"seed":{"type":"boolean"}}""", 0.04m)
        {
            Endpoints = ["""[{"billable":"output_image","unit":"image","cost_usd":0.04}]""", """[{"billable":"output_image","unit":"image","cost_usd":0.05},{"billable":"input_font","unit":"image","cost_usd":0.03}]"""],
        },
        new("bytedance-seed/seedream-5-0-lite", $$$"""{"n":{"type":"range","min":1,"max":4},"resolution":{"type":"enum","values":["2K","4K"]},"aspect_ratio":{{{Ratios}}},"input_references":{"type":"range","min":0,"max":14}}""", 0.035m)
        {
            Endpoints = ["""[{"billable":"output_image","unit":"image","cost_usd":0.035,"variant":"2K"},{"billable":"output_image","unit":"image","cost_usd":0.07,"variant":"4K"},{"billable":"input_reference","unit":"image","cost_usd":0.003}]"""],
        },
        new("black-forest-labs/flux.2-klein-4b", $$$"""{"resolution":{"type":"enum","values":["1K","2K"]},"aspect_ratio":{{{Ratios}}},"input_references":{"type":"range","min":0,"max":4},"seed":{"type":"boolean"}}""", 0.0147m)
        {
            Endpoints = ["""[{"billable":"output_image","unit":"megapixel","cost_usd":0.014},{"billable":"input_image","unit":"megapixel","cost_usd":0.001}]"""],
        },
        new("quiver/arrow-1", """{"output_format":{"type":"enum","values":["svg"]}}""", 0.1m) { Sees = false },
        new("recraft/recraft-v5", """{"output_format":{"type":"enum","values":["svg","png","webp"]},"resolution":{"type":"enum","values":["1K"]},"n":{"type":"range","min":1,"max":6}}""", 0.04m)
        {
            Sees = false,
            Endpoints = ["""[{"billable":"output_image","unit":"image","cost_usd":0.04}]""", """[{"billable":"output_image","unit":"token","cost_usd":0.00001}]"""],
        },
        new("google/gemini-2.5-flash-image", Can: null, 0.0387m)
        {
            Output = ["image", "text"],
            Pricing = """{"prompt":"0.0000003","completion":"0.0000025","image":"0.0000003","image_output":"0.00003"}""",
        },
        new("sourceful/riverflow-v2", Can: null, 0.03m) { Pricing = """{"prompt":"0","completion":"0","image_output":"0.03","image":"0.002"}""" },
        new("sourceful/riverflow-v2-words", Can: null, 0.03m) { Sees = false, Pricing = """{"prompt":"0","completion":"0","image_output":"0.0000072"}""" },
    ];

    /// <summary>The entry of <c>/images/models</c>.</summary>
    public JsonObject ImageItem() => new()
    {
        ["id"] = Id,
        ["name"] = Id,
        ["description"] = "A model of the fake.",
        ["created"] = 1_780_000_000,
        ["architecture"] = new JsonObject { ["input_modalities"] = Input(), ["output_modalities"] = new JsonArray("image") },
        ["supported_parameters"] = Parameters,
        ["supports_streaming"] = Id.StartsWith("openai/", StringComparison.Ordinal),
        ["endpoints"] = $"/api/v1/images/models/{Id}/endpoints",
    };

    /// <summary>The answer about its endpoints.</summary>
    public JsonObject EndpointList() => new()
    {
        ["id"] = Id,
        ["endpoints"] = new JsonArray([.. Endpoints.Select((lines, i) => (JsonNode?)new JsonObject
        {
            ["provider_name"] = $"Server {i}",
            ["provider_slug"] = $"server-{i}",
            ["provider_tag"] = $"server-{i}",
            ["supported_parameters"] = Parameters,
            ["allowed_passthrough_parameters"] = new JsonArray(),
            ["supports_streaming"] = false,
            ["pricing"] = JsonNode.Parse(lines),
        })]),
    };

    /// <summary>The entry of <c>/models</c>.</summary>
    public JsonObject ListItem() => new()
    {
        ["id"] = Id,
        ["canonical_slug"] = Id,
        ["name"] = Id,
        ["created"] = 1_780_000_000,
        ["architecture"] = new JsonObject { ["modality"] = null, ["input_modalities"] = Input(), ["output_modalities"] = new JsonArray([.. Output.Select(o => (JsonNode?)o)]) },
        ["pricing"] = JsonNode.Parse(Pricing),
        ["supported_parameters"] = new JsonArray("max_tokens", "seed"),
        ["context_length"] = 32_768,
    };

    private JsonArray Input() => Sees ? ["text", "image"] : ["text"];
}
