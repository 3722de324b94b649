using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PSImageGen.FakeProviders.Wire;

/// <summary>Links that hold their own permission and its end, as those of storage services do.</summary>
internal sealed class SignedLinks
{
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, bool> _dead = new();
    private int _number;

    /// <summary>A link unlike all before it.</summary>
    public string Make(string origin, string path, double lifetimeSeconds)
    {
        // The signature holds +, / and =, escaped: a client must use the link as it came.
        string expiry = DateTimeOffset.UtcNow.AddSeconds(lifetimeSeconds).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        string number = Interlocked.Increment(ref _number).ToString(CultureInfo.InvariantCulture);
        return $"{origin}{path}?se={expiry}&nr={number}&sig={Uri.EscapeDataString(Signature(path, expiry, number))}";
    }

    /// <summary>Whether a request came by a link that holds.</summary>
    public bool IsAlive(HttpRequest request)
    {
        string expiry = request.Query["se"].ToString(), number = request.Query["nr"].ToString();
        return request.Query["sig"] == Signature(request.Path, expiry, number)
            && !_dead.ContainsKey(number)
            && long.TryParse(expiry, CultureInfo.InvariantCulture, out long end)
            && DateTimeOffset.UtcNow < DateTimeOffset.FromUnixTimeMilliseconds(end);
    }

    /// <summary>Ends the link by which a request came.</summary>
    public void Kill(HttpRequest request) => _dead[request.Query["nr"].ToString()] = true;

    private string Signature(PathString path, string expiry, string number) =>
        Convert.ToBase64String(HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes($"{path.Value}\n{expiry}\n{number}")));
}
