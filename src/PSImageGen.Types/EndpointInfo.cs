namespace PSImageGen;

/// <summary>An endpoint that makes pictures, as a vendor's OpenAPI document describes it.</summary>
public sealed record EndpointInfo
{
    /// <summary>Where pictures are ordered, <c>POST /generation/sse/google/nano-banana-pro</c>: the stream where there is one.</summary>
    public required string Endpoint { get; init; }

    /// <summary>What stands for the model in the path.</summary>
    public required string Model { get; init; }

    /// <summary>The endpoint that answers with a stream of states; null where there is none.</summary>
    public string? Stream { get; init; }

    /// <summary>The endpoint that answers at once, so that the task is asked for afterwards; null where there is none.</summary>
    public string? Polling { get; init; }

    /// <summary>Where a task is asked for, <c>GET /generation/{id}</c>; null where the document does not say.</summary>
    public string? Poll { get; init; }

    /// <summary>What it does, in the document's words.</summary>
    public string? Summary { get; init; }

    /// <summary>The address the document names for it. Nothing is sent there because of it.</summary>
    public string? Server { get; init; }

    /// <summary>The form of the body, <c>application/json</c>; null where none is described.</summary>
    public string? MediaType { get; init; }

    /// <summary>The name of the body's schema in the document; null where it has none.</summary>
    public string? Schema { get; init; }

    /// <summary>The fields of the body, the required first.</summary>
    public IReadOnlyList<EndpointField> Fields { get; init => field = Lists.Indexable(value); } = [];

    /// <summary>The words for the state of a task, from the answer to the question after it.</summary>
    public IReadOnlyList<string> Statuses { get; init => field = Lists.Indexable(value); } = [];

    /// <summary>The words for the state of a task in the answer to the order.</summary>
    public IReadOnlyList<string> QueueStatuses { get; init => field = Lists.Indexable(value); } = [];

    /// <summary>The statuses of its refusals.</summary>
    public IReadOnlyList<string> ErrorCodes { get; init => field = Lists.Indexable(value); } = [];

    /// <summary>A body to fill in, as JSON: the required fields, and those with a default. Null where the body is not described.</summary>
    public string? Template { get; init; }

    /// <summary>Where this was read: the path or link of the document, or a list and its date.</summary>
    public string? Source { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Endpoint;
}

/// <summary>A field of a request.</summary>
public sealed record EndpointField
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether nothing is done without it.</summary>
    public bool Required { get; init; }

    /// <summary>Its kind: <c>string</c>, <c>array&lt;string&gt;</c>, <c>integer | null</c>.</summary>
    public required string Type { get; init; }

    /// <summary>What counts where it is left out, as text; null where the document does not say.</summary>
    public string? Default { get; init; }

    /// <summary>The only values; empty for any.</summary>
    public IReadOnlyList<string> AllowedValues { get; init => field = Lists.Indexable(value); } = [];

    /// <summary>What else a value must be, <c>a whole number from 1 to 4</c>; null where nothing else is said.</summary>
    public string? Rule { get; init; }

    /// <summary>The document's words.</summary>
    public string? Description { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Required ? Name : $"[{Name}]";
}
