<#
.SYNOPSIS
    Kills PowerShell at every step of buying pictures from fake vendors, takes the runs up again, and balances the books.
.DESCRIPTION
    Each round a child pwsh orders one picture from each of the seven paid vendors and is killed without warning. Every kill is aimed at a
    step: either the fake vendors hold all exchanges there until the client is gone, or a file appears in the ledger. After some kills a
    child that resumes the same runs is killed too. Where each order really stood at the kill is told afterwards by its record on disk
    and by the vendor's log. Then everything is resumed to its end, and the vendors' books are held against the ledger:

      - no order was billed twice;
      - after the restart every billed order was delivered, resumable or Unknown, and none was missing;
      - Unknown came only from kills between the POST and the id on disk;
      - in the end every billed order is a picture, but for those whose answer nobody saw at a vendor that does not list them.

    Then the same vendors meet every fault of the fault table once, without a kill, and the books are balanced in the same way.

    It ends with an error, and so with exit code 1, when one of these does not hold.
#>
[CmdletBinding()]
param(
    [ValidateRange(1, 10000)]
    [int] $Kills = 20,

    # Repeats the choices of an earlier test.
    [int] $Seed = (Get-Random -Maximum 100000)
)

$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
. (Join-Path $PSScriptRoot 'Vendors.ps1')
. (Join-Path $PSScriptRoot 'Books.ps1')
Add-Type -Path (Join-Path $PSScriptRoot 'FileTrigger.cs')
$module = Join-Path $root 'output/PSImageGen'
$work = Join-Path ([System.IO.Path]::GetTempPath()) "psimagegen-crash-$PID"
$random = [System.Random]::new($Seed)
$pwsh = @(Get-Command -Name pwsh -CommandType Application)[0].Source

# Where an order can stand when its process dies, in the order of its life. The id is on disk from Waiting on.
$steps = [ordered] @{
    BeforePost        = 'nothing sent, and the record does not say that it is'
    AboutToPost       = 'the record says that it is sent; nothing arrived'
    PostArrived       = 'the POST arrived, and was not accepted'
    Accepted          = 'billed, and nothing answered'
    HalfAnswered      = 'billed, and half an answer sent'
    AnswerNotRecorded = 'the answer is in a temporary file, not on the record'
    LookedUp          = 'Resume asks for the vendor''s list'
    Waiting           = 'the id is on the record, the vendor works'
    Downloading       = 'the picture is on its way'
    PictureNotNamed   = 'the picture is whole in a temporary file'
    Delivered         = 'before the kill'
    Anywhere          = 'at a random moment; where it was counts above'
}
$betweenPostAndId = 'AboutToPost', 'PostArrived', 'Accepted', 'HalfAnswered', 'AnswerNotRecorded', 'LookedUp'

# What kills are aimed at. Hold: the fault that holds all exchanges at a stage of the vendors. File: what must
# happen in the folder of a run; after a hold it is waited for once the vendors go on. Within: a time in milliseconds.
$waits = @{ BFL = 'Poll'; CreatOK = 'Poll'; Replicate = 'Poll'; Fal = 'Stream'; SkillsVideo = 'Stream' }
$submits = $vendors | ForEach-Object -Begin { $map = @{} } -Process { $map[$_] = 'Submit' } -End { $map }
$downloads = $waits.Keys | ForEach-Object -Begin { $map = @{} } -Process { $map[$_] = 'Download' } -End { $map }
$lists = $listing | ForEach-Object -Begin { $map = @{} } -Process { $map[$_] = 'Query' } -End { $map }
$aims = @{
    BeforePost        = @{ File = 'outputs/result.json'; On = 'Renamed'; Of = $vendors }
    AboutToPost       = @{ File = 'outputs/result.json'; On = 'Renamed'; Times = 2; Of = $vendors }
    PostArrived       = @{ Hold = 'HangBeforeRead'; At = $submits }
    Accepted          = @{ Hold = 'Hang'; At = $submits; After = 0 }
    HalfAnswered      = @{ Hold = 'HangMidAnswer'; At = $submits; After = 0 }
    AnswerNotRecorded = @{ Hold = 'Hang'; At = $submits; After = 0; File = 'outputs/result.json.*.tmp'; On = 'Created'; Of = $vendors }
    LookedUp          = @{ Hold = 'Hang'; At = $lists }
    Waiting           = @{ Hold = 'Hang'; At = $waits; After = 1 }
    Downloading       = @{ Hold = 'HangMidAnswer'; At = $downloads }
    PictureNotNamed   = @{ File = 'outputs/result.json.*.tmp'; On = 'Created'; When = 'parts/*.part'; Of = @($waits.Keys) }
    Anywhere          = @{ Within = 3000 }
}

