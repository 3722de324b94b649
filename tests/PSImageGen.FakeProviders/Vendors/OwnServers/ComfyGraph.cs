using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Images;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.OwnServers;

/// <summary>A workflow, checked as the server checks it, and beyond: inputs that a node does not have are refused.</summary>
internal sealed class ComfyGraph
{
    private readonly Dictionary<string, JsonElement> _nodes;
    private readonly IReadOnlyDictionary<string, ComfyNode> _classes;
    private readonly Func<string, ImageFacts?> _uploaded;
    private readonly Dictionary<string, List<JsonNode>> _errors = [];

    private ComfyGraph(JsonElement prompt, IReadOnlyDictionary<string, ComfyNode> classes, Func<string, ImageFacts?> uploaded)
    {
        _nodes = prompt.EnumerateObject().ToDictionary(n => n.Name, n => n.Value);
        (_classes, _uploaded) = (classes, uploaded);
    }

    /// <summary>The words of the first text node.</summary>
    public string Prompt { get; private set; } = "";

    public string FilePrefix { get; private set; } = "";

    public string OutputNode { get; private set; } = "";

    public (int Width, int Height) Size { get; private set; }

    public static ComfyGraph Read(JsonElement prompt, IReadOnlyDictionary<string, ComfyNode> classes, Func<string, ImageFacts?> uploaded)
    {
        ComfyGraph graph = new(prompt, classes, uploaded);
        graph.Check();
        return graph;
    }

    public static RefusedException Refused(string type, string message, string details = "", JsonNode? nodeErrors = null) => new(Answer.Json(new JsonObject
    {
        ["error"] = new JsonObject { ["type"] = type, ["message"] = message, ["details"] = details, ["extra_info"] = new JsonObject() },
        ["node_errors"] = nodeErrors ?? new JsonArray(),
    }, 400));

    private void Check()
    {
        foreach ((string id, JsonElement node) in _nodes)
        {
            string type = node.GetProperty("class_type").GetString() ?? "";
            if (!_classes.ContainsKey(type))
                throw Refused("missing_node_type", $"Node '{type}' not found. The custom node may not be installed.", $"Node ID '#{id}'");
        }

        string[] outputs = [.. _nodes.Where(n => ClassOf(n.Key).IsOutput).Select(n => n.Key)];
        if (outputs.Length == 0)
            throw Refused("prompt_no_outputs", "Prompt has no outputs");
        foreach (string id in _nodes.Keys)
            CheckNode(id);
        if (_errors.Count > 0)
        {
            throw Refused("prompt_outputs_failed_validation", "Prompt outputs failed validation", "", new JsonObject(_errors.Select(e => KeyValuePair.Create(e.Key, (JsonNode?)new JsonObject
            {
                ["class_type"] = ClassOf(e.Key).Name,
                ["dependent_outputs"] = new JsonArray(outputs[0]),
                ["errors"] = new JsonArray([.. e.Value]),
            }))));
        }

        OutputNode = outputs[0];
        FilePrefix = Inputs(OutputNode)["filename_prefix"].GetString()!;
        Size = SizeOf(Inputs(OutputNode)["images"]);
        Prompt = _nodes.Keys.Where(n => ClassOf(n).Name == "CLIPTextEncode").Select(n => Inputs(n)["text"].GetString()).FirstOrDefault() ?? "";
    }

    private void CheckNode(string id)
    {
        ComfyNode type = ClassOf(id);
        Dictionary<string, JsonElement> given = Inputs(id);
        void Add(string kind, string message, string details)
        {
            if (!_errors.TryGetValue(id, out List<JsonNode>? list))
                _errors[id] = list = [];
            list.Add(new JsonObject { ["type"] = kind, ["message"] = message, ["details"] = details, ["extra_info"] = new JsonObject() });
        }

        foreach (string stranger in given.Keys.Except(type.Inputs.Select(i => i.Name)))
            Add("required_input_missing", "The node has no such input (the original ignores it)", stranger);
        foreach (ComfyInput input in type.Inputs)
        {
            if (!given.TryGetValue(input.Name, out JsonElement value))
            {
                if (!input.Optional)
                    Add("required_input_missing", "Required input is missing", input.Name);
            }
            else if (value.ValueKind == JsonValueKind.Array)
            {
                string from = value[0].GetString() ?? "";
                string? output = _nodes.ContainsKey(from) ? ClassOf(from).Outputs.ElementAtOrDefault(value[1].GetInt32()) : null;
                if (output != input.Type)
                    Add("return_type_mismatch", "Return type mismatch between linked nodes", $"{input.Name}, received_type({output}) mismatch input_type({input.Type})");
            }
            else
            {
                CheckValue(input, value, Add);
            }
        }
    }

