using System.Management.Automation;
using System.Security;
using PSImageGen.Core;
using PSImageGen.Core.Credentials;
using PSImageGen.Core.OpenApi;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Providers.Described;
using PSImageGen.Core.Tasks;
using PSImageGen.Core.Wire;
using PSImageGen.Credentials;

namespace PSImageGen.Commands;

/// <summary>Keeps a vendor that an OpenAPI document describes as a provider, for all commands.</summary>
[Cmdlet(VerbsLifecycle.Register, "AIImageProvider", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(ProviderInfo))]
public sealed class RegisterAIImageProviderCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    /// <summary>The name to give to -Provider.</summary>
    [Parameter(Position = 0, Mandatory = true)]
    public string Name { get; set; } = string.Empty;

    /// <summary>The path or link of the document.</summary>
    [Parameter(Position = 1, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string OpenApi { get; set; } = string.Empty;

    /// <summary>Where calls go; by default the first address of the document.</summary>
    [Parameter]
    public Uri? BaseUrl { get; set; }

    /// <summary>The name of the environment variable that holds the key, or the key itself as a SecureString or PSCredential.</summary>
    [Parameter]
    [KeyOrVariable]
    [ValidateNotNull]
    public object? Credential { get; set; }

    /// <summary>The endpoints that make pictures, such as 'POST /images'; by default those that look like it.</summary>
    [Parameter]
    public string[] Endpoint { get; set; } = [];

    /// <summary>Where a task is asked for, such as 'GET /jobs/{id}'.</summary>
    [Parameter]
    public string? PollEndpoint { get; set; }

    /// <summary>Where the result of an ended task is asked for, where its state does not tell.</summary>
    [Parameter]
    public string? ResultEndpoint { get; set; }

    /// <summary>Where answers hold the id of a task, such as job.id.</summary>
    [Parameter]
    public string[] IdField { get; set; } = [];

    /// <summary>Where answers hold the state of a task.</summary>
    [Parameter]
    public string[] StatusField { get; set; } = [];

    /// <summary>Where answers hold the pictures, such as job.images[].url.</summary>
    [Parameter]
    public string[] OutputField { get; set; } = [];

    /// <summary>Where answers hold the words of a failure.</summary>
    [Parameter]
    public string[] ErrorField { get; set; } = [];

    /// <summary>States that mean the pictures are ready, beside the usual words.</summary>
    [Parameter]
    public string[] DoneWord { get; set; } = [];

    /// <summary>States that mean it failed, beside the usual words.</summary>
    [Parameter]
    public string[] FailedWord { get; set; } = [];

    /// <summary>The header that carries the key, where the document does not say.</summary>
    [Parameter]
    [ValidatePattern("^[A-Za-z0-9-]+$")]
    public string? KeyHeader { get; set; }

    /// <summary>What stands before the key in that header, such as 'Key '.</summary>
    [Parameter]
    [AllowEmptyString]
    public string? KeyPrefix { get; set; }

    /// <summary>The page where keys are made.</summary>
    [Parameter]
    public Uri? KeyPage { get; set; }

    /// <summary>What a picture costs; by default the price is unknown.</summary>
    [Parameter]
    [ValidateRange(0.000001, 1000000.0)]
    public decimal Price { get; set; }

    /// <summary>The currency of the price.</summary>
    [Parameter]
    [ValidateSet("USD", "credits")]
    public string Currency { get; set; } = "USD";

    /// <summary>Register it anew in place of the one of the same name.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>The address of a proxy, for fetching the document.</summary>
    [Parameter]
    public Uri? Proxy { get; set; }

    /// <summary>User and password for the proxy.</summary>
    [Parameter]
    [Credential]
    public PSCredential? ProxyCredential { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        try
        {
            RegisteredVendors registered = new(RunIndex.StateFolder());
            registered.CheckName(Name, Force);
            string source = ApiSource.IsLink(OpenApi) ? OpenApi : this.ResolvePath(OpenApi);
            ApiDocument document = Read(source);
            (VendorDescription vendor, IReadOnlyList<string> remarks) = Discovery.Describe(document, Said());
            CheckVariables(vendor);
            DescribedProvider provider = new(vendor);
            if (!ShouldProcess($"{vendor.Name}, {vendor.BaseUrl} ({vendor.Models.Count})", Words.Of("Register as a provider")))
                return;
            Keep(registered, provider);
            foreach (string remark in remarks)
                WriteWarning(remark);
            WriteVerbose($"Orders: {string.Join(", ", vendor.Models.Select(m => $"{m.Id} -> POST {m.Fields.GetValueOrDefault("stream") ?? m.Fields["path"]}"))}.");
            WriteVerbose($"Asked at: {vendor.Poll ?? "nowhere, the answer is the picture"}; id in {Told(vendor.IdFields)}, state in {Told(vendor.StatusFields)}, pictures in {Told(vendor.OutputFields)}, errors in {Told(vendor.ErrorFields)}.");
            WriteObject(this.Describe(ProviderRegistry.Current.Get(vendor.Name), this.Surroundings()));
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
        catch (AIImageException e)
        {
            ThrowTerminatingError(ErrorRecords.Of(e, Name));
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private ApiDocument Read(string source)
    {
        using Transport transport = new(ProxySettings.Of(Proxy, ProxyCredential));
        return ApiSource.ReadAsync([source], transport, _stop.Token).GetAwaiter().GetResult().Documents[0];
    }

    private VendorWords Said() => new()
    {
        Name = Name,
        BaseUrl = BaseUrl,
        Endpoints = Endpoint,
        Poll = PollEndpoint,
        Result = ResultEndpoint,
        IdFields = IdField,
        StatusFields = StatusField,
        OutputFields = OutputField,
        ErrorFields = ErrorField,
        DoneWords = DoneWord,
        FailedWords = FailedWord,
        CredentialName = Credential as string,
        HasKey = Credential is SecureString,
        KeyHeader = KeyHeader,
        KeyPrefix = KeyPrefix,
        KeyPage = KeyPage,
        Price = MyInvocation.BoundParameters.ContainsKey(nameof(Price)) ? Price : null,
        Currency = Currency,
    };

    // Another vendor's key must not go to this one's host.
    private static void CheckVariables(VendorDescription vendor)
    {
        foreach (string variable in vendor.CredentialNames)
        {
            if (ProviderRegistry.Current.Providers.FirstOrDefault(p => !string.Equals(p.Profile.Id, vendor.Name, StringComparison.OrdinalIgnoreCase) && p.Profile.CredentialNames.Contains(variable, StringComparer.OrdinalIgnoreCase)) is { } owner)
                throw ErrorRecords.KeyOfAnother(variable, owner.Profile.Id);
        }
    }

    private void Keep(RegisteredVendors registered, DescribedProvider provider)
    {
        KeyStore keys = this.Surroundings().Store;
        Core.Credentials.Credential? key = Credential is SecureString secret ? SessionKeys.ToCredential(secret, Words.Of("given now")) : null;
        if (key is not null)
            KeyStore.Check(provider.Profile, key);
        // A key that was kept for another host is not this one's.
        bool moved = ProviderRegistry.Current.Find(Name) is not { } before || before.Profile.BaseUrl.Authority != provider.Profile.BaseUrl.Authority;
        if (moved)
            keys.Remove(provider.Profile);
        registered.Save(provider.Vendor);
        if (key is not null)
            keys.Save(provider.Profile, key);
    }

    private static string Told(IReadOnlyList<string> fields) => fields.Count > 0 ? string.Join(", ", fields) : "the usual places";
}
