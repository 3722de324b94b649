using System.Text.Json.Nodes;

namespace PSImageGen.FakeProviders.Vendors.OwnServers;

/// <summary>A job in the queue of ComfyUI, or in its history.</summary>
internal sealed class ComfyJob(string id, int number, ComfyGraph graph, string? clientId, JsonNode document, double seconds) : TimedTask(id, graph.Prompt, images: 1, seconds)
{
    public int Number { get; } = number;

    public ComfyGraph Graph { get; } = graph;

    public string FileName { get; } = $"{graph.FilePrefix}_{number:00000}_.png";

    /// <summary>Taken out of the queue before it ran: it leaves no trace.</summary>
    public bool IsRemoved { get; set; }

    public bool IsInterrupted { get; set; }

    /// <summary>Runs for ever.</summary>
    public bool IsHeld { get; set; }

    public TaskPhase Phase => IsHeld ? TaskPhase.Running : Watch().Phase;

    /// <summary>As <c>/queue</c> lists it.</summary>
    public JsonArray Describe() => new(Number, Id, document.DeepClone(), new JsonObject { ["client_id"] = clientId }, new JsonArray(Graph.OutputNode));
}
