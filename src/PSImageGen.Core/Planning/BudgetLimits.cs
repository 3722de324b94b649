namespace PSImageGen.Core.Planning;

/// <summary>Ceilings in US dollars that are stored; null for none.</summary>
public sealed record BudgetLimits
{
    /// <summary>For all calls of one pipeline that says none itself.</summary>
    public decimal? MaxCost { get; init; }

    /// <summary>For all calls of a day (the calendar's, here).</summary>
    public decimal? PerDay { get; init; }

    /// <summary>For all calls of a project, ever.</summary>
    public decimal? PerProject { get; init; }

    /// <summary>The project: the folder whose file says its ceiling; null where each folder of pictures is its own.</summary>
    public string? Project { get; init; }

    /// <summary>The project's file; null where there is none.</summary>
    public string? ProjectFile { get; init; }

    /// <summary>The ceilings that are said by it, and not by the user.</summary>
    public IReadOnlyList<string> OfProjectFile { get; init; } = [];
}
