namespace PSImageGen.FakeProviders.Wire;

/// <summary>Keys of the <c>Authorization: Bearer</c> kind.</summary>
internal static class BearerKey
{
    private const string Scheme = "Bearer ";

    /// <summary>The key of a request; another scheme's text as it is; null when there is no such header.</summary>
    public static string? Of(HttpRequest request)
    {
        string value = request.Headers.Authorization.ToString();
        return value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? value[Scheme.Length..].Trim() : value.Length > 0 ? value : null;
    }
}
