using System.Numerics;

namespace PSImageGen.Core.Providers.Demo.Painting;

/// <summary>What stands on or floats in the sea: an island of palms, a sailing boat.</summary>
internal static class SeaProps
{
    public static void Island(DemoCanvas canvas, DemoBrief brief, int level, bool right)
    {
        var (palette, random, unit) = (brief.Palette, brief.Random, canvas.Unit);
        var cx = canvas.Width * (right ? 0.66f : 0.34f);
        var half = Math.Min(unit * 0.36f, canvas.Width * 0.44f);
        var foot = level + (unit * 0.055f);
        var dim = palette.IsNight ? 0.35f : palette.Horizon.X < 250 ? 0.8f : 1;
        var sand = DemoMath.Mix(new Vector3(250, 228, 176), palette.Glow, 0.25f) * dim;
        var foam = DemoMath.Mix(new Vector3(255, 255, 255), palette.Low, 0.3f);
        // Clear shallows around, then surf, sand and green.
        new DemoPath().Ellipse(cx, foot, half * 1.5f, unit * 0.06f).Fill(canvas, new Vector3(120, 230, 215) * dim, 0.35f);
        new DemoPath().Ellipse(cx, foot, half * 1.22f, unit * 0.04f).Fill(canvas, new Vector3(160, 240, 222) * dim, 0.5f);
        new DemoPath().Ellipse(cx, foot - (unit * 0.002f), half * 1.04f, unit * 0.027f).Fill(canvas, foam, 0.9f);
        new DemoPath().Ellipse(cx, foot - (unit * 0.006f), half, unit * 0.025f)
            .Fill(canvas, (_, y) => DemoMath.Mix(sand, sand * 0.84f, DemoMath.Smooth(foot - (unit * 0.02f), foot + (unit * 0.02f), y)));
        var green = DemoMath.Mix(palette.Ground, palette.Near, 0.35f);
        for (var layer = 0; layer < 2; layer++)
        {
            var tall = unit * (0.085f - (0.04f * layer));
            var wide = half * (0.66f + (0.14f * layer));
            var low = foot - (unit * (0.018f - (0.006f * layer)));
            var colour = DemoMath.Mix(green, layer == 0 ? palette.Near : palette.Ground, 0.4f);
            for (var i = 0; i < 46; i++)
            {
                var u = random.Range(-1, 1);
                var rise = (1 - (u * u)) * tall * random.Range(0.35f, 1);
                var r = unit * random.Range(0.012f, 0.026f);
                var shade = DemoMath.Mix(colour, palette.Near, random.Range(0, 0.35f));
                new DemoPath().Ellipse(cx + (u * wide), Math.Min(low - rise, low - (r * 0.5f)), r * 1.35f, r).Fill(canvas, (_, y) =>
                    DemoMath.Mix(shade, palette.Near, DemoMath.Smooth(low - rise - r, low - rise + (r * 1.5f), y) * 0.55f));
            }
        }

        for (var i = 0; i < 5; i++)
            Palm(canvas, brief, cx + (half * (((i + random.Range(0.1f, 0.9f)) / 5 * 1.3f) - 0.65f)), foot - (unit * 0.012f), unit
                * random.Range(0.17f, 0.3f));
    }

    private static void Palm(DemoCanvas canvas, DemoBrief brief, float x, float foot, float tall)
    {
        var (palette, random) = (brief.Palette, brief.Random);
        var lean = tall * random.Range(-0.35f, 0.35f);
        var crown = new Vector2(x + lean, foot - tall);
        var trunk = DemoMath.Mix(new Vector3(110, 78, 52), palette.Near, 0.45f);
        new DemoPath().Stroke(new Vector2(x, foot), new Vector2(x + (lean * 0.1f), foot - (tall * 0.6f)), crown, tall * 0.05f, tall * 0.026f)
            .Fill(canvas, trunk);
        for (var i = 0; i < 11; i++)
        {
            var angle = ((i + random.Range(-0.3f, 0.3f)) / 11 * 3.9f) - 0.4f;
            var reach = tall * random.Range(0.34f, 0.46f);
            var outer = new Vector2(DemoMath.Cos(angle) * reach, -DemoMath.Sin(angle) * reach * 0.62f);
            var tip = crown + outer + new Vector2(0, reach * 0.42f);
            var bend = crown + (outer * 0.72f) - new Vector2(0, reach * 0.16f);
            var leaf = DemoMath.Mix(DemoMath.Mix(palette.Ground, palette.Near, random.Range(0.15f, 0.75f)), palette.Glow, 0.06f);
            var thick = new Vector2(0, tall * 0.05f);
            new DemoPath().Move(crown.X, crown.Y).Curve(bend.X, bend.Y, tip.X, tip.Y)
                .Curve(bend.X, bend.Y + (thick.Y * 1.7f), crown.X, crown.Y + (thick.Y * 0.4f)).Fill(canvas, leaf);
        }
    }

    public static void Sail(DemoCanvas canvas, DemoBrief brief, int level, float where, float scale)
    {
        var (palette, unit) = (brief.Palette, canvas.Unit);
        var s = unit * 0.17f * scale;
        var x = canvas.Width * where;
        var foot = level + (unit * 0.05f);
        var dim = palette.IsNight || palette.Heavy ? 0.5f : 1;
        var cloth = DemoMath.Mix(new Vector3(252, 246, 236), palette.Glow, 0.25f) * dim;
        var shade = DemoMath.Mix(cloth, palette.Mid, 0.45f);
        for (var i = 0; i < 9; i++)
        {
            var drop = foot + (s * (0.06f + (0.1f * i)));
            var half = s * (0.36f - (0.032f * i));
            var sway = DemoMath.Sin(i * 2.1f) * s * 0.05f;
            new DemoPath().Ellipse(x + sway, drop, half, s * 0.022f).Fill(canvas, i < 2 ? palette.Near : shade, 0.42f - (0.04f * i));
        }

        new DemoPath().Move(x - (s * 0.42f), foot - (s * 0.1f)).Line(x + (s * 0.46f), foot - (s * 0.12f))
            .Curve(x + (s * 0.36f), foot + (s * 0.02f), x + (s * 0.24f), foot + (s * 0.03f)).Line(x - (s * 0.3f), foot + (s * 0.03f))
            .Fill(canvas, palette.Near);
        new DemoPath().Box(x - (s * 0.012f), foot - (s * 1.25f), x + (s * 0.012f), foot - (s * 0.1f)).Fill(canvas, palette.Near);
        new DemoPath().Move(x + (s * 0.03f), foot - (s * 1.2f)).Curve(x + (s * 0.36f), foot - (s * 0.6f), x + (s * 0.5f), foot - (s * 0.2f))
            .Line(x + (s * 0.03f), foot - (s * 0.17f)).Fill(canvas, (px, _) => DemoMath.Mix(cloth, shade, DemoMath.Clamp01((px - x) / s * 1.4f)));
        new DemoPath().Move(x - (s * 0.03f), foot - (s * 1.1f)).Curve(x - (s * 0.18f), foot - (s * 0.55f), x - (s * 0.4f), foot - (s * 0.19f))
            .Line(x - (s * 0.03f), foot - (s * 0.17f)).Fill(canvas, shade);
    }
}
