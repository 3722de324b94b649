using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.Win32.SafeHandles;

namespace PSImageGen.Core.Wire;

/// <summary>An input picture on disk, as the engine hands it to a request.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="MediaType">What its bytes are: <c>image/png</c>.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="FileName">The name the vendor sees, its extension agreeing with the media type; never the user's own path.</param>
public sealed record InputFile(string Path, string MediaType, long Length, string FileName);

/// <summary>
/// What a provider asks to be sent. Pictures are named by their index among the input files and go from disk to the wire in pieces
/// of 48 KB. One body makes any number of contents.
/// </summary>
public abstract record RequestBody
{
    private RequestBody()
    {
    }

    /// <summary>
    /// The content of one request, its length known; null for <see cref="None"/>, of which <see cref="TrackedContent"/> makes an empty one.
    /// The files are opened here, so that one missing or changed fails before anything is sent, and closed when the content is disposed.
    /// </summary>
    /// <param name="files">The input files the indexes refer to.</param>
    /// <exception cref="IOException">A file cannot be opened, or its size is not that of its <see cref="InputFile"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The body names an input file that is not there.</exception>
    public HttpContent? ToContent(IReadOnlyList<InputFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        if (this is None)
            return null;
        var content = new StreamedContent(files);
        try
        {
            Fill(content);
            return content;
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    /// <summary>The kind of body only: what is in it is nobody's business.</summary>
    public sealed override string ToString() => GetType().Name;

    private protected abstract void Fill(StreamedContent content);

    /// <summary>No body at all.</summary>
    public sealed record None : RequestBody
    {
        private protected override void Fill(StreamedContent content)
        {
        }
    }

    /// <summary>The bytes of one input file under its own media type, as upload links take them.</summary>
    public sealed record File(int Index) : RequestBody
    {
        private protected override void Fill(StreamedContent content)
        {
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(content.File(Index).MediaType);
            content.AddFile(Index, asBase64: false);
        }
    }

    /// <summary>A <c>multipart/form-data</c> form of these parts, in this order.</summary>
    public sealed record Multipart(params IReadOnlyList<BodyPart> Parts) : RequestBody
    {
        // Written by hand: MultipartFormDataContent quotes the boundary but not the names, and adds filename*; strict servers mind all three.
        private protected override void Fill(StreamedContent content)
        {
            var boundary = "PSImageGen" + Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
            content.Headers.ContentType = new("multipart/form-data") { Parameters = { new NameValueHeaderValue("boundary", boundary) } };
            foreach (var part in Parts)
            {
                var head = $"--{boundary}\r\nContent-Disposition: form-data; name=\"{Quoted(part.Name)}\"";
                if (part.FileIndex is { } index)
                {
                    var file = content.File(index);
                    var type = MediaTypeHeaderValue.Parse(file.MediaType);
                    content.AddText($"{head}; filename=\"{Quoted(file.FileName)}\"\r\nContent-Type: {type}\r\n\r\n");
                    content.AddFile(index, asBase64: false);
                    content.AddText("\r\n");
                }
                else if (part.Value is { } value)
                {
                    content.AddText($"{head}\r\n\r\n{value}\r\n");
                }
            }
            content.AddText($"--{boundary}--\r\n");
        }

        // As browsers do it (WHATWG, multipart/form-data).
        private static string Quoted(string name) => name.Replace("\"", "%22").Replace("\r", "%0D").Replace("\n", "%0A");
    }

    /// <summary>An <c>application/json</c> document in UTF-8; a string in it may be an <see cref="InlineImage"/>.</summary>
    public sealed record Json(JsonNode Root) : RequestBody
    {
        private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

        private protected override void Fill(StreamedContent content)
        {
            content.Headers.ContentType = new("application/json");
            var text = new ArrayBufferWriter<byte>();
            var added = 0;
            using var writer = new Utf8JsonWriter(text, Relaxed);
            Write(Root);
            AddTextUpTo(0);

            void Write(JsonNode? node)
            {
                switch (node)
                {
                    case null:
                        writer.WriteNullValue();
                        break;
                    case JsonObject properties:
                        writer.WriteStartObject();
                        foreach (var (name, value) in properties)
                        {
                            writer.WritePropertyName(name);
                            Write(value);
                        }
                        writer.WriteEndObject();
                        break;
                    case JsonArray items:
                        writer.WriteStartArray();
                        foreach (var item in items)
                            Write(item);
                        writer.WriteEndArray();
                        break;
                    case JsonValue image when image.TryGetValue<ImageSlot>(out var slot):
                        writer.WriteStringValue(slot.AsDataUrl ? $"data:{content.File(slot.Index).MediaType};base64," : "");
                        // The picture goes in before the quote just written.
                        AddTextUpTo(1);
                        content.AddFile(slot.Index, asBase64: true);
                        break;
                    default:
                        node.WriteTo(writer);
                        break;
                }
            }

            void AddTextUpTo(int fromEnd)
            {
                writer.Flush();
                content.AddText(text.WrittenMemory[added..^fromEnd]);
                added = text.WrittenCount - fromEnd;
            }
        }
    }
}

/// <summary>One part of a <see cref="RequestBody.Multipart"/> form.</summary>
public sealed class BodyPart
{
    private BodyPart(string name, string? value, int? fileIndex) => (Name, Value, FileIndex) = (name, value, fileIndex);

    internal string Name { get; }

    internal string? Value { get; }

    internal int? FileIndex { get; }

    /// <summary>A text field; one whose value is null is left out of the form.</summary>
    public static BodyPart Text(string name, string? value) => new(name, value, null);

    /// <summary>An input file, with its own file name and media type.</summary>
    public static BodyPart File(string name, int index) => new(name, null, index);
}

/// <summary>
/// Stands for an input picture in the document of a <see cref="RequestBody.Json"/>; such a node can be neither cloned nor written otherwise.
/// </summary>
public static class InlineImage
{
    /// <summary>A string of the bare base64 of that input file.</summary>
    public static JsonNode Base64(int index) => JsonValue.Create(new ImageSlot(index, AsDataUrl: false))!;

    /// <summary>A string <c>data:{media type};base64,…</c> of that input file.</summary>
    public static JsonNode DataUrl(int index) => JsonValue.Create(new ImageSlot(index, AsDataUrl: true))!;
}

[JsonConverter(typeof(Converter))]
internal sealed record ImageSlot(int Index, bool AsDataUrl)
{
    // A clone or a plain serialization would quietly put something else in the picture's place.
    internal sealed class Converter : JsonConverter<ImageSlot>
    {
        public override ImageSlot Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, ImageSlot value, JsonSerializerOptions options) =>
            throw new NotSupportedException("Only RequestBody.ToContent writes an inline image.");
    }
}

/// <summary>Pieces of text and files, sent one after the other.</summary>
internal sealed class StreamedContent(IReadOnlyList<InputFile> files) : HttpContent
{
    // A multiple of 3, so that base64 of the pieces is base64 of the whole.
    private const int PieceSize = 48 * 1024;

