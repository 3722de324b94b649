using System.Text.Json.Nodes;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Providers;

/// <summary>
/// Writes what is asked for under the names a model has for it, for vendors that host many models and name the same thing differently.
/// The catalogue row's <c>fields</c> say how: a name that is missing there is a thing the model does not take.
/// </summary>
internal static class FieldMap
{
    /// <summary>The body of an order, without the input images.</summary>
    /// <remarks>
    /// Keys of <c>fields</c>: <c>prompt</c>, <c>negativePrompt</c>, <c>aspectRatio</c>, <c>resolution</c>, <c>width</c>, <c>height</c>, <c>size</c>
    /// (<c>WxH</c> in one text), <c>sizeObject</c> (width and height as an object), <c>count</c>, <c>seed</c>, <c>format</c>, <c>quality</c>, <c>background</c>, <c>jpeg</c> (the model's word for JPEG, by default <c>jpeg</c>).
    /// A key that begins with <c>=</c> names a field of the model that always has the given value.
    /// </remarks>
    public static JsonObject Body(ProviderCall call)
    {
        IReadOnlyDictionary<string, string> fields = call.Shape.Model.Fields;
        JsonObject body = [];
        void Set(string key, JsonNode? value)
        {
            if (value is not null && fields.TryGetValue(key, out string? name))
                body[name] = value;
        }

        foreach ((string key, string value) in fields.Where(f => f.Key.StartsWith('=')))
            body[key[1..]] = value;
        Set("prompt", call.Shape.Prompt);
        if (call.Shape.Model.NegativePrompt)
            Set("negativePrompt", call.Shape.Request.NegativePrompt);
        Set("aspectRatio", call.Shape.Ratio?.ToString());
        Set("resolution", call.Shape.Resolution);
        Set("width", call.Shape.Size?.Width);
        Set("height", call.Shape.Size?.Height);
        Set("size", call.Shape.Size?.ToString());
        if (call.Shape.Size is { } size)
            Set("sizeObject", new JsonObject { ["width"] = size.Width, ["height"] = size.Height });
        Set("count", call.Count);
        Set("seed", call.Seed);
        Set("quality", call.Shape.Quality);
        Set("background", call.Shape.Request.Background?.ToString().ToLowerInvariant());
        Set("format", call.Shape.Format switch
        {
            null => null,
            ImageFormat.Jpeg => fields.GetValueOrDefault("jpeg", "jpeg"),
            { } format => format.ToString().ToLowerInvariant(),
        });
        foreach ((string name, JsonNode? value) in call.Options)
            body[name] = call.Shape.Model.Options.TryGetValue(name, out OptionRule? rule) ? rule.Spell(value) : value?.DeepClone();
        return body;
    }

    /// <summary>An input image as a text of the body: its link, its upload, or its bytes as a data URL.</summary>
    public static JsonNode Image(ProviderCall call, int index) =>
        call.Inputs[index].Url is { } url ? url.AbsoluteUri : call.Uploads[index] is { } upload ? upload : InlineImage.DataUrl(index);

    /// <summary>Adds the input images under the model's name for references: one text, or a list when the name ends in <c>[]</c>.</summary>
    public static void AddImages(ProviderCall call, JsonObject body)
    {
        if (call.Inputs.Count == 0 || !call.Shape.Model.Fields.TryGetValue("references", out string? name))
            return;
        if (name.EndsWith("[]", StringComparison.Ordinal))
            body[name[..^2]] = new JsonArray([.. call.Inputs.Select((_, i) => Image(call, i))]);
        else
            body[name] = Image(call, 0);
    }
}
