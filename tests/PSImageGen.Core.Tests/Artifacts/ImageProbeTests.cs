using PSImageGen.Core.Artifacts;
using Xunit;

namespace PSImageGen.Core.Tests.Artifacts;

public class ImageProbeTests
{
    private const string Jpeg =
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDACgcHiMeGSgjISMtKygwPGRBPDc3PHtYXUlkkYCZlo+AjIqgtObDoKrarYqMyP/L2u71////m8H////6/+b9//j/"
        + "2wBDASstLTw1PHZBQXb4pYyl+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj/wAARCAAFAAkDASIAAhEBAxEB/8QA"
        + "FQABAQAAAAAAAAAAAAAAAAAAAAX/xAAWEAEBAQAAAAAAAAAAAAAAAAAAARP/xAAVAQEBAAAAAAAAAAAAAAAAAAAABf/EABgRAAMBAQAAAAAAAAAAAAAAAAAT"
        + "UQID/9oADAMBAAIRAxEAPwCdpTSgpp5wN3T/2Q==";

    private const string ProgressiveJpeg =
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDACgcHiMeGSgjISMtKygwPGRBPDc3PHtYXUlkkYCZlo+AjIqgtObDoKrarYqMyP/L2u71////m8H////6/+b9//j/"
        + "2wBDASstLTw1PHZBQXb4pYyl+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj/wgARCAAFAAkDASIAAhEBAxEB/8QA"
        + "FQABAQAAAAAAAAAAAAAAAAAAAAT/xAAVAQEBAAAAAAAAAAAAAAAAAAAABP/aAAwDAQACEAMQAAABmFL/xAAVEAEBAAAAAAAAAAAAAAAAAAAAEf/aAAgBAQAB"
        + "BQKq/8QAFhEAAwAAAAAAAAAAAAAAAAAAAAES/9oACAEDAQE/AaZ//8QAFhEAAwAAAAAAAAAAAAAAAAAAAAIS/9oACAECAQE/AYU//8QAFBABAAAAAAAAAAAA"
        + "AAAAAAAAEP/aAAgBAQAGPwI//8QAFBABAAAAAAAAAAAAAAAAAAAAEP/aAAgBAQABPyEP/9oADAMBAAIAAwAAABD7/8QAFREBAQAAAAAAAAAAAAAAAAAAAGH/"
        + "2gAIAQMBAT8Qu//EABURAQEAAAAAAAAAAAAAAAAAAABh/9oACAECAQE/EIP/xAAVEAEBAAAAAAAAAAAAAAAAAAAAEf/aAAgBAQABPxClP//Z";

    private const string Gif =
        "R0lGODlhBQAHAPAAAP8AAAAAACH5BAAAAAAALAAAAAAFAAcAAAIFhI+puwUAOw==";

    private const string AnimatedGif =
        "R0lGODlhBQAHAPAAAP8AAAAAACH5BAAAAAAAIf8LTkVUU0NBUEUyLjADAQAAACwAAAAABQAHAAACBYSPqbsFACH5BAAAAAAALAAAAAAFAAcAgAAA/wAAAAIF"
        + "hI+puwUAOw==";

    private const string LossyWebP =
        "UklGRnIAAABXRUJQVlA4IGYAAABQBACdASoTACEAPtFao0yoJSMiMBVaqQAaCWQAuzPMQs7M6j+ARVFJnohgAP7tWTqy3Md7XN/Cz/5yFJT4nMfjdpQYwBfD"
        + "Np3/KmLWU4STr79aruSC5+htnU9+IE1yrO/WZ14AAAA=";

    private const string LosslessWebP =
        "UklGRjgAAABXRUJQVlA4TCsAAAAvEgAIAJmM6H9sIqL/ASFBwv/lRiOZtE39K86uCQlSaJOYAE+FeMMUXOANAA==";

    private const string AlphaWebP =
        "UklGRogAAABXRUJQVlA4WAoAAAAQAAAAEgAAIAAAQUxQSBoAAAABmYzof4BIgMT/izFZicaICZiADRF3KQPfAFZQOCBIAAAAcAMAnQEqEwAhAD6ROJdHpaMi"
        + "ITAIALASCUAZL1AAEEzK9OEAAP7upj//Abr4tpl//c4H/c4H/c4H8czXQ4yJKf6QoZLAYAAA";

