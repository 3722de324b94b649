# The ledger: what Get-AIImageTask finds and Resume-AIImageTask brings.

Describe 'The ledger' {
    BeforeAll {
        . (Join-Path $PSScriptRoot Common.ps1)
        Connect-Vendor
    }

    AfterAll { Disconnect-Vendor }

    BeforeEach {
        Clear-Vendor
        Enter-Folder
        $env:PSIMAGEGEN_STATE = Join-Path $PWD.ProviderPath state
    }

    AfterEach { Pop-Location }

    Context 'Get-AIImageTask' {
        BeforeEach {
            $done = 'one', 'two' | New-AIImage -Provider Demo -Size 64x64 -BatchId first-batch
            $open = New-AIImage 'three' -Provider BFL -NoWait -BatchId second-batch
            Add-Fault @{ vendor = 'OpenAI'; stage = 'Submit'; kind = 'Refuse' }
            $null = Get-Failure { New-AIImage 'four' -Provider OpenAI -BatchId second-batch }
            Clear-Fault
        }

        It 'lists the runs of a folder, oldest first' {
            $tasks = @(Get-AIImageTask)

            $tasks | Should -HaveCount 4
            $tasks[0] | Should -BeOfType PSImageGen.ImageTask
            $tasks.RunId | Should -Be ($tasks.RunId | Sort-Object)
            $tasks[2].TaskId | Should -Be $open.TaskId
            $tasks[3].Error.Id | Should -Be 'ContentRefused'
            $tasks[2].Submits | Should -HaveCount 1
        }

        It 'filters by <By>' -ForEach @(
            @{ By = 'status'; Call = { Get-AIImageTask -Status Succeeded }; Prompts = 'one', 'two' }
            @{ By = 'several states'; Call = { Get-AIImageTask -Status Queued, Running, Failed }; Prompts = 'four', 'three' }
            @{ By = 'batch'; Call = { Get-AIImageTask -BatchId second-batch }; Prompts = 'four', 'three' }
            @{ By = 'both'; Call = { Get-AIImageTask -BatchId second-batch -Status Failed }; Prompts = @('four') }
            @{ By = 'a result''s batch'; Call = { $done[0] | Get-AIImageTask }; Prompts = 'one', 'two' }
        ) {
            (& $Call).Prompt | Sort-Object | Should -Be $Prompts
        }

        It 'finds nothing elsewhere, except the unfinished with -All' {
            Enter-Folder
            try {
                Get-AIImageTask | Should -BeNullOrEmpty
                (Get-AIImageTask -All).Prompt | Should -Be 'three'
            }
            finally {
                Pop-Location
            }
        }

        It 'looks into the folder that it is told' {
            $here = $PWD.ProviderPath
            Enter-Folder
            try {
                @(Get-AIImageTask -OutputDirectory $here) | Should -HaveCount 4
            }
            finally {
                Pop-Location
            }
        }

        It 'asks the vendor once by <Name>' -ForEach @(
            @{ Name = 'task id'; Call = { Get-AIImageTask -TaskId $open.TaskId } }
            @{ Name = 'run id'; Call = { Get-AIImageTask -RunId $open.RunId } }
        ) {
            $task = & $Call

            $task.RunId | Should -Be $open.RunId
            $task.Status | Should -Be 'Downloading'
            @(Get-VendorRequest | Where-Object stage -eq Poll) | Should -HaveCount 1
            @(Get-VendorRequest | Where-Object stage -eq Download) | Should -BeNullOrEmpty
        }

        It 'asks nobody for a list' {
            $before = @(Get-VendorRequest).Count
            $null = Get-AIImageTask -All
            @(Get-VendorRequest) | Should -HaveCount $before
        }

        It 'says that it does not know an id' {
            $failure = @(Get-Failure { Get-AIImageTask -TaskId nobody })

            $failure | Should -HaveCount 1
            $failure[0].FullyQualifiedErrorId | Should -BeLike 'NotFound,*'
            $failure[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        }

        It 'says which record is damaged and shows the others' {
            Set-Content $done[0].RecordPath '{ torn'

            $given = Get-Stream { Get-AIImageTask }

            $given.Errors | Should -HaveCount 1
            $given.Errors[0].FullyQualifiedErrorId | Should -BeLike 'RecordInvalid,*'
            $given.Objects | Should -HaveCount 3
        }
    }

    Context 'Resume-AIImageTask' {
        BeforeEach {
            $task = New-AIImage 'a fox' -Provider BFL -NoWait
        }

        It 'fetches the picture by <Name>, without another order' -ForEach @(
            @{ Name = 'object'; Call = { $task | Resume-AIImageTask } }
            @{ Name = 'list'; Call = { Get-AIImageTask -Status Queued, Running | Resume-AIImageTask } }
            @{ Name = 'run id'; Call = { Resume-AIImageTask -RunId $task.RunId } }
            @{ Name = 'task id'; Call = { Resume-AIImageTask -TaskId $task.TaskId } }
            @{ Name = 'path'; Call = { Resume-AIImageTask -Path $task.RecordPath } }
            @{ Name = 'position'; Call = { Resume-AIImageTask $task.RunId } }
            @{ Name = 'text'; Call = { $task.RunId | Resume-AIImageTask } }
            @{ Name = 'file'; Call = { Get-Item $task.RecordPath | Resume-AIImageTask } }
        ) {
            $result = & $Call

            $result | Should -BeOfType PSImageGen.ImageResult
            $result.RunId | Should -Be $task.RunId
            $result.Prompt | Should -Be 'a fox'
            (Get-PictureFact $result.Path).Whole | Should -BeTrue
            @(Get-Order) | Should -HaveCount 1
        }

        It 'finds a run from another folder' {
            $here = $PWD.ProviderPath
            Enter-Folder
            try {
                $result = Resume-AIImageTask -RunId $task.RunId
                Split-Path $result.Path | Should -Be $here
            }
            finally {
                Pop-Location
            }
        }

        It 'gives a finished run again, for nothing' {
            $first = $task | Resume-AIImageTask
            $requests = @(Get-VendorRequest).Count

            $again = $task | Resume-AIImageTask

            $again.Path | Should -Be $first.Path
            @(Get-VendorRequest) | Should -HaveCount $requests
            @(Get-ChildItem -File) | Should -HaveCount 1
        }

        It 'gives the error of a failed run again' {
            Add-Fault @{ vendor = 'BFL'; stage = 'Poll'; kind = 'PollStatus'; taskStatus = 'Error' }
            $failed = New-AIImage 'a hare' -Provider BFL -NoWait
            $first = @(Get-Failure { $failed | Resume-AIImageTask })

            $again = @(Get-Failure { Resume-AIImageTask -RunId $failed.RunId })

            $first | Should -HaveCount 1
            $again | Should -HaveCount 1
            $again[0].FullyQualifiedErrorId | Should -Be $first[0].FullyQualifiedErrorId
        }

        It 'never sends an order of unknown outcome again' {
            Add-Fault @{ vendor = 'OpenAI'; stage = 'Submit'; kind = 'DropBeforeAnswer' }
            $null = Get-Failure { New-AIImage 'a hare' -Provider OpenAI }
            $orders = @(Get-Order).Count

            $failure = @(Get-Failure { Get-AIImageTask -Status Unknown | Resume-AIImageTask })

            $failure | Should -HaveCount 1
            $failure[0].FullyQualifiedErrorId | Should -BeLike 'OutcomeUnknown,*'
            $failure[0].Exception.Error.MayHaveBeenCharged | Should -BeTrue
            @(Get-Order) | Should -HaveCount $orders
        }

        It 'is <Id> for <Name>' -ForEach @(
            @{ Name = 'an id that nobody knows'; Id = 'NotFound'; Call = { Resume-AIImageTask -RunId nobody } }
            @{ Name = 'a task that nobody knows'; Id = 'NotFound'; Call = { Resume-AIImageTask -TaskId nobody } }
            @{ Name = 'a path that is not there'; Id = 'RecordInvalid'; Call = { Resume-AIImageTask -Path nowhere/result.json } }
            @{ Name = 'a file that is no record'; Id = 'RecordInvalid'; Call = { Set-Content x.json '{}'; Resume-AIImageTask -Path x.json } }
            @{ Name = 'a task of a vendor without tasks'; Id = 'Unsupported'; Call = { Resume-AIImageTask -TaskId nobody -Provider OpenAI } }
            @{ Name = 'an unknown provider'; Id = 'InvalidRequest'; Call = { Resume-AIImageTask -TaskId nobody -Provider Nobody } }
        ) {
            $failure = @(Get-Failure $Call)

            $failure | Should -HaveCount 1
            $failure[0].FullyQualifiedErrorId.Split(',')[0] | Should -Be $Id
            $failure[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
            $failure[0].TargetObject | Should -Not -Be $null
        }
    }
}
