using System.Numerics;

namespace PSImageGen.Core.Providers.Demo.Painting;

/// <summary>A branch before a great pale disc, with blossoms or leaves and an animal that rests on it.</summary>
internal static class BranchScene
{
    public static void Paint(DemoCanvas canvas, DemoBrief brief)
    {
        var (palette, random, unit) = (brief.Palette, brief.Random, canvas.Unit);
        var dark = palette.IsNight || palette.Heavy;
        var high = Backdrop(canvas, brief, dark);
        var wood = DemoMath.Mix(new Vector3(74, 52, 44), palette.Near, dark ? 0.7f : 0.3f);
        var fromLeft = random.Chance(0.5f);
        var side = fromLeft ? 1 : -1;
        float X(float u) => fromLeft ? u * canvas.Width : canvas.Width - (u * canvas.Width);
        var y = canvas.Height * random.Range(0.62f, 0.68f);
        var from = new Vector2(X(-0.05f), y + (unit * 0.1f));
        var bend = new Vector2(X(0.4f), y - (unit * 0.05f));
        var to = new Vector2(X(0.93f), y - (unit * random.Range(0.02f, 0.1f)));
        var tips = new List<Vector2>();
        Limb(canvas, brief, from, bend, to, unit * 0.062f, wood, high);
        for (var i = 0; i < 9; i++)
        {
            var t = 0.14f + (i * 0.095f);
            var at = Along(from, bend, to, t);
            var up = i % 3 == 1 ? -0.55f : 1;
            var reach = unit * random.Range(0.13f, 0.3f) * (up < 0 ? 0.7f : 1);
            var tip = at + new Vector2(side * reach * random.Range(0.3f, 0.9f), -reach * up * random.Range(0.55f, 0.95f));
            // The middle stays clear for whoever sits there.
            if (up > 0 && t is > 0.36f and < 0.66f)
                continue;
            Twig(canvas, random, at, tip, unit * 0.02f * (1 - (0.6f * t)), wood, 2, tips, side);
        }

        tips.Add(to);
        var blossom = brief.Has("blossom", "cherry", "sakura", "spring")
            || (!brief.Has("moss", "mossy", "panda", "autumn", "jungle", "leaf", "green") && !brief.Snow && random.Chance(0.5f));
        if (brief.Has("moss", "mossy", "panda") || (brief.Snow && !blossom))
            Moss(canvas, brief, from, bend, to, unit * 0.062f);
        foreach (var tip in tips)
            Cluster(canvas, brief, tip, blossom, dark);
        var seat = Along(from, bend, to, 0.5f) - new Vector2(0, unit * 0.024f);
        Critter.Paint(canvas, brief, seat, unit, -side, dark);
        for (var i = 0; blossom && i < 34; i++)
            new DemoPath().Ellipse(random.Unit() * canvas.Width, random.Unit() * canvas.Height, unit * 0.007f, unit * 0.004f, random.Unit() * 3, 10)
                .Fill(canvas, new Vector3(250, 196, 204), 0.8f);
        if (brief.Snow)
            DemoNature.Snowfall(canvas, random);
    }