    private void CheckValue(ComfyInput input, JsonElement value, Action<string, string, string> add)
    {
        switch (input.Type)
        {
            case "COMBO" when value.ValueKind != JsonValueKind.String || !input.Choices!.Contains(value.GetString()!):
                add("value_not_in_list", "Value not in list", $"{input.Name}: '{value}' not in [{string.Join(", ", input.Choices!)}]");
                break;
            case "UPLOADED" when value.ValueKind != JsonValueKind.String || _uploaded(value.GetString()!) is null:
                add("custom_validation_failed", "Custom validation failed for node", $"{input.Name} - Invalid image file: {value}");
                break;
            case "INT" when value.ValueKind != JsonValueKind.Number || !decimal.TryParse(value.GetRawText(), out decimal whole) || decimal.Truncate(whole) != whole:
            case "FLOAT" when value.ValueKind != JsonValueKind.Number:
            case "STRING" when value.ValueKind != JsonValueKind.String:
            case "BOOLEAN" when value.ValueKind is not (JsonValueKind.True or JsonValueKind.False):
                add("invalid_input_type", "Failed to convert an input value", $"{input.Name}, {value}");
                break;
            case "INT" or "FLOAT" when value.GetDouble() < input.Least:
                add("value_smaller_than_min", $"Value {value} smaller than min of {input.Least}", input.Name);
                break;
            case "INT" or "FLOAT" when value.GetDouble() > input.Most:
                add("value_bigger_than_max", $"Value {value} bigger than max of {input.Most}", input.Name);
                break;
            case "COMBO" or "UPLOADED" or "INT" or "FLOAT" or "STRING" or "BOOLEAN":
                break;
            default:
                add("bad_linked_input", "Bad linked input, must be a length-2 list of [node_id, slot_index]", input.Name);
                break;
        }
    }

    private ComfyNode ClassOf(string id) => _classes[_nodes[id].GetProperty("class_type").GetString()!];

    private Dictionary<string, JsonElement> Inputs(string id) => _nodes[id].GetProperty("inputs").EnumerateObject().ToDictionary(i => i.Name, i => i.Value);

    // What the nodes do to the size of what passes through them.
    private (int Width, int Height) SizeOf(JsonElement link)
    {
        string id = link[0].GetString()!;
        Dictionary<string, JsonElement> inputs = Inputs(id);
        (int Width, int Height) Of(string input) => SizeOf(inputs[input]);
        switch (ClassOf(id).Name)
        {
            case "LoadImage":
                ImageFacts facts = _uploaded(inputs["image"].GetString()!)!;
                return (facts.Width, facts.Height);
            case "EmptyLatentImage" or "ImageScale":
                return (inputs["width"].GetInt32(), inputs["height"].GetInt32());
            case "ImageScaleBy":
                double by = inputs["scale_by"].GetDouble();
                return ((int)Math.Round(Of("image").Width * by), (int)Math.Round(Of("image").Height * by));
            case "ImageUpscaleWithModel":
                return (Of("image").Width * 4, Of("image").Height * 4);
            case "VAEEncode" or "VAEEncodeForInpaint":
                return (Of("pixels").Width / 8 * 8, Of("pixels").Height / 8 * 8);
            case "KSampler":
                return Of("latent_image");
            case "ImageCompositeMasked":
                return Of("destination");
            default:
                return Of("samples");
        }
    }
}
