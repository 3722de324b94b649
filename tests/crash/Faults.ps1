# The fault table: what can go wrong at a vendor, once at each of the seven, without killing anybody. Dot-sourced by CrashTest.ps1;
# its orders and breaches are added to $orders and $broken.

$followed = 'BFL', 'Fal', 'Replicate', 'CreatOK', 'SkillsVideo'
$streaming = 'Fal', 'SkillsVideo'

# Name; vendors; what else the order says; then the faults: stage, kind and more.
function New-Row([string] $Name, [string[]] $Vendor, [hashtable] $More, [hashtable[]] $Fault) {
    @{ Name = $Name; Vendor = $Vendor; More = $More; Fault = $Fault }
}

function New-Fault([string] $Stage, [string] $Kind, [hashtable] $More = @{}) {
    @{ stage = $Stage; kind = $Kind } + $More
}

# Questions come from those that have no stream, or whose stream has been cut.
$cut = New-Fault Stream Truncate
$wait = @{ status = 429; headers = @{ 'Retry-After' = '1' } }

# The answer to an order is lost: only here may an outcome be Unknown.
$lost = @(
    New-Row 'order: 500' $vendors @{} (New-Fault Submit Status @{ status = 500 })
    New-Row 'order: 502 after billing' $vendors @{} (New-Fault Submit StatusAfterBilling @{ status = 502 })
    New-Row 'order: 504 after billing' $vendors @{} (New-Fault Submit StatusAfterBilling @{ status = 504 })
    New-Row 'order: broken, not read' $vendors @{} (New-Fault Submit DropBeforeRead)
    New-Row 'order: broken after the body' $vendors @{} (New-Fault Submit DropBeforeAnswer)
    New-Row 'order: answer broken off' $vendors @{} (New-Fault Submit DropMidAnswer @{ afterEvents = 0 })
    New-Row 'order: answer cut short' $vendors @{} (New-Fault Submit Truncate @{ afterEvents = 0 })
    New-Row 'order: answer is a page' $vendors @{} (New-Fault Submit WrongContent)
    New-Row 'order: no answer in time' $vendors @{ TimeoutSec = 3 } (New-Fault Submit Hang @{ afterEvents = 0 })
)
$clear = @(
    New-Row 'order: 429 with Retry-After' $vendors @{} (New-Fault Submit Status $wait)
    foreach ($status in 400, 401, 402, 403, 404, 413, 422) {
        New-Row "order: $status" $vendors @{} (New-Fault Submit Status @{ status = $status })
    }
    New-Row 'order: content refused' $vendors @{} (New-Fault Submit Refuse)
    New-Row 'order: redirected' $vendors @{} (New-Fault Submit Redirect)
    New-Row 'stream: cut' $streaming @{} $cut
    New-Row 'stream: broken off' $streaming @{} (New-Fault Stream DropMidAnswer)
    New-Row 'stream: none' $streaming @{} (New-Fault Stream NoStream)
    New-Row 'question: 500 twice' $followed @{} $cut, (New-Fault Poll Status @{ status = 500; times = 2 })
    New-Row 'question: 429 with Retry-After' $followed @{} $cut, (New-Fault Poll Status $wait)
    New-Row 'question: 401' $followed @{} $cut, (New-Fault Poll Status @{ status = 401 })
    New-Row 'question: broken' $followed @{} $cut, (New-Fault Poll DropBeforeAnswer)
    New-Row 'question: answer is a page' $followed @{} $cut, (New-Fault Poll WrongContent)
    New-Row 'result: 502 on the way' 'Fal' @{} (New-Fault Result Status @{ status = 502; body = '<h1>502</h1>'; contentType = 'text/html' })
    New-Row 'download: 500' $followed @{} (New-Fault Download Status @{ status = 500 })
    New-Row 'download: 429 with Retry-After' $followed @{} (New-Fault Download Status $wait)
    New-Row 'download: broken off' $followed @{} (New-Fault Download DropMidAnswer)
    New-Row 'download: cut short' $followed @{} (New-Fault Download Truncate)
    New-Row 'download: a page' $followed @{} (New-Fault Download WrongContent)
    New-Row 'download: redirected' $followed @{} (New-Fault Download Redirect @{ location = "$($control -replace '/_control$')/elsewhere/picture.png" })
    New-Row 'download: link expired' $followed @{} (New-Fault Download Expired)
)

