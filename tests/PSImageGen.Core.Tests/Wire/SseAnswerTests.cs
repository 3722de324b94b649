using System.Text.Json;
using PSImageGen.Core.Wire;
using Xunit;

namespace PSImageGen.Core.Tests.Wire;

public sealed class SseAnswerTests
{
    // Redirects and request headers are the transport's.
    private static readonly Dictionary<string, JsonElement> Vectors = SseVectors.Load("http-behaviour-vectors.json")
        .Where(c => c.TryGetProperty("response", out var response) && !response.TryGetProperty("location", out _))
        .ToDictionary(c => c.GetProperty("name").GetString()!);

    public static TheoryData<string> VectorNames => new(Vectors.Keys);

    [Fact]
    public void All_11_vectors_are_here() => Assert.Equal(11, Vectors.Count);

    [Theory]
    [MemberData(nameof(VectorNames))]
    public void A_vector_is_judged_as_expected(string name)
    {
        var response = Vectors[name].GetProperty("response");
        var type = response.TryGetProperty("content_type", out var t) ? t.GetString() : null;
        var words = Vectors[name].GetProperty("expect").GetString()!;
        var expected = words.StartsWith("accept", StringComparison.Ordinal) ? SseAnswerKind.Stream
            : name == "status-204-stops" ? SseAnswerKind.Stop
            : words.StartsWith("fail the connection", StringComparison.Ordinal) ? SseAnswerKind.Error
            : throw new InvalidDataException(words);
        Assert.Equal(expected, SseAnswer.Judge(response.GetProperty("status").GetInt32(), type));
    }

    [Theory]
    [InlineData(200, "Text/Event-Stream ; charset=utf-8", SseAnswerKind.Stream)]
    [InlineData(200, "text/event-streams", SseAnswerKind.Error)]
    [InlineData(200, "text/event-stream, text/plain", SseAnswerKind.Error)]
    [InlineData(200, "text/plain; text/event-stream", SseAnswerKind.Error)]
    [InlineData(200, "", SseAnswerKind.Error)]
    [InlineData(200, null, SseAnswerKind.Error)]
    [InlineData(200, "application/json", SseAnswerKind.Json)]
    [InlineData(200, "application/JSON; charset=utf-8", SseAnswerKind.Json)]
    [InlineData(200, "application/vnd.x+json", SseAnswerKind.Json)]
    [InlineData(202, "application/json", SseAnswerKind.Error)]
    [InlineData(404, "application/json", SseAnswerKind.Error)]
    [InlineData(204, "text/event-stream", SseAnswerKind.Stop)]
    [InlineData(302, null, SseAnswerKind.Error)]
    public void Other_answers_are_judged_by_status_and_media_type(int status, string? contentType, SseAnswerKind expected) =>
        Assert.Equal(expected, SseAnswer.Judge(status, contentType));
}
