<#
.SYNOPSIS
    Makes what Get-Help shows from the pages in docs/en-US; with -UpdatePage brings the pages up to date with the commands first.
#>
[CmdletBinding()]
param(
    # The built module.
    [Parameter(Mandatory)]
    [string] $Module,

    [switch] $UpdatePage
)

$ErrorActionPreference = 'Stop'
$pages = Join-Path $PSScriptRoot 'en-US'
$folder = Join-Path $Module 'en-US'
$scratch = Join-Path $Module '../help'

if (-not (Get-Module -ListAvailable -Name Microsoft.PowerShell.PlatyPS)) {
    $words = 'the module Microsoft.PowerShell.PlatyPS is not here. To get it: Install-PSResource Microsoft.PowerShell.PlatyPS'
    if ($UpdatePage) {
        throw "The pages cannot be brought up to date: $words"
    }

    Write-Warning "Get-Help will show the syntax only, the help was skipped: $words"
    return
}

Import-Module -Name Microsoft.PowerShell.PlatyPS
$null = New-Item -ItemType Directory -Path $folder -Force

if ($UpdatePage) {
    # Help that is there already would be merged into the pages a second time.
    Remove-Item -Path (Join-Path $folder '*-Help.xml') -ErrorAction Ignore
    Import-Module -Name $Module -Force
    foreach ($command in Get-Command -Module PSImageGen) {
        $page = Join-Path $pages "$($command.Name).md"
        if (Test-Path -Path $page) {
            $null = Update-MarkdownCommandHelp -Path $page -NoBackup
        }
        else {
            New-MarkdownCommandHelp -CommandInfo $command -OutputFolder $scratch -Force | Copy-Item -Destination $page
        }

        # With the common parameters in every syntax, which PlatyPS forgets in some; without the byte order mark.
        $syntax, $rest = (Get-Content -Path $page -Raw) -split '(?=\r?\n## ALIASES)', 2
        $syntax = $syntax -replace '(?<=\S)(?<!<CommonParameters>\])(\r?\n```)', ' [<CommonParameters>]$1'
        Set-Content -Path $page -Value ($syntax + $rest) -NoNewline
        $page
    }
}

$maml = Get-ChildItem -Path $pages -Filter '*-*.md' | ForEach-Object { Import-MarkdownCommandHelp -Path $_.FullName } |
    Export-MamlCommandHelp -OutputFolder $scratch -Force
foreach ($file in $maml) {
    # The code of an example belongs into the element for code, without its Markdown fence; blank lines come as a control character.
    $text = (Get-Content -Path $file.FullName -Raw) -replace '\s*<maml:para>(&#x80;|\u0080)</maml:para>', '' -replace
        '(?s)<maml:introduction>\s*<maml:para>```powershell\r?\n(.*?)\r?\n```</maml:para>(.*?)</maml:introduction>\s*<dev:code />\s*<dev:remarks />',
        '<dev:code>$1</dev:code><dev:remarks>$2<maml:para /></dev:remarks>' -replace
        '(?s)<maml:navigationLink>\s*<maml:linkText>Online Version</maml:linkText>\s*<maml:uri />\s*</maml:navigationLink>', ''
    Set-Content -Path (Join-Path $folder $file.Name) -Value $text
}
