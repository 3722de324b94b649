using System.Numerics;

namespace PSImageGen.Core.Providers.Demo.Painting;

/// <summary>Small animals of simple shapes, facing the viewer or sideways, sitting at a point.</summary>
internal static class Critter
{
    /// <param name="canvas">Where to paint.</param>
    /// <param name="brief">Names the animal.</param>
    /// <param name="seat">The point sat on.</param>
    /// <param name="unit">The picture's unit in pixels.</param>
    /// <param name="side">1 when the tail hangs to the right, -1 to the left.</param>
    /// <param name="dark">Night: dimmer colours.</param>
    public static void Paint(DemoCanvas canvas, DemoBrief brief, Vector2 seat, float unit, int side, bool dark)
    {
        var dim = dark ? 0.66f : 1;
        var s = unit * 0.2f;
        Vector3 Tone(int hex) => DemoMath.Colour(hex) * dim;
        if (brief.Has("owl"))
            Owl(canvas, seat, s, Tone(0x7A5A40), Tone(0xB8906A), Tone(0xF2E2C6));
        else if (brief.Has("panda") && !brief.Has("red"))
            Beast(canvas, seat, s, side,
                new Coat(Tone(0xF4F1EA), Tone(0x26262C), Tone(0xF8F5EE), Tone(0x26262C), Tone(0x26262C), 0, Pointed: false, Patches: true));
        else if (brief.Has("panda", "raccoon"))
            Beast(canvas, seat, s, side,
                new Coat(Tone(0xC2562A), Tone(0x3A2018), Tone(0xFBEEDD), Tone(0xF7E4CE), Tone(0x8A3418), 6, Pointed: false, Patches: false));
        else if (brief.Has("fox"))
            Beast(canvas, seat, s, side,
                new Coat(Tone(0xDB6A2C), Tone(0x3A241E), Tone(0xFDF1E2), Tone(0x3A241E), Tone(0xFBEBDD), 1, Pointed: true, Patches: false));
        else if (brief.Has("squirrel", "monkey", "bear"))
            Beast(canvas, seat, s * 0.9f, side,
                new Coat(Tone(0x9C5A34), Tone(0x6A3A22), Tone(0xF2D9B8), Tone(0x7A4426), Tone(0x6A3A22), 2, Pointed: !brief.Has("bear"),
                Patches: false));
        else if (brief.Has("cat", "kitten"))
        {
            var grey = brief.Has("black") ? 0x2A2830 : brief.Has("orange", "ginger") ? 0xD88A44 : 0x6E6A78;
            Beast(canvas, seat, s, side,
                new Coat(Tone(grey), Tone(grey) * 0.8f, DemoMath.Mix(Tone(grey), Tone(0xF6EFE6), 0.55f), Tone(0xE0A8A0), Tone(grey) * 0.72f, 5,
                Pointed: true, Patches: false));
        }
        else
        {
            var breast = brief.Has("robin", "red") ? 0xD8603A : brief.Has("blue") ? 0x5A9AD0
                : brief.Random.Pick(0xE88A48, 0xE8C04A, 0xD86A6A, 0x6AA8C8);
            var back = brief.Has("raven", "crow") ? Tone(0x22222C) : Tone(brief.Random.Pick(0x4A5A72, 0x6A5648, 0x3F6A70));
            Bird(canvas, seat, s * 0.8f, side, back, brief.Has("raven", "crow") ? back * 1.25f : Tone(breast), Tone(0xFAF2E4));
        }
    }

