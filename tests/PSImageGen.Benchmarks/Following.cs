using PSImageGen.Core.Credentials;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Gate;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tasks;
using PSImageGen.FakeProviders;
using PSImageGen.FakeProviders.Log;

namespace PSImageGen.Benchmarks;

/// <summary>From the end of a job at the vendor to its result with the picture on disk, and how many requests a job takes, by kind of vendor.</summary>
internal static class Following
{
    private static readonly double[] Seconds = [2.7, 5.3, 8.1, 11.9, 16.4, 21.2];

    private static readonly (string Kind, string[] Vendors)[] Kinds =
    [
        ("asked", ["BFL", "CreatOK", "Replicate"]),
        ("streaming", ["Fal", "SkillsVideo"]),
        ("answering at once", ["OpenAI", "OpenRouter", "WellAPI"]),
    ];

    public static string Jobs()
    {
        string folder = Directory.CreateTempSubdirectory("psimagegen-").FullName;
        try
        {
            return JobsAsync(folder).GetAwaiter().GetResult();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> JobsAsync(string folder)
    {
        await using FakeVendors vendors = await FakeVendors.StartAsync();
        Surroundings surroundings = new(name => vendors.EnvironmentVariables.GetValueOrDefault(name));
        using Engine engine = new(new EngineOptions { Surroundings = surroundings, Index = new RunIndex(Path.Combine(folder, "state")), ThrottleLimit = 64 });
        Planner planner = new(ProviderRegistry.BuiltIn, surroundings);

        async Task<DateTimeOffset> OrderAsync(string vendor, string prompt)
        {
            Plan plan = planner.Plan(new ImageRequest(ImageOperation.Generate, new RequestDraft { Prompt = prompt }), new Selection { Provider = vendor });
            RunReport report = await engine.RunAsync(ApprovedCall.Gate.Approve(plan, new Yes(), new Budget())!, new RunOptions(folder), new Nobody(), CancellationToken.None);
            return report.Error is null ? DateTimeOffset.UtcNow : throw new InvalidOperationException(report.Error.Message);
        }

        // The first job of each pays for what is loaded and compiled once.
        FakeVendor[] measured = [.. vendors.All.Where(v => Kinds.Any(k => k.Vendors.Contains(v.Name)))];
        foreach (FakeVendor vendor in measured)
            vendor.WorkSeconds = 0.1;
        await Task.WhenAll(measured.Select(v => OrderAsync(v.Name, "to warm up")));
        vendors.ClearCounts();

        List<(string Vendor, string Prompt, double Seconds, Task<DateTimeOffset> Delivered)> jobs = [];
        foreach (double seconds in Seconds)
        {
            foreach (FakeVendor vendor in measured)
            {
                vendor.WorkSeconds = seconds;
                string prompt = $"a lighthouse at dawn, {seconds} seconds at {vendor.Name}";
                jobs.Add((vendor.Name, prompt, seconds, OrderAsync(vendor.Name, prompt)));
            }

            // A job takes the time that is set when its order comes.
            await vendors.WaitUntilAsync(v => measured.Sum(vendor => v.Count(vendor.Name).BilledSubmits) == jobs.Count);
        }

        await Task.WhenAll(jobs.Select(j => j.Delivered));
        return string.Join("; ", Kinds.Select(kind =>
        {
            double[] late = [.. jobs.Where(j => kind.Vendors.Contains(j.Vendor)).Select(j => (j.Delivered.Result - OrderOf(vendors, j.Prompt).Time).TotalSeconds - j.Seconds).Order()];
            double requests = vendors.Requests.Count(r => kind.Vendors.Contains(r.Vendor)) / (double)late.Length;
            return $"{kind.Kind} vendors {late.At(0.5):0.00} s (median of {late.Length}; {late[0]:0.00} to {late[^1]:0.00} s) and {requests:0.0} requests a job";
        })) + $", of {Seconds[0]} to {Seconds[^1]} s";
    }

    private static RequestRecord OrderOf(FakeVendors vendors, string prompt) =>
        vendors.Requests.Single(r => r.Billed && r.Body!.ToJsonString().Contains(prompt, StringComparison.Ordinal));

    private sealed class Yes : IConsent
    {
        public bool Ask(Plan plan) => true;

        public bool Ask(CallSeries series) => true;
    }

    private sealed class Nobody : IRunObserver
    {
        public void Progress(RunProgress progress)
        {
        }

        public void Warn(string text)
        {
        }

        public void Verbose(string text)
        {
        }
    }
}
