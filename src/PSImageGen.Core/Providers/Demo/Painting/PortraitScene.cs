using System.Numerics;

namespace PSImageGen.Core.Providers.Demo.Painting;

/// <summary>A poster-like portrait of flat shapes.</summary>
internal static class PortraitScene
{
    public static void Paint(DemoCanvas canvas, DemoBrief brief)
    {
        var (random, noise, unit) = (brief.Random, brief.Noise, canvas.Unit);
        var tones = DemoPalette.Abstract(brief);
        var sailor = brief.Has("sailor", "captain", "fisherman", "seaman");
        if (sailor)
            tones = Array.ConvertAll([0x14283C, 0x2A5670, 0x5E97A8, 0xD89A5C, 0xF0D2A0, 0xF8EEDC], DemoMath.Colour);
        var centre = new Vector2(canvas.Width * 0.5f, canvas.Height * 0.47f);
        canvas.Rows(0, canvas.Height, (x, y) =>
        {
            var n = noise.Fractal(x / unit * 2.1f, y / unit * 2.1f, 5) * 0.12f;
            return DemoMath.Mix(tones[2], tones[1], DemoMath.Clamp01((y / (float)canvas.Height) + n));
        });
        for (var i = 0; i < 3; i++)
        {
            var r = unit * (0.47f - (0.07f * i));
            canvas.Disc(centre.X, centre.Y, r, DemoMath.Mix(tones[3], tones[4], i * 0.45f), i == 0 ? 0.55f : 0.9f);
        }

        if (sailor)
            Waves(canvas, brief, centre, unit * 0.33f, tones);
        var s = unit * 0.3f;
        Person(canvas, brief, centre + new Vector2(0, s * 0.02f), s, tones, sailor);
        canvas.Vignette(0.12f);
    }

    private static void Waves(DemoCanvas canvas, DemoBrief brief, Vector2 centre, float radius, Vector3[] tones)
    {
        var shift = brief.Random.Range(0, 6);
        canvas.Disc(centre.X, centre.Y, radius, (x, y) =>
        {
            var colour = DemoMath.Mix(tones[4], tones[5], DemoMath.Smooth(centre.Y - radius, centre.Y, y));
            for (var i = 0; i < 5; i++)
            {
                var line = centre.Y + (radius * (0.1f + (0.2f * i)))
                    + (DemoMath.Sin((x / radius * (5 - (0.5f * i))) + (i * 1.9f) + shift) * radius * 0.045f);
                colour = DemoMath.Mix(colour, DemoMath.Mix(tones[2], tones[1], i * 0.25f), DemoMath.Clamp01(y - line + 0.5f));
            }

            return colour;
        });
    }

