# The same command over the same rows again: what is delivered is not ordered again, however the first one ended.

Describe 'Batches that go on' {
    BeforeAll {
        . (Join-Path $PSScriptRoot Common.ps1)
        Connect-Vendor

        function Save-Row([string[]] $Prompt, [string] $Provider = 'BFL') {
            $Prompt | ForEach-Object { [pscustomobject]@{ Prompt = $_; Provider = $Provider } } | Export-Csv rows.csv
        }

        # The command that is typed again and again; what it gives, its errors, and its summary.
        function Invoke-Batch([hashtable] $More = @{}) {
            $ErrorActionPreference = 'Continue'
            $results = @(Import-Csv rows.csv | New-AIImage -BatchId spring -Confirm:$false @More -InformationVariable said -ErrorVariable failed -ErrorAction SilentlyContinue 6> $null)
            [pscustomobject]@{ Results = $results; Errors = @($failed | Where-Object { $_ -is [Management.Automation.ErrorRecord] }); Summary = "$said" }
        }

        function Wait-Until([scriptblock] $Condition) {
            $until = [datetime]::UtcNow.AddSeconds(60)
            while (-not (& $Condition)) {
                if ([datetime]::UtcNow -gt $until) { throw "This did not happen:$Condition" }
                Start-Sleep -Milliseconds 50
            }
        }

        function Wait-Order([int] $Count) {
            Wait-Until { @(Get-Order).Count -ge $Count }
        }

        # Until the ids of so many jobs are on the disk, and their states are asked for.
        function Wait-Running([int] $Count) {
            Wait-Until { @(Get-AIImageTask -BatchId spring -Status Queued, Running).Count -ge $Count -and @(Get-VendorRequest | Where-Object stage -eq 'Poll').Count -ge $Count }
        }

        function Use-Setting([hashtable] $Setting) {
            $null = Invoke-RestMethod -Method Post "$env:FAKE_ORIGIN/_control/settings" -Body ($Setting | ConvertTo-Json)
        }

        # Another process with the same command.
        function Open-Batch {
            $script = "`$PSDefaultParameterValues['*:OutputDirectory'] = '$($PWD.ProviderPath)'; Set-Location '$($PWD.ProviderPath)'; Import-Module '$(Join-Path $root output PSImageGen)'; Import-Csv rows.csv | New-AIImage -BatchId spring -Force"
            $start = [Diagnostics.ProcessStartInfo]::new((Get-Command pwsh -CommandType Application)[0].Source)
            foreach ($word in '-NoProfile', '-NonInteractive', '-Command', $script) {
                $start.ArgumentList.Add($word)
            }

            $start.RedirectStandardOutput = $true
            $start.RedirectStandardError = $true
            $process = [Diagnostics.Process]::Start($start)
            $null = $process.StandardOutput.ReadToEndAsync()
            $null = $process.StandardError.ReadToEndAsync()
            $process
        }
    }

    AfterAll { Disconnect-Vendor }

    BeforeEach {
        Clear-Vendor
        Enter-Folder
        $env:PSIMAGEGEN_STATE = Join-Path $PWD.ProviderPath state
    }

    AfterEach {
        Clear-Fault
        Pop-Location
    }

    It 'gives what is delivered again, and orders only what is new' {
        Save-Row 'a fox', 'an owl'
        $first = Invoke-Batch
        $first.Summary | Should -BeLike 'Batch spring: delivered before 0, resumed 0, held 0, started 2, failed 0.*spent*USD.'

        Save-Row 'a bear', 'a fox', 'an owl', 'an owl'
        $second = Invoke-Batch

        $second.Errors | Should -BeNullOrEmpty
        $second.Results.Count | Should -Be 4
        $second.Summary | Should -BeLike '*delivered before 2, resumed 0, held 0, started 2, failed 0.*'
        ($second.Results | Where-Object Prompt -eq 'a fox').RunId | Should -Be ($first.Results | Where-Object Prompt -eq 'a fox').RunId
        ($second.Results | Sort-Object Index).Prompt | Should -Be 'a bear', 'a fox', 'an owl', 'an owl'
        @($second.Results.Path | Select-Object -Unique).Count | Should -Be 4
        @(Get-Order).Count | Should -Be 4
    }

    It 'asks nothing and spends nothing where everything is there' {
        Save-Row 'a fox', 'an owl'
        $null = Invoke-Batch
        $orders = @(Get-Order).Count
        $again = Import-Csv rows.csv | New-AIImage -BatchId spring -MaxCost 0.0001 -Confirm 6>&1

        @($again | Where-Object { $_ -is [PSImageGen.ImageResult] }).Count | Should -Be 2
        "$again" | Should -BeLike '*spent nothing*'
        @(Get-Order).Count | Should -Be $orders
    }

    It 'counts only what is started against a ceiling' {
        Save-Row 'a fox', 'an owl', 'a bear'
        Import-Csv rows.csv | Select-Object -First 2 | New-AIImage -BatchId spring -Confirm:$false 6> $null | Should -Not -BeNullOrEmpty
        $price = (Measure-AIImageCost 'a bear' -Provider BFL).AmountMax

        $batch = Invoke-Batch @{ MaxCost = $price }
        $batch.Errors | Should -BeNullOrEmpty
        $batch.Results.Count | Should -Be 3
    }

    It 'rehearses with what would be ordered alone' {
        Save-Row 'a fox'
        $null = Invoke-Batch
        Save-Row 'a fox', 'an owl'
        $said = Import-Csv rows.csv | New-AIImage -BatchId spring -WhatIf 6>&1 | Out-String

        $said | Should -BeLike '*delivered before 1*started 0*'
        @(Get-Order).Count | Should -Be 1
    }

    It 'starts anew what failed' {
        Save-Row 'a fox', 'an owl'
        Add-Fault @{ vendor = 'BFL'; stage = 'Submit'; kind = 'Status'; status = 402; times = 1 }
        $first = Invoke-Batch @{ ThrottleLimit = 1 }
        $first.Errors.Count | Should -Be 1
        $first.Summary | Should -BeLike '*started 2, failed 1.*'

        $second = Invoke-Batch
        $second.Errors | Should -BeNullOrEmpty
        $second.Results.Count | Should -Be 2
        $second.Summary | Should -BeLike '*delivered before 1, resumed 0, held 0, started 1, failed 0.*'
        @(Get-Order).Count | Should -Be 3
    }

    It 'holds what is unknown, says how to go on, and sends nothing' {
        Save-Row 'a fox' OpenAI
        Add-Fault @{ vendor = 'OpenAI'; stage = 'Submit'; kind = 'DropBeforeAnswer' }
        $null = Invoke-Batch
        $requests = @(Get-VendorRequest).Count
        $batch = Invoke-Batch

        $batch.Results | Should -BeNullOrEmpty
        $batch.Errors[0].FullyQualifiedErrorId | Should -BeLike 'OutcomeUnknown,*'
        $batch.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike '*Resume-AIImageTask -RunId*'
        $batch.Summary | Should -BeLike '*held 1, started 0, failed 0.*'
        @(Get-VendorRequest).Count | Should -Be $requests
    }

    It 'goes on after the process was killed' {
        Save-Row 'a fox', 'an owl', 'a bear', 'a hare', 'a crow', 'a pike'
        Add-Fault @{ vendor = 'BFL'; stage = 'Poll'; kind = 'Hang'; times = -1 }
        $process = Open-Batch
        Wait-Running 4
        $process.Kill($true)
        $process.WaitForExit()
        Clear-Fault
        $batch = Invoke-Batch

        $batch.Errors | Should -BeNullOrEmpty
        $batch.Results.Count | Should -Be 6
        $batch.Summary | Should -BeLike '*delivered before 0, resumed 4, held 0, started 2, failed 0.*'
        @(Get-Order).Count | Should -Be 6
    }

    It 'holds what was being sent when the process was killed' {
        Save-Row 'a fox', 'an owl'
        Add-Fault @{ vendor = 'BFL'; stage = 'Submit'; kind = 'Hang'; times = -1 }
        $process = Open-Batch
        Wait-Order 2
        $process.Kill($true)
        $process.WaitForExit()
        Clear-Fault
        $batch = Invoke-Batch

        $batch.Results | Should -BeNullOrEmpty
        $batch.Errors.Count | Should -Be 2
        $batch.Summary | Should -BeLike '*held 2, started 0, failed 0.*'
        @(Get-Order).Count | Should -Be 2
    }

    It 'goes on after a stop' {
        Save-Row 'a fox', 'an owl', 'a bear', 'a hare', 'a crow'
        Add-Fault @{ vendor = 'BFL'; stage = 'Poll'; kind = 'Hang'; times = -1 }
        $session = [powershell]::Create().AddScript({
                param($module, $folder)
                Set-Location $folder
                Import-Module $module
                Import-Csv rows.csv | New-AIImage -BatchId spring -Force -ThrottleLimit 2
            }).AddArgument((Join-Path $root output PSImageGen)).AddArgument($PWD.ProviderPath)
        $null = $session.BeginInvoke()
        Wait-Running 2
        $session.Stop()
        $session.Dispose()
        Clear-Fault
        $batch = Invoke-Batch

        $batch.Errors | Should -BeNullOrEmpty
        $batch.Results.Count | Should -Be 5
        $batch.Summary | Should -BeLike '*delivered before 0, resumed 2, held 0, started 3, failed 0.*'
        @(Get-Order).Count | Should -Be 5
    }

    It 'orders each row once where two processes begin at once' {
        Save-Row (1..8 | ForEach-Object { "picture $_" })
        $processes = @(Open-Batch; Open-Batch)
        $processes | ForEach-Object { $_.WaitForExit() }

        @(Get-Order).Count | Should -Be 8
        (Invoke-Batch).Results.Count | Should -Be 8
        @(Get-Order).Count | Should -Be 8
    }

    It 'says that delivered pictures are gone, and does not order them by itself' {
        Save-Row 'a fox'
        $first = Invoke-Batch
        Remove-Item $first.Results.Path
        $warnings = Import-Csv rows.csv | New-AIImage -BatchId spring -Confirm:$false 3>&1 6> $null | Where-Object { $_ -is [Management.Automation.WarningRecord] }

        "$warnings" | Should -BeLike '*no longer there*Remove-AIImageTask*'
        @(Get-Order).Count | Should -Be 1
        Remove-AIImageTask -RunId $first.Results.RunId -Confirm:$false
        (Invoke-Batch).Summary | Should -BeLike '*started 1*'
    }

    It 'gives tasks where nobody waits' {
        Save-Row 'a fox'
        Use-Setting @{ bflJobSeconds = 600 }
        $first = Import-Csv rows.csv | New-AIImage -BatchId spring -NoWait -Confirm:$false 6> $null
        $second = Import-Csv rows.csv | New-AIImage -BatchId spring -NoWait -Confirm:$false 6> $null

        $second | Should -BeOfType PSImageGen.ImageTask
        $second.TaskId | Should -Be $first.TaskId
        @(Get-Order).Count | Should -Be 1
    }

    It 'works for pictures too' {
        $null = New-AIImage 'a fox' -Provider Demo -Size 64x64 -Name fox
        $first = Get-Item fox.png | Resize-AIImage -Provider Demo -BatchId large 6> $null
        $second = Get-Item fox.png | Resize-AIImage -Provider Demo -BatchId large 6> $null

        $second.RunId | Should -Be $first.RunId
    }
}
