using System.Numerics;

namespace PSImageGen.Core.Providers.Demo.Painting;

/// <summary>Trunks in the mist, one row behind the other, a path and light from its end.</summary>
internal static class ForestScene
{
    private const int Layers = 6;

    public static void Paint(DemoCanvas canvas, DemoBrief brief)
    {
        var (palette, random, noise, unit) = (brief.Palette, brief.Random, brief.Noise, canvas.Unit);
        var vanish = new Vector2(canvas.Width * random.Range(0.4f, 0.6f), canvas.Height * random.Range(0.5f, 0.56f));
        var haze = DemoMath.Mix(palette.Horizon, palette.Glow, 0.3f);
        if (palette.IsNight)
            haze = DemoMath.Mix(palette.Horizon, palette.Sun, 0.25f);
        var leaves = Leaves(brief);
        var wash = DemoMath.Mix(leaves[1], palette.Low, 0.5f);
        var reach = 1 / (unit * unit * 0.11f);
        canvas.Rows(0, canvas.Height, (x, y) =>
        {
            var (dx, dy) = (x - vanish.X, (y - (vanish.Y - (unit * 0.06f))) * 0.85f);
            var near = 1 / (1 + (((dx * dx) + (dy * dy)) * reach));
            var mottle = noise.Fractal(x / unit * 5, y / unit * 5, 3) * 0.16f;
            return DemoMath.Mix(wash, haze, DemoMath.Clamp01((near * 1.15f) + (mottle * (1 - near))));
        });
        canvas.Glow(vanish.X, vanish.Y - (unit * 0.08f), unit * 0.3f, palette.Sun, 0.55f);
        if (palette.IsNight)
            canvas.Disc(vanish.X, vanish.Y - (unit * 0.17f), unit * 0.05f, palette.Sun, 0.9f);

        var bend = random.Range(-0.16f, 0.16f);
        var ridges = new float[Layers][];
        for (var layer = 0; layer < Layers; layer++)
        {
            var t = layer / (Layers - 1f);
            ridges[layer] = DemoNature.Ridge(canvas, brief, FootOf(canvas, vanish, t) - (unit * 0.02f), unit * (0.01f + (0.02f * t)), 2.5f, 4);
        }

        for (var layer = 0; layer < Layers; layer++)
        {
            var t = layer / (Layers - 1f);
            Ground(canvas, brief, vanish, t, haze, leaves, bend, ridges[layer],
                DemoNature.Floor(canvas, layer + 1 < Layers ? ridges[layer + 1] : null));
            Trunks(canvas, brief, vanish, t, haze, bend);
            Canopy(canvas, brief, vanish, t, haze, leaves);
        }

        Rays(canvas, brief, vanish);
        Litter(canvas, random, leaves, vanish);
        if (brief.Snow)
            DemoNature.Snowfall(canvas, random);
    }

    private static Vector3[] Leaves(DemoBrief brief)
    {
        int[] colours = brief.Snow ? [0x6F8FA8, 0xA9C3D4, 0xDCE9F0, 0xF6FAFC]
            : ReferenceEquals(brief.Palette, DemoPalette.Autumn) ? [0x8A2F1C, 0xC9501E, 0xE8932A, 0xF6C653]
            : brief.Palette.IsNight ? [0x0C2130, 0x16394A, 0x2A5A68, 0x5F8F94]
            : ReferenceEquals(brief.Palette, DemoPalette.Dawn) ? [0x4B5A52, 0x748A6A, 0xB3B585, 0xF0CFA0]
            : ReferenceEquals(brief.Palette, DemoPalette.Sunset) ? [0x5A1F3A, 0x983A44, 0xD8703F, 0xFFB85F]
            : [0x1F4A2C, 0x3A7A3A, 0x7CAE4A, 0xC8DB74];
        return Array.ConvertAll(colours, DemoMath.Colour);
    }

    private static float PathX(Vector2 vanish, float y, float bottom, float bend, float width)
    {
        var t = DemoMath.Clamp01((y - vanish.Y) / (bottom - vanish.Y));
        return vanish.X + (DemoMath.Sin(t * 5.2f) * bend * width * (0.25f + t));
    }

