using System.Numerics;

namespace PSImageGen.Core.Providers.Demo.Painting;

/// <summary>Skies: gradient, sun or moon, stars, clouds and northern lights.</summary>
internal static class DemoSky
{
    /// <summary>
    /// Paints from the top down to <paramref name="bottom"/>; the gradient ends at <paramref name="horizon"/>. Gives the sun's place.
    /// </summary>
    public static Vector2 Paint(DemoCanvas canvas, DemoBrief brief, float horizon, int bottom, float clouds = 0.5f, float sunX = -1)
    {
        var palette = brief.Palette;
        var random = brief.Random;
        var unit = canvas.Unit;
        if (sunX < 0)
            sunX = random.Chance(0.5f) ? random.Range(0.22f, 0.4f) : random.Range(0.6f, 0.78f);
        var height = palette.IsNight || palette.High ? random.Range(0.25f, 0.45f) : random.Range(0.66f, 0.84f);
        var sun = new Vector2(sunX * canvas.Width, height * horizon);
        var radius = unit * (palette.IsNight ? random.Range(0.04f, 0.06f) : palette.High ? 0.035f : random.Range(0.05f, 0.075f));

        Gradient(canvas, palette, horizon, bottom, sun);
        if (palette.Stars > 0)
            Stars(canvas, new DemoRandom(random.Next()), horizon * 0.95f, palette.Stars);
        if (palette.NorthernLights)
            NorthernLights(canvas, brief, horizon);
        else if (!palette.Heavy)
            SunOrMoon(canvas, brief, sun, radius);
        if (!palette.NorthernLights)
            Clouds(canvas, brief, horizon, bottom, sun, palette.Heavy ? 1 : clouds);
        return sun;
    }

    public static Vector3 Colour(DemoPalette palette, float t)
    {
        // Most of the change is near the horizon, as in a real sky.
        if (t < 0.4f)
            return DemoMath.Mix(palette.Zenith, palette.Mid, DemoMath.Clamp01(t / 0.4f));
        return t < 0.75f
            ? DemoMath.Mix(palette.Mid, palette.Low, (t - 0.4f) / 0.35f)
            : DemoMath.Mix(palette.Low, palette.Horizon, DemoMath.Clamp01((t - 0.75f) / 0.25f));
    }

    public static void Stars(DemoCanvas canvas, DemoRandom random, float bottom, float amount)
    {
        var unit = canvas.Unit;
        var count = (int)(700 * amount * canvas.Width * bottom / (unit * unit));
        for (var i = 0; i < count; i++)
        {
            var x = random.Unit() * canvas.Width;
            var y = random.Unit() * bottom;
            var size = random.Unit();
            var light = DemoMath.Mix(new Vector3(190, 205, 255), new Vector3(255, 240, 215), random.Unit());
            var fade = DemoMath.Smooth(1, 0.55f, y / bottom);
            var strength = (0.15f + (0.75f * size * size * size)) * fade;
            canvas.Disc(x, y, unit * (0.0006f + (0.0011f * size * size)), light, strength);
            if (size > 0.975f)
                canvas.Glow(x, y, unit * 0.012f, light, 0.45f * fade);
        }
    }

    private static void Gradient(DemoCanvas canvas, DemoPalette palette, float horizon, int bottom, Vector2 sun)
    {
        var reach = 1 / (canvas.Unit * canvas.Unit * (palette.IsNight ? 0.03f : 0.09f));
        var strength = palette.IsNight ? 0.45f : palette.Heavy ? 0.3f : 0.85f;
        if (palette.NorthernLights)
            strength = 0;
        for (var y = 0; y < Math.Min(bottom, canvas.Height); y++)
        {
            var row = Colour(palette, y / horizon);
            var dy = (y - sun.Y) * 1.25f;
            for (var x = 0; x < canvas.Width; x++)
            {
                var dx = x - sun.X;
                var near = strength / (1 + (((dx * dx) + (dy * dy)) * reach));
                canvas.Set(x, y, DemoMath.Mix(row, palette.Glow, near * near));
            }
        }
    }

