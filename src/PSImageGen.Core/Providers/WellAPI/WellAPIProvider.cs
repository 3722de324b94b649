using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Providers.WellAPI;

/// <summary>
/// WellAPI, a gateway in front of image models: one call, one answer with the pictures. There is no reference; source: the publisher's
/// skill packages (2026-05-11). Nothing is sent again but what never left this machine: the same key would fail the same way.
/// </summary>
public sealed partial class WellAPIProvider : Provider
{
    private const string GroupHint =
        "The likely cause is that the group of this key has no capacity: at https://wellapi.ai, page API 令牌管理 (API token management), set the key's group to 官转OpenAI分组 or 优质官转OpenAI分组, save, then type the command again. "
        + "可能的原因：此密钥所在的分组没有可用容量。请打开 https://wellapi.ai 控制台的“API 令牌管理”，把该密钥的分组改为“官转OpenAI分组”或“优质官转OpenAI分组”并保存，然后重新生成。不会自动重试。";

    private static readonly HashSet<string> ImageFields = ["b64_json"];

    /// <inheritdoc/>
    public override ProviderProfile Profile { get; } = new()
    {
        Id = "WellAPI",
        DisplayName = "WellAPI",
        BaseUrl = new Uri("https://wellapi.ai/v1"),
        BaseUrlVariable = "WELLAPI_BASE_URL",
        CredentialNames = ["WELLAPI_API_KEY"],
        KeyFile = ".wellapi/config.json",
        TimeoutVariable = "WELLAPI_TIMEOUT",
        KeyPage = new Uri("https://wellapi.ai/register?channel=c_qqn3vdvc"),
        AccountPage = new Uri("https://wellapi.ai"),
        KeyRequest = "Please give your WellAPI key; a free one is at https://wellapi.ai/register?channel=c_qqn3vdvc 请提供您的 WellAPI 密钥；没有的话，可在上面的网址免费获取。",
        Synchronous = true,
    };

    /// <inheritdoc/>
    public override VendorRequest Submit(ProviderCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        VendorRequest request = call.Inputs.Count == 0
            ? VendorRequest.Post("images/generations", new RequestBody.Json(FieldMap.Body(call)))
            : VendorRequest.Post("images/edits", new RequestBody.Multipart(FieldMap.Form(call)));
        return request with { ImageFields = ImageFields };
    }

    /// <inheritdoc/>
    public override SubmitAnswer ReadSubmit(ProviderCall call, VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        Picture[] pictures = [.. (Loose.Node(answer.Json, "data") as JsonArray ?? [])
            .Select(item => Picture.From(Loose.Node(item, "b64_json"), answer.Parts) ?? Picture.From(Loose.Node(item, "url"), answer.Parts)).OfType<Picture>()];
        if (pictures.Length > 0)
            return new SubmitAnswer.Finished(pictures);

        // An OK without a picture is final: nothing is under way.
        VendorFailure failure = Loose.Node(answer.Json, "error") is null
            ? VendorFailure.Unusable(answer, Loose.Text(answer.Json, "message") ?? Words.Of("The answer holds no picture."))
            : Classify(answer);
        return new SubmitAnswer.Refused(failure.Acceptance == Acceptance.Unknown ? failure with { Acceptance = Acceptance.Refused, MayHaveBeenCharged = true } : failure);
    }

    /// <inheritdoc/>
    public override VendorFailure Classify(VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        VendorFailure failure = Judge(answer) with { SendAgain = false };
        return failure with
        {
            Hint = GroupHint,
            Advice = failure.Id switch
            {
                ImageErrorId.AuthenticationFailed => Words.Of("Check the key in $env:WELLAPI_API_KEY or ~/.wellapi/config.json at https://wellapi.ai."),
                // Waiting does not help here.
                ImageErrorId.RateLimited or ImageErrorId.ProviderUnavailable when failure.Acceptance != Acceptance.Unknown => string.Empty,
                _ => failure.Advice,
            },
        };
    }

    // The status alone is unreliable here, so the words count too.
    private static VendorFailure Judge(VendorAnswer answer)
    {
        string? words = Loose.Words(answer.Json, "error", "message", "msg");
        string? code = Loose.Text(Loose.Node(answer.Json, "error"), "code", "type") ?? Loose.Text(answer.Json, "code");
        VendorFailure byStatus = VendorFailure.FromStatus(answer, words, code);
        string text = $"{words ?? answer.Text} {code}";
        VendorFailure NotAccepted(ImageErrorId id) => byStatus with { Id = id, Acceptance = Acceptance.NotAccepted, MayHaveBeenCharged = false };

        // No channel, no order: nobody was there to take it.
        if (NoChannel().IsMatch(text) || (answer.Status == 503 && Group().IsMatch(text)))
            return NotAccepted(ImageErrorId.ProviderUnavailable);
        if (answer.Status is >= 500 or 408 or 409 or (>= 300 and < 400))
            return byStatus;
        if (code is "moderation_blocked" or "content_policy_violation" || text.Contains("safety system", StringComparison.OrdinalIgnoreCase))
            return VendorFailure.Policy(answer, words, code);
        if (answer.Status == 402 || (answer.Status is 403 or 429 && Money().IsMatch(text)))
            return NotAccepted(ImageErrorId.InsufficientCredits);
        if (answer.Status is 401 or 403 or 429)
            return byStatus;
        return BadKey().IsMatch(text) ? NotAccepted(ImageErrorId.AuthenticationFailed) : Group().IsMatch(text) ? NotAccepted(ImageErrorId.ProviderUnavailable) : byStatus;
    }

    [GeneratedRegex(@"no available channel|无可用渠道|無可用渠道", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NoChannel();

    [GeneratedRegex(@"\bgroup\b|分组", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Group();

    [GeneratedRegex(@"额度|余额|quota|balance|insufficient", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Money();

    [GeneratedRegex(@"invalid.{0,12}(token|key)|invalid_api_key|无效的?令牌|令牌无效", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex BadKey();
}
