using System.Buffers.Text;
using System.Diagnostics;
using System.Text;
using PSImageGen.Core.Wire;

namespace PSImageGen.Benchmarks;

/// <summary>Pictures inside a JSON answer, decoded while the answer is read.</summary>
internal static class Decoding
{
    private const int PictureBytes = 64 * 1024 * 1024;

    public static string EmbeddedBase64()
    {
        byte[] answer = Answer();
        double best = double.MaxValue;
        long allocated = 0;
        long peak = 0;
        for (int i = 0; i < 6; i++)
        {
            GC.Collect();
            long before = GC.GetTotalAllocatedBytes(precise: true);
            long live = GC.GetTotalMemory(forceFullCollection: true);
            PeakStream sink = new();
            long start = Stopwatch.GetTimestamp();
            EmbeddedImageReader.ReadAsync(new MemoryStream(answer), new HashSet<string> { "b64_json" }, _ => sink, long.MaxValue, 1 << 20, CancellationToken.None).GetAwaiter().GetResult();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
            allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
            peak = sink.Peak - live;
        }

        return $"{PictureBytes / best / 1e6:0} MB/s of picture, {Math.Max(0, peak) / 1024.0:0} KB held at most and {allocated / 1024.0:0} KB allocated in all for a picture of {PictureBytes >> 20} MB";
    }

    private static byte[] Answer()
    {
        byte[] picture = new byte[PictureBytes];
        new Random(1).NextBytes(picture);
        byte[] base64 = new byte[Base64.GetMaxEncodedToUtf8Length(picture.Length)];
        Base64.EncodeToUtf8(picture, base64, out _, out _);
        return [.. Encoding.UTF8.GetBytes("""{"data":[{"b64_json":" """.TrimEnd()), .. base64, .. "\"}]}"u8];
    }

    /// <summary>Swallows what is written, and looks at the memory in use meanwhile.</summary>
    private sealed class PeakStream : MemoryStream
    {
        private long _next;
        private long _written;

        public long Peak { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Write(buffer.Span);
            return ValueTask.CompletedTask;
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _written += buffer.Length;
            if (_written < _next)
                return;
            _next = _written + (1 << 20);
            Peak = Math.Max(Peak, GC.GetTotalMemory(forceFullCollection: false));
        }
    }
}
