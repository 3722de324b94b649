using System.Collections;
using System.Management.Automation;
using System.Text.Json.Nodes;
using PSImageGen.Completers;
using PSImageGen.Consent;
using PSImageGen.Core;
using PSImageGen.Core.Characters;
using PSImageGen.Core.Credentials;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Gate;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tasks;
using PSImageGen.Credentials;
using PSImageGen.Input;

namespace PSImageGen.Commands;

/// <summary>Makes one character in many pictures: portrait, expressions, angles, full body. The same command goes on where it ended.</summary>
[Cmdlet(VerbsCommon.New, "AICharacterSheet", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(CharacterSheet))]
public sealed class NewAICharacterSheetCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Preferences? _preferences;
    private Surroundings? _surroundings;
    private Planner? _planner;
    private Engine? _engine;
    private Pump? _pump;
    private RunPresenter? _presenter;
    private Budget? _budget;

    /// <summary>What the character is called; all file names begin with it.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    public string Name { get; set; } = string.Empty;

    /// <summary>What it looks like.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    public string Description { get; set; } = string.Empty;

    /// <summary>A portrait that is there already: no other is made.</summary>
    [Parameter]
    public string? Portrait { get; set; }

    /// <summary>The feelings on its face.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[] Expression { get; set; } = [.. CharacterOrder.UsualExpressions];

    /// <summary>The sides it is seen from.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[] Angle { get; set; } = [.. CharacterOrder.UsualAngles];

    /// <summary>No picture from head to feet.</summary>
    [Parameter]
    public SwitchParameter NoFullBody { get; set; }

    /// <summary>Compares a picture with the portrait: a number from 0 to 1 that says how alike they are, or true or false.</summary>
    [Parameter]
    public ScriptBlock? DriftCheck { get; set; }

    /// <summary>How alike they must be where the check gives a number.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double MinSimilarity { get; set; } = ScriptDriftCheck.UsualSimilarity;

    /// <summary>How many pictures may be made for each place, where the check says that one differs.</summary>
    [Parameter]
    [ValidateRange(1, 10)]
    public int MaxAttempt { get; set; } = 3;

    /// <summary>What the pictures must not show.</summary>
    [Parameter]
    public string? NegativePrompt { get; set; }

    /// <summary>The look, in words.</summary>
    [Parameter]
    public string? Style { get; set; }

    /// <summary>Pixels, such as 1024x1024.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SizeCompleter))]
    public string? Size { get; set; }

    /// <summary>1K, 2K or 4K.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ResolutionCompleter))]
    public string? Resolution { get; set; }

    /// <summary>Width to height, such as 2:3.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(AspectRatioCompleter))]
    public string? AspectRatio { get; set; }

    /// <summary>The provider's word for quality.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(QualityCompleter))]
    public string? Quality { get; set; }

    /// <summary>The file format asked for.</summary>
    [Parameter]
    public ImageFormat Format { get; set; }

    /// <summary>The seed of first attempts; each further one counts up.</summary>
    [Parameter]
    public long Seed { get; set; }

    /// <summary>Fields for the provider by its own names.</summary>
    [Parameter]
    public Hashtable? ProviderOption { get; set; }

    /// <summary>The provider.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string? Provider { get; set; }

    /// <summary>The model.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>What the pictures are for: chooses model and provider where they are not named.</summary>
    [Parameter]
    public ImageUseCase UseCase { get; set; }

    /// <summary>Providers to try first, in order. One makes the whole sheet.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string[]? PreferredProvider { get; set; }

    /// <summary>Providers never to use.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string[]? BlockedProvider { get; set; }

    /// <summary>The folder for the pictures; by default the current one.</summary>
    [Parameter]
    public string? OutputDirectory { get; set; }

    /// <summary>Add nothing to the picture files.</summary>
    [Parameter]
    public SwitchParameter NoMetadata { get; set; }

    /// <summary>Add hashes of the prompt and the pictures that went in, and nothing that can be read.</summary>
    [Parameter]
    public SwitchParameter HashMetadata { get; set; }

    /// <summary>An id of your own for all runs of the sheet; by default it follows from the name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? BatchId { get; set; }

    /// <summary>A ceiling in US dollars for the whole pipeline.</summary>
    [Parameter]
    public decimal MaxCost { get; set; }

    /// <summary>Let calls pass whose price is not known here, in spite of a ceiling.</summary>
    [Parameter]
    public SwitchParameter AllowUnknownCost { get; set; }

    /// <summary>How many pictures may be under way at once.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 4;

    /// <summary>The longest wait for one picture, in seconds.</summary>
    [Parameter]
    public int TimeoutSec { get; set; } = (int)RunOptions.DefaultTimeout.TotalSeconds;

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
        _surroundings = this.Surroundings();
        _planner = new Planner(ProviderRegistry.Current, _surroundings, UserCatalogue.DefaultPath);
        _presenter = new RunPresenter(this, Words.Of("Making a character sheet"));
        _pump = new Pump(ThrottleLimit, _presenter.Tick);
        _presenter.Attach(_pump);
        _engine = new Engine(new EngineOptions { Surroundings = _surroundings, ThrottleLimit = ThrottleLimit, Proxy = ProxySettings.Of(Proxy, ProxyCredential) });
        _budget = new Budget(IsBound(nameof(MaxCost)) ? MaxCost : null, AllowUnknownCost) { Limits = _preferences!.Limits, Bookings = _engine.Ledger.Bookings };
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            CharacterOrder order = ReadOrder();
            _planner!.Learn(order.Selection, this, ProxySettings.Of(Proxy, ProxyCredential), _stop.Token);
            Make(new SheetMaker(_engine!, _planner!, order, _presenter!, DriftCheck is null ? null : new ScriptDriftCheck(DriftCheck, MinSimilarity, _pump!, this).CompareAsync), order);
        }
        catch (AIImageException e)
        {
            Fail(e.Error, Name);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => _presenter!.End();

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        _stop.Cancel();
        _pump?.Stop();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pump?.Dispose();
        _engine?.Dispose();
        _stop.Dispose();
    }

    private void Make(SheetMaker maker, CharacterOrder order)
    {
        bool whatIf = this.IsWhatIf();
        LookForKeys(order);
        Wait(stop => maker.RecoverAsync(look: !whatIf, stop));
        maker.Plan();
        foreach (string warning in maker.Series?.Parts.SelectMany(p => p.Plan.Candidates[0].Shape.Warnings).Distinct() ?? [])
            WriteWarning(Words.Sentence(warning));
        if (!maker.Approve(new ShouldProcessConsent(this, Force), _budget!))
            return;
        if (whatIf)
        {
            WriteVerbose("All pictures of the sheet are there or under way: nothing would be ordered.");
            return;
        }

        Wait(maker.OrderAsync);
        if (maker.Finish() is { } sheet)
            WriteObject(sheet);
        foreach ((ImageError error, ImageTask? run) in maker.Problems.OrderBy(p => IsLast(p.Error)))
            Fail(error, (object?)run ?? Name);
    }

    private CharacterOrder ReadOrder()
    {
        JsonObject? options = ProviderOption is null ? null
            : JsonValues.ToObject(ProviderOption) ?? throw ErrorRecords.Make(ImageErrorId.InvalidRequest, Words.Of("A value in -ProviderOption has no JSON form."), Words.Of("Use texts, numbers, true or false, lists and hashtables."));
        JsonObject words = [];
        if (PreferredProvider is not null)
            words[nameof(PreferencePart.Preferred)] = new JsonArray([.. PreferredProvider.Select(n => (JsonNode?)n)]);
        if (BlockedProvider is not null)
            words[nameof(PreferencePart.Blocked)] = new JsonArray([.. BlockedProvider.Select(n => (JsonNode?)n)]);
        Selection given = new() { Provider = Blank(Provider), Model = Blank(Model), UseCase = IsBound(nameof(UseCase)) ? UseCase : null };
        RequestDraft draft = new()
        {
            Prompt = Description,
            NegativePrompt = NegativePrompt,
            Style = Style,
            Size = Blank(Size),
            Resolution = Blank(Resolution),
            AspectRatio = Blank(AspectRatio),
            Quality = Quality,
            Format = IsBound(nameof(Format)) ? Format : null,
            DefaultQuality = _preferences!.Text(nameof(Quality)),
            // What is shown on the contact sheet must be read here.
            DefaultFormat = _preferences.Format ?? ImageFormat.Png,
            Seed = IsBound(nameof(Seed)) ? Seed : null,
            ProviderOptions = options,
        };
        int? seconds = IsBound(nameof(TimeoutSec)) ? TimeoutSec : _preferences.Number(nameof(TimeoutSec));
        return new CharacterOrder(Name, draft, _preferences.Select(given, PreferenceLayer.Read(words, Words.Of("this command"), string.Empty, ProviderRegistry.Current), ImageOperation.Generate),
            this.ResolveFolder(OutputDirectory, _preferences), Blank(BatchId))
        {
            Portrait = Blank(Portrait) is { } path ? this.ResolvePath(path) : null,
            Expressions = Expression ?? [],
            Angles = Angle ?? [],
            FullBody = !NoFullBody,
            MaxAttempts = MaxAttempt,
            ThrottleLimit = ThrottleLimit,
            Metadata = StoredPreferences.Remembered(this, NoMetadata, HashMetadata, _preferences),
            Timeout = seconds is { } s ? TimeSpan.FromSeconds(s) : null,
        };
    }

    // The engine asks for keys on threads where no vault can be opened.
    private void LookForKeys(CharacterOrder order)
    {
        foreach (string path in _engine!.Ledger.UnfinishedPaths().Where(p => RunFolder.OfRecord(p)?.OutputDirectory == order.OutputDirectory))
        {
            try
            {
                _surroundings!.LookFor(path);
            }
            catch (AIImageException)
            {
                // Whoever goes on with it says what is wrong with its record.
            }
        }
    }

    private void Wait(Func<CancellationToken, Task> work)
    {
        AIImageException? failure = null;
        bool ended = false;
        _pump!.Start(async stop =>
        {
            try
            {
                await work(stop).ConfigureAwait(false);
                ended = true;
            }
            catch (AIImageException e)
            {
                failure = e;
            }
        });
        _pump.Complete();
        if (failure is not null)
            throw failure;
        if (!ended)
            throw new PipelineStoppedException();
    }

    // These end the pipeline: nothing more can be paid for.
    private static bool IsLast(ImageError error) => error.Id is ImageErrorId.ConsentRequired or ImageErrorId.BudgetExceeded;

    private void Fail(ImageError error, object? target)
    {
        ErrorRecord record = ErrorRecords.Of(new AIImageException(error), target);
        if (IsLast(error))
            ThrowTerminatingError(record);
        WriteError(record);
    }

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private bool IsBound(string name) => MyInvocation.BoundParameters.ContainsKey(name);
}
