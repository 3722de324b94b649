using System.Buffers.Binary;
using System.Text;

namespace PSImageGen.Core.Artifacts.Metadata;

/// <summary>A WebP (RFC 9649): XMP lies in a chunk of its own, of which the chunk VP8X tells; a C2PA manifest in a chunk C2PA.</summary>
internal sealed class WebPContainer : PictureContainer
{
    private const byte XmpFlag = 0x04;
    private const byte AlphaFlag = 0x10;
    private const int AfterRiff = 12;
    private const int ExtendedLength = 18;

    private readonly byte[]? _extended;
    private readonly byte[] _first;
    private readonly long _end = AfterRiff;

    public WebPContainer(Stream file)
        : base(file)
    {
        _first = Read(AfterRiff, ExtendedLength) ?? [];
        long end = Read(0, AfterRiff) is { } riff ? Math.Min(Length, 8L + BinaryPrimitives.ReadUInt32LittleEndian(riff.AsSpan(4))) : 0;
        for (int piece = 0; piece < MaxPieces && _end + 8 <= end && Read(_end, 8) is { } head; piece++)
        {
            string type = Encoding.Latin1.GetString(head, 0, 4);
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4));
            long next = _end + 8 + length + (length & 1);
            if (next > end)
                break;
            if (_end == AfterRiff && type == "VP8X" && length == 10)
                _extended = _first;
            if (type == "XMP " && Xmp is null && length <= XmpPacket.MaxBytes)
            {
                Xmp = Read(_end + 8, length);
                XmpAt = (_end, next - _end);
            }

            Signed |= type == "C2PA";
            _end = next;
        }
    }

    /// <exception cref="InvalidDataException">It begins with no picture.</exception>
    public override IReadOnlyList<Piece> With(byte[]? xmp, IReadOnlyList<(string Key, string Text)> texts)
    {
        if (xmp is null)
            return [new Piece(null, 0, Length)];
        byte[] extended = [.. _extended ?? Extended()];
        extended[8] |= XmpFlag;
        byte[] chunk = [.. "XMP "u8, .. Small((uint)xmp.Length), .. xmp, .. (xmp.Length & 1) == 1 ? new byte[1] : []];
        long from = AfterRiff + (_extended is null ? 0 : ExtendedLength);
        Piece[] rest = [.. Without(from, _end, [XmpAt])];
        uint size = checked((uint)(4 + extended.Length + rest.Sum(p => p.Length) + chunk.Length));
        return [Piece.Of([.. "RIFF"u8, .. Small(size), .. "WEBP"u8, .. extended]), .. rest, Piece.Of(chunk), new Piece(null, _end, Length - _end)];
    }

    // A plain file says its size and whether it can be seen through in its only chunk.
    private byte[] Extended()
    {
        int width, height;
        bool alpha = false;
        if (_first.AsSpan(0, 4).SequenceEqual("VP8L"u8))
        {
            uint bits = BinaryPrimitives.ReadUInt32LittleEndian(_first.AsSpan(9));
            (width, height, alpha) = ((int)(bits & 0x3FFF), (int)((bits >> 14) & 0x3FFF), (bits & (1 << 28)) != 0);
        }
        else if (_first.AsSpan(0, 4).SequenceEqual("VP8 "u8))
        {
            (width, height) = ((BinaryPrimitives.ReadUInt16LittleEndian(_first.AsSpan(14)) & 0x3FFF) - 1, (BinaryPrimitives.ReadUInt16LittleEndian(_first.AsSpan(16)) & 0x3FFF) - 1);
        }
        else
        {
            throw new InvalidDataException(Words.Of("It begins with no picture."));
        }

        byte[] size = [.. Small((uint)width).AsSpan(0, 3), .. Small((uint)height).AsSpan(0, 3)];
        return [.. "VP8X"u8, .. Small(10), alpha ? AlphaFlag : (byte)0, 0, 0, 0, .. size];
    }
}
