using PSImageGen.Core.Characters;
using PSImageGen.Core.Gate;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tests.Support;
using CoreEngine = PSImageGen.Core.Engine.Engine;

namespace PSImageGen.Core.Tests.Characters;

/// <summary>What came of a command for a sheet.</summary>
internal sealed record Made(CharacterSheet? Sheet, SheetMaker Maker, ForegroundConsent Consent)
{
    public ImageError[] Errors => [.. Maker.Problems.Select(p => p.Error)];

    public CharacterPicture this[string label] => Sheet!.Pictures.Single(p => p.Label == label);
}

/// <summary>Makes character sheets as the cmdlet does.</summary>
internal static class Studio
{
    public static CharacterOrder Mira(this Spine spine, string description = "a woman with short red hair", string provider = "BFL", string? batchId = null, string? portrait = null, int attempts = 3, int throttle = 4, long? seed = null) =>
        new("Mira", new RequestDraft { Prompt = description, Size = provider == "BFL" ? "64x64" : null, Seed = seed }, new Selection { Provider = provider }, spine.Folder, batchId)
        {
            Portrait = portrait,
            MaxAttempts = attempts,
            ThrottleLimit = throttle,
            Timeout = TimeSpan.FromHours(8),
        };

    /// <summary>A sheet of four pictures.</summary>
    public static CharacterOrder Small(this Spine spine, Selection selection) => new("Mira", new RequestDraft { Prompt = "a woman with short red hair" }, selection, spine.Folder)
    {
        Expressions = ["happy"],
        Angles = ["profile"],
        Timeout = TimeSpan.FromHours(8),
    };

    /// <summary>One command, in an engine of its own, as another process would.</summary>
    public static async Task<Made> MakeAsync(this Spine spine, CharacterOrder? order = null, DriftCheck? check = null, Budget? budget = null, bool yes = true, CoreEngine? engine = null, CancellationToken stop = default)
    {
        SheetMaker maker = new(engine ?? spine.NewEngine(), new Planner(ProviderRegistry.BuiltIn, spine.Surroundings), order ?? spine.Mira(), spine.Listener, check);
        ForegroundConsent consent = new(yes);
        await maker.RecoverAsync(look: true, stop);
        maker.Plan();
        if (!maker.Approve(consent, budget ?? spine.NewBudget(new BudgetLimits())))
            return new Made(null, maker, consent);
        await maker.OrderAsync(stop);
        return new Made(maker.Finish(), maker, consent);
    }

    /// <summary>A check that says the same of every picture.</summary>
    public static DriftCheck Always(DriftState state, double? score = null) => (_, _, _) => Task.FromResult(new DriftAnswer(state, score));
}
