using System.Management.Automation;
using PSImageGen.Completers;
using PSImageGen.Core;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Tasks;
using PSImageGen.Credentials;

namespace PSImageGen.Commands;

/// <summary>Forgets providers that were registered, and the keys kept for them.</summary>
[Cmdlet(VerbsLifecycle.Unregister, "AIImageProvider", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(void))]
public sealed class UnregisterAIImageProviderCommand : PSCmdlet
{
    /// <summary>Names of registered providers.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Provider")]
    [ArgumentCompleter(typeof(RegisteredCompleter))]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string name in Name)
        {
            try
            {
                Forget(name);
            }
            catch (AIImageException e)
            {
                WriteError(ErrorRecords.Of(e, name));
            }
        }
    }

    private void Forget(string name)
    {
        RegisteredVendors registered = new(RunIndex.StateFolder());
        if (!registered.Contains(name))
            throw ErrorRecords.NotRegistered(name);
        if (!ShouldProcess(name, Words.Of("Forget the provider and the key kept for it")))
            return;
        // Of a damaged one only the name is left; the key's file goes by that.
        ProviderProfile profile = ProviderRegistry.Current.Find(name)?.Profile ?? new ProviderProfile { Id = name, DisplayName = name, BaseUrl = new Uri("https://localhost"), CredentialNames = [string.Empty] };
        int open = Unfinished(name);
        registered.Remove(name);
        this.Surroundings().Store.Remove(profile);
        if (open > 0)
            WriteWarning(Words.Of($"{open} unfinished runs belong to {name}: they can be fetched once it is registered again under the same name."));
        try
        {
            _ = this.LoadPreferences();
        }
        catch (AIImageException e)
        {
            // A preference that names it would stand in the way of every command.
            WriteWarning(Words.Sentences(e.Error.Message, e.Error.Recommendation));
        }
    }

    private static int Unfinished(string name)
    {
        int open = 0;
        foreach (string path in new RunIndex(RunIndex.StateFolder()).Paths())
        {
            try
            {
                open += Ledger.Read(path).Tasks.Any(t => string.Equals(t.Provider, name, StringComparison.OrdinalIgnoreCase) && (t.IsOpen || t.Status == ImageTaskStatus.Unknown)) ? 1 : 0;
            }
            catch (AIImageException)
            {
                // A damaged record says nothing.
            }
        }

        return open;
    }
}
