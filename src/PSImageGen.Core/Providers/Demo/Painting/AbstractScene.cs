using System.Numerics;

namespace PSImageGen.Core.Providers.Demo.Painting;

/// <summary>Pictures of nothing but colour and form: paper-cut waves, ribbons along a flow, a quilt.</summary>
internal static class AbstractScene
{
    public static void Paint(DemoCanvas canvas, DemoBrief brief)
    {
        var tones = DemoPalette.Abstract(brief);
        if (brief.Motif == DemoMotif.Quilt)
            Quilt(canvas, brief, tones);
        else if (brief.Motif == DemoMotif.Ribbons)
            Ribbons(canvas, brief, tones);
        else
            Waves(canvas, brief, tones);
    }

    private static Vector3 Tone(Vector3[] tones, float t)
    {
        var at = DemoMath.Clamp01(t) * (tones.Length - 1);
        var i = Math.Min((int)at, tones.Length - 2);
        return DemoMath.Mix(tones[i], tones[i + 1], at - i);
    }

    private static void Waves(DemoCanvas canvas, DemoBrief brief, Vector3[] tones)
    {
        var (random, noise, unit) = (brief.Random, brief.Noise, canvas.Unit);
        canvas.Rows(0, canvas.Height,
            (x, y) => DemoMath.Mix(tones[5], tones[4],
            DemoMath.Clamp01((y / (float)canvas.Height * 1.6f) + (noise.Fractal(x / unit, y / unit, 3) * 0.2f))));
        var sun = new Vector2(canvas.Width * random.Range(0.28f, 0.72f), canvas.Height * random.Range(0.17f, 0.26f));
        canvas.Glow(sun.X, sun.Y, unit * 0.36f, new Vector3(255, 255, 255), 0.45f);
        canvas.Disc(sun.X, sun.Y, unit * 0.105f, DemoMath.Mix(tones[5], new Vector3(255, 255, 255), 0.65f));
        const int Layers = 10;
        var bearing = random.Range(-0.14f, 0.14f);
        var ridges = new float[Layers][];
        for (var i = 0; i < Layers; i++)
        {
            var t = i / (Layers - 1f);
            var ridge = ridges[i] = new float[canvas.Width];
            var shift = random.Range(0, 50);
            var frequency = random.Range(2.6f, 4.2f) * (1 - (0.3f * t));
            var height = unit * random.Range(0.04f, 0.075f);
            for (var x = 0; x < ridge.Length; x++)
            {
                var u = (x - (canvas.Width * 0.5f)) / unit;
                var swell = DemoMath.Sin((u * frequency) + shift) + (0.45f * DemoMath.Sin((u * frequency * 1.9f) + (shift * 2.3f)))
                    + (noise.At((u * 1.2f) + shift, 5.1f) * 1.3f);
                ridge[x] = (canvas.Height * (0.3f + (0.66f * t))) + (swell * height) + (u * bearing * unit * (1 - t));
            }
        }

        for (var layer = 0; layer < Layers; layer++)
        {
            var (i, ridge) = (layer, ridges[layer]);
            var t = i / (Layers - 1f);
            var colour = Tone(tones, 0.86f - (t * 0.86f));
            var light = Tone(tones, DemoMath.Clamp01(1.04f - (t * 0.82f)));
            Shadow(canvas, ridge, tones[0]);
            DemoNature.FillBelow(canvas, ridge, canvas.Height, (x, y, depth) =>
            {
                var sheen = noise.Fractal((x / unit * 1.4f) + (i * 9), (depth / unit * 3.5f) + (i * 5), 3);
                var c = DemoMath.Mix(light, colour, DemoMath.Smooth(0, unit * 0.15f, depth + (sheen * unit * 0.06f)));
                return DemoMath.Mix(c, light, DemoMath.Smooth(unit * 0.006f, 0, depth) * 0.7f);
            }, DemoNature.Floor(canvas, i + 1 < Layers ? ridges[i + 1] : null));
        }
    }

    // Every sheet throws a soft shadow on the one behind it.
    private static void Shadow(DemoCanvas canvas, float[] ridge, Vector3 ink)
    {
        var reach = canvas.Unit * 0.042f;
        for (var x = 0; x < ridge.Length; x++)
        {
            var drop = ridge[Math.Min(x + (int)(reach * 0.4f), ridge.Length - 1)];
            for (var y = Math.Max(0, (int)(drop - reach)); y < Math.Min(canvas.Height, Math.Max(drop, ridge[x]) + 2); y++)
            {
                var t = DemoMath.Clamp01(1 - ((drop - y) / reach));
                canvas.Blend(x, y, ink, t * t * 0.3f);
            }
        }
    }

