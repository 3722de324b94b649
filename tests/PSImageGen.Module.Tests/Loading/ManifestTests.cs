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

        PwshResult result = await bench.RunAsync("""
            Import-Module PSScriptAnalyzer
            $files = 'PSImageGen.psd1', 'build.ps1', 'module', 'tests/pester', 'tests/PSImageGen.Module.Tests' | ForEach-Object { Join-Path $env:ROOT $_ } | Where-Object { Test-Path $_ } |
                Get-ChildItem -Recurse -File -Include *.ps1, *.psm1, *.psd1
            @{
                Files = @($files.Name)
                Findings = @($files | ForEach-Object { Invoke-ScriptAnalyzer -Path $_.FullName -Settings (Join-Path $env:ROOT tests pester ScriptAnalyzerSettings.psd1) } |
                    ForEach-Object { "$($_.ScriptName):$($_.Line) $($_.RuleName): $($_.Message)" })
            }
            """);

        Assert.Contains("PSImageGen.psm1", result.Clean().Last["Files"]!.AsArray().Select(f => (string)f!));
        string[] findings = [.. result.Last["Findings"]!.AsArray().Select(f => (string)f!)];
        Assert.True(findings.Length == 0, string.Join("\n", findings));
    }
}