# Orders one picture for each vendor of each row, takes up what is left, and gives the orders.
function Invoke-Row([object[]] $Row, [string] $Folder, [bool] $MayBeUnknown) {
    $plan = foreach ($one in $Row) {
        foreach ($vendor in $one.Vendor) {
            @{ Fault = $one.Name; Name = "$($one.Name), $vendor"; Vendor = $vendor; Run = "$($one.Name)-$vendor" -replace '\W+', '-'; More = $one.More; Faults = $one.Fault }
        }
    }

    $faults = foreach ($order in $plan) {
        $order.Faults | Where-Object { $_ -and ($_.stage -ne 'Stream' -or $order.Vendor -in $streaming) } |
            ForEach-Object { $_ + @{ vendor = $order.Vendor; match = "^$([regex]::Escape($order.Name))$" } }
    }
    if ($faults) {
        Invoke-Control faults Post @($faults) | Out-Null
    }

    $plan | ForEach-Object { $_.More + @{ Prompt = $_.Name; Provider = $_.Vendor; RunId = $_.Run } } |
        New-AIImage -OutputDirectory $Folder -ThrottleLimit 64 -Confirm:$false -ErrorAction SilentlyContinue -WarningAction SilentlyContinue | Out-Null
    $ended = @(Get-AIImageTask -OutputDirectory $Folder)
    $ended | Where-Object Status -in $openStates | Resume-AIImageTask -ThrottleLimit 64 -ErrorAction SilentlyContinue | Out-Null
    $state = Get-VendorState
    foreach ($fault in $state.faults | Where-Object fired -eq 0) {
        $broken.Add("the fault never struck: $($fault.stage) $($fault.kind) of $($fault.match)")
    }

    $requests = ($state.requests | Group-Object -AsHashTable -AsString -Property { "$($_.body.prompt ?? $_.body.input.prompt)" }) ?? @{}
    foreach ($one in $plan) {
        $order = New-Order $one.Name $one.Vendor (Join-Path $Folder ".artifacts/$($one.Run)") $requests[$one.Name] ($ended | Where-Object RunId -eq $one.Run).Status
        $order | Add-Member Fault $one.Fault -PassThru | Add-Member MayFail $true
        Get-Breach $order | ForEach-Object { $broken.Add($_) }
        if ($order.Restarted -eq 'Unknown' -and -not $MayBeUnknown) {
            $broken.Add("$($one.Name): Unknown, though no answer was lost")
        }

        $order
    }

    $state.violations | ForEach-Object { $broken.Add("a fake vendor objects: $_") }
    Invoke-Control faults Delete | Out-Null
    Invoke-Control state Delete | Out-Null
}

$faulted = @(Invoke-Row $lost (Join-Path $work 'faults-lost') $true)
$faulted += Invoke-Row $clear (Join-Path $work 'faults-clear') $false

# Nobody listens there: nothing ever leaves this machine.
$names = @($before.Keys) -like '*_BASE_URL'
$urls = $names | ForEach-Object { [System.Environment]::GetEnvironmentVariable($_) }
$names | ForEach-Object { [System.Environment]::SetEnvironmentVariable($_, 'http://127.0.0.1:9/nobody') }
$faulted += Invoke-Row (New-Row 'order: connection refused' $vendors @{} @()) (Join-Path $work 'faults-refused') $false
for ($i = 0; $i -lt $names.Count; $i++) {
    [System.Environment]::SetEnvironmentVariable($names[$i], $urls[$i])
}

$faulted.Fault | Select-Object -Unique | ForEach-Object {
    $fault = $_
    New-Line ([ordered] @{ Fault = $fault }) @($faulted | Where-Object Fault -eq $fault)
} | Show-Table 'Orders under the fault table, one of each vendor that it concerns'