    private const string Bmp =
        "Qk1qAAAAAAAAABoAAAAMAAAABgAEAAEAGAAAgAAAgAAAgAAAgAAAgAAAgAAAAACAAACAAACAAACAAACAAACAAAAAAIAAAIAAAIAAAIAAAIAAAIAAAAAAgAAA"
        + "gAAAgAAAgAAAgAAAgAAAAA==";

    private const string Avif =
        "AAAAHGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZgAAAOptZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAAA5waXRtAAAAAAABAAAA"
        + "Imlsb2MAAAAAREAAAQABAAAAAAEOAAEAAAAAAAAAIgAAACNpaW5mAAAAAAABAAAAFWluZmUCAAAAAAEAAGF2MDEAAAAAamlwcnAAAABLaXBjbwAAABNjb2xy"
        + "bmNseAACAAIABoAAAAAMYXYxQ4EADAAAAAAUaXNwZQAAAAAAAABAAAAAMAAAABBwaXhpAAAAAAMICAgAAAAXaXBtYQAAAAAAAAABAAEEgYIDhAAAACptZGF0"
        + "EgAKBhgVf72BCDIWGAAKKKKEALTbeoVuXQASrGhLV1UyoA==";

    private const string Heic =
        "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAaptZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAAA5waXRtAAAAAAACAAAA"
        + "EGlkYXQAAAAAAEAAMAAAADhpbG9jAQAAAERAAAIAAQAAAAAAAAHOAAEAAAAAAAAAHgACAAEAAAAAAAAAAQAAAAAAAAAIAAAAOGlpbmYAAAAAAAIAAAAVaW5m"
        + "ZQIAAAEAAQAAaHZjMQAAAAAVaW5mZQIAAAAAAgAAZ3JpZAAAAADVaXBycAAAALNpcGNvAAAAc2h2Y0MBA3AAAAAAAAAAAAAe8AD8/fj4AAAPAyAAAQAYQAEM"
        + "Af//A3AAAAMAkAAAAwAAAwAeugJAIQABACdCAQEDcAAAAwCQAAADAAADAB6gIIEFlurkprmwIAAAAwAgAAADACEiAAEABkQBwXPAiQAAABRpc3BlAAAAAAAA"
        + "AEAAAABAAAAAFGlzcGUAAAAAAAAAQAAAADAAAAAQcGl4aQAAAAADCAgIAAAAGmlwbWEAAAAAAAAAAgABAoECAAICA4QAAAAaaXJlZgAAAAAAAAAOZGltZwAC"
        + "AAEAAQAAACZtZGF0AAAAGigBrxOA+BDhp//8TSj/+rHPD9PMe/OikM+A";

