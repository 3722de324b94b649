using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.Core.Providers;

namespace PSImageGen.Core.Wire;

/// <summary>Sends a message once and reads the answer. It repeats nothing, follows no redirect by itself and keeps no cookie.</summary>
public sealed partial class Transport : IDisposable
{
    private const int MaxRedirects = 5;
    private const long MaxJson = 64L << 20;
    private const long MaxPicture = 256L << 20;
    private const int MaxText = 4000;
    private const int MaxFailure = 1 << 20;

    private readonly HttpMessageInvoker _orders;
    private readonly HttpMessageInvoker _own;
    private readonly HttpMessageInvoker _links;
    private readonly TransportLimits _limits;

    /// <summary>Opens a transport.</summary>
    /// <param name="proxy">The proxy; null for the system's own settings.</param>
    /// <param name="limits">How long to wait for what; null for the defaults.</param>
    public Transport(IWebProxy? proxy = null, TransportLimits? limits = null)
    {
        _limits = limits ?? new TransportLimits();
        // An order gets a connection of its own: on a kept one, a server that is just closing it would leave the outcome unknown.
        _orders = new HttpMessageInvoker(Handler(proxy, guarded: false, keep: TimeSpan.Zero));
        _own = new HttpMessageInvoker(Handler(proxy, guarded: false, keep: TimeSpan.FromMinutes(2)));
        _links = new HttpMessageInvoker(Handler(proxy, guarded: true, keep: TimeSpan.FromMinutes(2)));
    }

