using System.Net;
using System.Net.Sockets;
using PSImageGen.Core.Credentials;
using PSImageGen.Core.Providers;

namespace PSImageGen.Core.Wire;

/// <summary>Where a provider's calls go, and to whom its key may be shown.</summary>
/// <param name="Profile">The provider.</param>
/// <param name="BaseUrl">The vendor's address or its override.</param>
/// <param name="Credential">The key; null where none is needed.</param>
public sealed record Endpoint(ProviderProfile Profile, Uri BaseUrl, Credential? Credential)
{
    /// <summary>The full address of a request: a path below the base URL, a path on another host of the vendor, or a link as it is.</summary>
    public Uri Resolve(VendorRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (IsLink(request.Address))
            return Uri.TryCreate(request.Address, UriKind.Absolute, out Uri? link) ? link : throw new ExchangeException(false, true, Words.Of("The link of the vendor is no web address."), null);
        Uri root = request.OtherHost is { } other && BaseUrl == Profile.BaseUrl ? other : BaseUrl;
        return new Uri(root.AbsoluteUri.TrimEnd('/') + "/" + request.Address.TrimStart('/'));
    }

    /// <summary>Whether an address is a link from an answer and not a path of ours.</summary>
    public static bool IsLink(string address) => address.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || address.StartsWith("http://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the key may go to an address: only the base URL's own host and port, or the vendor's hosts over https.</summary>
    public bool MaySeeKey(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.Scheme == BaseUrl.Scheme && address.Authority == BaseUrl.Authority)
            return true;
        return address.Scheme == Uri.UriSchemeHttps && Profile.KeyHosts.Any(host => host.StartsWith('.')
            ? address.Host.EndsWith(host, StringComparison.OrdinalIgnoreCase)
            : string.Equals(address.Host, host, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether the base URL itself lies on this machine or in a private network, so that links may lead there too.</summary>
    public bool IsPrivate => IsPrivateHost(BaseUrl);

    /// <summary>Whether an address may lie in a private network: the base URL's own, or any where the base URL lies in one.</summary>
    public bool MayBePrivate(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return IsPrivate || address.Authority == BaseUrl.Authority;
    }

    /// <summary>Whether an address names this machine or a private network by itself. Names are checked again when they have been looked up.</summary>
    public static bool IsPrivateHost(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.IsLoopback || string.Equals(address.Host, "localhost", StringComparison.OrdinalIgnoreCase)
            || address.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(address.Host.Trim('[', ']'), out IPAddress? ip) && IsPrivateAddress(ip));
    }

    /// <summary>Whether an IP address is loopback, private, link-local, unspecified, shared or multicast.</summary>
    public static bool IsPrivateAddress(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (IPAddress.IsLoopback(address))
            return true;
        byte[] b = address.GetAddressBytes();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? b[0] is 0 or 10 or 127 or >= 224 || (b[0] == 172 && b[1] is >= 16 and <= 31) || (b[0] == 192 && b[1] == 168) || (b[0] == 169 && b[1] == 254) || (b[0] == 100 && b[1] is >= 64 and <= 127)
            : address.IsIPv6LinkLocal || address.IsIPv6SiteLocal || address.IsIPv6Multicast || (b[0] & 0xFE) == 0xFC || address.Equals(IPAddress.IPv6None);
    }
}