# Each round kills a process that orders, and some kill the one that resumes after it.
$rounds = 'BeforePost', 'AboutToPost', 'PostArrived', 'Accepted LookedUp', 'HalfAnswered', 'AnswerNotRecorded', 'Waiting Downloading',
    'Downloading PictureNotNamed', 'PictureNotNamed', 'Anywhere Anywhere'

# A child that has imported the module and waits for the line to run.
function Open-Child {
    Open-Process $pwsh @('-NoProfile', '-NonInteractive', '-Command', "Import-Module '$module'; 'ready'; Invoke-Expression ([Console]::In.ReadLine())")
}

# Runs a script in the child and kills it where the aim says; after ten seconds it dies in any case. False when it ended by itself.
function Invoke-Killed([System.Diagnostics.Process] $Child, [string] $Script, [hashtable] $Aim, [string] $Run) {
    try {
        if ($Child.StandardOutput.ReadLine() -ne 'ready') {
            throw "The child did not start: $($Child.StandardError.ReadToEnd())"
        }

        $null = $Child.StandardOutput.ReadToEndAsync()
        $null = $Child.StandardError.ReadToEndAsync()
        $start = { $Child.StandardInput.WriteLine($Script) }
        if ($Aim.Hold) {
            Invoke-Control faults Post @($Aim.At.Keys | ForEach-Object {
                    $fault = @{ vendor = $_; stage = $Aim.At[$_]; kind = $Aim.Hold }
                    if ($null -ne $Aim.After) { $fault.afterEvents = $Aim.After }
                    $fault
                }) | Out-Null
            & $start
            $until = [datetime]::UtcNow.AddSeconds(10)
            while ((Invoke-Control state).hanging -lt $Aim.At.Count -and [datetime]::UtcNow -lt $until -and -not $Child.HasExited) {
                Start-Sleep -Milliseconds 20
            }

            $start = { $null = $http.PostAsync("$control/release", $null) }
        }

        if ($Aim.File) {
            $trigger = [FileTrigger]::new((Join-Path $Run $Aim.File), $Aim.On, ($Aim.Times ?? 1), ($Aim.When ? (Join-Path $Run $Aim.When) : ''), $Child)
            & $start
            $null = $trigger.Wait(10000)
        }

        if ($Aim.Within) {
            & $start
            $null = $Child.WaitForExit($random.Next($Aim.Within))
        }

        $Child.Kill()
        $Child.WaitForExit()
        $Child.ExitCode -notin 0, 1
    }
    finally {
        if ($trigger) {
            $trigger.Dispose()
        }

        $Child.Dispose()
    }
}

# Whether a file is a picture to its last byte.
function Test-Whole([string] $Path) {
    $bytes = [System.IO.File]::ReadAllBytes($Path)
    $text = [System.Text.Encoding]::Latin1.GetString($bytes)
    $text.EndsWith("IEND$([char] 0xAE)B``$([char] 0x82)", 'Ordinal') -or $text.EndsWith("$([char] 0xFF)$([char] 0xD9)", 'Ordinal') -or
    ($text.StartsWith('RIFF', 'Ordinal') -and [System.BitConverter]::ToUInt32($bytes, 4) + 8 -eq $bytes.Length)
}

# Where an order stood when its process died: what its files say, and what the vendor saw of it.
function Get-Step([string] $Run, [object[]] $Request, [bool] $Resuming) {
    $record = Join-Path $Run 'outputs/result.json'
    $task = if (Test-Path $record) { (Get-Content -LiteralPath $record -Raw | ConvertFrom-Json).tasks[0] }
    $order = $Request | Where-Object stage -eq Submit
    $whole = Get-ChildItem (Join-Path $Run 'parts/*.part') -ErrorAction Ignore | Where-Object { Test-Whole $_.FullName }
    switch ($task.status ?? 'Planned') {
        'Planned' { $order ? 'SentUnrecorded' : 'BeforePost' }
        { $_ -in 'Submitting', 'Unknown' } {
            if ($Resuming) { 'LookedUp' }
            elseif (-not $order) { 'AboutToPost' }
            elseif (-not $order.billed) { 'PostArrived' }
            elseif ($whole -or (Get-ChildItem (Join-Path $Run 'outputs/result.json.*.tmp') -ErrorAction Ignore)) { 'AnswerNotRecorded' }
            else { $order.fault -eq 'HangMidAnswer' ? 'HalfAnswered' : 'Accepted' }
        }
        'Downloading' { $whole ? 'PictureNotNamed' : 'Downloading' }
        'Succeeded' { 'Delivered' }
        'Canceled' { 'BeforePost' }
        { $_ -in 'Queued', 'Running' } { 'Waiting' }
        default { $_ }
    }
}

