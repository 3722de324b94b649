using System.Text.Json.Nodes;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Requests;
using Output = PSImageGen.Core.Providers.StableDiffusion.ComfyGraph.Output;

namespace PSImageGen.Core.Providers.StableDiffusion;

/// <summary>
/// The workflow of a call. All but the enlarging follow one line: load the model, put the words in, let pictures to follow act on the model or
/// the words, start from nothing or from the source, sample, decode, save. Source of the nodes' inputs: ComfyUI 0.27.0 and ComfyUI_IPAdapter_plus (2025-02).
/// </summary>
internal sealed class ComfyWorkflow
{
    private readonly ProviderCall _call;
    private readonly ComfyGraph _graph = new();

    private ComfyWorkflow(ProviderCall call)
    {
        _call = call;
    }

    private IReadOnlyDictionary<string, string> Fields => _call.Shape.Model.Fields;

    private bool IsFlux => Fields["base"] == "flux";

    private ImageOperation Operation => _call.Shape.Request.Operation;

    /// <summary>The graph; each call's pictures have a name of their own, so that none is taken from the server's memory of an equal one and left out of the answer.</summary>
    public static JsonObject Of(ProviderCall call)
    {
        ComfyWorkflow flow = new(call);
        Output picture = call.Shape.Model.Fields.TryGetValue("upscaler", out string? upscaler) ? flow.Enlarged(upscaler) : flow.Sampled();
        flow._graph.Add("SaveImage", ("images", picture), ("filename_prefix", $"PSImageGen-{call.ClientId![..8]}"));
        return flow._graph.Nodes;
    }

    private Output Enlarged(string upscaler)
    {
        CallInput source = _call.Input(ImageRole.Source)!;
        Output picture = Load(source);
        if (upscaler.Length == 0)
            return _graph.Add("ImageScaleBy", ("image", picture), ("upscale_method", "lanczos"), ("scale_by", _call.Shape.Scale));
        // A model enlarges by its own factor, so what it made is brought to the size asked for.
        Output model = _graph.Add("UpscaleModelLoader", ("model_name", upscaler));
        picture = _graph.Add("ImageUpscaleWithModel", ("upscale_model", model), ("image", picture));
        return Scaled(picture, new ImageSize(source.Image.Info!.Width * _call.Shape.Scale!.Value, source.Image.Info.Height * _call.Shape.Scale.Value), "disabled");
    }

    private Output Sampled()
    {
        (Output model, Output clip, Output vae) = Loaded();
        Output words = _graph.Add("CLIPTextEncode", ("text", _call.Shape.Prompt), ("clip", clip));
        Output against = _graph.Add("CLIPTextEncode", ("text", IsFlux ? string.Empty : _call.Shape.Request.NegativePrompt ?? string.Empty), ("clip", clip));
        if (IsFlux)
            words = _graph.Add("FluxGuidance", ("conditioning", words), ("guidance", Option("guidance", 3.5)));
        (model, words) = Guided(model, words);

        Output? pixels = _call.Input(ImageRole.Source) is { } source ? Fitted(source) : null;
        Output? mask = _call.Input(ImageRole.Mask) is { } white ? _graph.Add("LoadImageMask", ("image", white.Upload), ("channel", "red")) : null;
        (Output latent, double denoise) = Start(vae, pixels, mask);
        Output sampled = _graph.Add("KSampler",
            ("model", model), ("seed", _call.Seed ?? 0), ("steps", Option("steps", 20)), ("cfg", IsFlux ? 1.0 : Option("cfg", 7.0)),
            ("sampler_name", Option("sampler_name", "euler")), ("scheduler", Option("scheduler", IsFlux ? "simple" : "normal")),
            ("positive", words), ("negative", against), ("latent_image", latent), ("denoise", denoise));
        Output made = _graph.Add("VAEDecode", ("samples", sampled), ("vae", vae));

        // Decoding changes what was to stay a little too: there the old picture is put back.
        return Operation == ImageOperation.Inpaint
            ? _graph.Add("ImageCompositeMasked", ("destination", pixels!.Value), ("source", made), ("x", 0), ("y", 0), ("resize_source", false), ("mask", mask!.Value))
            : made;
    }