    private static void SunOrMoon(DemoCanvas canvas, DemoBrief brief, Vector2 at, float radius)
    {
        var palette = brief.Palette;
        canvas.Glow(at.X, at.Y, radius * 4.5f, palette.Glow, palette.IsNight ? 0.35f : 0.5f);
        canvas.Glow(at.X, at.Y, radius * 2, palette.Sun, 0.5f);
        if (!palette.IsNight)
        {
            canvas.Disc(at.X, at.Y, radius, palette.Sun);
            return;
        }

        var noise = brief.Noise;
        var scale = 1 / radius;
        canvas.Disc(at.X, at.Y, radius, (x, y) =>
        {
            var (u, v) = ((x - at.X) * scale, (y - at.Y) * scale);
            var seas = DemoMath.Smooth(0.05f, 0.5f, noise.Fractal((u * 1.3f) + 40, (v * 1.3f) + 40, 4));
            var rim = 1 - (0.16f * ((u * u) + (v * v)));
            return palette.Sun * (rim * (1 - (0.2f * seas)));
        });
    }

    private static void Clouds(DemoCanvas canvas, DemoBrief brief, float horizon, int bottom, Vector2 sun, float amount)
    {
        if (amount <= 0)
            return;
        var palette = brief.Palette;
        var noise = brief.Noise;
        var unit = canvas.Unit;
        var cut = DemoMath.Mix(0.34f, -0.5f, amount);
        var opacity = palette.Heavy ? 0.95f : palette.IsNight ? 0.5f : 0.8f;
        for (var y = 0; y < Math.Min(bottom, canvas.Height); y++)
        {
            // A flat layer of cloud seen from below: rows near the horizon are far away and run together.
            var up = Math.Max(0, (horizon - y) / unit);
            var far = 1 / ((up * 1.9f) + 0.3f);
            var haze = DemoMath.Smooth(0.0f, 0.22f, up);
            for (var x = 0; x < canvas.Width; x++)
            {
                var u = (x - (canvas.Width * 0.5f)) / unit * (0.75f + (far * 0.75f));
                var v = far * 2.6f;
                var n = noise.Fractal(u + 3.1f, v, 5);
                var density = DemoMath.Smooth(cut, cut + 0.5f, n);
                if (density <= 0.01f)
                    continue;
                var dx = (sun.X - x) / unit;
                var dy = (sun.Y - y) / unit;
                var distance = DemoMath.Length(dx, dy) + 0.05f;
                var beyond = noise.Fractal(u + 3.1f + (dx / distance * 0.09f), v - (dy / distance * 0.09f), 2);
                var lit = DemoMath.Clamp01(0.5f + ((n - beyond) * 1.6f) - (density * 0.22f));
                var colour = DemoMath.Mix(palette.CloudShade, palette.CloudLight, lit);
                var near = 0.6f / (1 + (distance * distance * 14));
                colour = DemoMath.Mix(colour, palette.Sun, palette.Heavy ? near * 0.2f : near);
                canvas.Blend(x, y, colour, density * opacity * DemoMath.Mix(0.25f, 1, haze));
            }
        }
    }

    private static void NorthernLights(DemoCanvas canvas, DemoBrief brief, float horizon)
    {
        var noise = brief.Noise;
        var unit = canvas.Unit;
        var green = new Vector3(70, 245, 160);
        var violet = new Vector3(150, 80, 220);
        for (var curtain = 0; curtain < 3; curtain++)
        {
            var shift = brief.Random.Range(0, 40);
            var baseY = horizon * (0.52f + (curtain * 0.16f));
            var tall = horizon * brief.Random.Range(0.42f, 0.6f);
            for (var x = 0; x < canvas.Width; x++)
            {
                var u = x / unit;
                var fold = noise.At((u * 1.3f) + shift, curtain * 3.3f);
                var foot = baseY + (fold * horizon * 0.42f) + (noise.At((u * 3.1f) + shift, 7.7f) * horizon * 0.11f);
                var rays = 0.5f + (0.5f * noise.Fractal((u * 16) + (fold * 6) + shift, 1.5f, 3));
                var bright = DemoMath.Smooth(-0.55f, 0.5f, noise.At((u * 1.1f) + shift, 11.2f)) * (0.35f + (0.65f * rays));
                var top = tall * (0.75f + (0.45f * rays));
                var from = Math.Max(0, (int)(foot - top));
                var to = Math.Min((int)horizon - 1, (int)(foot + (horizon * 0.09f)));
                for (var y = from; y <= to; y++)
                {
                    var t = (foot - y) / top;
                    var shape = t < 0 ? DemoMath.Smooth(-0.15f, 0.02f, t) : (1 - t) * (1 - t);
                    canvas.Screen(x, y, DemoMath.Mix(green, violet, DemoMath.Smooth(0.15f, 0.8f, t)), shape * bright * 0.85f);
                }
            }
        }
    }
}
