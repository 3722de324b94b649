namespace PSImageGen;

/// <summary>What a picture of a character sheet is for.</summary>
public enum CharacterStage
{
    /// <summary>The first picture, which all others follow.</summary>
    Portrait,
    /// <summary>The face with a feeling on it.</summary>
    Expression,
    /// <summary>The head from another side.</summary>
    Angle,
    /// <summary>From head to feet.</summary>
    FullBody,
}

/// <summary>Whether a picture was compared with the portrait, and what came of it.</summary>
public enum DriftState
{
    /// <summary>Nobody compared them.</summary>
    NotChecked,
    /// <summary>The check took it for the same character.</summary>
    Passed,
    /// <summary>The check took it for another one.</summary>
    Failed,
}

/// <summary>One picture of a character sheet: the best of those that were made for it.</summary>
public sealed record CharacterPicture
{
    /// <summary>What it is for.</summary>
    public required CharacterStage Stage { get; init; }

    /// <summary>What it shows: <c>happy</c>, <c>profile</c>, …</summary>
    public required string Label { get; init; }

    /// <summary>Where it stands; <c>Planned</c> where nothing was ordered yet.</summary>
    public ImageTaskStatus Status { get; init; }

    /// <summary>Where it lies on disk; null while it is not there.</summary>
    public string? Path { get; init; }

    /// <summary>SHA-256 of the file, lower-case hexadecimal.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The seed that made it, where one was given or told.</summary>
    public long? Seed { get; init; }

    /// <summary>Who made it.</summary>
    public string? Provider { get; init; }

    /// <summary>With what.</summary>
    public string? Model { get; init; }

    /// <summary>The run that made it.</summary>
    public string? RunId { get; init; }

    /// <summary>Whether it is the same character, as far as that was checked.</summary>
    public DriftState Drift { get; init; }

    /// <summary>How much it is like the portrait, where the check gave a number.</summary>
    public double? Score { get; init; }

    /// <summary>All pictures that were made for it, this one among them: what is paid for is kept.</summary>
    public IReadOnlyList<string> Candidates { get; init => field = Lists.Indexable(value); } = [];

    /// <inheritdoc/>
    public override string ToString() => $"{Label}: {Path ?? Status.ToString()}";
}

/// <summary>One character in many pictures that follow the same portrait.</summary>
public sealed record CharacterSheet
{
    /// <summary>What the character is called.</summary>
    public required string Name { get; init; }

    /// <summary>What it looks like, in words.</summary>
    public required string Description { get; init; }

    /// <summary>The id that all runs of the sheet share.</summary>
    public required string BatchId { get; init; }

    /// <summary>The contact sheet: all pictures on one page.</summary>
    public string? Path { get; init; }

    /// <summary>The picture that all others follow.</summary>
    public required string Portrait { get; init; }

    /// <summary>The file to give to <c>-Character</c>.</summary>
    public required string Passport { get; init; }

    /// <summary>Who made it.</summary>
    public string? Provider { get; init; }

    /// <summary>With what.</summary>
    public string? Model { get; init; }

    /// <summary>How closely the pictures were told to follow the portrait.</summary>
    public ConsistencyMode ConsistencyMode { get; init; }

    /// <summary>All pictures, the portrait first.</summary>
    public IReadOnlyList<CharacterPicture> Pictures { get; init => field = Lists.Indexable(value); } = [];

    /// <summary>How many pictures belong to the sheet.</summary>
    public int Requested => Pictures.Count;

    /// <summary>How many of them are there.</summary>
    public int Delivered => Pictures.Count(p => p.Path is not null);

    /// <summary><c>Passed</c> only where every picture but the portrait was checked and passed.</summary>
    public DriftState Drift { get; init; }

    /// <summary>What all orders for it cost, those of earlier commands and of pictures not chosen too; null where a provider does not tell.</summary>
    public decimal? Cost { get; init; }

    /// <summary>The same with the price as shown where a provider does not tell; null where that was not known either.</summary>
    public decimal? EstimatedCost { get; init; }

    /// <summary><c>USD</c> or <c>credits</c>.</summary>
    public string? Currency { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Passport;
}
