using System.IO.Compression;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using PSImageGen.Module.Tests.Harness;

namespace PSImageGen.Module.Tests.Publishing;

/// <summary>The package as a user gets it: from a repository, into a session that knows nothing of this project's folder.</summary>
public sealed class PackageTests
{
    [PwshFact]
    public async Task The_package_installs_from_a_folder_repository_and_works_in_a_fresh_session()
    {
        await using Workbench bench = await Workbench.StartAsync();
        bench.Environment["PACK"] = Repository.At("src", "PSImageGen", "package.ps1");
        bench.Environment["MODULE"] = Repository.Module;
        bench.Environment["STORE"] = bench.PathTo("store");
        PwshResult packed = await bench.RunAsync("(& $env:PACK -Module $env:MODULE -Destination $env:STORE | Select-Object -Last 1).FullName", new PwshOptions { Import = false });
        AssertWhole((string)packed.Clean().Last!);

        string home = Directory.CreateDirectory(bench.PathTo("home")).FullName;
        bench.Environment["HOME"] = bench.Environment["LOCALAPPDATA"] = home;
        foreach (string name in new[] { "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME" })
            bench.Environment[name] = null;
        bench.Environment["MODULE"] = null;
        bench.Environment["INSTALLED"] = bench.PathTo("installed");
        // Where PowerShell installs for the user is in the home folder, but on Windows, where that cannot be moved.
        PwshResult installed = await bench.RunAsync("""
            $null = New-Item -ItemType Directory -Path $env:INSTALLED
            Register-PSResourceRepository -Name Shelf -Uri $env:STORE -Trusted
            if ($IsWindows) {
                Save-PSResource -Name PSImageGen -Repository Shelf -Path $env:INSTALLED
            }
            else {
                Install-PSResource -Name PSImageGen -Repository Shelf -Scope CurrentUser
            }

            Find-PSResource -Name PSImageGen -Repository Shelf | Select-Object -Property Name, Description, Tags, ReleaseNotes
            """, new PwshOptions { Import = false });
        JsonNode found = installed.Clean().Last;
        Assert.Equal("PSImageGen", (string)found["Name"]!);
        Assert.Contains("New-AIImage", (string)found["ReleaseNotes"]!, StringComparison.Ordinal);

        PwshResult used = await bench.RunAsync("""
            $env:PSModulePath = @($env:INSTALLED, $env:PSModulePath) -join [IO.Path]::PathSeparator
            $result = New-AIImage 'a fox' -Provider Demo -Size 64x64 -Name fox
            [cultureinfo]::CurrentUICulture = 'zh-CN'
            $told = Get-AIImageMetadata fox.png
            $failed = try { New-AIImage x -Provider Demo -NoMetadata -HashMetadata -ErrorAction Stop } catch { $_ }
            @{
                Version = "$((Get-Module PSImageGen).Version)"
                From = (Get-Module PSImageGen).ModuleBase
                Status = "$($result.Status)"
                There = Test-Path fox.png
                Prompt = $told.Prompt
                Chinese = "$failed"
                Topic = "$(Get-Help about_PSImageGen)"
            }
            """, new PwshOptions { Import = false });
        JsonNode last = used.Clean().Last;
        Assert.DoesNotContain(Repository.Root, (string)last["From"]!, StringComparison.Ordinal);
        Assert.Equal(("Succeeded", true, "a fox"), ((string)last["Status"]!, (bool)last["There"]!, (string)last["Prompt"]!));
        Assert.Matches("\\p{IsCJKUnifiedIdeographs}", (string)last["Chinese"]!);
        Assert.Contains("PSImageGen", (string)last["Topic"]!, StringComparison.OrdinalIgnoreCase);
    }

    private static void AssertWhole(string package)
    {
        using ZipArchive zip = ZipFile.OpenRead(package);
        string[] names = [.. zip.Entries.Select(e => e.FullName)];
        foreach (string name in new[] { "PSImageGen.psd1", "module/PSImageGen.psm1", "bin/PSImageGen.dll", "bin/zh-Hans/PSImageGen.Core.resources.dll", "en-US/about_PSImageGen.help.txt", "README.md", "CHANGELOG.md", "LICENSE" })
            Assert.Contains(name, names);
        Assert.DoesNotContain(names, n => n.EndsWith(".pdb", StringComparison.Ordinal) || n.Contains("ests", StringComparison.Ordinal));
        using Stream nuspec = zip.GetEntry("PSImageGen.nuspec")!.Open();
        XElement[] metadata = [.. XDocument.Load(nuspec).Descendants().Where(e => e.Parent?.Name.LocalName == "metadata")];
        string Value(string name) => metadata.Single(e => e.Name.LocalName == name).Value;
        Assert.Equal(("MIT", "README.md"), (Value("license"), Value("readme")));
        Assert.Contains("`New-AIImage`", Value("releaseNotes"), StringComparison.Ordinal);
        Assert.Contains("PSCmdlet_New-AIImage", Value("tags").Split(' '));
    }
}
