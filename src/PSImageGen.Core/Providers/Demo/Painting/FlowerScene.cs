using System.Numerics;

namespace PSImageGen.Core.Providers.Demo.Painting;

/// <summary>A vase of flowers by a window's light, or a meadow in bloom.</summary>
internal static class FlowerScene
{
    private static readonly int[][] Blooms =
    [
        [0xE0455A, 0xF2828A, 0xFBC4B8], [0xF0A02E, 0xF8C858, 0xFDE9A8], [0x9A5AB8, 0xC48AD6, 0xEAC8EE], [0xF4E6DC, 0xFFFAF4, 0xF8D8D0],
            [0xE86A92, 0xF7A8C0, 0xFDDCE4],
    ];

    private static readonly int[][] Walls =
    [
        [0x2F4A52, 0x86A8A0, 0xF0E2C4], [0x4A3A4E, 0xB08A96, 0xF6DCC6], [0x3A4A3C, 0x9CAA84, 0xF2E8CC], [0x2C3550, 0x7C8CB0, 0xE8DED6],
            [0x6A4630, 0xC89A70, 0xFAE6C8],
    ];

    public static void Paint(DemoCanvas canvas, DemoBrief brief)
    {
        if (brief.Has("meadow", "field", "garden", "wild", "wildflower", "poppy", "poppies", "lavender", "hill"))
            Meadow(canvas, brief);
        else
            StillLife(canvas, brief);
    }

    private static Vector3[] Bloom(DemoBrief brief, DemoRandom random)
    {
        var choice = brief.Has("red", "rose", "poppy", "poppies") ? 0 : brief.Has("yellow", "sunflower", "orange", "daffodil") ? 1
            : brief.Has("purple", "violet", "lavender", "blue", "iris") ? 2 : brief.Has("white", "daisy", "daisies", "lily") ? 3 : brief.Has("pink")
                ? 4 : random.Int(5);
        return Array.ConvertAll(Blooms[choice], DemoMath.Colour);
    }

    private static void StillLife(DemoCanvas canvas, DemoBrief brief)
    {
        var (random, noise, unit) = (brief.Random, brief.Noise, canvas.Unit);
        var wall = Array.ConvertAll(random.Pick(Walls), DemoMath.Colour);
        var fromLeft = random.Chance(0.5f);
        var side = fromLeft ? -1 : 1;
        var cx = canvas.Width * 0.5f;
        var table = canvas.Height - (unit * 0.17f);
        var centre = new Vector2(cx + (side * unit * 0.16f), canvas.Height * 0.36f);
        var reach = 1 / (unit * unit * 0.2f);
        canvas.Rows(0, canvas.Height, (x, y) =>
        {
            var (dx, dy) = (x - centre.X, y - centre.Y);
            var light = 1 / (1 + (((dx * dx) + (dy * dy)) * reach));
            // Slanting bars of window light on the wall.
            var slant = ((x - cx) * side) + ((y - centre.Y) * 0.55f);
            var pane = DemoMath.Smooth(0.5f, 0.47f, slant < 0 ? -slant / unit : slant / unit)
                * DemoMath.Smooth(0.012f, 0.03f, slant < 0 ? -slant / unit : slant / unit)
                    * DemoMath.Smooth(0.46f, 0.4f, dy < 0 ? -dy / unit : dy / unit);
            var brush = noise.Fractal(x / unit * 3, y / unit * 7, 5) * 0.07f;
            var t = DemoMath.Clamp01((light * 0.95f) + brush + (pane * 0.14f));
            return t < 0.5f ? DemoMath.Mix(wall[0], wall[1], t * 2) : DemoMath.Mix(wall[1], wall[2], (t * 2) - 1);
        });
        var wood = DemoMath.Mix(new Vector3(150, 98, 62), wall[1], 0.3f);
        canvas.Rows((int)table, canvas.Height, (x, y) =>
        {
            var grain = noise.Fractal(x / unit * 2.2f, y / unit * 34, 4);
            var t = (y - table) / (canvas.Height - table);
            return DemoMath.Mix(DemoMath.Mix(wood, wall[2], 0.5f - (0.4f * t)), wood * 0.55f, DemoMath.Clamp01((t * 0.6f) + (grain * 0.22f)));
        });

        var tall = Math.Min(unit * 0.33f, table * 0.38f);
        var foot = table + (unit * 0.055f);
        var rim = foot - tall;
        // The shadow falls away from the light.
        for (var i = 0; i < 20; i++)
            new DemoPath().Ellipse(cx - (side * tall * (0.18f + (0.03f * i))), foot - (tall * 0.01f), tall * (0.42f + (0.034f * i)), tall
                * (0.05f + (0.004f * i))).Fill(canvas, wall[0] * 0.45f, 0.048f);
        Bouquet(canvas, brief, new Vector2(cx, rim), tall);
        Vase(canvas, brief, cx, foot, tall, side, wall);
        for (var i = 0; i < 4; i++)
        {
            var colours = Bloom(brief, random);
            var at = new Vector2(cx + (random.Range(-0.75f, 0.75f) * tall * 1.2f), foot + (unit * random.Range(0.01f, 0.07f)));
            new DemoPath().Ellipse(at.X + (unit * 0.003f), at.Y + (unit * 0.005f), unit * 0.017f, unit * 0.007f).Fill(canvas, wood * 0.4f, 0.5f);
            new DemoPath().Ellipse(at.X, at.Y, unit * 0.017f, unit * 0.008f, random.Range(-0.5f, 0.5f)).Fill(canvas, colours[1]);
        }

        canvas.Vignette(0.12f);
    }

