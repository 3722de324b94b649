using PSImageGen.FakeProviders.Images;

namespace PSImageGen.FakeProviders.Vendors.OpenAI;

/// <summary>A request found to be in order.</summary>
internal sealed record OpenAIJob(
    OpenAIModel Model,
    string Prompt,
    int Count,
    int Width,
    int Height,
    string Quality,
    string Background,
    string Format,
    bool Stream,
    int Partials,
    bool IsEdit,
    bool HighFidelity,
    IReadOnlyList<ImageFacts> Inputs)
{
    private const int LongestPrompt = 32_000;

    private static readonly string[] Shared =
        ["prompt", "model", "n", "size", "quality", "background", "output_format", "output_compression", "stream", "partial_images", "user"];

    /// <summary>Reads the fields of <c>/images/generations</c>.</summary>
    public static OpenAIJob Generation(OpenAIFields fields)
    {
        fields.RefuseOthers([.. Shared, "moderation"]);
        return Read(fields, ModelOf(fields, byDefault: null, isEdit: false), "auto", fixedSizes: false, isEdit: false, []);
    }

    /// <summary>Reads the fields of <c>/images/edits</c>; the pictures have been looked at already.</summary>
    public static OpenAIJob Edit(OpenAIFields fields, bool isJson, IReadOnlyList<ImageFacts> inputs)
    {
        fields.RefuseOthers(isJson ? [.. Shared, "input_fidelity", "moderation", "images", "mask"] : [.. Shared, "input_fidelity"]);
        OpenAIModel model = ModelOf(fields, "gpt-image-1.5", isEdit: true);
        return Read(fields, model, isJson ? "auto" : "1024x1024", fixedSizes: isJson, isEdit: true, inputs);
    }

    private static OpenAIJob Read(OpenAIFields fields, OpenAIModel model, string size, bool fixedSizes, bool isEdit, IReadOnlyList<ImageFacts> inputs)
    {
        string? prompt = fields.Text("prompt");
        if (string.IsNullOrEmpty(prompt))
            throw OpenAIErrors.Missing("prompt");
        if (prompt.Length > LongestPrompt)
            throw OpenAIErrors.InvalidValue("prompt", $"Invalid 'prompt': string too long. Expected at most {LongestPrompt} characters.");

        int count = fields.Integer("n", 1, 1, 10);
        (int width, int height) = model.Size(fields.Text("size") ?? size, fixedSizes);
        string quality = fields.Choice("quality", "auto", model.Qualities);
        string format = fields.Choice("output_format", "png", ["png", "jpeg", "webp"]);
        string background = fields.Choice("background", "auto", ["auto", "opaque", "transparent"]);
        fields.Choice("moderation", "auto", ["auto", "low"]);
        if (background == "transparent" && format == "jpeg")
            throw OpenAIErrors.InvalidValue("background", "Transparent background is not supported for JPEG output format.");
        if (fields.Has("output_compression"))
        {
            fields.Integer("output_compression", 100, 0, 100);
            if (format == "png")
                throw OpenAIErrors.InvalidValue("output_compression", "Compression is not supported for PNG output format.");
        }

        bool stream = fields.Boolean("stream");
        int partials = fields.Integer("partial_images", 0, 0, 3);
        if (stream && count > 1)
            throw OpenAIErrors.InvalidValue("n", "Streaming is supported for n = 1 only.");
        bool high = isEdit && ReadFidelity(fields, model);
        return new OpenAIJob(
            model,
            prompt,
            count,
            width,
            height,
            quality == "auto" ? "medium" : quality,
            background == "auto" ? "opaque" : background,
            format,
            stream,
            partials,
            isEdit,
            high,
            inputs);
    }

    private static OpenAIModel ModelOf(OpenAIFields fields, string? byDefault, bool isEdit)
    {
        // The documented default of generations is a model that has been shut down.
        string id = fields.Text("model") ?? byDefault ?? "dall-e-2";
        return OpenAIModel.Live.FirstOrDefault(model => model.Id == id && (isEdit || !model.EditsOnly)) ?? throw OpenAIErrors.BadModel(id);
    }

    private static bool ReadFidelity(OpenAIFields fields, OpenAIModel model)
    {
        if (!fields.Has("input_fidelity"))
            return model.Fidelity == Fidelity.Refused;
        string value = fields.Choice("input_fidelity", "low", ["low", "high"]);
        if (model.Fidelity == Fidelity.Refused || (model.Fidelity == Fidelity.LowOnly && value == "high"))
            throw OpenAIErrors.BadFidelity(model.Id);
        return value == "high";
    }
}
