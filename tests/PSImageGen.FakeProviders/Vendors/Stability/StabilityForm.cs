using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Images;
using PSImageGen.FakeProviders.Inputs;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.Stability;

/// <summary>Reads the form of an order and looks for every fault in it.</summary>
internal static class StabilityForm
{
    private const long LargestRequest = 10L << 20;
    private const int LongestText = 10_000;
    private const string FilePrefix = "part:";

    private static readonly string[] Texts = ["prompt", "negative_prompt", "search_prompt", "select_prompt", "background_prompt", "foreground_prompt"];

    public static async Task<InputCheck> ReadAsync(Exchange exchange, StabilityEndpoint endpoint)
    {
        IReadOnlyList<FormPart> parts = await MultipartForm.ReadAsync(exchange) ?? throw StabilityErrors.Bad("content-type: must be multipart/form-data");
        if (exchange.Http.Request.ContentLength > LargestRequest)
            throw StabilityErrors.Refused(413);
        List<string> faults = [];
        var root = new JsonObject();
        for (int i = 0; i < parts.Count; i++)
        {
            FormPart part = parts[i];
            bool isImage = endpoint.Fields.FirstOrDefault(field => field.Name == part.Name)?.Type == InputType.Image;
            if (root.ContainsKey(part.Name))
                faults.Add($"{part.Name}: may be given only once");
            else if (isImage != part.FileName is not null)
                faults.Add($"{part.Name}: must {(isImage ? "" : "not ")}be a file");
            else if (part.Bytes.Length == 0)
                faults.Add($"{part.Name}: must not be empty");
            else
                root[part.Name] = isImage ? FilePrefix + i.ToString(CultureInfo.InvariantCulture) : Value(endpoint, part);
        }

        var input = new InputCheck(endpoint.Fields, JsonSerializer.SerializeToElement(root), exchange.Record, text => Picture(parts[int.Parse(text[FilePrefix.Length..], CultureInfo.InvariantCulture)]));
        faults.AddRange(input.Faults.Select(fault => $"{fault.Field}: {fault.Message}"));
        faults.AddRange(Texts.Where(name => input.Text(name)?.Length > LongestText).Select(name => $"{name}: must be at most {LongestText} characters"));
        foreach (InputField field in endpoint.Fields.Where(field => field.Type == InputType.Image && field.Name != "mask"))
            faults.AddRange(input.Images(field.Name).Select(endpoint.Pixels.FaultOf).OfType<string>().Select(fault => $"{field.Name}: {fault}"));
        if (faults.Count == 0)
            faults.AddRange(Together(endpoint, input));
        if (faults.Count > 0)
            throw StabilityErrors.Bad([.. faults]);
        if (Texts.Any(name => input.Text(name)?.Any(c => char.IsLetter(c) && c > '\u024F') == true))
            throw StabilityErrors.Refused(422);
        return input;
    }

    // Texts of a form have no type: what reads as a number where one belongs is one. No digits are grouped, and the decimal sign is a point.
    private static JsonNode? Value(StabilityEndpoint endpoint, FormPart part) => endpoint.Fields.FirstOrDefault(field => field.Name == part.Name)?.Type switch
    {
        InputType.Integer when long.TryParse(part.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) => number,
        InputType.Number when double.TryParse(part.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => number,
        _ => part.Text,
    };

    private static InputImage Picture(FormPart part)
    {
        // The parts are on the record already, so the bytes stay out of what is found here.
        ImageFacts? facts = ImageProbe.Read(part.Bytes);
        return facts is null ? InputImage.Bad("must be a JPEG, PNG or WebP", "image")
            : part.ContentType != "image/" + facts.Format ? InputImage.Bad($"is a {facts.Format}, but its part says '{part.ContentType}'", "image")
            : new InputImage(facts);
    }

    // What one field demands of another.
    private static IEnumerable<string> Together(StabilityEndpoint endpoint, InputCheck input)
    {
        bool hasImage = input.Images("image").Count > 0, hasStrength = input.Has("strength");
        switch (endpoint.Path)
        {
            case "generate/ultra" when hasImage && !hasStrength:
                yield return "strength: is required with image";
                break;
            case "generate/sd3" when input.Text("mode") == "image-to-image":
                if (!hasImage || !hasStrength)
                    yield return "image and strength: are required in the mode image-to-image";
                if (input.Has("aspect_ratio"))
                    yield return "aspect_ratio: is only valid in the mode text-to-image";
                break;
            case "generate/sd3" when hasImage || hasStrength:
                yield return "image and strength: are only valid in the mode image-to-image";
                break;
            case "edit/inpaint" or "edit/erase" when input.Images("mask").Count == 0 && !input.Images("image")[0].HasAlpha:
                yield return "mask: is required where the image has no alpha channel";
                break;
            case "edit/outpaint" when new[] { "left", "right", "up", "down" }.All(side => input.Integer(side) is null or 0):
                yield return "left, right, up, down: at least one must be above 0";
                break;
            case "edit/replace-background-and-relight":
                if (!input.Has("background_prompt") && input.Images("background_reference").Count == 0)
                    yield return "background_prompt or background_reference: is required";
                if (input.Has("light_source_strength") && !input.Has("light_source_direction") && input.Images("light_reference").Count == 0)
                    yield return "light_source_strength: needs light_source_direction or light_reference";
                break;
        }
    }
}
