using System.Text.Json.Nodes;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Providers.BFL;

/// <summary>Black Forest Labs: submit, ask at the returned link, download within ten minutes. Source: docs.bfl.ai and the vendor's OpenAPI document (2026-04-23).</summary>
public sealed class BflProvider : Provider
{
    /// <inheritdoc/>
    public override ProviderProfile Profile { get; } = new()
    {
        Id = "BFL",
        DisplayName = "Black Forest Labs",
        BaseUrl = new Uri("https://api.bfl.ai"),
        BaseUrlVariable = "BFL_BASE_URL",
        CredentialNames = ["BFL_API_KEY"],
        KeyPage = new Uri("https://dashboard.bfl.ai"),
        KeyHeader = "x-key",
        KeyPrefix = string.Empty,
        ForbidsUnknownKeys = true,
        KeyHosts = ["bfl.ai", ".bfl.ai"],
        LinkLifetime = TimeSpan.FromMinutes(10),
        TakesLinks = true,
        // Right after the order a cluster may not know the task yet.
        NotFoundGrace = 5,
        // docs.bfl.ai, integration guidelines, read 2026-08-13; of flux-kontext-max 6.
        ActiveTasks = 24,
    };

    /// <inheritdoc/>
    public override VendorRequest Submit(ProviderCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        // Pictures go as bare base64: no official example has a data URL.
        JsonObject body = FieldMap.Body(call);
        FieldMap.AddImages(call, body, bare: true);
        return VendorRequest.Post("v1/" + call.Shape.Model.Id, new RequestBody.Json(body));
    }

    /// <inheritdoc/>
    public override SubmitAnswer ReadSubmit(ProviderCall call, VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return answer.String("id") is { Length: > 0 } id
            ? new SubmitAnswer.Accepted(new TaskHandle(id) { StatusUrl = answer.String("polling_url") is { } link && Endpoint.IsLink(link) ? link : null }) { Cost = Credits(answer) }
            : new SubmitAnswer.Refused(VendorFailure.Unusable(answer, Words.Of("The answer holds no task id.")));
    }

    /// <inheritdoc/>
    public override VendorRequest Status(TaskHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        // The task lives on one cluster, so the returned link is the place to ask.
        string link = handle.StatusUrl ?? "v1/get_result";
        bool hasId = link.Contains("?id=", StringComparison.Ordinal) || link.Contains("&id=", StringComparison.Ordinal);
        return VendorRequest.Get(hasId ? link : $"{link}{(link.Contains('?', StringComparison.Ordinal) ? '&' : '?')}id={Uri.EscapeDataString(handle.TaskId)}");
    }

    /// <inheritdoc/>
    /// <remarks>The base URL does not know every cluster's tasks; the link from the answer to the order (<c>https://…/v1/get_result?id=…</c>) leads to the right one.</remarks>
    public override TaskHandle? HandleOf(string taskId)
    {
        ArgumentNullException.ThrowIfNull(taskId);
        return Endpoint.IsLink(taskId) && Uri.TryCreate(taskId, UriKind.Absolute, out Uri? link)
            ? link.Query.TrimStart('?').Split('&').FirstOrDefault(p => p.StartsWith("id=", StringComparison.Ordinal)) is { Length: > 3 } id
                ? new TaskHandle(Uri.UnescapeDataString(id[3..])) { StatusUrl = taskId }
                : null
            : new TaskHandle(taskId);
    }

    /// <inheritdoc/>
    public override StatusAnswer ReadStatus(TaskHandle handle, VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        string word = answer.String("status") ?? answer.String("state") ?? string.Empty;
        StatusAnswer status = word switch
        {
            "Ready" => Finished(answer),
            "Request Moderated" or "Content Moderated" => new StatusAnswer.Failed(VendorFailure.Policy(answer, Reasons(answer) ?? word, word) with
            {
                Advice = word == "Content Moderated"
                    ? Words.Of("The picture was made but withheld. Another -Seed or prompt may pass. It is not sent to another provider by itself.")
                    : Words.Of("Change the prompt or the picture. It is not sent to another provider by itself."),
            }),
            "Error" or "Failed" => new StatusAnswer.Failed(VendorFailure.FromStatus(answer, Reasons(answer) ?? word, word) with { Id = ImageErrorId.ProviderUnavailable }),
            "Task not found" => new StatusAnswer.NotFound(VendorFailure.FromStatus(answer, word, null) with { Id = ImageErrorId.NotFound }),
            // Pending means queued or running; Reasoning and Generating are seen beside it; a word nobody knows is no end either.
            _ => new StatusAnswer.Working(Started: true, Percent(answer)),
        };
        return status with { Word = word, Cost = Credits(answer) };
    }

    /// <inheritdoc/>
    public override IReadOnlyList<VendorRequest> Balance { get; } = [VendorRequest.Get("v1/credits")];

    /// <inheritdoc/>
    public override Funds? ReadBalance(VendorAnswer answer) => Loose.Number(answer?.Json, "credits") is { } credits ? new Funds(credits / 100, "USD") : null;

    private static StatusAnswer Finished(VendorAnswer answer)
    {
        JsonNode? result = answer.Json!["result"];
        return Picture.From(result?["sample"], answer.Parts) is { } picture
            ? new StatusAnswer.Finished([picture with { Seed = result!["seed"] is JsonValue seed && seed.TryGetValue(out long number) ? number : null }])
            : new StatusAnswer.Failed(VendorFailure.Unusable(answer, Words.Of("The finished task holds no picture.")));
    }

    // One credit is one US cent; the settled price in the last answer counts.
    private static Cost? Credits(VendorAnswer answer) =>
        answer.Json?["cost"] is JsonValue value && value.TryGetValue(out decimal credits)
            ? new Cost { Amount = credits / 100, Currency = "USD", Source = "reported" }
            : null;

    private static double? Percent(VendorAnswer answer) =>
        answer.Json?["progress"] is JsonValue value && value.TryGetValue(out double progress) && progress is >= 0 and <= 100 ? progress <= 1 ? progress * 100 : progress : null;

    private static string? Reasons(VendorAnswer answer) => answer.Json?["details"] switch
    {
        JsonObject details when details["Moderation Reasons"] is JsonArray reasons => string.Join(", ", reasons.Select(r => r?.ToString())),
        JsonValue text when text.TryGetValue(out string? words) => words,
        _ => null,
    };
}
