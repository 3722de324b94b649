using System.Globalization;
using System.Text.Json.Nodes;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Providers.Demo;

/// <summary>The rehearsal: offline, free, and the same picture for the same prompt, seed, size and inputs. Its vendor lives in this process.</summary>
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
            ["operation"] = call.Shape.Request.Operation.ToString(),
            ["prompt"] = call.Shape.Prompt,
            ["seed"] = call.Seed,
        };
        void Set(string name, JsonNode? value)
        {
            if (value is not null)
                body[name] = value;
        }

        Set("width", call.Shape.Size?.Width);
        Set("height", call.Shape.Size?.Height);
        Set("strength", call.Shape.Strength);
        Set("scale", call.Shape.Scale);
        if (!call.Shape.Margins.IsEmpty)
            body["margins"] = new JsonObject { ["left"] = call.Shape.Margins.Left, ["right"] = call.Shape.Margins.Right, ["up"] = call.Shape.Margins.Up, ["down"] = call.Shape.Margins.Down };
        foreach (CallInput input in call.Inputs.Where(i => i.Role != ImageRole.Reference))
            body[input.Role.ToString().ToLowerInvariant()] = InlineImage.Base64(input.Index);
        if (call.Input(ImageRole.Reference) is not null)
            body["references"] = new JsonArray([.. call.InputsOf(ImageRole.Reference).Select(i => InlineImage.Base64(i.Index))]);
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
