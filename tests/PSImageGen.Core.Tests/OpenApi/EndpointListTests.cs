using System.Text.Json.Nodes;
using PSImageGen.Core.OpenApi;
using PSImageGen.Core.Providers;

namespace PSImageGen.Core.Tests.OpenApi;

/// <summary>A platform's document and a model's together: which endpoints there are, and what belongs together.</summary>
public class EndpointListTests
{
    internal static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "OpenApi", "documents", name);

    internal static ApiDocuments Platform { get; } = new(Read("platform.json"), Read("nano-banana-pro.yaml"));

    private static ApiDocument Read(string name) => ApiDocument.Read(File.ReadAllBytes(PathOf(name)), name);

    private static EndpointList With(string? navigation) => new(Platform, navigation is null ? null : JsonNode.Parse(File.ReadAllText(PathOf(navigation))), ProviderRegistry.BuiltIn);

    [Fact]
    public void The_group_Images_tells_which_endpoints_are_for_pictures()
    {
        IReadOnlyList<EndpointInfo> found = With("docs.json").Images();

        Assert.Equal(["google/nano-banana-2", "google/nano-banana-pro", "z-image/z-image"], found.Select(e => e.Model));
        Assert.Equal(("POST /generation/sse/google/nano-banana-2", "POST /generation/sse/google/nano-banana-2", "POST /generation/google/nano-banana-2"), (found[0].Endpoint, found[0].Stream, found[0].Polling));
        // In no document: no partner that is only supposed.
        Assert.Equal(("POST /generation/z-image/z-image", null, null, "docs.json"), (found[2].Endpoint, found[2].Stream, found[2].Polling, found[2].Source));
    }

    [Fact]
    public void Without_it_those_that_look_like_it_are_listed() =>
        Assert.Equal(["google/nano-banana-2", "google/nano-banana-pro", "google/veo"], With(null).Images().Select(e => e.Model));

    [Fact]
    public void Where_a_vendors_document_has_none_the_snapshot_of_it_counts()
    {
        ApiDocument bare = ApiDocument.Read("""{"openapi":"3.1.0","servers":[{"url":"https://open.skills.video/api/v1"}],"paths":{"/credits":{"get":{}}}}"""u8.ToArray(), "bare.json");

        IReadOnlyList<EndpointInfo> found = new EndpointList(new ApiDocuments(bare), null, ProviderRegistry.BuiltIn).Images();

        Assert.Equal(23, found.Count);
        Assert.Contains(found, e => e is { Endpoint: "POST /generation/sse/topaz/upscale/image", Polling: "POST /generation/topaz/upscale/image", Source: "docs.skills.video, 2026-03-20" });
    }

    [Fact]
    public void In_a_document_of_another_style_those_are_listed_that_registering_it_would_take()
    {
        ApiDocument other = ApiDocument.Read("""
            openapi: 3.0.3
            paths:
              /films:
                post:
                  tags: [Films]
                  requestBody: { content: { application/json: { schema: { type: object, properties: { scene: { type: string } } } } } }
              /renders:
                post:
                  summary: Order a painting.
                  requestBody: { content: { application/json: { schema: { type: object, properties: { scene: { type: object, properties: { description: { type: string } } }, grain: { type: integer, minimum: 1.0, maximum: 64.0 } } } } } }
            """u8.ToArray(), "other.yaml");
        EndpointList list = new(new ApiDocuments(other), null, ProviderRegistry.BuiltIn);

        Assert.Equal(["POST /renders"], list.Images().Select(e => e.Endpoint));
        Assert.Equal("a whole number from 1 to 64", list.Detail("POST /renders").Fields.Single(f => f.Name == "grain").Rule);
    }

    [Fact]
    public void Another_vendors_document_is_not_filled_with_it()
    {
        AIImageException e = Assert.Throws<AIImageException>(() => new EndpointList(new ApiDocuments(VendorDocumentTests.Load("fal-platform")), null, ProviderRegistry.BuiltIn).Images());

        Assert.Equal(ImageErrorId.NotFound, e.Error.Id);
    }

    [Theory]
    [InlineData("POST /generation/google/nano-banana-pro")]
    [InlineData("POST /v1/generation/google/nano-banana-pro")]
    [InlineData("/generation/sse/google/nano-banana-pro")]
    [InlineData("generation/google/nano-banana-pro/")]
    [InlineData("post /v1/generation/sse/google/nano-banana-pro")]
    public void However_it_is_spelled_the_most_specific_document_counts(string endpoint)
    {
        EndpointInfo info = With(null).Detail(endpoint);

        Assert.Equal(("nano-banana-pro.yaml", "NanoBananaPro", "https://open.skills.video/api"), (info.Source, info.Schema, info.Server));
        Assert.Equal(["prompt", "resolution", "aspect_ratio", "image_urls"], info.Fields.Select(f => f.Name));
        Assert.Equal(("GET /v1/generation/{request_id}", "IN_QUEUE"), (info.Poll, info.QueueStatuses.Single()));
        Assert.Equal(["IN_QUEUE", "IN_PROGRESS", "COMPLETED", "FAILED"], info.Statuses);
        Assert.Equal(["402", "422"], info.ErrorCodes);
        Assert.Equal("""{"prompt":"Describe what to generate","resolution":"2K"}""", JsonNode.Parse(info.Template!)!.ToJsonString());
    }

    [Fact]
    public void A_mistyped_endpoint_brings_the_nearest()
    {
        AIImageException e = Assert.Throws<AIImageException>(() => With(null).Detail("POST /generation/google/nano-bananna-2"));

        Assert.Equal(ImageErrorId.NotFound, e.Error.Id);
        Assert.Contains("POST /generation/google/nano-banana-2", e.Error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public void An_endpoint_known_by_its_name_alone_is_not_made_up()
    {
        AIImageException e = Assert.Throws<AIImageException>(() => With(null).Detail("POST /generation/z-image/z-image"));

        Assert.Equal(ImageErrorId.NotFound, e.Error.Id);
        Assert.Contains("docs.skills.video, 2026-03-20", e.Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://open.skills.video/api/v1", "/v1/generation/x", "generation/x")]
    [InlineData("https://open.skills.video/api", "/v1/generation/x", "v1/generation/x")]
    [InlineData("https://open.skills.video/api/v1", "/generation/x", "generation/x")]
    [InlineData("http://127.0.0.1:5000/", "/v1/x", "v1/x")]
    [InlineData("http://127.0.0.1:5000/a/b", "/a/b/c", "c")]
    public void What_a_base_and_a_path_have_in_common_counts_once(string baseUrl, string path, string below)
    {
        ApiDocument document = ApiDocument.Read(System.Text.Encoding.UTF8.GetBytes("""{"openapi":"3.0.0","paths":{"PATH":{"post":{}}}}""".Replace("PATH", path, StringComparison.Ordinal)), "x.json");

        Assert.Equal(below, document.Endpoints[0].Below(new Uri(baseUrl)));
    }
}
