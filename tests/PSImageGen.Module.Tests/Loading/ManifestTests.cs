using System.Text.Json.Nodes;
using PSImageGen.Module.Tests.Harness;

namespace PSImageGen.Module.Tests.Loading;

/// <summary>What the manifest says is what is there, and nothing ships that must not.</summary>
public sealed class ManifestTests
{
    [PwshFact]
    public async Task The_manifest_is_valid_and_names_exactly_the_cmdlets_there_are()
    {
        await using Workbench bench = await Workbench.StartAsync();
        bench.Environment["MODULE"] = Repository.Module;

        PwshResult result = await bench.RunAsync("""
            $manifest = Test-ModuleManifest (Join-Path $env:MODULE PSImageGen.psd1) -ErrorAction Stop
            $data = Import-PowerShellDataFile (Join-Path $env:MODULE PSImageGen.psd1)
            $assembly = (Get-Command New-AIImage).ImplementingType.Assembly
            @{
                Listed = @($data.CmdletsToExport | Sort-Object)
                Found = @((Get-Command -Module PSImageGen).Name | Sort-Object)
                Compiled = @($assembly.GetExportedTypes() | ForEach-Object { $_.GetCustomAttributes([Management.Automation.CmdletAttribute], $false) } | ForEach-Object { "$($_.VerbName)-$($_.NounName)" } | Sort-Object)
                Unapproved = @((Get-Command -Module PSImageGen).Verb | Where-Object { $_ -notin (Get-Verb).Verb })
                Empty = @('FunctionsToExport', 'AliasesToExport', 'VariablesToExport' | Where-Object { $data.ContainsKey($_) -and @($data[$_]).Count -eq 0 })
                Edition = @($data.CompatiblePSEditions)
                Author = $manifest.Author
                Description = $manifest.Description
            }
            """);

        JsonNode last = result.Clean().Last;
        string[] Names(string name) => [.. last[name]!.AsArray().Select(n => (string)n!)];
        Assert.NotEmpty(Names("Listed"));
        Assert.Equal(Names("Listed"), Names("Found"));
        Assert.Equal(Names("Listed"), Names("Compiled"));
        Assert.Empty(Names("Unapproved"));
        Assert.Equal(3, Names("Empty").Length);
        Assert.Equal(["Core"], Names("Edition"));
        Assert.NotEqual("", (string)last["Author"]!);
        Assert.NotEqual("", (string)last["Description"]!);
    }

    [PwshFact]
    public async Task The_manifest_tells_a_gallery_what_it_asks_for()
    {
        await using Workbench bench = await Workbench.StartAsync();
        bench.Environment["MODULE"] = Repository.Module;

        PwshResult result = await bench.RunAsync("Import-PowerShellDataFile (Join-Path $env:MODULE PSImageGen.psd1)", new PwshOptions { Import = false });

        JsonNode manifest = result.Clean().Last, data = manifest["PrivateData"]!["PSData"]!;
        // The id of the module, the same for ever.
        Assert.Equal("6b0c2d5e-3f0a-4d53-9a3e-1c8f27b4e6d1", (string)manifest["GUID"]!);
        Assert.Matches(@"\A[0-9]+\.[0-9]+\.[0-9]+\z", (string)manifest["ModuleVersion"]!);
        Assert.Equal(("7.4", "module/PSImageGen.psm1"), ((string)manifest["PowerShellVersion"]!, (string)manifest["RootModule"]!));
        Assert.All(new[] { "Author", "CompanyName", "Copyright", "Description" }, name => Assert.NotEmpty((string)manifest[name]!));
        string[] tags = [.. data["Tags"]!.AsArray().Select(t => (string)t!)];
        Assert.All(new[] { "PSEdition_Core", "Windows", "Linux", "MacOS" }, tag => Assert.Contains(tag, tags));
        Assert.All(tags, tag => Assert.DoesNotContain(' ', tag));
        Assert.Equal("https", new Uri((string)data["LicenseUri"]!).Scheme);
        Assert.NotEmpty((string)data["ReleaseNotes"]!);
    }

    [Fact]
    public void Only_our_own_assemblies_and_the_two_dependencies_ship()
    {
        string[] shipped = [.. Directory.EnumerateFiles(Path.Combine(Repository.Module, "bin"), "*.dll", SearchOption.AllDirectories).Select(p => Path.GetFileName(p)!).Order(StringComparer.Ordinal)];

        Assert.Equal(["JpegLibrary.dll", "PSImageGen.Core.dll", "PSImageGen.Types.dll", "PSImageGen.dll", "Polly.Core.dll", "YamlDotNet.dll"], shipped.Where(n => !n.EndsWith(".resources.dll", StringComparison.Ordinal)));
    }

    [PwshFact(Needs = Needs.ScriptAnalyzer)]
    public async Task The_script_analyzer_finds_nothing()
    {
        await using Workbench bench = await Workbench.StartAsync();
        bench.Environment["ROOT"] = Repository.Root;
        bench.Environment["MODULE"] = Repository.Module;

        PwshResult result = await bench.RunAsync("""
            Import-Module PSScriptAnalyzer
            $files = 'PSImageGen.psd1', 'build.ps1', 'docs', 'module', 'src', 'tests/pester', 'tests/PSImageGen.Module.Tests' | ForEach-Object { Join-Path $env:ROOT $_ } | Where-Object { Test-Path $_ } |
                Get-ChildItem -Recurse -File -Include *.ps1, *.psm1, *.psd1
            $shipped = Get-ChildItem $env:MODULE -Recurse -File -Include *.ps1, *.psm1, *.psd1
            @{
                Files = @($files.Name)
                Gallery = @($shipped | ForEach-Object { Invoke-ScriptAnalyzer -Path $_.FullName -Settings PSGallery } | ForEach-Object { "$($_.ScriptName):$($_.Line) $($_.RuleName): $($_.Message)" })
                Findings = @($files | ForEach-Object { Invoke-ScriptAnalyzer -Path $_.FullName -Settings (Join-Path $env:ROOT tests pester ScriptAnalyzerSettings.psd1) } |
                    ForEach-Object { "$($_.ScriptName):$($_.Line) $($_.RuleName): $($_.Message)" })
            }
            """);

        Assert.Contains("PSImageGen.psm1", result.Clean().Last["Files"]!.AsArray().Select(f => (string)f!));
        string[] findings = [.. result.Last["Findings"]!.AsArray().Concat(result.Last["Gallery"]!.AsArray()).Select(f => (string)f!)];
        Assert.True(findings.Length == 0, string.Join("\n", findings));
    }
}
