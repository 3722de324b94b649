using System.Text.Json.Nodes;
using PSImageGen.Core.Planning;

namespace PSImageGen.Core.Providers.StableDiffusion;

/// <summary>The models of an A1111, Forge or SD.Next server: its checkpoints, the loaded one first, and its upscalers, the best guess first.</summary>
internal static class A1111Rows
{
    // What is always there and is no AI; a latent upscaler is none of a finished picture.
    private static readonly string[] Plain = ["None", "Lanczos", "Nearest", "Latent"];

    // Good and fast first; LDSR takes minutes and much memory.
    private static readonly string[] Preferred = ["R-ESRGAN 4x+", "ESRGAN", "SwinIR", "DAT"];

    /// <summary>The rows; none when the server has no checkpoint.</summary>
    public static IReadOnlyList<ModelRow> Of(ServerFacts facts, Catalogue patterns)
    {
        ModelRow checkpoint = patterns.Find("a1111-checkpoint")!, upscaler = patterns.Find("a1111-upscaler")!;
        string loaded = Loose.Text(facts.Json("sdapi/v1/options"), "sd_model_checkpoint") ?? string.Empty;
        JsonNode[] models = [.. ((JsonArray)facts.Json("sdapi/v1/sd-models")!).OfType<JsonObject>().Where(m => Loose.Text(m, "title", "model_name") is not null)];
        // A title gets its hash when the model is first loaded, so that the two may differ by it.
        bool IsLoaded(JsonNode m) => new[] { Loose.Text(m, "title"), Loose.Text(m, "model_name") }.Any(n => n == loaded || (n is not null && Checkpoint.Bare(n) == Checkpoint.Bare(loaded)));
        ModelRow[] checkpoints = [.. models.OrderByDescending(IsLoaded).Select(m => Row(checkpoint, m, facts)).DistinctBy(r => r.Id, StringComparer.OrdinalIgnoreCase)];
        return checkpoints.Length == 0 ? [] : [.. checkpoints, .. Upscalers(upscaler, facts).Where(u => !checkpoints.Any(c => c.IsNamed(u.Id)))];
    }

    private static ModelRow Row(ModelRow pattern, JsonNode model, ServerFacts facts)
    {
        string title = Loose.Text(model, "title", "model_name")!, name = Loose.Text(model, "model_name") ?? title;
        string basis = Checkpoint.Base(title);
        Dictionary<string, string> fields = new(pattern.Fields) { ["checkpoint"] = title, ["base"] = basis };
        Dictionary<string, OptionRule> options = new(pattern.Options);
        if (facts.Names("sdapi/v1/samplers", "name") is { Count: > 0 } samplers)
            options["sampler_name"] = new OptionRule { Type = "string", Values = samplers };
        ModelRow row = pattern with
        {
            Id = name,
            Aliases = title == name ? [] : [title],
            Sizes = pattern.Sizes! with { Default = Checkpoint.Size(title) },
            // Flux works without what a negative prompt needs.
            NegativePrompt = basis != "flux",
            Fields = fields,
            Options = options,
        };
        if (ControlUnit.For(basis, facts.Names("controlnet/module_list", "module_list"), facts.Names("controlnet/model_list", "model_list")) is not { } unit)
        {
            bool installed = facts.Json("controlnet/module_list") is not null;
            return installed ? row with { Needs = pattern.Needs.ToDictionary(n => n.Key, _ => Words.Of("an IP-Adapter model for ControlNet")) } : row;
        }

        (fields["unitModule"], fields["unitModel"]) = (unit.Module, unit.Model);
        return row with
        {
            Operations = [.. row.Operations, ImageOperation.Style],
            Needs = new Dictionary<string, string>(),
            MaxReferences = unit.IsAdapter ? 3 : 1,
            Identity = unit.IsAdapter,
            Weights = ControlUnit.Weights,
        };
    }

    private static IEnumerable<ModelRow> Upscalers(ModelRow pattern, ServerFacts facts)
    {
        string[] names = [.. facts.Names("sdapi/v1/upscalers", "name").Distinct()];
        int Rank(string name) => Preferred.Select((word, i) => (word, i)).Where(p => Checkpoint.Has(name, p.word)).Select(p => p.i)
            .DefaultIfEmpty(Checkpoint.Has(name, "LDSR") ? int.MaxValue : Preferred.Length).First();
        ModelRow Named(string name) => pattern with { Id = name, Fields = new Dictionary<string, string>(pattern.Fields) { ["upscaler"] = name } };
        foreach (string name in names.Where(n => !Plain.Any(p => n.StartsWith(p, StringComparison.OrdinalIgnoreCase))).OrderBy(Rank))
            yield return Named(name);
        foreach (string name in names.Where(n => n is "Lanczos" or "Nearest"))
        {
            yield return Named(name) with
            {
                Operations = [],
                Emulates = new Dictionary<string, string> { [nameof(ImageOperation.Upscale)] = Words.Of($"enlarged by plain arithmetic ({name}), without AI: it becomes larger, not sharper") },
            };
        }
    }
}