    private static void Vase(DemoCanvas canvas, DemoBrief brief, float x, float foot, float s, int side, Vector3[] wall)
    {
        var (random, noise) = (brief.Random, brief.Noise);
        var glaze = DemoMath.Mix(DemoMath.Colour(random.Pick(0x2E6E8E, 0xE8E0D2, 0xB4553A, 0x3F7A68, 0x4A4470, 0xD8A048)), wall[1], 0.12f);
        var belly = s * random.Range(0.3f, 0.4f);
        var neck = s * random.Range(0.15f, 0.2f);
        var (top, lip) = (foot - s, neck * 1.3f);
        var path = new DemoPath().Move(x - lip, top).Curve(x - neck, top + (s * 0.05f), x - neck, top + (s * 0.16f))
            .Curve(x - (neck * 1.02f), top + (s * 0.28f), x - (belly * 0.82f), top + (s * 0.42f))
            .Curve(x - (belly * 1.22f), top + (s * 0.66f), x - (belly * 0.72f), top + (s * 0.9f))
            .Curve(x - (belly * 0.6f), foot, x - (belly * 0.52f), foot).Curve(x, foot + (s * 0.05f), x + (belly * 0.52f), foot)
            .Curve(x + (belly * 0.6f), foot, x + (belly * 0.72f), top + (s * 0.9f))
            .Curve(x + (belly * 1.22f), top + (s * 0.66f), x + (belly * 0.82f), top + (s * 0.42f))
            .Curve(x + (neck * 1.02f), top + (s * 0.28f), x + neck, top + (s * 0.16f)).Curve(x + neck, top + (s * 0.05f), x + lip, top)
            .Curve(x, top + (s * 0.045f), x - lip, top);
        var pattern = random.Chance(0.6f);
        path.Fill(canvas, (px, py) =>
        {
            var t = (py - top) / s;
            var half = DemoMath.Mix(neck, belly, DemoMath.Smooth(0.2f, 0.6f, t)) * 1.05f;
            var u = (px + 0.5f - x) / half * -side;
            var light = DemoMath.Smooth(1.25f, -0.75f, u);
            var colour = glaze;
            if (pattern && t is > 0.45f and < 0.8f)
            {
                var wave = DemoMath.Sin((u * 9) + (DemoMath.Sin((t - 0.62f) * 22) * 1.6f));
                colour = DemoMath.Mix(colour, wall[2], DemoMath.Smooth(0.1f, 0.35f, wave) * 0.5f);
            }

            colour = DemoMath.Mix(colour * 0.34f, colour * 1.08f, light) + (new Vector3(6, 6, 6) * noise.Fractal(px / s * 9, py / s * 9, 3));
            var shine = DemoMath.Smooth(0.17f, 0, DemoMath.Length(u + 0.48f, (t - 0.58f) * 0.75f));
            var edge = DemoMath.Smooth(0.75f, 1.1f, u) * 0.22f;
            return DemoMath.Mix(DemoMath.Mix(colour, wall[1], edge), new Vector3(255, 252, 244), shine * 0.6f);
        });
    }

