using System.Text.Json.Nodes;

namespace PSImageGen.Core.Artifacts.Metadata;

/// <summary>Puts what a picture remembers into its file. The pixels are copied as they are, a few kilobytes at a time.</summary>
internal static class MetadataWriter
{
    private const int BufferSize = 64 * 1024;

    /// <summary>
    /// Replaces a whole picture by the same picture with the facts in it, whole or not at all. A file that has them already, one of a kind that has no place for them, one
    /// that is not whole, and one that its maker signed (C2PA, void if a byte were added) stays as it is.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="facts">What is remembered.</param>
    /// <param name="painted">Whether a program drew it without any training data.</param>
    /// <returns>Why they could not be put in; null when nothing went wrong.</returns>
    public static string? Apply(string path, JsonObject facts, bool painted)
    {
        // Swept away with the other part files if this process dies now.
        string aside = path + ".meta.part";
        try
        {
            using (FileStream input = new(path, FileMode.Open, FileAccess.Read, FileShare.Read))
            {
                if (ImageProbe.Identify(input) is not { Complete: true } info || PictureContainer.Open(input, info.Format) is not { Signed: false } container || Has(container, facts))
                    return null;
                using FileStream output = new(aside, FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
                Copy(input, Pieces(container, facts, painted, info), output);
                output.Flush(flushToDisk: true);
                if (ImageProbe.Identify(output) != info)
                    throw new InvalidDataException(Words.Of("it would not be the same picture any more."));
            }

            File.Move(aside, path, overwrite: true);
            return null;
        }
        catch (Exception e)
        {
            // Whatever goes wrong, a full disk among it: what is paid for is kept as it came.
            Tasks.AtomicFile.TryDelete(aside);
            return Wire.PlainText.Clean(e.Message, 200);
        }
    }

    private static bool Has(PictureContainer container, JsonObject facts) =>
        MetadataReader.Own(container) is { } there && JsonNode.DeepEquals(there, facts);

    private static IReadOnlyList<Piece> Pieces(PictureContainer container, JsonObject facts, bool painted, ImageInfo info)
    {
        List<(string, string)> texts = [];
        if (container.TakesTexts)
        {
            texts.Add((PngContainer.OwnKey, FactsJson.ToLine(facts)));
            if (Parameters.IsFree(container) && Parameters.Of(facts, info) is { } parameters)
                texts.Add((PngContainer.ParametersKey, parameters));
            if (!container.Texts.TryGetValue(PngContainer.SoftwareKey, out string? software) || software.StartsWith(PngContainer.OwnKey, StringComparison.Ordinal))
                texts.Add((PngContainer.SoftwareKey, PictureFacts.Software));
        }

        try
        {
            byte[] xmp = XmpPacket.Write(facts, painted, container.Xmp);
            if (xmp.Length > container.MaxXmp)
                xmp = XmpPacket.Write(facts, painted, container.Xmp, brief: true);
            // A very long prompt: its hash must do.
            if (xmp.Length > container.MaxXmp)
                xmp = XmpPacket.Write(Short(facts), painted, container.Xmp, brief: true);
            return container.With(xmp.Length > container.MaxXmp ? throw new InvalidDataException(Words.Of("there is no room for it.")) : xmp, texts);
        }
        catch (InvalidDataException) when (texts.Count > 0)
        {
            // XMP of a kind that nothing can be put into: the texts say it all.
            return container.With(null, texts);
        }
    }

    private static JsonObject Short(JsonObject facts)
    {
        JsonObject all = (JsonObject)facts.DeepClone();
        all.Remove("prompt");
        all.Remove("request");
        return all;
    }

    private static void Copy(Stream input, IEnumerable<Piece> pieces, Stream output)
    {
        byte[] buffer = new byte[BufferSize];
        foreach (Piece piece in pieces)
        {
            if (piece.Bytes is { } bytes)
            {
                output.Write(bytes);
                continue;
            }

            input.Position = piece.Offset;
            for (long left = piece.Length; left > 0;)
            {
                int read = input.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
                if (read == 0)
                    throw new EndOfStreamException();
                output.Write(buffer, 0, read);
                left -= read;
            }
        }
    }
}
