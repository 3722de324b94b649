namespace PSImageGen.Core.OpenApi;

/// <summary>A vendor's documents together: one for the platform, others for single models. Of an endpoint that is in several the most specific counts: the one with the fewest endpoints.</summary>
public sealed class ApiDocuments
{
    /// <summary>Puts documents together.</summary>
    public ApiDocuments(params IReadOnlyList<ApiDocument> documents)
    {
        Documents = documents;
        Endpoints = [.. documents.SelectMany(d => d.Endpoints).GroupBy(e => (e.Method, e.Key)).Select(same => same.OrderBy(e => e.Document.Endpoints.Count).First())];
    }

    /// <summary>The documents.</summary>
    public IReadOnlyList<ApiDocument> Documents { get; }

    /// <summary>Their endpoints, each once.</summary>
    public IReadOnlyList<ApiEndpoint> Endpoints { get; }

    /// <summary>What they are called, for messages.</summary>
    public string Name => string.Join(", ", Documents.Select(d => d.Name));

    /// <summary>The endpoint with a method and path; null when there is none.</summary>
    public ApiEndpoint? Find(string endpoint)
    {
        (string? method, string path) = ApiEndpoint.Split(endpoint);
        string key = ApiEndpoint.KeyOf(path);
        return Endpoints.Where(e => e.Key == key && (method is null || e.Method == method)).OrderBy(e => e.Path != path).ThenBy(e => e.Method switch { "POST" => 0, "GET" => 1, _ => 2 }).FirstOrDefault();
    }

    /// <summary>The endpoint that does the same and answers with a stream of states: itself, or one with <c>sse</c> or <c>stream</c> in its path; null when there is none.</summary>
    public ApiEndpoint? StreamOf(ApiEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (endpoint.Streams)
            return endpoint;
        string plain = PlainKey(endpoint);
        return Endpoints.FirstOrDefault(e => e != endpoint && e.Method == endpoint.Method && e.Key != plain && PlainKey(e) == plain);
    }

    /// <summary>The endpoint that does the same and answers at once; null when there is none.</summary>
    public ApiEndpoint? PollingOf(ApiEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        string plain = PlainKey(endpoint);
        return Endpoints.FirstOrDefault(e => e.Method == endpoint.Method && e.Key == plain);
    }

    /// <summary>Where a task of an endpoint is asked for by its id; null when the documents do not say.</summary>
    public ApiEndpoint? PollOf(ApiEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        string[] own = PlainKey(endpoint).Split('/', StringSplitOptions.RemoveEmptyEntries);
        ApiEndpoint[] questions = [.. Endpoints.Where(e => e.Method == "GET" && (IsById(e) || e.RequiredQuery is ["id" or "task_id" or "request_id" or "job_id"]))];
        // Of several the one whose path goes furthest with the order's, then the one that speaks of what is asked.
        return questions.Select(e => (Endpoint: e, Common: Common(own, e), Word: WordOf(e)))
            .Where(q => q.Common > 0 || q.Word < int.MaxValue)
            .OrderBy(q => q.Word == int.MaxValue && q.Common < own.Length).ThenByDescending(q => q.Common).ThenBy(q => q.Word).ThenBy(q => q.Endpoint.Path.Length)
            .Select(q => q.Endpoint).FirstOrDefault();
    }

    /// <summary>The path without its version and without the part that asks for a stream.</summary>
    internal static string PlainKey(ApiEndpoint endpoint) => "/" + string.Join('/', endpoint.Key.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(s => s is not ("sse" or "stream")));

    private static bool IsById(ApiEndpoint e) => e.Key.EndsWith("/{}", StringComparison.Ordinal) || e.Key.EndsWith("/{}/status", StringComparison.Ordinal);

    private static int Common(string[] own, ApiEndpoint question) =>
        own.Zip(question.Key.Split('/', StringSplitOptions.RemoveEmptyEntries)).TakeWhile(p => p.First == p.Second && p.First != "{}").Count();

    private static readonly string[] Questions = ["generation", "generations", "prediction", "predictions", "result", "results", "get_result", "task", "tasks", "job", "jobs", "request", "requests", "status", "history"];

    private static int WordOf(ApiEndpoint e) =>
        e.Key.Split('/').Select(s => Array.IndexOf(Questions, s)).Where(i => i >= 0).DefaultIfEmpty(int.MaxValue).Min();
}
