using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.FakeProviders.Log;

namespace PSImageGen.FakeProviders.Wire;

/// <summary>One request at a vendor, with what the vendor's code needs to answer it.</summary>
internal sealed class Exchange(HttpContext http, FakeVendor vendor, FakeServer server, RequestRecord record, FaultStage stage) : IDisposable
{
    private const int LongestKeptString = 4000;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private readonly CancellationTokenSource _aborted = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, server.Stopping);

    public HttpContext Http { get; } = http;

    public RequestRecord Record { get; } = record;

    public FaultStage Stage { get; private set; } = stage;

    /// <summary>Set once the client has gone or the server stops.</summary>
    public CancellationToken Aborted => _aborted.Token;

    /// <summary>The fault that strikes a request found to be in order; it also strikes the answer when that is sent.</summary>
    public Fault? Fault { get; private set; }

    public bool IsHitBy(FaultKind kind) => Fault?.Kind == kind;

    /// <summary>Looks for a fault that concerns this request; those which need no work of the vendor answer at once.</summary>
    public void MeetFault(string? prompt, FaultStage? at = null)
    {
        if (Fault is not null)
            return;
        Fault = server.Faults.Take(vendor.Name, at ?? Stage, prompt);
        Record.Fault = Fault?.Kind ?? Record.Fault;
        switch (Fault?.Kind)
        {
            case FaultKind.DropBeforeRead:
                throw new RefusedException(new Answer());
            case FaultKind.Status:
                throw new RefusedException(vendor.FaultAnswer(Fault, Fault.Status!.Value));
            case FaultKind.Redirect:
                throw new RefusedException(new Answer
                {
                    Status = Fault.Status ?? 307,
                    Headers = { ["Location"] = Fault.Location ?? server.ElsewhereUrl },
                });
        }
    }

    /// <summary>Looks for a fault that strikes before anything of the request is known.</summary>
    public async Task MeetFaultBeforeReadAsync()
    {
        Fault = server.Faults.TakeBeforeRead(vendor.Name, Stage);
        Record.Fault = Fault?.Kind;
        if (IsHitBy(FaultKind.HangBeforeRead))
            await HangAsync();
        else if (Fault is not null)
            throw new RefusedException(new Answer());
    }

    public void Bill(int images) => server.Log.Bill(Record, images);

    public void Drop()
    {
        Record.Outcome = "dropped";
        Http.Abort();
    }

    public async Task HangAsync()
    {
        Record.Outcome = "hanging";
        await server.HangAsync(Aborted);
        Record.Outcome = "in flight";
    }

    public async Task<byte[]> ReadBodyAsync()
    {
        using var buffer = new MemoryStream();
        await Http.Request.Body.CopyToAsync(buffer, Aborted);
        byte[] body = buffer.ToArray();
        server.CheckBody(body, Record);
        return body;
    }

    /// <summary>The body as a JSON object; null when it is none.</summary>
    public async Task<JsonElement?> ReadJsonAsync()
    {
        byte[] body = await ReadBodyAsync();
        try
        {
            using JsonDocument document = JsonDocument.Parse(body, Strict);
            JsonElement root = document.RootElement.Clone();
            Record.Body = Shorten(JsonNode.Parse(body));
            return root.ValueKind == JsonValueKind.Object ? root : null;
        }
        catch (JsonException)
        {
            Record.Body = JsonValue.Create(Cut(Encoding.UTF8.GetString(body)));
            return null;
        }
    }

    public void Dispose() => _aborted.Dispose();

    private static JsonNode? Shorten(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                return new JsonObject(map.Select(pair => KeyValuePair.Create(pair.Key, pair.Key == "prompt" ? pair.Value?.DeepClone() : Shorten(pair.Value))));
            case JsonArray list:
                return new JsonArray([.. list.Select(Shorten)]);
            case JsonValue value when value.TryGetValue(out string? text):
                return JsonValue.Create(Cut(text));
            default:
                return node?.DeepClone();
        }
    }

    private static string Cut(string text) => text.Length <= LongestKeptString ? text : $"{text[..60]}… ({text.Length} characters)";
}
