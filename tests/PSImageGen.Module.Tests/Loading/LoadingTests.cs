using System.Reflection;
using System.Reflection.Emit;
using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.Module.Tests.Harness;

namespace PSImageGen.Module.Tests.Loading;

/// <summary>The module comes in whatever else a session has loaded, and leaves that alone.</summary>
public sealed class LoadingTests
{
    // A refusal at first, so that the dependency that runs the repetition is really used.
    private const string OnePicture = """
        $picture = New-AIImage 'a lighthouse' -Provider OpenAI -Size 1024x1024 -Quality low -Confirm:$false
        $core = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -eq 'Polly.Core' } | ForEach-Object {
            @{ Version = $_.GetName().Version.ToString(); Context = [Runtime.Loader.AssemblyLoadContext]::GetLoadContext($_).Name }
        }
        @{ Status = "$($picture.Status)"; Cores = @($core) }
        """;

    [PwshFact]
    public async Task A_fresh_session_makes_a_picture()
    {
        JsonNode last = await OnePictureAfter("");

        JsonNode core = Assert.Single(last["Cores"]!.AsArray())!;
        Assert.Equal("PSImageGen", (string)core["Context"]!);
    }

    [PwshFact]
    public async Task The_same_dependency_may_be_loaded_already()
    {
        JsonNode last = await OnePictureAfter("""
            $folder = (New-Item -ItemType Directory other).FullName
            Copy-Item (Join-Path $env:MODULE bin Polly.Core.dll) $folder
            Add-Type -Path (Join-Path $folder Polly.Core.dll)

            """);

        Assert.Equal(["Default", "PSImageGen"], last["Cores"]!.AsArray().Select(c => (string)c!["Context"]!).Order());
        Assert.Single(last["Cores"]!.AsArray().Select(c => (string)c!["Version"]!).Distinct());
    }

    [PwshFact]
    public async Task An_older_dependency_may_be_loaded_already_and_stays_as_it_is()
    {
        JsonNode last = await OnePictureAfter("""
            Add-Type -Path $env:OLDER
            if ([Polly.Older].Assembly.GetName().Name -ne 'Polly.Core') { throw 'The older one is not there.' }

            """);

        Assert.Equal("7.0.0.0", (string)last["Cores"]!.AsArray().Single(c => (string)c!["Context"]! == "Default")!["Version"]!);
        Assert.NotEqual("7.0.0.0", (string)last["Cores"]!.AsArray().Single(c => (string)c!["Context"]! == "PSImageGen")!["Version"]!);
    }

    [PwshFact]
    public async Task Importing_again_by_force_keeps_cmdlets_views_and_types()
    {
        await using Workbench bench = await Workbench.StartAsync();

        PwshResult result = await bench.RunAsync("""
            Import-Module $env:MODULE -Force
            Import-Module $env:MODULE -Force
            @{
                Lost = @((Import-PowerShellDataFile (Join-Path $env:MODULE PSImageGen.psd1)).CmdletsToExport | Where-Object { $_ -notin (Get-Command -Module PSImageGen).Name })
                Status = "$((New-AIImage 'a hill' -Provider Demo -Size 64x64).Status)"
                Table = Measure-AIImageCost 'a hill' -Provider Demo | Format-Table | Out-String
                Type = [PSImageGen.ImageResult].Assembly.GetName().Name
            }
            """, NotImported(bench));

        JsonNode last = result.Clean().Last;
        Assert.Empty(last["Lost"]!.AsArray());
        Assert.Equal("Succeeded", (string)last["Status"]!);
        Assert.Contains("free", (string)last["Table"]!, StringComparison.Ordinal);
        Assert.Equal("PSImageGen.Types", (string)last["Type"]!);
    }

