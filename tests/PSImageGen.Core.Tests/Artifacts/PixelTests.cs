using PSImageGen.Core.Artifacts;
using PSImageGen.Core.Artifacts.Pixels;
using PSImageGen.Core.Requests;

namespace PSImageGen.Core.Tests.Artifacts;

/// <summary>Pictures as pixels. The files in <c>pictures</c> and what is in them (<c>.rgba</c>) were written by ImageMagick 6.9.</summary>
public class PixelTests
{
    [Theory]
    [InlineData("grey1.png", 0)]
    [InlineData("grey4.png", 0)]
    [InlineData("grey8.png", 0)]
    [InlineData("grey8i.png", 0)]
    [InlineData("grey16.png", 1)]
    [InlineData("greyalpha8.png", 0)]
    [InlineData("palette2.png", 0)]
    [InlineData("rgb8.png", 0)]
    [InlineData("rgb16.png", 1)]
    [InlineData("rgba8i.png", 0)]
    [InlineData("rgba16.png", 1)]
    [InlineData("grey.jpg", 2)]
    [InlineData("base444.jpg", 3)]
    [InlineData("prog.jpg", 3)]
    // Colour at half the resolution may be blown up in more ways than one.
    [InlineData("base420.jpg", 40)]
    public void The_pixels_of_a_file_are_those_another_program_reads(string name, int tolerance)
    {
        string file = Path.Combine(AppContext.BaseDirectory, "Artifacts", "pictures", name);
        using FileStream stream = File.OpenRead(file);

        PixelImage image = PixelImage.Read(stream);

        byte[] expected = File.ReadAllBytes(Path.ChangeExtension(file, ".rgba"));
        Assert.Equal(expected.Length, image.Rgba.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            // What lies under full transparency is nobody's business.
            if (i % 4 == 3 || expected[i | 3] > 0)
                Assert.InRange(Math.Abs(expected[i] - image.Rgba[i]), 0, tolerance);
        }
    }

    [Theory]
    [InlineData("rgb8.png")]
    [InlineData("rgba8i.png")]
    [InlineData("palette2.png")]
    [InlineData("prog.jpg")]
    [InlineData("base420.jpg")]
    public void Damaged_files_are_refused_or_read_and_never_anything_worse(string name)
    {
        byte[] file = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Artifacts", "pictures", name));
        Random random = new(7);
        for (int round = 0; round < 500; round++)
        {
            byte[] damaged = [.. file];
            for (int hits = 0; hits < 1 + (round % 4); hits++)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            if (round % 3 == 0)
                damaged = damaged[..random.Next(damaged.Length)];
            try
            {
                PixelImage.Read(new MemoryStream(damaged));
            }
            catch (InvalidDataException)
            {
                // Refused: what users can be told.
            }
        }
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        PixelImage image = Noise(33, 21, alpha: true);
        MemoryStream file = new();
        image.WritePng(file);
        file.Position = 0;

        Assert.Equal(image.Rgba, PixelImage.Read(file).Rgba);
    }

    [Fact]
    public void White_in_a_mask_becomes_transparent_and_black_stays_opaque()
    {
        PixelImage mask = Flat(3, 1, 0);
        mask.Rgba.AsSpan(0, 3).Fill(255);
        mask.Rgba.AsSpan(4, 3).Fill(128);

        byte[] alpha = [.. PixelTools.AlphaMask(mask).Rgba.Where((_, i) => i % 4 == 3)];

        Assert.Equal([0, 127, 255], alpha);
    }

