# Sizes that are wished for, budgets, and what was spent.

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Connect-Vendor
}

AfterAll { Disconnect-Vendor }

Describe 'Money' {
    BeforeEach {
        Clear-Vendor
        Remove-Item $env:PSIMAGEGEN_STATE -Recurse -ErrorAction Ignore
        Enter-Folder
    }

    AfterEach { Pop-Location }

    Context 'Sizes' {
        It 'says the nearest size before it pays' {
            (Measure-AIImageCost 'a fox' -Provider BFL -Size 1820x1024).Notes | Should -Be "the model's nearest size to 1820x1024 is 1824x1024"
            Get-VendorRequest | Should -BeNullOrEmpty
        }

        It 'brings the picture to the size that is insisted on' {
            $result = New-AIImage 'a fox' -Provider BFL -Size 150x100 -ExactSize

            $body = (Get-Order).body
            $body.width, $body.height | Should -Be 160, 112
            $fact = Get-PictureFact $result.Path
            $fact.Width, $fact.Height, $fact.Format | Should -Be 150, 100, 'png'
        }
    }

    Context 'Budgets' {
        It 'sets no budget aside for -Force' {
            $failure = Get-Failure { New-AIImage 'a fox' -Provider BFL -Size 64x64 -MaxCost 0.01 -Force }

            $failure.FullyQualifiedErrorId | Should -BeLike 'BudgetExceeded,*'
            $failure.ErrorDetails.RecommendedAction | Should -BeLike '*-MaxCost*'
            Get-VendorRequest | Should -BeNullOrEmpty
        }

        It 'keeps the stored budgets, whatever is forced' {
            Set-AIImagePreference -Budget @{ PerDay = 0.05 }
            (New-AIImage 'a fox' -Provider BFL -Size 64x64).Status | Should -Be Succeeded

            $failure = Get-Failure { New-AIImage 'a hare' -Provider BFL -Size 64x64 -MaxCost 5 -Force }

            $failure.FullyQualifiedErrorId | Should -BeLike 'BudgetExceeded,*'
            "$failure" | Should -BeLike '*budget per day (0.05 USD) 0.02 USD are left*'
            Get-Order | Should -HaveCount 1
        }

        It 'takes the smaller of what the user and the project say, and names the file that says it' {
            Set-AIImagePreference -Budget @{ PerDay = 5; MaxCost = 0.01 }
            Set-Content agent.config.json '{ "providerPreferences": { "image": { "budgets": { "perDay": 0.02, "maxCost": 9 } } } }'

            $preference = Get-AIImagePreference
            $preference.Budgets.PerDay, $preference.Budgets.MaxCost | Should -Be 0.02, 0.01
            $preference.Source.'Budgets.PerDay' | Should -BeLike 'project:*agent.config.json'
            $preference.Source.'Budgets.MaxCost' | Should -BeLike 'user:*'
            (Get-Failure { New-AIImage 'a fox' -Provider BFL -Size 64x64 -Force }).ErrorDetails.RecommendedAction | Should -BeLike '*Set-AIImagePreference*MaxCost*'
            (Get-Failure { New-AIImage 'a fox' -Provider BFL -Size 64x64 -MaxCost 1 -Force }).ErrorDetails.RecommendedAction | Should -BeLike '*agent.config.json*'
            Get-Order | Should -BeNullOrEmpty
        }

        It 'counts for the project what is made in all its folders' {
            Set-Content agent.config.json '{ "providerPreferences": { "image": { "budgets": { "perProject": 0.05 } } } }'
            $null = New-AIImage 'a fox' -Provider BFL -Size 64x64 -OutputDirectory one

            (Get-Failure { New-AIImage 'a hare' -Provider BFL -Size 64x64 -OutputDirectory two }).FullyQualifiedErrorId | Should -BeLike 'BudgetExceeded,*'
            (Measure-AIImageCost -Recorded -All -GroupBy Project).Group | Should -Be $PWD.ProviderPath
        }

        It 'keeps them when it orders again' {
            Add-Fault @{ vendor = 'OpenAI'; stage = 'Submit'; kind = 'DropBeforeAnswer'; times = 1 }
            $null = Get-Failure { New-AIImage 'a fox' -Provider OpenAI -Name lost }
            Set-AIImagePreference -Budget @{ PerDay = 0.25 }

            (Get-Failure { Get-AIImageTask | Resume-AIImageTask -Resubmit -Force }).FullyQualifiedErrorId | Should -BeLike 'BudgetExceeded,*'
            Get-Order | Should -HaveCount 1
        }

        It 'gives back what certainly cost nothing, so that the next row can have it' {
            Add-Fault @{ vendor = 'BFL'; stage = 'Submit'; kind = 'Status'; status = 402; times = 1 }

            $given = Get-Stream { 'one', 'two' | New-AIImage -Provider BFL -Size 64x64 -MaxCost 0.05 -ThrottleLimit 1 }

            $given.Errors.FullyQualifiedErrorId | Should -BeLike 'InsufficientCredits,*'
            $given.Objects.Prompt | Should -Be 'two'
        }
    }

    Context 'What was spent' {
        It 'is summed by what is asked, from this folder or from all' {
            $null = New-AIImage 'a fox' -Provider BFL -Size 64x64 -Count 2 -OutputDirectory one
            $null = New-AIImage 'a fox' -Provider BFL -Size 64x64 -OutputDirectory two
            $null = New-AIImage 'a fox' -Provider Demo -Size 64x64 -OutputDirectory two
            $before = (Get-VendorRequest).Count

            $one = Measure-AIImageCost -Recorded -OutputDirectory one
            $one | Should -BeOfType PSImageGen.CostSummary
            $one.Group, $one.Calls, $one.Images, $one.Amount, $one.Currency, $one.EstimatedCalls, $one.UnknownCalls | Should -Be 'BFL', 1, 2, 0.06, 'USD', 0, 0
            (Measure-AIImageCost -Recorded -All).Amount | Should -Be 0.09
            (Measure-AIImageCost -Recorded -All -GroupBy Model).Group | Should -Be 'flux-2-pro'
            (Measure-AIImageCost -Recorded -All -GroupBy Day).Group | Should -Be (Get-Date -Format yyyy-MM-dd)
            (Measure-AIImageCost -Recorded -All -GroupBy Project).Group | Should -Be (Join-Path $PWD.ProviderPath one), (Join-Path $PWD.ProviderPath two)
            Measure-AIImageCost -Recorded -All -Since (Get-Date).AddHours(1) | Should -BeNullOrEmpty
            Measure-AIImageCost -Recorded -All -Until (Get-Date).AddHours(-1) | Should -BeNullOrEmpty
            Measure-AIImageCost -Recorded -All -Provider OpenAI | Should -BeNullOrEmpty
            $one | Format-Table | Out-String | Should -BeLike '*0.06*BFL*'
            (Get-VendorRequest).Count | Should -Be $before
        }

        It 'is told once for a model whose provider charges otherwise than the catalogue says, with the row' {
            $null = New-Item $env:PSIMAGEGEN_STATE -ItemType Directory -Force
            Set-Content (Join-Path $env:PSIMAGEGEN_STATE catalogue.json) '{ "BFL": { "date": "2026-01-02", "models": [ { "id": "flux-2-pro", "price": { "perImage": 1 } } ] } }'

            $all = Get-Stream { 'one', 'two' | New-AIImage -Provider BFL -Size 64x64 }

            $all.Objects | Should -HaveCount 2
            $all.Warnings | Should -HaveCount 1
            "$($all.Warnings)" | Should -Be "BFL charged 0.03 USD where 1 USD was estimated: the catalogue's price of flux-2-pro at BFL (2026-01-02) may be out of date."
        }

        It 'stays in the books when a record is forgotten' {
            $result = New-AIImage 'a fox' -Provider BFL -Size 64x64
            Remove-AIImageTask $result.RunId -Force

            Measure-AIImageCost -Recorded | Should -BeNullOrEmpty
            (Measure-AIImageCost -Recorded -All).Amount | Should -Be 0.03
        }
    }
}
