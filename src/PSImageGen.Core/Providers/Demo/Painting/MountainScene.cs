using System.Numerics;

namespace PSImageGen.Core.Providers.Demo.Painting;

/// <summary>Ranges in the haze, one great peak, pines, and often a lake.</summary>
internal static class MountainScene
{
    public static void Paint(DemoCanvas canvas, DemoBrief brief)
    {
        var palette = brief.Palette;
        var random = brief.Random;
        var (width, height, unit) = (canvas.Width, canvas.Height, canvas.Unit);
        var lake = brief.Has("lake", "water", "river", "fjord", "frozen", "reflection", "pond") || random.Chance(0.55f);
        var level = (int)(height * (lake ? random.Range(0.62f, 0.7f) : 0.8f));
        var sun = DemoSky.Paint(canvas, brief, level, level + 2, 0.5f);

        var haze = DemoMath.Mix(palette.Horizon, palette.Far, 0.35f);
        for (var i = 0; i < 2; i++)
        {
            var ridge = DemoNature.Ridge(canvas, brief, level - (unit * (0.2f - (0.06f * i))), unit * 0.13f, 1.5f + i, 6, sharp: true);
            DemoNature.HazyRange(canvas, ridge, level, DemoMath.Mix(haze, palette.Far, 0.5f + (0.4f * i)), haze, 0.7f);
        }

        Peaks(canvas, brief, level, sun);
        for (var i = 0; i < 2; i++)
        {
            var ridge = DemoNature.Ridge(canvas, brief, level - (unit * (0.055f - (0.035f * i))), unit * 0.06f, 2.2f + i, 5);
            var colour = DemoMath.Mix(DemoMath.Mix(palette.Far, palette.Near, 0.45f + (0.3f * i)), palette.Ground, 0.15f);
            Trees(canvas, brief, ridge, level, unit * (0.022f + (0.016f * i)), colour);
            DemoNature.HazyRange(canvas, ridge, level, colour, haze, 0.55f - (0.2f * i));
        }

        if (lake)
        {
            var frozen = brief.Snow && !palette.High;
            var tint = DemoMath.Mix(palette.Near, palette.Mid, 0.5f);
            DemoNature.Water(canvas, brief, level, frozen ? DemoMath.Mix(tint, new Vector3(190, 225, 235), 0.45f) : tint,
                frozen ? 0.12f : random.Range(0.35f, 0.8f), frozen ? 0.68f : 0.84f);
            if (frozen)
                Cracks(canvas, brief, level);
        }
        else
            Meadow(canvas, brief, level);

        Foreground(canvas, brief);
        if (!palette.IsNight)
            DemoNature.Birds(canvas, random, height * 0.15f, level * 0.5f, DemoMath.Mix(palette.Near, palette.Mid, 0.25f), 5 + random.Int(5));
        if (brief.Has("winter", "blizzard", "christmas", "snowfall", "snowing", "snowflake"))
            DemoNature.Snowfall(canvas, random);
    }

    private static void Peaks(DemoCanvas canvas, DemoBrief brief, int level, Vector2 sun)
    {
        var (random, unit) = (brief.Random, canvas.Unit);
        var count = Math.Max(3, (int)(canvas.Width / unit * 3.4f));
        var peaks = new List<Vector3>();
        var chief = count / 3 + random.Int(Math.Max(1, count / 3));
        for (var i = 0; i < count; i++)
        {
            var tall = i == chief ? random.Range(0.44f, 0.52f) : random.Range(0.17f, 0.33f);
            peaks.Add(new Vector3((i + random.Range(0.2f, 0.8f)) / count * canvas.Width, Math.Min(unit * tall, level * 0.72f),
                random.Range(0.75f, 1.1f)));
        }

        // The tallest stands furthest back.
        peaks.Sort(static (a, b) => b.Y.CompareTo(a.Y));
        var snow = brief.Snow ? 0.85f : brief.Palette.IsNight ? 0.4f : random.Range(0.35f, 0.6f);
        for (var i = 0; i < count; i++)
            Peak(canvas, brief, level, sun, peaks[i], snow, i / (count - 1f));
    }

