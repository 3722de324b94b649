using PSImageGen.Core.Engine;
using PSImageGen.Core.Gate;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tasks;

namespace PSImageGen.Core.Characters;

/// <summary>
/// Makes a character sheet: portrait first, then all that follow it. Each picture is a run of its own whose id follows from what is
/// asked for, so that the same order goes on where an earlier one ended, however it ended, and two at once cannot order twice.
/// The steps: <see cref="RecoverAsync"/>, <see cref="Plan"/>, <see cref="Approve"/>, <see cref="OrderAsync"/>, <see cref="Finish"/>.
/// </summary>
public sealed class SheetMaker
{
    private readonly Engine.Engine _engine;
    private readonly SheetPlanner _planner;
    private readonly CharacterOrder _order;
    private readonly IRunObserver _observer;
    private readonly DriftCheck? _check;
    private readonly PlaceState _portrait;
    private readonly PlaceState[] _places;
    private readonly HashSet<string> _surprises = [];
    private InputImage? _anchor;
    private string? _anchorHash;
    private ApprovedCall.Series? _approved;
    private ImageError? _halt;
    private bool _rehearsal;

    /// <summary>Gets ready to make a sheet.</summary>
    /// <param name="engine">Carries out the calls.</param>
    /// <param name="planner">Plans them; only this sheet may use it meanwhile.</param>
    /// <param name="order">What is wanted.</param>
    /// <param name="observer">Who listens.</param>
    /// <param name="check">Compares pictures with the portrait; null for nobody.</param>
    /// <exception cref="AIImageException"><c>InvalidRequest</c> or <c>InvalidImage</c>.</exception>
    public SheetMaker(Engine.Engine engine, Planner planner, CharacterOrder order, IRunObserver observer, DriftCheck? check = null)
    {
        ArgumentNullException.ThrowIfNull(order);
        _engine = engine;
        _planner = new SheetPlanner(planner, order);
        _order = order;
        _observer = observer;
        _check = check;
        _portrait = new PlaceState(new CharacterPlace(CharacterStage.Portrait, "portrait", string.Empty), 0, order.PortraitPrompt);
        _places = [.. order.Places().Select((p, i) => new PlaceState(p, i + 1, order.PromptOf(p)))];
        if (order.Portrait is { } given)
            SetAnchor(InputImage.From(given));
    }

    /// <summary>What has to be ordered, after <see cref="Plan"/>; null where nothing has.</summary>
    public CallSeries? Series { get; private set; }

    /// <summary>Why not all pictures are there, each with the run it concerns, where there is one.</summary>
    public IEnumerable<(ImageError Error, ImageTask? Run)> Problems =>
        All().Where(p => p.Made.Count == 0 && p.Error is not null).Select(p => (p.Error!, p.Runs.Count > 0 ? p.Runs[^1].ToTask() : null));

    /// <summary>Looks for what earlier orders of the same sheet made, and goes on with what is under way. Costs nothing.</summary>
    /// <param name="look">Whether vendors are asked; false for a rehearsal, where what is under way counts as made.</param>
    /// <param name="stop">The user wants to stop.</param>
    public async Task RecoverAsync(bool look, CancellationToken stop)
    {
        if (_anchor is null)
        {
            await LookAsync(_portrait, look, stop).ConfigureAwait(false);
            Anchor();
        }

        if (_anchor is not null)
            await Task.WhenAll(Followers().Select(p => LookAsync(p, look, stop))).ConfigureAwait(false);
        _rehearsal = !look;
    }

    /// <summary>Plans what has to be ordered, after <see cref="RecoverAsync"/>.</summary>
    /// <exception cref="AIImageException">Nobody can make it.</exception>
    public void Plan()
    {
        // While nobody knows what became of the portrait nothing can follow it.
        if (_anchor is null && _portrait.IsHeld && !_rehearsal)
            return;
        PlaceState[] open = [.. All().Where(p => p.Open(MostOf(p)) > 0)];
        if (open.Length == 0)
            return;
        IReadOnlyList<Plan> plans = _planner.Plan(open, _anchor);
        for (int i = 0; i < open.Length; i++)
            open[i].Part = i;
        Series = new CallSeries(Deed(open), [.. plans.Select((plan, i) => new SeriesPart(plan, 1, open[i].Open(MostOf(open[i]))))]);
    }

    /// <summary>Asks, where something has to be ordered.</summary>
    /// <returns>False for a no.</returns>
    /// <exception cref="AIImageException"><c>BudgetExceeded</c> or <c>ConsentRequired</c>.</exception>
    public bool Approve(IConsent consent, Budget budget)
    {
        if (Series is null)
            return true;
        _approved = ApprovedCall.Gate.Approve(Series, consent, budget, new RunFolder(_order.OutputDirectory, _order.BatchId).RecordPath);
        return _approved is not null;
    }

