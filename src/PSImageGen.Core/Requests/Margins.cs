namespace PSImageGen.Core.Requests;

/// <summary>By how many pixels a picture is continued on each side.</summary>
public readonly record struct Margins(int Left, int Right, int Up, int Down)
{
    /// <summary>Whether nothing is added anywhere.</summary>
    public bool IsEmpty => Left == 0 && Right == 0 && Up == 0 && Down == 0;

    /// <summary>The size of a picture with these margins around it.</summary>
    public ImageSize Around(ImageSize size) => new(size.Width + Left + Right, size.Height + Up + Down);

    /// <summary>The margins that make a picture this much wider and higher, the picture in the middle.</summary>
    public static Margins Centred(ImageSize from, ImageSize to)
    {
        int width = to.Width - from.Width, height = to.Height - from.Height;
        return new Margins(width / 2, width - (width / 2), height / 2, height - (height / 2));
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        string?[] sides =
        [
            Left > 0 ? Words.Of($"{Left} left") : null,
            Right > 0 ? Words.Of($"{Right} right") : null,
            Up > 0 ? Words.Of($"{Up} up") : null,
            Down > 0 ? Words.Of($"{Down} down") : null,
        ];
        return Words.List(sides.OfType<string>());
    }
}
