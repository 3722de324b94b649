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
        string kind = job.IsEdit ? "image_edit" : "image_generation";
        var pieces = new List<byte[]>();
        for (int i = 0; i <= job.Partials; i++)
        {
            bool isLast = i == job.Partials;
            JsonObject data = Properties(job);
            data["type"] = kind + (isLast ? ".completed" : ".partial_image");
            data["created_at"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
            data["b64_json"] = Picture(job, isLast ? 0 : -1 - i);
            if (isLast)
                data["usage"] = Usage(job, withDetails: false);
            else
                data["partial_image_index"] = i;
            pieces.Add(Event((string)data["type"]!, data));
        }

        return Stream(pieces, workTime / pieces.Count);
    }

    /// <summary>A stream which turns the job down after it has begun.</summary>
    public static Answer RefusedEvents() =>
        Stream([Event("error", new JsonObject { ["type"] = "error", ["error"] = OpenAIErrors.Moderation("output") })], TimeSpan.Zero);

    private static Answer Stream(IReadOnlyList<byte[]> pieces, TimeSpan pause) => new()
    {
        ContentType = "text/event-stream",
        IsStream = true,
        Pieces = pieces,
        Pause = pause,
    };

    private static byte[] Event(string name, JsonObject data) => Encoding.UTF8.GetBytes($"event: {name}\ndata: {data.ToJsonString()}\n\n");

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
