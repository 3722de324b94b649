using PSImageGen.Core.Engine;
using PSImageGen.Core.Tasks;

namespace PSImageGen.Core.Artifacts.Gallery;

/// <summary>A picture of a gallery.</summary>
/// <param name="Path">The file.</param>
/// <param name="Run">The run that made it; null where no record tells.</param>
/// <param name="File">The picture among those of the run.</param>
/// <param name="Made">When it was ordered; null where no record tells.</param>
public sealed record GalleryPicture(string Path, ImageResult? Run, ImageFile? File, DateTimeOffset? Made)
{
    /// <summary>The pictures of a run.</summary>
    public static IEnumerable<GalleryPicture> Of(ImageResult run)
    {
        ArgumentNullException.ThrowIfNull(run);
        DateTimeOffset? made = null;
        try
        {
            made = run.RecordPath.Length > 0 ? Ledger.Read(run.RecordPath).Timestamps.Created : null;
        }
        catch (AIImageException)
        {
            // The record was forgotten; the pictures are still there.
        }

        return run.Images.Select(i => new GalleryPicture(i.Path, run, i, made));
    }

    /// <summary>The pictures that the records below a folder know of, the newest first.</summary>
    /// <param name="folder">The folder of the pictures.</param>
    /// <param name="unreadable">Is told of records that cannot be read.</param>
    public static IReadOnlyList<GalleryPicture> In(string folder, Action<AIImageException> unreadable)
    {
        ArgumentNullException.ThrowIfNull(unreadable);
        List<GalleryPicture> pictures = [];
        foreach (string path in Ledger.PathsIn(folder).Reverse())
        {
            try
            {
                RunRecord record = Ledger.Read(path);
                ImageResult run = new RunReport(record, path, null).ToResult();
                pictures.AddRange(run.Images.Select(i => new GalleryPicture(i.Path, run, i, record.Timestamps.Created)));
            }
            catch (AIImageException e)
            {
                unreadable(e);
            }
        }

        return pictures;
    }
}
