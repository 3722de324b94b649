# The books: what the vendors billed, held against what the ledger says; dot-sourced.

# One order of one picture: what the vendor saw of it, how it stood after the restart, and what became of it.
function New-Order([string] $Name, [string] $Vendor, [string] $Run, [object[]] $Request, [string] $Restarted) {
    $path = Join-Path $Run 'outputs/result.json'
    $record = if (Test-Path -LiteralPath $path) { Get-Content -LiteralPath $path -Raw | ConvertFrom-Json }
    $billed = @($Request | Where-Object billed)

    # SkillsVideo lists a job only while it runs: not after its stream was sent to the end, whoever read it.
    $isListed = $billed -and $Vendor -in $listing -and ($Vendor -ne 'SkillsVideo' -or $billed[0].outcome -ne 'answered')
    [pscustomobject] @{
        Name      = $Name
        Vendor    = $Vendor
        Billed    = $billed.Count
        Restarted = $Restarted
        Status    = $record.status
        TaskId    = $record.task_id
        Images    = @($record.images)
        Error     = $record.error
        Listed    = $isListed
    }
}

# The promises that an order breaks. Under a fault it may also stop at an error that says that it may have been charged.
function Get-Breach([object] $Order) {
    $ends = $Order.MayFail -and $Order.Status -in 'Failed', 'Downloading' -and $Order.Error.may_have_been_charged
    if ($Order.Billed -gt 1) {
        "$($Order.Name): billed $($Order.Billed) times"
    }

    if ($Order.Billed -and -not $ends -and $Order.Restarted -notin 'Succeeded', 'Queued', 'Running', 'Downloading', 'Unknown') {
        "$($Order.Name): billed, but after the restart it was $($Order.Restarted ? $Order.Restarted : 'on no record')"
    }

    if ($Order.Billed -and -not $ends -and $Order.Status -notin 'Succeeded', 'Unknown') {
        "$($Order.Name): billed, but in the end $($Order.Status)"
    }

    if ($Order.Status -eq 'Unknown' -and $Order.TaskId) {
        "$($Order.Name): Unknown, though its id is on record"
    }

    if ($Order.Status -eq 'Unknown' -and $Order.Listed) {
        "$($Order.Name): Unknown, though $($Order.Vendor) listed the job"
    }

    if ($Order.Status -eq 'Succeeded' -and -not $Order.Billed) {
        "$($Order.Name): delivered, but never billed"
    }

    foreach ($image in $Order.Images) {
        if ($Order.Status -eq 'Succeeded' -and (Get-FileHash -LiteralPath $image.path).Hash -ne $image.sha256) {
            "$($Order.Name): the picture is not what the record says"
        }
    }
}

# Counts orders. Unknown: after the restart; Found: those of them that became pictures; Left: those that stay Unknown; Failed: with an
# error that tells the outcome.
function Measure-Order([object[]] $Order) {
    $unknown = @($Order | Where-Object Restarted -eq Unknown)
    $left = @($Order | Where-Object Status -eq Unknown)
    [ordered] @{
        Orders     = $Order.Count
        Billed     = @($Order | Where-Object Billed).Count
        Delivered  = @($Order | Where-Object Status -eq Succeeded).Count
        Unknown    = $unknown.Count
        Found      = @($unknown | Where-Object Status -eq Succeeded).Count
        Left       = $left.Count
        LeftBilled = @($left | Where-Object Billed).Count
        Failed     = @($Order | Where-Object Status -eq Failed).Count
    }
}

# A line with the counts of orders, to be shown as part of a table.
function New-Line([System.Collections.IDictionary] $Head, [object[]] $Order) {
    $counts = Measure-Order $Order
    $counts.Keys | ForEach-Object { $Head[$_] = $counts[$_] }
    [pscustomobject] $Head
}

function Show-Table([string] $Title) {
    $text = $input | Format-Table -Property * -AutoSize | Out-String -Width 140
    "`n$Title`n$($text.TrimEnd())"
}
