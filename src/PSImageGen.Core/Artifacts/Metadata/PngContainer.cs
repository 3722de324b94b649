using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace PSImageGen.Core.Artifacts.Metadata;

/// <summary>A PNG (ISO 15948): XMP and texts lie in text chunks, a C2PA manifest in a chunk caBX.</summary>
internal sealed class PngContainer : PictureContainer
{
    /// <summary>The key of our own text: the facts as JSON.</summary>
    public const string OwnKey = "PSImageGen";

    /// <summary>The key under which many programs write and read prompts, since Stable Diffusion web UI.</summary>
    public const string ParametersKey = "parameters";

    /// <summary>The key that the PNG specification has for the program.</summary>
    public const string SoftwareKey = "Software";

    private const string XmpKey = "XML:com.adobe.xmp";
    private const int LongestKey = 79;
    private const int AfterHeader = 8 + 12 + 13;

    private readonly Dictionary<string, (long Offset, long Length)> _places = new(StringComparer.Ordinal);

    public PngContainer(Stream file)
        : base(file)
    {
        long at = 8;
        for (int piece = 0; piece < MaxPieces && Read(at, 8) is { } head; piece++)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(head);
            string type = Encoding.Latin1.GetString(head, 4, 4);
            Signed |= type == "caBX";
            if (type is "tEXt" or "zTXt" or "iTXt")
                Take(type, at, length);
            if (type == "IEND")
                break;
            at += 12L + length;
        }
    }

    public override bool TakesTexts => true;

    public override IReadOnlyList<Piece> With(byte[]? xmp, IReadOnlyList<(string Key, string Text)> texts)
    {
        using MemoryStream added = new();
        foreach ((string key, string text) in texts)
            WriteText(added, key, Encoding.UTF8.GetBytes(text));
        if (xmp is not null)
            WriteText(added, XmpKey, xmp);
        IEnumerable<(long Offset, long Length)> gone = texts.Where(t => _places.ContainsKey(t.Key)).Select(t => _places[t.Key]);
        if (xmp is not null)
            gone = gone.Append(XmpAt);
        return [new Piece(null, 0, AfterHeader), Piece.Of(added.ToArray()), .. Without(AfterHeader, Length, gone.OrderBy(g => g.Offset))];
    }

    private void Take(string type, long at, uint length)
    {
        byte[]? start = Read(at + 8, Math.Min(length, LongestKey + 1));
        int end = start is null ? -1 : Array.IndexOf(start, (byte)0);
        if (end <= 0)
            return;
        string key = Encoding.Latin1.GetString(start!, 0, end);
        if (key is not (XmpKey or OwnKey or ParametersKey or SoftwareKey) || length > XmpPacket.MaxBytes || Read(at + 8 + end + 1, length - end - 1) is not { } rest)
            return;
        byte[]? content = type switch
        {
            "tEXt" => Encoding.UTF8.GetBytes(Encoding.Latin1.GetString(rest)),
            "zTXt" => rest is [0, ..] && Inflate(rest.AsSpan(1)) is { } inflated ? Encoding.UTF8.GetBytes(Encoding.Latin1.GetString(inflated)) : null,
            _ => International(rest),
        };
        if (content is null)
            return;
        if (key != XmpKey)
        {
            if (Texts.TryAdd(key, Encoding.UTF8.GetString(content)))
                _places[key] = (at, 12L + length);
        }
        else if (Xmp is null)
        {
            Xmp = content;
            XmpAt = (at, 12L + length);
        }
    }

    // Compression flag and method, then language and translated key, both ended by zero.
    private static byte[]? International(byte[] rest)
    {
        if (rest.Length < 4)
            return null;
        int language = Array.IndexOf(rest, (byte)0, 2);
        int translated = language < 0 ? -1 : Array.IndexOf(rest, (byte)0, language + 1);
        if (translated < 0)
            return null;
        Span<byte> text = rest.AsSpan(translated + 1);
        return rest[0] == 0 ? text.ToArray() : rest[1] == 0 ? Inflate(text) : null;
    }

    // A few bytes may promise gigabytes.
    private static byte[]? Inflate(ReadOnlySpan<byte> compressed)
    {
        try
        {
            using ZLibStream zlib = new(new MemoryStream(compressed.ToArray()), CompressionMode.Decompress);
            byte[] text = new byte[XmpPacket.MaxBytes + 1];
            int length = zlib.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
            return length <= XmpPacket.MaxBytes ? text[..length] : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static void WriteText(Stream output, string key, byte[] utf8) =>
        PngWriter.WriteChunk(output, "iTXt"u8, [.. Encoding.Latin1.GetBytes(key), 0, 0, 0, 0, 0, .. utf8]);
}
