using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Requests;

namespace PSImageGen.Core.Providers.OpenRouter;

/// <summary>Rows of the catalogue from what OpenRouter tells of its models: <c>GET /images/models</c> and <c>GET /models?output_modalities=image</c>.</summary>
internal static partial class OpenRouterModels
{
    /// <summary>The key of a row's <c>fields</c> that makes it a chat model: what its answers hold, <c>image,text</c> or <c>image</c>.</summary>
    public const string Modalities = "modalities";

    // The most that input_references may hold; of chats nothing is stated.
    private const int MostInputs = 16;

    /// <summary>A model of the Image API; null where the entry makes no sense, or the model draws vectors only.</summary>
    public static ModelRow? OfImageList(JsonObject item, ModelRow like, Catalogue catalogue, string? date)
    {
        if (Slug(item) is not { } id || Loose.Node(item, "supported_parameters") is not JsonObject can)
            return null;
        IReadOnlyList<string> formats = Values(can, "output_format");
        ImageFormat[] raster = [.. formats.Select(AsFormat).OfType<ImageFormat>()];
        if (formats.Count > 0 && raster.Length == 0)
            return null;
        int inputs = Loose.Node(can, "input_references") is { } references ? (int)Math.Clamp(Loose.Number(references, "max") ?? MostInputs, 0, MostInputs) : 0;
        return Row(id, like, catalogue.Find(id), inputs, date) with
        {
            MaxPerCall = (int)Math.Clamp(Loose.Number(Loose.Node(can, "n"), "max") ?? 1, 1, 10),
            Sizes = SizesOf(can),
            Qualities = Values(can, "quality"),
            Formats = raster,
            // Unasked, a model that can draw vectors may send one.
            DefaultFormat = raster.Length < formats.Count ? raster[0] : null,
            Backgrounds = [.. Values(can, "background").Select(AsBackground).OfType<ImageBackground>()],
            Seed = can["seed"] is JsonObject,
            Options = can["output_compression"] is JsonObject ? like.Options : like.Options.Where(o => o.Key != "output_compression").ToDictionary(),
        };
    }

    /// <summary>A model that answers in a chat; null where the entry makes no sense.</summary>
    public static ModelRow? OfChatList(JsonObject item, ModelRow like, Catalogue catalogue, string? date)
    {
        JsonNode? architecture = Loose.Node(item, "architecture");
        IReadOnlyList<string> output = Loose.Texts(Loose.Node(architecture, "output_modalities")) ?? [];
        if (Slug(item) is not { } id || !output.Contains("image"))
            return null;
        bool sees = Loose.Texts(Loose.Node(architecture, "input_modalities"))?.Contains("image") ?? false;
        ModelRow? known = catalogue.Find(id);
        return Row(id, like, known, sees ? MostInputs : 0, date) with
        {
            Sizes = known?.Sizes ?? like.Sizes,
            Seed = Loose.Texts(Loose.Node(item, "supported_parameters"))?.Contains("seed") ?? false,
            Fields = new Dictionary<string, string> { [Modalities] = output.Contains("text") ? "image,text" : "image" },
            Price = OpenRouterPrices.OfChat(Loose.Node(item, "pricing")),
        };
    }

    private static ModelRow Row(string id, ModelRow like, ModelRow? known, int inputs, string? date) => like with
    {
        Id = id,
        Aliases = [],
        Operations = inputs > 0 ? [ImageOperation.Generate, ImageOperation.Img2Img] : [ImageOperation.Generate],
        Emulates = like.Emulates.Where(e => inputs >= (e.Key == nameof(ImageOperation.Style) ? 2 : 1)).ToDictionary(),
        BestFor = known?.BestFor,
        FirstFor = known?.FirstFor ?? [],
        AlsoFor = known?.AlsoFor ?? [],
        OnlyNamedFor = known?.OnlyNamedFor ?? [],
        MaxReferences = inputs,
        MaxInputs = inputs,
        Identity = inputs > 0,
        Price = null,
        Source = "OpenRouter's list of models",
        Date = date,
    };

    private static SizeRule? SizesOf(JsonObject can)
    {
        IReadOnlyList<string> classes = Values(can, "resolution"), ratios = Values(can, "aspect_ratio");
        string[] shapes = [.. ratios.Where(r => AspectRatio.TryParse(r, out _))];
        string[] exact = [.. Values(can, "size").Where(s => ImageSize.TryParse(s, out _))];
        if (classes.Count == 0 && ratios.Count == 0)
            return exact.Length == 0 ? null : new SizeRule { List = exact };
        return new SizeRule
        {
            Resolutions = classes,
            // Some are no whole numbers (9:19.5). Where none is told nothing is said, and a square is expected.
            Ratios = shapes.Length > 0 ? shapes : ["1:1"],
            // For pictures that go in.
            MatchInput = ratios.Contains("auto") ? "auto" : shapes.Length > 0 ? null : string.Empty,
            Default = !classes.Contains("2K") && classes.Contains("1K") ? "1K" : null,
        };
    }

    private static string? Slug(JsonObject item) => Loose.Text(item, "id") is { } id && SlugForm().IsMatch(id) ? id : null;

    private static IReadOnlyList<string> Values(JsonObject can, string name) => Loose.Texts(Loose.Node(Loose.Node(can, name), "values")) ?? [];

    private static ImageFormat? AsFormat(string word) => word switch { "png" => ImageFormat.Png, "jpeg" => ImageFormat.Jpeg, "webp" => ImageFormat.Webp, _ => null };

    private static ImageBackground? AsBackground(string word) => word switch { "transparent" => ImageBackground.Transparent, "opaque" => ImageBackground.Opaque, _ => null };

    [GeneratedRegex(@"\A[A-Za-z0-9~][A-Za-z0-9._~-]*/[A-Za-z0-9][A-Za-z0-9._:~-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex SlugForm();
}
