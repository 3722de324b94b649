using System.Text.Json.Nodes;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tests.Support;

namespace PSImageGen.Core.Tests.Contracts;

/// <summary>What can be asked of a model: each value of each parameter by itself, then many of them together.</summary>
internal static class Combinations
{
    private const int Rounds = 24;

    /// <summary>All calls of an operation that are not refused here, with what was asked for.</summary>
    public static IEnumerable<(RequestDraft Draft, ProviderCall Call)> Of(Provider provider, ModelRow row, ImageOperation operation)
    {
        RequestDraft plain = Plain(row, operation);
        Func<RequestDraft, RequestDraft>[][] parameters = [.. Parameters(provider, row, operation).Where(p => p.Length > 0)];
        foreach (RequestDraft draft in parameters.SelectMany(p => p.Select(set => set(plain))).Prepend(plain))
        {
            if (Call(provider, row, operation, draft) is { } call)
                yield return (draft, call);
        }

        for (int round = 0; round < Rounds; round++)
        {
            (RequestDraft Draft, ProviderCall Call)? together = null;
            for (int i = 0; i < parameters.Length; i++)
            {
                RequestDraft draft = parameters[i][((round * (i + 1)) + i) % parameters[i].Length](together?.Draft ?? plain);
                if (Call(provider, row, operation, draft) is { } call)
                    together = (draft, call);
            }

            if (together is { } all)
                yield return all;
        }
    }

    private static ProviderCall? Call(Provider provider, ModelRow row, ImageOperation operation, RequestDraft draft)
    {
        try
        {
            ProviderCall call = Translation.Call(provider, row, new ImageRequest(operation, draft));
            return call with { Inputs = [.. call.Inputs.Select(i => i with { Upload = provider.NeedsUpload(row, i.Image) ? $"uploaded-{i.Index}.png" : null })] };
        }
        catch (AIImageException)
        {
            return null;
        }
    }

    private static RequestDraft Plain(ModelRow row, ImageOperation operation)
    {
        RequestDraft draft = SamplePictures.Draft(operation, row.NeedsImage && operation == ImageOperation.Generate ? 1 : 0);
        JsonObject needed = new(row.Options.Where(o => o.Value.Required).Select(o => KeyValuePair.Create(o.Key, Values(o.Value).First())));
        return needed.Count > 0 ? draft with { ProviderOptions = needed } : draft;
    }

    private static IEnumerable<Func<RequestDraft, RequestDraft>[]> Parameters(Provider provider, ModelRow row, ImageOperation operation)
    {
        yield return [.. Frames(row, operation)];
        yield return [.. row.Qualities.Select(q => Set(d => d with { Quality = q }))];
        yield return [.. Enum.GetValues<ImageFormat>().Select(f => Set(d => d with { Format = f }))];
        yield return [.. Enum.GetValues<ImageBackground>().Select(b => Set(d => d with { Background = b }))];
        yield return [.. new[] { 2, row.MaxPerCall, row.MaxPerCall + 1 }.Select(n => Set(d => d with { Count = n }))];
        yield return [.. new[] { row.MinSeed, 42, row.MaxSeed }.Select(s => Set(d => d with { Seed = s }))];
        yield return [.. new[] { 0, 0.35, 1 }.Select(s => Set(d => d with { Strength = s }))];
        yield return [Set(d => d with { NegativePrompt = "fog, people" })];
        yield return [Set(d => d with { Style = "watercolour" })];
        yield return [Set(d => d with { Prompt = "“naïve” 🦊 \"quoted\"\n\\ and 100 %" }), Set(d => d with { Prompt = new string('a', row.MaxPrompt ?? 5000) }), Set(d => d with { Prompt = "x" })];
        yield return [.. from mode in Enum.GetValues<ConsistencyMode>()
                         from count in new[] { 1, 2, row.MaxReferences, row.MaxReferences - 1, row.MaxReferences - 2 }.Where(c => c > 0).Distinct()
                         select Set(d => d with { ConsistencyMode = mode, ReferenceImages = [.. Enumerable.Repeat(SamplePictures.Reference, count)] })];
        yield return [Set(d => d with { SavePartials = true })];
        if (provider.TakesLinks(row))
            yield return [Set(d => d with { Image = d.Image is null ? null : "https://example.com/source.png", ReferenceImages = d.ReferenceImages is null ? null : ["https://example.com/reference.png"] })];
        foreach ((string name, OptionRule rule) in row.Options)
        {
            yield return [.. Values(rule).Select(value => Set(d =>
            {
                JsonObject options = (JsonObject?)d.ProviderOptions?.DeepClone() ?? [];
                options[name] = value?.DeepClone();
                return d with { ProviderOptions = options };
            }))];
        }
    }

    private static IEnumerable<Func<RequestDraft, RequestDraft>> Frames(ModelRow row, ImageOperation operation)
    {
        if (operation == ImageOperation.Upscale)
            return new[] { 2, 4 }.Select(s => Set(d => d with { Scale = s }));
        IEnumerable<string> ratios = (row.Sizes?.Ratios ?? []).Concat(["1:1", "16:9", "9:16", "21:9", "3:2", "1:3"]).Distinct();
        if (operation == ImageOperation.Outpaint)
        {
            RequestDraft Without(RequestDraft d) => d with { Left = null, Down = null };
            return [
                .. new[] { 16, 2048 }.SelectMany(n => new[] { Set(d => d with { Left = n, Right = n, Up = n, Down = n }), Set(d => Without(d) with { Up = n }), Set(d => Without(d) with { Right = n }) }),
                .. new[] { "1024x1024", "192x128" }.Select(s => Set(d => Without(d) with { Size = s })),
                .. ratios.Select(r => Set(d => Without(d) with { AspectRatio = r })),
            ];
        }

        // The ends of what there is, and what lies between.
        IEnumerable<string> sizes = (row.Sizes?.List ?? []).Concat(new[] { new ImageSize(1, 1), new(1000, 1000), new(4096, 4096), new(4096, 512), new(512, 4096) }
            .Select(wish => row.Sizes?.Nearest(wish)?.ToString()).OfType<string>()).Distinct();
        return [
            .. sizes.Select(s => Set(d => d with { Size = s })),
            .. ratios.Select(r => Set(d => d with { AspectRatio = r })),
            .. new[] { "1K", "2K", "4K" }.SelectMany(k => new[] { Set(d => d with { Resolution = k }), Set(d => d with { Resolution = k, AspectRatio = "16:9" }) }),
        ];
    }

    private static IEnumerable<JsonNode?> Values(OptionRule rule) => rule.Type switch
    {
        "boolean" => [true, false],
        "string" => rule.Values.Count > 0 ? rule.Values.Select(v => (JsonNode?)v) : ["some words, more words"],
        "integer" => new[] { rule.Min ?? 0, Math.Floor(((rule.Min ?? 0) + (rule.Max ?? 100)) / 2), rule.Max ?? 100 }.Select(v => (JsonNode?)(long)v),
        _ => new[] { rule.Min ?? 0, ((rule.Min ?? 0) + (rule.Max ?? 10)) / 2, rule.Max ?? 10 }.Select(v => (JsonNode?)v),
    };

    private static Func<RequestDraft, RequestDraft> Set(Func<RequestDraft, RequestDraft> set) => set;
}