    private static void Ribbons(DemoCanvas canvas, DemoBrief brief, Vector3[] tones)
    {
        var (random, noise, unit) = (brief.Random, brief.Noise, canvas.Unit);
        var dark = random.Chance(0.6f);
        var (paper, edge) = dark ? (tones[0] * 0.7f, tones[0] * 0.35f) : (tones[5], tones[4]);
        canvas.Rows(0, canvas.Height, (x, y) =>
        {
            var (u, v) = ((x - (canvas.Width * 0.5f)) / unit, (y - (canvas.Height * 0.5f)) / unit);
            return DemoMath.Mix(paper, edge, DemoMath.Clamp01(((u * u) + (v * v)) * 1.1f));
        });
        var turn = random.Unit() * DemoMath.Tau;
        var scale = random.Range(0.9f, 1.5f);
        var count = (int)(560f * canvas.Width * canvas.Height / (unit * unit));
        var points = new List<Vector2>();
        for (var i = 0; i < count; i++)
        {
            var t = i / (float)count;
            var at = new Vector2(random.Range(-0.15f, 1.15f) * canvas.Width, random.Range(-0.15f, 1.15f) * canvas.Height);
            var band = 0.5f + (0.75f * noise.Fractal((at.X / unit * 0.8f) + 7, (at.Y / unit * 0.8f) + 3, 2)) + random.Range(-0.16f, 0.16f);
            var colour = Tone(tones, dark ? 0.22f + (0.78f * band) : 0.82f * band);
            var length = 18 + random.Int(30);
            points.Clear();
            for (var step = 0; step < length; step++)
            {
                points.Add(at);
                var angle = turn + (noise.Fractal(at.X / unit * scale, at.Y / unit * scale, 2) * 4.2f);
                at += new Vector2(DemoMath.Cos(angle), DemoMath.Sin(angle)) * unit * 0.016f;
            }

            Ribbon(canvas, points, unit * random.Range(0.002f, 0.013f) * (1.25f - (0.75f * t)), colour, dark ? paper : tones[0]);
        }
    }

    private static void Ribbon(DemoCanvas canvas, List<Vector2> points, float wide, Vector3 colour, Vector3 ink)
    {
        DemoPath Outline(float scale, float offset)
        {
            var path = new DemoPath();
            for (var pass = 0; pass < 2; pass++)
            {
                for (var k = 0; k < points.Count; k++)
                {
                    var i = pass == 0 ? k : points.Count - 1 - k;
                    var along = points[Math.Min(i + 1, points.Count - 1)] - points[Math.Max(i - 1, 0)];
                    var t = i / (points.Count - 1f);
                    var half = wide * scale * 4 * t * (1 - t) / (DemoMath.Length(along.X, along.Y) + 1e-4f);
                    var at = points[i] + (new Vector2(along.Y, -along.X) * (pass == 0 ? half : -half)) + new Vector2(offset, offset * 1.4f);
                    if (pass == 0 && k == 0)
                        path.Move(at.X, at.Y);
                    else
                        path.Line(at.X, at.Y);
                }
            }

            return path;
        }

        Outline(1.25f, wide * 0.35f).Fill(canvas, ink * 0.6f, 0.28f);
        var (from, to) = (points[0], points[^1]);
        var span = to - from;
        var scale = 1 / ((span.X * span.X) + (span.Y * span.Y) + 1);
        Outline(1, 0).Fill(canvas, (x, y) =>
        {
            var t = DemoMath.Clamp01((((x - from.X) * span.X) + ((y - from.Y) * span.Y)) * scale);
            return DemoMath.Mix(colour, DemoMath.Mix(colour, new Vector3(255, 252, 244), 0.35f), t * t);
        }, 0.92f);
        Outline(0.22f, -wide * 0.3f).Fill(canvas, DemoMath.Mix(colour, new Vector3(255, 255, 255), 0.5f), 0.4f);
    }