    private static void Bouquet(DemoCanvas canvas, DemoBrief brief, Vector2 mouth, float s)
    {
        var random = brief.Random;
        var tulips = brief.Has("tulip") || (!brief.Has("rose", "daisy", "daisies", "sunflower") && random.Chance(0.5f));
        var main = Bloom(brief, random);
        var second = Bloom(brief, random);
        var count = 9 + random.Int(4);
        var spread = Math.Min(s * 1.15f, canvas.Width * 0.4f);
        var heads = new List<(Vector2 At, float Size, float Lean, Vector3[] Colours)>();
        for (var i = 0; i < count; i++)
        {
            var u = ((i + 0.5f) / count * 2) - 1;
            var lift = (1 - (0.5f * u * u)) * s * (i % 2 == 0 ? 1.32f : 0.88f) * random.Range(0.9f, 1.08f);
            lift = Math.Min(lift, mouth.Y * 0.86f);
            heads.Add((new Vector2(mouth.X + (u * spread), mouth.Y - lift), s * random.Range(0.2f, 0.255f), u, random.Chance(0.7f) ? main : second));
        }

        foreach (var (at, size, lean, _) in heads)
        {
            var green = DemoMath.Mix(DemoMath.Colour(0x3F6B3A), DemoMath.Colour(0x84A858), random.Unit());
            var root = mouth + new Vector2(lean * s * 0.1f, s * 0.08f);
            var pull = new Vector2(mouth.X + (lean * s * 0.2f), at.Y + ((mouth.Y - at.Y) * 0.4f));
            new DemoPath().Stroke(root, pull, at + new Vector2(0, size * 0.3f), s * 0.026f, s * 0.018f).Fill(canvas, green);
        }

        for (var i = 0; i < 8; i++)
        {
            var lean = ((i + random.Unit()) / 8 * 2) - 1;
            var green = DemoMath.Mix(DemoMath.Colour(0x2C5236), DemoMath.Colour(0x7A9E5A), random.Unit());
            var tip = mouth + new Vector2(lean * spread * 1.12f, -s * random.Range(0.3f, 0.85f));
            var bend = mouth + new Vector2(lean * spread * 0.32f, -s * random.Range(0.55f, 0.85f));
            var wide = new Vector2(s * 0.085f, s * 0.06f);
            new DemoPath().Move(mouth.X + (lean * s * 0.08f), mouth.Y + (s * 0.06f)).Curve(bend.X - wide.X, bend.Y - wide.Y, tip.X, tip.Y)
                .Curve(bend.X + wide.X, bend.Y + wide.Y, mouth.X + (lean * s * 0.08f) + (s * 0.03f), mouth.Y + (s * 0.06f)).Fill(canvas, (_, y) =>
                DemoMath.Mix(green, green * 0.6f, DemoMath.Smooth(tip.Y, mouth.Y, y)));
        }

        heads.Sort(static (a, b) => a.At.Y.CompareTo(b.At.Y));
        foreach (var (at, size, lean, colours) in heads)
        {
            if (tulips)
                Tulip(canvas, at, size, lean * 0.5f, colours);
            else
                Round(canvas, random, at, size * 1.2f, colours, brief.Has("sunflower", "daisy", "daisies"));
        }
    }

