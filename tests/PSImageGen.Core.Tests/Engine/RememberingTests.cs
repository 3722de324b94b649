using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using PSImageGen.Core.Artifacts.Metadata;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tasks;
using PSImageGen.Core.Tests.Support;

namespace PSImageGen.Core.Tests.Engine;

/// <summary>Every picture that is delivered remembers, whichever way it came.</summary>
public sealed class RememberingTests
{
    [Theory]
    [InlineData("OpenAI", ImageFormat.Png)]
    [InlineData("OpenAI", ImageFormat.Webp)]
    [InlineData("BFL", ImageFormat.Jpeg)]
    public async Task A_picture_remembers_and_the_record_has_the_hash_of_the_file_as_it_lies_there(string provider, ImageFormat format)
    {
        await using Spine spine = await Spine.StartAsync();

        RunReport report = await spine.RunAsync(Order.From(provider) with { Format = format, Count = 2, Seed = provider == "BFL" ? 5 : null });

        Assert.Null(report.Error);
        Assert.Equal(2, report.Record.Images.Count);
        foreach (ImageRecord image in report.Record.Images)
        {
            Assert.Equal(image.Sha256, Hash(image.Path));
            ImageMetadata read = MetadataReader.Read(image.Path);
            Assert.Equal((ImageMetadataSource.File, "a lighthouse at dawn", provider, report.Record.Model, report.Record.RunId), (read.Source, read.Prompt, read.Provider, read.Model, read.RunId));
            Assert.Equal((report.Record.Images[0].Width, report.Record.Images[0].Height), (read.Width, read.Height));
            Assert.NotNull(read.Cost);
            Assert.NotNull(read.CreatedAt);
        }

        if (provider == "BFL")
            Assert.Equal([5L, 6L], report.Record.Images.Select(i => MetadataReader.Read(i.Path).Seed));
    }

    [Fact]
    public async Task A_run_that_is_resumed_remembers_as_it_was_told_at_its_order()
    {
        await using Spine spine = await Spine.StartAsync();
        Order order = Order.Bfl with { NoWait = true };
        Order quiet = order with { RunId = RunIds.New(), Metadata = MetadataMode.Hashes };
        RunReport left = await spine.RunAsync(order);
        RunReport hashed = await spine.RunAsync(quiet);

        RunReport report = await spine.ResumeAsync(left.RecordPath);
        RunReport quietly = await spine.ResumeAsync(hashed.RecordPath);
        RunReport again = await spine.ResumeAsync(left.RecordPath);

        Assert.Equal("a lighthouse at dawn", MetadataReader.Read(report.Record.Images[0].Path).Prompt);
        Assert.Equal(Hash(report.Record.Images[0].Path), again.Record.Images[0].Sha256);
        AssertHashesOnly(quietly);
    }

    [Fact]
    public async Task A_part_file_that_a_killed_process_left_remembers_once_it_has_its_name()
    {
        await using Spine spine = await Spine.StartAsync();
        RunReport report = await spine.RunAsync(Order.OpenAI);
        ImageRecord image = report.Record.Images[0];
        RunFolder folder = RunFolder.OfRecord(report.RecordPath)!;
        Directory.CreateDirectory(folder.Parts);
        // Killed after the name was on record and before the file had it, in the midst of writing another one aside.
        File.Move(image.Path, folder.EmbeddedPart(0, 0));
        File.WriteAllText(folder.EmbeddedPart(0, 0) + ".meta.part", "half");
        File.WriteAllText(report.RecordPath, (await File.ReadAllTextAsync(report.RecordPath)).Replace("\"Succeeded\"", "\"Downloading\"", StringComparison.Ordinal));

        RunReport again = await spine.ResumeAsync(report.RecordPath);

        Assert.Null(again.Error);
        Assert.Equal(image.Sha256, Hash(again.Record.Images[0].Path));
        Assert.Equal("a lighthouse at dawn", MetadataReader.Read(again.Record.Images[0].Path).Prompt);
        Assert.False(Directory.Exists(folder.Parts));
    }