    private static void Beast(DemoCanvas canvas, Vector2 at, float s, int side, Coat coat)
    {
        Vector3 Round(Vector3 colour, float y, float top, float low) => DemoMath.Mix(colour * 1.06f, colour * 0.7f, DemoMath.Smooth(top, low, y));
        var body = at - new Vector2(0, s * 0.42f);
        if (coat.Bands > 0)
        {
            // The tail hangs down beside the branch, banded.
            var root = at + new Vector2(side * s * 0.3f, -s * 0.18f);
            var bend = at + new Vector2(side * s * 1.0f, -s * 0.1f);
            var tip = at + new Vector2(side * s * 0.68f, s * 0.92f);
            var path = new DemoPath().Stroke(root, bend, tip, s * 0.2f, s * 0.27f).Ellipse(tip.X, tip.Y, s * 0.135f, s * 0.15f);
            path.Fill(canvas, (_, y) =>
            {
                var t = (y - root.Y) / (tip.Y - root.Y);
                var band = DemoMath.Smooth(-0.25f, 0.25f, DemoMath.Sin(t * coat.Bands * 4.6f));
                if (coat.Bands == 1)
                    band = DemoMath.Smooth(0.72f, 0.86f, t);
                return DemoMath.Mix(coat.Fur, coat.Tail, band * (coat.Bands == 1 ? 1 : 0.75f));
            });
        }

        new DemoPath().Ellipse(body.X, body.Y, s * 0.43f, s * 0.46f)
            .Fill(canvas, (_, y) => Round(coat.Fur, y, body.Y - (s * 0.45f), body.Y + (s * 0.5f)));
        new DemoPath().Ellipse(body.X, body.Y + (s * 0.08f), s * 0.25f, s * 0.34f)
            .Fill(canvas, coat.Patches ? coat.Face : coat.Limb, coat.Patches ? 1 : 0.8f);
        foreach (var leg in (ReadOnlySpan<int>)[-1, 1])
        {
            new DemoPath().Stroke(body + new Vector2(leg * s * 0.32f, -s * 0.16f), body + new Vector2(leg * s * 0.36f, s * 0.16f), at
                + new Vector2(leg * s * 0.16f, s * 0.0f), s * 0.17f, s * 0.15f).Fill(canvas, coat.Limb);
            new DemoPath().Ellipse(at.X + (leg * s * 0.33f), at.Y + (s * 0.0f), s * 0.2f, s * 0.13f).Fill(canvas, coat.Limb * 0.9f);
            new DemoPath().Ellipse(at.X + (leg * s * 0.15f), at.Y + (s * 0.015f), s * 0.1f, s * 0.075f).Fill(canvas, coat.Limb * 1.15f);
        }

        Head(canvas, body - new Vector2(0, s * 0.62f), s, coat);
    }