    private static void Tulip(DemoCanvas canvas, Vector2 at, float s, float lean, Vector3[] colours)
    {
        var (sin, cos) = (DemoMath.Sin(lean), DemoMath.Cos(lean));
        Vector2 Turn(float x, float y) => at + new Vector2((x * cos) - (y * sin), (x * sin) + (y * cos)) * s;
        void Petal(float tipX, float left, float right, float tall, Vector3 high, Vector3 low)
        {
            var (foot, tip) = (Turn(0, 0.55f), Turn(tipX, -tall));
            var (a, b) = (Turn(left, -0.05f), Turn(right, -0.05f));
            var (a0, b0) = (Turn(left * 0.95f, 0.52f), Turn(right * 0.95f, 0.52f));
            var (a1, b1) = (Turn(left * 0.92f, -tall * 0.6f), Turn(right * 0.92f, -tall * 0.6f));
            new DemoPath().Move(foot.X, foot.Y).Curve(a0.X, a0.Y, a.X, a.Y).Curve(a1.X, a1.Y, tip.X, tip.Y).Curve(b1.X, b1.Y, b.X, b.Y)
                .Curve(b0.X, b0.Y, foot.X, foot.Y)
                .Fill(canvas, (_, y) => DemoMath.Mix(high, low, DemoMath.Smooth(at.Y - (s * tall), at.Y + (s * 0.5f), y)));
        }

        Petal(-0.14f, -0.42f, 0.1f, 0.78f, colours[1], colours[0] * 0.82f);
        Petal(0.16f, -0.1f, 0.42f, 0.76f, colours[1], colours[0] * 0.86f);
        Petal(-0.4f, -0.56f, 0.06f, 0.66f, DemoMath.Mix(colours[1], colours[2], 0.4f), colours[0]);
        Petal(0.42f, -0.06f, 0.56f, 0.64f, colours[1], colours[0] * 0.9f);
        Petal(0.0f, -0.34f, 0.34f, 0.6f, colours[2], colours[0]);
    }

    private static void Round(DemoCanvas canvas, DemoRandom random, Vector2 at, float s, Vector3[] colours, bool open)
    {
        var rings = open ? 2 : 4;
        var petals = open ? 14 : 8;
        for (var ring = 0; ring < rings; ring++)
        {
            var r = s * (open ? 0.62f - (0.08f * ring) : 0.55f - (0.145f * ring));
            var turn = random.Unit() * DemoMath.Tau;
            for (var i = 0; i < petals; i++)
            {
                var angle = turn + (i * DemoMath.Tau / petals);
                var (c, d) = (DemoMath.Cos(angle), DemoMath.Sin(angle));
                var shade = DemoMath.Mix(DemoMath.Mix(colours[0], colours[2], (0.5f - (0.5f * d)) * 0.75f), colours[1], 0.3f)
                    * (open ? 0.85f + (0.15f * ring) : 0.78f + (0.08f * ring));
                new DemoPath().Ellipse(at.X + (c * r * 0.72f), at.Y + (d * r * 0.72f), open ? s * 0.34f : s * 0.31f * (1 - (0.16f * ring)), open ? s
                    * 0.115f : s * 0.235f * (1 - (0.16f * ring)), open ? angle : angle + 1.57f)
                    .Fill(canvas, shade);
            }
        }

        var heart = open ? new Vector3(96, 60, 30) : colours[0] * 0.75f;
        canvas.Disc(at.X, at.Y, s * (open ? 0.3f : 0.1f), heart);
        for (var i = 0; open && i < 40; i++)
        {
            var angle = i * 2.39996f;
            var r = s * 0.27f * DemoMath.Sqrt(i / 40f);
            canvas.Disc(at.X + (DemoMath.Cos(angle) * r), at.Y + (DemoMath.Sin(angle) * r), s * 0.024f, new Vector3(214, 150, 60));
        }
    }

