using System.Numerics;

namespace PSImageGen.Core.Providers.Demo.Painting;

/// <summary>A skyline in three depths with lit windows, mirrored in wet ground.</summary>
internal static class CityScene
{
    public static void Paint(DemoCanvas canvas, DemoBrief brief)
    {
        var (palette, random, unit) = (brief.Palette, brief.Random, canvas.Unit);
        var level = (int)(canvas.Height * random.Range(0.7f, 0.76f));
        DemoSky.Paint(canvas, brief, level, level + 1, palette.Heavy ? 1 : 0.45f);
        var neon = ReferenceEquals(palette, DemoPalette.Neon) || brief.Has("neon");
        var dark = neon || palette.IsNight || palette.Heavy || ReferenceEquals(palette, DemoPalette.Sunset);
        if (dark)
            canvas.Glow(canvas.Width * random.Range(0.35f, 0.65f), level, unit * 0.75f, palette.Glow, neon ? 0.5f : 0.3f);

        for (var depth = 0; depth < 4; depth++)
            Row(canvas, brief, level, depth, dark, neon);

        // Street lamps' haze lies along the foot of the houses.
        for (var y = level - (int)(unit * 0.12f); y < level; y++)
        {
            for (var x = 0; x < canvas.Width; x++)
                canvas.Blend(x, y, palette.Horizon, 0.42f * DemoMath.Smooth(level - (unit * 0.12f), level, y));
        }

        Wet(canvas, brief, level);
        if (brief.Rain || palette.Heavy || (neon && random.Chance(0.5f)))
            DemoNature.Rain(canvas, random, DemoMath.Mix(palette.Horizon, new Vector3(255, 255, 255), 0.6f), 0.26f);
        else if (!dark)
            DemoNature.Birds(canvas, random, level * 0.1f, level * 0.3f, palette.Near, 6);
    }

    private static void Row(DemoCanvas canvas, DemoBrief brief, int level, int depth, bool dark, bool neon)
    {
        var (palette, noise, unit) = (brief.Palette, brief.Noise, canvas.Unit);
        var random = new DemoRandom(brief.Random.Next());
        var t = depth / 3f;
        var wall = DemoMath.Mix(DemoMath.Mix(palette.Low, palette.Far, 0.55f), palette.Near, 0.12f + (0.8f * t));
        var haze = DemoMath.Mix(palette.Horizon, palette.Low, 0.5f);
        var tallest = Math.Min(unit * (0.62f - (0.12f * depth)), level * 0.82f);
        for (var x = -unit * random.Range(0, 0.06f); x < canvas.Width;)
        {
            var wide = unit * random.Range(0.05f, 0.11f) * (0.8f + (0.35f * t));
            // Heights swell to a centre somewhere, as downtowns do.
            var swell = 0.62f + (0.6f * noise.At((x / unit * 1.7f) + (depth * 5), 31.7f));
            var tall = tallest * DemoMath.Clamp01(swell) * random.Range(0.55f, 1) + (unit * 0.05f);
            Building(canvas, brief, random, x, level - tall, wide, level, wall, haze, t, dark, neon);
            x += wide + (unit * random.Range(-0.008f, 0.02f));
        }
    }

