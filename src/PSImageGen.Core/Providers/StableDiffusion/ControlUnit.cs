namespace PSImageGen.Core.Providers.StableDiffusion;

/// <summary>
/// How the ControlNet extension (Mikubill's, or Forge's own) takes a picture to follow: with an IP-Adapter where there is one for the
/// checkpoint, else with <c>reference_only</c>, which needs no model. Names are only ever those the server lists: with any other the
/// picture would quietly be made without the reference.
/// </summary>
internal sealed record ControlUnit(string Module, string Model)
{
    private const string None = "None";

    /// <summary>Whether it holds what the reference shows; otherwise it is only inspired by it.</summary>
    public bool IsAdapter => Model != None;

    /// <summary>How much a reference weighs, by consistency mode.</summary>
    public static IReadOnlyDictionary<ConsistencyMode, double> Weights { get; } =
        new Dictionary<ConsistencyMode, double> { [ConsistencyMode.Strict] = 0.9, [ConsistencyMode.Balanced] = 0.6, [ConsistencyMode.Loose] = 0.3 };

    /// <summary>The unit for a kind of checkpoint; null where the server has none that fits.</summary>
    public static ControlUnit? For(string basis, IReadOnlyList<string> modules, IReadOnlyList<string> models)
    {
        if (basis is "flux" or "sd3")
            return null;
        bool large = basis == "sdxl";
        string? model = models
            .Where(m => (Checkpoint.Has(m, "ip-adapter") || Checkpoint.Has(m, "ip_adapter")) && !Checkpoint.Has(m, "face") && Checkpoint.Has(m, "xl") == large)
            .OrderByDescending(m => Checkpoint.Has(m, "plus")).FirstOrDefault();
        // The small vision model serves SD 1.5 and those of SDXL that say so (vit-h, plus); the great one the rest.
        bool small = model is not null && (!large || Checkpoint.Has(model, "vit-h") || Checkpoint.Has(model, "vit_h") || Checkpoint.Has(model, "plus"));
        string[] vision = !small ? ["ip-adapter_clip_g", "ip-adapter_clip_sdxl", "CLIP-ViT-bigG (IPAdapter)"]
            : large ? ["ip-adapter_clip_sdxl_plus_vith", "CLIP-ViT-H (IPAdapter)"]
            : ["ip-adapter_clip_h", "ip-adapter_clip_sd15", "CLIP-ViT-H (IPAdapter)"];
        if (model is not null && vision.Prepend("ip-adapter-auto").FirstOrDefault(modules.Contains) is { } module)
            return new ControlUnit(module, model);
        return modules.Contains("reference_only") ? new ControlUnit("reference_only", None) : null;
    }
}
