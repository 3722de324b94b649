using System.Text.Json.Nodes;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Tests.Support;

/// <summary>A vendor's translation by itself: calls go in, messages come out; answers go in, meanings come out.</summary>
internal static class Translation
{
    public static ProviderCall Call(Provider provider, string? model = null, RequestDraft? draft = null, params string?[] uploads) =>
        Call(provider, ImageOperation.Generate, model, draft, uploads);

    /// <summary>The call for a request, each input standing for itself or for its upload.</summary>
    public static ProviderCall Call(Provider provider, ImageOperation operation, string? model = null, RequestDraft? draft = null, params string?[] uploads)
    {
        ImageRequest request = new(operation, draft ?? new RequestDraft { Prompt = "a fox" });
        ModelRow usual = provider.Catalogue.DefaultFor(request)!;
        return Call(provider, model is null ? usual : provider.Catalogue.Find(model) ?? ModelRow.Uncharted(model, usual) with { AskedLike = usual.Id }, request, uploads);
    }

    /// <summary>The call for a request at a model, be it one of the catalogue or one told at run time.</summary>
    public static ProviderCall Call(Provider provider, ModelRow row, ImageRequest request, params string?[] uploads)
    {
        CallShape shape = new(provider.Profile.Id, row, request);
        return new ProviderCall(shape, Math.Min(request.Count, shape.PerOrder), request.Seed,
            [.. shape.Inputs.Select((input, i) => new CallInput(i, input.Role, input.Image, uploads.ElementAtOrDefault(i)))])
        { ClientId = "00000000-0000-4000-8000-000000000001" };
    }

    public static JsonObject Body(VendorRequest request) => (JsonObject)((RequestBody.Json)request.Body).Root;

    public static VendorAnswer Answer(string json, int status = 200, int parts = 0, params (string Name, string Value)[] headers) =>
        new(status, headers.ToDictionary(h => h.Name, h => h.Value, StringComparer.OrdinalIgnoreCase), JsonNode.Parse(json), null, parts);

    /// <summary>What the order costs by the catalogue.</summary>
    public static decimal? Price(Provider provider, string model, RequestDraft? draft = null) => provider.Price(Call(provider, model, draft).Shape).AmountMax;
}
