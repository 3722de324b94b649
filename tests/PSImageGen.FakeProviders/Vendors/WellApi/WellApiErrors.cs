using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.WellApi;

/// <summary>The gateway's error bodies: its own, and those of the vendor behind it.</summary>
internal sealed class WellApiErrors
{
    public const string NoChannel = "no_channel";

    private const string House = "new_api_error";
    private const string RequestError = "invalid_request_error";

    /// <summary>The gateway leaves Chinese as it is.</summary>
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>0: JSON; 1: plain text; 2: an HTML page.</summary>
    public int Form { get; set; }

    public RefusedException Invalid(string? param, string message) => new(Make(400, message, RequestError, param, "invalid_value"));

    public RefusedException Unknown(string param) => new(Make(400, $"Unknown parameter: '{param}'.", RequestError, param, "unknown_parameter"));

    public RefusedException Refused(int status, string? code = null) => new(For(status, code));

    public Answer WithoutChannel(int status, string model) => Make(
        status,
        WithId($"当前分组 default 下对于模型 {model} 无可用渠道 (No available channel for model {model} under group default)"),
        House,
        null,
        "model_not_found");

    public Answer For(int status, string? code) => (code, status) switch
    {
        (NoChannel, _) => WithoutChannel(status, "gpt-image-2"),
        ("moderation_blocked", _) => Make(
            status,
            "Your request was rejected by the safety system. If you believe this is an error, contact us.",
            "image_generation_user_error",
            null,
            code),
        ("insufficient_quota", _) or (_, 402) => Make(status, WithId("用户额度不足, 剩余额度: ¥0.000000"), House, null, "insufficient_user_quota"),
        ("rate_limit_exceeded", _) or (_, 429) => Make(status, WithId("当前分组上游负载已饱和, rate limit reached, 请稍后再试"), House, null, code ?? "rate_limit_exceeded"),
        (_, 401) => Make(401, WithId("无效的令牌"), House, null, code),
        (_, 403) => Make(403, WithId("该令牌无权使用此分组"), House, null, code),
        (_, 404) => Make(404, "Invalid URL (POST /v1/images)", RequestError, null, code),
        (_, 405) => Make(405, "Method Not Allowed", RequestError, null, code),
        (_, 413) => Make(413, WithId("request body too large"), House, null, code),
        (_, 503) => WithoutChannel(503, "gpt-image-2"),
        (_, >= 500) => Make(status, WithId("bad response status code from upstream"), House, null, code ?? "bad_response_status_code"),
        _ => Make(status, "The request failed.", RequestError, null, code),
    };

    private static string WithId(string message) => $"{message} (request id: {DateTimeOffset.UtcNow:yyyyMMddHHmmss}{Random.Shared.Next(100_000_000, 999_999_999)})";

    private Answer Make(int status, string message, string type, string? param, string? code) => Form switch
    {
        1 => Answer.Text(message, "text/plain; charset=utf-8", status),
        2 => Answer.Text(
            $"<!DOCTYPE html><html><head><title>{status}</title></head><body><h1>{status}</h1><p>{WebUtility.HtmlEncode(message)}</p></body></html>",
            "text/html; charset=utf-8",
            status),
        _ => Answer.Text(
            new JsonObject { ["error"] = new JsonObject { ["message"] = message, ["type"] = type, ["param"] = param, ["code"] = code } }.ToJsonString(Plain),
            "application/json",
            status),
    };
}
