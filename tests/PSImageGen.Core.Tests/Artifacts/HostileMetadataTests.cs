using System.Text;
using PSImageGen.Core.Artifacts.Metadata;
using PSImageGen.FakeProviders.Images;
using static PSImageGen.Core.Tests.Artifacts.ForeignPictures;

namespace PSImageGen.Core.Tests.Artifacts;

/// <summary>Files that somebody made to do harm.</summary>
public sealed class HostileMetadataTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("psimagegen-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("zTXt")]
    [InlineData("iTXt")]
    public void A_few_bytes_that_promise_gigabytes_are_not_believed(string type)
    {
        byte[] bomb = Press(new byte[200 << 20]);
        byte[] data = type == "zTXt" ? [.. "parameters\0\0"u8, .. bomb] : [.. "parameters\0\u0001\0\0\0"u8, .. bomb];
        string path = Save(WithChunk(TinyImages.Make("png", 20, 20, "a"), type, data));

        long before = GC.GetAllocatedBytesForCurrentThread();
        ImageMetadata read = MetadataReader.Read(path);

        Assert.Equal(ImageMetadataSource.None, read.Source);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    [Fact]
    public void Xml_names_no_file_and_does_not_grow()
    {
        string secret = Path.Combine(_folder, "secret.txt");
        File.WriteAllText(secret, "do not show");
        string[] heads =
        [
            $"<!DOCTYPE x [<!ENTITY e SYSTEM \"{new Uri(secret)}\">]>",
            "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY e \"&b;&b;&b;&b;&b;&b;&b;&b;\">]>",
        ];
        foreach (string head in heads)
        {
            string packet = head + "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about=''>"
                + "<i:AIPromptInformation xmlns:i='http://iptc.org/std/Iptc4xmpExt/2008-02-29/'>&e;</i:AIPromptInformation></rdf:Description></rdf:RDF></x:xmpmeta>";
            byte[] before = WithSegment(TinyImages.Make("jpeg", 20, 20, "a"), 0xE1, [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. Encoding.UTF8.GetBytes(packet)]);
            string path = Save(before);

            Assert.Null(MetadataReader.Read(path).Prompt);
            // Nothing of ours can be put into such a packet, and the picture is not lost by it.
            Assert.NotNull(MetadataWriter.Apply(path, new() { ["schema"] = 1, ["prompt"] = "p" }, painted: false));
            Assert.Equal(before, File.ReadAllBytes(path));
        }
    }

    [Fact]
    public void A_prompt_moves_no_cursor()
    {
        string path = Save(WithChunk(TinyImages.Make("png", 20, 20, "a"), "iTXt", InternationalText("parameters", Encoding.UTF8.GetBytes("a\u001b[2J cat\u009b31m\u202e\u0007\nand more"))));

        Assert.Equal("a[2J cat31m\nand more", MetadataReader.Read(path).Prompt);
    }

    [Theory]
    [InlineData("""{"schema":1,"prompt":["no","text"],"seed":"7","cost":3,"parents":{"role":1},"request":[1],"operation":"99","created":"never","run_id":"../../x"}""")]
    [InlineData("""{"schema":1,"schema":2}""")]
    [InlineData("""[1,2]""")]
    [InlineData("""{"schema":1,"request":{"margins":{"left":"far"},"provider_options":{"a":[[[[[[[[[[[1]]]]]]]]]]]},"scale":1e99}}""")]
    [InlineData("""not json""")]
    public void Facts_of_the_wrong_kind_are_not_there(string json)
    {
        string path = Save(WithChunk(TinyImages.Make("png", 20, 20, "a"), "iTXt", InternationalText("PSImageGen", Encoding.UTF8.GetBytes(json))));

        ImageMetadata read = MetadataReader.Read(path);

        Assert.Equal((null, null, null, null, null), (read.Prompt, read.Seed, read.Cost, read.Operation, read.RunId));
    }

    [Theory]
    [InlineData("png", 1)]
    [InlineData("jpeg", 2)]
    [InlineData("webp", 3)]
    public void No_broken_file_does_more_than_to_say_nothing(string format, int seed)
    {
        string path = Save(TinyImages.Make(format, 24, 24, "a"));
        MetadataWriter.Apply(path, new() { ["schema"] = 1, ["prompt"] = "p", ["prompt_sha256"] = "x" }, painted: false);
        byte[] whole = File.ReadAllBytes(path);
        Random random = new(seed);
        for (int round = 0; round < 300; round++)
        {
            byte[] broken = [.. whole];
            for (int i = random.Next(1, 6); i > 0; i--)
                broken[random.Next(Math.Min(broken.Length, 2500))] = (byte)(random.Next(3) == 0 ? 255 : random.Next(256));
            if (random.Next(4) == 0)
                broken = broken[..random.Next(broken.Length)];
            File.WriteAllBytes(path, broken);
            try
            {
                _ = MetadataReader.Read(path);
            }
            catch (AIImageException e)
            {
                Assert.Equal(ImageErrorId.InvalidImage, e.Error.Id);
            }

            MetadataWriter.Apply(path, new() { ["schema"] = 1, ["prompt"] = "another" }, painted: false);
            using FileStream file = File.OpenRead(path);
            Assert.Equal(Core.Artifacts.ImageProbe.Identify(new MemoryStream(broken)), Core.Artifacts.ImageProbe.Identify(file));
        }
    }

    private string Save(byte[] bytes)
    {
        string path = Path.Combine(_folder, "picture.part");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
