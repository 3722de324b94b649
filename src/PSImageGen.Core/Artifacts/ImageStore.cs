using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using PSImageGen.Core.Artifacts.Metadata;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Tasks;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Artifacts;

/// <summary>Brings a whole, checked picture from its part file to the folder where people look for it.</summary>
internal static class ImageStore
{
    private static readonly object Naming = new();

    /// <summary>Checks a part file and gives it its final name. Picks up where a killed process left off.</summary>
    /// <param name="entry">The run.</param>
    /// <param name="task">The order that brought it.</param>
    /// <param name="item">Its place among that order's pictures.</param>
    /// <param name="picture">The picture as it was announced.</param>
    /// <param name="from">Whom it came from.</param>
    /// <param name="warn">Told what is not as it should be, though the picture is there.</param>
    /// <returns>False when the part is no whole picture.</returns>
    /// <exception cref="AIImageException"><c>ArtifactWriteFailed</c>: the part is kept.</exception>
    public static bool TryPlace(RunEntry entry, int task, int item, Picture picture, Endpoint from, Action<string> warn)
    {
        try
        {
            return Place(entry, task, item, picture, existing => Remember(existing, entry.Record, task, item, picture, from, warn));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.CannotWrite(entry.Folder.OutputDirectory, e);
        }
    }

    /// <summary>Gives the partial picture of a task that has just arrived a name beside the pictures: <c>Name.partial-1.png</c>. It is on no record.</summary>
    /// <returns>Its path; null when it is no whole picture.</returns>
    /// <exception cref="IOException">It could not be written, and is deleted.</exception>
    public static string? PlacePartial(RunEntry entry, int task)
    {
        string part = entry.Folder.PartialPart(task);
        string? arrived = entry.Folder.Existing(part);
        try
        {
            if (arrived is null || Identify(arrived) is not { Complete: true } info)
                return null;
            Directory.CreateDirectory(entry.Folder.OutputDirectory);
            string name = entry.Record.Destination.Name + (entry.Record.Requested == 1 ? string.Empty : $"-{NumberOf(entry.Record, task, 0)}");
            for (int i = 1; ; i++)
            {
                string path = Path.Combine(entry.Folder.OutputDirectory, string.Create(CultureInfo.InvariantCulture, $"{name}.partial-{i}.{info.Extension}"));
                lock (Naming)
                {
                    if (Path.Exists(path))
                        continue;
                    File.Move(arrived, path, overwrite: false);
                    return path;
                }
            }
        }
        finally
        {
            if (arrived is not null)
                AtomicFile.TryDelete(arrived);
        }
    }

    private static ImageInfo? Identify(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        return ImageProbe.Identify(file);
    }

    private static void Remember(string path, RunRecord record, int task, int item, Picture picture, Endpoint from, Action<string> warn)
    {
        if (record.Metadata == MetadataMode.None)
            return;
        JsonObject facts = PictureFacts.Of(record, task, item, picture, from.Credential?.Secrets ?? []);
        if (MetadataWriter.Apply(path, facts, painted: from.Profile.Handler is not null) is { } reason)
            warn(Words.Of($"How a picture of run '{record.RunId}' was made could not be written into its file ({reason}). The picture is whole, and its record tells the same."));
    }

    private static bool Place(RunEntry entry, int task, int item, Picture picture, Action<string> remember)
    {
        string part = picture.Part is { } embedded ? entry.Folder.EmbeddedPart(task, embedded) : entry.Folder.DownloadedPart(task, item);
        ImageRecord? planned = entry.Record.Images.FirstOrDefault(i => i.Task == task && i.Item == item);
        if (entry.Folder.Existing(part) is not { } existing)
            return planned is not null && IsThere(planned);

        Pixels.ExactSize.Apply(existing, entry.Record.Tasks[task].ExactSize);
        remember(existing);
        ImageInfo? info;
        string hash;
        using (FileStream file = new(existing, FileMode.Open, FileAccess.Read, FileShare.Read))
        {
            info = ImageProbe.Identify(file);
            if (info is not { Complete: true })
                return false;
            file.Position = 0;
            hash = HexHash(file);
        }

        ImageRecord image = new()
        {
            Path = string.Empty,
            Url = picture.Url is { IsAbsoluteUri: true } link ? link : null,
            Width = info.Width,
            Height = info.Height,
            Format = info.Format,
            Sha256 = hash,
            Seed = picture.Seed,
            ExpiresAt = picture.ExpiresAt,
            Task = task,
            Item = item,
        };
        Directory.CreateDirectory(entry.Folder.OutputDirectory);
        if (existing != part)
            BringBack(existing, part);

        // The name is on record before the file has it, so that a process killed in between leaves no file that nobody knows.
        try
        {
            return Move(entry, part, image, Names(entry, task, item, info.Extension, entry.Record.Destination.Name));
        }
        catch (Exception e) when (e is PathTooLongException or NotSupportedException or ArgumentException)
        {
            // A name this disk does not take is no reason to lose a picture that is paid for: the run's own always works.
            return Move(entry, part, image, Names(entry, task, item, info.Extension, entry.Record.RunId));
        }
    }

    private static bool Move(RunEntry entry, string part, ImageRecord image, IEnumerable<string> names)
    {
        foreach (string path in names)
        {
            lock (Naming)
            {
                if (Path.Exists(path))
                    continue;
                entry.Update(r => WithImage(r, image with { Path = path }));
                try
                {
                    File.Move(part, path, overwrite: false);
                    return true;
                }
                catch (IOException) when (Path.Exists(path) && File.Exists(part))
                {
                    // Another process took the name first.
                }
            }
        }

        return false;
    }

    // A picture that was saved on another disk comes home by copy, whole or not at all.
    private static void BringBack(string rescued, string part)
    {
        try
        {
            File.Copy(rescued, part, overwrite: true);
            AtomicFile.TryDelete(rescued);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            AtomicFile.TryDelete(part);
            throw Errors.KeptElsewhere(rescued, e);
        }
    }

    private static RunRecord WithImage(RunRecord record, ImageRecord image) => record with
    {
        Images = [.. record.Images.Where(i => i.Task != image.Task || i.Item != image.Item).Append(image).OrderBy(i => i.Task).ThenBy(i => i.Item)],
    };

    private static bool IsThere(ImageRecord image)
    {
        if (!File.Exists(image.Path))
            return false;
        using FileStream file = new(image.Path, FileMode.Open, FileAccess.Read, FileShare.Read);
        return HexHash(file) == image.Sha256;
    }

    // Name.png for one picture, Name-1.png … for several; a name that is taken gives the next free number.
    private static IEnumerable<string> Names(RunEntry entry, int task, int item, string extension, string name)
    {
        RunRecord record = entry.Record;
        int first = NumberOf(record, task, item);
        string At(string suffix) => Path.Combine(entry.Folder.OutputDirectory, name + suffix + "." + extension);
        if (record.Requested == 1)
        {
            yield return At(string.Empty);
            first = 1;
        }

        for (int i = first; i < int.MaxValue; i++)
            yield return At("-" + i.ToString(CultureInfo.InvariantCulture));
    }

    // The position of a picture among all that were asked for, from 1.
    private static int NumberOf(RunRecord record, int task, int item) =>
        record.Tasks.Take(task).Where(t => t.Provider == record.Tasks[task].Provider).Sum(t => t.Count) + item + 1;

    private static string HexHash(Stream stream) => Convert.ToHexString(SHA256.HashData(stream)).ToLowerInvariant();
}
