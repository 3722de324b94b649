using System.Text.Json;
using System.Text.Json.Nodes;

namespace PSImageGen.FakeProviders.Vendors.CreatOK;

/// <summary>A picture model as the capabilities show it.</summary>
public sealed record CreatOKModel(string Id, string Label)
{
    /// <summary>Resolutions it makes.</summary>
    public IReadOnlyList<string> Resolutions { get; init; } = ["1K", "2K", "4K"];

    /// <summary>Fewest pictures a task.</summary>
    public int LeastImages { get; init; } = 1;

    /// <summary>Most pictures a task.</summary>
    public int MostImages { get; init; } = 4;

    /// <summary>Ratios it makes; null leaves them out of the capabilities, and any is taken.</summary>
    public IReadOnlyList<string>? AspectRatios { get; init; } = ["1:1", "16:9", "9:16"];

    /// <summary>Most reference pictures.</summary>
    public int MostReferences { get; init; } = 5;

    /// <summary>The resolution of somebody who has none in mind.</summary>
    public string DefaultResolution { get; init; } = "2K";

    /// <summary>The number of somebody who has none in mind.</summary>
    public int DefaultImages { get; init; } = 1;

    /// <summary>Credits a picture by resolution; null leaves them out of the capabilities.</summary>
    public IReadOnlyDictionary<string, double>? Credits { get; init; }

    /// <summary>The fact sheet's sample data.</summary>
    public static IReadOnlyList<CreatOKModel> Sample { get; } =
    [
        new("seedream-5.0-lite", "Seedream 5.0 Lite") { Resolutions = ["2K", "4K"], Credits = Prices(("2K", 1), ("4K", 1)) },
        new("nano-banana-pro", "Nano Banana Pro") { Credits = Prices(("1K", 1), ("2K", 2), ("4K", 3)) },
        new("nano-banana-2", "Nano Banana 2") { Credits = Prices(("1K", 1), ("2K", 1), ("4K", 2)) },
        new("gpt-image-2", "GPT Image 2") { Credits = Prices(("1K", 1), ("2K", 1), ("4K", 1)) },
    ];

    /// <summary>Reads an entry of <c>models</c>; throws <see cref="ArgumentException"/> where a rule of the fact sheet is broken.</summary>
    internal static CreatOKModel Read(JsonNode? entry)
    {
        try
        {
            JsonNode limits = entry!["limits"]!, defaults = entry["defaults"]!;
            return new CreatOKModel((string)entry["id"]!, (string)entry["label"]!)
            {
                Resolutions = Texts(limits["resolutions"]!),
                LeastImages = (int)limits["n"]!["min"]!,
                MostImages = (int)limits["n"]!["max"]!,
                AspectRatios = limits["aspect_ratios"] is { } ratios ? Texts(ratios) : null,
                MostReferences = (int)limits["max_reference_images"]!,
                DefaultResolution = (string)defaults["resolution"]!,
                DefaultImages = (int)defaults["n"]!,
                Credits = entry["pricing"]?["by_resolution"]?.AsObject().ToDictionary(pair => pair.Key, pair => (double)pair.Value!),
            };
        }
        catch (Exception exception) when (exception is NullReferenceException or InvalidOperationException or FormatException or JsonException)
        {
            throw new ArgumentException($"Not a model of the capabilities: {entry?.ToJsonString()}", nameof(entry), exception);
        }
    }

    internal JsonObject ToJson()
    {
        var limits = new JsonObject
        {
            ["resolutions"] = Array(Resolutions),
            ["n"] = new JsonObject { ["min"] = LeastImages, ["max"] = MostImages },
        };
        if (AspectRatios is not null)
            limits["aspect_ratios"] = Array(AspectRatios);
        limits["max_reference_images"] = MostReferences;
        var model = new JsonObject
        {
            ["id"] = Id,
            ["label"] = Label,
            ["defaults"] = new JsonObject { ["resolution"] = DefaultResolution, ["n"] = DefaultImages },
            ["limits"] = limits,
        };
        if (Credits is not null)
        {
            model["pricing"] = new JsonObject
            {
                ["currency"] = "credits",
                ["unit"] = "image",
                ["by_resolution"] = new JsonObject(Credits.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
            };
        }

        return model;
    }

    private static Dictionary<string, double> Prices(params (string Resolution, double Credits)[] prices) =>
        prices.ToDictionary(price => price.Resolution, price => price.Credits);

    private static JsonArray Array(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);

    private static string[] Texts(JsonNode list) => [.. list.AsArray().Select(text => (string)text!)];
}