    /// <summary>Sends a message and reads its answer; pictures in it go to part files.</summary>
    /// <param name="endpoint">Whom.</param>
    /// <param name="request">What.</param>
    /// <param name="files">The input images the body refers to.</param>
    /// <param name="openPart">Opens the file for the picture with an index; null where none is expected.</param>
    /// <param name="events">Takes the events of an answer that is a stream; null where none is expected.</param>
    /// <param name="stop">Cancelled before the body begins to leave, it never leaves; afterwards it means nothing.</param>
    /// <param name="headerTimeout">How long the answer may take to begin; null for as long as <paramref name="cancel"/> allows.</param>
    /// <param name="cancel">Ends the exchange.</param>
    /// <exception cref="ExchangeException">No whole answer was seen; it says whether anything was sent.</exception>
    public async Task<VendorAnswer> ExchangeAsync(Endpoint endpoint, VendorRequest request, IReadOnlyList<InputFile> files, Func<int, Stream>? openPart,
        EventTaker? events, TimeSpan? headerTimeout, CancellationToken cancel, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(request);
        Uri address = endpoint.Resolve(request);
        bool link = Endpoint.IsLink(request.Address);
        using CancellationTokenSource idle = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        TrackedContent? tracked = null;
        try
        {
            for (int hop = 0; ; hop++)
            {
                CheckLink(endpoint, address, link);
                using HttpRequestMessage message = Message(endpoint, request, address, link);
                if (request.Method != HttpMethod.Get)
                    message.Content = tracked = new TrackedContent(Content(request, files), stop);
                if (headerTimeout is { } limit)
                    idle.CancelAfter(limit);
                using HttpMessageInvoker? local = endpoint.Profile.Handler is { } handler ? new HttpMessageInvoker(handler()) : null;
                HttpMessageInvoker invoker = local ?? (link && !endpoint.MayBePrivate(address) ? _links : request.Method == HttpMethod.Get ? _own : _orders);
                using HttpResponseMessage response = await invoker.SendAsync(message, idle.Token).ConfigureAwait(false);
                idle.CancelAfter(_limits.BetweenBytes);

                // A question may be sent on within its own origin; an order never.
                if (request.Method == HttpMethod.Get && hop < MaxRedirects && (int)response.StatusCode is >= 300 and < 400
                    && response.Headers.Location is { } location && new Uri(address, location) is { } next && next.Scheme == address.Scheme && next.Authority == address.Authority)
                {
                    address = next;
                    continue;
                }

                // The answer to an order may be long in coming even after its headers: giving up early would gain nothing.
                if (headerTimeout is null)
                    idle.CancelAfter(Timeout.InfiniteTimeSpan);
                return await ReadAsync(endpoint, request, response, openPart, events, idle).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or SocketException or TimeoutException or InvalidDataException)
        {
            // A cancelled exchange is a cancellation only while nothing was sent; after that it is an outcome nobody saw.
            bool sent = tracked?.Started ?? false;
            if (!sent)
                cancel.ThrowIfCancellationRequested();
            throw new ExchangeException(sent, e is InvalidDataException, Describe(e, address), e);
        }
    }

    /// <summary>
    /// Fetches a picture: from a link, without any key; or, where the address is a path, from below the base URL, with the key. Follows a
    /// few redirects but never down to http.
    /// </summary>
    /// <returns>The answer; when its status is 200 the file is written.</returns>
    /// <exception cref="ExchangeException">The file did not arrive whole.</exception>
    public async Task<VendorAnswer> DownloadAsync(Endpoint endpoint, Uri address, Func<Stream> open, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(open);
        using CancellationTokenSource idle = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        VendorRequest request = VendorRequest.Get(address.OriginalString) with { Accept = "image/*,*/*;q=0.5", WithoutKey = address.IsAbsoluteUri };
        address = endpoint.Resolve(request);
        try
        {
            for (int hop = 0; ; hop++)
            {
                CheckLink(endpoint, address, link: true);
                using HttpRequestMessage message = Message(endpoint, request, address, link: true);
                idle.CancelAfter(_limits.Headers);
                using HttpResponseMessage response = await (endpoint.MayBePrivate(address) ? _own : _links).SendAsync(message, idle.Token).ConfigureAwait(false);
                idle.CancelAfter(_limits.BetweenBytes);
                int status = (int)response.StatusCode;
                if (status is >= 300 and < 400 && hop < MaxRedirects && response.Headers.Location is { } location)
                {
                    Uri next = new(address, location);
                    if (next.Scheme != Uri.UriSchemeHttps && (address.Scheme == Uri.UriSchemeHttps || next.Scheme != Uri.UriSchemeHttp))
                        return new VendorAnswer(status, Headers(response), null, Words.Of("The link leads from https down to another scheme."), 0);
                    address = next;
                    continue;
                }

                if (status != 200)
                    return new VendorAnswer(status, Headers(response), null, null, 0);

                Stream body = await response.Content.ReadAsStreamAsync(idle.Token).ConfigureAwait(false);
                Stream file = open();
                await using (file.ConfigureAwait(false))
                    await CopyAsync(body, file, idle).ConfigureAwait(false);
                return new VendorAnswer(status, Headers(response), null, null, 1);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or SocketException or TimeoutException or InvalidDataException)
        {
            cancel.ThrowIfCancellationRequested();
            throw new ExchangeException(true, e is InvalidDataException, Describe(e, address), e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _orders.Dispose();
        _own.Dispose();
        _links.Dispose();
    }

    private static HttpRequestMessage Message(Endpoint endpoint, VendorRequest request, Uri address, bool link)
    {
        HttpRequestMessage message = new(request.Method, address) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        message.Headers.TryAddWithoutValidation("Accept", request.Accept);
        message.Headers.TryAddWithoutValidation("User-Agent", "PSImageGen");
        foreach ((string name, string value) in request.Headers)
            message.Headers.TryAddWithoutValidation(name, value);
        if (endpoint.Credential is { } credential && !request.WithoutKey && (!link || endpoint.MaySeeKey(address)))
            message.Headers.TryAddWithoutValidation(endpoint.Profile.KeyHeader, endpoint.Profile.KeyPrefix + credential.Reveal());
        return message;
    }

    private static HttpContent? Content(VendorRequest request, IReadOnlyList<InputFile> files)
    {
        try
        {
            return request.Body.ToContent(files);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // An input image went away after it was checked. That is no matter of the network.
            throw Errors.ImageUnreadable(files[0].Path, e);
        }
    }

    private static void CheckLink(Endpoint endpoint, Uri address, bool link)
    {
        if (link && Endpoint.IsPrivateHost(address) && !endpoint.MayBePrivate(address))
            throw new ExchangeException(false, true, Words.Of($"The link leads to a private address ({address.Host}), so it was not followed."), null);
    }

    private async Task<VendorAnswer> ReadAsync(Endpoint endpoint, VendorRequest request, HttpResponseMessage response, Func<int, Stream>? openPart, EventTaker? events, CancellationTokenSource idle)
    {
        IReadOnlyDictionary<string, string> headers = Headers(response);
        int status = (int)response.StatusCode;
        string type = response.Content.Headers.ContentType?.MediaType ?? string.Empty;
        Stream raw = await response.Content.ReadAsStreamAsync(idle.Token).ConfigureAwait(false);
        bool isStream = events is not null && response.IsSuccessStatusCode && SseAnswer.Judge(200, headers.GetValueOrDefault("Content-Type")) == SseAnswerKind.Stream;
        // Where the stream is the only answer there will ever be, giving it up for its silence would gain nothing.
        TimeSpan silence = !isStream ? _limits.BetweenBytes : endpoint.Profile.Synchronous ? Timeout.InfiniteTimeSpan : _limits.BetweenEvents;
        if (isStream)
            idle.CancelAfter(silence);
        using ProgressingStream body = new(raw, () => idle.CancelAfter(silence));
        if (isStream)
            return await ListenAsync(endpoint, request, body, status, headers, events!, idle.Token).ConfigureAwait(false);

        if (response.IsSuccessStatusCode && openPart is not null && type.StartsWith("image/", StringComparison.OrdinalIgnoreCase))
        {
            Stream file = openPart(0);
            await using (file.ConfigureAwait(false))
                await CopyAsync(raw, file, idle).ConfigureAwait(false);
            return new VendorAnswer(status, headers, null, null, 1);
        }

        if (response.IsSuccessStatusCode)
        {
            try
            {
                EmbeddedDocument document = await EmbeddedImageReader.ReadAsync(body, request.ImageFields, openPart ?? (_ => Stream.Null), MaxPicture, MaxJson, idle.Token).ConfigureAwait(false);
                return new VendorAnswer(status, headers, Masked(document.Root, endpoint), null, document.PartCount);
            }
            catch (Exception e) when (e is JsonException or EndOfStreamException)
            {
                return new VendorAnswer(status, headers, null, e is EndOfStreamException ? Words.Of("The answer was cut short.") : Words.Of("The answer is no JSON."), 0);
            }
        }

        // A "no" may repeat what was sent, pictures included; those are nobody's business.
        MemoryStream failed = await ReadSomeAsync(body, idle.Token).ConfigureAwait(false);
        JsonNode? json = await WithoutPicturesAsync(failed, request.ImageFields, idle.Token).ConfigureAwait(false);
        string text = Encoding.UTF8.GetString(failed.GetBuffer(), 0, (int)Math.Min(failed.Length, MaxText * 4));
        return new VendorAnswer(status, headers, Masked(json, endpoint), json is null ? Cleaned(text, endpoint) : null, 0);
    }

    // Until nobody wants more. What was begun and never finished counts as the last event: there may be an id in it.
    private static async Task<VendorAnswer> ListenAsync(Endpoint endpoint, VendorRequest request, Stream body, int status, IReadOnlyDictionary<string, string> headers,
        EventTaker events, CancellationToken cancel)
    {
        SseReader reader = new(body);
        async Task<VendorAnswer> AnswerAsync(SseEvent e, Func<int, Stream>? openPart)
        {
            try
            {
                EmbeddedDocument document = await EmbeddedImageReader.ReadAsync(e.OpenData(), request.ImageFields, openPart ?? (_ => Stream.Null), MaxPicture, MaxJson, cancel).ConfigureAwait(false);
                return new VendorAnswer(status, headers, Masked(document.Root, endpoint), null, document.PartCount);
            }
            catch (Exception error) when (error is JsonException or EndOfStreamException or InvalidDataException)
            {
                // A link, a line of a log.
                return new VendorAnswer(status, headers, null, e.DataBytes <= MaxText * 4 ? Cleaned(e.Data, endpoint) : null, 0);
            }
        }

        async Task<bool> TakeAsync(SseEvent e)
        {
            // What an event is must be known before its pictures may lie where a finished one is looked for; so it is read twice.
            VendorAnswer answer = await AnswerAsync(e, null).ConfigureAwait(false);
            if (answer.Parts > 0 && events.PartsOf?.Invoke(e.Type, answer) is { } openPart)
                answer = await AnswerAsync(e, openPart).ConfigureAwait(false);
            return events.Take(e.Type, answer);
        }

        VendorAnswer heard = new(status, headers, null, null, 0);
        await foreach (SseEvent e in reader.ReadAsync(cancel).ConfigureAwait(false))
        {
            // How several vendors end a stream; the connection may stay open.
            if (e.DataBytes <= 16 && e.Data.StartsWith("[DONE]", StringComparison.Ordinal))
                throw new EndOfStreamException();
            if (!await TakeAsync(e).ConfigureAwait(false))
                return heard;
        }

        return reader.Unfinished is { } unfinished && !await TakeAsync(unfinished).ConfigureAwait(false) ? heard : throw new EndOfStreamException();
    }

    // A vendor may echo the key: it must not reach a record or a message, however it is spelled in the JSON.
    private static JsonNode? Masked(JsonNode? json, Endpoint endpoint) => Secrets(endpoint).Aggregate(json, Masked);

    private static string Cleaned(string text, Endpoint endpoint) => Secrets(endpoint).Aggregate(PlainText.Clean(text, MaxText), (clean, key) => PlainText.Clean(clean, MaxText + 1, key));

    private static IEnumerable<string> Secrets(Endpoint endpoint) => endpoint.Credential?.Secrets.Where(s => s.Length > 0) ?? [];

    private static JsonNode? Masked(JsonNode? json, string key)
    {
        switch (json)
        {
            case JsonObject members:
                foreach ((string name, JsonNode? value) in members.ToArray())
                {
                    members.Remove(name);
                    members[name.Replace(key, "***", StringComparison.Ordinal)] = Masked(value, key);
                }

                return members;
            case JsonArray items:
                JsonNode?[] all = [.. items];
                items.Clear();
                foreach (JsonNode? item in all)
                    items.Add(Masked(item, key));
                return items;
            case JsonValue value when value.TryGetValue(out string? text) && text.Contains(key, StringComparison.Ordinal):
                return JsonValue.Create(text.Replace(key, "***", StringComparison.Ordinal));
            default:
                return json;
        }
    }

    private static async Task<MemoryStream> ReadSomeAsync(Stream body, CancellationToken cancel)
    {
        MemoryStream some = new();
        byte[] buffer = new byte[16 << 10];
        int read;
        while (some.Length < MaxFailure && (read = await body.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0)
            some.Write(buffer, 0, read);
        return some;
    }

    private static async Task<JsonNode?> WithoutPicturesAsync(MemoryStream json, IReadOnlySet<string> imageFields, CancellationToken cancel)
    {
        try
        {
            json.Position = 0;
            return (await EmbeddedImageReader.ReadAsync(json, imageFields, _ => Stream.Null, MaxFailure, MaxFailure, cancel).ConfigureAwait(false)).Root;
        }
        catch (Exception e) when (e is JsonException or EndOfStreamException or InvalidDataException)
        {
            // A page of HTML or another text.
            return null;
        }
    }

    private async Task CopyAsync(Stream from, Stream to, CancellationTokenSource idle)
    {
        byte[] buffer = new byte[80 << 10];
        long total = 0;
        int read;
        while ((read = await from.ReadAsync(buffer, idle.Token).ConfigureAwait(false)) > 0)
        {
            idle.CancelAfter(_limits.BetweenBytes);
            total += read;
            if (total > MaxPicture)
                throw new InvalidDataException(Words.Of($"The file is larger than {MaxPicture >> 20} MB."));
            await to.WriteAsync(buffer.AsMemory(0, read), idle.Token).ConfigureAwait(false);
        }
    }

    private static Dictionary<string, string> Headers(HttpResponseMessage response)
    {
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        // As they were sent: the validated form loses what it does not understand.
        foreach (HttpHeadersNonValidated part in new[] { response.Headers.NonValidated, response.Content.Headers.NonValidated })
        {
            foreach ((string name, HeaderStringValues values) in part)
                headers[name] = values.ToString();
        }

        return headers;
    }

    private static string Describe(Exception e, Uri address) => e switch
    {
        InvalidDataException => e.Message,
        EndOfStreamException => Words.Of($"The stream of {address.Authority} ended before the result came."),
        OperationCanceledException or TimeoutException => Words.Of($"{address.Authority} did not answer in time."),
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => Words.Of($"The name {address.Host} was not found: is there a network?"),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => Words.Of($"No connection to {address.Authority}."),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => Words.Of($"No secure connection to {address.Authority}."),
        HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } => Words.Of("The proxy refused the connection."),
        _ => Words.Of($"The connection to {address.Authority} broke."),
    };

    private SocketsHttpHandler Handler(IWebProxy? proxy, bool guarded, TimeSpan keep)
    {
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = _limits.Connect,
            PooledConnectionLifetime = keep,
            MaxConnectionsPerServer = 64,
        };
        if (proxy is not null)
            handler.Proxy = proxy;
        // Behind a proxy the name is looked up there, so only the address itself can be checked.
        if (guarded && proxy is null && HttpClient.DefaultProxy.GetProxy(new Uri("https://example.com")) is null)
            handler.ConnectCallback = ConnectPublicAsync;
        return handler;
    }

    private static async ValueTask<Stream> ConnectPublicAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        IPAddress[] addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancel).ConfigureAwait(false);
        IPAddress[] open = [.. addresses.Where(a => !Endpoint.IsPrivateAddress(a))];
        if (open.Length == 0)
            throw new HttpRequestException(HttpRequestError.ConnectionError, Words.Of($"The link leads to a private address ({context.DnsEndPoint.Host}), so it was not followed."));
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(open, context.DnsEndPoint.Port, cancel).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
