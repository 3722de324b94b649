using System.Globalization;
using System.Text.Json.Nodes;

namespace PSImageGen.Core.Providers.StableDiffusion;

/// <summary>A workflow in ComfyUI's API form: nodes by number, each with its inputs, which are values or outputs of other nodes.</summary>
internal sealed class ComfyGraph
{
    /// <summary>The document.</summary>
    public JsonObject Nodes { get; } = [];

    /// <summary>Adds a node.</summary>
    /// <returns>Its first output.</returns>
    public Output Add(string type, params ReadOnlySpan<(string Name, JsonNode? Value)> inputs)
    {
        string id = (Nodes.Count + 1).ToString(CultureInfo.InvariantCulture);
        JsonObject values = [];
        foreach ((string name, JsonNode? value) in inputs)
            values[name] = value;
        Nodes[id] = new JsonObject { ["class_type"] = type, ["inputs"] = values };
        return new Output(id, 0);
    }

    /// <summary>An output of a node, to be an input of others.</summary>
    internal readonly record struct Output(string Node, int Index)
    {
        /// <summary>The second, third … output of the same node.</summary>
        public Output At(int index) => this with { Index = index };

        public static implicit operator JsonNode(Output output) => new JsonArray(output.Node, output.Index);
    }
}
