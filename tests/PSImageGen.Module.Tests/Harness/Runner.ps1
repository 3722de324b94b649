# Runs a script in a session that has the module, and writes all that flowed out of it, stream by stream, to a JSON file.
param(
    [Parameter(Mandatory)] [string] $Script,
    [Parameter(Mandatory)] [string] $Result,
    [string] $Module
)

$PSStyle.OutputRendering = 'PlainText'
$ProgressPreference = 'SilentlyContinue'

function ConvertFrom-ErrorRecord($Record) {
    [ordered]@{
        fullyQualifiedErrorId = $Record.FullyQualifiedErrorId
        category              = "$($Record.CategoryInfo.Category)"
        message               = "$Record"
        recommendedAction     = $Record.ErrorDetails.RecommendedAction
        target                = "$($Record.TargetObject)"
        targetType            = if ($null -ne $Record.TargetObject) { $Record.TargetObject.GetType().FullName }
    }
}

$all = [ordered]@{
    objects = [Collections.Generic.List[object]]::new()
    errors = [Collections.Generic.List[object]]::new()
    terminating = $null
    warnings = [Collections.Generic.List[string]]::new()
    verbose = [Collections.Generic.List[string]]::new()
    debug = [Collections.Generic.List[string]]::new()
    information = [Collections.Generic.List[string]]::new()
}
try {
    if ($Module) {
        Import-Module $Module
    }

    & $Script *>&1 | ForEach-Object {
        switch ($_) {
            { $_ -is [Management.Automation.ErrorRecord] } { $all.errors.Add((ConvertFrom-ErrorRecord $_)); break }
            { $_ -is [Management.Automation.WarningRecord] } { $all.warnings.Add("$_"); break }
            { $_ -is [Management.Automation.VerboseRecord] } { $all.verbose.Add("$_"); break }
            { $_ -is [Management.Automation.DebugRecord] } { $all.debug.Add("$_"); break }
            { $_ -is [Management.Automation.InformationRecord] } { $all.information.Add("$_"); break }
            default { $all.objects.Add($_) }
        }
    }
}
catch {
    $all.terminating = ConvertFrom-ErrorRecord $_
}

$all | ConvertTo-Json -Depth 8 -EnumsAsStrings -Compress -WarningAction SilentlyContinue | Set-Content -LiteralPath "$Result.part"
Move-Item -LiteralPath "$Result.part" -Destination $Result
