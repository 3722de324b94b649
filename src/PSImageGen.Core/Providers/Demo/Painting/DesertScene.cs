using System.Numerics;

namespace PSImageGen.Core.Providers.Demo.Painting;

/// <summary>Dunes with sharp crests, and a caravan, pyramids or cacti.</summary>
internal static class DesertScene
{
    public static void Paint(DemoCanvas canvas, DemoBrief brief)
    {
        var (palette, random, unit) = (brief.Palette, brief.Random, canvas.Unit);
        var level = canvas.Height * random.Range(0.5f, 0.56f);
        var sun = DemoSky.Paint(canvas, brief, level, canvas.Height * 7 / 10, 0.35f);
        var haze = DemoMath.Mix(palette.Horizon, palette.Far, 0.45f);
        DemoNature.HazyRange(canvas, DemoNature.Ridge(canvas, brief, level - (unit * 0.02f), unit * 0.07f, 2.4f, 5), canvas.Height,
            DemoMath.Mix(haze, palette.Far, 0.5f), palette.Horizon, 0.6f);
        if (brief.Has("pyramid", "egypt", "giza"))
            Pyramids(canvas, brief, level + (unit * 0.03f), sun.X);
        const int Layers = 5;
        var dunes = new Dune[Layers];
        for (var i = 0; i < Layers; i++)
        {
            var t = i / (Layers - 1f);
            dunes[i] = Shape(canvas, brief, level + ((canvas.Height - level) * t * 0.68f), 0.4f + (t * 0.6f), t);
        }

        for (var i = 0; i < Layers; i++)
            Fill(canvas, brief, dunes[i], sun.X, i / (Layers - 1f), i + 1 < Layers ? dunes[i + 1].Ridge : null);
        // Whoever walks there walks on the nearest crests, so that no dune hides them.
        var crest = (float[])dunes[2].Ridge.Clone();
        for (var x = 0; x < crest.Length; x++)
            crest[x] = Math.Min(crest[x], Math.Min(dunes[3].Ridge[x], dunes[4].Ridge[x]));
        if (brief.Has("cactus", "cacti", "western", "mexico"))
            Cacti(canvas, brief, dunes[4].Ridge);
        else
            Caravan(canvas, brief, crest);

        DemoNature.Birds(canvas, random, level * 0.25f, level * 0.5f, DemoMath.Mix(palette.Near, palette.Mid, 0.3f), 3 + random.Int(3));
    }

    // A dune is two slopes that meet in a winding crest: lit on the sun's side, in shade on the other.
    private static Dune Shape(DemoCanvas canvas, DemoBrief brief, float y, float scale, float near)
    {
        var (random, noise, unit) = (brief.Random, brief.Noise, canvas.Unit);
        var shift = random.Range(0, 90);
        var wide = DemoMath.Mix(0.9f, 1.25f, near);
        var ridge = new float[canvas.Width];
        var shade = new float[canvas.Width];
        var fade = new float[canvas.Width];
        for (var x = 0; x < ridge.Length; x++)
        {
            var u = (x / unit / wide) + shift;
            u += noise.At(u * 1.3f, 3.1f) * 0.28f;
            var cell = DemoMath.Floor(u);
            var f = u - cell;
            var peak = 0.42f + (0.25f * noise.At(cell * 1.37f, 8.8f));
            // Rising gently to the crest and falling more steeply behind it.
            var rise = f < peak ? f / peak : (1 - f) / (1 - peak);
            var up = rise * rise * (1.75f - (0.75f * rise));
            ridge[x] = y - (up * unit * 0.15f * scale) + (noise.At(u * 0.6f, 1.7f) * unit * 0.06f);
            shade[x] = (f - peak) * unit * wide;
            // No shade where one dune ends and the next begins.
            fade[x] = DemoMath.Smooth(1, 0.55f, f < peak ? 1 - rise : (f - peak) / (1 - peak));
        }

        return new Dune(ridge, shade, fade, shift);
    }