    private static void Building(
        DemoCanvas canvas, DemoBrief brief, DemoRandom random, float x, float top, float wide, int level, Vector3 wall, Vector3 haze, float near,
            bool dark, bool neon)
    {
        var (palette, unit) = (brief.Palette, canvas.Unit);
        var tone = DemoMath.Mix(wall, palette.Mid, random.Range(0, 0.12f));
        var tall = level - top;
        var path = new DemoPath().Box(x, top, x + wide, level);
        var roof = random.Int(6);
        var mid = x + (wide * 0.5f);
        if (roof == 0)
            path.Box(x + (wide * 0.2f), top - (unit * 0.03f), x + (wide * 0.8f), top + 1)
                .Box(mid - (unit * 0.002f), top - (unit * 0.11f), mid + (unit * 0.002f), top);
        else if (roof == 1)
            path.Move(x, top + 1).Line(mid, top - (unit * 0.06f)).Line(x + wide, top + 1)
                .Box(mid - (unit * 0.0018f), top - (unit * 0.12f), mid + (unit * 0.0018f), top);
        else if (roof == 2)
            path.Move(x, top + 1).Line(x, top - (wide * 0.4f)).Line(x + wide, top + 1);
        else if (roof == 3)
            path.Box(x + (wide * 0.15f), top - (unit * 0.02f), x + (wide * 0.6f), top + 1)
                .Box(x + (wide * 0.3f), top - (unit * 0.035f), x + (wide * 0.5f), top);
        path.Fill(canvas, (px, py) =>
        {
            var side = DemoMath.Clamp01((px - x) / wide);
            var colour = tone * (1.12f - (0.24f * side));
            return DemoMath.Mix(colour, haze, (0.55f - (0.35f * near)) * DemoMath.Smooth(0.1f, 1, (py - top) / tall));
        });

        var cellWide = unit * random.Range(0.0095f, 0.0135f) * (0.7f + (0.6f * near));
        var cellTall = cellWide * random.Range(1.15f, 1.7f);
        var columns = (int)((wide - (cellWide * 0.8f)) / cellWide);
        var rows = (int)((tall - (cellTall * 1.4f)) / cellTall);
        var lights = neon
            ? new[] { 0xFFD98A, 0x6EF0FF, 0xFF7AC8, 0xFFF2D0, 0xB08CFF }
            : new[] { 0xFFD98A, 0xFFE9B8, 0xFFC46B, 0xFFF4DC };
        var share = dark ? random.Range(0.18f, 0.55f) : 0.85f;
        var kind = random.Pick(lights);
        var margin = (wide - (columns * cellWide)) * 0.5f;
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var left = x + margin + (column * cellWide) + (cellWide * 0.2f);
                var up = top + (cellTall * (row + 0.9f));
                if (!random.Chance(share) || left + (cellWide * 0.6f) < 0 || left > canvas.Width)
                    continue;
                var light = dark ? DemoMath.Colour(random.Chance(0.75f) ? kind : random.Pick(lights)) : DemoMath.Mix(palette.Mid, palette.Near, 0.3f);
                var strength = dark ? (0.35f + (0.6f * near)) * random.Range(0.35f, 1) : 0.35f;
                new DemoPath().Box(left, up, left + (cellWide * 0.6f), up + (cellTall * 0.58f)).Fill(canvas, light, strength);
            }
        }

        if (neon && near > 0.5f && random.Chance(0.42f))
            Sign(canvas, random, x + (wide * random.Range(0.1f, 0.75f)), top + (tall * random.Range(0.1f, 0.3f)),
                Math.Min(tall * 0.5f, unit * 0.16f));
    }

    private static void Sign(DemoCanvas canvas, DemoRandom random, float x, float top, float tall)
    {
        var unit = canvas.Unit;
        var colour = DemoMath.Colour(random.Pick(0xFF2E9A, 0x18E8FF, 0xFFC93C, 0x9B5CFF, 0x3CFFB0));
        var wide = unit * 0.024f;
        canvas.Glow(x + (wide * 0.5f), top + (tall * 0.5f), tall * 0.85f, colour, 0.55f);
        new DemoPath().Box(x, top, x + wide, top + tall).Fill(canvas, new Vector3(14, 8, 30), 0.75f);
        var line = unit * 0.0028f;
        new DemoPath().Box(x, top, x + line, top + tall).Box(x + wide - line, top, x + wide, top + tall)
            .Box(x, top, x + wide, top + line).Box(x, top + tall - line, x + wide, top + tall).Fill(canvas, colour);
        var glyphs = Math.Max(2, (int)(tall / (wide * 1.05f)));
        for (var i = 0; i < glyphs; i++)
        {
            var cy = top + ((i + 0.5f) * tall / glyphs);
            var r = wide * 0.27f;
            var cx = x + (wide * 0.5f);
            var path = new DemoPath();
            for (var stroke = 0; stroke < 3; stroke++)
            {
                if (random.Chance(0.5f))
                    path.Box(cx - r, cy + (r * (stroke - 1)) - (line * 0.5f), cx + r, cy + (r * (stroke - 1)) + (line * 0.5f));
                else
                    path.Box(cx + (r * (stroke - 1)) - (line * 0.5f), cy - r, cx + (r * (stroke - 1)) + (line * 0.5f), cy + r);
            }

            path.Fill(canvas, DemoMath.Mix(colour, new Vector3(255, 255, 255), 0.55f));
        }
    }

    // Wet ground smears lights downwards: every pixel averages a few mirrored rows.
    private static void Wet(DemoCanvas canvas, DemoBrief brief, int level)
    {
        var (palette, noise, unit) = (brief.Palette, brief.Noise, canvas.Unit);
        var stretch = Math.Min(1.7f, (level - 1f) / Math.Max(1, canvas.Height - level));
        var ground = DemoMath.Mix(palette.Near, palette.Zenith, 0.4f);
        for (var y = level; y < canvas.Height; y++)
        {
            var d = (y - level) / unit;
            var far = 1 / (d + 0.06f);
            for (var x = 0; x < canvas.Width; x++)
            {
                var u = (x - (canvas.Width * 0.5f)) / unit;
                var n = noise.Fractal(u * (2 + (far * 0.5f)), far * 3.3f, 3);
                var sum = Vector3.Zero;
                for (var tap = 0; tap < 5; tap++)
                {
                    var mirrored = level - 1 - ((y - level) * stretch) - ((tap - 2) * unit * (0.006f + (d * 0.09f)));
                    sum += canvas.Nearest(x + (n * unit * (0.004f + (0.05f * d))), Math.Min(mirrored, level - 1));
                }

                var puddle = 0.5f + (0.36f * DemoMath.Smooth(-0.25f, 0.3f, n));
                canvas.Set(x, y, DemoMath.Mix(ground, sum * 0.2f, puddle * DemoMath.Mix(1, 0.72f, DemoMath.Smooth(0, 0.35f, d))));
            }
        }
    }
}