    private static void Ground(DemoCanvas canvas, DemoBrief brief, Vector2 vanish, float t, Vector3 haze, Vector3[] leaves, float bend,
        float[] ridge, float[]? floor)
    {
        var (palette, noise, unit) = (brief.Palette, brief.Noise, canvas.Unit);
        var soil = DemoMath.Mix(DemoMath.Mix(leaves[1], leaves[2], 0.4f), palette.Near, 0.18f + (0.3f * t));
        var way = DemoMath.Mix(DemoMath.Mix(palette.Glow, palette.Ground, 0.5f), palette.Near, 0.08f + (0.25f * t));
        var bottom = canvas.Height;
        DemoNature.FillBelow(canvas, ridge, bottom, (x, y, _) =>
        {
            var d = (y - vanish.Y) / (bottom - vanish.Y);
            var n = noise.Fractal(x / unit * (3 + (3 / (d + 0.15f))), 5 / (d + 0.12f), 4);
            var half = unit * (0.012f + (0.2f * d));
            var away = x - PathX(vanish, y, bottom, bend, canvas.Width);
            away = (away < 0 ? -away : away) / half;
            var colour = DemoMath.Mix(soil, leaves[0], DemoMath.Clamp01(0.3f + (n * 0.6f)));
            var onPath = DemoMath.Smooth(1.12f, 0.78f, away + (n * 0.22f));
            colour = DemoMath.Mix(colour, DemoMath.Mix(way, soil, DemoMath.Clamp01(0.2f + (n * 0.45f))), onPath * 0.85f);
            return DemoMath.Mix(colour, haze, (1 - d) * (1 - d) * 0.8f);
        }, floor);
    }

    private static float FootOf(DemoCanvas canvas, Vector2 vanish, float t) => vanish.Y + ((canvas.Height - vanish.Y) * (0.03f + (t * t * 0.72f)));

    private static void Trunks(DemoCanvas canvas, DemoBrief brief, Vector2 vanish, float t, Vector3 haze, float bend)
    {
        var (palette, random, unit) = (brief.Palette, brief.Random, canvas.Unit);
        var foot = FootOf(canvas, vanish, t);
        var clear = unit * (0.03f + (0.27f * t));
        var wide = unit * (0.007f + (0.055f * t * t));
        var bark = DemoMath.Mix(DemoMath.Mix(haze, palette.Far, 0.35f), palette.Near, DemoMath.Smooth(-0.25f, 1, t));
        var middle = PathX(vanish, foot, canvas.Height, bend, canvas.Width);
        var gap = unit * (0.035f + (0.13f * t));
        for (var x = -gap * random.Unit(); x < canvas.Width + gap; x += gap * random.Range(0.55f, 1.5f))
        {
            var away = x - middle;
            if ((away < 0 ? -away : away) < clear)
                continue;
            var w = wide * random.Range(0.6f, 1.25f);
            var low = foot + (unit * random.Range(-0.012f, 0.02f) * (0.3f + t));
            var lean = unit * random.Range(-0.05f, 0.05f);
            var path = new DemoPath()
                .Stroke(new Vector2(x, low), new Vector2(x + (lean * 0.2f), low * 0.5f), new Vector2(x + lean, -10), w * 1.15f, w * 0.6f);
            path.Move(x - (w * 1.1f), low + (w * 0.15f)).Curve(x - (w * 0.5f), low - (w * 0.2f), x - (w * 0.42f), low - (w * 1.6f))
                .Line(x + (w * 0.42f), low - (w * 1.6f)).Curve(x + (w * 0.5f), low - (w * 0.2f), x + (w * 1.1f), low + (w * 0.15f));
            for (var i = 0; i < 3; i++)
            {
                var from = new Vector2(x + (lean * 0.4f), low * random.Range(0.15f, 0.62f));
                var side = random.Chance(0.5f) ? 1 : -1;
                var tip = from + new Vector2(side * unit * (0.04f + (0.12f * t)), -unit * (0.03f + (0.1f * t)));
                path.Stroke(from, new Vector2((from.X + tip.X) * 0.5f, from.Y), tip, w * 0.32f, w * 0.06f);
            }

            var toward = vanish.X > x ? 1 : -1;
            path.Fill(canvas, (px, py) =>
            {
                // The edge turned to the light is paler, and so is the foot where mist lies.
                var edge = DemoMath.Clamp01((px - x) / w * toward);
                var colour = DemoMath.Mix(bark, haze, edge * 0.3f * (1 - (0.4f * t)));
                return DemoMath.Mix(colour, haze, DemoMath.Smooth(low - (unit * 0.22f), low, py) * 0.32f * (1 - t));
            });
        }
    }

