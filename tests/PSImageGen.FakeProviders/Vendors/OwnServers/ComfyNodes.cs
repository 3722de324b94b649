using System.Text.Json.Nodes;

namespace PSImageGen.FakeProviders.Vendors.OwnServers;

/// <summary>An input of a node: its type, or the words to choose from; a range where it is a number.</summary>
internal sealed record ComfyInput(string Name, string Type, IReadOnlyList<string>? Choices = null, double Least = double.MinValue, double Most = double.MaxValue, bool Optional = false);

/// <summary>A class of node: what goes in and what comes out.</summary>
internal sealed record ComfyNode(string Name, IReadOnlyList<ComfyInput> Inputs, IReadOnlyList<string> Outputs, bool IsOutput = false)
{
    /// <summary>As <c>/object_info</c> tells it; lists of words in the newer form where that is asked for.</summary>
    public JsonObject Describe(bool newForm)
    {
        JsonObject Group(bool optional) => new(Inputs.Where(i => i.Optional == optional).Select(i => KeyValuePair.Create(i.Name, (JsonNode?)(
            i.Choices is null ? new JsonArray(i.Type)
            : newForm ? new JsonArray("COMBO", new JsonObject { ["options"] = Words(i.Choices) })
            : new JsonArray(Words(i.Choices), new JsonObject())))));
        return new JsonObject
        {
            [Name] = new JsonObject
            {
                ["input"] = new JsonObject { ["required"] = Group(false), ["optional"] = Group(true) },
                ["output"] = Words(Outputs),
                ["output_node"] = IsOutput,
                ["name"] = Name,
            },
        };
    }

    private static JsonArray Words(IReadOnlyList<string> words) => new([.. words.Select(w => (JsonNode?)w)]);
}

