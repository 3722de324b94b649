<#
.SYNOPSIS
    Kills PowerShell at random moments while it buys pictures from fake vendors, takes the runs up again, and balances the books.
.DESCRIPTION
    Each round a child pwsh orders a picture from each fake vendor and a second one from two of them, and is killed without warning at a
    random moment. Every second round a child that resumes is killed too. Then everything is resumed to its end. At last the
    vendors' books are held against the ledger:

      - no picture was billed twice;
      - every billed order is on record, as delivered, resumable, or Unknown where no answer could have been seen and the vendor
        lists no jobs to find it by;
      - every order whose task id was recorded ended as a picture.

    It ends with an error, and so with exit code 1, when one of these does not hold.
#>
[CmdletBinding()]
param(
    [ValidateRange(1, 10000)]
    [int] $Kills = 20,

    # Repeats the moments of an earlier test.
    [int] $Seed = (Get-Random -Maximum 100000)
)

$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
$root = [System.IO.Path]::GetFullPath((Join-Path $PSScriptRoot '../..'))
$module = Join-Path $root 'output/PSImageGen'
$work = Join-Path ([System.IO.Path]::GetTempPath()) "psimagegen-crash-$PID"
$random = [System.Random]::new($Seed)
$pwsh = @(Get-Command -Name pwsh -CommandType Application)[0].Source

function Open-Process([string] $File, [string[]] $Argument) {
    $info = [System.Diagnostics.ProcessStartInfo]::new($File)
    $info.RedirectStandardInput = $info.RedirectStandardOutput = $info.RedirectStandardError = $true
    $Argument | ForEach-Object { $info.ArgumentList.Add($_) }
    [System.Diagnostics.Process]::Start($info)
}

$vendors = 'OpenAI', 'BFL', 'Fal', 'Replicate', 'CreatOK', 'SkillsVideo', 'WellAPI', 'OpenAI', 'BFL'

# Runs a script in a child and kills it a random time after it has imported the module. False when it was done before.
function Invoke-Killed([string] $Script, [int] $MostMilliseconds) {
    $child = Open-Process $pwsh @('-NoProfile', '-NonInteractive', '-Command', "Import-Module '$module'; 'ready'; $Script")
    try {
        $null = $child.StandardOutput.ReadLine()
        if ($child.WaitForExit($random.Next($MostMilliseconds))) {
            return $false
        }

        $child.Kill($true)
        $child.WaitForExit()
        return $true
    }
    finally {
        $child.Dispose()
    }
}

function Get-Unfinished([string] $Folder) {
    Get-AIImageTask -OutputDirectory $Folder | Where-Object Status -in Submitting, Queued, Running, Downloading, Unknown
}

dotnet build (Join-Path $root 'tests/PSImageGen.FakeProviders') --configuration Release --nologo --verbosity quiet
$fakes = Open-Process 'dotnet' @((Join-Path $root 'tests/PSImageGen.FakeProviders/bin/Release/net10.0/PSImageGen.FakeProviders.dll'))
$before = @{}
try {
    # The fakes print the variables that lead a client to them.
    do {
        $line = $fakes.StandardOutput.ReadLine()
        if ($line -match "^\`$env:(?<name>\w+) = '(?<value>.*)'$") {
            $before[$Matches.name] = [System.Environment]::GetEnvironmentVariable($Matches.name)
            [System.Environment]::SetEnvironmentVariable($Matches.name, $Matches.value)
        }
    } until ($line -match 'Controls: (?<control>http\S+)/state')
    $control = $Matches.control
    $null = $fakes.StandardOutput.ReadToEndAsync()
    $before['PSIMAGEGEN_STATE'] = $env:PSIMAGEGEN_STATE
    $env:PSIMAGEGEN_STATE = Join-Path $work 'state'
    $null = Invoke-RestMethod "$control/settings" -Method Post -ContentType 'application/json' -Body (@{
            openAIDelaySeconds = 0.8; wellAPIDelaySeconds = 0.8; bflJobSeconds = 1.5; falJobSeconds = 1.5
            replicateJobSeconds = 1.5; creatOKJobSeconds = 1.5; skillsVideoJobSeconds = 1.5
        } | ConvertTo-Json)
    Import-Module -Name $module

    Write-Information "Killing $Kills times; the moments are those of -Seed $Seed." -InformationAction Continue
    $killed = $resumed = 0
    $folders = [System.Collections.Generic.List[string]]::new()
    while ($killed -lt $Kills) {
        $round = $folders.Count
        $folder = Join-Path $work "round-$round"
        $folders.Add($folder)
        $order = "`$i = 0; foreach (`$vendor in '$($vendors -join "','")') { `$i++; @{ Prompt = `"round $round, `$vendor `$i`"; Provider = `$vendor } }"
        $killed += Invoke-Killed "& { $order } | New-AIImage -OutputDirectory '$folder' -ThrottleLimit 4 -Confirm:`$false" 5000
        if ($round % 2 -and $killed -lt $Kills) {
            $killed += Invoke-Killed "Get-AIImageTask -OutputDirectory '$folder' | Resume-AIImageTask" 3000
        }

        $resumed += @(Get-Unfinished $folder | Resume-AIImageTask -ErrorAction SilentlyContinue).Count
    }

    $state = Invoke-RestMethod "$control/state"
}
finally {
    foreach ($name in $before.Keys) {
        [System.Environment]::SetEnvironmentVariable($name, $before[$name])
    }

    $fakes.Kill($true)
    $fakes.Dispose()
}

$runs = @($folders | ForEach-Object { Get-AIImageTask -OutputDirectory $_ })
$bills = @($state.requests | Where-Object billed | Group-Object -Property { $_.body.prompt ?? $_.body.input.prompt })
$twice = @($bills | Where-Object Count -gt 1)
$delivered = @($runs | Where-Object Status -eq Succeeded)
$unknown = @($runs | Where-Object Status -eq Unknown)
$broken = @(
    foreach ($bill in $twice) {
        "billed $($bill.Count) times: $($bill.Name)"
    }

    foreach ($bill in $bills) {
        $run = $runs | Where-Object Prompt -eq $bill.Name
        if (-not $run) {
            "billed, but on no record: $($bill.Name)"
        }
        elseif ($run.Status -notin 'Succeeded', 'Unknown') {
            "billed, but $($run.Status): $($bill.Name), run $($run.RunId)"
        }
    }

    foreach ($run in $runs) {
        if ($run.TaskId -and $run.Status -ne 'Succeeded') {
            "the task id was recorded, but the run is $($run.Status): $($run.Prompt), run $($run.RunId)"
        }
    }

    foreach ($result in $delivered | Resume-AIImageTask) {
        if ((Get-FileHash -LiteralPath $result.Path).Hash -ne $result.Images[0].Sha256) {
            "the picture is not what the record says: $($result.Path)"
        }
    }

    foreach ($violation in $state.violations) {
        "a fake vendor objects: $violation"
    }
)

[pscustomobject] @{
    Kills          = $killed
    Recorded       = $runs.Count
    NeverSent      = @($runs | Where-Object Status -in Planned, Canceled).Count
    Billed         = $bills.Count
    Delivered      = $delivered.Count
    Resumed        = $resumed
    Unknown        = $unknown.Count
    UnknownBilled  = @($unknown | Where-Object Prompt -in $bills.Name).Count
    BilledTwice    = $twice.Count
    BrokenPromises = $broken.Count
} | Format-List

if ($broken) {
    $broken
    throw "$($broken.Count) promises were broken. The records are in $work."
}

Remove-Item -Path $work -Recurse -Force
'Nothing was lost, and nothing was paid twice.'