    private readonly List<Piece> _pieces = [];
    private long _length;

    private readonly record struct Piece(ReadOnlyMemory<byte> Text, SafeFileHandle? File, long Length, bool AsBase64);

    public InputFile File(int index) =>
        index >= 0 && index < files.Count
            ? files[index]
            : throw new ArgumentOutOfRangeException(nameof(index), index, "There is no such input image.");

    public void AddText(string text) => AddText(Encoding.UTF8.GetBytes(text));

    public void AddText(ReadOnlyMemory<byte> text)
    {
        _pieces.Add(new Piece(text, null, text.Length, false));
        _length += text.Length;
    }

    public void AddFile(int index, bool asBase64)
    {
        var file = File(index);
        var handle = System.IO.File.OpenHandle(file.Path, options: FileOptions.Asynchronous | FileOptions.SequentialScan);
        _pieces.Add(new Piece(default, handle, file.Length, asBase64));
        if (RandomAccess.GetLength(handle) != file.Length)
            throw Changed();
        _length += asBase64 ? (file.Length + 2) / 3 * 4 : file.Length;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, default);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        foreach (var piece in _pieces)
        {
            if (piece.File is not null)
                await CopyAsync(piece.File, piece.Length, piece.AsBase64, stream, cancellationToken).ConfigureAwait(false);
            else
                await stream.WriteAsync(piece.Text, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task CopyAsync(SafeFileHandle file, long length, bool asBase64, Stream stream, CancellationToken cancel)
    {
        var raw = new byte[PieceSize];
        var encoded = asBase64 ? new byte[Base64.GetMaxEncodedToUtf8Length(PieceSize)] : [];
        for (long at = 0; at < length;)
        {
            var size = (int)Math.Min(PieceSize, length - at);
            for (var filled = 0; filled < size;)
            {
                var read = await RandomAccess.ReadAsync(file, raw.AsMemory(filled, size - filled), at + filled, cancel).ConfigureAwait(false);
                filled += read > 0 ? read : throw Changed();
            }
            at += size;
            if (asBase64)
                Base64.EncodeToUtf8(raw.AsSpan(0, size), encoded, out _, out size);
            await stream.WriteAsync((asBase64 ? encoded : raw).AsMemory(0, size), cancel).ConfigureAwait(false);
        }
    }

    private static IOException Changed() => new("An input image changed after it was checked.");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _pieces.ForEach(static piece => piece.File?.Dispose());
        base.Dispose(disposing);
    }
}
