using System.Net;
using PSImageGen.Core.Credentials;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Tasks;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Engine;

/// <summary>What an engine works with.</summary>
public sealed record EngineOptions
{
    /// <summary>The providers there are.</summary>
    public ProviderRegistry Registry { get; init; } = ProviderRegistry.Current;

    /// <summary>Keys and base URLs.</summary>
    public Surroundings Surroundings { get; init; } = new();

    /// <summary>The user's list of unfinished runs.</summary>
    public RunIndex Index { get; init; } = new(RunIndex.StateFolder());

    /// <summary>How many tasks may be under way at once.</summary>
    public int ThrottleLimit { get; init; } = 4;

    /// <summary>The proxy; null for the system's own settings.</summary>
    public IWebProxy? Proxy { get; init; }

    /// <summary>How long to wait for what.</summary>
    public TransportLimits Limits { get; init; } = new();

    /// <summary>The first wait before something is sent again.</summary>
    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Measures time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
