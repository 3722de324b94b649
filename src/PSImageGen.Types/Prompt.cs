namespace PSImageGen;

/// <summary>What a prompt is made of.</summary>
public enum PromptPart
{
    /// <summary>What is seen.</summary>
    Subject,
    /// <summary>How it is made: photograph, watercolour, line drawing.</summary>
    Style,
    /// <summary>From where it is seen, and what stands where.</summary>
    Composition,
    /// <summary>Where the light comes from, and of what kind it is.</summary>
    Lighting,
    /// <summary>The mood.</summary>
    Atmosphere,
}

/// <summary>The parts of a prompt; null for those that are left to the model.</summary>
public sealed record PromptParts
{
    /// <summary>What is seen.</summary>
    public string? Subject { get; init; }

    /// <summary>How it is made.</summary>
    public string? Style { get; init; }

    /// <summary>From where it is seen, and what stands where.</summary>
    public string? Composition { get; init; }

    /// <summary>Where the light comes from, and of what kind it is.</summary>
    public string? Lighting { get; init; }

    /// <summary>The mood.</summary>
    public string? Atmosphere { get; init; }

    /// <summary>One of them.</summary>
    public string? this[PromptPart part] => part switch
    {
        PromptPart.Subject => Subject,
        PromptPart.Style => Style,
        PromptPart.Composition => Composition,
        PromptPart.Lighting => Lighting,
        _ => Atmosphere,
    };

    /// <summary>Which there are.</summary>
    public override string ToString() => string.Join(", ", Enum.GetValues<PromptPart>().Where(p => !string.IsNullOrWhiteSpace(this[p])));
}

/// <summary>A prompt, ready to be made a picture of.</summary>
public sealed record Prompt
{
    /// <summary>The words, the most important first.</summary>
    public required string Text { get; init; }

    /// <summary>What the picture must not show.</summary>
    public string? NegativePrompt { get; init; }

    /// <summary>What it was composed of.</summary>
    public required PromptParts Parts { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>What can be said of a prompt before a picture is made of it.</summary>
public sealed record PromptReport
{
    /// <summary>The words.</summary>
    public required string Prompt { get; init; }

    /// <summary>What the picture must not show.</summary>
    public string? NegativePrompt { get; init; }

    /// <summary>True where nearly everything is left to the model.</summary>
    public required bool IsVague { get; init; }

    /// <summary>The parts that were found.</summary>
    public IReadOnlyList<PromptPart> Present { get; init => field = Lists.Indexable(value); } = [];

    /// <summary>The parts that were not: the model decides on them.</summary>
    public IReadOnlyList<PromptPart> Missing { get; init => field = Lists.Indexable(value); } = [];

    /// <summary>How long it is as it would be sent, in characters.</summary>
    public required int Length { get; init; }

    /// <summary>How long it may be; null where the model states no limit, or none is known.</summary>
    public int? MaxLength { get; init; }

    /// <summary>Whether it is short enough.</summary>
    public bool Fits => MaxLength is not { } most || Length <= most;

    /// <summary>Who would make the picture; null where nobody can be asked.</summary>
    public string? Provider { get; init; }

    /// <summary>With what.</summary>
    public string? Model { get; init; }

    /// <summary>Whether the model has a field for what must not be seen; null where there is no model.</summary>
    public bool? TakesNegativePrompt { get; init; }

    /// <summary>What could be better, the most important first.</summary>
    public IReadOnlyList<string> Advice { get; init => field = Lists.Indexable(value); } = [];
}
