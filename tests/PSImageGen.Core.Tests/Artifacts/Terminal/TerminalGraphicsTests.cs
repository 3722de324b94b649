using System.Text;
using System.Text.RegularExpressions;
using PSImageGen.Core.Artifacts.Pixels;
using PSImageGen.Core.Artifacts.Terminal;
using PSImageGen.Core.Tests.Support;

namespace PSImageGen.Core.Tests.Artifacts.Terminal;

/// <summary>What is written to terminals that show pictures.</summary>
public sealed class TerminalGraphicsTests
{
    private static readonly TerminalRoom Room = new(80, 24);

    [Theory]
    [InlineData(1)]
    [InlineData(3072)]
    [InlineData(3073)]
    [InlineData(9000)]
    public void Kitty_gets_the_file_in_pieces_of_4096_characters(int bytes)
    {
        byte[] file = [.. Enumerable.Range(0, bytes).Select(i => (byte)(i * 7))];

        string[] pieces = [.. InlineGraphics.Kitty(file, 12)];

        Match[] read = [.. pieces.Select(p => Regex.Match(p, "^\e_G(?<keys>[^;]+);(?<data>[A-Za-z0-9+/=]*)\e\\\\$"))];
        Assert.All(read, m => Assert.True(m.Success));
        Assert.Equal(file, Convert.FromBase64String(string.Concat(read.Select(m => m.Groups["data"].Value))));
        Assert.Equal("a=T,f=100,c=12,q=2,m=" + (pieces.Length == 1 ? 0 : 1), read[0].Groups["keys"].Value);
        Assert.All(read[..^1], m => Assert.Equal(4096, m.Groups["data"].Length));
        Assert.All(read[1..], m => Assert.Matches("^q=2,m=[01]$", m.Groups["keys"].Value));
        Assert.All(read, m => Assert.Equal(m == read[^1] ? "0" : "1", m.Groups["keys"].Value[^1..]));
    }

    [Fact]
    public void ITerm2_gets_the_file_with_its_size_and_shows_it()
    {
        string text = InlineGraphics.ITerm2("picture"u8.ToArray(), "狐.png", 30);

        Assert.Equal($"\e]1337;File=inline=1;size=7;name={Convert.ToBase64String(Encoding.UTF8.GetBytes("狐.png"))};width=30;preserveAspectRatio=1:{Convert.ToBase64String("picture"u8)}\a", text);
    }

    [Fact]
    public void A_link_leads_to_the_file_whatever_its_name()
    {
        string text = InlineGraphics.Link("/pictures/a \e;b#1.png", "a picture");

        Assert.Equal("\e]8;;file:///pictures/a%20%1B;b%231.png\e\\a picture\e]8;;\e\\", text);
    }

