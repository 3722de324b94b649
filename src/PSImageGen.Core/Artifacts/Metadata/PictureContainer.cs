using System.Buffers.Binary;

namespace PSImageGen.Core.Artifacts.Metadata;

/// <summary>A part of a new file: bytes, or a stretch of the old file.</summary>
/// <param name="Bytes">The bytes; null for a stretch of the old file.</param>
/// <param name="Offset">Where the stretch begins.</param>
/// <param name="Length">How long it is.</param>
internal readonly record struct Piece(byte[]? Bytes, long Offset, long Length)
{
    /// <summary>New bytes.</summary>
    public static Piece Of(byte[] bytes) => new(bytes, 0, bytes.Length);
}

/// <summary>
/// What an image file carries beside its pixels, as far as it matters here. The pixels are never read: a new file is the old one with
/// something put in between. Hostile files make it see less, never fail or grow.
/// </summary>
internal abstract class PictureContainer
{
    /// <summary>More pieces than any honest file has; what follows them is not looked at.</summary>
    protected const int MaxPieces = 1 << 16;

    private readonly Stream _file;

    /// <summary>Looks at an open file.</summary>
    protected PictureContainer(Stream file) => _file = file;

    /// <summary>Whether it carries a signed account of where it comes from (C2PA), which would be void if a byte were added.</summary>
    public bool Signed { get; protected set; }

    /// <summary>The XMP packet; null for none that can be read.</summary>
    public byte[]? Xmp { get; protected set; }

    /// <summary>Texts by key, those that mean something here (PNG).</summary>
    public Dictionary<string, string> Texts { get; } = new(StringComparer.Ordinal);

    /// <summary>The longest XMP packet that has a place.</summary>
    public virtual int MaxXmp => XmpPacket.MaxBytes;

    /// <summary>Whether texts have a place too.</summary>
    public virtual bool TakesTexts => false;

    /// <summary>How long the file is.</summary>
    protected long Length => _file.Length;

    /// <summary>The stretch that holds the XMP packet; of length 0 for none.</summary>
    protected (long Offset, long Length) XmpAt { get; set; }

    /// <summary>Looks at a picture; null where its kind has no place for anything, or is not known here.</summary>
    /// <exception cref="IOException">The file itself failed.</exception>
    public static PictureContainer? Open(Stream file, string format) => format switch
    {
        "png" => new PngContainer(file),
        "jpeg" => new JpegContainer(file),
        "webp" => new WebPContainer(file),
        _ => null,
    };

    /// <summary>The file with another XMP packet and other texts.</summary>
    /// <param name="xmp">The packet that takes the place of the one before; null to leave that as it is.</param>
    /// <param name="texts">Texts that take the place of those with the same key.</param>
    public abstract IReadOnlyList<Piece> With(byte[]? xmp, IReadOnlyList<(string Key, string Text)> texts);

    /// <summary>Reads bytes; null where the file has not so many.</summary>
    protected byte[]? Read(long offset, long count)
    {
        if (offset < 0 || count is < 0 or > int.MaxValue || offset > Length - count)
            return null;
        byte[] bytes = new byte[count];
        _file.Position = offset;
        return _file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length ? bytes : null;
    }

    /// <summary>A stretch of the file without some of its parts, which are in order.</summary>
    protected static IEnumerable<Piece> Without(long from, long to, IEnumerable<(long Offset, long Length)> gone)
    {
        foreach ((long offset, long length) in gone.Where(g => g.Length > 0))
        {
            yield return new Piece(null, from, offset - from);
            from = offset + length;
        }

        yield return new Piece(null, from, to - from);
    }

    /// <summary>Four bytes, the lowest first.</summary>
    protected static byte[] Small(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }
}