    [PwshFact]
    public async Task Removing_and_importing_again_works()
    {
        await using Workbench bench = await Workbench.StartAsync();

        PwshResult result = await bench.RunAsync("""
            Remove-Module PSImageGen
            $gone = $null -eq (Get-Command New-AIImage -ErrorAction Ignore -Module PSImageGen)
            Import-Module $env:MODULE
            @{ Gone = $gone; Status = "$((New-AIImage 'a hill' -Provider Demo -Size 64x64).Status)" }
            """, NotImported(bench) with { Import = true });

        Assert.True((bool)result.Clean().Last["Gone"]!);
        Assert.Equal("Succeeded", (string)result.Last["Status"]!);
    }

    [PwshFact]
    public async Task Importing_writes_nothing()
    {
        await using Workbench bench = await Workbench.StartAsync();
        bench.Environment["HOME"] = bench.Folder;

        PwshResult result = await bench.RunAsync("""
            $before = @(Get-ChildItem $env:MODULE -Recurse -File | Get-FileHash).Hash
            Import-Module $env:MODULE
            $null = Get-AIImageProvider
            $after = @(Get-ChildItem $env:MODULE -Recurse -File | Get-FileHash).Hash
            "$before" -eq "$after"
            """, NotImported(bench));

        Assert.True((bool)result.Clean().Last!);
        Assert.False(Directory.Exists(bench.State));
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(bench.Folder, "*", SearchOption.AllDirectories), p => Path.GetRelativePath(bench.Folder, p).Contains("PSImageGen", StringComparison.OrdinalIgnoreCase));
    }

    [PwshFact(Needs = Needs.Proc)]
    public async Task Importing_opens_no_socket()
    {
        await using Workbench bench = await Workbench.StartAsync();

        PwshResult result = await bench.RunAsync("""
            function Get-Socket { @(Get-ChildItem /proc/self/fd | ForEach-Object { [IO.Path]::GetFileName($_.LinkTarget) } | Where-Object { $_ -like 'socket:*' }) }
            $before = Get-Socket
            Import-Module $env:MODULE
            $null = Get-AIImageProvider
            $after = Get-Socket
            @{ New = @($after | Where-Object { $_ -notin $before }) }
            """, NotImported(bench));

        Assert.Empty(result.Clean().Last["New"]!.AsArray());
        Assert.Empty(bench.Vendors.Requests);
    }

    [PwshFact]
    public async Task A_proxy_function_named_like_Import_Module_is_not_met()
    {
        await using Workbench bench = await Workbench.StartAsync();

        PwshResult result = await bench.RunAsync("""
            $real = Get-Command Import-Module -CommandType Cmdlet
            function global:Import-Module { throw 'the proxy' }
            & $real $env:MODULE
            (Get-Command New-AIImage).ModuleName
            """, NotImported(bench));

        Assert.Equal("PSImageGen", (string)result.Clean().Last!);
    }

    private static void SaveOlderDependency(string path)
    {
        PersistedAssemblyBuilder assembly = new(new AssemblyName("Polly.Core") { Version = new Version(7, 0, 0, 0) }, typeof(object).Assembly);
        assembly.DefineDynamicModule("Polly.Core").DefineType("Polly.Older", TypeAttributes.Public).CreateType();
        assembly.Save(path);
    }

    private static PwshOptions NotImported(Workbench bench)
    {
        bench.Environment["MODULE"] = Repository.Module;
        return new PwshOptions { Import = false };
    }

    private static async Task<JsonNode> OnePictureAfter(string preparation)
    {
        await using Workbench bench = await Workbench.StartAsync();
        bench.Environment["OLDER"] = bench.PathTo("Polly.Core.dll");
        SaveOlderDependency(bench.PathTo("Polly.Core.dll"));
        bench.Vendors.Faults.Add(new Fault { Vendor = "OpenAI", Stage = FaultStage.Submit, Kind = FaultKind.Status, Status = 429 });

        PwshResult result = await bench.RunAsync(preparation + "Import-Module $env:MODULE\n" + OnePicture, NotImported(bench));

        Assert.Equal("Succeeded", (string)result.Clean().Last["Status"]!);
        Assert.Equal(2, bench.Vendors.Count("OpenAI").Submits);
        return result.Last;
    }
}
