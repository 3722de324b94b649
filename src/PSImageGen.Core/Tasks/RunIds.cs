using System.Globalization;
using System.Security.Cryptography;

namespace PSImageGen.Core.Tasks;

/// <summary>Makes run ids: UTC time to the millisecond, then random letters, so that ids sort by time and never meet.</summary>
public static class RunIds
{
    private const string Letters = "0123456789abcdefghjkmnpqrstvwxyz";
    private static long _last;

    /// <summary>A new id such as <c>20261121-084036-123-k3f9wz</c>. Later calls in one process sort later.</summary>
    public static string New()
    {
        long now = DateTime.UtcNow.Ticks / TimeSpan.TicksPerMillisecond;
        long last, next;
        do
        {
            last = Interlocked.Read(ref _last);
            next = Math.Max(now, last + 1);
        }
        while (Interlocked.CompareExchange(ref _last, next, last) != last);

        DateTime time = new(next * TimeSpan.TicksPerMillisecond, DateTimeKind.Utc);
        return string.Create(CultureInfo.InvariantCulture, $"{time:yyyyMMdd-HHmmss-fff}-{RandomNumberGenerator.GetString(Letters, 6)}");
    }
}
