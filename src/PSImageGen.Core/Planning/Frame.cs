using PSImageGen.Core.Requests;

namespace PSImageGen.Core.Planning;

/// <summary>The size of what comes out: chosen for a picture from words, followed, continued or enlarged where a picture goes in.</summary>
internal sealed record Frame
{
    // A picture of this many takes about 2 GB while it is worked on.
    private const long MostPixels = 67_108_864;

    public ImageSize? Size { get; private init; }

    public AspectRatio? Ratio { get; private init; }

    public string? RatioWord { get; private init; }

    public string? Resolution { get; private init; }

    public Margins Margins { get; private init; }

    public int? Scale { get; private init; }

    /// <summary>The pixels (<c>1820x1024</c>) or the shape (<c>21:9</c>) to which the result is brought here; null to keep it as it comes.</summary>
    public string? ExactSize { get; private init; }

    /// <summary>Whether a size or shape was asked for and another comes.</summary>
    public bool Differs { get; private init; }

    public IReadOnlyList<string> Notes { get; private init; } = [];

    /// <summary>The frame of a request at a model.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c> or <c>InvalidImage</c>.</exception>
    public static Frame Of(string provider, ModelRow model, ImageRequest request)
    {
        ImageSize? source = request.Image?.Info is { } info ? new ImageSize(info.Width, info.Height) : null;
        Frame frame = request.Operation switch
        {
            ImageOperation.Upscale => Enlarged(provider, model, request, source),
            ImageOperation.Outpaint => Continued(provider, model, request, source),
            _ => Chosen(provider, model, request, source),
        };
        if (!request.ExactSize || frame.ExactSize is not null)
            return frame;
        string wish = Insisted(request, source);
        if (ImageSize.TryParse(wish, out ImageSize exact) && exact.Pixels > MostPixels)
            throw Errors.SizeTooLargeHere(exact, MostPixels);
        bool made = frame.Size is { } size && (wish == size.ToString() || (AspectRatio.TryParse(wish, out AspectRatio shape) && shape.Inside(size) == size));
        return made ? frame : frame with { ExactSize = wish, Notes = [.. frame.Notes, Words.Of($"the result is scaled and cropped to {wish} here")] };
    }

    // What is insisted on, as pixels or, where only a shape is wished, as that.
    private static string Insisted(ImageRequest request, ImageSize? source)
    {
        ImageSize From() => source ?? throw Errors.SizeOfLinkUnknown(request.Image!);
        if (request.Operation == ImageOperation.Upscale)
            return new ImageSize(From().Width * request.Scale!.Value, From().Height * request.Scale.Value).ToString();
        if (request.Operation == ImageOperation.Outpaint)
            return (request.Margins.IsEmpty ? Towards(From(), request) : request.Margins).Around(From()).ToString();
        if (request.Size is { } size)
            return size.ToString();
        if (request.Resolution is { } k)
            return (request.AspectRatio ?? (request.Image is null ? AspectRatio.Square : AspectRatio.Of(From()))).Sized(SizeRule.PixelsOf(k)).ToString();
        return request.AspectRatio?.ToString() ?? From().ToString();
    }

    private static Frame Chosen(string provider, ModelRow model, ImageRequest request, ImageSize? source)
    {
        if (model.Sizes is null)
        {
            return Asked(request) is { } asked
                ? throw Errors.NotOffered(provider, model, asked.Parameter, asked.Value, [])
                : new Frame { Size = source, Ratio = source is { } same ? AspectRatio.Of(same) : null };
        }

        ChosenSize chosen = model.Sizes.Choose(provider, model, request, request.Image is not null, source);
        return new Frame
        {
            Size = chosen.Size,
            Ratio = chosen.Ratio,
            RatioWord = chosen.RatioWord,
            Resolution = chosen.Resolution,
            Differs = chosen.Note is not null && Asked(request) is not null,
            Notes = chosen.Note is { } note ? [note] : [],
        };
    }

