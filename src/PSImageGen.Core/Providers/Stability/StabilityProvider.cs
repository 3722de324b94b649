using System.Globalization;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Providers.Stability;

/// <summary>
/// Stability AI's Stable Image API (v2beta): an endpoint for each thing that can be done, every order a form, one picture each. The answer is the
/// picture, but for two endpoints that give an id. Source: the vendor's API document (copy of mid-2026). Its older v1 API for the
/// SDXL engines is left out: whether those are still served is not known.
/// </summary>
public sealed class StabilityProvider : Provider
{
    // The only endpoint that takes a model by name.
    private const string ByName = "generate/sd3";

    private static readonly HashSet<string> ImageFields = ["image"];

    // Over its limit of 150 requests in 10 s the vendor locks a key out for so long; it documents no header that says so.
    private static readonly TimeSpan LockOut = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    public override ProviderProfile Profile { get; } = new()
    {
        Id = "Stability",
        DisplayName = "Stability AI",
        BaseUrl = new Uri("https://api.stability.ai"),
        BaseUrlVariable = "STABILITY_BASE_URL",
        CredentialNames = ["STABILITY_API_KEY"],
        KeyPage = new Uri("https://platform.stability.ai/account/keys"),
        AccountPage = new Uri("https://platform.stability.ai/account/credits"),
        Synchronous = true,
        PollInterval = TimeSpan.FromSeconds(10),
        // The vendor's API document of mid-2026 says so of requests of all kinds, and that whoever exceeds it is locked out for 60 s.
        OrderRate = new OrderRate(150, TimeSpan.FromSeconds(10)),
    };

    /// <inheritdoc/>
    public override VendorRequest Submit(ProviderCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        ModelRow model = call.Shape.Model;
        List<BodyPart> parts = [.. FieldMap.Form(call)];
        bool known = model.AskedLike is null, named = model.Fields.ContainsKey("model");
        if (!known && !named)
            parts.Add(BodyPart.Text("model", model.Id));
        if (!known || named)
            parts.Add(BodyPart.Text("mode", call.Input(ImageRole.Source) is null ? "text-to-image" : "image-to-image"));

        return VendorRequest.Post("v2beta/stable-image/" + (known ? model.Fields["path"] : ByName), new RequestBody.Multipart(parts)) with { ImageFields = ImageFields };
    }

    /// <inheritdoc/>
    public override SubmitAnswer ReadSubmit(ProviderCall call, VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (Withheld(answer) is { } failure)
            return new SubmitAnswer.Refused(failure);
        if (Finished(answer) is { } picture)
            return new SubmitAnswer.Finished([picture]);
        return answer.String("id") is { Length: > 0 } id
            ? new SubmitAnswer.Accepted(new TaskHandle(id))
            : new SubmitAnswer.Refused(VendorFailure.Unusable(answer, Words.Of("The answer holds neither a picture nor a task id.")));
    }

    /// <inheritdoc/>
    public override VendorRequest Status(TaskHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return VendorRequest.Get("v2beta/results/" + Uri.EscapeDataString(handle.TaskId)) with { ImageFields = ImageFields };
    }

    /// <inheritdoc/>
    /// <remarks>202 while it works, 200 with the picture at the end. A job that failed answers with an error status, as an order does.</remarks>
    public override StatusAnswer ReadStatus(TaskHandle handle, VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (answer.Status == 202)
            return new StatusAnswer.Working(Started: true) { Word = answer.String("status") };
        if (Withheld(answer) is { } failure)
            return new StatusAnswer.Failed(failure);
        return Finished(answer) is { } picture
            ? new StatusAnswer.Finished([picture])
            : new StatusAnswer.Failed(VendorFailure.Unusable(answer, Words.Of("The finished task holds no picture.")));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<VendorRequest> Balance { get; } = [VendorRequest.Get("v1/user/balance")];

    /// <inheritdoc/>
    // One credit is one US cent.
    public override Funds? ReadBalance(VendorAnswer answer) => Loose.Number(answer?.Json, "credits") is { } credits ? new Funds(credits / 100, "USD") : null;

    /// <inheritdoc/>
    public override VendorFailure Classify(VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        string? name = answer.String("name");
        string? words = Loose.Texts(Loose.Node(answer.Json, "errors")) is { } errors ? string.Join("; ", errors) : answer.String("message");
        VendorFailure byStatus = VendorFailure.FromStatus(answer, words, name);
        // The name counts before the status: a lack of credits is said to come as a 403 as well.
        return name switch
        {
            "payment_required" => byStatus with { Id = ImageErrorId.InsufficientCredits, Acceptance = Acceptance.NotAccepted, SendAgain = false, MayHaveBeenCharged = false },
            "content_moderation" or "public_figure" or "invalid_prompts" => Policy(answer, words, name),
            "invalid_language" => byStatus with { Advice = Words.Of("This vendor takes English alone: write the prompt in English.") },
            _ => answer.Status switch
            {
                403 when name is not ("permission_denied" or "unauthorized") => Policy(answer, words, name),
                413 => byStatus with { Advice = Words.Of("All pictures of one order together may have 10 MB: make them smaller, or save them as JPEG.") },
                429 when answer.Header("Retry-After") is null => byStatus with { RetryAfter = LockOut },
                _ => byStatus,
            },
        };
    }

    // What is refused before it is made is not charged.
    private static VendorFailure Policy(VendorAnswer answer, string? words, string? name) => VendorFailure.Policy(answer, words, name) with { MayHaveBeenCharged = false };

    // A "no" in the form of a success, with a blurred picture in it. Whether that is charged is not documented.
    private static VendorFailure? Withheld(VendorAnswer answer) => FinishReason(answer) == "CONTENT_FILTERED"
        ? VendorFailure.Policy(answer, "CONTENT_FILTERED", "CONTENT_FILTERED") with
        {
            Seen = Words.Of("The picture was made but withheld; what came is a blurred one."),
            Advice = Words.Of("Another -Seed or prompt may pass. It is not sent to another provider by itself."),
        }
        : null;

    // As JSON it was asked for; should the bytes come all the same, they are the picture.
    private static Picture? Finished(VendorAnswer answer)
    {
        Picture? picture = Picture.From(Loose.Node(answer.Json, "image"), answer.Parts) ?? (answer is { Json: null, Parts: 1 } ? new Picture { Part = 0 } : null);
        string? seed = Loose.Text(answer.Json, "seed") ?? answer.Header("seed");
        return picture is not null && long.TryParse(seed, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? picture with { Seed = number } : picture;
    }

    private static string? FinishReason(VendorAnswer answer) => answer.String("finish_reason") ?? answer.Header("finish-reason");
}
