using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.OwnServers;

/// <summary>A server that a user runs at home: free, found by its address alone, with a password if it is told to ask for one.</summary>
public abstract class OwnServer : FakeVendor
{
    private protected OwnServer(string workSetting, double workSeconds)
        : base(workSetting, workSeconds)
    {
    }

    /// <inheritdoc/>
    public override string BaseUrlVariable => "STABLE_DIFFUSION_LOCAL_BASE_URL";

    /// <inheritdoc/>
    public override string? KeyVariable => null;

    /// <inheritdoc/>
    public override string Key => BasicKey.For("artist:" + Password);

    /// <inheritdoc/>
    public override bool IsOptional => true;

    /// <summary>Whether it asks for a password.</summary>
    public bool WantsPassword { get; set; }

    /// <summary>The base URL with user and password in it.</summary>
    public string BaseUrlWithPassword => BaseUrl.Replace("://", $"://artist:{Password}@", StringComparison.Ordinal);

    /// <summary>What must be seen nowhere.</summary>
    public string Password => "palette-" + Name;

    internal override bool Owns(PathString path) => path.StartsWithSegments(BasePath);

    internal override bool TakesKey(PathString path) => true;

    internal override string? OfferedKey(HttpRequest request) => BasicKey.Of(request);

    /// <summary>Refuses a request without the password, where one is asked for.</summary>
    private protected void CheckPassword(Exchange exchange)
    {
        if (WantsPassword && !exchange.Record.KeyOk)
            throw new RefusedException(Denied(OfferedKey(exchange.Http.Request)));
    }
}
