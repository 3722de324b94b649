using System.Numerics;

namespace PSImageGen.Core.Providers.Demo.Painting;

/// <summary>Open water under a big sky, with a lighthouse, an island of palms or a sail.</summary>
internal static class SeaScene
{
    public static void Paint(DemoCanvas canvas, DemoBrief brief)
    {
        var (palette, random, unit) = (brief.Palette, brief.Random, canvas.Unit);
        var island = brief.Has("island", "palm", "tropical", "beach", "paradise");
        var tower = !island && (brief.Has("lighthouse", "coast", "cliff")
            || (!brief.Has("ship", "boat", "sail", "sailboat", "yacht") && random.Chance(0.4f)));
        var level = (int)(canvas.Height * random.Range(0.54f, 0.6f));
        var right = random.Chance(0.6f);
        var sun = DemoSky.Paint(canvas, brief, level, level + 1, 0.55f, right ? random.Range(0.2f, 0.42f) : random.Range(0.58f, 0.8f));
        if (!palette.Heavy && random.Chance(0.6f))
        {
            var ridge = DemoNature.Ridge(canvas, brief, level + (unit * 0.004f), unit * 0.05f, 1.6f, 5);
            DemoNature.HazyRange(canvas, ridge, level, DemoMath.Mix(palette.Horizon, palette.Far, 0.6f), palette.Horizon, 0.4f);
        }

        if (palette.Heavy)
            Lightning(canvas, brief, level, canvas.Width * (right ? random.Range(0.16f, 0.4f) : random.Range(0.6f, 0.84f)));
        Swell(canvas, brief, level, sun);
        if (island)
            SeaProps.Island(canvas, brief, level, right);
        if (tower)
            Lighthouse(canvas, brief, level, right);
        if (!tower)
            SeaProps.Sail(canvas, brief, level, island ? (right ? 0.22f : 0.78f) : (right ? 0.66f : 0.34f), island ? 0.5f : 1);
        if (palette.Heavy || brief.Rain)
            DemoNature.Rain(canvas, random, palette.Horizon, 0.16f);
        else if (!palette.IsNight)
            DemoNature.Birds(canvas, random, level * 0.35f, level * 0.65f, DemoMath.Mix(palette.Near, palette.Mid, 0.3f), 7);
    }

    // Waves as noise on a plane in perspective: reflected sky, darker troughs, sun glitter, foam in a storm.
    private static void Swell(DemoCanvas canvas, DemoBrief brief, int level, Vector2 sun)
    {
        var (palette, noise, unit) = (brief.Palette, brief.Noise, canvas.Unit);
        var rough = palette.Heavy ? 1 : 0.55f;
        var shallow = brief.Has("tropical", "island", "beach", "palm", "lagoon");
        var deep = shallow ? new Vector3(4, 92, 130)
            : DemoMath.Mix(DemoMath.Mix(palette.Zenith, palette.Near, 0.35f), new Vector3(10, 70, 95), 0.25f);
        var light = shallow ? new Vector3(64, 208, 200) : DemoMath.Mix(palette.Mid, palette.Low, 0.5f);
        if (palette.Heavy)
            light = DemoMath.Mix(palette.Low, palette.Horizon, 0.35f);
        else if (palette.IsNight)
            (deep, light) = (deep * 0.8f, light * 0.85f);
        for (var y = level; y < canvas.Height; y++)
        {
            var d = (y - level + 0.5f) / unit;
            var far = 1 / (d + 0.045f);
            var near = DemoMath.Smooth(0, 0.5f, d);
            var calm = DemoMath.Smooth(0, 0.05f, d);
            var sky = DemoSky.Colour(palette, DemoMath.Clamp01(1 - (d * 0.9f)));
            var path = 0.022f + (d * 0.17f);
            for (var x = 0; x < canvas.Width; x++)
            {
                var u = (x - (canvas.Width * 0.5f)) / unit;
                var n = noise.Fractal(u * (1.2f + (far * 0.42f)), (far * 2.1f) + (u * 0.3f), 4) * calm;
                // A storm's waves have crests instead of humps.
                if (palette.Heavy)
                    n = (0.42f - (1.5f * (n < 0 ? -n : n))) * calm;
                var fine = noise.At(u * (8 + (far * 2.2f)), far * 9) * calm;
                var crest = 0.5f + (n * rough * 1.25f) + (fine * 0.12f);
                var colour = DemoMath.Mix(DemoMath.Mix(deep, light, DemoMath.Clamp01(crest)), sky, (palette.Heavy ? 0.4f : 0.62f) - (0.36f * near));
                colour = DemoMath.Mix(colour, deep, DemoMath.Smooth(0.35f, -0.15f, crest) * 0.55f);
                if (!palette.Heavy)
                {
                    var aside = (x - sun.X) / unit / path;
                    var glitter = DemoMath.Smooth(-0.1f, 0.42f, n + (fine * 0.55f) - (aside * aside * 0.14f) + 0.08f) / (1 + (aside * aside * 0.8f));
                    colour = DemoMath.Mix(colour, palette.Sun, glitter * (palette.High ? 0.4f : 0.85f) * DemoMath.Mix(1, 0.6f, near));
                }
                else
                {
                    var patch = noise.At(u * (1 + (far * 0.3f)), far * 1.1f);
                    var foam = DemoMath.Smooth(0.27f, 0.42f, n + (fine * 0.22f) + (patch * 0.3f) - 0.06f);
                    colour = DemoMath.Mix(colour, DemoMath.Mix(palette.Horizon, palette.Sun, 0.3f), foam * 0.62f);
                }

                canvas.Set(x, y, colour);
            }
        }
    }

