using System.Globalization;
using System.Text.Json.Nodes;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Requests;
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
    /// Keys of <c>fields</c>: <c>model</c> (its id), <c>prompt</c>, <c>negativePrompt</c>, <c>aspectRatio</c>, <c>resolution</c>, <c>width</c>, <c>height</c>, <c>size</c>
    /// (<c>WxH</c> in one text), <c>sizeObject</c> (width and height as an object), <c>count</c>, <c>seed</c>, <c>format</c>, <c>quality</c>, <c>background</c>, <c>jpeg</c> (the model's word for JPEG, by default <c>jpeg</c>);
    /// <c>scale</c>, <c>strength</c> (0 keeps the picture), <c>keep</c> (the reverse), <c>weight</c> (of the references), <c>left</c>, <c>right</c>, <c>up</c>, <c>down</c>.
    /// <c>match</c> is the field for the model's word for "as the picture that goes in" where that is not the field of the ratio.
    /// A key that begins with <c>=</c> names a field of the model that always has the given text, with <c>#</c> the given whole number.
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

        Set("model", call.Shape.Model.Id);
        foreach ((string key, string value) in fields.Where(f => f.Key.StartsWith('=')))
            body[key[1..]] = value;
        foreach ((string key, string value) in fields.Where(f => f.Key.StartsWith('#')))
            body[key[1..]] = int.Parse(value, CultureInfo.InvariantCulture);
        Set("prompt", call.Shape.Prompt.Length > 0 ? call.Shape.Prompt : null);
        if (call.Shape.Model.NegativePrompt)
            Set("negativePrompt", call.Shape.Request.NegativePrompt);
        Set("aspectRatio", call.Shape.Ratio?.ToString() ?? call.Shape.RatioWord);
        Set("match", call.Shape.RatioWord);
        Set("resolution", call.Shape.Resolution);
        Set("width", call.Shape.Size?.Width);
        Set("height", call.Shape.Size?.Height);
        Set("size", call.Shape.Size?.ToString());
        if (call.Shape.Size is { } size)
            Set("sizeObject", new JsonObject { ["width"] = size.Width, ["height"] = size.Height });
        Set("scale", call.Shape.Scale);
        Set("strength", call.Shape.Strength);
        // Without the last digits that come of counting in twos.
        Set("keep", call.Shape.Strength is { } strength ? Math.Round(1 - strength, 6) : null);
        Set("weight", call.Inputs.Any(i => i.Role == ImageRole.Reference) ? call.Shape.ReferenceWeight : null);
        if (!call.Shape.Margins.IsEmpty)
        {
            Set("left", call.Shape.Margins.Left);
            Set("right", call.Shape.Margins.Right);
            Set("up", call.Shape.Margins.Up);
            Set("down", call.Shape.Margins.Down);
        }

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
        foreach ((string name, OptionRule rule) in call.Shape.Model.Options.Where(o => o.Value.Default is not null))
            body[name] = rule.Default!.DeepClone();
        foreach ((string name, JsonNode? value) in call.Options)
            body[name] = call.Shape.Model.Options.TryGetValue(name, out OptionRule? rule) ? rule.Spell(value) : value?.DeepClone();
        return body;
    }

    /// <summary>
    /// Adds the input images under the model's names for <c>image</c>, <c>mask</c>, <c>style</c> and <c>references</c>: one text, a list
    /// when the name ends in <c>[]</c>, or fields numbered from the second on when it ends in <c>#</c> (<c>x#</c>: <c>x</c>, <c>x_2</c>, <c>x_3</c>).
    /// Roles that share such a name share the list, in the order source, mask, style, references.
    /// </summary>
    /// <param name="call">The order.</param>
    /// <param name="body">The body they are added to.</param>
    /// <param name="bare">Whether bytes go as bare base64, not as a data URL.</param>
    public static void AddImages(ProviderCall call, JsonObject body, bool bare = false)
    {
        foreach (CallInput input in call.Inputs)
        {
            if (!call.Shape.Model.Fields.TryGetValue(Key(input.Role), out string? name))
                continue;
            JsonNode value = input.ToJson(bare);
            if (name.EndsWith('#'))
                body[Numbered(name[..^1], body)] = value;
            else if (!name.EndsWith("[]", StringComparison.Ordinal))
                body[name] = value;
            else if (body[name[..^2]] is JsonArray list)
                list.Add(value);
            else
                body[name[..^2]] = new JsonArray(value);
        }
    }

    /// <summary>
    /// The order as a form: the fields of <see cref="Body"/> as texts, then a part for each input image under the model's name for its role.
    /// </summary>
    public static IReadOnlyList<BodyPart> Form(ProviderCall call) =>
    [
        // A number writes itself as in JSON, whatever the user's language.
        .. Body(call).Where(f => f.Value is not null).Select(f => BodyPart.Text(f.Key, f.Value!.ToString())),
        .. Files(call),
    ];

    /// <summary>A part of a form for each input image, under the model's name for its role.</summary>
    public static IEnumerable<BodyPart> Files(ProviderCall call) =>
        call.Inputs.Where(i => call.Shape.Model.Fields.ContainsKey(Key(i.Role))).Select(i => BodyPart.File(call.Shape.Model.Fields[Key(i.Role)], i.Index));

    private static string Numbered(string name, JsonObject body) =>
        Enumerable.Range(1, body.Count + 1).Select(n => n == 1 ? name : $"{name}_{n}").First(n => !body.ContainsKey(n));

    private static string Key(ImageRole role) => role switch
    {
        ImageRole.Source => "image",
        ImageRole.Mask => "mask",
        ImageRole.Style => "style",
        _ => "references",
    };
}
