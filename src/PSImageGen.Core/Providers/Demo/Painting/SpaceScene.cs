using System.Numerics;

namespace PSImageGen.Core.Providers.Demo.Painting;

/// <summary>A nebula, stars, a planet that may have rings, and a moon's horizon.</summary>
internal static class SpaceScene
{
    private static readonly int[][] Worlds =
    [
        [0x6B2D1F, 0xB8623A, 0xE8A866, 0xF8DDB0],
        [0x123A5C, 0x2E7FA8, 0x86C8D8, 0xE6F5F2],
        [0x3A1F52, 0x8A4A8E, 0xD88AA8, 0xFAD4C8],
        [0x4A3A22, 0xA08050, 0xDCC08A, 0xF6EACB],
        [0x12403A, 0x2F8A72, 0x8ECFA0, 0xEAF2C8],
    ];

    private static readonly int[][] Clouds =
    [
        [0x050614, 0x1A1E52, 0x6A2C8C, 0xE86AA0],
        [0x04070F, 0x0C2A4A, 0x1B6A8A, 0x7FE0D8],
        [0x0A0610, 0x3A1438, 0x9A3048, 0xFFB070],
        [0x05060E, 0x16224E, 0x3E5AA8, 0xD8B8E8],
    ];

    public static void Paint(DemoCanvas canvas, DemoBrief brief)
    {
        var (random, unit) = (brief.Random, canvas.Unit);
        var tint = Array.ConvertAll(random.Pick(Clouds), DemoMath.Colour);
        var world = Array.ConvertAll(brief.Has("mars", "red") ? Worlds[0] : brief.Has("earth", "blue") ? Worlds[1] : random.Pick(Worlds),
            DemoMath.Colour);
        Nebula(canvas, brief, tint);
        DemoSky.Stars(canvas, new DemoRandom(random.Next()), canvas.Height * 2.5f, 0.8f);

        var galaxy = brief.Has("galaxy", "galaxies", "nebula", "universe", "cosmos") && !brief.Has("planet", "saturn", "moon");
        if (galaxy)
        {
            Galaxy(canvas, brief, tint[3]);
            return;
        }

        var right = random.Chance(0.5f);
        var light = new Vector2(right ? -0.72f : 0.72f, -0.42f);
        var centre = new Vector2(canvas.Width * (right ? random.Range(0.56f, 0.66f) : random.Range(0.34f, 0.44f)), canvas.Height
            * random.Range(0.36f, 0.44f));
        var rings = brief.Has("ring", "ringed", "saturn") || random.Chance(0.55f);
        var radius = unit * (rings ? random.Range(0.17f, 0.2f) : random.Range(0.22f, 0.28f));
        var tilt = random.Range(-0.42f, 0.42f);
        canvas.Glow(centre.X, centre.Y, radius * 2.1f, world[2], 0.28f);
        if (rings)
            Rings(canvas, brief, centre, radius, tilt, light, world, front: false);
        Planet(canvas, brief, centre, radius, tilt, light, world, rings || random.Chance(0.5f));
        if (rings)
            Rings(canvas, brief, centre, radius, tilt, light, world, front: true);
        for (var i = 0; i < 2; i++)
        {
            var angle = random.Unit() * DemoMath.Tau;
            var at = centre + (new Vector2(DemoMath.Cos(angle), DemoMath.Sin(angle) * 0.6f) * radius * random.Range(2.1f, 2.7f));
            Planet(canvas, brief, at, radius * random.Range(0.06f, 0.14f), 0, light,
                [new(70, 66, 74), new(140, 134, 138), new(196, 190, 186), new(236, 230, 222)], false);
        }

        Moonscape(canvas, brief, tint, light.X < 0);
    }

    private static void Nebula(DemoCanvas canvas, DemoBrief brief, Vector3[] tint)
    {
        var (noise, unit) = (brief.Noise, canvas.Unit);
        var slope = brief.Random.Range(-0.6f, 0.6f);
        canvas.Rows(0, canvas.Height, (x, y) =>
        {
            var (u, v) = (x / unit, y / unit);
            var warpX = noise.Fractal(u * 1.3f, v * 1.3f, 2);
            var warpY = noise.Fractal((u * 1.3f) + 31, (v * 1.3f) + 17, 2);
            var n = 0.5f + (0.5f * noise.Fractal((u * 1.9f) + warpX, (v * 1.9f) + warpY, 4));
            var band = (v - (canvas.Height / unit * 0.5f) + ((u - (canvas.Width / unit * 0.5f)) * slope) + (warpX * 0.12f)) * 2.1f;
            var density = n / (0.72f + (band * band));
            var colour = DemoMath.Mix(tint[0], tint[1], DemoMath.Smooth(0.15f, 0.6f, density));
            colour = DemoMath.Mix(colour, tint[2], DemoMath.Smooth(0.48f, 1.0f, density) * 0.85f);
            colour = DemoMath.Mix(colour, tint[3], DemoMath.Smooth(0.78f, 1.25f, density) * 0.75f);
            var dust = DemoMath.Smooth(0.1f, 0.5f, warpY + (n * 0.2f)) * 0.5f;
            return DemoMath.Mix(colour, tint[0], dust);
        });
    }

