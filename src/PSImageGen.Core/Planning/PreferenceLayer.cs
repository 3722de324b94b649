using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Tasks;

namespace PSImageGen.Core.Planning;

/// <summary>A part of the preferences; its name in files begins with a small letter.</summary>
public enum PreferencePart
{
    /// <summary>Who is asked first: a list of providers.</summary>
    Preferred,
    /// <summary>How likely each is to be the first one: a number from 0 up for each provider.</summary>
    Weights,
    /// <summary>Who is never asked: a list of providers.</summary>
    Blocked,
    /// <summary>Values for parameters that are not given.</summary>
    Defaults,
    /// <summary>Ceilings in US dollars.</summary>
    Budgets,
}

/// <summary>
/// What one place says of preferences, checked. The keys are those of DESIGN section 4: <c>preferred</c>, <c>weights</c>, <c>blocked</c>, <c>defaults</c>, <c>budgets</c>.
/// A value of null takes away what was said before.
/// </summary>
public sealed class PreferenceLayer
{
    private readonly Dictionary<(PreferencePart Part, string Key), object?> _values;

    private PreferenceLayer(string source, Dictionary<(PreferencePart Part, string Key), object?> values)
    {
        Source = source;
        _values = values;
    }

    /// <summary>Which place.</summary>
    public string Source { get; }

    /// <summary>The values by part and key; lists have the key "".</summary>
    internal IReadOnlyDictionary<(PreferencePart Part, string Key), object?> Values => _values;

    /// <summary>Reads what a place says.</summary>
    /// <param name="json">The object with the parts; the case of names does not matter.</param>
    /// <param name="source">The place, for messages.</param>
    /// <param name="folder">The folder that relative paths begin in.</param>
    /// <param name="registry">The providers there are.</param>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>, naming the place and the key.</exception>
    public static PreferenceLayer Read(JsonObject json, string source, string folder, ProviderRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(json);
        Dictionary<(PreferencePart, string), object?> values = [];
        PreferenceRules rules = new(source, folder, registry);
        foreach ((string name, JsonNode? node) in json)
        {
            PreferencePart part = rules.PartOf(name);
            if (node is null)
                values[(part, string.Empty)] = null;
            else if (part is PreferencePart.Preferred or PreferencePart.Blocked)
                values[(part, string.Empty)] = rules.Providers(part, node);
            else
            {
                foreach ((string key, JsonNode? value) in rules.Table(part, node))
                {
                    string known = rules.KeyOf(part, key);
                    values[(part, known)] = value is null ? null : rules.Value(part, known, value);
                }
            }
        }

        return new PreferenceLayer(source, values);
    }

    /// <summary>Whether anything is said of a part.</summary>
    public bool Says(PreferencePart part) => _values.Any(v => v.Key.Part == part && v.Value is not null);

    /// <summary>The same after a change: what it says counts, what it says null of is gone.</summary>
    public PreferenceLayer With(PreferenceLayer change)
    {
        ArgumentNullException.ThrowIfNull(change);
        Dictionary<(PreferencePart Part, string Key), object?> values = new(_values);
        foreach (((PreferencePart part, string key), object? value) in change._values)
        {
            if (value is not null)
                values[(part, key)] = value;
            else
                foreach ((PreferencePart, string) gone in values.Keys.Where(k => k.Part == part && (key.Length == 0 || k.Key == key)).ToArray())
                    values.Remove(gone);
        }

        return new PreferenceLayer(Source, values);
    }

    /// <summary>The same without some parts.</summary>
    public PreferenceLayer Without(IReadOnlyCollection<PreferencePart> parts) =>
        new(Source, _values.Where(v => !parts.Contains(v.Key.Part)).ToDictionary());

    /// <summary>As it is written into a file.</summary>
    internal byte[] ToJson()
    {
        JsonObject json = [];
        foreach (IGrouping<PreferencePart, KeyValuePair<(PreferencePart Part, string Key), object?>> part in _values.Where(v => v.Value is not null).GroupBy(v => v.Key.Part).OrderBy(g => g.Key))
        {
            json[Small(part.Key.ToString())] = part.Key is PreferencePart.Preferred or PreferencePart.Blocked
                ? new JsonArray([.. ((IReadOnlyList<string>)part.Single().Value!).Select(p => (JsonNode?)p)])
                : new JsonObject(part.Select(v => KeyValuePair.Create<string, JsonNode?>(part.Key == PreferencePart.Weights ? v.Key.Key : Small(v.Key.Key), NodeOf(v.Value!))));
        }

        return JsonSerializer.SerializeToUtf8Bytes(json, RecordJson.Options);
    }

    /// <summary>A name as files spell it.</summary>
    internal static string Small(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);

    private static JsonValue NodeOf(object value) => value switch
    {
        double number => JsonValue.Create(number),
        decimal number => JsonValue.Create(number),
        int number => JsonValue.Create(number),
        Enum word => JsonValue.Create(Small(word.ToString())),
        _ => JsonValue.Create((string)value),
    };
}
