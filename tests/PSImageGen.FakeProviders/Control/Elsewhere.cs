using PSImageGen.FakeProviders.Images;

namespace PSImageGen.FakeProviders.Control;

/// <summary>Nobody's paths: where redirects and foreign links lead.</summary>
internal static class Elsewhere
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
            isPicture ? TinyImages.Make(format, 64, 64, path) : "<!DOCTYPE html><title>Elsewhere</title><p>Nobody lives here.</p>"u8.ToArray());
    });
}
