using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using PSImageGen.Core.Artifacts.Pixels;
using PSImageGen.Core.Providers.Demo.Painting;
using PSImageGen.Core.Requests;

namespace PSImageGen.Core.Providers.Demo;

/// <summary>Answers like a vendor on the network would, and paints instead.</summary>
internal sealed class DemoVendor : HttpMessageHandler
{
    /// <summary>Tells the seed that made the picture.</summary>
    public const string SeedHeader = "x-demo-seed";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Stream content = await request.Content!.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        JsonNode order = (await JsonNode.ParseAsync(content, cancellationToken: cancellationToken).ConfigureAwait(false))!;
        long seed = order["seed"]?.GetValue<long>() ?? 0;
        // Pictures that follow the same references share their mood.
        foreach (JsonNode? reference in order["references"] as JsonArray ?? [])
            seed ^= BitConverter.ToInt64(SHA256.HashData(Encoding.ASCII.GetBytes(reference!.GetValue<string>()))) & 0x7FFFFFFF;

        MemoryStream picture = new();
        HttpResponseMessage answer = new(HttpStatusCode.OK) { RequestMessage = request };
        try
        {
            Paint(order, seed).WritePng(picture);
            picture.Position = 0;
            answer.Content = new StreamContent(picture);
            answer.Content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
            answer.Headers.Add(SeedHeader, seed.ToString(CultureInfo.InvariantCulture));
        }
        catch (InvalidDataException e)
        {
            answer.StatusCode = HttpStatusCode.UnprocessableEntity;
            answer.Content = new StringContent(new JsonObject { ["detail"] = e.Message }.ToJsonString(), Encoding.UTF8, "application/json");
        }

        return answer;
    }

    private static PixelImage Paint(JsonNode order, long seed)
    {
        string prompt = order["prompt"]!.GetValue<string>();
        double strength = order["strength"]?.GetValue<double>() ?? 1;
        ImageSize size = new(order["width"]?.GetValue<int>() ?? 0, order["height"]?.GetValue<int>() ?? 0);
        Margins margins = new(Side("left"), Side("right"), Side("up"), Side("down"));
        if (Picture("source") is not { } source)
            return Scene(prompt, seed, size);
        return order["operation"]!.GetValue<string>() switch
        {
            nameof(ImageOperation.Img2Img) => DemoRetouch.Blend(PixelTools.Fit(source, size), Scene(prompt, seed, size), (float)strength),
            nameof(ImageOperation.Inpaint) => DemoRetouch.Through(PixelTools.Fit(source, size), Scene(prompt, seed, size), PixelTools.Fit(Picture("mask")!, size)),
            nameof(ImageOperation.Outpaint) => DemoRetouch.Continue(source, Scene(prompt, seed, margins.Around(source.Size)), margins),
            nameof(ImageOperation.Upscale) => PixelTools.Scale(source, source.Width * Scale(), source.Height * Scale()),
            nameof(ImageOperation.Vary) => DemoRetouch.Vary(PixelTools.Fit(source, size), seed, (float)strength),
            nameof(ImageOperation.Style) => DemoRetouch.Restyle(PixelTools.Fit(source, size), Picture("style")!, (float)strength),
            string other => throw new InvalidDataException(Words.Of($"The operation {other} is not known here.")),
        };

        int Side(string name) => order["margins"]?[name]?.GetValue<int>() ?? 0;

        int Scale() => order["scale"]!.GetValue<int>();

        PixelImage? Picture(string name) => order[name] is { } text ? PixelImage.Read(new MemoryStream(Convert.FromBase64String(text.GetValue<string>()))) : null;
    }

    private static PixelImage Scene(string prompt, long seed, ImageSize size)
    {
        DemoCanvas canvas = DemoPainter.Draw(prompt, seed, size.Width, size.Height);
        PixelImage image = new(size.Width, size.Height);
        for (int from = 0, to = 0; from < canvas.Pixels.Length; from += 3, to += 4)
        {
            canvas.Pixels.AsSpan(from, 3).CopyTo(image.Rgba.AsSpan(to));
            image.Rgba[to + 3] = 255;
        }

        return image;
    }
}
