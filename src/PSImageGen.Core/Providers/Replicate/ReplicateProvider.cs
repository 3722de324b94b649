using System.Globalization;
using System.Text.Json.Nodes;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Providers.Replicate;

/// <summary>Replicate: predictions of many vendors' models. Source: the vendor's OpenAPI document (2026-03-16) and the models' pages (2026-10).</summary>
public sealed class ReplicateProvider : Provider
{
    // What the vendor advises for data URLs; above it a file is uploaded.
    private const long MaxInline = 256 << 10;

    private static readonly string[] PolicyWords = ["E005", "flagged", "sensitive", "NSFW", "safety", "moderat", "prohibited", "content policy", "policy violation"];

    /// <inheritdoc/>
    public override ProviderProfile Profile { get; } = new()
    {
        Id = "Replicate",
        DisplayName = "Replicate",
        BaseUrl = new Uri("https://api.replicate.com/v1"),
        BaseUrlVariable = "REPLICATE_BASE_URL",
        CredentialNames = ["REPLICATE_API_TOKEN"],
        KeyPage = new Uri("https://replicate.com/account/api-tokens"),
        AccountPage = new Uri("https://replicate.com/account/billing"),
        KeyHosts = ["api.replicate.com"],
        LinkLifetime = TimeSpan.FromHours(1),
        // Files are kept for 24 hours; an order just before that must still find them.
        UploadLifetime = TimeSpan.FromHours(23),
        TakesLinks = true,
        // replicate.com/docs/topics/predictions/rate-limits; an account short of credit has less, and is told so in the refusal.
        OrderRate = new OrderRate(600, TimeSpan.FromMinutes(1)),
    };

    /// <inheritdoc/>
    public override VendorRequest Submit(ProviderCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        JsonObject input = FieldMap.Body(call);
        FieldMap.AddImages(call, input);
        JsonObject body = new() { ["input"] = input };
        // "Prefer: wait" is left out: a quick answer with the id is worth more than an early picture.
        if (Version(call.Shape.Model) is not { } version)
            return VendorRequest.Post($"models/{call.Shape.Model.Id}/predictions", new RequestBody.Json(body));
        body["version"] = version;
        return VendorRequest.Post("predictions", new RequestBody.Json(body));
    }

    /// <inheritdoc/>
    public override SubmitAnswer ReadSubmit(ProviderCall call, VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return Handle(answer.Json) is { } handle
            ? new SubmitAnswer.Accepted(handle)
            : new SubmitAnswer.Refused(VendorFailure.Unusable(answer, Words.Of("The answer holds no task id.")));
    }

    /// <inheritdoc/>
    public override bool NeedsUpload(InputImage image) => image is { Path: not null, Length: > MaxInline };

    /// <inheritdoc/>
    public override VendorRequest Upload(InputFile file) => VendorRequest.Post("files", new RequestBody.Multipart(BodyPart.File("content", 0)));

    /// <inheritdoc/>
    public override UploadAnswer? ReadUpload(InputFile file, VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return answer.String("urls", "get") is { Length: > 0 } url ? new UploadAnswer(url) : null;
    }

    /// <inheritdoc/>
    public override VendorRequest? Stream(TaskHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        // The link carries its own permission, on a host that is not the API's.
        return handle.StreamUrl is { } url ? VendorRequest.Get(url) with { WithoutKey = true, Headers = new Dictionary<string, string> { ["Cache-Control"] = "no-store" } } : null;
    }

    /// <inheritdoc/>
    /// <remarks>The stream tells outputs and logs but not how it ended, so its end is followed by one question.</remarks>
    public override StatusAnswer? ReadEvent(TaskHandle handle, string type, VendorAnswer data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return type switch
        {
            "done" or "error" => new StatusAnswer.Ended { Word = type },
            "logs" or "output" => new StatusAnswer.Working(Started: true, Percent(data.Text)) { Word = "processing" },
            _ => null,
        };
    }

    /// <inheritdoc/>
    public override VendorRequest Status(TaskHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return VendorRequest.Get(handle.StatusUrl ?? Path(handle));
    }

    /// <inheritdoc/>
    public override StatusAnswer ReadStatus(TaskHandle handle, VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        string word = answer.String("status") ?? string.Empty;
        StatusAnswer status = word switch
        {
            "succeeded" => Finished(answer),
            "failed" => new StatusAnswer.Failed(Failure(answer)),
            "canceled" or "aborted" => new StatusAnswer.Canceled(),
            _ => new StatusAnswer.Working(word != "starting", Percent(answer.String("logs"))),
        };
        return status with { Word = word };
    }

    /// <inheritdoc/>
    public override VendorRequest Result(TaskHandle handle) => Status(handle);

    /// <inheritdoc/>
    public override StatusAnswer ReadResult(TaskHandle handle, VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return answer.Status switch
        {
            404 => new StatusAnswer.NotFound(Classify(answer)),
            >= 300 => new StatusAnswer.Working(Started: true),
            _ => ReadStatus(handle, answer),
        };
    }

