using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PSImageGen.Core.Wire;

/// <summary>
/// Reads a vendor's JSON answer while it arrives and decodes the pictures in it on the way, so that no picture is ever held whole:
/// some 64 KB of buffers, whatever the picture's size, and the rest of the document.
/// </summary>
public static class EmbeddedImageReader
{
    /// <summary>What stands in the returned document in place of a picture begins with this; its index follows: <c>part:0</c>.</summary>
    public const string PartPrefix = "part:";

    private const int MaxDepth = 128;
    private const int ReadSize = 32 * 1024;

    /// <summary>
    /// Reads one JSON document to its end. Decoded into a stream of its own is every base64 string that is the value of a property
    /// named in <paramref name="imageFields"/> or stands in an array there, and every <c>data:image/…;base64,</c> string anywhere.
    /// In the document each becomes <c>part:{index}</c>; see <see cref="EmbeddedDocument.PartIndex"/>.
    /// </summary>
    /// <remarks>
    /// Null, empty and non-string values and http(s) links are left as they are. Base64 may be unpadded, URL-safe, broken into lines and
    /// JSON-escaped. A data URL outside the image fields that turns out not to be base64 (a shortened echo of the request, say) is cut after
    /// its comma, and its part is referred to by nothing; in an image field that is an error. Of equal property names the last one counts.
    /// After an exception the parts opened so far are closed, and the caller's to delete.
    /// </remarks>
    /// <param name="json">UTF-8, with or without a byte order mark; not disposed.</param>
    /// <param name="imageFields">Property names, compared ordinally after unescaping.</param>
    /// <param name="openPart">Opens where the picture of that index goes, counted from 0 in document order; disposed when the string ends.</param>
    /// <param name="maxPartBytes">The most decoded bytes of one picture.</param>
    /// <param name="maxJsonBytes">The most bytes of the document without its pictures.</param>
    /// <param name="cancel">Stops reading and writing.</param>
    /// <exception cref="EndOfStreamException">The document ends too early, or there is none.</exception>
    /// <exception cref="JsonException">It is not JSON, or nested more than 128 deep.</exception>
    /// <exception cref="InvalidDataException">An image field holds no base64, or a limit is exceeded.</exception>
    public static async Task<EmbeddedDocument> ReadAsync(
        Stream json, IReadOnlySet<string> imageFields, Func<int, Stream> openPart, long maxPartBytes, long maxJsonBytes, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(imageFields);
        ArgumentNullException.ThrowIfNull(openPart);

        using var text = new MemoryStream();
        var part = new EmbeddedPartWriter(openPart, maxPartBytes);
        var scanner = new EmbeddedImageScanner(imageFields, text, part, maxJsonBytes, MaxDepth);
        var buffer = new byte[ReadSize];
        try
        {
            int read;
            while ((read = await json.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0)
            {
                for (var at = 0; at < read;)
                {
                    at += scanner.Scan(buffer.AsSpan(at, read - at));
                    if (part.IsFull || scanner.AtPictureEnd)
                        await part.FlushAsync(cancel).ConfigureAwait(false);
                    if (scanner.AtPictureEnd)
                        scanner.FinishPicture(await part.CloseAsync().ConfigureAwait(false));
                }
            }
            return new EmbeddedDocument(Parse(text.GetBuffer().AsMemory(0, (int)text.Length), scanner.IsComplete), part.Count);
        }
        catch
        {
            await part.AbandonAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Parses a whole document, tolerant of names that come twice and of texts that are not quite Unicode.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    internal static JsonNode? Parse(ReadOnlyMemory<byte> text, bool isComplete)
    {
        if (!isComplete)
        {
            // What is wrong already is malformed, not cut off.
            var reader = new Utf8JsonReader(text.Span, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = MaxDepth }));
            while (reader.Read())
            {
            }
            throw new EndOfStreamException("The JSON answer ends before its document is complete.");
        }
        using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth });
        try
        {
            return Build(document.RootElement.Clone());
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("The JSON answer has a property name that is not valid Unicode.", e);
        }
    }

    // Not JsonNode.Parse, whose nodes throw when used if a property name comes twice or a text holds half a surrogate pair:
    // neither is a reason to lose a picture.
    private static JsonNode? Build(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var properties = new JsonObject();
                foreach (var property in element.EnumerateObject())
                    properties[property.Name] = Build(property.Value);
                return properties;
            case JsonValueKind.Array:
                var items = new JsonArray();
                foreach (var item in element.EnumerateArray())
                    items.Add(Build(item));
                return items;
            case JsonValueKind.String when !IsUnicode(element):
                return JsonValue.Create("\uFFFD");
            default:
                return JsonValue.Create(element);
        }
    }

    private static bool IsUnicode(JsonElement element)
    {
        try
        {
            return element.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}

/// <summary>A JSON answer whose pictures went into parts.</summary>
/// <param name="Root">The document; null when it is the JSON value null.</param>
/// <param name="PartCount">How many parts were opened; their indexes are 0 to <c>PartCount - 1</c>.</param>
public sealed record EmbeddedDocument(JsonNode? Root, int PartCount)
{
    /// <summary>
    /// The index of the part that stands for this value, or null where it is anything else. A vendor that writes <c>part:0</c> itself
    /// refers to a picture of its own answer and to nothing else: indexes of parts that were not opened give null.
    /// </summary>
    public int? PartIndex(JsonNode? value) =>
        value is JsonValue && value.GetValueKind() == JsonValueKind.String
        && value.GetValue<string>() is var text && text.StartsWith(EmbeddedImageReader.PartPrefix, StringComparison.Ordinal)
        && int.TryParse(text.AsSpan(EmbeddedImageReader.PartPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
        && index < PartCount
            ? index
            : null;
}
