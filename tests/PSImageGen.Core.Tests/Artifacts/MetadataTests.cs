using System.Text;
using System.Text.Json.Nodes;
using PSImageGen.Core.Artifacts;
using PSImageGen.Core.Artifacts.Metadata;
using PSImageGen.FakeProviders.Images;
using static PSImageGen.Core.Tests.Artifacts.ForeignPictures;

namespace PSImageGen.Core.Tests.Artifacts;

/// <summary>What a file remembers: put in, read back, and everything else left as it was.</summary>
public sealed class MetadataTests : IDisposable
{
    private const string Prompt = "a fox — 雪中的狐狸 😀\r\n\"quoted\" <tag> & \u0001";

    private readonly string _folder = Directory.CreateTempSubdirectory("psimagegen-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, bool> Formats => new() { { "png", false }, { "png", true }, { "jpeg", false }, { "webp", false }, { "webp", true } };

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_file_remembers_what_it_was_told_and_its_pixels_are_the_same(string format, bool transparent)
    {
        byte[] before = TinyImages.Make(format, 97, 63, "a", transparent);
        string path = Save(before);

        Assert.Null(MetadataWriter.Apply(path, Facts(), painted: false));

        byte[] after = File.ReadAllBytes(path);
        ImageMetadata read = MetadataReader.Read(path);
        Assert.Equal((ImageMetadataSource.File, Prompt.Replace("\u0001", "", StringComparison.Ordinal), "some-model", "Somebody", 7L), (read.Source, read.Prompt, read.Model, read.Provider, read.Seed));
        Assert.Equal((0.04m, "USD", true), (read.Cost, read.Currency, read.CostIsEstimate));
        Assert.Equal(ImageOperation.Img2Img, read.Operation);
        Assert.Equal(("source", "ab12"), (Assert.Single(read.Parents).Role, read.Parents[0].Sha256));
        Assert.True(read.Request.Contains("NegativePrompt"));
        Assert.Equal((97, 63), (read.Width, read.Height));
        Assert.Equal(Pixels(format, before), Pixels(format, after));
        Assert.Equal(path, Assert.Single(Directory.GetFiles(_folder)));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_second_time_changes_nothing_and_other_facts_take_the_place_of_the_first(string format, bool transparent)
    {
        string path = Save(TinyImages.Make(format, 40, 30, "a", transparent));
        MetadataWriter.Apply(path, Facts(), painted: false);
        byte[] once = File.ReadAllBytes(path);

        MetadataWriter.Apply(path, Facts(), painted: false);
        Assert.Equal(once, File.ReadAllBytes(path));

        JsonObject others = Facts();
        others["prompt"] = "another";
        MetadataWriter.Apply(path, others, painted: false);
        MetadataWriter.Apply(path, Facts(), painted: false);
        Assert.Equal(once, File.ReadAllBytes(path));
    }

    [Fact]
    public void A_signed_file_stays_as_it_came()
    {
        byte[][] signed =
        [
            WithChunk(TinyImages.Make("png", 20, 20, "a"), "caBX", [0, 0, 0, 8, .. "jumb"u8]),
            WithSegment(TinyImages.Make("jpeg", 20, 20, "a"), 0xEB, [.. "JP"u8, 0, 1, 0, 0, 0, 1, 0, 0, 0, 8, .. "jumb"u8]),
            WithRiffChunk(TinyImages.Make("webp", 20, 20, "a"), "C2PA", [1, 2, 3]),
        ];
        foreach (byte[] before in signed)
        {
            string path = Save(before);

            Assert.Null(MetadataWriter.Apply(path, Facts(), painted: false));

            Assert.Equal(before, File.ReadAllBytes(path));
            Assert.True(MetadataReader.Read(path).HasContentCredentials);
        }
    }

    [Theory]
    [InlineData("png")]
    [InlineData("pressed")]
    [InlineData("jpeg")]
    [InlineData("webp")]
    public void What_the_provider_wrote_stays_beside_it(string kind)
    {
        byte[] packet = Encoding.UTF8.GetBytes("""
            <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            <rdf:Description rdf:about="" xmlns:v="urn:vendor:" xmlns:xmp="http://ns.adobe.com/xap/1.0/" v:Word="theirs" xmp:CreatorTool="their tool"/></rdf:RDF></x:xmpmeta>
            """);
        byte[] before = kind switch
        {
            "jpeg" => WithSegment(TinyImages.Make("jpeg", 20, 20, "a"), 0xE1, [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. packet]),
            "webp" => WithRiffChunk(TinyImages.Make("webp", 20, 20, "a"), "XMP ", packet),
            _ => WithChunk(WithChunk(TinyImages.Make("png", 20, 20, "a"), "iTXt", InternationalText("XML:com.adobe.xmp", packet, kind == "pressed")), "tEXt", [.. "parameters\0their words"u8]),
        };
        string path = Save(before);

        Assert.Null(MetadataWriter.Apply(path, Facts(), painted: false));

        string text = Encoding.UTF8.GetString(File.ReadAllBytes(path));
        Assert.Contains("v:Word=\"theirs\"", text, StringComparison.Ordinal);
        Assert.Contains("their tool", text, StringComparison.Ordinal);
        Assert.DoesNotContain("CreatorTool>PSImageGen", text, StringComparison.Ordinal);
        Assert.Equal(kind is "png" or "pressed", text.Contains("their words", StringComparison.Ordinal));
        Assert.Equal(1, text.Split("<x:xmpmeta").Length - 1);
        Assert.Equal(ImageMetadataSource.File, MetadataReader.Read(path).Source);
    }

    [Fact]
    public void A_file_that_is_not_understood_or_not_whole_stays_as_it_is()
    {
        byte[][] files = [[.. "GIF89a"u8, 1, 0, 1, 0, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 1, 0, 0, 0x3B], TinyImages.Make("png", 20, 20, "a")[..^5], [1, 2, 3]];
        foreach (byte[] before in files)
        {
            string path = Save(before);

            Assert.Null(MetadataWriter.Apply(path, Facts(), painted: false));

            Assert.Equal(before, File.ReadAllBytes(path));
        }
    }

    [Fact]
    public void Where_it_cannot_be_written_the_picture_stays_and_the_reason_is_told()
    {
        byte[] before = TinyImages.Make("png", 20, 20, "a");
        string path = Save(before);
        Directory.CreateDirectory(path + ".meta.part");

        Assert.False(string.IsNullOrEmpty(MetadataWriter.Apply(path, Facts(), painted: false)));

        Assert.Equal(before, File.ReadAllBytes(path));
    }

    [Theory]
    [InlineData("jpeg", 20_000, true)]
    [InlineData("jpeg", 40_000, true)]
    [InlineData("jpeg", 90_000, false)]
    [InlineData("png", 90_000, true)]
    [InlineData("webp", 90_000, true)]
    public void A_long_prompt_is_kept_where_there_is_room_and_its_hash_everywhere(string format, int length, bool kept)
    {
        string path = Save(TinyImages.Make(format, 20, 20, "a"));
        JsonObject facts = Facts();
        string prompt = new('x', length);
        (facts["prompt"], facts["prompt_sha256"]) = (prompt, PictureFacts.HashOf(prompt));

        Assert.Null(MetadataWriter.Apply(path, facts, painted: false));

        ImageMetadata read = MetadataReader.Read(path);
        Assert.Equal((kept ? prompt : null, PictureFacts.HashOf(prompt)), (read.Prompt, read.PromptSha256));
    }

    [Fact]
    public void A_picture_of_any_size_takes_little_memory()
    {
        string path = Path.Combine(_folder, "large.part");
        byte[] small = TinyImages.Make("png", 20, 20, "a");
        using (FileStream file = File.Create(path))
        {
            // Chunks that nobody decodes, before the picture's own.
            file.Write(small.AsSpan(0, 33));
            byte[] chunk = WithChunk(new byte[33], "IDAT", new byte[1 << 20])[33..];
            for (int i = 0; i < 64; i++)
                file.Write(chunk);
            file.Write(small.AsSpan(33));
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Null(MetadataWriter.Apply(path, Facts(), painted: false));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
        Assert.Equal(Prompt.Length - 1, MetadataReader.Read(path).Prompt!.Length);
    }

    [Fact]
    public void Other_programs_find_the_prompt_where_they_look()
    {
        string path = Save(TinyImages.Make("png", 20, 30, "a"));
        MetadataWriter.Apply(path, Facts(), painted: false);
        using FileStream file = File.OpenRead(path);

        PictureContainer container = PictureContainer.Open(file, "png")!;

        Assert.Equal($"{Prompt}\nNegative prompt: text, letters\nSeed: 7, Size: 20x30, Model: some-model, Provider: Somebody, Version: {PictureFacts.Software}", container.Texts["parameters"]);
        string xmp = Encoding.UTF8.GetString(container.Xmp!);
        Assert.Contains("<Iptc4xmpExt:AIPromptInformation>a fox — 雪中的狐狸 😀&#xD;", xmp, StringComparison.Ordinal);
        Assert.Contains("<Iptc4xmpExt:AISystemUsed>Somebody some-model<", xmp, StringComparison.Ordinal);
        Assert.Contains("digitalsourcetype/compositeWithTrainedAlgorithmicMedia<", xmp, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a cat,\nsitting\nNegative prompt: dog,\nbird\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 42, Size: 512x768, Model: \"dream, shaper\"", "a cat,\nsitting", "dog,\nbird", 42L, "dream, shaper")]
    [InlineData("only words, with: a colon", "only words, with: a colon", null, null, null)]
    public void What_other_programs_wrote_is_read(string parameters, string prompt, string? negative, long? seed, string? model)
    {
        string path = Save(WithChunk(TinyImages.Make("png", 20, 20, "a"), "tEXt", [.. "parameters\0"u8, .. Encoding.Latin1.GetBytes(parameters)]));

        ImageMetadata read = MetadataReader.Read(path);

        Assert.Equal((ImageMetadataSource.OtherProgram, prompt, negative, seed, model), (read.Source, read.Prompt, (string?)read.Request["NegativePrompt"], read.Seed, read.Model));
    }

    private string Save(byte[] bytes)
    {
        string path = Path.Combine(_folder, Guid.NewGuid().ToString("N") + ".part");
        foreach (string old in Directory.GetFiles(_folder))
            File.Delete(old);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static JsonObject Facts() => new()
    {
        ["schema"] = 1,
        ["software"] = PictureFacts.Software,
        ["prompt_sha256"] = PictureFacts.HashOf(Prompt),
        ["parents"] = new JsonArray(new JsonObject { ["role"] = "source", ["sha256"] = "ab12" }),
        ["run_id"] = "run-1",
        ["provider"] = "Somebody",
        ["model"] = "some-model",
        ["operation"] = "Img2Img",
        ["prompt"] = Prompt,
        ["seed"] = 7L,
        ["request"] = new JsonObject { ["negative_prompt"] = "text, letters" },
        ["cost"] = new JsonObject { ["amount"] = 0.04m, ["currency"] = "USD", ["estimated"] = true },
        ["created"] = "2026-11-25T10:00:00Z",
    };
}
