using System.Numerics;

namespace PSImageGen.Core.Providers.Demo.Painting;

/// <summary>Closed outlines, in pixels, filled with smooth edges. Overlapping outlines of one path count as one shape.</summary>
internal sealed class DemoPath
{
    private const int SubRows = 4;
    private readonly List<Vector2> _points = [];
    private readonly List<int> _starts = [];

    public DemoPath Move(float x, float y)
    {
        _starts.Add(_points.Count);
        _points.Add(new Vector2(x, y));
        return this;
    }

    public DemoPath Line(float x, float y)
    {
        _points.Add(new Vector2(x, y));
        return this;
    }

    /// <summary>A quadratic curve from the last point, pulled by one control point.</summary>
    public DemoPath Curve(float controlX, float controlY, float x, float y)
    {
        var from = _points[^1];
        const int Steps = 12;
        for (var i = 1; i <= Steps; i++)
        {
            var t = i / (float)Steps;
            var s = 1 - t;
            Line((s * s * from.X) + (2 * s * t * controlX) + (t * t * x), (s * s * from.Y) + (2 * s * t * controlY) + (t * t * y));
        }

        return this;
    }

    public DemoPath Ellipse(float cx, float cy, float rx, float ry, float angle = 0, int corners = 0)
    {
        if (corners == 0)
            corners = Math.Clamp((int)(DemoMath.Sqrt(rx + ry) * 3) + 6, 10, 96);
        var (sin, cos) = (DemoMath.Sin(angle), DemoMath.Cos(angle));
        for (var i = 0; i < corners; i++)
        {
            var turn = i * DemoMath.Tau / corners;
            var (x, y) = (DemoMath.Cos(turn) * rx, DemoMath.Sin(turn) * ry);
            var (px, py) = (cx + (x * cos) - (y * sin), cy + (x * sin) + (y * cos));
            if (i == 0)
                Move(px, py);
            else
                Line(px, py);
        }

        return this;
    }

    public DemoPath Box(float left, float top, float right, float bottom) =>
        Move(left, top).Line(right, top).Line(right, bottom).Line(left, bottom);

    /// <summary>A curved stroke whose width runs from one value to another.</summary>
    public DemoPath Stroke(Vector2 from, Vector2 control, Vector2 to, float widthFrom, float widthTo)
    {
        const int Steps = 10;
        Span<Vector2> back = stackalloc Vector2[Steps + 1];
        for (var i = 0; i <= Steps; i++)
        {
            var t = i / (float)Steps;
            var s = 1 - t;
            var at = (from * (s * s)) + (control * (2 * s * t)) + (to * (t * t));
            var along = ((control - from) * s) + ((to - control) * t);
            var length = DemoMath.Length(along.X, along.Y) + 1e-4f;
            var side = new Vector2(along.Y, -along.X) * (DemoMath.Mix(widthFrom, widthTo, t) * 0.5f / length);
            if (i == 0)
                Move(at.X + side.X, at.Y + side.Y);
            else
                Line(at.X + side.X, at.Y + side.Y);
            back[i] = at - side;
        }

        for (var i = Steps; i >= 0; i--)
            Line(back[i].X, back[i].Y);
        return this;
    }

    public void Fill(DemoCanvas canvas, Vector3 colour, float alpha = 1) => Fill(canvas, (_, _) => colour, alpha);

    public void Fill(DemoCanvas canvas, Func<int, int, Vector3> shader, float alpha = 1)
    {
        var edges = Edges(out var top, out var bottom, out var left, out var right);
        var firstX = Math.Clamp(DemoMath.Floor(left), 0, canvas.Width);
        var lastX = Math.Clamp(DemoMath.Floor(right) + 1, 0, canvas.Width);
        var firstY = Math.Clamp(DemoMath.Floor(top), 0, canvas.Height);
        var lastY = Math.Clamp(DemoMath.Floor(bottom) + 1, 0, canvas.Height);
        if (firstX >= lastX || firstY >= lastY)
            return;

        var cover = new float[lastX - firstX];
        var crossings = new List<(float X, int Turn)>();
        var live = new List<Edge>();
        var next = 0;
        for (var y = firstY; y < lastY; y++)
        {
            Array.Clear(cover);
            for (; next < edges.Count && edges[next].Top < y + 1; next++)
                live.Add(edges[next]);
            live.RemoveAll(edge => edge.Bottom <= y);
            for (var sub = 0; sub < SubRows; sub++)
                AddSubRow(y + ((sub + 0.5f) / SubRows), live, crossings, cover, firstX);
            for (var i = 0; i < cover.Length; i++)
            {
                if (cover[i] > 0.01f)
                    canvas.Blend(firstX + i, y, shader(firstX + i, y), Math.Min(1, cover[i]) * alpha);
            }
        }
    }

    private static void AddSubRow(float y, List<Edge> live, List<(float X, int Turn)> crossings, float[] cover, int firstX)
    {
        crossings.Clear();
        foreach (var edge in live)
        {
            if (y >= edge.Top && y < edge.Bottom)
                crossings.Add((edge.X + ((y - edge.Top) * edge.Slope) - firstX, edge.Turn));
        }

        crossings.Sort(static (a, b) => a.X.CompareTo(b.X));
        var winding = 0;
        for (var i = 0; i + 1 < crossings.Count; i++)
        {
            winding += crossings[i].Turn;
            if (winding != 0)
                AddSpan(cover, Math.Max(0, crossings[i].X), Math.Min(cover.Length, crossings[i + 1].X));
        }
    }

    private static void AddSpan(float[] cover, float from, float to)
    {
        if (from >= to)
            return;
        const float Share = 1f / SubRows;
        var first = (int)from;
        var last = (int)to;
        if (first == last)
        {
            cover[first] += (to - from) * Share;
            return;
        }

        cover[first] += (first + 1 - from) * Share;
        for (var i = first + 1; i < last; i++)
            cover[i] += Share;
        if (last < cover.Length)
            cover[last] += (to - last) * Share;
    }

    private List<Edge> Edges(out float top, out float bottom, out float left, out float right)
    {
        (top, bottom, left, right) = (float.MaxValue, float.MinValue, float.MaxValue, float.MinValue);
        var edges = new List<Edge>(_points.Count);
        for (var outline = 0; outline < _starts.Count; outline++)
        {
            var start = _starts[outline];
            var end = outline + 1 < _starts.Count ? _starts[outline + 1] : _points.Count;
            // All outlines wind the same way round, or overlapping ones would cut holes into each other.
            var area = 0f;
            for (var i = start; i < end; i++)
            {
                var a = _points[i] - _points[start];
                var b = _points[i + 1 < end ? i + 1 : start] - _points[start];
                area += (a.X * b.Y) - (b.X * a.Y);
            }

            var turn = area < 0 ? -1 : 1;
            for (var i = start; i < end; i++)
            {
                var a = _points[i];
                var b = _points[i + 1 < end ? i + 1 : start];
                (left, right) = (Math.Min(left, a.X), Math.Max(right, a.X));
                (top, bottom) = (Math.Min(top, a.Y), Math.Max(bottom, a.Y));
                if (a.Y < b.Y)
                    edges.Add(new Edge(a.Y, b.Y, a.X, (b.X - a.X) / (b.Y - a.Y), turn));
                else if (b.Y < a.Y)
                    edges.Add(new Edge(b.Y, a.Y, b.X, (a.X - b.X) / (a.Y - b.Y), -turn));
            }
        }

        edges.Sort(static (a, b) => a.Top.CompareTo(b.Top));
        return edges;
    }

    private readonly record struct Edge(float Top, float Bottom, float X, float Slope, int Turn);
}