    [Fact]
    public async Task A_picture_brought_to_an_exact_size_remembers_too()
    {
        await using Spine spine = await Spine.StartAsync();

        RunReport report = await spine.RunAsync(Order.From("Demo") with { Asks = (ImageOperation.Generate, new RequestDraft { Prompt = "a fox", Size = "33x17", ExactSize = true }) });

        ImageMetadata read = MetadataReader.Read(Assert.Single(report.Record.Images).Path);
        Assert.Equal((33, 17, "a fox", true), (read.Width, read.Height, read.Prompt, (bool?)read.Request["ExactSize"]));
    }

    [Fact]
    public async Task Nothing_is_added_or_only_hashes_where_that_is_asked_for()
    {
        await using Spine spine = await Spine.StartAsync();

        RunReport nothing = await spine.RunAsync(Order.OpenAI with { Metadata = MetadataMode.None });
        RunReport hashes = await spine.RunAsync(Order.OpenAI with { Metadata = MetadataMode.Hashes });

        Assert.DoesNotContain("PSImageGen", Encoding.Latin1.GetString(File.ReadAllBytes(nothing.Record.Images[0].Path)), StringComparison.Ordinal);
        AssertHashesOnly(hashes);
        // Where the record is beside it, the user still knows.
        Assert.All([nothing, hashes], r => Assert.Equal(("a lighthouse at dawn", ImageMetadataSource.Record), (MetadataReader.Read(r.Record.Images[0].Path).Prompt, MetadataReader.Read(r.Record.Images[0].Path).Source)));
    }

    [Fact]
    public async Task No_key_no_path_and_no_link_gets_into_a_file()
    {
        await using Spine spine = await Spine.StartAsync();
        string key = spine.Variables["BFL_API_KEY"]!;
        RequestDraft draft = SamplePictures.Draft(ImageOperation.Img2Img) with { Prompt = $"a sign that says {key}" };

        RunReport report = await spine.RunAsync(Order.Bfl with { Asks = (ImageOperation.Img2Img, draft) });

        Assert.Null(report.Error);
        string text = Encoding.UTF8.GetString(File.ReadAllBytes(report.Record.Images[0].Path));
        Assert.Contains("a sign that says ***", text, StringComparison.Ordinal);
        Assert.DoesNotContain(key, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Path.GetDirectoryName(SamplePictures.Source)!, text, StringComparison.Ordinal);
        ImageMetadata read = MetadataReader.Read(report.Record.Images[0].Path);
        // The record beside it knows where the picture lies that went in.
        Assert.Equal((SamplePictures.Source, SamplePictures.Source), (Assert.Single(read.Parents).Path, (string?)read.Request["Image"]));
    }

    [Fact]
    public void Options_that_may_be_keys_or_links_stay_at_home()
    {
        JsonObject kept = PictureFacts.RequestOf(new JsonObject
        {
            ["image"] = "/home/somebody/a.png",
            ["provider_options"] = new JsonObject
            {
                ["steps"] = 30,
                ["civitai_token"] = "abc",
                ["lora"] = "https://example.com/l?token=abc",
                ["deep"] = new JsonObject { ["Api-Key"] = "abc", ["strength"] = 0.5 },
            },
        });

        Assert.Equal("""{"provider_options":{"steps":30,"deep":{"strength":0.5}}}""", kept.ToJsonString());
    }

    private static void AssertHashesOnly(RunReport report)
    {
        string text = Encoding.UTF8.GetString(File.ReadAllBytes(report.Record.Images[0].Path));
        Assert.Contains(PictureFacts.HashOf("a lighthouse at dawn")!, text, StringComparison.Ordinal);
        foreach (string word in new[] { "lighthouse", report.Record.Provider, report.Record.Model, report.Record.RunId })
            Assert.DoesNotContain(word, text, StringComparison.Ordinal);
    }

    private static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}