/// <summary>The nodes of a server, with the files it has.</summary>
internal static class ComfyNodes
{
    public static IReadOnlyDictionary<string, ComfyNode> Of(ComfyUIVendor vendor)
    {
        string[] checkpoints = vendor.HasCheckpoints ? ["sdxl/sd_xl_base_1.0.safetensors", "sd-v1-5-inpainting.ckpt", "v1-5-pruned-emaonly.safetensors"] : [];
        string[] flux = vendor.Flux > 0 ? ["flux1-dev.safetensors", "flux1-fill-dev.safetensors"] : [];
        string[] encoders = vendor.Flux > 0 ? ["clip_l.safetensors", "t5xxl_fp16.safetensors"] : [];
        string[] methods = ["nearest-exact", "bilinear", "area", "bicubic", "lanczos"];
        List<ComfyNode> nodes =
        [
            Node("CheckpointLoaderSimple", "MODEL CLIP VAE", Choice("ckpt_name", checkpoints)),
            Node("UNETLoader", "MODEL", Choice("unet_name", flux), Choice("weight_dtype", "default", "fp8_e4m3fn")),
            Node("DualCLIPLoader", "CLIP", Choice("clip_name1", encoders), Choice("clip_name2", encoders), Choice("type", "sdxl", "sd3", "flux")),
            Node("VAELoader", "VAE", Choice("vae_name", vendor.Flux > 0 ? ["ae.safetensors"] : [])),
            Node("CLIPTextEncode", "CONDITIONING", In("text", "STRING"), In("clip", "CLIP")),
            Node("FluxGuidance", "CONDITIONING", In("conditioning", "CONDITIONING"), Number("guidance", "FLOAT", 0, 100)),
            Node("EmptyLatentImage", "LATENT", Number("width", "INT", 16, 16384), Number("height", "INT", 16, 16384), Number("batch_size", "INT", 1, 4096)),
            Node("LoadImage", "IMAGE MASK", In("image", "UPLOADED")),
            Node("LoadImageMask", "MASK", In("image", "UPLOADED"), Choice("channel", "alpha", "red", "green", "blue")),
            Node("ImageScale", "IMAGE", In("image", "IMAGE"), Choice("upscale_method", methods), Number("width", "INT", 0, 16384), Number("height", "INT", 0, 16384), Choice("crop", "disabled", "center")),
            Node("ImageScaleBy", "IMAGE", In("image", "IMAGE"), Choice("upscale_method", methods), Number("scale_by", "FLOAT", 0.01, 8)),
            Node("VAEEncode", "LATENT", In("pixels", "IMAGE"), In("vae", "VAE")),
            Node("VAEEncodeForInpaint", "LATENT", In("pixels", "IMAGE"), In("vae", "VAE"), In("mask", "MASK"), Number("grow_mask_by", "INT", 0, 64)),
            Node("SetLatentNoiseMask", "LATENT", In("samples", "LATENT"), In("mask", "MASK")),
            Node("VAEDecode", "IMAGE", In("samples", "LATENT"), In("vae", "VAE")),
            Node("KSampler", "LATENT", In("model", "MODEL"), Number("seed", "INT", 0, 18446744073709551615.0), Number("steps", "INT", 1, 10000), Number("cfg", "FLOAT", 0, 100),
                Choice("sampler_name", "euler", "euler_ancestral", "dpmpp_2m"), Choice("scheduler", "simple", "karras", "normal"), In("positive", "CONDITIONING"), In("negative", "CONDITIONING"), In("latent_image", "LATENT"), Number("denoise", "FLOAT", 0, 1)),
            Node("ImageCompositeMasked", "IMAGE", In("destination", "IMAGE"), In("source", "IMAGE"), Number("x", "INT", 0, 16384), Number("y", "INT", 0, 16384), In("resize_source", "BOOLEAN"), In("mask", "MASK") with { Optional = true }),
            Node("UpscaleModelLoader", "UPSCALE_MODEL", Choice("model_name", vendor.HasUpscalers ? ["RealESRGAN_x4plus.pth"] : [])),
            Node("ImageUpscaleWithModel", "IMAGE", In("upscale_model", "UPSCALE_MODEL"), In("image", "IMAGE")),
            Node("StyleModelLoader", "STYLE_MODEL", Choice("style_model_name", vendor.Flux > 1 ? ["flux1-redux-dev.safetensors"] : [])),
            Node("CLIPVisionLoader", "CLIP_VISION", Choice("clip_name", vendor.Flux > 1 ? ["sigclip_vision_patch14_384.safetensors"] : [])),
            Node("CLIPVisionEncode", "CLIP_VISION_OUTPUT", In("clip_vision", "CLIP_VISION"), In("image", "IMAGE"), Choice("crop", "center", "none")),
            Node("StyleModelApply", "CONDITIONING", In("conditioning", "CONDITIONING"), In("style_model", "STYLE_MODEL"), In("clip_vision_output", "CLIP_VISION_OUTPUT"), Number("strength", "FLOAT", 0, 10), Choice("strength_type", "multiply", "attn_bias")),
            Node("SaveImage", "", In("images", "IMAGE"), In("filename_prefix", "STRING")) with { IsOutput = true },
        ];
        if (vendor.HasIPAdapter)
        {
            nodes.Add(Node("IPAdapterUnifiedLoader", "MODEL IPADAPTER", In("model", "MODEL"), Choice("preset", "LIGHT - SD1.5 only (low strength)", "STANDARD (medium strength)", "VIT-G (medium strength)", "PLUS (high strength)", "PLUS FACE (portraits)")));
            nodes.Add(Node("IPAdapter", "MODEL", In("model", "MODEL"), In("ipadapter", "IPADAPTER"), In("image", "IMAGE"), Number("weight", "FLOAT", -1, 3), Number("start_at", "FLOAT", 0, 1), Number("end_at", "FLOAT", 0, 1), Choice("weight_type", "standard", "prompt is more important", "style transfer")));
        }

        return nodes.ToDictionary(n => n.Name);
    }

    private static ComfyNode Node(string name, string outputs, params ComfyInput[] inputs) => new(name, inputs, outputs.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static ComfyInput In(string name, string type) => new(name, type);

    private static ComfyInput Number(string name, string type, double least, double most) => new(name, type, Least: least, Most: most);

    private static ComfyInput Choice(string name, params string[] choices) => new(name, "COMBO", choices);
}
