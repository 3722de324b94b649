using System.Management.Automation;
using System.Net;

namespace PSImageGen.Commands;

/// <summary>The proxy of a command.</summary>
internal static class ProxySettings
{
    /// <summary>The proxy given; null for the system's own settings.</summary>
    public static IWebProxy? Of(Uri? address, PSCredential? credential) =>
        address is null ? null : new WebProxy(address) { Credentials = credential?.GetNetworkCredential(), BypassProxyOnLocal = false };
}