    private static void Planet(DemoCanvas canvas, DemoBrief brief, Vector2 centre, float radius, float tilt, Vector2 light, Vector3[] world, bool gas)
    {
        var noise = brief.Noise;
        var (sin, cos) = (DemoMath.Sin(tilt), DemoMath.Cos(tilt));
        var depth = DemoMath.Sqrt(1 - (light.X * light.X) - (light.Y * light.Y));
        var shift = brief.Random.Range(0, 60);
        canvas.Disc(centre.X, centre.Y, radius, (x, y) =>
        {
            var (u, v) = ((x + 0.5f - centre.X) / radius, (y + 0.5f - centre.Y) / radius);
            var z = DemoMath.Sqrt(1 - (u * u) - (v * v));
            var (a, b) = ((u * cos) + (v * sin), (v * cos) - (u * sin));
            float t;
            if (gas)
            {
                var swirl = noise.Fractal((a * 2.2f / (0.6f + z)) + shift, (b * 6) + shift, 4);
                t = 0.5f + (0.5f * DemoMath.Sin((b * 11) + (swirl * 1.8f) + shift)) + (noise.At((a * 2) + shift, b * 26) * 0.22f);
            }
            else
                t = 0.5f + (noise.Fractal((a * 2.1f / (0.55f + (z * 0.6f))) + shift, (b * 2.1f) + shift, 6) * 0.95f);
            var colour = t < 0.5f ? DemoMath.Mix(world[0], world[1], DemoMath.Clamp01(t * 2))
                : DemoMath.Mix(world[1], world[2], DemoMath.Clamp01((t * 2) - 1));
            colour = DemoMath.Mix(colour, world[3], DemoMath.Smooth(0.72f, 1.05f, t) * 0.8f);
            var sun = (u * light.X) + (v * light.Y) + (z * depth);
            var lit = DemoMath.Smooth(-0.18f, 0.85f, sun);
            colour *= 0.05f + (0.95f * lit);
            var rim = 1 - z;
            return DemoMath.Mix(colour, world[3], rim * rim * rim * 0.7f * DemoMath.Smooth(-0.1f, 0.7f, sun));
        });
    }

    private static void Rings(DemoCanvas canvas, DemoBrief brief, Vector2 centre, float radius, float tilt, Vector2 light, Vector3[] world,
        bool front)
    {
        var noise = brief.Noise;
        const float Flat = 0.27f;
        var (sin, cos) = (DemoMath.Sin(tilt), DemoMath.Cos(tilt));
        var reach = radius * 2.25f;
        for (var y = Math.Max(0, (int)(centre.Y - reach)); y < Math.Min(canvas.Height, centre.Y + reach); y++)
        {
            for (var x = Math.Max(0, (int)(centre.X - reach)); x < Math.Min(canvas.Width, centre.X + reach); x++)
            {
                var (dx, dy) = ((x + 0.5f - centre.X) / radius, (y + 0.5f - centre.Y) / radius);
                var (a, b) = ((dx * cos) + (dy * sin), ((dy * cos) - (dx * sin)) / Flat);
                if (front != (b > 0))
                    continue;
                var r = DemoMath.Length(a, b);
                if (r is < 1.25f or > 2.2f)
                    continue;
                var edge = DemoMath.Smooth(1.25f, 1.31f, r) * DemoMath.Smooth(2.2f, 2.14f, r);
                var gap = 1 - (0.88f * DemoMath.Smooth(0.045f, 0.025f, r - 1.83f < 0 ? 1.83f - r : r - 1.83f));
                var grain = 0.62f + (0.38f * noise.At(r * 13, 4.4f)) + (0.2f * noise.At(r * 47, 9.4f));
                // The light comes from the viewer's side, so the planet's shadow lies on the ring behind it.
                var along = -((a * light.X) + (b * 0.6f));
                var across = (a * 0.6f) - (b * light.X);
                var shadow = along > 0 ? DemoMath.Smooth(0.8f, 0.98f, across < 0 ? -across : across) : 1;
                var colour = DemoMath.Mix(world[2], world[3], grain) * (0.15f + (0.85f * shadow));
                canvas.Blend(x, y, colour, edge * gap * DemoMath.Clamp01(grain) * 0.9f);
            }
        }
    }