    // A pyramid roughened by noise. Light comes from the slope of a hidden height field, so rock and snow show ribs and gullies.
    private static void Peak(DemoCanvas canvas, DemoBrief brief, int level, Vector2 sun, Vector3 peak, float snow, float near)
    {
        var (palette, noise, unit) = (brief.Palette, brief.Noise, canvas.Unit);
        var shift = brief.Random.Range(0, 100);
        var ridge = new float[canvas.Width];
        for (var x = 0; x < ridge.Length; x++)
        {
            var away = x - peak.X;
            var u = (x / unit) + shift;
            var rough = (noise.Fractal(u * 5.5f, shift, 6) * 0.06f) + (noise.At(u * 21, shift) * 0.007f);
            ridge[x] = level - peak.Y + ((away < 0 ? -away : away) * peak.Z) - (rough * unit);
        }

        var rockShade = DemoMath.Mix(palette.Far, palette.Near, 0.6f + (0.12f * near));
        var rockLight = DemoMath.Mix(DemoMath.Mix(palette.Far, palette.Low, 0.4f), rockShade, 0.3f);
        var snowLight = DemoMath.Mix(new Vector3(255, 252, 248), palette.Glow, palette.IsNight ? 0.5f : 0.3f) * (palette.IsNight ? 0.78f : 1);
        var snowShade = DemoMath.Mix(DemoMath.Mix(palette.Mid, palette.Far, 0.5f), new Vector3(225, 232, 250), palette.IsNight ? 0.12f : 0.3f);
        var haze = DemoMath.Mix(palette.Horizon, palette.Far, 0.5f);
        var fromLeft = sun.X < peak.X;
        var step = fromLeft ? -0.03f : 0.03f;
        var top = level - peak.Y;
        var line = snow * (peak.Y / unit) * 1.1f;
        DemoNature.FillBelow(canvas, ridge, level, (x, y, _) =>
        {
            var below = (y - top) / unit;
            var across = (x - peak.X) / unit;
            // Ribs run down and outwards from the summit.
            var (u, v) = ((across * 6.5f / (0.35f + (below * 1.6f))) + shift, (below * 5) + shift);
            var h = noise.Fractal(u + (across * 5), v, 5);
            var facing = h - noise.Fractal(u + (across * 5) + (step * 9), v - 0.16f, 4);
            var crest = noise.At(v * 1.2f, shift) * (0.02f + (0.2f * below));
            var side = (fromLeft ? crest - across : across - crest) / (0.06f + (below * 0.5f));
            var lit = DemoMath.Smooth(-0.16f, 0.16f, (facing * 0.85f) + (DemoMath.Clamp01((side * 1.6f) + 0.5f) * 0.5f) - 0.25f);
            var cold = DemoMath.Smooth(0.012f, -0.012f, below - line + (h * 0.16f) + (lit * 0.03f) - 0.02f);
            var colour = DemoMath.Mix(DemoMath.Mix(rockShade, rockLight, lit), DemoMath.Mix(snowShade, snowLight, lit), cold);
            return DemoMath.Mix(colour, haze, (0.78f - (0.2f * near)) * DemoMath.Smooth(peak.Y * 0.25f, peak.Y * 1.02f, y - top));
        });
    }

    private static void Trees(DemoCanvas canvas, DemoBrief brief, float[] ridge, int level, float size, Vector3 colour)
    {
        var random = new DemoRandom(brief.Random.Next());
        for (var x = 0f; x < canvas.Width; x += size * random.Range(0.18f, 0.5f))
        {
            var wood = brief.Noise.At((x / canvas.Unit * 2.4f) + (size * 7 / canvas.Unit), 21.3f);
            if (wood < -0.05f || ridge[(int)x] > level)
                continue;
            var path = new DemoPath();
            DemoNature.Pine(path, random, x, ridge[(int)x] + (size * 0.2f), size * random.Range(0.6f, 1.25f));
            path.Fill(canvas, colour);
        }
    }