    public static TheoryData<string, string, int, int> Samples() => new()
    {
        { Jpeg, "jpeg", 9, 5 },
        { ProgressiveJpeg, "jpeg", 9, 5 },
        { Gif, "gif", 5, 7 },
        { AnimatedGif, "gif", 5, 7 },
        { LossyWebP, "webp", 19, 33 },
        { LosslessWebP, "webp", 19, 33 },
        { AlphaWebP, "webp", 19, 33 },
        { Bmp, "bmp", 6, 4 },
        { Avif, "avif", 64, 48 },
        { Heic, "heic", 64, 48 },
        { Convert.ToBase64String(Png(40, 30)), "png", 40, 30 },
        { Convert.ToBase64String(TopDownBmp()), "bmp", 3, 2 },
    };

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_real_file_is_recognized_with_its_size(string file, string format, int width, int height)
    {
        var info = Probe(Convert.FromBase64String(file));
        Assert.NotNull(info);
        Assert.Equal(new ImageInfo(format, format == "jpeg" ? "jpg" : format, "image/" + format, width, height, true), info);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void No_shortened_file_passes_as_complete(string file, string format, int width, int height)
    {
        var bytes = Convert.FromBase64String(file);
        for (var length = 0; length < bytes.Length; length++)
        {
            var info = Probe(bytes[..length]);
            if (info is null)
                continue;
            Assert.False(info.Complete, $"{format} cut to {length} of {bytes.Length} bytes");
            Assert.Equal((format, width, height), (info.Format, info.Width, info.Height));
        }

        Assert.NotNull(Probe(bytes[..^1]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5000)]
    public void Padding_behind_a_jpeg_does_not_make_it_incomplete(int zeros)
    {
        byte[] bytes = [.. Convert.FromBase64String(Jpeg), .. new byte[zeros]];
        Assert.True(Probe(bytes)!.Complete);
    }

    [Fact]
    public void The_end_mark_of_a_thumbnail_is_not_the_pictures()
    {
        var jpeg = Convert.FromBase64String(Jpeg);
        byte[] application = [0xFF, 0xE1, 0x00, 0x06, 0xFF, 0xD9, 0xFF, 0xD9];
        byte[] whole = [.. jpeg[..2], .. application, .. jpeg[2..]];
        Assert.True(Probe(whole)!.Complete);
        Assert.False(Probe(whole[..^2])!.Complete);
    }

    [Fact]
    public void A_png_without_its_last_chunk_or_with_a_huge_one_is_incomplete()
    {
        var png = Png(8, 8);
        Assert.False(Probe(png[..^12])!.Complete);
        png[33] = 0xFF;
        Assert.False(Probe(png)!.Complete);
    }

    [Fact]
    public void Reading_starts_at_the_beginning_and_puts_the_position_back()
    {
        using var stream = new MemoryStream(Convert.FromBase64String(Gif)) { Position = 11 };
        Assert.Equal("gif", ImageProbe.Identify(stream)?.Format);
        Assert.Equal(11, stream.Position);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"error\":{\"message\":\"no\"}}")]
    [InlineData("<html><body>Sign in</body></html>")]
    [InlineData("BM is the beginning of this perfectly ordinary sentence, not of a picture.")]
    [InlineData("RIFF....WAVEfmt ")]
    [InlineData("....ftypisom....mp42")]
    public void What_is_no_image_is_null(string text) => Assert.Null(Probe(System.Text.Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void A_picture_without_size_is_null()
    {
        var png = Png(8, 8);
        Array.Clear(png, 16, 4);
        Assert.Null(Probe(png));
        Array.Fill(png, (byte)0xFF, 16, 4);
        Assert.Null(Probe(png));
    }

    [Fact]
    public void A_stream_that_cannot_seek_is_refused()
    {
        using var stream = new System.IO.Compression.ZLibStream(new MemoryStream(), System.IO.Compression.CompressionMode.Decompress);
        Assert.Throws<ArgumentException>(() => ImageProbe.Identify(stream));
        Assert.Throws<ArgumentNullException>(() => ImageProbe.Identify(null!));
    }

    [Fact]
    public void Hostile_bytes_never_throw()
    {
        var random = new Random(4711);
        var seeds = Samples().Select(row => Convert.FromBase64String((string)row[0])).ToArray();
        var noise = new byte[300];
        for (var i = 0; i < 20_000; i++)
        {
            random.NextBytes(noise);
            var bytes = (byte[])seeds[i % seeds.Length].Clone();
            var changes = 1 + random.Next(12);
            for (var k = 0; k < changes; k++)
                bytes[random.Next(bytes.Length)] = noise[k];
            Probe(bytes);
            // Noise behind a genuine signature.
            bytes.AsSpan(0, Math.Min(16, bytes.Length)).CopyTo(noise);
            Probe(noise);
        }
    }

    private static ImageInfo? Probe(byte[] bytes) => ImageProbe.Identify(new MemoryStream(bytes));

    private static byte[] Png(int width, int height)
    {
        using var stream = new MemoryStream();
        PngWriter.Write(stream, width, height, new byte[width * height * 3], 3);
        return stream.ToArray();
    }

    private static byte[] TopDownBmp()
    {
        var bytes = new byte[54 + (12 * 2)];
        "BM"u8.CopyTo(bytes);
        bytes[2] = (byte)bytes.Length;
        bytes[10] = 54;
        bytes[14] = 40;
        bytes[18] = 3;
        bytes.AsSpan(22, 4).Fill(0xFF);
        bytes[22] = 0xFE;
        bytes[26] = 1;
        bytes[28] = 24;
        return bytes;
    }
}