    [Fact]
    public void Tmux_hands_on_what_is_wrapped() => Assert.Equal("\ePtmux;\e\e_Gx\e\e\\\e\\", InlineGraphics.ThroughTmux("\e_Gx\e\\"));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 6)]
    [InlineData(16, 7)]
    [InlineData(40, 25)]
    public void Sixels_hold_a_picture_of_few_colours_as_it_is(int width, int height)
    {
        PixelImage image = new(width, height);
        for (int i = 0; i < width * height; i++)
            new byte[] { (byte)(i % 5 * 51), (byte)(i / 3 % 6 * 51), (byte)(i % 2 * 255), (byte)(i % 11 == 3 ? 0 : 255) }.CopyTo(image.Rgba.AsSpan(i * 4));

        PixelImage read = SixelDecoder.Read(PaintedGraphics.Sixel(image));

        Assert.Equal(image.Size, read.Size);
        for (int i = 0; i < image.Rgba.Length; i += 4)
        {
            Assert.Equal(image.Rgba[i + 3], read.Rgba[i + 3]);
            if (image.Rgba[i + 3] > 0)
                Assert.Equal(image.Rgba[i..(i + 3)], read.Rgba[i..(i + 3)]);
        }
    }

    [Fact]
    public void Sixels_of_a_picture_of_many_colours_look_like_it()
    {
        PixelImage image = new(200, 120);
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++)
                new byte[] { (byte)(x * 255 / 199), (byte)(y * 255 / 119), (byte)((x + y) * 255 / 318), 255 }.CopyTo(image.Rgba.AsSpan(((y * image.Width) + x) * 4));
        }

        string text = PaintedGraphics.Sixel(image);
        PixelImage read = SixelDecoder.Read(text);

        Assert.True(image.Rgba.Where((_, i) => i % 4 == 3).All(a => a == 255));
        // Dots are off by the width of a box of colours; over a few of them that evens out.
        PixelImage small = PixelTools.Scale(image, 25, 15), smallRead = PixelTools.Scale(read, 25, 15);
        Assert.InRange(small.Rgba.Zip(smallRead.Rgba, (a, b) => Math.Abs(a - b)).Max(), 0, 10);
        Assert.InRange(image.Rgba.Zip(read.Rgba, (a, b) => Math.Abs(a - b)).Average(), 0, 8);
    }

    [Fact]
    public void What_repeats_is_counted_and_what_is_empty_left_out()
    {
        PixelImage image = new(300, 6);
        for (int x = 0; x < 100; x++)
            new byte[] { 255, 0, 0, 255 }.CopyTo(image.Rgba.AsSpan(x * 4));

        Assert.Equal("\eP0;1;0q\"1;1;300;6#0;2;100;0;0#0!100@-\e\\", PaintedGraphics.Sixel(image));
    }

    [Fact]
    public void Half_blocks_hold_two_pixels_and_end_each_line_in_the_own_colours()
    {
        PixelImage image = new(2, 3);
        (int X, int Y, byte[] Colour)[] dots = [(0, 0, [1, 2, 3, 255]), (0, 1, [4, 5, 6, 255]), (1, 1, [7, 8, 9, 255]), (0, 2, [1, 2, 3, 255])];
        foreach ((int x, int y, byte[] colour) in dots)
            colour.CopyTo(image.Rgba.AsSpan(((y * 2) + x) * 4));

        Assert.Equal("\e[38;2;1;2;3;48;2;4;5;6m▀\e[0;38;2;7;8;9m▄\e[0m\n\e[0;38;2;1;2;3m▀\e[0m \e[0m\n", PaintedGraphics.Blocks(image));
    }

    [Theory]
    // Never blown up; as wide as the window; not higher than it.
    [InlineData(100, 100, "c=10,")]
    [InlineData(1600, 200, "c=80,")]
    [InlineData(200, 4800, "c=2,")]
    public void A_picture_takes_the_room_there_is(int width, int height, string columns)
    {
        string? text = TerminalPicture.Draw(SamplePictures.Of("room", "png", width, height), new TerminalCapabilities(TerminalProtocol.Kitty, "test"), Room);

        Assert.Contains(columns, text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_PNG_goes_out_as_it_is_and_a_JPEG_as_a_PNG_to_kitty()
    {
        TerminalCapabilities kitty = new(TerminalProtocol.Kitty, "test");

        Assert.Equal(File.ReadAllBytes(SamplePictures.Source), FileIn(TerminalPicture.Draw(SamplePictures.Source, kitty, Room)!));
        PixelImage jpeg = PixelImage.Read(new MemoryStream(FileIn(TerminalPicture.Draw(SamplePictures.Style, kitty, Room)!)));
        Assert.Equal((80, 80), (jpeg.Width, jpeg.Height));
    }

    [Fact]
    public void A_large_file_is_made_smaller_first()
    {
        string path = Path.GetTempFileName();
        try
        {
            PixelImage noise = new(900, 900);
            new Random(1).NextBytes(noise.Rgba);
            using (FileStream file = File.Create(path))
                noise.WritePng(file);

            PixelImage sent = PixelImage.Read(new MemoryStream(FileIn(TerminalPicture.Draw(path, new TerminalCapabilities(TerminalProtocol.Kitty, "test"), new TerminalRoom(10, 10))!)));

            Assert.Equal((200, 200), (sent.Width, sent.Height));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Sixels_are_as_large_as_the_cells_the_terminal_told()
    {
        string text = TerminalPicture.Draw(SamplePictures.Of("cells", "png", 640, 320), new TerminalCapabilities(TerminalProtocol.Sixel, "test") { Cell = (8, 16) }, new TerminalRoom(40, 40))!;

        Assert.Equal((320, 160), (SixelDecoder.Read(text).Width, SixelDecoder.Read(text).Height));
    }

    [Theory]
    [InlineData(TerminalProtocol.Kitty)]
    [InlineData(TerminalProtocol.Sixel)]
    [InlineData(TerminalProtocol.Blocks)]
    public void Pixels_that_cannot_be_read_are_not_drawn(TerminalProtocol protocol)
    {
        Assert.Null(TerminalPicture.Draw(SamplePictures.Of("webp", "webp"), new TerminalCapabilities(protocol, "test"), Room));
    }

    [Theory]
    [InlineData(TerminalProtocol.Kitty, 1)]
    [InlineData(TerminalProtocol.Sixel, 1)]
    [InlineData(TerminalProtocol.Blocks, 0)]
    public void In_tmux_each_sequence_is_wrapped(TerminalProtocol protocol, int least)
    {
        string text = TerminalPicture.Draw(SamplePictures.Source, new TerminalCapabilities(protocol, "test") { Tmux = true }, Room)!;

        Assert.Equal(least > 0, text.StartsWith("\ePtmux;\e\e", StringComparison.Ordinal));
        Assert.InRange(Regex.Count(text, "\ePtmux;"), least, 100);
    }

    [Fact]
    public void What_is_no_picture_is_an_error()
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, "words");
        try
        {
            Assert.Equal(ImageErrorId.InvalidImage, Assert.Throws<AIImageException>(() => TerminalPicture.Draw(path, new TerminalCapabilities(TerminalProtocol.ITerm2, "test"), Room)).Error.Id);
            Assert.Equal(ImageErrorId.InvalidImage, Assert.Throws<AIImageException>(() => TerminalPicture.Identify(path + ".not-there")).Error.Id);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static byte[] FileIn(string kitty) => Convert.FromBase64String(string.Concat(Regex.Matches(kitty, ";([A-Za-z0-9+/=]+)\e").Select(m => m.Groups[1].Value)));
}
