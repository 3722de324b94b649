using System.Management.Automation;
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
    public bool Ask(Plan plan) => Ask(ConsentText.Title(plan), ConsentText.Describe(plan), plan.IsFree);

    /// <inheritdoc/>
    public bool Ask(CallSeries series) => Ask(ConsentText.Title(series.Parts[0].Plan), SeriesText.Describe(series), series.IsFree);

    private bool Ask(string title, string text, bool isFree)
    {
        string question = _warning is null ? text : $"{_warning} {text}";
        bool? confirm = _cmdlet.Switch("Confirm");
        if (!_cmdlet.IsWhatIf())
        {
            if (isFree && confirm != true)
                return true;
            if (_force)
            {
                _cmdlet.WriteVerbose(question);
                return true;
            }

            // The console host would read the answer from the redirected input, where an empty line means yes.
            bool asks = confirm ?? !string.Equals(_cmdlet.GetVariableValue("ConfirmPreference")?.ToString(), "None", StringComparison.OrdinalIgnoreCase);
            if (asks && _cmdlet.Host?.Name == "ConsoleHost" && Console.IsInputRedirected)
                throw ErrorRecords.ConsentRequired(question, null);
        }

        try
        {
            return _cmdlet.ShouldProcess(question, question + "\nGo on?", title);
        }
        catch (Exception e) when (e is not (PipelineStoppedException or FlowControlException))
        {
            // Each host that cannot ask fails in its own way.
            throw ErrorRecords.ConsentRequired(question, e);
        }
    }
}
