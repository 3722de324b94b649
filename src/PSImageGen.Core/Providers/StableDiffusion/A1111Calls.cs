using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Providers.StableDiffusion;

/// <summary>
/// The calls of A1111 and its family: <c>txt2img</c>, <c>img2img</c> (with a mask for what is filled or continued) and <c>extra-single-image</c>.
/// They answer with the pictures as base64. What they do not know they ignore without a word, so every name and value is one the server listed.
/// </summary>
internal static class A1111Calls
{
    // The API's own default is 50, more than twice what its page uses.
    private const int Steps = 20;

    private static readonly HashSet<string> Images = ["images"];
    private static readonly HashSet<string> Single = ["image"];

    /// <summary>The message that makes the pictures.</summary>
    public static VendorRequest Submit(ProviderCall call)
    {
        if (call.Shape.Model.Fields.TryGetValue("upscaler", out string? upscaler))
            return Enlarge(call, upscaler);
        JsonObject body = FieldMap.Body(call);
        body["override_settings"] = new JsonObject { ["sd_model_checkpoint"] = call.Shape.Model.Fields["checkpoint"] };
        Default(body, "steps", Steps);
        if (call.Shape.Model.Fields["base"] == "flux")
            Default(body, "cfg_scale", 1);
        // The server would make 512x512 of everything.
        ImageSize size = SizeOf(call);
        (body["width"], body["height"]) = (size.Width, size.Height);
        if (call.Input(ImageRole.Source) is { } source)
            AddSource(call, body, source);
        JsonNode?[] units = [.. Guides(call).Select(g => Unit(call, g.Input, g.Weight))];
        if (units.Length > 0)
            body["alwayson_scripts"] = new JsonObject { ["controlnet"] = new JsonObject { ["args"] = new JsonArray(units) } };
        return VendorRequest.Post(call.Input(ImageRole.Source) is null ? "sdapi/v1/txt2img" : "sdapi/v1/img2img", new RequestBody.Json(body)) with { ImageFields = Images };
    }

    /// <summary>The pictures of an answer, with what was quietly done otherwise.</summary>
    public static SubmitAnswer ReadSubmit(ProviderCall call, VendorAnswer answer)
    {
        if (call.Shape.Model.Fields.ContainsKey("upscaler"))
        {
            return Picture.From(Loose.Node(answer.Json, "image"), answer.Parts) is { } enlarged
                ? new SubmitAnswer.Finished([enlarged])
                : new SubmitAnswer.Refused(VendorFailure.Unusable(answer, Words.Of("The answer holds no picture.")));
        }

        JsonNode? info = Info(answer);
        JsonNode?[] images = [.. Loose.Node(answer.Json, "images") as JsonArray ?? []];
        // A contact sheet may come first, and what ControlNet saw in its pictures last.
        int first = (int)(Loose.Number(info, "index_of_first_image") ?? 0);
        JsonArray seeds = Loose.Node(info, "all_seeds") as JsonArray ?? [];
        Picture[] pictures = [.. images.Skip(first).Take(call.Count).Select(i => Picture.From(i, answer.Parts)).OfType<Picture>().Select((p, i) => p with { Seed = Seed(seeds, i) ?? call.Seed + i })];
        return pictures.Length > 0
            ? new SubmitAnswer.Finished(pictures) { Warning = Deviation(call, info, images.Length - first) }
            : new SubmitAnswer.Refused(VendorFailure.Unusable(answer, Words.Of("The answer holds no picture: the work may have been interrupted on the server.")));
    }

    private static VendorRequest Enlarge(ProviderCall call, string upscaler)
    {
        JsonObject body = new()
        {
            ["image"] = InlineImage.Base64(call.Input(ImageRole.Source)!.Index),
            ["resize_mode"] = 0,
            ["upscaling_resize"] = call.Shape.Scale,
            ["upscaler_1"] = upscaler,
        };
        return VendorRequest.Post("sdapi/v1/extra-single-image", new RequestBody.Json(body)) with { ImageFields = Single };
    }

    private static void AddSource(ProviderCall call, JsonObject body, CallInput source)
    {
        body["init_images"] = new JsonArray(InlineImage.Base64(source.Index));
        // Cut rather than distort, where another shape is asked for.
        body["resize_mode"] = 1;
        bool continued = call.Shape.Request.Operation == ImageOperation.Outpaint;
        Default(body, "denoising_strength", continued ? 0.9 : 0.75);
        if (call.Input(ImageRole.Mask) is not { } mask)
            return;
        body["mask"] = InlineImage.Base64(mask.Index);
        // Of a hole the old picture is the start; of new borders their surroundings are. The whole picture is looked at: the server's own
        // default sees nothing but the hole, with a seam around it.
        Default(body, "inpainting_fill", continued ? 0 : 1);
        Default(body, "inpaint_full_res", false);
        Default(body, "inpaint_full_res_padding", 32);
        Default(body, "mask_blur", continued ? 16 : 4);
    }

    // The pictures whose look or content is followed, and how much each weighs.
    private static IEnumerable<(CallInput Input, double Weight)> Guides(ProviderCall call) =>
        call.InputsOf(ImageRole.Style).Select(i => (i, 1.0)).Concat(call.InputsOf(ImageRole.Reference).Select(i => (i, call.Shape.ReferenceWeight ?? 1)));

    private static JsonObject Unit(ProviderCall call, CallInput input, double weight) => new()
    {
        ["enabled"] = true,
        ["module"] = call.Shape.Model.Fields["unitModule"],
        ["model"] = call.Shape.Model.Fields["unitModel"],
        ["image"] = InlineImage.Base64(input.Index),
        ["weight"] = weight,
        ["resize_mode"] = "Crop and Resize",
        ["control_mode"] = "Balanced",
        ["pixel_perfect"] = true,
    };

    // The server replaces what it cannot do and answers as if nothing were wrong.
    private static string? Deviation(ProviderCall call, JsonNode? info, int pictures)
    {
        string asked = Checkpoint.Bare(call.Shape.Model.Fields["checkpoint"]);
        if (Loose.Text(info, "sd_model_name") is { } used && !string.Equals(Checkpoint.Bare(used), asked, StringComparison.OrdinalIgnoreCase))
            return Words.Of($"The server did not use {asked} but {PlainText.Clean(used, 100)}.");
        int units = Guides(call).Count();
        if (units == 0)
            return null;
        if (info?.ToJsonString().Contains("ControlNet 0", StringComparison.Ordinal) != true)
            return Words.Of("The server's ControlNet did not take the picture to follow: the result was made without it.");
        return pictures < call.Count + units ? Words.Of("The server's ControlNet may not have used the picture to follow (it sent no map of it); its log says why.") : null;
    }

    // A text that holds JSON; SD.Next leaves it empty when nothing was made.
    private static JsonNode? Info(VendorAnswer answer)
    {
        try
        {
            return answer.String("info") is { Length: > 0 } text ? JsonNode.Parse(text) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static long? Seed(JsonArray seeds, int index) => seeds.ElementAtOrDefault(index) is JsonValue value && value.TryGetValue(out long seed) ? seed : null;

    // Of a picture behind a link the size is known only now.
    private static ImageSize SizeOf(ProviderCall call) =>
        call.Shape.Size ?? (call.Input(ImageRole.Source)?.Image.Info is { } info ? call.Shape.Model.Sizes!.Nearest(new ImageSize(info.Width, info.Height)) : null) ?? new ImageSize(1024, 1024);

    private static void Default(JsonObject body, string name, JsonNode value)
    {
        if (!body.ContainsKey(name))
            body[name] = value;
    }
}
