using System.Text.Json.Nodes;
using PSImageGen.Core.OpenApi;
using PSImageGen.Core.Tests.Contracts;
using ApiDocument = PSImageGen.Core.OpenApi.ApiDocument;
using SchemaCheck = PSImageGen.Core.Tests.Contracts.SchemaCheck;

namespace PSImageGen.Core.Tests.OpenApi;

/// <summary>The documents that vendors really publish are read, and what comes out of them holds by their own rules.</summary>
public class VendorDocumentTests
{
    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Contracts", "documents", name + ".json");

    internal static ApiDocument Load(string name) => ApiDocument.Read(File.ReadAllBytes(PathOf(name)), name + ".json");

    [Theory]
    [InlineData("bfl", 21, "https://api.bfl.ai")]
    [InlineData("comfyui", 11, "/")]
    [InlineData("fal-platform", 7, "https://api.fal.ai/v1")]
    [InlineData("openai-images", 3, "https://api.openai.com/v1")]
    [InlineData("openrouter-images", 7, "https://openrouter.ai/api/v1")]
    [InlineData("replicate", 37, "https://api.replicate.com/v1")]
    [InlineData("stability-v1", 7, "https://api.stability.ai/v1")]
    public void Every_endpoint_is_read_and_its_template_fits_its_own_schema(string name, int endpoints, string? server)
    {
        ApiDocument document = Load(name);
        JsonObject root = JsonNode.Parse(File.ReadAllText(PathOf(name)))!.AsObject();
        SchemaCheck check = new(root);
        EndpointList list = new(new ApiDocuments(document));

        Assert.Equal(endpoints, document.Endpoints.Count);
        Assert.Equal(server, document.Servers is [var first, ..] ? first : null);
        foreach (ApiEndpoint endpoint in document.Endpoints)
        {
            EndpointInfo info = list.Detail(endpoint.Name);
            if (endpoint.MediaTypes.Count == 0)
                continue;
            JsonNode schema = root["paths"]![endpoint.Path]![endpoint.Method.ToLowerInvariant()]!["requestBody"]!["content"]![info.MediaType!]!["schema"]!;
            Assert.True(info.Template is not null, endpoint.Name);
            IReadOnlyList<Violation> wrong = check.Check(JsonNode.Parse(info.Template), schema);
            Assert.True(wrong.Count == 0, $"{endpoint.Name}: {string.Join("; ", wrong)}\n{info.Template}");
        }
    }

    [Theory]
    [InlineData("bfl", "flux-2-pro flux-pro-1.0-fill flux-pro-1.1", "delete_finetune get_result")]
    [InlineData("openai-images", "images/generations images/edits images/variations", "")]
    [InlineData("openrouter-images", "images", "chat/completions")]
    [InlineData("stability-v1", "{engine_id}/text-to-image {engine_id}/image-to-image/upscale", "user/balance")]
    [InlineData("replicate", "predictions models/{model_owner}/{model_name}/predictions", "files predictions/{prediction_id}/cancel trainings")]
    [InlineData("fal-platform", "", "models/pricing/estimate")]
    public void The_endpoints_for_pictures_are_found(string name, string found, string others)
    {
        string[] models = [.. new EndpointList(new ApiDocuments(Load(name))).Found().Select(e => e.Model)];

        Assert.Empty(found.Split(' ', StringSplitOptions.RemoveEmptyEntries).Except(models));
        Assert.Empty(others.Split(' ', StringSplitOptions.RemoveEmptyEntries).Intersect(models));
    }

    [Theory]
    [InlineData("bfl", "POST /v1/flux-2-pro", "GET /v1/get_result?id={id}")]
    [InlineData("replicate", "POST /predictions", "GET /predictions/{prediction_id}")]
    [InlineData("replicate", "POST /models/{model_owner}/{model_name}/predictions", "GET /predictions/{prediction_id}")]
    [InlineData("openai-images", "POST /images/generations", null)]
    [InlineData("stability-v1", "POST /generation/{engine_id}/text-to-image", null)]
    [InlineData("openrouter-images", "POST /images", null)]
    public void The_question_after_a_task_is_found(string name, string endpoint, string? poll) =>
        Assert.Equal(poll, new EndpointList(new ApiDocuments(Load(name))).Detail(endpoint).Poll);

    [Fact]
    public void A_field_has_what_the_document_says_of_it()
    {
        EndpointInfo info = new EndpointList(new ApiDocuments(Load("openai-images"))).Detail("post /v1/images/generations");

        EndpointField Of(string name) => info.Fields.Single(f => f.Name == name);
        Assert.Equal(("CreateImageRequest", "application/json"), (info.Schema, info.MediaType));
        Assert.Equal("prompt", info.Fields[0].Name);
        Assert.True(Of("prompt").Required);
        Assert.Equal(["standard", "hd", "low", "medium", "high", "auto"], Of("quality").AllowedValues);
        Assert.Equal(("integer | null", "1", "a whole number from 1 to 10"), (Of("n").Type, Of("n").Default, Of("n").Rule));
        Assert.Equal("auto", JsonNode.Parse(info.Template!)!["quality"]!.GetValue<string>());
        Assert.Equal("Describe what to generate", JsonNode.Parse(info.Template!)!["prompt"]!.GetValue<string>());
    }

    [Fact]
    public void The_words_for_a_state_come_from_the_question_after_the_task()
    {
        EndpointInfo info = new EndpointList(new ApiDocuments(Load("bfl"))).Detail("/flux-2-pro");

        Assert.Contains("Content Moderated", info.Statuses);
        Assert.Contains("422", info.ErrorCodes);
    }
}
