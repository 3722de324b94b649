using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Images;
using PSImageGen.FakeProviders.Inputs;
using PSImageGen.FakeProviders.Log;

namespace PSImageGen.FakeProviders.Vendors.OpenRouter;

/// <summary>A request found to be in order, of either surface.</summary>
internal sealed record OpenRouterOrder(OpenRouterModel Model, string Prompt, int Count, int Width, int Height, string Format, bool Transparent, int Inputs)
{
    private const int MostReferences = 16;

    private static readonly string[] ImageFields =
        ["model", "prompt", "n", "resolution", "aspect_ratio", "size", "quality", "output_format", "output_compression", "background", "seed", "stream", "input_references", "provider"];

    private static readonly string[] ChatFields = ["model", "messages", "modalities", "image_config", "seed", "stream", "models", "user", "session_id", "provider"];

    private static readonly string[] ImageRouting = ["only", "order", "ignore", "sort", "allow_fallbacks", "options"];

    private static readonly string[] ChatRouting =
        ["order", "only", "ignore", "allow_fallbacks", "require_parameters", "data_collection", "zdr", "sort", "max_price", "quantizations"];

    private static readonly string[] Ratios =
        ["1:1", "1:2", "1:4", "1:8", "2:1", "2:3", "3:2", "3:4", "4:1", "4:3", "4:5", "5:4", "8:1", "9:16", "16:9", "9:19.5", "19.5:9", "9:20", "20:9", "9:21", "21:9", "auto"];

    /// <summary>Reads the fields of <c>/images</c>.</summary>
    public static OpenRouterOrder OfImages(JsonElement root, IReadOnlyList<OpenRouterModel> models, RequestRecord record)
    {
        RefuseOthers(root, ImageFields, "");
        string id = Text(root, "model") ?? throw OpenRouterErrors.Invalid("model: Required");
        string prompt = Text(root, "prompt") is { Length: > 0 } words ? words : throw OpenRouterErrors.Invalid("prompt: Required", "invalid_prompt");
        OpenRouterModel model = Find(models, id);
        JsonObject can = model.Parameters ?? throw OpenRouterErrors.Unavailable("wrong_endpoint", $"{id} is not served by the Image API.");
        CheckRouting(root, ImageRouting);

        int count = Integer(root, "n", 1, 10) ?? 1;
        if (count > ((int?)can["n"]?["max"] ?? 1))
            throw OpenRouterErrors.Invalid($"{id} makes fewer than {count} images.");
        string? resolution = Choice(root, "resolution", ["512", "1K", "2K", "4K"]), ratio = Choice(root, "aspect_ratio", Ratios);
        string? format = Choice(root, "output_format", ["png", "jpeg", "webp", "svg"]), background = Choice(root, "background", ["auto", "transparent", "opaque"]);
        // Which of a field's words a model takes it tells itself; shapes alone are brought to the nearest.
        foreach ((string name, string? value) in new[] { ("resolution", resolution), ("output_format", format), ("background", background), ("quality", Text(root, "quality")) })
        {
            if (value is not null && (can[name]?["values"] as JsonArray)?.Any(v => (string?)v == value) != true)
                throw OpenRouterErrors.Invalid($"{name}: {id} does not take {value}.");
        }

        foreach (string name in (string[])["aspect_ratio", "seed", "output_compression"])
        {
            if (root.TryGetProperty(name, out _) && can[name] is null)
                throw OpenRouterErrors.Invalid($"{name}: {id} does not take it.");
        }

        Integer(root, "output_compression", 0, 100);
        Integer(root, "seed", int.MinValue, int.MaxValue);
        if (root.TryGetProperty("size", out _))
            throw OpenRouterErrors.Invalid($"size: {id} does not take it.");
        if (background == "transparent" && format == "jpeg")
            throw OpenRouterErrors.Invalid("background: transparent requires png or webp.");
        List<ImageFacts> inputs = root.TryGetProperty("input_references", out JsonElement list) ? [.. Items(list, "input_references").Select(part => Picture(part, record, "input_references"))] : [];
        if (inputs.Count > MostReferences || inputs.Count > ((int?)can["input_references"]?["max"] ?? 0))
            throw OpenRouterErrors.Invalid($"input_references: {id} takes fewer than {inputs.Count}.");

        (int width, int height) = SizeOf(ratio, resolution, inputs);
        return new OpenRouterOrder(model, prompt, count, width, height, format is null or "svg" ? "png" : format, background == "transparent", inputs.Count);
    }

