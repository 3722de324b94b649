# What flows out: results, errors, prices, and how they look.

Describe 'What flows out' {
    BeforeAll {
        . (Join-Path $PSScriptRoot Common.ps1)
        Connect-Vendor
    }

    AfterAll { Disconnect-Vendor }

    BeforeEach {
        Clear-Vendor
        Enter-Folder
    }

    AfterEach { Pop-Location }

    Context 'A result' {
        It 'carries what a script needs' {
            $result = New-AIImage 'a fox' -Provider OpenAI -Size 1536x1024 -Count 2

            $result | Should -BeOfType PSImageGen.ImageResult
            $result.Status, $result.Provider, $result.Model, $result.Operation, $result.Prompt | Should -Be 'Succeeded', 'OpenAI', 'gpt-image-2', 'Generate', 'a fox'
            $result.Requested, $result.Delivered, $result.Index | Should -Be 2, 2, 0
            $result.RunId, $result.BatchId, $result.RecordPath | Should -Not -BeNullOrEmpty
            $result.RecordPath | Should -Exist
            $result.Duration | Should -BeGreaterThan ([timespan]::Zero)
            $result.Quote.Currency | Should -Be 'USD'
            $result.Quote.Amount | Should -BeGreaterThan 0
            $result.Images[1] | Should -BeOfType PSImageGen.ImageFile
            $result.Images[1].Path | Should -Not -Be $result.Path
            (Get-AIImageTask).Submits[0] | Should -BeOfType PSImageGen.ImageSubmit
            foreach ($image in $result.Images) {
                $image.Width, $image.Height, $image.Format | Should -Be 1536, 1024, 'png'
                $image.Sha256 | Should -Be (Get-FileHash $image.Path).Hash
            }
        }

        It 'goes where -OutFile, -OutputDirectory and -Name say, with the real extension' {
            (New-AIImage 'a fox' -Provider BFL -OutFile sub/deep/fox.png).Path | Should -Be (Join-Path $PWD.ProviderPath sub deep fox.jpg)
            (New-AIImage 'a fox' -Provider Demo -Size 64x64 -OutputDirectory other -Name fox).Path | Should -Be (Join-Path $PWD.ProviderPath other fox.png)
            $unnamed = New-AIImage 'a fox' -Provider Demo -Size 64x64
            $unnamed.Path | Should -Be (Join-Path $PWD.ProviderPath "$($unnamed.RunId).png")
        }

        It 'is the same picture for the same words at Demo, and another for another seed' {
            $a, $b, $c = 7, 7, 8 | ForEach-Object { New-AIImage 'a fox' -Provider Demo -Size 96x64 -Seed $_ -NoMetadata }

            $a.Images[0].Sha256 | Should -Be $b.Images[0].Sha256
            $a.Images[0].Sha256 | Should -Not -Be $c.Images[0].Sha256
        }

        It 'makes several prompts of one parameter' {
            (New-AIImage 'a fox', 'a hare' -Provider Demo -Size 64x64).Prompt | Sort-Object | Should -Be 'a fox', 'a hare'
        }

        It 'with fewer pictures than asked for comes together with one error' {
            Add-Fault @{ vendor = 'OpenAI'; stage = 'Submit'; kind = 'FewerImages' }

            $given = Get-Stream { New-AIImage 'a fox' -Provider OpenAI -Count 3 }

            $given.Objects | Should -HaveCount 1
            $given.Objects[0].Requested, $given.Objects[0].Delivered | Should -Be 3, 2
            $given.Objects[0].Images | Should -HaveCount 2
            $given.Errors | Should -HaveCount 1
            $given.Errors[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
            @(Get-Order) | Should -HaveCount 1
            $record = Get-Content -Raw $given.Objects[0].RecordPath | ConvertFrom-Json
            $record.requested, $record.delivered | Should -Be 3, 2
        }

        It 'with none is an error only' {
            Add-Fault @{ vendor = 'BFL'; stage = 'Poll'; kind = 'Refuse' }

            $given = Get-Stream { New-AIImage 'a fox' -Provider BFL }

            $given.Objects | Should -BeNullOrEmpty
            $given.Errors | Should -HaveCount 1
            $given.Errors[0].FullyQualifiedErrorId | Should -BeLike 'ContentRefused,*'
        }

        It 'says what the vendor said' {
            Add-Fault @{ vendor = 'OpenAI'; stage = 'Submit'; kind = 'Status'; status = 400; body = '{"error":{"message":"Only foxes \u001b[31mplease","type":"invalid_request_error"}}' }

            $failure = @(Get-Failure { New-AIImage 'a hare' -Provider OpenAI })

            $failure | Should -HaveCount 1
            "$failure" | Should -BeLike '*Only foxes*please*'
            "$failure" | Should -Not -BeLike "*$([char] 27)*"
            $failure[0].TargetObject.RunId | Should -Not -BeNullOrEmpty
        }
    }

    Context 'Partial pictures' {
        It 'are shown while the picture is made, and leave no file' {
            $null = Invoke-RestMethod -Method Post "$env:FAKE_ORIGIN/_control/settings" -Body '{"openAIDelaySeconds":3}'
            $shell = [powershell]::Create()
            try {
                $null = $shell.AddScript({
                    param($Module, $Folder)
                    Import-Module $Module
                    New-AIImage 'a fox' -Provider OpenAI -ProviderOption @{ partial_images = 2 } -OutputDirectory $Folder -Name fox -Confirm:$false
                }).AddArgument((Join-Path $root output PSImageGen)).AddArgument($PWD.ProviderPath)
                $result = $shell.Invoke()

                $shell.Streams.Error | Should -BeNullOrEmpty
                $shell.Streams.Progress.StatusDescription | Where-Object { $_ -like 'OpenAI: partial picture ? of 2, *' } | Should -Not -BeNullOrEmpty
                $result.Images | Should -HaveCount 1
                (Get-ChildItem -File).Name | Should -Be 'fox.png'
            }
            finally {
                $shell.Dispose()
            }
        }

        It 'are kept with -SavePartial, beside the picture and not as pictures' {
            $given = New-AIImage 'a fox' -Provider OpenAI -SavePartial -Name fox -Verbose 4>&1

            $result = $given | Where-Object { $_ -is [PSImageGen.ImageResult] }
            $result.Images.Path | Should -Be (Join-Path $PWD.ProviderPath fox.png)
            foreach ($number in 1, 2) {
                $path = Join-Path $PWD.ProviderPath "fox.partial-$number.png"
                (Get-PictureFact $path).Whole | Should -BeTrue
                (Get-FileHash $path).Hash | Should -Not -Be $result.Images[0].Sha256
                @($given | Where-Object { $_ -is [Management.Automation.VerboseRecord] }).Message | Should -Contain "Saved partial picture $number of 2: $path"
            }

            (Get-Order).body.partial_images | Should -Be 2
        }

        It 'are never the picture, where the stream ends without it' {
            Add-Fault @{ vendor = 'OpenAI'; stage = 'Stream'; kind = 'Truncate' }

            $given = Get-Stream { New-AIImage 'a fox' -Provider OpenAI -SavePartial -Name fox }

            $given.Objects | Should -BeNullOrEmpty
            $given.Errors.FullyQualifiedErrorId | Should -BeLike 'OutcomeUnknown,*'
            (Get-AIImageTask).Status | Should -Be 'Unknown'
            (Get-ChildItem -File).Name | Should -Be 'fox.partial-1.png', 'fox.partial-2.png'
            @(Get-Order) | Should -HaveCount 1
        }

        It 'that will not come are told before anything is paid' {
            $given = Get-Stream { New-AIImage 'a fox' -Provider BFL -SavePartial -WhatIf }

            "$($given.Warnings)" | Should -BeLike '*no partial pictures*'
            Get-Order | Should -BeNullOrEmpty
        }

        It 'are in the price' {
            $plain = Measure-AIImageCost 'a fox' -Provider OpenAI -Quality low
            $quote = Measure-AIImageCost 'a fox' -Provider OpenAI -Quality low -SavePartial

            $quote.Amount - $plain.Amount | Should -Be 0.006
            "$($quote.Notes)" | Should -BeLike '*each partial picture adds to the cost*'
        }
    }

    Context 'Views' {
        It 'shows <Type> as a table with <Columns>' -ForEach @(
            @{ Type = 'results'; Columns = 'Status', 'Provider', 'Pictures', 'Cost', 'Prompt', 'Path'; Call = { New-AIImage "a`nfox" -Provider Demo -Size 64x64 } }
            @{ Type = 'tasks'; Columns = 'RunId', 'Status', 'Provider', 'Pictures', 'Prompt'; Call = { $null = New-AIImage "a`nfox" -Provider Demo -Size 64x64; Get-AIImageTask } }
            @{ Type = 'quotes'; Columns = 'Provider', 'Model', 'Operation', 'Size', 'Count', 'Amount', 'Currency', 'Notes'; Call = { Measure-AIImageCost 'a fox' -Provider OpenAI } }
            @{ Type = 'sums'; Columns = 'Calls', 'Images', 'Amount', 'Currency', 'UnknownCalls', 'Group'; Call = { 'a fox' | Measure-AIImageCost -Provider OpenAI -Total } }
            @{ Type = 'providers'; Columns = 'Provider', 'Ready', 'Key'; Call = { Get-AIImageProvider } }
        ) {
            $lines = (& $Call | Format-Table | Out-String -Width 250).Trim() -split "`r?`n"

            $header = ($lines[0] -replace '\e\[[\d;]*m').Trim() -split '\s+'
            $header | Where-Object { $_ -in $Columns } | Should -Be $Columns
            $lines.Count | Should -BeGreaterThan 2
            if ($Type -in 'results', 'tasks') { $lines[2] | Should -BeLike '*a fox*' }
        }

        It 'shows a result as a list with its pictures' {
            $text = New-AIImage 'a fox' -Provider Demo -Size 64x64 -Name fox | Format-List | Out-String -Width 250

            $text | Should -Match 'RunId\s*:'
            $text | Should -Match 'RecordPath\s*:'
            $text | Should -Match 'fox\.png'
        }

        It 'shows a failed task as a list with its error and the next step' {
            Add-Fault @{ vendor = 'OpenAI'; stage = 'Submit'; kind = 'DropBeforeAnswer' }
            (Get-Failure { New-AIImage 'a fox' -Provider OpenAI }).FullyQualifiedErrorId | Should -BeLike 'OutcomeUnknown,*'

            $text = Get-AIImageTask | Format-List | Out-String -Width 250

            $text | Should -Match 'Error\s*: OutcomeUnknown'
            $text | Should -Match 'Next\s*: \S'
        }

        It 'prints the recommendation with an error' {
            $text = Get-Failure { New-AIImage 'a fox' -Provider Nobody } | Out-String -Width 250

            $text | Should -BeLike '*Recommendation:*Get-AIImageProvider*'
        }
    }

    Context 'Prices' {
        It 'tells the price of a call and sends nothing' {
            $quote = Measure-AIImageCost 'a fox' -Provider OpenAI -Model gpt-image-1.5 -Quality medium -Size 1024x1024 -Count 2

            $quote | Should -BeOfType PSImageGen.Quote
            $quote.Provider, $quote.Model, $quote.Size, $quote.Count, $quote.Amount, $quote.Currency | Should -Be 'OpenAI', 'gpt-image-1.5', '1024x1024', 2, 0.068, 'USD'
            $quote.PriceSource, $quote.PriceDate | Should -Not -BeNullOrEmpty
            Get-VendorRequest | Should -BeNullOrEmpty
            Get-ChildItem -Force | Should -BeNullOrEmpty
        }

        It 'needs no key' {
            $key = $env:BFL_API_KEY
            try {
                $env:BFL_API_KEY = $null
                (Measure-AIImageCost 'a fox' -Provider BFL).Amount | Should -BeGreaterThan 0
            }
            finally {
                $env:BFL_API_KEY = $key
            }
        }

        It 'says unknown where the price is not known, and free only of Demo' {
            $unknown = Measure-AIImageCost 'a fox' -Provider OpenAI -Model brand-new -AllowUnknownCost
            $unknown.Amount | Should -Be $null
            $unknown.IsFree | Should -BeFalse
            (Measure-AIImageCost 'a fox' -Provider Demo).IsFree | Should -BeTrue
            $unknown | Format-Table | Out-String | Should -BeLike '*unknown*'
        }

        It 'sums a pipeline' {
            $rows = 1..12 | ForEach-Object { [pscustomobject]@{ Prompt = "row $_"; Count = 2 } }

            $sum = $rows | Measure-AIImageCost -Provider OpenAI -Model gpt-image-1.5 -Quality medium -Total

            $sum | Should -HaveCount 1
            $sum | Should -BeOfType PSImageGen.CostSummary
            $sum.Calls, $sum.Images, $sum.Amount, $sum.UnknownCalls, $sum.Currency | Should -Be 12, 24, 0.816, 0, 'USD'
            $sum.Providers | Should -Be 'OpenAI'
        }

        It 'counts calls of unknown price apart' {
            $sum = @{ Prompt = 'a'; Model = 'gpt-image-1.5' }, @{ Prompt = 'b'; Model = 'brand-new' } | Measure-AIImageCost -Provider OpenAI -AllowUnknownCost -Total

            $sum.Calls, $sum.UnknownCalls | Should -Be 2, 1
            $sum.Amount | Should -BeGreaterThan 0
            $sum.AmountMax | Should -Be $null
        }

        It 'gives the error of a bad row and goes on' {
            $given = Get-Stream { @{ Prompt = 'a'; Count = 'two' }, @{ Prompt = 'b' } | Measure-AIImageCost -Provider OpenAI }

            $given.Errors.FullyQualifiedErrorId | Should -BeLike 'InvalidRequest,*'
            $given.Objects | Should -HaveCount 1
        }
    }
}
