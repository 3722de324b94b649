using System.Management.Automation;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Tasks;
using PSImageGen.Core.Wire;

namespace PSImageGen.Completers;

/// <summary>Completes from the user's runs: the unfinished ones wherever they are, then those of the folder, the newest first.</summary>
public abstract class RunCompleter : ListCompleter
{
    private const int Most = 50;

    private protected static IEnumerable<RunRecord> Records(Typed typed)
    {
        IEnumerable<string> here = FolderOf(typed) is { } folder ? Ledger.PathsIn(folder).Reverse().Take(Most) : [];
        foreach (string path in new RunIndex(RunIndex.StateFolder()).Paths().Reverse().Take(Most).Concat(here).Distinct(StringComparer.Ordinal))
        {
            RunRecord? record = null;
            try
            {
                record = Ledger.Read(path);
            }
            catch (AIImageException)
            {
                // A damaged record offers nothing.
            }

            if (record is not null)
                yield return record;
        }
    }

    private protected static string Tip(RunRecord record) => $"{record.Status}, {record.Provider}: {PlainText.Clean(record.Prompt ?? string.Empty, 60)}";

    // The folder that is typed, else the preferred one, else the session's; null where there is none to be had.
    private static string? FolderOf(Typed typed)
    {
        try
        {
            using PowerShell session = PowerShell.Create(RunspaceMode.CurrentRunspace);
            PathIntrinsics paths = ((EngineIntrinsics)session.AddCommand("Get-Variable").AddParameter("Name", "ExecutionContext").AddParameter("ValueOnly").Invoke()[0].BaseObject).SessionState.Path;
            return typed.OutputDirectory is { } folder
                ? paths.GetUnresolvedProviderPathFromPSPath(folder)
                : Commands.StoredPreferences.Files.Load(paths.CurrentFileSystemLocation.ProviderPath).Text("OutputDirectory") ?? paths.CurrentFileSystemLocation.ProviderPath;
        }
        catch (Exception e) when (e is RuntimeException or AIImageException or InvalidOperationException)
        {
            return null;
        }
    }
}

/// <summary>Completes run ids.</summary>
public sealed class RunIdCompleter : RunCompleter
{
    private protected override IEnumerable<(string Text, string Tip)> Items(Typed typed) => Records(typed).Select(r => (r.RunId, Tip(r)));
}

/// <summary>Completes task ids.</summary>
public sealed class TaskIdCompleter : RunCompleter
{
    private protected override IEnumerable<(string Text, string Tip)> Items(Typed typed) =>
        Records(typed).SelectMany(r => r.Tasks.Where(t => t.TaskId is not null).Select(t => (t.TaskId!, Tip(r))));
}

/// <summary>Completes batch ids.</summary>
public sealed class BatchIdCompleter : RunCompleter
{
    private protected override IEnumerable<(string Text, string Tip)> Items(Typed typed) =>
        Records(typed).Where(r => r.BatchId is not null).GroupBy(r => r.BatchId!).Select(b => (b.Key, $"{b.Count()}: {string.Join(", ", b.GroupBy(r => r.Status).Select(s => $"{s.Count()} {s.Key}"))}"));
}

/// <summary>Completes looks in words: those of the user's last runs, then common ones.</summary>
public sealed class StyleCompleter : RunCompleter
{
    private static readonly string[] Common =
        ["photograph", "watercolour", "oil painting", "pencil drawing", "ink drawing", "flat illustration", "line art", "pixel art", "3D render", "comic", "anime", "isometric"];

    private protected override IEnumerable<(string Text, string Tip)> Items(Typed typed) =>
        Records(typed).Select(r => r.Request?["style"] is System.Text.Json.Nodes.JsonValue value && value.TryGetValue(out string? style) ? PlainText.Clean(style, 120) : null)
            .OfType<string>().Concat(Common).Where(s => s.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).Select(s => (s, s));
}
