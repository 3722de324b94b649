using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace PSImageGen.Core.OpenApi;

/// <summary>Reads YAML as the JSON it stands for (the core schema of YAML 1.2). This is the only place that needs the library for it, which is loaded here.</summary>
internal static class YamlText
{
    // An alias stands for its whole anchor again: without a limit a few lines become more than the memory holds.
    private const int MaxNodes = 2_000_000;

    /// <summary>Reads the first document of a file.</summary>
    /// <exception cref="FormatException">It is no YAML, or nests or repeats too much.</exception>
    public static JsonNode? Read(byte[] text, int maxDepth)
    {
        try
        {
            using StreamReader reader = new(new MemoryStream(text, writable: false));
            Parser parser = new(reader);
            Builder builder = new(maxDepth);
            while (parser.MoveNext())
            {
                if (builder.Take(parser.Current!))
                    break;
            }

            return builder.Root;
        }
        catch (YamlException e)
        {
            throw new FormatException(Words.Of($"line {e.Start.Line}: {e.Message}"), e);
        }
    }

    /// <summary>Builds the tree from the parser's events, which come one by one: nothing here calls itself, however deep a file nests.</summary>
    private sealed class Builder(int maxDepth)
    {
        private readonly Stack<(JsonNode Node, string? Key, string Anchor)> _open = [];
        private readonly Dictionary<string, (JsonNode? Node, int Size, int Depth)> _anchors = [];
        private int _nodes;

        public JsonNode? Root { get; private set; }

        /// <summary>Takes an event.</summary>
        /// <returns>Whether the document is at its end.</returns>
        public bool Take(ParsingEvent e)
        {
            if (++_nodes > MaxNodes)
                throw new FormatException(Words.Of("there is too much in it"));
            switch (e)
            {
                case MappingStart start:
                    Open(start.Anchor, new JsonObject());
                    return false;
                case SequenceStart start:
                    Open(start.Anchor, new JsonArray());
                    return false;
                case MappingEnd or SequenceEnd:
                    (JsonNode node, _, string anchor) = _open.Pop();
                    if (anchor.Length > 0)
                        _anchors[anchor] = (node, SizeOf(node), DepthOf(node));
                    Add(node);
                    return false;
                case Scalar scalar:
                    if (_open.TryPeek(out var at) && at is { Node: JsonObject, Key: null })
                    {
                        _open.Pop();
                        _open.Push(at with { Key = scalar.Value });
                        return false;
                    }

                    JsonNode? value = ValueOf(scalar);
                    if (!scalar.Anchor.IsEmpty)
                        _anchors[scalar.Anchor.Value] = (value, 1, 0);
                    Add(value);
                    return false;
                case AnchorAlias alias:
                    if (!_anchors.TryGetValue(alias.Value.Value, out (JsonNode? Node, int Size, int Depth) known))
                        throw new FormatException(Words.Of("an alias has no anchor before it"));
                    CheckDepth(known.Depth);
                    if ((_nodes += known.Size) > MaxNodes)
                        throw new FormatException(Words.Of("its aliases stand for too much"));
                    Add(known.Node?.DeepClone());
                    return false;
                default:
                    return e is DocumentEnd;
            }
        }

        private void Open(AnchorName anchor, JsonNode node)
        {
            CheckDepth(1);
            if (_open.TryPeek(out var at) && at is { Node: JsonObject, Key: null })
                throw new FormatException(Words.Of("a key is no text"));
            _open.Push((node, null, anchor.IsEmpty ? string.Empty : anchor.Value));
        }

        private void Add(JsonNode? node)
        {
            if (!_open.TryPop(out var at))
            {
                Root = node;
                return;
            }

            if (at.Node is JsonArray list)
            {
                list.Add(node);
            }
            else
            {
                JsonObject members = (JsonObject)at.Node;
                // << lays other fields under those that are written out.
                if (at.Key == "<<" && node is JsonObject under)
                {
                    foreach ((string name, JsonNode? value) in under.Where(m => !members.ContainsKey(m.Key)))
                        members[name] = value?.DeepClone();
                }
                else
                {
                    members[at.Key!] = node;
                }
            }

            _open.Push(at with { Key = null });
        }

        private void CheckDepth(int more)
        {
            if (_open.Count + more > maxDepth)
                throw new FormatException(Words.Of($"it nests deeper than {maxDepth} levels"));
        }

        private static int DepthOf(JsonNode? node) => node switch
        {
            JsonObject members => 1 + members.Select(m => DepthOf(m.Value)).DefaultIfEmpty(0).Max(),
            JsonArray items => 1 + items.Select(DepthOf).DefaultIfEmpty(0).Max(),
            _ => 0,
        };

        private static int SizeOf(JsonNode? node) => node switch
        {
            JsonObject members => 1 + members.Sum(m => SizeOf(m.Value)),
            JsonArray items => 1 + items.Sum(SizeOf),
            _ => 1,
        };

        private static JsonValue? ValueOf(Scalar scalar)
        {
            string text = scalar.Value;
            if (scalar.Style != ScalarStyle.Plain || (!scalar.Tag.IsEmpty && scalar.Tag.Value == "tag:yaml.org,2002:str"))
                return JsonValue.Create(text);
            switch (text)
            {
                case "" or "~" or "null" or "Null" or "NULL":
                    return null;
                case "true" or "True" or "TRUE":
                    return JsonValue.Create(true);
                case "false" or "False" or "FALSE":
                    return JsonValue.Create(false);
            }

            if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole))
                return JsonValue.Create(whole);
            return text[0] is '-' or '+' or '.' or (>= '0' and <= '9')
                && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out decimal number)
                ? JsonValue.Create(number) : JsonValue.Create(text);
        }
    }
}
