namespace PSImageGen.Core.Providers.Demo.Painting;

/// <summary>Smooth lattice noise with gradients (Perlin's), about -1 to 1, and its fractal sums.</summary>
internal sealed class ValueNoise
{
    private static readonly float[] GradientX = [1, -1, 1, -1, 1.41f, -1.41f, 0, 0];
    private static readonly float[] GradientY = [1, 1, -1, -1, 0, 0, 1.41f, -1.41f];
    private readonly byte[] _order = new byte[256];
    private readonly (float X, float Y)[] _gradients = new (float X, float Y)[512];

    public ValueNoise(DemoRandom random)
    {
        for (var i = 0; i < 256; i++)
            _order[i] = (byte)i;
        for (var i = 255; i > 0; i--)
        {
            var j = random.Int(i + 1);
            (_order[i], _order[j]) = (_order[j], _order[i]);
        }

        for (var i = 0; i < 512; i++)
            _gradients[i] = (GradientX[_order[i & 255] & 7], GradientY[_order[i & 255] & 7]);
    }

    public float At(float x, float y)
    {
        var ix = DemoMath.Floor(x);
        var iy = DemoMath.Floor(y);
        var fx = x - ix;
        var fy = y - iy;
        var u = fx * fx * fx * ((fx * ((fx * 6) - 15)) + 10);
        var v = fy * fy * fy * ((fy * ((fy * 6) - 15)) + 10);
        var order = _order;
        var gradients = _gradients;
        var left = order[ix & 255] + (iy & 255);
        var right = order[(ix + 1) & 255] + (iy & 255);
        var a = gradients[left];
        var b = gradients[right];
        var c = gradients[left + 1];
        var d = gradients[right + 1];
        var top = (a.X * fx) + (a.Y * fy);
        top += (((b.X * (fx - 1)) + (b.Y * fy)) - top) * u;
        var bottom = (c.X * fx) + (c.Y * (fy - 1));
        bottom += (((d.X * (fx - 1)) + (d.Y * (fy - 1))) - bottom) * u;
        return top + ((bottom - top) * v);
    }

    public float At(float x) => At(x, 0.37f);

    /// <summary>A sum of octaves, each half as strong and twice as fine; about -1 to 1.</summary>
    public float Fractal(float x, float y, int octaves)
    {
        var sum = 0f;
        var strength = 0.5f;
        for (var i = 0; i < octaves; i++)
        {
            sum += strength * At(x, y);
            strength *= 0.5f;
            // The odd offset keeps the octaves' lattices from lining up.
            x = (x * 2) + 17.3f;
            y = (y * 2) + 9.1f;
        }

        return sum * 1.6f;
    }

    /// <summary>Folded octaves with sharp crests, 0 to 1, as in rock and marble.</summary>
    public float Ridged(float x, float y, int octaves)
    {
        var sum = 0f;
        var strength = 0.5f;
        for (var i = 0; i < octaves; i++)
        {
            var n = At(x, y);
            sum += strength * (1 - (n < 0 ? -n : n));
            strength *= 0.5f;
            x = (x * 2) + 17.3f;
            y = (y * 2) + 9.1f;
        }

        return sum;
    }
}