    /// <inheritdoc/>
    public override VendorRequest? Cancel(TaskHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return VendorRequest.Post(handle.CancelUrl ?? Path(handle) + "/cancel", new RequestBody.None());
    }

    /// <inheritdoc/>
    public override VendorRequest? Recent(string model) => VendorRequest.Get("predictions");

    /// <inheritdoc/>
    public override IReadOnlyList<FoundTask> ReadRecent(string model, VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(answer);
        // One list of everything the account ran. A community model is listed by its name, its version beside it.
        string asked = model.Split(':')[0];
        string? Model(string? name) => string.Equals(name, asked, StringComparison.OrdinalIgnoreCase) ? model : name is null ? null : Catalogue.Find(name)?.Id;
        return [.. (answer.Json?["results"] as JsonArray ?? []).OfType<JsonObject>()
            .Where(p => Model(Text(p["model"])) is not null && Text(p["source"]) is null or "api")
            .Select(p => Handle(p) is { } handle
                ? new FoundTask(handle, Text(p["input"]?["prompt"]), Date(p["created_at"]), Text(p["status"]) == "succeeded") { Model = Model(Text(p["model"])) }
                : null)
            .OfType<FoundTask>()];
    }

    /// <inheritdoc/>
    public override VendorFailure Classify(VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        VendorFailure failure = VendorFailure.FromStatus(answer, answer.String("detail"), answer.String("title"));
        return failure.Id == ImageErrorId.InsufficientCredits
            ? failure with { Advice = Words.Of($"Add credit at {new Uri("https://replicate.com/account/billing")}, wait a few minutes until it counts, then type the command again.") }
            : failure;
    }

    // Models that are not official are called by a version; -Model may name one as owner/name:version.
    private static string? Version(ModelRow model) =>
        model.Fields.TryGetValue("version", out string? version) ? version : model.Id.Contains(':', StringComparison.Ordinal) ? model.Id : null;

    private static string Path(TaskHandle handle) => "predictions/" + Uri.EscapeDataString(handle.TaskId);

    private static TaskHandle? Handle(JsonNode? prediction) => Text((prediction as JsonObject)?["id"]) is { Length: > 0 } id
        ? new TaskHandle(id) { StatusUrl = Link(prediction!, "get"), StreamUrl = Link(prediction!, "stream"), CancelUrl = Link(prediction!, "cancel") }
        : null;

    private static string? Link(JsonNode prediction, string name) => Text((prediction["urls"] as JsonObject)?[name]) is { } url && Endpoint.IsLink(url) ? url : null;

    // One link, a list of links, or data URLs.
    private static StatusAnswer Finished(VendorAnswer answer)
    {
        JsonNode? output = answer.Json!["output"];
        Picture[] pictures = [.. (output is JsonArray list ? list : [output?.DeepClone()]).Select(o => Picture.From(o, answer.Parts)).OfType<Picture>()];
        if (pictures.Length > 0)
            return new StatusAnswer.Finished(pictures);
        return new StatusAnswer.Failed(answer.Json["data_removed"] is JsonValue gone && gone.TryGetValue(out bool removed) && removed
            ? VendorFailure.Unusable(answer, Words.Of("The output was removed, as the vendor does an hour after the end.")) with
            {
                Id = ImageErrorId.LinkExpired,
                Advice = Words.Of("Replicate keeps pictures for one hour. To make the picture anew type the command again; it is billed again."),
            }
            : VendorFailure.Unusable(answer, Words.Of("The finished task holds no picture.")));
    }

    // There is no field for the reason, only words.
    private static VendorFailure Failure(VendorAnswer answer)
    {
        string error = answer.String("error") ?? "failed";
        string code = error.Split(' ', '(', ')', ':', ',', '.').FirstOrDefault(w => w is ['E', .. { Length: 3 or 4 } digits] && digits.All(char.IsAsciiDigit)) ?? "failed";
        return PolicyWords.Any(w => error.Contains(w, StringComparison.OrdinalIgnoreCase))
            ? VendorFailure.Policy(answer, error, code)
            : VendorFailure.FromStatus(answer, error, code) with { Id = ImageErrorId.ProviderUnavailable };
    }

    // Progress bars in the log: "76%|███ | 19/25".
    private static double? Percent(string? log)
    {
        int end = log?.LastIndexOf("%|", StringComparison.Ordinal) ?? -1, start = end;
        while (start > 0 && char.IsAsciiDigit(log![start - 1]))
            start--;
        return end > start && double.TryParse(log.AsSpan(start, end - start), NumberStyles.None, CultureInfo.InvariantCulture, out double percent) && percent <= 100 ? percent : null;
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static DateTimeOffset? Date(JsonNode? node) =>
        DateTimeOffset.TryParse(Text(node), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date) ? date : null;
}
