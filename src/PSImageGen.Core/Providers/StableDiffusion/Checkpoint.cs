namespace PSImageGen.Core.Providers.StableDiffusion;

/// <summary>What the name of a checkpoint suggests: the servers do not say what it was made from.</summary>
internal static class Checkpoint
{
    private static readonly string[] Large = ["xl", "pony", "illustrious", "noob", "sd3"];
    private static readonly string[] Small = ["v1-4", "v1-5", "v1.5", "v1_5", "sd1", "sd-1", "sd_1", "sd-v1", "15"];

    // Only these: the end of "sd_xl_base_1.0" is none.
    private static readonly string[] Extensions = [".safetensors", ".ckpt", ".pth", ".pt", ".sft", ".gguf", ".bin"];

    /// <summary><c>flux</c>, <c>sd3</c>, <c>sdxl</c>, <c>sd15</c> or <c>unknown</c>.</summary>
    public static string Base(string name) =>
        Has(name, "flux") ? "flux"
        : Has(name, "sd3") ? "sd3"
        : Large.Any(word => Has(name, word)) ? "sdxl"
        : Small.Any(word => Has(name, word)) ? "sd15"
        : "unknown";

    /// <summary>The size it was trained on.</summary>
    public static string Size(string name) => Base(name) == "sd15" ? "512x512" : Has(name, "768") ? "768x768" : "1024x1024";

    /// <summary>Whether it was trained to fill holes, and does little else well.</summary>
    public static bool Inpaints(string name) => Has(name, "inpaint") || Has(name, "fill");

    /// <summary>Whether it only works on what another made.</summary>
    public static bool Refines(string name) => Has(name, "refiner");

    /// <summary>A name without folder, hash and extension: <c>dir/model.safetensors [abc123]</c> is <c>model</c>.</summary>
    public static string Bare(string title)
    {
        string name = title.EndsWith(']') && title.LastIndexOf(" [", StringComparison.Ordinal) is > 0 and var hash ? title[..hash] : title;
        name = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        return Extensions.FirstOrDefault(e => name.EndsWith(e, StringComparison.OrdinalIgnoreCase)) is { } extension ? name[..^extension.Length] : name;
    }

    /// <summary>Whether a name holds a word, whatever its case.</summary>
    public static bool Has(string name, string word) => name.Contains(word, StringComparison.OrdinalIgnoreCase);
}
