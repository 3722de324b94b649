using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using PSImageGen.Core.Artifacts;
using PSImageGen.Core.Artifacts.Gallery;
using PSImageGen.Core.Artifacts.Pixels;
using PSImageGen.Core.Tests.Support;

namespace PSImageGen.Core.Tests.Artifacts.Gallery;

/// <summary>The page of pictures: whole in itself, and text from outside stays text.</summary>
public sealed class GalleryPageTests
{
    [Fact]
    public void It_loads_nothing_and_runs_nothing_but_its_own()
    {
        string page = Page([Picture("a fox")]);

        string policy = Regex.Match(page, "Content-Security-Policy\" content=\"([^\"]+)\"").Groups[1].Value;
        Assert.StartsWith("default-src 'none'; img-src data:; ", policy, StringComparison.Ordinal);
        foreach (string element in new[] { "style", "script" })
        {
            string own = Assert.Single(Regex.Matches(page, $"<{element}>(.*?)</{element}>", RegexOptions.Singleline)).Groups[1].Value;
            Assert.Contains($"{element}-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(own)))}'", policy, StringComparison.Ordinal);
        }

        Assert.DoesNotMatch("(src|srcset|poster|data)=\"(?!data:)[^\"]*/", page);
        Assert.DoesNotMatch(@"@import|url\(|<link|\sstyle=|\son\w+=", page);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\" onload=\"alert(1)")]
    [InlineData("</p><img src=x onerror=alert(1)>")]
    [InlineData("' & < > &lt;b&gt;")]
    public void Words_from_outside_are_never_markup(string hostile)
    {
        ImageResult run = Run(hostile) with { Model = hostile, Provider = hostile, RunId = hostile, Parents = [new ImageParent { Role = hostile, Path = "/x/" + hostile.Replace('/', '|') }] };

        string page = Page([new GalleryPicture(SamplePictures.Source, run, run.Images[0], null)], hostile);
        string plain = Page([Picture("a fox")]);

        Assert.DoesNotMatch(@"<[^>]*\son\w+=", Regex.Replace(page, "\"[^\"]*\"", string.Empty));
        Assert.Contains(System.Net.WebUtility.HtmlEncode(hostile), page, StringComparison.Ordinal);
        // As many elements as without it, the one line about where it came from aside.
        Assert.Equal(Regex.Count(plain, "<[a-z]") + 1, Regex.Count(page, "<[a-z]"));
        Assert.Equal(Regex.Count(plain, "<script"), Regex.Count(page, "<script"));
    }

    [Fact]
    public void A_card_tells_who_made_it_with_what_for_how_much()
    {
        ImageResult run = Run("a fox in the snow") with { Cost = 0.12m, Delivered = 3, Quote = Run("x").Quote with { Amount = 0.2m, Count = 3 } };

        string card = Page([new GalleryPicture(SamplePictures.Source, run, run.Images[0] with { Seed = 41 }, new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero))]);

        Assert.Matches("class=\"prompt\"[^>]*>a fox in the snow<", card);
        Assert.Contains("<b>model-1</b><span>0.04 USD</span>", card, StringComparison.Ordinal);
        Assert.Contains(">Maker · seed 41<", card, StringComparison.Ordinal);
        Assert.Contains("<dd>96 × 64 png</dd>", card, StringComparison.Ordinal);
        Assert.Contains("<b>0.12 USD</b> · 2026-11-2", card, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 0.2, 1, "about 0.2 USD")]
    [InlineData(null, 0.2, 4, "about 0.05 USD")]
    [InlineData(null, null, 1, "cost not known")]
    public void What_is_not_told_is_estimated_or_not_known(double? cost, double? estimate, int count, string expected)
    {
        ImageResult run = Run("a fox") with { Cost = (decimal?)cost, Quote = Run("x").Quote with { Amount = (decimal?)estimate, Count = count } };

        Assert.Contains($"<span>{expected}</span>", Page([new GalleryPicture(SamplePictures.Source, run, run.Images[0], null)]), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_made_from_what_leads_there_and_back()
    {
        GalleryPicture source = Picture("a fox", "source");
        ImageResult changed = Run("at night", "changed") with
        {
            Operation = ImageOperation.Inpaint,
            Parents = [new ImageParent { Role = "source", Path = "/moved/away.png", Sha256 = source.File!.Sha256 }, new ImageParent { Role = "mask", Path = "/secret/folder/mask.png" }, new ImageParent { Role = "style", Url = new Uri("https://host.example/a?key=1") }],
        };

        string page = Page([source, new GalleryPicture(changed.Images[0].Path, changed, changed.Images[0], null)]);

        Assert.Contains("made from <a href=\"#p1\">a fox</a>", page, StringComparison.Ordinal);
        Assert.Contains("led to <a href=\"#p2\">at night</a>", page, StringComparison.Ordinal);
        ImageResult again = changed with { Prompt = "at <noon>" };
        Assert.Contains("led to <a href=\"#p2\" title=\"at night\">1</a>, <a href=\"#p3\" title=\"at &lt;noon&gt;\">2</a>",
            Page([source, new GalleryPicture(changed.Images[0].Path, changed, changed.Images[0], null), new GalleryPicture("/x.png", again, again.Images[0], null)]), StringComparison.Ordinal);
        Assert.Contains("where white in mask.png<", page, StringComparison.Ordinal);
        Assert.Contains("in the look of host.example<", page, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", page, StringComparison.Ordinal);
        Assert.DoesNotContain("key=1", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_without_words_has_those_of_the_one_it_was_made_from()
    {
        GalleryPicture source = Picture("a fox", "source");
        ImageResult variation = Run(" ", "variation") with { Parents = [new ImageParent { Role = "source", Path = source.Path }] };
        ImageResult alone = Run(" ", "alone") with { Parents = [new ImageParent { Role = "source", Path = "/elsewhere/x.png" }] };

        string page = Page([new GalleryPicture(variation.Images[0].Path, variation, variation.Images[0], null), source, new GalleryPicture(alone.Images[0].Path, alone, alone.Images[0], null)]);

        Assert.Equal(["a fox", "a fox", Path.GetFileName(alone.Images[0].Path)], Regex.Matches(page, "class=\"prompt\"[^>]*>([^<]*)<").Select(m => m.Groups[1].Value));
    }

    [Fact]
    public void Links_start_at_the_folder_of_the_page()
    {
        string folder = Path.GetDirectoryName(SamplePictures.Source)!, name = Path.GetFileName(SamplePictures.Source);

        Assert.Contains($"href=\"{name}\"", Page([Picture("a fox")], folder: folder), StringComparison.Ordinal);
        Assert.Contains($"href=\"../{Path.GetFileName(folder)}/{name}\"", Page([Picture("a fox")], folder: Path.Combine(Path.GetDirectoryName(folder)!, "elsewhere")), StringComparison.Ordinal);
        Assert.Contains("href=\"%23%3F%20javascript%3Ax.png\"", Page([new GalleryPicture(Path.Combine(folder, "#? javascript:x.png"), null, null, null)], folder: folder), StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_that_is_gone_or_cannot_be_shown_leaves_words()
    {
        string words = Path.GetTempFileName();
        File.WriteAllText(words, "words");
        try
        {
            string page = Page([new GalleryPicture("/nowhere/gone.png", null, null, null), new GalleryPicture(words, null, null, null)]);

            Assert.Contains("gone.png is no longer there", page, StringComparison.Ordinal);
            Assert.Contains($"{Path.GetFileName(words)} cannot be shown here", page, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(words);
        }
    }

    [Fact]
    public void It_speaks_the_language_of_the_session()
    {
        Assert.Contains("<html lang=\"en\">", Page([Picture("a fox")]), StringComparison.Ordinal);
        using Language language = new("zh-CN");

        string page = Page([Picture("a fox")]);

        Assert.Contains("<html lang=\"zh-Hans\">", page, StringComparison.Ordinal);
        Assert.Contains("1 张图片", page, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task In_a_browser_its_filter_works_and_nothing_else_runs()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.html");
        await File.WriteAllTextAsync(path, Page([Picture("a red fox"), Picture("<script>document.title = 'broken in'</script> fox"), Picture("a hare"), new GalleryPicture("/nowhere/gone.png", null, null, null)]));
        try
        {
            (string page, string complaints) = await Browser.OpenAsync(new Uri(path).AbsoluteUri + "?q=FOX%20model-1");

            Assert.Equal(string.Empty, complaints);
            Assert.Contains("<title>Pictures</title>", page, StringComparison.Ordinal);
            Assert.Matches("<output[^>]*>2 of 4<", page);
            Assert.Equal(["p3", "p4"], Regex.Matches(page, "<li class=\"card\" id=\"(p\\d)\" hidden").Select(m => m.Groups[1].Value));
            Assert.DoesNotContain("<search role=\"search\" hidden", page, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void It_can_be_stopped()
    {
        using CancellationTokenSource stop = new();
        GalleryPage page = new("t", "/", [.. Enumerable.Repeat(Picture("a fox"), 200)], 64);

        Assert.ThrowsAny<OperationCanceledException>(() => page.Write(TextWriter.Null, _ => stop.Cancel(), stop.Token));
    }

    [Theory]
    [InlineData("large", "png", 1000, 500, "image/jpeg", 200, 100)]
    [InlineData("tall", "jpeg", 300, 900, "image/jpeg", 67, 200)]
    [InlineData("small", "png", 30, 20, "image/jpeg", 30, 20)]
    [InlineData("other", "webp", 500, 500, "image/webp", 500, 500)]
    public void Thumbnails_are_small_and_say_their_size(string name, string format, int width, int height, string type, int smallWidth, int smallHeight)
    {
        Thumbnail small = Thumbnail.Of(SamplePictures.Of(name, format, width, height), 200)!;

        Assert.Equal((smallWidth, smallHeight), (small.Width, small.Height));
        Assert.StartsWith($"data:{type};base64,", small.Source, StringComparison.Ordinal);
        ImageInfo info = ImageProbe.Identify(new MemoryStream(Convert.FromBase64String(small.Source[(small.Source.IndexOf(',', StringComparison.Ordinal) + 1)..])))!;
        Assert.Equal((true, smallWidth, smallHeight), (info.Complete, info.Width, info.Height));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(16, 16)]
    [InlineData(37, 23)]
    [InlineData(200, 9)]
    public void A_JPEG_written_here_reads_back_as_it_was_nearly(int width, int height)
    {
        PixelImage image = new(width, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                new byte[] { (byte)(x * 255 / width), (byte)(y * 255 / height), 90, 255 }.CopyTo(image.Rgba.AsSpan(((y * width) + x) * 4));
        }

        PixelImage read = PixelImage.Read(new MemoryStream(JpegWriter.Write(image, 90)));

        Assert.Equal(image.Size, read.Size);
        Assert.InRange(image.Rgba.Zip(read.Rgba, (a, b) => Math.Abs(a - b)).Average(), 0, 5);
    }

    private static string Page(IReadOnlyList<GalleryPicture> pictures, string title = "Pictures", string? folder = null)
    {
        using StringWriter page = new();
        new GalleryPage(title, folder ?? Path.GetTempPath(), pictures, 64).Write(page, _ => { }, CancellationToken.None);
        return page.ToString();
    }

    private static GalleryPicture Picture(string prompt, string name = "source")
    {
        ImageResult run = Run(prompt, name);
        return new GalleryPicture(run.Images[0].Path, run, run.Images[0], null);
    }

    private static ImageResult Run(string prompt, string name = "source")
    {
        string path = SamplePictures.Of(name);
        return new ImageResult
        {
            RunId = "run-" + name,
            Status = ImageTaskStatus.Succeeded,
            Provider = "Maker",
            Model = "model-1",
            Operation = ImageOperation.Generate,
            Prompt = prompt,
            Requested = 1,
            Delivered = 1,
            Quote = new Quote { Provider = "Maker", Model = "model-1", Operation = ImageOperation.Generate, Count = 1, Amount = 0.04m },
            RecordPath = string.Empty,
            Images = [new ImageFile { Path = path, Width = 96, Height = 64, Format = "png", Sha256 = Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path))).ToLowerInvariant() }],
        };
    }
}