    private static void Meadow(DemoCanvas canvas, DemoBrief brief)
    {
        var (palette, random, unit) = (brief.Palette, brief.Random, canvas.Unit);
        var level = (int)(canvas.Height * 0.5f);
        DemoSky.Paint(canvas, brief, level, level + (int)(unit * 0.1f), 0.55f);
        for (var i = 0; i < 4; i++)
        {
            var ridge = DemoNature.Ridge(canvas, brief, level - (unit * (0.07f - (0.045f * i))), unit * 0.07f, 1.2f + (0.2f * i), 4);
            var colour = DemoMath.Mix(palette.Far, DemoMath.Mix(palette.Ground, palette.Near, 0.25f), i / 3f);
            DemoNature.HazyRange(canvas, ridge, canvas.Height, colour, palette.Horizon, 0.5f - (0.15f * i));
        }

        var main = Bloom(brief, random);
        var second = Bloom(brief, random);
        const int Rows = 46;
        for (var row = 0; row < Rows; row++)
        {
            var t = row / (Rows - 1f);
            var y = level + (unit * 0.03f) + ((canvas.Height - level) * t * t * 1.08f);
            var s = unit * (0.003f + (0.032f * t * t));
            var grass = DemoMath.Mix(DemoMath.Mix(palette.Ground, palette.Far, 0.4f * (1 - t)), palette.Near, 0.1f + (0.5f * t));
            for (var x = -s; x < canvas.Width + s; x += s * random.Range(0.3f, 0.9f))
            {
                var lean = s * random.Range(-0.7f, 0.7f);
                var tall = s * random.Range(1.3f, 3.2f);
                var blade = DemoMath.Mix(grass, palette.Ground, random.Range(0, 0.55f));
                new DemoPath().Move(x - (s * 0.13f), y).Curve(x, y - (tall * 0.6f), x + lean, y - tall)
                    .Curve(x + (s * 0.12f), y - (tall * 0.5f), x + (s * 0.16f), y).Fill(canvas, blade);
                if (!random.Chance(0.26f))
                    continue;
                var colours = random.Chance(0.75f) ? main : second;
                var at = new Vector2(x + lean, y - (tall * 0.95f));
                if (t < 0.55f)
                    new DemoPath().Ellipse(at.X, at.Y, s * 0.62f, s * 0.46f, 0, 10).Fill(canvas, colours[random.Int(2)], 0.95f);
                else
                    Poppy(canvas, random, at, s * random.Range(0.65f, 0.9f), colours);
            }
        }
    }

    private static void Poppy(DemoCanvas canvas, DemoRandom random, Vector2 at, float s, Vector3[] colours)
    {
        var turn = random.Range(-0.3f, 0.3f);
        new DemoPath().Ellipse(at.X, at.Y - (s * 0.25f), s * 0.85f, s * 0.55f, turn).Fill(canvas, colours[0] * 0.82f);
        new DemoPath().Ellipse(at.X - (s * 0.4f), at.Y, s * 0.62f, s * 0.52f, turn).Fill(canvas, colours[0]);
        new DemoPath().Ellipse(at.X + (s * 0.42f), at.Y + (s * 0.02f), s * 0.6f, s * 0.5f, turn)
            .Fill(canvas, DemoMath.Mix(colours[0], colours[1], 0.5f));
        new DemoPath().Ellipse(at.X, at.Y + (s * 0.22f), s * 0.66f, s * 0.42f, turn).Fill(canvas, colours[1]);
        new DemoPath().Ellipse(at.X, at.Y - (s * 0.06f), s * 0.2f, s * 0.16f).Fill(canvas, new Vector3(48, 34, 34));
    }
}