    private (Output Model, Output Clip, Output Vae) Loaded()
    {
        if (Fields.TryGetValue("checkpoint", out string? checkpoint))
        {
            Output all = _graph.Add("CheckpointLoaderSimple", ("ckpt_name", checkpoint));
            return (all, all.At(1), all.At(2));
        }

        return (_graph.Add("UNETLoader", ("unet_name", Fields["unet"]), ("weight_dtype", "default")),
            _graph.Add("DualCLIPLoader", ("clip_name1", Fields["t5"]), ("clip_name2", Fields["clip"]), ("type", "flux")),
            _graph.Add("VAELoader", ("vae_name", Fields["vae"])));
    }

    // An IP-Adapter acts on the model, Redux on the words.
    private (Output Model, Output Words) Guided(Output model, Output words)
    {
        CallInput? style = _call.Input(ImageRole.Style);
        if (style is not null && Fields.TryGetValue("redux", out string? redux))
        {
            Output look = _graph.Add("CLIPVisionEncode", ("clip_vision", _graph.Add("CLIPVisionLoader", ("clip_name", Fields["vision"]))), ("image", Load(style)), ("crop", "center"));
            words = _graph.Add("StyleModelApply", ("conditioning", words), ("style_model", _graph.Add("StyleModelLoader", ("style_model_name", redux))), ("clip_vision_output", look), ("strength", 1.0), ("strength_type", "multiply"));
            return (model, words);
        }

        (CallInput Input, double Weight, string Kind)[] guides =
            [.. _call.InputsOf(ImageRole.Style).Select(i => (i, 0.8, "style transfer")), .. _call.InputsOf(ImageRole.Reference).Select(i => (i, _call.Shape.ReferenceWeight ?? 0.8, "standard"))];
        if (guides.Length == 0)
            return (model, words);
        Output loader = _graph.Add("IPAdapterUnifiedLoader", ("model", model), ("preset", Fields["adapter"]));
        model = loader;
        foreach ((CallInput input, double weight, string kind) in guides)
            model = _graph.Add("IPAdapter", ("model", model), ("ipadapter", loader.At(1)), ("image", Load(input)), ("weight", weight), ("start_at", 0.0), ("end_at", 1.0), ("weight_type", kind));
        return (model, words);
    }

    // What is sampled from, and how far it may move away from it.
    private (Output Latent, double Denoise) Start(Output vae, Output? pixels, Output? mask)
    {
        if (pixels is not { } from)
        {
            ImageSize size = _call.Shape.Size!.Value;
            return (_graph.Add("EmptyLatentImage", ("width", size.Width), ("height", size.Height), ("batch_size", 1)), 1);
        }

        // What is continued, and what is filled by a model made for it, starts from grey: then nothing of the old may count.
        if (mask is { } hole && (Operation == ImageOperation.Outpaint || Fields.GetValueOrDefault("inpaints") == "yes"))
            return (_graph.Add("VAEEncodeForInpaint", ("pixels", from), ("vae", vae), ("mask", hole), ("grow_mask_by", Operation == ImageOperation.Outpaint ? 8 : 6)), 1);
        Output latent = _graph.Add("VAEEncode", ("pixels", from), ("vae", vae));
        return mask is { } part
            ? (_graph.Add("SetLatentNoiseMask", ("samples", latent), ("mask", part)), _call.Shape.Strength ?? 0.8)
            : (latent, _call.Shape.Strength ?? 0.75);
    }

    private Output Load(CallInput input) => _graph.Add("LoadImage", ("image", input.Upload));

    // At the size that comes out: the encoder would cut off what is no multiple of 8. With a mask nothing may be cut, or the two would not fit any more.
    private Output Fitted(CallInput source)
    {
        Output picture = Load(source);
        ImageSize own = new(source.Image.Info!.Width, source.Image.Info.Height);
        // The margins of what is continued are part of the picture by now.
        ImageSize size = _call.Shape.Size ?? _call.Shape.Model.Sizes!.Nearest(own) ?? own;
        return size == own ? picture : Scaled(picture, size, Operation is ImageOperation.Inpaint or ImageOperation.Outpaint ? "disabled" : "center");
    }

    private Output Scaled(Output picture, ImageSize size, string crop) =>
        _graph.Add("ImageScale", ("image", picture), ("upscale_method", "lanczos"), ("width", size.Width), ("height", size.Height), ("crop", crop));

    private JsonNode Option(string name, JsonNode otherwise) => _call.Options[name]?.DeepClone() ?? otherwise;
}
