using PSImageGen.Core.Tasks;

namespace PSImageGen.Completers;

/// <summary>Completes from the user's unfinished runs.</summary>
public abstract class UnfinishedCompleter : ListCompleter
{
    private const int Most = 50;

    private protected static IEnumerable<RunRecord> Records()
    {
        foreach (string path in new RunIndex(RunIndex.StateFolder()).Paths().Reverse().Take(Most))
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

    private protected static string Tip(RunRecord record) => $"{record.Status}, {record.Provider}: {Core.Wire.PlainText.Clean(record.Prompt ?? string.Empty, 60)}";
}

/// <summary>Completes run ids.</summary>
public sealed class RunIdCompleter : UnfinishedCompleter
{
    private protected override IEnumerable<(string Text, string Tip)> Items(Typed typed) => Records().Select(r => (r.RunId, Tip(r)));
}

/// <summary>Completes task ids.</summary>
public sealed class TaskIdCompleter : UnfinishedCompleter
{
    private protected override IEnumerable<(string Text, string Tip)> Items(Typed typed) =>
        Records().SelectMany(r => r.Tasks.Where(t => t.TaskId is not null).Select(t => (t.TaskId!, Tip(r))));
}