    /// <summary>Orders what was agreed to. After a portrait that did not come nothing follows.</summary>
    public async Task OrderAsync(CancellationToken stop)
    {
        if (_approved is null)
            return;
        if (_anchor is null && _portrait.Part is not null)
        {
            await MakeAsync(_portrait, stop).ConfigureAwait(false);
            Anchor();
        }

        if (_anchor is null)
            return;
        using SemaphoreSlim slots = new(_order.ThrottleLimit);
        await Task.WhenAll(Followers().Where(p => p.Part is not null).Select(async place =>
        {
            await slots.WaitAsync(stop).ConfigureAwait(false);
            try
            {
                await MakeAsync(place, stop).ConfigureAwait(false);
            }
            finally
            {
                slots.Release();
            }
        })).ConfigureAwait(false);
    }

    /// <summary>Writes contact sheet and passport.</summary>
    /// <returns>The sheet as far as it is there; null where there is no portrait.</returns>
    /// <exception cref="AIImageException"><c>ArtifactWriteFailed</c>.</exception>
    public CharacterSheet? Finish()
    {
        if (_anchor?.Path is null)
            return null;
        CharacterPicture portrait = _order.Portrait is null ? _portrait.ToPicture()
            : new CharacterPicture { Stage = CharacterStage.Portrait, Label = _portrait.Place.Label, Status = ImageTaskStatus.Succeeded, Path = _anchor.Path, Sha256 = _anchorHash };
        CharacterPicture[] pictures = [portrait, .. _places.Select(p => IsPortraitItself(p) ? portrait with { Stage = p.Place.Stage, Label = p.Place.Label } : p.ToPicture())];
        CharacterPicture[] checkable = [.. pictures.Where((p, i) => i > 0 && p.Path is not null && p.Path != portrait.Path)];
        RunReport[] runs = [.. All().SelectMany(p => p.Runs)];
        Spend[] spent = [.. runs.SelectMany(r => Spend.Of(r.Record, r.RecordPath))];
        bool oneCurrency = spent.Select(s => s.Currency).Distinct().Count() == 1;
        CharacterPicture maker = pictures.LastOrDefault(p => p.Provider is not null) ?? portrait;
        return SheetFiles.Write(_order, new CharacterSheet
        {
            Name = _order.Name,
            Description = _order.Description,
            BatchId = _order.BatchId,
            Portrait = _anchor.Path,
            Passport = string.Empty,
            Provider = maker.Provider,
            Model = maker.Model,
            ConsistencyMode = runs.Select(r => r.Record.Request?["consistency_mode"]?.GetValue<string>()).Any(m => m == nameof(ConsistencyMode.Balanced)) ? ConsistencyMode.Balanced : ConsistencyMode.Strict,
            Pictures = pictures,
            Drift = checkable.Any(p => p.Drift == DriftState.Failed) ? DriftState.Failed
                : checkable.Length > 0 && checkable.All(p => p.Drift == DriftState.Passed) ? DriftState.Passed : DriftState.NotChecked,
            Cost = runs.Length > 0 && runs.All(r => r.Record.Quote.IsFree) ? 0 : oneCurrency && spent.All(s => s.Amount is not null && !s.Estimated) ? spent.Sum(s => s.Amount) : null,
            EstimatedCost = runs.Length > 0 && runs.All(r => r.Record.Quote.IsFree) ? 0 : oneCurrency && spent.All(s => s.Amount is not null) ? spent.Sum(s => s.Amount) : null,
            Currency = oneCurrency ? spent[0].Currency : runs.Length > 0 ? runs[0].Record.Quote.Currency : null,
        });
    }

    private IEnumerable<PlaceState> All() => (_order.Portrait is null ? new[] { _portrait } : []).Concat(Followers());

    // A portrait made here has no feeling on its face: nothing is paid for twice.
    private IEnumerable<PlaceState> Followers() => _places.Where(p => !IsPortraitItself(p));

    private bool IsPortraitItself(PlaceState place) =>
        _order.Portrait is null && place.Place.Stage == CharacterStage.Expression && string.Equals(place.Place.Label, CharacterOrder.UsualExpressions[0], StringComparison.OrdinalIgnoreCase);

    private int MostOf(PlaceState place) => _check is null || place == _portrait ? 1 : _order.MaxAttempts;

