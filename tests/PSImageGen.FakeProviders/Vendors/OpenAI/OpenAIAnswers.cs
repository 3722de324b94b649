using System.Text;
using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Images;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.OpenAI;

/// <summary>What comes back for a job: one JSON body, or a stream of events.</summary>
internal static class OpenAIAnswers
{
    private const int TokensPerPartial = 100;

    public static Answer Whole(OpenAIJob job, int delivered)
    {
        JsonObject body = Properties(job);
        body["created"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        body["data"] = new JsonArray([.. Enumerable.Range(0, delivered).Select(i => (JsonNode?)new JsonObject { ["b64_json"] = Picture(job, i) })]);
        body["usage"] = Usage(job, withDetails: true);
        return Answer.Json(body);
    }

    public static Answer Events(OpenAIJob job, TimeSpan workTime)
    {
        JsonObject last = Named(job, ".completed", 0);
        last["usage"] = Usage(job, withDetails: false);
        byte[][] pieces = [.. Partials(job), Event(last)];
        return Stream(pieces, workTime / pieces.Length);
    }

    /// <summary>A stream which ends with an error after it has begun: the content policy's, or that of the code.</summary>
    public static Answer FailedEvents(OpenAIJob job, string? code) =>
        Stream([.. Partials(job), Event(new JsonObject { ["type"] = "error", ["error"] = code is null ? OpenAIErrors.Moderation("output") : OpenAIErrors.OfCode(code) })], TimeSpan.Zero);

    private static IEnumerable<byte[]> Partials(OpenAIJob job)
    {
        for (int i = 0; i < job.Partials; i++)
        {
            JsonObject data = Named(job, ".partial_image", -1 - i);
            data["partial_image_index"] = i;
            yield return Event(data);
        }
    }

    private static JsonObject Named(OpenAIJob job, string name, int picture)
    {
        JsonObject data = Properties(job);
        data["type"] = (job.IsEdit ? "image_edit" : "image_generation") + name;
        data["created_at"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        data["b64_json"] = Picture(job, picture);
        return data;
    }

    private static Answer Stream(IReadOnlyList<byte[]> pieces, TimeSpan pause) => new()
    {
        ContentType = "text/event-stream",
        IsStream = true,
        Pieces = pieces,
        Pause = pause,
    };

    private static byte[] Event(JsonObject data) => Encoding.UTF8.GetBytes($"event: {data["type"]}\ndata: {data.ToJsonString()}\n\n");

    private static JsonObject Properties(OpenAIJob job) => new()
    {
        ["background"] = job.Background,
        ["output_format"] = job.Format,
        ["quality"] = job.Quality,
        ["size"] = $"{job.Width}x{job.Height}",
    };

    private static string Picture(OpenAIJob job, int index) => Convert.ToBase64String(
        TinyImages.Make(job.Format, job.Width, job.Height, $"{job.Model.Id}/{index}/{Guid.NewGuid()}/{job.Prompt}", job.Background == "transparent"));

    private static JsonObject Usage(OpenAIJob job, bool withDetails)
    {
        int text = 7 + ((job.Prompt.Length + 3) / 4);
        int image = job.Inputs.Count * (job.HighFidelity ? 6531 : 323);
        int output = job.Count * job.Model.OutputTokens(job.Width, job.Height, job.Quality);
        if (job.Stream)
            output += job.Partials * TokensPerPartial;
        var usage = new JsonObject
        {
            ["input_tokens"] = text + image,
            ["output_tokens"] = output,
            ["total_tokens"] = text + image + output,
            ["input_tokens_details"] = new JsonObject { ["text_tokens"] = text, ["image_tokens"] = image },
        };
        if (withDetails)
            usage["output_tokens_details"] = new JsonObject { ["image_tokens"] = output, ["text_tokens"] = 0 };
        return usage;
    }
}
