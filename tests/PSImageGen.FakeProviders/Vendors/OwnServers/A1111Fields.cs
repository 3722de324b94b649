using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Images;
using PSImageGen.FakeProviders.Inputs;
using PSImageGen.FakeProviders.Log;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.OwnServers;

/// <summary>The fields of a call, checked by name and type.</summary>
internal sealed class A1111Fields
{
    public static readonly IReadOnlyDictionary<string, string> Extras = Parse("image:text resize_mode:integer upscaling_resize:number upscaling_resize_w:integer upscaling_resize_h:integer upscaling_crop:boolean upscaler_1:text upscaler_2:text extras_upscaler_2_visibility:number gfpgan_visibility:number codeformer_visibility:number codeformer_weight:number upscale_first:boolean show_extras_results:boolean");

    public static readonly IReadOnlyDictionary<string, string> TextToImage = Parse("prompt:text negative_prompt:text styles:list seed:integer subseed:integer subseed_strength:number seed_resize_from_w:integer seed_resize_from_h:integer sampler_name:text sampler_index:text scheduler:text batch_size:integer n_iter:integer steps:integer cfg_scale:number distilled_cfg_scale:number width:integer height:integer restore_faces:boolean tiling:boolean enable_hr:boolean denoising_strength:number override_settings:object override_settings_restore_afterwards:boolean script_name:text script_args:list alwayson_scripts:object send_images:boolean save_images:boolean force_task_id:text infotext:text");

    public static readonly IReadOnlyDictionary<string, string> ImageToImage = TextToImage.Where(f => !f.Key.Contains("_hr", StringComparison.Ordinal))
        .Concat(Parse("init_images:list resize_mode:integer image_cfg_scale:number mask:text mask_blur:integer mask_blur_x:integer mask_blur_y:integer mask_round:boolean inpainting_fill:integer inpaint_full_res:boolean inpaint_full_res_padding:integer inpainting_mask_invert:integer initial_noise_multiplier:number include_init_images:boolean"))
        .ToDictionary(f => f.Key, f => f.Value);

    public static readonly IReadOnlyDictionary<string, string> Unit = Parse("enabled:boolean module:text model:text image:text mask:text weight:number resize_mode:text control_mode:text processor_res:number threshold_a:number threshold_b:number guidance_start:number guidance_end:number pixel_perfect:boolean low_vram:boolean save_detected_map:boolean");

    private readonly JsonElement _root;

    public A1111Fields(JsonElement? root, IReadOnlyDictionary<string, string> known)
    {
        _root = root ?? throw Invalid("", "value is not a valid dict");
        foreach (JsonProperty field in _root.EnumerateObject())
        {
            if (!known.TryGetValue(field.Name, out string? type))
                throw Invalid(field.Name, "extra fields not permitted (the original ignores them)");
            if (!Fits(type, field.Value))
                throw Invalid(field.Name, $"value is not a valid {type}");
        }
    }

    public bool Has(string name) => _root.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    public string? Text(string name) => Has(name) ? _root.GetProperty(name).GetString() : null;

    public long Integer(string name, long otherwise) => Has(name) ? _root.GetProperty(name).GetInt64() : otherwise;

    public double Number(string name, double otherwise) => Has(name) ? _root.GetProperty(name).GetDouble() : otherwise;

    public bool Flag(string name, bool otherwise) => Has(name) ? _root.GetProperty(name).GetBoolean() : otherwise;

    public JsonElement? Element(string name) => Has(name) ? _root.GetProperty(name) : null;

    public JsonObject Echo() => (JsonObject)JsonNode.Parse(_root.GetRawText())!;

    /// <summary>A picture as base64, with or without the head of a data URL.</summary>
    public static ImageFacts Picture(string text, RequestRecord record, string field)
    {
        byte[] bytes = new byte[text.Length];
        string base64 = text.StartsWith("data:image/", StringComparison.Ordinal) ? text[(text.IndexOf(',', StringComparison.Ordinal) + 1)..] : text;
        if (base64.Length == 0 || !Convert.TryFromBase64String(base64, bytes, out int length) || InputImage.From(bytes[..length], null).Facts is not { } facts)
            throw A1111Vendor.Refused(500, "Invalid encoded image");
        record.AddFile(new RequestFile(field, null, null, bytes[..length]));
        return facts;
    }

    public static RefusedException Invalid(string field, string message) => new(Answer.Json(new JsonObject
    {
        ["detail"] = new JsonArray(new JsonObject { ["loc"] = new JsonArray("body", field), ["msg"] = message, ["type"] = "value_error" }),
    }, 422));

    private static bool Fits(string type, JsonElement value) => value.ValueKind == JsonValueKind.Null || type switch
    {
        "text" => value.ValueKind == JsonValueKind.String,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "list" => value.ValueKind == JsonValueKind.Array,
        _ => value.ValueKind == JsonValueKind.Object,
    };

    private static Dictionary<string, string> Parse(string fields) => fields.Split(' ').Select(f => f.Split(':')).ToDictionary(f => f[0], f => f[1]);
}