    private static Vector3 Backdrop(DemoCanvas canvas, DemoBrief brief, bool dark)
    {
        var (palette, random, noise, unit) = (brief.Palette, brief.Random, brief.Noise, canvas.Unit);
        var high = dark ? palette.Mid : DemoMath.Mix(palette.Low, palette.Mid, 0.3f);
        var low = dark ? palette.Low : DemoMath.Mix(palette.Horizon, new Vector3(255, 248, 236), 0.4f);
        canvas.Rows(0, canvas.Height, (x, y) =>
        {
            var t = DemoMath.Smooth(0, canvas.Height * 0.9f, y);
            var wash = noise.Fractal(x / unit * 1.6f, y / unit * 2.6f, 5) * 0.14f;
            return DemoMath.Mix(high, low, DemoMath.Clamp01(t + wash));
        });
        var disc = dark ? palette.Sun : DemoMath.Mix(palette.Sun, palette.Glow, palette.High ? 0.25f : 0.6f);
        var at = new Vector2(canvas.Width * random.Range(0.44f, 0.56f), canvas.Height * random.Range(0.38f, 0.42f));
        var radius = unit * random.Range(0.26f, 0.31f);
        canvas.Glow(at.X, at.Y, radius * 1.9f, disc, 0.35f);
        canvas.Disc(at.X, at.Y, radius, (x, y) =>
        {
            var mist = noise.Fractal(x / unit * 2.2f, y / unit * 5, 4);
            return DemoMath.Mix(disc, low, DemoMath.Clamp01((DemoMath.Smooth(at.Y - radius, at.Y + (radius * 1.1f), y) * 0.7f) + (mist * 0.16f)));
        }, 0.95f);
        for (var i = 0; i < 3; i++)
        {
            var ridge = DemoNature.Ridge(canvas, brief, canvas.Height * (0.72f + (0.09f * i)), unit * 0.11f, 1.4f + (0.3f * i), 5);
            DemoNature.HazyRange(canvas, ridge, canvas.Height, DemoMath.Mix(low, palette.Far, 0.28f + (0.2f * i)), low, 0.9f);
        }

        return high;
    }

    private static Vector2 Along(Vector2 from, Vector2 bend, Vector2 to, float t) => (from * ((1 - t) * (1 - t))) + (bend * (2 * t * (1 - t)))
        + (to * (t * t));

    private static void Limb(DemoCanvas canvas, DemoBrief brief, Vector2 from, Vector2 bend, Vector2 to, float wide, Vector3 wood, Vector3 light)
    {
        var (noise, unit) = (brief.Noise, canvas.Unit);
        new DemoPath().Stroke(from, bend, to, wide * 1.25f, wide * 0.22f).Fill(canvas, (x, y) =>
        {
            var grain = noise.Fractal(x / unit * 6, y / unit * 42, 4);
            var t = DemoMath.Clamp01((x - from.X) / (to.X - from.X));
            var middle = Along(from, bend, to, t).Y;
            var round = DemoMath.Clamp01(0.55f + ((middle - y) / wide * 0.75f));
            return DemoMath.Mix(wood * 0.55f, DemoMath.Mix(wood, light, 0.35f), DemoMath.Clamp01((round * 0.8f) + (grain * 0.35f)));
        });
    }

    private static void Twig(DemoCanvas canvas, DemoRandom random, Vector2 from, Vector2 to, float wide, Vector3 wood, int depth, List<Vector2> tips,
        int side)
    {
        var bend = ((from + to) * 0.5f) + new Vector2(side * random.Range(0, 0.12f), random.Range(-0.04f, 0.16f))
            * DemoMath.Length(to.X - from.X, to.Y - from.Y);
        new DemoPath().Stroke(from, bend, to, wide, wide * 0.3f).Fill(canvas, wood * 0.85f);
        tips.Add(to);
        for (var i = 0; depth > 0 && i < 2; i++)
        {
            var at = Along(from, bend, to, random.Range(0.45f, 0.85f));
            tips.Add(at);
            var turn = random.Range(-0.9f, 0.9f);
            var (sin, cos) = (DemoMath.Sin(turn), DemoMath.Cos(turn));
            var way = (to - from) * random.Range(0.4f, 0.6f);
            Twig(canvas, random, at, at + new Vector2((way.X * cos) - (way.Y * sin), (way.X * sin) + (way.Y * cos)), wide * 0.5f, wood, depth - 1,
                tips, side);
        }
    }