    private static void Person(DemoCanvas canvas, DemoBrief brief, Vector2 at, float s, Vector3[] tones, bool sailor)
    {
        var random = brief.Random;
        var woman = brief.Has("woman", "girl", "queen", "lady", "mother", "grandmother", "princess", "she", "her");
        var man = sailor || brief.Has("man", "boy", "king", "father", "wizard", "he", "his");
        if (!woman && !man)
            woman = random.Chance(0.5f);
        var old = brief.Has("old", "elderly", "grandmother", "grandfather", "wizard", "ancient", "aged");
        var skin = DemoMath.Colour(random.Pick(0xF3C9A5, 0xE0A878, 0xB87A52, 0x8A5638, 0xF0BE96));
        var shade = DemoMath.Mix(skin * 0.74f, tones[0], 0.12f);
        var hair = DemoMath.Colour(old ? random.Pick(0xE8E4DE, 0xC8C6C8, 0xF2EFE8) : random.Pick(0x2A1E1C, 0x5A3420, 0xB8642C, 0x1E1E26, 0xD8A85A));
        var coat = sailor ? DemoMath.Colour(0x1F3A56) : tones[0];
        var beard = !woman && (sailor || old || brief.Has("beard", "bearded", "viking", "wizard") || random.Chance(0.4f));

        if (woman)
            new DemoPath().Move(at.X - (s * 0.5f), at.Y - (s * 0.5f)).Curve(at.X, at.Y - (s * 1.05f), at.X + (s * 0.5f), at.Y - (s * 0.5f))
                .Curve(at.X + (s * 0.72f), at.Y + (s * 0.2f), at.X + (s * 0.62f), at.Y + (s * 0.95f)).Line(at.X - (s * 0.62f), at.Y + (s * 0.95f))
                .Curve(at.X - (s * 0.72f), at.Y + (s * 0.2f), at.X - (s * 0.5f), at.Y - (s * 0.5f)).Fill(canvas, hair * 0.78f);
        Shoulders(canvas, at, s, coat, tones, skin, shade, sailor);
        // Head: lit from one side.
        var head = new DemoPath().Move(at.X - (s * 0.4f), at.Y - (s * 0.3f)).Curve(at.X - (s * 0.38f), at.Y - (s * 0.76f), at.X, at.Y - (s * 0.78f))
            .Curve(at.X + (s * 0.38f), at.Y - (s * 0.76f), at.X + (s * 0.4f), at.Y - (s * 0.3f))
            .Curve(at.X + (s * 0.42f), at.Y + (s * 0.12f), at.X + (s * 0.2f), at.Y + (s * 0.3f))
            .Curve(at.X, at.Y + (s * 0.44f), at.X - (s * 0.2f), at.Y + (s * 0.3f))
            .Curve(at.X - (s * 0.42f), at.Y + (s * 0.12f), at.X - (s * 0.4f), at.Y - (s * 0.3f));
        foreach (var ear in (ReadOnlySpan<int>)[-1, 1])
            new DemoPath().Ellipse(at.X + (ear * s * 0.4f), at.Y - (s * 0.14f), s * 0.075f, s * 0.12f).Fill(canvas, ear < 0 ? skin * 0.92f : shade);
        head.Fill(canvas, (x, y) =>
        {
            // The shadow's edge runs down the brow, round the nose and the cheek.
            var v = (y - at.Y) / s;
            var edge = 0.06f + (0.05f * DemoMath.Sin((v * 7) + 1.2f));
            return DemoMath.Mix(skin, shade, DemoMath.Clamp01((((x - at.X) / s) - edge) * s * 0.5f));
        });
        Face(canvas, at, s, skin, shade, hair, tones, woman, old);
        if (beard)
            Beard(canvas, at, s, hair);
        Hair(canvas, brief, at, s, hair, woman, sailor);
    }

    private static void Shoulders(DemoCanvas canvas, Vector2 at, float s, Vector3 coat, Vector3[] tones, Vector3 skin, Vector3 shade, bool sailor)
    {
        var low = canvas.Height + 2;
        new DemoPath().Move(at.X - (s * 0.17f), at.Y + (s * 0.1f)).Line(at.X + (s * 0.17f), at.Y + (s * 0.1f))
            .Line(at.X + (s * 0.2f), at.Y + (s * 0.75f)).Line(at.X - (s * 0.2f), at.Y + (s * 0.75f))
            .Fill(canvas, (x, y) => DemoMath.Mix(skin, shade,
                Math.Max(DemoMath.Clamp01((x - at.X) * 0.5f), DemoMath.Smooth(s * 0.62f, s * 0.4f, y - at.Y))));
        new DemoPath().Move(at.X - (s * 1.25f), low).Curve(at.X - (s * 1.15f), at.Y + (s * 0.82f), at.X - (s * 0.5f), at.Y + (s * 0.68f))
            .Curve(at.X - (s * 0.26f), at.Y + (s * 0.62f), at.X - (s * 0.2f), at.Y + (s * 0.48f))
            .Curve(at.X, at.Y + (s * 0.86f), at.X + (s * 0.2f), at.Y + (s * 0.48f))
            .Curve(at.X + (s * 0.26f), at.Y + (s * 0.62f), at.X + (s * 0.5f), at.Y + (s * 0.68f))
            .Curve(at.X + (s * 1.15f), at.Y + (s * 0.82f), at.X + (s * 1.25f), low).Fill(canvas, (x, y) =>
            {
                var knit = sailor ? 0.05f * DemoMath.Sin(y / s * 60) : 0;
                return coat * (1.1f + knit - (0.4f * DemoMath.Smooth(-s * 0.8f, s, x - at.X)));
            });
        if (!sailor)
            new DemoPath().Move(at.X - (s * 0.2f), at.Y + (s * 0.48f)).Curve(at.X, at.Y + (s * 0.86f), at.X + (s * 0.2f), at.Y + (s * 0.48f))
                .Curve(at.X + (s * 0.3f), at.Y + (s * 0.62f), at.X, at.Y + (s * 0.84f))
                .Curve(at.X - (s * 0.3f), at.Y + (s * 0.62f), at.X - (s * 0.2f), at.Y + (s * 0.48f)).Fill(canvas, tones[3]);
        else
        {
            for (var i = 0; i < 3; i++)
            {
                var y = at.Y + (s * (0.5f + (0.055f * i)));
                new DemoPath().Stroke(new(at.X - (s * 0.27f), y), new(at.X, y + (s * 0.2f)), new(at.X + (s * 0.27f), y), s * 0.062f, s * 0.062f)
                    .Fill(canvas, coat * (0.82f + (0.2f * i)));
            }
        }
    }

