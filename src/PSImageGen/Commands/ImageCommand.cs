using System.Collections;
using System.ComponentModel;
using System.Management.Automation;
using System.Text.Json.Nodes;
using PSImageGen.Completers;
using PSImageGen.Core;
using PSImageGen.Core.Characters;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tasks;
using PSImageGen.Core.Wire;
using PSImageGen.Input;

namespace PSImageGen.Commands;

/// <summary>The parameters shared by everything that makes pictures or measures what they would cost, and the way from an input to a request.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract partial class ImageCommand : PSCmdlet, IDisposable
{
    /// <summary>The column and parameter of the prompt.</summary>
    private protected const string PromptName = "Prompt";

    private static IReadOnlyList<Column> Columns =>
    [
        Column.Verbatim(PromptName), Column.Verbatim(nameof(NegativePrompt)), Column.Text(nameof(Style)),
        Column.Text(nameof(Provider)), Column.Text(nameof(Model)), Column.Choice<ImageUseCase>(nameof(UseCase)), Column.List(nameof(PreferredProvider)), Column.Options(nameof(ProviderWeight)), Column.List(nameof(BlockedProvider)),
        Column.Text(nameof(Size)), Column.Text(nameof(Resolution)), Column.Text(nameof(AspectRatio)), Column.Switch(nameof(ExactSize)), Column.Int(nameof(Count)),
        Column.Text(nameof(Quality)), Column.Choice<ImageFormat>(nameof(Format)), Column.Choice<ImageBackground>(nameof(Background)), Column.Long(nameof(Seed)),
        Column.List(nameof(ReferenceImage)), Column.Choice<ConsistencyMode>(nameof(ConsistencyMode)), Column.Text(nameof(Character)), Column.Options(nameof(ProviderOption)),
        Column.Text(nameof(OutputDirectory)), Column.Text(nameof(Name)), Column.Text(nameof(OutFile)), Column.Text(nameof(RunId)), Column.Text(nameof(BatchId)),
        Column.Int(nameof(TimeoutSec)),
    ];

    private RowReader? _reader;
    private Preferences? _preferences;
    private readonly CancellationTokenSource _stop = new();
    private readonly string _batchId = RunIds.New();
    private bool _warnedOfColumns;
    private int _index = -1;

    #region What

    /// <summary>Texts, rows, files or results from the pipeline.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public object? InputObject { get; set; }

    /// <summary>What the picture must not show.</summary>
    [Parameter]
    public string? NegativePrompt { get; set; }

    /// <summary>The look, in words.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(StyleCompleter))]
    public string? Style { get; set; }

    /// <summary>How many pictures of each input, 1 to 100.</summary>
    [Parameter]
    public int Count { get; set; } = 1;

    /// <summary>Pixels, such as 1536x1024.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SizeCompleter))]
    public string? Size { get; set; }

    /// <summary>1K, 2K or 4K.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ResolutionCompleter))]
    public string? Resolution { get; set; }

    /// <summary>Width to height, such as 16:9.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(AspectRatioCompleter))]
    public string? AspectRatio { get; set; }

    /// <summary>Insist on the size or shape: where the model does not make it, the result is scaled and cropped here.</summary>
    [Parameter]
    public SwitchParameter ExactSize { get; set; }

    /// <summary>The provider's word for quality.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(QualityCompleter))]
    public string? Quality { get; set; }

    /// <summary>The file format asked for.</summary>
    [Parameter]
    public ImageFormat Format { get; set; }

    /// <summary>The background.</summary>
    [Parameter]
    public ImageBackground Background { get; set; }

    /// <summary>The seed of the first picture.</summary>
    [Parameter]
    public long Seed { get; set; }

    /// <summary>Paths or links of pictures to follow.</summary>
    [Parameter]
    public string[]? ReferenceImage { get; set; }

    /// <summary>How closely to follow them.</summary>
    [Parameter]
    public ConsistencyMode ConsistencyMode { get; set; } = ConsistencyMode.Balanced;

    /// <summary>Fields for the provider by its own names.</summary>
    [Parameter]
    public Hashtable? ProviderOption { get; set; }

    #endregion

    #region Who

    /// <summary>The provider.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string? Provider { get; set; }

    /// <summary>The model.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>What the picture is for: chooses model and provider where they are not named.</summary>
    [Parameter]
    public ImageUseCase UseCase { get; set; }

    /// <summary>Providers to try first, in order.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string[]? PreferredProvider { get; set; }

    /// <summary>How likely each provider is to be the first one, where none is named; one that is not here weighs 1.</summary>
    [Parameter]
    public Hashtable? ProviderWeight { get; set; }

    /// <summary>Try no others than the preferred.</summary>
    [Parameter]
    public SwitchParameter OnlyPreferred { get; set; }

    /// <summary>Providers never to use.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string[]? BlockedProvider { get; set; }

    /// <summary>Ask the next provider even when the one before may have taken the order, and billed it.</summary>
    [Parameter]
    public SwitchParameter FallbackOnUnknown { get; set; }

    #endregion

    #region How

    /// <summary>The folder for the pictures; by default the current one.</summary>
    [Parameter]
    public string? OutputDirectory { get; set; }

    /// <summary>The file name without extension; by default the run id.</summary>
    [Parameter]
    public string? Name { get; set; }

    /// <summary>Folder and name at once.</summary>
    [Parameter]
    public string? OutFile { get; set; }

    /// <summary>An id of your own for the run.</summary>
    [Parameter]
    public string? RunId { get; set; }

    /// <summary>An id of your own for all runs of this pipeline.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BatchIdCompleter))]
    public string? BatchId { get; set; }

    /// <summary>A ceiling in US dollars for the whole pipeline, checked against estimates before each call.</summary>
    [Parameter]
    public decimal MaxCost { get; set; }

    /// <summary>Let calls pass whose price is not known here, in spite of a ceiling.</summary>
    [Parameter]
    public SwitchParameter AllowUnknownCost { get; set; }

    /// <summary>How many tasks may be under way at once.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 4;

    /// <summary>The longest wait for one run, in seconds.</summary>
    [Parameter]
    public int TimeoutSec { get; set; } = (int)RunOptions.DefaultTimeout.TotalSeconds;

    /// <summary>Return the task as soon as the provider has accepted it.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>Keep the partial pictures a provider sends on the way to the finished one.</summary>
    [Parameter]
    public SwitchParameter SavePartial { get; set; }

    /// <summary>The address of a proxy.</summary>
    [Parameter]
    public Uri? Proxy { get; set; }

    /// <summary>User and password for the proxy.</summary>
    [Parameter]
    [Credential]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>Spend without being asked.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    #endregion

    /// <summary>The ceilings that are stored, from the beginning of the pipeline on.</summary>
    internal BudgetLimits Limits => _preferences!.Limits;

    /// <summary>What of the command's own may come as a column.</summary>
    private protected virtual IReadOnlyList<Column> OwnColumns => [];

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        try
        {
            _preferences = this.LoadPreferences();
        }
        catch (AIImageException e)
        {
            ThrowTerminatingError(ErrorRecords.Of(e, null));
        }

        if (!IsBound(nameof(ThrottleLimit)))
            ThrottleLimit = _preferences!.Number(nameof(ThrottleLimit)) ?? ThrottleLimit;
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (InputObject is null && !MyInvocation.ExpectingInput && !IsBound(nameof(InputObject)))
            HandleCommandLine();
        else
            HandleItem(InputObject, 0);
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of what the command holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            _stop.Dispose();
    }

    /// <summary>Carries out one request.</summary>
    /// <param name="order">What is wanted.</param>
    private protected abstract void Carry(ImageOrder order);

    /// <summary>Handles what the command line alone asks for.</summary>
    private protected abstract void HandleCommandLine();

    /// <summary>Handles one input of the pipeline.</summary>
    private protected abstract void HandleRow(RowValues row, object? target);

    /// <summary>What the command itself adds to the request.</summary>
    private protected abstract (ImageOperation Operation, RequestDraft Draft) Draft(RequestDraft common, RowValues row);

    /// <summary>Waits until one more input may be handled.</summary>
    private protected virtual void BeforeInput()
    {
    }

    /// <summary>An error that concerns one input; the others go on.</summary>
    private protected virtual void Fail(AIImageException error, object? target) => WriteError(ErrorRecords.Of(error, target));

    /// <summary>Whether a parameter was given on the command line or by default values.</summary>
    private protected bool IsBound(string name) => MyInvocation.BoundParameters.ContainsKey(name);

    private void HandleItem(object? item, int depth)
    {
        object? bare = item is PSObject wrapped ? wrapped.BaseObject : item;
        if (depth < 3 && bare is IEnumerable list and not (string or IDictionary) && bare is not JsonNode)
        {
            foreach (object? inner in list)
                HandleItem(inner, depth + 1);
            return;
        }

        BeforeInput();
        try
        {
            RowValues row = item is null
                ? throw ErrorRecords.Make(ImageErrorId.InvalidRequest, Words.Of("An input is empty ($null)."), Words.Of($"Pipe {Inputs}."))
                : (_reader ??= new RowReader([.. Columns, .. OwnColumns], Inputs)).Read(item);
            WarnOfColumns(row);
            if (row.Pictures is { Count: 0 } && row.IsPicture)
                throw ErrorRecords.Make(ImageErrorId.InvalidRequest, Words.Of("The input is a result without a picture. Nothing was sent."), Words.Of("Pipe results that have pictures."));
            HandleRow(row, item);
        }
        catch (AIImageException e)
        {
            _index++;
            Fail(e, item);
        }
    }

    /// <summary>What may be piped in, in words, to follow "Pipe".</summary>
    private protected abstract string Inputs { get; }

    /// <summary>The value of a parameter: from the command line, else from the row; null when it is in neither.</summary>
    private protected T? Pick<T>(RowValues row, string name, T? bound)
        where T : class => IsBound(name) ? bound : row.Values.GetValueOrDefault(name) as T;

    /// <inheritdoc cref="Pick"/>
    private protected T? PickValue<T>(RowValues row, string name, T bound)
        where T : struct => IsBound(name) ? bound : row.Values.TryGetValue(name, out object? value) ? (T)value : null;

    /// <summary>The prompt of an input: from the command line or from the row, not from both.</summary>
    private protected static string? PromptOf(RowValues row, string? typed)
    {
        string? given = row.Values.GetValueOrDefault(PromptName) as string;
        return typed is null || given is null
            ? typed ?? given
            : throw ErrorRecords.Make(ImageErrorId.InvalidRequest, Words.Of("The input brings a prompt, and -Prompt was given too: it is not clear which one is meant. Nothing was sent."), Words.Of("Leave out -Prompt, or the prompt in the input."));
    }

    /// <summary>Carries out one call.</summary>
    /// <param name="row">The input.</param>
    /// <param name="prompt">The words.</param>
    /// <param name="target">The input for errors.</param>
    /// <param name="picture">The full path or link of the picture, where one goes in.</param>
    private protected void Handle(RowValues row, string? prompt, object? target, string? picture = null)
    {
        if (row == RowValues.None)
            BeforeInput();
        int index = ++_index;
        try
        {
            T? Pick<T>(string name, T? bound)
                where T : class => this.Pick(row, name, bound);
            T? PickValue<T>(string name, T bound)
                where T : struct => this.PickValue(row, name, bound);

            JsonObject? options = IsBound(nameof(ProviderOption))
                ? ProviderOption is null ? null : JsonValues.ToObject(ProviderOption) ?? throw ErrorRecords.Make(ImageErrorId.InvalidRequest, Words.Of("A value in -ProviderOption has no JSON form."), Words.Of("Use texts, numbers, true or false, lists and hashtables."))
                : row.Values.GetValueOrDefault(nameof(ProviderOption)) as JsonObject;

            CharacterPassport? character = CharacterOf(row);
            string[] following = [.. Pick(nameof(ReferenceImage), ReferenceImage)?.Select(ResolveImage) ?? [], .. character?.References() ?? []];
            (ImageOperation operation, RequestDraft draft) = Draft(new RequestDraft
            {
                Prompt = character?.Precede(prompt) ?? prompt,
                Image = picture,
                ParentRunId = row.RunId,
                NegativePrompt = Pick(nameof(NegativePrompt), NegativePrompt),
                Style = Pick(nameof(Style), Style),
                Count = PickValue(nameof(Count), Count),
                Size = Blank(Pick(nameof(Size), Size)),
                Resolution = Blank(Pick(nameof(Resolution), Resolution)),
                AspectRatio = Blank(Pick(nameof(AspectRatio), AspectRatio)),
                ExactSize = PickValue(nameof(ExactSize), ExactSize.ToBool()) ?? false,
                Quality = Pick(nameof(Quality), Quality),
                Format = PickValue(nameof(Format), Format),
                DefaultQuality = _preferences!.Text(nameof(Quality)),
                DefaultFormat = _preferences.Format,
                Background = PickValue(nameof(Background), Background),
                Seed = PickValue(nameof(Seed), Seed),
                ReferenceImages = following,
                // The portrait must go along; what else there is of a character as far as the model takes it.
                OptionalReferences = character is null ? 0 : character.References().Count - 1,
                ConsistencyMode = PickValue(nameof(ConsistencyMode), ConsistencyMode),
                ProviderOptions = options,
                SavePartials = SavePartial,
            }, row);
            ImageRequest request = new(operation, draft);
            Selection selection = SelectionOf(row, operation);
            Planner.Learn(selection, this, ProxySettings.Of(Proxy, ProxyCredential), _stop.Token);
            string? batch = Blank(Pick(nameof(BatchId), BatchId));
            Carry(new ImageOrder(request, selection, target, () =>
            {
                (string folder, string? name) = Place(Pick(nameof(OutputDirectory), OutputDirectory), Blank(Pick(nameof(Name), Name)), Blank(Pick(nameof(OutFile), OutFile)));
                int? seconds = PickValue(nameof(TimeoutSec), TimeoutSec) ?? _preferences!.Number(nameof(TimeoutSec));
                return new RunOptions(folder, name, Blank(Pick(nameof(RunId), RunId)), batch ?? _batchId, index, seconds is { } s ? TimeSpan.FromSeconds(s) : null, NoWait) { Metadata = Remembered };
            }, batch is null ? null : ContentOf(request, row)));
        }
        catch (AIImageException e)
        {
            Fail(e, target);
        }
    }

    /// <summary>The text, or null when it is blank.</summary>
    private protected static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private void WarnOfColumns(RowValues row)
    {
        if (_warnedOfColumns || row.Unknown.Count == 0)
            return;
        _warnedOfColumns = true;
        WriteWarning(Words.Of($"These columns mean nothing to {MyInvocation.MyCommand.Name} and are left out: {Words.List(row.Unknown.Select(n => Core.Wire.PlainText.Clean(n, 40)))}."));
    }
}
