using System.Text;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.FakeProviders.Log;

namespace PSImageGen.FakeProviders;

/// <summary>What all vendors share: the books, the faults, and the watch over keys.</summary>
internal sealed class FakeServer(IReadOnlyList<FakeVendor> vendors, Action<RequestRecord>? onRequest) : IDisposable
{
    public const string ElsewherePath = "/elsewhere";

    private static readonly string[] HarmlessHeaders =
    [
        "Accept", "Content-Type", "Content-Length", "Transfer-Encoding", "Expect", "User-Agent", "Idempotency-Key", "Accept-Encoding", "Referer",
        "Cache-Control", "Last-Event-ID", "Prefer", "Cancel-After",
        "X-Fal-Request-Timeout", "X-Fal-No-Retry", "X-Fal-Queue-Priority", "X-Fal-Store-IO", "X-Fal-Object-Lifecycle-Preference",
    ];

    private readonly CancellationTokenSource _stopping = new();
    private TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _activeRequests;
    private int _activeConnections;
    private int _hanging;

    public IReadOnlyList<FakeVendor> Vendors { get; } = vendors;

    public FaultBook Faults { get; } = new();

    public RequestLog Log { get; } = new();

    /// <summary>Scheme, host and port, once the server listens.</summary>
    public string Origin { get; private set; } = "";

    /// <summary>A place of another origin, where no vendor lives.</summary>
    public string ElsewhereUrl => ForeignOrigin + ElsewherePath;

    /// <summary>The same server under another name, which makes it another origin.</summary>
    public string ForeignOrigin { get; private set; } = "";

    public CancellationToken Stopping => _stopping.Token;

    public int ActiveRequests => _activeRequests;

    public int ActiveConnections => _activeConnections;

    public int Hanging => _hanging;

    public static RequestRecord RecordOf(HttpContext http) => (RequestRecord)http.Items[typeof(RequestRecord)]!;

    public void Listen(int port) => (Origin, ForeignOrigin) = ($"http://127.0.0.1:{port}", $"http://localhost:{port}");

    public void Stop() => _stopping.Cancel();

    public void Release() => Interlocked.Exchange(ref _release, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();

    public async Task HangAsync(CancellationToken aborted)
    {
        Task released = _release.Task;
        Interlocked.Increment(ref _hanging);
        try
        {
            await released.WaitAsync(aborted);
        }
        finally
        {
            Interlocked.Decrement(ref _hanging);
        }
    }

    public async Task CountConnectionAsync(Func<Task> next)
    {
        Interlocked.Increment(ref _activeConnections);
        try
        {
            await next();
        }
        finally
        {
            Interlocked.Decrement(ref _activeConnections);
        }
    }

    /// <summary>The middleware around every request but those to the controls.</summary>
    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        HttpRequest request = http.Request;
        FakeVendor? owner = Vendors.FirstOrDefault(vendor => vendor.Owns(request.Path));
        string? offered = owner?.OfferedKey(request);
        var record = new RequestRecord
        {
            Vendor = owner?.Name,
            Method = request.Method,
            Path = request.Path + request.QueryString.Value,
            Host = request.Host.Value,
            Headers = [.. request.Headers.Keys],
            HeaderValues = HarmlessHeaders
                .Where(request.Headers.ContainsKey)
                .ToDictionary(name => name, name => Masked(request.Headers[name].ToString())),
            KeyPresent = offered is not null,
            KeyOk = owner is not null && offered == owner.Key,
        };
        http.Items[typeof(RequestRecord)] = record;
        Log.Add(record);
        CheckHeaders(request, owner, record);
        Interlocked.Increment(ref _activeRequests);
        try
        {
            await next(http);
            if (!http.Response.HasStarted && owner is not null && http.GetEndpoint() is null or { DisplayName: "405 HTTP Method Not Supported" })
                await WriteRoutingErrorAsync(http, owner);
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested || _stopping.IsCancellationRequested)
        {
            if (record.Outcome != "dropped")
                record.Outcome = "client gone";
            http.Abort();
        }
        catch (BadHttpRequestException exception)
        {
            record.Outcome = "client gone: " + exception.Message;
            http.Abort();
        }
        finally
        {
            Interlocked.Decrement(ref _activeRequests);
            if (record.Outcome == "in flight")
                (record.Outcome, record.Status) = ("answered", http.Response.StatusCode);
            onRequest?.Invoke(record);
        }
    }

    public void CheckBody(ReadOnlySpan<byte> body, RequestRecord record)
    {
        foreach (FakeVendor vendor in Vendors)
        {
            if (body.IndexOf(Encoding.ASCII.GetBytes(vendor.Key)) >= 0)
                Log.AddViolation(vendor.Name, record, "the key is in the body");
        }
    }

    public void Dispose() => _stopping.Dispose();

    private void CheckHeaders(HttpRequest request, FakeVendor? owner, RequestRecord record)
    {
        string path = request.Path + request.QueryString.Value;
        foreach (FakeVendor vendor in Vendors)
        {
            if (path.Contains(vendor.Key, StringComparison.Ordinal))
                Log.AddViolation(vendor.Name, record, "the key is in the URL");
            if (!request.Headers.Any(header => header.Value.Any(value => value?.Contains(vendor.Key, StringComparison.Ordinal) == true)))
                continue;
            if (vendor != owner)
                Log.AddViolation(vendor.Name, record, "the key was sent to a path which is not this vendor's");
            else if (!vendor.TakesKey(request.Path))
                Log.AddViolation(vendor.Name, record, "the key was sent where it does not belong");
            else if (request.Host.Value is { } host && "http://" + host != Origin)
                Log.AddViolation(vendor.Name, record, $"the key was sent to another origin, {host}");
        }

        if (owner is null && !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method))
            Log.AddViolation("-", record, "something was posted to nobody's path");
    }

    private string Masked(string value) => Vendors.Aggregate(value, (text, vendor) => text.Replace(vendor.Key, "***", StringComparison.Ordinal));

    private static async Task WriteRoutingErrorAsync(HttpContext http, FakeVendor owner)
    {
        Wire.Answer answer = owner.ErrorFor(http.Response.StatusCode);
        http.Response.ContentType = answer.ContentType;
        await http.Response.Body.WriteAsync(answer.Body, http.RequestAborted);
    }
}
