using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Images;
using PSImageGen.FakeProviders.Log;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.OwnServers;

/// <summary>A call of <c>txt2img</c> or <c>img2img</c> found to be in order.</summary>
internal sealed class A1111Body
{
    private readonly A1111Fields _fields;

    private A1111Body(A1111Fields fields)
    {
        _fields = fields;
    }

    public string Prompt => _fields.Text("prompt") ?? "";

    public long Seed => _fields.Integer("seed", -1);

    public long Steps => _fields.Integer("steps", 50);

    public int Pictures { get; private init; }

    // Whatever goes in: what is not said is 512, and what is no multiple of 8 becomes one.
    public int Width => (int)(_fields.Integer("width", 512) / 8 * 8);

    public int Height => (int)(_fields.Integer("height", 512) / 8 * 8);

    public string? Checkpoint { get; private init; }

    /// <summary>Units of ControlNet that were read.</summary>
    public int Units { get; private init; }

    public static A1111Body Read(JsonElement? root, RequestRecord record, bool fromPicture, A1111Vendor vendor)
    {
        A1111Fields fields = new(root, fromPicture ? A1111Fields.ImageToImage : A1111Fields.TextToImage);
        if (fields.Text("sampler_name") is { } sampler && !A1111Vendor.Samplers.Contains(sampler))
            throw A1111Vendor.Refused(400, "Sampler not found");
        if (fields.Number("denoising_strength", 0.75) is < 0 or > 1)
            throw new RefusedException(vendor.ErrorFor(500, "AssertionError"));
        int batch = (int)fields.Integer("batch_size", 1), rounds = (int)fields.Integer("n_iter", 1);
        if (batch < 1 || rounds < 1)
            throw new RefusedException(vendor.ErrorFor(500, "ValueError"));
        if (fromPicture)
            CheckPictures(fields, record, batch);
        return new A1111Body(fields)
        {
            Pictures = batch * rounds,
            Checkpoint = fields.Element("override_settings") is { } settings && settings.TryGetProperty("sd_model_checkpoint", out JsonElement name) ? name.GetString() : null,
            Units = fields.Element("alwayson_scripts") is { } scripts ? CountUnits(scripts, record, vendor) : 0,
        };
    }

    /// <summary>The call as it is told back, its pictures left out but for those in scripts.</summary>
    public JsonObject Echo()
    {
        JsonObject echo = _fields.Echo();
        (echo["init_images"], echo["mask"]) = (null, null);
        return echo;
    }

    private static void CheckPictures(A1111Fields fields, RequestRecord record, int batch)
    {
        if (fields.Element("init_images") is not { } list || list.GetArrayLength() == 0)
            throw A1111Vendor.Refused(404, "Init image not found");
        if (list.GetArrayLength() > batch)
            throw A1111Vendor.Refused(500, $"bad number of images passed: {list.GetArrayLength()}; expecting {batch} or less");
        ImageFacts source = list.EnumerateArray().Select(i => A1111Fields.Picture(i.GetString() ?? "", record, "init_images")).First();
        if (fields.Text("mask") is not { } mask)
            return;
        // The original scales it without a word, and the wrong part is painted over.
        ImageFacts white = A1111Fields.Picture(mask, record, "mask");
        if ((white.Width, white.Height) != (source.Width, source.Height))
            throw A1111Fields.Invalid("mask", "the mask has another size than the picture");
    }

    private static int CountUnits(JsonElement scripts, RequestRecord record, A1111Vendor vendor)
    {
        int units = 0;
        foreach (JsonProperty script in scripts.EnumerateObject())
        {
            if (!string.Equals(script.Name, "controlnet", StringComparison.OrdinalIgnoreCase) || vendor.ControlNet == 0)
                throw A1111Vendor.Refused(422, $"Script '{script.Name}' not found");
            foreach (JsonElement unit in script.Value.GetProperty("args").EnumerateArray())
            {
                A1111Fields fields = new(unit, A1111Fields.Unit);
                // Names it does not know, and a unit that is not switched on, are passed over: the picture is made without.
                if (fields.Flag("enabled", false) && vendor.Modules.Contains(fields.Text("module") ?? "none") && vendor.Models.Contains(fields.Text("model") ?? "None")
                    && fields.Number("weight", 1) is >= 0 and <= 2 && fields.Text("image") is { } image)
                {
                    A1111Fields.Picture(image, record, "controlnet");
                    units++;
                }
            }
        }

        return units;
    }
}
