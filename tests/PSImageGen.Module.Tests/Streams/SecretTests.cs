using PSImageGen.FakeProviders;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.Module.Tests.Harness;

namespace PSImageGen.Module.Tests.Streams;

/// <summary>A key is never seen: in no stream, no error, no file.</summary>
public sealed class SecretTests
{
    [PwshFact]
    public async Task No_stream_error_or_file_holds_a_key()
    {
        await using Workbench bench = await Workbench.StartAsync();
        string[] keys = [.. bench.Vendors.All.Select(v => v.Key)];
        foreach (FakeVendor vendor in bench.Vendors.All)
        {
            bench.Vendors.Faults.Add(new Fault { Vendor = vendor.Name, Stage = FaultStage.Submit, Kind = FaultKind.Status, Status = 401, Match = "echo", Body = $$"""{"error":{"message":"The key {{vendor.Key}} is wrong."},"detail":"The key {{vendor.Key}} is wrong."}""" });
            bench.Vendors.Faults.Add(new Fault { Vendor = vendor.Name, Stage = FaultStage.Submit, Kind = FaultKind.Status, Status = 429, Match = "good" });
        }

        PwshResult result = await bench.RunAsync("""
            foreach ($provider in 'OpenAI', 'BFL') {
                'a good one', 'an echo' | New-AIImage -Provider $provider -Confirm:$false -Verbose -Debug -InformationAction Continue
            }

            Get-AIImageProvider -Verbose -Debug | Out-String
            Get-AIImageTask -Verbose -Debug | Format-List * | Out-String
            $Error | ForEach-Object { $_ | Format-List * -Force | Out-String; $_.Exception | Format-List * -Force | Out-String; "$($_.Exception)" }
            """);

        Assert.Equal(["AuthenticationFailed", "AuthenticationFailed"], result.Errors.Select(e => e.Id));
        Assert.NotEmpty(result.Verbose);
        Assert.All(keys, key => Assert.DoesNotContain(key, result.Everything, StringComparison.Ordinal));
        string[] files = [.. Directory.EnumerateFiles(bench.Folder, "*", SearchOption.AllDirectories), .. Directory.EnumerateFiles(bench.State, "*", SearchOption.AllDirectories)];
        Assert.Contains(files, f => f.EndsWith("result.json", StringComparison.Ordinal));
        Assert.All(files, f => Assert.All(keys, key => Assert.DoesNotContain(key, File.ReadAllText(f), StringComparison.Ordinal)));
        Assert.Empty(bench.Vendors.Violations);
    }
}