    private static void Canopy(DemoCanvas canvas, DemoBrief brief, Vector2 vanish, float t, Vector3 haze, Vector3[] leaves)
    {
        var (palette, noise, unit) = (brief.Palette, brief.Noise, canvas.Unit);
        var random = new DemoRandom(brief.Random.Next());
        var low = DemoMath.Mix(vanish.Y * 0.72f, unit * 0.1f, t);
        var size = unit * (0.008f + (0.013f * t));
        var count = (int)(620 * canvas.Width / unit * (1 - (0.45f * t)));
        for (var i = 0; i < count; i++)
        {
            var x = random.Unit() * canvas.Width;
            var away = DemoMath.Clamp01((x < vanish.X ? vanish.X - x : x - vanish.X) / (canvas.Width * 0.5f));
            var depth = random.Unit() * (0.35f + (0.9f * away));
            var y = low * depth * 1.3f;
            if (noise.At((x / unit * 4) + (t * 30), (y / unit * 4) + 3) < -0.12f)
                continue;
            var colour = leaves[Math.Min(3, random.Int(4))];
            colour = DemoMath.Mix(colour, palette.Near, 0.5f * t * random.Unit());
            colour = DemoMath.Mix(colour, haze, (1 - t) * 0.55f);
            new DemoPath().Ellipse(x, y, size * random.Range(0.8f, 2), size * random.Range(0.5f, 1.1f), random.Range(-0.9f, 0.9f), 10)
                .Fill(canvas, colour, 0.82f);
        }
    }

    private static void Rays(DemoCanvas canvas, DemoBrief brief, Vector2 vanish)
    {
        var (palette, noise, unit) = (brief.Palette, brief.Noise, canvas.Unit);
        var from = new Vector2(vanish.X + (unit * brief.Random.Range(-0.3f, 0.3f)), -unit * 0.35f);
        var strength = palette.IsNight ? 0.14f : 0.3f;
        // The light depends on the slope alone, so it is worked out once for a fan of slopes.
        const int Fan = 4096;
        var rays = new float[Fan];
        for (var i = 0; i < Fan; i++)
        {
            var slope = (i - (Fan / 2)) * (16f / Fan);
            rays[i] = DemoMath.Smooth(0.08f, 0.55f, noise.At(slope * 7.5f, 6.6f) + (0.4f * noise.At(slope * 19, 2.6f)));
        }

        for (var y = 0; y < canvas.Height; y++)
        {
            var fade = DemoMath.Smooth(1, 0.15f, y / (float)canvas.Height);
            for (var x = 0; x < canvas.Width; x++)
            {
                var at = Math.Clamp(((x - from.X) / (y - from.Y) * (Fan / 16f)) + (Fan / 2), 0, Fan - 2);
                var step = (int)at;
                canvas.Screen(x, y, palette.Sun, DemoMath.Mix(rays[step], rays[step + 1], at - step) * fade * strength);
            }
        }
    }

    private static void Litter(DemoCanvas canvas, DemoRandom random, Vector3[] leaves, Vector2 vanish)
    {
        var unit = canvas.Unit;
        for (var i = 0; i < 320; i++)
        {
            var d = random.Unit();
            d = DemoMath.Sqrt(d);
            var y = vanish.Y + ((canvas.Height - vanish.Y) * (0.1f + (0.95f * d)));
            var size = unit * (0.001f + (0.008f * d * d));
            new DemoPath().Ellipse(random.Unit() * canvas.Width, y, size * 1.5f, size * 0.6f, random.Range(-0.6f, 0.6f), 10)
                .Fill(canvas, leaves[1 + random.Int(3)], 0.7f);
        }

        for (var i = 0; i < 26; i++)
        {
            var size = unit * random.Range(0.003f, 0.007f);
            new DemoPath().Ellipse(random.Unit() * canvas.Width, random.Range(0.2f, 0.8f) * canvas.Height, size * 1.4f, size * 0.7f,
                random.Range(-1.5f, 1.5f), 10)
                .Fill(canvas, leaves[2 + random.Int(2)], 0.85f);
        }
    }
}
