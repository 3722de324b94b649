using System.Net;
using System.Net.Sockets;

namespace PSImageGen.Core.Wire;

/// <summary>The one thing that is fetched because a user names it and not because a vendor is asked: a document.</summary>
public sealed partial class Transport
{
    /// <summary>Fetches a document, without any key. A redirect is followed within its own origin only; a private address must have been named as such.</summary>
    /// <param name="address">The http(s) address as the user gave it.</param>
    /// <param name="limit">The most bytes.</param>
    /// <param name="cancel">Ends the exchange.</param>
    /// <returns>The bytes; null when there are more than the limit.</returns>
    /// <exception cref="ExchangeException">It did not come, and why.</exception>
    public async Task<byte[]?> FetchAsync(Uri address, int limit, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(address);
        using CancellationTokenSource idle = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        HttpMessageInvoker invoker = Endpoint.IsPrivateHost(address) ? _own : _links;
        try
        {
            for (int hop = 0; ; hop++)
            {
                using HttpRequestMessage message = new(HttpMethod.Get, address) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
                message.Headers.TryAddWithoutValidation("Accept", "application/json, application/yaml, text/yaml, */*;q=0.5");
                message.Headers.TryAddWithoutValidation("User-Agent", "PSImageGen");
                idle.CancelAfter(_limits.Headers);
                using HttpResponseMessage response = await invoker.SendAsync(message, idle.Token).ConfigureAwait(false);
                idle.CancelAfter(_limits.BetweenBytes);
                int status = (int)response.StatusCode;
                if (status is >= 300 and < 400 && response.Headers.Location is { } location)
                {
                    Uri next = new(address, location);
                    if (hop >= MaxRedirects || next.Scheme != address.Scheme || next.Authority != address.Authority)
                        throw new ExchangeException(true, true, Words.Of($"{address.Authority} leads on to {next.Authority}, which was not named, so it was not followed."), null);
                    address = next;
                    continue;
                }

                if (status != 200)
                    throw new ExchangeException(true, true, Words.Of($"{address.Authority} answered {status}."), null);
                if (response.Content.Headers.ContentLength > limit)
                    return null;
                using MemoryStream whole = new();
                Stream body = await response.Content.ReadAsStreamAsync(idle.Token).ConfigureAwait(false);
                byte[] buffer = new byte[80 << 10];
                int read;
                while ((read = await body.ReadAsync(buffer, idle.Token).ConfigureAwait(false)) > 0)
                {
                    idle.CancelAfter(_limits.BetweenBytes);
                    if (whole.Length + read > limit)
                        return null;
                    whole.Write(buffer, 0, read);
                }

                return whole.ToArray();
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or SocketException or TimeoutException)
        {
            cancel.ThrowIfCancellationRequested();
            throw new ExchangeException(true, false, Describe(e, address), e);
        }
    }
}
