using System.Text.Json.Nodes;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Requests;

namespace PSImageGen.Core.Characters;

/// <summary>Plans the calls of a sheet: one provider and model for all of it, which follows the portrait as closely as it can.</summary>
internal sealed class SheetPlanner
{
    private static readonly ImageSize UsualSize = new(1024, 1024);

    private readonly Planner _planner;
    private readonly CharacterOrder _order;
    private readonly object _lock = new();
    private Selection? _chosen;
    private bool _needsImage;

    public SheetPlanner(Planner planner, CharacterOrder order)
    {
        _planner = planner;
        _order = order;
    }

    /// <summary>The run that made the portrait; null where it was given.</summary>
    public string? PortraitRunId { get; set; }

    /// <summary>How closely the pictures are told to follow the portrait.</summary>
    public ConsistencyMode Mode { get; private set; } = ConsistencyMode.Strict;

    /// <summary>Plans the portrait and the other places before anything is ordered.</summary>
    /// <param name="places">Those that need a call; that of the portrait is the one without an anchor.</param>
    /// <param name="anchor">The portrait; null where it is yet to be made.</param>
    /// <exception cref="AIImageException">Nobody can do it.</exception>
    public IReadOnlyList<Plan> Plan(IReadOnlyList<PlaceState> places, InputImage? anchor)
    {
        lock (_lock)
        {
            RequestDraft any = _order.Draft with { Prompt = _order.Description, Seed = null };
            Choose(Following(any, anchor));
            if (anchor is not null)
                return [.. places.Select(p => Seeded(p, Following(Worded(p), anchor), _chosen!))];

            // What the portrait will be like decides on what the others cost.
            Plan portrait = PlanPortrait(places.First(IsPortrait));
            CallShape shape = portrait.Candidates[0].Shape;
            ImageSize size = shape.Size ?? (shape.Resolution is { } k && int.TryParse(k.TrimEnd('K', 'k'), out int thousands) ? new ImageSize(thousands * 1024, thousands * 1024) : UsualSize);
            return [.. places.Select(p => IsPortrait(p) ? portrait : Seeded(p, Worded(p) with { ExpectedReference = size, ConsistencyMode = Mode }, _chosen!))];
        }
    }

    /// <summary>Plans one call in full.</summary>
    public Plan PlanOne(PlaceState place, InputImage? anchor)
    {
        lock (_lock)
            return IsPortrait(place) ? PlanPortrait(place) : Seeded(place, Following(Worded(place), anchor), _chosen!);
    }

    /// <summary>What makes an order the same order again: all that was asked for but the seed of an attempt, and the bytes of the portrait instead of its place.</summary>
    public string ContentOf(PlaceState place, string? anchorSha256)
    {
        RequestDraft draft = _order.Draft with { Prompt = place.Prompt, ReferenceImages = null, ConsistencyMode = null, DefaultQuality = null, DefaultFormat = null };
        JsonObject content = new ImageRequest(ImageOperation.Generate, draft).ToJson();
        content["anchor"] = anchorSha256;
        content["place"] = $"{place.Place.Stage} {place.Place.Label}";
        content["batch"] = _order.BatchId;
        return content.ToJsonString();
    }

    // The one that follows a face may need one; the same provider has another that begins with words.
    private Plan PlanPortrait(PlaceState place) => Seeded(place, Worded(place), _needsImage ? _chosen! with { Model = null } : _chosen!);

    private RequestDraft Worded(PlaceState place) => _order.Draft with { Prompt = place.Prompt };

    private RequestDraft Following(RequestDraft draft, InputImage? anchor) => draft with
    {
        ReferenceImages = anchor is null ? null : [anchor.ToString()],
        ExpectedReference = anchor is null ? UsualSize : null,
        ConsistencyMode = Mode,
        ParentRunId = PortraitRunId,
    };

    // Who makes the whole sheet: the first who can promise to keep the face, else the first who follows a picture at all.
    private void Choose(RequestDraft draft)
    {
        if (_chosen is not null)
            return;
        Candidate first;
        try
        {
            first = PlanOf(draft, _order.Selection).Candidates[0];
        }
        catch (AIImageException e) when (e.Error.Id == ImageErrorId.Unsupported)
        {
            Mode = ConsistencyMode.Balanced;
            Plan plan = PlanOf(draft with { ConsistencyMode = Mode }, _order.Selection);
            first = plan.Candidates.FirstOrDefault(c => c.Shape.Inputs.Any(i => i.Role == ImageRole.Reference)) ?? throw Errors.NoReferences(plan.Candidates[0].Quote);
        }

        _needsImage = first.Shape.Model.NeedsImage;
        _chosen = new Selection { Provider = first.Quote.Provider, Model = first.Quote.Model };
    }

    // With the seed of the attempt: the same seed twice would buy the same picture twice.
    private Plan Seeded(PlaceState place, RequestDraft draft, Selection selection)
    {
        Candidate maker = PlanOf(draft, selection).Candidates[0];
        return PlanOf(draft with { Seed = SeedOf(maker.Shape.Model, place.Next) }, new Selection { Provider = maker.Quote.Provider, Model = maker.Quote.Model });
    }

    private Plan PlanOf(RequestDraft draft, Selection selection) => _planner.Plan(new ImageRequest(ImageOperation.Generate, draft), selection);

    private long? SeedOf(ModelRow model, int number)
    {
        long most = Math.Min(model.MaxSeed, int.MaxValue), span = most - model.MinSeed - 1000;
        if (!model.Seed || span <= 0)
            return null;
        long first = _order.Draft.Seed ?? model.MinSeed + (Convert.ToInt64(CharacterOrder.Mark(_order.BatchId, 8), 16) % span);
        return first + number - 1;
    }

    private static bool IsPortrait(PlaceState place) => place.Place.Stage == CharacterStage.Portrait;
}
