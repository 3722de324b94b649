using System.Globalization;
using System.Text.Json.Nodes;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tasks;
using PSImageGen.FakeProviders.Images;

namespace PSImageGen.Core.Tests.Requests;

public sealed class RequestTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("psimagegen-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  \n\t")]
    public void A_prompt_must_be_there(string? prompt) => AssertInvalid(new RequestDraft { Prompt = prompt });

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(101)]
    [InlineData(1000)]
    [InlineData(int.MinValue)]
    public void A_count_is_from_1_to_100(int count) => AssertInvalid(new RequestDraft { Prompt = "p", Count = count });

    [Theory]
    [InlineData("")]
    [InlineData("big")]
    [InlineData("1024")]
    [InlineData("1024x")]
    [InlineData("x1024")]
    [InlineData("0x1024")]
    [InlineData("-5x1024")]
    [InlineData("1,024x768")]
    [InlineData("1024 x 768")]
    [InlineData("1024x768x2")]
    [InlineData("1e3x1e3")]
    [InlineData("99999999999x1")]
    [InlineData("１０２４x768")]
    public void A_size_that_is_none_is_refused(string size) => AssertInvalid(new RequestDraft { Prompt = "p", Size = size });

    [Theory]
    [InlineData("")]
    [InlineData("wide")]
    [InlineData("16/9")]
    [InlineData("16:0")]
    [InlineData("0:9")]
    [InlineData("-16:9")]
    [InlineData("1.5:1")]
    [InlineData("16:9:4")]
    [InlineData("1001:1")]
    public void A_ratio_that_is_none_is_refused(string ratio) => AssertInvalid(new RequestDraft { Prompt = "p", AspectRatio = ratio });

    [Theory]
    [InlineData("")]
    [InlineData("3K")]
    [InlineData("HD")]
    [InlineData("2048")]
    public void A_resolution_that_is_none_is_refused(string resolution) => AssertInvalid(new RequestDraft { Prompt = "p", Resolution = resolution });

    [Fact]
    public void Wishes_that_contradict_each_other_are_refused()
    {
        AssertInvalid(new RequestDraft { Prompt = "p", Size = "64x64", AspectRatio = "1:1" });
        AssertInvalid(new RequestDraft { Prompt = "p", Size = "64x64", Resolution = "1K" });
        AssertInvalid(new RequestDraft { Prompt = "p", Format = ImageFormat.Jpeg, Background = ImageBackground.Transparent });
        AssertInvalid(new RequestDraft { Prompt = "p", Seed = -1 });
    }

    [Theory]
    [InlineData("1536x1024", 1536, 1024)]
    [InlineData("1X1", 1, 1)]
    public void Sizes_are_read_and_written_the_same_in_every_culture(string text, int width, int height)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("ar-SA");
            ImageRequest request = new(ImageOperation.Generate, new RequestDraft { Prompt = "p", Size = text });
            Assert.Equal(new ImageSize(width, height), request.Size);
            Assert.Equal(text.ToLowerInvariant(), (string?)request.ToJson()["size"]);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Ratios_and_resolutions_are_read()
    {
        ImageRequest request = new(ImageOperation.Generate, new RequestDraft { Prompt = "p", AspectRatio = "16:9", Resolution = "4k" });

        Assert.Equal((new AspectRatio(16, 9), 4), (request.AspectRatio, request.Resolution));
        Assert.Equal("4K", (string?)request.ToJson()["resolution"]);
        Assert.Equal(new AspectRatio(3, 2), AspectRatio.Of(new ImageSize(1536, 1024)));
    }

    [Fact]
    public void The_prompt_is_kept_to_the_letter()
    {
        const string Prompt = "  “a, b”; 'c'\r\n日本 👩‍🚀  ";

        ImageRequest request = new(ImageOperation.Generate, new RequestDraft { Prompt = Prompt });

        Assert.Equal(Prompt, request.Prompt);
        Assert.Equal(1, request.Count);
    }

    [Fact]
    public void Options_changed_later_do_not_change_the_request()
    {
        JsonObject options = new() { ["moderation"] = "low" };
        ImageRequest request = new(ImageOperation.Generate, new RequestDraft { Prompt = "p", ProviderOptions = options });

        options["moderation"] = "auto";
        request.ProviderOptions!["moderation"] = "none";

        Assert.Equal("low", (string?)request.ProviderOptions!["moderation"]);
    }

    [Fact]
    public void Input_images_are_looked_at_before_anything_else()
    {
        AssertInvalidImage(Path.Combine(_folder, "missing.png"));
        AssertInvalidImage(_folder);
        AssertInvalidImage("");
        AssertInvalidImage("ftp://example.com/a.png");
        AssertInvalidImage("https://user:secret@example.com/a.png");
        AssertInvalidImage(Write("empty.png", []));
        AssertInvalidImage(Write("text.png", "not a picture, whatever its name says"u8.ToArray()));
        AssertInvalidImage(Write("cut.png", TinyImages.Make("png", 64, 64, "x")[..60]));
        AssertInvalidImage(Write("cut.jpg", TinyImages.Make("jpeg", 64, 64, "x")[..^20]));
        AssertInvalidImage(Write("cut.webp", TinyImages.Make("webp", 64, 64, "x")[..^4]));
    }

    [Fact]
    public void A_whole_picture_is_known_by_its_bytes_and_a_link_is_taken_as_it_is()
    {
        InputImage file = InputImage.From(Write("really-a-webp.png", TinyImages.Make("webp", 70, 50, "x")));
        Assert.Equal(("webp", 70, 50), (file.Info!.Format, file.Info.Width, file.Info.Height));

        InputImage link = InputImage.From("https://example.com/a.png?b=c");
        Assert.Equal(("https://example.com/a.png?b=c", null), (link.Url!.ToString(), link.Path));
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("line\nbreak")]
    [InlineData("ok\n")]
    [InlineData("C:")]
    [InlineData("ключ")]
    public void An_id_that_could_be_a_path_is_refused(string id)
    {
        AssertError(ImageErrorId.InvalidRequest, () => new RunOptions(_folder, runId: id));
        AssertError(ImageErrorId.InvalidRequest, () => new RunOptions(_folder, batchId: id));
        AssertError(ImageErrorId.InvalidRequest, () => new RunOptions(_folder, runId: new string('a', 101)));
        Assert.False(RunOptions.IsId(id));
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("/etc/passwd")]
    [InlineData("a\\b")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData(".hidden")]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("a:b")]
    [InlineData("a?")]
    [InlineData("a*")]
    [InlineData("bell\a")]
    [InlineData("nul\0")]
    [InlineData("trailing.")]
    [InlineData("trailing ")]
    public void A_name_that_could_be_a_path_or_no_file_is_refused(string name) =>
        AssertError(ImageErrorId.InvalidRequest, () => new RunOptions(_folder, name));

    [Theory]
    [InlineData("a b")]
    [InlineData("été, 2026 (1)")]
    [InlineData("灯台")]
    [InlineData("v1.2")]
    public void Ordinary_names_are_taken(string name) => Assert.Equal(name, new RunOptions(_folder, name).Name);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(86401)]
    public void A_wait_is_longer_than_nothing_and_at_most_a_day(int seconds) =>
        AssertError(ImageErrorId.InvalidRequest, () => new RunOptions(_folder, timeout: TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Run_ids_are_good_ids_that_sort_by_time_and_never_meet()
    {
        string[] ids = [.. Enumerable.Range(0, 500).Select(_ => RunIds.New())];

        Assert.All(ids, id => Assert.True(RunOptions.IsId(id)));
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    private string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static void AssertInvalidImage(string source) =>
        AssertError(ImageErrorId.InvalidImage, () => new ImageRequest(ImageOperation.Generate, new RequestDraft { Prompt = "p", ReferenceImages = [source] }));

    private static void AssertInvalid(RequestDraft draft) => AssertError(ImageErrorId.InvalidRequest, () => new ImageRequest(ImageOperation.Generate, draft));

    private static void AssertError(ImageErrorId id, Func<object> make)
    {
        AIImageException e = Assert.Throws<AIImageException>(make);
        Assert.Equal(id, e.Error.Id);
        Assert.NotEmpty(e.Error.Message);
        Assert.NotEmpty(e.Error.Recommendation);
        Assert.DoesNotContain(e.Error.Message, char.IsControl);
        Assert.False(e.Error.MayHaveBeenCharged);
    }
}
