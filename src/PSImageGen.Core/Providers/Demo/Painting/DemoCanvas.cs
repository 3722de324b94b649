using System.Numerics;

namespace PSImageGen.Core.Providers.Demo.Painting;

/// <summary>An RGB picture in memory, three bytes a pixel, with blending that dithers. Colours are 0 to 255, lengths are pixels.</summary>
internal sealed class DemoCanvas
{
    private static readonly float[] Bayer = BuildBayer();

    public DemoCanvas(int width, int height)
    {
        Width = width;
        Height = height;
        // Objects keep their proportions in any format; wide and tall pictures get somewhat larger ones than the shorter side alone gives.
        Unit = Math.Min(Math.Min(width, height) * 1.25f, DemoMath.Sqrt((float)width * height));
        Pixels = new byte[width * height * 3];
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>The length, in pixels, that objects are scaled by.</summary>
    public float Unit { get; }

    public byte[] Pixels { get; }

    public Vector3 Get(int x, int y)
    {
        var at = ((y * Width) + x) * 3;
        return new Vector3(Pixels[at], Pixels[at + 1], Pixels[at + 2]);
    }

    /// <summary>The pixel nearest to a place that may lie outside.</summary>
    public Vector3 Nearest(float x, float y) =>
        Get(Math.Clamp((int)x, 0, Width - 1), Math.Clamp((int)y, 0, Height - 1));

    public void Set(int x, int y, Vector3 colour)
    {
        var at = ((y * Width) + x) * 3;
        var dither = Bayer[((y & 7) << 3) | (x & 7)];
        Pixels[at] = Quantize(colour.X + dither);
        Pixels[at + 1] = Quantize(colour.Y + dither);
        Pixels[at + 2] = Quantize(colour.Z + dither);
    }

    public void Blend(int x, int y, Vector3 colour, float alpha)
    {
        if ((uint)x >= (uint)Width || (uint)y >= (uint)Height || alpha <= 0.002f)
            return;
        Set(x, y, alpha >= 0.998f ? colour : DemoMath.Mix(Get(x, y), colour, alpha));
    }

    /// <summary>Light over what is there: never darker, never beyond white.</summary>
    public void Screen(int x, int y, Vector3 light, float strength)
    {
        if ((uint)x >= (uint)Width || (uint)y >= (uint)Height || strength <= 0.002f)
            return;
        var below = Get(x, y);
        Set(x, y, below + (light * strength * (Vector3.One - (below * (1f / 255)))));
    }

    /// <summary>Paints whole rows; the shader sees pixel coordinates and may read rows painted before.</summary>
    public void Rows(int from, int to, Func<int, int, Vector3> shader)
    {
        for (var y = Math.Max(from, 0); y < Math.Min(to, Height); y++)
        {
            for (var x = 0; x < Width; x++)
                Set(x, y, shader(x, y));
        }
    }

    /// <summary>A disc with a smooth edge, shaded by its own coordinates.</summary>
    public void Disc(float cx, float cy, float radius, Func<int, int, Vector3> shader, float alpha = 1)
    {
        var reach = radius + 1;
        for (var y = Math.Max(0, (int)(cy - reach)); y <= Math.Min(Height - 1, (int)(cy + reach)); y++)
        {
            for (var x = Math.Max(0, (int)(cx - reach)); x <= Math.Min(Width - 1, (int)(cx + reach)); x++)
            {
                var cover = DemoMath.Clamp01(radius + 0.5f - DemoMath.Length(x + 0.5f - cx, y + 0.5f - cy));
                if (cover > 0)
                    Blend(x, y, shader(x, y), cover * alpha);
            }
        }
    }

    public void Disc(float cx, float cy, float radius, Vector3 colour, float alpha = 1) => Disc(cx, cy, radius, (_, _) => colour, alpha);

    /// <summary>A soft round light that fades to nothing at the radius.</summary>
    public void Glow(float cx, float cy, float radius, Vector3 light, float strength)
    {
        var scale = 1 / (radius * radius);
        for (var y = Math.Max(0, (int)(cy - radius)); y <= Math.Min(Height - 1, (int)(cy + radius)); y++)
        {
            for (var x = Math.Max(0, (int)(cx - radius)); x <= Math.Min(Width - 1, (int)(cx + radius)); x++)
            {
                var dx = x + 0.5f - cx;
                var dy = y + 0.5f - cy;
                var near = 1 - (((dx * dx) + (dy * dy)) * scale);
                if (near > 0)
                    Screen(x, y, light, near * near * near * strength);
            }
        }
    }

    /// <summary>Darkens the corners a little, which holds a picture together.</summary>
    public void Vignette(float strength)
    {
        for (var y = 0; y < Height; y++)
        {
            var v = ((y + 0.5f) / Height * 2) - 1;
            for (var x = 0; x < Width; x++)
            {
                var u = ((x + 0.5f) / Width * 2) - 1;
                var edge = ((u * u) + (v * v)) - 0.7f;
                if (edge > 0)
                    Set(x, y, Get(x, y) * (1 - (edge * edge * strength)));
            }
        }
    }

    private static byte Quantize(float value) => value <= 0 ? (byte)0 : value >= 255 ? (byte)255 : (byte)value;

    // Thresholds of an ordered 8x8 dither between 0 and 1: breaks up bands, yet repeats, so the file stays small.
    private static float[] BuildBayer()
    {
        var table = new float[64];
        for (var y = 0; y < 8; y++)
        {
            for (var x = 0; x < 8; x++)
            {
                var rank = 0;
                for (var bit = 0; bit < 3; bit++)
                    rank |= (((((x ^ y) >> bit) & 1) << 1) | ((y >> bit) & 1)) << (2 * (2 - bit));
                table[(y * 8) + x] = (rank + 0.5f) / 64;
            }
        }

        return table;
    }
}
