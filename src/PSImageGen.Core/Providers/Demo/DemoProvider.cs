using System.Globalization;
using System.Text.Json.Nodes;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Providers.Demo;

/// <summary>The rehearsal: offline, free, and the same picture for the same prompt, seed and size. Its vendor lives in this process.</summary>
public sealed class DemoProvider : Provider
{
    /// <inheritdoc/>
    public override ProviderProfile Profile { get; } = new()
    {
        Id = "Demo",
        DisplayName = "Demo (offline)",
        BaseUrl = new Uri("https://demo.invalid"),
        Free = true,
        OnlyWhenNamed = true,
        Synchronous = true,
        Deterministic = true,
        Handler = () => new DemoVendor(),
    };

    /// <inheritdoc/>
    public override VendorRequest Submit(ProviderCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        JsonObject body = new()
        {
            ["prompt"] = call.Shape.Prompt,
            ["seed"] = call.Seed,
            ["width"] = call.Shape.Size!.Value.Width,
            ["height"] = call.Shape.Size.Value.Height,
        };
        if (call.Inputs.Count > 0)
            body["references"] = new JsonArray([.. call.Inputs.Select((_, i) => InlineImage.Base64(i))]);
        return VendorRequest.Post("paint", new RequestBody.Json(body)) with { Accept = "image/png" };
    }

    /// <inheritdoc/>
    public override SubmitAnswer ReadSubmit(ProviderCall call, VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        long? seed = long.TryParse(answer.Header(DemoVendor.SeedHeader), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
        return new SubmitAnswer.Finished([new Picture { Part = 0, Seed = seed }]);
    }
}