$http = [System.Net.Http.HttpClient]::new()
$tally = $steps.Keys | ForEach-Object { [pscustomobject] @{ Step = $_; Kills = 0; Hit = 0 } }
$orders = [System.Collections.Generic.List[object]]::new()
$broken = [System.Collections.Generic.List[string]]::new()
try {
    Connect-Vendor (Join-Path $work 'state')
    Import-Module -Name $module
    "Killing $Kills times; the choices are those of -Seed $Seed."
    $next = Open-Child
    for ($round = 0; ($tally | Measure-Object Kills -Sum).Sum -lt $Kills; $round++) {
        $folder = Join-Path $work "round-$round"
        $ledger = Join-Path $folder '.artifacts'
        $rows = $vendors | ForEach-Object { "@{ Prompt = 'round $round, $_'; Provider = '$_'; RunId = '$_' }" }
        $scripts = @(
            "$($rows -join ', ') | New-AIImage -OutputDirectory '$folder' -ThrottleLimit 7 -Confirm:`$false"
            "Get-AIImageTask -OutputDirectory '$folder' | Resume-AIImageTask -ThrottleLimit 7"
        )
        $caught = @{}
        foreach ($name in $rounds[$round % $rounds.Count] -split ' ' | Select-Object -First ($Kills - ($tally | Measure-Object Kills -Sum).Sum)) {
            $aimed = $tally | Where-Object Step -eq $name
            $aim = $aims[$name]
            $resumes = $caught.Count -gt 0
            $run = $aim.Of ? (Join-Path $ledger $aim.Of[$random.Next($aim.Of.Count)]) : ''
            $child, $next = $next, (Open-Child)
            $aimed.Kills += [int] (Invoke-Killed $child $scripts[[int] $resumes] $aim $run)
            Invoke-Control faults Delete | Out-Null
            $state = Get-VendorState
            foreach ($vendor in $vendors) {
                $caught[$vendor] += , (Get-Step (Join-Path $ledger $vendor) ($state.requests | Where-Object vendor -eq $vendor) $resumes)
            }

            $aimed.Hit += [int] [bool] ($vendors | Where-Object { $caught[$_][-1] -eq $name })
        }

        $restarted = @(Get-AIImageTask -OutputDirectory $folder)
        $restarted | Where-Object Status -in $openStates | Resume-AIImageTask -ThrottleLimit 7 -ErrorAction SilentlyContinue | Out-Null
        $state = Get-VendorState
        Invoke-Control state Delete | Out-Null
        foreach ($vendor in $vendors) {
            $order = New-Order "round $round, $vendor" $vendor (Join-Path $ledger $vendor) ($state.requests | Where-Object vendor -eq $vendor) ($restarted | Where-Object RunId -eq $vendor).Status
            $order | Add-Member Steps $caught[$vendor]
            $orders.Add($order)
            Get-Breach $order | ForEach-Object { $broken.Add("$_ (killed at $($order.Steps -join ', then '))") }
            if ('SentUnrecorded' -in $order.Steps) {
                $broken.Add("$($order.Name): sent before the record said so")
            }

            if ($order.Restarted -eq 'Unknown' -and $order.Steps[0] -notin $betweenPostAndId) {
                $broken.Add("$($order.Name): Unknown after the restart, though killed at $($order.Steps -join ', then ')")
            }
        }

        $state.violations | ForEach-Object { $broken.Add("round ${round}: a fake vendor objects: $_") }
    }

    $tally | ForEach-Object {
        $step = $_.Step
        New-Line ([ordered] @{ Step = $step; Kills = $_.Kills; Hit = $step -eq 'Anywhere' ? '' : $_.Hit }) @($orders | Where-Object Steps -contains $step)
    } | Show-Table 'Orders by the step at which they were killed (one killed twice counts in both)'
    $steps.GetEnumerator() | ForEach-Object { "  {0,-18}{1}" -f $_.Key, $_.Value }
    $vendors | ForEach-Object {
        $vendor = $_
        New-Line ([ordered] @{ Vendor = $vendor }) @($orders | Where-Object Vendor -eq $vendor)
    } | Show-Table 'Orders by vendor'
    . (Join-Path $PSScriptRoot 'Faults.ps1')
}
finally {
    $http.Dispose()
    if ($next) {
        $next.Kill()
        $next.Dispose()
    }

    Disconnect-Vendor
}

@{ Under = "$(($tally | Measure-Object Kills -Sum).Sum) kills"; Order = $orders }, @{ Under = 'the fault table'; Order = $faulted } | ForEach-Object {
    New-Line ([ordered] @{
            Under      = $_.Under
            MostBilled = [int] ($_.Order | Measure-Object Billed -Maximum).Maximum
            Missing    = @($_.Order | Where-Object { $_.Billed -and -not $_.Status }).Count
        }) $_.Order
} | Show-Table 'Together. MostBilled: submits billed for one picture; Missing: billed, and on no record'

if ($broken) {
    $broken
    throw "$($broken.Count) promises were broken. The records are in $work."
}

Remove-Item -Path $work -Recurse -Force
'Nothing was lost, and nothing was paid twice.'
