<#
.SYNOPSIS
    Builds PSImageGen and does everything else that is done with its sources.
.DESCRIPTION
    Build      the module into output/PSImageGen, ready for Import-Module (the default)
    Demo       builds, then paints the prompts of docs/samples/prompts.csv offline and free into output/demo
    Test       all tests, as "dotnet test" does
    Docs       brings the pages in docs/en-US up to date with the commands, and the help that Get-Help shows
    Package    a .nupkg in output/packages that Install-PSResource takes from a folder repository
    Bench      prints how fast things are
    CrashTest  kills PowerShell at every step of buying from fake vendors, and checks that nothing was lost or paid twice

    Run it as "pwsh ./build.ps1": a session that has imported the module keeps its files open.
.EXAMPLE
    pwsh ./build.ps1 -Task Demo
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Demo', 'Test', 'Docs', 'Package', 'Bench', 'CrashTest')]
    [string] $Task = 'Build',

    [ValidateSet('Release', 'Debug')]
    [string] $Configuration = 'Release',

    # How often CrashTest kills.
    [ValidateRange(1, 10000)]
    [int] $Kills = 20
)

$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true

$output = Join-Path $PSScriptRoot 'output'
$module = Join-Path $output 'PSImageGen'

function Build-Module {
    dotnet build src/PSImageGen --configuration $Configuration --nologo --verbosity quiet
    & (Join-Path $PSScriptRoot 'docs/help.ps1') -Module $module -UpdatePage:($Task -eq 'Docs')
    "The module is in $module"
}

function Invoke-Demo {
    $folder = Join-Path $output 'demo'
    Remove-Item -Path $folder -Recurse -Force -ErrorAction Ignore
    Import-Module -Name $module -Force
    Import-Csv -Path (Join-Path $PSScriptRoot 'docs/samples/prompts.csv') |
        New-AIImage -Provider Demo -OutputDirectory $folder |
        Sort-Object -Property Index |
        Format-Table -Property Status, @{ Name = 'Size'; Expression = { $_.Quote.Size } }, Prompt, @{ Name = 'Picture'; Expression = { Split-Path -Path $_.Path -Leaf } } -Wrap
    "The pictures are in $folder"
}

Push-Location -Path $PSScriptRoot
try {
    switch ($Task) {
        'Build' { Build-Module }
        'Demo' { Build-Module; Invoke-Demo }
        'Test' { dotnet test }
        'Docs' { Build-Module }
        'Package' { Build-Module; & (Join-Path $PSScriptRoot 'src/PSImageGen/package.ps1') -Module $module -Destination (Join-Path $output 'packages') }
        'Bench' { Build-Module; dotnet run --configuration $Configuration --project tests/PSImageGen.Benchmarks }
        'CrashTest' { Build-Module; & (Join-Path $PSScriptRoot 'tests/crash/CrashTest.ps1') -Kills $Kills }
    }
}
finally {
    Pop-Location
}