    private void Anchor()
    {
        if (_portrait.Best is not { } best)
            return;
        SetAnchor(InputImage.From(best.Image.Path));
        _planner.PortraitRunId = best.Run.Record.RunId;
    }

    private void SetAnchor(InputImage image)
    {
        _anchor = image;
        _anchorHash = image.Path is null ? null : NewRun.HexHash(image.Path);
    }

    // The id follows from what is asked for. Where it is taken, it was ordered before, or is being ordered by somebody else.
    private RunOptions OptionsOf(PlaceState place, int number)
    {
        string mark = CharacterOrder.Mark(_planner.ContentOf(place, place == _portrait ? null : _anchorHash), 10);
        string id = $"{CharacterOrder.Slug(_order.BatchId, 40)}-{CharacterOrder.Slug(place.Place.Label, 30)}-{mark}-{number}";
        string file = $"{_order.Name}-{SheetFiles.FileNameOf(place.Place.Label)}";
        return new RunOptions(_order.OutputDirectory, file, id, _order.BatchId, place.Index, _order.Timeout) { Metadata = _order.Metadata };
    }

    private async Task LookAsync(PlaceState place, bool look, CancellationToken stop)
    {
        for (; ; place.Next++)
        {
            string path = OptionsOf(place, place.Next).RecordPath;
            if (!File.Exists(path))
                return;
            try
            {
                RunRecord record = Ledger.Read(path);
                RunReport report = look && !record.Status.IsSettled()
                    ? await _engine.ResumeAsync(path, _order.Timeout ?? RunOptions.DefaultTimeout, _observer, stop).ConfigureAwait(false)
                    : new RunReport(record, path, record.Error);
                await TakeAsync(place, report, stop).ConfigureAwait(false);
            }
            catch (AIImageException e)
            {
                // Somebody else looks after it, or its record cannot be read: it may have been paid for.
                place.Fail(e.Error, held: true);
            }
        }
    }

    private async Task MakeAsync(PlaceState place, CancellationToken stop)
    {
        try
        {
            while (_halt is null && place.Open(MostOf(place)) > 0)
            {
                stop.ThrowIfCancellationRequested();
                RunOptions options = OptionsOf(place, place.Next);
                Plan plan = _planner.PlanOne(place, place == _portrait ? null : _anchor);
                ApprovedCall call = _approved!.Take(place.Part!.Value, plan, options.RecordPath);
                place.Next++;
                RunReport report = await _engine.RunAsync(call, options, _observer, stop).ConfigureAwait(false);
                Surprise(report.Record);
                await TakeAsync(place, report, stop).ConfigureAwait(false);
                if (!report.HasImages)
                {
                    Stopping(report.Error);
                    return;
                }
            }
        }
        catch (AIImageException e)
        {
            place.Fail(e.Error, held: false);
            Stopping(e.Error);
        }
    }

    // After these nothing more can be ordered; what else fails concerns one picture.
    private void Stopping(ImageError? error)
    {
        if (error?.Id is ImageErrorId.AuthenticationFailed or ImageErrorId.CredentialMissing or ImageErrorId.InsufficientCredits or ImageErrorId.BudgetExceeded
            or ImageErrorId.ConsentRequired or ImageErrorId.ArtifactWriteFailed)
            _halt ??= error;
    }

    private void Surprise(RunRecord record)
    {
        if (Spending.Surprise(record) is not { } surprise)
            return;
        lock (_surprises)
        {
            if (_surprises.Add(record.Model))
                _observer.Warn(surprise);
        }
    }

    private async Task TakeAsync(PlaceState place, RunReport report, CancellationToken stop)
    {
        if (report.Record.Images.FirstOrDefault(i => File.Exists(i.Path)) is not { } image)
            place.Add(report);
        else if (place == _portrait || _check is null)
            place.Add(report, image, default);
        else
            place.Add(report, image, await _check(_anchor!.Path!, image.Path, stop).ConfigureAwait(false));
    }

    private string Deed(PlaceState[] open)
    {
        string list = Words.List(open.Select(p => p.Place.Label));
        int there = All().Count(p => p.Made.Count > 0), held = All().Count(p => p.IsHeld);
        return (there, held) switch
        {
            (0, 0) => Words.Of($"Make a character sheet of {_order.Name}, {open.Length} pictures: {list}."),
            (_, 0) => Words.Of($"Go on with the character sheet of {_order.Name}: {there} pictures are there. {open.Length} are to be made: {list}."),
            _ => Words.Of($"Go on with the character sheet of {_order.Name}: {there} pictures are there, {held} are under way or unknown and not ordered again. {open.Length} are to be made: {list}."),
        };
    }
}
