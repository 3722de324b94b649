using System.Text.Json.Nodes;
using PSImageGen.Core;
using PSImageGen.Core.Credentials;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;
using PSImageGen.Credentials;
using PSImageGen.Input;

namespace PSImageGen.Commands;

/// <content>Who makes the pictures.</content>
public abstract partial class ImageCommand
{
    private Surroundings? _surroundings;
    private Planner? _planner;

    /// <summary>Keys and addresses.</summary>
    internal Surroundings Surroundings => _surroundings ??= this.Surroundings();

    /// <summary>Plans with the built-in providers and what is around in this session.</summary>
    private protected Planner Planner => _planner ??= new Planner(ProviderRegistry.Current, Surroundings, UserCatalogue.DefaultPath);

    // What a row of a batch is known by: whom it names counts, whom somebody merely prefers does not.
    private string ContentOf(ImageRequest request, RowValues row) =>
        RowContent.Of(request, Blank(Pick(row, nameof(Provider), Provider)), Blank(Pick(row, nameof(Model), Model)), PickValue(row, nameof(UseCase), UseCase));

    // What the input or the command line says, over what is stored.
    private Selection SelectionOf(RowValues row, ImageOperation operation)
    {
        JsonObject words = [];
        if (Pick(row, nameof(PreferredProvider), PreferredProvider) is { } preferred)
            words[nameof(PreferencePart.Preferred)] = new JsonArray([.. preferred.Select(n => (JsonNode?)n)]);
        if (Pick(row, nameof(BlockedProvider), BlockedProvider) is { } blocked)
            words[nameof(PreferencePart.Blocked)] = new JsonArray([.. blocked.Select(n => (JsonNode?)n)]);
        object? weights = IsBound(nameof(ProviderWeight)) ? ProviderWeight : row.Values.GetValueOrDefault(nameof(ProviderWeight));
        if (weights is not null)
            words[nameof(PreferencePart.Weights)] = (weights as JsonObject)?.DeepClone() ?? JsonValues.ToObject(weights)
                ?? throw ErrorRecords.Make(ImageErrorId.InvalidRequest, Words.Of("A value in -ProviderWeight is no (finite) number."), Words.Of("Write it as @{ <provider> = 2; <provider> = 0 }."));
        Selection given = new()
        {
            Provider = Blank(Pick(row, nameof(Provider), Provider)),
            Model = Blank(Pick(row, nameof(Model), Model)),
            UseCase = PickValue(row, nameof(UseCase), UseCase),
            OnlyPreferred = OnlyPreferred,
            FallbackOnUnknown = FallbackOnUnknown,
        };
        return _preferences!.Select(given, PreferenceLayer.Read(words, Words.Of("this command"), string.Empty, ProviderRegistry.Current), operation, Planner.CatalogueOf);
    }
}