    private static void Lighthouse(DemoCanvas canvas, DemoBrief brief, int level, bool right)
    {
        var (palette, noise, random, unit) = (brief.Palette, brief.Noise, brief.Random, canvas.Unit);
        var side = right ? 1 : -1;
        var x = canvas.Width * (right ? random.Range(0.68f, 0.76f) : random.Range(0.24f, 0.32f));
        var rockTop = level - (unit * 0.07f);
        var tall = Math.Min(unit * 0.42f, rockTop * 0.8f);
        var lamp = new Vector2(x, rockTop - tall);
        var dark = palette.IsNight || palette.Heavy || palette.Stars > 0;
        var warm = new Vector3(255, 236, 170);
        if (dark)
        {
            Beam(canvas, lamp, new Vector2(-side, -0.13f), unit * 1.9f, warm, 0.62f);
            Beam(canvas, lamp, new Vector2(side, 0.1f), unit * 1.2f, warm, 0.3f);
        }

        // The rock: steep to the sea, running out of the picture on the land side.
        var ridge = new float[canvas.Width];
        var floor = new float[canvas.Width];
        for (var i = 0; i < ridge.Length; i++)
        {
            var inland = (i - x) / unit * side;
            var shape = inland < 0 ? DemoMath.Smooth(-0.3f, -0.03f, inland) : 1 + (inland * 0.25f);
            var rough = DemoMath.Smooth(0.02f, 0.1f, inland < 0 ? -inland : inland);
            ridge[i] = level + (unit * 0.135f) - (shape * unit * 0.205f) - (noise.Fractal(i / unit * 7, 5.5f, 6) * unit * 0.035f * rough);
            floor[i] = level + (unit * (0.085f + (0.035f * DemoMath.Clamp01(inland + 0.3f))))
                + (noise.Fractal(i / unit * 9, 2.5f, 4) * unit * 0.012f);
        }

        var stone = DemoMath.Mix(palette.Near, palette.Far, 0.34f);
        DemoNature.FillBelow(canvas, ridge, canvas.Height, (px, py, depth) =>
        {
            var (u, v) = (px / unit * 9, py / unit * 9);
            var n = noise.Fractal(u, v, 5);
            var facing = n - noise.Fractal(u + (side * 0.22f), v - 0.25f, 4);
            var colour = DemoMath.Mix(palette.Near, stone, DemoMath.Clamp01(0.4f + (facing * 1.9f)));
            var grass = DemoMath.Smooth(unit * 0.02f, 0, depth - (n * unit * 0.02f));
            return DemoMath.Mix(colour, DemoMath.Mix(palette.Ground, palette.Far, 0.25f), grass * 0.75f);
        }, floor);
        Surf(canvas, brief, ridge, floor);
        Tower(canvas, brief, lamp, rockTop + (unit * 0.02f), side, dark);
        canvas.Glow(lamp.X, lamp.Y, unit * (dark ? 0.2f : 0.05f), warm, dark ? 0.8f : 0.4f);
        canvas.Glow(lamp.X, lamp.Y, unit * 0.035f, new Vector3(255, 255, 245), dark ? 1 : 0.5f);
    }

    // Foam where the rock meets the sea; in a storm it is thrown high.
    private static void Surf(DemoCanvas canvas, DemoBrief brief, float[] ridge, float[] floor)
    {
        var (palette, unit) = (brief.Palette, canvas.Unit);
        var random = new DemoRandom(brief.Random.Next());
        var foam = DemoMath.Mix(palette.Horizon, new Vector3(255, 255, 255), palette.IsNight ? 0.1f : 0.4f);
        var wild = palette.Heavy ? 1 : 0.12f;
        var count = (int)(700 * canvas.Width / unit);
        for (var i = 0; i < count; i++)
        {
            var x = random.Unit() * canvas.Width;
            var at = (int)x;
            if (ridge[at] > floor[at])
                continue;
            var gust = DemoMath.Smooth(-0.1f, 0.6f, brief.Noise.At(x / unit * 5.3f, 14.2f)) * wild;
            var lift = random.Unit() * random.Unit();
            var y = floor[at] + (unit * (0.008f - (lift * (0.012f + (0.13f * gust)))));
            canvas.Glow(x, y, unit * random.Range(0.008f, 0.024f), foam, (palette.Heavy ? 0.34f : 0.16f) * (1 - (lift * 0.7f)));
            if (i % 3 == 0)
                canvas.Disc(x, y, unit * random.Range(0.0008f, 0.003f), foam, 0.7f);
        }
    }

