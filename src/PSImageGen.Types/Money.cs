namespace PSImageGen;

/// <summary>What a call will cost as far as is known before it is made.</summary>
public sealed record Quote
{
    /// <summary>The provider's id.</summary>
    public required string Provider { get; init; }

    /// <summary>The model's id at the provider.</summary>
    public required string Model { get; init; }

    /// <summary>What will be done.</summary>
    public required ImageOperation Operation { get; init; }

    /// <summary>The size as it will be sent (<c>1024x1024</c>), or the class or ratio where the model knows no pixels; null when the model decides.</summary>
    public string? Size { get; init; }

    /// <summary>The ratio of width to height, as <c>16:9</c>.</summary>
    public string? AspectRatio { get; init; }

    /// <summary>The quality as it will be sent; null when the model decides.</summary>
    public string? Quality { get; init; }

    /// <summary>How many pictures.</summary>
    public required int Count { get; init; }

    /// <summary>The expected cost of all pictures together; null when it is not known. Zero only where nothing is paid.</summary>
    public decimal? Amount { get; init; }

    /// <summary>The highest cost to expect; null when it is not known.</summary>
    public decimal? AmountMax { get; init; }

    /// <summary><c>USD</c> or <c>credits</c>.</summary>
    public string Currency { get; init; } = "USD";

    /// <summary>Where the price was read.</summary>
    public string? PriceSource { get; init; }

    /// <summary>When the price was read, as <c>yyyy-MM-dd</c>.</summary>
    public string? PriceDate { get; init; }

    /// <summary>What will be different from what was asked, and what the price leaves out.</summary>
    public IReadOnlyList<string> Notes { get; init => field = Lists.Indexable(value); } = [];

    /// <summary>True where the call costs nothing.</summary>
    public bool IsFree { get; init; }
}

/// <summary>What a run really cost, as the provider reported it.</summary>
public sealed record Cost
{
    /// <summary>The amount.</summary>
    public required decimal Amount { get; init; }

    /// <summary><c>USD</c> or <c>credits</c>.</summary>
    public required string Currency { get; init; }

    /// <summary>What it was worked out from: <c>reported</c>, <c>usage</c> or <c>estimate</c>.</summary>
    public required string Source { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Amount:0.####} {Currency}");
}

/// <summary>By what sums of money are told apart.</summary>
public enum CostGrouping
{
    /// <summary>Who made the pictures.</summary>
    Provider,
    /// <summary>With which model.</summary>
    Model,
    /// <summary>On which day.</summary>
    Day,
    /// <summary>For which project.</summary>
    Project,
}

/// <summary>The sum of several quotes, or of what was spent, in one currency.</summary>
public sealed record CostSummary
{
    /// <summary>What the sum is of, where sums are told apart: a provider, a model, a day (<c>yyyy-MM-dd</c>) or a folder.</summary>
    public string? Group { get; init; }

    /// <summary>The currency of the amounts.</summary>
    public required string Currency { get; init; }

    /// <summary>How many calls.</summary>
    public required int Calls { get; init; }

    /// <summary>How many pictures.</summary>
    public required int Images { get; init; }

    /// <summary>The expected total of the calls whose price is known; null when none is.</summary>
    public decimal? Amount { get; init; }

    /// <summary>The highest total to expect; null when that of any call is not known.</summary>
    public decimal? AmountMax { get; init; }

    /// <summary>Calls whose price is not known: they are not in the amounts.</summary>
    public required int UnknownCalls { get; init; }

    /// <summary>Calls whose amount is an estimate: of quotes all that are known, of what was spent those of which the provider told nothing.</summary>
    public int EstimatedCalls { get; init; }

    /// <summary>The providers concerned.</summary>
    public IReadOnlyList<string> Providers { get; init => field = Lists.Indexable(value); } = [];
}
