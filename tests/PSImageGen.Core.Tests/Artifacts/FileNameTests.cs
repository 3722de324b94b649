using PSImageGen.Core.Engine;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tests.Support;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.FakeProviders.Images;

namespace PSImageGen.Core.Tests.Artifacts;

public class FileNameTests
{
    [Fact]
    public async Task One_picture_has_the_name_and_several_are_numbered()
    {
        await using Spine spine = await Spine.StartAsync();

        await spine.RunAsync(Order.Bfl with { Name = "one" });
        await spine.RunAsync(Order.Bfl with { Name = "many", Count = 3 });

        Assert.Equal(["many-1.jpg", "many-2.jpg", "many-3.jpg", "one.jpg"], spine.Pictures().Select(p => Path.GetFileName(p)));
    }

    [Fact]
    public async Task The_default_name_is_the_run_id()
    {
        await using Spine spine = await Spine.StartAsync();

        RunReport report = await spine.RunAsync(Order.Bfl);

        Assert.Equal(report.Record.RunId + ".jpg", Path.GetFileName(Assert.Single(spine.Pictures())));
    }

    [Fact]
    public async Task A_file_that_is_there_is_never_overwritten()
    {
        await using Spine spine = await Spine.StartAsync();
        Directory.CreateDirectory(spine.Folder);
        string mine = Path.Combine(spine.Folder, "mine.jpg");
        await File.WriteAllTextAsync(mine, "precious");

        await spine.RunAsync(Order.Bfl with { Name = "mine" });
        await spine.RunAsync(Order.Bfl with { Name = "mine" });

        Assert.Equal("precious", await File.ReadAllTextAsync(mine));
        Assert.Equal(["mine-1.jpg", "mine-2.jpg", "mine.jpg"], spine.Pictures().Select(p => Path.GetFileName(p)));
    }

    [Fact]
    public async Task A_folder_with_the_name_of_the_picture_is_no_obstacle()
    {
        await using Spine spine = await Spine.StartAsync();
        Directory.CreateDirectory(Path.Combine(spine.Folder, "mine.jpg"));

        RunReport report = await spine.RunAsync(Order.Bfl with { Name = "mine" });

        Assert.Null(report.Error);
        Assert.Equal("mine-1.jpg", Path.GetFileName(Assert.Single(spine.Pictures())));
    }

    [Fact]
    public async Task Two_runs_with_the_same_name_at_once_bring_two_files()
    {
        await using Spine spine = await Spine.StartAsync();

        RunReport[] reports = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => spine.RunAsync(spine.NewEngine(), Order.Bfl with { Name = "same" })));

        Assert.Equal(6, spine.Pictures().Length);
        Assert.Equal(spine.Pictures(), reports.Select(r => r.ToResult().Path).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("jpeg", "jpg")]
    [InlineData("webp", "webp")]
    [InlineData("png", "png")]
    public async Task The_extension_tells_what_the_bytes_really_are(string sent, string extension)
    {
        await using Spine spine = await Spine.StartAsync();
        string picture = Convert.ToBase64String(TinyImages.Make(sent, 40, 30, "x"));
        spine.Vendors.Faults.Add(new Fault { Vendor = "OpenAI", Stage = FaultStage.Submit, Kind = FaultKind.WrongBody, Body = $$"""{"data":[{"b64_json":"{{picture}}"}]}""" });

        RunReport report = await spine.RunAsync(Order.OpenAI with { Format = ImageFormat.Png, Name = "p" });

        ImageFile image = Assert.Single(report.ToResult().Images);
        Assert.Equal("p." + extension, Path.GetFileName(image.Path));
        Assert.Equal((sent, 40, 30), (image.Format, image.Width, image.Height));
    }

    [Fact]
    public async Task The_longest_name_that_is_accepted_can_be_written()
    {
        await using Spine spine = await Spine.StartAsync();
        string name = new('灯', 120);
        while (true)
        {
            try
            {
                _ = new RunOptions(spine.Folder, name);
                break;
            }
            catch (AIImageException)
            {
                name = name[1..];
            }
        }

        RunReport report = await spine.RunAsync(Order.Bfl with { Name = name, Count = 2 });

        Assert.Null(report.Error);
        Assert.Equal(2, spine.Pictures().Length);
    }

    [Fact]
    public async Task A_finished_run_leaves_no_part_files()
    {
        await using Spine spine = await Spine.StartAsync();

        RunReport report = await spine.RunAsync(Order.OpenAI with { Count = 2 });

        Assert.False(Directory.Exists(Path.Combine(Path.GetDirectoryName(report.RecordPath)!, "..", "parts")));
    }
}
