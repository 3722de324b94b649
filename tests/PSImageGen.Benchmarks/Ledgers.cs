using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tasks;

namespace PSImageGen.Benchmarks;

/// <summary>One change of a run's record: record and summary written aside, flushed to the disk, renamed.</summary>
internal static class Ledgers
{
    public static string RecordWrite()
    {
        string folder = Directory.CreateTempSubdirectory("psimagegen-").FullName;
        try
        {
            Ledger ledger = new(new RunIndex(Path.Combine(folder, "state")), TimeProvider.System);
            using RunEntry entry = ledger.Create(new RunOptions(folder), Record());
            int n = 0;
            double[] times = Timing.Repeat(200, () => entry.UpdateTask(0, t => t with { VendorStatus = $"Pending {n++}" }));
            return $"{times.At(0.5):0.00} ms (median of {times.Length}), 95 % below {times.At(0.95):0.00} ms";
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static RunRecord Record() => new()
    {
        RunId = RunIds.New(),
        Provider = "BFL",
        Model = "flux-2-pro",
        Prompt = "a lighthouse at dawn",
        Requested = 1,
        Quote = new Quote { Provider = "BFL", Model = "flux-2-pro", Operation = ImageOperation.Generate, Count = 1, Amount = 0.03m, AmountMax = 0.03m },
        Destination = new Destination("lighthouse"),
        Tasks = [new TaskRecord { Provider = "BFL", Model = "flux-2-pro", Count = 1, Status = ImageTaskStatus.Running, Handle = new TaskHandle("3d5f0c1e") }],
    };
}
