using System.Management.Automation;
using PSImageGen.Core;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Tasks;

namespace PSImageGen.Commands;

/// <summary>Forgets the records of runs. The pictures stay, unless they are to go too.</summary>
[Cmdlet(VerbsCommon.Remove, "AIImageTask", DefaultParameterSetName = "InputObject", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(void))]
public sealed class RemoveAIImageTaskCommand : TaskCommand
{
    /// <summary>Delete the pictures too.</summary>
    [Parameter]
    public SwitchParameter IncludeArtifact { get; set; }

    /// <summary>Forget even a run that is not finished, or whose outcome is unknown.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Handle(string recordPath, object target)
    {
        RunRecord record;
        try
        {
            record = Ledger.Read(recordPath);
        }
        catch (AIImageException) when (Force && RunFolder.OfRecord(recordPath) is not null && File.Exists(recordPath))
        {
            if (ShouldProcess(Words.Of($"damaged record '{recordPath}'"), Words.Of("Delete the record")))
                Engine.Ledger.Remove(recordPath);
            return;
        }

        if (!Force)
            record.RequireSettled(recordPath);
        string[] pictures = IncludeArtifact ? [.. record.Images.Select(i => i.Path).Where(File.Exists)] : [];
        string what = pictures.Length switch
        {
            0 => Words.Of("Delete the record"),
            1 => Words.Of("Delete the record and 1 picture"),
            _ => Words.Of($"Delete the record and {pictures.Length} pictures"),
        };
        if (!ShouldProcess(Words.Of($"run {record.RunId} ({record.Status})"), what))
            return;
        foreach (string picture in pictures)
        {
            try
            {
                File.Delete(picture);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                WriteError(ErrorRecords.Of(ErrorRecords.Make(ImageErrorId.ArtifactWriteFailed, Words.Of($"'{picture}' cannot be deleted: {e.Message}"), Words.Of("Close the programs that use it, then try again."), e), target));
                return;
            }
        }

        Engine.Ledger.Remove(recordPath);
    }
}