    /// <summary>Reads the fields of <c>/chat/completions</c>.</summary>
    public static OpenRouterOrder OfChat(JsonElement root, IReadOnlyList<OpenRouterModel> models, RequestRecord record)
    {
        RefuseOthers(root, ChatFields, "");
        OpenRouterModel model = Find(models, Text(root, "model") ?? throw OpenRouterErrors.Invalid("model: Required"));
        CheckRouting(root, ChatRouting);
        if (!root.TryGetProperty("messages", out JsonElement messages) || messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() != 1)
            throw OpenRouterErrors.Invalid("messages: the fake takes one.");
        JsonElement message = messages[0];
        RefuseOthers(message, ["role", "content"], "messages.0.");
        if (Text(message, "role") != "user" || !message.TryGetProperty("content", out JsonElement content))
            throw OpenRouterErrors.Invalid("messages.0: a user's with content is expected.");
        string[] modalities = root.TryGetProperty("modalities", out JsonElement asked) ? [.. Items(asked, "modalities").Select(m => m.GetString()!)] : ["text"];
        if (!modalities.Contains("image"))
            throw OpenRouterErrors.Invalid("modalities: without image no image is made.");
        if (modalities.Except(model.Output).Any())
            throw OpenRouterErrors.Unavailable("no_endpoints", $"No endpoints found that support the requested output modalities: {string.Join(", ", modalities)}");

        string prompt = "";
        List<ImageFacts> inputs = [];
        if (content.ValueKind == JsonValueKind.String)
        {
            prompt = content.GetString()!;
        }
        else
        {
            foreach (JsonElement part in Items(content, "messages.0.content"))
            {
                if (Text(part, "type") == "text")
                    prompt = inputs.Count == 0 ? Text(part, "text") ?? "" : throw OpenRouterErrors.Invalid("The text comes first.");
                else
                    inputs.Add(Picture(part, record, "messages"));
            }
        }

        if (prompt.Length == 0)
            throw OpenRouterErrors.Invalid("The message is empty.", "invalid_prompt");
        if (inputs.Count > 0 && !model.Sees)
            throw OpenRouterErrors.Unavailable("no_endpoints", "No endpoints found that support image input");
        string? ratio = null, resolution = null;
        if (root.TryGetProperty("image_config", out JsonElement config))
        {
            RefuseOthers(config, ["aspect_ratio", "image_size", "quality"], "image_config.");
            (ratio, resolution) = (Choice(config, "aspect_ratio", Ratios), Choice(config, "image_size", ["0.5K", "1K", "2K", "4K"]));
        }

        Integer(root, "seed", int.MinValue, int.MaxValue);
        (int width, int height) = SizeOf(ratio, resolution, inputs);
        return new OpenRouterOrder(model, prompt, 1, width, height, "png", Transparent: false, inputs.Count);
    }

    private static OpenRouterModel Find(IReadOnlyList<OpenRouterModel> models, string id) =>
        models.FirstOrDefault(each => each.Id == id) ?? throw OpenRouterErrors.Unavailable("model_not_found", $"{id} is not a valid model ID");

    private static (int Width, int Height) SizeOf(string? ratio, string? resolution, List<ImageFacts> inputs)
    {
        double shape = ratio is not null and not "auto" ? PictureSize.Ratio(ratio) ?? 0.5 : inputs.Count > 0 ? (double)inputs[0].Width / inputs[0].Height : 1;
        return PictureSize.Of(shape, resolution is "512" or "0.5K" ? 512 : PictureSize.Side(resolution ?? "1K"));
    }

    private static ImageFacts Picture(JsonElement part, RequestRecord record, string field)
    {
        if (part.ValueKind != JsonValueKind.Object || Text(part, "type") != "image_url" || !part.TryGetProperty("image_url", out JsonElement holder) || holder.ValueKind != JsonValueKind.Object || Text(holder, "url") is not { } url)
            throw OpenRouterErrors.Invalid($"{field}: an image_url with a url is expected.");
        RefuseOthers(part, ["type", "image_url"], field + ".");
        RefuseOthers(holder, field == "messages" ? ["url", "detail"] : ["url"], field + ".image_url.");
        InputImage image = InputImage.FromDataUri(url) ?? (InputImage.IsLink(url) ? InputImage.BehindLink : InputImage.Bad("It is no URL.", "invalid_image"));
        if (image.Bytes is { } bytes)
            record.AddFile(new RequestFile(field, null, image.MediaType, bytes));
        if (image.Facts is { } facts && image.MediaType is { } type && type != "image/" + facts.Format)
            throw OpenRouterErrors.Invalid($"{field}: {type} is not what the bytes are.", "unsupported_image_format");
        return image.Facts ?? throw OpenRouterErrors.Invalid($"{field}: {image.Message}", "invalid_image");
    }

    private static void CheckRouting(JsonElement root, string[] known)
    {
        if (!root.TryGetProperty("provider", out JsonElement provider))
            return;
        RefuseOthers(provider, known, "provider.");
        foreach (string name in (string[])["only", "order", "ignore"])
        {
            if (provider.TryGetProperty(name, out JsonElement list) && Items(list, "provider." + name).Any(slug => slug.ValueKind != JsonValueKind.String))
                throw OpenRouterErrors.Invalid($"provider.{name}: texts are expected.");
        }

        Choice(provider, "sort", ["price", "throughput", "latency"]);
        Choice(provider, "data_collection", ["allow", "deny"]);
        foreach (string name in (string[])["allow_fallbacks", "zdr"])
        {
            if (provider.TryGetProperty(name, out JsonElement flag) && flag.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
                throw OpenRouterErrors.Invalid($"provider.{name}: true or false is expected.");
        }
    }

    private static void RefuseOthers(JsonElement map, string[] known, string at)
    {
        if (map.ValueKind != JsonValueKind.Object)
            throw OpenRouterErrors.Invalid($"{at.TrimEnd('.')}: an object is expected.");
        foreach (JsonProperty property in map.EnumerateObject().Where(property => !known.Contains(property.Name)))
            throw OpenRouterErrors.Invalid($"Unrecognized key: {at}{property.Name}");
    }

    private static JsonElement[] Items(JsonElement list, string name) =>
        list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : throw OpenRouterErrors.Invalid($"{name}: a list is expected.");

    private static string? Text(JsonElement map, string name)
    {
        if (!map.TryGetProperty(name, out JsonElement value))
            return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw OpenRouterErrors.Invalid($"{name}: a text is expected.");
    }

    private static string? Choice(JsonElement map, string name, string[] known) =>
        Text(map, name) is not { } value ? null : known.Contains(value) ? value : throw OpenRouterErrors.Invalid($"{name}: Invalid enum value {value}.");

    private static int? Integer(JsonElement map, string name, int least, int most)
    {
        if (!map.TryGetProperty(name, out JsonElement value))
            return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= least && number <= most
            ? number
            : throw OpenRouterErrors.Invalid($"{name}: a whole number from {least} to {most} is expected.");
    }
}
