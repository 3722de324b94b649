using System.Management.Automation;
using System.Text.Json.Nodes;
using PSImageGen.Core;
using PSImageGen.Core.OpenApi;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Wire;

namespace PSImageGen.Commands;

/// <summary>Reads a vendor's OpenAPI document: which endpoints make pictures, and what each takes. It is free.</summary>
[Cmdlet(VerbsCommon.Get, "AIImageEndpoint")]
[OutputType(typeof(EndpointInfo))]
public sealed class GetAIImageEndpointCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Paths or links of OpenAPI documents: of what several describe, the most specific counts. Without one, what is known of endpoints here.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string[]? OpenApi { get; set; }

    /// <summary>The path or link of the vendor's docs.json, which groups its endpoints.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Docs { get; set; }

    /// <summary>Endpoints to be shown in full, such as <c>POST /generation/google/nano-banana-pro</c>.</summary>
    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[]? Endpoint { get; set; }

    /// <summary>The address of a proxy.</summary>
    [Parameter]
    public Uri? Proxy { get; set; }

    /// <summary>User and password for the proxy.</summary>
    [Parameter]
    [Credential]
    public PSCredential? ProxyCredential { get; set; }

    private EndpointList? _list;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        using Transport transport = new(ProxySettings.Of(Proxy, ProxyCredential));
        try
        {
            ApiDocuments documents = ApiSource.ReadAsync((OpenApi ?? []).Select(Place), transport, _stop.Token).GetAwaiter().GetResult();
            JsonNode? navigation = Docs is null ? null : ApiSource.ReadNavigationAsync(Place(Docs), transport, _stop.Token).GetAwaiter().GetResult();
            foreach (ApiDocument document in documents.Documents)
                WriteVerbose($"{document.Name}: OpenAPI {document.Version}, {document.Endpoints.Count} endpoints.");
            _list = new EndpointList(documents, navigation, ProviderRegistry.Current);
        }
        catch (AIImageException e)
        {
            ThrowTerminatingError(ErrorRecords.Of(e, (object?)OpenApi ?? Docs));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Endpoint is null)
        {
            Guarded(null, () => WriteObject(_list!.Images(), enumerateCollection: true));
            return;
        }

        foreach (string name in Endpoint)
            Guarded(name, () => WriteObject(Detail(name)));
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    // Shown as a list, because its fields have no room in a table.
    private PSObject Detail(string name)
    {
        PSObject detail = new(_list!.Detail(name));
        detail.TypeNames.Insert(0, "PSImageGen.EndpointInfo#Detail");
        return detail;
    }

    private void Guarded(object? target, Action read)
    {
        try
        {
            read();
        }
        catch (AIImageException e)
        {
            WriteError(ErrorRecords.Of(e, target));
        }
    }

    private string Place(string given) => ApiSource.IsLink(given) ? given : this.ResolvePath(given);
}