    private static void Head(DemoCanvas canvas, Vector2 head, float s, Coat coat)
    {
        var ink = new Vector3(26, 20, 22);
        foreach (var ear in (ReadOnlySpan<int>)[-1, 1])
        {
            var x = head.X + (ear * s * 0.34f);
            if (coat.Pointed)
            {
                new DemoPath().Move(head.X + (ear * s * 0.1f), head.Y - (s * 0.26f))
                    .Curve(x, head.Y - (s * 0.6f), x + (ear * s * 0.02f), head.Y - (s * 0.66f))
                    .Curve(x + (ear * s * 0.14f), head.Y - (s * 0.4f), x + (ear * s * 0.08f), head.Y - (s * 0.06f)).Fill(canvas, coat.Fur * 0.92f);
                new DemoPath().Move(head.X + (ear * s * 0.19f), head.Y - (s * 0.3f)).Line(x + (ear * s * 0.01f), head.Y - (s * 0.56f))
                    .Line(x + (ear * s * 0.05f), head.Y - (s * 0.2f)).Fill(canvas, coat.Ear, 0.85f);
            }
            else
            {
                canvas.Disc(x, head.Y - (s * 0.29f), s * 0.16f, coat.Patches ? coat.Limb : coat.Face);
                canvas.Disc(x - (ear * s * 0.01f), head.Y - (s * 0.27f), s * 0.095f, coat.Patches ? coat.Limb * 1.4f : coat.Fur * 0.6f);
            }
        }

        new DemoPath().Ellipse(head.X, head.Y, s * 0.46f, s * 0.37f)
            .Fill(canvas, (_, y) => DemoMath.Mix(coat.Fur * 1.08f, coat.Fur * 0.84f,
            DemoMath.Smooth(head.Y - (s * 0.35f), head.Y + (s * 0.4f), y)));
        foreach (var eye in (ReadOnlySpan<int>)[-1, 1])
        {
            var x = head.X + (eye * s * 0.17f);
            if (coat.Patches)
                new DemoPath().Ellipse(x + (eye * s * 0.02f), head.Y - (s * 0.0f), s * 0.11f, s * 0.14f, eye * 0.5f).Fill(canvas, coat.Limb);
            else
            {
                new DemoPath().Ellipse(head.X + (eye * s * 0.27f), head.Y + (s * 0.13f), s * 0.15f, s * 0.14f, eye * -0.5f).Fill(canvas, coat.Face);
                new DemoPath().Ellipse(x, head.Y - (s * 0.135f), s * 0.07f, s * 0.045f, eye * 0.4f).Fill(canvas, coat.Face);
            }

            canvas.Disc(x, head.Y - (s * 0.005f), s * 0.058f, ink);
            canvas.Disc(x + (s * 0.018f), head.Y - (s * 0.024f), s * 0.018f, new Vector3(255, 255, 255));
        }

        new DemoPath().Ellipse(head.X, head.Y + (s * 0.17f), s * 0.16f, s * 0.125f).Fill(canvas, coat.Face);
        new DemoPath().Ellipse(head.X, head.Y + (s * 0.1f), s * 0.062f, s * 0.044f).Fill(canvas, ink);
        foreach (var lip in (ReadOnlySpan<int>)[-1, 1])
            new DemoPath().Stroke(head + new Vector2(0, s * 0.14f), head + new Vector2(lip * s * 0.02f, s * 0.23f), head
                + new Vector2(lip * s * 0.09f, s * 0.2f), s * 0.018f, s * 0.012f).Fill(canvas, ink);
    }

    private static void Bird(DemoCanvas canvas, Vector2 at, float s, int side, Vector3 back, Vector3 breast, Vector3 pale)
    {
        var ink = new Vector3(28, 24, 26);
        Vector2 P(float x, float y) => at + new Vector2(side * x * s, y * s);
        var (tailA, tailB, tailC) = (P(0.25f, -0.22f), P(0.95f, 0.26f), P(0.84f, 0.34f));
        new DemoPath().Move(tailA.X, tailA.Y - (s * 0.1f)).Line(tailB.X, tailB.Y).Line(tailC.X, tailC.Y)
            .Line(tailA.X - (side * s * 0.16f), tailA.Y + (s * 0.12f)).Fill(canvas, back * 0.75f);
        var body = P(0, -0.38f);
        new DemoPath().Ellipse(body.X, body.Y, s * 0.46f, s * 0.36f, side * 0.42f).Fill(canvas, (x, y) =>
        {
            var t = DemoMath.Smooth(-0.2f, 0.28f, ((x - body.X) * -side * 0.6f / s) + ((y - body.Y) * 0.6f / s));
            return DemoMath.Mix(back, DemoMath.Mix(breast, pale, DemoMath.Smooth(body.Y - (s * 0.05f), body.Y + (s * 0.4f), y)), t);
        });
        var head = P(-0.26f, -0.74f);
        new DemoPath().Ellipse(head.X, head.Y, s * 0.25f, s * 0.235f)
            .Fill(canvas, (_, y) => DemoMath.Mix(back, breast, DemoMath.Smooth(head.Y - (s * 0.06f), head.Y + (s * 0.1f), y)));
        var beak = P(-0.48f, -0.72f);
        new DemoPath().Move(beak.X + (side * s * 0.03f), beak.Y - (s * 0.06f)).Line(beak.X - (side * s * 0.18f), beak.Y + (s * 0.02f))
            .Line(beak.X + (side * s * 0.03f), beak.Y + (s * 0.06f)).Fill(canvas, ink);
        var eye = P(-0.34f, -0.78f);
        canvas.Disc(eye.X, eye.Y, s * 0.042f, ink);
        canvas.Disc(eye.X - (side * s * 0.012f), eye.Y - (s * 0.014f), s * 0.014f, new Vector3(255, 255, 255));
        var (w0, w1, w2) = (P(-0.16f, -0.56f), P(0.3f, -0.52f), P(0.5f, -0.04f));
        new DemoPath().Move(w0.X, w0.Y).Curve(w1.X, w1.Y, w2.X, w2.Y).Curve(P(0.06f, -0.1f).X, P(0, -0.1f).Y, w0.X, w0.Y).Fill(canvas, back * 0.78f);
        foreach (var leg in (ReadOnlySpan<float>)[-0.08f, 0.08f])
            new DemoPath().Stroke(P(leg, -0.1f), P(leg, 0), P(leg - 0.02f, 0.08f), s * 0.03f, s * 0.03f).Fill(canvas, ink);
    }