    private static Frame Enlarged(string provider, ModelRow model, ImageRequest request, ImageSize? source)
    {
        if (Asked(request) is { } asked)
            throw Errors.NotOffered(provider, model, asked.Parameter, asked.Value, ["-Scale 2", "-Scale 4"]);
        int wish = request.Scale!.Value;
        ImageSize? size = source is { } from ? new ImageSize(from.Width * wish, from.Height * wish) : null;
        AspectRatio? ratio = size is { } whole ? AspectRatio.Of(whole) : null;
        if (model.Enlarges(wish))
            return new Frame { Size = size, Ratio = ratio, Scale = wish };
        if (model.EnlargesTo is { } pixels)
        {
            ImageSize target = size ?? throw Errors.SizeOfLinkUnknown(request.Image!);
            return target.Pixels <= pixels
                ? new Frame { Size = target, Ratio = ratio, ExactSize = target.ToString(), Notes = [Words.Of($"the model makes about {pixels / 1_000_000} megapixels of it; the result is brought to {target} here")] }
                : throw Errors.EnlargedTooMuch(provider, model, target);
        }

        // What was made too large there is made smaller here, point for point.
        int larger = model.Scales.Where(s => s > wish).DefaultIfEmpty(0).Min();
        return larger > 0 && size is not null
            ? new Frame { Size = size, Ratio = ratio, Scale = larger, ExactSize = size.ToString(), Notes = [Words.Of($"the model enlarges {larger} times; the result is made {wish} times as large here")] }
            : throw Errors.NotOffered(provider, model, "Scale", wish.ToString(System.Globalization.CultureInfo.InvariantCulture), model.Scales.Select(s => s.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static Frame Continued(string provider, ModelRow model, ImageRequest request, ImageSize? source)
    {
        if (source is not { } from)
        {
            return request.Margins.IsEmpty || model.Canvas is not null || model.Sizes is not null
                ? throw Errors.SizeOfLinkUnknown(request.Image!)
                : new Frame { Margins = Checked(provider, model, request.Margins) };
        }

        Margins margins = request.Margins.IsEmpty ? Towards(from, request) : request.Margins;
        List<string> notes = [];
        if (model.Canvas is { } step && margins.Around(from) is var asked && (asked.Width % step != 0 || asked.Height % step != 0))
        {
            margins = Rounded(margins, from, step);
            notes.Add(Words.Of($"the model works in steps of {step} pixels: the picture becomes {margins.Around(from)}"));
        }

        ImageSize whole = Checked(provider, model, margins).Around(from);
        ImageSize size = whole;
        if (model.Sizes is { } sizes && !sizes.Allows(whole))
        {
            // A canvas can be painted at another size than its own; margins are what they are.
            size = (model.Canvas is not null ? sizes.NearestFor(request, whole) : null) ?? throw Errors.SizeNotOffered(provider, model, whole, sizes.ToString());
            notes.Add(Words.Of($"the model's nearest size to {whole} is {size}"));
        }

        return new Frame { Size = size, Ratio = AspectRatio.Of(size), Margins = margins, Notes = notes };
    }

    private static Margins Towards(ImageSize from, ImageRequest request)
    {
        ImageSize whole;
        if (request.Size is { } size)
        {
            whole = size;
        }
        else
        {
            double ratio = request.AspectRatio!.Value.Value;
            whole = ratio > from.Ratio ? new ImageSize((int)Math.Round(from.Height * ratio), from.Height) : new ImageSize(from.Width, (int)Math.Round(from.Width / ratio));
        }

        if (whole.Width < from.Width || whole.Height < from.Height || whole == from)
            throw Errors.NothingToContinue(from, whole);
        return Margins.Centred(from, whole);
    }

    // What is missing to a whole step is added where the picture grows anyway.
    private static Margins Rounded(Margins margins, ImageSize from, int step)
    {
        ImageSize whole = margins.Around(from);
        int across = (step - (whole.Width % step)) % step, along = (step - (whole.Height % step)) % step;
        margins = margins.Right > 0 || margins.Left == 0 ? margins with { Right = margins.Right + across } : margins with { Left = margins.Left + across };
        return margins.Down > 0 || margins.Up == 0 ? margins with { Down = margins.Down + along } : margins with { Up = margins.Up + along };
    }

    private static Margins Checked(string provider, ModelRow model, Margins margins)
    {
        int widest = Math.Max(Math.Max(margins.Left, margins.Right), Math.Max(margins.Up, margins.Down));
        return widest > model.MaxMargin ? throw Errors.MarginTooWide(provider, model, widest, model.MaxMargin.Value) : margins;
    }

    // What of a size is asked for; null when nothing is.
    private static (string Parameter, string Value)? Asked(ImageRequest request) =>
        request.Size is { } size ? ("Size", size.ToString())
        : request.Resolution is { } k ? ("Resolution", $"{k}K")
        : request.AspectRatio is { } ratio ? ("AspectRatio", ratio.ToString())
        : null;
}