    private static void Fill(DemoCanvas canvas, DemoBrief brief, Dune dune, float sunX, float near, float[]? next)
    {
        var (palette, noise, unit) = (brief.Palette, brief.Noise, canvas.Unit);
        var (ridge, shade, fade, shift) = dune;
        var grains = palette.IsNight || palette.Heavy ? new Vector3(74, 84, 112) : DemoMath.Mix(new Vector3(226, 160, 96), palette.Far, 0.22f);
        var sand = DemoMath.Mix(palette.Far, grains, 0.45f + (0.55f * near));
        var lit = DemoMath.Mix(sand, palette.Glow, 0.38f - (0.15f * near));
        var dark = DemoMath.Mix(DemoMath.Mix(sand, palette.Near, 0.42f + (0.25f * near)), palette.Zenith, 0.1f);
        var haze = DemoMath.Mix(palette.Horizon, palette.Far, 0.4f);
        var fromLeft = sunX < canvas.Width * 0.5f;
        DemoNature.FillBelow(canvas, ridge, canvas.Height, (x, py, depth) =>
        {
            var (u, v) = (x / unit, py / unit);
            // The crest line wanders forward as it comes down towards the viewer.
            var bend = (DemoMath.Sin((depth / unit * 7) + shift) * 0.05f * unit) + (depth * 0.75f * (fromLeft ? -1 : 1))
                + (noise.At(u * 2, v * 3) * unit * 0.03f);
            var side = fromLeft ? shade[x] - bend : bend - shade[x];
            var dim = DemoMath.Smooth(-unit * 0.004f, unit * 0.012f, side) * fade[x] * DemoMath.Smooth(unit * 0.34f, unit * 0.1f, depth);
            var wind = DemoMath.Sin((((v * 46) + (noise.Fractal(u * 2.2f, v * 2.2f, 3) * 8)) + (u * 7)) * (1.6f - (near * 0.7f)));
            var colour = DemoMath.Mix(lit, dark,
                DemoMath.Clamp01((dim * 0.78f) + (wind * 0.035f * (0.3f + near)) + (noise.Fractal(u * 3, v * 6, 3) * 0.07f)));
            colour = DemoMath.Mix(colour, dark, DemoMath.Smooth(0, unit * 0.5f, depth) * 0.4f * near);
            return DemoMath.Mix(colour, haze, (1 - near) * 0.55f * DemoMath.Smooth(0, unit * 0.18f, depth));
        }, DemoNature.Floor(canvas, next));
    }

    private static void Caravan(DemoCanvas canvas, DemoBrief brief, float[] crest)
    {
        var (palette, random, unit) = (brief.Palette, brief.Random, canvas.Unit);
        var count = brief.Has("caravan", "camel") ? 6 : 3;
        var s = unit * 0.062f;
        var from = random.Range(0.2f, 0.5f) * canvas.Width;
        var step = Math.Min(s * 1.55f, canvas.Width * 0.75f / count);
        var dark = DemoMath.Mix(palette.Near, palette.Far, 0.1f);
        for (var i = 0; i < count; i++)
        {
            var x = from + ((i - (count * 0.3f)) * step) + (random.Range(-0.1f, 0.1f) * s);
            if (x < s || x > canvas.Width - s)
                continue;
            Camel(canvas, random, x, crest[(int)x] + (s * 0.05f), s * random.Range(0.88f, 1.06f), dark, i % 2 == 0);
        }
    }