    [Fact]
    public void What_is_transparent_in_a_mask_is_black_and_a_mask_of_black_alone_has_no_white()
    {
        PixelImage mask = Flat(3, 1, 255);
        mask.Rgba[3] = 0;
        mask.Rgba[7] = 128;

        PixelImage opaque = PixelTools.OpaqueMask(mask);

        Assert.Equal([0, 0, 0, 255, 128, 128, 128, 255, 255, 255, 255, 255], opaque.Rgba);
        Assert.True(PixelTools.HasWhite(opaque));
        Assert.False(PixelTools.HasWhite(Flat(3, 1, 0)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_canvas_holds_the_picture_where_the_margins_say(bool transparent)
    {
        PixelImage image = Noise(20, 10, alpha: false);
        Margins margins = new(5, 3, 2, 7);

        PixelImage canvas = PixelTools.Canvas(image, margins, transparent);

        Assert.Equal(new ImageSize(28, 19), canvas.Size);
        Assert.Equal(image.Rgba, PixelTools.Crop(canvas, 5, 2, image.Size).Rgba);
        Assert.Equal(transparent ? 0 : 255, canvas.Rgba[3]);
        Assert.Equal(image.Rgba.AsSpan(0, 3).ToArray(), canvas.Rgba.AsSpan(0, 3).ToArray());
    }

    [Fact]
    public void The_mask_of_a_canvas_is_white_on_the_margins_and_black_well_inside()
    {
        PixelImage mask = PixelTools.CanvasMask(new ImageSize(80, 80), new Margins(16, 0, 0, 0));

        Assert.Equal(new ImageSize(96, 80), mask.Size);
        Assert.Equal(255, Grey(mask, 0, 40));
        Assert.Equal(255, Grey(mask, 17, 40));
        Assert.Equal(0, Grey(mask, 40, 40));
        Assert.Equal(0, Grey(mask, 95, 0));
    }

    [Theory]
    [InlineData(7, 5)]
    [InlineData(200, 90)]
    [InlineData(64, 200)]
    public void A_flat_picture_stays_flat_at_any_size(int width, int height) =>
        Assert.All(PixelTools.Scale(Flat(64, 48, 77), width, height).Rgba.Chunk(4), p => Assert.Equal([77, 77, 77, 255], p));

    [Fact]
    public void Half_the_size_of_twice_the_size_is_nearly_the_picture()
    {
        PixelImage image = Smooth(60, 40);
        PixelImage back = PixelTools.Scale(PixelTools.Scale(image, 120, 80), 60, 40);

        Assert.True(image.Rgba.Zip(back.Rgba, (a, b) => Math.Abs(a - b)).Average() < 1);
    }

    [Fact]
    public void Fitting_cuts_evenly_and_never_distorts()
    {
        PixelImage image = Flat(100, 50, 0);
        for (int y = 0; y < 50; y++)
            image.Rgba.AsSpan(((y * 100) + 25) * 4, 50 * 4).Fill(255);

        PixelImage square = PixelTools.Fit(image, new ImageSize(50, 50));

        Assert.Equal(new ImageSize(50, 50), square.Size);
        Assert.Equal((255, 255), (Grey(square, 0, 25), Grey(square, 49, 25)));
    }

    [Fact]
    public void The_exact_size_is_made_of_a_png_and_a_file_that_cannot_be_worked_on_stays_as_it_came()
    {
        string folder = Directory.CreateTempSubdirectory("psimagegen-").FullName;
        string png = Path.Combine(folder, "a.part"), other = Path.Combine(folder, "b.part");
        using (FileStream file = File.Create(png))
            Noise(64, 64, alpha: false).WritePng(file);
        File.WriteAllBytes(other, FakeProviders.Images.TinyImages.Make("webp", 64, 64, "x"));
        byte[] before = File.ReadAllBytes(other);

        ExactSize.Apply(png, "32x16");
        ExactSize.Apply(other, "32x16");

        using FileStream made = File.OpenRead(png);
        Assert.Equal((32, 16), ImageProbe.Identify(made) is { } info ? (info.Width, info.Height) : default);
        Assert.Equal(before, File.ReadAllBytes(other));
        Assert.Equal(2, Directory.GetFiles(folder).Length);
    }

    [Fact]
    public void A_size_that_cannot_be_made_here_costs_nobody_the_picture()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("psimagegen-").FullName, "a.part");
        using (FileStream file = File.Create(path))
            Noise(1, 1, alpha: false).WritePng(file);
        byte[] before = File.ReadAllBytes(path);

        // More bytes than an array holds.
        ExactSize.Apply(path, "60000x60000");

        Assert.Equal(before, File.ReadAllBytes(path));
    }

    [Theory]
    [InlineData("21:9", 64, 27)]
    [InlineData("9:21", 20, 46)]
    [InlineData("1:1", 46, 46)]
    [InlineData("64:46", 64, 46)]
    public void A_shape_is_cut_out_of_what_came_and_nothing_is_scaled(string shape, int width, int height)
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("psimagegen-").FullName, "a.part");
        PixelImage came = Noise(64, 46, alpha: false);
        using (FileStream file = File.Create(path))
            came.WritePng(file);

        ExactSize.Apply(path, shape);

        using FileStream made = File.OpenRead(path);
        PixelImage cut = PixelImage.Read(made);
        Assert.Equal((width, height), (cut.Width, cut.Height));
        Assert.True(ExactSize.IsMet(shape, cut.Width, cut.Height));
        Assert.Equal(PixelTools.Crop(came, (64 - width) / 2, (46 - height) / 2, new(width, height)).Rgba, cut.Rgba);
    }

    private static int Grey(PixelImage image, int x, int y) => image.Rgba[((y * image.Width) + x) * 4];

    private static PixelImage Flat(int width, int height, byte value)
    {
        PixelImage image = new(width, height);
        for (int i = 0; i < image.Rgba.Length; i++)
            image.Rgba[i] = i % 4 == 3 ? (byte)255 : value;
        return image;
    }

    private static PixelImage Smooth(int width, int height)
    {
        PixelImage image = Flat(width, height, 0);
        for (int i = 0; i < image.Rgba.Length; i += 4)
        {
            int x = i / 4 % width, y = i / 4 / width;
            (image.Rgba[i], image.Rgba[i + 1], image.Rgba[i + 2]) = ((byte)(127 + (100 * Math.Sin(x / 9.0))), (byte)(127 + (100 * Math.Cos(y / 7.0))), (byte)(x * 255 / width));
        }

        return image;
    }

    private static PixelImage Noise(int width, int height, bool alpha)
    {
        PixelImage image = new(width, height);
        new Random(1).NextBytes(image.Rgba);
        for (int i = 3; i < image.Rgba.Length && !alpha; i += 4)
            image.Rgba[i] = 255;
        return image;
    }
}