    private static void Moonscape(DemoCanvas canvas, DemoBrief brief, Vector3[] tint, bool fromLeft)
    {
        var (noise, random, unit) = (brief.Noise, brief.Random, canvas.Unit);
        var lit = DemoMath.Mix(new Vector3(176, 170, 178), tint[3], 0.25f);
        var dark = DemoMath.Mix(new Vector3(22, 20, 34), tint[1], 0.35f);
        var ridges = new float[3][];
        for (var layer = 0; layer < 3; layer++)
            ridges[layer] = DemoNature.Ridge(canvas, brief, canvas.Height - (unit * (0.2f - (0.085f * layer))), unit * (0.06f - (0.008f * layer)),
                1.9f - (0.3f * layer), 7);
        for (var layer = 0; layer < 3; layer++)
        {
            var ridge = ridges[layer];
            var near = layer / 2f;
            var step = fromLeft ? -0.012f : 0.012f;
            DemoNature.FillBelow(canvas, ridge, canvas.Height, (x, py, depth) =>
            {
                var (u, v) = (x / unit * 5, py / unit * 11);
                var h = noise.Fractal(u, v, 5);
                var shade = DemoMath.Clamp01(0.42f + ((h - noise.Fractal(u + (step * 5), v - 0.1f, 4)) * 1.9f) - (depth / unit * 1.5f));
                var rim = DemoMath.Smooth(unit * 0.014f, 0, depth) * 0.45f;
                var colour = DemoMath.Mix(dark, lit, DemoMath.Clamp01(shade + rim) * (0.85f - (0.35f * near)));
                return DemoMath.Mix(colour, tint[2], 0.3f * (1 - near));
            }, DemoNature.Floor(canvas, layer < 2 ? ridges[layer + 1] : null));
            if (layer > 0)
                Craters(canvas, random, ridge, lit, dark, layer, fromLeft);
        }
    }

    private static void Craters(DemoCanvas canvas, DemoRandom random, float[] ridge, Vector3 lit, Vector3 dark, int layer, bool fromLeft)
    {
        var unit = canvas.Unit;
        for (var i = 0; i < 6 * layer; i++)
        {
            var x = random.Unit() * canvas.Width;
            var y = ridge[(int)x] + (unit * random.Range(0.03f, 0.09f));
            var r = unit * random.Range(0.012f, 0.04f) * layer * 0.75f;
            var side = (fromLeft ? 1 : -1) * r * 0.12f;
            new DemoPath().Ellipse(x, y, r * 1.12f, r * 0.33f).Fill(canvas, DemoMath.Mix(lit, dark, 0.35f), 0.55f);
            new DemoPath().Ellipse(x - side, y - (r * 0.03f), r, r * 0.27f).Fill(canvas, dark, 0.85f);
            new DemoPath().Ellipse(x + (side * 0.8f), y + (r * 0.08f), r * 0.8f, r * 0.17f).Fill(canvas, DemoMath.Mix(dark, lit, 0.45f), 0.55f);
        }
    }

    // Two logarithmic arms, spelled as noise turned with the radius.
    private static void Galaxy(DemoCanvas canvas, DemoBrief brief, Vector3 tint)
    {
        var (noise, random, unit) = (brief.Noise, brief.Random, canvas.Unit);
        var centre = new Vector2(canvas.Width * random.Range(0.45f, 0.55f), canvas.Height * random.Range(0.45f, 0.55f));
        var tilt = random.Range(-0.7f, 0.7f);
        var (sin, cos) = (DemoMath.Sin(tilt), DemoMath.Cos(tilt));
        var turn = random.Chance(0.5f) ? 1 : -1;
        var stars = new DemoRandom(random.Next());
        var core = new Vector3(255, 236, 205);
        for (var i = 0; i < 6400; i++)
        {
            var far = stars.Unit();
            far = (0.015f + (0.985f * far * (0.35f + (0.65f * far)))) * 0.5f;
            var spread = (stars.Unit() + stars.Unit() + stars.Unit() - 1.5f) * (0.5f + (1.1f * stars.Unit() * stars.Unit()));
            var angle = (turn * far * (17 - (far * 13))) + ((i & 1) * DemoMath.Tau / 2) + spread;
            var (a, b) = (DemoMath.Cos(angle) * far, DemoMath.Sin(angle) * far * 0.52f);
            var x = centre.X + (((a * cos) - (b * sin)) * unit);
            var y = centre.Y + (((a * sin) + (b * cos)) * unit);
            var light = DemoMath.Mix(core, DemoMath.Mix(tint, new Vector3(150, 190, 255), stars.Unit()), DemoMath.Smooth(0.02f, 0.3f, far));
            if (i % 5 == 0)
                canvas.Glow(x, y, unit * stars.Range(0.016f, 0.05f), light, 0.075f + (0.05f * noise.At(a * 9, b * 9)));
            else
                canvas.Disc(x, y, unit * stars.Range(0.0006f, 0.0014f), light, stars.Range(0.25f, 0.9f));
        }

        canvas.Glow(centre.X, centre.Y, unit * 0.22f, core, 0.5f);
        canvas.Glow(centre.X, centre.Y, unit * 0.09f, core, 0.8f);
    }
}
