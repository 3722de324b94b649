using PSImageGen.Core.Planning;

namespace PSImageGen.Core.Providers.StableDiffusion;

/// <summary>The models of a ComfyUI server: its checkpoints, its Flux models with all that belongs to them, its upscalers and the plain enlargement.</summary>
internal static class ComfyRows
{
    /// <summary>The rows; none when the server has no model that makes pictures.</summary>
    public static IReadOnlyList<ModelRow> Of(ServerFacts facts, Catalogue patterns)
    {
        ModelRow upscaler = patterns.Find("comfyui-upscaler")!;
        // Those that fill holes or refine are no good first choice.
        ModelRow[] models =
        [
            .. facts.Choices("CheckpointLoaderSimple", "ckpt_name").OrderBy(n => Checkpoint.Inpaints(n) || Checkpoint.Refines(n)).Select(n => OfCheckpoint(n, facts, patterns)),
            .. FluxModels(facts, patterns),
        ];
        return models.Length == 0 ? [] :
        [
            .. models.DistinctBy(m => m.Id, StringComparer.OrdinalIgnoreCase),
            .. facts.Choices("UpscaleModelLoader", "model_name").Where(n => !models.Any(m => m.IsNamed(n))).Select(n => Named(upscaler, n) with { Fields = With(upscaler, ("upscaler", n)) }),
            upscaler with
            {
                Id = "lanczos",
                Operations = [],
                Emulates = new Dictionary<string, string> { [nameof(ImageOperation.Upscale)] = Words.Of("enlarged by plain arithmetic (lanczos), without AI: it becomes larger, not sharper") },
                Fields = With(upscaler, ("upscaler", string.Empty)),
            },
        ];
    }

    private static ModelRow OfCheckpoint(string name, ServerFacts facts, Catalogue patterns)
    {
        string basis = Checkpoint.Base(name);
        if (basis == "flux")
            return WithRedux(Ready(patterns.Find("comfyui-flux")!, name, facts, ("checkpoint", name), ("base", basis)), facts);
        ModelRow row = Ready(patterns.Find("comfyui-checkpoint")!, name, facts, ("checkpoint", name), ("base", basis), ("inpaints", Checkpoint.Inpaints(name) ? "yes" : "no"));
        IReadOnlyList<string> presets = facts.Choices("IPAdapterUnifiedLoader", "preset");
        if (presets.Count == 0 || basis == "sd3")
            return row;
        return row with
        {
            Operations = [.. row.Operations, ImageOperation.Style],
            Needs = new Dictionary<string, string>(),
            MaxReferences = 4,
            Identity = true,
            Weights = ControlUnit.Weights,
            Fields = With(row, ("adapter", presets.FirstOrDefault(p => p.StartsWith("PLUS (", StringComparison.Ordinal)) ?? presets[0])),
        };
    }

    // A Flux model comes in parts: itself, two text encoders and the picture decoder.
    private static IEnumerable<ModelRow> FluxModels(ServerFacts facts, Catalogue patterns)
    {
        string? t5 = First(facts.Choices("DualCLIPLoader", "clip_name1"), "t5"), clip = First(facts.Choices("DualCLIPLoader", "clip_name2"), "clip_l"), vae = First(facts.Choices("VAELoader", "vae_name"), "ae.");
        if (t5 is null || clip is null || vae is null)
            return [];
        return facts.Choices("UNETLoader", "unet_name").Where(n => Checkpoint.Base(n) == "flux" && !Checkpoint.Inpaints(n))
            .Select(n => WithRedux(Ready(patterns.Find("comfyui-flux")!, n, facts, ("unet", n), ("base", "flux"), ("t5", t5), ("clip", clip), ("vae", vae)), facts));
    }

    private static ModelRow WithRedux(ModelRow row, ServerFacts facts)
    {
        if (First(facts.Choices("StyleModelLoader", "style_model_name"), "redux") is not { } redux || First(facts.Choices("CLIPVisionLoader", "clip_name"), "sigclip") is not { } vision)
            return row;
        return row with { Operations = [.. row.Operations, ImageOperation.Style], Needs = new Dictionary<string, string>(), Fields = With(row, ("redux", redux), ("vision", vision)) };
    }

    private static ModelRow Ready(ModelRow pattern, string name, ServerFacts facts, params (string, string)[] fields)
    {
        Dictionary<string, OptionRule> options = new(pattern.Options);
        foreach (string option in new[] { "sampler_name", "scheduler" })
        {
            if (facts.Choices("KSampler", option) is { Count: > 0 } choices)
                options[option] = new OptionRule { Type = "string", Values = choices };
        }

        return Named(pattern, name) with { Sizes = pattern.Sizes! with { Default = Checkpoint.Size(name) }, Options = options, Fields = With(pattern, fields) };
    }

    // Users may leave out folder and extension.
    private static ModelRow Named(ModelRow pattern, string name) => pattern with { Id = name, Aliases = Checkpoint.Bare(name) is var bare && bare != name ? [bare] : [] };

    private static Dictionary<string, string> With(ModelRow row, params (string Name, string Value)[] fields)
    {
        Dictionary<string, string> all = new(row.Fields);
        foreach ((string name, string value) in fields)
            all[name] = value;
        return all;
    }

    private static string? First(IReadOnlyList<string> names, string word) => names.FirstOrDefault(n => Checkpoint.Has(n, word));
}
