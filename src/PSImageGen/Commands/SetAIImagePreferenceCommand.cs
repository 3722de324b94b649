using System.Collections;
using System.Management.Automation;
using System.Text.Json.Nodes;
using PSImageGen.Completers;
using PSImageGen.Core;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Input;

namespace PSImageGen.Commands;

/// <summary>Stores what the user prefers, for all commands that make pictures.</summary>
[Cmdlet(VerbsCommon.Set, "AIImagePreference", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(void))]
public sealed class SetAIImagePreferenceCommand : PSCmdlet
{
    /// <summary>Providers to try first, in order; an empty list for none, $null to leave it to the project.</summary>
    [Parameter(Position = 0)]
    [AllowNull]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string[]? Preferred { get; set; }

    /// <summary>How likely each provider is to be the first one; $null takes a weight away.</summary>
    [Parameter]
    [AllowNull]
    public Hashtable? Weight { get; set; }

    /// <summary>Providers never to use; an empty list for none, $null to leave it to the project.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string[]? Blocked { get; set; }

    /// <summary>Values for parameters that are not given; $null takes one away.</summary>
    [Parameter]
    [AllowNull]
    public Hashtable? Default { get; set; }

    /// <summary>Ceilings in US dollars: PerDay, PerProject, MaxCost; $null takes one away.</summary>
    [Parameter]
    [AllowNull]
    public Hashtable? Budget { get; set; }

    /// <summary>Parts to forget: Preferred, Weights, Blocked, Defaults, Budgets.</summary>
    [Parameter]
    [ValidateSet(nameof(PreferencePart.Preferred), nameof(PreferencePart.Weights), nameof(PreferencePart.Blocked), nameof(PreferencePart.Defaults), nameof(PreferencePart.Budgets))]
    public string[]? Clear { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        try
        {
            PreferenceFiles files = StoredPreferences.Files;
            JsonObject said = [];
            Add(said, PreferencePart.Preferred, nameof(Preferred), Preferred);
            Add(said, PreferencePart.Weights, nameof(Weight), Weight);
            Add(said, PreferencePart.Blocked, nameof(Blocked), Blocked);
            Add(said, PreferencePart.Defaults, nameof(Default), Default);
            Add(said, PreferencePart.Budgets, nameof(Budget), Budget);
            PreferencePart[] cleared = [.. (Clear ?? []).Select(word => Enum.Parse<PreferencePart>(word, ignoreCase: true))];
            if (said.Count == 0 && cleared.Length == 0)
                throw ErrorRecords.Make(ImageErrorId.InvalidRequest, Words.Of("It is not said what is to be stored."), Words.Of("For example: Set-AIImagePreference -Default @{ Quality = 'high' }. Get-AIImagePreference shows what counts."));

            string here = SessionState.Path.CurrentFileSystemLocation.ProviderPath;
            PreferenceLayer change = PreferenceLayer.Read(said, Words.Of("given now"), here, ProviderRegistry.Current);
            PreferenceLayer user = files.User().Without(cleared).With(change);
            string[] deeds = [.. cleared.Select(part => Words.Of($"forget {part}")), .. said.Select(part => part.Value is null ? Words.Of($"forget {part.Key}") : Words.Of($"set {part.Key} to {part.Value.ToJsonString()}"))];
            if (ShouldProcess(files.UserPath, Words.List(deeds)))
                files.Save(user);
        }
        catch (AIImageException e)
        {
            ThrowTerminatingError(ErrorRecords.Of(e, null));
        }
    }

    private void Add(JsonObject said, PreferencePart part, string parameter, object? value)
    {
        if (!MyInvocation.BoundParameters.ContainsKey(parameter))
            return;
        said[part.ToString()] = value switch
        {
            null => null,
            string[] names => new JsonArray([.. names.Select(n => (JsonNode?)n)]),
            _ => JsonValues.ToObject(value) ?? throw ErrorRecords.Make(ImageErrorId.InvalidRequest, Words.Of($"A value in -{parameter} is neither a text nor a (finite) number. Nothing was stored."), Words.Of($"Write -{parameter} as a table of names and values.")),
        };
        // A path as the session means it.
        if (part == PreferencePart.Defaults && said[part.ToString()] is JsonObject defaults && defaults.FirstOrDefault(d => string.Equals(d.Key, "OutputDirectory", StringComparison.OrdinalIgnoreCase)) is { Value: JsonValue path } folder
            && path.TryGetValue(out string? text) && !string.IsNullOrWhiteSpace(text))
            defaults[folder.Key] = this.ResolvePath(text);
    }
}
