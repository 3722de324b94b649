using System.Collections;
using System.Management.Automation;
using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.Core;

namespace PSImageGen.Input;

/// <summary>Turns hashtables and JSON texts into JSON.</summary>
internal static class JsonValues
{
    /// <summary>A JSON object from a hashtable, an object with properties, or a JSON text; null when it is none of them.</summary>
    public static JsonObject? ToObject(object value)
    {
        try
        {
            return value is string text ? JsonNode.Parse(text) as JsonObject : ToNode(value, 0) as JsonObject;
        }
        catch (Exception e) when (e is JsonException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static JsonNode? ToNode(object? value, int depth)
    {
        if (depth > 20)
            throw new ArgumentException(Words.Of("The value is nested too deeply."), nameof(value));
        object? bare = value is PSObject wrapped && wrapped.BaseObject is not PSCustomObject ? wrapped.BaseObject : value;
        switch (bare)
        {
            case null:
                return null;
            case string text:
                return JsonValue.Create(text);
            case bool yes:
                return JsonValue.Create(yes);
            case SwitchParameter given:
                return JsonValue.Create(given.ToBool());
            case sbyte or byte or short or ushort or int or uint or long:
                return JsonValue.Create(Convert.ToInt64(bare, System.Globalization.CultureInfo.InvariantCulture));
            case ulong number:
                return JsonValue.Create(number);
            case float or double when double.IsFinite(Convert.ToDouble(bare, System.Globalization.CultureInfo.InvariantCulture)):
                return JsonValue.Create(Convert.ToDouble(bare, System.Globalization.CultureInfo.InvariantCulture));
            case decimal number:
                return JsonValue.Create(number);
            case Enum word:
                return JsonValue.Create(word.ToString());
            case IDictionary table:
                JsonObject members = [];
                foreach (DictionaryEntry entry in table)
                    members[entry.Key.ToString()!] = ToNode(entry.Value, depth + 1);
                return members;
            case PSObject or PSCustomObject:
                JsonObject properties = [];
                foreach (PSPropertyInfo property in PSObject.AsPSObject(bare).Properties)
                    properties[property.Name] = ToNode(property.Value, depth + 1);
                return properties;
            case IEnumerable items:
                JsonArray array = [];
                foreach (object? item in items)
                    array.Add(ToNode(item, depth + 1));
                return array;
            default:
                throw new NotSupportedException(Words.Of($"A value of the type {bare.GetType().Name} has no JSON form."));
        }
    }
}
