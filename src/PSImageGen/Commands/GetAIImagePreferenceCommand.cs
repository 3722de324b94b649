using System.Management.Automation;

namespace PSImageGen.Commands;

/// <summary>Shows what is preferred at the current location, and where each part of it was said.</summary>
[Cmdlet(VerbsCommon.Get, "AIImagePreference")]
[OutputType(typeof(Preference))]
public sealed class GetAIImagePreferenceCommand : PSCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        try
        {
            WriteObject(this.LoadPreferences().Describe());
        }
        catch (AIImageException e)
        {
            ThrowTerminatingError(ErrorRecords.Of(e, null));
        }
    }
}
