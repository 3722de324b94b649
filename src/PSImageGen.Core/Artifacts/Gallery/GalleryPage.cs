using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Artifacts.Gallery;

/// <summary>
/// One page of HTML that shows pictures and how they came about. It holds all it needs and loads nothing: its policy forbids any other
/// style, script or source. Whatever comes from outside is text in it, never markup.
/// </summary>
public sealed class GalleryPage
{
    private const int MaxPrompt = 8000, MaxLink = 100, MaxGenerations = 100;
    private static readonly string Style = Resource("gallery.css"), Script = Resource("gallery.js");

    private readonly string _title;
    private readonly string _folder;
    private readonly int _longest;
    private readonly IReadOnlyList<GalleryPicture> _pictures;
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly ILookup<string, int> _children;

    /// <summary>Makes a page ready.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="folder">The folder it will lie in: links to the pictures start there.</param>
    /// <param name="pictures">What it shows, in this order.</param>
    /// <param name="longest">The longer side of the pictures in it, in pixels.</param>
    public GalleryPage(string title, string folder, IReadOnlyList<GalleryPicture> pictures, int longest)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        (_title, _folder, _pictures, _longest) = (title, folder, pictures, longest);
        for (int i = 0; i < pictures.Count; i++)
        {
            _places.TryAdd(pictures[i].Path, i);
            if (pictures[i].File?.Sha256 is { } hash)
                _places.TryAdd(hash, i);
        }

