using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using PSImageGen.Core;
using PSImageGen.Core.Prompts;
using PSImageGen.Core.Requests;

namespace PSImageGen.Consent;

/// <summary>
/// At a prompt, and nowhere else, offers to say more of a picture that is hardly described, before the question about the money. It
/// never stands in the way: what was typed goes on as it is wherever nobody can be asked, or nobody wants to be.
/// </summary>
internal static partial class Refinement
{
    private const string Variable = "PSIMAGEGEN_REFINE";

    // "Not again" holds for the session.
    private static readonly ConditionalWeakTable<Runspace, object> Silenced = [];

    // A line given to pwsh itself is a script too, though nothing about the command tells it.
    private static readonly bool RunsOneLine = Environment.GetCommandLineArgs().Skip(1).Any(a => CommandSwitch().IsMatch(a));

    /// <summary>Whether somebody typed the command who may be asked.</summary>
    public static bool MayBeOffered(PSCmdlet cmdlet, bool force) =>
        !force && !RunsOneLine
        && cmdlet.Host?.Name == "ConsoleHost" && !Console.IsInputRedirected && !Console.IsOutputRedirected
        && cmdlet.MyInvocation is { CommandOrigin: CommandOrigin.Runspace, ExpectingInput: false, ScriptName: null or "" }
        && !cmdlet.IsWhatIf() && cmdlet.Switch("Confirm") != false
        && !string.Equals(cmdlet.GetVariableValue("ConfirmPreference")?.ToString(), "None", StringComparison.OrdinalIgnoreCase)
        && Environment.GetEnvironmentVariable(Variable) is not ("0" or "off" or "false" or "no")
        && !Silenced.TryGetValue(Runspace.DefaultRunspace, out _);

    /// <summary>Whether a request says next to nothing: a single word. Who wrote "a fox" has begun a sentence, and is not held up.</summary>
    public static bool IsWorthIt(ImageRequest request) =>
        request.ReferenceImages.Count == 0 && request.Style is null && !request.Prompt.Contains(' ', StringComparison.Ordinal) && PromptCheck.IsVague(request.Prompt);

    /// <summary>Asks. On the pipeline thread.</summary>
    /// <returns>The better prompt; null to go on with the one there is.</returns>
    public static string? Offer(PSCmdlet cmdlet, string prompt)
    {
        try
        {
            Collection<ChoiceDescription> choices =
            [
                new(Words.Of("&As it is"), Words.Of("Goes on with what you typed.")),
                new(Words.Of("&Say more"), Words.Of("Asks for style, composition, lighting and atmosphere; each may be left out.")),
                new(Words.Of("&Never"), Words.Of($"Goes on, and does not ask again in this session. For ever: $env:{Variable} = '0' in your profile.")),
            ];
            switch (cmdlet.Host.UI.PromptForChoice(Words.Of("A short prompt"), Words.Of($"\"{prompt}\" leaves nearly everything to the model. Say more before a picture is paid for?"), choices, 0))
            {
                case 1:
                    return Ask(cmdlet.Host.UI, prompt);
                case 2:
                    Silenced.AddOrUpdate(Runspace.DefaultRunspace, true);
                    break;
            }
        }
        catch (Exception e) when (e is not (PipelineStoppedException or FlowControlException))
        {
            // A host that cannot ask is no reason not to go on: the question about the money is still to come.
            cmdlet.WriteVerbose($"The prompt could not be refined: {e.Message}");
        }

        return null;
    }

    private static string? Ask(PSHostUserInterface host, string prompt)
    {
        string? Part(PromptPart part)
        {
            host.Write(Words.Of($"{PromptCheck.Question(part)} (Enter leaves it out): "));
            return host.ReadLine();
        }

        PromptParts parts = new() { Subject = prompt, Style = Part(PromptPart.Style), Composition = Part(PromptPart.Composition), Lighting = Part(PromptPart.Lighting), Atmosphere = Part(PromptPart.Atmosphere) };
        string better = PromptComposer.Compose(parts).Text;
        return better == prompt ? null : better;
    }

    // -Command, -CommandWithArgs and -EncodedCommand, as short as pwsh takes them.
    [GeneratedRegex("^(-|--|/)(c|com.*|cwa|e|ec|en.*)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex CommandSwitch();
}