    private static void Owl(DemoCanvas canvas, Vector2 at, float s, Vector3 back, Vector3 wing, Vector3 pale)
    {
        var ink = new Vector3(26, 20, 20);
        var body = at - new Vector2(0, s * 0.52f);
        new DemoPath().Ellipse(body.X, body.Y, s * 0.42f, s * 0.56f).Fill(canvas, back);
        new DemoPath().Ellipse(body.X, body.Y + (s * 0.14f), s * 0.29f, s * 0.4f).Fill(canvas, pale);
        for (var row = 0; row < 5; row++)
        {
            for (var i = -2; i <= 2; i++)
                new DemoPath().Ellipse(body.X + ((i + (row % 2 * 0.5f)) * s * 0.1f), body.Y - (s * 0.06f) + (row * s * 0.1f), s * 0.026f, s * 0.036f)
                    .Fill(canvas, wing, 0.8f);
        }

        foreach (var side in (ReadOnlySpan<int>)[-1, 1])
        {
            new DemoPath().Ellipse(body.X + (side * s * 0.36f), body.Y + (s * 0.08f), s * 0.13f, s * 0.42f, side * -0.16f).Fill(canvas, back * 0.78f);
            new DemoPath().Move(body.X + (side * s * 0.06f), body.Y - (s * 0.46f)).Line(body.X + (side * s * 0.37f), body.Y - (s * 0.74f))
                .Line(body.X + (side * s * 0.4f), body.Y - (s * 0.28f)).Fill(canvas, back);
            var x = body.X + (side * s * 0.17f);
            canvas.Disc(x, body.Y - (s * 0.28f), s * 0.19f, pale);
            canvas.Disc(x, body.Y - (s * 0.28f), s * 0.125f, new Vector3(246, 190, 70));
            canvas.Disc(x, body.Y - (s * 0.28f), s * 0.072f, ink);
            canvas.Disc(x + (s * 0.03f), body.Y - (s * 0.315f), s * 0.024f, new Vector3(255, 255, 255));
            for (var toe = 0; toe < 3; toe++)
                new DemoPath().Ellipse(at.X + (side * s * (0.1f + (toe * 0.06f))), at.Y + (s * 0.03f), s * 0.03f, s * 0.06f)
                    .Fill(canvas, new Vector3(200, 150, 70));
        }

        new DemoPath().Move(body.X - (s * 0.06f), body.Y - (s * 0.22f)).Line(body.X + (s * 0.06f), body.Y - (s * 0.22f))
            .Line(body.X, body.Y - (s * 0.07f)).Fill(canvas, new Vector3(214, 150, 60));
    }

    private sealed record Coat(Vector3 Fur, Vector3 Limb, Vector3 Face, Vector3 Ear, Vector3 Tail, int Bands, bool Pointed, bool Patches);
}
