<#
.SYNOPSIS
    Makes of the built module a .nupkg that Install-PSResource takes from a folder repository and that a gallery takes.
.EXAMPLE
    ./src/PSImageGen/package.ps1 -Module output/PSImageGen -Destination output/packages
#>
[CmdletBinding()]
param(
    # The built module.
    [Parameter(Mandatory)]
    [string] $Module,

    # The folder for the package.
    [Parameter(Mandatory)]
    [string] $Destination
)

$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true

$root = (Resolve-Path -Path (Join-Path $PSScriptRoot '../..')).Path
$Module = (Resolve-Path -Path $Module).Path
$Destination = (New-Item -ItemType Directory -Path $Destination -Force).FullName
$manifest = Import-PowerShellDataFile -Path (Join-Path $Module 'PSImageGen.psd1')
$data = $manifest.PrivateData.PSData
$tags = @('PSModule') + $data.Tags + ($manifest.CmdletsToExport | ForEach-Object { "PSCommand_$_"; "PSCmdlet_$_" })

# What is new in this version: the part of the changelog below its heading.
$pattern = '(?ms)^## ' + [regex]::Escape($manifest.ModuleVersion) + '\s*$(.*?)(?=^## |\z)'
$notes = [regex]::Match((Get-Content -Path (Join-Path $root 'CHANGELOG.md') -Raw), $pattern).Groups[1].Value.Trim()
if (-not $notes) {
    throw "CHANGELOG.md tells nothing of version $($manifest.ModuleVersion)."
}

function Protect-Xml([string] $Text) {
    [Security.SecurityElement]::Escape($Text)
}

$scratch = New-Item -ItemType Directory -Path (Join-Path ([IO.Path]::GetTempPath()) "psimagegen-$(New-Guid)")
$nuspec = Join-Path $scratch 'PSImageGen.nuspec'
$said = "'$($data.ReleaseNotes)'"
$text = Get-Content -Path (Join-Path $Module 'PSImageGen.psd1') -Raw
if (-not $text.Contains($said)) {
    throw "The manifest has no place for what is new."
}

# PowerShell shows what the manifest says, not the package.
Set-Content -Path (Join-Path $scratch 'PSImageGen.psd1') -Value $text.Replace($said, "'$($notes.Replace("'", "''"))'") -NoNewline
Set-Content -Path $nuspec -Value @"
<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
  <metadata>
    <id>PSImageGen</id>
    <version>$($manifest.ModuleVersion)</version>
    <authors>$(Protect-Xml $manifest.Author)</authors>
    <description>$(Protect-Xml $manifest.Description)</description>
    <copyright>$(Protect-Xml $manifest.Copyright)</copyright>
    <license type="expression">MIT</license>
    <readme>README.md</readme>
    <releaseNotes>$(Protect-Xml $notes)</releaseNotes>
    <tags>$(Protect-Xml ($tags -join ' '))</tags>
  </metadata>
  <files>
    <file src="$(Protect-Xml $Module)/**" exclude="$(Protect-Xml $Module)/**/*.pdb;$(Protect-Xml $Module)/PSImageGen.psd1" />
    <file src="$(Protect-Xml $scratch)/PSImageGen.psd1" />
    <file src="$(Protect-Xml $root)/README.md" />
    <file src="$(Protect-Xml $root)/CHANGELOG.md" />
  </files>
</package>
"@
# Where the SDK of this project is asked for.
Push-Location -Path $root
try {
    # NU5100: assemblies of a module lie where the module wants them, not in lib.
    dotnet pack $PSScriptRoot --no-build --nologo --verbosity quiet --output $Destination "-p:NuspecFile=$nuspec" '-p:NoWarn=NU5100' | Out-Host
}
finally {
    Pop-Location
    Remove-Item -Path $scratch -Recurse
}

Get-Item -Path (Join-Path $Destination "PSImageGen.$($manifest.ModuleVersion).nupkg")
