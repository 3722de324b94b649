using System.Globalization;
using System.Text.Json.Nodes;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Providers;

/// <summary>An input image as a translation sees it.</summary>
/// <param name="Index">Its index among the input files of a <see cref="RequestBody"/>.</param>
/// <param name="Role">What it is for.</param>
/// <param name="Image">The image, made ready.</param>
/// <param name="Upload">What the vendor calls it when it was uploaded; null when it was not.</param>
public sealed record CallInput(int Index, ImageRole Role, InputImage Image, string? Upload)
{
    /// <summary>As a text of a JSON body: its link, its upload, or its bytes, as a data URL or as bare base64.</summary>
    public JsonNode ToJson(bool bare = false) =>
        Image.Url is { } url ? url.AbsoluteUri : Upload is { } upload ? upload : bare ? InlineImage.Base64(Index) : InlineImage.DataUrl(Index);
}

/// <summary>One order as a translation sees it.</summary>
/// <param name="Shape">What is asked for, fitted to the model.</param>
/// <param name="Count">How many pictures this order makes.</param>
/// <param name="Seed">The seed of this order's first picture; null when none was given.</param>
/// <param name="Inputs">The input images in the order source, mask, style, references.</param>
public sealed record ProviderCall(CallShape Shape, int Count, long? Seed, IReadOnlyList<CallInput> Inputs)
{
    /// <summary>An id made here, on record before the order is sent; for vendors that let the client name the task.</summary>
    public string? ClientId { get; init; }

    /// <summary>The fields set with <c>-ProviderOption</c>, checked already.</summary>
    public JsonObject Options => Shape.Request.ProviderOptions ?? [];

    /// <summary>The inputs with a role.</summary>
    public IEnumerable<CallInput> InputsOf(ImageRole role) => Inputs.Where(i => i.Role == role);

    /// <summary>The only input with a role; null when there is none.</summary>
    public CallInput? Input(ImageRole role) => Inputs.FirstOrDefault(i => i.Role == role);
}

/// <summary>A message to the vendor.</summary>
public sealed record VendorRequest
{
    /// <summary>GET or POST.</summary>
    public required HttpMethod Method { get; init; }

    /// <summary>A path below the base URL (<c>images/generations</c>), or an absolute link from an answer of the vendor.</summary>
    public required string Address { get; init; }

    /// <summary>Another host of the vendor that a path belongs to; an override of the base URL takes its place, with the same path.</summary>
    public Uri? OtherHost { get; init; }

    /// <summary>The body.</summary>
    public RequestBody Body { get; init; } = new RequestBody.None();

    /// <summary>The media type asked for.</summary>
    public string Accept { get; init; } = "application/json";

    /// <summary>Headers beside the usual ones.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the key must not go along, wherever the address leads.</summary>
    public bool WithoutKey { get; init; }

    /// <summary>Properties of the answer that hold pictures as base64.</summary>
    public IReadOnlySet<string> ImageFields { get; init; } = new HashSet<string>();

    /// <summary>A GET.</summary>
    public static VendorRequest Get(string address) => new() { Method = HttpMethod.Get, Address = address };

    /// <summary>A PUT with a body, to a link that carries its own permission: without the key.</summary>
    public static VendorRequest PutWithoutKey(string address, RequestBody body) => new() { Method = HttpMethod.Put, Address = address, Body = body, WithoutKey = true };

    /// <summary>A POST with a body.</summary>
    public static VendorRequest Post(string address, RequestBody body) => new() { Method = HttpMethod.Post, Address = address, Body = body };
}

/// <summary>A vendor's answer, read whole but for its pictures, which lie in part files.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Headers">The headers of answer and content.</param>
/// <param name="Json">The body when it is JSON, each picture replaced by <c>part:N</c>.</param>
/// <param name="Text">The body when it is another text, cut to a few thousand characters.</param>
/// <param name="Parts">How many pictures were in the body.</param>
public sealed record VendorAnswer(int Status, IReadOnlyDictionary<string, string> Headers, JsonNode? Json, string? Text, int Parts)
{
    // Nobody waits longer for one answer.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private const int LongestText = 16 << 10;

    /// <summary>A header, or null.</summary>
    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>The text at a path of property names, or null where there is none.</summary>
    public string? String(params string[] path)
    {
        JsonNode? node = Json;
        foreach (string name in path)
            node = (node as JsonObject)?[name];
        return node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
    }

    /// <summary>The body as it is kept on record: long texts (pictures that were sent come back from some vendors) are cut.</summary>
    public JsonNode? ForRecord() => Shortened(Json) ?? (Text is null ? null : JsonValue.Create(Text));

    /// <summary>How long the vendor asks to wait: <c>retry-after-ms</c>, else <c>Retry-After</c> in seconds or as a date, else the whole seconds in the body's <c>retry_after</c>, rounded down there and so one more here; null when it does not say.</summary>
    public TimeSpan? RetryAfter(DateTimeOffset now) => AskedWait(now) is { } wait ? (wait < LongestWait ? wait : LongestWait) : null;

    private static JsonNode? Shortened(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.Select(m => KeyValuePair.Create(m.Key, Shortened(m.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Shortened)]),
        JsonValue value when value.TryGetValue(out string? text) && text.Length > LongestText => string.Create(CultureInfo.InvariantCulture, $"{text[..100]}… ({text.Length} characters)"),
        _ => node?.DeepClone(),
    };

