using System.Management.Automation;
using PSImageGen.Completers;
using PSImageGen.Core.Credentials;
using PSImageGen.Core.Providers;
using PSImageGen.Credentials;

namespace PSImageGen.Commands;

/// <summary>Lists the providers, what they can do, and whether their key is set. Never shows a key.</summary>
[Cmdlet(VerbsCommon.Get, "AIImageProvider")]
[OutputType(typeof(ProviderInfo))]
public sealed class GetAIImageProviderCommand : PSCmdlet
{
    /// <summary>Names; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string[] Provider { get; set; } = ["*"];

    private Surroundings? _surroundings;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string name in Provider)
        {
            WildcardPattern pattern = new(name, WildcardOptions.IgnoreCase);
            Core.Providers.Provider[] found = [.. ProviderRegistry.Current.Providers.Where(p => pattern.IsMatch(p.Profile.Id))];
            try
            {
                foreach (AIImageException unreadable in ProviderRegistry.Current.Unreadable.Where(u => WildcardPattern.ContainsWildcardCharacters(name) && pattern.IsMatch(u.Key)).Select(u => u.Value))
                    WriteError(ErrorRecords.Of(unreadable, name));
                if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
                    _ = ProviderRegistry.Current.Get(name);
                foreach (Core.Providers.Provider provider in found)
                    WriteObject(this.Describe(provider, _surroundings ??= this.Surroundings()));
            }
            catch (AIImageException e)
            {
                WriteError(ErrorRecords.Of(e, name));
            }
        }
    }
}
