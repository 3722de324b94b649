using System.Buffers.Binary;

namespace PSImageGen.Core.Artifacts.Metadata;

/// <summary>A JPEG: XMP lies in a segment APP1 (ISO 16684-3), a C2PA manifest in segments APP11 (JUMBF).</summary>
internal sealed class JpegContainer : PictureContainer
{
    private const int LongestSegment = 0xFFFF;

    private readonly long _insertAt = 2;

    public JpegContainer(Stream file)
        : base(file)
    {
        bool leading = true;
        long at = 2;
        for (int piece = 0; piece < MaxPieces && Read(at, 4) is [0xFF, byte marker, ..] head; piece++)
        {
            if (marker == 0xFF)
            {
                at++;
                continue;
            }

            int length = BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(2));
            if (length < 2 || marker is 0xDA or 0xD9)
                break;
            // JFIF and Exif both want to be first; XMP comes after them.
            leading &= marker == 0xE0 || (marker == 0xE1 && Begins(at + 4, "Exif\0"u8));
            if (marker == 0xE1 && Xmp is null && Begins(at + 4, Label))
            {
                Xmp = Read(at + 4 + Label.Length, length - 2 - Label.Length);
                XmpAt = (at, 2 + length);
            }

            Signed |= marker == 0xEB && Begins(at + 4, "JP"u8);
            at += 2 + length;
            if (leading)
                _insertAt = at;
        }
    }

    public override int MaxXmp => LongestSegment - 2 - Label.Length;

    private static ReadOnlySpan<byte> Label => "http://ns.adobe.com/xap/1.0/\0"u8;

    public override IReadOnlyList<Piece> With(byte[]? xmp, IReadOnlyList<(string Key, string Text)> texts)
    {
        if (xmp is null)
            return [new Piece(null, 0, Length)];
        byte[] head = [0xFF, 0xE1, 0, 0, .. Label];
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(2), checked((ushort)(head.Length - 2 + xmp.Length)));
        return [new Piece(null, 0, _insertAt), Piece.Of([.. head, .. xmp]), .. Without(_insertAt, Length, [XmpAt])];
    }

    private bool Begins(long at, ReadOnlySpan<byte> with) => Read(at, with.Length) is { } bytes && with.SequenceEqual(bytes);
}
