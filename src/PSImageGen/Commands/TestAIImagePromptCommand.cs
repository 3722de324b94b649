using System.Management.Automation;
using System.Text.Json.Nodes;
using PSImageGen.Completers;
using PSImageGen.Core;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Prompts;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;
using PSImageGen.Credentials;
using PSImageGen.Input;

namespace PSImageGen.Commands;

/// <summary>Says what a prompt leaves open, whether it fits the model, and what could be better. Makes nothing and costs nothing.</summary>
[Cmdlet(VerbsDiagnostic.Test, "AIImagePrompt")]
[OutputType(typeof(PromptReport))]
public sealed class TestAIImagePromptCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly RowReader _reader = new(
        [Column.Verbatim(nameof(Prompt)), Column.Verbatim(nameof(NegativePrompt)), Column.Text(nameof(Provider)), Column.Text(nameof(Model)), Column.Choice<ImageUseCase>(nameof(UseCase))],
        Words.Of("texts, prompts (New-AIImagePrompt) or rows with a Prompt column (Import-Csv)"));

    private Planner? _planner;

    /// <summary>The words. Several texts make several reports.</summary>
    [Parameter(Position = 0)]
    [TextOnly]
    public string[]? Prompt { get; set; }

    /// <summary>What the picture must not show.</summary>
    [Parameter]
    public string? NegativePrompt { get; set; }

    /// <summary>Who would make the picture; by default as New-AIImage chooses.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string? Provider { get; set; }

    /// <summary>With what; by default as New-AIImage chooses.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>What the picture is for.</summary>
    [Parameter]
    public ImageUseCase UseCase { get; set; }

    /// <summary>Texts, prompts of New-AIImagePrompt, or rows with a Prompt column.</summary>
    [Parameter(ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (InputObject is null)
        {
            foreach (string prompt in Prompt is { Length: > 0 } prompts ? prompts : [string.Empty])
                Report(new RowValues { Text = prompt }, null, prompt);
            return;
        }

        try
        {
            object bare = InputObject is PSObject wrapped ? wrapped.BaseObject : InputObject;
            Report(_reader.Read(InputObject), (bare as Prompt)?.Parts, InputObject);
        }
        catch (AIImageException e)
        {
            WriteError(ErrorRecords.Of(e, InputObject));
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private bool IsBound(string name) => MyInvocation.BoundParameters.ContainsKey(name);

    private void Report(RowValues row, PromptParts? parts, object target)
    {
        try
        {
            string? text = row.Text ?? row.Values.GetValueOrDefault(nameof(Prompt)) as string;
            if (string.IsNullOrWhiteSpace(text))
                throw ErrorRecords.Make(ImageErrorId.InvalidRequest, Words.Of("There is no prompt to look at."), Words.Of("Give a text, a prompt of New-AIImagePrompt, or a row with a Prompt column."));
            string? Pick(string name, string? typed) => IsBound(name) ? typed : row.Values.GetValueOrDefault(name) as string;
            Selection wish = new()
            {
                Provider = Pick(nameof(Provider), Provider),
                Model = Pick(nameof(Model), Model),
                UseCase = IsBound(nameof(UseCase)) ? UseCase : row.Values.GetValueOrDefault(nameof(UseCase)) as ImageUseCase?,
            };
            Candidate? maker = Maker(wish);
            WriteObject(PromptCheck.Check(text, Pick(nameof(NegativePrompt), NegativePrompt), parts, maker?.Quote.Provider, maker?.Shape.Model));
        }
        catch (AIImageException e)
        {
            WriteError(ErrorRecords.Of(e, target));
        }
    }

    // Planned with words that fit everywhere, so that the true ones can be measured.
    private Candidate? Maker(Selection wish)
    {
        try
        {
            Selection selection = this.LoadPreferences().Select(wish, PreferenceLayer.Read([], Words.Of("this command"), string.Empty, ProviderRegistry.Current), ImageOperation.Generate);
            _planner ??= new Planner(ProviderRegistry.Current, this.Surroundings(), UserCatalogue.DefaultPath);
            _planner.Learn(selection, this, null, _stop.Token);
            return _planner.Plan(new ImageRequest(ImageOperation.Generate, new RequestDraft { Prompt = "a picture" }), selection, needCredential: false).Candidates[0];
        }
        catch (AIImageException e) when (e.Error.Id == ImageErrorId.NoProvider && wish is { Provider: null, Model: null, UseCase: null })
        {
            return null;
        }
    }
}