    private static void Face(DemoCanvas canvas, Vector2 at, float s, Vector3 skin, Vector3 shade, Vector3 hair, Vector3[] tones, bool woman, bool old)
    {
        var ink = DemoMath.Mix(new Vector3(30, 22, 26), tones[0], 0.35f);
        var lip = DemoMath.Mix(shade, new Vector3(176, 60, 62), woman ? 0.75f : 0.35f);
        foreach (var side in (ReadOnlySpan<int>)[-1, 1])
        {
            var x = at.X + (side * s * 0.17f);
            new DemoPath().Ellipse(x, at.Y - (s * 0.2f), s * 0.075f, s * 0.036f).Fill(canvas, new Vector3(248, 244, 238));
            canvas.Disc(x + (s * 0.005f), at.Y - (s * 0.2f), s * 0.035f, ink);
            canvas.Disc(x - (s * 0.006f), at.Y - (s * 0.212f), s * 0.011f, new Vector3(255, 255, 255));
            new DemoPath().Stroke(new(x - (s * 0.085f), at.Y - (s * 0.205f)), new(x, at.Y - (s * 0.262f)),
                new(x + (s * 0.085f), at.Y - (s * 0.205f)), s * 0.018f, s * 0.018f).Fill(canvas, ink);
            var wide = woman ? 0.02f : 0.042f;
            new DemoPath().Stroke(new(x - (side * s * 0.1f), at.Y - (s * 0.3f)), new(x, at.Y - (s * 0.365f)),
                new(x + (side * s * 0.115f), at.Y - (s * 0.295f)), s * wide, s * wide * 0.6f)
                .Fill(canvas, DemoMath.Mix(hair * 0.8f, ink, woman ? 0.5f : 0));
            canvas.Glow(at.X + (side * s * 0.24f), at.Y - (s * 0.03f), s * 0.14f, new Vector3(255, 90, 60), 0.2f);
            for (var line = 0; old && line < 2; line++)
                new DemoPath().Stroke(new(x + (side * s * 0.1f), at.Y - (s * (0.2f - (0.02f * line)))),
                    new(x + (side * s * 0.15f), at.Y - (s * (0.2f - (0.03f * line)))),
                    new(x + (side * s * 0.185f), at.Y - (s * (0.24f - (0.08f * line)))), s * 0.009f, s * 0.004f).Fill(canvas, shade * 0.85f);
        }

        new DemoPath().Move(at.X + (s * 0.015f), at.Y - (s * 0.2f))
            .Curve(at.X + (s * 0.04f), at.Y - (s * 0.06f), at.X + (s * 0.1f), at.Y + (s * 0.01f))
            .Curve(at.X + (s * 0.06f), at.Y + (s * 0.06f), at.X - (s * 0.02f), at.Y + (s * 0.05f)).Fill(canvas, shade * 0.86f);
        new DemoPath().Ellipse(at.X - (s * 0.01f), at.Y + (s * 0.0f), s * 0.05f, s * 0.045f)
            .Fill(canvas, DemoMath.Mix(skin, new Vector3(240, 120, 90), 0.2f));
        new DemoPath().Move(at.X - (s * 0.11f), at.Y + (s * 0.165f)).Curve(at.X - (s * 0.03f), at.Y + (s * 0.13f), at.X, at.Y + (s * 0.15f))
            .Curve(at.X + (s * 0.03f), at.Y + (s * 0.13f), at.X + (s * 0.11f), at.Y + (s * 0.165f))
            .Curve(at.X, at.Y + (s * 0.25f), at.X - (s * 0.11f), at.Y + (s * 0.165f)).Fill(canvas, lip);
    }