    private static void Quilt(DemoCanvas canvas, DemoBrief brief, Vector3[] tones)
    {
        var (random, noise) = (brief.Random, brief.Noise);
        var target = canvas.Unit / random.Range(4.2f, 6.4f);
        var columns = Math.Max(1, (int)((canvas.Width / target) + 0.5f));
        var rows = Math.Max(1, (int)((canvas.Height / target) + 0.5f));
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var (x0, x1) = (column * canvas.Width / (float)columns, (column + 1) * canvas.Width / (float)columns);
                var (y0, y1) = (row * canvas.Height / (float)rows, (row + 1) * canvas.Height / (float)rows);
                // Neighbours share a drift of colour, so the whole has a light side and a dark one.
                var drift = (int)((noise.At((column * 0.37f) + 3, (row * 0.37f) + 8) + 0.5f) * 3);
                var back = tones[Math.Clamp(drift + random.Int(4), 0, 5)];
                var front = tones[random.Int(6)];
                while (front == back)
                    front = tones[random.Int(6)];
                var accent = tones[random.Int(6)];
                Tile(canvas, random, x0, y0, x1, y1, back, front, accent);
            }
        }

        // Weave, and light from one corner.
        for (var y = 0; y < canvas.Height; y++)
        {
            for (var x = 0; x < canvas.Width; x++)
            {
                var weave = noise.Fractal(x / canvas.Unit * 5, y / canvas.Unit * 5, 4) * 0.035f;
                var light = 1.02f - (0.05f * (x / (float)canvas.Width)) - (0.07f * (y / (float)canvas.Height));
                canvas.Set(x, y, canvas.Get(x, y) * (light + weave));
            }
        }
    }

    private static void Tile(DemoCanvas canvas, DemoRandom random, float x0, float y0, float x1, float y1, Vector3 back, Vector3 front,
        Vector3 accent)
    {
        var (wide, tall) = (x1 - x0, y1 - y0);
        var quarter = random.Int(4);
        Vector2 P(float u, float v)
        {
            // Turned by quarters.
            (u, v) = quarter switch { 0 => (u, v), 1 => (1 - v, u), 2 => (1 - u, 1 - v), _ => (v, 1 - u) };
            return new Vector2(x0 + (u * wide), y0 + (v * tall));
        }

        DemoPath Corner(float r)
        {
            var (o, a) = (P(0, 0), P(r, 0));
            var path = new DemoPath().Move(o.X, o.Y).Line(a.X, a.Y);
            for (var i = 1; i <= 24; i++)
            {
                var angle = i * DemoMath.Tau / 96;
                var p = P(DemoMath.Cos(angle) * r, DemoMath.Sin(angle) * r);
                path.Line(p.X, p.Y);
            }

            return path;
        }

        DemoPath Polygon(params float[] uv)
        {
            var path = new DemoPath();
            for (var i = 0; i < uv.Length; i += 2)
            {
                var p = P(uv[i], uv[i + 1]);
                path = i == 0 ? path.Move(p.X, p.Y) : path.Line(p.X, p.Y);
            }

            return path;
        }

        new DemoPath().Box(x0, y0, x1, y1).Fill(canvas, back);
        switch (random.Int(8))
        {
            case 0:
                Corner(1).Fill(canvas, front);
                Corner(0.5f).Fill(canvas, accent);
                break;
            case 1:
                for (var i = 0; i < 5; i++)
                    Corner(1 - (0.2f * i)).Fill(canvas, i % 2 == 0 ? front : back);
                break;
            case 2:
                Polygon(0, 0, 1, 0, 0, 1).Fill(canvas, front);
                Polygon(0, 0, 0.5f, 0, 0, 0.5f).Fill(canvas, accent);
                break;
            case 3:
                canvas.Disc(x0 + (wide * 0.5f), y0 + (tall * 0.5f), Math.Min(wide, tall) * 0.4f, front);
                canvas.Disc(x0 + (wide * 0.5f), y0 + (tall * 0.5f), Math.Min(wide, tall) * 0.18f, accent);
                break;
            case 4:
                // A leaf between two corners.
                var (tip, end, c0, c1) = (P(0, 0), P(1, 1), P(0.95f, 0.05f), P(0.05f, 0.95f));
                new DemoPath().Move(tip.X, tip.Y).Curve(c0.X, c0.Y, end.X, end.Y).Curve(c1.X, c1.Y, tip.X, tip.Y).Fill(canvas, front);
                new DemoPath().Move(tip.X, tip.Y).Curve(c0.X, c0.Y, end.X, end.Y).Line(tip.X, tip.Y).Fill(canvas, DemoMath.Mix(front, accent, 0.5f));
                break;
            case 5:
                Polygon(0, 0, 1, 0, 0.5f, 0.5f).Fill(canvas, front);
                Polygon(1, 1, 0, 1, 0.5f, 0.5f).Fill(canvas, front);
                Polygon(0.5f, 0.2f, 0.8f, 0.5f, 0.5f, 0.8f, 0.2f, 0.5f).Fill(canvas, accent);
                break;
            case 6:
                for (var i = 0; i < 3; i++)
                    Polygon(0, (i / 3f) + 0.06f, 1, (i / 3f) + 0.06f, 1, (i / 3f) + 0.22f, 0, (i / 3f) + 0.22f).Fill(canvas, i == 1 ? accent : front);
                break;
            default:
                Corner(0.78f).Fill(canvas, front);
                quarter = (quarter + 2) % 4;
                Corner(0.78f).Fill(canvas, accent);
                break;
        }
    }
}
