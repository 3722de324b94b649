using System.Text.Json.Nodes;

namespace PSImageGen.Core.Providers.StableDiffusion;

/// <summary>What a server tells of itself: the free questions that either kind answers, and their answers.</summary>
internal sealed class ServerFacts
{
    private static readonly string[] Addresses =
    [
        "system_stats", "sdapi/v1/sd-models", "sdapi/v1/options", "sdapi/v1/upscalers", "sdapi/v1/samplers", "controlnet/model_list", "controlnet/module_list", "internal/ping",
        .. new[] { "CheckpointLoaderSimple", "KSampler", "UpscaleModelLoader", "IPAdapterUnifiedLoader", "UNETLoader", "DualCLIPLoader", "VAELoader", "StyleModelLoader", "CLIPVisionLoader" }
            .Select(node => "object_info/" + node),
    ];

    private readonly Dictionary<string, VendorAnswer> _answers;

    /// <summary>Takes the answers in the order of the questions.</summary>
    public ServerFacts(IReadOnlyList<VendorAnswer?> answers)
    {
        _answers = Addresses.Zip(answers).Where(a => a.Second is not null).ToDictionary(a => a.First, a => a.Second!);
    }

    /// <summary>All are asked at once.</summary>
    public static IReadOnlyList<VendorRequest> Questions { get; } = [.. Addresses.Select(VendorRequest.Get)];

    /// <summary>Whether any answer came.</summary>
    public bool IsThere => _answers.Count > 0;

    /// <summary>ComfyUI of any age.</summary>
    public bool IsComfyUI => Json("system_stats") is JsonObject stats && stats.ContainsKey("system") && stats.ContainsKey("devices");

    /// <summary>A1111, Forge or SD.Next, with its API on.</summary>
    public bool IsA1111 => Json("sdapi/v1/sd-models") is JsonArray;

    /// <summary>Whether it wants a password, or another one.</summary>
    public bool WantsPassword => _answers.Values.Any(a => a.Status == 401);

    /// <summary>A1111 or Forge started without <c>--api</c>: its page is there, its API is not.</summary>
    public bool LacksApi => Json("internal/ping") is not null && _answers.GetValueOrDefault("sdapi/v1/sd-models") is { Status: 404, Json: JsonObject };

    /// <summary>A 2xx answer.</summary>
    public JsonNode? Json(string address) => _answers.GetValueOrDefault(address) is { Status: >= 200 and < 300 } answer ? answer.Json : null;

    /// <summary>The texts of a list under a name, or those under a name in the objects of a list.</summary>
    public IReadOnlyList<string> Names(string address, string name) => Json(address) switch
    {
        JsonArray items => [.. items.Select(i => Loose.Text(i, name)).OfType<string>()],
        JsonObject body => Loose.Texts(body[name]) ?? [],
        _ => [],
    };

    /// <summary>The choices of a node's input, in either form (<c>[["a","b"],{}]</c> or <c>["COMBO",{"options":["a","b"]}]</c>); empty where the node or the input is not there.</summary>
    public IReadOnlyList<string> Choices(string node, string input)
    {
        JsonNode? required = Loose.Node(Loose.Node(Loose.Node(Json("object_info/" + node), node), "input"), "required");
        return Loose.Node(required, input) is not JsonArray rule ? []
            : Loose.Texts(rule.ElementAtOrDefault(0)) ?? Loose.Texts(Loose.Node(rule.ElementAtOrDefault(1), "options")) ?? [];
    }
}