    private static void Beard(DemoCanvas canvas, Vector2 at, float s, Vector3 hair)
    {
        new DemoPath().Move(at.X - (s * 0.41f), at.Y - (s * 0.16f))
            .Curve(at.X - (s * 0.34f), at.Y + (s * 0.1f), at.X - (s * 0.13f), at.Y + (s * 0.08f))
            .Curve(at.X, at.Y + (s * 0.1f), at.X + (s * 0.13f), at.Y + (s * 0.08f))
            .Curve(at.X + (s * 0.34f), at.Y + (s * 0.1f), at.X + (s * 0.41f), at.Y - (s * 0.16f))
            .Curve(at.X + (s * 0.5f), at.Y + (s * 0.42f), at.X + (s * 0.16f), at.Y + (s * 0.62f))
            .Curve(at.X, at.Y + (s * 0.72f), at.X - (s * 0.16f), at.Y + (s * 0.62f))
            .Curve(at.X - (s * 0.5f), at.Y + (s * 0.42f), at.X - (s * 0.41f), at.Y - (s * 0.16f))
            .Fill(canvas, (x, y) =>
            {
                var (u, v) = ((x - at.X) / s, (y - at.Y) / s);
                var curl = DemoMath.Sin((u * (34 - (v * 14))) + (DemoMath.Sin(v * 16) * 0.9f));
                return hair * (0.93f + (0.05f * curl) - (0.22f * DemoMath.Smooth(0.0f, 0.06f, u - 0.02f)));
            });
        new DemoPath().Ellipse(at.X, at.Y + (s * 0.185f), s * 0.085f, s * 0.022f).Fill(canvas, new Vector3(150, 72, 66));
        foreach (var side in (ReadOnlySpan<int>)[-1, 1])
            new DemoPath().Move(at.X, at.Y + (s * 0.07f))
                .Curve(at.X + (side * s * 0.14f), at.Y + (s * 0.05f), at.X + (side * s * 0.24f), at.Y + (s * 0.2f))
                .Curve(at.X + (side * s * 0.1f), at.Y + (s * 0.2f), at.X, at.Y + (s * 0.15f))
                .Fill(canvas, hair * (side < 0 ? 1.04f : 0.86f));
    }

