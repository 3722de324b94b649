using System.Text.Json.Nodes;

namespace PSImageGen.FakeProviders.Vendors.CreatOK;

/// <summary>What the account can do.</summary>
internal static class CreatOKCapabilities
{
    /// <summary>Entries of <c>models</c> that break one rule each.</summary>
    private static readonly string[] Broken =
    [
        """{"id":"broken-no-limits","label":"Broken","defaults":{"resolution":"2K","n":1}}""",
        """{"id":"broken-text-n","label":"Broken","defaults":{"resolution":"2K","n":1},"limits":{"resolutions":["2K"],"n":{"min":"1","max":"4"},"max_reference_images":5}}""",
        """{"id":"broken-no-resolutions","label":"Broken","defaults":{"resolution":"2K","n":1},"limits":{"resolutions":[],"n":{"min":1,"max":4},"max_reference_images":5}}""",
        """{"id":"","label":"Broken","defaults":{"resolution":"2K","n":1},"limits":{"resolutions":["2K"],"n":{"min":1,"max":4},"max_reference_images":5}}""",
        """{"id":"broken-dollars","label":"Broken","defaults":{"resolution":"2K","n":1},"limits":{"resolutions":["2K"],"n":{"min":1,"max":4},"max_reference_images":5},"pricing":{"currency":"usd","unit":"image","by_resolution":{"2K":0.01}}}""",
        "\"broken-text\"",
        "null",
    ];

    public static int MostBroken => Broken.Length;

    public static JsonObject ToJson(IEnumerable<CreatOKModel> models, string defaultModel, int broken) => new()
    {
        ["capabilities"] = new JsonObject
        {
            ["image"] = new JsonObject
            {
                ["default_model"] = defaultModel,
                ["models"] = new JsonArray(
                [
                    .. Broken.Take(broken).Select(entry => JsonNode.Parse(entry)),
                    .. models.Select(model => model.ToJson()),
                ]),
            },
            ["video"] = new JsonObject { ["default_model"] = "seedance-2", ["models"] = new JsonArray() },
        },
    };
}
