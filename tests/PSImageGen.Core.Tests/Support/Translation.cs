using System.Text.Json.Nodes;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Tests.Support;

/// <summary>A vendor's translation by itself: calls go in, messages come out; answers go in, meanings come out.</summary>
internal static class Translation
{
    public static ProviderCall Call(Provider provider, string? model = null, RequestDraft? draft = null, params string?[] uploads)
    {
        ImageRequest request = new(ImageOperation.Generate, draft ?? new RequestDraft { Prompt = "a fox" });
        ModelRow row = model is null ? provider.Catalogue.DefaultFor(ImageOperation.Generate)!
            : provider.Catalogue.Find(model) ?? ModelRow.Uncharted(model, provider.Catalogue.DefaultFor(ImageOperation.Generate)!);
        return new ProviderCall(new CallShape(provider.Profile.Id, row, request), Math.Min(request.Count, row.MaxPerCall), request.Seed, request.ReferenceImages,
            [.. request.ReferenceImages.Select((_, i) => uploads.ElementAtOrDefault(i))]);
    }

    public static JsonObject Body(VendorRequest request) => (JsonObject)((RequestBody.Json)request.Body).Root;

    public static VendorAnswer Answer(string json, int status = 200, int parts = 0, params (string Name, string Value)[] headers) =>
        new(status, headers.ToDictionary(h => h.Name, h => h.Value, StringComparer.OrdinalIgnoreCase), JsonNode.Parse(json), null, parts);

    /// <summary>What the order costs by the catalogue.</summary>
    public static decimal? Price(Provider provider, string model, RequestDraft? draft = null) => provider.Price(Call(provider, model, draft).Shape).AmountMax;
}
