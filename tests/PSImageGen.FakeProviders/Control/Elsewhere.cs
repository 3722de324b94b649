using System.Globalization;
using System.Text.RegularExpressions;
using PSImageGen.FakeProviders.Images;

namespace PSImageGen.FakeProviders.Control;

/// <summary>Nobody's paths: where redirects and foreign links lead, and masks of any size (<c>mask-128x64.png</c>, its left half white) for those who test by hand.</summary>
internal static partial class Elsewhere
{
    public static void Map(IEndpointRouteBuilder routes) => routes.Map(FakeServer.ElsewherePath + "/{**rest}", async http =>
    {
        string path = http.Request.Path.Value!;
        if (path.EndsWith("/loop", StringComparison.Ordinal))
        {
            http.Response.Redirect(path);
            return;
        }

        string format = Path.GetExtension(path).TrimStart('.');
        bool isPicture = format is "png" or "jpeg" or "webp";
        http.Response.ContentType = isPicture ? "image/" + format : "text/html";
        await http.Response.Body.WriteAsync(
            MaskName().Match(path) is { Success: true } mask ? Mask(int.Parse(mask.Groups[1].Value, CultureInfo.InvariantCulture), int.Parse(mask.Groups[2].Value, CultureInfo.InvariantCulture)) :
            isPicture ? TinyImages.Make(format, 64, 64, path) : "<!DOCTYPE html><title>Elsewhere</title><p>Nobody lives here.</p>"u8.ToArray());
    });

    private static byte[] Mask(int width, int height) =>
        TinyImages.PaintedPng(width, height, (x, _) => x < width / 2 ? ((byte)255, (byte)255, (byte)255, (byte)255) : ((byte)0, (byte)0, (byte)0, (byte)255));

    [GeneratedRegex(@"/mask-(\d{1,4})x(\d{1,4})\.png$")]
    private static partial Regex MaskName();
}