    private static void Camel(DemoCanvas canvas, DemoRandom random, float x, float foot, float s, Vector3 dark, bool rider)
    {
        var path = new DemoPath();
        path.Ellipse(x, foot - (s * 0.62f), s * 0.33f, s * 0.17f);
        path.Ellipse(x - (s * 0.02f), foot - (s * 0.8f), s * 0.16f, s * 0.16f);
        Span<float> legs = [-0.26f, -0.18f, 0.19f, 0.27f];
        foreach (var leg in legs)
        {
            var swing = s * random.Range(-0.1f, 0.1f);
            path.Stroke(new Vector2(x + (leg * s), foot - (s * 0.58f)), new Vector2(x + (leg * s), foot - (s * 0.3f)),
                new Vector2(x + (leg * s) + swing, foot), s * 0.09f, s * 0.045f);
        }

        // Neck, head, tail.
        path.Stroke(new Vector2(x - (s * 0.28f), foot - (s * 0.62f)), new Vector2(x - (s * 0.52f), foot - (s * 0.48f)),
            new Vector2(x - (s * 0.52f), foot - s), s * 0.14f, s * 0.075f);
        path.Ellipse(x - (s * 0.6f), foot - s, s * 0.12f, s * 0.055f, -0.15f);
        path.Stroke(new Vector2(x + (s * 0.31f), foot - (s * 0.68f)), new Vector2(x + (s * 0.42f), foot - (s * 0.6f)),
            new Vector2(x + (s * 0.38f), foot - (s * 0.42f)), s * 0.035f, s * 0.02f);
        if (rider)
        {
            path.Move(x - (s * 0.1f), foot - (s * 0.86f)).Curve(x - (s * 0.08f), foot - (s * 1.2f), x, foot - (s * 1.22f))
                .Curve(x + (s * 0.1f), foot - (s * 1.18f), x + (s * 0.14f), foot - (s * 0.84f));
            path.Ellipse(x - (s * 0.01f), foot - (s * 1.28f), s * 0.07f, s * 0.08f);
        }
        else
            path.Ellipse(x, foot - (s * 0.78f), s * 0.2f, s * 0.13f);
        path.Fill(canvas, dark);
    }

    private static void Pyramids(DemoCanvas canvas, DemoBrief brief, float foot, float sunX)
    {
        var (palette, random, unit) = (brief.Palette, brief.Random, canvas.Unit);
        for (var i = 0; i < 3; i++)
        {
            var tall = unit * (0.13f + (0.07f * i));
            var x = canvas.Width * (0.24f + (0.25f * i) + random.Range(-0.04f, 0.04f));
            var edge = x + (tall * (sunX < x ? 0.28f : -0.28f));
            var stone = DemoMath.Mix(palette.Horizon, DemoMath.Mix(palette.Far, palette.Ground, 0.5f), 0.5f + (0.2f * i));
            var lit = DemoMath.Mix(stone, palette.Glow, 0.4f);
            var dark = DemoMath.Mix(stone, palette.Near, 0.4f);
            new DemoPath().Move(x, foot - tall).Line(x + (tall * 0.8f), foot + (tall * 0.25f)).Line(x - (tall * 0.8f), foot + (tall * 0.25f))
                .Fill(canvas, sunX < x ? dark : lit);
            new DemoPath().Move(x, foot - tall).Line(edge, foot + (tall * 0.25f)).Line(x - (tall * 0.8f), foot + (tall * 0.25f))
                .Fill(canvas, sunX < x ? lit : dark);
        }
    }

    private static void Cacti(DemoCanvas canvas, DemoBrief brief, float[] crest)
    {
        var (palette, random, unit) = (brief.Palette, brief.Random, canvas.Unit);
        var colour = DemoMath.Mix(palette.Near, new Vector3(46, 92, 66), 0.4f);
        for (var i = 0; i < 4; i++)
        {
            var x = (i + random.Range(0.2f, 0.8f)) / 4 * canvas.Width;
            var s = unit * random.Range(0.12f, 0.24f);
            var foot = crest[(int)x] + (s * 0.08f);
            var path = new DemoPath().Box(x - (s * 0.07f), foot - (s * 0.93f), x + (s * 0.07f), foot)
                .Ellipse(x, foot - (s * 0.93f), s * 0.07f, s * 0.07f);
            for (var arm = -1; arm <= 1; arm += 2)
            {
                var at = foot - (s * random.Range(0.35f, 0.55f));
                var outer = x + (arm * s * 0.22f);
                var up = at - (s * random.Range(0.22f, 0.4f));
                path.Stroke(new Vector2(x, at), new Vector2(outer, at + (s * 0.02f)), new Vector2(outer, at - (s * 0.12f)), s * 0.09f, s * 0.1f);
                path.Box(outer - (s * 0.05f), up, outer + (s * 0.05f), at - (s * 0.1f)).Ellipse(outer, up, s * 0.05f, s * 0.05f);
            }

            path.Fill(canvas, colour);
        }
    }

    private sealed record Dune(float[] Ridge, float[] Shade, float[] Fade, float Shift);
}
