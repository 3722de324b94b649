using PSImageGen.Core.Engine;
using PSImageGen.Core.Tasks;

namespace PSImageGen.Core.Characters;

/// <summary>How one place of a sheet stands: what was made for it, and what keeps it from being ordered.</summary>
internal sealed class PlaceState
{
    private readonly List<RunReport> _runs = [];
    private readonly List<MadePicture> _made = [];

    public PlaceState(CharacterPlace place, int index, string prompt)
    {
        Place = place;
        Index = index;
        Prompt = prompt;
    }

    /// <summary>What it is for.</summary>
    public CharacterPlace Place { get; }

    /// <summary>Its position in the sheet; that of the portrait is 0.</summary>
    public int Index { get; }

    /// <summary>The words for the model.</summary>
    public string Prompt { get; }

    /// <summary>The number of its next run, from 1.</summary>
    public int Next { get; set; } = 1;

    /// <summary>Its part of the question; null where nothing of it was in there.</summary>
    public int? Part { get; set; }

    /// <summary>All its runs.</summary>
    public IReadOnlyList<RunReport> Runs => _runs;

    /// <summary>All pictures that were made for it and are still there.</summary>
    public IReadOnlyList<MadePicture> Made => _made;

    /// <summary>Why it has no picture.</summary>
    public ImageError? Error { get; private set; }

    /// <summary>Whether a run of it may still bring a picture, so that nothing is ordered in its place.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>The best of what was made: what passed, then what nobody checked, then what is most alike.</summary>
    public MadePicture? Best => _made.OrderBy(m => m.Drift.State switch { DriftState.Passed => 0, DriftState.NotChecked => 1, _ => 2 }).ThenByDescending(m => m.Drift.Score ?? double.MinValue).FirstOrDefault();

    /// <summary>How many more may be ordered, of at most so many pictures.</summary>
    public int Open(int most) => IsHeld || _made.Any(m => m.Drift.State != DriftState.Failed) ? 0 : Math.Max(0, most - _made.Count);

    /// <summary>A picture has come.</summary>
    public void Add(RunReport run, ImageRecord image, DriftAnswer drift)
    {
        _runs.Add(run);
        _made.Add(new MadePicture(run, image, drift));
        Error = null;
    }

    /// <summary>A run has come to nothing, or to nothing yet.</summary>
    public void Add(RunReport run)
    {
        _runs.Add(run);
        Fail(run.Error, held: !run.Record.Status.IsSettled());
    }

    /// <summary>It cannot be ordered, or what was ordered cannot be told.</summary>
    public void Fail(ImageError? error, bool held)
    {
        Error = error;
        IsHeld |= held;
    }

    /// <summary>The place as users see it.</summary>
    public CharacterPicture ToPicture() => Best is not { } best
        ? new CharacterPicture { Stage = Place.Stage, Label = Place.Label, Status = _runs.Count > 0 ? _runs[^1].Record.Status : ImageTaskStatus.Planned, RunId = _runs.Count > 0 ? _runs[^1].Record.RunId : null }
        : new CharacterPicture
        {
            Stage = Place.Stage,
            Label = Place.Label,
            Status = ImageTaskStatus.Succeeded,
            Path = best.Image.Path,
            Sha256 = best.Image.Sha256,
            Seed = best.Image.Seed ?? best.Run.Record.Tasks[best.Image.Task].Seed,
            Provider = best.Run.Record.Provider,
            Model = best.Run.Record.Model,
            RunId = best.Run.Record.RunId,
            Drift = best.Drift.State,
            Score = best.Drift.Score,
            Candidates = [.. _made.Select(m => m.Image.Path)],
        };
}

/// <summary>One picture made for a place.</summary>
/// <param name="Run">The run it came from.</param>
/// <param name="Image">The picture on disk.</param>
/// <param name="Drift">What the comparison with the portrait says.</param>
internal sealed record MadePicture(RunReport Run, ImageRecord Image, DriftAnswer Drift);
