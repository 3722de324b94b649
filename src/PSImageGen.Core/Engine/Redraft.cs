using System.Text.Json.Nodes;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tasks;

namespace PSImageGen.Core.Engine;

/// <summary>Makes a request again from its record.</summary>
public static class Redraft
{
    /// <summary>The request for what is still unknown of a run, and whom it went to.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>: nothing of the run is unknown; <c>InvalidImage</c>: a picture that went in is gone or another one now; <c>RecordInvalid</c>.</exception>
    public static (ImageRequest Request, Selection Selection) Of(RunRecord record, string recordPath)
    {
        ArgumentNullException.ThrowIfNull(record);
        int missing = record.UnknownPictures();
        if (missing == 0)
            throw Errors.NothingUnknown(record.RunId, recordPath);
        TaskRecord lost = record.Tasks.First(t => t.Status == ImageTaskStatus.Unknown);
        JsonObject json = record.Request ?? throw Errors.RecordUnreadable(recordPath, null);
        try
        {
            string? Text(string name) => json[name]?.GetValue<string>();
            T? Word<T>(string name)
                where T : struct, Enum => Text(name) is { } word ? Enum.Parse<T>(word, ignoreCase: true) : null;
            RequestDraft draft = new()
            {
                Prompt = Text("prompt"),
                Image = Text("image"),
                Mask = Text("mask"),
                StyleImage = Text("style_image"),
                Strength = (json["strength"] ?? json["variance"])?.GetValue<double>(),
                Scale = json["scale"]?.GetValue<int>(),
                Left = json["margins"]?["left"]?.GetValue<int>(),
                Right = json["margins"]?["right"]?.GetValue<int>(),
                Up = json["margins"]?["up"]?.GetValue<int>(),
                Down = json["margins"]?["down"]?.GetValue<int>(),
                ParentRunId = record.Parents.Select(p => p.RunId).FirstOrDefault(id => id is not null),
                NegativePrompt = Text("negative_prompt"),
                Style = Text("style"),
                Size = Text("size"),
                Resolution = Text("resolution"),
                AspectRatio = Text("aspect_ratio"),
                ExactSize = json["exact_size"]?.GetValue<bool>() ?? false,
                Count = missing,
                Quality = Text("quality"),
                Format = Word<ImageFormat>("format"),
                DefaultQuality = Text("default_quality"),
                DefaultFormat = Word<ImageFormat>("default_format"),
                Background = Word<ImageBackground>("background"),
                Seed = json["seed"]?.GetValue<long>(),
                ReferenceImages = (json["reference_images"] as JsonArray)?.Select(i => i!.GetValue<string>()).ToArray(),
                OptionalReferences = json["optional_references"]?.GetValue<int>() ?? 0,
                ConsistencyMode = Word<ConsistencyMode>("consistency_mode"),
                ProviderOptions = json["provider_options"] as JsonObject,
                SavePartials = json["save_partials"]?.GetValue<bool>() ?? false,
            };
            ImageRequest request = new(record.Operation, draft);
            // The same order again, not one for whatever has taken the place of a picture since.
            if (record.Parents.FirstOrDefault(p => p.Path is not null && p.Sha256 is not null && NewRun.HexHash(p.Path) != p.Sha256) is { } changed)
                throw Errors.ImageReplaced(changed.Path!, record.RunId);
            return (request, new Selection { Provider = lost.Provider, Model = lost.Model });
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or ArgumentException)
        {
            throw Errors.RecordUnreadable(recordPath, e);
        }
    }
}