    private TimeSpan? AskedWait(DateTimeOffset now)
    {
        if (double.TryParse(Header("retry-after-ms"), NumberStyles.Float, CultureInfo.InvariantCulture, out double ms) && ms is >= 0 and < 1e9)
            return TimeSpan.FromMilliseconds(ms);
        string? text = Header("Retry-After");
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds is >= 0 and < 1e6)
            return TimeSpan.FromSeconds(seconds);
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date) && date > now)
            return date - now;
        return (Json as JsonObject)?["retry_after"] is JsonValue value && value.TryGetValue(out double wait) && wait is >= 0 and < 1e6 ? TimeSpan.FromSeconds(wait + 1) : null;
    }
}

/// <summary>A finished picture: in a part file of the answer, or behind a link.</summary>
public sealed record Picture
{
    /// <summary>The index of the part file; null when it lies behind a link.</summary>
    public int? Part { get; init; }

    /// <summary>The link; relative where it is a path below the base URL, fetched with the key.</summary>
    public Uri? Url { get; init; }

    /// <summary>When the link dies, where the answer says so.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The seed that made it, where the vendor tells.</summary>
    public long? Seed { get; init; }

    /// <summary>A picture from a value of the vendor's JSON: <c>part:N</c> or a link; null when it is neither.</summary>
    public static Picture? From(JsonNode? value, int parts)
    {
        if (new EmbeddedDocument(null, parts).PartIndex(value) is { } part)
            return new Picture { Part = part };
        return value is JsonValue v && v.TryGetValue(out string? text) && Uri.TryCreate(text, UriKind.Absolute, out Uri? url)
            && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp) ? new Picture { Url = url } : null;
    }
}

/// <summary>What is needed to ask for a task again, from any process. Links are the vendor's own, used as given.</summary>
/// <param name="TaskId">The vendor's id.</param>
public sealed record TaskHandle(string TaskId)
{
    /// <summary>Where to ask how it stands.</summary>
    public string? StatusUrl { get; init; }

    /// <summary>Where its states are streamed.</summary>
    public string? StreamUrl { get; init; }

    /// <summary>Where the result lies, when it is not in the status.</summary>
    public string? ResultUrl { get; init; }

    /// <summary>Where to cancel it.</summary>
    public string? CancelUrl { get; init; }
}

/// <summary>What came of asking for a place to upload to.</summary>
/// <param name="Reference">What the vendor calls the picture.</param>
/// <param name="Put">The message that brings the bytes, where they did not go along with the question.</param>
public sealed record UploadAnswer(string Reference, VendorRequest? Put = null);

/// <summary>What an account has left.</summary>
/// <param name="Amount">The amount; null where no limit is set.</param>
/// <param name="Currency"><c>USD</c> or <c>credits</c>.</param>
/// <param name="Note">What it leaves out; null when there is nothing to say.</param>
public sealed record Funds(decimal? Amount, string Currency, string? Note = null);

/// <summary>What came of an order.</summary>
public abstract record SubmitAnswer
{
    private SubmitAnswer()
    {
    }

    /// <summary>What it costs, where the answer says so.</summary>
    public Cost? Cost { get; init; }

    /// <summary>What the vendor quietly did otherwise than asked, in our words; null where nothing is known of it.</summary>
    public string? Warning { get; init; }

    /// <summary>The pictures are here.</summary>
    public sealed record Finished(IReadOnlyList<Picture> Pictures) : SubmitAnswer;

    /// <summary>A picture on the way to the finished one: shown, never delivered for it.</summary>
    /// <param name="Number">Which of them, from 1.</param>
    /// <param name="Picture">The picture; null when the event holds none.</param>
    public sealed record Partial(int Number, Picture? Picture) : SubmitAnswer;

    /// <summary>The vendor works on it.</summary>
    public sealed record Accepted(TaskHandle Handle) : SubmitAnswer;

    /// <summary>No, though the HTTP status said yes.</summary>
    public sealed record Refused(VendorFailure Failure) : SubmitAnswer;
}

/// <summary>How a task stands.</summary>
public abstract record StatusAnswer
{
    private StatusAnswer()
    {
    }

    /// <summary>The vendor's own word for it.</summary>
    public string? Word { get; init; }

    /// <summary>What it costs, where the answer says so.</summary>
    public Cost? Cost { get; init; }

    /// <summary>Not finished yet. A word that is not known counts as this.</summary>
    /// <param name="Started">Whether work on it has begun.</param>
    /// <param name="Percent">0 to 100, where the vendor tells.</param>
    public sealed record Working(bool Started, double? Percent = null) : StatusAnswer;

    /// <summary>The pictures can be fetched.</summary>
    public sealed record Finished(IReadOnlyList<Picture> Pictures) : StatusAnswer;

    /// <summary>It has ended; what it brought is asked for with <see cref="Provider.Result"/>.</summary>
    public sealed record Ended : StatusAnswer;

    /// <summary>It was cancelled at the vendor.</summary>
    public sealed record Canceled : StatusAnswer;

    /// <summary>It ended without pictures.</summary>
    public sealed record Failed(VendorFailure Failure) : StatusAnswer;

    /// <summary>The vendor does not know the task (yet, or any more).</summary>
    public sealed record NotFound(VendorFailure Failure) : StatusAnswer;
}

/// <summary>A task as the vendor's own list tells it.</summary>
/// <param name="Handle">How to ask for it.</param>
/// <param name="Prompt">Its prompt, where the list tells.</param>
/// <param name="Created">When it began.</param>
/// <param name="Finished">Whether it has ended well.</param>
public sealed record FoundTask(TaskHandle Handle, string? Prompt, DateTimeOffset? Created, bool Finished)
{
    /// <summary>The model, where the list tells.</summary>
    public string? Model { get; init; }
}
