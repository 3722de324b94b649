using System.Numerics;

namespace PSImageGen.Core.Providers.Demo.Painting;

/// <summary>What several landscapes share: ridges, water, trees, birds and weather.</summary>
internal static class DemoNature
{
    /// <summary>A skyline, as the y of every column.</summary>
    public static float[] Ridge(DemoCanvas canvas, DemoBrief brief, float y, float height, float frequency, int octaves = 6, bool sharp = false)
    {
        var shift = brief.Random.Range(0, 200);
        var ridge = new float[canvas.Width];
        for (var x = 0; x < ridge.Length; x++)
        {
            var u = (x / canvas.Unit * frequency) + shift;
            var n = sharp ? (brief.Noise.Ridged(u, shift, octaves) * 2) - 1.35f : brief.Noise.Fractal(u, shift, octaves);
            ridge[x] = y - (n * height);
        }

        return ridge;
    }

    /// <summary>The line down to which a layer shows when the next one is painted over it: with room for soft edges.</summary>
    public static float[]? Floor(DemoCanvas canvas, float[]? next) =>
        next is null ? null : Array.ConvertAll(next, y => y + 6 + (canvas.Unit * 0.01f));

    /// <summary>
    /// Fills from a skyline down to a row, or to a line given for every column; the shader also gets how far below the skyline a pixel is.
    /// </summary>
    public static void FillBelow(DemoCanvas canvas, float[] ridge, int bottom, Func<int, int, float, Vector3> shader, float[]? floor = null)
    {
        var top = (float)canvas.Height;
        var steep = new float[ridge.Length];
        for (var x = 0; x < ridge.Length; x++)
        {
            top = Math.Min(top, ridge[x]);
            var rise = (ridge[Math.Min(x + 1, ridge.Length - 1)] - ridge[Math.Max(x - 1, 0)]) * 0.5f;
            steep[x] = 1 / DemoMath.Sqrt(1 + (rise * rise));
        }

        for (var y = Math.Max(0, (int)top - 2); y < Math.Min(bottom, canvas.Height); y++)
        {
            for (var x = 0; x < ridge.Length; x++)
            {
                var depth = y + 0.5f - ridge[x];
                var cover = DemoMath.Clamp01(0.5f + (depth * steep[x]));
                if (floor is not null && y + 1 > floor[x])
                    cover *= DemoMath.Clamp01(floor[x] - y);
                if (cover > 0)
                    canvas.Blend(x, y, shader(x, y, depth > 0 ? depth : 0), cover);
            }
        }
    }

    /// <summary>A range of hills of one colour that fades into the haze at its foot.</summary>
    public static void HazyRange(DemoCanvas canvas, float[] ridge, int bottom, Vector3 colour, Vector3 haze, float strength)
    {
        var reach = canvas.Unit * 0.26f;
        FillBelow(canvas, ridge, bottom, (_, _, depth) => DemoMath.Mix(colour, haze, strength * DemoMath.Smooth(0, reach, depth)));
    }

    /// <summary>Water from a level down, mirroring the rows painted above it.</summary>
    public static void Water(DemoCanvas canvas, DemoBrief brief, int level, Vector3 tint, float ripple, float clear = 0.8f)
    {
        var noise = brief.Noise;
        var unit = canvas.Unit;
        var depthRows = Math.Max(1, canvas.Height - level);
        var stretch = Math.Min(1.15f, (level - 1f) / depthRows);
        var light = DemoMath.Mix(brief.Palette.Horizon, brief.Palette.Sun, 0.35f);
        for (var y = Math.Max(level, 0); y < canvas.Height; y++)
        {
            var d = (y - level + 0.5f) / unit;
            var far = 1 / (d + 0.07f);
            var calm = DemoMath.Smooth(0, 0.12f, d);
            var sink = DemoMath.Smooth(0, 0.55f, d);
            for (var x = 0; x < canvas.Width; x++)
            {
                var u = (x - (canvas.Width * 0.5f)) / unit;
                var n = noise.Fractal(u * ((far * 0.35f) + 1.5f), far * 3.1f, 3);
                var shift = n * ripple * unit * (0.006f + (0.05f * calm));
                var colour = canvas.Nearest(x + (shift * 0.35f), Math.Min(level - 1, level - 1 - ((y - level) * stretch) + shift));
                colour = DemoMath.Mix(colour, tint, (1 - clear) + (0.25f * sink));
                var glint = DemoMath.Smooth(0.3f, 0.75f, n) * ripple * 0.35f * calm;
                canvas.Set(x, y, DemoMath.Mix(colour, light, glint));
            }
        }

        // Where water meets land lies a thin bright line.
        for (var x = 0; x < canvas.Width; x++)
        {
            for (var i = 0; i < unit * 0.004f; i++)
                canvas.Blend(x, level + i, light, 0.3f);
        }
    }

