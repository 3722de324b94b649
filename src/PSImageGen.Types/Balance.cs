namespace PSImageGen;

/// <summary>What an account at a provider has left, as the provider told it just now.</summary>
public sealed record Balance
{
    /// <summary>The provider's id.</summary>
    public required string Provider { get; init; }

    /// <summary>What is left; null where the provider does not tell, which <see cref="Note"/> then says.</summary>
    public decimal? Amount { get; init; }

    /// <summary><c>USD</c> or <c>credits</c>; null without an amount.</summary>
    public string? Currency { get; init; }

    /// <summary>Where more is bought, and what is left can always be seen.</summary>
    public Uri? AccountPage { get; init; }

    /// <summary>The address that told it; null where nobody was asked.</summary>
    public Uri? Source { get; init; }

    /// <summary>When it was told.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Why there is no amount, or what it leaves out.</summary>
    public string? Note { get; init; }
}
