using System.Management.Automation;
using PSImageGen.Core;
using PSImageGen.Core.Gate;
using PSImageGen.Core.Planning;

namespace PSImageGen.Consent;

/// <summary>
/// Asks with ShouldProcess, on the pipeline thread. High for paid, silent for free; a what-if always wins; where no question can be
/// shown the call is not made.
/// </summary>
internal sealed class ShouldProcessConsent : IConsent
{
    private readonly PSCmdlet _cmdlet;
    private readonly bool _force;
    private readonly string? _warning;

    /// <summary>A voice for the user of a cmdlet.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="force">Whether <c>-Force</c> was given.</param>
    /// <param name="warning">What must be said before anything else.</param>
    public ShouldProcessConsent(PSCmdlet cmdlet, bool force, string? warning = null)
    {
        _cmdlet = cmdlet;
        _force = force;
        _warning = warning;
    }

    /// <inheritdoc/>
    public bool Ask(Plan plan) => Ask(ConsentText.Title(plan), ConsentText.Lines(plan), plan.IsFree);

    /// <inheritdoc/>
    public bool Ask(CallSeries series) => Ask(ConsentText.Title(series.Parts[0].Plan), SeriesText.Lines(series), series.IsFree);

    // A question has a line for each thing; "What if:", an error and a log take one line for all of them.
    private bool Ask(string title, IEnumerable<string> text, bool isFree)
    {
        string[] lines = _warning is null ? [.. text] : [_warning, .. text];
        string onOneLine = Words.Sentences([.. lines.Select(l => l.Trim())]);
        bool? confirm = _cmdlet.Switch("Confirm");
        if (!_cmdlet.IsWhatIf())
        {
            if (isFree && confirm != true)
                return true;
            if (_force)
            {
                _cmdlet.WriteVerbose(onOneLine);
                return true;
            }

            // The console host would read the answer from the redirected input, where an empty line means yes.
            bool asks = confirm ?? !string.Equals(_cmdlet.GetVariableValue("ConfirmPreference")?.ToString(), "None", StringComparison.OrdinalIgnoreCase);
            if (asks && _cmdlet.Host?.Name == "ConsoleHost" && Console.IsInputRedirected)
                throw ErrorRecords.ConsentRequired(onOneLine, null);
        }

        try
        {
            return _cmdlet.ShouldProcess(onOneLine, string.Join('\n', [.. lines, Words.Of("Go on?")]), title);
        }
        catch (Exception e) when (e is not (PipelineStoppedException or FlowControlException))
        {
            // Each host that cannot ask fails in its own way.
            throw ErrorRecords.ConsentRequired(onOneLine, e);
        }
    }
}
