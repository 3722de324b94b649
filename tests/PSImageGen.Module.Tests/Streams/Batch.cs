using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.Module.Tests.Harness;

namespace PSImageGen.Module.Tests.Streams;

/// <summary>A batch of twelve rows, and what the ledger and the disk say of it afterwards.</summary>
internal static class Batch
{
    public const string Rows = "$rows = 1..12 | ForEach-Object { [pscustomobject]@{ Prompt = \"row $_\"; Name = \"picture-$_\" } }\n";

    /// <summary>Waits until no run is on its way to a vendor, then gives the tasks.</summary>
    public const string Settle = """
        function Wait-Settled {
            foreach ($try in 1..600) {
                $tasks = @(Get-AIImageTask)
                if (-not ($tasks | Where-Object Status -in Planned, Submitting, Downloading)) { break }
                Start-Sleep -Milliseconds 100
            }

            $tasks
        }

        """;

    /// <summary>Lets a BFL task stay at work until the faults are cleared.</summary>
    public static Fault StayAtWork(string? prompt = null, string word = "Generating") =>
        new() { Vendor = "BFL", Stage = FaultStage.Poll, Kind = FaultKind.PollStatus, TaskStatus = word, Times = -1, Match = prompt };

    public static string StatusOf(JsonNode? task) => (string)task!["Status"]!;

    public static async Task<PwshResult> ListAsync(Workbench bench) => (await bench.RunAsync("Get-AIImageTask")).Clean();

    /// <summary>In a new process, takes up all that a vendor is still working on.</summary>
    public static async Task<PwshResult> ResumeAsync(Workbench bench) => await bench.RunAsync("Get-AIImageTask -Status Running, Queued | Resume-AIImageTask");

    /// <summary>The pictures of results, each looked at.</summary>
    public static void CheckPictures(IEnumerable<JsonNode?> results, int each = 1) =>
        Assert.All(results, result =>
        {
            JsonArray images = result!["Images"]!.AsArray();
            Assert.Equal(each, images.Count);
            Assert.All(images, image => Assert.NotNull(FakeProviders.Images.ImageProbe.Read(File.ReadAllBytes((string)image!["Path"]!))));
        });
}
