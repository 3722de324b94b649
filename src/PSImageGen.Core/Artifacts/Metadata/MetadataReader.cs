using System.Security.Cryptography;
using System.Text.Json.Nodes;
using PSImageGen.Core.Tasks;

namespace PSImageGen.Core.Artifacts.Metadata;

/// <summary>Tells how a picture was made: what its file says, else what the record beside it says.</summary>
public static class MetadataReader
{
    /// <summary>Reads one picture.</summary>
    /// <param name="path">The full path of the file.</param>
    /// <exception cref="AIImageException"><c>InvalidImage</c>: it cannot be read, or is no picture.</exception>
    public static ImageMetadata Read(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            ImageInfo info = ImageProbe.Identify(file) ?? throw Errors.NotAnImage(path);
            string hash = Convert.ToHexString(SHA256.HashData(file)).ToLowerInvariant();
            PictureContainer? container = PictureContainer.Open(file, info.Format);
            (JsonObject? facts, ImageMetadataSource source) = container is null ? (null, ImageMetadataSource.None) : FactsIn(container);
            (RunRecord Record, ImageRecord Image)? kept = Kept(path, hash, FactsJson.Text(facts?["run_id"]));
            if (facts?["prompt"] is null && kept is { } run)
                (facts, source) = (FactsOf(run.Record, run.Image), ImageMetadataSource.Record);
            return FactsText.Of(facts ?? [], kept?.Record) with
            {
                Path = path,
                Format = info.Format,
                Width = info.Width,
                Height = info.Height,
                Sha256 = hash,
                Source = source,
                HasContentCredentials = container?.Signed ?? false,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.ImageUnreadable(path, e);
        }
    }

    /// <summary>The facts that this module wrote into a file; null for none.</summary>
    internal static JsonObject? Own(PictureContainer container) =>
        container.Texts.TryGetValue(PngContainer.OwnKey, out string? text) && FactsJson.Parse(text) is { } facts ? facts
        : container.Xmp is { } packet && XmpPacket.Read(packet) is { } read && IsOwn(read) ? read : null;

    private static bool IsOwn(JsonObject facts) => facts["schema"] is not null;

    private static (JsonObject?, ImageMetadataSource) FactsIn(PictureContainer container)
    {
        if (Own(container) is { } own)
            return (own, ImageMetadataSource.File);
        JsonObject? others = container.Texts.TryGetValue(PngContainer.ParametersKey, out string? parameters) ? Parameters.Read(parameters) : null;
        others ??= container.Xmp is { } packet ? XmpPacket.Read(packet) : null;
        return (others, others is null ? ImageMetadataSource.None : ImageMetadataSource.OtherProgram);
    }

    // The run that made the very file, in the ledger of its folder; by its id where the file tells it, else by the hash.
    private static (RunRecord, ImageRecord)? Kept(string path, string hash, string? runId)
    {
        if (Path.GetDirectoryName(path) is not { } folder)
            return null;
        bool named = runId is not null && Requests.RunOptions.IsId(runId);
        foreach (string record in named ? [new RunFolder(folder, runId!).RecordPath] : Ledger.PathsIn(folder))
        {
            try
            {
                RunRecord run = Ledger.Read(record);
                if (run.Images.FirstOrDefault(i => i.Sha256 == hash) is { } image)
                    return (run, image);
            }
            catch (AIImageException)
            {
                // No record, or a damaged one: it tells nothing.
            }
        }

        return null;
    }

    private static JsonObject? FactsOf(RunRecord record, ImageRecord image) =>
        image.Task < record.Tasks.Count ? PictureFacts.Of(record with { Metadata = MetadataMode.Full }, image.Task, image.Item, new Providers.Picture { Seed = image.Seed }) : null;
}
