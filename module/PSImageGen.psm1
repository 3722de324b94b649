# Loads the cmdlets into a load context of their own, so that this module's dependencies never meet another module's.
# The functions below resolve Import-Module in the engine's own module: a proxy of the user's must not come between.
$importModule = Get-Command -Name Import-Module -Module Microsoft.PowerShell.Core

if (-not ('PSImageGen.LoadContext' -as [type])) {
    $bin = [System.IO.Path]::Combine($PSScriptRoot, '..', 'bin')
    Add-Type -Path ([System.IO.Path]::GetFullPath([System.IO.Path]::Combine($bin, 'PSImageGen.Types.dll')))
}

$inner = & $importModule -Assembly ([PSImageGen.LoadContext]::Initialize()) -PassThru

# A second Import-Module -Force would lose the cmdlets of the inner module (PowerShell/PowerShell#20710): export them again by hand.
$addExportedCmdlet = [System.Management.Automation.PSModuleInfo].GetMethod('AddExportedCmdlet', [System.Reflection.BindingFlags] 'Instance, NonPublic')
foreach ($cmdlet in $inner.ExportedCmdlets.Values) {
    $null = $addExportedCmdlet.Invoke($ExecutionContext.SessionState.Module, @(, $cmdlet))
}

# Loaded here and not by the manifest, because their script blocks name this module's types.
Update-TypeData -AppendPath ([System.IO.Path]::Combine($PSScriptRoot, 'PSImageGen.Types.ps1xml'))
$culture = [System.Globalization.CultureInfo]::CurrentUICulture
while ($culture.Name -and $culture.Name -ne 'zh-Hans') {
    $culture = $culture.Parent
}

$views = $culture.Name ? 'PSImageGen.Format.zh-Hans.ps1xml' : 'PSImageGen.Format.ps1xml'
Update-FormatData -AppendPath ([System.IO.Path]::Combine($PSScriptRoot, $views))
