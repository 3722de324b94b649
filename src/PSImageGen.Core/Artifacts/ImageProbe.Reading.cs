namespace PSImageGen.Core.Artifacts;

public static partial class ImageProbe
{
    // AVIF and HEIC: the size is the "image spatial extents" property (ispe) of the primary item; others belong to tiles and thumbnails.
    private static ImageInfo? IsoMedia(Window file)
    {
        var format = BrandFormat(file);
        if (format is null)
            return null;
        long width = 0, height = 0;
        var at = 0L;
        var data = false;
        for (var piece = 0; piece < MaxPieces && file.Has(at, 8); piece++)
        {
            var (body, next) = file.Box(at, file.Length);
            if (next <= at)
                break;
            data |= file.Is(at + 4, "mdat");
            if (file.Is(at + 4, "meta") && next <= file.Length)
                (width, height) = Extent(file, body, next);
            at = next;
        }

        return Found(format, width, height, data && at == file.Length);
    }

    private static string? BrandFormat(Window file)
    {
        var end = Math.Min(Math.Min(file.U32(0), file.Length), 256);
        string? format = null;
        for (var at = 8L; at + 4 <= end; at += 4)
        {
            if (at == 12)
                continue;
            if (file.Is(at, "avif") || file.Is(at, "avis"))
                return "avif";
            if (file.Is(at, "heic") || file.Is(at, "heix") || file.Is(at, "hevc") || file.Is(at, "heim") || file.Is(at, "heis"))
                format = "heic";
        }

        return format;
    }

    // meta (a full box) holds pitm (which item) and iprp; iprp holds ipco (the properties, counted from 1) and ipma (whose they are).
    private static (long Width, long Height) Extent(Window file, long meta, long end)
    {
        var (properties, propertiesEnd) = Child(file, meta + 4, end, "iprp");
        var (at, containerEnd) = Child(file, properties, propertiesEnd, "ipco");
        var owned = PrimaryProperties(file, meta + 4, end, properties, propertiesEnd);
        long width = 0, height = 0;
        for (var index = 1; index < MaxBoxes && at < containerEnd; index++)
        {
            var (body, next) = file.Box(at, containerEnd);
            if (next <= at)
                break;
            // Without a word on whose it is, the largest is the best guess.
            if (file.Is(at + 4, "ispe") && file.Has(body + 4, 8)
                && (owned.Count > 0 ? owned.Contains(index) : (double)file.U32(body + 4) * file.U32(body + 8) > (double)width * height))
                (width, height) = (file.U32(body + 4), file.U32(body + 8));
            at = next;
        }

        return (width, height);
    }

    private static HashSet<int> PrimaryProperties(Window file, long meta, long end, long properties, long propertiesEnd)
    {
        var owned = new HashSet<int>();
        var (item, itemEnd) = Child(file, meta, end, "pitm");
        var (map, mapEnd) = Child(file, properties, propertiesEnd, "ipma");
        if (itemEnd == 0 || mapEnd == 0)
            return owned;
        var primary = file.U8(item) == 0 ? (uint)file.U16(item + 4) : file.U32(item + 4);
        var (wideItem, wideIndex) = (file.U8(map) > 0, (file.U8(map + 3) & 1) != 0);
        var at = map + 8;
        for (var entry = 0L; entry < Math.Min(file.U32(map + 4), MaxBoxes) && at < mapEnd; entry++)
        {
            var id = wideItem ? file.U32(at) : (uint)file.U16(at);
            at += wideItem ? 4 : 2;
            var count = file.U8(at++);
            for (var i = 0; i < count; i++)
            {
                if (id == primary)
                    owned.Add(wideIndex ? file.U16(at) & 0x7FFF : file.U8(at) & 0x7F);
                at += wideIndex ? 2 : 1;
            }
        }

        return owned;
    }

    private static (long Body, long End) Child(Window file, long at, long end, string type)
    {
        for (var piece = 0; piece < MaxBoxes && at < end; piece++)
        {
            var (body, next) = file.Box(at, end);
            if (next <= at)
                break;
            if (file.Is(at + 4, type))
                return (body, Math.Min(next, end));
            at = next;
        }

        return (0, 0);
    }

    /// <summary>Random access to a stream through one small block; what lies beyond the end reads as zero.</summary>
    private sealed class Window(Stream stream)
    {
        private const int BlockSize = 4096;
        private readonly byte[] _block = new byte[BlockSize];
        private long _start = -1;
        private int _filled;

        public long Length { get; } = stream.Length;

        public bool Has(long at, int count) => at >= 0 && at <= Length - count;

        public int U8(long at)
        {
            if (!Has(at, 1))
                return 0;
            var start = at - (at % BlockSize);
            if (start != _start)
            {
                stream.Position = start;
                _filled = stream.ReadAtLeast(_block, BlockSize, throwOnEndOfStream: false);
                _start = start;
            }

            var index = (int)(at - start);
            return index < _filled ? _block[index] : 0;
        }

        public int U16(long at) => (U8(at) << 8) | U8(at + 1);

        public uint U32(long at) => ((uint)U16(at) << 16) | (uint)U16(at + 2);

        public int U16Le(long at) => U8(at) | (U8(at + 1) << 8);

        public uint U32Le(long at) => (uint)U16Le(at) | ((uint)U16Le(at + 2) << 16);

        public bool Is(long at, string bytes)
        {
            if (!Has(at, bytes.Length))
                return false;
            for (var i = 0; i < bytes.Length; i++)
            {
                if (U8(at + i) != bytes[i])
                    return false;
            }

            return true;
        }

        /// <summary>The content's start and the end of an ISO media box; an end not behind <paramref name="at"/> means a broken box.</summary>
        public (long Body, long End) Box(long at, long limit)
        {
            if (!Has(at, 8))
                return (at, at);
            long size = U32(at);
            if (size == 0)
                return (at + 8, limit);
            if (size != 1)
                return size < 8 ? (at, at) : (at + 8, at + size);
            // A 64-bit size; more than 2^48 is nonsense and could overflow.
            if (!Has(at + 8, 8) || U32(at + 8) > ushort.MaxValue)
                return (at, at);
            size = ((long)U32(at + 8) << 32) | U32(at + 12);
            return size < 16 ? (at, at) : (at + 16, at + size);
        }
    }
}