    private static void Meadow(DemoCanvas canvas, DemoBrief brief, int level)
    {
        var (palette, noise, unit) = (brief.Palette, brief.Noise, canvas.Unit);
        for (var i = 0; i < 3; i++)
        {
            var top = level + ((canvas.Height - level) * (i - 0.35f) * 0.3f);
            var ridge = DemoNature.Ridge(canvas, brief, top, unit * 0.05f, 1.1f, 3);
            for (var x = 0; i == 0 && x < ridge.Length; x++)
                ridge[x] = Math.Min(ridge[x], level - 1);
            var lit = DemoMath.Mix(DemoMath.Mix(palette.Far, palette.Ground, 0.5f + (0.2f * i)), palette.Near, 0.1f + (0.17f * i));
            var dark = DemoMath.Mix(lit, palette.Near, 0.55f);
            var bloom = DemoMath.Mix(lit, palette.Horizon, 0.35f);
            DemoNature.FillBelow(canvas, ridge, canvas.Height, (x, y, depth) =>
            {
                var n = noise.Fractal(x / unit * 4, y / unit * 13, 4);
                var colour = DemoMath.Mix(lit, dark, DemoMath.Clamp01((depth / unit * 4.5f) + (n * 0.3f)));
                return DemoMath.Mix(colour, bloom, DemoMath.Smooth(unit * 0.03f, 0, depth) * 0.6f);
            });
        }
    }

    private static void Foreground(DemoCanvas canvas, DemoBrief brief)
    {
        var (palette, random, unit) = (brief.Palette, brief.Random, canvas.Unit);
        var ridge = DemoNature.Ridge(canvas, brief, canvas.Height - (unit * 0.01f), unit * 0.03f, 2, 5);
        var left = random.Chance(0.5f);
        for (var x = 0; x < ridge.Length; x++)
        {
            var edge = (left ? x : canvas.Width - x) / (unit * 0.55f);
            ridge[x] -= DemoMath.Smooth(1, 0, edge) * unit * 0.11f;
        }

        var count = 9 + random.Int(6);
        for (var i = 0; i < count; i++)
        {
            // Most stand on the high bank, a few across from it.
            var away = random.Unit() * random.Unit() * unit * 0.42f;
            var across = i % 4 == 3;
            var x = left != across ? away : canvas.Width - 1 - away;
            var tall = unit * random.Range(0.16f, 0.4f) * (across ? 0.6f : 1);
            var path = new DemoPath();
            DemoNature.Pine(path, random, x, ridge[Math.Clamp((int)x, 0, ridge.Length - 1)] + (tall * 0.04f), tall);
            path.Fill(canvas, DemoMath.Mix(palette.Near, palette.Far, random.Range(0, 0.12f)));
        }

        var top = brief.Snow ? DemoMath.Mix(palette.Ground, palette.Low, 0.5f) : DemoMath.Mix(palette.Near, palette.Ground, 0.12f);
        DemoNature.FillBelow(canvas, ridge, canvas.Height, (_, _, depth) => DemoMath.Mix(top, palette.Near, DemoMath.Smooth(0, unit * 0.05f, depth)));
    }

    private static void Cracks(DemoCanvas canvas, DemoBrief brief, int level)
    {
        var random = brief.Random;
        var ice = new Vector3(225, 245, 250);
        for (var i = 0; i < 9; i++)
        {
            var d = random.Range(0.1f, 1);
            var y = level + ((canvas.Height - level) * d * d);
            var from = new Vector2(random.Unit() * canvas.Width, y);
            for (var piece = 0; piece < 7; piece++)
            {
                var to = from + new Vector2(random.Range(-0.02f, 0.13f) * canvas.Unit, random.Range(-0.035f, 0.035f) * canvas.Unit * d);
                var wide = canvas.Unit * 0.0022f * d * (7 - piece) / 7;
                if (Math.Min(from.Y, to.Y) > level)
                    new DemoPath().Stroke(from, (from + to) * 0.5f, to, wide, wide * 0.85f).Fill(canvas, ice, 0.3f);
                from = to;
            }
        }
    }
}
