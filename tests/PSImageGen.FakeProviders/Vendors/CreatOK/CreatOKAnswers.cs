using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.CreatOK;

/// <summary>The envelope around every answer, in the forms that clients shall be able to read.</summary>
internal sealed class CreatOKAnswers
{
    private static readonly Dictionary<string, string>[] OtherNames =
    [
        [],
        new()
        {
            ["task_id"] = "taskId",
            ["url"] = "image_url",
            ["thumbnail_url"] = "thumbnailUrl",
            ["object_key"] = "objectKey",
            ["objectKey"] = "object_key",
            ["presignedUploadUrl"] = "presigned_upload_url",
            ["default_model"] = "defaultModel",
            ["max_reference_images"] = "maxReferenceImages",
        },
        new() { ["task_id"] = "id", ["url"] = "imageUrl", ["presignedUploadUrl"] = "uploadUrl" },
    ];

    /// <summary>0: code and data; 1: code is a text; 2: code is 200; 3: success and data; 4: the data alone.</summary>
    public int Envelope { get; set; }

    /// <summary>0: names as clients know them; 1: the other case; 2: still others.</summary>
    public int Names { get; set; }

    /// <summary>Where an error's text stands: 0 message, 1 msg, 2 error, 3 error.message, 4 data.message.</summary>
    public int MessageForm { get; set; }

    public Answer Ok(JsonObject data)
    {
        JsonNode renamed = Rename(data)!;
        return Answer.Json(Envelope switch
        {
            1 => new JsonObject { ["code"] = "0", ["data"] = renamed },
            2 => new JsonObject { ["code"] = 200, ["data"] = renamed },
            3 => new JsonObject { ["success"] = true, ["data"] = renamed },
            4 => renamed,
            _ => new JsonObject { ["code"] = 0, ["data"] = renamed },
        });
    }

    public Answer Error(int status, int code, string message) => Answer.Json(
        MessageForm switch
        {
            1 => new JsonObject { ["code"] = code, ["msg"] = message },
            2 => new JsonObject { ["code"] = code, ["error"] = message },
            3 => new JsonObject { ["code"] = code, ["error"] = new JsonObject { ["message"] = message } },
            4 => new JsonObject { ["code"] = code, ["data"] = new JsonObject { ["message"] = message } },
            _ => new JsonObject { ["code"] = code, ["message"] = message, ["data"] = null },
        },
        status);

    /// <summary>Something is wrong with the body: HTTP 200 and another code.</summary>
    public RefusedException Invalid(string message) => new(Error(200, 40001, message));

    public RefusedException Refused(int status, string? code = null) => new(For(status, code));

    public Answer For(int status, string? code)
    {
        (int number, string message) = (code, status) switch
        {
            ("insufficient_credits", _) or (_, 402) => (40201, "Insufficient credits. Please recharge your account."),
            ("content_policy", _) => (45101, "The prompt was rejected by our content policy."),
            ("rate_limited", _) or (_, 429) => (42901, "Too many requests, please try again later."),
            ("validation", _) or (_, 400 or 422) => (40001, "Invalid parameter: resolution."),
            (_, 401) => (401, "Invalid API key."),
            (_, 403) => (403, "Forbidden."),
            (_, 404) => (404, "Not found."),
            (_, 405) => (405, "Method not allowed."),
            _ => (status is >= 500 ? status : 50001, "Internal server error."),
        };
        return Error(status, number, message);
    }

    /// <summary>The text of a task that has failed.</summary>
    public static string Failure(string? code) => code switch
    {
        "content_policy" => "The picture was rejected by our content moderation.",
        "insufficient_credits" => "Insufficient credits.",
        "rate_limited" => "The model is receiving too many requests.",
        null => "Image generation failed.",
        _ => code,
    };

    private JsonNode? Rename(JsonNode? node)
    {
        Dictionary<string, string> names = OtherNames[int.Clamp(Names, 0, OtherNames.Length - 1)];
        return node switch
        {
            JsonObject map => new JsonObject(map.Select(pair => KeyValuePair.Create(names.GetValueOrDefault(pair.Key, pair.Key), Rename(pair.Value)))),
            JsonArray list => new JsonArray([.. list.Select(Rename)]),
            _ => node?.DeepClone(),
        };
    }
}