    private static void Lightning(DemoCanvas canvas, DemoBrief brief, int level, float x)
    {
        var (random, unit) = (brief.Random, canvas.Unit);
        var light = new Vector3(226, 232, 255);
        var at = new Vector2(x, level * random.Range(0.02f, 0.1f));
        canvas.Glow(x, level * 0.3f, unit * 0.6f, new Vector3(140, 160, 215), 0.5f);
        var drop = (level - at.Y) / 15;
        for (var i = 0; i < 15; i++)
        {
            var next = at + new Vector2(random.Range(-0.036f, 0.036f) * unit, drop);
            var wide = unit * 0.0042f * (1 - (i / 22f));
            canvas.Glow(at.X, at.Y, unit * 0.055f, light, 0.4f);
            new DemoPath().Stroke(at, (at + next) * 0.5f, next, wide, wide).Fill(canvas, light, 0.95f);
            if (i is 4 or 7 or 9)
            {
                var from = at;
                var lean = random.Chance(0.5f) ? 1 : -1;
                for (var k = 0; k < 5; k++)
                {
                    var to = from + new Vector2(lean * unit * random.Range(0.004f, 0.04f), drop * random.Range(0.3f, 0.8f));
                    new DemoPath().Stroke(from, (from + to) * 0.5f, to, wide * 0.5f, wide * 0.3f).Fill(canvas, light, 0.6f);
                    from = to;
                }
            }

            at = next;
        }
    }

    private static void Tower(DemoCanvas canvas, DemoBrief brief, Vector2 lamp, float foot, int side, bool dark)
    {
        var (palette, unit) = (brief.Palette, canvas.Unit);
        var (x, top) = (lamp.X, lamp.Y + (unit * 0.03f));
        var white = DemoMath.Mix(new Vector3(246, 240, 230), palette.Mid, dark ? 0.45f : 0.08f);
        var red = DemoMath.Mix(new Vector3(206, 52, 48), palette.Zenith, dark ? 0.4f : 0.05f);
        var (wide, narrow) = (unit * 0.042f, unit * 0.026f);
        new DemoPath().Move(x - narrow, top).Line(x + narrow, top).Line(x + wide, foot).Line(x - wide, foot).Fill(canvas, (px, py) =>
        {
            var t = (py - top) / (foot - top);
            var half = DemoMath.Mix(narrow, wide, t);
            var stripe = DemoMath.Clamp01(((DemoMath.Sin(((t * 2.5f) + 0.25f) * DemoMath.Tau) * unit * 0.03f)) + 0.5f);
            var round = DemoMath.Clamp01(0.5f - ((px + 0.5f - x) / half * 0.5f * side));
            return DemoMath.Mix(white, red, stripe) * (0.5f + (0.5f * round));
        });
        new DemoPath().Ellipse(x, foot, wide * 1.3f, unit * 0.014f).Fill(canvas, DemoMath.Mix(palette.Near, palette.Ground, 0.3f));
        var iron = DemoMath.Mix(palette.Near, red, 0.15f);
        new DemoPath().Box(x - (unit * 0.036f), top - (unit * 0.006f), x + (unit * 0.036f), top + (unit * 0.004f)).Fill(canvas, iron);
        new DemoPath().Box(x - (unit * 0.018f), top - (unit * 0.046f), x + (unit * 0.018f), top).Fill(canvas, new Vector3(255, 226, 150));
        for (var i = -1; i <= 1; i++)
            new DemoPath().Box(x + (unit * ((0.016f * i) - 0.0014f)), top - (unit * 0.046f), x + (unit * ((0.016f * i) + 0.0014f)), top)
                .Fill(canvas, iron);
        new DemoPath().Move(x - (unit * 0.025f), top - (unit * 0.044f)).Curve(x - (unit * 0.016f), top - (unit * 0.074f), x, top - (unit * 0.086f))
            .Curve(x + (unit * 0.016f), top - (unit * 0.074f), x + (unit * 0.025f), top - (unit * 0.044f)).Fill(canvas, iron);
    }

    private static void Beam(DemoCanvas canvas, Vector2 from, Vector2 along, float reach, Vector3 light, float strength)
    {
        along /= DemoMath.Length(along.X, along.Y);
        for (var y = 0; y < canvas.Height; y++)
        {
            for (var x = 0; x < canvas.Width; x++)
            {
                var (dx, dy) = (x + 0.5f - from.X, y + 0.5f - from.Y);
                var t = ((dx * along.X) + (dy * along.Y)) / reach;
                if (t is <= 0 or >= 1)
                    continue;
                var aside = ((dx * along.Y) - (dy * along.X)) / reach;
                var half = 0.006f + (t * 0.085f);
                var across = 1 - (aside * aside / (half * half));
                if (across > 0)
                    canvas.Screen(x, y, light, across * across * (1 - t) * (1 - t) * strength);
            }
        }
    }
}
