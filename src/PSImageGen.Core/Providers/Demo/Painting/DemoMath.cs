using System.Numerics;

namespace PSImageGen.Core.Providers.Demo.Painting;

/// <summary>
/// The painter's arithmetic. Only operations that IEEE 754 defines to the last bit (+ - * / sqrt floor), so that every machine paints the
/// same picture: no Math.Sin or Math.Pow, no Vector3.Lerp or Dot, which may fuse or reorder.
/// </summary>
internal static class DemoMath
{
    public const float Tau = 6.2831853f;

    public static float Clamp01(float x) => x < 0 ? 0 : x > 1 ? 1 : x;

    public static float Mix(float a, float b, float t) => a + ((b - a) * t);

    public static Vector3 Mix(Vector3 a, Vector3 b, float t) => a + ((b - a) * t);

    /// <summary>0 below a, 1 above b, an S-curve between; a may be the greater one.</summary>
    public static float Smooth(float a, float b, float x)
    {
        var t = Clamp01((x - a) / (b - a));
        return t * t * (3 - (2 * t));
    }

    public static int Floor(float x)
    {
        var i = (int)x;
        return x < i ? i - 1 : i;
    }

    public static float Sqrt(float x) => x > 0 ? MathF.Sqrt(x) : 0;

    public static float Length(float x, float y) => MathF.Sqrt((x * x) + (y * y));

    /// <summary>Sine of radians, off by less than 0.0002.</summary>
    public static float Sin(float radians)
    {
        var turns = radians / Tau;
        turns -= Floor(turns + 0.5f);
        var x = turns < -0.25f ? -0.5f - turns : turns > 0.25f ? 0.5f - turns : turns;
        var r = x * Tau;
        var q = r * r;
        return r * (1 - (q * (0.16666667f - (q * (0.008333333f - (q * 0.0001984127f))))));
    }

    public static float Cos(float radians) => Sin(radians + (Tau / 4));

    /// <summary>A colour from 0xRRGGBB, each part 0 to 255.</summary>
    public static Vector3 Colour(int hex) => new((hex >> 16) & 255, (hex >> 8) & 255, hex & 255);

    /// <summary>FNV-1a over the UTF-16 code units.</summary>
    public static ulong Hash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in text)
        {
            hash = (hash ^ (byte)c) * 1099511628211UL;
            hash = (hash ^ (byte)(c >> 8)) * 1099511628211UL;
        }

        return hash;
    }
}

/// <summary>SplitMix64: the same numbers everywhere.</summary>
internal sealed class DemoRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>From 0 up to, not including, 1.</summary>
    public float Unit() => (Next() >> 40) * (1f / 16777216f);

    public float Range(float from, float to) => from + ((to - from) * Unit());

    public int Int(int count) => (int)((Next() >> 33) % (ulong)count);

    public bool Chance(float probability) => Unit() < probability;

    public T Pick<T>(params T[] from) => from[Int(from.Length)];
}
