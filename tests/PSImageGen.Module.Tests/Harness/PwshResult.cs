using System.Text.Json;
using System.Text.Json.Nodes;

namespace PSImageGen.Module.Tests.Harness;

/// <summary>An error record as a user's script would meet it.</summary>
public sealed record PwshError(string FullyQualifiedErrorId, string Category, string Message, string? RecommendedAction, string? Target, string? TargetType)
{
    /// <summary>The part before the first comma.</summary>
    public string Id => FullyQualifiedErrorId.Split(',')[0];
}

/// <summary>All that a script left behind.</summary>
public sealed class PwshResult
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNameCaseInsensitive = true };

    public required string Output { get; init; }

    public required string ErrorOutput { get; init; }

    public required int ExitCode { get; init; }

    /// <summary>What flowed out, each object as JSON.</summary>
    public IReadOnlyList<JsonNode?> Objects { get; init; } = [];

    public IReadOnlyList<PwshError> Errors { get; init; } = [];

    /// <summary>The error that ended the script; null when it ran to its end.</summary>
    public PwshError? Terminating { get; init; }

    public IReadOnlyList<string> Warnings { get; init; } = [];

    public IReadOnlyList<string> Verbose { get; init; } = [];

    public IReadOnlyList<string> Debug { get; init; } = [];

    public IReadOnlyList<string> Information { get; init; } = [];

    /// <summary>Whether the script came to its end or to a terminating error, so that there is something to read.</summary>
    public bool Reported { get; init; }

    /// <summary>The last object, which a script made to be read here.</summary>
    public JsonNode Last => Objects.Count > 0 ? Objects[^1]! : throw new InvalidOperationException("The script gave no object. " + this);

    /// <summary>Everything that a user could see of it, in one text.</summary>
    public string Everything => string.Join('\n',
        [Output, ErrorOutput, .. Objects.Select(o => o?.ToJsonString()), .. Errors.Append(Terminating).Select(e => e?.ToString()), .. Warnings, .. Verbose, .. Debug, .. Information]);

    /// <summary>The result, which must have come without any error.</summary>
    public PwshResult Clean()
    {
        Assert.True(Reported && Errors.Count == 0 && Terminating is null, ToString());
        return this;
    }

    public override string ToString() =>
        $"exit {ExitCode}, {Objects.Count} objects; errors: {string.Join(" | ", Errors.Append(Terminating).Where(e => e is not null))}; warnings: {string.Join(" | ", Warnings)}; output: {Tail(Output)} {Tail(ErrorOutput)}";

    internal static PwshResult Read(string path, string output, string errorOutput, int exitCode)
    {
        if (!File.Exists(path))
            return new PwshResult { Output = output, ErrorOutput = errorOutput, ExitCode = exitCode };
        JsonNode all = JsonNode.Parse(File.ReadAllText(path))!;
        string[] Texts(string name) => all[name].Deserialize<string[]>()!;
        return new PwshResult
        {
            Output = output,
            ErrorOutput = errorOutput,
            ExitCode = exitCode,
            Reported = true,
            Objects = [.. all["objects"]!.AsArray()],
            Errors = all["errors"].Deserialize<PwshError[]>(Json)!,
            Terminating = all["terminating"].Deserialize<PwshError>(Json),
            Warnings = Texts("warnings"),
            Verbose = Texts("verbose"),
            Debug = Texts("debug"),
            Information = Texts("information"),
        };
    }

    private static string Tail(string text) => text.Length > 3000 ? "…" + text[^3000..] : text;
}