    public static void Pine(DemoPath path, DemoRandom random, float x, float foot, float height)
    {
        var tiers = 10 + random.Int(4);
        var width = height * random.Range(0.17f, 0.23f);
        path.Box(x - (height * 0.012f), foot - (height * 0.25f), x + (height * 0.012f), foot + (height * 0.04f));
        for (var i = 0; i < tiers; i++)
        {
            var t = (float)i / tiers;
            var top = foot - height + (height * 0.86f * t);
            var low = top + (height * (0.1f + (0.09f * t)));
            var half = width * (0.14f + (0.86f * t));
            var left = half * random.Range(0.8f, 1.15f);
            var right = half * random.Range(0.8f, 1.15f);
            path.Move(x, top).Curve(x - (left * 0.25f), low - (height * 0.05f), x - left, low + (height * 0.012f))
                .Curve(x - (left * 0.4f), low - (height * 0.022f), x, low - (height * 0.01f))
                .Curve(x + (right * 0.4f), low - (height * 0.022f), x + right, low + (height * 0.012f))
                .Curve(x + (right * 0.25f), low - (height * 0.05f), x, top);
        }
    }

    public static void Birds(DemoCanvas canvas, DemoRandom random, float top, float bottom, Vector3 colour, int count)
    {
        var cx = random.Range(0.25f, 0.75f) * canvas.Width;
        var cy = random.Range(top, bottom);
        for (var i = 0; i < count; i++)
        {
            var x = cx + (random.Range(-0.16f, 0.16f) * canvas.Unit);
            var y = cy + (random.Range(-0.06f, 0.06f) * canvas.Unit);
            var s = canvas.Unit * random.Range(0.007f, 0.014f);
            var lift = s * random.Range(0.3f, 0.8f);
            new DemoPath()
                .Move(x - (s * 1.3f), y - (lift * 0.6f)).Curve(x - (s * 0.6f), y - (lift * 1.5f), x, y)
                .Curve(x + (s * 0.6f), y - (lift * 1.5f), x + (s * 1.3f), y - (lift * 0.6f))
                .Curve(x + (s * 0.55f), y - (lift * 0.9f), x, y + (s * 0.24f))
                .Curve(x - (s * 0.55f), y - (lift * 0.9f), x - (s * 1.3f), y - (lift * 0.6f))
                .Fill(canvas, colour, 0.85f);
        }
    }

    public static void Snowfall(DemoCanvas canvas, DemoRandom random)
    {
        var unit = canvas.Unit;
        var count = (int)(520f * canvas.Width * canvas.Height / (unit * unit));
        for (var i = 0; i < count; i++)
        {
            var near = random.Unit();
            near *= near * near;
            canvas.Disc(random.Unit() * canvas.Width, random.Unit() * canvas.Height, unit * (0.0012f + (0.0045f * near)),
                new Vector3(255, 255, 255), 0.75f - (0.35f * near));
        }
    }

    public static void Rain(DemoCanvas canvas, DemoRandom random, Vector3 light, float strength = 0.2f)
    {
        var unit = canvas.Unit;
        var count = (int)(650f * canvas.Width * canvas.Height / (unit * unit));
        for (var i = 0; i < count; i++)
        {
            var x = random.Range(-0.02f, 1.08f) * canvas.Width;
            var y = random.Range(-0.05f, 1) * canvas.Height;
            var length = unit * random.Range(0.02f, 0.055f);
            var width = unit * random.Range(0.0008f, 0.0016f);
            new DemoPath().Move(x, y).Line(x + width, y).Line(x + width - (length * 0.18f), y + length).Line(x - (length * 0.18f), y + length)
                .Fill(canvas, light, strength * random.Range(0.4f, 1));
        }
    }
}