    private static void Moss(DemoCanvas canvas, DemoBrief brief, Vector2 from, Vector2 bend, Vector2 to, float wide)
    {
        var random = new DemoRandom(brief.Random.Next());
        var (dark, light) = brief.Snow
            ? (new Vector3(196, 214, 232), new Vector3(252, 254, 255))
            : (new Vector3(58, 92, 44), new Vector3(158, 186, 86));
        for (var i = 0; i < 520; i++)
        {
            var t = random.Unit();
            var at = Along(from, bend, to, t);
            var half = DemoMath.Mix(wide * 1.25f, wide * 0.22f, t) * 0.5f;
            if (brief.Noise.At(t * 9, 4.2f) < -0.18f)
                continue;
            var r = half * random.Range(0.16f, 0.34f);
            var up = random.Range(-1.08f, -0.35f + (0.5f * brief.Noise.At(t * 17, 1.2f)));
            var colour = DemoMath.Mix(dark, light, DemoMath.Clamp01((-up * 0.9f) - 0.15f + random.Range(-0.2f, 0.25f)));
            new DemoPath().Ellipse(at.X, at.Y + (up * half), r * 1.3f, r, 0, 12).Fill(canvas, colour, 0.92f);
        }
    }

    private static void Cluster(DemoCanvas canvas, DemoBrief brief, Vector2 at, bool blossom, bool dark)
    {
        var (random, unit) = (brief.Random, canvas.Unit);
        var dim = dark ? 0.72f : 1;
        if (blossom)
        {
            for (var i = 0; i < 2; i++)
            {
                var centre = at + new Vector2(random.Range(-0.025f, 0.025f), random.Range(-0.025f, 0.025f)) * unit;
                var r = unit * random.Range(0.009f, 0.016f);
                var turn = random.Unit() * DemoMath.Tau;
                var pink = DemoMath.Mix(new Vector3(240, 150, 172), new Vector3(255, 226, 228), random.Unit()) * dim;
                for (var petal = 0; petal < 5; petal++)
                {
                    var angle = turn + (petal * DemoMath.Tau / 5);
                    var way = new Vector2(DemoMath.Cos(angle), DemoMath.Sin(angle)) * r;
                    new DemoPath().Ellipse(centre.X + way.X, centre.Y + way.Y, r * 0.95f, r * 0.75f, angle, 12)
                        .Fill(canvas, DemoMath.Mix(pink, new Vector3(255, 240, 240) * dim, petal * 0.12f), 0.96f);
                }

                canvas.Disc(centre.X, centre.Y, r * 0.4f, new Vector3(206, 84, 110) * dim);
            }

            return;
        }

        int[] tones = ReferenceEquals(brief.Palette, DemoPalette.Autumn) || brief.Has("autumn")
            ? [0x9A3A20, 0xD06A24, 0xEDA83A] : brief.Snow ? [0x5F8088, 0xA8C4CC, 0xEAF4F8] : [0x33603A, 0x5F9048, 0xA4C262];
        for (var i = 0; i < 3; i++)
        {
            var angle = random.Unit() * DemoMath.Tau;
            var s = unit * random.Range(0.024f, 0.042f);
            var way = new Vector2(DemoMath.Cos(angle), DemoMath.Sin(angle) + 0.35f) * s;
            var aside = new Vector2(-way.Y, way.X) * 0.42f;
            var (tip, middle) = (at + way, at + (way * 0.45f));
            var colour = DemoMath.Colour(random.Pick(tones)) * dim;
            new DemoPath().Move(at.X, at.Y).Curve(middle.X + aside.X, middle.Y + aside.Y, tip.X, tip.Y)
                .Curve(middle.X - aside.X, middle.Y - aside.Y, at.X, at.Y).Fill(canvas, colour);
            new DemoPath().Move(at.X, at.Y).Curve(middle.X + aside.X, middle.Y + aside.Y, tip.X, tip.Y).Line(at.X, at.Y)
                .Fill(canvas, DemoMath.Mix(colour, new Vector3(255, 255, 230), 0.16f));
        }
    }
}
