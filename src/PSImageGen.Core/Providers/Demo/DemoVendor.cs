using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using PSImageGen.Core.Providers.Demo.Painting;

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
        string prompt = order["prompt"]!.GetValue<string>();
        long seed = order["seed"]?.GetValue<long>() ?? 0;
        // Pictures that follow the same references share their mood.
        foreach (JsonNode? reference in order["references"] as JsonArray ?? [])
            seed ^= BitConverter.ToInt64(SHA256.HashData(Encoding.ASCII.GetBytes(reference!.GetValue<string>()))) & 0x7FFFFFFF;

        MemoryStream picture = new();
        DemoPainter.Paint(picture, prompt, seed, order["width"]!.GetValue<int>(), order["height"]!.GetValue<int>());
        picture.Position = 0;
        HttpResponseMessage answer = new(HttpStatusCode.OK) { Content = new StreamContent(picture), RequestMessage = request };
        answer.Content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        answer.Headers.Add(SeedHeader, seed.ToString(CultureInfo.InvariantCulture));
        return answer;
    }
}