    private static void Hair(DemoCanvas canvas, DemoBrief brief, Vector2 at, float s, Vector3 hair, bool woman, bool sailor)
    {
        if (sailor)
        {
            var navy = DemoMath.Colour(0x1B3048);
            new DemoPath().Move(at.X - (s * 0.42f), at.Y - (s * 0.3f))
                .Curve(at.X - (s * 0.46f), at.Y - (s * 0.5f), at.X - (s * 0.36f), at.Y - (s * 0.55f)).Line(at.X + (s * 0.36f), at.Y - (s * 0.55f))
                .Curve(at.X + (s * 0.46f), at.Y - (s * 0.5f), at.X + (s * 0.42f), at.Y - (s * 0.3f)).Line(at.X + (s * 0.35f), at.Y - (s * 0.45f))
                .Line(at.X - (s * 0.35f), at.Y - (s * 0.45f)).Fill(canvas, hair * 0.95f);
            new DemoPath().Move(at.X - (s * 0.43f), at.Y - (s * 0.5f))
                .Curve(at.X - (s * 0.66f), at.Y - (s * 0.86f), at.X - (s * 0.3f), at.Y - (s * 0.92f))
                .Curve(at.X, at.Y - (s * 1.0f), at.X + (s * 0.3f), at.Y - (s * 0.92f))
                .Curve(at.X + (s * 0.66f), at.Y - (s * 0.86f), at.X + (s * 0.43f), at.Y - (s * 0.5f))
                .Fill(canvas, (x, _) => navy * (1.35f - (0.6f * DemoMath.Smooth(-s * 0.3f, s * 0.5f, x - at.X))));
            new DemoPath().Move(at.X - (s * 0.43f), at.Y - (s * 0.62f)).Curve(at.X, at.Y - (s * 0.7f), at.X + (s * 0.43f), at.Y - (s * 0.62f))
                .Line(at.X + (s * 0.43f), at.Y - (s * 0.48f)).Curve(at.X, at.Y - (s * 0.56f), at.X - (s * 0.43f), at.Y - (s * 0.48f))
                .Fill(canvas, navy * 0.7f);
            new DemoPath().Move(at.X - (s * 0.41f), at.Y - (s * 0.5f)).Curve(at.X, at.Y - (s * 0.58f), at.X + (s * 0.41f), at.Y - (s * 0.5f))
                .Curve(at.X + (s * 0.36f), at.Y - (s * 0.37f), at.X, at.Y - (s * 0.36f))
                .Curve(at.X - (s * 0.36f), at.Y - (s * 0.37f), at.X - (s * 0.41f), at.Y - (s * 0.5f)).Fill(canvas, new Vector3(16, 20, 30));
            var gold = new Vector3(232, 184, 88);
            canvas.Disc(at.X, at.Y - (s * 0.69f), s * 0.05f, gold);
            new DemoPath().Stroke(new(at.X - (s * 0.1f), at.Y - (s * 0.66f)), new(at.X, at.Y - (s * 0.54f)),
                new(at.X + (s * 0.1f), at.Y - (s * 0.66f)), s * 0.025f, s * 0.025f).Fill(canvas, gold);
            return;
        }

        var part = at.X + (s * brief.Random.Range(-0.18f, 0.18f));
        var drop = woman ? 0.12f : -0.2f;
        new DemoPath().Move(part, at.Y - (s * 0.62f)).Curve(at.X - (s * 0.3f), at.Y - (s * 0.56f), at.X - (s * 0.36f), at.Y + (s * drop))
            .Curve(at.X - (s * 0.62f), at.Y - (s * 0.42f), at.X - (s * 0.38f), at.Y - (s * 0.72f))
            .Curve(at.X - (s * 0.1f), at.Y - (s * 1.0f), at.X + (s * 0.28f), at.Y - (s * 0.82f))
            .Curve(at.X + (s * 0.6f), at.Y - (s * 0.62f), at.X + (s * 0.37f), at.Y + (s * drop))
            .Curve(at.X + (s * 0.34f), at.Y - (s * 0.54f), part, at.Y - (s * 0.62f))
            .Fill(canvas, (x, y) => hair
                * (1.08f - (0.32f * DemoMath.Smooth(0, s * 0.3f, x - at.X))
                + (0.05f * DemoMath.Sin(((x - at.X) / s * 26) + ((y - at.Y) / s * 9)))));
        if (!brief.Has("king", "queen", "princess", "prince"))
            return;
        var crown = new DemoPath().Move(at.X - (s * 0.36f), at.Y - (s * 0.7f));
        for (var i = 0; i < 5; i++)
            crown.Line(at.X + (s * (-0.4f + (0.16f * i))), at.Y - (s * 1.08f)).Line(at.X + (s * (-0.32f + (0.16f * i))), at.Y - (s * 0.86f));
        crown.Line(at.X + (s * 0.4f), at.Y - (s * 1.08f)).Line(at.X + (s * 0.36f), at.Y - (s * 0.7f))
            .Curve(at.X, at.Y - (s * 0.78f), at.X - (s * 0.36f), at.Y - (s * 0.7f)).Fill(canvas, new Vector3(176, 112, 34));
    }
}
