# Giving up: what Stop-AIImageTask and Remove-AIImageTask do; and what Resume-AIImageTask -Resubmit and Get-AIImageTask -Orphaned bring back.

Describe 'Runs' {
    BeforeAll {
        . (Join-Path $PSScriptRoot Common.ps1)
        Connect-Vendor
        # A vendor that cancels jobs and lists them.
        $there = Invoke-RestMethod "$env:FAKE_ORIGIN/_control/environment"
        $env:REPLICATE_BASE_URL = $there.REPLICATE_BASE_URL
        $env:REPLICATE_API_TOKEN = $there.REPLICATE_API_TOKEN
        $PSDefaultParameterValues['New-AIImage:Provider'] = 'Replicate'
        $PSDefaultParameterValues['New-AIImage:Size'] = '256x256'
    }

    AfterAll {
        $PSDefaultParameterValues.Remove('New-AIImage:Provider')
        $PSDefaultParameterValues.Remove('New-AIImage:Size')
        $env:REPLICATE_BASE_URL = $env:REPLICATE_API_TOKEN = $null
        Disconnect-Vendor
    }

    BeforeEach {
        Clear-Vendor
        Enter-Folder
        $env:PSIMAGEGEN_STATE = Join-Path $PWD.ProviderPath state
    }

    AfterEach { Pop-Location }

    Context 'Stop-AIImageTask' {
        BeforeEach {
            Add-Fault @{ vendor = 'Replicate'; stage = 'Submit'; kind = 'NeverReady'; times = -1 }
            $task = New-AIImage 'a fox' -NoWait
        }

        It 'cancels by <Name>, gives nothing, and shows what was billed' -ForEach @(
            @{ Name = 'object'; Call = { $task | Stop-AIImageTask 6>&1 } }
            @{ Name = 'run id'; Call = { Stop-AIImageTask -RunId $task.RunId 6>&1 } }
            @{ Name = 'task id'; Call = { Stop-AIImageTask -TaskId $task.TaskId 6>&1 } }
            @{ Name = 'path'; Call = { Stop-AIImageTask $task.RecordPath 6>&1 } }
            @{ Name = 'what another process gave'; Call = { [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($task)) | Stop-AIImageTask 6>&1 } }
        ) {
            $said = & $Call

            $said | Should -BeOfType Management.Automation.InformationRecord
            "$said" | Should -BeLike "*$($task.RunId)*Canceled*billed*"
            (Get-AIImageTask).Status | Should -Be 'Canceled'
            @(Get-VendorRequest | Where-Object stage -eq Cancel) | Should -HaveCount 1
        }

        It 'cancels nothing with -WhatIf, and nothing twice' {
            $task | Stop-AIImageTask -WhatIf
            @(Get-VendorRequest | Where-Object stage -eq Cancel) | Should -BeNullOrEmpty

            $task | Stop-AIImageTask 6> $null
            $task | Stop-AIImageTask 6> $null
            @(Get-VendorRequest | Where-Object stage -eq Cancel) | Should -HaveCount 1
        }

        It 'goes through -Proxy' {
            # Nobody listens on the discard port.
            $failure = Get-Failure { $task | Stop-AIImageTask -Proxy http://127.0.0.1:9 }

            $failure.FullyQualifiedErrorId | Should -BeLike 'ProviderUnavailable,*'
            $failure.ErrorDetails.RecommendedAction | Should -BeLike "*Resume-AIImageTask -RunId $($task.RunId)*"
            @(Get-VendorRequest | Where-Object stage -eq Cancel) | Should -BeNullOrEmpty
            (Get-AIImageTask).Status | Should -Be 'Queued'
        }

        It 'says where that cannot be done, and how to fetch what is paid for' {
            $other = New-AIImage 'a hare' -Provider BFL -Size 64x64 -NoWait

            $failure = Get-Failure { $other | Stop-AIImageTask }

            $failure.FullyQualifiedErrorId | Should -BeLike 'Unsupported,*'
            $failure.ErrorDetails.RecommendedAction | Should -BeLike "*Resume-AIImageTask -RunId $($other.RunId)"
        }

        It 'warns that an order without an answer cannot be cancelled' {
            Clear-Fault
            Add-Fault @{ vendor = 'Replicate'; stage = 'Submit'; kind = 'DropBeforeAnswer' }
            $null = Get-Failure { New-AIImage 'a hare' }

            $given = Get-Stream { Get-AIImageTask -Status Unknown | Stop-AIImageTask }

            $given.Warnings | Should -BeLike '*Resume-AIImageTask -RunId*'
            $given.Errors | Should -BeNullOrEmpty
        }
    }

    Context 'Remove-AIImageTask' {
        It 'forgets the record and leaves the picture' {
            $result = New-AIImage 'a fox' -Provider Demo -Size 64x64

            $result | Remove-AIImageTask -WhatIf
            $result.RecordPath | Should -Exist
            $result | Remove-AIImageTask

            Get-AIImageTask | Should -BeNullOrEmpty
            $result.Path | Should -Exist
        }

        It 'deletes the picture with -IncludeArtifact' {
            $result = New-AIImage 'a fox' -Provider Demo -Size 64x64

            Remove-AIImageTask -RunId $result.RunId -IncludeArtifact

            Get-ChildItem -File | Should -BeNullOrEmpty
        }

        It 'forgets what may be paid for with -Force only' {
            $task = New-AIImage 'a fox' -NoWait

            $failure = Get-Failure { $task | Remove-AIImageTask }
            $failure.FullyQualifiedErrorId | Should -BeLike 'InvalidRequest,*'
            $failure.ErrorDetails.RecommendedAction | Should -BeLike "*Resume-AIImageTask -RunId $($task.RunId)*"
            $task | Remove-AIImageTask -Force

            Get-AIImageTask -All | Should -BeNullOrEmpty
            (Resume-AIImageTask -TaskId $task.TaskId -Provider Replicate).Path | Should -Exist
        }

        It 'forgets a damaged record, as its error says' {
            $task = New-AIImage 'a fox' -NoWait
            Set-Content $task.RecordPath '{ torn'
            $failure = Get-Failure { Get-AIImageTask }
            Get-Failure { $task | Remove-AIImageTask } | Should -HaveCount 1
            Get-Content (Join-Path (Split-Path $task.RecordPath) result.md) -Raw | Should -BeLike "*$($task.TaskId)*"

            $failure.ErrorDetails.RecommendedAction -match '(Remove-AIImageTask .*)$' | Should -BeTrue
            & ([scriptblock]::Create($Matches[1]))

            Get-AIImageTask | Should -BeNullOrEmpty
        }
    }

    Context 'Resume-AIImageTask -Resubmit' {
        BeforeEach {
            Add-Fault @{ vendor = 'OpenAI'; stage = 'Submit'; kind = 'DropBeforeAnswer' }
            $null = Get-Failure { New-AIImage 'a fox' -Provider OpenAI -Size 816x816 }
            $task = Get-AIImageTask -Status Unknown
        }

        It 'orders again after a yes, under the same run' {
            $result = $task | Resume-AIImageTask -Resubmit -Confirm:$false

            $result.RunId | Should -Be $task.RunId
            $result.Path | Should -Exist
            @(Get-Order) | Should -HaveCount 2
            (Get-AIImageTask).Status | Should -Be 'Succeeded'
        }

        It 'orders nothing with -WhatIf' {
            $task | Resume-AIImageTask -Resubmit -WhatIf

            @(Get-Order) | Should -HaveCount 1
            (Get-AIImageTask).Status | Should -Be 'Unknown'
        }

        It 'has nothing to order again once the outcome is known' {
            $null = $task | Resume-AIImageTask -Resubmit -Force

            (Get-Failure { $task | Resume-AIImageTask -Resubmit -Force }).FullyQualifiedErrorId | Should -BeLike 'InvalidRequest,*'
            @(Get-Order) | Should -HaveCount 2
        }
    }

    Context 'Get-AIImageTask -Orphaned' {
        BeforeEach {
            $null = New-AIImage 'a fox'
        }

        It 'lists nothing that a record knows' {
            Get-AIImageTask -Orphaned | Should -BeNullOrEmpty
        }

        It 'lists what no record knows, by its task id, and it can be fetched once' {
            Remove-Item .artifacts, state -Recurse -Force

            $orphan = Get-AIImageTask -Orphaned
            $orphan.Prompt, $orphan.Provider, $orphan.Status | Should -Be 'a fox', 'Replicate', 'Downloading'
            $orphan | Format-Table | Out-String | Should -BeLike "*$($orphan.TaskId)*"
            (Get-Failure { $orphan | Stop-AIImageTask }).FullyQualifiedErrorId | Should -BeLike 'NotFound,*'

            $result = $orphan | Resume-AIImageTask -OutputDirectory found
            $result.Path | Should -Exist
            $result.Prompt | Should -Be 'a fox'
            Get-AIImageTask -Orphaned | Should -BeNullOrEmpty
            @(Get-Order) | Should -HaveCount 1
        }

        It 'warns when a provider does not tell' {
            Add-Fault @{ vendor = 'Replicate'; stage = 'Query'; kind = 'Status'; status = 401; times = -1 }

            $given = Get-Stream { Get-AIImageTask -Orphaned }

            $given.Objects | Should -BeNullOrEmpty
            "$($given.Warnings)" | Should -BeLike '*REPLICATE_API_TOKEN*'
        }
    }
}
