namespace PSImageGen.FakeProviders.Wire;

/// <summary>User and password as HTTP's basic scheme sends them.</summary>
internal static class BasicKey
{
    private const string Prefix = "Basic ";

    /// <summary>The credentials as they are on the wire; null when there are none.</summary>
    public static string? Of(HttpRequest request) =>
        request.Headers.Authorization.ToString() is { } value && value.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? value[Prefix.Length..] : null;

    /// <summary>What is on the wire for a user and a password.</summary>
    public static string For(string userAndPassword) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(userAndPassword));
}