        _children = pictures.SelectMany((p, at) => Parents(p).Select(parent => (Child: at, Parent: PlaceOf(parent))))
            .Where(l => l.Parent is not null).Distinct().ToLookup(l => pictures[l.Parent!.Value].Path, l => l.Child, StringComparer.Ordinal);
    }

    /// <summary>Writes the page.</summary>
    /// <param name="output">Where to; stays open.</param>
    /// <param name="progress">Is told how many pictures are in it, on the calling thread.</param>
    /// <param name="cancel">Stops it.</param>
    public void Write(TextWriter output, Action<int> progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(progress);
        output.Write(Head());
        int done = 0;
        // A few at a time: pixels take much room, and the page none.
        foreach (GalleryPicture[] few in _pictures.Chunk(Environment.ProcessorCount))
        {
            string[] cards = new string[few.Length];
            int first = done;
            Parallel.For(0, few.Length, new ParallelOptions { CancellationToken = cancel }, i => cards[i] = Card(few[i], first + i));
            foreach (string card in cards)
                output.Write(card);
            progress(done += few.Length);
        }

        output.Write($"""
            </ol>
            <p class="none" hidden>{Html(Words.Of("Nothing here matches that."))}</p>
            </main>
            <script>{Script}</script>
            </body>
            </html>

            """);
    }

    private string Head() => $"""
        <!doctype html>
        <html lang="{(Words.Of("Pictures") == "Pictures" ? "en" : "zh-Hans")}">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src {Hash(Style)}; script-src {Hash(Script)}; base-uri 'none'; form-action 'none'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="referrer" content="no-referrer">
        <title>{Html(_title)}</title>
        <style>{Style}</style>
        </head>
        <body>
        <header>
        <h1 dir="auto">{Html(_title)}</h1>
        <p class="sum">{Summary()}</p>
        </header>
        <search role="search" hidden>
        <input type="search" aria-label="{Html(Words.Of("Filter the pictures"))}" placeholder="{Html(Words.Of("Filter by words, model, seed …"))}" autocomplete="off" spellcheck="false">
        <output aria-live="polite" data-text="{Html(Words.Of("{0} of {1}"))}"></output>
        </search>
        <main>
        <ol class="wall">

        """;

    private string Summary()
    {
        ImageResult[] runs = [.. _pictures.Select(p => p.Run).OfType<ImageResult>().DistinctBy(r => r.RunId)];
        List<string> parts = [Html(_pictures.Count == 1 ? Words.Of("1 picture") : Words.Of($"{_pictures.Count} pictures"))];
        string[] models = [.. runs.Select(r => r.Model).Distinct(StringComparer.Ordinal)];
        if (models.Length == 1)
            parts.Add(Html(models[0]));
        else if (models.Length > 1)
            parts.Add(Html(Words.Of($"{models.Length} models")));
        foreach (IGrouping<string, ImageResult> paid in runs.Where(r => !r.Quote.IsFree && (r.Cost ?? r.Quote.Amount) is not null).GroupBy(r => r.Quote.Currency))
            parts.Add($"<b>{Html(Money(paid.Sum(r => r.Cost ?? r.Quote.Amount!.Value), paid.Key, paid.Any(r => r.Cost is null)))}</b>");
        DateTimeOffset[] days = [.. _pictures.Select(p => p.Made).OfType<DateTimeOffset>()];
        if (days.Length > 0)
        {
            (string first, string last) = (Day(days.Min()), Day(days.Max()));
            parts.Add(Html(first == last ? first : $"{first} – {last}"));
        }

        return string.Join(" · ", parts);
    }

    private string Card(GalleryPicture picture, int place)
    {
        Thumbnail? small = Thumbnail.Of(picture.Path, _longest);
        string name = System.IO.Path.GetFileName(picture.Path), words = Caption(picture);
        StringBuilder card = new();
        card.Append(CultureInfo.InvariantCulture, $"""<li class="card" id="p{place + 1}"><a class="mat" href="{Html(Link(picture.Path))}">""");
        card.Append(small is null
            ? $"<span>{Html(File.Exists(picture.Path) ? Words.Of($"{name} cannot be shown here") : Words.Of($"{name} is no longer there"))}</span>"
            : string.Create(CultureInfo.InvariantCulture, $"""<img src="{small.Source}" width="{small.Width}" height="{small.Height}" alt="{Html(PlainText.Clean(words, 200))}" loading="lazy" decoding="async">"""));
        card.Append(CultureInfo.InvariantCulture, $"""</a><p class="prompt" dir="auto">{Html(words)}</p>""");
        if (picture.Run is { } run)
        {
            card.Append(CultureInfo.InvariantCulture, $"""<p class="who"><b>{Html(run.Model)}</b><span>{Html(Cost(run))}</span></p><p class="line">{Html(Origin(picture, run))}</p>""");
            foreach (ImageParent parent in run.Parents)
                card.Append(CultureInfo.InvariantCulture, $"""<p class="line">{Html(Role(parent.Role))} {LinkTo(PlaceOf(parent), NameOf(parent))}</p>""");
        }

        if (_children[picture.Path].ToArray() is { Length: > 0 } children)
            card.Append(CultureInfo.InvariantCulture, $"""<p class="line">{Html(Words.Of("led to"))} {string.Join(", ", children.Select((c, i) => LinkTo(c, string.Empty, children.Length == 1 ? null : i + 1)))}</p>""");
        card.Append(CultureInfo.InvariantCulture, $"<details><summary>{Html(Words.Of("Details"))}</summary><dl>");
        foreach ((string term, string? text) in Details(picture, name))
        {
            if (!string.IsNullOrEmpty(text))
                card.Append(CultureInfo.InvariantCulture, $"<dt>{Html(term)}</dt><dd>{Html(text)}</dd>");
        }

        return card.Append("</dl></details></li>\n").ToString();
    }

    private static IEnumerable<(string Term, string? Text)> Details(GalleryPicture picture, string name)
    {
        yield return (Words.Of("Seed"), picture.File?.Seed?.ToString(CultureInfo.InvariantCulture));
        yield return (Words.Of("Size"), picture.File is { Width: > 0 } file ? string.Create(CultureInfo.InvariantCulture, $"{file.Width} × {file.Height} {file.Format}") : null);
        yield return (Words.Of("Made"), picture.Made?.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));
        yield return (Words.Of("Run"), picture.Run?.RunId);
        yield return (Words.Of("File"), name);
    }

    private static string Origin(GalleryPicture picture, ImageResult run) => string.Join(" · ", new[]
    {
        run.Provider,
        run.Operation == ImageOperation.Generate ? null : Deed(run.Operation),
        picture.File?.Seed is { } seed ? Words.Of($"seed {seed}") : null,
    }.OfType<string>());

    // Of several pictures each has its share, so that the cards add up.
    private static string Cost(ImageResult run)
    {
        if (run.Quote.IsFree)
            return Words.Of("free");
        int count = run.Cost is null ? run.Quote.Count : run.Delivered;
        return (run.Cost ?? run.Quote.Amount) is { } amount ? Money(amount / Math.Max(1, count), run.Quote.Currency, run.Cost is null) : Words.Of("cost not known");
    }

    private static string Money(decimal amount, string currency, bool estimated)
    {
        string sum = string.Create(CultureInfo.InvariantCulture, $"{amount:0.####} {currency}");
        return estimated ? Words.Of($"about {sum}") : sum;
    }

    private static string Deed(ImageOperation operation) => operation switch
    {
        ImageOperation.Img2Img => Words.Of("changed"),
        ImageOperation.Inpaint => Words.Of("repainted in part"),
        ImageOperation.Outpaint => Words.Of("continued"),
        ImageOperation.Upscale => Words.Of("enlarged"),
        ImageOperation.Vary => Words.Of("variation"),
        _ => Words.Of("restyled"),
    };

    private static string Role(string role) => role switch
    {
        "mask" => Words.Of("where white in"),
        "style" => Words.Of("in the look of"),
        "reference" => Words.Of("after"),
        _ => Words.Of("made from"),
    };

    private static IReadOnlyList<ImageParent> Parents(GalleryPicture picture) => picture.Run?.Parents ?? [];

    private int? PlaceOf(ImageParent parent) =>
        parent.Sha256 is { } hash && _places.TryGetValue(hash, out int byHash) ? byHash
        : parent.Path is { } path && _places.TryGetValue(path, out int byPath) ? byPath
        : null;

    // A picture without words of its own has those of the picture it was made from.
    private string Caption(GalleryPicture picture, int generations = 0) =>
        !string.IsNullOrWhiteSpace(picture.Run?.Prompt) ? PlainText.Clean(picture.Run.Prompt, MaxPrompt)
        : generations < MaxGenerations && Parents(picture) is [var first, ..] && PlaceOf(first) is { } place ? Caption(_pictures[place], generations + 1)
        : System.IO.Path.GetFileName(picture.Path);

    // Of a link the host says enough; what follows may be a secret.
    private static string NameOf(ImageParent parent) => parent.Path is { } path ? System.IO.Path.GetFileName(path) : parent.Url?.Host ?? parent.Role;

    // A picture of the page goes by its words, one of several by its number with the words behind it.
    private string LinkTo(int? place, string name, int? number = null)
    {
        if (place is not { } at)
            return Html(name);
        string words = Html(PlainText.Clean(Caption(_pictures[at]), MaxLink));
        return string.Create(CultureInfo.InvariantCulture, $"""<a href="#p{at + 1}"{(number is null ? null : $" title=\"{words}\"")}>{(number is { } n ? n : words)}</a>""");
    }

    private string Link(string path)
    {
        string relative = System.IO.Path.GetRelativePath(_folder, path);
        return System.IO.Path.IsPathRooted(relative)
            ? new Uri(path).AbsoluteUri
            : string.Join('/', relative.Split(System.IO.Path.DirectorySeparatorChar, System.IO.Path.AltDirectorySeparatorChar).Select(Uri.EscapeDataString));
    }

    private static string Day(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    // In texts and in quoted attributes; other letters than these are what they are.
    private static string Html(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("\"", "&quot;", StringComparison.Ordinal).Replace("'", "&#39;", StringComparison.Ordinal);

    private static string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    // A browser counts the end of a line as one character, whatever the file has.
    private static string Resource(string name)
    {
        using StreamReader reader = new(typeof(GalleryPage).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
